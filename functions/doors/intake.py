"""From a dropped file to an accepted mandate. What was typed or uploaded is kept at every step, whatever is refused.

uploads → reading → fields (as often as needed) → mandate → the link in an e-mail (confirm.py)
"""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter

from adapters import agency, archive, directory, drafts, journal, workshops
from adapters.archive import LARGEST_UPLOAD, NotThere
from adapters.aws import Moved
from adapters.drafts import Deposited, Draft
from doors import companies, grouping, mailing, quotes
from doors.access import Allowed, Caller, not_too_often, speaks_for
from doors.bodies import Body, Short
from recovery import mandate, prefill, tokens
from recovery.days import today
from recovery.intake import EMAIL, FormRefused, Submission, Wrong, named, names, signatory
from recovery.invoices.written import clean
from recovery.refusals import Conflict, Invalid

router = APIRouter()
A_DRAFT_LIVES = timedelta(days=30)
AN_HOUR = timedelta(hours=1)
TYPES = {
    "pdf": "application/pdf",
    "xml": "application/xml",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "zip": "application/zip",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileRefused(Invalid):
    message = "Ce fichier n’est pas lisible. Choisissez un PDF, une Factur-X, une photo, un ZIP ou un tableau."
    field = "file"


class AlreadyAccepted(Conflict):
    message = "Le mandat est déjà accepté : ces informations ne changent plus. Pour une erreur, appelez-nous."


# ------------------------------------------------------------------------------------------------ the file


class Upload(Body):
    name: Short
    size: int
    type: Short = ""


@router.post("/api/uploads", status_code=201)
async def upload(body: Upload, caller: Allowed) -> dict[str, Any]:
    """The browser then posts the file to the store, which enforces the same limits on what really comes. Meanwhile the reader wakes."""
    not_too_often(f"upload {caller.address}", caller.now, grouping.MOST_FILES)
    name = clean(body.name, 120) or "facture"
    media_type = TYPES.get(name.rpartition(".")[2].lower()) or (body.type if body.type in TYPES.values() else None)
    if media_type is None:
        raise FileRefused
    if body.size <= 0:
        raise FileRefused("Ce fichier est vide.")
    if body.size > LARGEST_UPLOAD:
        raise FileRefused("Ce fichier dépasse 10 Mo. Choisissez un fichier plus léger.")
    token = tokens.draft(secrets.token_bytes(16), agency.signing_key())
    id = token.partition(".")[0]
    key = f"uploads/{id}/{secrets.token_hex(8)}"
    workshops.wake(media_type)
    drafts.keep(
        Draft(
            id=id,
            state="uploaded",
            created=caller.now,
            expires=caller.now + A_DRAFT_LIVES,
            invoices=(Deposited(file={"name": name, "size": body.size, "key": key}),),
            person=caller.email if caller.role == "creditor" else "",
        )
    )
    return {"draft": token, "id": id, "upload": archive.upload_form(key, media_type), "max": LARGEST_UPLOAD}


@router.post("/api/drafts/{id}/reading")
async def reading(id: str, caller: Allowed) -> dict[str, Any]:
    """Fills the form. A picture without text still stands as evidence, and the form is filled by hand; what is no document is refused."""
    draft = caller.the_draft
    if grouping.is_bundle(draft):
        return grouping.opened(draft, caller)
    if draft.state not in ("uploaded", "read"):
        return quotes.shown(draft, caller)
    not_too_often(f"reading {id}", caller.now, 20)
    own = own_fields(draft)
    deposited = draft.invoices[0]  # the others were read in drafts of their own
    try:
        read = workshops.read_invoice(deposited.file["key"], deposited.file["name"], quotes.own_identity(own))
    except workshops.FileMissing as missing:
        raise FileRefused("L’envoi a été interrompu. Réessayez.") from missing
    said = {name: value for name, value in read["reading"].items() if name not in NOT_KEPT}
    if foreign := prefill.another_seller(said, own):
        said["warnings"] = [*said["warnings"], foreign]
    file = deposited.file | {name: read[name] for name in ("size", "sha256", "media_type", "pages", "picture")}
    deposited = replace(deposited, file=file, reading=said)
    draft = replace(
        draft,
        state="read",
        invoices=(deposited, *draft.invoices[1:]),
        fields=prefill.fields(said, own, deposited.id) | {name: value for name, value in draft.fields.items() if value},
    )
    obstacles = quotes.obstacles_in(draft)
    if obstacles:
        drafts.keep(replace(draft, state="uploaded"))
        raise FormRefused(obstacles)
    return quotes.shown(drafts.keep(draft), caller)


NOT_KEPT = (
    "lines",
    "tax_breakdown",
    "adjustments",
    "references",
    "notes",
    "parties",
    "accounts",
)  # nothing is asked about them, and a draft is one item of the table


def own_fields(draft: Draft) -> dict[str, str]:
    """What we know already of the person who deposits, once signed in."""
    person = directory.person(draft.person) if draft.person else None
    creditor = directory.creditor(person.creditors[0]) if person and person.creditors else None
    if person is None or creditor is None:
        return {}
    contact = next((contact for contact in creditor.contacts if contact.email == person.email), None)
    party = creditor.party
    return {
        "creditor_name": party.name,
        "creditor_siren": party.siren,
        "creditor_kind": "individual" if party.kind == "consumer" else "",
        "creditor_line1": party.line1,
        "creditor_line2": party.line2,
        "creditor_postcode": party.postcode,
        "creditor_city": party.city,
        "creditor_iban": creditor.next_iban or creditor.iban,
        "creditor_email": person.email,
        "signatory_name": contact.name if contact else person.name,
        "signatory_role": contact.role if contact else "",
    }


# ------------------------------------------------------------------------------------------------ the form


@router.get("/api/drafts/{id}")
async def read(id: str, caller: Allowed) -> dict[str, Any]:
    return quotes.shown(caller.the_draft, caller)


class Typed(Body):
    fields: dict[Short, Short]
    later: bool = False  # typed so far: kept, and judged another time


@router.put("/api/drafts/{id}")
async def check_fields(id: str, body: Typed, caller: Allowed) -> dict[str, Any]:
    """Kept first, judged after: a refusal loses nothing. The quote comes with a form that is right."""
    draft = caller.the_draft
    if draft.state not in ("uploaded", "read", "checked"):
        raise grouping.Settled if draft.state in ("moved", "aside", "listed", "unpacked") else AlreadyAccepted
    known = names([each.id for each in draft.invoices])
    typed = draft.fields | {name: value for name, value in body.fields.items() if name in known}
    if body.later:
        return quotes.shown(drafts.keep(replace(draft, fields=typed)), caller)
    checked = quotes.checked_on(replace(draft, fields=typed), today(caller.now))
    if about_the_files := quotes.obstacles_in(draft):
        drafts.keep(replace(draft, fields=checked.fields))
        raise FormRefused((*about_the_files, *(wrong for wrong in checked.errors if wrong.field != "file")))
    right = checked.submission is not None
    draft = drafts.keep(
        replace(
            draft,
            fields=checked.fields,
            state="checked" if right else "read",
            ref=draft.ref or (new_reference(caller) if right else ""),
        )
    )
    submission = checked.or_refuse()
    not_handed_over_already(draft, submission, caller)
    companies.not_insolvent(submission, caller.now)
    return quotes.shown(draft, caller)


def new_reference(caller: Caller) -> str:
    """The mandate is read with its number: it is given when there is something to read."""
    series = f"RG-{today(caller.now):%y}"
    return f"{series}-{directory.next_number(series):05}"


def not_handed_over_already(draft: Draft, submission: Submission, caller: Caller) -> None:
    """A friendly word, early, to the creditor alone: the table itself refuses when the case opens. Raises `FormRefused`."""
    siren = submission.creditor.siren
    if caller.role != "creditor" or not speaks_for(caller, siren):
        return
    held = [
        Wrong(named("number", each.id), f"Cette facture est déjà dans le dossier {holder}.")
        for each, invoice in zip(draft.invoices, submission.invoices, strict=True)
        if (holder := journal.holder_of(siren, invoice.number))
    ]
    if held:
        raise FormRefused(tuple(held))


# ------------------------------------------------------------------------------------------------ the mandate


@router.get("/api/drafts/{id}/mandate")
async def whole_mandate(id: str, caller: Allowed) -> dict[str, Any]:
    """The PDF to read before accepting, or the one that was accepted."""
    draft = caller.the_draft
    if draft.accepted:
        return accepted_document(draft)
    not_too_often(f"made for {id}", caller.now, 40)
    return workshops.make("mandate", mandate=mandate.to_json(agreed_on(draft, caller)), accepted=None)


def agreed_on(draft: Draft, caller: Caller) -> mandate.Mandate:
    """The mandate as it stands today. Raises `FormRefused`."""
    return quotes.agreement(draft, quotes.submission(draft, caller.now), caller.now)


class Signatory(Body):
    name: Short
    role: Short = ""


class Acceptance(Body):
    signatory: Signatory
    read: Short = ""  # the fingerprint of the mandate that the page showed


class MandateChanged(Conflict):
    message = "Le mandat a changé depuis que vous l’avez lu : rechargez la page et relisez-le."


@router.post("/api/drafts/{id}/mandate", status_code=202)
async def accept(id: str, body: Acceptance, caller: Allowed) -> dict[str, Any]:
    """« J’accepte le mandat et je lance le dossier ». Pressing twice accepts once."""
    draft = caller.the_draft
    if not draft.accepted:
        not_too_often(f"mandate {caller.address}", caller.now, 30, AN_HOUR)
        not_too_often(
            f"mandate to {draft.fields.get('creditor_email', '')}", caller.now, 30, AN_HOUR
        )  # whoever typed it, it is their mailbox
        if body.read and draft.state == "checked" and body.read != mandate.fingerprint(agreed_on(draft, caller)):
            raise MandateChanged  # another day, or another tab: what is accepted is what was read
        private = draft.fields.get("creditor_kind") == "individual"
        draft = accepted(draft, *signatory(body.signatory.name, body.signatory.role, private=private), caller)
    if draft.mailed_at is None and draft.state == "accepted":
        draft = mail_the_link(draft, caller)
    return {"ref": draft.ref, "email": draft.email, "document": accepted_document(draft)}


def accepted(draft: Draft, name: str, role: str, caller: Caller) -> Draft:
    if draft.state != "checked":
        raise FormRefused((Wrong("file", "Vérifiez d’abord les informations de la facture."),))
    for each in draft.invoices:
        keep_the_evidence(each)
    draft = replace(draft, fields=draft.fields | {"signatory_name": name, "signatory_role": role})
    submission = quotes.submission(draft, caller.now)
    companies.not_insolvent(submission, caller.now)
    agreed = quotes.agreement(draft, submission, caller.now)
    acceptance = mandate.acceptance(agreed, caller.now)
    made = workshops.make("mandate", mandate=mandate.to_json(agreed), accepted=mandate.acceptance_to_json(acceptance))
    after = replace(
        draft,
        state="accepted",
        email=draft.fields["creditor_email"],
        accepted={
            "at": caller.now.isoformat(),
            "name": name,
            "role": role,
            "text": acceptance.fingerprint,
            "document": made["sha256"],
            "name_of_file": made["name"],
            "size": made["size"],
            "total": agreed.total,
            "fee_rate": str(quotes.rate_of(submission, today(caller.now))),
            "address": tokens.fingerprint(caller.address),
        },
    )
    try:
        return drafts.keep(after)
    except Moved:
        again = drafts.find(draft.id, caller.now)
        if again is None or not again.accepted:
            raise
        return again  # the same button, pressed twice


def keep_the_evidence(deposited: Deposited) -> None:
    """Bytes under their own sha256. The form that uploads stays open ten minutes: what was read must be what is kept."""
    for file in (deposited.file, *(credit["file"] for credit in deposited.credits)):
        try:
            data = archive.uploaded(file["key"])
        except NotThere as gone:
            raise FileRefused(f"Le fichier {file['name']} n’est plus là. Déposez-le de nouveau.") from gone
        if archive.put(data, file["media_type"], file["name"]) != file["sha256"]:
            raise FileRefused(f"Le fichier {file['name']} a changé depuis sa lecture. Déposez-le de nouveau.")


def mail_the_link(draft: Draft, caller: Caller) -> Draft:
    mailing.confirm(draft, caller.now, secrets.token_bytes(16))
    return drafts.keep(replace(draft, mailed_at=caller.now))


def accepted_document(draft: Draft) -> dict[str, Any]:
    kept = draft.accepted
    return {"name": kept["name_of_file"], "size": kept["size"], "link": archive.link(kept["document"], kept["name_of_file"])}


class Resend(Body):
    email: Short = ""


@router.post("/api/drafts/{id}/resend", status_code=202)
async def resend(id: str, body: Resend, caller: Allowed) -> dict[str, Any]:
    """A new link, to another address if the first was mistyped. Links to the former address open nothing any more."""
    draft = caller.the_draft
    if draft.state != "accepted":
        raise AlreadyAccepted("L’adresse e-mail est déjà confirmée : il n’y a plus rien à envoyer.")
    email = body.email.strip().lower() or draft.email
    if not EMAIL.fullmatch(email):
        raise Invalid("Cet e-mail n’est pas complet. Par exemple, prenom@entreprise.fr.", "email")
    not_too_often(f"resend {id}", caller.now, 5, AN_HOUR)
    not_too_often(f"resend to {email}", caller.now, 5, AN_HOUR)
    draft = mail_the_link(replace(draft, email=email, fields=draft.fields | {"creditor_email": email}), caller)
    return {"ref": draft.ref, "email": draft.email}
