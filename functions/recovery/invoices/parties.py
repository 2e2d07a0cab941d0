"""Who sells and who buys, according to the page.

Addresses stand in blocks. A block belongs to the seller or to the buyer because a label says so, because a number known to be ours
is in it, because it stands where sellers write (one line at the top or the bottom) or, of two left, because it comes first.
Numbers (SIREN, SIRET, VAT), e-mails and telephones then go to the party they stand with.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .identifiers import Identity, compact, siren_holds, siren_of_vat, siret_holds, vat_holds
from .reading import Evidence, Found
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
EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}")
PHONE = re.compile(
    r"(?<![\d+])(?:\+\d{1,3}[\s.]?(?:\(0\)\s?)?|0)\d(?:[\s.\-]?\d{2}){4}(?!\d)|(?<!\d)\+\d{1,3}(?:[\s.\-]?\d{2,5}){2,5}(?!\d)"
)
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


@dataclass(frozen=True, eq=False)
class Mark:
    """A number, an e-mail or a telephone, and where it stands."""

    kind: str
    value: str
    word: Word
    confidence: float
    label: str = ""  # the words before and around it, folded


def read(told: Sequence[Sheet], *, own: Identity | None = None, iban: bool = False) -> dict[str, Found]:
    found: dict[str, Found] = {}
    blocks = [block for sheet in told[:1] for block in blocks_of(sheet)]
    # On the pages that follow, only who signs them: one line at the foot.
    blocks += [block for sheet in told[1:] for block in blocks_of(sheet) if block.one_line]
    marks = [mark for sheet in told for mark in marks_of(sheet)]
    everything = " | ".join(word.flat for sheet in told[:1] for word in sheet.words)
    for block in blocks:
        block.page = everything
    give_roles(blocks, marks, own, told[0].page.height if told else 1.0)
    for role in ("seller", "buyer"):
        mine = [block for block in blocks if block.role == role]
        # The block with an address says more than a heading; a block says more than a line of the footer.
        mine.sort(key=lambda block: (address_at(block) is None, block.one_line, block.top))
        for block in mine:
            parts = parts_of(block)
            known = {part for part in parts if any(f"{role}.{other}" in found for other in companions(part))}
            found.update({f"{role}.{part}": one for part, one in parts.items() if part not in known})
    sign = next(letterhead(told, blocks), None) or (None if "seller.name" in found else title(told))
    if sign:
        found["seller.name"] = sign
    found.update(numbers_of(marks, blocks, told, own))
    found.update(contacts_of(marks, blocks, found))
    for role in ("seller", "buyer"):
        if f"{role}.country" not in found and (f"{role}.siren" in found or str(value(found, f"{role}.vat")).startswith("FR")):
            found[f"{role}.country"] = Found("FR", Evidence("guess", 0.85))
    return found


def letterhead(told: Sequence[Sheet], blocks: list[Block]) -> Iterator[Found]:
    """A name in large letters over the seller's block, when the block itself names no company form."""
    for block in blocks:
        if (
            block.role != "seller"
            or block.one_line
            or address_at(block) is None
            or any(LEGAL_FORM.search(flatten(line)) for line in block.lines)
        ):
            continue
        for word in told[0].words:
            above = 0 <= block.top - word.cell.bottom < 6 * word.cell.height and abs(word.cell.left - block.left) < 7
            if above and word.cell.height > 1.3 * block.words[0].cell.height and LEGAL_FORM.search(word.flat) and len(word.text) < 60:
                yield word.found(clean_name(word.text), 0.75)
                return


def title(told: Sequence[Sheet]) -> Found | None:
    """The largest words of the top of the page, when the same words, or an address of theirs, come back elsewhere."""
    top = [word for word in told[0].words if word.cell.bottom < 0.2 * word.page.height and 3 < len(word.text) < 50] if told else []
    top = [word for word in top if not NOT_A_NAME.search(word.flat) and not any(c.isdecimal() for c in word.text)]
    largest = max(top, key=lambda word: word.cell.height, default=None)
    if largest is None:
        return None
    elsewhere = " | ".join(word.flat for sheet in told for word in sheet.words if word is not largest)
    if largest.flat in elsewhere or largest.flat.replace(" ", "") in elsewhere.replace("-", ""):
        return largest.found(clean_name(largest.text), 0.7)
    return None


