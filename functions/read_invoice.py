"""Reads one uploaded file: few rights, a short leash. From the bytes in the bucket to the fields of a form.

    event    {"bucket", "key", "name"}, and "own" when the account's numbers are known: {"name", "siren", "siret", "vat", "iban"}
    answer   {"reading", "sha256", "size", "media_type", "picture", "pages"}
    event    {"bucket", "key", "page"}: nothing is read, that page is drawn
    answer   {"picture"}, null when it cannot be
    event    {"wake": true}: a file is on its way, and finds us loaded
    answer   {}

The picture of the first page is left beside the file, as `pictures/<sha256 of the file>.png`; a photo is its own picture, `.jpg` or `.png`.
"""

import hashlib
import time
from datetime import date
from typing import Any, TypedDict

from aws_lambda_powertools import Logger

from adapters import aws
from adapters.clock import now
from adapters.pdf import draw_pages, open_pdf
from recovery import french
from recovery.invoices.identifiers import Identity
from recovery.invoices.opened import HEIC, Kind, Opened, State, media_type, sniff
from recovery.invoices.picture import SHORTEST_SIDE, measure
from recovery.invoices.reader import read
from recovery.invoices.reading import Reading

LARGEST = 10 * 1024 * 1024  # the upload form refuses more
WIDTH = 1000  # of the picture of a page, in dots

logger = Logger(service="read_invoice")


class Answer(TypedDict):
    reading: dict[str, Any]
    sha256: str
    size: int
    media_type: str
    picture: str | None
    pages: int


class Drawn(TypedDict):
    picture: str | None


def handler(event: dict[str, Any], context: object) -> Answer | Drawn | dict[str, Any]:
    s3 = aws.client("s3")
    if "wake" in event:
        return {}
    bucket, key = event["bucket"], event["key"]
    began = time.monotonic()
    stored = s3.get_object(Bucket=bucket, Key=key)
    data = stored["Body"].read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("larger than the upload form allows")
    sha256 = hashlib.sha256(data).hexdigest()
    fetched = time.monotonic()
    if "page" in event:
        return Drawn(picture=drawn(bucket, data, f"pictures/{sha256}-{event['page']}.png", event["page"]))
    kind, opened = open_bytes(data)
    reading = read(event["name"], opened, own=Identity(**event["own"]) if event.get("own") else None, today=french.local(now()).date())
    ended = time.monotonic()
    shown, shown_type = shown_beside(data, opened)
    picture = f"pictures/{sha256}.{'jpg' if shown_type == 'image/jpeg' else 'png'}" if shown else None
    if picture and shown:
        s3.put_object(Bucket=bucket, Key=picture, Body=shown, ContentType=shown_type)
    # Sizes, times and the outcome: never what the file says or how it is called.
    logger.info(
        "read",
        size=len(data), kind=kind, pages=opened.page_count, characters=opened.characters, outcome=reading.outcome, source=reading.source,
        fields=len(reading.evidence), warnings=len(reading.warnings), picture=len(shown or b""),
        fetched_ms=round(1000 * (fetched - began)), read_ms=round(1000 * (ended - fetched)),
    )  # fmt: skip
    return Answer(
        reading=reading.for_a_form(),
        sha256=sha256,
        size=len(data),
        media_type=media_type(data),
        picture=picture,
        pages=opened.page_count,
    )


def drawn(bucket: str, data: bytes, key: str, page: int) -> str | None:
    pictures = draw_pages(data, [page], width=WIDTH) if sniff(data) == "pdf" else {}
    if page not in pictures:
        return None
    aws.client("s3").put_object(Bucket=bucket, Key=key, Body=pictures[page], ContentType="image/png")
    return key


def read_bytes(name: str, data: bytes, *, own: Identity | None = None, today: date | None = None) -> tuple[Reading, bytes | None]:
    """The reading of a file and the PNG of its first page."""
    _, opened = open_bytes(data)
    return read(name, opened, own=own, today=today), opened.picture


def shown_beside(data: bytes, opened: Opened) -> tuple[bytes | None, str]:
    """What stands beside the form, and its type. A photo is shown by the browser itself."""
    if opened.kind == "picture" and opened.state == "opened":
        return data, media_type(data)
    return opened.picture, "image/png"


def open_bytes(data: bytes) -> tuple[Kind, Opened]:
    """The file opened by what its bytes are; a declared type is never asked."""
    kind = sniff(data)
    if len(data) > LARGEST:
        return kind, Opened("too_large", kind)
    if kind == "pdf":
        return kind, open_pdf(data)
    if kind == "picture":
        return kind, Opened(state_of_picture(data), kind)
    return kind, Opened("opened", kind, attachments=(data,) if kind == "xml" else (), page_count=0)


def state_of_picture(data: bytes) -> State:
    """Told by its first bytes: what decodes pictures is in the browser, or in the optional scanner."""
    if media_type(data) in HEIC:
        return "heic"
    if media_type(data) not in ("image/jpeg", "image/png"):
        return "other_picture"
    photo = measure(data)
    if photo is None or min(photo.seen) < SHORTEST_SIDE:
        return "unreadable"
    return "opened" if photo.reasonable else "too_many_dots"
