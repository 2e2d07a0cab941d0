"""Events of a case, and its head: the least that the climb needs.

CASE#7f3   EVENT#000001   {...}                                     written once
CASE#7f3   HEAD           version, state; alarm, alarm_saw          the last two belong to the machine at rest
"""

import json
import os

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

client = boto3.client("dynamodb")
serialize, deserialize = TypeSerializer().serialize, TypeDeserializer().deserialize
TABLE = os.environ["TABLE"]


class Conflict(Exception):
    """Somebody wrote first: read again, decide again."""


def wire(item):
    return {key: serialize(value) for key, value in item.items()}


def read(case_id):
    found = client.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :p AND begins_with(sk, :e)",
        ConsistentRead=True,
        ExpressionAttributeValues=wire({":p": f"CASE#{case_id}", ":e": "EVENT#"}),
    )
    return [json.loads(deserialize(item["event"])) for item in found["Items"]]


def append(case_id, case, events):
    """These events after the case we saw, with the head: all of it or nothing. The alarm stays on the head."""
    seen, version = len(case), len(case) + len(events)
    state = "closed" if any(event["kind"] == "CaseClosed" for event in case + events) else "open"
    writes = [
        {
            "Put": {
                "TableName": TABLE,
                "ConditionExpression": "attribute_not_exists(pk)",
                "Item": wire({"pk": f"CASE#{case_id}", "sk": f"EVENT#{seen + n:06}", "event": json.dumps(event)}),
            }
        }
        for n, event in enumerate(events, 1)
    ]
    head = {
        "TableName": TABLE,
        "Key": wire({"pk": f"CASE#{case_id}", "sk": "HEAD"}),
        "ConditionExpression": "version = :seen" if seen else "attribute_not_exists(pk)",
        "UpdateExpression": "SET version = :version, #state = :state",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": wire({":version": version, ":state": state} | ({":seen": seen} if seen else {})),
    }
    try:
        client.transact_write_items(TransactItems=[*writes, {"Update": head}])
    except client.exceptions.TransactionCanceledException as refused:
        if any(reason["Code"] in ("ConditionalCheckFailed", "TransactionConflict") for reason in refused.response["CancellationReasons"]):
            raise Conflict from None
        raise


def change(case_id, decide):
    """Decide again until nobody wrote in between."""
    while True:
        case = read(case_id)
        events = decide(case)
        if not events:
            return case
        try:
            append(case_id, case, events)
            return case + events
        except Conflict:
            pass
