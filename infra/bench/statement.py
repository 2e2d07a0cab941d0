"""How long a large statement takes, against a plain loop over its days written only to be obviously right.

python -m infra.bench.statement

One debtor, 1,000 invoices and 500 payments over five years. Each day the loop finds the rate in the table of law, looks at every
invoice, and adds up; it knows what the law says of a payment (the oldest debt first, interest, principal, then the 40 €) and nothing else.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2] / "functions"))

from recovery.amounts import Claim, Statement, statement
from recovery.events import Invoice, PaymentReceived
from recovery.law import law

LAST = date(2026, 11, 22)
FIRST = LAST - timedelta(days=5 * 365)
ZERO = Decimal(0)


def large_claim(invoices: int = 1000, payments: int = 500) -> Claim:
    """The same at each call."""
    chance = Random(44110)

    def day() -> date:
        return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))

    def euros(least: int, most: int) -> Decimal:
        return Decimal(chance.randrange(100 * least, 100 * most)) / 100

    return Claim(
        regime="b2b",
        invoices=tuple(Invoice(number=f"F-{n:04}", issued=FIRST, due=day(), amount=euros(50, 5000)) for n in range(invoices)),
        payments=tuple(
            PaymentReceived(at=datetime(2026, 1, 1, tzinfo=UTC), by="", payment=f"p{n}", amount=euros(50, 5000), on=day())
            for n in range(payments)
        ),
    )


# ------------------------------------------------------------------------------------------------ the plain loop


@dataclass
class Debt:
    number: str
    due: date
    principal: Decimal
    interest: Decimal = ZERO
    indemnity: Decimal = ZERO
    claimed: Decimal = ZERO  # all the interest there ever was
    rate: Decimal = ZERO
    days: int = 0  # at that rate, on that principal, not rounded yet

    def round(self) -> None:
        run = (self.principal * self.rate * self.days / Decimal(36500)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        self.interest, self.claimed, self.days = self.interest + run, self.claimed + run, 0


@dataclass
class Plain:
    interest: Decimal = ZERO
    indemnity: Decimal = ZERO
    balance: Decimal = ZERO
    debts: list[Debt] = field(default_factory=list)


def day_by_day(claim: Claim, on: date) -> Plain:
    debts = [Debt(invoice.number, invoice.due, invoice.amount) for invoice in sorted(claim.invoices, key=lambda i: (i.due, i.number))]
    purse, indemnities, day = ZERO, ZERO, min(debt.due for debt in debts)
    while day <= on:
        purse = pay(debts, purse, day)  # what was paid too early meets what falls due today
        rate = law["ecb_rate"].value(day) + law["late_interest_margin"].value(day)
        for debt in debts:
            if debt.due < day and debt.principal > 0:
                if rate != debt.rate:
                    debt.round()
                    debt.rate = rate
                debt.days += 1
                if day == debt.due + timedelta(days=1):
                    debt.indemnity += 40
                    indemnities += 40
        for payment in claim.payments:
            if payment.on == day or (day == debts[0].due and payment.on < day):
                purse += payment.amount
        purse = pay(debts, purse, day)
        day += timedelta(days=1)
    for debt in debts:
        debt.round()
    claimed = sum((debt.claimed for debt in debts), ZERO)
    owed = sum((debt.principal + debt.interest + debt.indemnity for debt in debts if debt.due <= on), ZERO)
    return Plain(interest=claimed, indemnity=indemnities, balance=owed - purse, debts=debts)


def pay(debts: list[Debt], purse: Decimal, day: date) -> Decimal:
    """The oldest first. Two that fall due on one day share in proportion, to the cent; the first ones get the cents that are left."""
    due = sorted({debt.due for debt in debts if debt.due <= day}) if purse else []
    for moment in due:
        group = [debt for debt in debts if debt.due == moment and debt.principal + debt.interest + debt.indemnity + debt.days > 0]
        if not purse or not group:
            continue
        for debt in group:
            debt.round()
        owed = [debt.principal + debt.interest + debt.indemnity for debt in group]
        whole = sum(owed, ZERO)
        given = min(purse, whole)
        shares = [(given * part / whole).quantize(Decimal("0.01"), "ROUND_DOWN") for part in owed] if whole else owed
        rest = sorted(range(len(group)), key=lambda i: (shares[i] - given * owed[i] / whole, i)) if whole else []
        for i in rest[: int((given - sum(shares)) * 100)]:
            shares[i] += Decimal("0.01")
        for debt, share in zip(group, shares, strict=True):
            purse -= share
            for part in ("interest", "principal", "indemnity"):
                used = min(share, getattr(debt, part))
                setattr(debt, part, getattr(debt, part) - used)
                share -= used
    return purse


# ------------------------------------------------------------------------------------------------ the measure


def best_of(times: int, work: Callable[[], object]) -> float:
    """Seconds: the least of several, since a busy machine only ever adds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def peak(work: Callable[[], object]) -> int:
    """Bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def same(owed: Statement, plain: Plain) -> bool:
    left = {debt.number for debt in plain.debts if debt.principal > 0 and debt.due <= owed.on}
    return (owed.interest, owed.indemnity, owed.balance, set(owed.unpaid)) == (plain.interest, plain.indemnity, plain.balance, left)


def main() -> int:
    claim = large_claim()
    owed, plain = statement(claim, LAST), day_by_day(claim, LAST)
    ours, theirs = best_of(7, lambda: statement(claim, LAST)), best_of(1, lambda: day_by_day(claim, LAST))
    print(
        f"{len(claim.invoices)} invoices, {len(claim.payments)} payments, {len(owed.lines)} lines; balance {owed.balance} / {plain.balance}"
    )
    print(f"statement {1000 * ours:.0f} ms, day by day {1000 * theirs:.0f} ms: {theirs / ours:.0f} times faster")
    print(f"peak {peak(lambda: statement(claim, LAST)) / 1e6:.1f} MB")
    return 0 if same(owed, plain) else 1


if __name__ == "__main__":
    sys.exit(main())
