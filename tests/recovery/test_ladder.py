"""What now? Every constraint of the ladder, on a case opened on a Tuesday without a holiday in the way."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.case import fold
from recovery.days import is_working_day, today
from recovery.events import (
    AnyEvent,
    CaseClosed,
    CreditorDecided,
    DebtorCorrected,
    DisputeRaised,
    DisputeSettled,
    LetterPosted,
    LetterWithdrawn,
    PaymentReceived,
    PromiseMade,
    StepApproved,
    StepBlocked,
    StepDecided,
    StepSkipped,
    StepTaken,
    VisitConsented,
)
from recovery.french import PARIS
from recovery.ladder import POLICY_OF, Do, Over, Rest, current, next_move, plan, policies, schedule, waits_for_creditor
from recovery.refusals import Refusal
from tests.cases import CREDITOR, STAFF, TUESDAY, at, climbed, ended, invoice, opened, opening
from tests.stories.player import Player

DAYS = {
    "checks": 0,
    "first_letter": 1,
    "reminder": 6,
    "first_call": 10,
    "second_letter": 20,
    "visit": 34,
    "formal_notice": 48,
    "last_call": 56,
    "creditor_decision": 63,
}


def day(n: int) -> date:
    return TUESDAY + timedelta(days=n)


def asked(events: list[AnyEvent], on: date, clock: str = "09:00") -> Do | Rest | Over:
    return next_move(fold(events), at(on, clock))


# ------------------------------------------------------------------------------------------------ the policy


def test_the_days_of_the_quote_are_those_of_the_product() -> None:
    assert {planned.rung.id: (planned.on - TUESDAY).days for planned in plan("professional", TUESDAY)} == DAYS


def test_a_case_that_nothing_disturbs_climbs_on_those_days_at_nine() -> None:
    player = Player(opening(), at(TUESDAY, "08:30"))
    found: dict[str, int] = {}
    for n in range(70):
        player.until(at(day(n), "12:00"))
        waiting = current(player.case)
        if waiting and waiting.by_people and player.case.step(waiting.id).decided:
            player.decide("report", step=waiting.id, outcome="talked")
        if waiting and waiting.approval and not player.case.step(waiting.id).approved:
            player.decide("approve", step=waiting.id)
    for moment, move, _ in player.moves:
        found[move.step] = (today(moment) - TUESDAY).days
        assert moment.astimezone(PARIS).hour == (9 if move.step != "checks" else 8), move
    assert {step: n for step, n in found.items() if not step.endswith(":copy")} == DAYS
    assert found["first_letter:copy"] == DAYS["first_letter"]
    assert found["second_letter:copy"] == DAYS["second_letter"]


@pytest.mark.parametrize("policy", policies.values(), ids=lambda policy: policy.id)
def test_a_policy_begins_with_checks_then_the_r124_4_letter_and_ends_with_the_creditor(policy: object) -> None:
    rungs = policies[policy.id].rungs  # type: ignore[attr-defined]
    assert [rung.id for rung in rungs[:2]] == ["checks", "first_letter"]
    assert (rungs[-1].id, rungs[-1].by) == ("creditor_decision", "creditor")
    assert len({rung.id for rung in rungs}) == len(rungs)
    assert all(rung.channel != "none" for rung in rungs[1:])
    assert all(rung.answer for rung in rungs if rung.is_letter)
    assert {rung.channel for rung in rungs} <= {"none", "letter", "registered_letter", "e-mail", "telephone", "visit"}
    assert {rung.by for rung in rungs} <= {"machine", "phone department", "field agent", "creditor"}


def test_a_consumer_is_never_visited_and_has_fifteen_days_after_the_formal_notice() -> None:
    consumer = policies[POLICY_OF["b2c"]]
    assert consumer.rung("visit") is None
    notice = consumer.rung("formal_notice")
    assert notice is not None
    assert notice.answer == 15


def test_a_day_off_moves_the_rung_and_what_follows_counts_from_there() -> None:
    planned = {p.rung.id: p.on for p in plan("professional", date(2026, 12, 24))}
    assert planned["checks"] == date(2026, 12, 24)
    assert planned["first_letter"] == date(2026, 12, 28)  # the 25th is Christmas, then a weekend
    assert planned["reminder"] == date(2027, 1, 4)  # five days after: Saturday the 2nd
    assert planned["first_call"] == date(2027, 1, 8)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(sorted(policies)))
def test_no_rung_that_reaches_somebody_is_planned_on_a_day_off_or_before_an_answer_is_due(on: date, policy: str) -> None:
    answer = None
    planned = plan(policy, on)
    for before, after in itertools.pairwise(planned):
        assert after.on >= before.on
    for each in planned:
        assert each.rung.channel == "none" or is_working_day(each.on)
        assert answer is None or each.on >= answer
        answer = each.on + timedelta(days=each.rung.answer) if each.rung.answer else answer


# ------------------------------------------------------------------------------------------------ recorded dispatch, answer days


def test_checks_are_made_at_once_even_at_night() -> None:
    assert asked(opening(), TUESDAY, "03:00") == Do(step="checks", due=TUESDAY, how="send")


def test_nothing_leaves_before_the_recorded_dispatch_of_the_first_letter() -> None:
    unposted = climbed("first_letter") + ended("first_letter", day(1))[:-1]
    assert not isinstance(unposted[-1], LetterPosted)
    for n in (6, 30, 300):
        rest = asked(unposted, day(n))
        assert isinstance(rest, Rest)
        assert rest.until > at(day(n + 300))
    posted = [*unposted, LetterPosted(at=at(day(8)), by=STAFF, step="first_letter", on=day(8))]
    assert asked(posted, day(8)) == Do(step="first_letter:copy", due=day(8), how="send")


def test_the_next_rung_counts_from_the_recorded_dispatch() -> None:
    late = [*climbed("reminder")[:-1], LetterPosted(at=at(day(8)), by=STAFF, step="first_letter", on=day(7))]
    late.append(StepSkipped(at=at(day(8)), by="machine", step="first_letter:copy", reason="no_email"))
    rest = asked(late, day(8))
    assert rest == Rest(at(day(13)))  # five days after the seventh is Sunday the 13th: Monday


@pytest.mark.parametrize("letter", ["second_letter", "formal_notice"])
def test_an_unposted_letter_holds_every_later_rung(letter: str) -> None:
    events = [*climbed(letter), StepApproved(at=at(day(20)), by=STAFF, step=letter), *ended(letter, day(50))[:-1]]
    assert isinstance(asked(events + copies_of(events), day(200)), Rest)


def test_no_later_rung_before_the_day_the_letter_gave_to_answer() -> None:
    decided = StepDecided(
        at=at(day(1)), by="machine", step="first_letter", due=day(1), answer_by=day(29), total=Decimal("1260.00"), reference="RG-26-00001-1"
    )
    events = [
        *climbed("first_letter"),
        decided,
        StepTaken(at=at(day(1)), by="machine", step="first_letter"),
        LetterPosted(at=at(day(1)), by="machine", step="first_letter", on=day(1)),
        StepSkipped(at=at(day(1)), by="machine", step="first_letter:copy", reason="no_email"),
    ]
    assert asked(events, day(6)) == Rest(at(day(29)))


def test_the_last_call_waits_until_the_day_of_the_formal_notice_has_passed() -> None:
    decided, *rest = ended("formal_notice", day(50))
    assert isinstance(decided, StepDecided)
    approved = StepApproved(at=at(day(40)), by=STAFF, step="formal_notice")
    events = [*climbed("formal_notice"), approved, replace(decided, answer_by=day(62)), *rest]  # a Monday
    assert asked(events + copies_of(events), day(62)) == Rest(at(day(63)))


def copies_of(events: list[AnyEvent]) -> list[AnyEvent]:
    """Skips the e-mail copies, for tests that look at rungs."""
    posted = [event.step for event in events if isinstance(event, LetterPosted) and event.step != "formal_notice"]
    return [StepSkipped(at=at(TUESDAY), by="machine", step=f"{step}:copy", reason="no_email") for step in posted]


# ------------------------------------------------------------------------------------------------ promise, dispute, approval, consent


def test_a_promise_is_left_alone_until_five_days_after_its_date() -> None:
    events = climbed("second_letter")
    promised = [*events, *copies_of(events), PromiseMade(at=at(day(10)), by="staff:yann", until=day(27))]
    assert asked(promised, day(20)) == Rest(at(day(34)))  # day 32 is a Saturday
    assert day(32).weekday() == 5


def test_a_promise_that_comes_sooner_than_the_next_rung_changes_nothing() -> None:
    events = climbed("second_letter")
    promised = [*events, *copies_of(events), PromiseMade(at=at(day(10)), by="staff:yann", until=day(12))]
    assert asked(promised, day(12)) == Rest(at(day(20)))


@pytest.mark.parametrize("before", [step for step in DAYS if step not in ("checks",)])
def test_a_dispute_stops_every_rung_and_settled_lets_it_go_on(before: str) -> None:
    events = climbed(before)
    events += [*copies_of(events), StepApproved(at=at(day(1)), by=STAFF, step="formal_notice")]
    disputed = [*events, DisputeRaised(at=at(day(64)), by="debtor", reason="x")]
    assert isinstance(asked(disputed, day(100)), Rest)
    settled = [*disputed, DisputeSettled(at=at(day(70)), by=STAFF, outcome="rejected")]
    move = asked(settled, day(70))
    assert isinstance(move, Do)
    assert move.step == before


def test_a_copy_does_not_leave_during_a_dispute_but_a_receipt_does() -> None:
    events = [*climbed("reminder"), DisputeRaised(at=at(day(2)), by="debtor", reason="x")]
    assert isinstance(asked(events, day(3)), Rest)
    paid = PaymentReceived(at=at(day(3)), by=STAFF, payment="p1", amount=Decimal("10.00"), on=day(3))
    assert asked([*events, paid], day(3)) == Do(step="receipt:p1", due=day(3), how="send")


def test_a_letter_recorded_as_posted_in_the_evening_is_copied_by_e_mail_in_the_morning() -> None:
    events = [event for event in climbed("reminder") if not isinstance(event, LetterPosted)]
    late = [*events, LetterPosted(at=at(day(1), "20:30"), by=STAFF, step="first_letter", on=day(1))]
    assert next_move(fold(late), at(day(1), "20:31")) == Rest(at(day(2)))
    assert asked(late, day(2)) == Do(step="first_letter:copy", due=day(2), how="send")


def test_the_formal_notice_waits_for_approval_then_for_its_day() -> None:
    events = climbed("formal_notice")
    events += copies_of(events)
    assert isinstance(rest := asked(events, day(60)), Rest)
    assert rest.until > at(day(300))
    early = [*events, StepApproved(at=at(day(40)), by=STAFF, step="formal_notice")]
    assert asked(early, day(40)) == Rest(at(day(48)))
    assert asked(early, day(48)) == Do(step="formal_notice", due=day(48), how="send")


@pytest.mark.parametrize("who", [(), ("debtor",), ("creditor",)])
def test_without_both_consents_the_visit_is_skipped_on_its_day(who: tuple[str, ...]) -> None:
    events = climbed("visit")
    events += [*copies_of(events), *(VisitConsented(at=at(day(25)), by=STAFF, who=each) for each in who)]
    assert asked(events, day(33)) == Rest(at(day(34)))
    assert asked(events, day(34)) == Do(step="visit", due=day(34), how="skip", reason="no_consent")


def test_with_both_it_stands_in_the_work_list() -> None:
    events = climbed("visit")
    events += [*copies_of(events), *(VisitConsented(at=at(day(25)), by=STAFF, who=who) for who in ("debtor", "creditor"))]
    assert asked(events, day(34)) == Do(step="visit", due=day(34), how="hand")
    handed = [*events, StepDecided(at=at(day(34)), by="machine", step="visit", due=day(34))]
    assert isinstance(asked(handed, day(90)), Rest)


def test_a_skipped_rung_is_counted_from_the_day_it_was_planned() -> None:
    events = climbed("formal_notice", skip=("visit", "reminder"))
    assert {p.rung.id: (p.on - TUESDAY).days for p in schedule(fold(events), TUESDAY)} == DAYS


# ------------------------------------------------------------------------------------------------ hours


@pytest.mark.parametrize(
    ("on", "clock", "leaves"),
    [
        (day(2), "03:15", (day(2), "09:00")),  # the night audit wakes it
        (day(2), "09:00", None),
        (day(2), "19:59", None),
        (day(2), "20:00", (day(3), "09:00")),
        (day(3), "23:30", (day(6), "09:00")),  # Friday night: Monday
        (day(4), "11:00", (day(6), "09:00")),  # Saturday
        (date(2026, 11, 11), "11:00", (date(2026, 11, 12), "09:00")),
    ],
)
def test_a_late_step_waits_for_a_working_hour(on: date, clock: str, leaves: tuple[date, str] | None) -> None:
    checked = climbed("first_letter")
    expected = Do(step="first_letter", due=on, how="send") if leaves is None else Rest(at(*leaves))
    assert asked(checked, on, clock) == expected


def test_a_step_on_its_day_waits_for_nine() -> None:
    assert asked(climbed("first_letter"), day(1), "08:59") == Rest(at(day(1)))


@given(st.integers(0, 400 * 24 * 60), st.sampled_from(sorted(DAYS)))
def test_nothing_reaches_anybody_at_night_or_on_a_day_off(minutes: int, before: str) -> None:
    events = climbed(before)
    events += [*copies_of(events), StepApproved(at=at(day(1)), by=STAFF, step="formal_notice")]
    now = at(TUESDAY) + timedelta(minutes=minutes)
    move = next_move(fold(events), now)
    if isinstance(move, Do) and move.step != "checks":
        assert is_working_day(today(now))
        assert 9 <= now.astimezone(PARIS).hour < 20
    if isinstance(move, Rest):
        assert move.until > now


# ------------------------------------------------------------------------------------------------ money, blocks, limitation


def payment(id: str = "p1", on: date = TUESDAY) -> PaymentReceived:
    return PaymentReceived(at=at(on, "10:00"), by=STAFF, payment=id, amount=Decimal("10.00"), on=on)


def test_each_payment_has_its_receipt_before_anything_else() -> None:
    events = [*climbed("second_letter"), payment("p1", day(19)), payment("p2", day(19))]
    assert asked(events, day(20)) == Do(step="receipt:p1", due=day(20), how="send")
    sent = [*events, StepTaken(at=at(day(20)), by="machine", step="receipt:p1")]
    assert asked(sent, day(20)) == Do(step="receipt:p2", due=day(20), how="send")


def test_a_receipt_waits_for_the_first_letter() -> None:
    """INV-02, INV-03: nothing reaches the debtor before it, and a receipt recalls it. The ladder goes on meanwhile."""
    events = [*climbed("first_letter"), payment()]
    assert asked(events, day(1)) == Do(step="first_letter", due=day(1), how="send")
    assert isinstance(asked([*events, *ended("first_letter", day(1))[:-1]], day(2)), Rest)
    assert asked([*events, *ended("first_letter", day(1))], day(2)) == Do(step="receipt:p1", due=day(2), how="send")


def test_paid_in_full_before_any_letter_a_person_writes_the_receipt() -> None:
    closed = [*climbed("first_letter"), payment(), CaseClosed(at=at(TUESDAY, "10:00"), by=STAFF, reason="paid")]
    move = asked(closed, day(1))
    assert isinstance(move, Do)
    assert (move.step, move.how) == ("receipt:p1", "block")
    blocked = [*closed, StepBlocked(at=at(day(1)), by="machine", step="receipt:p1", reason=move.reason)]
    assert asked(blocked, day(1)) == Over("closed")
    assert asked([*blocked, StepApproved(at=at(day(2)), by=STAFF, step="receipt:p1")], day(2)) == Over("closed")


def test_a_closed_case_sends_its_last_receipt_then_is_over() -> None:
    closed = [*climbed("second_letter"), payment(on=day(12)), CaseClosed(at=at(day(12)), by=STAFF, reason="paid")]
    assert asked(closed, day(12)) == Do(step="receipt:p1", due=day(12), how="send")
    assert asked([*closed, StepTaken(at=at(day(12)), by="machine", step="receipt:p1")], day(12)) == Over("closed")


def test_a_receipt_that_could_not_leave_is_tried_again_once_the_case_is_closed() -> None:
    closed = [*climbed("second_letter"), payment(on=day(12)), CaseClosed(at=at(day(12)), by=STAFF, reason="paid")]
    blocked = [*closed, StepBlocked(at=at(day(12)), by="machine", step="receipt:p1", reason="un signe")]
    assert asked(blocked, day(12)) == Over("closed")
    assert asked([*blocked, StepApproved(at=at(day(13)), by=STAFF, step="receipt:p1")], day(13)) == Do(
        step="receipt:p1", due=day(13), how="send"
    )


def test_a_case_handed_over_still_owes_a_receipt_for_each_payment() -> None:
    """R124-6 knows no ladder: the machine goes on resting, so that a payment finds it."""
    legal = [*climbed("end"), CreditorDecided(at=at(day(64)), by=CREDITOR, choice="legal")]
    assert isinstance(asked(legal, day(64)), Rest)
    assert asked([*legal, payment(on=day(80))], day(80)) == Do(step="receipt:p1", due=day(80), how="send")


def test_a_blocked_step_holds_the_ladder_until_somebody_saw_to_it() -> None:
    events = [*climbed("first_letter"), StepBlocked(at=at(day(1)), by="machine", step="first_letter", reason="x")]
    assert isinstance(asked(events, day(30)), Rest)
    tried = Do(step="first_letter", due=day(30), how="send")
    assert asked([*events, DebtorCorrected(at=at(day(30)), by=STAFF, what=("name",))], day(30)) == tried
    assert asked([*events, StepApproved(at=at(day(30)), by=STAFF, step="first_letter")], day(30)) == tried


def test_a_lapsed_claim_is_never_chased_by_itself() -> None:
    old = invoice(due=TUESDAY - timedelta(days=5 * 365 + 2))  # the last day to claim it is day(0)
    checked = climbed("first_letter", TUESDAY, old)
    move = asked(checked, day(1))
    assert isinstance(move, Do)
    assert (move.step, move.how) == ("first_letter", "block")
    assert "prescrite" in move.reason
    again = [*checked, StepBlocked(at=at(day(1)), by="machine", step="first_letter", reason=move.reason)]
    retried = asked([*again, StepApproved(at=at(day(2)), by=STAFF, step="first_letter")], day(2))
    assert isinstance(retried, Do)
    assert retried.how == "block"  # trying again does not override the law


def test_on_the_last_day_it_still_is() -> None:
    due = date(2021, 9, 2)
    assert asked(climbed("first_letter", TUESDAY, invoice(due=due)), day(1)) == Do(step="first_letter", due=day(1), how="send")


# ------------------------------------------------------------------------------------------------ the creditor


def test_the_creditor_is_asked_once_and_nothing_moves_until_they_answer() -> None:
    events = climbed("creditor_decision")
    events += copies_of(events)
    assert asked(events, day(63)) == Do(step="creditor_decision", due=day(63), how="ask")
    asked_once = [*events, StepTaken(at=at(day(63)), by="machine", step="creditor_decision")]
    assert waits_for_creditor(fold(asked_once))
    assert isinstance(asked(asked_once, day(300)), Rest)


def test_wait_asks_again_on_the_day_given_each_time() -> None:
    events = [*climbed("end")]
    events += copies_of(events)
    until = date(2026, 12, 1)
    waiting = [*events, CreditorDecided(at=at(day(64)), by=CREDITOR, choice="wait", until=until)]
    assert not waits_for_creditor(fold(waiting))
    assert asked(waiting, day(65)) == Rest(at(until))
    assert asked(waiting, until) == Do(step="creditor_decision:2", due=until, how="ask")
    assert asked(waiting, until, "03:15") == Rest(at(until))
    assert asked(waiting, until, "21:00") == Rest(at(date(2026, 12, 2)))
    second = [*waiting, StepTaken(at=at(until), by="machine", step="creditor_decision:2")]
    assert waits_for_creditor(fold(second))
    assert isinstance(asked(second, date(2026, 12, 20)), Rest)
    later = date(2026, 12, 15)
    third = [*second, CreditorDecided(at=at(until), by=CREDITOR, choice="wait", until=later)]
    assert asked(third, later) == Do(step="creditor_decision:3", due=later, how="ask")


def test_stopped_it_is_over() -> None:
    stopped = [
        *climbed("end"),
        CreditorDecided(at=at(day(64)), by=CREDITOR, choice="stop"),
        CaseClosed(at=at(day(64)), by=CREDITOR, reason="stopped"),
    ]
    assert asked(stopped, day(64)) == Over("closed")


# ------------------------------------------------------------------------------------------------ the dated future


def test_the_schedule_shows_what_was_and_what_comes() -> None:
    found = schedule(fold(climbed("second_letter")), day(15))
    assert [planned.state for planned in found] == ["done"] * 4 + ["next"] * 5
    assert [planned.state for planned in schedule(fold(climbed("second_letter")), day(20))][4] == "now"
    late = schedule(fold(climbed("second_letter")), day(40))
    assert late[4].on == day(40)  # what is late is today's
    assert late[5].on == day(54 if is_working_day(day(54)) else 55)
    skipped = {planned.rung.id: planned.state for planned in schedule(fold(climbed("formal_notice")), day(40))}
    assert skipped["visit"] == "skipped"


def test_asking_twice_or_too_early_changes_nothing() -> None:
    case = fold(climbed("second_letter") + copies_of(climbed("second_letter")))
    assert next_move(case, at(day(15))) == next_move(case, at(day(15))) == next_move(case, at(day(12)))
    assert case == replace(case)


# ------------------------------------------------------------------------------------------------ any life of a case

HAPPENINGS = st.sampled_from(
    ["pay", "pay_all", "dispute", "reject", "uphold", "approve", "report", "promise", "post", "consent", "correct", "unprintable", "stop", "wait", "legal", "pass"]
)  # fmt: skip


@given(
    st.lists(st.tuples(HAPPENINGS, st.integers(0, 12 * 24), st.integers(0, 40)), max_size=25),
    st.booleans(),
    st.sampled_from(["b2b", "b2c"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happens_nothing_reaches_the_debtor_before_the_first_letter(
    life: list[tuple[str, int, int]], captured: bool, regime: str
) -> None:
    """Random lives, through the real decisions: the fold never fails, the climb never turns in circles, the order of the law holds."""
    start = date(2026, 6, 2)
    player = Player(opening(start, invoice(due=date(2026, 3, 1)), regime=regime), at(start, "08:30"), captured)
    for what, hours, n in life:
        if player.now + timedelta(hours=hours) > at(date(2026, 12, 20)):
            break  # no rate is known for 2027
        player.until(player.now + timedelta(hours=hours))
        try:
            happen(player, what, n)
        except Refusal:
            pass  # not now
        player.until(player.now)
    for _, move, case in player.moves:
        if move.how == "send" and move.step not in ("checks", "first_letter"):
            assert case.step("first_letter").posted, move
            assert case.status != "disputed" or move.step.startswith("receipt:"), move
        if move.how == "send" and ":" not in move.step:
            assert not case.step(move.step).ended, move
    sent = Counter(event.step for event in player.events if isinstance(event, StepTaken))
    sent.subtract(event.step for event in player.events if isinstance(event, LetterWithdrawn))
    assert set(sent.values()) <= {0, 1}, "nothing is sent twice, but what was withdrawn before it was posted"
    posted = [event.step for event in player.events if isinstance(event, LetterPosted)]
    assert len(posted) == len(set(posted))
    assert player.case.version == len(player.events)


def happen(player: Player, what: str, n: int) -> None:
    case, day_ = player.case, today(player.now)
    rung = current(case)
    match what:
        case "pay":
            player.decide("record_payment", amount=Decimal(n + 1), on=day_ - timedelta(days=n % 3))
        case "pay_all":
            from recovery.amounts import claim_of, statement

            player.decide("record_payment", amount=statement(claim_of(case), day_).balance, on=day_)
        case "dispute":
            player.events.append(DisputeRaised(at=player.now, by="debtor", reason="x"))
        case "reject" | "uphold":
            player.decide("settle_dispute", outcome={"reject": "rejected", "uphold": "upheld"}[what])
        case "approve":
            player.decide("approve", step=rung.id if rung else "formal_notice")
        case "report" | "promise":
            outcome = "promise" if what == "promise" else "talked" if rung and rung.channel == "telephone" else "done"
            player.decide("report", step=rung.id if rung else "", outcome=outcome, until=day_ + timedelta(days=n))
        case "post":
            for step, state in case.steps.items():
                if state.taken and not state.posted and ":" not in step and step.endswith(("letter", "notice")):
                    player.decide("mark_posted", step=step, on=day_)
        case "consent":
            for who in ("debtor", "creditor"):
                player.decide("consent_to_visit", who=who)
        case "correct":
            player.decide("correct_debtor", what=("name",))
            player.unprintable = False
        case "unprintable":
            player.unprintable = True
        case "stop" | "wait" | "legal":
            player.decide("decide", choice=what, until=day_ + timedelta(days=n + 1))
        case _:
            pass


def test_an_opened_case_has_nothing_behind_it() -> None:
    assert current(opened()) is policies["professional"].rungs[0]