def companions(part: str) -> tuple[str, ...]:
    """An address comes from one block: its town never completes the street of another."""
    address = ("line1", "line2", "postcode", "city", "country")
    return address if part in address else (part,)


def value(found: dict[str, Found], name: str) -> object:
    return found[name].value if name in found else None


# ------------------------------------------------------------------------------------------------ blocks


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
            streets = [
                street for street in map(without_label, upper[first_street:]) if not NOT_A_NAME.search(flatten(street)) or block.one_line
            ]
            street, _, more = (
                streets[0].partition(", ")
                if streets and not re.match(r"\d+\s?(?:bis|ter)?, ", streets[0])
                else (streets[0] if streets else "", "", "")
            )
            if not streets:
                pass
            elif re.match(r"\d+\s?(?:bis|ter)?, ", streets[0]):
                # `1, rue du fournisseur, Cour du fournisseur`
                number, _, rest = streets[0].partition(", ")
                street, _, more = rest.partition(", ")
                street = f"{number}, {street}"
            keep("line1", street, first_street, sure)
            keep("line2", ", ".join(filter(None, (more, *streets[1:]))), first_street, sure - 0.1)
    names = upper[:first_street] if first_street is not None else upper
    named = name_among(names, block.page)
    if named is not None and (town is not None or block.label or block.one_line or block.numbered):
        keep("name", clean_name(names[named]), named, sure)
    return found


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


# ------------------------------------------------------------------------------------------------ roles


def give_roles(blocks: list[Block], marks: list[Mark], own: Identity | None, height: float) -> None:
    known = {compact(number) for number in (own.siren, own.siret, own.vat) if number} if own else set()
    for block in blocks:
        inside = {mark.value for mark in marks if mark.word in block.words}
        block.numbered = any(mark.kind in ("siret", "siren", "vat") for mark in marks if mark.word in block.words)
        if inside & known or (own and own.name and any(flatten(own.name) == flatten(line) for line in block.lines)):
            block.role = "seller"
        elif block.label:
            block.role = block.label
        elif block.one_line or (block.top > 0.82 * height and len(block.words) > 1):
            block.role = "seller"
    addressed = [block for block in blocks if address_at(block) is not None]
    sellers = [block for block in addressed if block.role == "seller"]
    left = [block for block in addressed if block.role is None]
    for block in list(left):
        if any(same_place(block, seller) for seller in sellers):
            block.role = "seller"
            left.remove(block)
    left.sort(key=lambda block: block.top)
    buyer = next((block for block in addressed if block.role == "buyer"), None)
    seller = next((block for block in blocks if block.role == "seller" and (address_at(block) is not None or block.label)), None)
    if buyer and not seller and left:
        left[0].role = "seller"
    elif seller and not buyer and left:
        # Of several left, the first that does not sell.
        left[0].role = "buyer"
    elif seller and not buyer:
        numbered = [
            block for block in blocks if block.numbered and block.role is None and len(block.words) > 1 and block.top < 0.5 * height
        ]
        if len(numbered) == 1:
            numbered[0].role = "buyer"
    elif not seller and not buyer and len(left) >= 2:
        first, second = left[0], left[1]
        if abs(first.top - second.top) < 0.04 * height and second.left < first.left:
            first, second = second, first
        first.role, second.role = "seller", "buyer"
    elif not seller and not buyer and left:
        # One address alone: with the numbers of a company and a way to reach it, a seller; otherwise the reader of the letter.
        inside = {mark.kind for mark in marks if mark.word in left[0].words}
        left[0].role = "seller" if inside & {"siret", "siren", "vat", "email"} else "buyer"
        numbered = [
            block for block in blocks if block.numbered and block.role is None and len(block.words) > 1 and block.top < 0.5 * height
        ]
        if left[0].role == "seller" and len(numbered) == 1:
            numbered[0].role = "buyer"


def same_place(block: Block, seller: Block) -> bool:
    """The same town and a common word before it: one company written twice."""
    mine, theirs = address_at(block), address_at(seller)
    if mine is None or theirs is None:
        return False
    one, other = POSTCODE_LINE.match(block.lines[mine]), POSTCODE_LINE.match(seller.lines[theirs])
    same_code = bool(one and other and one["code"] == other["code"])
    lines = {flatten(line) for line in block.lines[:mine] if len(line) > 4}
    return same_code and bool(lines & {flatten(line) for line in seller.lines[: theirs + 1]})


