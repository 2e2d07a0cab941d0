"""Files dropped together: archives opened, lists matched, invoices put with their debtor. One draft per debtor comes out.

Each file is a draft of its own until then: it is sent, read and refused alone. Putting together moves invoices from draft to draft, once;
from then on people move them. What is left aside is said, file by file.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from adapters import agency, drafts, journal, workshops
from adapters.drafts import Deposited, Draft
from doors.access import Allowed, Caller, not_too_often, speaks_for
from doors.bodies import Body, Short
from doors.quotes import obstacle_in, to_be_confirmed
from recovery import french, grouping, listing, prefill, tokens
from recovery.days import today
from recovery.grouping import Candidate
from recovery.intake import MOST_INVOICES, Fields, named, settle
from recovery.invoices.written import amount, day
from recovery.owed import money
from recovery.refusals import Conflict, Invalid

router = APIRouter()
BUNDLES = ("zip", "csv", "xlsx")
MOST_FILES = 120


class Settled(Conflict):
    message = "Ce dépôt ne change plus : le mandat est accepté, ou ses factures sont ailleurs."


def is_bundle(draft: Draft) -> bool:
    return len(draft.invoices) == 1 and draft.invoices[0].file["name"].rpartition(".")[2].lower() in BUNDLES


def token(draft: Draft) -> str:
    return tokens.draft_of(draft.id, agency.signing_key())


# ------------------------------------------------------------------------------------------------ archives and lists


def opened(draft: Draft, caller: Caller) -> dict[str, Any]:
    """What an archive or a list holds. Its members become drafts, read one by one like files dropped by hand."""
    (deposited,) = draft.invoices
    if draft.state == "uploaded":
        not_too_often(f"bundle {caller.address}", caller.now, 20)
        try:
            found = workshops.unpack(deposited.file["key"], deposited.file["name"])
        except workshops.FileMissing as missing:
            raise Invalid("L’envoi a été interrompu. Réessayez.", "file") from missing
        if found["refused"]:
            raise Invalid(found["refused"], "file")
        members = [drafts.keep(member_of(draft, member)).id for member in found["members"]]
        said = {"members": members, "closed": found["closed"], "lines": found["lines"]}
        state = "unpacked" if found["lines"] is None else "listed"
        draft = drafts.keep(replace(draft, state=state, invoices=(replace(deposited, reading=said),)))
    said = draft.invoices[0].reading
    found_members = [member for id in said["members"] if (member := drafts.find(id, caller.now))]
    return {
        "state": draft.state,
        "drafts": [
            {"draft": token(member), "id": member.id, "name": member.invoices[0].file["name"]}
            for member in found_members
            if member.invoices
        ],
        "closed": said["closed"],
        "lines": len(said["lines"] or ()),
    }


def member_of(draft: Draft, member: dict[str, Any]) -> Draft:
    id = tokens.draft(secrets.token_bytes(16), agency.signing_key()).partition(".")[0]
    return Draft(
        id=id, state="uploaded", created=draft.created, expires=draft.expires, person=draft.person, invoices=(Deposited(file=member),)
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ put together


class Dropped(Body):
    drafts: Annotated[list[Short], Field(max_length=MOST_FILES)]


@router.post("/api/groups")
async def put_together(body: Dropped, caller: Allowed) -> dict[str, Any]:
    """Asked again, it moves nothing that was moved already, and says the same."""
    not_too_often(f"groups {caller.address}", caller.now, 60)
    ids = dict.fromkeys(tokens.opened_draft(each, agency.signing_key()) for each in body.drafts)
    found = [draft for id in ids if (draft := drafts.find(id, caller.now))]
    lines = [listing.Line(**line) for draft in found if draft.state == "listed" for line in draft.invoices[0].reading["lines"]]
    fresh = [told_by_the_list(draft, lines) for draft in found if draft.state in ("read", "checked") and not draft.grouped]
    homes = [draft for draft in found if draft.grouped and draft.state in ("read", "checked")]
    others = [draft for draft in found if draft not in fresh and draft not in homes]
    aside = left_aside(fresh, homes, caller)
    homes = arranged([draft for draft in fresh if draft.id not in aside], homes)
    for draft in fresh:
        if draft.id in aside:
            others.append(drafts.keep(replace(draft, state="aside", refusal=aside[draft.id])))
    homes, others = with_credits(homes, others)
    return {
        "groups": [
            summary(draft, today(caller.now)) for draft in (*homes, *others) if draft.grouped and draft.state not in ("aside", "moved")
        ],
        "aside": [
            {"name": draft.invoices[0].file["name"], "message": why, "draft": token(draft) if draft.state == "aside" else None}
            for draft in others
            if (why := why_not(draft))
        ]
        + [closed for draft in found if draft.state == "unpacked" for closed in draft.invoices[0].reading["closed"]]
        + unmatched(lines, homes, others),
    }


def why_not(draft: Draft) -> str:
    if draft.state == "aside":
        return draft.refusal
    if draft.state != "uploaded" or is_bundle(draft):
        return ""
    if draft.invoices[0].reading.get("document_type") == "credit_note":
        return "C’est un avoir, et nous ne savons pas de quelle facture le déduire : retirez-le vous-même du montant encore dû."
    return obstacle_in(draft.invoices[0]) or "Ce fichier n’a pas été lu. Déposez-le de nouveau."


def candidate(draft: Draft, each: Deposited) -> Candidate:
    return Candidate(draft.id, each.file["name"], each.file.get("sha256", ""), grouping.bare(draft.fields, each.id), each.reading)


def candidates(found: Sequence[Draft]) -> list[Candidate]:
    return [candidate(draft, each) for draft in found for each in draft.invoices]


def left_aside(fresh: Sequence[Draft], homes: Sequence[Draft], caller: Caller) -> dict[str, str]:
    """By id of draft: the same invoice twice, or in a case already. The table itself has the last word when the case opens."""
    said = grouping.repeated(candidates((*homes, *fresh)))
    for draft in fresh:
        siren = draft.fields.get("creditor_siren", "")
        number = draft.fields.get("number", "")
        if draft.id not in said and number and caller.role == "creditor" and speaks_for(caller, siren):
            holder = journal.holder_of(siren, number)
            if holder:
                said[draft.id] = f"Cette facture est déjà dans le dossier {holder}."
    return {id: why for id, why in said.items() if any(draft.id == id for draft in fresh)}


def arranged(fresh: Sequence[Draft], homes: Sequence[Draft]) -> list[Draft]:
    """Each invoice goes to the draft of its debtor, or begins one."""
    kept = list(homes)
    arrivals: dict[str, list[Draft]] = {}
    for draft in fresh:
        at = grouping.home_of(candidate(draft, draft.invoices[0]), [candidates([home]) for home in kept])
        if at is None:
            kept.append(replace(draft, grouped=True))
        else:
            kept[at] = arrived(kept[at], draft, draft.invoices[0])
            arrivals.setdefault(kept[at].id, []).append(draft)
    new = {draft.id for draft in fresh}
    after = []
    for home in kept:
        after.append(drafts.keep(home) if home.id in new or home.id in arrivals else home)  # before the others let go
        for gone in arrivals.get(home.id, ()):
            drafts.keep(replace(gone, state="moved", invoices=(), fields={}))
    return after


def arrived(home: Draft, source: Draft, invoice: Deposited) -> Draft:
    """The draft once this invoice of another has come: it is to be checked again."""
    id = str(max((int(each.id) for each in home.invoices), default=0) + 1)
    fields = grouping.joined(home.fields, grouping.bare(source.fields, invoice.id), id)
    return replace(home, state="read", fields=fields, invoices=(*home.invoices, replace(invoice, id=id)))


# ------------------------------------------------------------------------------------------------ lists and credit notes


def told_by_the_list(draft: Draft, lines: Sequence[listing.Line]) -> Draft:
    """What the creditor's own spreadsheet says of this invoice."""
    (each,) = draft.invoices
    said = next((line for line in lines if listing.speaks_of(line, each.file["name"], draft.fields.get("number", ""))), None)
    if said is None:
        return draft
    fields, differs = listing.told(draft.fields, said)
    warned = [{"field": field, "message": message} for field, message in differs]
    reading = each.reading | {"warnings": [*(each.reading.get("warnings") or []), *warned], "line": said.at}
    return replace(draft, fields=settle(fields), invoices=(replace(each, reading=reading),))


