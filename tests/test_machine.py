"""The state machine, walked state by state with the real `next_move`: it climbs as the plan says, loses no ring, and hands itself over.

Its JSONata is evaluated as it is written in infra/climb.asl.json; the table it writes to is one head.
"""

import json
import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonata
import pytest

from recovery.days import today
from recovery.events import DisputeRaised
from recovery.ladder import Over, Rest, current, next_move, plan
from recovery.work import tasks
from tests.cases import CREDITOR, TUESDAY, at, opening
from tests.stories.player import Player

CASE = "RG-26-00001"
MACHINE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "infra" / "climb.asl.json").read_text("utf-8"))
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
A_LONG_REST = timedelta(days=100)  # climb.py


def evaluated(value: Any, states: dict[str, Any]) -> Any:
    """JSONata between `{% %}`, anywhere inside the value."""
    if isinstance(value, dict):
        return {name: evaluated(each, states) for name, each in value.items()}
    if isinstance(value, str) and value.startswith("{%"):
        expression = jsonata.Jsonata(value.removeprefix("{%").removesuffix("%}"))
        expression.assign("states", states)
        return expression.evaluate(None)
    return value


class Conditional(Exception):
    """DynamoDb.ConditionalCheckFailedException."""


@dataclass
class World:
    """One case, its head, the clock, and the people who answer the day after."""

    player: Player
    head: dict[str, Any] = field(default_factory=dict)
    visits: int = 0
    started: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    meanwhile: list[Any] = field(default_factory=list)  # what happens between the next Visit and its Rest
    people: bool = True

    @property
    def version(self) -> int:
        return len(self.player.events)

    def visit(self, payload: dict[str, Any]) -> dict[str, Any]:
        """What climb.py answers."""
        assert payload == {"case_id": CASE}
        self.visits += 1
        self.player.until(self.player.now)
        now, move = self.player.now, next_move(self.player.case, self.player.now)
        answer: dict[str, Any] = {"over": True, "version": self.version, "rest_seconds": 1, "until": now.isoformat()}
        if isinstance(move, Rest):
            until = min(move.until, now + A_LONG_REST)
            answer |= {"over": False, "rest_seconds": max(1, math.ceil((until - now).total_seconds())), "until": until.isoformat()}
        else:
            assert isinstance(move, Over)
        if self.meanwhile:
            self.meanwhile.pop()(self.player)
        return answer

    def write_head(self, arguments: dict[str, Any]) -> None:
        assert arguments["Key"] == {"pk": {"S": f"CASE#{CASE}"}, "sk": {"S": "HEAD"}}
        assert arguments["ConditionExpression"] == "version = :seen"
        values = {name: next(iter(value.values())) for name, value in arguments["ExpressionAttributeValues"].items()}
        if int(values[":seen"]) != self.version:
            raise Conditional
        assert arguments["UpdateExpression"] == "SET alarm = :token, alarm_saw = :seen, next_visit = :until"
        self.head = {"alarm": values[":token"], "alarm_saw": int(values[":seen"]), "next_visit": values[":until"]}

    def rests(self, seconds: int, until: datetime, stop: datetime) -> bool | None:
        """True when somebody rang: a person reported, so the head went past what the alarm saw. None: it rests beyond `stop`."""
        end = self.player.now + timedelta(seconds=seconds)
        assert abs(end - until) < timedelta(seconds=2)
        waiting = tasks(self.player.case)
        hour = at(today(self.player.now), "15:00")
        if self.people and waiting and hour < end:
            self.player.now = max(self.player.now, hour)
            for task in waiting:
                if task.kind in ("call", "visit"):
                    self.player.decide("report", step=task.step, outcome="talked" if task.kind == "call" else "done")
                elif task.kind == "approve":
                    self.player.decide("approve", step=task.step)
            assert self.version > self.head["alarm_saw"]  # which is why announce.py rings
            return True
        self.player.now = min(end, stop)
        return False if end <= stop else None


def walk(world: World, until: date, started: datetime | None = None, climb: int = 1) -> list[str]:
    """The states entered, in order, until the end of the execution or the evening of that day."""
    name, data, path = MACHINE["StartAt"], {"case_id": CASE, "climb": climb}, []
    started = started or world.player.now
    execution = {"Input": {"case_id": CASE, "climb": climb}, "StartTime": started.isoformat()}
    for _ in range(2000):
        state = STATES[name]
        path.append(name)
        context = {
            "Execution": execution,
            "State": {"EnteredTime": world.player.now.isoformat()},
            "StateMachine": {"Id": "arn:climb"},
            "Task": {"Token": f"token-{len(path)}"},
        }
        states = {"input": data, "context": context}
        match state["Type"], name:
            case "Succeed", _:
                return path
            case "Choice", _:
                met = (choice["Next"] for choice in state["Choices"] if evaluated(choice["Condition"], states) is True)
                name = next(met, state["Default"])
            case "Task", "Visit":
                arguments = evaluated(state["Arguments"], states)
                data = evaluated(state["Output"], states | {"result": {"Payload": world.visit(arguments["Payload"])}})
                name = state["Next"]
            case "Task", "Rest":
                seconds = evaluated(state["TimeoutSeconds"], states)
                assert isinstance(seconds, int)
                try:
                    world.write_head(evaluated(state["Arguments"], states))
                except Conditional:
                    name = caught(state, "DynamoDb.ConditionalCheckFailedException")
                    continue
                rang = world.rests(seconds, datetime.fromisoformat(data["until"]), at(until, "22:00"))
                if rang is None:
                    return path
                name = state["Next"] if rang else caught(state, "States.Timeout")
            case "Task", "Hand over":
                arguments = evaluated(state["Arguments"], states)
                world.started.append((arguments["Name"], arguments["Input"]))
                assert state["End"] is True
                return path
            case unknown:
                raise AssertionError(unknown)
    raise AssertionError("the machine turns in circles")


