"""What is owed on a given day, line by line: each with its article and its arithmetic, so that anyone can recompute it.

Between professionals: principal, late interest at the ECB rate of the semester plus ten points from the day after the due
date (Code de commerce, L441-10 II), 40 € an invoice (D441-5). From a consumer: principal, and the legal rate from the day after the
formal notice was presented (Code civil, 1231-6), nothing else (INV-05). Payments settle interest, then principal, then the
indemnity of the oldest invoice, then of the next (Code civil, 1343-1 and 1342-10; law.md 2.4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.case import Case
from recovery.days import DAY, add_years, today
from recovery.events import InterestWaived, Invoice, PaymentReceived
from recovery.french import cents, euros, figures_day, percent, plural
from recovery.law import ASSUMED, law

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a statement. Payments, credits and waivers are negative: the lines add up to the balance."""

    kind: str  # principal | interest | indemnity | payment | waiver
    invoice: str | None
    amount: Decimal
    rule: str
    detail: str
    first: date | None = None
    last: date | None = None
    days: int | None = None
    rate: Decimal | None = None
    base: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`principal`, `interest`, `indemnity` are what is claimed before payments; `paid` and `waived` are positive."""

    on: date
    lines: tuple[Line, ...]
    principal: Decimal
    interest: Decimal
    indemnity: Decimal
    paid: Decimal
    waived: Decimal
    balance: Decimal

    def of(self, invoice: str) -> "Statement":
        """The share of one invoice, for the table of a letter: its own lines, without the payments."""
        return _sum(self.on, [line for line in self.lines if line.invoice == invoice and line.kind != "payment"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    regime: str  # "b2b" | "b2c"
    invoices: tuple[Invoice, ...]
    payments: tuple[PaymentReceived, ...] = ()
    waived: tuple[InterestWaived, ...] = ()
    formal_notice_on: date | None = None  # first presentation of the formal notice


def claim_of(case: Case) -> Claim:
    """A consumer's interest waits for a recorded first presentation of the formal notice, which postal tracking will tell."""
    return Claim(regime=case.regime, invoices=case.invoices, payments=case.payments, waived=case.waived)


def as_of(case: Case, day: date) -> date:
    """The day to count to: a case that is paid stands still at its last payment, one that stopped at the day it closed or was paid since."""
    if case.closed is None:
        return day
    paid = [payment.on for payment in case.payments]
    return max(paid) if case.closed.reason == "paid" and paid else max([today(case.closed.at), *paid])


@dataclass(slots=True)
class _Debt:
    """One invoice on its way through time."""

    invoice: Invoice
    principal: Decimal
    interest: Decimal = ZERO  # run and not yet paid
    indemnity: Decimal = ZERO


def statement(claim: Claim, on: date) -> Statement:
    """What is owed on that day, its own interest included. Raises `LawUnknown` when a rate of the period is not known."""
    debts = [_Debt(invoice, invoice.amount) for invoice in sorted(claim.invoices, key=lambda i: (i.due, i.number))]
    lines = [
        Line(
            kind="principal",
            invoice=debt.invoice.number,
            amount=debt.principal,
            rule="Facture, TVA comprise",
            detail=f"Facture {debt.invoice.number} du {figures_day(debt.invoice.issued)}, échue le {figures_day(debt.invoice.due)}",
        )
        for debt in debts
    ]
    paid = sorted((p for p in claim.payments if p.on <= on), key=lambda p: p.on)
    begin: dict[str, date] = {debt.invoice.number: _interest_from(claim, debt.invoice) for debt in debts}
    late: set[str] = set()
    for payment in paid:
        lines += _indemnities(claim, debts, payment.on, late)
        left = payment.amount
        for debt in debts:
            if left <= 0:
                break  # what the money does not reach is not cut either: equal segments stay one (law.md 2.4)
            lines += _run(claim, debt, begin[debt.invoice.number], payment.on)
            begin[debt.invoice.number] = max(begin[debt.invoice.number], payment.on + DAY)
            left = _settle(debt, left)
        detail = f"Reçu le {figures_day(payment.on)}, imputé sur les intérêts puis le principal"
        rule = "Paiement, art. 1343-1 du code civil"
        lines.append(Line(kind="payment", invoice=None, amount=-payment.amount, rule=rule, detail=detail, last=payment.on))
    lines += _indemnities(claim, debts, on, late)
    for debt in debts:
        lines += _run(claim, debt, begin[debt.invoice.number], on)
    lines += [
        Line(kind="waiver", invoice=None, amount=-waiver.amount, rule="Intérêts abandonnés, clause du mandat", detail=waiver.reason)
        for waiver in claim.waived
    ]
    return _sum(on, _merged(lines))


