"""Follows the journal (the stream of the table): wakes the climb, and tells people what happened, once each.

A notice has a key made of the event and the recipient. The head says how far people were told: nightly.py tells what the stream
lost. What fails is tried again by the stream; the batch names the records that failed.
"""

import os
from hashlib import sha256
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters import agency, clock, directory, journal, mail, render, timer
from adapters.aws import client
from recovery.case import Case, fold
from recovery.days import today
from recovery.events import AnyEvent, CaseClosed, InsolvencyFound, PaymentReturned
from recovery.notices import Notice, notices

logger, metrics = Logger(service="announce"), Metrics(namespace="Reglo", service="announce")
processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
once = DynamoDBPersistenceLayer(
    table_name=os.environ["TABLE"],
    key_attr="pk",
    sort_key_attr="sk",
    static_pk_value="NOTICE",
    expiry_attr="expires",
    boto3_client=client("dynamodb"),
)
a_year = IdempotencyConfig(event_key_jmespath="key", expires_after_seconds=366 * 86400, hash_function="sha256")


@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    a_year.register_lambda_context(context)
    return process_partial_response(event=event, record_handler=follow, processor=processor, context=context)


def follow(record: DynamoDBRecord) -> None:
    """One new head. Waking first: a mail server that is away must not keep a case asleep."""
    changed = record.dynamodb.new_image if record.dynamodb else None
    if not changed or changed.get("sk") != "HEAD":
        return
    timer.wake({"case": changed["case"], "version": int(changed["version"])} | _alarm(changed))
    if int(changed.get("announced", 0)) < int(changed["version"]):
        tell(changed["case"])


def _alarm(changed: dict[str, Any]) -> dict[str, Any]:
    return {"alarm": changed["alarm"], "alarm_saw": int(changed["alarm_saw"])} if "alarm" in changed else {}


def tell(case_id: str) -> int:
    """Tells everybody concerned what they were not told yet; returns how many notices were due."""
    told = int(journal.head(case_id).get("announced", 0))
    seen = journal.read(case_id)
    events, due = seen.events, 0
    for n in range(told + 1, len(seen) + 1):
        for notice, to in notices_of(fold(events[:n]), events[n - 1], seen.entries[n - 1]["seal"]):
            deliver(
                notice={
                    "key": f"{notice.key}#{sha256(to.encode()).hexdigest()}",
                    "to": to,
                    "name": notice.template,
                    "data": dict(notice.data),
                }
            )
            due += 1
        if isinstance(events[n - 1], PaymentReturned) and fold(events[: n - 1]).closed:
            directory.takes(seen.case.consultant, case_id)
            timer.start(case_id, n)  # the machine of a closed case has ended: the number of this entry names the next one
        if isinstance(events[n - 1], CaseClosed):
            directory.lets_go(seen.case.consultant, case_id)
    metrics.add_metric(name="Notices", unit=MetricUnit.Count, value=due)
    journal.mark_announced(case_id, len(seen))
    return due


def notices_of(case: Case, event: AnyEvent, seal: str) -> list[tuple[Notice, str]]:
    """Each notice with the address it goes to: every contact of the creditor."""
    creditor, debtor = directory.creditor(case.creditor), directory.debtor(case.debtor)
    if creditor is None or debtor is None:
        raise LookupError(f"{case.case}: a party is not in the directory")
    iban = creditor.iban_on(today(event.at))
    kept = directory.notes(case.case).get(event.note or "") if isinstance(event, InsolvencyFound) else None
    said = kept.text if kept else ""
    found = notices(case, event, agency=agency.profile(), creditor=creditor.party, debtor=debtor, iban=iban, seal=seal, said=said)
    return [(notice, contact.email) for notice in found for contact in creditor.contacts]


@idempotent_function(  # type: ignore[untyped-decorator]
    data_keyword_argument="notice", config=a_year, persistence_store=once
)
def deliver(notice: dict[str, Any]) -> str:
    """One e-mail, once for its key. SES has no such key of its own: a process that dies between sending and noting it may send twice."""
    profile = agency.profile()
    rendered = render.email(notice["name"], **notice["data"])
    eml = mail.compose(
        to=notice["to"],
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        from_=(profile.name, profile.email),
        reply_to=notice["data"]["person_email"],
        message_id=notice["key"],
        date=clock.now(),
    )
    return mail.send(eml)
