"""Plays a case on a calendar, with the real ladder and the real decisions; only the sending is imagined.

    title, regime, creditor_kind, debtor_country, opened, posting    "captured" (the printer records each letter at once) or "manual"
    [[invoice]]                       number, due, amount
    [[day]]                           on, and one or more of
      we_send / we_hand / we_skip / we_ask / we_hold / we_warn    steps, one or a list: what the machine did that day, all of it
      happens                         one table or a list: {event = "DisputeRaised", by = "debtor", ...} or
                                      {decision = "record_payment", ..., refused = "PaymentTooLarge"}; at = "11:00" unless told
      unprintable = true | false      from that morning on, no letter can be printed (or they can again)
      expect                          status, balance, waived, tasks, closed, paid, until: what is true that evening
    [end] on, expect                  the evening on which the story stops

The calendar must be whole: whatever the machine does on a day that does not say so is an error of the story, or ours.
"""

import inspect
import tomllib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recovery import decisions, payments
from recovery.amounts import as_of, claim_of, statement
from recovery.case import Case, fold
from recovery.days import today
from recovery.events import KINDS, AnyEvent, LetterPosted, LimitationNear, StepBlocked, StepDecided, StepSkipped, StepTaken
from recovery.ladder import Do, Over, Rest, next_move, policies
from recovery.limitation import limitation
from recovery.refusals import Refusal
from recovery.work import tasks
from tests.cases import STAFF, at, invoice, opening

VERBS = {"send": "we_send", "hand": "we_hand", "skip": "we_skip", "ask": "we_ask", "block": "we_hold", "warn": "we_warn"}
SILENT = ("checks",)  # nobody outside notices it