def unmatched(lines: Sequence[listing.Line], homes: Sequence[Draft], others: Sequence[Draft]) -> list[dict[str, Any]]:
    """Lines whose invoice is not there: without it, nothing proves the sum."""
    there = [(each.file["name"], draft.fields.get(named("number", each.id), "")) for draft in (*homes, *others) for each in draft.invoices]
    return [
        {"name": f"Ligne {line.at} du tableau", "message": f"La facture {line.fields.get('number') or line.file} n’est pas jointe : déposez-la pour la réclamer."}
        for line in lines
        if not any(listing.speaks_of(line, file, number) for file, number in there)
    ]  # fmt: skip


def with_credits(homes: list[Draft], others: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """A credit note that surely names one of the invoices is taken off it, and kept with it."""
    left = []
    for note in others:
        is_note = note.state == "uploaded" and note.invoices[0].reading.get("document_type") == "credit_note"
        found = credited(note, homes) if is_note else None
        if found is None:
            left.append(note)
            continue
        at, id = found
        homes[at] = drafts.keep(less(homes[at], id, note))
        left.append(drafts.keep(replace(note, state="moved", invoices=(), fields={}, grouped=True)))
    return homes, left


def credited(note: Draft, homes: Sequence[Draft]) -> tuple[int, str] | None:
    """Which invoice of which draft."""
    places = [(at, each.id, candidate(draft, each)) for at, draft in enumerate(homes) for each in draft.invoices]
    fields = prefill.fields(note.invoices[0].reading, {})
    one = Candidate(note.id, note.invoices[0].file["name"], "", fields, note.invoices[0].reading)
    found = grouping.credited(one, [place for _, _, place in places])
    return next(((at, id) for at, id, place in places if place is found), None) if found else None


def less(draft: Draft, id: str, note: Draft) -> Draft:
    said = note.invoices[0]
    total = abs(amount(str(said.reading.get("total_gross") or said.reading.get("amount_due") or "")) or Decimal(0))
    number = str(said.reading.get("invoice_number") or said.file["name"])
    name = named("amount", id)
    due = amount(draft.fields.get(name, ""))
    fields, message = draft.fields, f"Avoir {number} de {french.euros(total)} : retirez-le du montant encore dû."
    if due is not None and total:
        fields = fields | {name: f"{due - total:.2f}"}
        message = f"Avoir {number} : {french.euros(total)} déduits de {french.euros(due)}."
    credit = {"number": number, "amount": money(total), "on": said.reading.get("issue_date"), "file": said.file}
    invoices = tuple(
        replace(
            each,
            credits=(*each.credits, credit),
            reading=each.reading | {"warnings": [*(each.reading.get("warnings") or []), {"field": "amount", "message": message}]},
        )
        if each.id == id
        else each
        for each in draft.invoices
    )
    return replace(draft, state="read", fields=fields, invoices=invoices)


# ------------------------------------------------------------------------------------------------ shown, moved, found again


def summary(draft: Draft, on: date) -> dict[str, Any]:
    ids = [each.id for each in draft.invoices]
    sums = [amount(draft.fields.get(named("amount", id), "")) for id in ids]
    asked = {*prefill.missing(draft.fields, ids), *to_be_confirmed(draft)}
    asked |= {named("due", id) for id in ids if not invoice_said(draft.fields, id, on)["late"]}  # it is not due yet
    for each in draft.invoices:
        asked |= {*prefill.doubtful(each.reading, draft.fields, each.id, lead=each is draft.invoices[0])}
    return {
        "draft": token(draft),
        "state": draft.state,
        "ref": draft.ref or None,
        "debtor": draft.fields.get("debtor_name", ""),
        "city": draft.fields.get("debtor_city", ""),
        "creditor": draft.fields.get("creditor_name", ""),
        "total": money(sum((each for each in sums if each is not None), Decimal(0))),
        "asked": len(asked),
        "created": draft.created.isoformat().replace("+00:00", "Z"),
        "invoices": [{"id": each.id, "file": each.file["name"], **invoice_said(draft.fields, each.id, on)} for each in draft.invoices],
    }


def invoice_said(fields: Fields, id: str, on: date) -> dict[str, Any]:
    due = day(fields.get(named("due", id), ""))
    return {field: fields.get(named(field, id), "") for field in ("number", "due", "amount")} | {"late": due is None or due < on}


class Move(Body):
    invoices: Annotated[list[Short], Field(max_length=MOST_INVOICES)]
    to: Short = ""  # the token of another draft; empty, a draft of their own
    away: Literal["yes", ""] = ""  # taken out of the deposit


@router.post("/api/drafts/{id}/move")
async def move(id: str, body: Move, caller: Allowed) -> dict[str, Any]:
    """Invoices go to another draft, to one of their own, or away. The draft that loses its last invoice ends."""
    source = movable(caller.the_draft)
    going = [each for each in source.invoices if each.id in body.invoices]
    if not going:
        raise Invalid("Choisissez une facture.", "invoices")
    home: Draft | None = None
    if not body.away:
        target = drafts.find(tokens.opened_draft(body.to, agency.signing_key()), caller.now) if body.to else None
        if body.to and (target is None or target.id == source.id):
            raise Invalid("Ce dossier n’est plus là. Rechargez la page.", "to")
        home = movable(target) if target else member_of(source, {})
        home = replace(home, invoices=() if target is None else home.invoices, grouped=True)
        for each in going:
            home = arrived(home, source, each)
        if len(home.invoices) > MOST_INVOICES:
            raise Invalid(f"Un dossier porte {MOST_INVOICES} factures au plus.", "to")
        home = drafts.keep(home)  # before the other lets go
    fields = source.fields
    for each in going:
        fields = grouping.left(fields, each.id)
    staying = tuple(each for each in source.invoices if each not in going)
    drafts.keep(replace(source, state="read" if staying else "moved", invoices=staying, fields=fields if staying else {}, grouped=True))
    return {"draft": token(home) if home else None}


def movable(draft: Draft) -> Draft:
    if draft.state not in ("read", "checked", "aside"):
        raise Settled
    return draft


@router.get("/api/drafts")
async def unfinished(caller: Allowed) -> dict[str, Any]:
    """What a creditor dropped while signed in and has not finished, on whatever device."""
    return {"groups": [summary(draft, today(caller.now)) for draft in drafts.unfinished_of(caller.email, caller.now)], "aside": []}
