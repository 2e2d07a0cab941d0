"""What a careful person would notice."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.invoices.arithmetic import disagreements
from recovery.invoices.check import check
from recovery.invoices.reading import Evidence, Found, Value

SOUND: dict[str, Value] = {
    "document_type": "invoice",
    "invoice_number": "F-101",
    "issue_date": date(2026, 1, 1),
    "due_date": date(2026, 1, 31),
    "currency": "EUR",
    "total_net": Decimal("100.00"),
    "total_tax": Decimal("20.00"),
    "total_gross": Decimal("120.00"),
    "amount_due": Decimal("120.00"),
    "seller.siren": "732829320",
    "seller.vat": "FR44732829320",
    "seller.name": "Atelier",
    "buyer.siren": "552100554",
    "iban": "FR7630006000011234567890189",
}


def findings(**changes: Value) -> dict[str, Found]:
    return {
        name: Found(value, Evidence("page", 0.9)) for name, value in (SOUND | {k.replace("__", "."): v for k, v in changes.items()}).items()
    }


def warned(**changes: Value) -> list[str]:
    return [warning.field for warning in check(findings(**changes))]


def test_a_sound_invoice_raises_no_remark() -> None:
    assert warned() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document_type": "credit_note"}, "file"),
        ({"document_type": "quote"}, "file"),
        ({"amount_due": Decimal("-5"), "total_gross": Decimal("-5"), "total_net": Decimal("-5"), "total_tax": Decimal(0)}, "file"),
        ({"document_type": "factored_invoice"}, "payee"),
        ({"payee__name": "Affactureur"}, "payee"),
        ({"total_gross": Decimal("121.00"), "amount_due": Decimal("121.00")}, "total_gross"),
        ({"amount_due": Decimal("620.00")}, "amount_due"),
        ({"amount_due": Decimal(0)}, "amount_due"),
        ({"prepaid": Decimal("50.00")}, "amount_due"),
        ({"paid": "Payée le 3 mars"}, "amount_due"),
        ({"due_date": date(2025, 12, 31)}, "due_date"),
        ({"due_date": date(1970, 1, 1)}, "due_date"),
        ({"currency": "USD"}, "currency"),
        ({"seller__siren": "732829321", "seller__vat": "DE136695976"}, "seller.siren"),
        ({"buyer__siret": "73282932000074"}, "buyer.siret"),
        ({"seller__vat": "FR45732829320"}, "seller.vat"),
        ({"buyer__siren": "732829320"}, "buyer.siren"),
        ({"iban": "GB99NWBK60161312345678"}, "iban"),
    ],
)
def test_each_doubt_is_said_beside_its_field(changes: dict[str, Value], field: str) -> None:
    assert field in warned(**changes)


def test_the_page_and_the_data_that_differ_are_shown() -> None:
    page = findings(invoice_number="F-102")
    assert [warning.field for warning in disagreements(findings(), page)] == ["invoice_number"]
    assert list(disagreements(findings(), findings())) == []
