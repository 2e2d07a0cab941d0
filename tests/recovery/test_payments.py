"""Money that comes, comes back, or is credited: the requests, and the case after them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from recovery import payments
from recovery.amounts import as_of, claim_of, statement
from recovery.case import fold
from recovery.events import AnyEvent, CaseClosed, PaymentReceived, StepTaken
from recovery.fees import remittances
from recovery.ladder import Do, next_move
from recovery.refusals import CaseAlreadyClosed, Invalid, NothingToDo
from tests.cases import STAFF, TUESDAY, at, climbed, invoice

ON = date(2026, 9, 21)
DAY = timedelta(days=1)
TWO = (invoice(), invoice("F-102", date(2026, 7, 1), "300.00"))


def journal(*invoices: Any) -> list[AnyEvent]:
    return climbed("first_call", TUESDAY, *invoices)


def received(events: list[AnyEvent], amount: str, **more: Any) -> list[AnyEvent]:
    asked = {"payment": "p1", "on": ON, "means": "transfer", "by": STAFF, "at": at(ON)} | more
    return [*events, *payments.record_payment(fold(events), Decimal(amount), **asked)]


def credited(events: list[AnyEvent], amount: str = "100.00", **more: Any) -> list[AnyEvent]:
    asked = {"number": "AV-1", "invoice": None, "on": ON, "retroactive": True, "document": None, "by": STAFF, "at": at(ON)} | more
    return [*events, *payments.credit(fold(events), amount=Decimal(amount), **asked)]


def test_the_debtor_chooses_the_invoice_and_may_pay_under_protest() -> None:
    case = fold(received(journal(*TWO), "300.00", invoice="F-102", acknowledges=False))
    assert (case.payments[0].invoice, case.payments[0].acknowledges) == ("F-102", False)
    (share,) = statement(claim_of(case), ON).shares
    assert share.invoice == "F-102"
    with pytest.raises(Invalid, match="F-101, F-102") as refused:
        received(journal(*TWO), "10.00", invoice="F-999")
    assert refused.value.field == "invoice"


def test_what_the_creditor_had_before_the_opening_is_told_later_and_bears_no_fee() -> None:
    opened = fold(journal(invoice())).opened_on
    case = fold(received(journal(invoice()), "300.00", on=opened - DAY, means="direct"))
    alike = fold(received(journal(invoice()), "300.00", on=opened, means="direct"))
    assert statement(claim_of(case), ON).balance < statement(claim_of(alike), ON).balance, "a day less of interest on what was paid"
    (line,) = remittances(case)
    assert (line.fee.collected, line.fee.gross, line.fee.remitted) == (Decimal("300.00"), Decimal(0), Decimal(0))
    assert remittances(alike)[0].fee.gross > 0


def test_what_the_debtor_owed_before_the_opening_paid_then_closes_the_case() -> None:
    opened = fold(journal(invoice())).opened_on
    owed = statement(claim_of(fold(journal(invoice()))), opened - DAY).balance
    assert fold(received(journal(invoice()), str(owed), on=opened - DAY, means="direct")).status == "closed"


@pytest.mark.parametrize(
    ("more", "words"), [({"means": "transfer"}, "Payé au créancier"), ({"means": "direct", "on": invoice().issued - DAY}, "acompte")]
)
def test_a_payment_of_before_the_opening_went_to_the_creditor_and_after_the_invoice(more: dict[str, Any], words: str) -> None:
    opened = fold(journal(invoice())).opened_on
    with pytest.raises(Invalid, match=words) as refused:
        received(journal(invoice()), "10.00", **({"on": opened - DAY} | more))
    assert refused.value.field == "on"


def test_a_case_paid_in_full_opens_again_when_its_payment_comes_back_and_the_fee_is_given_back() -> None:
    events = journal(invoice())
    owed = statement(claim_of(fold(events)), ON).balance
    paid = received(events, str(owed))
    assert fold(paid).status == "closed"
    after = [*paid, StepTaken(at=at(ON), by="machine", step="receipt:p1")]
    after += payments.return_payment(fold(after), "p1", date(2026, 9, 24), "provision insuffisante", by=STAFF, at=at(date(2026, 9, 24)))
    case = fold(after)
    assert (case.status, case.closed) == ("open", None)
    assert statement(claim_of(case), ON).paid == owed
    assert statement(claim_of(case), date(2026, 9, 24)).paid == 0
    assert sum(line.fee.remitted for line in remittances(case)) == sum(line.fee.net for line in remittances(case)) == 0
    move = next_move(case, at(date(2026, 9, 24), "11:00"))
    assert isinstance(move, Do)
    assert (move.step, move.how) == ("returned:p1", "send")  # whoever holds a receipt is told first
    assert payments.return_payment(case, "p1", date(2026, 9, 24), "", by=STAFF, at=at(date(2026, 9, 25))) == []
    with pytest.raises(NothingToDo):
        payments.return_payment(case, "p9", ON, "", by=STAFF, at=at(ON))


def test_an_older_payment_learned_after_another_came_back_counts_without_it() -> None:
    events = received(journal(invoice()), str(statement(claim_of(fold(journal(invoice()))), ON).balance))
    back, between = date(2026, 9, 28), date(2026, 9, 24)
    events += payments.return_payment(fold(events), "p1", back, "", by=STAFF, at=at(back))
    never = statement(claim_of(fold(journal(invoice()))), between).balance
    again = received(events, str(never), payment="p2", on=between, at=at(back))
    assert fold(again).status == "closed"
    assert statement(claim_of(fold(again)), as_of(fold(again), date(2026, 10, 5))).balance == 0
    assert fold(received(events, "500.00", payment="p2", on=between, at=at(back))).status == "open"


def test_what_was_given_up_for_a_payment_is_claimed_again_when_it_comes_back() -> None:
    events = climbed("reminder", TUESDAY, invoice())
    paid = [
        *events,
        *payments.record_payment(
            fold(events), Decimal("1260.00"), date(2026, 9, 4), payment="p1", means="cheque", by=STAFF, at=at(date(2026, 9, 4))
        ),
    ]
    assert fold(paid).waived
    back = [*paid, *payments.return_payment(fold(paid), "p1", date(2026, 9, 9), "", by=STAFF, at=at(date(2026, 9, 9)))]
    assert fold(back).waived == ()


def test_money_that_came_back_before_its_receipt_has_none() -> None:
    events = received(journal(invoice()), "100.00")
    events += payments.return_payment(fold(events), "p1", ON, "", by=STAFF, at=at(ON))
    move = next_move(fold(events), at(ON, "11:00"))
    assert not (isinstance(move, Do) and move.step.startswith(("receipt", "returned")))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"number": ""}, "number"),
        ({"amount": "0.00"}, "amount"),
        ({"amount": "1200.01"}, "amount"),
        ({"on": date(2026, 12, 1)}, "on"),
        ({"on": date(2026, 1, 1)}, "on"),
        ({"invoice": "F-9"}, "invoice"),
    ],
)
def test_a_credit_note_that_cannot_be_is_refused_by_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        credited(journal(invoice()), **({"amount": "100.00"} | more))
    assert refused.value.field == field


def test_a_credit_note_names_its_invoice_when_there_are_several() -> None:
    with pytest.raises(Invalid) as refused:
        credited(journal(*TWO))
    assert refused.value.field == "invoice"
    assert fold(credited(journal(*TWO), invoice="F-102")).credit_notes[0].invoice == "F-102"


def test_a_credit_note_lowers_the_sum_and_bears_no_fee() -> None:
    events = journal(invoice())
    before, after = statement(claim_of(fold(events)), ON), statement(claim_of(fold(credited(events))), ON)
    assert before.principal - after.principal == 100
    assert remittances(fold(credited(events))) == ()
    assert (
        payments.credit(fold(credited(events)), "AV-1", None, Decimal("100.00"), ON, retroactive=True, document=None, by=STAFF, at=at(ON))
        == []
    )
    with pytest.raises(Invalid, match="Un avoir de ce numéro"):
        credited(credited(events), "50.00")


def test_a_credit_note_of_the_whole_closes_the_case() -> None:
    events = credited(journal(invoice()), "1200.00")
    assert isinstance(events[-1], CaseClosed)
    assert fold(events).closed.reason == "credited"  # type: ignore[union-attr]
    with pytest.raises(CaseAlreadyClosed):
        credited(events, number="AV-2")


def test_a_credit_note_of_one_invoice_dated_before_the_other_fell_due_closes_nothing() -> None:
    case = fold(credited(journal(*TWO), "1200.00", invoice="F-101", on=date(2026, 6, 2)))
    assert case.status == "open"
    assert statement(claim_of(case), ON).principal == 300


def test_a_credit_note_given_later_leaves_the_interest_of_before() -> None:
    case = fold(credited(journal(invoice()), "1200.00", retroactive=False))
    assert case.status == "open"
    owed = statement(claim_of(case), ON)
    assert owed.principal == 0 < owed.interest


def test_a_receipt_is_a_payment_like_another() -> None:
    assert isinstance(received(journal(invoice()), "10.00")[-1], PaymentReceived)
