"""Follows the journal: starts the climb of a new case, rings the machine that rests on an old head."""

import json
import os

import boto3
import journal
from botocore.exceptions import ClientError

climbs = boto3.client("stepfunctions")


def handler(event, _):
    failures = []
    for record in event["Records"]:
        try:
            if image := record["dynamodb"].get("NewImage"):
                wake({key: journal.deserialize(value) for key, value in image.items()})
        except ClientError:
            failures.append({"itemIdentifier": record["dynamodb"].get("SequenceNumber", "")})
    return {"batchItemFailures": failures}


def wake(head):
    case_id = head["pk"].removeprefix("CASE#")
    if "alarm" not in head:
        try:
            name, given = f"{case_id}-1", json.dumps({"case_id": case_id, "climb": 1})
            climbs.start_execution(stateMachineArn=os.environ["CLIMB"], name=name, input=given)
        except climbs.exceptions.ExecutionAlreadyExists:
            pass
    elif head["version"] > head["alarm_saw"]:
        try:
            climbs.send_task_success(taskToken=head["alarm"], output="{}")
        except (climbs.exceptions.TaskTimedOut, climbs.exceptions.TaskDoesNotExist):
            pass


def nightly(event, _):
    """Writes down the nights it saw."""
    from adapters import clock

    night = clock.now().isoformat()
    journal.client.put_item(TableName=journal.TABLE, Item=journal.wire({"pk": "NIGHTS", "sk": night}))
