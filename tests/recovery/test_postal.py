"""What the post tells becomes events: once, in any order, and nothing about a letter that is not standing."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from recovery import decisions, postal
from recovery import events as e
from recovery.case import Case, fold
from recovery.postal import Tracking
from recovery.timeline import story
from recovery.work import tasks
from tests.cases import STAFF, TUESDAY, at, climbed

NOW = at(date(2026, 12, 20))
STEP = "first_letter"
POSTED, SEEN, GIVEN = date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 28)
WHOLE = Tracking(posted_on=POSTED, number="1E32", presented_on=SEEN, delivered_on=GIVEN)


def handed_over(step: str = STEP, receipt: str = "maileva:registered_mail/v4/s1") -> list[e.AnyEvent]:
    moment = at(TUESDAY + timedelta(days=1))
    return [
        *climbed(step),
        e.StepDecided(at=moment, by="machine", step=step, due=moment.date(), document="a" * 64, reference="RG-26-00001-1"),
        e.StepTaken(at=moment, by="machine", step=step, receipt=receipt),
    ]


def told(events: list[e.AnyEvent], tracking: Tracking, *proofs: tuple[str, str]) -> list[e.AnyEvent]:
    return postal.heard(fold(events), STEP, tracking, proofs, by="machine", at=NOW)


def kinds(events: list[e.AnyEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_whole_life_is_told_in_order_and_once() -> None:
    events = handed_over()
    new = told(events, WHOLE, ("deposit", "d" * 64))
    assert kinds(new) == ["LetterPosted", "LetterPresented", "LetterDelivered", "PostalProof"]
    assert told([*events, *new], WHOLE, ("deposit", "d" * 64)) == []
    assert kinds(told([*events, *new], WHOLE, ("deposit", "d" * 64), ("receipt", "e" * 64))) == ["PostalProof"]


STAGES = (Tracking(), Tracking(posted_on=POSTED, number="1E32"), replace(WHOLE, delivered_on=None), WHOLE)


@pytest.mark.parametrize("order", list(permutations(STAGES)))
def test_in_whatever_order_it_is_heard_the_case_is_the_same(order: tuple[Tracking, ...]) -> None:
    events = handed_over()
    for tracking in order:
        events += told(events, tracking)
    step = fold(events).step(STEP)
    assert step.posted
    assert step.presented
    assert step.delivered
    assert (step.posted.on, step.posted.number, step.presented.on, step.delivered.on) == (POSTED, "1E32", SEEN, GIVEN)
    assert len(events) == len(handed_over()) + 3


def test_what_was_delivered_was_presented() -> None:
    assert kinds(told(handed_over(), replace(WHOLE, presented_on=None))) == ["LetterPosted", "LetterPresented", "LetterDelivered"]


def test_an_unclaimed_letter_comes_back_without_being_delivered() -> None:
    back = Tracking(posted_on=POSTED, number="1E32", presented_on=SEEN, returned_on=NOW.date(), returned_reason="unclaimed")
    events = handed_over()
    events += told(events, back)
    assert kinds(events)[-3:] == ["LetterPosted", "LetterPresented", "LetterReturned"]
    assert fold(events).came_back is None  # somebody lives there, and did not fetch it


def test_a_letter_to_nobody_asks_for_the_address_until_it_is_corrected() -> None:
    events = handed_over()
    events += told(events, Tracking(posted_on=POSTED, returned_on=NOW.date(), returned_reason="unknown"))
    (task,) = [task for task in tasks(fold(events)) if task.kind == "research"]
    assert (task.step, task.title) == ("contact", "Coordonnées à retrouver")
    assert kinds(decisions.approve(fold(events), "contact", by=STAFF, at=NOW)) == ["StepApproved"]
    for seen in (
        e.StepApproved(at=NOW + timedelta(days=1), by=STAFF, step="contact"),
        e.DebtorCorrected(at=NOW + timedelta(days=1), by=STAFF, what=("line1",)),
    ):
        assert [task for task in tasks(fold([*events, seen])) if task.kind == "research"] == []
    other = e.DebtorCorrected(at=NOW + timedelta(days=1), by=STAFF, what=("phone",))
    assert [task for task in tasks(fold([*events, other])) if task.kind == "research"]


@pytest.mark.parametrize("receipt", ["post/x.pdf", ""])
def test_a_letter_a_person_posts_is_not_the_provider_s(receipt: str) -> None:
    assert told(handed_over(receipt=receipt), WHOLE) == []
    assert told(climbed(STEP), WHOLE) == []


def test_a_carried_letter_waits_for_nobody_of_the_agency_and_cannot_be_taken_back() -> None:
    carried, printed = fold(handed_over()), fold(handed_over(receipt="post/x.pdf"))
    assert [task.kind for task in tasks(printed)] == ["post"]
    assert tasks(carried) == ()
    assert kinds(decisions.withdrawn(printed, "payment", by=STAFF, at=NOW)) == ["LetterWithdrawn"]
    assert decisions.withdrawn(carried, "payment", by=STAFF, at=NOW) == []


def test_a_refused_letter_goes_to_a_person_and_is_made_again_under_another_key() -> None:
    events = handed_over()
    events += told(events, Tracking(refused="Adresse."))
    step = fold(events).step(STEP)
    assert kinds(events)[-2:] == ["LetterWithdrawn", "StepBlocked"]
    assert [(task.kind, task.why) for task in tasks(fold(events))] == [("blocked", "Adresse.")]
    assert (step.decided, step.taken, step.remade) == (None, None, 1)
    assert [postal.key("RG-26-00001", STEP, n) for n in (0, 1)] == ["RG-26-00001/first_letter", "RG-26-00001/first_letter-2"]
    assert told(events, Tracking(refused="Adresse.")) == []


def test_once_posted_it_is_refused_no_more() -> None:
    events = handed_over()
    events += told(events, WHOLE)
    assert told(events, Tracking(refused="x")) == []


def travelling(case: Case, days: int) -> list[str]:
    return list(postal.travelling(case, at(TUESDAY + timedelta(days=days))))


def test_a_letter_travels_until_it_arrives_comes_back_or_is_forgotten() -> None:
    events = handed_over()
    assert travelling(fold(events), 2) == [STEP]
    assert travelling(fold(events), 62) == []
    posted = [*events, *told(events, Tracking(posted_on=POSTED, number="1E32"))]
    assert travelling(fold(posted), 20) == [STEP]
    assert travelling(fold([*events, *told(events, Tracking(posted_on=POSTED))]), 20) == []  # of a simple letter nothing more is told
    assert travelling(fold([*events, *told(events, WHOLE, ("deposit", "d" * 64))]), 20) == [STEP]  # its signature is not filed yet
    assert travelling(fold([*events, *told(events, WHOLE, ("receipt", "e" * 64))]), 20) == []


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (e.LetterDelivered(at=NOW, by="machine", step=STEP, on=GIVEN), "Première lettre reçue. Remise contre signature le 28 novembre 2026."),
        (
            e.LetterReturned(at=NOW, by="machine", step=STEP, on=GIVEN, reason="unclaimed"),
            "Première lettre revenue. Pli avisé et non réclamé : votre client n’est pas allé le chercher, le 28 novembre 2026.",
        ),
        (e.PostalProof(at=NOW, by="machine", step=STEP, proof="deposit", document="d" * 64), "Preuve de dépôt : première lettre. Versé au dossier comme pièce."),
        (
            e.EmailBounced(at=NOW, by="machine", step="reminder", bounce="complaint"),
            "Votre client refuse nos e-mails. Nous ne lui en envoyons plus : les lettres et les appels continuent.",
        ),
    ],
)  # fmt: skip
def test_each_is_a_sentence_of_the_story_with_its_proof(event: e.AnyEvent, said: str) -> None:
    last = story([*handed_over(), event], lambda by: by)[-1]
    assert f"{last.title}. {last.sentence}" == said
    assert last.document == getattr(event, "document", None)
    assert [proof.document for proof in last.proofs] == ([event.document] if isinstance(event, e.PostalProof) else [])


@pytest.mark.parametrize("reason", ["unclaimed", "refused", "unknown", "address", "other"])
def test_every_reason_of_a_return_has_its_words(reason: str) -> None:
    event = e.LetterReturned(at=NOW, by="machine", step=STEP, on=GIVEN, reason=reason)
    assert story([*handed_over(), event], lambda by: by)[-1].sentence.endswith("le 28 novembre 2026.")
