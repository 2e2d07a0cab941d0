"""What the form shows before anyone has typed: what was read on the invoice, where, and how sure we are."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from recovery.intake import FIELDS, INVOICE_FIELDS, Fields, named, settle
from recovery.regimes import tells_of_another_kind

PLAIN_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*%")
DOUBTFUL_BELOW = 0.8
SUGGESTED_BELOW = 0.5  # a wrong value costs more than an empty one: such a value waits beside its field

# form field → names in the reading, the first one known wins
READ_FROM: dict[str, tuple[str, ...]] = {
    "creditor_name": ("seller.name",),
    "creditor_siren": ("seller.siren", "seller.siret"),
    "creditor_line1": ("seller.line1",),
    "creditor_line2": ("seller.line2",),
    "creditor_postcode": ("seller.postcode",),
    "creditor_city": ("seller.city",),
    "creditor_iban": ("iban",),
    "creditor_email": ("seller.email",),
    "debtor_name": ("buyer.name",),
    "debtor_siren": ("buyer.siren", "buyer.siret"),
    "debtor_line1": ("buyer.line1",),
    "debtor_line2": ("buyer.line2",),
    "debtor_postcode": ("buyer.postcode",),
    "debtor_city": ("buyer.city",),
    "debtor_country": ("buyer.country",),
    "debtor_email": ("buyer.email",),
    "debtor_phone": ("buyer.phone",),
    "number": ("invoice_number",),
    "issued": ("issue_date",),
    "due": ("due_date", "reckoned_due_date"),
    "amount": ("amount_due", "total_gross"),
}
FORM_FIELD = {read: form for form, known in READ_FROM.items() for read in known}
# What the law or the money needs: without it nothing can be claimed.
NEEDED = (
    "creditor_name", "creditor_siren", "creditor_line1", "creditor_postcode", "creditor_city", "creditor_iban", "creditor_email", "debtor_kind",
    "debtor_name", "debtor_line1", "debtor_postcode", "debtor_city",
)  # fmt: skip
NEEDED_OF_INVOICE = ("number", "issued", "due", "amount")


def fields(reading: Mapping[str, Any], known: Mapping[str, str], invoice: str = "1") -> Fields:
    """`known` is what we know of the person who deposits: it wins over what was read about the seller."""
    unsure = suggestions(reading)
    filled = {form: first(reading, read) for form, read in READ_FROM.items() if form not in unsure}
    filled["debtor_kind"] = "business" if any(first(reading, (f"buyer.{key}",)) for key in ("siren", "siret", "vat")) else ""
    filled |= {name: value for name, value in known.items() if value}
    return settle({named(name, invoice) if name in INVOICE_FIELDS else name: value for name, value in filled.items()}, [invoice])


def asks_kind(reading: Mapping[str, Any]) -> bool:
    """Its words tell of a claim that the law treats apart; the person then chooses."""
    return tells_of_another_kind(" ".join(str(reading.get(name) or "") for name in ("subject", "label", "notes", "document_title")))


def agreed_rate_of(reading: Mapping[str, Any]) -> str:
    """The yearly rate that the terms of the invoice name plainly: proposed beside the field, never taken without a click."""
    told = str((reading.get("terms") or {}).get("penalties") or "")
    rates = PLAIN_RATE.findall(told)
    return f"{rates[0]} %" if len(rates) == 1 and not re.search("l[ée]gal|bce|refinancement|mois|directeur", told.lower()) else ""


def suggestions(reading: Mapping[str, Any], invoice: str = "1", *, lead: bool = True) -> Fields:
    """What was read too unsurely to fill a field: shown beside it, taken with one click."""
    proofs = evidence(reading)
    unsure = {form: first(reading, READ_FROM[form]) for form in proofs if proofs[form]["confidence"] < SUGGESTED_BELOW}
    settled = settle(unsure) if unsure else {}
    proposed = {name: settled[form] for form, name in shown_as(unsure, invoice, lead)}
    return proposed | ({named("agreed", invoice): rate} if (rate := agreed_rate_of(reading)) else {})


def evidence(reading: Mapping[str, Any], invoice: str = "1", *, lead: bool = True) -> dict[str, dict[str, Any]]:
    """The proof of each form field: source, confidence, invoice, page and box. The first invoice of a draft speaks for both sides."""
    proofs = reading.get("evidence") or {}
    found = {}
    for form, read in READ_FROM.items():
        name = next((name for name in read if value_of(reading, name)), None)
        if name in proofs:
            found[form] = {**proofs[name], "invoice": invoice}
    return {name: found[form] for form, name in shown_as(found, invoice, lead)}


def shown_as(forms: Mapping[str, Any], invoice: str, lead: bool) -> list[tuple[str, str]]:
    """(the field, its name in the form) of what this invoice tells."""
    return [(form, named(form, invoice) if form in INVOICE_FIELDS else form) for form in forms if lead or form in INVOICE_FIELDS]


def doubtful(reading: Mapping[str, Any], shown: Mapping[str, str], invoice: str = "1", *, lead: bool = True) -> list[str]:
    """Fields whose value is still the one we read, and not surely: the person looks at those first."""
    read = fields(reading, {}, invoice)
    return [
        name
        for name, proof in evidence(reading, invoice, lead=lead).items()
        if proof["confidence"] < DOUBTFUL_BELOW and shown.get(name) and shown[name] == read[name]
    ]


def missing(shown: Mapping[str, str], invoices: Sequence[str] = ("1",)) -> list[str]:
    private = shown.get("creditor_kind") == "individual"
    asked = [name for name in NEEDED if not (private and name == "creditor_siren")]
    needed = (*asked, *(named(field, invoice) for invoice in invoices for field in NEEDED_OF_INVOICE))
    return [name for name in needed if not shown.get(name)]


def warnings(reading: Mapping[str, Any], invoice: str = "1", *, lead: bool = True) -> list[dict[str, str]]:
    """The reader's warnings, beside the form's fields; what has no field there concerns the file."""
    placed = []
    for warning in reading.get("warnings") or []:
        form = FORM_FIELD.get(warning["field"], warning["field"])
        if form in INVOICE_FIELDS:
            placed.append({"field": named(form, invoice), "message": warning["message"]})
        elif form not in FIELDS:
            placed.append({"field": "file", "message": warning["message"], "invoice": invoice})
        elif lead:
            placed.append({"field": form, "message": warning["message"]})
    return placed


def first(reading: Mapping[str, Any], read: tuple[str, ...]) -> str:
    return next((value for value in (value_of(reading, name) for name in read) if value), "")


def value_of(reading: Mapping[str, Any], name: str) -> str:
    party, _, part = name.partition(".")
    value = (reading.get(party) or {}).get(part) if part else reading.get(name)
    return str(value or "")
