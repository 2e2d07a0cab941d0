"""French as it is read: spaces that do not break, plurals that begin at two."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from recovery import french


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0,00 €"),
        ("1251.98", "1 251,98 €"),
        ("1234567.5", "1 234 567,50 €"),
        ("0.005", "0,01 €"),
        ("2.675", "2,68 €"),
        ("-12.3", "− 12,30 €"),
        ("999999.995", "1 000 000,00 €"),
    ],
)
def test_amounts(amount: str, text: str) -> None:
    assert french.euros(Decimal(amount)) == text.replace(" ", "\u00a0")


def test_letters_group_digits_with_the_narrow_space() -> None:
    assert french.euros(Decimal("1251.98"), narrow=True) == "1\u202f251,98\u00a0€"


@pytest.mark.parametrize(
    ("rate", "text"),
    [("12.15", "12,15 %"), ("18", "18 %"), ("10", "10 %"), ("12.40", "12,40 %"), ("0", "0 %"), ("9.075", "9,075 %"), ("10.5", "10,50 %")],
)
def test_rates(rate: str, text: str) -> None:
    assert french.percent(Decimal(rate)) == text.replace(" ", "\u00a0")


def test_dates() -> None:
    assert french.day(date(2026, 3, 1)) == "1er mars 2026"
    assert french.day(date(2026, 8, 12)) == "12 août 2026"
    assert french.weekday_day(date(2026, 12, 3)) == "jeudi 3 décembre"
    assert french.weekday_day(date(2026, 12, 1)) == "mardi 1er décembre"
    assert french.short_day(date(2026, 12, 3)) == "jeu. 3 déc."
    assert french.figures_day(date(2026, 12, 3)) == "03/12/2026"


def test_hours_are_those_of_paris() -> None:
    assert french.hour(datetime(2026, 11, 24, 13, 6, tzinfo=UTC)) == "14\u00a0h\u00a006"
    assert french.hour(datetime(2026, 7, 1, 22, 0, tzinfo=UTC)) == "0\u00a0h\u00a000"


@pytest.mark.parametrize(("count", "text"), [(0, "0 facture"), (1, "1 facture"), (2, "2 factures")])
def test_the_plural_begins_at_two(count: int, text: str) -> None:
    assert french.plural(count, "facture") == text.replace(" ", "\u00a0")


def test_an_irregular_plural_is_given() -> None:
    assert french.plural(3, "cheval", "chevaux") == "3\u00a0chevaux"


def test_accounts_and_numbers() -> None:
    assert french.iban("FR7630006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189".replace(" ", "\u00a0")
    masked = french.masked_iban("FR76 3000 6000 0112 3456 7890 189")
    assert masked == "FR76\u00a0••••\u00a00189"
    assert "3000" not in masked
    assert french.siren("794205118") == "794\u00a0205\u00a0118"


def test_half_a_cent_goes_up_on_both_sides() -> None:
    assert [str(french.cents(Decimal(value))) for value in ("0.005", "0.015", "-0.005", "1.004999")] == ["0.01", "0.02", "-0.01", "1.00"]
