"""Signing in, by a link in an e-mail: no password to choose, to forget or to lose."""

import secrets
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from adapters import agency, directory, drafts, passes
from doors import mailing
from doors.access import COOKIE, Allowed, Caller, not_too_often, staff_id
from doors.bodies import Body, Short
from recovery import tokens
from recovery.intake import EMAIL
from recovery.refusals import Invalid
from recovery.tokens import LinkUsed

router = APIRouter()
MOST = 3  # mandates waiting for one address: beyond, it is no person who asks
LASTS = {"creditor": timedelta(days=30), "staff": timedelta(hours=12)}


class Address(Body):
    email: Short


@router.post("/api/sign-in", status_code=202)
async def ask_for_a_link(body: Address, caller: Allowed) -> dict[str, str]:
    """The same answer for every address: whether one is known to us is nobody's business.

    Whoever accepted a mandate and lost its link receives another: they are known to nobody yet, and have no other door.
    """
    email = body.email.strip().lower()
    if not EMAIL.fullmatch(email):
        raise Invalid("Cet e-mail n’est pas complet. Par exemple, prenom@entreprise.fr.", "email")
    not_too_often(f"sign in from {caller.address}", caller.now, 20)
    not_too_often(f"sign in as {email}", caller.now, 5)
    if staff_id(email) or directory.person(email):
        mailing.sign_in(email, caller.now, secrets.token_bytes(16))
    for draft in drafts.waiting_of(email, caller.now)[:MOST]:
        if draft.state == "accepted":  # its confirmation link was lost or has expired
            mailing.confirm(draft, caller.now, secrets.token_bytes(16))
    return {"message": "Si cette adresse est connue, un lien vient d’y être envoyé. Il sert une fois, pendant 20 minutes."}


class Token(Body):
    token: Short


@router.post("/api/sessions")
async def sign_in(body: Token, response: Response, caller: Allowed) -> dict[str, Any]:
    id = tokens.opened_link("sign_in", body.token, agency.signing_key(), caller.now)
    link = passes.use_link(id, caller.now)
    if link is None:
        raise LinkUsed
    staff = staff_id(link.email)
    if staff:
        begin(response, caller, role="staff", email=link.email, person=staff)
        return {"role": "staff", "next": "/equipe"}
    begin_for_creditor(response, link.email, caller)
    return {"role": "creditor", "next": "/dossiers"}


@router.delete("/api/sessions", status_code=204)
async def sign_out(request: Request, response: Response, caller: Allowed) -> None:
    passes.end_session(request.cookies[COOKIE])
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=secure())


@router.get("/api/me")
async def me(caller: Allowed) -> dict[str, Any]:
    if caller.role == "staff":
        person = next(person for person in agency.profile().people if person.id == caller.person)
        return {"role": "staff", "email": caller.email, "name": person.name, "creditors": []}
    known = directory.person(caller.email)
    sirens = known.creditors if known else ()
    found = [creditor for creditor in (directory.creditor(siren) for siren in sirens) if creditor]
    return {
        "role": "creditor",
        "email": caller.email,
        "name": known.name if known else "",
        "creditors": [{"siren": creditor.siren, "name": creditor.party.name} for creditor in found],
    }


@router.get("/api/agency")
async def who_we_are(caller: Allowed) -> dict[str, Any]:
    """What the law and good manners make public."""
    profile = agency.profile()
    public = (
        "name",
        "legal_name",
        "fictional",
        "line1",
        "postcode",
        "city",
        "rcs",
        "capital",
        "vat",
        "phone",
        "email",
        "hours",
        "privacy_contact",
    )
    return {name: getattr(profile, name) for name in public} | {
        "insurance": {name: getattr(profile.insurance, name) for name in ("insurer", "policy", "cover")},
        "mediator": profile.mediator,
    }


# ------------------------------------------------------------------------------------------------ the cookie


def begin_for_creditor(response: Response, email: str, caller: Caller) -> None:
    person = directory.person(email)
    begin(
        response,
        caller,
        role="creditor",
        email=email,
        person=person.id if person else "",
        creditors=person.creditors if person else (),
    )


def begin(response: Response, caller: Caller, *, role: str, email: str, person: str, creditors: tuple[str, ...] = ()) -> None:
    secret = secrets.token_urlsafe(32)
    lasts = LASTS[role]
    passes.keep_session(secret, passes.Session(role=role, email=email, person=person, expires=caller.now + lasts, creditors=creditors))
    response.set_cookie(COOKIE, secret, max_age=int(lasts.total_seconds()), path="/", httponly=True, samesite="lax", secure=secure())


def secure() -> bool:
    """Everywhere but on one machine, where there is no TLS."""
    return not agency.profile().site.startswith(("http://127.0.0.1", "http://localhost"))
