"""Rates as step functions of the day: what each regime bears, and where it is cut."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import rates
from recovery.countries import countries
from recovery.days import DAY
from recovery.events import AgreedRate
from recovery.law import law
from tests.cases import invoice

FIRST, LAST = date(2016, 1, 1), date(2026, 12, 31)
days = st.dates(FIRST, LAST)


def d(text: str) -> date:
    return date.fromisoformat(text)


def agreed(kind: str, value: str) -> rates.Curve:
    return rates.professional(AgreedRate(kind=kind, value=Decimal(value)), "FLOOR")[0]


CURVES: dict[str, Callable[[], rates.Curve]] = {
    "statutory": lambda: rates.professional(None, "FLOOR")[0],
    "agreed 9 %, raised": lambda: agreed("fixed", "9"),
    "agreed 9 %, set aside": lambda: rates.professional(AgreedRate(kind="fixed", value=Decimal(9)), "STATUTORY")[0],
    "agreed 1 % a month": lambda: agreed("monthly", "1"),
    "agreed ECB + 5": lambda: agreed("ecb_plus", "5"),
    "agreed 4 × legal": lambda: agreed("legal_multiple", "4"),
    "public buyer": lambda: rates.public_buyer(invoice("A", d("2020-05-20")))[0],
    "judgment": lambda: rates.legal("business", d("2024-02-10"))[0],
    "individual": lambda: rates.legal("individual", None)[0],
    "plan": lambda: rates.without(
        rates.professional(None, "FLOOR")[0], ((d("2020-02-10"), d("2020-03-01")), (d("2023-06-30"), d("2023-07-01")))
    ),
    "each year": lambda: rates.each_year(rates.professional(None, "FLOOR")[0]),
} | {f"abroad {code}": lambda code=code: rates.abroad(countries[code], invoice("A", d("2020-05-20")))[0] for code in countries}  # type: ignore[misc]


@pytest.mark.parametrize("name", CURVES)
@given(days, days)
def test_spans_say_the_rate_of_every_day_once(name: str, a: date, b: date) -> None:
    """Looked at piece by piece or day by day, the same rates; two neighbours that are equal are one."""
    curve, (first, last) = CURVES[name](), sorted((a, b))
    last = min(last, first + 900 * DAY)
    pieces = list(rates.spans(curve, first, last))
    assert pieces[0][0] == first
    assert pieces[-1][1] == last
    for (_, end, piece), (begin, _, following) in pairwise(pieces):
        assert begin == end + DAY
        assert (piece.rate, piece.year) != (following.rate, following.year)
    for begin, end, piece in pieces:
        for day in (begin, begin + (end - begin) // 2, end):
            assert curve(day).rate == piece.rate


@pytest.mark.parametrize(
    ("name", "on", "rate"),
    [
        ("statutory", "2023-06-30", "12.50"),
        ("statutory", "2023-07-01", "14.00"),
        ("agreed 9 %, raised", "2024-06-30", "15.21"),
        ("agreed 9 %, raised", "2026-06-30", "9"),
        ("agreed 9 %, set aside", "2024-06-30", "14.50"),
        ("agreed 9 %, set aside", "2026-06-30", "9"),
        ("agreed 1 % a month", "2026-06-30", "12"),
        ("agreed ECB + 5", "2024-01-01", "15.21"),  # 9.50 is under three times 5.07
        ("agreed ECB + 5", "2022-12-31", "5"),
        ("agreed 4 × legal", "2026-07-01", "11.00"),
        ("public buyer", "2024-01-01", "8.00"),  # the rate of the first day of its delay, for the whole delay
        ("judgment", "2024-04-10", "5.07"),
        ("judgment", "2024-04-11", "10.07"),
        ("individual", "2023-01-01", "4.47"),
        ("plan", "2020-03-01", "0"),
        ("plan", "2020-03-02", "10.00"),
        ("abroad DE", "2026-07-01", "10.52"),
        ("abroad BE", "2026-07-01", "10.5"),
        ("abroad IE", "2026-07-01", "8.00"),  # the rate of the due day
    ],
)
def test_the_rate_of_a_day(name: str, on: str, rate: str) -> None:
    assert CURVES[name]()(d(on)).rate == Decimal(rate)


def test_a_public_buyer_pays_the_rate_of_the_semester_in_which_interest_begins() -> None:
    for due, rate in (("2026-06-29", "10.15"), ("2026-06-30", "10.40")):
        assert rates.public_buyer(invoice("A", d(due)))[0](d("2026-12-31")).rate == Decimal(rate)


def test_a_margin_of_tomorrow_leaves_yesterday_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    margin = law["late_interest_margin"]
    one, day = margin.values[0], d("2026-03-01")
    dated = (replace(one, last=day - DAY), replace(one, first=day, value=Decimal(12)))
    monkeypatch.setitem(law, "late_interest_margin", replace(margin, values=dated))
    pieces = [(last, piece.rate) for _, last, piece in rates.spans(rates.professional(None, "FLOOR")[0], d("2026-01-01"), d("2026-06-30"))]
    assert pieces == [(d("2026-02-28"), Decimal("12.15")), (d("2026-06-30"), Decimal("14.15"))]


def test_a_kind_of_agreed_rate_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(ValueError, match="weekly"):
        rates.contractual(AgreedRate(kind="weekly", value=Decimal(1)))


@given(days, st.decimals("0.1", "40", places=2))
def test_an_agreed_rate_is_never_under_its_floor(on: date, value: Decimal) -> None:
    floor = law["legal_rate"].value(on) * law["agreed_rate_floor"].values[-1].value
    assert agreed("fixed", str(value))(on).rate == max(value, floor)
