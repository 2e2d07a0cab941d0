"""What we answer to a request: the events it causes, or a refusal. Each can be run again when two people write at once."""

from datetime import date, datetime
from decimal import Decimal

from recovery.amounts import claim_of, statement
from recovery.case import Case, evolve
from recovery.checks import Seen, checked
from recovery.days import add_years, today, working_day
from recovery.events import (
    AnyEvent,
    CaseClosed,
    CaseOpened,
    CreditorDecided,
    CreditorVerified,
    DebtorCorrected,
    DisputeRaised,
    DisputeSettled,
    EmailConfirmed,
    InsolvencyFound,
    InsolvencySettled,
    InterestWaived,
    Invoice,
    LetterPosted,
    LetterWithdrawn,
    MandateAccepted,
    PaymentReceived,
    PromiseMade,
    StepApproved,
    StepTaken,
    VisitConsented,
)
from recovery.french import day, euros
from recovery.insolvency import declare_by
from recovery.ladder import POLICY_OF, policies, waits_for_creditor
from recovery.parties import Party
from recovery.refusals import CaseAlreadyClosed, Invalid, NothingToDo, PaymentInTheFuture, PaymentTooLarge
from recovery.work import tasks

CALL_OUTCOMES = ("no_answer", "wrong_number", "talked", "promise", "dispute", "refusal", "paid_claimed")
VISIT_OUTCOMES = ("done", "absent", "promise", "dispute")


def open_case(
    *,
    case: str,
    creditor: str,
    debtor: str,
    regime: str,
    consultant: str,
    invoices: tuple[Invoice, ...],
    mandate: str,
    accepted_at: datetime,
    accepted_by: str,
    fee_rate: Decimal,
    confirmed_at: datetime,
    verified_at: datetime,
    verified_by: str,
    at: datetime,
) -> list[AnyEvent]:
    """The first entries of a journal: the mandate was accepted, the e-mail confirmed, the creditor known or checked."""
    return [
        CaseOpened(
            at=at,
            by=accepted_by,
            case=case,
            creditor=creditor,
            debtor=debtor,
            regime=regime,
            policy=POLICY_OF[regime],
            consultant=consultant,
            invoices=invoices,
        ),
        MandateAccepted(at=at, by=accepted_by, document=mandate, accepted_at=accepted_at, fee_rate=fee_rate),
        EmailConfirmed(at=at, by=accepted_by, confirmed_at=confirmed_at),
        CreditorVerified(at=at, by=verified_by, verified_at=verified_at),
    ]


def record_payment(case: Case, amount: Decimal, on: date, *, payment: str, means: str, by: str, at: datetime) -> list[AnyEvent]:
    """A payment, and what follows from it: paid in full closes the case; so does the exact total of our last letter within its date."""
    if any(known.payment == payment for known in case.payments):
        return []
    if case.closed and case.closed.reason == "paid":
        raise CaseAlreadyClosed
    if amount <= 0:
        raise Invalid("Saisissez un montant supérieur à zéro, par exemple 1 200,00.", "amount")
    if on > today(at):
        raise PaymentInTheFuture
    if on < case.opened_on:
        raise Invalid(f"Le dossier est ouvert depuis le {day(case.opened_on)} : un paiement antérieur se déduit de la facture.", "on")
    received = PaymentReceived(at=at, by=by, payment=payment, amount=amount, on=on, means=means)
    after = evolve(case, received)
    last = max(known.on for known in after.payments)  # a bank statement may be read late: an older payment counts with the newer ones
    left = statement(claim_of(after), last).balance
    if left < 0:
        raise PaymentTooLarge(f"Ce paiement dépasse la somme restant due ce jour-là, {euros(amount + left)}. Vérifiez le montant.")
    if case.closed:
        return [received]  # stopped, and paid all the same: a receipt is owed, and the creditor's share (INV-07)
    if left == 0:
        return [received, CaseClosed(at=at, by=by, reason="paid")]
    if _pays_the_last_letter(after, last):
        letter = case.letters[-1]
        reason = f"Total de notre lettre du {day(letter.due)} payé dans son délai"
        return [received, InterestWaived(at=at, by=by, amount=left, reason=reason), CaseClosed(at=at, by=by, reason="paid")]
    return [received, *_withdrawn(case, "payment", by=by, at=at)]


