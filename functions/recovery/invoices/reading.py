"""What was read on an invoice, with its proofs; the object `reglo read --json` prints.

A field is found (`Found`) in the XML or on the page, under a flat name: `due_date`, `seller.siren`. A `Reading` is what remains
once the sources were brought together and checked. An unknown field is None: we would rather ask than guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from .details import Account, Adjustment, Identifier, Line, Note, Preceding, Reference, Tax
from .opened import Box

Source = Literal["xml", "text", "scan", "none"]
Outcome = Literal["read", "no_text", "no_invoice", "password", "unreadable"]
# Why this may be no claim, or not this one, or not yet.
Doubt = Literal[
    "credit_note", "negative", "paid", "maybe_paid", "assigned", "not_due", "direct_debit", "not_an_invoice", "sums", "differs", "no_key", "currency",
]  # fmt: skip
Value = str | date | Decimal | tuple["Record", ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from: the XML, the page (and where on it), or our own deduction from other fields."""

    source: Literal["xml", "page", "guess"]
    confidence: float
    page: int | None = None
    box: Box | None = None  # left, top, right, bottom as fractions of the page, from its top left corner


@dataclass(frozen=True, slots=True)
class Found:
    value: Value
    evidence: Evidence


Findings = Mapping[str, Found]


def get(findings: Findings, name: str) -> Value | None:
    return findings[name].value if name in findings else None


def money(findings: Findings, name: str) -> Decimal | None:
    value = get(findings, name)
    return value if isinstance(value, Decimal) else None


@dataclass(frozen=True, slots=True)
class Warning:
    """A sentence for the person who checks, beside the field it concerns; `file` is the whole file.

    The code says the same to a program; `page` and `box` are the place to look at, when there is one.
    """

    field: str
    message: str
    code: Doubt | None = None
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    name: str | None = None
    siren: str | None = None
    siret: str | None = None
    vat: str | None = None
    email: str | None = None
    phone: str | None = None
    line1: str | None = None
    line2: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    line3: str | None = None
    region: str | None = None
    trading_name: str | None = None
    description: str | None = None  # legal form, capital
    contact: str | None = None  # a person, or a department
    identifiers: tuple[Identifier, ...] = ()
    role: str | None = None  # of those who are neither seller, buyer nor payee: delivery, payer, tax_representative…


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The words of the invoice on payment: the contractual ground of what may be claimed."""

    penalties: str | None = None
    indemnity: str | None = None
    discount: str | None = None
    payment: str | None = None


Record = Identifier | Account | Note | Reference | Preceding | Tax | Adjustment | Line | Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    file: str
    source: Source
    outcome: Outcome
    document_type: str | None = None
    invoice_number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    currency: str | None = None
    total_net: Decimal | None = None
    total_tax: Decimal | None = None
    total_gross: Decimal | None = None
    prepaid: Decimal | None = None
    amount_due: Decimal | None = None
    iban: str | None = None
    bic: str | None = None
    terms: Terms = field(default_factory=Terms)
    seller: Party = field(default_factory=Party)
    buyer: Party = field(default_factory=Party)
    payee: Party | None = None
    warnings: tuple[Warning, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    # What only structured data tell.
    type_code: str | None = None  # BT-3, UNTDID 1001
    profile: str | None = None  # BT-24
    process: str | None = None  # BT-23
    reckoned_due_date: date | None = None  # from the terms, when no due date is told
    tax_due_date: date | None = None
    delivery_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    total_lines: Decimal | None = None
    total_allowances: Decimal | None = None
    total_charges: Decimal | None = None
    rounding: Decimal | None = None
    payment_means: str | None = None  # UNTDID 4461: 30 and 58 a transfer, 49 and 59 a direct debit, 48 a card
    payment_note: str | None = None
    payment_reference: str | None = None
    card: str | None = None  # its last digits, as they are told
    card_holder: str | None = None
    direct_debit_mandate: str | None = None
    creditor_reference: str | None = None
    debited_account: str | None = None
    accounts: tuple[Account, ...] = ()  # `iban` and `bic` are the first
    tax_breakdown: tuple[Tax, ...] = ()
    lines: tuple[Line, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    preceding_invoices: tuple[Preceding, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    parties: tuple[Party, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented object: dates in ISO form, sums as strings with two decimals, unknown fields null."""
        told: dict[str, Any] = plain(self)
        return told | {name: f"{getattr(self, name):.2f}" for name in MONEY if told[name] is not None}

    def for_a_form(self) -> dict[str, Any]:
        """The same object without what a form never shows and a draft should not carry: no line, no note, lists that stay short."""
        told = self.to_json()
        return {name: [] if name in ("lines", "notes") else value[:MOST] if name in LISTS else value for name, value in told.items()}


