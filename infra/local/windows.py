"""What only exists on one machine, under /_local/: the outbox, the printed letters, the clock.

GET  /_local/                         the three windows
GET  /_local/courriels                e-mails, newest first
GET  /_local/courriels/NAME           one, as its reader sees it; NAME.eml is the message itself, NAME/piece/N an attachment
GET  /_local/lettres[/KEY]            letters handed to the printer
GET  /_local/horloge                  the clock, with buttons (a form, without any script)
GET  /_local/clock                    {"now", "day", "moving", "target"}
POST /_local/clock                    {"advance": seconds, "day": seconds}; answers once everything due by then is done
POST /_local/snapshot                 answers once what was deployed is on disk
GET  /_local/registres/SERVICE        the public registers, offline (registers.py)
"""

import asyncio
import email
import email.policy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote
from zoneinfo import ZoneInfo

import boto3
from botocore.config import Config
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from infra.local import passing_days, registers, settings, visitors
from infra.local.moving_clock import clock

HERE = Path(__file__).with_name("pages")
PRINT_QUEUE = "post/"
A_DAY = 86_400
# The reader of an e-mail: no script, nothing fetched, links open beside.
READER = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

pages = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def routes(snapshot: Callable[[], None]) -> list[Route]:
    async def saved(request: Request) -> Response:
        guard(request)
        snapshot()
        return JSONResponse({"saved": True})

    return [
        Route("/_local", home),
        Route("/_local/", home),
        Route("/_local/style.css", style),
        Route("/_local/courriels", mails),
        Route("/_local/courriels/{name}.eml", mail_itself),
        Route("/_local/courriels/{name}/corps", mail_body),
        Route("/_local/courriels/{name}/piece/{n:int}", mail_attachment),
        Route("/_local/courriels/{name}", mail),
        Route("/_local/lettres", letters),
        Route("/_local/lettres/{key:path}", letter),
        Route("/_local/horloge", clock_page, methods=["GET", "POST"]),
        Route("/_local/clock", clock_data, methods=["GET", "POST"]),
        Route("/_local/snapshot", saved, methods=["POST"]),
        *registers.routes(),
    ]


def shown(name: str, **what: Any) -> HTMLResponse:
    return HTMLResponse(pages.get_template(name).render(sheets=sheets(), now=in_paris(clock.now()), **what))


def sheets() -> list[str]:
    """The site's own style sheets, whatever their names are today, then ours."""
    index = settings.SITE / "index.html"
    text = index.read_text() if index.exists() else ""
    links = [tag for tag in re.findall(r"<link\b[^>]*>", text) if "stylesheet" in tag]
    return [*(href[1] for tag in links if (href := re.search(r'href="(/[^"]+)"', tag))), "/_local/style.css"]


def guard(request: Request) -> None:
    if visitors.foreign(request.headers):
        raise HTTPException(403, "Cette demande vient d’un autre site.")


async def home(request: Request) -> Response:
    printed = await asyncio.to_thread(print_queue)
    return shown("home.html", mails=len(outbox()), letters=len(printed))


async def style(request: Request) -> Response:
    return Response((HERE / "style.css").read_text(), media_type="text/css")


# E-mails ----------------------------------------------------------------------------------------------------------


def outbox() -> list[str]:
    """Their names begin with the hour of sending."""
    return sorted((file.stem for file in settings.OUTBOX.glob("*.eml")), reverse=True)


def read(name: str) -> EmailMessage:
    if name not in outbox():
        raise HTTPException(404, "Message introuvable.")
    return email.message_from_bytes((settings.OUTBOX / f"{name}.eml").read_bytes(), policy=email.policy.default)


