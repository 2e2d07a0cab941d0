"""The work list, read off the case."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from recovery.case import fold
from recovery.events import (
    AnyEvent,
    CaseClosed,
    DisputeRaised,
    DisputeSettled,
    LetterPosted,
    StepApproved,
    StepBlocked,
    StepDecided,
    StepTaken,
)
from recovery.work import Task, tasks
from tests.cases import STAFF, TUESDAY, at, climbed, ended


def day(n: int):  # type: ignore[no-untyped-def]
    return TUESDAY + timedelta(days=n)


def found(events: list[AnyEvent]) -> list[tuple[str, str]]:
    return [(task.kind, task.step) for task in tasks(fold(events))]


def test_nothing_waits_while_the_machine_climbs() -> None:
    for before in ("checks", "first_letter", "reminder", "first_call", "second_letter", "visit"):
        assert found(climbed(before)) == [], before


def test_a_call_waits_from_its_day_on() -> None:
    handed = [*climbed("first_call"), StepDecided(at=at(day(10)), by="machine", step="first_call", due=day(10))]
    assert tasks(fold(handed)) == (
        Task(kind="call", step="first_call", since=day(10), due=day(10), title="Premier appel", why="Comprendre ce qui bloque."),
    )


def test_a_visit_is_a_visit() -> None:
    assert found([*climbed("visit"), StepDecided(at=at(day(34)), by="machine", step="visit", due=day(34))]) == [("visit", "visit")]


def test_the_formal_notice_is_to_be_read_as_soon_as_the_rung_before_it_ended() -> None:
    (task,) = tasks(fold(climbed("formal_notice")))
    assert (task.kind, task.step, task.since, task.due) == ("approve", "formal_notice", day(34), day(48))
    assert found([*climbed("formal_notice"), StepApproved(at=at(day(40)), by=STAFF, step="formal_notice")]) == []


def test_a_printed_letter_is_to_be_posted() -> None:
    printed = [*climbed("first_letter"), *ended("first_letter", day(1))[:-1]]
    (task,) = tasks(fold(printed))
    assert (task.kind, task.step, task.due, task.title) == ("post", "first_letter", day(1), "Première lettre à poster")
    assert found(climbed("reminder")) == []


def test_a_letter_that_is_still_here_is_not_posted_once_disputed_or_paid() -> None:
    """INV-12: chasing stops at once, and an envelope on the desk is chasing."""
    printed = [*climbed("first_letter"), *ended("first_letter", day(1))[:-1]]
    disputed = [*printed, DisputeRaised(at=at(day(2)), by="debtor", reason="x")]
    assert found(disputed) == [("dispute", "")]
    assert found([*disputed, DisputeSettled(at=at(day(3)), by=STAFF, outcome="rejected")]) == [("post", "first_letter")]
    assert found([*printed, CaseClosed(at=at(day(2)), by=STAFF, reason="paid")]) == []


def test_what_is_blocked_comes_first_with_its_reason() -> None:
    events = [*climbed("formal_notice"), StepBlocked(at=at(day(35)), by="machine", step="second_letter:copy", reason="Parce que.")]
    (task, other) = tasks(fold(events))
    assert (task.kind, task.step, task.why) == ("blocked", "second_letter:copy", "Parce que.")
    assert "Copie par e-mail de la deuxième lettre" in task.title
    assert other.kind == "approve"


def test_a_dispute_stands_alone() -> None:
    handed = [*climbed("first_call"), StepDecided(at=at(day(10)), by="machine", step="first_call", due=day(10))]
    assert found([*handed, DisputeRaised(at=at(day(11)), by="debtor", reason="x")]) == [("dispute", "")]


def test_a_receipt_that_could_not_leave_waits_even_on_a_closed_case() -> None:
    events = [
        *climbed("second_letter"),
        CaseClosed(at=at(day(12)), by=STAFF, reason="paid"),
        StepBlocked(at=at(day(12)), by="machine", step="receipt:p1", reason="x"),
    ]
    assert found(events) == [("blocked", "receipt:p1")]


def test_of_a_closed_case_only_receipts_are_still_looked_at() -> None:
    blocked = [*climbed("reminder"), StepBlocked(at=at(day(6)), by="machine", step="reminder", reason="x")]
    assert found(blocked) == [("blocked", "reminder")]
    assert found([*blocked, CaseClosed(at=at(day(7)), by=STAFF, reason="paid")]) == []


def test_a_receipt_on_paper_is_posted_even_when_the_case_is_closed() -> None:
    """R124-6: printed and never posted, it is no receipt. By e-mail, it has left already."""
    taken = StepTaken(at=at(day(12)), by="machine", step="receipt:p1", receipt="r")
    decided = StepDecided(at=at(day(12)), by="machine", step="receipt:p1", due=day(12), reference="RG-26-00001-2")
    closed = [*climbed("second_letter"), CaseClosed(at=at(day(12)), by=STAFF, reason="paid")]
    (task,) = tasks(fold([*closed, decided, taken]))
    assert (task.kind, task.step, task.title) == ("post", "receipt:p1", "Quittance à poster")
    assert found([*closed, decided, taken, LetterPosted(at=at(day(13)), by=STAFF, step="receipt:p1", on=day(13))]) == []
    assert found([*closed, replace(decided, reference=None), taken]) == []


def test_a_task_holds_no_sum_and_no_name() -> None:
    """They are in the head of the case: what it shows must not go stale, nor outlive the directory."""
    for before in ("formal_notice",):
        assert all(
            isinstance(getattr(task, name), str) or name in ("since", "due")
            for task in tasks(fold(climbed(before)))
            for name in Task.__slots__
        )
    assert not any(isinstance(value, Decimal) for task in tasks(fold(climbed("formal_notice"))) for value in (task.title, task.why))