# ------------------------------------------------------------------------------------------------ numbers

SPACED = r"(?:[\s.]?\d)"
SIRET = re.compile(rf"(?<![\dA-Za-z])\d{SPACED}{{13}}(?![\s.]?\d)")
SIREN = re.compile(rf"(?<![\dA-Za-z])\d{SPACED}{{8}}(?![\s.]?\d)")
FRENCH_VAT = re.compile(r"(?<![A-Z0-9])FR\s?[0-9A-Z]{2}(?:\s?\d){9}(?!\d)")
OTHER_VAT = re.compile(
    r"(?<![A-Z0-9])(?:ATU\d{8}|BE\s?[01]\d{9}|DE\s?\d{9}|ES\s?[A-Z0-9]\d{7}[A-Z0-9]|GB\s?\d{9}|IE\s?\d[A-Z0-9]\d{5}[A-Z]{1,2}|IT\s?\d{11}|LU\s?\d{8}|NL\s?\d{9}B\d{2}|PL\s?\d{10}|PT\s?\d{9})(?![A-Z0-9])"
)


def marks_of(sheet: Sheet) -> Iterator[Mark]:
    for line in sheet.lines:
        for index, word in enumerate(line):
            before = line[index - 1].flat if index and word.cell.left - line[index - 1].cell.right < 150 else ""
            label = f"{before} {word.flat}"
            upper = word.text.upper()
            taken = ""
            for match in (*FRENCH_VAT.finditer(upper), *OTHER_VAT.finditer(upper)):
                number = compact(match[0])
                said = bool(re.search(r"tva|t\.v\.a|vat|ust|tax", label))
                if "iban" in label and not said:
                    continue
                if not said and not vat_holds(number):
                    continue
                if number[:2] == "FR" and not vat_holds(number) and set(number[4:]) == {"0"}:
                    continue
                taken += match[0]
                yield Mark("vat", number, word, 0.95 if vat_holds(number) else 0.6, label)
            rest = FRENCH_VAT.sub(" ", upper)
            for match in SIRET.finditer(rest):
                number = compact(match[0])
                said = "siret" in label
                if said or siret_holds(number):
                    yield Mark("siret", number, word, 0.97 if siret_holds(number) else 0.7, label)
            rest = SIRET.sub(" ", rest)
            for match in SIREN.finditer(rest):
                number = compact(match[0])
                said = bool(re.search(r"siren|rcs|r\.c\.s|rsc|immatricul", label))
                if said and (siren_holds(number) or "siren" in label):
                    yield Mark("siren", number, word, 0.95 if siren_holds(number) else 0.7, label)
            for match in EMAIL.finditer(word.text):
                yield Mark("email", match[0], word, 0.9)
            if "iban" not in word.flat:
                unnumbered = SIREN.sub(" ", SIRET.sub(" ", word.text))
                for match in PHONE.finditer(unnumbered):
                    if re.search(r"fax[\s.:]*$", unnumbered[: match.start()].casefold()):
                        continue
                    said = bool(re.search(r"tel|phone|mobile|port", label))
                    yield Mark("phone", match[0].strip(), word, 0.9 if said else 0.7)


def side_of(mark: Mark, blocks: list[Block], height: float) -> tuple[Role | None, float]:
    """Whose number it is: said by its words, by its block, by its place, by what it stands near. And how sure that is."""
    flat = mark.label or mark.word.flat
    if re.search(r"\b(?:client|acheteur|votre|vos|your|customer|destinataire)\b", flat):
        return "buyer", 0.95
    for block in blocks:
        if mark.word in block.words and block.role:
            return block.role, 0.95
    if mark.word.cell.top > 0.8 * height or re.search(r"capital|\brcs\b|siege social|www\.|\bape\b|\bnaf\b", flat):
        return "seller", 0.9
    near = [(distance(mark.word, block), block) for block in blocks if block.role]
    near = [(gap, block) for gap, block in near if gap < 0.12 * height]
    if near:
        return min(near, key=lambda one: one[0])[1].role, 0.85
    return None, 0.5


