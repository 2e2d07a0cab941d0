"""What the form shows before anyone has typed: what was read on the invoice, where, and how sure we are."""

from collections.abc import Mapping
from typing import Any

from recovery.intake import FIELDS, Fields, settle

DOUBTFUL_BELOW = 0.8

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
    "due": ("due_date",),
    "amount": ("amount_due", "total_gross"),
}
FORM_FIELD = {read: form for form, names in READ_FROM.items() for read in names}
# What the law or the money needs: without it nothing can be claimed.
NEEDED = (
    "creditor_name", "creditor_siren", "creditor_line1", "creditor_postcode", "creditor_city", "creditor_iban", "creditor_email", "debtor_kind",
    "debtor_name", "debtor_line1", "debtor_postcode", "debtor_city", "number", "issued", "due", "amount",
)  # fmt: skip


def fields(reading: Mapping[str, Any], known: Mapping[str, str]) -> Fields:
    """`known` is what we know of the person who deposits: it wins over what was read about the seller."""
    filled = {form: first(reading, names) for form, names in READ_FROM.items()}
    filled["debtor_kind"] = "business" if any(first(reading, (f"buyer.{key}",)) for key in ("siren", "siret", "vat")) else ""
    return settle(filled | {name: value for name, value in known.items() if value})


def evidence(reading: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The proof of each form field: source, confidence, page and box."""
    proofs = reading.get("evidence") or {}
    found = {}
    for form, names in READ_FROM.items():
        name = next((name for name in names if value_of(reading, name)), None)
        if name in proofs:
            found[form] = proofs[name]
    return found


def doubtful(reading: Mapping[str, Any], shown: Mapping[str, str]) -> list[str]:
    """Fields whose value is still the one we read, and not surely: the person looks at those first."""
    read = fields(reading, {})
    proofs = evidence(reading)
    return [
        form
        for form in READ_FROM
        if form in proofs and proofs[form]["confidence"] < DOUBTFUL_BELOW and shown.get(form) and shown[form] == read[form]
    ]


def missing(shown: Mapping[str, str]) -> list[str]:
    return [name for name in NEEDED if not shown.get(name)]


def warnings(reading: Mapping[str, Any]) -> list[dict[str, str]]:
    """The reader's warnings, beside the form's fields; what has no field there concerns the file."""
    placed = [
        {"field": FORM_FIELD.get(warning["field"], warning["field"]), "message": warning["message"]}
        for warning in reading.get("warnings") or []
    ]
    return [warning if warning["field"] in FIELDS else warning | {"field": "file"} for warning in placed]


def first(reading: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for value in (value_of(reading, name) for name in names) if value), "")


def value_of(reading: Mapping[str, Any], name: str) -> str:
    party, _, part = name.partition(".")
    value = (reading.get(party) or {}).get(part) if part else reading.get(name)
    return str(value or "")
