"""The sums of a page, believed when they add up.

A page tells many amounts; `net + tax = gross` designates the three that matter, whatever their labels.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from . import written
from .labels import GROSS, NET, NO_TAX, NOT_A_SUM, PREPAID, TAX, TO_PAY, WITHHELD, Labels
from .reading import Evidence, Found
from .words import Candidate, Sheet, Word, labelled

Sum = Candidate[Decimal] | None
Sums = list[Candidate[Decimal]]
NEAR = Decimal("0.02")
MOST_SUMS = 40  # of a kind: more is meant to keep us busy
WHOLE_TAX = Decimal("0.30")  # no European rate is above 27 %


def first_amount(text: str) -> Decimal | None:
    """The amount a label announces: the first that is neither a rate nor far away."""
    text = NO_SUM.sub(" ", text)
    head = re.match(r"[^\d]{0,30}", text)
    if head and len(re.findall(r"[^\W\d_]", head[0].replace("EUR", "").replace("euros", ""))) > 6:
        return None
    found = written.amounts(text)
    return found[0] if found else None


# A rate, a day, an account, the number of a company.
NO_SUM = re.compile(
    rf"\(?\b\d{{1,2}}(?:[.,]\d{{1,3}})?\s?%\)?|\b\d{{1,2}}([./\- ])\d{{1,2}}\1(?:20)?\d\d\b(?![.,]\d)|\b\d{{4}}-\d\d-\d\d\b|\b\d{{7,}}(?![.,\d])|"
    r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b|\b(?!EUR|USD|GBP|CHF)[A-Z]{1,4}\d\w*(?:[\-/]\w+)*|"
    rf"\b(?:\d{{1,2}}(?:er|\.|°)? )?(?:de )?(?:{'|'.join(sorted(written.MONTHS, key=len, reverse=True))}|février|août|décembre|märz)\b\.?(?: (?:de )?20\d\d\b)?",
    re.I,
)


def last_amount(text: str) -> Decimal | None:
    """`Tax 15% on $ 112.90 $ 16.94`: of a base and its tax, the tax comes last."""
    found = written.amounts(BASE.sub(" ", NO_SUM.sub(" ", text)))
    return found[-1] if found else None


BASE = re.compile(r"\b(?:s/|su|sobre|auf|on|sur|von|van|over|di)\s*(?:[€$£]|EUR)?\s*\d[\d .,'’]*", re.I)


def read(sheets: Sequence[Sheet]) -> dict[str, Found]:
    """The sums, and how sure: three that add up are; a label alone is not quite."""
    nets, taxes, grosses, dues = gather(sheets, NET), gather(sheets, TAX, tax=True), gather(sheets, GROSS), gather(sheets, TO_PAY)
    # « - 400,00 € » is printed too
    prepaids, withheld = ([Candidate(abs(one.value), one.word, one.weight) for one in gather(sheets, kind)] for kind in (PREPAID, WITHHELD))
    # The total less what is withheld may be the only one a page tells.
    raised = [Candidate(due.value + kept.value, due.word, due.weight - 0.15) for due in dues for kept in withheld if kept.value]
    # What was paid on account explains what is left: the total is not what is left.
    whole = [one for one in grosses if any(paid.value and one.value - paid.value == due.value for paid in prepaids for due in dues)]
    net, tax, gross, adds_up = choose(nets, taxes, grosses + raised, [] if whole else dues)
    if net and gross and not tax and net.value < gross.value and any(at_a_rate(net.value, one.value) for one in taxes):
        adds_up = False  # the tax of this net is printed, and is less than what the total holds besides
    untaxed = any(NO_TAX.search(word.flat) for sheet in sheets for word in sheet.words)
    named = adds_up
    if not adds_up and not untaxed:
        net, tax, gross, adds_up = completed(sheets, nets, net, taxes, gross)
    elif gross and not tax:
        net, tax = by_what_is_told(net, gross, taxes) or (net, tax)
        named = named and not tax
    rest = gross.value - net.value if net and gross else Decimal(0)
    by_rate = abs(sum({one.word: one.value for one in taxes}.values(), Decimal(0)) - rest) <= NEAR
    # Printed sums that agree need no better label; unless a larger total is printed too, which they may be only a part of.
    part = gross is not None and any(one.value > gross.value + NEAR and one.weight > 0.7 for one in grosses + dues)
    proven = named and not part and (bool(tax) or (by_rate and rest > 0) or (rest == 0 and untaxed))
    found: dict[str, Found] = {}
    for name, one in (("total_net", net), ("total_tax", tax), ("total_gross", gross)):
        if one:
            found[name] = told(one, SURE if proven else min(one.weight, 0.88 if adds_up else 0.8))
    if net and gross and not tax and adds_up:
        # No single tax is printed: one by rate, whose sum it is, or none that we can read. What is left is the tax.
        found["total_tax"] = Found(rest, Evidence("guess", 0.93 if proven else 0.7))
    elif gross and not net and not tax and untaxed:
        found["total_net"] = Found(gross.value, Evidence("guess", 0.8))
        found["total_tax"] = Found(Decimal(0), Evidence("guess", 0.8))
    found.update(left_to_pay(dues, gross, prepaids, withheld, proven))
    due = found.get("amount_due")
    if gross and due and not proven and not part and due.evidence.source == "page" and due.value == gross.value and gross.weight > 0.8:
        found["total_gross"] = gross.word.found(gross.value, 0.93)  # told twice, under two names
    return found


def told(one: Candidate[Decimal], sure: float) -> Found:
    """A sum that is made of those printed where it was read is a guess."""
    found = one.word.found(one.value, sure)
    printed = any(abs(value) == abs(one.value) for value in written.amounts(one.word.text))
    return found if printed else Found(one.value, replace(found.evidence, source="guess"))


def left_to_pay(dues: Sums, gross: Sum, prepaids: Sums, withheld: Sums, proven: bool) -> dict[str, Found]:
    """What was paid already, and what is due: of several payments and withholdings, those that explain the amount due."""
    total = gross.value if gross else Decimal(0)
    left = {one.value for one in dues}
    paid = [Decimal(0), *(one.value for one in prepaids)]
    kept = heaviest([one for one in withheld if not left or any(total - one.value - each in left for each in paid)])
    total -= kept.value if kept else Decimal(0)
    prepaids = [one for one in prepaids if one.weight > 0.8 or total - one.value in left]
    prepaid = heaviest([one for one in prepaids if total - one.value in left]) or heaviest(prepaids)
    found: dict[str, Found] = {}
    due = amount_due(dues, gross, prepaid, kept, proven)
    if due:
        found["amount_due"] = due
    if prepaid:
        agrees = bool(due and due.evidence.source == "page" and gross and due.value == total - prepaid.value and prepaid.value)
        found["prepaid"] = prepaid.word.found(prepaid.value, SURE if agrees else min(prepaid.weight, 0.85))
    return found


SURE, UNNAMED = 0.98, 0.85  # three sums that are named and agree; a sum known only by its agreement with the others


def gather(sheets: Sequence[Sheet], kinds: Labels, *, tax: bool = False) -> Sums:
    found: Sums = []
    for sheet in sheets:
        for one in labelled(sheet, kinds, last_amount if tax else first_amount, stop=NOT_A_SUM, skip=4 if tax else 2):
            # Explanations and general terms follow on later pages: the first pages speak first.
            found.append(Candidate(one.value, one.word, one.weight - 0.02 * min(sheet.page.number - 1, 3)))
    return found if len(found) <= MOST_SUMS else heavy(found, MOST_SUMS)


def heaviest(candidates: Sequence[Candidate[Decimal]]) -> Candidate[Decimal] | None:
    """The surest; among equals the lowest on the page, for totals come last."""
    return max(candidates, key=lambda one: (round(one.weight, 2), one.word.cell.middle), default=None)


def choose(nets: Sums, taxes: Sums, grosses: Sums, dues: Sums) -> tuple[Sum, Sum, Sum, bool]:
    """The net, the tax and the gross that agree with one another, or the surest of each."""

    def agreement(three: tuple[Sum, Sum, Sum]) -> tuple[float, float]:
        net, tax, gross = three
        weights = sum(one.weight for one in three if one)
        if not net or not gross:
            return (weights, 0.0)
        rest = gross.value - net.value
        if tax and abs(rest - tax.value) <= NEAR and abs(tax.value) <= WHOLE_TAX * abs(net.value):
            weights += 1.5
        elif not tax and 0 <= rest <= WHOLE_TAX * abs(net.value):
            weights += 0.8
        else:
            weights -= 1.0
        return (weights, net.word.cell.middle)

    # The amount due may be the only total a page tells.
    totals = grosses + [Candidate(one.value, one.word, one.weight - 0.1) for one in dues]
    totals = [one for one in totals if one.value] or totals  # a zero among sums is a line of a summary, not the total
    few = [heavy(kind, 8) for kind in (nets, taxes, totals)]
    if not totals:
        return heaviest(nets), heaviest(taxes), None, False
    net, tax, gross = max(product([*few[0], None], [*few[1], None], few[2]), key=agreement)
    adds_up = bool(net and gross and (abs(gross.value - net.value - tax.value) <= NEAR if tax else True))
    if net and gross and not tax and not 0 <= gross.value - net.value <= WHOLE_TAX * abs(net.value):
        net, adds_up = None, False
    if tax and not adds_up:
        tax = None
    return net, tax, gross, adds_up


def completed(sheets: Sequence[Sheet], nets: Sums, net: Sum, taxes: Sums, gross: Sum) -> tuple[Sum, Sum, Sum, bool]:
    """Sums without a name that we know, found by what they make: the last line of a table by rates, a total with a name of its own."""
    printed = list(amounts_of(sheets))[-5 * MOST_SUMS :]
    if gross and any(pattern.search(word.flat) for sheet in sheets[:2] for word in sheet.words for pattern, _ in TAX):
        rows = [(value, other) for value, word in printed for other in beside(printed, word) if at_a_rate(value, other.value)]
        for table in (rows, rows[:-1], rows[-1:]):  # the last row of a table by rates may be their sum
            if table and sum(value + other.value for value, other in table) == gross.value:
                parts = sum((other.value for _, other in table), Decimal(0))
                if net is None or net.value == gross.value - parts:
                    place = table[-1][1].word
                    return Candidate(gross.value - parts, place, UNNAMED), Candidate(parts, place, UNNAMED), gross, True
    elif net and not gross:
        for tax in taxes:
            whole = next((word for value, word in reversed(printed) if value == net.value + tax.value and value != net.value), None)
            if whole and abs(tax.value) <= WHOLE_TAX * abs(net.value):
                return net, tax, Candidate(net.value + tax.value, whole, UNNAMED), True
    # Disbursements and deposits bear no tax: the total holds more than the net and its tax.
    pairs = [(one, tax) for one in nets for tax in taxes if at_a_rate(one.value, tax.value)]
    return (*pairs[-1], gross, False) if pairs else (net, None, gross, False)


def by_what_is_told(net: Sum, gross: Candidate[Decimal], taxes: Sums) -> tuple[Sum, Sum] | None:
    """One tax for each rate is told: what the total holds besides is the net, carriage included, whatever a subtotal says."""
    apart = {one.word: one.value for one in taxes if 0 <= gross.word.cell.top - one.word.cell.top < 10 * gross.word.cell.height}
    whole = sum(apart.values(), Decimal(0))
    if len(apart) < 2 or not 0 < whole <= WHOLE_TAX * (gross.value - whole) or (net and abs(gross.value - net.value - whole) <= NEAR):
        return None
    return Candidate(gross.value - whole, gross.word, 0.7), Candidate(whole, taxes[-1].word, 0.7)


RATES = tuple(
    Decimal(rate) / 1000 for rate in (21, 40, 50, 55, 60, 70, 80, 85, 90, 100, 120, 130, 140, 160, 190, 200, 210, 220, 230, 240, 250)
)


def at_a_rate(net: Decimal, tax: Decimal) -> bool:
    """Is one the tax of the other, at a rate that some country of Europe has?"""
    return any(abs(net * rate - tax) <= NEAR for rate in RATES) and 0 < abs(tax) < abs(net)


def amounts_of(sheets: Sequence[Sheet]) -> Iterator[tuple[Decimal, Word]]:
    """What stands as an amount alone in its cell on the first pages."""
    for sheet in sheets[:2]:
        for word in sheet.words:
            if len(word.text) < 24 and re.search(r"\d[.,]\d\d(?!\d)", word.text):
                value = written.amount(word.text)
                if value:
                    yield value, word


def beside(printed: list[tuple[Decimal, Word]], word: Word) -> Iterator[Candidate[Decimal]]:
    """The amounts on the line of this one, on its right, or the one right under it."""
    for value, other in printed:
        down = (other.cell.middle - word.cell.middle) / word.cell.height
        right = abs(other.cell.right - word.cell.right) < 4
        if (
            other.page is word.page
            and other is not word
            and ((abs(down) < 0.5 and other.cell.left > word.cell.right) or (right and 0 < down < 2.2))
        ):
            yield Candidate(value, other, UNNAMED)


def heavy(candidates: Sums, most: int) -> Sums:
    return sorted(candidates, key=lambda one: -one.weight)[:most]


def amount_due(dues: Sums, gross: Sum, prepaid: Sum, withheld: Sum, proven: bool) -> Found | None:
    less = sum((one.value for one in (prepaid, withheld) if one), Decimal(0))
    expected = (gross.value - less if less <= gross.value or not prepaid else gross.value) if gross else None
    agreeing = [one for one in dues if one.value == expected]
    one = heaviest(agreeing) or heaviest(dues)
    if one:
        told = {other.value for other in dues if other.weight > 0.9}
        sure = SURE if agreeing and proven else 0.93 if agreeing and told == {one.value} and gross and gross.word is not one.word else 0.85
        return one.word.found(one.value, min(sure, 0.98 if len(told) < 2 or agreeing else 0.7))
    if gross is None or expected is None:
        return None
    if less:
        return Found(expected, Evidence("guess", 0.75))
    # Nothing was paid on account and nothing says otherwise: what is due is the total.
    return Found(expected, Evidence("guess", 0.93 if proven else 0.8, gross.word.page.number, gross.word.page.fraction(gross.word.cell)))
