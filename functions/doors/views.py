"""A case as its page shows it: the past with proofs, the present, the dated future, and the amounts of the day.

Everything is read off the journal by the trade; here it only takes the shape that the pages expect (`CaseView`, `CaseRow`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from adapters import agency, directory, journal
from adapters.journal import Journal
from doors.quotes import fee_view
from recovery import checks, french
from recovery.agency import Agency, consultant
from recovery.amounts import Statement, as_of, claim_of, statement
from recovery.case import Case
from recovery.days import today
from recovery.events import AnyEvent, CaseOpened, CreditNoted, InsolvencyFound, MandateAccepted, PostalProof, StepDecided
from recovery.fees import fee, remittances
from recovery.ladder import Planned, current, schedule, waits_for_creditor
from recovery.limitation import limitations_of
from recovery.mandate import retraction_until
from recovery.owed import figures, money
from recovery.parties import Party
from recovery.timeline import CHOICES, PROOFS, Entry, Proof, carried_out, label, story
from recovery.work import tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Names and addresses, which the journal does not hold."""

    agency: Agency
    creditor: Party
    debtor: Party
    people: Mapping[str, str]  # creditor's person id → name


def sides(case: Case) -> Sides:
    creditor = directory.creditor(case.creditor)
    debtor = directory.debtor(case.debtor)
    return Sides(
        agency=agency.profile(),
        creditor=creditor.party if creditor else Party(name="Créancier effacé"),
        debtor=debtor or Party(name="Débiteur effacé"),
        people={contact.person: contact.name for contact in creditor.contacts} if creditor else {},
    )


def case_view(seen: Journal, now: datetime) -> dict[str, Any]:
    case, on = seen.case, today(now)
    known = sides(case)
    owed = statement(claim_of(case), as_of(case, on))
    ladder = schedule(case, on)
    notes = directory.notes(case.case)
    told = story(seen.events, names(known), lambda hashed: notes[hashed].text if hashed in notes else "")
    behind = carried_out(seen.events)
    person = consultant(known.agency, case.consultant)
    return {
        "ref": case.case,
        "version": len(seen),
        "seal": seen.last_seal,
        "count": len(seen),
        "status": case.status,
        "pill": pill(case),
        "regime": case.regime,
        "creditor": {"name": known.creditor.full_name},
        "debtor": {"name": known.debtor.full_name, "address": known.debtor.address},
        "invoices": [invoice.number for invoice in case.invoices],
        "contact": {"name": person.name, "title": person.title, "phone": person.phone, "email": person.email},
        "statement": figures(owed),
        "retract_until": until.isoformat() if (until := retraction_until(case)) and on <= until and not case.closed else None,
        "limitation": limitation_view(case, on),
        "payments": payments_view(case),
        "remittance": remittance_view(case),
        "if_all_paid": if_all_paid(case, owed, on),
        "ladder": [
            {"id": p.rung.id, "label": p.rung.label, "short": p.rung.short, "on": p.on.isoformat(), "state": p.state} for p in ladder
        ],
        "present": present(case, ladder, now),
        "future": future(case, ladder),
        "past": [entry_view(entry, case.case) for entry in reversed(told) if entry.n not in behind],
        "documents": documents(seen.events, case.case),
        "ask": ask(case, owed),
        "checked": {"at": utc(case.checked.at), "says": checks.sentence(case.checked)} if case.checked else None,
    }


# ------------------------------------------------------------------------------------------------ the parts of the page


def pill(case: Case) -> dict[str, str]:
    """One per case, and no other words than those of the design."""
    if case.closed:
        return (
            {"kind": "done", "icon": "check", "text": "Réglé"}
            if case.closed.reason == "paid"
            else {"kind": "", "icon": "archive", "text": "Clos"}
        )
    if case.status == "disputed":
        return {"kind": "info", "icon": "pause", "text": "Contestation en cours"}
    if case.status == "insolvent":
        return {"kind": "info", "icon": "pause", "text": "Procédure collective"}
    if waits_for_creditor(case):
        return {"kind": "todo", "icon": "flag", "text": "À vous"}
    return {"kind": "run", "icon": "refresh", "text": "En cours"}


