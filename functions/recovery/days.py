"""Days as the law, the post office and a telephone count them.

Letters and e-mails leave on working days at nine, Paris time. Calendar days are counted as dates; a `due` is a date,
an `at` a moment in UTC.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from recovery.french import PARIS

DAY = timedelta(days=1)
MORNING = time(9, 0)  # before the day's post is collected, and within the calling hours of law.md 6.2


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Code du travail, art. L3133-1. Alsace-Moselle and overseas days are not counted: a letter may rest there one day more."""
    import holidays  # here, because reading an invoice counts days and never asks for one

    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(on: date) -> bool:
    return on.weekday() < 5 and on not in public_holidays(on.year)


def working_day(on: date) -> date:
    """That day, or the next one on which people work."""
    while not is_working_day(on):
        on += DAY
    return on


def morning(on: date) -> datetime:
    """Nine o'clock in Paris, in UTC."""
    return datetime.combine(on, MORNING, PARIS).astimezone(UTC)


def today(now: datetime) -> date:
    """The date in Paris."""
    return now.astimezone(PARIS).date()


def add_months(on: date, months: int) -> date:
    """The same day number, or the last day of the month (law.md 1.5, 5.3)."""
    month = on.month - 1 + months
    year, month = on.year + month // 12, month % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def add_years(on: date, years: int) -> date:
    return add_months(on, 12 * years)
