"""Reads the words of a scan or a photo, once read_invoice found no text in it; optional, with few rights.

    event    {"bucket", "key", "name"}, and "own", as for read_invoice
    answer   {"reading"}: as that of read_invoice, its source being "scan"; {} when there is nothing better to say
             and "picture", of a HEIC: what a browser shows of it, left as `pictures/<sha256 of the file>.jpg`

Never a fault for the person: what cannot be recognised is typed in the form, beside the picture.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
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
from recovery.invoices.opened import HEIC, media_type, sniff
from recovery.invoices.picture import measure
from recovery.invoices.reader import NO_TEXT
from recovery.invoices.reading import Reading, refused
from recovery.invoices.scan import Picture

LARGEST = 10 * 1024 * 1024
MOST_PAGES = 4
DOTS = 1654  # across a page: 200 to the inch of an A4
SECONDS = 18.0  # the API waits, thirty seconds in all, and had the file opened before

logger = Logger(service="recognise")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    s3 = aws.client("s3")
    if "wake" in event:
        return {}  # a photo is on its way, and finds us loaded
    data = s3.get_object(Bucket=event["bucket"], Key=event["key"])["Body"].read(LARGEST + 1)
    began = time.monotonic()
    own = Identity(**event["own"]) if event.get("own") else None
    reading, shown = read_bytes(event["name"], data, own=own, today=french.local(now()).date())
    answer: dict[str, Any] = {"reading": reading.for_a_form()} if reading else {}
    if shown:
        answer["picture"] = f"pictures/{hashlib.sha256(data).hexdigest()}.jpg"
        s3.put_object(Bucket=event["bucket"], Key=answer["picture"], Body=shown, ContentType="image/jpeg")
    logger.info(
        "recognised",
        size=len(data),
        outcome=reading.outcome if reading else "nothing",
        fields=len(reading.evidence) if reading else 0,
        read_ms=round(1000 * (time.monotonic() - began)),
    )
    return answer


Look = Callable[[Mapping[int, bytes]], Iterable[Picture]]


def read_bytes(
    name: str, data: bytes, *, own: Identity | None = None, today: date | None = None, look: Look | None = None
) -> tuple[Reading | None, bytes | None]:
    """The reading of what the recogniser saw, None when it saw no invoice; and the JPEG of a HEIC, beside which the form is then filled.

    `look` is the recogniser, that of the environment unless told."""
    pages = pictures_of(data)
    seen = sorted(look(pages) if look else recognise(pages, seconds=SECONDS), key=lambda each: each.number) if pages else []
    reading = scan.read(name, seen, own=own, today=today) if seen else None
    shown = next((each.jpeg for each in seen if each.jpeg), None)
    if reading and reading.outcome == "read":
        return reading, shown
    return refused(name, "no_text", NO_TEXT) if shown else None, shown


def pictures_of(data: bytes) -> dict[int, bytes]:
    """The pages to look at, by number: a photo is its own page."""
    if len(data) > LARGEST:
        return {}
    match sniff(data):
        case "pdf":
            return draw_pages(data, range(1, MOST_PAGES + 1), width=DOTS)
        case "picture":
            photo = measure(data)
            return {1: data} if media_type(data) in HEIC or (photo and photo.reasonable) else {}
    return {}
