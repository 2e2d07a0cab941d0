"""A claim told in JSON: every example to the cent, every wrong field with its sentence, and no JSON that breaks it."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from recovery.agreed import agreed_rate, bounds
from recovery.asked import read
from recovery.events import AgreedRate
from recovery.intake import FormRefused
from recovery.owed import answer
from recovery.refusals import Invalid

TODAY = date(2026, 11, 24)
EXAMPLES = {example["id"]: example for example in json.loads(Path(__file__).with_name("interest_examples.json").read_text("utf-8"))}


def told(due: str = "2026-07-31", amount: Any = "1000.00", regime: str = "b2b", *, agreed: Any = None, **other: Any) -> dict[str, Any]:
    """A claim of one invoice."""
    issued = (date.fromisoformat(due) - timedelta(days=30)).isoformat()
    invoice = {"number": "F-1", "issued": issued, "due": due, "amount": amount, "agreed_rate": agreed}
    return {"regime": regime, "claim": "service", "invoices": [invoice], "payments": [], "formal_notice_on": None} | other


def paid(on: str, amount: Any, **other: Any) -> dict[str, Any]:
    return {"payments": [{"on": on, "amount": amount, **other}]}


def owed(claim: Any, on: str | None = None) -> dict[str, Any]:
    return answer(read(claim | {"on": on} if on else claim, TODAY, 1000))


def refused(claim: Any) -> dict[str, str]:
    """field → sentence."""
    with pytest.raises(FormRefused) as error:
        answer(read(claim, TODAY, 1000))
    return {wrong.field: wrong.message for wrong in error.value.errors}


def warned(counted: dict[str, Any]) -> dict[str, str]:
    return {warning["field"]: warning["message"] for warning in counted["warnings"]}


# ------------------------------------------------------------------------------------------------ the examples

PLAYED: dict[str, tuple[dict[str, Any], str]] = {
    "E1": (told(), "2026-09-30"),
    "E2": (told("2026-05-01", "10000.00"), "2026-09-03"),
    "E3a": (told("2024-03-15", "2450.80"), "2026-11-22"),
    "E3b": (told("2024-03-15", "2450.80", settings={"interest_basis": "ACT/ACT"}), "2026-11-22"),
    "E4": (told("2026-01-15", "5000.00", **paid("2026-04-10", "2000.00")), "2026-09-30"),
    "E5": (told("2026-01-15", "5000.00", **paid("2026-04-10", "2000.00", order="principal")), "2026-09-30"),
    "E6": (told("2026-02-28", "3600.00", agreed=15), "2026-08-31"),
    "E7": (told("2026-05-31", "849.90", "b2c", formal_notice_on="2026-06-10"), "2026-11-22"),
    "E8": (told("2025-10-01", "6000.00", creditor="individual", formal_notice_on="2025-12-10"), "2026-08-31"),
    "E9": (told("2025-09-01", "3000.00", "b2c", formal_notice_on="2025-10-06", enforceable_on="2026-02-10"), "2026-09-30"),
    "E10": (told("2024-12-31", "10000.00", agreed="12 %", capitalised=True), "2026-06-30"),
    "E11": (told("2026-05-20", "20000.00", "b2g"), "2026-10-15"),
    "E12": (told("2025-11-30", "12345.67", insolvency_on="2026-03-17"), "2026-11-22"),
    "E14": (told("2026-05-31", "4000.00", debtor_country="DE"), "2026-09-30"),
    "E15": (told("2026-05-31", "4000.00", debtor_country="BE"), "2026-09-30"),
    "E16": (told("2022-11-30", "1500.00"), "2023-08-31"),
    "E17": (told("2026-06-30", "1000.00"), "2026-07-01"),
}


def segments(counted: dict[str, Any], number: str) -> list[dict[str, Any]]:
    return [
        {"first": line["first"], "last": line["last"], "days": line["days"], "rate": Decimal(line["rate"]), "interest": line["amount"]}
        for line in counted["lines"]
        if line["kind"] == "interest" and line["invoice"] == number
    ]


def expected(example: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [segment | {"rate": Decimal(segment["rate"])} for segment in example]


def test_every_example_is_played() -> None:
    assert set(EXAMPLES) == set(PLAYED) | {"E13"}


@pytest.mark.parametrize("id", PLAYED)
def test_an_example_to_the_cent(id: str) -> None:
    claim, on = PLAYED[id]
    counted, example = owed(claim, on), EXAMPLES[id]
    assert segments(counted, "F-1") == expected(example["segments"])
    total = example.get("total_interest") or example.get("interest_total")
    assert counted["interest"] == (total or f"{sum(Decimal(each['interest']) for each in example['segments']):.2f}")
    if "balance_due_without_40" in example:
        assert Decimal(counted["balance"]) - Decimal(counted["indemnity"]) == Decimal(example["balance_due_without_40"])
    legal = claim["regime"] == "b2c" or claim.get("creditor") == "individual"
    assert counted["indemnity"] == ("0.00" if legal else "40.00")


def test_capitalised_interest_shows_its_base_e10() -> None:
    counted = owed(*PLAYED["E10"])
    assert [line["base"] for line in counted["lines"] if line["kind"] == "interest"] == ["10000.00", EXAMPLES["E10"]["capitalised_base"]]


def test_three_invoices_one_of_them_not_due_e13() -> None:
    example = EXAMPLES["E13"]
    invoices = [
        {"number": each["invoice"], "issued": "2026-05-15", "due": each["due"], "amount": each["principal"]} for each in example["invoices"]
    ]
    counted = owed({"regime": "b2b", "claim": "sale", "invoices": invoices}, "2026-11-22")
    for each in example["invoices"]:
        assert segments(counted, each["invoice"]) == expected(each["segments"])
    assert (counted["principal"], counted["interest"], counted["indemnity"], counted["balance"]) == ("1680.50", "83.71", "80.00", "1844.21")
    assert "5 décembre 2026" in warned(counted)["invoices[2]"]


# ------------------------------------------------------------------------------------------------ the shape of the answer


def test_money_has_two_decimals_and_the_lines_add_up() -> None:
    notes = [{"on": "2026-09-01", "amount": "50.00", "invoice": "F-1", "number": "AV-1"}]
    costs = [{"on": "2026-10-01", "amount": 150, "label": "dépens"}]
    counted = owed(told(amount=1000, credit_notes=notes, costs=costs, **paid("2026-08-31", Decimal("300.5"))), "2026-11-22")
    kinds = list(dict.fromkeys(line["kind"] for line in counted["lines"]))
    assert kinds == ["principal", "credit", "interest", "indemnity", "payment", "cost"]
    assert sum(Decimal(line["amount"]) for line in counted["lines"]) == Decimal(counted["balance"])
    signs = {line["kind"]: Decimal(line["amount"]) < 0 for line in counted["lines"]}
    assert [kind for kind, negative in signs.items() if negative] == ["credit", "payment"]
    assert (counted["principal"], counted["paid"], counted["cost"]) == ("950.00", "300.50", "150.00")
    for name in ("principal", "interest", "indemnity", "paid", "balance"):
        assert counted[name] == f"{Decimal(counted[name]):.2f}"


def test_numbers_are_exact() -> None:
    claim = json.loads(
        '{"regime": "B2B", "invoices": [{"number": 7, "due": "2026-11-24", "amount": 0.1}, {"number": "8", "due": "2026-11-24", "amount": 0.2}]}',
        parse_float=Decimal,
    )
    assert owed(claim)["principal"] == "0.30"


@pytest.mark.parametrize(
    ("amount", "principal"),
    [
        ("1 234,50", "1234.50"),
        ("1 234,50 €", "1234.50"),
        ("12", "12.00"),
        ("12,5", "12.50"),
        (Decimal("10.000"), "10.00"),
        (Decimal("1E+3"), "1000.00"),
    ],
)
def test_sums_as_people_write_them(amount: Any, principal: str) -> None:
    assert owed(told(amount=amount))["principal"] == principal


def test_a_payment_that_came_back_was_never_made() -> None:
    without = owed(told(), "2026-11-22")
    back = owed(told(**paid("2026-08-15", "400.00", returned_on="2026-08-20")), "2026-11-22")
    assert {"payment", "returned"} <= {line["kind"] for line in back["lines"]}
    for name in ("principal", "interest", "paid", "balance", "limitation"):
        assert back[name] == without[name]


def test_an_invoice_paid_before_its_due_date_has_no_limitation_left() -> None:
    claim = told()
    claim["invoices"].append(claim["invoices"][0] | {"number": "F-2", "due": "2026-08-15"})
    claim |= paid("2026-07-20", "1000.00", invoice="F-1")
    assert owed(claim, "2026-09-30")["limitation"] == "2031-08-15"
    early = owed(claim, "2026-07-25")
    assert (early["balance"], early["limitation"]) == ("-1000.00", "2031-07-31")
    assert "payée d’avance" in warned(early)["payments"]


def test_a_plan_that_is_kept_stops_the_interest() -> None:
    kept = owed(told(plans=[{"first": "2026-08-01", "last": "2027-01-31"}]), "2026-09-30")
    runs = owed(told(plans=[{"first": "2026-08-01", "last": "2027-01-31"}], settings={"PLAN_INTEREST": "runs"}), "2026-09-30")
    assert (kept["interest"], runs["interest"]) == ("0.00", "20.72")


def test_a_penalty_clause_is_due_from_a_professional_alone() -> None:
    clause = told()
    clause["invoices"][0]["penalty_clause"] = "100"
    assert owed(clause, "2026-09-30")["penalty"] == "0.00"  # due once told: no formal notice was presented
    assert owed(clause | {"formal_notice_on": "2026-09-10"}, "2026-09-30")["penalty"] == "100.00"
    consumer = owed(clause | {"regime": "b2c", "formal_notice_on": "2026-09-10"}, "2026-09-30")
    assert consumer["penalty"] == "0.00"
    assert "particulier" in warned(consumer)["invoices[0].penalty_clause"]


def test_limitation_by_kind_and_what_moves_it() -> None:
    assert owed(told())["limitation"] == "2031-07-31"
    assert owed(told(claim="transport"))["limitation"] == "2027-07-01"
    unknown = owed(told(claim=None))
    assert unknown["limitation"] == "2027-07-31"
    assert "plus courte" in warned(unknown)["claim"]
    assert owed(told(interruptions=[{"on": "2026-10-01", "ground": "acknowledgement"}]))["limitation"] == "2031-10-01"
    assert owed(told(interruptions=[{"on": "2026-10-01", "ground": "court_claim"}]))["limitation"] is None
    assert owed(told(suspensions=[{"first": "2026-08-01", "last": "2026-08-31"}]))["limitation"] == "2031-08-31"
    assert owed(told(**paid("2026-09-01", 100)))["limitation"] == "2031-09-01"
    assert owed(told(**paid("2026-09-01", 100, acknowledges=False)))["limitation"] == "2031-07-31"
    assert owed(told(settings={"part_payment_interrupts": False}, **paid("2026-09-01", 100)))["limitation"] == "2031-07-31"


def test_what_is_after_the_day_is_not_counted_and_said_to_be() -> None:
    claim = told(credit_notes=[{"on": "2026-10-05", "amount": 10}], **paid("2026-10-10", 100))
    counted = owed(claim, "2026-09-30")
    assert (counted["paid"], counted["principal"], counted["limitation"]) == ("0.00", "1000.00", "2031-07-31")
    assert set(warned(counted)) == {"payments[0]", "credit_notes[0]"}


# ------------------------------------------------------------------------------------------------ what is doubtful


def test_each_doubt_is_said_under_its_field() -> None:
    assert "plancher" in warned(owed(told(agreed="1x légal")))["invoices[0].agreed_rate"]
    assert "supplétif" in warned(owed(told(agreed="1x légal", settings={"below_floor": "STATUTORY"})))["invoices[0].agreed_rate"]
    assert "25" in warned(owed(told(agreed="3 %/mois")))["invoices[0].agreed_rate"]
    assert "nul" in warned(owed(told(agreed=0)))["invoices[0].agreed_rate"]
    assert "n’est pas appliqué" in warned(owed(told(regime="b2c", agreed=90)))["invoices[0].agreed_rate"]
    assert "mise en demeure" in warned(owed(told(regime="b2c")))["formal_notice_on"]
    assert "Rechtsdienstleistungsgesetz" in " ".join(each["message"] for each in owed(told(debtor_country="DE"))["warnings"])
    assert "principal" in warned(owed(told(debtor_country="de", regime="b2c")))["regime"]
    assert "trop-perçu" in warned(owed(told(**paid("2026-07-31", 1500))))["payments"]
    assert "dépassent" in warned(owed(told(credit_notes=[{"on": "2026-08-01", "amount": 2000, "invoice": "F-1"}])))["invoices[0]"]
    assert "pas connu" in warned(owed(told(agreed_rates=3)))["agreed_rates"]
    assert "pas d’effet" in warned(owed(told(settings={"greffe_fee": "dated data"})))["settings.greffe_fee"]


def test_a_claim_partly_lapsed_is_flagged_invoice_by_invoice() -> None:
    lapsed = {"number": "F-0", "issued": "2020-01-01", "due": "2020-02-01", "amount": 10}
    claim = told("2022-01-15")
    counted = owed(claim | {"invoices": [lapsed, *claim["invoices"]]})
    assert "F-0 est prescrite" in warned(counted)["invoices[0]"]
    assert counted["limitation"] == "2025-02-01"
    assert "Il reste 3 mois au plus" in warned(counted)["invoices[1]"]


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        (12, "fixed", "12"),
        ("12,5 %", "fixed", "12.5"),
        ("12 % l’an", "fixed", "12"),
        (Decimal("1.5"), "fixed", "1.5"),
        ("1,5 %/mois", "monthly", "1.5"),
        ("1.5 % par mois", "monthly", "1.5"),
        ("BCE+12", "ecb_plus", "12"),
        ("taux BCE + 10 points", "ecb_plus", "10"),
        ("3x légal", "legal_multiple", "3"),
        ("3 fois le taux légal", "legal_multiple", "3"),
        ("trois fois", None, ""),
        ("3 fois le taux d’intérêt légal", "legal_multiple", "3"),
        ({"kind": "ecb_plus", "value": Decimal(8)}, "ecb_plus", "8"),
    ],
)
def test_an_agreed_rate_as_contracts_write_it(said: Any, kind: str | None, value: str) -> None:
    if kind is None:
        with pytest.raises(Invalid):
            agreed_rate(said)
    else:
        assert agreed_rate(said) == AgreedRate(kind=kind, value=Decimal(value))


def test_a_rate_nobody_would_grant_is_refused_an_unusual_one_flagged() -> None:
    due = date(2026, 7, 31)
    assert bounds(AgreedRate(kind="fixed", value=Decimal(25)), due) == ""
    assert bounds(AgreedRate(kind="fixed", value=Decimal("25.01")), due)
    with pytest.raises(Invalid):
        bounds(AgreedRate(kind="monthly", value=Decimal("5.01")), due)


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("due", "2026-06-01", "avant la date"),
        ("due", None, "échéance"),
        ("due", "2026-02-30", "n’existe pas"),
        ("due", "0001-01-01", "hors de portée"),
        ("issued", "2027-01-01", "futur"),
        ("amount", -1, "négatif"),
        ("amount", 0, "zéro"),
        ("amount", "1.234", "deux décimales"),
        ("amount", Decimal("0.001"), "deux décimales"),
        ("amount", float("nan"), "pas compris"),
        ("amount", "NaN", "pas compris"),
        ("amount", Decimal("Infinity"), "trop grand"),
        ("amount", Decimal("1e99999"), "trop grand"),
        ("amount", Decimal("-1E+999999999999"), "trop grand"),
        ("amount", "99999999999", "trop grand"),
        ("amount", "100 USD", "pas compris"),
        ("amount", True, "pas compris"),
        ("amount", None, "montant"),
        ("currency", "USD", "euros"),
        ("number", None, "numéro"),
        ("agreed_rate", 61, "réduirait"),
        ("agreed_rate", -3, "négatif"),
        ("agreed_rate", "beaucoup", "pas compris"),
        ("agreed_rate", {"kind": "weekly", "value": 3}, "fixed"),
        ("claim", "cheque", "certificat de non-paiement"),
        ("claim", "lottery", "pas connue"),
    ],
)
def test_a_wrong_field_of_an_invoice_has_its_sentence(field: str, value: Any, sentence: str) -> None:
    claim = told()
    claim["invoices"][0][field] = value
    assert sentence in refused(claim)[f"invoices[0].{field}"]


@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"regime": "b2x"}, "regime", "b2b, b2c, b2g"),
        ({"regime": None}, "regime", "b2b"),
        ({"creditor": "bank"}, "creditor", "business"),
        ({"debtor_country": "US"}, "debtor_country", "pays"),
        ({"debtor_country": 33}, "debtor_country", "pays"),
        ({"claim": "wage"}, "claim", "Nous recouvrons des factures"),
        ({"invoices": []}, "invoices", "au moins une"),
        ({"invoices": "F-1"}, "invoices", "liste"),
        ({"invoices": [3]}, "invoices[0]", "objet"),
        ({"payments": [{"on": "2026-12-25", "amount": 1}]}, "payments[0].on", "futur"),
        ({"payments": [{"amount": 1}]}, "payments[0].on", "jour"),
        ({"payments": [{"on": "2026-08-01", "amount": 1, "invoice": "F-9"}]}, "payments[0].invoice", "ne porte ce numéro"),
        ({"payments": [{"on": "2026-08-02", "amount": 1, "returned_on": "2026-08-01"}]}, "payments[0].returned_on", "avant"),
        ({"payments": [{"on": "2026-08-02", "amount": 1, "acknowledges": "no"}]}, "payments[0].acknowledges", "true"),
        ({"credit_notes": [{"on": "2026-08-01", "amount": 1, "invoice": "F-9"}]}, "credit_notes[0].invoice", "ne porte ce numéro"),
        ({"credit_notes": [{"on": "2026-08-01", "amount": 1, "retroactive": True}]}, "credit_notes[0].invoice", "laquelle"),
        ({"interruptions": [{"on": "2026-08-01", "ground": "letter"}]}, "interruptions[0].ground", "court_claim"),
        ({"suspensions": [{"first": "2026-08-02", "last": "2026-08-01"}]}, "suspensions[0].last", "avant"),
        ({"plans": [{"first": "2026-08-02", "last": "2026-09-01"}, {"first": "2026-09-01", "last": "2026-09-02"}]}, "plans", "chevauchent"),
        ({"settings": {"basis": 360}}, "settings.basis", "n’existe pas"),
        ({"settings": {"interest_basis": 360}}, "settings.interest_basis", "365"),
        ({"settings": [1]}, "settings", "objet"),
        ({"currency": "CHF"}, "currency", "euros"),
        ({"on": "demain"}, "on", "n’existe pas"),
        ({"on": "2027-06-30"}, "on", "Choisissez une autre date"),
    ],
)
def test_a_wrong_field_of_the_claim_has_its_sentence(other: dict[str, Any], field: str, sentence: str) -> None:
    assert sentence in refused(told(**other))[field]


def test_two_invoices_of_one_number_are_refused() -> None:
    claim = told()
    assert "Deux factures" in refused(claim | {"invoices": claim["invoices"] * 2})["invoices[1].number"]


def test_every_wrong_field_is_said_at_once() -> None:
    claim = told() | {"regime": "x", "creditor": "y", **paid("?", -1)}
    assert set(refused(claim)) == {"regime", "creditor", "payments[0].on", "payments[0].amount"}


def test_a_list_is_bounded_and_so_are_the_sentences() -> None:
    assert "1000 lignes" in refused(told(payments=[{}] * 1001))["payments"]
    with pytest.raises(FormRefused) as error:
        read(told(payments=[{}] * 900), TODAY, 1000)
    assert len(error.value.errors) == 50


def test_the_wordings_of_the_table_of_settings_are_understood() -> None:
    table = {
        "interest_basis": 365,
        "below_floor": "FLOOR",
        "payment_order": "INTEREST, PRINCIPAL, FIXED_40",
        "b2c_start": "day after first presentation",
        "plan_interest": "frozen while respected",
        "first_letter_channel": "PAPER",
        "lre_consumer": "needs consent",
        "ip_750_1": "warn",
        "l126_enabled": False,
    }
    assert owed(told(settings=table)) == owed(told())
    listed = owed(told(settings={"payment_order": ["principal", "interest", "fixed_40"]}, **paid("2026-08-31", 500)))
    assert listed == owed(told(settings={"payment_order": "PRINCIPAL,INTEREST,FIXED_40"}, **paid("2026-08-31", 500)))


# ------------------------------------------------------------------------------------------------ anything at all

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=True, allow_infinity=True)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["b2b", "b2c", "b2g", "2026-01-31", "2024-02-29", "9999-12-31", "1000.00", "F-1", "DE", "individual", "court_claim", "3x légal", "principal"])
)  # fmt: skip
KEYS = ("regime", "invoices", "payments", "credit_notes", "on", "number", "issued", "due", "amount", "agreed_rate", "claim", "creditor", "settings", "debtor_country", "formal_notice_on", "invoice", "order", "returned_on", "retroactive", "plans", "first", "last", "interruptions", "suspensions", "ground", "until", "costs", "capitalised", "insolvency_on", "enforceable_on", "penalty_clause", "delivered", "kind", "value", "interest_basis", "currency")  # fmt: skip
anything = st.recursive(
    scalars,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), part, max_size=8),
    max_leaves=25,
)
some_day = st.dates(date(2009, 1, 1), date(2027, 12, 31)).map(str)
some_sum = st.decimals("0.01", "50000", places=2)
NUMBERS = st.sampled_from(["A", "B", "C"])


def obj(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={name: strategy | scalars if name in ("label", "order") else strategy for name, strategy in fields.items()}
    )


nearly_right = st.fixed_dictionaries(
    {
        "regime": st.sampled_from(["b2b", "b2c", "b2g"]),
        "invoices": st.lists(st.fixed_dictionaries({"number": NUMBERS, "due": some_day, "amount": some_sum}, optional={"issued": some_day, "agreed_rate": st.sampled_from([12, "3x légal", "1 %/mois", "BCE+9"]), "penalty_clause": some_sum, "delivered": some_day, "claim": st.sampled_from(["sale", "rent", "transport"])}), max_size=3),
    },
    optional={
        "payments": st.lists(obj(on=some_day, amount=some_sum, invoice=NUMBERS, order=st.just("principal"), returned_on=some_day), max_size=3),
        "credit_notes": st.lists(obj(on=some_day, amount=some_sum, invoice=NUMBERS, retroactive=st.booleans()), max_size=2),
        "plans": st.lists(obj(first=some_day, last=some_day), max_size=2),
        "interruptions": st.lists(obj(on=some_day, ground=st.sampled_from(["court_claim", "acknowledgement"]), until=some_day), max_size=2),
        "suspensions": st.lists(obj(first=some_day, last=some_day), max_size=2),
        "costs": st.lists(obj(on=some_day, amount=some_sum), max_size=1),
        "settings": st.dictionaries(st.sampled_from(["interest_basis", "plan_interest", "below_floor"]), st.sampled_from(["ACT/ACT", "RUNS", "STATUTORY", "365"]), max_size=2),
        "on": some_day,
        "creditor": st.sampled_from(["business", "public", "individual"]),
        "debtor_country": st.sampled_from(["FR", "BE", "DE", "IE", "AT", "US"]),
        "formal_notice_on": some_day,
        "enforceable_on": some_day,
        "insolvency_on": some_day,
        "capitalised": st.booleans(),
        "claim": st.sampled_from(["sale", "telecom", "co_ownership", None]),
    },
)  # fmt: skip


@given(anything | nearly_right)
@trials(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_told_the_answer_adds_up_or_says_why_not(claim: Any) -> None:
    try:
        counted = answer(read(claim, TODAY, 100))
    except FormRefused as refused:
        wrong = [each for each in refused.errors if not each.message.strip()]
        if wrong or not refused.errors:
            raise
        return
    json.dumps(counted)
    assert sum((Decimal(line["amount"]) for line in counted["lines"]), Decimal(0)) == Decimal(counted["balance"])
    parts = sum(Decimal(counted[name]) for name in ("principal", "interest", "indemnity", "penalty", "cost"))
    assert parts - Decimal(counted["paid"]) - Decimal(counted["waived"]) == Decimal(counted["balance"])