def caught(state: dict[str, Any], error: str) -> str:
    """Where it goes when that happens: not tried again, and caught."""
    for retry in state["Retry"]:
        if error in retry["ErrorEquals"]:
            assert retry["MaxAttempts"] == 0
    return next(str(catch["Next"]) for catch in state["Catch"] if error in catch["ErrorEquals"])


def opened() -> World:
    return World(Player(opening(), at(TUESDAY, "08:30")))


def test_it_climbs_on_the_days_of_the_plan() -> None:
    world = opened()
    path = walk(world, TUESDAY + timedelta(days=70))
    did = {move.step: today(moment) for moment, move, _ in world.player.moves if ":" not in move.step}
    assert did == {planned.rung.id: planned.on for planned in plan("professional", TUESDAY)}
    assert set(path) == {"Visit", "And now?", "Rest"}
    assert world.visits < 30, "it rests between its rungs"


def test_it_knows_no_rung() -> None:
    text = json.dumps(MACHINE)
    assert not [planned.rung.id for planned in plan("professional", TUESDAY) if f'"{planned.rung.id}"' in text]


def test_a_case_that_is_paid_ends_its_machine() -> None:
    world = opened()
    walk(world, TUESDAY + timedelta(days=3))
    total = world.player.case.letters[-1].total
    assert total is not None
    world.player.now = at(TUESDAY + timedelta(days=4), "10:00")
    world.player.decide("record_payment", amount=total, on=TUESDAY + timedelta(days=4))
    assert walk(world, TUESDAY + timedelta(days=9)) == ["Visit", "And now?", "Over"]
    assert [move.step for _, move, _ in world.player.moves][-1] == "receipt:p1"


def test_what_is_written_between_a_visit_and_its_rest_is_seen_at_once() -> None:
    """The head refuses the alarm of a machine that saw an older case: it looks again instead of sleeping through."""
    world = opened()
    world.people = False

    def disputed(player: Player) -> None:
        player.events.append(DisputeRaised(at=player.now, by="debtor", reason="x"))

    world.meanwhile.append(disputed)
    path = walk(world, TUESDAY)
    assert path[:6] == ["Visit", "And now?", "Rest", "Visit", "And now?", "Rest"]
    assert world.head["alarm_saw"] == world.version
    assert world.player.done == {}, "and no letter left"


def test_after_a_hundred_days_it_hands_over_to_its_successor() -> None:
    """An execution lives one year at most, and 25,000 events."""
    world = opened()
    started = world.player.now
    path = walk(world, TUESDAY + timedelta(days=64), started)
    assert current(world.player.case) is None
    world.player.decide("decide", choice="wait", until=TUESDAY + timedelta(days=110), by=CREDITOR)
    world.people = False
    path = walk(world, date(2026, 12, 30), started)
    assert path[-1] == "Hand over"
    assert world.started == [(f"{CASE}-2", {"case_id": CASE, "climb": 2})]
    assert timedelta(days=100) < world.player.now - started < timedelta(days=365) - A_LONG_REST
    assert walk(world, date(2026, 12, 30), climb=2)[:3] == ["Visit", "And now?", "Rest"]


def test_the_successor_of_a_replaced_machine_has_a_name_of_its_own() -> None:
    world = opened()
    world.people = False
    long_ago = world.player.now - timedelta(days=101)
    assert walk(world, TUESDAY, long_ago, climb=202609020000)[-1] == "Hand over"
    assert world.started[0][0] == f"{CASE}-202609020001"


def test_every_state_is_reached_and_leads_somewhere() -> None:
    reached, waiting = set(), [MACHINE["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        state = STATES[name]
        following = [
            state.get("Next"),
            state.get("Default"),
            *(each["Next"] for each in (*state.get("Choices", ()), *state.get("Catch", ()))),
        ]
        assert state["Type"] == "Succeed" or state.get("End") or any(following), name
        waiting += [each for each in following if each]
    assert reached == set(STATES)


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if state["Type"] == "Task"])
def test_every_task_is_tried_again(name: str) -> None:
    retry = STATES[name]["Retry"]
    assert any(each.get("MaxAttempts", 0) >= 6 and each["BackoffRate"] > 1 for each in retry)


def test_the_alarm_is_never_longer_than_a_machine_lives() -> None:
    import climb

    assert climb.A_LONG_REST == A_LONG_REST
    assert A_LONG_REST + timedelta(days=100) + timedelta(hours=8 * 6) < timedelta(days=365)
