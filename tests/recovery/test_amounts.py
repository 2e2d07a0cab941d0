"""Amounts, rule by rule, then as properties. The examples computed elsewhere are played in test_owed.py, through the JSON."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.amounts import Claim, as_of, claim_of, statement
from recovery.case import fold
from recovery.events import AgreedRate, CaseClosed, CreditNoted, Invoice, PaymentReceived, PaymentReturned
from recovery.law import ASSUMED, LawUnknown, assume_the_last_values_go_on, law
from recovery.settings import Settings, questions
from tests.cases import at, invoice, opening


def d(text: str) -> date:
    return date.fromisoformat(text)


def paid(amount: str | Decimal, on: date, id: str = "p1") -> PaymentReceived:
    return PaymentReceived(at=at(on), by="staff:ines", payment=id, amount=Decimal(amount), on=on)


def test_a_part_payment_settles_interest_first() -> None:
    claim = Claim(regime="b2b", invoices=(invoice("A", d("2026-01-15"), "5000.00"),), payments=(paid("2000.00", d("2026-04-10")),))
    owed = statement(claim, d("2026-09-30"))
    assert [line.base for line in owed.lines if line.kind == "interest"] == [Decimal("5000.00"), Decimal("3141.47"), Decimal("3141.47")]
    assert [(share.interest, share.principal, share.indemnity) for share in owed.shares] == [(Decimal("141.47"), Decimal("1858.53"), 0)]


def test_an_invoice_that_is_not_due_is_left_out() -> None:
    assert statement(Claim(regime="b2b", invoices=(invoice("C", d("2026-12-05"), "999.99"),)), d("2026-11-22")).lines == ()


def test_a_credit_note_that_mends_the_invoice_before_it_is_due_leaves_nothing() -> None:
    for retroactive, on in ((True, "2026-09-01"), (True, "2026-05-20"), (False, "2026-05-20")):
        owed = statement(credited("1200.00", on, retroactive=retroactive), d("2026-11-22"))
        assert (owed.principal, owed.interest, owed.indemnity, owed.balance) == (0, 0, 0, 0), (retroactive, on)


def test_a_credit_note_lowers_the_principal_from_its_own_day_or_from_the_start() -> None:
    from_its_day = statement(credited("200.00", "2026-07-01"), d("2026-07-31"))
    assert [(line.last, line.base) for line in from_its_day.lines if line.kind == "interest"] == [
        (d("2026-06-30"), Decimal("1200.00")),
        (d("2026-07-31"), Decimal("1000.00")),
    ]
    from_the_start = statement(credited("200.00", "2026-07-01", retroactive=True), d("2026-07-31"))
    assert {line.base for line in from_the_start.lines if line.kind == "interest"} == {Decimal("1000.00")}


def credited(amount: str, on: str, *, retroactive: bool = False) -> Claim:
    note = CreditNoted(at=at(d(on)), by="staff:ines", number="AV-1", invoice="A", amount=Decimal(amount), on=d(on), retroactive=retroactive)
    return Claim(regime="b2b", invoices=(invoice("A", d("2026-06-01")),), credit_notes=(note,))


def test_a_payment_goes_to_the_dearest_debt_then_to_the_oldest_unless_the_debtor_chose() -> None:
    dear = replace(invoice("dear", d("2026-06-01"), "100.00"), agreed=AgreedRate(kind="fixed", value=Decimal(20)))
    old, new = invoice("old", d("2026-03-01"), "100.00"), invoice("new", d("2026-05-01"), "100.00")

    def first_settled(**chosen: str) -> str:
        payment = replace(paid("50.00", d("2026-08-01")), **chosen)  # type: ignore[arg-type]
        return statement(Claim(regime="b2b", invoices=(new, old, dear), payments=(payment,)), d("2026-08-01")).shares[0].invoice

    assert first_settled() == "dear"
    assert first_settled(invoice="new") == "new"
    payment = paid("50.00", d("2026-08-01"))
    assert statement(Claim(regime="b2b", invoices=(new, old), payments=(payment,)), d("2026-08-01")).shares[0].invoice == "old"


def test_debts_that_nothing_tells_apart_are_paid_in_proportion_to_the_cent() -> None:
    invoices = tuple(invoice(number, d("2026-06-01"), "100.00", interest=False) for number in "ABC")
    owed = statement(Claim(regime="b2b", invoices=invoices, payments=(paid("100.00", d("2026-06-10")),)), d("2026-06-10"))
    assert sorted(share.principal for share in owed.shares) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_money_for_an_invoice_that_is_not_due_waits_for_its_day() -> None:
    early = replace(paid("100.00", d("2026-06-10")), invoice="B")
    invoices = (invoice("A", d("2026-06-01"), "100.00"), invoice("B", d("2026-07-01"), "100.00"))
    claim = Claim(regime="b2b", invoices=invoices, payments=(early,))
    assert statement(claim, d("2026-06-30")).shares == ()
    assert [(share.invoice, share.on) for share in statement(claim, d("2026-07-02")).shares] == [("B", d("2026-07-01"))]
    assert not [line for line in statement(claim, d("2026-07-02")).lines if line.invoice == "B" and line.kind in ("interest", "indemnity")]


def test_money_that_waited_is_shared_by_all_that_falls_due_that_day_the_debtors_choice_first() -> None:
    early = (paid("100.00", d("2026-06-10")), replace(paid("50.00", d("2026-06-10"), "p2"), invoice="B"))
    invoices = tuple(invoice(number, d("2026-07-01"), "150.00", interest=False) for number in "AB")
    for order in (early, early[::-1]):
        shares = statement(Claim(regime="b2b", invoices=invoices, payments=order), d("2026-07-01")).shares
        assert [(share.payment, share.invoice, share.principal) for share in shares] == [("p2", "B", 50), ("p1", "A", 60), ("p1", "B", 40)]


def test_what_a_credit_note_leaves_over_waits_until_its_invoice_falls_due() -> None:
    """What was owed yesterday does not change tomorrow."""
    note = CreditNoted(at=at(d("2026-06-20")), by="x", number="AV", invoice="B", amount=Decimal("150.00"), on=d("2026-06-20"))
    invoices = (invoice("A", d("2026-06-01"), "1000.00"), invoice("B", d("2026-07-01"), "100.00"))
    claim = Claim(regime="b2b", invoices=invoices, credit_notes=(note,))
    segments = [(line.base, line.last) for line in statement(claim, d("2026-07-31")).lines if line.kind == "interest"]
    assert segments == [(1000, d("2026-06-30")), (1000, d("2026-07-01")), (Decimal("959.99"), d("2026-07-31"))]


def test_the_day_of_a_credit_note_is_not_counted_though_money_is_released_that_day() -> None:
    note = CreditNoted(at=at(d("2026-07-01")), by="x", number="AV", invoice="A", amount=Decimal("100.00"), on=d("2026-07-01"))
    invoices = (invoice("A", d("2026-06-01"), "1000.00"), invoice("B", d("2026-07-01"), "100.00"))
    early = replace(paid("150.00", d("2026-06-10")), invoice="B")
    owed = statement(Claim(regime="b2b", invoices=invoices, credit_notes=(note,), payments=(early,)), d("2026-07-31"))
    assert [(line.base, line.last) for line in owed.lines if line.kind == "interest"][:2] == [
        (1000, d("2026-06-30")),
        (900, d("2026-07-01")),
    ]


def test_a_penalty_clause_is_claimed_neither_on_a_rent_nor_once_a_procedure_is_opened() -> None:
    clause = Claim(regime="b2b", invoices=(replace(invoice("A"), penalty=Decimal(100)),), formal_notice_on=d("2026-08-01"))
    assert statement(clause, d("2026-09-30")).penalty == 100
    assert statement(replace(clause, stopped_on=d("2026-08-01")), d("2026-09-30")).penalty == 0
    assert statement(replace(clause, stopped_on=d("2026-08-02")), d("2026-09-30")).penalty == 100
    rent = replace(clause, invoices=(replace(clause.invoices[0], kind="rent"),))
    assert statement(rent, d("2026-09-30")).penalty == 0


def test_abroad_a_contract_lowers_the_rate_and_never_raises_it() -> None:
    def rates(value: str) -> set[Decimal | None]:
        agreed = replace(invoice("A", d("2026-06-30")), agreed=AgreedRate(kind="fixed", value=Decimal(value)))
        lines = statement(Claim(regime="b2b", invoices=(agreed,), debtor_country="BE"), d("2026-07-31")).lines
        return {line.rate for line in lines if line.kind == "interest"}

    assert (rates("5"), rates("0"), rates("20")) == ({Decimal(5)}, {Decimal("10.5")}, {Decimal("10.5")})


def test_an_agreed_rate_of_the_ecb_plus_nothing_is_raised_to_the_floor_not_to_the_statutory_rate() -> None:
    claim = Claim(regime="b2b", invoices=(replace(invoice("A", d("2026-06-30")), agreed=AgreedRate(kind="ecb_plus", value=Decimal(0))),))
    assert {line.rate for line in statement(claim, d("2026-07-31")).lines if line.kind == "interest"} == {Decimal("8.25")}


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
    before = [paid("1284.12", d("2026-08-20")), CaseClosed(at=at(d("2026-09-11")), by="machine", reason="paid")]
    assert as_of(fold([*opening(), *before]), d("2027-05-01")) == d("2026-09-01")  # paid to the creditor before the case was opened
    stopped = CaseClosed(at=at(d("2026-09-12"), "23:30"), by="creditor:p1", reason="stopped")
    assert as_of(fold([*opening(), stopped]), d("2027-05-01")) == d("2026-09-12")
    assert as_of(fold(opening()), d("2026-10-01")) == d("2026-10-01")


def test_a_head_and_its_case_count_the_same_claim() -> None:
    case = fold([*opening(), paid("100.00", d("2026-09-10"))])
    assert claim_of(case) == Claim(regime="b2b", invoices=case.invoices, payments=case.payments)


# ------------------------------------------------------------------------------------------------ properties

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
days = st.dates(FIRST, LAST)
sums = st.decimals("0.01", "50000", places=2)
REGIMES = [("b2b", "business", "FR"), ("b2c", "business", "FR"), ("b2g", "business", "FR"), ("b2b", "individual", "FR"), ("b2b", "business", "DE"), ("b2b", "business", "BE"), ("b2b", "public", "IE"), ("b2c", "business", "ES")]  # fmt: skip
rates_agreed = st.none() | st.builds(AgreedRate, kind=st.sampled_from(["fixed", "ecb_plus"]), value=st.decimals("0.5", "20", places=2))
choices = st.fixed_dictionaries({}, optional={name: st.sampled_from(list(question.choices)) for name, question in questions.items()})


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Any regime and setting, any sequence of invoices, payments that come back or not, and credit notes."""
    regime, creditor_kind, debtor_country = draw(st.sampled_from(REGIMES))
    numbers = [f"F-{n}" for n in range(draw(st.integers(1, 3)))]
    invoices = tuple(
        Invoice(number=number, issued=FIRST, due=draw(days), amount=draw(sums), interest=draw(st.booleans()), agreed=draw(rates_agreed), penalty=draw(st.none() | sums))
        for number in numbers
    )  # fmt: skip
    named = st.none() | st.sampled_from(numbers)
    payments = tuple(
        replace(paid(draw(sums), draw(days), f"p{n}"), invoice=draw(named), order=draw(st.sampled_from(["", "principal"])))
        for n in range(draw(st.integers(0, 4)))
    )
    notes = tuple(
        CreditNoted(at=at(FIRST), by="x", number=f"AV-{n}", invoice=draw(st.sampled_from(numbers)), amount=draw(sums), on=draw(days), retroactive=draw(st.booleans()))
        for n in range(draw(st.integers(0, 2)))
    )  # fmt: skip
    returned = tuple(
        PaymentReturned(at=at(FIRST), by="x", payment=payment.payment, on=payment.on)
        for payment in payments
        if draw(st.integers(0, 4)) == 0
    )
    return Claim(
        regime=regime,
        invoices=invoices,
        payments=payments,
        returned=returned,
        credit_notes=notes,
        creditor_kind=creditor_kind,
        debtor_country=debtor_country,
        formal_notice_on=draw(st.none() | days),
        stopped_on=draw(st.none() | days),
        compound=draw(st.booleans()),
        settings=Settings(draw(choices)),
    )


