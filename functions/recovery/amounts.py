"""What is owed on a given day, line by line: each with its article and its arithmetic, so that anyone can recompute it.

The days of a claim are walked once, in order: an invoice falls due, is late, is credited; money comes. Between two of them interest
runs at the rates of `rates.py` on what is left. Money settles the invoice the debtor named, else the due debts, those that cost most first,
then the oldest, in proportion when nothing tells them apart (Code civil, 1342-10); inside one debt interest, then principal,
then the indemnity (1343-1, and the setting `payment_order`). Each segment is rounded once, half up, so the lines add up to the balance.
"""

from calendar import isleap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import partial
from itertools import groupby

from recovery import rates
from recovery.case import Case
from recovery.countries import Country, country
from recovery.days import DAY, add_years, today
from recovery.events import (
    CreditNoted,
    InterestWaived,
    Invoice,
    LimitationInterrupted,
    LimitationSuspended,
    PaymentReceived,
    PaymentReturned,
)
from recovery.french import CENT, cents, euros, figures_day, percent, plural
from recovery.kinds import kinds
from recovery.law import law
from recovery.rates import NEVER, Terms
from recovery.settings import DEFAULTS, Settings

ZERO = Decimal("0.00")
KINDS = ("principal", "credit", "interest", "indemnity", "penalty")  # in the order a letter shows the lines of an invoice
NOTHING = rates.constant(ZERO)
PARTS = {"INTEREST": ("interest", "compounded"), "PRINCIPAL": ("principal",), "FIXED_40": ("indemnity", "penalty")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a statement. Payments, credits and waivers are negative: the lines add up to the balance."""

    kind: str  # principal | credit | interest | indemnity | penalty | payment | returned | waiver | cost
    invoice: str | None
    amount: Decimal
    rule: str
    text: str = ""
    first: date | None = None
    last: date | None = None
    days: int | None = None
    rate: Decimal | None = None  # percent a year
    base: Decimal | None = None
    basis: int = 365  # days of a year
    assumed: bool = False  # rests on a rate that is not published yet

    @property
    def detail(self) -> str:
        """The arithmetic of an interest line, or what the other lines say."""
        if self.first is None or self.last is None or self.days is None or self.rate is None or self.base is None:
            return self.text
        period = f"du {figures_day(self.first)} au {figures_day(self.last)}{' (taux supposé)' if self.assumed else ''}"
        return f"{euros(self.base)} × {percent(self.rate)} × {plural(self.days, 'jour')} / {self.basis}, {period}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one payment settled of one invoice."""

    payment: str
    invoice: str
    on: date
    interest: Decimal
    principal: Decimal
    indemnity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`principal` (credit notes deducted), `interest`, `indemnity`, `penalty` are what is claimed before payments; `paid` and `waived` are positive."""

    on: date
    lines: tuple[Line, ...]
    principal: Decimal
    interest: Decimal
    indemnity: Decimal
    penalty: Decimal
    paid: Decimal
    waived: Decimal
    cost: Decimal
    balance: Decimal
    shares: tuple[Share, ...] = ()
    unpaid: tuple[str, ...] = ()  # the invoices on which principal is left

    def of(self, invoice: str) -> "Statement":
        """The share of one invoice, for the table of a letter: its own lines, without the payments."""
        return _sum(self.on, [line for line in self.lines if line.invoice == invoice and line.kind not in ("payment", "returned")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A sum that a court awarded (INV-04 lets nothing else be added)."""

    on: date
    amount: Decimal
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    regime: str  # "b2b" | "b2c" | "b2g"
    invoices: tuple[Invoice, ...]
    payments: tuple[PaymentReceived, ...] = ()
    returned: tuple[PaymentReturned, ...] = ()
    credit_notes: tuple[CreditNoted, ...] = ()
    waived: tuple[InterestWaived, ...] = ()
    costs: tuple[Cost, ...] = ()
    creditor_kind: str = "business"  # "business" | "public" | "individual"
    debtor_country: str = "FR"
    formal_notice_on: date | None = None  # first presentation of the formal notice
    enforceable_on: date | None = None  # the day a judgment could be enforced
    stopped_on: date | None = None  # judgment that opened an insolvency: interest stops the day before (L622-28 of the Code de commerce)
    plans: tuple[tuple[date, date], ...] = ()  # instalment plans, while they are kept
    interruptions: tuple[LimitationInterrupted, ...] = ()
    suspensions: tuple[LimitationSuspended, ...] = ()
    compound: bool = False  # the contract says that interest due for a year bears interest (Code civil, 1343-2)
    settings: Settings = DEFAULTS

    @property
    def country(self) -> Country | None:
        """The country whose late-payment law applies; None for France. Raises `CountryUnsupported`."""
        return None if self.settings["foreign_law"] == "CREDITOR" and self.debtor_country != "FR" else country(self.debtor_country)

    @property
    def legal_interest(self) -> bool:
        """Neither penalties nor indemnity: a consumer owes, or a private person claims (INV-05)."""
        return self.regime == "b2c" or self.creditor_kind == "individual"


def claim_of(case: Case) -> Claim:
    """A consumer's interest waits for the recorded first presentation of the formal notice."""
    notices = [step.presented.on for name, step in case.steps.items() if name == "formal_notice" and step.presented]
    return Claim(
        regime=case.regime,
        invoices=case.invoices,
        payments=case.payments,
        returned=case.returned,
        credit_notes=case.credit_notes,
        waived=case.waived,
        creditor_kind=case.creditor_kind,
        debtor_country=case.debtor_country,
        formal_notice_on=min(notices, default=None),
        stopped_on=case.insolvency.opened_on if case.insolvency else None,
        interruptions=case.interruptions,
        suspensions=case.suspensions,
    )


def as_of(case: Case, day: date) -> date:
    """The day to count to: a case that is paid stands still where money last moved, one that stopped at the day it closed, or later if money did."""
    if case.closed is None:
        return day
    moved = money_moved(case)
    return max(moved[-1], case.opened_on) if case.closed.reason == "paid" and moved else max([today(case.closed.at), *moved])


def money_moved(case: Case) -> list[date]:
    """The days money came or went back, the last at the end."""
    return sorted([*(payment.on for payment in case.payments), *(returned.on for returned in case.returned)])


# ------------------------------------------------------------------------------------------------ the terms of one invoice


def bears_legal_interest(claim: Claim, invoice: Invoice) -> bool:
    """At most the legal rate: by the people, or by what is owed (a rent, charges)."""
    kind = kinds.get(invoice.kind)
    return claim.legal_interest or (kind is not None and kind.interest == "legal")


def terms_of(claim: Claim, invoice: Invoice, curves: dict[object, rates.Curve]) -> Terms:
    """From which day the invoice bears interest, at which rates, under which article; alike invoices share one curve. Raises `CountryUnsupported`."""
    abroad = claim.country
    if not invoice.interest or (abroad and claim.legal_interest):
        return Terms(NEVER, NOTHING, "")  # abroad a consumer owes the principal: we claim no rate we are not sure of
    first = invoice.due + DAY
    if bears_legal_interest(claim, invoice):
        if claim.formal_notice_on is None:
            return Terms(NEVER, NOTHING, "")
        first = max(first, claim.formal_notice_on + DAY * (claim.settings["b2c_start"] == "DAY_AFTER_PRESENTATION"))
        curve, article = rates.legal(claim.creditor_kind, claim.enforceable_on)
        key: object = "legal"
    elif abroad:
        curve, article = rates.abroad(abroad, invoice)
        key = (abroad.code, invoice.agreed, invoice.due if abroad.rate == "DUE" else None)
    elif claim.regime == "b2g":
        curve, article = rates.public_buyer(invoice)
        key = ("b2g", first)
    else:
        curve, article = rates.professional(invoice.agreed, claim.settings["below_floor"])
        key = ("b2b", invoice.agreed)
    if key not in curves:
        curves[key] = rates.remembered(_with_stops(claim, curve))
    return Terms(first, curves[key], article)


def _with_stops(claim: Claim, curve: rates.Curve) -> rates.Curve:
    """Nothing runs while a plan is kept, nor once an insolvency is opened."""
    stop = claim.stopped_on or NEVER
    kept = claim.plans if claim.settings["plan_interest"] == "FROZEN" else ()
    periods = [(first, min(last, stop - DAY)) for first, last in sorted(kept) if first < stop]
    if claim.stopped_on:
        periods.append((claim.stopped_on, NEVER))
    if periods:
        curve = rates.without(curve, tuple(periods))
    return rates.each_year(curve) if claim.settings["interest_basis"] == "ACT/ACT" else curve


def indemnity_of(claim: Claim, invoice: Invoice) -> tuple[Decimal, str]:
    """The fixed indemnity one late invoice costs, and its article; zero where the law gives none. Raises `CountryUnsupported`."""
    if bears_legal_interest(claim, invoice) or not invoice.interest:
        return ZERO, ""
    if claim.stopped_on and invoice.due >= claim.stopped_on:
        return ZERO, ""  # the procedure forbids paying it on its due date (L441-10 II)
    if abroad := claim.country:
        return cents(abroad.indemnity_for(invoice.amount)), f"Indemnité forfaitaire, {abroad.indemnity_article}"
    rule = law["public_indemnity" if claim.regime == "b2g" else "fixed_indemnity"]
    article = "D2192-35 du code de la commande publique" if claim.regime == "b2g" else "L441-10 II et D441-5 du code de commerce"
    return cents(rule.value(invoice.due + DAY)), f"Indemnité forfaitaire, art. {article}"


def penalty_of(claim: Claim, invoice: Invoice) -> Decimal:
    """The penalty clause of the contract, zero where it is not claimed: from a consumer, for a private person, on a rent (INV-05)."""
    return ZERO if bears_legal_interest(claim, invoice) else invoice.penalty or ZERO


# ------------------------------------------------------------------------------------------------ the walk through the days


@dataclass(slots=True, eq=False)
class _Debt:
    """One invoice on its way through time."""

    invoice: Invoice
    terms: Terms
    principal: Decimal
    mended: Decimal  # what retroactive credit notes took off the principal from the start
    run: date  # the first day whose interest is not counted yet
    interest: Decimal = ZERO  # run and not yet paid
    compounded: Decimal = ZERO  # interest that bears interest
    indemnity: Decimal = ZERO
    penalty: Decimal = ZERO
    lines: list[Line] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        return not (self.principal or self.interest or self.compounded or self.indemnity or self.penalty)

    def left(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.interest + self.compounded, self.principal, self.indemnity + self.penalty

    def take(self, amount: Decimal, parts: Iterable[str]) -> Decimal:
        """Returns what is left of the amount."""
        for part in parts:
            used = min(amount, getattr(self, part))
            setattr(self, part, getattr(self, part) - used)
            amount -= used
        return amount


@dataclass(frozen=True, slots=True)
class _Money:
    """What a payment still holds; a credit note that exceeds its invoice has no `payment`."""

    payment: str
    invoice: str | None
    principal_first: bool
    amount: Decimal


def statement(claim: Claim, on: date) -> Statement:
    """What is owed on that day, its own interest included; invoices that are not due yet are left out.

    Raises `LawUnknown` when a rate of the period is not known, `CountryUnsupported` when the country is not.
    """
    return _Walk(claim, on).walked()


class _Walk:
    def __init__(self, claim: Claim, on: date) -> None:
        self.claim, self.on = claim, on
        self.order = claim.settings["payment_order"].split(",")
        self.actual = claim.settings["interest_basis"] == "ACT/ACT"
        self.debts: list[_Debt] = []  # those that fell due, oldest first
        self.open: list[_Debt] = []  # those of them that are not settled
        self.held: list[_Money] = []  # money that waits for an invoice to fall due
        self.alike = True  # every invoice bears the same rates
        self.money: list[Line] = []
        self.shares: list[Share] = []

    def walked(self) -> Statement:
        for _, _, step in sorted(self.agenda(), key=lambda item: item[:2]):
            step()
        for debt in self.debts:
            self.run(debt, self.on)
        lines = [line for debt in self.debts for line in sorted(debt.lines, key=lambda line: KINDS.index(line.kind))] + self.money
        lines += [
            Line(kind="waiver", invoice=None, amount=-waiver.amount, rule="Intérêts abandonnés, clause du mandat", text=waiver.reason)
            for waiver in self.claim.waived
        ]
        lines += [
            Line(kind="cost", invoice=None, amount=cost.amount, rule="Somme accordée par un juge", text=cost.label)
            for cost in self.claim.costs
            if cost.on <= self.on
        ]
        unpaid = tuple(debt.invoice.number for debt in self.debts if debt.principal > 0)
        return replace(_sum(self.on, lines), shares=tuple(self.shares), unpaid=unpaid)

    def agenda(self) -> Iterable[tuple[date, tuple[object, ...], Callable[[], None]]]:
        """`(day, rank within the day, what happens)`: the rank never depends on the order in which things were told."""
        claim, on = self.claim, self.on
        curves: dict[object, rates.Curve] = {}
        due: dict[str, _Debt] = {}
        for place, invoice in enumerate(sorted(claim.invoices, key=lambda i: (i.due, i.number, i.amount))):
            if invoice.due > on:
                continue
            notes = [note for note in claim.credit_notes if note.retroactive and note.invoice == invoice.number and note.on <= on]
            mended = min(sum((note.amount for note in notes), ZERO), invoice.amount)
            terms = terms_of(claim, invoice, curves)
            debt = due[invoice.number] = _Debt(invoice, terms, invoice.amount - mended, mended, terms.first)
            yield invoice.due, (0, place), partial(self.falls_due, debt)
            if invoice.due < on:
                yield invoice.due + DAY, (4, place), partial(self.is_late, debt)
            if claim.compound and terms.first <= on:
                for year in range(1, on.year - terms.first.year + 1):
                    if (anniversary := add_years(terms.first, year)) <= on:
                        yield anniversary, (1, place), partial(self.compounds, debt, anniversary)
            if clause := penalty_of(claim, invoice):
                told = max(claim.formal_notice_on or NEVER, invoice.due + DAY)
                if told <= on and told < (claim.stopped_on or NEVER):  # once a procedure is opened nobody is put on notice of paying
                    yield told, (4, place), partial(self.owes_penalty, debt, clause)
        self.alike = len(curves) <= 1 and all(debt.terms.curve is not NOTHING for debt in due.values())
        known = {invoice.number for invoice in claim.invoices}
        for note in claim.credit_notes:
            if note.on > on or (note.invoice in known and note.invoice not in due):
                continue
            credited = due.get(note.invoice or "")
            day = max(note.on, credited.invoice.due) if credited else note.on
            yield day, (2, note.invoice or "", note.amount, note.number), partial(self.credits, note, credited, day)
        for day in {debt.invoice.due for debt in due.values()}:
            yield day, (3,), partial(self.releases, day)
        back = {returned.payment for returned in claim.returned if returned.on <= on}
        for payment in claim.payments:
            if payment.on <= on:
                rank = (5, payment.invoice is None, payment.invoice or "", payment.order, payment.amount, payment.means)
                yield payment.on, rank, partial(self.receives, payment, payment.payment in back)
                for returned in claim.returned:
                    if returned.payment == payment.payment and returned.on <= on:
                        yield returned.on, (6, payment.on, payment.amount), partial(self.returns, payment, returned)

    # -------------------------------------------------------------------------------------------- what happens on a day

    def falls_due(self, debt: _Debt) -> None:
        invoice = debt.invoice
        text = f"Facture {invoice.number} du {figures_day(invoice.issued)}, échue le {figures_day(invoice.due)}"
        rule = "Facture, TVA comprise"
        debt.lines.append(Line(kind="principal", invoice=invoice.number, amount=invoice.amount, rule=rule, text=text))
        self.debts.append(debt)
        self.open.append(debt)

    def releases(self, day: date) -> None:
        """Money that waited meets all that falls due that day at once, the debtor's choices first."""
        waiting, self.held = sorted(self.held, key=lambda money: money.invoice is None), []
        for money in waiting:
            self.allot(money, day)

    def is_late(self, debt: _Debt) -> None:
        """One indemnity an invoice, when something of it is still owed the day after its due date."""
        amount, article = indemnity_of(self.claim, debt.invoice)
        if amount and debt.principal > 0:
            debt.indemnity += amount
            text = f"{euros(amount)} par facture payée en retard"
            debt.lines.append(Line(kind="indemnity", invoice=debt.invoice.number, amount=amount, rule=article, text=text))

    def owes_penalty(self, debt: _Debt, amount: Decimal) -> None:
        if debt.principal > 0:
            debt.penalty += amount
            rule = "Clause pénale du contrat, art. 1231-5 du code civil"
            text = "Somme prévue au contrat, due depuis la mise en demeure ; un juge peut la réduire"
            debt.lines.append(Line(kind="penalty", invoice=debt.invoice.number, amount=amount, rule=rule, text=text))

    def compounds(self, debt: _Debt, day: date) -> None:
        """Interest due for one full year bears interest from the anniversary (Code civil, 1343-2)."""
        self.run(debt, day - DAY)
        debt.compounded += debt.interest
        debt.interest = ZERO

    def credits(self, note: CreditNoted, debt: _Debt | None, day: date) -> None:
        """Lowers the principal from that day, which is not counted; a note that mends the invoice lowered it from the start."""
        text = f"Avoir {note.number} du {figures_day(note.on)}{', depuis l’origine' if note.retroactive else ''}".replace("  ", " ")
        number = debt.invoice.number if debt else None
        line = Line(kind="credit", invoice=number, amount=-note.amount, rule="Avoir, déduit du principal", text=text)
        (debt.lines if debt else self.money).append(line)
        left = note.amount
        if debt and note.retroactive:
            used = min(left, debt.mended)
            debt.mended, left = debt.mended - used, left - used
        for credited in [debt] if debt else list(self.open):
            if left > 0:
                self.run(credited, day - DAY)
                left = credited.take(left, ("principal",))
        if left > 0:
            self.spread(_Money("", None, False, left), day)
        self.forget_settled()

    def receives(self, payment: PaymentReceived, bounced: bool) -> None:
        principal_first = payment.order == "principal" or self.order[0] == "PRINCIPAL"
        words = "le principal puis les intérêts" if principal_first else "les intérêts puis le principal"
        text, rule = f"Reçu le {figures_day(payment.on)}, imputé sur {words}", "Paiement, art. 1343-1 du code civil"
        if payment.invoice:
            text += f" de la facture {payment.invoice}, au choix du débiteur"
            rule = "Paiement, art. 1342-10 et 1343-1 du code civil"
        self.money.append(Line(kind="payment", invoice=None, amount=-payment.amount, rule=rule, text=text, last=payment.on))
        if not bounced:
            self.allot(_Money(payment.payment, payment.invoice, payment.order == "principal", payment.amount), payment.on)

    def returns(self, payment: PaymentReceived, returned: PaymentReturned) -> None:
        text = f"Paiement du {figures_day(payment.on)} revenu impayé le {figures_day(returned.on)}"
        rule = "Paiement revenu impayé : il n’a rien éteint"
        self.money.append(Line(kind="returned", invoice=None, amount=payment.amount, rule=rule, text=text, last=returned.on))

    # -------------------------------------------------------------------------------------------- interest and money

    def run(self, debt: _Debt, last: date) -> None:
        """Interest up to that day included, on what is left; a segment where the rate changes."""
        if debt.run > last:
            return
        base = debt.principal + debt.compounded
        if base > 0:
            for first, end, piece in rates.spans(debt.terms.curve, debt.run, last):
                days = (end - first).days + 1
                basis = 366 if self.actual and isleap(end.year) else 365
                amount = cents(base * piece.rate * days / (100 * basis))
                if amount > 0:
                    debt.interest += amount
                    debt.lines.append(
                        Line(
                            kind="interest",
                            invoice=debt.invoice.number,
                            amount=amount,
                            rule=debt.terms.article,
                            first=first,
                            last=end,
                            days=days,
                            rate=piece.rate,
                            base=base,
                            basis=basis,
                            assumed=piece.assumed,
                        )
                    )
        debt.run = last + DAY

    def allot(self, money: _Money, on: date) -> None:
        """To the debt the debtor named first; when that one is not due yet, the money waits for its day."""
        if money.invoice:
            named = next((debt for debt in self.debts if debt.invoice.number == money.invoice), None)
            if named:
                money = replace(money, amount=self.settle(money, named, money.amount, on))
            elif any(invoice.number == money.invoice for invoice in self.claim.invoices):
                self.held.append(money)
                return
        if money.amount > 0:
            self.spread(money, on)
        self.forget_settled()

    def spread(self, money: _Money, on: date) -> None:
        """Over the due debts: the dearest, then the oldest, then in proportion. What is left over is the debtor's."""
        amount = money.amount
        for _, tied in groupby(self.ranked(on), key=lambda debt: (self.dearness(debt, on), debt.invoice.due)):
            if amount <= 0:
                break  # what the money does not reach is not cut either: equal segments stay one (law.md 2.4)
            group = list(tied)
            if len(group) == 1:
                amount = self.settle(money, group[0], amount, on)
                continue
            for debt in group:
                self.run(debt, on)
            owed = [sum(debt.left(), ZERO) for debt in group]
            for debt, share in zip(group, owed if sum(owed, ZERO) <= amount else in_proportion(amount, owed), strict=True):
                self.settle(money, debt, share, on)
                amount -= share
        if amount > 0:
            self.held.append(replace(money, invoice=None, amount=amount))

    def ranked(self, on: date) -> Sequence[_Debt]:
        if self.alike:
            return self.open  # opened in the order of their due dates
        return sorted(self.open, key=lambda debt: (-self.dearness(debt, on), debt.invoice.due))

    def dearness(self, debt: _Debt, on: date) -> Decimal:
        """The rate it bears: the debtor has most interest in paying the highest (Code civil, 1342-10)."""
        return debt.terms.curve(on).rate if debt.terms.first <= on else ZERO

    def settle(self, money: _Money, debt: _Debt, amount: Decimal, on: date) -> Decimal:
        """Returns what is left of the amount."""
        self.run(debt, on)
        before = debt.left()
        ranks = sorted(self.order, key=lambda part: part != "PRINCIPAL") if money.principal_first else self.order
        left = debt.take(amount, [name for part in ranks for name in PARTS[part]])
        if left < amount and money.payment:
            interest, principal, indemnity = (was - now for was, now in zip(before, debt.left(), strict=True))
            number = debt.invoice.number
            share = Share(payment=money.payment, invoice=number, on=on, interest=interest, principal=principal, indemnity=indemnity)
            self.shares.append(share)
        return left

    def forget_settled(self) -> None:
        self.open = [debt for debt in self.open if not debt.settled]


def in_proportion(amount: Decimal, owed: Sequence[Decimal]) -> list[Decimal]:
    """`amount` shared to the cent, nothing lost: the cents that rounding down leaves go to the largest remainders."""
    whole = sum(owed, ZERO)
    exact = [amount * part / whole for part in owed]
    shares = [part.quantize(CENT, ROUND_DOWN) for part in exact]
    missing = int((amount - sum(shares)) / CENT)
    for index in sorted(range(len(owed)), key=lambda i: (shares[i] - exact[i], i))[:missing]:
        shares[index] += CENT
    return shares


def _sum(on: date, lines: Iterable[Line]) -> Statement:
    lines = tuple(lines)
    totals: dict[str, Decimal] = {}
    for line in lines:
        totals[line.kind] = totals.get(line.kind, ZERO) + line.amount

    def total(*kinds: str) -> Decimal:
        return sum((totals.get(kind, ZERO) for kind in kinds), ZERO)

    return Statement(
        on=on,
        lines=lines,
        principal=total("principal", "credit"),
        interest=total("interest"),
        indemnity=total("indemnity"),
        penalty=total("penalty"),
        paid=-total("payment", "returned"),
        waived=-total("waiver"),
        cost=total("cost"),
        balance=total(*totals),
    )
