"""The story of a case: one French sentence per event."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recovery import events as e
from recovery.decisions import CALL_OUTCOMES, VISIT_OUTCOMES
from recovery.ladder import policies
from recovery.timeline import OUTCOMES, Entry, label, story
from tests.cases import TUESDAY, at, climbed, opening

STORED: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "adapters" / "stored_events.json").read_text("utf-8"))
NAMES: Callable[[str], str] = {"machine": "Réglo", "debtor": "Brasserie des Halles"}.get  # type: ignore[assignment]
ICONS = Path(__file__).parents[2] / "templates" / "pages" / "icons.txt"


def told(*events: e.AnyEvent, note_of: Callable[[str], str] = lambda _: "") -> tuple[Entry, ...]:
    return story(events, lambda by: NAMES(by) or by, note_of)


@pytest.mark.parametrize("sample", STORED, ids=lambda sample: sample["kind"])
def test_every_event_is_a_french_sentence(sample: dict[str, Any]) -> None:
    event = e.from_json(sample)
    (*_, entry) = told(opening()[0], event) if not isinstance(event, e.CaseOpened) else told(event)
    for text in (entry.title, entry.sentence):
        assert text
        assert text[0].isupper()
        assert "None" not in text
        assert "_" not in text
    assert entry.sentence.endswith((".", "%", "!"))
    assert ".." not in entry.sentence
    assert entry.at == event.at


@pytest.mark.parametrize("outcome", sorted({*CALL_OUTCOMES, *VISIT_OUTCOMES}))
def test_every_outcome_a_person_may_report_has_its_words(outcome: str) -> None:
    assert OUTCOMES[outcome].endswith(".")


@pytest.mark.parametrize("policy", sorted(policies))
def test_every_rung_is_told_by_its_own_name(policy: str) -> None:
    for rung in policies[policy].rungs:
        assert label(rung.id, policy) == rung.label
        assert label(f"{rung.id}:copy", policy).startswith("Copie par e-mail de la ")
    assert label("receipt:p1", policy) == "Quittance"
    assert label("creditor_decision:2", policy) == "Votre décision"


def test_a_whole_climb_reads_from_top_to_bottom() -> None:
    entries = told(*climbed("end"))
    assert [entry.n for entry in entries] == list(range(1, len(entries) + 1))
    titles = [entry.title for entry in entries]
    assert titles[:5] == [
        "Dossier ouvert",
        "Mandat accepté",
        "Adresse e-mail confirmée",
        "Identité du créancier vérifiée",
        "Vérifications faites",
    ]
    assert "Première lettre postée" in titles
    assert "Visite sur rendez-vous : passée" in titles
    assert titles[-1] == "Votre décision vous est demandée"


def test_what_came_from_the_debtor_is_marked() -> None:
    events = (opening()[0], e.DisputeRaised(at=at(TUESDAY), by="debtor", reason="x"))
    assert [entry.incoming for entry in told(*events)] == [False, True]
    assert told(*events)[-1].by == "Brasserie des Halles"


def test_the_letter_that_left_is_its_own_proof() -> None:
    entries = told(*climbed("reminder"))
    taken = next(entry for entry in entries if entry.title.startswith("Première lettre remise"))
    assert taken.document == "b" * 64
    assert [proof.document for proof in taken.proofs] == ["b" * 64]


def test_words_of_a_note_are_told_while_they_exist() -> None:
    call = e.StepTaken(at=at(TUESDAY), by="staff:yann", step="first_call", outcome="talked", note="h")
    assert told(opening()[0], call, note_of={"h": "Rappeler lundi."}.__getitem__)[-1].note == "Rappeler lundi."
    assert told(opening()[0], call, note_of=lambda _: "")[-1].note == ""
    assert told(*opening())[0].note is None


def test_every_icon_is_in_the_sprite_of_the_site() -> None:
    known = ICONS.read_text("utf-8")
    samples = [e.from_json(sample) for sample in STORED]
    icons = {entry.icon for entry in told(*samples)} | {entry.icon for entry in told(*climbed("end"))}
    assert icons
    for icon in icons:
        assert icon in known, icon
