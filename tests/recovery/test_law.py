"""The values of law: one for each day, without a gap, each with its source, each the one that the documents of `docs/` give."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.countries import countries, country
from recovery.kinds import kinds
from recovery.law import ASSUMED, LawUnknown, Rule, articles, assume_the_last_values_go_on, law, limitations, quote, running_out
from recovery.settings import questions, settings

DOCS = Path(__file__).parents[2] / "docs"
RULES = [*law.values(), *limitations.values(), *articles.values()]


@pytest.fixture
def assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, rule in list(law.items()):
        monkeypatch.setitem(law, name, rule)  # put back afterwards
    assume_the_last_values_go_on()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_values_follow_one_another_without_gap_or_overlap(rule: Rule) -> None:
    for before, after in zip(rule.values, rule.values[1:], strict=False):
        assert before.last is not None
        assert after.first == before.last + timedelta(days=1)
    assert all(value.last is None or value.first <= value.last for value in rule.values)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_value_says_where_and_when_it_was_read(rule: Rule) -> None:
    for value in rule.values:
        assert value.source.strip()
        assert value.mark in ("V1", "V2", "K") or (value.mark == "DESIGN" and "Choix de la maison" in value.source)
        assert date(2026, 1, 1) <= value.checked <= date(2026, 12, 31)
        assert isinstance(value.value, Decimal)


@pytest.mark.parametrize(
    ("rule", "on", "value"),
    [
        ("ecb_rate", "2023-07-01", "4.00"),
        ("ecb_rate", "2026-06-30", "2.15"),
        ("ecb_rate", "2026-07-01", "2.40"),
        ("legal_rate", "2023-06-30", "2.06"),
        ("legal_rate", "2026-06-30", "2.62"),
        ("legal_rate", "2026-12-31", "2.75"),
        ("fixed_indemnity", "2026-01-01", "40.00"),
        ("vat_rate", "2026-01-01", "20"),
    ],
)
def test_a_day_has_its_value(rule: str, on: str, value: str) -> None:
    assert law[rule].value(date.fromisoformat(on)) == Decimal(value)


@pytest.mark.parametrize(("rule", "on"), [("ecb_rate", "2027-01-01"), ("ecb_rate", "2007-12-31"), ("legal_rate", "2027-01-01")])
def test_a_day_without_a_value_is_not_guessed(rule: str, on: str) -> None:
    with pytest.raises(LawUnknown, match=rule):
        law[rule].value(date.fromisoformat(on))


days = st.dates(date(2013, 1, 1), date(2026, 12, 31))


@given(days, days)
def test_spans_cover_every_day_once_with_its_own_value(a: date, b: date) -> None:
    first, last = sorted((a, b))
    spans = list(law["ecb_rate"].spans(first, last))
    assert (spans[0][0], spans[-1][1]) == (first, last)
    for (_, end, value), (begin, _, following) in pairwise(spans):
        assert begin == end + timedelta(days=1)
        assert value != following  # equal ones are one
    for begin, end, value in spans:
        assert law["ecb_rate"].value(begin) == law["ecb_rate"].value(end) == value


def test_an_empty_period_has_no_span() -> None:
    assert list(law["ecb_rate"].spans(date(2026, 5, 2), date(2026, 5, 1))) == []


def test_a_value_about_to_run_out_is_announced_from_the_middle_of_its_last_month() -> None:
    """Two weeks before and a little more: the next arrêté is awaited from 15 December and 15 June (law.md 4)."""
    assert running_out(date(2026, 12, 14)) == []
    warned = running_out(date(2026, 12, 15))
    assert len(warned) == 5
    assert all("2026-12-31" in warning for warning in warned)
    assert running_out(date(2027, 3, 1)) == warned  # and as long as nobody has added a line


def test_a_moved_clock_assumes_that_the_last_values_go_on_and_says_so(assumed: None) -> None:
    known, later = law["ecb_rate"].on(date(2026, 12, 31)), law["ecb_rate"].on(date(2029, 1, 1))
    assert (later.value, later.mark, known.mark) == (known.value, ASSUMED, "V2")
    assume_the_last_values_go_on()  # twice is once
    assert law["ecb_rate"].values[-1] == later
    assert running_out(date(2027, 3, 1)) == []


def test_l111_8_is_quoted_whole() -> None:
    """Byte for byte, CPCE art. L111-8, paragraphs 2 and 3 (LEGIARTI000028747701), with typographic apostrophes."""
    assert quote("l111_8_2", date(2026, 11, 24)) == (
        "Les frais de recouvrement entrepris sans titre exécutoire restent à la charge du créancier, sauf s’ils concernent un acte dont "
        "l’accomplissement est prescrit par la loi au créancier. Toute stipulation contraire est réputée non écrite, sauf disposition "
        "législative contraire."
    )
    assert quote("l111_8_3", date(2026, 11, 24)) == (
        "Cependant, le créancier qui justifie du caractère nécessaire des démarches entreprises pour recouvrer sa créance peut demander au "
        "juge de l’exécution de laisser tout ou partie des frais ainsi exposés à la charge du débiteur de mauvaise foi."
    )
    with pytest.raises(LawUnknown):
        quote("l111_8_2", date(2014, 3, 18))


# ------------------------------------------------------------------------------------------------ every row, beside the documents


@cache
def changes() -> tuple[tuple[date, Decimal], ...]:
    """Each change of the ECB's main refinancing rate."""
    rows = csv.DictReader((DOCS / "ecb_refi_rate.csv").read_text("utf-8").splitlines())
    return tuple((date.fromisoformat(row["effective_date"]), Decimal(row["rate_percent"])) for row in rows)


