"""Is it a claim, whose is it, and from when?"""

from datetime import date
from decimal import Decimal

import pytest

from recovery.invoices.claim import remarks
from recovery.invoices.opened import Cell, Page
from recovery.invoices.reading import Evidence, Found, Value

TODAY = date(2026, 3, 10)
SOUND: dict[str, Value] = {
    "document_type": "invoice",
    "due_date": date(2026, 1, 31),
    "currency": "EUR",
    "total_gross": Decimal("120.00"),
    "amount_due": Decimal("120.00"),
    "seller.name": "Atelier Berthier",
    "seller.siren": "732829320",
    "iban": "FR7630006000011234567890189",
}


def codes(*printed: str, today: date | None = TODAY, **changes: Value) -> list[str | None]:
    told = SOUND | {name.replace("__", "."): value for name, value in changes.items()}
    found = {name: Found(value, Evidence("page", 0.9, 1, (0.1, 0.2, 0.3, 0.4))) for name, value in told.items()}
    cells = tuple(Cell(text, 50, 100 + 20 * row, 300, 112 + 20 * row) for row, text in enumerate(printed))
    return [remark.code for remark in remarks(found, (Page(1, 595, 842, cells),), today)]


def test_a_plain_invoice_that_is_due_has_no_remark() -> None:
    assert codes("Paiement à 30 jours", "Pas d’escompte pour paiement anticipé") == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document_type": "credit_note"}, "credit_note"),
        ({"document_type": "credit_note", "amount_due": Decimal("-120")}, "negative"),
        ({"amount_due": Decimal("-120")}, "negative"),
        ({"document_type": "quote"}, "not_an_invoice"),
        ({"amount_due": Decimal(0)}, "paid"),
        ({"process": "S2"}, "paid"),
        ({"paid": "Payée le 3 mars"}, "maybe_paid"),
        ({"document_type": "factored_invoice"}, "assigned"),
        ({"document_type": "credit_note", "type_code": "396"}, "assigned"),
        ({"payee__name": "Factor France"}, "assigned"),
        ({"payee__name": "ATELIER BERTHIER", "payee__siren": "552100554"}, "assigned"),
        ({"due_date": date(2026, 4, 1)}, "not_due"),
        ({"due_date": TODAY}, "not_due"),
        ({"payment_means": "59"}, "direct_debit"),
    ],
)
def test_what_stands_before_a_claim_has_its_code(changes: dict[str, Value], code: str) -> None:
    assert code in codes(**changes)


def test_a_payee_who_is_the_seller_is_no_other() -> None:
    assert codes(payee__name="Atelier Berthier SARL", payee__siren="732829320") == []
    assert codes(payee__name="atelier  berthier") == []


def test_without_a_day_nothing_is_said_of_the_days_to_come() -> None:
    assert codes(today=None, due_date=date(2099, 1, 1)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Pour être libératoire, votre règlement doit être effectué à BNP Paribas Factor",
        "Règlement à l’ordre de notre subrogée FACTOFRANCE, par subrogation conventionnelle",
        "subrogée dans nos droits au titre du contrat d’affacturage",
        "Créance cédée à Banque Populaire, art. L. 313-23 à L. 313-34 du Code monétaire et financier",
        "Facture cédée au CIC Factoring Solutions : paiement à lui seul",
        "Zahlung nur an die abcfinance; Forderung abgetreten",
        "This invoice has been assigned to Close Invoice Finance",
        "Crédito cedido a Santander Factoring",
    ],
)
def test_a_sentence_of_assignment_is_seen_and_shown(sentence: str) -> None:
    assert codes("FACTURE F-101", sentence) == ["assigned"]


@pytest.mark.parametrize(
    "sentence",
    [
        "L’assureur sera subrogé dans les droits du client",
        "Le client ne peut pas céder sa créance sans l’accord du prestataire : créances cédées à un tiers interdites",
        "Un facteur vous remettra le pli",
        "Facture payable à 30 jours fin de mois",
    ],
)
def test_general_terms_are_not_an_assignment(sentence: str) -> None:
    assert codes("FACTURE F-101", sentence) == []


def test_the_sentence_has_its_place() -> None:
    found = {name: Found(value, Evidence("page", 0.9)) for name, value in SOUND.items()}
    page = Page(2, 600, 800, (Cell("Contrat d’affacturage n° 12", 60, 80, 300, 96),))
    (remark,) = remarks(found, (page,), TODAY)
    assert (remark.field, remark.page, remark.box) == ("payee", 2, (0.1, 0.1, 0.5, 0.12))
