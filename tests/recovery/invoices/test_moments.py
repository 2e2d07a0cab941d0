"""Days reckoned from terms, and the order of day and month."""

from datetime import date

import pytest

from recovery.invoices.labels import language_of
from recovery.invoices.moments import day_of
from recovery.invoices.towns import Town, town_in

ISSUED = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("paiement a 30 jours", date(2026, 2, 14)),
        ("reglement a 30 jours fin de mois", date(2026, 2, 28)),
        ("45 jours fin de mois le 10", date(2026, 4, 10)),
        ("paiement a reception de facture", ISSUED),
        ("terms: net 30", date(2026, 2, 14)),
        ("payment within 14 days of invoice date", date(2026, 1, 29)),
        ("zahlbar innerhalb von 14 tagen ohne abzug", date(2026, 1, 29)),
        ("pago a 60 dias", date(2026, 3, 16)),
        ("ri.ba. 60 gg f.m.", date(2026, 3, 31)),
        ("betaling binnen 14 dagen", date(2026, 1, 29)),
        ("paiement a 30 jours a compter de la livraison", None),
        ("paiement par virement", None),
        ("bitte uberweisen sie den betrag innerhalb von 14 tagen", date(2026, 1, 29)),
    ],
)
def test_terms_give_a_day(terms: str, due: date | None) -> None:
    assert day_of(terms, ISSUED) == due


@pytest.mark.parametrize(
    ("line", "town"),
    [
        ("75011 Paris", Town("75011", "Paris", None)),
        ("DE 80333 München", Town("80333", "München", None)),
        ("1016 HD Amsterdam", Town("1016 HD", "Amsterdam", None)),
        ("41043 FORMIGINE MO", Town("41043", "FORMIGINE", None)),
        ("50000 SAINT LO", Town("50000", "SAINT LO", None)),
        ("London EC1R 0DP", Town("EC1R 0DP", "London", None)),
        ("TN22 3DX", Town("TN22 3DX", "", "GB")),
        ("20121 Milano (MI)", Town("20121", "Milano", None)),
        ("5020 Salzburg, Österreich", Town("5020", "Salzburg", "AT")),
        ("L-1855 Luxembourg", Town("1855", "Luxembourg", "LU")),
        ("4410 Harbor Way", None),
        ("4471 KLM", None),
        ("2026 Mars", None),
        ("12 rue Haute", None),
    ],
)
def test_the_line_of_a_town(line: str, town: Town | None) -> None:
    assert town_in(line) == town


def test_the_language_of_a_page() -> None:
    assert language_of("rechnung betrag mwst zahlbar") == "de"
    assert language_of("facture montant tva") == "fr"