def present(case: Case, ladder: tuple[Planned, ...], now: datetime) -> dict[str, str]:
    if case.closed:
        return {"title": "Le dossier est clos", "sentence": "Plus rien ne part.", "icon": "archive"}
    if case.status == "handed_over":
        return {"title": "Transmis au service juridique", "sentence": "Les relances amiables sont terminées.", "icon": "scale"}
    if case.status == "disputed":
        return {"title": "Échelle en pause", "sentence": "Aucune relance tant que la contestation est examinée.", "icon": "pause"}
    if case.status == "insolvent" and case.insolvency:
        return {"title": "Relances arrêtées : procédure collective", "sentence": _insolvent(case.insolvency, today(now)), "icon": "pause"}
    if waits_for_creditor(case):
        return {"title": "À vous de décider", "sentence": "Rien ne part sans votre accord.", "icon": "flag"}
    waiting = tasks(case)
    if any(task.kind == "blocked" for task in waiting):
        return {"title": "Une personne s’en occupe", "sentence": "Un envoi demande une vérification avant de partir.", "icon": "user"}
    rung = current(case)
    if rung is None:
        until = case.decision.until if case.decision else None
        sentence = f"Comme vous l’avez demandé, jusqu’au {french.day(until)}." if until else "La suite se prépare."
        return {"title": "En attente", "sentence": sentence, "icon": "clock"}
    planned = next(each for each in ladder if each.rung.id == rung.id)
    if case.promise and case.promise.until >= today(now):
        return {
            "title": "Un paiement est promis",
            "sentence": f"Pour le {french.weekday_day(case.promise.until)}. Aucune relance d’ici là.",
            "icon": "calendar",
        }
    if rung.by_people and case.step(rung.id).decided:
        return {
            "title": rung.label,
            "sentence": "C’est au programme de notre équipe aujourd’hui.",
            "icon": "phone" if rung.channel == "telephone" else "visit",
        }
    if planned.on <= today(now):
        return {"title": f"{rung.label} : aujourd’hui", "sentence": rung.sentence, "icon": "clock"}
    return {
        "title": "Nous laissons le temps de répondre",
        "sentence": f"Prochaine étape : {rung.label[:1].lower()}{rung.label[1:]}, {french.weekday_day(planned.on)}.",
        "icon": "clock",
    }


def _insolvent(found: InsolvencyFound, on: date) -> str:
    """What is left to do, in one sentence: to whom is in the journal below, with the words of the notice."""
    if found.state != "open":
        return "Votre contact vous dit ce qu’il reste possible de faire."
    if found.declare_by < on:
        return f"Le délai de déclaration a pris fin le {french.day(found.declare_by)}. Parlez-en à votre contact, ou à un avocat."
    return f"À vous : déclarez votre créance au plus tard le {french.day(found.declare_by)}."


def future(case: Case, ladder: tuple[Planned, ...]) -> list[dict[str, str]]:
    """Farthest last. A dispute moves these dates by as long as it lasts; nothing is foreseen of a case that is over."""
    if case.status in ("closed", "handed_over", "insolvent"):
        return []
    return [
        {"id": p.rung.id, "label": p.rung.label, "on": p.on.isoformat(), "sentence": p.rung.sentence, "channel": p.rung.channel}
        for p in ladder
        if p.state == "next"
    ]


def entry_view(entry: Entry, case: str) -> dict[str, Any]:
    return {
        "n": entry.n,
        "at": utc(entry.at),
        "title": entry.title,
        "sentence": entry.sentence,
        "note": entry.note,
        "by": entry.by,
        "icon": entry.icon,
        "state": "in" if entry.incoming else "done",
        "proofs": [proof_view(proof, case) for proof in entry.proofs],
    }


def utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def proof_view(proof: Proof, case: str) -> dict[str, Any]:
    return {
        "name": proof.name,
        "meta": proof.meta,
        "href": f"/api/cases/{case}/documents/{proof.document}" if proof.document else None,
        "icon": "file" if proof.document else "check",
    }


def documents(events: tuple[AnyEvent, ...], case: str) -> list[dict[str, Any]]:
    """Every file of the case, oldest first."""
    return [
        {"name": file.name, "meta": file.meta, "href": f"/api/cases/{case}/documents/{digest}"} for digest, file in named(events).items()
    ]


@dataclass(frozen=True, slots=True)
class File:
    name: str
    meta: str


def named(events: tuple[AnyEvent, ...]) -> dict[str, File]:
    """sha256 → what it is, for every document that these events name. No other can be asked for."""
    found: dict[str, File] = {}
    policy = "professional"
    for event in events:
        match event:
            case CaseOpened(policy=policy, invoices=invoices):
                found |= {invoice.document: File(f"Facture {invoice.number}", "déposée") for invoice in invoices if invoice.document}
            case MandateAccepted(document=document, accepted_at=at):
                found[document] = File("Mandat accepté", f"PDF, {french.day(today(at))}")
            case CreditNoted(document=str(document), number=number):
                found[document] = File(f"Avoir {number}", "déposé")
            case StepDecided(step=step, document=str(document), due=due, reference=reference):
                found[document] = File(label(step, policy), f"{'PDF' if reference else 'e-mail'}, {french.day(due)}")
            case PostalProof(step=step, proof=proof, document=document, at=at):
                name = label(step, policy)
                found[document] = File(f"{PROOFS[proof]} : {name[:1].lower()}{name[1:]}", f"PDF, {french.day(today(at))}")
    return found