def limitation(claim: Claim) -> date:
    """The last day on which the oldest claim can be brought: five years between professionals, two against a consumer (law.md 5.1, 5.3).

    A part payment interrupts only when it acknowledges the whole debt: the cautious date ignores it.
    """
    rule = law["limitation_b2b" if claim.regime == "b2b" else "limitation_b2c"]
    return min(add_years(invoice.due, int(rule.value(invoice.due))) for invoice in claim.invoices)


def limitation_article(regime: str) -> str:
    return law["limitation_b2b" if regime == "b2b" else "limitation_b2c"].article


def _indemnities(claim: Claim, debts: list[_Debt], on: date, late: set[str]) -> list[Line]:
    """One per invoice that became late before that day with something still owed on it; paid on its due date, it owes none."""
    lines = []
    for debt in debts:
        invoice = debt.invoice
        if claim.regime != "b2b" or not invoice.interest or invoice.due >= on or invoice.number in late or debt.principal <= 0:
            continue
        late.add(invoice.number)
        debt.indemnity = cents(law["fixed_indemnity"].value(invoice.due + DAY))
        rule = "Indemnité forfaitaire, art. L441-10 II et D441-5 du code de commerce"
        detail = f"{euros(debt.indemnity)} par facture payée en retard"
        lines.append(Line(kind="indemnity", invoice=invoice.number, amount=debt.indemnity, rule=rule, detail=detail))
    return lines


def _interest_from(claim: Claim, invoice: Invoice) -> date:
    if not invoice.interest:
        return date.max
    if claim.regime == "b2b":
        return invoice.due + DAY  # no reminder needed, L441-10 II
    return claim.formal_notice_on + DAY if claim.formal_notice_on else date.max


def _run(claim: Claim, debt: _Debt, first: date, last: date) -> list[Line]:
    """Interest of one invoice over [first, last], cut at each change of rate; `debt.interest` grows by it."""
    if first > last or debt.principal <= 0:
        return []
    professional = claim.regime == "b2b"
    rule = law["ecb_rate" if professional else "legal_rate"]
    basis = law["interest_basis"].value(last)
    lines = []
    for begin, end, rate in rule.spans(first, last):
        if professional:
            rate += law["late_interest_margin"].value(end)
        assumed = " (taux supposé)" if rule.on(end).mark == ASSUMED else ""
        lines.append(_interest(debt.invoice.number, begin, end, rate, debt.principal, basis, professional, assumed))
    debt.interest += sum((line.amount for line in lines), ZERO)
    return lines


def _interest(
    number: str, first: date, last: date, rate: Decimal, base: Decimal, basis: Decimal, professional: bool, assumed: str = ""
) -> Line:
    days = (last - first).days + 1
    amount = cents(base * rate / 100 * days / basis)
    rule = (
        "Pénalités de retard, art. L441-10 II du code de commerce" if professional else "Intérêts au taux légal, art. 1231-6 du code civil"
    )
    detail = f"{euros(base)} × {percent(rate)} × {plural(days, 'jour')} / {basis}, du {figures_day(first)} au {figures_day(last)}{assumed}"
    return Line(
        kind="interest", invoice=number, amount=amount, rule=rule, detail=detail, first=first, last=last, days=days, rate=rate, base=base
    )


def _settle(debt: _Debt, amount: Decimal) -> Decimal:
    """Interest, then principal, then indemnity; returns what is left. An overpayment stays a credit of the debtor."""
    for part in ("interest", "principal", "indemnity"):
        used = min(amount, getattr(debt, part))
        setattr(debt, part, getattr(debt, part) - used)
        amount -= used
    return amount


def _merged(lines: list[Line]) -> list[Line]:
    """In the order a letter shows them: each invoice's principal, interest, indemnity; then payments and waivers."""
    kinds = ("principal", "interest", "indemnity")
    numbers = [line.invoice for line in lines if line.kind == "principal"]
    per_invoice = [line for number in numbers for kind in kinds for line in lines if line.invoice == number and line.kind == kind]
    nothing = [line for line in per_invoice if line.kind == "interest" and line.amount == 0]
    return [line for line in per_invoice if line not in nothing] + [line for line in lines if line.kind not in kinds]


def _sum(on: date, lines: Iterable[Line]) -> Statement:
    lines = tuple(lines)

    def total(kind: str) -> Decimal:
        return sum((line.amount for line in lines if line.kind == kind), ZERO)

    return Statement(
        on=on,
        lines=lines,
        principal=total("principal"),
        interest=total("interest"),
        indemnity=total("indemnity"),
        paid=-total("payment"),
        waived=-total("waiver"),
        balance=sum((line.amount for line in lines), ZERO),
    )