def semester(name: str) -> date:
    return date(int(name[:4]), 1 if name.endswith("H1") else 7, 1)


def rows_of(rule: str) -> dict[date, Decimal]:
    return {dated.first: dated.value for dated in law[rule].values}


def section(title: str, until: str) -> str:
    text = (DOCS / "law.md").read_text("utf-8")
    begin = text.index(f"\n{title}")
    return text[begin : text.index(f"\n{until}", begin)]


def table_of(text: str) -> list[list[str]]:
    """The cells of the Markdown tables in a text, without their heads."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    return [row for row in rows if row[0] not in ("code", "Country", "Setting", "Case", "Semester")]


def test_the_ecb_rate_of_a_semester_is_the_one_in_force_on_its_first_day() -> None:
    with (DOCS / "ecb_refi_rate_semester.csv").open(encoding="utf-8") as file:
        told = {semester(row["semester"]): Decimal(row["ecb_rate_percent"]) for row in csv.DictReader(file)}
    assert rows_of("ecb_rate") == told
    assert told == {first: [rate for since, rate in changes() if since <= first][-1] for first in told}


@pytest.mark.parametrize(("rule", "column"), [("legal_rate", "professionals_percent"), ("legal_rate_individual", "individuals_percent")])
def test_the_legal_rate_is_the_one_of_its_semester(rule: str, column: str) -> None:
    with (DOCS / "fr_legal_interest.csv").open(encoding="utf-8") as file:
        assert rows_of(rule) == {semester(row["semester"]): Decimal(row[column]) for row in csv.DictReader(file)}


@pytest.mark.parametrize("rule", ["ecb_rate", "legal_rate", "legal_rate_individual", "de_base_rate", "at_base_rate"])
def test_a_rate_of_a_semester_lasts_a_semester(rule: str) -> None:
    for dated in law[rule].values:
        assert (dated.first.month, dated.first.day) in ((1, 1), (7, 1))
        assert dated.last == date(dated.first.year, *((6, 30) if dated.first.month == 1 else (12, 31)))


def test_the_german_base_rate_follows_the_ecb_from_semester_to_semester() -> None:
    """BGB § 247: it moves by the points by which its reference moved; 1.62 % on 1 January 2023."""
    rates = rows_of("de_base_rate")
    assert rates[date(2023, 1, 1)] == Decimal("1.62")
    assert min(rates) == date(2013, 1, 1)
    assert {first: rate - law["ecb_rate"].value(first) for first, rate in rates.items()} == dict.fromkeys(rates, Decimal("-0.88"))


def test_the_austrian_base_rate_moves_by_half_a_point_at_least() -> None:
    """0.38 % when the ECB's rate was 1 %; smaller moves wait until they add up."""
    base, reference, moves = Decimal("0.38"), Decimal("1.00"), []
    for since, rate in changes():
        if since > date(2012, 1, 1) and abs(rate - reference) >= Decimal("0.5"):
            base, reference = base + rate - reference, rate
        if since > date(2011, 12, 13):
            moves.append((since, base))
    rates = rows_of("at_base_rate")
    assert min(rates) == date(2013, 1, 1)
    assert rates == {first: [base for since, base in moves if since <= first][-1] for first in rates}


ONCE = {  # rule → from, value: those that no semester changes
    "late_interest_margin": ("2013-01-01", "10"),
    "fixed_indemnity": ("2013-01-01", "40.00"),
    "retraction": ("2014-06-14", "14"),
    "legal_rate_after_judgment": ("1975-07-15", "5"),
    "months_after_judgment": ("1975-07-15", "2"),
    "public_interest_margin": ("2013-05-01", "8"),
    "public_indemnity": ("2013-05-01", "40.00"),
    "agreed_rate_floor": ("2013-01-01", "3"),
    "agreed_rate_flag": ("1900-01-01", "25"),
    "agreed_rate_most": ("1900-01-01", "60"),
    "months_after_mediation": ("2008-06-19", "6"),
    "vat_rate": ("2014-01-01", "20"),
    "remittance_months": ("2012-06-01", "1"),
    "claim_declaration": ("2006-01-01", "2"),
    "claim_declaration_abroad": ("2006-01-01", "4"),
}


