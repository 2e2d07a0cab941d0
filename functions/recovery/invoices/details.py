"""What structured data tell in lists: lines, rates of VAT, discounts and charges, notes, numbers, other documents."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number of a party as it is told: SIREN 0002, SIRET 0009, GLN 0088, DUNS 0060, VA, FC… `None` when no scheme is."""

    scheme: str | None
    value: str


@dataclass(frozen=True, slots=True)
class Note:
    code: str | None  # UNTDID 4451: PMD, PMT, AAB, REG…
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document this one names: order, contract, delivery…"""

    kind: str
    number: str
    on: date | None = None
    name: str | None = None
    link: str | None = None  # where it is said to be: never followed
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    iban: str
    bic: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Property:
    name: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Preceding:
    """An invoice this one corrects, credits or settles."""

    number: str
    issue_date: date | None = None
    document_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """One rate of VAT: what it bears on, and what it makes."""

    category: str | None = None
    rate: Decimal | None = None
    base: Decimal | None = None
    amount: Decimal | None = None
    reason: str | None = None  # why none is due
    reason_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A discount, or a charge, on the whole invoice or on a line."""

    charge: bool
    amount: Decimal | None = None
    base: Decimal | None = None
    percent: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None
    tax_category: str | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: str | None = None
    name: str | None = None
    description: str | None = None
    note: str | None = None
    seller_item: str | None = None
    buyer_item: str | None = None
    identifiers: tuple[Identifier, ...] = ()  # GTIN 0160, and classifications under their list
    properties: tuple[Property, ...] = ()
    origin: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None  # UN/ECE 20: C62 one, HUR hour, DAY day
    unit_price: Decimal | None = None
    gross_price: Decimal | None = None  # before the discount on the price
    price_discount: Decimal | None = None
    per: Decimal | None = None  # the quantity the price is for, when it is told
    net: Decimal | None = None
    tax_category: str | None = None
    tax_rate: Decimal | None = None
    period_start: date | None = None
    period_end: date | None = None
    account: str | None = None
    references: tuple[Reference, ...] = ()
    parent: str | None = None  # the number of the line this one details
    status: str | None = None  # DETAIL, GROUP, INFORMATION: only details make the total
    adjustments: tuple[Adjustment, ...] = ()