@dataclass
class Player:
    events: list[AnyEvent]
    now: datetime
    captured: bool = True
    unprintable: bool = False
    done: dict[date, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    moves: list[tuple[datetime, Do, Case]] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return fold(self.events)

    def until(self, moment: datetime) -> "Player":
        """Asks, does, rests and asks again, as climb.py and the state machine do."""
        for _ in range(200):
            match next_move(self.case, self.now):
                case Do() as move:
                    self.moves.append((self.now, move, self.case))
                    self.take(move)
                case Rest(hour) if hour <= moment:
                    assert hour > self.now, "a rest that is no rest would turn for ever"
                    self.now = hour
                case Rest() | Over():
                    self.now = moment
                    return self
        raise AssertionError("the climb goes round in circles")

    def take(self, move: Do) -> None:
        case, now = self.case, self.now
        how = move.how
        match how:
            case "skip":
                self.events.append(StepSkipped(at=now, by="machine", step=move.step, reason=move.reason))
            case "block":
                self.events.append(StepBlocked(at=now, by="machine", step=move.step, reason=move.reason))
            case "hand":
                self.events.append(StepDecided(at=now, by="machine", step=move.step, due=move.due))
            case "warn":
                last = limitation(claim_of(case)).last
                self.events.append(LimitationNear(at=now, by="machine", stage=move.reason, last=last))
            case "ask":
                self.events.append(StepTaken(at=now, by="machine", step=move.step))
            case "send":
                how = self.send(case, move)
            case _:
                raise AssertionError(f"nobody knows how to {how}")
        if move.step not in SILENT:
            self.done[today(now)].append((VERBS[how], move.step))

    def send(self, case: Case, move: Do) -> str:
        """A letter counts the sums of the day, as climb.prepare_letter does."""
        rung, day = policies[case.policy].rung(move.step), today(self.now)
        if rung and rung.is_letter:
            if self.unprintable:
                self.events.append(StepBlocked(at=self.now, by="machine", step=move.step, reason="Le nom ne s’imprime pas."))
                return "block"
            answer_by = day + timedelta(days=rung.answer or 0)
            total = statement(claim_of(case), as_of(case, day)).balance
            reference = f"{case.case}-{len(case.letters) + 1}"
            self.events.append(
                StepDecided(
                    at=self.now,
                    by="machine",
                    step=move.step,
                    due=day,
                    document="b" * 64,
                    answer_by=answer_by,
                    total=total,
                    reference=reference,
                )
            )
        elif move.step not in SILENT:
            self.events.append(StepDecided(at=self.now, by="machine", step=move.step, due=day, document="c" * 64))
        self.events.append(StepTaken(at=self.now, by="machine", step=move.step, receipt="r"))
        if rung and rung.is_letter and self.captured:
            self.events.append(LetterPosted(at=self.now, by="machine", step=move.step, on=day))
        return "send"

    def decide(self, name: str, **asked: Any) -> None:
        """One of `recovery.decisions`, with what it needs and was not said filled with nothing."""
        function: Callable[..., list[AnyEvent]] = getattr(payments if hasattr(payments, name) else decisions, name)
        needed = inspect.signature(function).parameters
        given = {"by": STAFF, "at": self.now} | {"payment": f"p{len(self.case.payments) + 1}", "means": "transfer", "note": None} | asked
        silent = {name: None for name in needed if name not in given and name != "case"}
        self.events += function(self.case, **{key: value for key, value in (silent | given).items() if key in needed})


def play(story: Path) -> None:
    told = tomllib.loads(story.read_text("utf-8"), parse_float=Decimal)
    invoices = tuple(
        invoice(
            row["number"],
            row["due"],
            str(Decimal(row["amount"]).quantize(Decimal("0.01"))),
            **{k: v for k, v in row.items() if k not in ("number", "due", "amount")},
        )
        for row in told["invoice"]
    )
    player = Player(
        opening(
            told["opened"],
            *invoices,
            **{"regime": "b2b"} | {k: told[k] for k in ("regime", "creditor_kind", "debtor_country") if k in told},
        ),
        at(told["opened"], "08:30"),
        told.get("posting") != "manual",
    )
    expected: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for day in sorted([*told["day"], told["end"]], key=lambda day: day["on"]):
        on = day["on"]
        if "unprintable" in day:
            player.until(at(on, "06:00"))
            player.unprintable = day["unprintable"]
        for happening in listed(day.get("happens")):
            what = dict(happening)
            player.until(at(on, what.pop("at", "11:00")))
            happen(player, what)
        player.until(at(on, "22:00"))
        for verb in VERBS.values():
            expected[on] += [(verb, step) for step in listed(day.get(verb))]
        check(player, day.get("expect", {}), f"{story.stem}, {on}")
    found = {on: sorted(steps) for on, steps in player.done.items()}
    wanted = {on: sorted(steps) for on, steps in expected.items() if steps}
    wrong = [
        f"{on}: did {found.get(on)}, the story says {wanted.get(on)}" for on in sorted({*found, *wanted}) if found.get(on) != wanted.get(on)
    ]
    assert not wrong, f"{story.stem}: " + "; ".join(wrong)


def happen(player: Player, what: dict[str, Any]) -> None:
    if "event" in what:
        kind = what.pop("event")
        player.events.append(KINDS[kind](**({"at": player.now, "by": "debtor"} | what)))  # type: ignore[arg-type]
        return
    name, refused = what.pop("decision"), what.pop("refused", None)
    what = {key: Decimal(value) if key == "amount" else value for key, value in what.items()}
    if refused is None:
        player.decide(name, **what)
        return
    with pytest.raises(Refusal) as refusal:
        player.decide(name, **what)
    assert type(refusal.value).__name__ == refused


def check(player: Player, expect: dict[str, Any], where: str) -> None:
    case, day = player.case, today(player.now)
    owed = statement(claim_of(case), as_of(case, day))
    rest = next_move(case, player.now)
    truth: dict[str, Any] = {
        "status": case.status,
        "balance": owed.balance,
        "interest": owed.interest,
        "paid": owed.paid,
        "waived": owed.waived,
        "closed": case.closed.reason if case.closed else None,
        "tasks": [f"{task.kind} {task.step}".strip() for task in tasks(case)],
        "until": today(rest.until) if isinstance(rest, Rest) else None,
        "over": isinstance(rest, Over),
    }
    wrong = [f"{name} is {truth[name]!r}, the story says {value!r}" for name, value in expect.items() if truth[name] != value]
    assert not wrong, f"{where}: " + "; ".join(wrong)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []
