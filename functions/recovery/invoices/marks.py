"""Marks of a company on a page: SIREN, SIRET, VAT number, e-mail, telephone, and the words that announce them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .identifiers import compact, siren_holds, siren_of_vat, siret_holds, vat_holds
from .words import Sheet, Word

EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}")
PHONE = re.compile(
    r"(?<![\d+])(?:\+\d{1,3}[\s.]?(?:\(0\)\s?)?|0)\d(?:[\s.\-]?\d{2}){4}(?!\d)|(?<!\d)\+\d{1,3}(?:[\s.\-]?\d{2,5}){2,5}(?!\d)"
)
SPACED = r"(?:[\s.]?\d)"
SIRET = re.compile(rf"(?<![\dA-Za-z])\d{SPACED}{{13}}(?![\s.]?\d)")
SIREN = re.compile(rf"(?<![\dA-Za-z])\d{SPACED}{{8}}(?![\s.]?\d)")
FRENCH_VAT = re.compile(r"(?<![A-Z0-9])FR\s?[0-9A-Z]{2}(?:\s?\d){9}(?!\d)")
OTHER_VAT = re.compile(
    r"(?<![A-Z0-9])(?:ATU\d{8}|BE\s?[01]\d{9}|DE\s?\d{9}|ES\s?[A-Z0-9]\d{7}[A-Z0-9]|GB\s?\d{9}|IE\s?\d[A-Z0-9]\d{5}[A-Z]{1,2}|IT\s?\d{11}|LU\s?\d{8}|NL\s?\d{9}B\d{2}|PL\s?\d{10}|PT\s?\d{9})(?![A-Z0-9])"
)


@dataclass(frozen=True, eq=False)
class Mark:
    """A number, an e-mail or a telephone, and where it stands."""

    kind: str
    value: str
    word: Word
    confidence: float
    label: str = ""  # the words before and around it, folded


def marks_of(sheet: Sheet) -> Iterator[Mark]:
    for line in sheet.lines:
        for index, word in enumerate(line):
            before = line[index - 1].flat if index and word.cell.left - line[index - 1].cell.right < 150 else ""
            label = f"{before} {word.flat}"
            upper = word.text.upper()
            for match in (*FRENCH_VAT.finditer(upper), *OTHER_VAT.finditer(upper)):
                number = compact(match[0])
                said = bool(re.search(r"tva|t\.v\.a|vat|ust|tax", label))
                if "iban" in label and not said:
                    continue
                if not said and not vat_holds(number):
                    continue
                if number[:2] == "FR" and not vat_holds(number) and set(number[4:]) == {"0"}:
                    continue
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


def siren_in(mark: Mark) -> str | None:
    return siren_of_vat(mark.value) if mark.kind == "vat" else mark.value[:9]