@pytest.mark.parametrize("name", ONCE)
def test_a_value_that_no_semester_changes(name: str) -> None:
    first, value = ONCE[name]
    (only,) = law[name].values
    assert (only.first.isoformat(), only.last, only.value) == (first, None, Decimal(value))


def test_no_value_escapes_these_tests() -> None:
    assert set(law) - set(ONCE) == {"ecb_rate", "legal_rate", "legal_rate_individual", "de_base_rate", "at_base_rate"}


def test_the_table_of_semesters_of_the_document_is_what_we_count_with() -> None:
    """Law.md 2.2: ECB, default rate, floor of an agreed rate."""
    told = table_of(section("### 2.2", "### 2.3"))
    assert len(told) == 8
    for name, *cells in told:
        ecb, default, floor = (Decimal(cell.strip("*")) for cell in cells)
        day = semester(name)
        assert law["ecb_rate"].value(day) == ecb
        assert law["ecb_rate"].value(day) + law["late_interest_margin"].value(day) == default
        assert law["legal_rate"].value(day) * law["agreed_rate_floor"].value(day) == floor


def test_the_periods_of_limitation_are_those_of_the_document() -> None:
    """Law.md 5.1: period, article and certainty of each code; 11 for the countries."""
    told = {code: (period, text, mark) for code, _, period, _, text, mark in table_of(section("### 5.1", "### 5.2"))}
    abroad = {"BE10", "BE5", "LU10", "DE3", "NL5", "ES5", "IT10", "IT5", "PT5", "PT2", "AT3", "IE6"}
    assert set(limitations) == set(told) - {"CHEQUE", "LOCAL_SERV"} | abroad  # refused kinds of claim (kinds.toml)
    for code in set(limitations) - abroad:
        period, text, mark = told[code]
        (only,) = limitations[code].values
        assert only.value == int(re.sub(r"\D", "", period.partition("y")[0]))
        assert mark.startswith(only.mark[0])
        assert re.findall(r"\d[\d-]+", text)[0] in limitations[code].article
    general = next(line for line in section("## 11", "## 12").splitlines() if line.startswith("General limitation"))
    periods = {name: set(re.findall(r"(\d+) y", rest)) for name, rest in re.findall(r"\b([A-Z]{2}) (\d+ y.*?)(?=, [A-Z]{2} |\.)", general)}
    for code in abroad:
        (only,) = limitations[code].values
        assert code == f"{code[:2]}{only.value}"
        assert str(only.value) in periods[code[:2]]
        assert only.mark == "K"


def test_the_packs_of_countries_are_those_of_the_document() -> None:
    """Law.md 11: the rate of both semesters of 2026 comes out of base, margin and rounding; indemnity and certainty are the table's."""
    told = {code: cells for code, *cells in table_of(section("## 11", "## 12"))}
    assert set(told) == set(countries)
    for code, (_, h1, h2, _, _, mark) in told.items():
        pack = countries[code]
        for day, cell in ((date(2026, 1, 1), h1), (date(2026, 7, 1), h2)):
            figures = re.findall(r"\d+(?:\.\d+)?", cell.partition("→")[2] or cell)
            assert pack.rate_on(day)[0] == Decimal(figures[0]), code
        assert pack.mark in mark
        assert pack.source.strip()
        assert date(2026, 1, 1) <= pack.checked <= date(2026, 12, 31)
        with pytest.raises(LawUnknown):
            pack.rate_on(pack.first - timedelta(days=1))
        pack.rate_on(pack.first)


PACKS = {  # code → from, licence, languages of a letter, limitation of a contract, of periodic sums, the rate's semester, rounding
    "BE": ("2013-03-16", "consumers", "fr nl", "BE10", "BE5", "SEMESTER", "UP_HALF"),
    "LU": ("2013-04-15", "none", "fr", "LU10", "LU10", "SEMESTER", "NONE"),
    "DE": ("2014-07-29", "all", "de", "DE3", "DE3", "SEMESTER", "NONE"),
    "NL": ("2013-03-16", "consumers", "nl", "NL5", "NL5", "SEMESTER", "NONE"),
    "ES": ("2013-02-24", "none", "es", "ES5", "ES5", "SEMESTER", "NONE"),
    "IT": ("2013-01-01", "all", "it", "IT10", "IT5", "SEMESTER", "NONE"),
    "PT": ("2013-07-01", "all", "pt", "PT5", "PT5", "SEMESTER", "NONE"),
    "AT": ("2013-03-16", "none", "de", "AT3", "AT3", "SEMESTER", "NONE"),
    "IE": ("2013-03-16", "none", "en", "IE6", "IE6", "DUE", "NONE"),
}


