"""Everything that can happen to a case. Past tense; each class is one kind of fact, written once and never changed.

Money is `Decimal` euros, a `date` is a day in Paris, an `at` an aware moment in UTC. People are named by id
(`staff:ines`, `creditor:7f3a`, `debtor`, `machine`); names and free words live in the directory, where they can be erased.
A stored event keeps loading for ever: a new field comes with a default, a new meaning with a new class
(`tests/adapters/stored_events.json` holds one of each).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from recovery.stored import build, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRate:
    """The late-payment rate written in the contract. `value` in percent a year, in percent a month, in points, or in multiples."""

    kind: str  # "fixed" | "monthly" | "ecb_plus" | "legal_multiple"
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One unpaid invoice as it was handed over. `amount` is what is still owed on it, VAT included."""

    number: str
    issued: date
    due: date
    amount: Decimal
    label: str = ""  # what was sold, in the creditor's words
    document: str | None = None  # sha256 of the file
    interest: bool = True  # the creditor claims late interest and the fixed indemnity
    kind: str = "service"  # what it is for (kinds.toml): it drives the limitation; empty when nobody knows
    agreed: AgreedRate | None = None
    penalty: Decimal | None = None  # a contractual penalty clause, in euros (Code civil, 1231-5)
    delivered: date | None = None  # a carrier's clock starts there


def same_number(number: str) -> str:
    """What two writings of one number have in common: numbers that differ only by spaces or case are the same invoice."""
    return "".join(number.split()).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    case: str
    creditor: str  # siren
    debtor: str  # id in the directory
    regime: str  # "b2b" | "b2c" | "b2g"
    policy: str
    consultant: str  # id in the agency profile: the one person the creditor knows
    invoices: tuple[Invoice, ...]
    creditor_kind: str = "business"  # "business" | "public" | "individual": whose legal rate applies
    debtor_country: str = "FR"  # ISO 3166: whose late-payment law applies (countries.toml)


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateAccepted(Event):
    document: str
    accepted_at: datetime
    fee_rate: Decimal  # percent of the sums collected, before VAT


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfirmed(Event):
    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditorVerified(Event):
    """A person of the agency compared register, e-mail domain and IBAN holder; or the creditor was known already."""

    verified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDecided(Event):
    """Written before the effect. What leaves is `document`, byte for byte, whatever happens in between."""

    step: str
    due: date
    document: str | None = None
    answer_by: date | None = None  # the day the debtor was given to answer
    total: Decimal | None = None  # the balance the letter claims, on the day of `due`
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepApproved(Event):
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(Event):
    """The effect took place. `receipt` is what the outside answered: a queue key, a message id, a person's report."""

    step: str
    receipt: str = ""
    outcome: str | None = None
    note: str | None = None  # salted hash of free words kept beside the directory


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(Event):
    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBlocked(Event):
    """It cannot leave right (a character the fonts lack, an address too long, a mention missing): a person looks at it."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorCorrected(Event):
    """Name or address were corrected in the directory; what was blocked is tried again. `what` names the fields, not their values."""

    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPosted(Event):
    """The recorded dispatch of a letter (R124-4): no later rung before the first letter's."""

    step: str
    on: date
    number: str | None = None  # of the registered letter


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWithdrawn(Event):
    """A letter printed and not yet posted no longer says what is true (a payment came, a dispute was settled, its date passed): it is made again."""

    step: str
    reason: str  # "payment" | "credit_note" | "dispute" | "insolvency" | "remade"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    payment: str
    amount: Decimal
    on: date  # of effective collection
    means: str = "transfer"
    invoice: str | None = None  # the debtor said which debt it settles (Code civil, 1342-10)
    order: str = ""  # "" as the law settles one debt; "principal" when a plan says principal first
    acknowledges: bool = True  # false when paid under protest or by a third party: it does not interrupt the limitation


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReturned(Event):
    """A debit refused, a cheque unpaid: the debt is what it would be if that payment had never come."""

    payment: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoted(Event):
    """The creditor credits a part of an invoice, from that day, or from the start when it mends an error of the invoice."""

    number: str
    invoice: str | None  # None: the oldest debts
    amount: Decimal
    on: date
    retroactive: bool = False
    document: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationInterrupted(Event):
    """A new full period runs from that day; from `until`, when proceedings end (Code civil, 2231, 2240 to 2244)."""

    ground: str  # "acknowledgement" | "court_claim" | "enforcement" | "insolvency_claim"
    on: date
    until: date | None = None  # proceedings that still go on have no end yet
    invoice: str | None = None  # None: every debt of the case


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationSuspended(Event):
    """Mediation, conciliation, a participatory procedure: the clock stops, and at least six months remain (Code civil, 2238)."""

    first: date
    last: date
    ground: str = "mediation"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationNear(Event):
    """The last day on which the claim can be brought comes near: said once per stage (limitation.STAGES), and again when that day moved."""

    stage: str
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPresented(Event):
    """First presentation of a registered letter: a consumer's interest runs from the next day (Code civil, 1231-6)."""

    step: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDelivered(Event):
    """Handed to the debtor against a signature, as the postal tracking says."""

    step: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReturned(Event):
    """The letter comes back to us."""

    step: str
    on: date
    reason: str  # "unclaimed" | "refused" | "unknown" | "address" | "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalProof(Event):
    """A document of the post, kept as an exhibit of its own beside the letter."""

    step: str
    proof: str  # "deposit" | "content" | "receipt" | "returned"
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBounced(Event):
    """An e-mail to the debtor did not reach anybody, or its reader complained of it."""

    step: str
    bounce: str  # "permanent" | "transient" | "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestWaived(Event):
    """A debtor who pays the exact total of our last letter within its date has paid: the mandate says so."""

    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade(Event):
    until: date
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRaised(Event):
    reason: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeSettled(Event):
    outcome: str  # "rejected" | "withdrawn" let the ladder go on; "upheld" closes the case
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorChecked(Event):
    """The public registers were asked about the debtor. Codes of recovery/checks.py: what was found, and what did not answer."""

    identity: str
    address: str
    insolvency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsolvencyFound(Event):
    """A collective procedure holds this claim: chasing stops at once (INV-12), interest the day before the judgment. `note`: the notice's words."""

    procedure: str  # "safeguard" | "receivership" | "liquidation" | "recovery"
    state: str  # "open" | "plan" | "written_off"
    opened_on: date
    published_on: date
    declare_by: date
    notice: str  # its number in the bulletin
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsolvencySettled(Event):
    """A person looked at it: "mistaken" (another company) and "later_claim" (payable when due) let the ladder go on; "closed" ends the case."""

    outcome: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitConsented(Event):
    who: str  # "debtor" | "creditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditorDecided(Event):
    choice: str  # "stop" | "wait" | "legal"
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    reason: str  # "paid" | "credited" | "stopped" | "upheld" | "insolvent" | "retracted"