def distance(word: Word, block: Block) -> float:
    """How far a word stands below or beside a block; what stands above it belongs less."""
    cell = word.cell
    across = max(block.left - cell.right, cell.left - block.right, 0.0)
    down = cell.top - block.bottom
    return 0.7 * across + (down if down >= 0 else max(0.0, block.top - cell.bottom) * 1.5)


def numbers_of(marks: list[Mark], blocks: list[Block], told: Sequence[Sheet], own: Identity | None) -> dict[str, Found]:
    height = told[0].page.height if told else 1.0
    sided: list[tuple[Role, float, Mark]] = []
    homeless: list[Mark] = []
    for mark in marks:
        if mark.kind not in ("siret", "siren", "vat"):
            continue
        side, sure = side_of(mark, blocks, height)
        if is_own(mark, own):
            side, sure = "seller", 0.99
        elif (
            side == "seller"
            and own
            and any(is_own(other, own) for other in marks)
            and own.siren
            and siren_in(mark) not in (None, own.siren)
        ):
            side, sure = "buyer", 0.85
        if side == "other":
            continue
        if side is None:
            homeless.append(mark)
        else:
            sided.append((side, sure, mark))
    # A number that shares its SIREN with a placed one goes with it; a lonely one is the seller's, who must print it by law.
    for mark in homeless:
        same = next((side for side, _, other in sided if siren_in(other) and siren_in(other) == siren_in(mark)), None)
        sided.append((same or "seller", 0.85 if same else 0.65, mark))
    found: dict[str, Found] = {}
    for role in ("seller", "buyer"):
        mine = sorted(((sure, mark) for side, sure, mark in sided if side == role), key=lambda one: -one[0] * one[1].confidence)
        for kind in ("siret", "siren", "vat"):
            one = next(((sure, mark) for sure, mark in mine if mark.kind == kind), None)
            if one:
                found[f"{role}.{kind}"] = one[1].word.found(one[1].value, one[0] * one[1].confidence)
        complete(found, role)
    return found


def is_own(mark: Mark, own: Identity | None) -> bool:
    if not own:
        return False
    return mark.value in {compact(number) for number in (own.siren, own.siret, own.vat) if number} or bool(
        own.siren and siren_in(mark) == compact(own.siren)
    )


def siren_in(mark: Mark) -> str | None:
    return siren_of_vat(mark.value) if mark.kind == "vat" else mark.value[:9]


def complete(found: dict[str, Found], role: str) -> None:
    """The SIREN is the beginning of the SIRET and the end of the VAT number; of two that differ, the one whose key holds."""
    siret, vat, siren = (found.get(f"{role}.{kind}") for kind in ("siret", "vat", "siren"))
    inside = str(siret.value)[:9] if siret else siren_of_vat(str(vat.value)) if vat else None
    proof = siret or vat
    if inside and proof and (not siren or (siren.value != inside and (siren_holds(inside) or not siren_holds(str(siren.value))))):
        found[f"{role}.siren"] = Found(inside, proof.evidence)


# ------------------------------------------------------------------------------------------------ e-mails, telephones


def contacts_of(marks: list[Mark], blocks: list[Block], found: dict[str, Found]) -> dict[str, Found]:
    height = max((mark.word.page.height for mark in marks), default=1.0)
    contacts: dict[str, Found] = {}
    for kind in ("email", "phone"):
        for role in ("seller", "buyer"):
            mine = []
            for mark in marks:
                side, sure = side_of(mark, blocks, height)
                if mark.kind == kind and side == role:
                    mine.append((sure * mark.confidence, mark))
            if not mine:
                continue
            name = flatten(str(value(found, f"{role}.name") or ""))
            sure, mark = max(mine, key=lambda one: (round(one[0], 1), alike(one[1].value, name)))
            several = len({one.value.casefold() for _, one in mine}) > 1
            contacts[f"{role}.{kind}"] = mark.word.found(mark.value, sure - (0.15 if several else 0))
    return contacts


def alike(email: str, name: str) -> bool:
    """Does the domain resemble the name of the company?"""
    domain = flatten(email.rpartition("@")[2].rpartition(".")[0]).replace("-", "")
    return len(domain) > 3 and (domain in name.replace(" ", "") or any(len(word) > 4 and word in domain for word in name.split()))
