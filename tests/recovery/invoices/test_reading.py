"""The object `reglo read --json` prints, and how its sources come together."""

import json
from datetime import date
from decimal import Decimal

from recovery.invoices.reading import Evidence, Found, Value, assemble, merge, refused

# The documented object, key for key.
KEYS = [
    "file", "source", "outcome", "document_type", "invoice_number", "issue_date", "due_date", "currency", "total_net", "total_tax",
    "total_gross", "prepaid", "amount_due", "iban", "bic", "terms", "seller", "buyer", "payee", "warnings", "evidence",
]  # fmt: skip
PARTY_KEYS = ["name", "siren", "siret", "vat", "email", "phone", "line1", "line2", "postcode", "city", "country"]
TERMS_KEYS = ["penalties", "indemnity", "discount", "payment"]


def found(**values: Value) -> dict[str, Found]:
    return {name.replace("__", "."): Found(value, Evidence("page", 0.9, 1, (0.1, 0.2, 0.3, 0.4))) for name, value in values.items()}


def test_the_object_has_the_documented_keys_in_their_order() -> None:
    reading = refused("f.pdf", "password", "Ce PDF est protégé.").to_json()
    assert list(reading)[: len(KEYS)] == KEYS
    assert list(reading["seller"])[: len(PARTY_KEYS)] == list(reading["buyer"])[: len(PARTY_KEYS)] == PARTY_KEYS
    assert reading["terms"] == dict.fromkeys(TERMS_KEYS)
    assert reading["payee"] is None
    assert reading["warnings"] == [{"field": "file", "message": "Ce PDF est protégé.", "code": None, "page": None, "box": None}]


def test_values_are_plain_json() -> None:
    findings = found(issue_date=date(2026, 1, 1), total_gross=Decimal("1200"), seller__name="<b>Atelier</b>")
    reading = json.loads(json.dumps(assemble("f.pdf", "text", "read", findings, ()).to_json()))
    assert reading["issue_date"] == "2026-01-01"
    assert reading["total_gross"] == "1200.00"
    assert reading["seller"]["name"] == "<b>Atelier</b>"
    assert reading["evidence"]["seller.name"] == {"source": "page", "confidence": 0.9, "page": 1, "box": [0.1, 0.2, 0.3, 0.4]}


def test_the_data_win_and_the_page_fills_the_gaps() -> None:
    merged = merge(found(invoice_number="F-1"), found(invoice_number="F-2", due_date=date(2026, 1, 31)))
    assert merged["invoice_number"].value == "F-1"
    assert merged["due_date"].value == date(2026, 1, 31)


def test_an_address_is_not_put_together_from_two_places() -> None:
    data = found(seller__name="Atelier", seller__city="Lyon")
    page = found(seller__name="ATELIER", seller__line1="1 rue X", seller__city="Paris", seller__email="a@b.fr")
    merged = merge(data, page)
    assert merged["seller.city"].value == "Lyon"
    assert "seller.line1" not in merged
    assert merged["seller.email"].value == "a@b.fr"


def test_a_party_is_completed_only_by_the_same_party() -> None:
    merged = merge(found(buyer__siren="552100554"), found(buyer__siren="732829320", buyer__email="x@y.fr"))
    assert "buyer.email" not in merged