def about(name: str) -> dict[str, Any]:
    message = read(name)
    envelope = json.loads((settings.OUTBOX / f"{name}.json").read_text())
    recipients = [address for kind in (envelope["to"] or {}).values() for address in kind]
    sent = datetime.strptime(name[:19], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    return {
        "name": name,
        "subject": message["Subject"] or "(sans objet)",
        "from": message["From"] or "",
        "to": message["To"] or ", ".join(recipients),
        "sent": in_paris(sent.timestamp()),
        "attachments": [
            {"n": n, "name": part.get_filename() or "pièce", "size": len(part.get_payload(decode=True) or b"")}
            for n, part in enumerate(message.iter_attachments())
        ],
    }


async def mails(request: Request) -> Response:
    return shown("mails.html", mails=[about(name) for name in outbox()])


async def mail(request: Request) -> Response:
    name = request.path_params["name"]
    text = read(name).get_body(("plain",))
    return shown("mail.html", mail=about(name), text=text.get_content() if text else "")


async def mail_itself(request: Request) -> Response:
    name = request.path_params["name"]
    read(name)
    return as_file((settings.OUTBOX / f"{name}.eml").read_bytes(), f"{name}.eml", "message/rfc822")


async def mail_body(request: Request) -> Response:
    """The HTML as it was sent, links opening in a page of their own; or the text, if there is nothing else."""
    body = read(request.path_params["name"]).get_body(("html", "plain"))
    content = body.get_content() if body else ""
    if body is None or body.get_content_type() == "text/plain":
        return Response(content, media_type="text/plain; charset=utf-8", headers={"content-security-policy": READER})
    return HTMLResponse(f'<base target="_blank">{content}', headers={"content-security-policy": READER})


async def mail_attachment(request: Request) -> Response:
    parts = list(read(request.path_params["name"]).iter_attachments())
    n = request.path_params["n"]
    if n >= len(parts):
        raise HTTPException(404, "Pièce introuvable.")
    return as_file(parts[n].get_payload(decode=True) or b"", parts[n].get_filename() or "piece", parts[n].get_content_type())


def as_file(content: bytes, name: str, kind: str) -> Response:
    """A PDF opens in the browser; whatever else came from outside is only ever saved."""
    pdf = content.startswith(b"%PDF-")
    how = "inline" if pdf else "attachment"
    disposition = f"{how}; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type="application/pdf" if pdf else kind, headers={"content-disposition": disposition})


# Letters ----------------------------------------------------------------------------------------------------------


@cache
def store() -> Any:
    return boto3.client("s3", endpoint_url=settings.STORE_ORIGIN, config=Config(proxies={}))


def bucket() -> str | None:
    outputs: dict[str, str] = json.loads(settings.OUTPUTS.read_text()) if settings.OUTPUTS.exists() else {}
    return outputs.get("DocumentsBucket")


def print_queue() -> list[dict[str, Any]]:
    """What was handed to the printer, newest first."""
    if not (name := bucket()):
        return []
    listing = store().get_paginator("list_objects_v2").paginate(Bucket=name, Prefix=PRINT_QUEUE)
    found = [entry for page in listing for entry in page.get("Contents", []) if not entry["Key"].endswith("/")]
    newest_first = sorted(found, key=lambda entry: (entry["LastModified"], entry["Key"]), reverse=True)
    return [{"key": entry["Key"].removeprefix(PRINT_QUEUE), "size": entry["Size"]} for entry in newest_first]


async def letters(request: Request) -> Response:
    return shown("letters.html", letters=await asyncio.to_thread(print_queue))


async def letter(request: Request) -> Response:
    key = request.path_params["key"]

    def fetch() -> bytes:
        try:
            content: bytes = store().get_object(Bucket=bucket(), Key=PRINT_QUEUE + key)["Body"].read()
        except store().exceptions.NoSuchKey:
            raise HTTPException(404, "Lettre introuvable.") from None
        return content

    if not bucket():
        raise HTTPException(404, "Lettre introuvable.")
    return as_file(await asyncio.to_thread(fetch), key.rsplit("/", 1)[-1], "application/octet-stream")


# Clock ------------------------------------------------------------------------------------------------------------


def in_paris(at: float) -> str:
    return datetime.fromtimestamp(at, ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y à %H:%M")


def clock_state() -> dict[str, Any]:
    passage = passing_days.under_way
    return {
        "now": clock.iso(),
        "day": settings.NATURAL_DAY / clock.pace,
        "moving": passage is not None,
        "target": clock.iso(passage.target) if passage else None,
    }


async def clock_data(request: Request) -> Response:
    if request.method == "GET":
        return JSONResponse(clock_state())
    guard(request)
    try:
        asked = json.loads(await request.body() or b"{}")
        seconds, day = float(asked.get("advance", 0)), float(asked.get("day", 0))
    except (ValueError, TypeError, AttributeError):
        return JSONResponse({"error": "advance and day are numbers of seconds"}, 400)
    if not (0 <= seconds <= 3660 * A_DAY and (day == 0 or 0.1 <= day <= A_DAY)):
        return JSONResponse({"error": "advance goes from 0 to ten years, day from 0.1 to 86400"}, 400)
    if day:
        clock.set(pace=settings.NATURAL_DAY / day)
    if not seconds:
        return JSONResponse(clock_state())
    passage = await asyncio.to_thread(passing_days.advance, seconds)
    return JSONResponse({**clock_state(), "stops": passage.stops, "restless": passage.restless})


async def clock_page(request: Request) -> Response:
    if request.method == "GET":
        return shown("clock.html", state=clock_state(), mistake="", days="")
    guard(request)
    days = parse_qs((await request.body()).decode(errors="replace")).get("jours", [""])[0].strip()
    if not (days.isascii() and days.isdigit() and 1 <= int(days) <= 3660):
        return shown("clock.html", state=clock_state(), mistake="Donnez un nombre entier de jours, de 1 à 3660.", days=days)
    await asyncio.to_thread(passing_days.advance, int(days) * A_DAY)
    return RedirectResponse("/_local/horloge", 303)
