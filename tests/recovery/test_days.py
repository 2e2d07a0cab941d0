"""Days as the law and the post count them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.days import add_months, add_years, is_working_day, morning, public_holidays, today, working_day


def test_the_eleven_holidays_of_metropolitan_france_in_2026() -> None:
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-28", "2026-11-30"),  # Saturday
        ("2026-12-25", "2026-12-28"),  # Friday, a holiday before a weekend
        ("2026-12-31", "2026-12-31"),
        ("2027-01-01", "2027-01-04"),  # over the year
        ("2026-05-14", "2026-05-15"),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(on: str, works: str) -> None:
    assert working_day(date.fromisoformat(on)) == date.fromisoformat(works)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_working_day_is_near_and_stays(on: date) -> None:
    found = working_day(on)
    assert is_working_day(found)
    assert 0 <= (found - on).days <= 5
    assert working_day(found) == found


def test_nine_in_paris_follows_summer_time() -> None:
    assert morning(date(2026, 10, 24)) == datetime(2026, 10, 24, 7, tzinfo=UTC)
    assert morning(date(2026, 10, 25)) == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert morning(date(2027, 3, 28)) == datetime(2027, 3, 28, 7, tzinfo=UTC)


def test_the_day_changes_at_midnight_in_paris() -> None:
    assert today(datetime(2026, 11, 24, 22, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert today(datetime(2026, 11, 24, 23, 0, tzinfo=UTC)) == date(2026, 11, 25)
    assert today(datetime(2026, 7, 1, 22, 0, tzinfo=UTC)) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_keep_the_day_or_take_the_last_one(on: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(on), months) == date.fromisoformat(then)


def test_a_year_after_29_february_is_28_february() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
