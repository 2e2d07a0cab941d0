"""The success fee: a share of what was collected, never a minimum."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.case import fold
from recovery.events import PaymentReceived
from recovery.fees import GRID, fee, rate_for, remittances
from tests.cases import at, opening

ON = date(2026, 11, 24)


def d(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.mark.parametrize(
    ("collected", "rate", "net", "vat", "gross"),
    [
        ("1500.00", "15", "225.00", "45.00", "270.00"),
        ("2450.80", "14", "343.11", "68.62", "411.73"),
        ("4000.00", "10", "400.00", "80.00", "480.00"),
    ],
    ids=["F1", "F2", "F5 flat"],
)
def test_examples_of_the_reference(collected: str, rate: str, net: str, vat: str, gross: str) -> None:
    found = fee(d(collected), d(rate), ON)
    assert (found.net, found.vat, found.gross) == (d(net), d(vat), d(gross))
    assert found.remitted == d(collected) - d(gross)


def paid(amount: str, on: date, id: str, means: str = "transfer") -> PaymentReceived:
    return PaymentReceived(at=at(on), by="staff:ines", payment=id, amount=d(amount), on=on, means=means)


def test_each_payment_is_rounded_by_itself_f4() -> None:
    case = fold([*opening(fee_rate="18"), paid("600.00", date(2026, 9, 10), "p1"), paid("400.00", date(2026, 9, 20), "p2")])
    lines = remittances(case)
    assert [line.fee.net for line in lines] == [d("108.00"), d("72.00")]
    assert sum(line.fee.vat for line in lines) == d("36.00")


# F3 (a base of principal alone) and the marginal brackets of F5 are settings this agency has not chosen: see README, « Décisions ».


@pytest.mark.parametrize(
    ("on", "by"),
    [("2026-01-31", "2026-02-28"), ("2026-09-10", "2026-10-10"), ("2026-12-31", "2027-01-31")],
)
def test_money_is_remitted_within_a_month(on: str, by: str) -> None:
    day = date.fromisoformat(on)
    (line,) = remittances(fold([*opening(date(2026, 1, 6)), paid("100.00", day, "p1")]))
    assert line.pay_by == date.fromisoformat(by)


def test_nothing_recovered_nothing_due() -> None:
    assert remittances(fold(opening())) == ()


def test_a_creditor_paid_directly_owes_the_fee_and_receives_nothing_from_us() -> None:
    (line,) = remittances(fold([*opening(), paid("1000.00", date(2026, 9, 10), "p1", "direct")]))
    assert (line.fee.net, line.fee.vat, line.fee.remitted) == (d("140.00"), d("28.00"), d("-168.00"))


@pytest.mark.parametrize(
    ("principal", "due", "rate"),
    [
        ("1000.00", "2026-05-24", "18"),  # six months to the day
        ("1000.00", "2026-05-23", "22"),
        ("1000.01", "2026-05-24", "14"),
        ("10000.00", "2025-11-24", "17"),
        ("10000.01", "2025-11-23", "15"),
        ("500.00", "2024-11-23", "30"),
        ("90000.00", "2020-01-01", "18"),
    ],
)
def test_the_rate_follows_the_age_and_the_amount(principal: str, due: str, rate: str) -> None:
    assert rate_for(d(principal), date.fromisoformat(due), ON) == d(rate)


def test_a_consumer_costs_two_points_more() -> None:
    assert rate_for(d("500.00"), date(2026, 9, 1), ON, "b2c") == d("20")


def test_the_grid_is_square_and_ends_open() -> None:
    assert all(len(row["rates"]) == len(GRID["amounts"]["labels"]) == len(GRID["amounts"]["up_to"]) + 1 for row in GRID["age"])
    assert ["months" in row for row in GRID["age"]] == [True] * (len(GRID["age"]) - 1) + [False]


@given(st.decimals("0.01", "1000000", places=2), st.integers(10, 32))
def test_collected_is_shared_to_the_cent(collected: Decimal, rate: int) -> None:
    found = fee(collected, Decimal(rate), ON)
    assert found.remitted + found.net + found.vat == collected
    assert 0 <= found.gross <= collected
