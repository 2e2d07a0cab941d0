"""Marks of a company on a page: SIREN, SIRET, VAT number, e-mail, telephone, and the words that announce them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .identifiers import compact, nationally, siren_holds, siren_of_vat, siret_holds, vat_holds
from .words import Sheet, Word

EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}")
PHONE = re.compile(
    r"(?<![\d+])(?:\+\d{1,3}[\s.]?(?:\(0\)\s?)?|0)\d(?:[\s.\-]?\d{2}){4}(?!\d)|(?<!\d)\+\d{1,3}[\s.\-]?(?:\(0\)[\s.\-]?)?\d{1,5}(?:[\s.\-/]{0,3}\d{2,8}){1,5}(?!\d)"
)
SAID_PHONE = re.compile(
    r"(?:(?:^t|\b(?:tel|telefon|telefono|telefoon|phone|tlf|tfno|tlfn|mobil|mobile|portable|fon|call)\b)\.?(?: ?n ?°)?\s?[:.]?\s*)(\(?\+?\d[\d\s./()\-]{6,18}\d)(?!\d)"
)
FOREIGN_PHONE = re.compile(r"^(?:\+?\d[\d\s./()\-]{6,18}\d)$")
SPACED = r"(?:[\s.]?\d)"
SIRET = re.compile(rf"(?<![\dA-Za-z])\d{SPACED}{{13}}(?![\s.]?\d)")
SIREN = re.compile(rf"(?<![\dA-Za-z])\d{SPACED}{{8}}(?![\s.]?\d)")
FRENCH_VAT = re.compile(r"(?<![A-Z0-9])FR\s?[0-9A-Z]{2}(?:[\s.]?\d){9}(?!\d)")
DIGITS = r"(?:[\s.\-]?\d)"
OTHER_VAT = re.compile(
    rf"(?<![A-Z0-9])(?:ATU\s?\d{{8}}|BE[\s\-]?[01]?(?:[\s.]?\d){{9}}|DE{DIGITS}{{9}}|ES[\s\-]?[A-Z0-9][\s\-]?\d{{7}}[\s\-]?[A-Z0-9]|GB{DIGITS}{{9}}|IE\s?\d[A-Z0-9]\d{{5}}[A-Z]{{1,2}}|"
    rf"IT{DIGITS}{{11}}|LU{DIGITS}{{8}}|NL[\s.]?(?:\d[\s.]?){{9}}B[\s.]?\d{{2}}|PL{DIGITS}{{10}}|PT{DIGITS}{{9}}|CHE[\s\-]?(?:\d[\s.]?){{9}}|DK{DIGITS}{{8}}|SE{DIGITS}{{12}})(?![A-Z0-9])"
)
# Numbers their own country prints without its two letters: said to be what they are, and held by their key.
NATIONAL_VAT = (
    ("IT", re.compile(r"\bp(?:art(?:ita)?)?\.? ?iva\b(?:\s?(?:/|e)\s?c\.?f\.?)?\s?(?:n\.?)?[\s:.]*(\d{11})(?!\d)")),
    (
        "ES",
        re.compile(
            r"\b(?:c\.?i\.?f|n\.?i\.?f)\.?(?:\s?/\s?n\.?i\.?f\.?)?[\s:.]*([a-z][\s\-]?\d{7}[\s\-]?[a-z0-9]|\d{8}[\s\-]?[a-z])(?![a-z0-9])"
        ),
    ),
    ("BE", re.compile(r"\b(?:btw|tva|bce|kbo)\b(?: nr)?[\s:.]*((?:0|1)\d{3}\.\d{3}\.\d{3})(?!\d)")),
    ("GB", re.compile(r"\bvat (?:reg(?:istration)?\.? )?(?:no|number|n°)[\s:.]*(\d{3}\s?\d{4}\s?\d{2})(?!\d)")),
)
BARE_CIF = re.compile(r"[A-HJNP-SUVW][\s\-]?\d{7}[\s\-]?[0-9A-J]")  # alone in its cell, on a page that speaks of IVA
SAID_VAT = re.compile(r"tva|t\.v\.a|vat|\bust|u\.st|umsatzsteuer|tax|iva|i\.v\.a|btw|ident|uid")


@dataclass(frozen=True, eq=False)
class Mark:
    """A number, an e-mail or a telephone, and where it stands."""

    kind: str
    value: str
    word: Word
    confidence: float
    label: str = ""  # the words before and around it, folded


def marks_of(sheet: Sheet) -> Iterator[Mark]:
    spanish = any(re.search(r"\bi\.?v\.?a\b", word.flat) for word in sheet.words)
    for line in sheet.lines:
        for index, word in enumerate(line):
            left = line[index - 1] if index and word.cell.left - line[index - 1].cell.right < 150 else above(sheet, word)
            label = f"{left.flat if left else ''} {word.flat}"
            upper = word.text.upper()
            numbers = list(vat_numbers(word, upper, label))
            if spanish and not numbers and BARE_CIF.fullmatch(upper) and nationally("ES", compact(upper)):
                numbers = [Mark("vat", "ES" + compact(upper), word, 0.9, label)]
            yield from numbers
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
                    yield Mark("siren", number, word, 0.97 if siren_holds(number) else 0.7, label)
            for match in EMAIL.finditer(word.text):
                yield Mark("email", match[0], word, 0.97, label)
            if "iban" not in word.flat:
                yield from telephones(word, label)


def above(sheet: Sheet, word: Word) -> Word | None:
    """The label over a number that stands alone in its cell."""
    if re.search(r"[^\W\d_]{4}", word.text):
        return None
    return next((other for other in sheet.over(word) if not any(c.isdecimal() for c in other.text)), None)


def vat_numbers(word: Word, upper: str, label: str) -> Iterator[Mark]:
    said = bool(SAID_VAT.search(label))
    found: set[str] = set()
    for match in (*FRENCH_VAT.finditer(upper), *OTHER_VAT.finditer(upper)):
        number = compact(match[0])
        if "iban" in label and not said and not (compact(upper) == number and vat_holds(number)):
            continue  # the beginning of an account, unless it is a whole number beside one
        if not said and not vat_holds(number):
            continue
        if number[:2] == "FR" and not vat_holds(number) and set(number[4:]) == {"0"}:
            continue
        found.add(number)
        yield Mark("vat", number, word, 0.97 if vat_holds(number) else 0.6, label)
    for country, pattern in NATIONAL_VAT:
        for match in pattern.finditer(label):
            number = country + compact(match[1])
            # The label may stand in the cell on the left; the number never.
            if match.end() > len(label) - len(word.flat) and number not in found and nationally(country, number[2:]):
                yield Mark("vat", number, word, 0.97, label)


def telephones(word: Word, label: str) -> Iterator[Mark]:
    unnumbered = SIREN.sub(" ", SIRET.sub(" ", word.text))
    seen = False
    for match in PHONE.finditer(unnumbered):
        if re.search(r"fax[\s.:]*$", unnumbered[: match.start()].casefold()):
            continue
        seen = True
        said = bool(re.search(r"\btel|phone|mobil|port|tlf", label))
        yield Mark("phone", match[0].strip(), word, 0.95 if said else 0.8, label)
    if seen:
        return
    said_here = SAID_PHONE.search(word.flat)
    if said_here and len(re.findall(r"\d", said_here[1])) >= 8:
        yield Mark("phone", word.text[said_here.start(1) : said_here.end(1)].strip(" ()"), word, 0.95, label)
    elif re.search(
        r"\b(?:tel|telefon|telefono|phone|tlf|mobil)\b\.?\s?:?\s*$", label[: len(label) - len(word.flat)]
    ) and FOREIGN_PHONE.match(word.text):
        yield Mark("phone", word.text, word, 0.9, label)
    elif re.fullmatch(r"\(?0\d{2,4}\)?[\s/\-]+\d[\d\s]{4,9}|(?:\d{3}-|\(\d{3}\) )\d{3}-\d{4}|9\d(?: \d{2,3}){3}", word.text):
        yield Mark("phone", word.text, word, 0.75, label)


def siren_in(mark: Mark) -> str | None:
    if mark.kind == "vat":
        return siren_of_vat(mark.value)
    return mark.value[:9] if mark.kind in ("siret", "siren") else None
