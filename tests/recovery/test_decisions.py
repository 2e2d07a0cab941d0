"""What we answer to a request: events, or a refusal with the sentence shown and its field."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from recovery import decisions, payments
from recovery.amounts import as_of, claim_of, statement
from recovery.case import Case, fold
from recovery.events import (
    AnyEvent,
    CaseClosed,
    CreditorDecided,
    DisputeRaised,
    DisputeSettled,
    InterestWaived,
    LetterPosted,
    PaymentReceived,
    PromiseMade,
    StepApproved,
    StepBlocked,
    StepDecided,
    StepTaken,
)
from recovery.ladder import Do, Rest, next_move
from recovery.refusals import CaseAlreadyClosed, Invalid, NothingToDo, PaymentInTheFuture, PaymentTooLarge, Refusal
from recovery.work import tasks
from tests.cases import CREDITOR, STAFF, TUESDAY, at, climbed, ended, opening


def day(n: int) -> date:
    return TUESDAY + timedelta(days=n)


def moment(n: int) -> datetime:
    return at(day(n), "11:00")


def kinds(events: list[AnyEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def refused(kind: type[Refusal], field: str | None = None) -> Any:
    class Expect:
        def __enter__(self) -> None:
            pass

        def __exit__(self, _: Any, error: BaseException | None, __: Any) -> bool:
            assert isinstance(error, kind), error
            assert error.field == field
            assert error.message.endswith(".")
            return True

    return Expect()


CLOSED = CaseClosed(at=moment(5), by=STAFF, reason="stopped")

# ------------------------------------------------------------------------------------------------ payments


def pay(events: list[AnyEvent], amount: str | Decimal, on: int, *, id: str = "p1", read_on: int | None = None) -> list[AnyEvent]:
    return payments.record_payment(
        fold(events), Decimal(amount), day(on), payment=id, means="transfer", by=STAFF, at=moment(on if read_on is None else read_on)
    )


def owed(events: list[AnyEvent], on: int) -> Decimal:
    return statement(claim_of(fold(events)), day(on)).balance


def test_a_part_payment_is_recorded_and_the_case_goes_on() -> None:
    assert kinds(pay(climbed("second_letter"), "500.00", 12)) == ["PaymentReceived"]


def test_the_balance_of_the_day_closes_the_case() -> None:
    events = climbed("second_letter")
    received, closed = pay(events, owed(events, 12), 12)
    assert isinstance(received, PaymentReceived)
    assert isinstance(closed, CaseClosed)
    assert closed.reason == "paid"
    after = fold([*events, received, closed])
    assert statement(claim_of(after), as_of(after, day(300))).balance == 0


def test_one_cent_less_does_not() -> None:
    events = climbed("second_letter")
    assert kinds(pay(events, owed(events, 12) - Decimal("0.01"), 12)) == ["PaymentReceived"]


def letter_total(events: list[AnyEvent]) -> Decimal:
    total = fold(events).letters[-1].total
    assert total is not None
    return total


def with_letter() -> list[AnyEvent]:
    """The first letter left on day 1 with the balance of that day; it gives until day 6."""
    checked = climbed("first_letter")
    return [*checked, *ended("first_letter", day(1), total=str(owed(checked, 1)))]


def test_the_exact_total_of_the_last_letter_within_its_date_has_paid() -> None:
    events = with_letter()
    received, waived, closed = pay(events, letter_total(events), 5)
    assert isinstance(received, PaymentReceived)
    assert isinstance(waived, InterestWaived)
    assert isinstance(closed, CaseClosed)
    assert waived.amount == owed(events, 5) - letter_total(events) > 0
    assert waived.reason == "Total de notre lettre du 2 septembre 2026 payé dans son délai"
    after = fold([*events, received, waived, closed])
    assert statement(claim_of(after), as_of(after, day(300))).balance == 0


def test_on_the_last_day_still_the_day_after_no_more() -> None:
    events = with_letter()
    assert kinds(pay(events, letter_total(events), 6))[-1] == "CaseClosed"
    assert kinds(pay(events, letter_total(events), 7)) == ["PaymentReceived"]


def test_received_in_time_and_read_late_it_has_paid_too() -> None:
    events = with_letter()
    assert kinds(pay(events, letter_total(events), 6, read_on=20))[-1] == "CaseClosed"


def test_in_two_payments_that_add_up_it_has_paid() -> None:
    events = with_letter()
    first = pay(events, "200.00", 3)
    assert kinds(first) == ["PaymentReceived"]
    assert kinds(pay([*events, *first], letter_total(events) - 200, 5, id="p2"))[-1] == "CaseClosed"


def test_a_payment_the_letter_had_already_counted_is_not_counted_twice() -> None:
    """Received on the day of the letter and known before it: its total is already less that payment."""
    checked = climbed("first_letter")
    before = [*checked, PaymentReceived(at=at(day(1), "08:50"), by=STAFF, payment="p0", amount=Decimal("100.00"), on=day(1))]
    events = [*before, *ended("first_letter", day(1), total=str(owed(before, 1)))]
    assert kinds(pay(events, letter_total(events), 5, id="p1"))[-1] == "CaseClosed"


def test_a_payment_the_letter_did_not_know_yet_counts() -> None:
    """Received on the day of the letter, read on the bank statement two days later."""
    events = with_letter()
    known_later = pay(events, "100.00", 1, id="p0", read_on=3)
    assert kinds(pay([*events, *known_later], letter_total(events) - 100, 5, id="p1"))[-1] == "CaseClosed"


def test_the_same_payment_twice_is_one() -> None:
    events = climbed("second_letter")
    once = pay(events, "500.00", 12)
    assert pay([*events, *once], "500.00", 12) == []
    paid = pay(events, owed(events, 12), 12)
    assert pay([*events, *paid], owed(events, 12), 12) == []  # even when it closed the case


def test_more_than_is_owed_is_refused_with_the_sum() -> None:
    events = climbed("second_letter")
    with refused(PaymentTooLarge, "amount"):
        pay(events, owed(events, 12) + Decimal("0.01"), 12)
    with pytest.raises(PaymentTooLarge, match=r"1.282,16"):
        pay(events, "9999.00", 12)


def test_an_older_payment_read_after_a_newer_one_is_counted_with_it() -> None:
    events = climbed("visit")
    newer = pay(events, "1000.00", 25, id="p1")
    rest = owed([*events, *newer], 25)
    with refused(PaymentTooLarge, "amount"):
        pay([*events, *newer], "900.00", 12, id="p2", read_on=26)
    part = pay([*events, *newer], rest - 50, 12, id="p2", read_on=26)
    assert kinds(part) == ["PaymentReceived"]
    left = owed([*events, *newer, *part], 25)
    assert 0 < left < 50  # less interest has run since the older one
    for cents_less in range(100):  # what closes the case is what leaves nothing on the day of the newer payment
        amount = rest - 50 + left - Decimal(cents_less) / 100
        try:
            whole = pay([*events, *newer], amount, 12, id="p2", read_on=26)
        except PaymentTooLarge:
            continue
        assert kinds(whole) == ["PaymentReceived", "CaseClosed"]
        assert owed([*events, *newer, *whole[:1]], 25) == 0
        return
    raise AssertionError("no sum closes the case")


@pytest.mark.parametrize(("amount", "on", "kind", "field"), [
    ("0.00", 12, Invalid, "amount"),
    ("-5.00", 12, Invalid, "amount"),
    ("5.00", 13, PaymentInTheFuture, "on"),
    ("5.00", -1, Invalid, "on"),
])  # fmt: skip
def test_a_wrong_payment_is_refused_by_its_field(amount: str, on: int, kind: type[Refusal], field: str) -> None:
    with refused(kind, field):
        pay(climbed("second_letter"), amount, on, read_on=12)


def printed() -> list[AnyEvent]:
    """A first letter in the hands of the person who posts, with five days to answer."""
    decided = StepDecided(
        at=moment(1), by="machine", step="first_letter", due=day(1), answer_by=day(6), total=Decimal("1250.00"), reference="R-1"
    )
    return [*climbed("first_letter"), decided, StepTaken(at=moment(1), by="machine", step="first_letter", receipt="post/x")]


def test_a_letter_not_yet_posted_is_made_again_when_what_it_says_is_no_longer_true() -> None:
    assert kinds(pay(printed(), "5.00", 2)) == ["PaymentReceived", "LetterWithdrawn"]
    disputed = [*printed(), DisputeRaised(at=moment(2), by="debtor", reason="x")]
    settled = decisions.settle_dispute(fold(disputed), "rejected", note=None, by=STAFF, at=moment(3))
    assert kinds(settled) == ["DisputeSettled", "LetterWithdrawn"]
    again = next_move(fold([*disputed, *settled]), moment(3))
    assert isinstance(again, Do)
    assert (again.step, again.how) == ("first_letter", "send")
    posted = [*printed(), LetterPosted(at=moment(2), by=STAFF, step="first_letter", on=day(2))]
    assert kinds(pay(posted, "5.00", 3)) == ["PaymentReceived"]


def test_a_letter_whose_date_has_passed_is_remade_rather_than_posted() -> None:
    with refused(Invalid, "on"):
        decisions.mark_posted(fold(printed()), "first_letter", day(6), None, by=STAFF, at=moment(6))
    remade = decisions.remake(fold(printed()), "first_letter", by=STAFF, at=moment(6))
    assert kinds(remade) == ["LetterWithdrawn"]
    with refused(NothingToDo):
        decisions.remake(fold([*printed(), *remade]), "first_letter", by=STAFF, at=moment(6))
    with refused(NothingToDo):
        decisions.remake(fold(printed()), "receipt:p1", by=STAFF, at=moment(6))


def test_a_receipt_that_is_stuck_outlives_its_case() -> None:
    paid = climbed("first_letter")
    paid += pay(paid, owed(paid, 0), 0)
    stuck = [*paid, StepBlocked(at=moment(0), by="machine", step="receipt:p1", reason="x")]
    (waiting,) = tasks(fold(stuck))
    assert (waiting.kind, waiting.step) == ("blocked", "receipt:p1")
    assert kinds(decisions.approve(fold(stuck), "receipt:p1", by=STAFF, at=moment(1))) == ["StepApproved"]


def test_a_paid_case_takes_no_payment_a_stopped_disputed_or_handed_over_one_does() -> None:
    settled = climbed("second_letter")
    settled += pay(settled, owed(settled, 11), 11)
    with refused(CaseAlreadyClosed):
        pay(settled, "5.00", 12, id="p2")
    stopped = climbed("second_letter")
    stopped += decisions.decide(fold(stopped), "stop", None, by=CREDITOR, at=moment(11))
    assert kinds(pay(stopped, "5.00", 12)) == ["PaymentReceived"]  # a receipt is owed all the same (INV-07)
    disputed = [*climbed("second_letter"), DisputeRaised(at=moment(11), by="debtor", reason="x")]
    assert kinds(pay(disputed, "5.00", 12)) == ["PaymentReceived"]
    legal = [*climbed("end"), CreditorDecided(at=moment(64), by=CREDITOR, choice="legal")]
    assert kinds(pay(legal, owed(legal, 65), 65)) == ["PaymentReceived", "CaseClosed"]


# ------------------------------------------------------------------------------------------------ approve, report, post


def approve(events: list[AnyEvent], step: str = "formal_notice", n: int = 40) -> list[AnyEvent]:
    return decisions.approve(fold(events), step, by=STAFF, at=moment(n))


def test_a_letter_is_approved_once_when_its_turn_has_come() -> None:
    events = climbed("formal_notice")
    assert kinds(approve(events)) == ["StepApproved"]
    assert approve([*events, *approve(events)]) == []
    with refused(NothingToDo):
        approve(climbed("visit"))
    with refused(NothingToDo):
        approve(events, "second_letter")
    with refused(CaseAlreadyClosed):
        approve([*events, CLOSED])
    with refused(NothingToDo):
        approve([*events, DisputeRaised(at=moment(35), by="debtor", reason="x")])


def test_what_was_blocked_is_tried_again_when_a_person_says_so() -> None:
    """A rate that was not published yet, a profile that was incomplete: there is no address to correct."""
    blocked = [*climbed("first_letter"), StepBlocked(at=moment(1), by="machine", step="first_letter", reason="x")]
    assert kinds(approve(blocked, "first_letter")) == ["StepApproved"]
    read = [*climbed("formal_notice"), StepApproved(at=moment(40), by=STAFF, step="formal_notice")]
    again = [*read, StepBlocked(at=moment(48), by="machine", step="formal_notice", reason="x")]
    assert kinds(approve(again)) == ["StepApproved"]
    assert fold([*again, *approve(again)]).step("formal_notice").blocked is None


def call(events: list[AnyEvent], outcome: str = "talked", n: int = 10, step: str = "first_call", **other: Any) -> list[AnyEvent]:
    given = {"note": None, "until": None, "amount": None} | other
    return decisions.report(fold(events), step, outcome, by="staff:yann", at=moment(n), **given)


def handed(step: str = "first_call", n: int = 10) -> list[AnyEvent]:
    return [*climbed(step), StepDecided(at=at(day(n)), by="machine", step=step, due=day(n))]


@pytest.mark.parametrize("outcome", ["no_answer", "wrong_number", "talked", "refusal", "paid_claimed"])
def test_a_call_is_reported(outcome: str) -> None:
    (taken,) = call(handed(), outcome, note="h")
    assert isinstance(taken, StepTaken)
    assert (taken.outcome, taken.note, taken.step) == (outcome, "h", "first_call")


def test_a_promise_and_a_dispute_follow_from_what_was_said() -> None:
    taken, promise = call(handed(), "promise", until=day(20), amount=Decimal("300.00"))
    assert isinstance(taken, StepTaken)
    assert promise == PromiseMade(at=moment(10), by="staff:yann", until=day(20), amount=Decimal("300.00"))
    taken, dispute = call(handed(), "dispute", note="h")
    assert dispute == DisputeRaised(at=moment(10), by="staff:yann", reason="said_to_us", note="h")


@pytest.mark.parametrize(("until", "amount", "field"), [
    (None, None, "until"),
    (day(9), None, "until"),
    (date(2206, 9, 20), None, "until"),  # a slip of two keys must not put a case to sleep for ever
    (day(10), Decimal("0.00"), "amount"),
    (day(10), Decimal("-3.00"), "amount"),
])  # fmt: skip
def test_a_promise_needs_a_date_to_come_within_the_year(until: date | None, amount: Decimal | None, field: str) -> None:
    with refused(Invalid, field):
        call(handed(), "promise", until=until, amount=amount)


def test_a_promise_for_today_is_a_promise() -> None:
    assert kinds(call(handed(), "promise", until=day(10))) == ["StepTaken", "PromiseMade"]


def test_only_what_stands_in_the_work_list_is_reported() -> None:
    with refused(NothingToDo):
        call(climbed("first_call"))  # its day has not come
    with refused(NothingToDo):
        call([*handed(), *call(handed())])  # a double click, or somebody else did it
    with refused(NothingToDo):
        call(handed(), step="second_letter")
    with refused(NothingToDo):
        call(handed(), step="nothing")
    with refused(NothingToDo):
        call([*handed(), DisputeRaised(at=moment(10), by="debtor", reason="x")])
    with refused(CaseAlreadyClosed):
        call([*handed(), CLOSED])
    with refused(Invalid, "outcome"):
        call(handed(), "shouted")
    with refused(Invalid, "outcome"):
        call(handed(), "absent")  # that is said of a visit
    assert kinds(call(handed("visit", 34), "absent", 34, "visit")) == ["StepTaken"]


def posted(events: list[AnyEvent], on: int, n: int | None = None, number: str | None = None) -> list[AnyEvent]:
    at_ = moment(on if n is None else n)
    return decisions.mark_posted(fold(events), "first_letter", day(on), number, by=STAFF, at=at_)


def test_the_dispatch_of_a_printed_letter_is_recorded_once() -> None:
    printed = [*climbed("first_letter"), *ended("first_letter", day(1))[:-1]]
    (recorded,) = posted(printed, 2, number="1A 2")
    assert (recorded.on, recorded.number) == (day(2), "1A 2")  # type: ignore[union-attr]
    assert posted([*printed, recorded], 3) == []
    with refused(NothingToDo):
        posted(climbed("first_letter"), 1)
    with refused(Invalid, "on"):
        posted(printed, 3, n=2)


def test_what_was_really_posted_is_recorded_even_once_the_case_is_closed() -> None:
    printed = [*climbed("first_letter"), *ended("first_letter", day(1))[:-1], CLOSED]
    assert kinds(posted(printed, 2)) == ["LetterPosted"]


def test_a_letter_cannot_have_been_posted_before_it_was_printed() -> None:
    printed = [*climbed("first_letter"), *ended("first_letter", day(1))[:-1]]
    with refused(Invalid, "on"):
        posted(printed, 0, n=2)


# ------------------------------------------------------------------------------------------------ disputes, visits, corrections


def settle(events: list[AnyEvent], outcome: str) -> list[AnyEvent]:
    return decisions.settle_dispute(fold(events), outcome, note=None, by=STAFF, at=moment(20))


def test_a_dispute_is_settled_in_one_of_three_ways() -> None:
    disputed = [*climbed("second_letter"), DisputeRaised(at=moment(11), by="debtor", reason="x")]
    assert kinds(settle(disputed, "rejected")) == kinds(settle(disputed, "withdrawn")) == ["DisputeSettled"]
    settled, closed = settle(disputed, "upheld")
    assert isinstance(settled, DisputeSettled)
    assert isinstance(closed, CaseClosed)
    assert closed.reason == "upheld"
    with refused(Invalid, "outcome"):
        settle(disputed, "forgotten")
    with refused(NothingToDo):
        settle(climbed("second_letter"), "rejected")
    with refused(NothingToDo):
        settle([*disputed, *settle(disputed, "rejected")], "rejected")


def consent(events: list[AnyEvent], who: str) -> list[AnyEvent]:
    return decisions.consent_to_visit(fold(events), who, by=STAFF, at=moment(20))


def test_a_consent_is_recorded_once_for_each() -> None:
    events = climbed("second_letter")
    assert kinds(consent(events, "debtor")) == ["VisitConsented"]
    both = [*events, *consent(events, "debtor")]
    assert consent(both, "debtor") == []
    assert kinds(consent(both, "creditor")) == ["VisitConsented"]
    with refused(Invalid, "who"):
        consent(events, "neighbour")
    with refused(CaseAlreadyClosed):
        consent([*events, CLOSED], "debtor")


def test_a_correction_names_fields_and_no_value() -> None:
    case = fold(climbed("second_letter"))
    (corrected,) = decisions.correct_debtor(case, ("name", "line1"), by=STAFF, at=moment(12))
    assert corrected.what == ("name", "line1")  # type: ignore[union-attr]
    assert decisions.correct_debtor(case, (), by=STAFF, at=moment(12)) == []
    with refused(CaseAlreadyClosed):
        decisions.correct_debtor(fold([*climbed("second_letter"), CLOSED]), ("name",), by=STAFF, at=moment(12))


# ------------------------------------------------------------------------------------------------ the creditor


def choose(case: Case, choice: str, until: date | None = None, n: int = 63) -> list[AnyEvent]:
    return decisions.decide(case, choice, until, by=CREDITOR, at=moment(n))


def test_the_creditor_stops_waits_or_hands_over() -> None:
    case = fold(climbed("end"))
    assert kinds(choose(case, "stop")) == ["CreditorDecided", "CaseClosed"]
    assert kinds(choose(case, "legal")) == ["CreditorDecided"]
    (waits,) = choose(case, "wait", day(90))
    assert waits.until == day(90)  # type: ignore[union-attr]


def test_a_date_that_comes_with_another_choice_says_nothing() -> None:
    (legal,) = choose(fold(climbed("end")), "legal", day(90))
    assert legal.until is None  # type: ignore[union-attr]


def test_to_wait_until_a_day_off_is_to_wait_until_the_next_working_day() -> None:
    """What is recorded, shown and e-mailed is the day on which the question comes."""
    (waits,) = choose(fold(climbed("end")), "wait", date(2026, 11, 28))
    assert waits.until == date(2026, 11, 30)  # type: ignore[union-attr]


@pytest.mark.parametrize("until", [None, day(63), day(10), day(63 + 366)])
def test_to_wait_needs_a_date_to_come_within_the_year(until: date | None) -> None:
    with refused(Invalid, "until"):
        choose(fold(climbed("end")), "wait", until)


def test_a_decision_is_taken_once_and_only_when_asked() -> None:
    events = climbed("end")
    with refused(NothingToDo):
        choose(fold(climbed("creditor_decision")), "legal")
    with refused(NothingToDo):
        choose(fold([*events, *choose(fold(events), "legal")]), "wait", day(90))
    with refused(NothingToDo):
        choose(fold([*events, *choose(fold(events), "wait", day(90))]), "legal")
    with refused(Invalid, "choice"):
        choose(fold(events), "sue")
    with refused(NothingToDo):
        choose(fold([*events, DisputeRaised(at=moment(63), by="debtor", reason="x")]), "legal")


def test_the_creditor_stops_whenever_they_like_without_being_asked() -> None:
    early = climbed("first_call")
    disputed = [*early, DisputeRaised(at=moment(12), by="debtor", reason="x")]
    for events in (opening(), early, disputed, climbed("end")):
        stopped = choose(fold(events), "stop")
        assert kinds(stopped) == ["CreditorDecided", "CaseClosed"]
        with refused(CaseAlreadyClosed):
            choose(fold([*events, *stopped]), "stop")


def test_a_dispute_may_come_on_any_day_and_stops_the_ladder_once() -> None:
    raised = decisions.raise_dispute(fold(climbed("second_letter")), note=None, by="staff:ines", at=moment(12))
    assert kinds(raised) == ["DisputeRaised"]
    disputed = fold([*climbed("second_letter"), *raised])
    assert isinstance(next_move(disputed, moment(60)), Rest)
    with refused(NothingToDo):
        decisions.raise_dispute(disputed, note=None, by="staff:ines", at=moment(13))
    with refused(CaseAlreadyClosed):
        decisions.raise_dispute(fold([*opening(), *choose(fold(opening()), "stop")]), note=None, by="staff:ines", at=moment(3))


# ------------------------------------------------------------------------------------------------ opening


def test_a_case_opens_with_its_mandate_its_confirmed_address_and_a_known_creditor() -> None:
    assert kinds(opening()) == ["CaseOpened", "MandateAccepted", "EmailConfirmed", "CreditorVerified"]
    assert fold(opening()).policy == "professional"
    assert fold(opening(regime="b2c")).policy == "consumer"


def test_every_decision_can_be_asked_again_of_the_same_case() -> None:
    """Two people write at once: the second decision is computed again from the same values."""
    events = with_letter()
    assert pay(events, letter_total(events), 5) == pay(events, letter_total(events), 5)
    assert call(handed(), "talked") == call(handed(), "talked")
