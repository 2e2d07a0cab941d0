"""What people note about the limitation's clock and the registered letter, and when somebody is told that its end comes near."""

from datetime import date, timedelta
from typing import Any

import pytest

from recovery import decisions
from recovery.amounts import claim_of, statement
from recovery.case import Case, fold
from recovery.events import LetterPosted, LimitationNear
from recovery.ladder import Do, Rest, next_move
from recovery.limitation import limitation, limitations_of
from recovery.refusals import Invalid, NothingToDo
from recovery.work import tasks
from tests.cases import STAFF, TUESDAY, at, climbed, invoice, opened, opening

ON = date(2026, 9, 21)


def interrupted(case: Case, **more: Any) -> Any:
    asked = {"ground": "acknowledgement", "on": ON, "until": None, "invoice": None, "by": STAFF, "at": at(ON)} | more
    return decisions.interrupt_limitation(case, **asked)


def test_an_acknowledgement_gives_a_whole_period() -> None:
    events = opening(TUESDAY, invoice())
    found = limitation(claim_of(fold([*events, *interrupted(fold(events))])))
    assert (found.last, found.since) == (date(2031, 9, 21), ON)
    assert "reconnaissance" in found.sentence
    assert interrupted(fold([*events, *interrupted(fold(events))])) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ground": "letter"}, "ground"),  # a formal notice moves nothing
        ({"on": date(2026, 9, 22)}, "on"),
        ({"on": date(2026, 1, 1)}, "on"),
        ({"until": ON}, "until"),
        ({"invoice": "F-9"}, "invoice"),
    ],
)
def test_what_cannot_interrupt_is_refused_by_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        interrupted(opened(), **more)
    assert refused.value.field == field


def test_a_lapsed_claim_is_not_revived() -> None:
    lapsed = opened(TUESDAY, invoice(due=date(2025, 6, 1), kind="transport", delivered=date(2025, 5, 2)))
    with pytest.raises(Invalid, match="acquise"):
        interrupted(lapsed)


def test_a_lapsed_invoice_does_not_keep_the_others_from_being_acknowledged() -> None:
    lapsed = invoice("F-1", due=date(2025, 6, 1), kind="transport", delivered=date(2025, 5, 2))
    events = opening(TUESDAY, lapsed, invoice("F-2"))
    for which in (None, "F-2"):
        case = fold([*events, *interrupted(fold(events), invoice=which)])
        assert {each.invoice: each.last for each in limitations_of(claim_of(case))} == {"F-1": date(2026, 5, 2), "F-2": date(2031, 9, 21)}
    with pytest.raises(Invalid, match="acquise"):
        interrupted(fold(events), invoice="F-1")


def test_a_mediation_suspends() -> None:
    events = opening(TUESDAY, invoice())
    asked = {"by": STAFF, "at": at(ON)}
    events += decisions.suspend_limitation(fold(events), ON, ON + timedelta(days=9), **asked)  # type: ignore[arg-type]
    assert limitation(claim_of(fold(events))).last == date(2031, 6, 11)
    with pytest.raises(Invalid) as refused:
        decisions.suspend_limitation(fold(events), ON, None, **asked)  # type: ignore[arg-type]
    assert refused.value.field == "until"


def test_a_consumer_owes_interest_from_the_day_after_the_first_presentation() -> None:
    events = climbed("last_call", TUESDAY, invoice(), regime="b2c")
    posted = next(event.on for event in events if isinstance(event, LetterPosted) and event.step == "formal_notice")
    case = fold(events)
    assert ("presented", "formal_notice") in [(task.kind, task.step) for task in tasks(case)]
    shown = posted + timedelta(days=2)
    later = {"by": STAFF, "at": at(shown + timedelta(days=1))}
    with pytest.raises(Invalid):
        decisions.mark_presented(case, "formal_notice", posted - timedelta(days=1), **later)  # type: ignore[arg-type]
    with pytest.raises(NothingToDo):
        decisions.mark_presented(case, "first_letter", shown, **later)  # type: ignore[arg-type]
    case = fold([*events, *decisions.mark_presented(case, "formal_notice", shown, **later)])  # type: ignore[arg-type]
    assert "presented" not in [task.kind for task in tasks(case)]
    assert statement(claim_of(case), shown).interest == 0
    line = next(line for line in statement(claim_of(case), shown + timedelta(days=30)).lines if line.kind == "interest")
    assert line.first == shown + timedelta(days=1)


def test_each_stage_of_the_limitation_is_told_once_and_waits_for_a_person() -> None:
    due = date(2026, 6, 1)
    events = climbed("end", TUESDAY, invoice(due=due, kind="transport", delivered=due))
    now, told = at(date(2026, 11, 10)), []
    for _ in range(400):
        match next_move(fold(events), now):
            case Do(how="warn") as move:
                told.append((now.date(), move.reason))
                events.append(LimitationNear(at=now, by="machine", stage=move.reason, last=date(2027, 6, 1)))
                assert ("limitation", "limitation") in [(task.kind, task.step) for task in tasks(fold(events))]
                events += decisions.approve(fold(events), "limitation", by=STAFF, at=now)
                assert "limitation" not in [task.kind for task in tasks(fold(events))]
            case Rest(until):
                if until > at(date(2027, 6, 2)):
                    break
                now = until
    assert told == [
        (date(2026, 12, 1), "6 months"),
        (date(2027, 3, 1), "3 months"),
        (date(2027, 4, 17), "45 days"),
        (date(2027, 5, 1), "1 month"),
    ]