MONEY = ("total_net", "total_tax", "total_gross", "prepaid", "amount_due")
MOST = 20
LISTS = ("accounts", "tax_breakdown", "lines", "adjustments", "preceding_invoices", "references", "notes", "parties")
PARTY = tuple(Party.__dataclass_fields__)
TERMS = tuple(Terms.__dataclass_fields__)
NOT_FOUND = ("file", "source", "outcome", "terms", "seller", "buyer", "payee", "warnings", "evidence")  # what no source tells as a field
HEADER = tuple(name for name in Reading.__dataclass_fields__ if name not in NOT_FOUND)


def plain(value: object) -> Any:
    """The value as JSON has it; numbers are text, so that no reader rounds them."""
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case tuple():
            return [plain(each) for each in value]
        case Mapping():
            return {name: plain(each) for name, each in value.items()}
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def assemble(file: str, source: Source, outcome: Outcome, findings: Findings, warnings: tuple[Warning, ...]) -> Reading:
    """The reading these findings amount to."""

    def values(prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: findings[prefix + name].value for name in names if prefix + name in findings}

    payee = values("payee.", PARTY)
    return Reading(
        file=file,
        source=source,
        outcome=outcome,
        terms=Terms(**values("terms.", TERMS)),
        seller=Party(**values("seller.", PARTY)),
        buyer=Party(**values("buyer.", PARTY)),
        payee=Party(**payee) if payee else None,
        warnings=warnings,
        evidence={name: found.evidence for name, found in findings.items()},
        **values("", HEADER),
    )


def refused(file: str, outcome: Outcome, sentence: str) -> Reading:
    """Nothing read, and why: a sentence about the whole file."""
    return assemble(file, "none", outcome, {}, (Warning("file", sentence),))


def merge(xml: Findings, page: Findings) -> dict[str, Found]:
    """The XML wins, for it is the original; the page fills the gaps. `arithmetic.disagreements` tells where they differ.

    A party is completed from the page only where the page speaks of the same party; an address is taken whole or not at all,
    so that no street of one company ends up beside the town of another.
    """
    merged = dict(xml)
    for name, found in page.items():
        if name in merged:
            if plainly(merged[name].value) == plainly(found.value):
                # The data tell it, and the page shows where: what the person who checks can look at.
                shown = replace(merged[name].evidence, page=found.evidence.page, box=found.evidence.box)
                merged[name] = Found(merged[name].value, shown)
            continue
        party, _, part = name.partition(".")
        if part and party in ("seller", "buyer"):
            if not same_party(party, xml, page):
                continue
            if part in ADDRESS and any(f"{party}.{other}" in xml for other in ADDRESS):
                continue
        merged[name] = found
    return merged


ADDRESS = ("line1", "line2", "postcode", "city")


def same_party(party: str, one: Findings, other: Findings) -> bool:
    """Does a number or a name show that both speak of the same company?"""
    for part in ("siren", "vat", "siret", "name"):
        mine, theirs = one.get(f"{party}.{part}"), other.get(f"{party}.{part}")
        if mine and theirs:
            return plainly(mine.value) == plainly(theirs.value)
    return False


def plainly(value: Value) -> str:
    return " ".join(str(value).casefold().split())
