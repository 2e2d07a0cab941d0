"""Starts the climb once, rings the machine whose case has gone past what it saw."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.stub import Stubber

from adapters import timer
from adapters.aws import client

CASE = "RG-26-00001"
DEFINITION = json.loads((Path(__file__).parents[2] / "infra" / "climb.asl.json").read_text("utf-8"))


@pytest.fixture
def climb(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    made = client("stepfunctions").create_state_machine(
        name="climb", definition=json.dumps(DEFINITION), roleArn="arn:aws:iam::123456789012:role/climb"
    )
    monkeypatch.setenv("CLIMB", made["stateMachineArn"])
    return str(made["stateMachineArn"])


@pytest.fixture
def bell() -> Iterator[Stubber]:
    with Stubber(timer.climbs) as stub:
        yield stub
        stub.assert_no_pending_responses()


def started() -> list[dict[str, object]]:
    runs = client("stepfunctions").list_executions(stateMachineArn=os.environ["CLIMB"])["executions"]
    return [json.loads(client("stepfunctions").describe_execution(executionArn=run["executionArn"])["input"]) for run in runs]


def test_a_case_that_never_had_an_alarm_is_started(climb: str) -> None:
    timer.wake({"case": CASE, "version": 4})
    assert started() == [{"case_id": CASE, "climb": 1}]
    assert timer.looked_after() == {CASE}


def test_twice_is_once(climb: str) -> None:
    assert timer.start(CASE, 1)
    assert timer.start(CASE, 1)
    timer.wake({"case": CASE, "version": 5})
    assert len(started()) == 1


def test_the_name_of_a_machine_that_ended_is_not_given_again(climb: str) -> None:
    timer.start(CASE, 1)
    (run,) = client("stepfunctions").list_executions(stateMachineArn=climb)["executions"]
    client("stepfunctions").stop_execution(executionArn=run["executionArn"])
    assert not timer.start(CASE, 1)
    assert timer.looked_after() == set()
    assert timer.start(CASE, 202611240000)
    assert timer.looked_after() == {CASE}


def test_the_name_of_a_case_may_hold_dashes(climb: str) -> None:
    timer.start(CASE, 202611240000)
    assert timer.looked_after() == {CASE}


def test_the_machine_that_saw_an_older_version_is_rung(bell: Stubber) -> None:
    bell.add_response("send_task_success", {}, {"taskToken": "token", "output": "{}"})
    timer.wake({"case": CASE, "version": 5, "alarm": "token", "alarm_saw": 4})


def test_the_one_that_saw_this_version_sleeps_on(bell: Stubber) -> None:
    timer.wake({"case": CASE, "version": 5, "alarm": "token", "alarm_saw": 5})  # a call would find no answer, and fail


@pytest.mark.parametrize("closed", ["TaskTimedOut", "TaskDoesNotExist"])
def test_an_old_ring_harms_nobody(bell: Stubber, closed: str) -> None:
    bell.add_client_error("send_task_success", closed)
    timer.ring("token")


def test_another_fault_goes_up(bell: Stubber) -> None:
    bell.add_client_error("send_task_success", "AccessDeniedException")
    with pytest.raises(timer.climbs.exceptions.ClientError):
        timer.ring("token")
