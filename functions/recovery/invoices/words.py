"""Lines, cells and labels of a page: where the value of a label stands.

A label says what a value means; the value follows it in the same cell, or stands on its right, or under it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from .opened import Cell, Page
from .reading import Evidence, Found, Value
from .written import clean

V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Word:
    """A cell that knows its page and its line."""

    text: str
    cell: Cell
    page: Page

    @cached_property
    def flat(self) -> str:
        """The text to compare with labels: as many characters as `text`, without case nor accents."""
        return flatten(self.text)

    def found(self, value: Value, confidence: float) -> Found:
        return Found(value, Evidence("page", round(confidence, 2), self.page.number, self.page.fraction(self.cell)))


def flatten(text: str) -> str:
    plain = []
    for character in text:
        base = ALIKE.get(character) or unicodedata.normalize("NFKD", character)[0].casefold()[:1]
        plain.append(base or character)
    return "".join(plain)


ALIKE = {"’": "'", "‘": "'", "º": "°", "–": "-", "—": "-", "−": "-", "ß": "s", "\u00a0": " ", "\u202f": " "}


@dataclass(frozen=True)
class Sheet:
    """One page as lines of words, from top to bottom and from left to right."""

    page: Page
    lines: tuple[tuple[Word, ...], ...]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line)

    @cached_property
    def rows(self) -> dict[int, int]:
        return {id(word): row for row, line in enumerate(self.lines) for word in line}

    @cached_property
    def headings(self) -> set[int]:
        """The words of the headings of a table of articles: « Désignation », « Qté » and their neighbours."""
        found: set[int] = set()
        for line in self.lines:
            if (
                len(line) >= 3
                and sum(bool(COLUMN.search(word.flat)) for word in line) >= 2
                and any(ARTICLE.search(word.flat) for word in line)
            ):
                found.update(id(word) for word in line)
        return found

    @cached_property
    def articles_at(self) -> float:
        """Where the table of articles begins."""
        return min((word.cell.top for word in self.words if id(word) in self.headings), default=self.page.height)

    def beside(self, word: Word) -> Iterator[Word]:
        """What stands on the right of a word, nearest first."""
        line = self.lines[self.rows[id(word)]]
        return (other for other in line if other.cell.left > word.cell.left and other is not word)

    def under(self, word: Word, lines: float = 3.0) -> Iterator[Word]:
        """What stands below a word, in its column, within a few times its height.

        A column goes from the end of the label on its left to the beginning of the one on its right: a sum pushed to the right of its
        column is under its heading though they share no inch.
        """
        left, right = word.cell.left, word.cell.right
        line = self.lines[self.rows[id(word)]]
        at = line.index(word)
        begins = line[at - 1].cell.right if at else left - 3 * word.cell.height
        ends = line[at + 1].cell.left if at + 1 < len(line) else right + 12 * word.cell.height
        reached = [
            other
            for other in self.words
            if -0.3 * word.cell.height <= other.cell.top - word.cell.bottom <= lines * max(word.cell.height, 4) and other is not word
        ]
        straight = [other for other in reached if shared(word, other) > 0.3 * min(right - left, other.cell.right - other.cell.left)]
        below = self.lines[self.rows[id(word)] + 1] if self.rows[id(word)] + 1 < len(self.lines) else ()
        if len(line) > 1 and not any(other in below for other in straight):
            # A row of headings over a row of values, which are not set under the middle of them.
            pushed = [below[at]] if len(below) == len(line) and below[at] in reached else []
            pushed += [other for other in reached if pushed and other not in pushed and shared(other, pushed[0]) > 0]
            yield from pushed or (other for other in reached if begins - 1 <= other.cell.left and other.cell.right <= ends + 1)
        yield from straight

    def over(self, word: Word) -> Iterator[Word]:
        """What stands right above a word, in its column, nearest first."""
        for other in reversed(self.words):
            near = -0.3 * word.cell.height <= word.cell.top - other.cell.bottom <= 1.6 * word.cell.height and other is not word
            if near and shared(word, other) > 0.3 * min(word.cell.right - word.cell.left, other.cell.right - other.cell.left):
                yield other


def shared(one: Word, other: Word) -> float:
    """The width of the column they have in common; negative where they have none."""
    return min(one.cell.right, other.cell.right) - max(one.cell.left, other.cell.left)


ARTICLE = re.compile(
    r"designation|description|libelle|\barticle|produit|product|\bitem|artikel|\bqte|\bqty|quantit|menge|nombre|prix unit|p\.? ?u\b|unit price|beschreibung|bezeichnung|"
    r"leistung|concepto|descripcion|cantidad|precio|articulo|descrizione|prezzo|prodotto|omschrijving|aantal|prijs|prestation|recepisse|avancement"
)
COLUMN = re.compile(
    r"^(?:#|designation|description|libelle|article|produit|prestation|qte|qty|quantite|quantity|nombre|unite|p\.? ?u\b|prix|price|unit|tva|taux|"
    r"menge|artikel|preis|product|item|montant|amount|total|rem\b|remise|date|ref|art|pos|beschreibung|bezeichnung|leistung|einzelpreis|betrag|ust|mwst|gesamt|"
    r"concepto|descripcion|cantidad|precio|importe|iva|unidades|descrizione|prezzo|importo|q\.?ta|omschrijving|aantal|prijs|bedrag|btw|vat|tax|rate|line total|lot|avancement)"
)


def sheets(pages: Sequence[Page]) -> list[Sheet]:
    return [sheet(page) for page in pages]


# A crowded page has a few hundred cells and a few dozen labels. More is meant to keep us busy.
MOST_CELLS, MOST_LABELS = 1500, 100


def sheet(page: Page) -> Sheet:
    words = [Word(gathered(clean(cell.text, 2000)), cell, page) for cell in bulleted(page.cells)[:MOST_CELLS]]
    words = sorted((word for word in words if word.text), key=lambda word: (word.cell.middle, word.cell.left))
    words = unfolded(words, page)
    lines: list[list[Word]] = []
    for word in words:
        line = lines[-1] if lines else None
        # The line is where its tallest word is: a small note beside a large title stays on its line.
        if line and any(each.cell.top <= word.cell.middle <= each.cell.bottom and like(each, word) for each in line):
            line.append(word)
        else:
            lines.append([word])
    return Sheet(page, tuple(tuple(sorted(line, key=lambda word: word.cell.left)) for line in lines))


def unfolded(words: list[Word], page: Page) -> list[Word]:
    """The line that signs a page at its foot, whole: `… RCS Lyon 995 127` goes on with `925` on the next line."""
    joined: list[Word] = []
    for word in words:
        last = joined[-1].cell if joined else word.cell
        goes_on = -0.3 * last.height < word.cell.top - last.bottom < 0.8 * last.height and word.cell.left >= last.left - 3
        if last.top > 0.85 * page.height and last.right - last.left > 0.75 * page.width and goes_on:
            cell = Cell("", last.left, last.top, max(last.right, word.cell.right), word.cell.bottom)
            joined[-1] = Word(f"{joined[-1].text} {word.text}", cell, page)
        else:
            joined.append(word)
    return joined


def bulleted(cells: Sequence[Cell]) -> list[Cell]:
    """`Bei Spiel GmbH ● Ecke 12 ● 12345 Stadthausen` is one line of address, though its bullets set the words far apart."""
    joined: list[Cell] = []
    for cell in sorted(cells, key=lambda cell: (round(cell.middle), cell.left)):
        last = joined[-1] if joined else None
        if (
            last
            and abs(last.middle - cell.middle) < 0.3 * cell.height
            and 0 <= cell.left - last.right < 1.5 * cell.height
            and (last.text.strip()[-1:] in BULLETS or cell.text.strip()[:1] in BULLETS)
        ):
            joined[-1] = Cell(
                f"{last.text} {cell.text}", last.left, min(last.top, cell.top), max(last.right, cell.right), max(last.bottom, cell.bottom)
            )
        else:
            joined.append(cell)
    return joined


BULLETS = tuple("●•·|")


def like(one: Word, other: Word) -> bool:
    return one.cell.top <= other.cell.middle <= one.cell.bottom and other.cell.top <= one.cell.middle <= other.cell.bottom


def gathered(text: str) -> str:
    """`F A C T U R E` is a word whose letters were set apart."""
    if len(text) >= 7 and re.fullmatch(r"(\S )+\S", text):
        return text.replace(" ", "")
    return text


@dataclass(frozen=True, slots=True)
class Candidate(Generic[V]):
    value: V
    word: Word
    weight: float  # how sure the label and the place make it, from 0 to 1


# How much the place of a value tells: after its label in the same cell, on its right, under it, in the column it heads.
INSIDE, BESIDE, UNDER, PUSHED = 1.0, 0.98, 0.95, 0.9


def labelled(
    sheet: Sheet,
    labels: Sequence[tuple[re.Pattern[str], float]],
    parse: Callable[[str], V | None],
    *,
    stop: re.Pattern[str] | None = None,
    skip: int = 2,
    beneath: float = 3.0,
) -> Iterator[Candidate[V]]:
    """The values these labels announce. `stop` are words that, before or after the label, give it another meaning."""
    found = 0
    for word in sheet.words:
        if found >= MOST_LABELS:
            return
        for pattern, weight in labels:
            match = pattern.search(word.flat)
            if not match:
                continue
            if stop and (stop.search(word.flat[: match.end()]) or stop.search(until_digits(word.flat[match.end() :]))):
                break
            found += 1
            rest = re.match(r"[a-z]*", word.flat[match.end() :])  # `Totaal excl` names `Totaal exclusief` too
            end = match.end() + (rest.end() if rest and match.end() and word.flat[match.end() - 1].isalpha() else 0)
            yield from announced(sheet, word, end, weight, parse, skip, beneath)
            break


def until_digits(text: str) -> str:
    match = re.match(r"\D{0,25}", text)
    return match[0] if match else ""


def announced(
    sheet: Sheet, word: Word, end: int, weight: float, parse: Callable[[str], V | None], skip: int, beneath: float
) -> Iterator[Candidate[V]]:
    rest = word.text[end:]
    value = parse(rest[:120])
    if value is not None:
        yield Candidate(value, word, weight * INSIDE)
        return
    rest = re.sub(r"\(.*?\)", " ", rest)  # `Reeds voldaan (aanbetaling 5 januari)`
    letters = len(re.findall(r"[^\W\d_]", rest))
    if letters > 30 or (letters > 12 and (re.search(r"[\d.;]", rest) or len(word.text) > 50)):
        return  # the label is a word of a sentence
    if id(word) in sheet.headings:
        return  # what is under it belongs to the lines of the invoice
    for other in list(sheet.beside(word))[: skip + 1]:
        value = parse(other.text)
        if value is not None:
            yield Candidate(value, other, weight * BESIDE)
            return
        if len(re.findall(r"[^\W\d_]{3}", other.text)) and not CURRENCY_WORD.fullmatch(other.flat.strip(" :()")):
            break  # another label begins
    below: list[tuple[V, Word]] = []
    for other in sheet.under(word, beneath):
        value = parse(other.text)
        if value is not None:
            below.append((value, other))
        elif re.search(r"[^\W\d_]{3}", other.text):
            break  # another label begins
    row = sheet.rows[id(word)]
    headed, values, after = (*sheet.lines[row : row + 3], (), ())[:3]
    if len(headed) == len(values) > 2 and len(after) != len(values):
        below = [one for one in below if one[1] in values]  # one row of values under its headings: what follows is something else
    if below and all(value == below[0][0] or not next_to(below[0][1], other) for value, other in below[1:]):
        # Two values that differ, one right under the other, are a column of a table: neither is announced.
        first = below[0][1].cell
        straight = min(word.cell.right, first.right) > max(word.cell.left, first.left)
        yield Candidate(below[0][0], below[0][1], weight * (UNDER if straight else PUSHED))


def next_to(above: Word, below: Word) -> bool:
    return 0 <= below.cell.top - above.cell.bottom < 1.2 * above.cell.height


CURRENCY_WORD = re.compile(r"eur|euros?|usd|gbp|chf")


def agreed(one: Candidate[V], candidates: Sequence[Candidate[V]]) -> float:
    """How sure a candidate is beside the others: surer when told twice, doubtful when another label as good tells another value."""
    if any(other.value != one.value and other.weight >= one.weight - 0.06 for other in candidates):
        return min(one.weight, 0.8)
    if len({id(other.word) for other in candidates if other.value == one.value and other.weight > 0.8}) > 1:
        return min(0.98, max(one.weight, 0.9) + 0.04)
    return one.weight


def best(candidates: Sequence[Candidate[V]]) -> Candidate[V] | None:
    """The surest candidate; among equals, the value that is told most often, then the first."""
    if not candidates:
        return None
    return max(candidates, key=lambda one: (round(one.weight, 2), sum(other.value == one.value for other in candidates)))
