"""What was read on an invoice, with its proofs; the object `reglo read --json` prints.

A field is found (`Found`) in the XML or on the page, under a flat name: `due_date`, `seller.siren`. A `Reading` is what remains
once the sources were brought together and checked. An unknown field is None: we would rather ask than guess.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from .opened import Box

Source = Literal["xml", "text", "scan", "none"]
Outcome = Literal["read", "no_text", "no_invoice", "password", "unreadable"]
Value = str | date | Decimal


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


@dataclass(frozen=True, slots=True)
class Warning:
    """A sentence for the person who checks, beside the field it concerns; `file` is the whole file."""

    field: str
    message: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The words of the invoice on late payment: the contractual ground of what may be claimed."""

    penalties: str | None = None
    indemnity: str | None = None
    discount: str | None = None


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

    def to_json(self) -> dict[str, Any]:
        """The documented object: dates in ISO form, sums as strings with two decimals, unknown fields null."""
        plain: dict[str, Any] = asdict(self)
        for name, value in plain.items():
            if isinstance(value, date):
                plain[name] = value.isoformat()
            elif isinstance(value, Decimal):
                plain[name] = f"{value:.2f}"
        plain["warnings"] = [asdict(warning) for warning in self.warnings]
        for proof in plain["evidence"].values():
            proof["box"] = list(proof["box"]) if proof["box"] else None
        return plain


HEADER = (
    "document_type", "invoice_number", "issue_date", "due_date", "currency", "total_net", "total_tax", "total_gross", "prepaid", "amount_due",
    "iban", "bic",
)  # fmt: skip
MONEY = ("total_net", "total_tax", "total_gross", "prepaid", "amount_due")
PARTY = tuple(Party.__dataclass_fields__)
TERMS = tuple(Terms.__dataclass_fields__)


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
    """The XML wins, for it is the original; the page fills the gaps. `check.disagreements` tells where they differ.

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
