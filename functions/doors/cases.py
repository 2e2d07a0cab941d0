"""The creditor's side: their cases, each one in full, its documents, its log, and the decision at the top of the ladder."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from adapters import archive, directory, drafts, journal, workshops
from adapters.drafts import Draft
from doors import views
from doors.access import Allowed, Caller, not_too_often
from doors.bodies import Body, Short, a_date_or_none
from doors.quotes import entrusted
from recovery import decisions
from recovery.days import today
from recovery.owed import money
from recovery.refusals import NotFound

router = APIRouter()


@router.get("/api/cases")
async def list_cases(caller: Allowed) -> dict[str, Any]:
    heads = journal.open_heads() if caller.role == "staff" else [head for siren in sirens(caller) for head in journal.heads_of(siren)]
    rows, totals = [], dict.fromkeys(("entrusted", "recovered", "pending", "to_remit"), Decimal(0))
    for head in sorted(heads, key=lambda head: head["case"], reverse=True):
        row, adds = views.case_row(head, caller.now)
        rows.append(row)
        totals = {name: total + adds[name] for name, total in totals.items()}
    rows.sort(key=lambda row: not row["waiting_for_me"])  # those that wait for the reader first, then the newest
    waiting = drafts.waiting_for_agency() if caller.role == "staff" else drafts.waiting_of(caller.email, caller.now)
    return {
        "cases": rows,
        "totals": {name: money(total) for name, total in totals.items()},
        "waiting": [waiting_view(draft) for draft in waiting],
    }


def sirens(caller: Caller) -> tuple[str, ...]:
    person = directory.person(caller.email)
    return person.creditors if person else ()


def waiting_view(draft: Draft) -> dict[str, Any]:
    """To the one who deposited it: where it stands."""
    fields = draft.fields
    return {
        "draft": draft.id,
        "ref": draft.ref,
        "state": draft.state,
        "creditor": fields["creditor_name"],
        "creditor_siren": fields["creditor_siren"],
        "debtor": fields["debtor_name"],
        "amount": entrusted(draft),
        "email": draft.email,
        "since": (draft.confirmed_at or draft.created).isoformat().replace("+00:00", "Z"),
    }


@router.get("/api/cases/{id}", response_model=None)
async def show(id: str, request: Request, caller: Allowed) -> Response | dict[str, Any]:
    """The page asks again and again: while nothing has changed, the head alone is read."""
    tag = etag(caller.the_head["version"], caller.now)
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    seen = journal.read(id)
    return JSONResponse(views.case_view(seen, caller.now), headers={"etag": etag(len(seen), caller.now)})


def etag(version: int, now: datetime) -> str:
    """The page changes with the journal, and with the day: interest runs."""
    return f'"v{version}-{today(now).isoformat()}"'


@router.get("/api/cases/{id}/documents/{sha256}")
async def document(id: str, sha256: str, caller: Allowed) -> Response:
    """Only what this journal names: knowing a fingerprint opens nothing elsewhere."""
    file = views.named(journal.read(id).events).get(sha256)
    if file is None:
        raise NotFound
    media_type = archive.media_type(sha256)
    name = f"{id} {file.name}{ENDINGS.get(media_type, '')}"
    return RedirectResponse(archive.link(sha256, name, inline=media_type == "application/pdf"), 303)


ENDINGS = {"application/pdf": ".pdf", "application/xml": ".xml", "message/rfc822": ".eml"}


@router.get("/api/cases/{id}/letters/{step}")
async def letter_before_it_leaves(id: str, step: str, caller: Allowed) -> Response:
    not_too_often(f"made for {id}", caller.now, 40)
    made = workshops.make("letter", case=id, step=step)
    return RedirectResponse(made["link"], 303)


@router.post("/api/cases/{id}/export")
async def whole_log(id: str, caller: Allowed) -> dict[str, Any]:
    """The journal with its seals, every document, and how to check them."""
    not_too_often(f"made for {id}", caller.now, 40)
    made = workshops.make("export", case=id)
    return {"link": made["link"], "name": made["name"], "size": made["size"]}


@router.post("/api/cases/{id}/retraction")
async def retract(id: str, caller: Allowed) -> dict[str, Any]:
    seen = journal.change(id, lambda case: decisions.retract(case, by=caller.by, at=caller.now))
    return {"version": len(seen)}


class Decision(Body):
    choice: Short
    until: Short | None = None


@router.post("/api/cases/{id}/decision")
async def decide(id: str, body: Decision, caller: Allowed) -> dict[str, Any]:
    until = a_date_or_none(body.until, "until")
    seen = journal.change(id, lambda case: decisions.decide(case, body.choice, until, by=caller.by, at=caller.now))
    return {"version": len(seen)}
