"""Does one thing under the role of this function, and says what came of it: what was read, or the code of the refusal."""

import json
import os

import boto3
from botocore.exceptions import ClientError

TABLE, OTHER, BUCKET = os.environ["TABLE"], os.environ["OTHER"], os.environ["BUCKET"]


def handler(event, _):
    try:
        return {"answer": globals()["do_" + event["do"]](**event.get("with", {}))}
    except ClientError as refused:
        return {"refused": refused.response["Error"]["Code"]}


def do_secret(name):
    return boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


def do_invoke(function):
    answer = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"hello": "you"}))
    return json.load(answer["Payload"])


def do_index(debtor):
    found = boto3.client("dynamodb").query(
        TableName=TABLE,
        IndexName="by_debtor",
        KeyConditionExpression="debtor = :d",
        ExpressionAttributeValues={":d": {"S": debtor}},
    )
    return [item["pk"]["S"] for item in found["Items"]]


def do_put(pk, table=TABLE, **more):
    item = {"pk": {"S": pk}, "sk": {"S": "x"}, **{key: {"S": value} for key, value in more.items()}}
    boto3.client("dynamodb").put_item(TableName=table, Item=item)


def do_put_elsewhere(pk):
    do_put(pk, table=OTHER)


def do_put_once(pk):
    boto3.client("dynamodb").transact_write_items(
        TransactItems=[
            {"Put": {"TableName": TABLE, "Item": {"pk": {"S": pk}, "sk": {"S": "a"}}, "ConditionExpression": "attribute_not_exists(pk)"}},
            {"Put": {"TableName": TABLE, "Item": {"pk": {"S": pk}, "sk": {"S": "b"}}}},
        ]
    )


def do_store(key):
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"once", IfNoneMatch="*")


def do_mail(raw, sender="dossiers@reglo.example"):
    sent = boto3.client("sesv2").send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": ["compta@client.example"]},
        Content={"Raw": {"Data": raw.encode()}},
    )
    return sent["MessageId"]


def do_start(machine):
    boto3.client("stepfunctions").start_execution(stateMachineArn=machine, input="{}")


def greet(event, _):
    return {"heard": event["hello"]}
