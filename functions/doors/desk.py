"""The work list of the agency: calls and visits to report, letters to approve and to post, payments to record, debtors to correct."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter

from adapters import directory, drafts, journal
from adapters.journal import Journal
from doors import submissions, views
from doors.access import Allowed, Caller, case_id
from doors.bodies import Body, Long, Short, a_date, a_date_or_none, a_sum, words
from recovery import decisions, french, payments
from recovery.amounts import as_of, claim_of, statement
from recovery.case import Case
from recovery.days import today
from recovery.events import AnyEvent
from recovery.intake import EMAIL
from recovery.invoices.identifiers import compact, siren_holds
from recovery.invoices.written import clean
from recovery.owed import money
from recovery.parties import Party, address_lines
from recovery.refusals import Invalid, NothingToDo
from recovery.timeline import MEANS
from recovery.work import Task, tasks

router = APIRouter()


@router.get("/api/desk")
async def work_of_the_day(caller: Allowed) -> dict[str, Any]:
    waiting = sorted(drafts.waiting_for_agency(), key=lambda draft: draft.confirmed_at or draft.created)
    found = [
        task_view(seen, task, caller)
        for head in journal.desk()
        for seen in [views.seen_at(head["case"], head["seal"])]
        for task in tasks(seen.case)
    ]
    return {
        "on": today(caller.now).isoformat(),
        "submissions": [submissions.shown(draft) for draft in waiting],
        "tasks": sorted(found, key=lambda task: (task["due"], task["case"])),
    }


def task_view(seen: Journal, task: Task, caller: Caller) -> dict[str, Any]:
    case = seen.case
    known = views.sides(case)
    owed = statement(claim_of(case), as_of(case, today(caller.now)))
    told = {
        "case": case.case,
        "kind": task.kind,
        "step": task.step,
        "title": task.title,
        "debtor": known.debtor.full_name,
        "creditor": known.creditor.full_name,
        "amount": money(owed.balance),
        "since": task.since.isoformat(),
        "due": task.due.isoformat(),
        "why": task.why,
        "phone": known.debtor.phone,
        "debtor_fields": {name: getattr(known.debtor, name) or "" for name in CORRECTABLE},
    }
    return told | {"script": script(case, known, money_of_the_day=french.euros(owed.balance))} if task.kind == "call" else told


def script(case: Case, known: views.Sides, *, money_of_the_day: str) -> str:
    """What is said on the telephone, and to whom: no word of the debt to anybody else (INV-10); the first letter recalled (R124-4, last paragraph)."""
    letter = case.first_letter
    recalled = f" Je vous appelle au sujet de notre lettre du {french.day(letter[1])}, référence {letter[0]}." if letter else ""
    numbers = ", ".join(invoice.number for invoice in case.invoices)
    return "\n".join(
        (
            f"Demandez {known.debtor.full_name}. Ne dites rien du motif à une autre personne.",
            f"« Bonjour, {known.agency.name}, recouvrement amiable pour {known.creditor.full_name}.{recalled} "
            f"Il reste {money_of_the_day} à régler sur la facture {numbers}. Qu’est-ce qui bloque, et comment pouvons-nous vous aider ? »",
        )
    )


# ------------------------------------------------------------------------------------------------ what people report


@router.post("/api/cases/{id}/steps/{step}/approve")
async def approve_letter(id: str, step: str, caller: Allowed) -> dict[str, Any]:
    return written(journal.change(case_id(id), lambda case: decisions.approve(case, step, by=caller.by, at=caller.now)))


class Report(Body):
    outcome: Short
    note: Long = ""
    until: Short | None = None
    amount: Short | None = None


@router.post("/api/cases/{id}/steps/{step}/report")
async def report(id: str, step: str, body: Report, caller: Allowed) -> dict[str, Any]:
    until = a_date_or_none(body.until, "until")
    amount = a_sum(body.amount, "amount") if body.amount else None

    def decide(case: Case, note: str | None) -> list[AnyEvent]:
        return decisions.report(case, step, body.outcome, note=note, until=until, amount=amount, by=caller.by, at=caller.now)

    return noted(case_id(id), body.note, decide)


class Posted(Body):
    on: Short
    number: Short = ""


@router.post("/api/cases/{id}/letters/{step}/posted")
async def posted(id: str, step: str, body: Posted, caller: Allowed) -> dict[str, Any]:
    on, number = a_date(body.on, "on"), clean(body.number, 40) or None
    return written(journal.change(case_id(id), lambda case: decisions.mark_posted(case, step, on, number, by=caller.by, at=caller.now)))


@router.post("/api/cases/{id}/letters/{step}/remake")
async def remake(id: str, step: str, caller: Allowed) -> dict[str, Any]:
    return written(journal.change(case_id(id), lambda case: decisions.remake(case, step, by=caller.by, at=caller.now)))


class Payment(Body):
    amount: Short
    on: Short
    means: Short = "transfer"
    payment: Short = ""  # the form's own number for it: pressing twice records once
    invoice: Short = ""  # the debtor said which debt it settles
    protest: bool = False  # paid under protest, or by somebody else: it acknowledges nothing


@router.post("/api/cases/{id}/payments", status_code=201)
async def record_payment(id: str, body: Payment, caller: Allowed) -> dict[str, Any]:
    """By the staff; a creditor tells what it received directly, and nothing else."""
    if caller.role == "creditor" and body.means != "direct":
        raise Invalid("Vous pouvez noter ici ce que votre client vous a payé directement.", "means")
    amount, on = a_sum(body.amount, "amount"), a_date(body.on, "on")
    if body.means not in MEANS:
        raise Invalid("Choisissez un moyen de paiement dans la liste.", "means")
    payment = "".join(letter for letter in body.payment if letter.isalnum())[:32] or secrets.token_hex(6)
    seen = journal.change(
        case_id(id),
        lambda case: payments.record_payment(
            case,
            amount,
            on,
            payment=payment,
            means=body.means,
            invoice=body.invoice.strip(),
            acknowledges=not body.protest,
            by=caller.by,
            at=caller.now,
        ),
    )
    owed = statement(claim_of(seen.case), as_of(seen.case, today(caller.now)))
    return written(seen) | {"payment": payment, "balance": money(owed.balance)}


class Returned(Body):
    on: Short
    reason: Short = ""


@router.post("/api/cases/{id}/payments/{payment}/return")
async def return_payment(id: str, payment: str, body: Returned, caller: Allowed) -> dict[str, Any]:
    on, reason = a_date(body.on, "on"), clean(body.reason, 120)
    return written(
        journal.change(case_id(id), lambda case: payments.return_payment(case, payment, on, reason, by=caller.by, at=caller.now))
    )


class Presented(Body):
    on: Short


@router.post("/api/cases/{id}/letters/{step}/presented")
async def presented(id: str, step: str, body: Presented, caller: Allowed) -> dict[str, Any]:
    on = a_date(body.on, "on")
    return written(journal.change(case_id(id), lambda case: decisions.mark_presented(case, step, on, by=caller.by, at=caller.now)))


class Interruption(Body):
    """What moves the limitation: an interruption since `on`, or a suspension (ground "mediation") from `on` to `until`."""

    ground: Short = ""
    on: Short
    until: Short | None = None
    invoice: Short = ""


@router.post("/api/cases/{id}/limitation", status_code=201)
async def move_limitation(id: str, body: Interruption, caller: Allowed) -> dict[str, Any]:
    on, until = a_date(body.on, "on"), a_date_or_none(body.until, "until")

    def decide(case: Case) -> list[AnyEvent]:
        if body.ground == "mediation":
            return decisions.suspend_limitation(case, on, until, by=caller.by, at=caller.now)
        return decisions.interrupt_limitation(case, body.ground, on, until, body.invoice.strip(), by=caller.by, at=caller.now)

    return written(journal.change(case_id(id), decide))


CORRECTABLE = ("name", "siren", "line1", "line2", "postcode", "city", "country", "email", "phone")


class Correction(Body):
    name: Short | None = None
    siren: Short | None = None
    line1: Short | None = None
    line2: Short | None = None
    postcode: Short | None = None
    city: Short | None = None
    country: Short | None = None
    email: Short | None = None
    phone: Short | None = None


@router.post("/api/cases/{id}/debtor")
async def correct_debtor(id: str, body: Correction, caller: Allowed) -> dict[str, Any]:
    """The directory is corrected; the journal says which fields were, and what was blocked is tried again."""
    case = journal.load(case_id(id))
    known = directory.debtor(case.debtor)
    if known is None:
        raise NothingToDo("Les coordonnées de ce débiteur ont été effacées.")
    corrected = with_corrections(known, body)
    what = tuple(name for name in CORRECTABLE if getattr(corrected, name) != getattr(known, name))
    decisions.correct_debtor(case, what, by=caller.by, at=caller.now)
    directory.keep_debtor(case.debtor, corrected)  # first: the journal rings the climb, which reads the directory
    return written(journal.change(id, lambda case: decisions.correct_debtor(case, what, by=caller.by, at=caller.now)))


def with_corrections(known: Party, body: Correction) -> Party:
    typed = {name: clean(value, 120) for name in CORRECTABLE if (value := getattr(body, name)) is not None}
    if typed.get("email") and not EMAIL.fullmatch(typed["email"]):
        raise Invalid("Cet e-mail n’est pas complet. Par exemple, compta@entreprise.fr.", "email")
    if "siren" in typed:
        typed["siren"] = compact(typed["siren"])[:9]
        if typed["siren"] and not siren_holds(typed["siren"]):
            raise Invalid("Ce SIREN n’existe pas : sa clé est fausse, un chiffre a pu changer.", "siren")
    optional = {name: typed[name] or None for name in ("email", "phone") if name in typed}
    corrected = replace(known, **typed | optional)  # type: ignore[arg-type]
    address_lines(corrected)
    return corrected


class Consent(Body):
    who: Short


@router.post("/api/cases/{id}/visit-consent")
async def visit_consent(id: str, body: Consent, caller: Allowed) -> dict[str, Any]:
    return written(journal.change(case_id(id), lambda case: decisions.consent_to_visit(case, body.who, by=caller.by, at=caller.now)))


class Dispute(Body):
    note: Long = ""


@router.post("/api/cases/{id}/disputes", status_code=201)
async def raise_dispute(id: str, body: Dispute, caller: Allowed) -> dict[str, Any]:
    """What a debtor wrote or said outside a planned call: chasing stops with this very write."""
    return noted(case_id(id), body.note, lambda case, note: decisions.raise_dispute(case, note=note, by=caller.by, at=caller.now))


class Settlement(Body):
    outcome: Short
    note: Long = ""


@router.post("/api/cases/{id}/dispute")
async def settle_dispute(id: str, body: Settlement, caller: Allowed) -> dict[str, Any]:
    return noted(
        case_id(id), body.note, lambda case, note: decisions.settle_dispute(case, body.outcome, note=note, by=caller.by, at=caller.now)
    )


@router.post("/api/cases/{id}/insolvency")
async def settle_insolvency(id: str, body: Settlement, caller: Allowed) -> dict[str, Any]:
    """The notice was compared with the claim."""
    return noted(
        case_id(id), body.note, lambda case, note: decisions.settle_insolvency(case, body.outcome, note=note, by=caller.by, at=caller.now)
    )


def noted(id: str, typed: str, decide: Callable[[Case, str | None], list[AnyEvent]]) -> dict[str, Any]:
    """Decides with free words, which live beside the directory: the event holds their salted hash."""
    decide(journal.load(id), None)  # refused before any word is kept
    note = words(typed)
    hashed = directory.note(id, note) if note else None
    return written(journal.change(id, lambda case: decide(case, hashed)))


def written(seen: Journal) -> dict[str, Any]:
    return {"version": len(seen), "status": seen.case.status}
