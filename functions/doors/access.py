"""Who may do what: one table, one question asked before every route. A route that is not in the table answers nobody.

    anyone      no session is needed
    draft       whoever holds the token of that draft
    signed      a creditor or the staff
    creditor    a creditor
    case        the creditor of that case, or the staff
    case owner  the creditor of that case
    staff       the people of the agency profile, and no one who has left it

Somebody else's case is not found, like one that does not exist.
"""

import os
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Depends, Request

from adapters import agency, clock, directory, drafts, journal, passes
from recovery import tokens
from recovery.refusals import NotFound, Refusal, TooMany

Right = Literal["anyone", "draft", "signed", "creditor", "case", "case owner", "staff"]

MAY: dict[tuple[str, str], Right] = {
    ("GET", "/api/agency"): "anyone",
    ("POST", "/api/uploads"): "anyone",
    ("POST", "/api/groups"): "anyone",  # each draft it names is opened by its own token
    ("GET", "/api/drafts"): "creditor",
    ("POST", "/api/drafts/{id}/move"): "draft",
    ("GET", "/api/drafts/{id}/invoices/{invoice}/pages/{page}"): "draft",
    ("POST", "/api/drafts/{id}/reading"): "draft",
    ("GET", "/api/drafts/{id}"): "draft",
    ("PUT", "/api/drafts/{id}"): "draft",
    ("GET", "/api/drafts/{id}/mandate"): "draft",
    ("POST", "/api/drafts/{id}/mandate"): "draft",
    ("POST", "/api/drafts/{id}/resend"): "draft",
    ("GET", "/api/drafts/{id}/debtor"): "draft",
    ("GET", "/api/companies"): "signed",
    ("GET", "/api/companies/{siren}"): "signed",
    ("GET", "/api/cases/{id}/debtor"): "case",
    ("POST", "/api/cases/{id}/insolvency"): "staff",
    ("POST", "/api/confirmations"): "anyone",
    ("POST", "/api/sign-in"): "anyone",
    ("POST", "/api/sessions"): "anyone",
    ("DELETE", "/api/sessions"): "signed",
    ("GET", "/api/me"): "signed",
    ("GET", "/api/cases"): "signed",
    ("GET", "/api/cases/{id}"): "case",
    ("GET", "/api/cases/{id}/documents/{sha256}"): "case",
    ("GET", "/api/cases/{id}/letters/{step}"): "case",
    ("POST", "/api/cases/{id}/export"): "case",
    ("POST", "/api/cases/{id}/decision"): "case owner",
    ("POST", "/api/cases/{id}/retraction"): "case owner",
    ("POST", "/api/cases/{id}/steps/{step}/approve"): "staff",
    ("POST", "/api/cases/{id}/steps/{step}/report"): "staff",
    ("POST", "/api/cases/{id}/letters/{step}/posted"): "staff",
    ("POST", "/api/cases/{id}/letters/{step}/remake"): "staff",
    ("POST", "/api/cases/{id}/payments"): "case",
    ("POST", "/api/cases/{id}/payments/{payment}/return"): "staff",
    ("POST", "/api/cases/{id}/files"): "case",
    ("POST", "/api/cases/{id}/credit-notes"): "case",
    ("POST", "/api/cases/{id}/letters/{step}/presented"): "staff",
    ("POST", "/api/cases/{id}/limitation"): "staff",
    ("POST", "/api/cases/{id}/debtor"): "staff",
    ("POST", "/api/cases/{id}/visit-consent"): "staff",
    ("POST", "/api/cases/{id}/disputes"): "staff",
    ("POST", "/api/cases/{id}/dispute"): "staff",
    ("GET", "/api/desk"): "staff",
    ("POST", "/api/desk/submissions/{id}/approve"): "staff",
    ("POST", "/api/desk/submissions/{id}/refuse"): "staff",
    ("POST", "/api/letters"): "anyone",
    ("POST", "/api/owed"): "anyone",
}

COOKIE = "reglo"
CASE_ID = re.compile(r"RG-\d{2}-\d{5,9}")


class NotSignedIn(Refusal):
    message = "Connectez-vous pour continuer : nous vous envoyons un lien par e-mail."


