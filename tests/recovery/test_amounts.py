"""Amounts, against examples computed elsewhere, then as properties."""

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.amounts import Claim, Statement, as_of, claim_of, statement
from recovery.case import fold
from recovery.events import CaseClosed, Invoice, PaymentReceived
from recovery.law import ASSUMED, LawUnknown, assume_the_last_values_go_on, law
from recovery.limitation import limitation
from tests.cases import at, invoice, opening

EXAMPLES = {example["id"]: example for example in json.loads(Path(__file__).with_name("interest_examples.json").read_text("utf-8"))}
# id → regime, invoices (due, amount), day of the statement, first presentation of the formal notice
PLAYED: dict[str, tuple[str, list[tuple[str, str]], str, str | None]] = {
    "E1": ("b2b", [("2026-07-31", "1000.00")], "2026-09-30", None),
    "E2": ("b2b", [("2026-05-01", "10000.00")], "2026-09-03", None),
    "E3a": ("b2b", [("2024-03-15", "2450.80")], "2026-11-22", None),
    "E7": ("b2c", [("2026-05-31", "849.90")], "2026-11-22", "2026-06-10"),
    "E12": ("b2b", [("2025-11-30", "12345.67")], "2026-03-16", None),
    "E16": ("b2b", [("2022-11-30", "1500.00")], "2023-08-31", None),
    "E17": ("b2b", [("2026-06-30", "1000.00")], "2026-07-01", None),
}
LATER = {
    "E3b": "the basis of a year is a setting of the agency: ACT/ACT is not offered yet",
    "E5": "a contract that settles principal first",
    "E6": "a rate agreed in the contract",
    "E8": "a creditor who is a private person",
    "E9": "a judgment: legal rate plus five points",
    "E10": "interest that bears interest",
    "E11": "a public buyer (b2g)",
    "E14": "a German debtor",
    "E15": "a Belgian debtor",
}
ELSEWHERE = {"E4", "E13"}  # below, in tests of their own


def d(text: str) -> date:
    return date.fromisoformat(text)


def paid(amount: str | Decimal, on: date, id: str = "p1") -> PaymentReceived:
    return PaymentReceived(at=at(on), by="staff:ines", payment=id, amount=Decimal(amount), on=on)


def segments(owed: Statement, number: str | None = None) -> list[dict[str, Any]]:
    return [
        {
            "first": str(line.first),
            "last": str(line.last),
            "days": line.days,
            "rate": line.rate,
            "interest": str(line.amount),
        }
        for line in owed.lines
        if line.kind == "interest" and number in (None, line.invoice)
    ]


def same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert found == [segment | {"rate": Decimal(segment["rate"])} for segment in expected]


def test_every_example_is_played_or_waits_for_a_rule_that_is_named() -> None:
    assert set(EXAMPLES) == set(PLAYED) | set(LATER) | ELSEWHERE
    assert not set(PLAYED) & set(LATER)


@pytest.mark.parametrize("id", PLAYED)
def test_interest_is_what_the_example_says(id: str) -> None:
    regime, invoices, on, notice = PLAYED[id]
    claim = Claim(
        regime=regime,
        invoices=tuple(invoice(f"F-{n}", d(due), amount) for n, (due, amount) in enumerate(invoices)),
        formal_notice_on=d(notice) if notice else None,
    )
    owed = statement(claim, d(on))
    same(segments(owed), EXAMPLES[id]["segments"])
    assert str(owed.interest) == EXAMPLES[id]["total_interest"]
    assert owed.indemnity == (40 if regime == "b2b" else 0)


def test_a_part_payment_settles_interest_first_e4() -> None:
    claim = Claim(regime="b2b", invoices=(invoice("A", d("2026-01-15"), "5000.00"),), payments=(paid("2000.00", d("2026-04-10")),))
    owed = statement(claim, d("2026-09-30"))
    same(segments(owed), EXAMPLES["E4"]["segments"])
    assert [line.base for line in owed.lines if line.kind == "interest"] == [Decimal("5000.00"), Decimal("3141.47"), Decimal("3141.47")]
    assert owed.balance - owed.indemnity == Decimal(EXAMPLES["E4"]["balance_due_without_40"])


def test_each_late_invoice_has_its_interest_and_its_forty_euros_e13() -> None:
    told = {each["invoice"]: each for each in EXAMPLES["E13"]["invoices"]}
    due = tuple(invoice(number, d(told[number]["due"]), told[number]["principal"]) for number in ("A", "B"))
    owed = statement(Claim(regime="b2b", invoices=due), d("2026-11-22"))
    for number in ("A", "B"):
        same(segments(owed, number), told[number]["segments"])
        assert owed.of(number).balance == sum(Decimal(told[number][part]) for part in ("principal", "interest", "indemnity"))
    assert owed.balance == Decimal(EXAMPLES["E13"]["grand_total"])
    assert (owed.principal, owed.interest, owed.indemnity) == (Decimal("1680.50"), Decimal("83.71"), Decimal("80"))


