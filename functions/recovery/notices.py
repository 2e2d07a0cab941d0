"""Which e-mail each event deserves, and what it says to the creditor: one at most for an event, none for what nobody waits for.

The debtor's own messages (copy of a letter, reminder, receipt) are steps of the climb, decided and recorded like letters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recovery import events as e
from recovery import french
from recovery.agency import Agency, consultant
from recovery.amounts import as_of, claim_of, statement
from recovery.case import NOBODY_THERE, Case
from recovery.days import DAY, today
from recovery.fees import remittances
from recovery.insolvency import KINDS as PROCEDURES
from recovery.ladder import is_receipt, policies, schedule
from recovery.limitation import STAGES, limitation
from recovery.parties import Party
from recovery.timeline import CHOICES, INSOLVENCY_SETTLED, MEANS, OUTCOMES, RETURNED, SKIPPED, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`key` makes it unique for ever: the event and the recipient. `data` is all the text of `template` needs."""

    key: str
    to_kind: str  # creditor | debtor
    template: str
    data: Mapping[str, Any]


def notices(
    case: Case, event: e.AnyEvent, *, agency: Agency, creditor: Party, debtor: Party, iban: str, seal: str, said: str = ""
) -> list[Notice]:
    """`case` is the case just after `event` (the fold up to it), `seal` the seal of its entry, `iban` the creditor's account that day.

    `said` is the words kept beside the directory that the event refers to.
    """
    told = _tell(case, event, iban, said)
    if told is None:
        return []
    template, data = told
    stage = _stage(case, event, agency, creditor, debtor, seal)
    return [Notice(key=f"{case.case}#{case.version}#creditor", to_kind="creditor", template=template, data=stage | data)]


def identity(agency: Agency, person_id: str = "") -> dict[str, Any]:
    """What every message says of the agency and of the person who answers; `confirm`, `sign_in` and the like need it too."""
    person = consultant(agency, person_id)
    return {
        "agency": agency.name,
        "agency_identity": f"{agency.legal_name}, société de recouvrement amiable, {agency.address}, {agency.rcs}.",
        "phone": agency.phone,
        "hours": agency.hours,
        "fictional": agency.fictional,
        "person": person.name,
        "person_title": person.title,
        "person_phone": person.phone or agency.phone,
        "person_email": person.email or agency.email,
    }


Told = tuple[str, dict[str, Any]]


def _tell(case: Case, event: e.AnyEvent, iban: str, said: str) -> Told | None:
    """The name of the text and what is particular to this event. `None`: this one says nothing to the creditor."""
    match event:
        case e.CreditorVerified():
            return "case_opened", _opened(case, event)
        case e.LetterPosted() if not is_receipt(event.step):  # the payment was told already
            return "letter_sent", _letter(case, event)
        case e.StepTaken():
            return _taken(case, event)
        case e.StepSkipped():
            name = label(event.step, case.policy)
            reason = SKIPPED.get(event.reason, event.reason)
            return "step_skipped", {"step": name, "step_lower": _lower(name), "reason": reason}
        case e.StepBlocked():
            name = label(event.step, case.policy)
            return "step_blocked", {"step": name, "step_lower": _lower(name), "reason": event.reason}
        case e.DebtorCorrected():
            return "debtor_corrected", {}
        case e.PaymentReceived():
            return "payment_received", _payment(case, event, iban)
        case e.PaymentReturned():
            return "payment_returned", _returned(case, event)
        case e.CreditNoted():
            balance, of = _balance(case, event), event.invoice or ""
            noted = {"number": event.number, "amount": french.euros(event.amount), "invoice": of, "balance": french.euros(balance)}
            with_the_invoice = case.verified is not None and case.verified.at == event.at
            known = balance <= 0 or with_the_invoice  # the closing says it; or the creditor gave both at once
            return None if known else ("credit_noted", noted)
        case e.LimitationNear():
            sentence = limitation(claim_of(case)).sentence
            return "limitation_near", {"left": STAGES[event.stage], "last": french.day(event.last), "sentence": sentence}
        case e.LetterDelivered():
            return "letter_delivered", _registered(case, event)
        case e.LetterReturned():
            return "letter_returned", _registered(case, event) | {
                "what": RETURNED[event.reason],
                "lost": event.reason in NOBODY_THERE,
            }
        case e.PromiseMade():
            amount = french.euros(event.amount) if event.amount else ""
            return "promise_made", {"until": french.weekday_day(event.until), "amount": amount}
        case e.DisputeRaised():
            return "dispute_raised", {}
        case e.DisputeSettled():
            return None if event.outcome == "upheld" else ("dispute_settled", {"outcome": SETTLED.get(event.outcome, "")})
        case e.InsolvencyFound():
            return "insolvency_found", _insolvency(case, event, said)
        case e.InsolvencySettled():
            return None if event.outcome == "closed" else ("insolvency_settled", {"outcome": INSOLVENCY_SETTLED.get(event.outcome, "")})
        case e.CreditorDecided():
            if event.choice == "stop":
                return None  # the closing says it
            until = french.weekday_day(event.until) if event.until else ""
            return "decided", {"choice": CHOICES[event.choice], "until": until, "consequence": CONSEQUENCES[event.choice]}
        case e.CaseClosed():
            return _closed(case, event)
        case _:
            return None


