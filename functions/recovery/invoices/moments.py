"""The two days of an invoice: when it was issued, and when it must be paid, printed or reckoned from its terms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.days import add_months

from . import written
from .labels import DUE, ISSUED, NOT_DUE, NOT_ISSUED, language_of
from .reading import Evidence, Found
from .words import Candidate, Sheet, Word, agreed, best, labelled

LONGEST_CREDIT = 400  # days: later, the date is of something else
SLASHED = re.compile(r"(?<![\d/.\-])(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})(?![\d/])")


@dataclass(frozen=True, slots=True)
class Order:
    """Whether 03/04 is March or April here, and whether anything on the page proves it."""

    month_first: bool
    proven: bool


def order_of(told: Sequence[Sheet], currency: str | None) -> Order:
    """A number above twelve proves the order; dollars suggest the month first; everybody but Americans writes the day first."""
    pairs = [
        (int(a), int(b))
        for sheet in told
        for word in sheet.words
        if "/" in word.text
        for a, b in SLASHED.findall(word.text)
        if int(a) and int(b)
    ]
    day_first = any(a > 12 >= b for a, b in pairs)
    month_first = any(b > 12 >= a for a, b in pairs)
    if day_first != month_first:
        return Order(month_first, True)
    english = language_of(" ".join(word.flat for sheet in told[:1] for word in sheet.words)) == "en"
    if currency == "USD" and english:
        return Order(True, False)
    return Order(False, not english or currency in ("EUR", "GBP"))


def read(told: Sequence[Sheet], currency: str | None) -> dict[str, Found]:
    found: dict[str, Found] = {}
    order = order_of(told, currency)
    issued = issued_on(told, order)
    due = due_on(told, order)
    if issued and due:
        late = (due.value - issued.value).days
        if not 0 <= late <= LONGEST_CREDIT:
            # One of the two is of something else. Which, nobody can tell: neither is sure.
            issued, due = lowered(issued, 0.7), lowered(due, 0.5)
    if issued:
        found["issue_date"] = issued.word.found(issued.value, issued.weight)
    if due:
        found["due_date"] = due.word.found(due.value, due.weight)
    elif issued:
        reckoned = reckon(told, issued.value)
        if reckoned:
            day, word = reckoned
            place = word.found(day, 0.8).evidence
            found["due_date"] = Found(day, Evidence("guess", 0.8, place.page, place.box))
    return found


def lowered(one: Candidate[date], most: float) -> Candidate[date]:
    return Candidate(one.value, one.word, min(one.weight, most))


def ambiguous(one: Candidate[date], order: Order) -> bool:
    """03/04/2026 where nothing on the page says which number is the month."""
    pairs = SLASHED.findall(one.word.text) if "/" in one.word.text else []
    return not order.proven and any(int(a) <= 12 and int(b) <= 12 and a != b for a, b in pairs)


def near(text: str, month_first: bool) -> date | None:
    """The date, provided it comes at once: `: 20260815 · Échéance : 20260914` is the first of the two."""
    found = written.days(text[:44], month_first=month_first)
    before = re.match(r"\D*", text)
    if not found or (before and len(re.findall(r"[^\W\d_]", before[0])) > 14):
        return None
    return found[0]


def issued_on(told: Sequence[Sheet], order: Order) -> Candidate[date] | None:
    def parse(text: str) -> date | None:
        return near(text, order.month_first)

    candidates = [one for sheet in told[:2] for one in labelled(sheet, ISSUED, parse, stop=NOT_ISSUED)]
    one = best(candidates)
    if one:
        weight = agreed(one, candidates)
        rivals = {other.value for other in candidates} - {one.value}
        if 0.7 < weight <= 0.9 and not rivals and before_articles(told, one):
            weight = 0.93  # « Date » alone, and no other date is called so
        one = Candidate(one.value, one.word, weight)
        return lowered(one, 0.75) if ambiguous(one, order) else one
    # Without a label: the only date that stands alone in the upper third of the first page.
    alone = [
        Candidate(day, word, 0.7)
        for sheet in told[:1]
        for word in sheet.words
        if word.cell.middle < min(sheet.page.height / 3, sheet.articles_at)
        for day in written.days(word.text, month_first=order.month_first)
        if len(word.text) <= 22 and not NOT_ISSUED.search(word.flat)
    ]
    return alone[0] if len({one.value for one in alone}) == 1 else None


def before_articles(told: Sequence[Sheet], one: Candidate[date]) -> bool:
    return one.word.page.number == told[0].page.number and one.word.cell.middle < min(told[0].articles_at, 0.6 * one.word.page.height)


def due_on(told: Sequence[Sheet], order: Order) -> Candidate[date] | None:
    def parse(text: str) -> date | None:
        return near(text, order.month_first)

    candidates = [one for sheet in told for one in labelled(sheet, DUE, parse, stop=NOT_DUE)]
    days = {one.value for one in candidates}
    if len(days) > 1 and all(one.weight > 0.9 for one in candidates):
        # Several instalments: the debt is due in full on the last.
        last = max(candidates, key=lambda one: one.value)
        return lowered(last, 0.7)
    one = best(candidates)
    if one is None:
        return None
    one = Candidate(one.value, one.word, agreed(one, candidates))
    return lowered(one, 0.75) if ambiguous(one, order) else one


# ------------------------------------------------------------------------------------------------ terms

DAYS = re.compile(r"\b(?P<days>\d{1,3}) ?(?:jours?|j\b\.?|days?|tagen?|dias?|giorni|gg\b\.?|dagen)(?![a-z])|\bnet ?(?P<net>\d{1,3})\b")
END_OF_MONTH = re.compile(
    r"^[\s,]*(?:nets? |date (?:de )?(?:la )?facture,? |data fattura |d\.?f\.? )?(?:fin de mois|fdm\b|end of month|eom\b|fin de mes|fine mese|f\.?m\b|einde maand|monatsende)"
    r"(?: le (?P<on>\d{1,2}))?"
)
FROM_ELSEWHERE = re.compile(r"^.{0,22}(?:reception|livraison|receipt|delivery|empfang|recepcion|ricevimento|ontvangst)")
AT_ONCE = re.compile(
    r"(?:a|des) (?:la )?reception(?: de (?:la )?facture)?\b|paiement comptant|au comptant|due (?:up)?on receipt|payable immediately|sofort (?:fallig|zahlbar|netto|ohne abzug)|"
    r"zahlbar sofort|fallig sofort|al contado|pago inmediato|a vista|rimessa diretta|per direct|contant"
)
PAYMENT = re.compile(
    r"paiement|reglement|payable|conditions|echeance|modalite|payment|terms|\bdue\b|\bnet \d|zahlbar|zahlung|uberweis|begleich|fallig|\bnetto\b|pago|vencimiento|condiciones|"
    r"pagamento|scadenza|betal|betaling|voldoen"
)
# « Réclamation dans les 8 jours », penalties after thirty days, a discount for paying early.
NOT_TERMS = re.compile(
    r"retard|penalit|reclam|escompte|skonto|discount|descuento|sconto|korting|late|verzug|mora\b|delai legal|retract|contest|retour|garantie|conservation|abzug von|"
    r"livraison|sous reserve|statutory|a defaut"
)


def reckon(told: Sequence[Sheet], issued: date) -> tuple[date, Word] | None:
    """`Paiement à 30 jours fin de mois` and its kin give a day that nobody wrote. Two terms that differ give none."""
    days: dict[date, Word] = {}
    for sheet in told[:2]:
        for line in sheet.lines:
            for index, word in enumerate(line):
                before = line[index - 1].flat if index else ""
                flat = f"{before} {word.flat}" if len(before) < 40 else word.flat
                if len(word.text) > 130 or not PAYMENT.search(flat) or NOT_TERMS.search(flat):
                    continue
                day = day_of(flat, issued)
                if day:
                    days.setdefault(day, word)
        if days:
            break
    if len(days) != 1:
        return None
    return next(iter(days.items()))


def day_of(flat: str, issued: date) -> date | None:
    match = DAYS.search(flat)
    if match is None:
        return issued if AT_ONCE.search(flat) else None
    count, after = int(match["days"] or match["net"]), flat[match.end() :]
    if not 0 < count <= 120 or FROM_ELSEWHERE.search(after):
        return None
    day = issued + timedelta(days=count)
    end = END_OF_MONTH.search(after)
    if end:
        day = add_months(day.replace(day=1), 1) - timedelta(days=1)
        day += timedelta(days=int(end["on"] or 0))
    return day
