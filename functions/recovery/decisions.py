"""What we answer to a request: the events it causes, or a refusal. Each can be run again when two people write at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from recovery.amounts import claim_of
from recovery.case import Case
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
    Event,
    InsolvencyFound,
    InsolvencySettled,
    Invoice,
    LetterPosted,
    LetterPresented,
    LetterWithdrawn,
    LimitationInterrupted,
    LimitationSuspended,
    MandateAccepted,
    PromiseMade,
    StepApproved,
    StepTaken,
    VisitConsented,
)
from recovery.french import day
from recovery.insolvency import declare_by
from recovery.ladder import POLICY_OF, policies, waits_for_creditor
from recovery.limitation import limitations_of
from recovery.mandate import retraction_until
from recovery.parties import Party
from recovery.refusals import CaseAlreadyClosed, Invalid, NothingToDo
from recovery.timeline import INTERRUPTED
from recovery.work import tasks

CALL_OUTCOMES = ("no_answer", "wrong_number", "talked", "promise", "dispute", "refusal", "paid_claimed")
VISIT_OUTCOMES = ("done", "absent", "promise", "dispute")
SEEN_BY_A_PERSON = {"checks": "research", "contact": "research", "limitation": "limitation"}  # tasks that end when somebody says so


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
    creditor_kind: str = "business",
    debtor_country: str = "FR",
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
            creditor_kind=creditor_kind,
            debtor_country=debtor_country,
        ),
        MandateAccepted(at=at, by=accepted_by, document=mandate, accepted_at=accepted_at, fee_rate=fee_rate),
        EmailConfirmed(at=at, by=accepted_by, confirmed_at=confirmed_at),
        CreditorVerified(at=at, by=verified_by, verified_at=verified_at),
    ]


def approve(case: Case, step: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """A manager has read the letter, before its day or on the day it was waiting; or has seen to what blocked it, and it is tried again."""
    waits = "blocked" if case.step(step).blocked else SEEN_BY_A_PERSON.get(step, "approve")
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


def mark_presented(case: Case, step: str, on: date, *, by: str, at: datetime) -> list[AnyEvent]:
    """First presentation of a registered letter, as the postal proof says: a consumer's interest runs from the next day."""
    known, rung = case.step(step), policies[case.policy].rung(step)
    if known.presented:
        return []
    if rung is None or rung.channel != "registered_letter" or known.posted is None:
        raise NothingToDo
    if case.status == "closed":
        raise CaseAlreadyClosed
    if on > today(at):
        raise Invalid("La date de présentation est dans le futur.", "on")
    if on < known.posted.on:
        raise Invalid(f"Cette lettre est partie le {day(known.posted.on)} : elle n’a pas pu être présentée avant.", "on")
    return [LetterPresented(at=at, by=by, step=step, on=on)]


def interrupt_limitation(
    case: Case, ground: str, on: date, until: date | None, invoice: str | None, *, by: str, at: datetime
) -> list[AnyEvent]:
    """The debtor acknowledged the debt, or a judge or an officer was asked: a new full period runs (Code civil, 2231)."""
    if case.status == "closed":
        raise CaseAlreadyClosed
    if ground not in INTERRUPTED:
        raise Invalid("Choisissez dans la liste ce qui interrompt la prescription.", "ground")
    if invoice and all(invoice != each.number for each in case.invoices):
        raise Invalid("Cette facture n’est pas dans ce dossier.", "invoice")
    if on > today(at):
        raise Invalid("Cette date est dans le futur.", "on")
    if until and (until < on or ground in ("acknowledgement", "enforcement")):
        raise Invalid("Une fin ne se note que pour une procédure, après son début.", "until")
    event = LimitationInterrupted(at=at, by=by, ground=ground, on=on, until=until, invoice=invoice or None)
    return [] if event_is_known(event, case.interruptions) else moving(case, event, on)


def suspend_limitation(case: Case, first: date, last: date | None, *, by: str, at: datetime) -> list[AnyEvent]:
    """A mediation or a conciliation, from the first meeting or the written agreement (Code civil, 2238)."""
    if case.status == "closed":
        raise CaseAlreadyClosed
    if first > today(at):
        raise Invalid("Cette date est dans le futur.", "on")
    if last is None or last < first:
        raise Invalid("Saisissez la fin de la médiation, après son début.", "until")
    event = LimitationSuspended(at=at, by=by, first=first, last=last)
    return [] if event_is_known(event, case.suspensions) else moving(case, event, first)


def moving(case: Case, event: LimitationInterrupted | LimitationSuspended, on: date) -> list[AnyEvent]:
    """Once acquired, a limitation is neither interrupted nor suspended; before the debt it has nothing to move. One invoice still alive is enough."""
    if on <= min(invoice.issued for invoice in case.invoices):
        raise Invalid("Cette date est avant la facture.", "on")
    about = event.invoice if isinstance(event, LimitationInterrupted) else None
    last = max((found.last for found in limitations_of(claim_of(case)) if about in (None, found.invoice)), default=on)
    if on > last:
        raise Invalid(f"La prescription était acquise après le {day(last)} : rien ne peut plus la déplacer.", "on")
    return [event]


def event_is_known(event: Event, known: Sequence[Event]) -> bool:
    """Sent twice, it is written once."""
    return any(replace(event, at=each.at, by=each.by) == each for each in known)


def remake(case: Case, step: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """A letter that waits to be posted is printed again, with the sums and the dates of the day."""
    rung = policies[case.policy].rung(step)
    if rung is None or not rung.is_letter:
        raise NothingToDo
    _expect(case, "post", step)
    return [LetterWithdrawn(at=at, by=by, step=step, reason="remade")]


def retract(case: Case, *, by: str, at: datetime) -> list[AnyEvent]:
    """A private person withdraws from the mandate within fourteen days, without fee and without a word (C. conso. L221-18)."""
    if case.status == "closed":
        raise CaseAlreadyClosed
    last = retraction_until(case)
    if last is None or today(at) > last:
        raise NothingToDo("Le délai de rétractation est passé. Vous pouvez toujours arrêter le dossier, sans frais sur ce qui reste dû.")
    return [CaseClosed(at=at, by=by, reason="retracted")]


def withdrawn(case: Case, reason: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """Letters printed and not yet posted say sums or dates that are no longer true."""
    waiting = (rung.id for rung in policies[case.policy].rungs if rung.is_letter)
    return [
        LetterWithdrawn(at=at, by=by, step=step, reason=reason)
        for step in waiting
        if case.step(step).taken and not case.step(step).posted and not case.step(step).carried
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
        else [settled, *withdrawn(case, "dispute", by=by, at=at)]
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
    return [settled, *withdrawn(case, "insolvency", by=by, at=at)]


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