AnyEvent = (
    CaseOpened
    | MandateAccepted
    | EmailConfirmed
    | CreditorVerified
    | StepDecided
    | StepApproved
    | StepTaken
    | StepSkipped
    | StepBlocked
    | DebtorCorrected
    | LetterPosted
    | LetterWithdrawn
    | PaymentReceived
    | PaymentReturned
    | CreditNoted
    | LimitationInterrupted
    | LimitationSuspended
    | LimitationNear
    | LetterPresented
    | LetterDelivered
    | LetterReturned
    | PostalProof
    | EmailBounced
    | InterestWaived
    | PromiseMade
    | DisputeRaised
    | DisputeSettled
    | DebtorChecked
    | InsolvencyFound
    | InsolvencySettled
    | VisitConsented
    | CreditorDecided
    | CaseClosed
)
KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(AnyEvent)}


def to_json(event: Event) -> dict[str, Any]:
    """Plain JSON values (recovery/stored.py), with the name of the class as `kind`."""
    return {"kind": type(event).__name__} | {key: plain(value) for key, value in asdict(event).items()}


def from_json(stored: dict[str, Any]) -> AnyEvent:
    """The event as it was. Raises `KeyError` on a kind nobody ever published."""
    return build(KINDS[stored["kind"]], {key: value for key, value in stored.items() if key != "kind"})  # type: ignore[no-any-return]
