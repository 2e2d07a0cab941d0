"""Drafts: nothing typed is lost, and the slower of two writers is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters import drafts
from adapters.aws import Moved
from adapters.drafts import Deposited, Draft

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NEW = Draft(
    id="d1",
    state="uploaded",
    created=NOW,
    expires=NOW + timedelta(days=30),
    invoices=(Deposited(file={"name": "f.pdf", "size": 3, "key": "uploads/d1/x"}),),
)

pytestmark = pytest.mark.usefixtures("aws")


def test_a_draft_is_read_as_it_was_kept() -> None:
    kept = drafts.keep(NEW)
    assert drafts.find("d1", NOW) == kept
    full = drafts.keep(
        replace(
            kept,
            state="waiting_agency",
            invoices=(
                replace(NEW.invoices[0], reading={"seller": {"name": "É"}, "box": [0.1, 0.2], "none": None}),
                Deposited(id="2", file={"name": "g.pdf"}, credits=({"number": "A-1", "amount": "12.00", "file": {"name": "a.pdf"}},)),
            ),
            fields={"debtor_name": "<b>"},
            email="c@atelier.example",
            accepted={"at": "x"},
            confirmed_at=NOW,
            ref="RG-26-00001",
        )
    )
    assert drafts.find("d1", NOW) == full


def test_the_slower_of_two_writers_is_told() -> None:
    seen = drafts.keep(NEW)
    drafts.keep(replace(seen, fields={"number": "1"}))
    with pytest.raises(Moved):
        drafts.keep(replace(seen, fields={"number": "2"}))
    with pytest.raises(Moved):
        drafts.keep(NEW)
    found = drafts.find("d1", NOW)
    assert found is not None
    assert found.fields == {"number": "1"}


def test_a_draft_that_expired_is_not_there() -> None:
    drafts.keep(NEW)
    assert drafts.find("d1", NEW.expires - timedelta(seconds=1))
    assert drafts.find("d1", NEW.expires) is None


def test_what_waits_is_found_by_the_agency_and_by_the_person_alone() -> None:
    for n, state in enumerate(("accepted", "waiting_agency", "opened", "refused")):
        drafts.keep(replace(NEW, id=f"d{n}", state=state, email="c@atelier.example", confirmed_at=NOW + timedelta(minutes=n)))
    drafts.keep(replace(NEW, id="early", state="waiting_agency", email="x@example.org", confirmed_at=NOW - timedelta(hours=1)))
    assert [draft.id for draft in drafts.waiting_for_agency()] == ["early", "d1"]
    assert {draft.id for draft in drafts.waiting_of("c@atelier.example", NOW)} == {"d0", "d1"}
    assert drafts.waiting_of("x", NOW) == []
