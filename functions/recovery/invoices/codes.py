"""What CII and UBL say in the same codes: natures of documents, numbers of companies, accounts, notes."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from . import written
from .details import Account, Identifier, Note
from .identifiers import compact, siren_holds, siren_of_vat, siret_holds
from .reading import Party, Value

Told = Iterator[tuple[str, Value | None]]  # the name of a field, and what it holds

# What the type codes of BT-3 mean for a claim (UNTDID 1001).
DOCUMENT_TYPES = {
    "380": "invoice", "82": "invoice", "84": "debit_note", "130": "invoice", "326": "partial_invoice", "875": "partial_invoice",
    "876": "partial_invoice", "877": "invoice", "384": "corrected_invoice", "471": "corrected_invoice", "386": "prepayment_invoice",
    "500": "prepayment_invoice", "389": "self_billed_invoice", "501": "self_billed_invoice", "393": "factored_invoice", "395": "factored_invoice",
    "325": "proforma", "381": "credit_note", "261": "credit_note", "396": "credit_note", "262": "credit_note", "532": "credit_note",
    "502": "credit_note", "503": "credit_note", "81": "credit_note", "83": "credit_note", "383": "debit_note", "80": "debit_note",
    "472": "corrected_invoice", "473": "corrected_invoice",
}  # fmt: skip
FACTORED = ("393", "395", "396", "501", "502", "472")  # with or without a credit: the debt is a factor's


def nature(code: str | None, gross: Decimal | None) -> str | None:
    """An invoice of a negative amount takes back what another claims: it is a credit note, whatever its code."""
    kind = DOCUMENT_TYPES.get(code or "")
    return "credit_note" if gross is not None and gross < 0 and kind not in (None, "credit_note") else kind


def latest(days: Iterable[date | None]) -> date | None:
    """Of several due dates, the last: a claim made early is a wrong one, a claim made late is only late."""
    return max(filter(None, days), default=None)


def company(role: str, numbers: list[Identifier], unnamed: Iterable[str]) -> Told:
    """Every number as it is told, and those we know: SIREN (scheme 0002), SIRET (0009), VAT.

    Fourteen digits under 0002 are a SIRET; routing ids (0225) begin with the SIREN. Others (GLN 0088, DUNS 0060) are kept as such.
    A registration whose scheme is not told (`unnamed`) is French when its key holds.
    """
    vat = next((compact(number.value) for number in numbers if number.scheme in ("VA", "VAT")), None)
    french = [compact(number.value) for number in numbers if number.scheme in FRENCH]
    french += [text for text in map(compact, unnamed) if siren_holds(text) or siret_holds(text)]
    routed = [number.value[:9] for number in numbers if number.scheme == "0225" and re.match(r"\d{9}(\D|$)", number.value)]
    siret = next((text for text in french if len(text) == 14 and text.isdecimal()), None)
    siren = next((text for text in french if len(text) == 9 and text.isdecimal()), None)
    yield f"{role}.siret", siret
    yield f"{role}.siren", siren or (siret[:9] if siret else None) or next(iter(routed), None) or (siren_of_vat(vat) if vat else None)
    yield f"{role}.vat", vat
    yield f"{role}.identifiers", tuple(dict.fromkeys(numbers))


FRENCH = ("0002", "0009", "SIREN", "SIRET", "FR:SIREN", "FR:SIRET")


def accounts(told: Iterable[tuple[str | None, str | None, str | None]]) -> Told:
    """IBAN, BIC and holder of each account; the first that can be an IBAN is the one to pay to."""
    known = tuple(Account(compact(iban), compact(bic) if bic else None, holder) for iban, bic, holder in told if iban)
    yield "accounts", known
    for account in known:
        if re.match(r"[A-Z]{2}\d{2}[A-Z0-9]{8,}$", account.iban):
            yield "iban", account.iban
            yield "bic", account.bic
            return


def email(candidates: Iterable[str]) -> str | None:
    return next((text for text in candidates if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}", text)), None)


def terms(notes: tuple[Note, ...]) -> Told:
    """The French notes a collector needs: PMD penalties, PMT the 40 euros, AAB discount."""
    yield "notes", notes
    names = {"PMD": "terms.penalties", "PMT": "terms.indemnity", "AAB": "terms.discount"}
    for note in notes:
        if note.code in names:
            yield names[note.code], written.clean(note.text, 1000)


def note_of(code: str | None, text: str) -> Iterator[Note]:
    """UBL has no place for the code of a note: it is written before it, `#PMD#…`, and several may share one note."""
    if code:
        yield Note(code, text)
        return
    before, *coded = re.split(r"#([A-Z]{3})#", text)
    if before.strip():
        yield Note(None, before.strip())
    for name, words in zip(coded[::2], coded[1::2], strict=True):
        if words.strip():
            yield Note(name, words.strip())


def another(role: str, told: Told) -> Iterator[Party]:
    """Somebody who is neither seller, buyer nor payee, when anything is told of them."""
    known: dict[str, Any] = {name.partition(".")[2]: value for name, value in told if value}
    if known:
        yield Party(role=role, **known)
