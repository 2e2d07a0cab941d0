"""Reads the words of a scan or a photo, once read_invoice found no text in it; optional, with few rights.

    event    {"bucket", "key", "name"}, and "own", as for read_invoice
    answer   {"reading"}: as that of read_invoice, its source being "scan"; {} when there is nothing better to say

Never a fault for the person: what cannot be recognised is typed in the form, beside the picture.
"""

import time
from datetime import date
from typing import Any

from aws_lambda_powertools import Logger

from adapters import aws
from adapters.clock import now
from adapters.pdf import draw_pages
from adapters.recogniser import recognise
from recovery import french
from recovery.invoices import scan
from recovery.invoices.identifiers import Identity
from recovery.invoices.opened import sniff
from recovery.invoices.picture import measure
from recovery.invoices.reading import Reading

LARGEST = 10 * 1024 * 1024
MOST_PAGES = 4
DOTS = 1654  # across a page: 200 to the inch of an A4
SECONDS = 18.0  # the API waits, thirty seconds in all, and had the file opened before

logger = Logger(service="recognise")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    data = aws.client("s3").get_object(Bucket=event["bucket"], Key=event["key"])["Body"].read(LARGEST + 1)
    began = time.monotonic()
    own = Identity(**event["own"]) if event.get("own") else None
    reading = read_bytes(event["name"], data, own=own, today=french.local(now()).date())
    logger.info(
        "recognised",
        size=len(data),
        outcome=reading.outcome if reading else "nothing",
        fields=len(reading.evidence) if reading else 0,
        read_ms=round(1000 * (time.monotonic() - began)),
    )
    return {"reading": reading.for_a_form()} if reading else {}


def read_bytes(name: str, data: bytes, *, own: Identity | None = None, today: date | None = None) -> Reading | None:
    """The reading of what the recogniser saw; None when it saw no invoice."""
    pages = pictures_of(data)
    seen = list(recognise(pages, seconds=SECONDS)) if pages else []
    reading = scan.read(name, sorted(seen, key=lambda each: each.number), own=own, today=today) if seen else None
    return reading if reading and reading.outcome == "read" else None


def pictures_of(data: bytes) -> dict[int, bytes]:
    """The pages to look at, by number: a photo is its own page."""
    if len(data) > LARGEST:
        return {}
    match sniff(data):
        case "pdf":
            return draw_pages(data, range(1, MOST_PAGES + 1), width=DOTS)
        case "picture":
            photo = measure(data)
            return {1: data} if photo and photo.reasonable else {}
    return {}
