"""The success fee: a share of what was collected, borne by the creditor; nothing recovered, nothing due.

The rate is settled once, in the mandate. The fee is earned on each payment, rounded per payment, and deducted with its VAT
from the sum remitted, as the mandate allows. Remittance is due one month after collection at the latest (R124-6).
What the creditor had received before the opening, and told later, bears none: we had done nothing for it.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from recovery.case import Case
from recovery.days import add_months
from recovery.french import cents
from recovery.law import law

GRID = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"), parse_float=Decimal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """On `collected` euros: `net` is the fee before VAT, `gross` with it, `remitted` what the creditor receives (negative: what they owe)."""

    collected: Decimal
    rate: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    remitted: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """What one payment brings the creditor, and by when."""

    payment: str
    on: date
    fee: Fee
    pay_by: date
    returned: bool = False  # the payment came back unpaid: what was earned on it is given back


def rate_for(principal: Decimal, oldest_due: date, on: date, regime: str = "b2b", country: str = "FR") -> Decimal:
    """Percent of the sums collected, from the grid."""
    row = next(row for row in GRID["age"] if "months" not in row or on <= add_months(oldest_due, row["months"]))
    column = sum(principal > limit for limit in GRID["amounts"]["up_to"])
    supplement = GRID["supplement"]
    return Decimal(row["rates"][column]) + Decimal(supplement.get(regime, 0)) + Decimal(supplement["abroad"] if country != "FR" else 0)


def fee(collected: Decimal, rate: Decimal, on: date, *, direct: bool = False) -> Fee:
    """`direct`: the creditor was paid without us; there is nothing to remit, and the fee is owed."""
    net = cents(collected * rate / 100)
    vat = cents(net * law["vat_rate"].value(on) / 100)
    return Fee(collected=collected, rate=rate, net=net, vat=vat, gross=net + vat, remitted=(-net if direct else collected - net) - vat)


def remittances(case: Case) -> tuple[Remittance, ...]:
    """One line for each payment, in order of collection, and the reverse of those that came back unpaid."""
    rate = Decimal(0) if case.closed and case.closed.reason == "retracted" else case.fee_rate
    lines = [
        Remittance(
            payment=payment.payment,
            on=payment.on,
            fee=fee(payment.amount, rate if payment.on >= case.opened_on else Decimal(0), payment.on, direct=payment.means == "direct"),
            pay_by=add_months(payment.on, int(law["remittance_months"].value(payment.on))),
        )
        for payment in case.payments
    ]
    of = {line.payment: line for line in lines}
    lines += [replace(of[back.payment], on=back.on, fee=_reversed(of[back.payment].fee), returned=True) for back in case.returned]
    return tuple(sorted(lines, key=lambda line: (line.on, line.payment, line.returned)))


def _reversed(earned: Fee) -> Fee:
    return replace(earned, **{name: -getattr(earned, name) for name in ("collected", "net", "vat", "gross", "remitted")})
