"""DynamoDB: what opens a door for a while, and how often somebody tried.

    LINK#<fingerprint>         LINK       a link sent by e-mail, deleted by the one who uses it
    SESSION#<fingerprint>      SESSION    who is signed in, and as what
    RATE#<what>#<window>       RATE       attempts in one window of time

A secret is kept as its fingerprint: reading the table opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from adapters.aws import alive, client, get, key, moment, put, refused_by_condition, seconds, table_name, unpack
from recovery import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    kind: str
    email: str
    draft: str
    expires: datetime


def keep_link(id: str, link: Link) -> None:
    put(
        f"LINK#{tokens.fingerprint(id)}",
        "LINK",
        {"kind": link.kind, "email": link.email, "draft": link.draft, "expires": seconds(link.expires)},
    )


def use_link(id: str, now: datetime) -> Link | None:
    """The link, which nobody can use again. None when it was used, or never was."""
    try:
        answer = client("dynamodb").delete_item(
            TableName=table_name(),
            Key=key(f"LINK#{tokens.fingerprint(id)}", "LINK"),
            ConditionExpression="attribute_exists(pk) AND expires > :now",
            ExpressionAttributeValues={":now": {"N": str(seconds(now))}},
            ReturnValues="ALL_OLD",
        )
    except ClientError as error:
        if refused_by_condition(error):
            return None
        raise
    stored = unpack(answer["Attributes"])
    return Link(kind=stored["kind"], email=stored["email"], draft=stored.get("draft", ""), expires=moment(stored["expires"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    role: str  # "creditor" | "staff"
    email: str
    person: str
    expires: datetime
    creditors: tuple[str, ...] = ()  # as they were at sign-in: spares a reading, access.py looks again for a newer one


def keep_session(secret: str, session: Session) -> None:
    put(
        f"SESSION#{tokens.fingerprint(secret)}",
        "SESSION",
        {
            "role": session.role,
            "email": session.email,
            "person": session.person,
            "expires": seconds(session.expires),
            "creditors": list(session.creditors),
        },
    )


def session(secret: str, now: datetime) -> Session | None:
    stored = get(f"SESSION#{tokens.fingerprint(secret)}", "SESSION")
    if stored is None or not alive(stored, now):
        return None
    return Session(
        role=stored["role"],
        email=stored["email"],
        person=stored["person"],
        expires=moment(stored["expires"]),
        creditors=tuple(stored["creditors"]),
    )


def end_session(secret: str) -> None:
    client("dynamodb").delete_item(TableName=table_name(), Key=key(f"SESSION#{tokens.fingerprint(secret)}", "SESSION"))


def attempts(what: str, now: datetime, window: timedelta, *, add: int = 1) -> int:
    """How many times in the present window, this one included; `add=-1` takes it back. `what` is kept as a fingerprint: it may hold an address.

    Counted before anything is tried, so that many at once do not all pass.
    """
    length = int(window.total_seconds())
    number = seconds(now) // length
    answer = client("dynamodb").update_item(
        TableName=table_name(),
        Key=key(f"RATE#{tokens.fingerprint(what)}#{number}", "RATE"),
        UpdateExpression="ADD n :more SET expires = :end",
        ExpressionAttributeValues={":more": {"N": str(add)}, ":end": {"N": str((number + 2) * length)}},
        ReturnValues="ALL_NEW",
    )
    return int(unpack(answer["Attributes"])["n"])
