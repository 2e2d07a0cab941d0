"""The fold: what happened, happened."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery import events as e
from recovery.case import Case, evolve, fold
from tests.cases import STAFF, TUESDAY, at, climbed, ended, invoice, opened, opening

NOW = at(date(2026, 9, 10))


def test_a_case_exists_from_its_opening_on() -> None:
    case = opened(TUESDAY, invoice("F-1"), invoice("F-2", amount="10.00"))
    assert (case.version, case.status, case.opened_on) == (4, "open", TUESDAY)
    assert [each.number for each in case.invoices] == ["F-1", "F-2"]
    assert case.fee_rate == Decimal("14")
    assert case.mandate is not None
    assert case.confirmed is not None
    assert case.verified is not None


def test_a_journal_begins_with_its_opening_and_opens_once() -> None:
    with pytest.raises(ValueError, match="begins with CaseOpened"):
        fold(opening()[1:])
    with pytest.raises(ValueError, match="opens once"):
        fold([*opening(), opening()[0]])


def test_a_case_opened_after_midnight_in_paris_is_of_that_day() -> None:
    first = opening()[0]
    assert (
        fold([type(first)(**{f.name: getattr(first, f.name) for f in fields(first)} | {"at": at(TUESDAY, "00:30")})]).opened_on == TUESDAY
    )


def test_without_a_mandate_nothing_may_be_collected() -> None:
    with pytest.raises(ValueError, match="no accepted mandate"):
        _ = fold(opening()[:1]).fee_rate


@pytest.mark.parametrize("kind", [kind for kind in e.KINDS.values() if kind is not e.CaseOpened], ids=lambda kind: kind.__name__)
def test_every_event_counts_one(kind: type[e.Event]) -> None:
    samples = {
        "step": "reminder", "due": TUESDAY, "reason": "x", "what": ("name",), "on": TUESDAY, "payment": "p1", "amount": Decimal("1.00"),
        "until": TUESDAY, "outcome": "rejected", "who": "debtor", "choice": "wait", "document": "a" * 64, "accepted_at": NOW,
        "fee_rate": Decimal("14"), "number": "AV-1", "invoice": None, "ground": "acknowledgement", "first": TUESDAY, "last": TUESDAY,
        "confirmed_at": NOW, "verified_at": NOW, "identity": "matches", "address": "deliverable", "insolvency": "none", "procedure": "receivership",
        "state": "open", "opened_on": TUESDAY, "published_on": TUESDAY, "declare_by": TUESDAY, "notice": "A202602171042",
        "proof": "deposit", "bounce": "permanent", "stage": "3 months",
    }  # fmt: skip
    names = {field.name for field in fields(kind)}
    event = kind(at=NOW, by=STAFF, **{name: value for name, value in samples.items() if name in names})
    before = opened()
    after = evolve(before, event)  # type: ignore[arg-type]
    assert after.version == before.version + 1
    assert after != before
    assert before == opened(), "a case is never changed in place"


def test_a_step_remembers_each_of_its_stages() -> None:
    step = fold(climbed("reminder")).step("first_letter")
    assert step.decided is not None
    assert step.taken is not None
    assert step.posted is not None
    assert step.ended
    assert step.ended_on == TUESDAY + timedelta(days=1)
    assert not fold(climbed("reminder")).step("reminder").ended


def test_a_posted_letter_ended_the_day_it_was_posted_not_printed() -> None:
    events = [*climbed("first_letter"), *ended("first_letter", TUESDAY + timedelta(days=1))[:-1]]
    posted = e.LetterPosted(at=at(TUESDAY + timedelta(days=9)), by=STAFF, step="first_letter", on=TUESDAY + timedelta(days=8))
    assert fold([*events, posted]).step("first_letter").ended_on == TUESDAY + timedelta(days=8)


def test_the_first_letter_is_recalled_once_it_was_posted() -> None:
    assert fold(climbed("first_letter")).first_letter is None
    assert fold([*climbed("first_letter"), *ended("first_letter", TUESDAY)[:-1]]).first_letter is None
    assert fold(climbed("reminder")).first_letter == ("RG-26-00001-first_letter", TUESDAY + timedelta(days=1))


def test_letters_that_claimed_are_told_oldest_first() -> None:
    assert [letter.step for letter in fold(climbed("end")).letters] == ["first_letter", "second_letter", "formal_notice"]
    receipt = e.StepDecided(at=NOW, by="machine", step="receipt:p1", due=TUESDAY, document="c" * 64, reference="RG-26-00001-9")
    assert len(fold([*climbed("end"), receipt, e.StepTaken(at=NOW, by="machine", step="receipt:p1")]).letters) == 3


def status(*events: e.AnyEvent) -> str:
    return fold([*opening(), *events]).status


def test_the_status_follows_disputes_decisions_and_closing() -> None:
    dispute = e.DisputeRaised(at=NOW, by="debtor", reason="x")
    settled = e.DisputeSettled(at=NOW, by=STAFF, outcome="rejected")
    legal = e.CreditorDecided(at=NOW, by="creditor:p1", choice="legal")
    closed = e.CaseClosed(at=NOW, by=STAFF, reason="paid")
    assert status(dispute) == "disputed"
    assert status(dispute, settled) == "open"
    assert status(dispute, settled, dispute) == "disputed"
    assert status(legal) == "handed_over"
    assert status(legal, dispute) == "handed_over"
    assert status(closed) == status(legal, closed) == status(dispute, closed) == "closed"
    assert status(closed, dispute) == status(closed, dispute, settled) == "closed"


def test_a_correction_or_an_approval_lifts_what_was_blocked() -> None:
    blocked = e.StepBlocked(at=NOW, by="machine", step="first_letter", reason="x")
    other = e.StepBlocked(at=NOW, by="machine", step="receipt:p1", reason="x")
    corrected = fold([*opening(), blocked, other, e.DebtorCorrected(at=NOW, by=STAFF, what=("name",))])
    assert not any(step.blocked for step in corrected.steps.values())
    approved = fold([*opening(), blocked, other, e.StepApproved(at=NOW, by=STAFF, step="first_letter")])
    assert [name for name, step in approved.steps.items() if step.blocked] == ["receipt:p1"]


def test_the_fold_is_a_fold() -> None:
    events = climbed("end")
    case: Case = fold(events[:1])
    for event in events[1:]:
        case = evolve(case, event)
    assert case == fold(events)
    assert case.version == len(events)
