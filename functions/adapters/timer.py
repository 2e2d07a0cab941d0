"""Step Functions: starts the climb of a case, rings the machine that rests on it.

The whole rule: *a head whose version has gone past what its alarm saw must be rung*. Old, late and double rings fall on a closed
token and harm nobody. Only announce.py and nightly.py have the right to call this.
"""

import json
import os
from typing import Any

from adapters.aws import client

climbs = client("stepfunctions")


def wake(head: dict[str, Any]) -> None:
    """Starts the climb of a head that never had an alarm; rings the one that saw an older version."""
    if "alarm" not in head:
        start(head["case"], 1)
    elif head["version"] > head["alarm_saw"]:
        ring(head["alarm"])


def start(case_id: str, climb: int) -> bool:
    """Twice is once: a machine of that name and case runs. False when the name was borne by one that ended."""
    try:
        climbs.start_execution(
            stateMachineArn=os.environ["CLIMB"], name=f"{case_id}-{climb}", input=json.dumps({"case_id": case_id, "climb": climb})
        )
    except climbs.exceptions.ExecutionAlreadyExists:
        return False
    return True


def ring(token: str) -> None:
    try:
        climbs.send_task_success(taskToken=token, output="{}")
    except (climbs.exceptions.TaskTimedOut, climbs.exceptions.TaskDoesNotExist):
        pass  # nobody rests behind that token any more


def looked_after() -> set[str]:
    """The cases that a running machine looks after."""
    pages = climbs.get_paginator("list_executions").paginate(stateMachineArn=os.environ["CLIMB"], statusFilter="RUNNING")
    return {run["name"].rsplit("-", 1)[0] for page in pages for run in page["executions"]}
