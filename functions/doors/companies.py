"""« Vérifier un client » : what the public registers say of a company, its note with its reasons, and what to do when it is insolvent.

The same answer serves a creditor before a sale, the form of a deposit, and the page of a case. A note weighs the asking creditor's own
cases and nobody else's (INV-10). A register that does not answer is said to be « non vérifié », and nobody waits for it.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request

from adapters import directory, journal, registry
from adapters.outside import Away
from doors import views
from doors.access import Allowed, not_too_often
from doors.bodies import Short, a_sum
from doors.cases import sirens
from recovery import checks, insolvency
from recovery.amounts import as_of, claim_of, statement
from recovery.checks import Seen
from recovery.company import Address, Company, same_name, without_form
from recovery.days import today
from recovery.insolvency import Procedure
from recovery.intake import FIELDS, FormRefused, Submission, Wrong, settle
from recovery.invoices.identifiers import compact, siren_holds
from recovery.invoices.written import clean
from recovery.owed import money
from recovery.parties import Party
from recovery.refusals import Invalid, NotFound
from recovery.solvency import Past, note

router = APIRouter()
MOST_CASES = 200  # of one's own that are looked through for a note
UNKNOWN = "Ce SIREN n’est pas au registre, ou son titulaire a demandé à ne pas y figurer."


@router.get("/api/companies")
async def search(caller: Allowed, q: Short = "") -> dict[str, Any]:
    """By number or by name. One that is found by its number comes alone."""
    typed = clean(q, 120)
    not_too_often(f"companies {caller.person}", caller.now, 120)
    number = compact(typed)[:9] if re.fullmatch(r"\d{9}(\d{5})?", compact(typed)) else ""
    if number and not siren_holds(number):
        raise Invalid("Ce SIREN n’existe pas : sa clé est fausse, un chiffre a pu changer.", "q")
    if len(typed) < 3:
        raise Invalid("Saisissez un SIREN, ou au moins trois lettres du nom.", "q")
    try:
        found = [one for one in (registry.company(number, caller.now),) if one] if number else list(registry.search(typed, caller.now))
    except Away:
        return {"verified": False, "companies": [{"siren": number}] if number else []}
    return {"verified": True, "companies": [line_view(each) for each in found]}


@router.get("/api/companies/{siren}")
async def show(siren: str, caller: Allowed, amount: Short = "") -> dict[str, Any]:
    """The facts, the notices, the note. Raises `NotFound` for a number the register does not know."""
    if not siren_holds(siren):
        raise NotFound(UNKNOWN)
    not_too_often(f"companies {caller.person}", caller.now, 120)
    asked = a_sum(amount, "amount") if amount.strip() else None
    if asked is not None and asked <= 0:
        raise Invalid("Saisissez un montant supérieur à zéro, par exemple 1 200,00.", "amount")
    own = sirens(caller)
    seen = registry.look_up(Party(name="", siren=siren, line1="", city=""), caller.now, address=False)
    if seen.company is None and "companies" not in seen.unverified:
        raise NotFound(UNKNOWN)
    known = directory.creditor(own[0]) if own else None
    creditor = known.party if known else Party(name="")
    return {"siren": siren, **sheet(seen, creditor, past(own, siren, caller.now), today(caller.now), asked)}


@router.get("/api/cases/{id}/debtor")
async def debtor_of_a_case(id: str, caller: Allowed) -> dict[str, Any]:
    """The same sheet for the debtor of a case."""
    case = journal.load(id)
    known, on = views.sides(case), today(caller.now)
    told: dict[str, Any] = {"siren": known.debtor.siren}
    if not known.debtor.siren or known.debtor.country not in ("FR", ""):
        return told | {"company": None}
    not_too_often(f"debtor of {id}", caller.now, 120)
    seen = registry.look_up(known.debtor, caller.now, address=False)
    owed = statement(claim_of(case), as_of(case, on)).balance
    return told | sheet(
        seen, known.creditor, past((case.creditor,), known.debtor.siren, caller.now, but=id), on, owed if owed > 0 else None
    )


# ------------------------------------------------------------------------------------------------ in a deposit


@router.get("/api/drafts/{id}/debtor")
async def debtor_of_a_draft(id: str, request: Request, caller: Allowed) -> dict[str, Any]:
    """What the form may show beside the debtor: the register's name and address, and a warning. Nothing is changed by itself.

    The debtor is the draft's, with what is being typed (`?debtor_siren=…`): nothing is kept of it.
    """
    typed = {name: clean(said, 120) for name, said in request.query_params.items() if name in FIELDS and name.startswith("debtor_")}
    fields = settle(caller.the_draft.fields | typed)
    not_too_often(f"debtor {id}", caller.now, 60)
    not_too_often(f"debtor from {caller.address}", caller.now, 240)
    debtor = Party(
        name=fields.get("debtor_name", ""),
        siren=number if siren_holds(number := fields.get("debtor_siren", "")) and fields.get("debtor_kind") != "consumer" else "",
        line1=fields.get("debtor_line1", ""),
        line2=fields.get("debtor_line2", ""),
        postcode=fields.get("debtor_postcode", ""),
        city=fields.get("debtor_city", ""),
        country=fields.get("debtor_country", "FR"),
    )
    seen = registry.look_up(debtor, caller.now, address=bool(debtor.city and (debtor.line1 or debtor.line2)))
    found = seen.procedure
    creditor = Party(name="", postcode=fields.get("creditor_postcode", ""))
    shows_state = found is not None and found.state != "ended"
    return {
        "identity": checks.identity(debtor, seen),
        "company": company_view(seen.company) if seen.company else None,
        "candidates": candidates(debtor, fields, caller.now),
        "address": checks.address(debtor, seen) if seen.address or "addresses" in seen.unverified else None,
        "normalised": vars_of(seen.address.address) if seen.address and differs(seen.address.address, debtor) else None,
        "register_address": register_address(seen.company, debtor),
        "procedure": procedure_view(found, creditor, today(caller.now)) if found and shows_state else None,
        "unverified": sorted(seen.unverified),
    }


def not_insolvent(submitted: Submission, now: datetime) -> None:
    """No case is opened to chase what a procedure holds: its creditor learns what to do and by when. Raises `FormRefused`."""
    siren = submitted.debtor.siren
    if not siren or submitted.debtor.country not in ("FR", ""):
        return
    try:
        found = insolvency.procedure(registry.notices(siren, now))
    except Away:
        return  # the checks ask again when the case is open
    if found and found.holds(submitted.invoices):
        raise FormRefused((Wrong("debtor_siren", insolvency.told(found, submitted.creditor, today(now))),))


def candidates(debtor: Party, fields: dict[str, str], now: datetime) -> list[dict[str, Any]]:
    """Companies that may be this one, when no number was given: of the same name, those of the same town first."""
    if debtor.siren or fields.get("debtor_kind") != "business" or debtor.country not in ("FR", "") or len(debtor.name) < 3:
        return []
    try:
        found = [each for each in registry.search(without_form(debtor.name), now) if each.active and same_name(debtor.name, each)]
    except Away:
        return []
    found.sort(key=lambda each: not (each.address and each.address.postcode == debtor.postcode))
    return [line_view(each) for each in found[:3]]


def register_address(company: Company | None, debtor: Party) -> dict[str, str] | None:
    """The seat's, when the form says another."""
    return vars_of(company.address) if company and company.address and differs(company.address, debtor) else None


