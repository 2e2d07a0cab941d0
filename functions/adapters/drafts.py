"""DynamoDB: what one debtor owes, on its way to a case.

    DRAFT#<id>    DRAFT    index `creditor` = PERSON#<e-mail> once accepted; index `desk` while the agency compares; expires

A draft is written whole, on the version that was read: the slower of two writers is told, and nothing typed is lost unseen.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from adapters.aws import alive, client, get, moment, put_after, seconds, table_name, unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    """One invoice of a draft: its file and what was read there. What is typed about it is in the fields of the draft, under its id."""

    id: str = "1"
    file: dict[str, Any] = field(default_factory=dict)  # name, size, key; then sha256, media_type, pages, picture
    reading: dict[str, Any] = field(default_factory=dict)
    credits: tuple[dict[str, Any], ...] = ()  # credit notes that name it: number, amount, file


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The invoices of one debtor on their way to a case. States follow one another:

    uploaded → read → checked → accepted → waiting_agency → opened | refused

    Of files dropped together: `listed` or `unpacked` is no invoice, `aside` repeats another, the invoices of `moved` are elsewhere.
    """

    id: str
    state: str
    created: datetime
    expires: datetime
    invoices: tuple[Deposited, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    email: str = ""  # who receives the link, once the mandate is accepted
    person: str = ""  # who deposits, when signed in
    accepted: dict[str, Any] = field(default_factory=dict)  # at, name, role, document, size, text, fee_rate
    confirmed_at: datetime | None = None
    mailed_at: datetime | None = None
    ref: str = ""
    refusal: str = ""  # by the agency; or why it is left aside
    grouped: bool = False  # put with its debtor once: from then on people alone move its invoices
    version: int = 0


def find(id: str, now: datetime) -> Draft | None:
    stored = get(f"DRAFT#{id}", "DRAFT")
    return draft_of(stored) if stored and alive(stored, now) else None


def keep(draft: Draft) -> Draft:
    """Raises `Moved` when the draft was written meanwhile."""
    kept = replace(draft, version=draft.version + 1)
    item: dict[str, Any] = {name: getattr(kept, name) for name in ("state", "email", "person", "ref", "refusal")}
    item |= {name: json.dumps(getattr(kept, name), ensure_ascii=False) for name in ("fields", "accepted")}
    item["invoices"] = json.dumps([asdict(invoice) for invoice in kept.invoices], ensure_ascii=False)
    item |= {name: at.isoformat() if (at := getattr(kept, name)) else None for name in ("created", "confirmed_at", "mailed_at")}
    item["grouped"] = kept.grouped
    item["expires"] = seconds(kept.expires)
    if kept.email and kept.state in ("accepted", "waiting_agency"):
        item["creditor"] = f"PERSON#{kept.email}"
    elif kept.person and kept.state in ("read", "checked"):
        item["creditor"] = f"PERSON#{kept.person}"
    if kept.state == "waiting_agency":
        item |= {"desk": "work", "due": (kept.confirmed_at or kept.created).isoformat()}
    put_after(draft.version, f"DRAFT#{kept.id}", "DRAFT", item)
    return kept


def waiting_for_agency() -> list[Draft]:
    """What the agency must compare before the case opens, oldest first."""
    return [draft_of(item) for item in query("desk", "desk", "work")]  # the index is in order of `due`


def waiting_of(email: str, now: datetime) -> list[Draft]:
    """What this person has accepted and that is no case yet."""
    return [draft for draft in drafts_of(email, now) if draft.state in ("accepted", "waiting_agency")]


def unfinished_of(email: str, now: datetime) -> list[Draft]:
    """What this person has dropped while signed in and not accepted yet, the newest first."""
    found = [draft for draft in drafts_of(email, now) if draft.state in ("read", "checked")]
    return sorted(found, key=lambda draft: draft.created, reverse=True)


def drafts_of(email: str, now: datetime) -> list[Draft]:
    return [draft_of(item) for item in query("creditor", "creditor", f"PERSON#{email}") if alive(item, now)]


def draft_of(stored: Mapping[str, Any]) -> Draft:
    read: dict[str, Any] = {name: stored.get(name, "") for name in ("state", "email", "person", "ref", "refusal")}
    read |= {name: json.loads(stored[name]) for name in ("fields", "accepted")}
    if "file" in stored:  # kept before a draft held several invoices
        read["invoices"] = (Deposited(file=json.loads(stored["file"]), reading=json.loads(stored["reading"])),)
    else:
        read["invoices"] = tuple(Deposited(**each | {"credits": tuple(each["credits"])}) for each in json.loads(stored["invoices"]))
    read |= {name: datetime.fromisoformat(stored[name]) for name in ("confirmed_at", "mailed_at") if name in stored}
    return Draft(
        id=stored["pk"].removeprefix("DRAFT#"),
        created=datetime.fromisoformat(stored["created"]),
        expires=moment(stored["expires"]),
        version=stored["version"],
        grouped=stored.get("grouped", False),
        **read,
    )


def query(index: str, name: str, value: str) -> list[dict[str, Any]]:
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table_name(),
            IndexName=index,
            KeyConditionExpression=f"{name} = :value",
            FilterExpression="sk = :draft",
            ExpressionAttributeValues={":value": {"S": value}, ":draft": {"S": "DRAFT"}},
        )
    )
    return [unpack(item) for page in pages for item in page["Items"]]