SETTLED = {
    "rejected": "Après examen, la somme reste réclamée : les étapes reprennent.",
    "withdrawn": "Votre client retire sa contestation : les étapes reprennent.",
}
CONSEQUENCES = {
    "wait": "Rien ne part d’ici là ; nous vous poserons la question à nouveau ce jour-là.",
    "legal": "Notre service juridique prend la suite et vous écrit avant d’engager quoi que ce soit.",
}
CLOSINGS = {
    "stopped": "Vous avez choisi d’arrêter, sans frais.",
    "upheld": "La contestation de votre client est fondée.",
    "credited": "Votre avoir annule ce qui restait dû.",
    "retracted": "Vous vous êtes rétracté, sans frais et sans avoir à dire pourquoi.",
    "insolvent": "La créance suit désormais la procédure collective de votre client.",
}


def _stage(case: Case, event: e.AnyEvent, agency: Agency, creditor: Party, debtor: Party, seal: str) -> dict[str, Any]:
    """What every stage message carries: the link to the case, what comes next, and the state of its journal (a removed tail would show)."""
    following = next((planned for planned in schedule(case, today(event.at)) if planned.state in ("now", "next")), None)
    follows = following is not None and case.status == "open"
    return identity(agency, case.consultant) | {
        "ref": case.case,
        "creditor": creditor.full_name,
        "debtor": debtor.full_name,
        "link": f"{agency.site}/dossier#{case.case}",
        "count": french.plural(case.version, "écriture"),
        "seal": seal,
        "next_label": _lower(following.rung.label) if following and follows else "",
        "next_on": f"{french.weekday_day(following.on)}" if following and follows else "",
    }


def _opened(case: Case, event: e.CreditorVerified) -> dict[str, Any]:
    first = next((planned for planned in schedule(case, today(event.at)) if planned.rung.id == "first_letter"), None)
    numbers = [invoice.number for invoice in case.invoices]
    return {
        "invoices": ", ".join(numbers),
        "principal": french.euros(sum((invoice.amount for invoice in case.invoices), Decimal("0.00"))),
        "fee_rate": french.percent(case.fee_rate),
        "first_on": french.weekday_day(first.on) if first else "",
    }


def _letter(case: Case, event: e.LetterPosted) -> dict[str, Any]:
    decided = case.step(event.step).decided
    rung = policies[case.policy].rung(event.step)
    name = label(event.step, case.policy)
    return {
        "letter": name,
        "letter_lower": _lower(name),
        "posted": french.day(event.on),
        "posted_weekday": french.weekday_day(event.on),
        "reference": decided.reference if decided and decided.reference else case.case,
        "registered": rung is not None and rung.channel == "registered_letter",
        "number": event.number or "",
        "total": french.euros(decided.total) if decided and decided.total is not None else "",
        "answer_by": french.weekday_day(decided.answer_by) if decided and decided.answer_by else "",
    }


def _registered(case: Case, event: e.LetterDelivered | e.LetterReturned) -> dict[str, Any]:
    decided, posted = case.step(event.step).decided, case.step(event.step).posted
    name = label(event.step, case.policy)
    return {
        "letter": name,
        "letter_lower": _lower(name),
        "on": french.day(event.on),
        "reference": decided.reference if decided and decided.reference else case.case,
        "number": posted.number if posted and posted.number else "",
    }