@given(claims(), days)
def test_the_lines_add_up_to_the_balance(claim: Claim, on: date) -> None:
    owed = statement(claim, on)
    assert sum(line.amount for line in owed.lines) == owed.balance
    assert owed.balance == owed.principal + owed.interest + owed.indemnity + owed.penalty + owed.cost - owed.paid - owed.waived
    assert all(line.amount == line.amount.quantize(Decimal("0.01")) for line in owed.lines)


@given(claims(), days)
def test_every_cent_of_a_payment_settles_something_or_is_held(claim: Claim, on: date) -> None:
    """What each payment settled never exceeds it, and what is left of all of them is what nothing was owed for."""
    owed = statement(replace(claim, credit_notes=()), on)
    shared: dict[str, Decimal] = {}
    for share in owed.shares:
        assert min(share.interest, share.principal, share.indemnity) >= 0
        shared[share.payment] = shared.get(share.payment, Decimal(0)) + share.interest + share.principal + share.indemnity
    back = {returned.payment for returned in claim.returned if returned.on <= on}
    kept = {payment.payment: payment.amount for payment in claim.payments if payment.on <= on and payment.payment not in back}
    assert all(amount <= kept[payment] for payment, amount in shared.items())
    assert sum(kept.values()) == owed.paid
    held = owed.paid - sum(shared.values())
    left = owed.balance + held  # what is still owed once the money that settled nothing is put aside
    assert left >= 0
    if not any(payment.invoice for payment in claim.payments):
        assert held == 0 or left == 0


