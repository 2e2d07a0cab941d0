"""Events are written once and load for ever."""

import json
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.events import KINDS, AnyEvent, Event, PaymentReceived, from_json, to_json
from recovery.seal import canonical
from tests.cases import climbed

STORED: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "adapters" / "stored_events.json").read_text("utf-8"))


def test_there_is_a_stored_sample_of_every_event() -> None:
    assert {sample["kind"] for sample in STORED} == set(KINDS)


def holds(new: Any, old: Any) -> bool:
    if isinstance(old, dict):
        return all(key in new and holds(new[key], value) for key, value in old.items())
    if isinstance(old, list):
        return len(new) == len(old) and all(map(holds, new, old))
    return bool(new == old)


@pytest.mark.parametrize("sample", STORED, ids=lambda sample: sample["kind"])
def test_a_stored_event_still_loads_and_is_stored_the_same(sample: dict[str, Any]) -> None:
    event = from_json(sample)
    assert type(event).__name__ == sample["kind"]
    again = to_json(event)
    assert holds(again, sample)  # new fields may come, with their default; none may change or go
    assert canonical(json.loads(canonical(again))) == canonical(again)


@pytest.mark.parametrize("sample", STORED, ids=lambda sample: sample["kind"])
def test_types_are_those_of_the_trade(sample: dict[str, Any]) -> None:
    event = from_json(sample)
    assert isinstance(event.at, datetime)
    assert event.at.utcoffset() is not None
    for field in fields(event):
        value, raw = getattr(event, field.name), sample.get(field.name)
        if field.name in ("amount", "fee_rate", "total") and raw is not None:
            assert value == Decimal(raw)
            assert str(value) == raw
        if field.name in ("on", "due", "until", "answer_by") and raw is not None:
            assert type(value) is date


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_a_field_that_came_later_has_a_default(kind: type[Event]) -> None:
    """A sample holds what the first version of its class held: fields it lacks must not be asked for."""
    sample = next(sample for sample in STORED if sample["kind"] == kind.__name__)
    lacking = [field for field in fields(kind) if field.name not in sample]
    assert all(field.default is not MISSING or field.default_factory is not MISSING for field in lacking)


def test_a_field_nobody_knows_any_more_is_no_obstacle() -> None:
    event = from_json(STORED[0] | {"a_field_of_the_future": {"x": 1}})
    assert type(event).__name__ == STORED[0]["kind"]


def test_a_kind_nobody_published_is_an_error() -> None:
    with pytest.raises(KeyError):
        from_json({"kind": "CaseLost", "at": "2026-11-24T08:00:00Z", "by": "machine"})


def test_a_whole_journal_makes_the_round_trip() -> None:
    events: list[AnyEvent] = climbed("end")
    assert [from_json(json.loads(canonical(to_json(event)))) for event in events] == events


@given(st.datetimes(timezones=st.just(UTC)), st.decimals("0.01", "999999", places=2), st.dates(), st.text(st.characters(codec="utf-8")))
def test_money_days_and_moments_are_text_with_all_their_digits(at: datetime, amount: Decimal, on: date, by: str) -> None:
    event = PaymentReceived(at=at, by=by, payment="p1", amount=amount, on=on)
    stored = to_json(event)
    assert (stored["amount"], stored["on"]) == (str(amount), on.isoformat())
    assert stored["at"].endswith("Z")
    assert from_json(json.loads(canonical(stored))) == event