def ask(case: Case, owed: Statement) -> dict[str, Any] | None:
    if not waits_for_creditor(case):
        return None
    return {
        "kind": "decision",
        "title": "Que voulez-vous faire ?",
        "sentence": f"Nous avons gravi tous les échelons. Il reste dû {french.euros(owed.balance)}. Arrêter ne vous coûte rien.",
        "choices": [{"id": id, "label": label} for id, label in CHOICES.items()],
    }


def limitation_view(case: Case, on: date) -> dict[str, Any]:
    """Until when each invoice can be claimed, its article, and what moved that day; the nearest first."""
    found = sorted(limitations_of(claim_of(case)), key=lambda each: (each.last, each.invoice))
    near = found[0].last < on or any(day <= on for day, _ in found[0].stages())
    rows = [{"invoice": each.invoice, "sentence": each.sentence, "warning": each.warning} for each in found]
    return {"near": near, "invoices": rows}


def payments_view(case: Case) -> list[dict[str, Any]]:
    """For the staff, who may note that one came back."""
    back = {returned.payment for returned in case.returned}
    return [
        {"payment": each.payment, "amount": money(each.amount), "on": each.on.isoformat(), "returned": each.payment in back}
        for each in case.payments
    ]


def remittance_view(case: Case) -> dict[str, Any] | None:
    """What each payment brings the creditor: nothing collected, nothing due, nothing shown."""
    lines = remittances(case)
    if not lines:
        return None
    total = {name: money(sum((getattr(line.fee, kept) for line in lines), Decimal(0))) for name, kept in TOTALS.items()}
    return {
        "lines": [
            {
                "payment": line.payment,
                "returned": line.returned,
                "on": line.on.isoformat(),
                "amount": money(line.fee.collected),
                "fee": money(line.fee.net),
                "vat": money(line.fee.vat),
                "to_remit": money(line.fee.remitted),
                "pay_by": line.pay_by.isoformat(),
            }
            for line in lines
        ],
        "total": total,
    }


TOTALS = {"amount": "collected", "fee": "net", "vat": "vat", "to_remit": "remitted"}


def if_all_paid(case: Case, owed: Statement, on: date) -> dict[str, str] | None:
    return fee_view(fee(owed.balance, case.fee_rate, on)) if owed.balance > 0 and case.status not in ("closed", "insolvent") else None


def names(known: Sides) -> Callable[[str], str]:
    staff = {person.id: person.name for person in known.agency.people}

    def name_of(by: str) -> str:
        kind, _, id = by.partition(":")
        match kind:
            case "staff":
                return staff.get(id, known.agency.name)
            case "creditor":
                return known.people.get(id, known.creditor.name)
            case "debtor":
                return known.debtor.name
            case _:
                return known.agency.name

    return name_of


# ------------------------------------------------------------------------------------------------ lists


@lru_cache(maxsize=512)
def seen_at(case: str, seal: str) -> Journal:
    """A journal up to a seal never changes: read once while the function lives."""
    return journal.read(case)


def case_row(head: dict[str, Any], now: datetime) -> tuple[dict[str, Any], dict[str, Decimal]]:
    """One line of the list, and what it adds to the totals."""
    seen, on = seen_at(head["case"], head["seal"]), today(now)
    case = seen.case
    debtor = directory.debtor(case.debtor)
    owed = statement(claim_of(case), as_of(case, on))
    ladder = schedule(case, on)
    done = sum(1 for planned in ladder if planned.state in ("done", "skipped"))
    coming = next((planned for planned in ladder if planned.state in ("now", "next")), None) if case.status == "open" else None
    last = next((planned for planned in reversed(ladder) if planned.state == "done"), None)
    row = {
        "ref": case.case,
        "debtor": debtor.full_name if debtor else "Débiteur effacé",
        "invoices": [invoice.number for invoice in case.invoices],
        "balance": money(owed.balance),
        "status": case.status,
        "pill": pill(case),
        "step": {"label": last.rung.label if last else "Dossier ouvert", "done": done, "of": len(ladder)},
        "next": {"label": coming.rung.label, "on": coming.on.isoformat()} if coming else None,
        "waiting_for_me": waits_for_creditor(case),
        "opened_on": case.opened_on.isoformat(),
    }
    lines = remittances(case)
    adds = {
        "entrusted": owed.principal,
        "recovered": owed.paid,
        "pending": owed.balance if case.status != "closed" else Decimal(0),
        "to_remit": sum((line.fee.remitted for line in lines), Decimal(0)),
    }
    return row, adds