def differs(address: Address, debtor: Party) -> bool:
    def folded(*parts: str) -> str:
        return re.sub(r"\W", "", " ".join(parts)).casefold()

    return folded(address.line1, address.postcode, address.city) != folded(debtor.line1, debtor.postcode, debtor.city)


def vars_of(address: Address) -> dict[str, str]:
    return {"line1": address.line1, "line2": address.line2, "postcode": address.postcode, "city": address.city, "text": address.text}


# ------------------------------------------------------------------------------------------------ one's own cases


def past(creditors: Iterable[str], siren: str, now: datetime, *, but: str = "") -> Past:
    """How the cases of these creditors against that company ended. A dispute that was right counts against nobody."""
    counts = {"paid": 0, "unpaid": 0, "open": 0}
    heads = [head for creditor in creditors for head in journal.heads_of(creditor)]
    for head in sorted(heads, key=lambda head: str(head["case"]), reverse=True)[:MOST_CASES]:
        debtor = directory.debtor(head["debtor"])
        if head["case"] == but or debtor is None or debtor.siren != siren:
            continue
        closed = views.seen_at(head["case"], head["seal"]).case.closed
        kind = "open" if closed is None else {"paid": "paid", "upheld": ""}.get(closed.reason, "unpaid")
        if kind:
            counts[kind] += 1
    return Past(**counts)


# ------------------------------------------------------------------------------------------------ as the pages expect it


def sheet(seen: Seen, creditor: Party, own: Past, on: date, amount: Decimal | None) -> dict[str, Any]:
    found = seen.procedure
    judged = note(seen.company, seen.bulletin, own, on, amount=amount) if seen.company else None
    return {
        "verified": {service: service not in seen.unverified for service in ("companies", "notices")},
        "company": company_view(seen.company) if seen.company else None,
        "note": {
            "letter": judged.letter,
            "points": judged.points,
            "why": judged.why,
            "reasons": [{"says": reason.says, "points": reason.points} for reason in judged.reasons],
        }
        if judged
        else None,
        "procedure": procedure_view(found, creditor, on) if found and found.state != "ended" else None,
        "notices": [
            {
                "title": each.nature or FAMILIES.get(each.family, "Annonce"),
                "on": each.published_on.isoformat(),
                "court": each.court,
                "url": each.url,
            }
            for each in sorted(insolvency.standing(seen.notices), key=lambda each: each.published_on, reverse=True)[:8]
        ],
    }


FAMILIES = {"collective": "Procédure collective", "radiation": "Radiation", "vente": "Vente ou cession", "dpc": "Dépôt des comptes", "creation": "Immatriculation", "immatriculation": "Immatriculation", "modification": "Modification"}  # fmt: skip


def company_view(company: Company) -> dict[str, Any]:
    """Public facts. Of a person who asked not to be shown: that the number exists, and its state."""
    return line_view(company) | {
        "siret": company.siret if company.shown else "",
        "address": company.address.text if company.address else "",
        "created": company.created.isoformat() if company.created else None,
        "ceased": company.ceased.isoformat() if company.ceased else None,
        "natural_person": company.natural_person,
        "shown": company.shown,
        "turnover": money(company.turnover) if company.turnover is not None else None,
        "year": company.year,
    }


def line_view(company: Company) -> dict[str, Any]:
    town = company.address
    return {
        "siren": company.siren,
        "name": company.name or "Titulaire non diffusible",
        "form": company.form,
        "town": f"{town.postcode} {town.city}".strip() if town else "",
        "active": company.active,
    }


def procedure_view(found: Procedure, creditor: Party, on: date) -> dict[str, Any]:
    by = insolvency.declare_by(found.published_on, creditor)
    return {
        "label": found.label,
        "state": found.state,
        "opened_on": found.opened_on.isoformat(),
        "published_on": found.published_on.isoformat(),
        "declare_by": by.isoformat() if found.state == "open" else None,
        "late": by < on,
        "trustee": found.trustee,
        "court": found.court,
        "notice": found.notice,
        "url": found.url,
        "says": insolvency.told(found, creditor, on),
    }
