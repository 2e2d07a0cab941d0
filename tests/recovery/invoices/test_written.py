"""Amounts, dates and names as people write them."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import french
from recovery.invoices import written

sums = st.decimals(min_value=0, max_value=999_999_999, places=2)
calendar = st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 002,00", "1002"),
        ("1.235,40 €", "1235.40"),
        ("1 235.40", "1235.40"),
        ("1\u202f251,98\u00a0€", "1251.98"),
        ("24,919.99 €", "24919.99"),
        ("$1,200.00", "1200"),
        ("EUR 12,5", "12.5"),
        ("3042.00 EUR", "3042"),
        ("-78.00", "-78"),
        ("\u2212 12,00 €", "-12"),
        ("12 345 678,90", "12345678.90"),
        ("29 €", "29"),
        ("9,9000", "9.90"),
    ],
)
def test_an_amount_is_understood(text: str, value: str) -> None:
    assert written.amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "20%", "20,00 %", "1.235", "29.480", "0.025", "31/01/2026", "12,34 et 56,78", "05 05 44 44 90", "F-101"]
)
def test_what_is_no_amount_or_nobody_can_tell_is_none(text: str) -> None:
    assert written.amount(text) is None


@given(sums)
def test_every_french_amount_reads_back(value: Decimal) -> None:
    assert written.amount(french.euros(value)) == value
    assert written.amount(french.euros(value, narrow=True)) == value
    assert written.amount(f"{value:,.2f}") == value
    assert written.amount(f"{value:,.2f}".replace(",", "'").replace(".", ",")) == value
    assert written.amount(f"{value:.2f}") == value


@given(st.text(max_size=60))
def test_no_text_makes_reading_fail(text: str) -> None:
    for value in written.amounts(text):
        assert abs(value) <= written.LARGEST
    written.days(text)
    written.exact(text)
    cleaned = written.clean(text)
    assert written.clean(cleaned) == cleaned
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/01/2026", date(2026, 1, 31)),
        ("1er mars 2026", date(2026, 3, 1)),
        ("2 juillet 2015", date(2015, 7, 2)),
        ("29- 03- 2016", date(2016, 3, 29)),
        ("15.03.26", date(2026, 3, 15)),
        ("20260815", date(2026, 8, 15)),
        ("2026-08-15", date(2026, 8, 15)),
        ("03/20/2023", date(2023, 3, 20)),
        ("24 Sep 2024", date(2024, 9, 24)),
        ("March 1, 2025", date(2025, 3, 1)),
        ("le 12 août 2024.", date(2024, 8, 12)),
        ("20260815 · Échéance : 20260914", date(2026, 8, 15)),
    ],
)
def test_a_date_is_understood(text: str, day: date) -> None:
    assert written.day(text) == day


@pytest.mark.parametrize(
    "text",
    ["05 05 44 44 90", "05.05.44.44.90", "20260230", "31/02/2026", "00/01/2026", "1242 1242", "12 rue 2024", "FR7630006000011234567890189"],
)
def test_what_is_not_in_the_calendar_is_none(text: str) -> None:
    assert written.day(text) is None


@given(calendar)
def test_every_written_date_reads_back(day: date) -> None:
    assert written.day(french.day(day)) == day
    assert written.day(f"{day:%d/%m/%Y}", month_first=False) in (day, None if day.day <= 12 else day)
    assert written.day(day.isoformat()) == day
    assert written.day(f"{day:%m/%d/%Y}", month_first=True) == day
    assert written.days(f"du {day:%d.%m.%Y} au {day:%d.%m.%Y}") == [day, day]


def test_marks_one_cannot_see_are_taken_out_and_markup_stays_data() -> None:
    assert written.clean("Caf\u0065\u0301 \u202eEVIL\u202c\u200b <b>&amp;</b>\x00\n 🙂 ") == "Café EVIL <b>&amp;</b> 🙂"
    assert len(written.clean("x" * 10_000)) == written.LONGEST
    assert written.clean("\ud83d") == "\ufffd"
