"""The sums of a page, believed when they add up.

A page tells many amounts; `net + tax = gross` designates the three that matter, whatever their labels.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from . import written
from .reading import Evidence, Found
from .words import Candidate, Sheet, labelled


def labels(*pairs: tuple[str, float]) -> list[tuple[re.Pattern[str], float]]:
    return [(re.compile(pattern), weight) for pattern, weight in pairs]


NET = labels(
    (r"total (?:general |net |facture )?(?:en )?(?:eur(?:os)? )?(?:ht\b|h\.t|hors[ -]tax)", 0.97),
    (r"(?:montant|total|net) (?:total )?(?:net )?(?:ht\b|h\.t|hors[ -]tax)", 0.95),
    (r"\bnet ht\b|\bnet h\.t", 0.93),
    (
        r"montant total net|total net\b(?! a payer| ttc)|net total|total excl|subtotal|total \(excl|untaxed amount|netto(?:betrag|summe)",
        0.92,
    ),
    (r"sous[ -]?total(?! ttc)|base (?:ht\b|h\.t|hors|imposable|tva)|\bht\s*:|total before tax|net amount", 0.85),
    (r"rechnungssumme netto|^netto", 0.9),
    (r"^ht$|^h\.t\.?$", 0.6),
)
TAX = labels(
    (r"total (?:de la |des )?(?:t\.?v\.?a|taxes?)\b|montant (?:total )?(?:de la |des )?(?:t\.?v\.?a|taxes?)\b|tax total|total tax|vat total", 0.95),
    (r"(?:dont |plus |\+ ?)?\bt\.?v\.?a\b(?! (?:intra|client|n°|acquit|non))|taxe sur la valeur ajoutee|^taxes?\b|(?:sales )?tax\b|\bvat\b(?! ?(?:id|reg|n))|mwst|umsatzsteuer", 0.85),
)  # fmt: skip
GROSS = labels(
    (r"(?:montant )?total (?:general |net |facture |a payer )?(?:en )?(?:eur(?:os)? )?(?:ttc\b|t\.t\.c|toutes taxes)", 0.98),
    (
        r"montant (?:total )?(?:ttc\b|t\.t\.c)|net (?:a payer )?ttc|montant total brut|total brut|total incl|grand total|rechnungssumme brutto|gesamtbetrag|bruttobetrag",
        0.95,
    ),
    (r"\bttc\s*:|^ttc$|total de la facture|total facture|invoice total|total amount", 0.85),
    (r"^total(?: (?:general|eur|\(eur\)|€|\(€\)))?\s*:?(?=\s*(?:[\d$€£-]|$|eur))", 0.75),
)
DUE = labels(
    (r"reste (?:du|a (?:payer|regler|devoir))|net a (?:payer|regler)|solde (?:du|a (?:payer|regler))|montant (?:restant )?(?:du|a (?:payer|regler))\b", 0.97),
    (r"(?:amount|balance|total) (?:due|payable)|due payable|zahlbetrag|total a (?:payer|regler)|somme a payer", 0.95),
    (r"^(?:a payer|a regler)\b|solde (?:ttc|de la facture)", 0.85),
)  # fmt: skip
PREPAID = labels(
    (r"(?:montant |deja |somme )+(?:deja )?(?:verse|regle|paye|percu)e?s?|acomptes? (?:verse|percu|regle|deduit|recu|paye)|total (?:des )?acomptes?", 0.95),
    (r"^(?:- ?|moins )?acomptes?(?: du [\d/]+| n°? ?\S+)?\s*:?(?=\s*(?:[\d-]|$))|prepaid|amount paid|paid amount|^avances?\s*:?$", 0.85),
)  # fmt: skip

# « Total TTC des pénalités », « TVA intracommunautaire » and the like speak of something else.
NOT_A_SUM = re.compile(
    r"penalit|indemnit|escompte|capital|remise|intracom|n° (?:de )?(?:tva|t\.v\.a)|avant|unitaire|p\.?u\.? |precedent|previous|economi"
)
NEAR = Decimal("0.02")
WHOLE_TAX = Decimal("0.30")  # no European rate is above 27 %


def first_amount(text: str) -> Decimal | None:
    """The amount a label announces: the first that is neither a rate nor far away."""
    text = RATE.sub(" ", text)
    head = re.match(r"[^\d]{0,30}", text)
    if head and len(re.findall(r"[^\W\d_]", head[0].replace("EUR", "").replace("euros", ""))) > 6:
        return None
    found = written.amounts(text)
    return found[0] if found else None


RATE = re.compile(r"\(?\b\d{1,2}(?:[.,]\d{1,3})?\s?%\)?")


def last_amount(text: str) -> Decimal | None:
    """`Tax 15% on $ 112.90 $ 16.94`: of a base and its tax, the tax comes last."""
    found = written.amounts(RATE.sub(" ", text))
    return found[-1] if found else None


def read(sheets: Sequence[Sheet]) -> dict[str, Found]:
    nets = gather(sheets, NET)
    taxes = gather(sheets, TAX, tax=True)
    grosses = gather(sheets, GROSS)
    dues = gather(sheets, DUE)
    prepaids = [one for one in gather(sheets, PREPAID) if one.value >= 0]
    net, tax, gross, adds_up = choose(nets, taxes, grosses, dues)
    found: dict[str, Found] = {}
    proven = adds_up and tax is not None  # three printed sums that agree need no better label
    for name, one in (("total_net", net), ("total_tax", tax), ("total_gross", gross)):
        if one:
            found[name] = one.word.found(one.value, max(one.weight, 0.97) if proven else one.weight if adds_up else one.weight - 0.12)
    if net and gross and not tax and adds_up:
        # No single tax is printed: one by rate, whose sum it is, or none that we can read. What is left is the tax.
        rest = gross.value - net.value
        by_rate = {one.word: one.value for one in taxes}
        told = abs(sum(by_rate.values(), Decimal(0)) - rest) <= NEAR
        found["total_tax"] = Found(rest, Evidence("guess", 0.92 if told or not rest else 0.7))
    prepaid = heaviest(prepaids)
    if prepaid:
        found["prepaid"] = prepaid.word.found(prepaid.value, prepaid.weight)
    due = amount_due(dues, gross, prepaid)
    if due:
        found["amount_due"] = due
    return found


def gather(sheets: Sequence[Sheet], kinds: Sequence[tuple[re.Pattern[str], float]], *, tax: bool = False) -> list[Candidate[Decimal]]:
    found: list[Candidate[Decimal]] = []
    for sheet in sheets:
        for one in labelled(sheet, kinds, last_amount if tax else first_amount, stop=NOT_A_SUM, skip=4 if tax else 2):
            # Explanations and general terms follow on later pages: the first pages speak first.
            found.append(Candidate(one.value, one.word, one.weight - 0.02 * min(sheet.page.number - 1, 3)))
    return found


def heaviest(candidates: Sequence[Candidate[Decimal]]) -> Candidate[Decimal] | None:
    """The surest; among equals the lowest on the page, for totals come last."""
    return max(candidates, key=lambda one: (round(one.weight, 2), one.word.cell.middle), default=None)


Sum = Candidate[Decimal] | None


def choose(
    nets: list[Candidate[Decimal]], taxes: list[Candidate[Decimal]], grosses: list[Candidate[Decimal]], dues: list[Candidate[Decimal]]
) -> tuple[Sum, Sum, Sum, bool]:
    """The net, the tax and the gross that agree with one another, or the surest of each."""

    def agreement(three: tuple[Sum, Sum, Sum]) -> tuple[float, float]:
        net, tax, gross = three
        weights = sum(one.weight for one in three if one)
        if not net or not gross:
            return (weights, 0.0)
        rest = gross.value - net.value
        if tax and abs(rest - tax.value) <= NEAR:
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


def heavy(candidates: list[Candidate[Decimal]], most: int) -> list[Candidate[Decimal]]:
    return sorted(candidates, key=lambda one: -one.weight)[:most]


def amount_due(dues: list[Candidate[Decimal]], gross: Sum, prepaid: Sum) -> Found | None:
    expected = gross.value - prepaid.value if gross and prepaid and prepaid.value <= gross.value else gross.value if gross else None
    agreeing = [one for one in dues if one.value == expected]
    one = heaviest(agreeing) or heaviest(dues)
    if one:
        return one.word.found(one.value, min(0.99, one.weight + 0.02) if agreeing else one.weight - 0.1)
    if gross is None or expected is None:
        return None
    if prepaid and prepaid.value:
        return Found(expected, Evidence("guess", 0.75))
    # Nothing was paid on account and nothing says otherwise: what is due is the total.
    return Found(expected, Evidence("guess", 0.85, gross.word.page.number, gross.word.page.fraction(gross.word.cell)))
