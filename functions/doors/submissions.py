"""First cases of unknown creditors, which wait for a person of the agency. Anyone can hold somebody's invoice.

The person compares the register, the domain of the e-mail and the holder of the account; one click opens the case, or refuses it
with a reason that the depositor reads.
"""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter

from adapters import archive, directory, drafts
from adapters.drafts import Draft
from doors import mailing, opening, quotes
from doors.access import Allowed, Caller
from doors.bodies import Body, Long, words
from recovery import french
from recovery.intake import named, siren_in
from recovery.refusals import AlreadyClaimed, Invalid, NothingToDo

router = APIRouter()
READING = 3600  # seconds a page of the work list may stay open before its links close


def shown(draft: Draft) -> dict[str, Any]:
    """The three comparisons: register, e-mail domain, holder of the account. A person looks; the machine only says what it sees."""
    fields = draft.fields
    domain = draft.email.rpartition("@")[2]
    siren = siren_in(fields)
    known = directory.creditor(opening.creditor_of(siren, directory.person(draft.email)))
    identity = f"SIREN {french.siren(siren)}, " if siren else "Particulier, sans SIREN : "
    return {
        "draft": draft.id,
        "ref": draft.ref,
        "creditor": fields["creditor_name"],
        "creditor_siren": siren,
        "address": f"{fields['creditor_line1']}, {fields['creditor_postcode']} {fields['creditor_city']}",
        "signatory": f"{draft.accepted['name']}, {draft.accepted['role']}",
        "email": draft.email,
        "email_domain": domain,
        "iban": french.iban(fields["creditor_iban"]),
        "iban_holder_hint": f"Le titulaire doit être {fields['creditor_name']}.",
        "debtor": fields["debtor_name"],
        "amount": quotes.entrusted(draft),
        "since": (draft.confirmed_at or draft.created).isoformat().replace("+00:00", "Z"),
        "known": known is not None,
        "documents": [
            *(
                {
                    "name": "Facture" if len(draft.invoices) == 1 else "Facture " + fields[named("number", each.id)],
                    "href": archive.link(each.file["sha256"], each.file["name"], inline=True, seconds=READING),
                }
                for each in draft.invoices
            ),
            {
                "name": "Mandat",
                "href": archive.link(draft.accepted["document"], draft.accepted["name_of_file"], inline=True, seconds=READING),
            },
        ],
        "checks": [
            {"label": "Registre", "value": f"{identity}{fields['creditor_name']}", "ok": None},
            {
                "label": "Domaine de l’e-mail",
                "value": domain,
                "ok": False if domain in FREE_MAIL else same_domain(domain, known),
            },
            {"label": "Titulaire de l’IBAN", "value": french.iban(fields["creditor_iban"]), "ok": same_account(fields, known)},
        ],
    }


# Anybody has one there: such an address says nothing about a company.
FREE_MAIL = frozenset(
    ("gmail.com", "orange.fr", "wanadoo.fr", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "free.fr", "sfr.fr", "laposte.net", "yahoo.fr", "yahoo.com", "icloud.com", "live.fr", "proton.me", "bbox.fr")
)  # fmt: skip


def same_domain(domain: str, known: directory.Creditor | None) -> bool | None:
    """Only the domain of a contact we have verified is certain: a name is easily put in another domain."""
    if known and known.verified_by and any(contact.email.endswith(f"@{domain}") for contact in known.contacts):
        return True
    return None


def same_account(fields: dict[str, str], known: directory.Creditor | None) -> bool | None:
    """Only an account we already pay is certain; the name at the bank is for a person to compare."""
    return (fields["creditor_iban"] == known.iban) if known else None


@router.post("/api/desk/submissions/{id}/approve")
async def approve_submission(id: str, caller: Allowed) -> dict[str, Any]:
    draft = waiting(id, caller)
    try:
        opened = opening.open_case(draft, verified_by=caller.by, now=caller.now)
    except AlreadyClaimed as claimed:
        claimed.message = f"Cette facture est déjà dans le dossier {claimed.case} : refusez cette demande."
        raise
    return {"ref": opened.ref, "state": opened.state}


class Reason(Body):
    reason: Long


@router.post("/api/desk/submissions/{id}/refuse")
async def refuse_submission(id: str, body: Reason, caller: Allowed) -> dict[str, Any]:
    reason = words(body.reason)
    if not reason:
        raise Invalid("Dites pourquoi : cette phrase part dans l’e-mail.", "reason")
    refused = drafts.keep(replace(waiting(id, caller), state="refused", refusal=reason))
    mailing.refused_by_agency(refused, reason, caller.now)
    return {"ref": refused.ref, "state": refused.state}


def waiting(id: str, caller: Caller) -> Draft:
    draft = drafts.find(id, caller.now)
    if draft is None or draft.state != "waiting_agency":
        raise NothingToDo("Cette demande a déjà été traitée.")
    return draft