@given(claims(), days)
def test_a_payment_that_came_back_was_never_made(claim: Claim, on: date) -> None:
    back = {returned.payment for returned in claim.returned}
    never = replace(claim, payments=tuple(each for each in claim.payments if each.payment not in back), returned=())
    one, other = statement(claim, on), statement(never, on)
    assert (one.principal, one.interest, one.indemnity, one.paid, one.balance) == (other.principal, other.interest, other.indemnity, other.paid, other.balance)  # fmt: skip
    assert one.shares == other.shares


@given(claims(), days, st.randoms())
def test_the_order_in_which_things_were_told_changes_nothing(claim: Claim, on: date, chance: Any) -> None:
    def shuffled(told: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(told, len(told)))

    told = replace(claim, invoices=shuffled(claim.invoices), payments=shuffled(claim.payments), credit_notes=shuffled(claim.credit_notes))
    one, other = statement(claim, on), statement(told, on)
    assert (one.principal, one.interest, one.indemnity, one.penalty, one.paid, one.balance) == (other.principal, other.interest, other.indemnity, other.penalty, other.paid, other.balance)  # fmt: skip


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
    for line in statement(replace(claim, compound=False), on).lines:
        if line.kind == "interest":
            assert line.amount > 0
            assert line.base is not None
            assert line.invoice is not None
            assert 0 < line.base <= amounts[line.invoice]


@given(claims(), days, st.integers(0, 400))
def test_what_is_owed_never_shrinks_by_itself(claim: Claim, on: date, later: int) -> None:
    """Without a payment in between, a later day never owes less; rounding a longer segment may take back half a cent per line."""
    after = min(on + timedelta(days=later), LAST)
    credited = {note.invoice for note in claim.credit_notes}  # such an invoice may owe less than nothing on the day it falls due
    told = [*(each.on for each in claim.payments), *(each.on for each in claim.returned), *(each.on for each in claim.credit_notes)]
    if any(on < day <= after for day in (*told, *(each.due for each in claim.invoices if each.number in credited))):
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
    one_day = tuple(replace(payment, on=on) for payment in claim.payments)
    found = set()
    for order in list(permutations(one_day))[:6]:
        owed = statement(replace(claim, payments=order, returned=()), LAST)
        found.add((owed.principal, owed.interest, owed.indemnity, owed.paid, owed.balance))
    assert len(found) == 1