@pytest.mark.parametrize("code", PACKS)
def test_what_a_country_asks(code: str) -> None:
    pack = country(code)
    assert pack is not None
    told = (pack.first.isoformat(), pack.licence, " ".join(pack.letter), pack.limitation, pack.periodic, pack.rate, pack.rounding)
    assert told == PACKS[code]
    assert bool(pack.licence_name) == (pack.licence != "none")
    scale = [pack.indemnity_for(Decimal(amount)) for amount in ("1000.00", "1000.01", "10000.00", "10000.01")]
    assert scale == ([40, 70, 70, 100] if code == "IE" else [40] * 4)


KINDS = {  # kind → limitation from a professional, a consumer, a public body, claimed by a private person; start; interest; recovered
    "sale": ("COMM5", "CONS2", "PUB4", "CIV5", "due", "regime", True),
    "service": ("COMM5", "CONS2", "PUB4", "CIV5", "due", "regime", True),
    "transport": ("TRANSP1", "TRANSP1", "TRANSP1", "TRANSP1", "delivered", "regime", True),
    "ship": ("SHIP1", "SHIP1", "SHIP1", "SHIP1", "delivered", "regime", True),
    "telecom": ("TEL1", "TEL1", "TEL1", "TEL1", "due", "regime", True),
    "rent": ("RENT3", "RENT3", "RENT3", "RENT3", "due", "legal", True),
    "lease": ("BAIL5", "BAIL5", "PUB4", "BAIL5", "due", "regime", True),
    "co_ownership": ("COPRO5", "COPRO5", "PUB4", "COPRO5", "due", "legal", True),
    "insurance": ("INS2", "INS2", "INS2", "INS2", "due", "regime", False),
    "credit": ("COMM5", "CREDIT2", "PUB4", "CIV5", "due", "regime", False),
    "cheque": ("COMM5", "CONS2", "PUB4", "CIV5", "due", "regime", False),
    "bill": ("BILL3", "BILL3", "BILL3", "BILL3", "due", "regime", False),
    "local_service": ("PUB4", "CONS2", "PUB4", "CONS2", "due", "regime", False),
    "judgment": ("TITLE10", "TITLE10", "TITLE10", "TITLE10", "due", "legal", False),
    "wage": ("CIV5", "CIV5", "PUB4", "CIV5", "due", "regime", False),
}


def test_what_each_kind_of_claim_changes() -> None:
    assert {
        name: (*(kind.limitation[who] for who in ("b2b", "b2c", "b2g", "individual")), kind.starts, kind.interest, not kind.refused)
        for name, kind in kinds.items()
    } == KINDS
    for kind in kinds.values():
        assert kind.mark in ("V1", "V2", "K")
        assert date(2026, 1, 1) <= kind.checked <= date(2026, 12, 31)
        for part in kind.see.split(", "):
            assert f"\n## {part}." in (text := (DOCS / "law.md").read_text("utf-8")) or f"\n### {part} " in text


DEFAULTS = {
    "interest_basis": "365",
    "below_floor": "FLOOR",
    "payment_order": "INTEREST,PRINCIPAL,FIXED_40",
    "b2c_start": "DAY_AFTER_PRESENTATION",
    "plan_interest": "FROZEN",
    "part_payment_interrupts": "YES",
    "foreign_law": "DEBTOR",
    "first_letter_channel": "PAPER",
    "lre_consumer": "NEEDS_CONSENT",
    "ip_750_1": "WARN",
    "l126_enabled": "NO",
}


def test_the_open_questions_are_those_of_the_document() -> None:
    told = {name.strip("`"): answer for name, answer, _ in table_of(section("## 13", "## 14")) if "," not in name}
    assert set(told) <= set(questions)
    for name, answer in told.items():
        assert (
            questions["lre_consumer"].default == "NEEDS_CONSENT"
            if name == "lre_consumer"
            else settings({name: answer})[name] == DEFAULTS[name]
        )
    assert {name: question.default for name, question in questions.items()} == DEFAULTS
    for question in questions.values():
        assert question.default in question.choices
        assert question.mark in ("OPEN", "PRACTICE", "DESIGN")
        assert date(2026, 1, 1) <= question.checked <= date(2026, 12, 31)


def test_the_quoted_article_is_the_one_of_the_document() -> None:
    told = re.findall(r"^> (Les frais de recouvrement.*|Cependant, .*)$", section("### 1.4", "### 1.5"), re.MULTILINE)
    assert [text.replace("'", "’") for text in told] == [quote(name, date(2026, 11, 24)) for name in ("l111_8_2", "l111_8_3")]