def _taken(case: Case, event: e.StepTaken) -> Told | None:
    if event.step.startswith("creditor_decision"):
        return "decision_asked", {"balance": french.euros(_balance(case, event))}
    rung = policies[case.policy].rung(event.step)
    if rung is None or rung.is_letter or rung.channel == "none":
        return None  # a letter is told once it is posted; copies and receipts go with what they follow
    if rung.channel == "e-mail":
        return "reminder_sent", {}
    if event.outcome in ("promise", "dispute"):
        return None  # the event that follows says it
    outcome = OUTCOMES.get(event.outcome or "", "Le compte rendu est sur la page du dossier.")
    if rung.channel == "visit":
        return "visit_done", {"outcome": outcome}
    return "call_done", {
        "call": rung.label,
        "call_lower": _lower(rung.label),
        "done_on": french.weekday_day(today(event.at)),
        "outcome": outcome,
    }


def _payment(case: Case, event: e.PaymentReceived, iban: str) -> dict[str, Any]:
    line = next(line for line in remittances(case) if line.payment == event.payment)
    balance = max(statement(claim_of(case), as_of(case, max(event.on, today(event.at)))).balance, Decimal("0.00"))
    return {
        "amount": french.euros(event.amount),
        "paid_on": french.day(event.on),
        "means": MEANS.get(event.means, event.means),
        "balance": french.euros(balance),
        "balance_zero": balance == 0,
        "fee_rate": french.percent(line.fee.rate),
        "fee": french.euros(line.fee.net),
        "vat": french.euros(line.fee.vat),
        "to_remit": french.euros(abs(line.fee.remitted)),
        "before": event.on < case.opened_on,
        "direct": line.fee.remitted < 0,
        "pay_by": french.day(line.pay_by),
        "iban": french.masked_iban(iban),
    }


def _returned(case: Case, event: e.PaymentReturned) -> dict[str, Any]:
    line = next(line for line in remittances(case) if line.payment == event.payment and line.returned)
    return {
        "amount": french.euros(-line.fee.collected),
        "returned_on": french.day(event.on),
        "reason": event.reason,
        "balance": french.euros(_balance(case, event)),
        "fee": french.euros(-line.fee.gross),
        "direct": line.fee.remitted > 0,
        "remitted": french.euros(-line.fee.remitted),
    }


def _insolvency(case: Case, event: e.InsolvencyFound, said: str) -> dict[str, Any]:
    """The sum to declare is what was owed the day before the judgment, VAT and run interest included, without any fee of ours (law.md 8.7)."""
    owed = statement(claim_of(case), event.opened_on - DAY)
    return {
        "procedure": PROCEDURES[event.procedure],
        "state": event.state,
        "opened_on": french.day(event.opened_on),
        "published_on": french.day(event.published_on),
        "declare_by": french.day(event.declare_by),
        "late": event.declare_by < today(event.at),
        "notice": event.notice,
        "whom": said or "le mandataire judiciaire ou le liquidateur nommé dans l’annonce",
        "amount": french.euros(max(owed.balance, Decimal("0.00"))),
    }


def _closed(case: Case, event: e.CaseClosed) -> Told:
    lines = remittances(case)
    collected = sum((line.fee.collected for line in lines), Decimal("0.00"))
    if event.reason != "paid":
        return "closed", {"reason": CLOSINGS.get(event.reason, ""), "collected": french.euros(collected) if collected else ""}
    waived = sum((waiver.amount for waiver in case.waived), Decimal("0.00"))
    remitted = sum((line.fee.remitted for line in lines), Decimal("0.00"))
    return "closed_paid", {
        "waived": french.euros(waived) if waived else "",
        "collected": french.euros(collected),
        "fee_rate": french.percent(case.fee_rate),
        "fee": french.euros(sum((line.fee.net for line in lines), Decimal("0.00"))),
        "vat": french.euros(sum((line.fee.vat for line in lines), Decimal("0.00"))),
        "to_remit": french.euros(abs(remitted)),
        "owed": remitted < 0,
    }


def _balance(case: Case, event: e.Event) -> Decimal:
    return statement(claim_of(case), as_of(case, today(event.at))).balance


def _lower(name: str) -> str:
    """Inside a sentence: `première lettre`."""
    return name[:1].lower() + name[1:]
