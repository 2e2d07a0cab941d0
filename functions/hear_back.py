"""What outside reports of what we sent: letters that travel (Maileva), e-mails that bounce or displease (SES, through SNS).

    POST /api/hear/maileva/<secret>   something happened to a letter. Whoever calls may lie about the rest: only the key of the letter
                                      is taken from the call, and Maileva itself is asked what became of it. Answers 201, as it wants
    SNS                               a bounce or a complaint about an e-mail that bears a case and that this case did send
    {"letter": {"case", "step"}}      nightly.py looks after what nobody told us
    {"subscribe": true}               once, by an operator: Maileva is asked to tell us (`aws lambda invoke`)

Told twice, late or in disorder, a fact is written once.
"""

import base64
import binascii
import json
import os
import re
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters import archive, clock, journal, maileva
from recovery import bounces, postal
from recovery.refusals import NotFound

logger, metrics = Logger(service="hear_back"), Metrics(namespace="Reglo", service="hear_back")
MACHINE = "machine"
ADDRESS = re.compile(r"/api/hear/maileva/([^/]{20,200})")
KEY = re.compile(r"(RG-\d{2}-\d{5,9})/([a-z0-9_]{1,40}(?::[0-9A-Za-z]{1,32})?)(-\d{1,3})?")


class NotYet(Exception):
    """It speaks of something our own journal does not say yet: tried again."""


@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    count("Called")
    match event:
        case {"Records": [*records]}:
            return {"heard": sum(email(json.loads(record["Sns"]["Message"])) for record in records)}
        case {"letter": {"case": str(case), "step": str(step)}}:
            return {"heard": letter(case, step)}
        case {"subscribe": True}:
            return {"subscribed": maileva.subscribe(os.environ["SITE"])}
        case {"requestContext": {"http": _}, "rawPath": str(path)}:
            return {"statusCode": called(path, event), "headers": {"cache-control": "no-store"}, "body": ""}
        case _:
            raise ValueError("nobody speaks to us like this")


# ------------------------------------------------------------------------------------------------ letters


def called(path: str, event: dict[str, Any]) -> int:
    """The status of the answer. Away, Maileva is told to call again (a fault: 500)."""
    found = ADDRESS.fullmatch(path)
    if found is None or not maileva.is_ours(found[1]):
        return 404
    named = KEY.fullmatch(key_in(event))
    if named is None:
        count("Ignored")  # a letter of another program under the same account
        return 201
    letter(named[1], named[2], named[0])
    return 201


def key_in(event: dict[str, Any]) -> str:
    """Empty when there is none: what cannot be read will not be read the next time either."""
    try:
        text = event.get("body") or ""
        said = json.loads(base64.b64decode(text) if event.get("isBase64Encoded") else text)
        return str(said["resource_custom_data"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        return ""


def letter(case_id: str, step: str, key: str = "") -> int:
    """Asks what became of the letter that stands now at that step; returns how many facts were new.

    `key` is the letter somebody spoke of: made again since, the old one is left alone.
    """
    try:
        case = journal.read(case_id).case
    except NotFound:
        count("Ignored")
        return 0
    known = case.step(step)
    standing = postal.key(case_id, step, known.remade)
    if key and key != standing:
        return 0
    told = maileva.tracking(standing)
    if told is None:
        count("Ignored")
        return 0
    if not known.carried:
        raise NotYet(f"{case_id} {step}")  # submitted a moment ago, and the climb has not said so yet
    now = clock.now()
    proofs = () if told.refused else maileva.proofs(standing)
    found = [(proof, archive.put(data, "application/pdf", f"{step}-{proof}.pdf")) for proof, data in proofs]
    after = journal.change(case_id, lambda case: postal.heard(case, step, told, found, by=MACHINE, at=now))
    logger.info("letter", extra={"case": case_id, "step": step, "new": len(after) - case.version})
    return len(after) - case.version


# ------------------------------------------------------------------------------------------------ e-mails


def email(said: dict[str, Any]) -> int:
    """One event of SES. Raises `NotYet` while the journal does not say that the message left."""
    heard = bounces.read(said)
    if heard is None:
        count("Ignored")
        return 0
    try:
        seen = journal.read(heard.case)
    except NotFound:
        count("Ignored")
        return 0
    now = clock.now()
    if bounces.step_of(seen.case, heard.message) is None:
        raise NotYet(heard.case)
    after = journal.change(heard.case, lambda case: bounces.heard(case, heard, by=MACHINE, at=now))
    logger.info("e-mail", extra={"case": heard.case, "bounce": heard.bounce, "new": len(after) - len(seen)})
    return len(after) - len(seen)


def count(name: str) -> None:
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