def test_an_invoice_that_is_not_due_bears_nothing_e13() -> None:
    owed = statement(Claim(regime="b2b", invoices=(invoice("C", d("2026-12-05"), "999.99"),)), d("2026-11-22"))
    assert (owed.interest, owed.indemnity) == (0, 0)


def test_paid_on_its_due_date_an_invoice_owes_neither_interest_nor_forty_euros_ever() -> None:
    claim = Claim(regime="b2b", invoices=(invoice("A", d("2026-06-30")),), payments=(paid("1200.00", d("2026-06-30")),))
    for on in ("2026-06-30", "2026-07-01", "2026-11-22"):
        owed = statement(claim, d(on))
        assert (owed.interest, owed.indemnity, owed.balance) == (0, 0, 0), on


def test_paid_one_day_late_it_owes_both() -> None:
    claim = Claim(regime="b2b", invoices=(invoice("A", d("2026-06-30"), "1000.00"),), payments=(paid("1000.00", d("2026-07-01")),))
    assert statement(claim, d("2026-07-01")).balance == Decimal("40.34")


def test_due_on_31_december_the_first_day_takes_the_rate_of_the_new_semester() -> None:
    claim = Claim(regime="b2b", invoices=(invoice("A", d("2025-12-31"), "1000.00"),))
    assert [line.rate for line in statement(claim, d("2026-01-01")).lines if line.kind == "interest"] == [Decimal("12.15")]


def test_more_than_is_owed_leaves_a_credit() -> None:
    claim = Claim(regime="b2b", invoices=(invoice("A", d("2026-06-30"), "100.00"),), payments=(paid("500.00", d("2026-06-30")),))
    assert statement(claim, d("2026-11-22")).balance == Decimal("-400.00")


def test_a_consumer_owes_principal_alone_until_the_formal_notice_was_presented() -> None:
    owed = statement(Claim(regime="b2c", invoices=(invoice("A", d("2026-01-31"), "300.00"),)), d("2026-11-22"))
    assert [(line.kind, line.amount) for line in owed.lines] == [("principal", Decimal("300.00"))]


def test_a_creditor_who_renounces_accessories_claims_principal_alone() -> None:
    owed = statement(Claim(regime="b2b", invoices=(invoice("A", interest=False),)), d("2026-11-22"))
    assert [line.kind for line in owed.lines] == ["principal"]


def test_each_line_carries_its_article_and_an_arithmetic_that_gives_its_amount() -> None:
    owed = statement(Claim(regime="b2b", invoices=(invoice("A", d("2026-05-01"), "10000.00"),)), d("2026-09-03"))
    first = next(line for line in owed.lines if line.kind == "interest")
    assert "L441-10 II" in first.rule
    assert first.detail.replace("\u00a0", " ") == "10 000,00 € × 12,15 % × 60 jours / 365, du 02/05/2026 au 30/06/2026"
    assert all(line.rule and line.detail for line in owed.lines)


def test_no_rate_no_statement() -> None:
    with pytest.raises(LawUnknown):
        statement(Claim(regime="b2b", invoices=(invoice(),)), d("2027-01-01"))


def test_an_assumed_rate_says_so_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, rule in list(law.items()):
        monkeypatch.setitem(law, name, rule)  # put back afterwards
    assume_the_last_values_go_on()
    owed = statement(Claim(regime="b2b", invoices=(invoice(),)), d("2027-03-01"))
    assert any("(taux supposé)" in line.detail for line in owed.lines)
    assert law["ecb_rate"].on(d("2027-03-01")).mark == ASSUMED


def test_a_closed_case_stands_still() -> None:
    settled = [paid("1284.12", d("2026-09-10")), CaseClosed(at=at(d("2026-09-11")), by="machine", reason="paid")]
    assert as_of(fold([*opening(), *settled]), d("2027-05-01")) == d("2026-09-10")
    stopped = CaseClosed(at=at(d("2026-09-12"), "23:30"), by="creditor:p1", reason="stopped")
    assert as_of(fold([*opening(), stopped]), d("2027-05-01")) == d("2026-09-12")
    assert as_of(fold(opening()), d("2026-10-01")) == d("2026-10-01")


@pytest.mark.parametrize(
    ("regime", "due", "last"),
    [("b2b", "2024-03-15", "2029-03-15"), ("b2c", "2024-03-15", "2026-03-15"), ("b2c", "2024-02-29", "2026-02-28")],
)
def test_the_last_day_to_claim_is_the_same_day_of_the_year(regime: str, due: str, last: str) -> None:
    assert limitation(Claim(regime=regime, invoices=(invoice("A", d(due)), invoice("B", d("2026-01-01"))))).last == d(last)


