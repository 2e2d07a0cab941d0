"""At which rate an invoice bears interest on a day, from which day, and under which article.

A rate is a step function of the day: published values cut it at each semester; a floor, a judgment or a plan cut it again. Each
piece says until when it holds, so that a statement never looks at a day twice.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from operator import add, mul

from recovery.countries import Country
from recovery.days import DAY, add_months
from recovery.events import AgreedRate, Invoice
from recovery.law import ASSUMED, Rule, law

NEVER = date.max
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """`rate` in percent a year, on every day up to `last` included."""

    rate: Decimal
    last: date
    assumed: bool = False  # rests on a value that nobody has published yet
    year: int = 0  # set when the length of the year counts: two years are never one segment


Curve = Callable[[date], Piece]


def spans(curve: Curve, first: date, last: date) -> Iterator[tuple[date, date, Piece]]:
    """[first, last] cut where the rate changes; equal neighbours are one. Raises `LawUnknown`."""
    begin = first
    while begin <= last:
        piece = curve(begin)
        end = min(piece.last, last)
        while end < last and (following := curve(end + DAY)) and (following.rate, following.year) == (piece.rate, piece.year):
            piece, end = following, min(following.last, last)
        yield begin, end, piece
        begin = end + DAY


# ------------------------------------------------------------------------------------------------ step functions


def published(rule: Rule) -> Curve:
    """The dated values themselves."""

    def at(day: date) -> Piece:
        dated = rule.on(day)
        return Piece(dated.value, dated.last or NEVER, dated.mark == ASSUMED)

    return at


def constant(rate: Decimal) -> Curve:
    return lambda _: Piece(rate, NEVER)


def moved(curve: Curve, change: Callable[[Decimal], Decimal]) -> Curve:
    """The same steps at other heights: plus a margin, times three, rounded up."""

    def at(day: date) -> Piece:
        piece = curve(day)
        return replace(piece, rate=change(piece.rate))

    return at


def frozen(curve: Curve, day: date) -> Curve:
    """The rate of one day, for the whole delay. It is asked when interest runs: before, that day's rate may not be known."""

    def at(_: date) -> Piece:
        return replace(curve(day), last=NEVER)

    return at


def both(one: Curve, other: Curve, join: Callable[[Decimal, Decimal], Decimal]) -> Curve:
    """Two made one: their sum, their product, the higher of both, the lower."""

    def at(day: date) -> Piece:
        a, b = one(day), other(day)
        return Piece(join(a.rate, b.rate), min(a.last, b.last), a.assumed or b.assumed)

    return at


def switched(curve: Curve, first: date, after: Curve) -> Curve:
    """One curve until the day before `first`, the other from then on."""

    def at(day: date) -> Piece:
        if day >= first:
            return after(day)
        piece = curve(day)
        return replace(piece, last=min(piece.last, first - DAY))

    return at


def without(curve: Curve, periods: tuple[tuple[date, date], ...]) -> Curve:
    """Nothing runs during these periods (a plan that is kept), which follow one another and do not overlap."""
    starts = [first for first, _ in periods]

    def at(day: date) -> Piece:
        before = bisect_right(starts, day) - 1
        if before >= 0 and day <= periods[before][1]:
            return Piece(ZERO, periods[before][1])
        piece = curve(day)
        ahead = starts[before + 1] - DAY if before + 1 < len(starts) else NEVER
        return replace(piece, last=min(piece.last, ahead))

    return at


def each_year(curve: Curve) -> Curve:
    """Cut at every 31 December too: a leap year counts its days over 366."""

    def at(day: date) -> Piece:
        piece = curve(day)
        return replace(piece, last=min(piece.last, date(day.year, 12, 31)), year=day.year)

    return at


def remembered(curve: Curve) -> Curve:
    """Many invoices ask for the same days."""
    return cache(curve)


# ------------------------------------------------------------------------------------------------ the regimes


