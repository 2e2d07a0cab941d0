"""The button behind the link of the confirmation e-mail: the one act that lets a case begin.

Reading the page changes nothing (mail scanners open links); the button uses the link up.
"""

import os
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Response

from adapters import agency, directory, drafts, passes
from adapters.drafts import Draft
from doors import mailing, opening, sessions
from doors.access import Allowed, Caller
from doors.bodies import Body, Short
from doors.intake import A_DRAFT_LIVES
from recovery import tokens
from recovery.intake import siren_in
from recovery.refusals import AlreadyClaimed, NotFound
from recovery.tokens import LinkUsed

router = APIRouter()


class Token(Body):
    token: Short


@router.post("/api/confirmations")
async def confirm(body: Token, response: Response, caller: Allowed) -> dict[str, Any]:
    """The address is proved. A creditor we know goes on at once; the first case of an unknown one waits for a person of the agency."""
    id = tokens.opened_link("confirm", body.token, agency.signing_key(), caller.now)
    link = passes.use_link(id, caller.now)
    if link is None:
        raise LinkUsed
    try:
        draft = drafts.find(link.draft, caller.now)
        if draft is None or draft.email != link.email:
            raise NotFound("Ce lien ne correspond plus à aucun dépôt. Ouvrez le dernier e-mail reçu.")
        draft = confirmed(draft, caller)
    except AlreadyClaimed as claimed:
        raise told_to_its_owner(claimed, link.email) from None
    except NotFound:
        raise
    except Exception:
        passes.keep_link(id, link)  # our fault, not theirs: the link may be pressed again
        raise
    sessions.begin_for_creditor(response, draft.email, caller)
    return {"ref": draft.ref, "state": draft.state, "next": f"/dossier#{draft.ref}" if draft.state == "opened" else "/dossiers"}


def confirmed(draft: Draft, caller: Caller) -> Draft:
    """Pressing a second link of the same draft says where it stands."""
    if draft.state != "accepted":
        return draft
    draft = replace(draft, confirmed_at=caller.now, expires=caller.now + A_DRAFT_LIVES)  # the agency's delay counts from here
    directory.keep_person(opening.person_of(draft))
    verified_by = verified_already(draft)
    if verified_by:
        return opening.open_case(draft, verified_by=verified_by, now=caller.now)
    draft = drafts.keep(replace(draft, state="waiting_agency"))
    mailing.waiting_agency(draft, caller.now)
    return draft


def verified_already(draft: Draft) -> str:
    """By whom: the person of the agency who compared, once; the machine where the owner of the deployment trusts everybody."""
    known = directory.creditor(opening.creditor_of(siren_in(draft.fields), directory.person(draft.email)))
    if known and known.knows(draft.email):
        return known.verified_by
    return "machine" if os.environ.get("TRUST_CREDITORS") == "yes" else ""


def told_to_its_owner(claimed: AlreadyClaimed, email: str) -> AlreadyClaimed:
    """The number of the case is for its own creditor; anybody else learns that the invoice is taken, and no more."""
    person = directory.person(email)
    if person is not None and opening.owner_of(claimed.case) in person.creditors:
        claimed.message = f"Cette facture est déjà dans le dossier {claimed.case}."
    return claimed
