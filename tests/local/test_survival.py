"""The climb, killed and revived: nothing acknowledged is lost, nothing is done twice, every step is taken at its hour."""

import collections
import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer

from infra import deploy
from infra.local.running import Engine
from tests.local.conftest import until

DAY = 86_400
native = TypeDeserializer().deserialize


class House:
    """The test stack on an engine that may die at any moment."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.out = engine.outputs()
        self.tables, self.machines, self.store = engine.client("dynamodb"), engine.client("stepfunctions"), engine.client("s3")

    def opened(self, case: str, **how: Any) -> str:
        self.engine.ask(f"/api/cases/{case}", how)
        until(lambda: self.at_rest(case))
        return case

    def happens(self, case: str, kind: str, **what: Any) -> None:
        self.engine.ask(f"/api/cases/{case}/events", {"kind": kind, **what})

    def events(self, case: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.engine.ask(f"/api/cases/{case}")
        return found

    def steps(self, case: str) -> list[tuple[str, str]]:
        return [(event["kind"], event["step"]) for event in self.events(case) if event["kind"] in ("StepDecided", "StepTaken")]

    def head(self, case: str) -> dict[str, Any]:
        key = {"pk": {"S": f"CASE#{case}"}, "sk": {"S": "HEAD"}}
        found = self.tables.get_item(TableName=self.out["Table"], Key=key, ConsistentRead=True).get("Item", {})
        return {name: native(value) for name, value in found.items()}

    def at_rest(self, case: str) -> bool:
        head = self.head(case)
        return "alarm" in head and bool(head["alarm_saw"] == head["version"])

    def execution(self, case: str, climb: int = 1) -> str:
        arn = self.out["Climb"].replace(":stateMachine:", ":execution:") + f":{case}-{climb}"
        status: str = self.machines.describe_execution(executionArn=arn)["status"]
        return status

    def visits(self, case: str) -> int:
        arn = self.out["Climb"].replace(":stateMachine:", ":execution:") + f":{case}-1"
        pages = self.machines.get_paginator("get_execution_history").paginate(executionArn=arn)
        entered = [
            event["stateEnteredEventDetails"]["name"] for page in pages for event in page["events"] if "stateEnteredEventDetails" in event
        ]
        return entered.count("Visit")

    def letters(self, case: str) -> list[str]:
        listing = self.store.list_objects_v2(Bucket=self.out["DocumentsBucket"], Prefix=f"post/{case}/")
        return [entry["Key"].split("/")[-1].removesuffix(".pdf") for entry in listing.get("Contents", [])]

    def now(self) -> datetime:
        return datetime.fromisoformat(self.engine.clock()["now"].replace("Z", "+00:00"))

    def die_and_come_back(self) -> float:
        self.engine.kill()
        return self.engine.start()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, stack: Path, site: Path) -> Iterator[House]:
    with Engine(tmp_path_factory.mktemp("data"), port=4110, aws_port=4111, site=site) as engine:
        deploy.deploy(engine, template=stack, parameters={"SiteOrigin": engine.origin})
        yield House(engine)


def once(*rungs: str) -> list[tuple[str, str]]:
    return [(kind, rung) for rung in rungs for kind in ("StepDecided", "StepTaken")]


def test_killed_at_rest_it_wakes_at_its_hour(house: House) -> None:
    case = house.opened("resting")

    assert house.die_and_come_back() < 10
    house.engine.clock(advance=7 * DAY + 1)

    assert house.steps(case) == once("rung-1")
    assert house.at_rest(case)


def test_killed_right_after_an_event_was_written_the_ring_still_comes(house: House) -> None:
    case = house.opened("ringing")
    house.happens(case, "StepMoved", step="rung-1", due=house.now().isoformat())

    house.die_and_come_back()

    until(lambda: house.steps(case) == once("rung-1") and house.at_rest(case))
    assert house.letters(case) == ["rung-1"]


def test_killed_between_decided_and_taken_it_is_done_once(house: House) -> None:
    case = house.opened("visiting", slow_post=1.5)
    house.happens(case, "StepMoved", step="rung-1", due=house.now().isoformat())
    until(lambda: house.steps(case) == [("StepDecided", "rung-1")])

    house.die_and_come_back()

    until(lambda: house.steps(case) == once("rung-1") and house.at_rest(case))
    time.sleep(1.6)  # the orphan of before the kill has come back too
    assert house.steps(case) == once("rung-1")
    assert house.letters(case) == ["rung-1"]
    house.happens(case, "PaymentReceived")  # its slow letters would hold up those of the other tests


def test_killed_at_random_under_writers_nothing_acknowledged_is_lost(house: House) -> None:
    cases = [house.opened(f"busy-{n}", slow_post=0.05) for n in range(3)]
    paid, noted, stop = set(), collections.Counter[str](), threading.Event()
    chance = random.Random(7)

    def write() -> None:
        while not stop.is_set():
            case = chance.choice(cases)
            try:
                if chance.random() < 0.05 and len(paid) < 2:
                    house.happens(case, "PaymentReceived")
                    paid.add(case)
                else:
                    house.happens(case, "Note")
                    noted[case] += 1
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(2):
        until(lambda: house.engine.ask("/api/time"))
        time.sleep(chance.uniform(0.2, 0.6))
        for case in cases:
            if case not in paid:
                house.happens(case, "StepMoved", step="rung-1", due=house.now().isoformat())
        time.sleep(chance.uniform(0, 0.25))
        house.die_and_come_back()
    stop.set()
    for writer in writers:
        writer.join()

    def settled(case: str) -> bool:
        was_paid = any(event["kind"] == "PaymentReceived" for event in house.events(case))  # stored, perhaps killed before we were told
        return house.execution(case) == "SUCCEEDED" if was_paid else house.steps(case) == once("rung-1") and house.at_rest(case)

    for case in cases:
        until(lambda case=case: settled(case), 40)
        kinds = collections.Counter(event["kind"] for event in house.events(case))
        assert kinds["Note"] >= noted[case]
        assert case not in paid or kinds["PaymentReceived"]
        assert len(set(house.steps(case))) == len(house.steps(case))
        assert len(house.letters(case)) == kinds["StepTaken"]


def test_a_payment_ends_the_climb_at_once(house: House) -> None:
    case = house.opened("paid")

    house.happens(case, "PaymentReceived")

    until(lambda: house.execution(case) == "SUCCEEDED")


def test_the_same_ring_four_times_is_one_visit_and_an_old_one_is_none(house: House) -> None:
    case = house.opened("rung")
    first = house.head(case)
    before = house.visits(case)
    image = {
        "pk": {"S": f"CASE#{case}"},
        "sk": {"S": "HEAD"},
        "version": {"N": "99"},
        "alarm": {"S": first["alarm"]},
        "alarm_saw": {"N": "1"},
    }
    record = {"dynamodb": {"NewImage": image}}
    functions = house.engine.client("lambda")
    for _ in range(2):
        answer = functions.invoke(FunctionName=house.out["Announce"], Payload=json.dumps({"Records": [record, record]}))
        assert "FunctionError" not in answer

    until(lambda: house.visits(case) == before + 1 and house.head(case)["alarm"] != first["alarm"])
    with pytest.raises(house.machines.exceptions.TaskTimedOut):
        house.machines.send_task_success(taskToken=first["alarm"], output="{}")
    assert house.visits(case) == before + 1


def test_a_listener_that_could_not_follow_is_told_again(house: House) -> None:
    """Without its right announce fails, and names the record; with it again, the same record rings."""
    case = house.opened("deaf")
    rights = house.engine.client("iam")
    role = next(role["RoleName"] for role in rights.list_roles(MaxItems=1000)["Roles"] if "Announce" in role["RoleName"])
    (policy,) = rights.list_role_policies(RoleName=role)["PolicyNames"]
    document = rights.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    before = house.visits(case)

    rights.delete_role_policy(RoleName=role, PolicyName=policy)
    house.happens(case, "Note")
    time.sleep(1.5)
    assert house.visits(case) == before

    rights.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    until(lambda: house.visits(case) == before + 1 and house.at_rest(case))


def test_each_rung_is_taken_on_its_own_day_however_far_the_clock_goes(house: House) -> None:
    cases = [house.opened("far-1"), house.opened("far-2")]

    moved = house.engine.clock(advance=70 * DAY)

    assert moved["restless"] == []
    for case in cases:
        events = house.events(case)
        opened = datetime.fromisoformat(events[0]["at"])
        late = [datetime.fromisoformat(event["at"]) - opened for event in events if event["kind"] == "StepTaken"]
        assert [passed.days for passed in late] == [7 * n for n in range(1, 10)]
        assert all(passed - timedelta(days=passed.days) < timedelta(minutes=1) for passed in late)


def test_every_night_is_visited_even_when_the_engine_was_away(house: House) -> None:
    def nights() -> list[str]:
        asked = {"KeyConditionExpression": "pk = :n", "ExpressionAttributeValues": {":n": {"S": "NIGHTS"}}}
        return [item["sk"]["S"] for item in house.tables.query(TableName=house.out["Table"], **asked)["Items"]]

    before = len(nights())
    house.engine.clock(advance=2 * DAY)
    house.die_and_come_back()
    house.engine.clock(advance=3 * DAY)

    assert len(nights()) == before + 5
    assert all(night[11:16] == "03:00" for night in nights())


def test_after_a_hundred_days_another_execution_takes_over(house: House) -> None:
    case = house.opened("long")
    schedules = house.engine.client("scheduler")
    (name,) = [schedule["Name"] for schedule in schedules.list_schedules()["Schedules"]]
    nightly = {
        key: value
        for key, value in schedules.get_schedule(Name=name).items()
        if key in ("Target", "FlexibleTimeWindow", "ScheduleExpression")
    }
    schedules.update_schedule(Name=name, State="DISABLED", **nightly)  # 165 nights say nothing here

    house.engine.clock(advance=165 * DAY)  # the ninth rung on day 63, a rest of 100 days, then the hand-over

    schedules.update_schedule(Name=name, State="ENABLED", **nightly)

    assert house.execution(case) == "SUCCEEDED"
    assert house.execution(case, 2) == "RUNNING"
    house.happens(case, "PaymentReceived")
    until(lambda: house.execution(case, 2) == "SUCCEEDED")


def test_a_day_may_last_a_fraction_of_a_second(house: House) -> None:
    case = house.opened("fast")
    try:
        house.engine.clock(day=0.25)
        until(lambda: house.steps(case)[:2] == once("rung-1"))
    finally:
        house.engine.clock(day=DAY)

    events = house.events(case)
    passed = datetime.fromisoformat(events[2]["at"]) - datetime.fromisoformat(events[0]["at"])
    assert timedelta(days=7) < passed < timedelta(days=10)
