"""DynamoDB: the journal of each case, its head, and the invoices it claims.

    pk                  sk             what
    CASE#RG-26-00001    EVENT#000001   entry: the sealed entry, canonical JSON; written once
    CASE#RG-26-00001    HEAD           version, seal, status, creditor, debtor, claim, desk, due           (updated with each event)
                                       alarm, alarm_saw, next_visit: the machine at rest                  (climb.asl.json writes them)
                                       announced: how far people were told                                (announce.py writes it)
    INVOICE#<siren>#<number>  CLAIM    case: an invoice belongs to one case

One transaction writes the new entries, the head and the claims: all or none. An entry requires that its key be free, the head the
version we read; who comes second reads again and decides again. The head is written with Update, never Put: the alarm stays.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.aws import client, pack, table_name, unpack
from recovery.amounts import Claim
from recovery.case import Case, fold
from recovery.events import AnyEvent, CaseOpened, InterestWaived, Invoice, PaymentReceived, from_json, same_number, to_json
from recovery.refusals import AlreadyClaimed, NotFound
from recovery.seal import BEFORE_THE_FIRST, canonical, sealed
from recovery.work import tasks

dynamodb = client("dynamodb")
TRIES = 25  # of `change`, before we say that a case is stormed


class Stale(Exception):
    """Somebody wrote first: read again, decide again."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The sealed entries of a case, the events they hold, and the case those tell."""

    entries: tuple[dict[str, Any], ...]

    @property
    def events(self) -> tuple[AnyEvent, ...]:
        return tuple(from_json(entry["event"]) for entry in self.entries)

    @property
    def case(self) -> Case:
        return fold(self.events)

    @property
    def last_seal(self) -> str:
        return self.entries[-1]["seal"] if self.entries else BEFORE_THE_FIRST

    def __len__(self) -> int:
        return len(self.entries)


def read(case_id: str) -> Journal:
    """Everything that happened, consistent. Raises `NotFound`."""
    entries: list[dict[str, Any]] = []
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table_name(),
        KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
        ExpressionAttributeValues=pack({":pk": f"CASE#{case_id}", ":event": "EVENT#"}),
        ConsistentRead=True,
    )
    for page in pages:
        entries += [json.loads(item["entry"]["S"]) for item in page["Items"]]
    if not entries:
        raise NotFound
    return Journal(tuple(entries))


def load(case_id: str) -> Case:
    return read(case_id).case


def head(case_id: str) -> dict[str, Any]:
    """The convenience for lists and for « has anything changed? ». Raises `NotFound`."""
    found = dynamodb.get_item(TableName=table_name(), Key=pack({"pk": f"CASE#{case_id}", "sk": "HEAD"}), ConsistentRead=True)
    if "Item" not in found:
        raise NotFound
    return unpack(found["Item"])


def heads_of(creditor: str) -> list[dict[str, Any]]:
    """The heads of a creditor's cases, oldest first."""
    return _indexed("creditor", "creditor", creditor)


def desk() -> list[dict[str, Any]]:
    """The heads that wait for a person of the agency, the most urgent first (submissions wait there too: drafts.py)."""
    return _indexed("desk", "desk", "work")