@dataclass(frozen=True, slots=True)
class Terms:
    """How an invoice bears interest: `first` is the first day it runs (`NEVER`: it does not)."""

    first: date
    curve: Curve
    article: str


def professional(agreed: AgreedRate | None, below_floor: str) -> tuple[Curve, str]:
    """L441-10 II: the ECB rate of the semester plus ten points, or the rate of the contract, not under three times the legal rate."""
    statutory = _plus(law["ecb_rate"], "late_interest_margin")
    article = "Pénalités de retard, art. L441-10 II du code de commerce"
    agreed = something(agreed)
    if agreed is None:
        return statutory, article
    floor = both(published(law["legal_rate"]), published(law["agreed_rate_floor"]), mul)
    contract = contractual(agreed)
    article = "Pénalités de retard au taux convenu, art. L441-10 II du code de commerce"
    if below_floor == "FLOOR":
        return both(contract, floor, max), article

    def at(day: date) -> Piece:
        mine, least = contract(day), floor(day)
        chosen = mine if mine.rate >= least.rate else statutory(day)
        return Piece(chosen.rate, min(mine.last, least.last, chosen.last), chosen.assumed)

    return at, article


def something(agreed: AgreedRate | None) -> AgreedRate | None:
    """A rate of nothing is no rate (law.md 2.2)."""
    return None if agreed is None or (agreed.value <= 0 and agreed.kind != "ecb_plus") else agreed


def contractual(agreed: AgreedRate) -> Curve:
    """What the contract says, whatever the floor."""
    match agreed.kind:
        case "fixed":
            return constant(agreed.value)
        case "monthly":
            return constant(agreed.value * 12)
        case "ecb_plus":
            return moved(published(law["ecb_rate"]), lambda rate: rate + agreed.value)
        case "legal_multiple":
            return moved(published(law["legal_rate"]), lambda rate: rate * agreed.value)
    raise ValueError(f"no agreed rate is of the kind {agreed.kind}")


def _plus(rule: Rule, margin: str) -> Curve:
    return both(published(rule), published(law[margin]), add)


def public_buyer(invoice: Invoice) -> tuple[Curve, str]:
    """R2192-31: ECB plus eight points, of the semester in which the interest began to run, for the whole delay."""
    return (
        frozen(_plus(law["ecb_rate"], "public_interest_margin"), invoice.due + DAY),
        "Intérêts moratoires, art. R2192-31 du code de la commande publique",
    )


def legal(creditor_kind: str, enforceable_on: date | None) -> tuple[Curve, str]:
    """1231-6: the legal rate, of private persons when the creditor is one; five points more two months after an enforceable judgment."""
    rule = law["legal_rate_individual" if creditor_kind == "individual" else "legal_rate"]
    curve, article = published(rule), "Intérêts au taux légal, art. 1231-6 du code civil"
    if enforceable_on is None:
        return curve, article
    raised = add_months(enforceable_on, int(law["months_after_judgment"].value(enforceable_on))) + DAY
    points = law["legal_rate_after_judgment"].value(raised)
    after = moved(published(rule), lambda rate: rate + points)
    return switched(curve, raised, after), f"{article}, majoré de {points:.0f} points par l’art. L313-3 du code monétaire et financier"


def abroad(country: Country, invoice: Invoice) -> tuple[Curve, str]:
    """The late-payment law of the debtor's country, or the rate of the contract where it asks for less: never more than either."""

    def at(day: date) -> Piece:
        rate, base = country.rate_on(day)
        return Piece(rate, base.last or NEVER, base.mark == ASSUMED)

    curve = frozen(at, invoice.due) if country.rate == "DUE" else at
    if agreed := something(invoice.agreed):
        return both(curve, contractual(agreed), min), f"Intérêts de retard, {country.article}, sans dépasser le taux convenu"
    return curve, f"Intérêts de retard, {country.article}"