def test_a_head_and_its_case_count_the_same_claim() -> None:
    case = fold([*opening(), paid("100.00", d("2026-09-10"))])
    assert claim_of(case) == Claim(regime="b2b", invoices=case.invoices, payments=case.payments)


# ------------------------------------------------------------------------------------------------ properties

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
days = st.dates(FIRST, LAST)
sums = st.decimals("0.01", "50000", places=2)
regimes = st.sampled_from(["b2b", "b2c"])


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    count = draw(st.integers(1, 3))
    invoices = tuple(
        Invoice(number=f"F-{n}", issued=FIRST, due=draw(days), amount=draw(sums), interest=draw(st.booleans())) for n in range(count)
    )
    payments = tuple(paid(draw(sums), draw(days), f"p{n}") for n in range(draw(st.integers(0, 4))))
    return Claim(regime=draw(regimes), invoices=invoices, payments=payments, formal_notice_on=draw(st.none() | days))


@given(claims(), days)
def test_the_lines_add_up_to_the_balance(claim: Claim, on: date) -> None:
    owed = statement(claim, on)
    assert sum(line.amount for line in owed.lines) == owed.balance
    assert owed.balance == owed.principal + owed.interest + owed.indemnity - owed.paid - owed.waived
    assert all(line.amount == line.amount.quantize(Decimal("0.01")) for line in owed.lines)


@given(sums, days, st.lists(st.tuples(sums, days), max_size=4), days)
def test_no_cent_of_a_payment_is_lost(amount: Decimal, due: date, payments: list[tuple[Decimal, date]], on: date) -> None:
    """What bears interest is the invoice, less what the payments left once interest was settled: counted here, line after line."""
    received = tuple(paid(sum_, day, f"p{n}") for n, (sum_, day) in enumerate(payments) if day > due)
    owed = statement(Claim(regime="b2b", invoices=(Invoice(number="A", issued=FIRST, due=due, amount=amount),), payments=received), on)
    assert owed.paid == sum((payment.amount for payment in received if payment.on <= on), Decimal(0))
    run = principal = Decimal(0)
    principal, bases = amount, []
    lines = [line for line in owed.lines if line.kind == "interest"]
    moments = sorted({payment.on for payment in received if payment.on <= on} | {on})
    for moment in moments:
        while lines and lines[0].last is not None and lines[0].last <= moment:
            line = lines.pop(0)
            run += line.amount
            bases.append((line.base, principal))
        for payment in received:
            if payment.on == moment:
                interest = min(run, payment.amount)
                run -= interest
                principal -= min(principal, payment.amount - interest)
    assert all(base == counted for base, counted in bases)


@given(claims(), days)
def test_interest_is_never_negative_and_never_on_more_than_the_invoice(claim: Claim, on: date) -> None:
    amounts = {each.number: each.amount for each in claim.invoices}
    for line in statement(claim, on).lines:
        if line.kind == "interest":
            assert line.amount > 0
            assert line.base is not None
            assert line.invoice is not None
            assert 0 < line.base <= amounts[line.invoice]


@given(claims(), days, st.integers(0, 400))
def test_what_is_owed_never_shrinks_by_itself(claim: Claim, on: date, later: int) -> None:
    """Without a payment in between, a later day never owes less; rounding a longer segment may take back half a cent per line."""
    after = min(on + timedelta(days=later), LAST)
    if any(on < payment.on <= after for payment in claim.payments):
        return
    earlier, then = statement(claim, on), statement(claim, after)
    assert then.balance >= earlier.balance - Decimal("0.005") * len(then.lines)


@given(sums, days, days, days)
def test_interest_is_additive_over_adjoining_periods(amount: Decimal, a: date, b: date, c: date) -> None:
    """Claimed in two goes or in one, the same interest but for the rounding of one more segment."""
    due, middle, end = sorted((a, b, c))
    one = Invoice(number="A", issued=FIRST, due=due, amount=amount)
    two = Invoice(number="A", issued=FIRST, due=middle, amount=amount)
    whole = statement(Claim(regime="b2b", invoices=(one,)), end).interest
    parts = statement(Claim(regime="b2b", invoices=(one,)), middle).interest + statement(Claim(regime="b2b", invoices=(two,)), end).interest
    assert abs(whole - parts) <= Decimal("0.015")


@given(claims(), days)
@settings(max_examples=60)
def test_payments_of_one_day_may_be_recorded_in_any_order(claim: Claim, on: date) -> None:
    one_day = tuple(
        PaymentReceived(at=payment.at, by=payment.by, payment=payment.payment, amount=payment.amount, on=on) for payment in claim.payments
    )
    found = set()
    for order in list(permutations(one_day))[:6]:
        owed = statement(Claim(regime=claim.regime, invoices=claim.invoices, payments=order, formal_notice_on=claim.formal_notice_on), LAST)
        found.add((owed.principal, owed.interest, owed.indemnity, owed.paid, owed.balance))
    assert len(found) == 1
