"""Blocks of words that stand together: an address, a letterhead, the line of a footer, and what each of their lines is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .reading import Found
from .towns import COUNTRIES, STREET, STREET_FIRST, Town, country_at, town_in
from .words import Sheet, Word, flatten

Role = Literal["seller", "buyer", "other"]

SELLER_LABEL = re.compile(
    r"^(?:emetteur|rechnungs(?:er)?steller|vendeur|fournisseur|prestataire|de|from|seller|supplier|vendor|emise? par|facture emise par|nos (?:coordonnees|references)|"
    r"verkaufer|lieferant|leistungserbringer|anbieter|emisor|proveedor|vendedor|datos del emisor|(?:pour )?nous contacter|nos contacts|contact us|mittente|fornitore|cedente/?(?:prestatore)?(?: \(fornitore\))?|venditore|leverancier|verkoper|afzender|von|van|da)\s*:?$"
)
BUYER_LABEL = re.compile(
    r"^(?:(?:facture )?doit|destinataire|rechnungsempfa?e?nger|client(?:\(e\))?|acheteur|factur(?:ee?|er|ation) (?:a|pour)|facture pour|adressee? a|a l'attention de|for|issued to|charge to|billed? to|bill to|invoice(?:d)? to|to|sold to|"
    r"adresse (?:de facturation|du client|client|facturation)|vos (?:identifiants|coordonnees)|buyer|customer|client details|kunde|kaufer(?:/leistungsempfanger)?|leistungsempfa?e?nger|rechnungsadresse|rechnung an|an|pour|maitre d'ouvrage|"
    r"facturar a|cliente|datos (?:del )?cliente|datos de facturacion|destinatario|comprador|facturado a|receptor|"
    r"spett(?:\.?(?:le|abile))?\.?(?: ditta)?|cessionario/?(?:committente)?(?: \(cliente\))?|intestatario|fatturato a|intestata a|acquirente|"
    r"klant|klantgegevens|factuuradres|factuur aan|factureren aan|afnemer|aan|t\.?a\.?v\.?|billing address|invoice address|debiteur)\s*:?$"
)
OTHER_LABEL = re.compile(
    r"livraison|ship(?:ping|ped)?(?: to|:)|service address|^chantier|representant fiscal|beneficiaire|remit to|^livree? a|payee|contact commercial|lieu d|deliver(?:y|ed)|"
    r"liefer(?:adresse|anschrift|ung an)|^bauvorhaben|leistungsort|entrega|^envio|destinazione|consegna|afleveradres|bezorgadres|mediateur|^objet\b"
)
LEGAL_FORM = re.compile(
    r"(?<![\w.])(?:s\.?a\.?r\.?l|s\.?a\.?s\.?u?|s\.?a|e\.?u\.?r\.?l|s\.?c\.?i|s\.?n\.?c|scop|selarl|ei|e\.i|gmbh(?: & co\.? kg)?|ug|ohg|kg|e\.k|ag|ltd|limited|plc|llp|inc|llc|corp|"
    r"b\.?v|n\.?v|v\.?o\.?f|association|s\.?l\.?u?|s\.?c\.?p|s\.?p\.?a|s\.?r\.?l\.?s?|s\.?c\.?r\.?l|s\.?n\.?c|s\.?a\.?s|snc|cooperative|scrl|asbl|sprl|srl)\.?(?!\w)"
)
STRONG_SEPARATOR = re.compile(r"\s+[-–—·•●|*]\s+|\s*[·•●|]\s*")
NOT_A_NAME = re.compile(
    r"^(?:(?:tel|tlf|fax|e-?mail|mail|siret|siren|tva|t\.v\.a|rcs|r\.c\.s|contact|a l'attention|attn|vat|phone|mobil|www|http|name:?$|ape|naf|iban|bic|swift|factures?|invoice|tax invoice|rechnung|factura|fattura|factuur|"
    r"avoir|date|page|seite|logo|ref|references?|client n|numero|customer n|siege|capital|c\.?i\.?f|n\.?i\.?f|p\.? ?iva|part\. iva|partita iva|kvk|btw|ust|datum|data|fecha|due|total (?:ttc|ht|net|due)|amount|inh(?:aber)?|eheleute|pedido|"
    r"account|entrepreneur individuel|regime|terms|hrb|bank:|duplicat|copie|zum|your|eu vat|registered|(?:du )?lundi|mo(?:n(?:day)?)?(?= ?[-–] ?f)|personnes?|chambre|expediteur|destinataire|service clients?)\b"
    r"|n°|@|\+|\(|cod(?:e|ice|igo|i)?\b|identif|steuer(?:n|-n|id)|ust-?id|umsatzsteuer|bankv|kunden-?n|company n|\d+[.,]\d\d|[a-hjnp-suvw]\d{7}[0-9a-j]$)|^(?:[a-z.]{2,6} )?au capital\b|@|https?:|[:€]\s*$|[·•●|].*[·•●|]"
)

# A form tells its parts by name: `Denominazione: MECCANICA SRL`.
FORM = {
    "name": re.compile(r"^(?:nom|raison sociale|societe|name|company(?: name)?|firma|nombre|razon social|empresa|denominazione|ragione sociale|naam|bedrijf)\s*:\s*"),
    "line1": re.compile(r"^(?:adresse|address|anschrift|strasse|direccion|domicilio|indirizzo|adres|siege social|siege|sede legale|sede|registered office)\s*:\s*"),
    "country": re.compile(r"^(?:pays|country|land|pais|nazione)\s*:\s*"),
    "city": re.compile(r"^(?:ville|city|town|ort|stadt|poblacion|localidad|comune|citta|localita|plaats)\s*:\s*"),
    "postcode": re.compile(r"^(?:code postal|cp|post ?code|zip(?: code)?|plz|postleitzahl|codigo postal|c\.p\.|cap)\s*:\s*(?=\w)"),
}  # fmt: skip


@dataclass(eq=False)
class Block:
    """Words under one another that speak of one party."""

    words: list[Word]
    lines: list[str]  # one line cut at its separators makes several
    label: Role | None = None
    one_line: bool = False
    role: Role | None = None
    sure: float = 0.8  # of its role
    page: str = ""  # all the words of its page, folded
    foot: str = ""  # those of its lower part
    kinds: frozenset[str] = frozenset()  # of the marks in it: siret, vat, email, phone…
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

    @property
    def numbered(self) -> bool:
        return bool(self.kinds & {"siret", "siren", "vat"})


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
    """A column cut where a label begins; a line that holds a name and its whole address is a block of its own."""
    words: list[Word] = []
    lines: list[str] = []
    places: list[Word] = []
    label: Role | None = None

    def made() -> Iterator[Block]:
        if words:
            yield Block(list(words), list(lines), label or heading(sheet, words[0]), places=list(places))

    def add(word: Word, parts: list[str]) -> None:
        words.append(word)
        lines.extend(parts)
        places.extend([word] * len(parts))

    for word in column:
        said, rest = labelled_role(word)
        if said:
            yield from made()
            words, lines, places, label = [], [], [], said
            if rest:
                add(word, parts_in(rest))
            continue
        parts = parts_in(word.text)
        alone = len(parts) > 1 and (named_first(parts) or (len(parts) > 2 and len(re.findall("[●•·|]", word.text)) >= 2))
        if alone and not (label and not words):
            over = words[-1] if words and len(words[-1].text) < 50 and not any(map(str.isdecimal, words[-1].text)) else None
            names_it = over and (
                not named_first(parts)
                or over.cell.height > 1.15 * word.cell.height
                or (LEGAL_FORM.search(over.flat) and not LEGAL_FORM.search(flatten(parts[0])))
            )
            title = [over] if over and names_it else []
            yield from made()
            words, lines, places, label = [], [], [], None
            yield Block([*title, word], [*(each.text for each in title), *parts], None, True, places=[*title, *[word] * len(parts)])
        else:
            add(word, parts)
    yield from made()


FIELD_OF_FORM = re.compile(r"\s+(?=[^\W\d_]{3,12}: )")


def parts_in(text: str) -> list[str]:
    """The parts of a line that holds an address: `12 rue des Carmes - 54000 Nancy`, `3 Mill Cottages, Bridport, DT6 3QP`."""
    fields = FIELD_OF_FORM.split(text)
    if len(fields) > 1 and ": " in fields[0] and any(pattern.match(flatten(text)) for pattern in FORM.values()):
        return fields  # `Comune: TORINO Provincia: TO`
    parts: list[str] = []
    for part in STRONG_SEPARATOR.split(text):
        part = part.strip(" ,;")
        if not part:
            continue
        pieces = [piece.strip(" ;") for piece in UNPARTED.sub(r"\1, \2", part).split(", ")]
        # Only a town makes commas worth cutting at: `Bridport, DT6 3QP` is one, though it holds a comma.
        at = next(
            (index for index in range(1, len(pieces)) if town_in(", ".join(pieces[index : index + 2])) or town_in(pieces[index])), None
        )
        if at is None:
            parts.append(part)
            continue
        whole = town_in(pieces[at])
        after = at + (1 if whole and whole.city else 2)
        before = pieces[:at] if len(pieces[:at]) < 3 else [pieces[0], ", ".join(pieces[1:at])]
        parts += [*before, ", ".join(pieces[at:after]), *pieces[after:]]
    bulleted = len(re.findall("[●•·|]", text)) >= 2 and any(map(str.isdecimal, text))
    return parts if bulleted or any(town_in(part) for part in parts) else [text]


# `11 rue Ampère 38000 Grenoble`
UNPARTED = re.compile(r"^((?:[Ss]i[eè]ge(?: social)? ?: ?)?\d+[\w ,'’.\-]{5,60}?[^\W\d])\s+(\d{5} [A-ZÀ-Ý][^\d,]{1,40})$")


def named_first(parts: list[str]) -> bool:
    """Does this line begin with the name of its party, before its street and town?"""
    town = next((index for index, part in enumerate(parts) if town_in(part)), None)
    first = flatten(without_label(parts[0]))
    return town is not None and town >= 2 and not STREET.search(first) and not parts[0][0].isdecimal() and not NOT_A_NAME.search(first)


def labelled_role(word: Word) -> tuple[Role | None, str]:
    """`Destinataire`, or `Client : ALEXINUX` whose end is already the name."""
    head, colon, rest = word.text.partition(":")
    flat = flatten(head).strip()
    if len(flat) < 46:
        if OTHER_LABEL.search(flat) and (colon or len(flat) < 30):
            return "other", rest.strip()
        for pattern, role in ((SELLER_LABEL, "seller"), (BUYER_LABEL, "buyer")):
            if (
                pattern.match(flat)
                and (not colon or not rest.strip() or not any(c.isdecimal() for c in rest.split(",")[0]))
                and (colon or flat not in ("de", "to", "for", "from", "pour", "an", "von", "van", "da", "aan") or not rest)
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


# ------------------------------------------------------------------------------------------------ the lines of a block


def address_at(block: Block) -> int | None:
    """The line of the block that tells the town."""
    for index, line in enumerate(block.lines):
        if town_in(unlabelled(line)):
            return index
    coded = (
        index
        for index, line in enumerate(block.lines)
        if (code := FORM["postcode"].match(flatten(line))) and line[code.end() :].strip()[:2].isdecimal()
    )
    return next(coded, None)


def unlabelled(line: str) -> str:
    """`Adresse : 80333 München` is told by name."""
    for pattern in FORM.values():
        match = pattern.match(flatten(line))
        if match:
            return line[match.end() :].strip()
    return line


def parts_of(block: Block) -> dict[str, Found]:
    found: dict[str, Found] = {}
    town_at = address_at(block)
    sure = block.sure

    def keep(part: str, text: str, index: int, confidence: float) -> None:
        if text:
            found[part] = block.places[index].found(text, confidence)

    upper = block.lines[: town_at if town_at is not None else len(block.lines)]
    town: Town | None = town_in(unlabelled(block.lines[town_at])) if town_at is not None else None
    city_at = town_at
    if town and not town.city and len(upper) > 1:
        # The post code stands alone: the town is the line above it.
        city_at = len(upper) - 1
        town = Town(town.code, upper[-1].strip(" ,"), town.country)
        upper = upper[:-1]
    first_street = next((index for index, line in enumerate(upper) if is_street(line)), len(upper) - 1 if town and len(upper) > 1 else None)
    if town and town_at is not None and city_at is not None:
        after = block.lines[town_at + 1] if town_at + 1 < len(block.lines) else ""
        wrapped = (
            CUT_SHORT.search(block.lines[city_at])
            and after
            and not any(map(str.isdecimal, after))
            and not NOT_A_NAME.search(flatten(after))
        )
        keep("postcode", town.code, town_at, sure)
        keep("city", joined(town.city, after) if wrapped else town.city, city_at, min(sure, 0.85) if wrapped else sure)
        country = town.country or next((country for line in block.lines[town_at + 1 :] if (country := country_at(line))), None)
        if country:
            keep("country", country, town_at, min(sure, 0.93))
        if first_street is not None:
            line1, line2 = street_lines(upper[first_street:])
            whole = is_street(upper[first_street]) and len(upper) - first_street == 1 and not line2
            keep("line1", line1, first_street, sure if whole else min(sure, 0.85))
            keep("line2", line2, first_street, min(sure, 0.8))
    names = upper[:first_street] if first_street is not None else upper
    named = name_among(names, block.page)
    if named is not None and (town or block.label or block.one_line or block.numbered):
        name = clean_name(names[named])
        keep("name", name, named, name_sure(block, name, named))
        if block.role == "buyer" and "line1" in found and not block.one_line:
            complement = between(names, named)
            told = str(found["line2"].value) if "line2" in found else ""
            keep("line2", ", ".join(filter(None, (complement, told))), first_street or 0, min(sure, 0.8))
    for index, line in enumerate(block.lines):
        for part, pattern in FORM.items():
            match = pattern.match(flatten(line))
            if match and (part != "city" or ":" not in line[match.end() :]):
                told = line[match.end() :].strip()
                if part == "line1" and (town_in(told) or not told):
                    continue
                if part == "country":
                    told = country_at(told) or (told if re.fullmatch("[A-Z]{2}", told) else "")
                keep(part, told, index, sure)
    return found


def is_street(line: str) -> bool:
    """A number and a name, or a word that streets are made of and a number. « Le Parc » alone may be a party."""
    flat = flatten(unlabelled(line))
    numbered = re.match(r"\d+\s?(?:bis|ter|[a-d]\b)?,?[ ,]\s?[^\W\d_]", flat)
    return bool(
        numbered or (STREET.search(flat) and any(map(str.isdecimal, flat))) or (STREET_FIRST.match(flat) and not LEGAL_FORM.search(flat))
    ) and not NOT_A_NAME.search(flat)


def name_sure(block: Block, name: str, index: int) -> float:
    """A name is sure where something besides its place tells it is one: its label, its company form, or being told elsewhere too."""
    flat = flatten(name)
    told_twice = len(flat) > 5 and block.page.count(flat) > 1
    if index == 0 and (LEGAL_FORM.search(flat) or told_twice or (block.label == "buyer" and block.sure > 0.9)):
        return block.sure
    return min(block.sure, 0.85)


def between(names: list[str], named: int) -> str:
    """What an envelope needs between the name and the street: a person, a building, a floor."""
    name = flatten(names[named])
    return ", ".join(line for line in names[named + 1 :] if not NOT_A_NAME.search(flatten(line)) and flatten(line) != name)


def street_lines(lines: list[str]) -> tuple[str, str]:
    """The street, and what is added to it: `1, rue du Port, Cour des Lilas` holds both."""
    streets = [street for street in map(without_label, lines) if not NOT_A_NAME.search(flatten(street))]
    if not streets:
        return "", ""
    if CUT_SHORT.search(streets[0]) and len(streets) > 1:
        streets[:2] = [joined(*streets[:2])]
    number = NUMBER_APART.match(streets[0])
    head = number[0] if number else ""
    street, more = streets[0], ""
    if streets[0][:1].isdecimal():
        street, _, more = streets[0][len(head) :].partition(", ")
        street = head + street
    return street.strip(" ,;"), ", ".join(filter(None, (more, *streets[1:])))


# A line that cannot end there: `80 rue de la` goes on with `Part-Dieu`, `59350 Saint-André-lez-` with `Lille`.
CUT_SHORT = re.compile(r"(?:-|[\s-](?:de|du|des|la|le|les|l[eè]s|lez|sur|sous|en|et|d[’']|della?|del|dei|van|van der?|der?))$", re.I)


def joined(line: str, following: str) -> str:
    return f"{line}{following}" if line.endswith("-") else f"{line} {following}"


NUMBER_APART = re.compile(r"\d+\s?(?:bis|ter)?, ")


def without_label(line: str) -> str:
    """`Siège social : 16 rue Mollien` is an address after its label."""
    head, colon, rest = line.partition(":")
    return rest.strip() if colon and rest.strip() and not any(c.isdecimal() for c in head) else line.strip()


def clean_name(line: str) -> str:
    line = re.sub(r"(?<=\w)\s+(?:S\.?A\.?S\.?U?|S\.?A\.?R\.?L|S\.?A|S\.?N\.?C|E\.?U\.?R\.?L)?\.?\s*au capital\b.*", "", line, flags=re.I)
    return re.sub(r"^(?:logo|societe :|sté :|nom :|name:|denominazione:|raison sociale :)\s+", "", line, flags=re.I).strip(" ,;:-")


def name_among(lines: list[str], page: str) -> int | None:
    """The line that names the party: with a legal form, or in capitals, or simply the first."""

    def likely(index: int) -> float:
        line = clean_name(lines[index])
        flat = flatten(line)
        likelihood = 0.8 - 0.1 * index
        if LEGAL_FORM.search(flat):
            likelihood += 1.5
        if line.isupper():
            likelihood += 0.3
        if sum(c.isdecimal() for c in line) > 2:
            likelihood -= 1
        if FORM["name"].match(flatten(lines[index])):
            likelihood += 2
        likelihood -= 1.5 * bool(STREET_FIRST.match(flat))
        if NOT_A_NAME.search(flatten(lines[index])) or COUNTRIES.match(flat) or not re.search(r"[^\W\d_]{2}", line) or len(line) > 70:
            likelihood -= 5
        # A company signs more than once: at the top, in its footer, beside its account.
        likelihood += 0.35 * min(page.count(flat) - 1, 2)
        if "contact" in flat:
            likelihood -= 1
        return likelihood

    best = max(range(len(lines)), key=likely, default=None)
    return best if best is not None and likely(best) > -1.2 else None
