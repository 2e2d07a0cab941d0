"""Blocks of words that stand together: an address, a letterhead, the line of a footer, and what each of their lines is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .reading import Found
from .words import Sheet, Word, flatten

Role = Literal["seller", "buyer", "other"]

SELLER_LABEL = re.compile(
    r"^(?:emetteur|rechnungs(?:er)?steller|vendeur|fournisseur|prestataire|de|from|seller|supplier|emise? par|facture emise par|expediteur|nos (?:coordonnees|references))\s*:?$"
)
BUYER_LABEL = re.compile(
    r"^(?:destinataire|rechnungsempfanger|client(?:\(e\))?|acheteur|factur(?:ee?|er|ation) a|facture pour|adressee? a|a l'attention de|bill(?:ed)? to|invoice to|to|sold to|"
    r"adresse (?:de facturation|du client|client)|vos (?:identifiants|coordonnees)|buyer|customer|kunde|doit|pour)\s*:?$"
)
OTHER_LABEL = re.compile(
    r"livraison|ship(?:ping)? to|service address|chantier|representant fiscal|beneficiaire|remit to|livree? a|payee|contact commercial|lieu d"
)
LEGAL_FORM = re.compile(
    r"\b(?:s\.?a\.?r\.?l|s\.?a\.?s\.?u?|s\.?a|e\.?u\.?r\.?l|s\.?c\.?i|s\.?n\.?c|scop|ei|e\.i|gmbh|ag|ltd|inc|llc|bv|b\.v|nv|association|corp)\b\.?",
    re.I,
)
STREET = re.compile(
    r"\b(?:rue|avenue|av\.?|bd|boulevard|chemin|allees?|place|impasse|route|quai|cours|square|za|zi|zac|parc|passage|faubourg|lotissement|residence|"
    r"street|st\.?|road|drive|lane|way|stra(?:s|ss)e|str\.|bahnstr)\b|strasse"
)  # fmt: skip
POSTCODE_LINE = re.compile(
    r"^(?:[A-Z]{1,2}\s?-\s?)?(?P<code>\d{5}|[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}|[A-Z]\d{2} [A-Z0-9]{4}|\d{4} [A-Z]{2})(?!\d)\s+(?P<city>[^\W\d_][^\d:@]{1,45}?(?:\s+cedex(?:\s*\d+)?)?)(?:\s*,\s*(?P<country>[A-Z]{2}|[A-Z][a-z]+))?[\s,.;]*$",
    re.I,
)
US_LINE = re.compile(r"^(?P<city>[A-Z][^\d,]{2,30}?),?\s+(?P<state>[A-Z]{2}|[A-Z][a-z]+),?\s+(?P<code>\d{5})$")
SEPARATOR = re.compile(r"\s+[-–—·•●|*]\s+|\s*[·•●|]\s*|,\s+(?=\d{5}\s+[^\W\d_])")
NOT_A_NAME = re.compile(
    r"^(?:tel|fax|e-?mail|mail|siret|siren|tva|rcs|n°|contact|a l'attention|attn|vat|phone|www|http|@|ape|naf|iban|bic|facture|invoice|date|page|logo|m\. |mme |ref|client n|numero|customer|siege|capital|\+|\()|@|https?:"
)
COUNTRIES = re.compile(
    r"^(?:france|germany|deutschland|united states|belgique|luxembourg|suisse|royaume-uni|irlande|united kingdom|ireland|italie|espagne)\b"
)


@dataclass(eq=False)
class Block:
    """Words under one another that speak of one party."""

    words: list[Word]
    lines: list[str]  # one line cut at its separators makes several
    label: Role | None = None
    one_line: bool = False
    role: Role | None = None
    page: str = ""  # all the words of its page, folded
    numbered: bool = False  # a number of company or an e-mail is in it
    places: list[Word] = field(default_factory=list)  # the word each line comes from

    @property
    def top(self) -> float:
        return min(word.cell.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.cell.bottom for word in self.words)

    @property
    def left(self) -> float:
        return min(word.cell.left for word in self.words)

    @property
    def right(self) -> float:
        return max(word.cell.right for word in self.words)


def blocks_of(sheet: Sheet) -> list[Block]:
    columns: list[list[Word]] = []
    for word in sheet.words:
        for column in reversed(columns[-200:]):
            if continues(column[-1], word):
                column.append(word)
                break
        else:
            columns.append([word])
    return [block for column in columns for block in cut_blocks(sheet, column)]


def continues(above: Word, word: Word) -> bool:
    one, other = above.cell, word.cell
    height = max(min(one.height, other.height), 3.0)
    if not -0.35 * height <= other.top - one.bottom <= 1.1 * height or one.height > 2.5 * other.height:
        return False
    aligned = (
        abs(one.left - other.left) < 7 or abs(one.right - other.right) < 4 or abs(one.left + one.right - other.left - other.right) < 10
    )
    return aligned and min(one.right, other.right) > max(one.left, other.left)


def cut_blocks(sheet: Sheet, column: list[Word]) -> Iterator[Block]:
    """A column cut where a label begins; a line that holds a whole address is a block of its own."""
    current: list[Word] = []
    label: Role | None = None

    def made() -> Iterator[Block]:
        if current:
            lines = [word.text for word in current]
            yield Block(list(current), lines, label or heading(sheet, current[0]), places=list(current))

    for word in column:
        said, rest = labelled_role(word)
        parts = [part.strip(" ,;") for part in SEPARATOR.split(word.text) if part.strip(" ,;")]
        if len(parts) > 1 and (any(POSTCODE_LINE.match(part) for part in parts) or len(re.findall("[●•·|]", word.text)) >= 2):
            yield from made()
            current, label = [], None
            above = column[column.index(word) - 1] if column.index(word) else None
            title = [above] if above and len(above.text) < 50 and not any(c.isdecimal() for c in above.text) else []
            titles = [each.text for each in title]
            yield Block([*title, word], [*titles, *parts], None, True, places=[*title, *[word] * len(parts)])
        elif said:
            yield from made()
            current, label = [], said
            if rest:
                current = [Word(rest, word.cell, word.page)]
        else:
            current.append(word)
    yield from made()


def labelled_role(word: Word) -> tuple[Role | None, str]:
    """`Destinataire`, or `Client : ALEXINUX` whose end is already the name."""
    head, colon, rest = word.text.partition(":")
    flat = flatten(head).strip()
    if len(flat) < 40:
        if OTHER_LABEL.search(flat) and (colon or len(flat) < 30):
            return "other", rest.strip()
        for pattern, role in ((SELLER_LABEL, "seller"), (BUYER_LABEL, "buyer")):
            if (
                pattern.match(flat)
                and (not colon or not any(c.isdecimal() for c in rest))
                and (colon or flat not in ("de", "to", "from", "pour", "doit") or not rest)
            ):
                return ("seller" if role == "seller" else "buyer"), rest.strip()
    return None, ""


def heading(sheet: Sheet, first: Word) -> Role | None:
    """The role said by the label that stands above a block, or on its left."""
    above = [
        word
        for word in sheet.words
        if 0 <= first.cell.top - word.cell.bottom + 1 <= 2.6 * first.cell.height
        and word.cell.left - 40 <= first.cell.left <= word.cell.right + 20
        and word is not first
    ]
    for word in sorted(above, key=lambda word: -word.cell.bottom):
        said, rest = labelled_role(word)
        if said and not rest:
            return said
    return None


def address_at(block: Block) -> int | None:
    """The line of the block that tells the town."""
    for index, line in enumerate(block.lines):
        if POSTCODE_LINE.match(line) or US_LINE.match(line):
            return index
    return None


def parts_of(block: Block) -> dict[str, Found]:
    found: dict[str, Found] = {}
    town = address_at(block)
    sure = 0.9 if block.label else 0.85 if block.numbered else 0.75

    def keep(part: str, text: str, index: int, confidence: float) -> None:
        if text:
            found[part] = block.places[index].found(text, confidence)

    upper = block.lines[: town if town is not None else len(block.lines)]
    first_street = next(
        (
            i
            for i, line in enumerate(upper)
            if re.match(r"\d+\s?(?:bis|ter)?\b[ ,]", line) or (STREET.search(flatten(line)) and any(c.isdecimal() for c in line))
        ),
        len(upper) - 1 if town is not None and len(upper) > 1 else None,
    )
    if town is not None:
        match = POSTCODE_LINE.match(block.lines[town]) or US_LINE.match(block.lines[town])
        assert match
        keep("postcode", match["code"], town, sure)
        keep("city", match["city"].strip(" ,-"), town, sure)
        if first_street is not None:
            line1, line2 = street_lines(upper[first_street:], block.one_line)
            keep("line1", line1, first_street, sure)
            keep("line2", line2, first_street, sure - 0.1)
    names = upper[:first_street] if first_street is not None else upper
    named = name_among(names, block.page)
    if named is not None and (town is not None or block.label or block.one_line or block.numbered):
        keep("name", clean_name(names[named]), named, sure)
        if block.role == "buyer" and "line1" in found and not block.one_line:
            complement = between(names, named)
            told = str(found["line2"].value) if "line2" in found else ""
            keep("line2", ", ".join(filter(None, (complement, told))), first_street or 0, sure - 0.1)
    return found


def between(names: list[str], named: int) -> str:
    """What an envelope needs between the name and the street: a person, a building, a floor."""
    name = flatten(names[named])
    return ", ".join(line for line in names[named + 1 :] if not NOT_A_NAME.search(flatten(line)) and flatten(line) != name)


def street_lines(lines: list[str], one_line: bool) -> tuple[str, str]:
    """The street, and what is added to it: `1, rue du Port, Cour des Lilas` holds both."""
    streets = [street for street in map(without_label, lines) if one_line or not NOT_A_NAME.search(flatten(street))]
    if not streets:
        return "", ""
    number = NUMBER_APART.match(streets[0])
    head = number[0] if number else ""
    street, _, more = streets[0][len(head) :].partition(", ")
    return (head + street).strip(" ,;"), ", ".join(filter(None, (more, *streets[1:])))


NUMBER_APART = re.compile(r"\d+\s?(?:bis|ter)?, ")


def without_label(line: str) -> str:
    """`Siège social : 16 rue Mollien` is an address after its label."""
    head, colon, rest = line.partition(":")
    return rest.strip() if colon and rest.strip() and not any(c.isdecimal() for c in head) else line.strip()


def clean_name(line: str) -> str:
    return re.sub(r"^(?:logo|societe :|sté :)\s+", "", line, flags=re.I).strip(" ,;:-")


def name_among(lines: list[str], page: str) -> int | None:
    """The line that names the party: with a legal form, or in capitals, or simply the first."""

    def likely(index: int) -> float:
        line, flat = lines[index], flatten(lines[index])
        likelihood = 0.8 - 0.1 * index
        if LEGAL_FORM.search(flat):
            likelihood += 1.5
        if line.isupper():
            likelihood += 0.5
        if sum(c.isdecimal() for c in line) > 2:
            likelihood -= 1
        if NOT_A_NAME.search(flat) or COUNTRIES.match(flat) or not re.search(r"[^\W\d_]{2}", line) or len(line) > 70:
            likelihood -= 5
        # A company signs more than once: at the top, in its footer, beside its account.
        likelihood += 0.35 * min(page.count(clean_name(flat)) - 1, 2)
        if "contact" in flat:
            likelihood -= 1
        return likelihood

    best = max(range(len(lines)), key=likely, default=None)
    return best if best is not None and likely(best) > -1 else None