class NotAllowed(Refusal):
    message = "Cette page n’est pas pour vous."


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, when, and about what. `head` is read for the routes of a case, `draft` for those of a draft."""

    now: datetime
    address: str
    role: str = "nobody"  # nobody | creditor | staff
    email: str = ""
    person: str = ""
    creditors: tuple[str, ...] = ()
    draft: drafts.Draft | None = None
    head: dict[str, Any] | None = None

    @property
    def by(self) -> str:
        """As the journal names people."""
        return f"{self.role}:{self.person}"

    @property
    def the_draft(self) -> drafts.Draft:
        if self.draft is None:
            raise NotFound
        return self.draft

    @property
    def the_head(self) -> dict[str, Any]:
        if self.head is None:
            raise NotFound
        return self.head


async def guard(request: Request) -> Caller:
    """Answers for every route, before anything else is read. Raises `NotSignedIn`, `NotAllowed`, `NotFound`."""
    right = MAY.get((request.method, request.scope["route"].path))
    if right is None:
        raise NotAllowed
    now = clock.now()
    session = session_of(request, now)
    caller = Caller(
        now=now,
        address=viewer(request),
        role=session.role if session else "nobody",
        email=session.email if session else "",
        person=session.person if session else "",
        creditors=session.creditors if session else (),
    )
    match right:
        case "anyone":
            return caller
        case "draft":
            return with_draft(caller, request)
        case _ if caller.role == "nobody":
            raise NotSignedIn
        case "signed":
            return caller
        case "staff":
            return only(caller, "staff")
        case "creditor":
            return only(caller, "creditor")
        case "case":
            return with_case(caller, request)
        case "case owner":
            return with_case(only(caller, "creditor"), request)


Allowed = Annotated[Caller, Depends(guard)]


def only(caller: Caller, role: str) -> Caller:
    if caller.role != role:
        raise NotAllowed
    return caller


def with_draft(caller: Caller, request: Request) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme != "Draft":
        raise NotSignedIn
    id = tokens.opened_draft(token, agency.signing_key())
    draft = drafts.find(id, caller.now) if id == request.path_params["id"] else None
    if draft is None:
        raise NotFound("Ce dépôt n’existe plus. Déposez de nouveau la facture.")
    return replace(caller, draft=draft)


def with_case(caller: Caller, request: Request) -> Caller:
    head = journal.head(case_id(request.path_params["id"]))
    if caller.role == "staff" or speaks_for(caller, head["creditor"]):
        return replace(caller, head=head)
    raise NotFound


def speaks_for(caller: Caller, creditor: str) -> bool:
    """As the session remembers; or as the directory says, for a case that was opened since the person signed in."""
    if creditor in caller.creditors:
        return True
    person = directory.person(caller.email)
    return person is not None and creditor in person.creditors


def case_id(typed: str) -> str:
    if not CASE_ID.fullmatch(typed):
        raise NotFound
    return typed


# ------------------------------------------------------------------------------------------------ sessions


def session_of(request: Request, now: datetime) -> passes.Session | None:
    secret = request.cookies.get(COOKIE, "")
    session = passes.session(secret, now) if secret else None
    if session and session.role == "staff" and staff_id(session.email) != session.person:
        return None
    return session


def staff_id(email: str) -> str | None:
    return next((person.id for person in agency.profile().people if person.email.lower() == email), None)


# ------------------------------------------------------------------------------------------------ how often


def viewer(request: Request) -> str:
    """The address of whoever asks. Behind CloudFront, the header it sets itself; a header from outside is believed nowhere else."""
    header = os.environ.get("VIEWER_HEADER")
    if header and header in request.headers:
        return request.headers[header].rpartition(":")[0] or request.headers[header]
    return request.client.host if request.client else ""


QUARTER = timedelta(minutes=15)


def not_too_often(what: str, now: datetime, most: int, window: timedelta = QUARTER) -> None:
    """Raises `TooMany`. The window is fixed: in the worst case twice as many pass around its edge."""
    if passes.attempts(what, now, window) > most:
        raise TooMany
