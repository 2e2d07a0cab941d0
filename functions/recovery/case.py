"""The fold: events in, case out. No judgement here: what happened, happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import assert_never

from recovery.days import today
from recovery.events import (
    AnyEvent,
    CaseClosed,
    CaseOpened,
    CreditNoted,
    CreditorDecided,
    CreditorVerified,
    DebtorChecked,
    DebtorCorrected,
    DisputeRaised,
    DisputeSettled,
    EmailBounced,
    EmailConfirmed,
    InsolvencyFound,
    InsolvencySettled,
    InterestWaived,
    Invoice,
    LetterDelivered,
    LetterPosted,
    LetterPresented,
    LetterReturned,
    LetterWithdrawn,
    LimitationInterrupted,
    LimitationNear,
    LimitationSuspended,
    MandateAccepted,
    PaymentReceived,
    PaymentReturned,
    PostalProof,
    PromiseMade,
    StepApproved,
    StepBlocked,
    StepDecided,
    StepSkipped,
    StepTaken,
    VisitConsented,
)

CARRIER = "maileva:"  # how the receipt of a letter begins when a provider, not a person of the agency, posts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of one rung, or of one message such as `receipt:p1`."""

    decided: StepDecided | None = None
    approved: StepApproved | None = None
    posted: LetterPosted | None = None
    presented: LetterPresented | None = None
    delivered: LetterDelivered | None = None
    returned: LetterReturned | None = None
    proofs: tuple[PostalProof, ...] = ()
    bounced: frozenset[str] = frozenset()
    taken: StepTaken | None = None
    skipped: StepSkipped | None = None
    blocked: StepBlocked | None = None
    remade: int = 0  # how many times it was printed and withdrawn before it was posted

    @property
    def carried(self) -> bool:
        """A postal provider holds it: it says itself when it posts the letter, and nobody can take it back."""
        return self.taken is not None and self.taken.receipt.startswith(CARRIER)

    @property
    def ended(self) -> bool:
        return self.taken is not None or self.skipped is not None

    @property
    def ended_on(self) -> date | None:
        """The day it left, or the day it was planned for when it was skipped: the next rung counts from there."""
        if self.posted:
            return self.posted.on
        last = self.taken or self.skipped
        return today(last.at) if last else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case exists from its `CaseOpened` on; `version` is the number of its events."""

    version: int
    case: str
    creditor: str
    debtor: str
    regime: str
    policy: str
    consultant: str
    opened_on: date
    invoices: tuple[Invoice, ...]
    creditor_kind: str = "business"
    debtor_country: str = "FR"
    status: str = "open"  # open | disputed | insolvent | handed_over | closed
    mandate: MandateAccepted | None = None
    confirmed: EmailConfirmed | None = None
    verified: CreditorVerified | None = None
    steps: dict[str, Step] = field(default_factory=dict)
    payments: tuple[PaymentReceived, ...] = ()
    returned: tuple[PaymentReturned, ...] = ()
    credit_notes: tuple[CreditNoted, ...] = ()
    interruptions: tuple[LimitationInterrupted, ...] = ()
    suspensions: tuple[LimitationSuspended, ...] = ()
    alerts: tuple[LimitationNear, ...] = ()  # how near the end of the limitation we said it is
    waived: tuple[InterestWaived, ...] = ()
    promise: PromiseMade | None = None
    dispute: DisputeRaised | None = None
    settled: DisputeSettled | None = None
    checked: DebtorChecked | None = None  # the last time the registers were asked
    corrected: DebtorCorrected | None = None
    unreachable: EmailBounced | None = None  # no e-mail goes to that address any more
    came_back: LetterReturned | None = None  # nobody lives where we write
    insolvency: InsolvencyFound | None = None  # the one that holds the claim now
    set_aside: frozenset[str] = frozenset()  # notices a person said are not about this claim
    visit_consents: frozenset[str] = frozenset()
    decision: CreditorDecided | None = None
    decisions: tuple[CreditorDecided, ...] = ()
    closed: CaseClosed | None = None

    def step(self, name: str) -> Step:
        return self.steps.get(name, Step())

    @property
    def fee_rate(self) -> Decimal:
        """Percent agreed in the mandate. A case without a mandate has no business collecting anything."""
        if self.mandate is None:
            raise ValueError(f"{self.case} has no accepted mandate")
        return self.mandate.fee_rate

    @property
    def letters(self) -> tuple[StepDecided, ...]:
        """The letters that claimed a sum and left, oldest first."""
        sent = (step.decided for step in self.steps.values() if step.decided and step.taken and step.decided.total is not None)
        return tuple(sorted(sent, key=lambda decided: decided.at))

    @property
    def first_letter(self) -> tuple[str, date] | None:
        """Reference and recorded dispatch of the first letter, which every later contact recalls (R124-4)."""
        step = self.step("first_letter")
        if step.decided and step.posted and step.decided.reference:
            return step.decided.reference, step.posted.on
        return None


def fold(events: Iterable[AnyEvent]) -> Case:
    """The case these events tell. Raises `ValueError` when they do not begin with `CaseOpened`."""
    first, *rest = events
    if not isinstance(first, CaseOpened):
        raise ValueError(f"a journal begins with CaseOpened, not {type(first).__name__}")
    opened = Case(
        version=1,
        case=first.case,
        creditor=first.creditor,
        debtor=first.debtor,
        regime=first.regime,
        policy=first.policy,
        consultant=first.consultant,
        opened_on=today(first.at),
        invoices=first.invoices,
        creditor_kind=first.creditor_kind,
        debtor_country=first.debtor_country,
    )
    return reduce(evolve, rest, opened)


def evolve(case: Case, event: AnyEvent) -> Case:
    """The case after this event."""
    after = replace(case, version=case.version + 1)
    match event:
        case CaseOpened():
            raise ValueError("a case opens once")
        case MandateAccepted():
            return replace(after, mandate=event)
        case EmailConfirmed():
            return replace(after, confirmed=event)
        case CreditorVerified():
            return replace(after, verified=event)
        case StepDecided():
            return _with(after, event.step, decided=event, blocked=None)
        case StepApproved():
            return _with(after, event.step, approved=event, blocked=None)  # a person has seen it: what was blocked is tried again
        case StepTaken():
            return _with(after, event.step, taken=event)
        case StepSkipped():
            return _with(after, event.step, skipped=event)
        case StepBlocked():
            return _with(after, event.step, blocked=event)
        case LetterPosted():
            return _with(after, event.step, posted=event)
        case LetterWithdrawn():
            step = case.step(event.step)
            return replace(after, steps={**case.steps, event.step: Step(approved=step.approved, remade=step.remade + 1)})
        case DebtorCorrected():
            again = replace(after, corrected=event, steps={name: replace(step, blocked=None) for name, step in case.steps.items()})
            return _reached_again(again, event)
        case PaymentReceived():
            return replace(after, payments=(*case.payments, event))
        case PaymentReturned():
            after = replace(after, returned=(*case.returned, event))
            return _open_again(after) if case.closed and case.closed.reason in SETTLED else after
        case CreditNoted():
            return replace(after, credit_notes=(*case.credit_notes, event))
        case LimitationInterrupted():
            return replace(after, interruptions=(*case.interruptions, event))
        case LimitationSuspended():
            return replace(after, suspensions=(*case.suspensions, event))
        case LimitationNear():
            return replace(after, alerts=(*case.alerts, event))
        case LetterPresented():
            return _with(after, event.step, presented=event)
        case LetterDelivered():
            return _with(after, event.step, delivered=event)
        case LetterReturned():
            after = _with(after, event.step, returned=event)
            return replace(after, came_back=event) if event.reason in NOBODY_THERE else after
        case PostalProof():
            return _with(after, event.step, proofs=(*case.step(event.step).proofs, event))
        case EmailBounced():
            after = _with(after, event.step, bounced=case.step(event.step).bounced | {event.bounce})
            refused = case.unreachable and case.unreachable.bounce == "complaint"  # stronger than any bounce
            return after if event.bounce == "transient" or refused else replace(after, unreachable=event)
        case InterestWaived():
            return replace(after, waived=(*case.waived, event))
        case PromiseMade():
            return replace(after, promise=event)
        case DisputeRaised():
            return replace(after, status="disputed" if case.status == "open" else case.status, dispute=event, settled=None)
        case DisputeSettled():
            return replace(after, status="open" if case.status == "disputed" else case.status, settled=event)
        case DebtorChecked():
            return replace(after, checked=event)
        case InsolvencyFound():
            return replace(after, status="closed" if case.status == "closed" else "insolvent", insolvency=event)
        case InsolvencySettled():
            aside = case.set_aside | ({case.insolvency.notice} if case.insolvency else set())
            if event.outcome == "closed":
                return replace(after, set_aside=aside)
            return replace(after, status=_before_insolvency(case), insolvency=None, set_aside=aside)
        case VisitConsented():
            return replace(after, visit_consents=case.visit_consents | {event.who})
        case CreditorDecided():
            status = "handed_over" if event.choice == "legal" else case.status
            return replace(after, decision=event, decisions=(*case.decisions, event), status=status)
        case CaseClosed():
            return replace(after, status="closed", closed=event)
        case _:
            assert_never(event)


NOBODY_THERE = ("unknown", "address")


def _reached_again(case: Case, event: DebtorCorrected) -> Case:
    """Another address may be written to; who complained of our e-mails gets none at any address."""
    refused = case.unreachable and case.unreachable.bounce == "complaint"
    unreachable = None if "email" in event.what and not refused else case.unreachable
    return replace(case, unreachable=unreachable, came_back=None if set(event.what) & ADDRESS else case.came_back)


ADDRESS = {"name", "line1", "line2", "postcode", "city", "country"}
SETTLED = ("paid", "credited")  # the closings that money, or a credit note, brought about


def _open_again(case: Case) -> Case:
    """The payment that settled it never came: what was given up for it is claimed again."""
    case = replace(case, closed=None, waived=())
    return replace(case, status="insolvent" if case.insolvency else _before_insolvency(case))


def _before_insolvency(case: Case) -> str:
    """Where the case stands again once the procedure turns out not to hold it."""
    if case.closed:
        return "closed"
    if case.decision and case.decision.choice == "legal":
        return "handed_over"
    return "disputed" if case.dispute and not case.settled else "open"


def _with(case: Case, name: str, **changes: object) -> Case:
    step = replace(case.step(name), **changes)  # type: ignore[arg-type]
    return replace(case, steps={**case.steps, name: step})