def open_heads() -> list[dict[str, Any]]:
    """Every head, by a scan: for the nightly audit and the agency's list, never for a page a creditor opens."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table_name(), FilterExpression="sk = :head", ExpressionAttributeValues=pack({":head": "HEAD"}), ConsistentRead=True
    )
    return [unpack(item) for page in pages for item in page["Items"]]


def _indexed(index: str, key: str, value: str) -> list[dict[str, Any]]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table_name(),
        IndexName=index,
        KeyConditionExpression="#key = :value",
        ExpressionAttributeNames={"#key": key},
        ExpressionAttributeValues=pack({":value": value}),
    )
    found = (unpack(item) for page in pages for item in page["Items"])
    return [item for item in found if item["sk"] == "HEAD"]


def claim_of(found: dict[str, Any]) -> Claim:
    """The claim as the head remembers it: enough for a balance of the day without reading the journal."""
    kept = json.loads(found["claim"])
    payments = tuple(from_json(payment) for payment in kept["payments"])
    waived = tuple(from_json(waiver) for waiver in kept["waived"])
    opened = from_json(kept["opened"])
    assert isinstance(opened, CaseOpened)
    return Claim(
        regime=opened.regime,
        invoices=opened.invoices,
        payments=tuple(p for p in payments if isinstance(p, PaymentReceived)),
        waived=tuple(w for w in waived if isinstance(w, InterestWaived)),
    )


def append(case_id: str, seen: Journal, events: Sequence[AnyEvent]) -> Journal:
    """These events after those we saw. Raises `Stale`, or `AlreadyClaimed` when an invoice belongs to another case."""
    entries, previous = [], seen.last_seal
    for n, event in enumerate(events, len(seen) + 1):
        entry = sealed(previous, n, case_id, to_json(event))
        entries.append(entry)
        previous = entry["seal"]
    after = Journal((*seen.entries, *entries))
    writes = [_entry_write(case_id, entry) for entry in entries]
    writes.append(_head_write(case_id, len(seen), after))
    opened = next((event for event in events if isinstance(event, CaseOpened)), None)
    claimed = [(invoice, _claim_write(opened.creditor, invoice, case_id)) for invoice in opened.invoices] if opened else []
    try:
        dynamodb.transact_write_items(TransactItems=[*writes, *(write for _, write in claimed)])
    except dynamodb.exceptions.TransactionCanceledException as refused:
        reasons = refused.response["CancellationReasons"]
        if any(reason["Code"] == "ConditionalCheckFailed" for reason in reasons[: len(writes)]):
            raise Stale from None  # before the claims: a case opened twice finds its own
        for (invoice, _), reason in zip(claimed, reasons[len(writes) :], strict=True):
            if reason["Code"] == "ConditionalCheckFailed":
                holder = unpack(reason.get("Item", {})).get("case", "")
                raise AlreadyClaimed(invoice.number, holder) from None
        if any(reason["Code"] == "TransactionConflict" for reason in reasons):
            raise Stale from None
        raise
    return after


def open_case(case_id: str, events: Sequence[AnyEvent]) -> Journal:
    """The first entries, with the invoices they claim. Opening twice under the same id is opening once."""
    try:
        return append(case_id, Journal(()), events)
    except Stale:
        return read(case_id)


def change(case_id: str, decide: Callable[[Case], Iterable[AnyEvent]]) -> Journal:
    """Decides again until nobody wrote in between. No event, no write. Raises what `decide` refuses, and `NotFound`."""
    for _ in range(TRIES):
        seen = read(case_id)
        events = list(decide(seen.case))
        if not events:
            return seen
        try:
            return append(case_id, seen, events)
        except Stale:
            continue
    raise Stale(f"{case_id}: {TRIES} tries, somebody always wrote first")


def holder_of(creditor: str, number: str) -> str | None:
    """The case an invoice belongs to already, for a friendly word before the table itself refuses."""
    found = dynamodb.get_item(TableName=table_name(), Key=pack({"pk": _claim_key(creditor, number), "sk": "CLAIM"}))
    return unpack(found["Item"])["case"] if "Item" in found else None


def _claim_key(creditor: str, number: str) -> str:
    return f"INVOICE#{creditor}#{same_number(number)}"


def _claim_write(creditor: str, invoice: Invoice, case_id: str) -> Any:
    return {
        "Put": {
            "TableName": table_name(),
            "Item": pack({"pk": _claim_key(creditor, invoice.number), "sk": "CLAIM", "case": case_id}),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _entry_write(case_id: str, entry: dict[str, Any]) -> Any:
    return {
        "Put": {
            "TableName": table_name(),
            "Item": pack({"pk": f"CASE#{case_id}", "sk": f"EVENT#{entry['n']:06}", "entry": canonical(entry).decode()}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


def _head_write(case_id: str, seen: int, after: Journal) -> Any:
    values = head_of(after)
    kept = {name: value for name, value in values.items() if value is not None}
    names = {f"#{name}": name for name in values}
    gone = [f"#{name}" for name in values if name not in kept]
    update = "SET " + ", ".join(f"#{name} = :{name}" for name in kept) + (" REMOVE " + ", ".join(gone) if gone else "")
    return {
        "Update": {
            "TableName": table_name(),
            "Key": pack({"pk": f"CASE#{case_id}", "sk": "HEAD"}),
            "UpdateExpression": update,
            "ConditionExpression": "#version = :seen" if seen else "attribute_not_exists(pk)",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": pack({f":{name}": value for name, value in kept.items()} | ({":seen": seen} if seen else {})),
        }
    }


def head_of(journal: Journal) -> dict[str, Any]:
    """What the head says of this journal: the nightly audit computes it again and compares."""
    case = journal.case
    waiting = tasks(case)
    opened = next(entry["event"] for entry in journal.entries if entry["event"]["kind"] == "CaseOpened")
    claim = {
        "opened": opened,
        "payments": [to_json(payment) for payment in case.payments],
        "waived": [to_json(waiver) for waiver in case.waived],
    }
    return {
        "version": len(journal),
        "seal": journal.last_seal,
        "case": case.case,
        "status": case.status,
        "creditor": case.creditor,
        "debtor": case.debtor,
        "consultant": case.consultant,
        "principal": str(sum((invoice.amount for invoice in case.invoices), Decimal(0))),
        "claim": canonical(claim).decode(),
        "desk": "work" if waiting else None,
        "due": min(task.due for task in waiting).isoformat() if waiting else None,
    }


def mark_announced(case_id: str, version: int) -> None:
    """People were told of everything up to this version. It never goes back."""
    try:
        dynamodb.update_item(
            TableName=table_name(),
            Key=pack({"pk": f"CASE#{case_id}", "sk": "HEAD"}),
            UpdateExpression="SET announced = :version",
            ConditionExpression="attribute_exists(pk) AND (attribute_not_exists(announced) OR announced < :version)",
            ExpressionAttributeValues=pack({":version": version}),
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        pass  # another run told them already
