"""Cases as the tests of the trade tell them: opened on a Tuesday, with one invoice three months late."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from recovery import decisions
from recovery.case import Case, fold
from recovery.events import AnyEvent, Invoice, LetterPosted, StepDecided, StepSkipped, StepTaken
from recovery.ladder import policies

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = date(2026, 9, 1)  # nine weeks without a public holiday follow it, All Saints' Day being a Sunday
STAFF, CREDITOR = "staff:ines", "creditor:p1"


def at(on: date, clock: str = "09:00") -> datetime:
    """That hour in Paris, in UTC."""
    return datetime.combine(on, time.fromisoformat(clock), PARIS).astimezone(UTC)


def invoice(number: str = "F-101", due: date = date(2026, 6, 1), amount: str = "1200.00", **other: Any) -> Invoice:
    return Invoice(number=number, issued=due - timedelta(days=30), due=due, amount=Decimal(amount), **other)


def opening(
    on: date = TUESDAY, *invoices: Invoice, regime: str = "b2b", case: str = "RG-26-00001", fee_rate: str = "14", **other: Any
) -> list[AnyEvent]:
    moment = at(on, "08:30")
    return decisions.open_case(
        case=case,
        creditor="123456782",
        debtor="d1",
        regime=regime,
        consultant="ines",
        invoices=invoices or (invoice(),),
        mandate="a" * 64,
        accepted_at=moment,
        accepted_by=CREDITOR,
        fee_rate=Decimal(fee_rate),
        confirmed_at=moment,
        verified_at=moment,
        verified_by=STAFF,
        at=moment,
        **other,
    )


def opened(on: date = TUESDAY, *invoices: Invoice, **other: Any) -> Case:
    return fold(opening(on, *invoices, **other))


def climbed(before: str, on: date = TUESDAY, *invoices: Invoice, skip: tuple[str, ...] = ("visit",), **other: Any) -> list[AnyEvent]:
    """The journal of a case whose rungs up to `before` (not included) ended, each on its planned day and posted at once."""
    from recovery.ladder import plan

    events = opening(on, *invoices, **other)
    policy = fold(events).policy
    for planned in plan(policy, on):
        if planned.rung.id == before:
            return events
        events += ended(planned.rung.id, planned.on, policy, skip=planned.rung.id in skip)
    assert before == "end", before
    return events


def ended(step: str, on: date, policy: str = "professional", *, skip: bool = False, total: str = "1260.00") -> list[AnyEvent]:
    """One rung carried out that day at nine."""
    rung = policies[policy].rung(step)
    assert rung is not None
    moment = at(on)
    if skip:
        return [StepSkipped(at=moment, by="machine", step=step, reason="no_consent")]
    told: list[AnyEvent] = []
    if rung.is_letter:
        answer_by = on + timedelta(days=rung.answer or 0)
        told.append(
            StepDecided(
                at=moment,
                by="machine",
                step=step,
                due=on,
                document="b" * 64,
                answer_by=answer_by,
                total=Decimal(total),
                reference=f"RG-26-00001-{step}",
            )
        )
    elif rung.by_people:
        told.append(StepDecided(at=moment, by="machine", step=step, due=on))
    told.append(StepTaken(at=moment, by="machine", step=step, receipt="r", outcome="talked" if rung.by_people else None))
    if rung.is_letter:
        told.append(LetterPosted(at=moment, by="machine", step=step, on=on))
    return told
