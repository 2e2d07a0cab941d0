"""dynamodb:LeadingKeys, the condition that holds a role to some partition keys.

Stock never fills it, and AWS lets a `ForAllValues` condition pass when the key is absent: without this, such a right is
a right to the whole table. Of a transaction, each item is judged on its own key.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

from infra.local.patch import replace

Json = dict[str, Any]
KEY = "dynamodb:LeadingKeys"


class TableOfItem(str):
    """The ARN of a table, with the key of the item that a transaction touches there."""

    leading: list[str]


def service_context(body: bytes) -> Json:
    context: Json = stock_context(body)
    asked = parsed(body)
    keys = list(leading_keys(asked)) if "TransactItems" not in asked else []
    return {**context, KEY: keys} if keys else context


stock_context = replace(iam_actions, "dynamodb_service_context", service_context)


def transaction_checks(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
    checks: list[tuple[str, str]] = []
    for item in parsed(body).get("TransactItems") or []:
        for act, arn in stock_checks(action, json.dumps({"TransactItems": [item]}).encode(), region, account):
            table = TableOfItem(arn)
            table.leading = [key for detail in item.values() for key in leading_keys(detail)]
            checks.append((act, table))
    return checks


stock_checks = replace(iam_actions, "dynamodb_transaction_checks", transaction_checks)


def enforce(*rest: Any, resource_arn: str = "*", service_context: Json | None = None, **named: Any) -> Any:
    if isinstance(resource_arn, TableOfItem):
        service_context = {**(service_context or {}), KEY: resource_arn.leading}
    return stock_enforce(*rest, resource_arn=str(resource_arn), service_context=service_context, **named)


stock_enforce = replace(iam_evaluator, "enforce", enforce)


def parsed(body: bytes) -> Json:
    try:
        asked = json.loads(body or b"{}")
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def leading_keys(asked: Json) -> Iterator[str]:
    """The partition keys that one operation names."""
    for name, requests in (asked.get("RequestItems") or {}).items():
        for request in requests if isinstance(requests, list) else []:
            for detail in request.values():
                yield from leading_keys({**detail, "TableName": name})
        for key in requests.get("Keys", []) if isinstance(requests, dict) else []:
            yield from leading_keys({"Key": key, "TableName": name})
    partition = partition_of(asked)
    for place in ("Item", "Key"):
        if partition and partition in (asked.get(place) or {}):
            yield from asked[place][partition].values()
    names, values = asked.get("ExpressionAttributeNames") or {}, asked.get("ExpressionAttributeValues") or {}
    for name, value in re.findall(r"([#\w.-]+)\s*=\s*(:\w+)", asked.get("KeyConditionExpression") or ""):
        if names.get(name, name) == partition:
            yield from (values.get(value) or {}).values()


def partition_of(asked: Json) -> str | None:
    """The partition key of the table, or of the index that is asked."""
    table = dynamodb._tables.get((asked.get("TableName") or "").split("/")[-1])
    if not table:
        return None
    indexes = (table.get("GlobalSecondaryIndexes") or []) + (table.get("LocalSecondaryIndexes") or [])
    for index in indexes:
        if index["IndexName"] == asked.get("IndexName"):
            return str(next(key["AttributeName"] for key in index["KeySchema"] if key["KeyType"] == "HASH"))
    return str(table["pk_name"])
