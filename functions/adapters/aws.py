"""The way to AWS: one session, one client per service, and the items of the table (DynamoDB) in plain Python.

A session costs a quarter of a second of processor; four of them cost a second. So there is one, and a client is
made once, while the function starts (that is when Lambda lends a whole processor).
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient

type_to_wire = TypeSerializer()
wire_to_type = TypeDeserializer()

# A call that hangs must end before its function does (30 s at most), so that the log says which one.
patience = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 3})
# An invoked function is not called a second time for being slow: it may well be at work.
one_try = Config(connect_timeout=3, read_timeout=28, retries={"mode": "standard", "total_max_attempts": 1})
# Signed links name the region's own host: a browser is not redirected while it uploads.
signed = patience.merge(Config(signature_version="s3v4"))


@overload
def client(name: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(name: Literal["s3"]) -> "S3Client": ...
@overload
def client(name: Literal["sesv2"]) -> "SESV2Client": ...
@overload
def client(name: Literal["lambda"]) -> "LambdaClient": ...
@overload
def client(name: Literal["ssm"]) -> "SSMClient": ...
@overload
def client(name: Literal["stepfunctions"]) -> "SFNClient": ...
def client(name: str) -> Any:
    return made_once(name)


@cache
def made_once(name: str) -> Any:
    return session().client(name, config={"s3": signed, "lambda": one_try}.get(name, patience))


@cache
def session() -> boto3.Session:
    return boto3.Session()


def forget() -> None:
    """A test that changes the environment begins with new clients."""
    made_once.cache_clear()
    session.cache_clear()


def set_off(function: str, event: Mapping[str, Any]) -> None:
    """A function at work, without waiting for it."""
    client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())


def table_name() -> str:
    return os.environ["TABLE"]


def pack(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item as DynamoDB wants it. What is None is not there: an index skips the item, a condition says « not exists »."""
    return {name: type_to_wire.serialize(value) for name, value in item.items() if value is not None}


def unpack(wire: Mapping[str, Any]) -> dict[str, Any]:
    """The item in Python: whole numbers are int again, the others stay Decimal."""
    return {name: plain(wire_to_type.deserialize(value)) for name, value in wire.items()}


def plain(value: Any) -> Any:
    match value:
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case list():
            return [plain(each) for each in value]
        case dict():
            return {name: plain(each) for name, each in value.items()}
        case _:
            return value


# ------------------------------------------------------------------------------------------------ one item


def get(pk: str, sk: str) -> dict[str, Any] | None:
    """Read as last written: people act on what they see."""
    item = client("dynamodb").get_item(TableName=table_name(), Key=key(pk, sk), ConsistentRead=True).get("Item")
    return unpack(item) if item else None


def put(pk: str, sk: str, item: Mapping[str, Any]) -> None:
    client("dynamodb").put_item(TableName=table_name(), Item=pack({**item, "pk": pk, "sk": sk}))


class Moved(Exception):
    """Somebody wrote this item since it was read: read it again, and decide again."""


def put_after(seen: int, pk: str, sk: str, item: Mapping[str, Any]) -> None:
    """Writes version `seen + 1`, if the item is still at version `seen` (0: not there yet). Raises `Moved`."""
    wire = pack({**item, "pk": pk, "sk": sk, "version": seen + 1})
    values = pack({":seen": seen})
    try:
        if seen:
            client("dynamodb").put_item(
                TableName=table_name(), Item=wire, ConditionExpression="version = :seen", ExpressionAttributeValues=values
            )
        else:
            client("dynamodb").put_item(TableName=table_name(), Item=wire, ConditionExpression="attribute_not_exists(pk)")
    except ClientError as error:
        if refused_by_condition(error):
            raise Moved(f"{pk} {sk}") from error
        raise


def key(pk: str, sk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def alive(stored: Mapping[str, Any], now: datetime) -> bool:
    """DynamoDB deletes what expired within days; whoever reads looks at the hour too."""
    return bool(stored["expires"] > seconds(now))


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, tz=UTC)


def refused_by_condition(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"
