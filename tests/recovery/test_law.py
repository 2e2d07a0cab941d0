"""The values of law: one for each day, without a gap, each with its source."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.law import ASSUMED, LawUnknown, Rule, articles, assume_the_last_values_go_on, law, limitations, quote, running_out

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
        assert value.mark in ("V1", "V2", "K")
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


def test_a_value_about_to_run_out_is_announced_two_weeks_before() -> None:
    assert running_out(date(2026, 12, 16)) == []
    warned = running_out(date(2026, 12, 17))
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