def _pays_the_last_letter(case: Case, on: date) -> bool:
    """Its total counts what we knew when it was decided, so what we learned since must add up to it."""
    if not case.letters:
        return False
    letter = case.letters[-1]
    since = sum((payment.amount for payment in case.payments if payment.at >= letter.at), Decimal(0))
    return letter.answer_by is not None and on <= letter.answer_by and since == letter.total


def approve(case: Case, step: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """A manager has read the letter, before its day or on the day it was waiting; or has seen to what blocked it, and it is tried again."""
    waits = "blocked" if case.step(step).blocked else "research" if step == "checks" else "approve"
    if case.step(step).approved and waits == "approve":
        return []
    _expect(case, waits, step)
    return [StepApproved(at=at, by=by, step=step)]


def report(
    case: Case, step: str, outcome: str, *, note: str | None, until: date | None, amount: Decimal | None, by: str, at: datetime
) -> list[AnyEvent]:
    """What came out of a call or a visit."""
    rung = policies[case.policy].rung(step)
    if rung is None or not rung.by_people:
        raise NothingToDo
    _expect(case, "visit" if rung.channel == "visit" else "call", step)
    if outcome not in (VISIT_OUTCOMES if rung.channel == "visit" else CALL_OUTCOMES):
        raise Invalid("Choisissez un résultat dans la liste.", "outcome")
    taken = StepTaken(at=at, by=by, step=step, outcome=outcome, note=note)
    if outcome == "promise":
        if until is None or not today(at) <= until <= add_years(today(at), 1):
            raise Invalid("Indiquez la date promise, à partir d’aujourd’hui et dans l’année.", "until")
        if amount is not None and amount <= 0:
            raise Invalid("Le montant promis doit être supérieur à zéro.", "amount")
        return [taken, PromiseMade(at=at, by=by, until=until, amount=amount)]
    if outcome == "dispute":
        return [taken, DisputeRaised(at=at, by=by, reason="said_to_us", note=note)]
    return [taken]


def mark_posted(case: Case, step: str, on: date, number: str | None, *, by: str, at: datetime) -> list[AnyEvent]:
    """The recorded dispatch of a printed letter."""
    if case.step(step).posted:
        return []
    printed = case.step(step).taken
    if not printed:
        raise NothingToDo
    if on > today(at):
        raise Invalid("La date de dépôt est dans le futur.", "on")
    decided = case.step(step).decided
    if decided and decided.answer_by and on >= decided.answer_by:
        raise Invalid(f"Cette lettre donne jusqu’au {day(decided.answer_by)} pour répondre : refaites-la avant de la poster.", "on")
    if on < today(printed.at):
        raise Invalid(f"Cette lettre a été imprimée le {day(today(printed.at))} : elle n’a pas pu être postée avant.", "on")
    return [LetterPosted(at=at, by=by, step=step, on=on, number=number)]


def remake(case: Case, step: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """A letter that waits to be posted is printed again, with the sums and the dates of the day."""
    rung = policies[case.policy].rung(step)
    if rung is None or not rung.is_letter:
        raise NothingToDo
    _expect(case, "post", step)
    return [LetterWithdrawn(at=at, by=by, step=step, reason="remade")]


def _withdrawn(case: Case, reason: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """Letters printed and not yet posted say sums or dates that are no longer true."""
    waiting = (rung.id for rung in policies[case.policy].rungs if rung.is_letter)
    return [
        LetterWithdrawn(at=at, by=by, step=step, reason=reason) for step in waiting if case.step(step).taken and not case.step(step).posted
    ]


def raise_dispute(case: Case, *, note: str | None, by: str, at: datetime) -> list[AnyEvent]:
    """The debtor disputes, by letter, e-mail or telephone, on whatever day: chasing stops at once (INV-12)."""
    if case.status == "closed":
        raise CaseAlreadyClosed
    if case.status != "open":
        raise NothingToDo("Les relances de ce dossier sont déjà arrêtées.")
    return [DisputeRaised(at=at, by=by, reason="said_to_us", note=note)]


def settle_dispute(case: Case, outcome: str, *, note: str | None, by: str, at: datetime) -> list[AnyEvent]:
    """The manager's answer: the claim stands, the debtor withdraws, or the dispute is right and the case ends."""
    if case.status != "disputed":
        raise NothingToDo
    if outcome not in ("rejected", "withdrawn", "upheld"):
        raise Invalid("Choisissez une décision dans la liste.", "outcome")
    settled = DisputeSettled(at=at, by=by, outcome=outcome, note=note)
    return (
        [settled, CaseClosed(at=at, by=by, reason="upheld")]
        if outcome == "upheld"
        else [settled, *_withdrawn(case, "dispute", by=by, at=at)]
    )


def check_debtor(case: Case, debtor: Party, creditor: Party, seen: Seen, *, note: str | None, by: str, at: datetime) -> list[AnyEvent]:
    """The registers were asked. A procedure that holds the claim stops the case at once (INV-12), unless a person set that notice aside."""
    events: list[AnyEvent] = [checked(debtor, seen, by=by, at=at)]
    found = seen.procedure
    if found and found.holds(case.invoices) and found.notice not in case.set_aside and case.status not in ("insolvent", "closed"):
        events.append(
            InsolvencyFound(
                at=at,
                by=by,
                procedure=found.kind,
                state=found.state,
                opened_on=found.opened_on,
                published_on=found.published_on,
                declare_by=declare_by(found.published_on, creditor),
                notice=found.notice,
                note=note,
            )
        )
    return events


def settle_insolvency(case: Case, outcome: str, *, note: str | None, by: str, at: datetime) -> list[AnyEvent]:
    """A person compared the notice with the claim: it is about somebody else, or about older debts; or nothing is left to chase."""
    if case.status != "insolvent":
        raise NothingToDo
    if outcome not in ("mistaken", "later_claim", "closed"):
        raise Invalid("Choisissez une décision dans la liste.", "outcome")
    settled = InsolvencySettled(at=at, by=by, outcome=outcome, note=note)
    if outcome == "closed":
        return [settled, CaseClosed(at=at, by=by, reason="insolvent")]
    return [settled, *_withdrawn(case, "insolvency", by=by, at=at)]


def consent_to_visit(case: Case, who: str, *, by: str, at: datetime) -> list[AnyEvent]:
    if who not in ("debtor", "creditor"):
        raise Invalid("Indiquez qui accepte la visite.", "who")
    if case.status == "closed":
        raise CaseAlreadyClosed
    return [] if who in case.visit_consents else [VisitConsented(at=at, by=by, who=who)]


def correct_debtor(case: Case, what: tuple[str, ...], *, by: str, at: datetime) -> list[AnyEvent]:
    if case.status == "closed":
        raise CaseAlreadyClosed
    return [DebtorCorrected(at=at, by=by, what=what)] if what else []


def decide(case: Case, choice: str, until: date | None, *, by: str, at: datetime) -> list[AnyEvent]:
    """The creditor's decision at the top of the ladder: stop without fee, wait, or hand over to the legal department.

    Stopping needs no question: the mandate lets the creditor withdraw whenever they like.
    """
    if choice not in ("stop", "wait", "legal"):
        raise Invalid("Choisissez : arrêter, attendre, ou transmettre au service juridique.", "choice")
    if case.status == "closed":
        raise CaseAlreadyClosed
    if choice != "stop" and not waits_for_creditor(case):
        raise NothingToDo
    if choice == "wait":
        now = today(at)
        if until is None or not now < until <= add_years(now, 1):
            raise Invalid("Indiquez jusqu’à quand attendre : une date à venir, dans l’année.", "until")
    asked_again = working_day(until) if choice == "wait" and until else None  # the day we can keep our word on
    decided = CreditorDecided(at=at, by=by, choice=choice, until=asked_again)
    return [decided, CaseClosed(at=at, by=by, reason="stopped")] if choice == "stop" else [decided]


def _expect(case: Case, kind: str, step: str) -> None:
    """Raises `NothingToDo` unless that task stands in the work list."""
    if any(task.kind == kind and task.step == step for task in tasks(case)):
        return  # a receipt that is stuck outlives its case
    raise CaseAlreadyClosed if case.status == "closed" else NothingToDo
