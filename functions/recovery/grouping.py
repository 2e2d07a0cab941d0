"""Which of the invoices dropped together are owed by the same debtor to the same creditor, and which must be left aside.

A company is known by its SIREN, else by its VAT number, else by its name and postcode. Nothing here is lost: what is left aside is said,
file by file, and keeps nothing else from going on.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recovery.events import same_number
from recovery.intake import INVOICE_FIELDS, MOST_INVOICES, Fields, named
from recovery.invoices.written import fold

SURE = 0.9  # a credit note is taken off an invoice only when it surely names it


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file dropped, as it was read: `fields` under their bare names."""

    id: str
    file: str
    sha256: str
    fields: Mapping[str, str]
    reading: Mapping[str, Any]

    @property
    def number(self) -> str:
        return same_number(self.fields.get("number", ""))


def debtor_keys(each: Candidate) -> dict[str, str]:
    said = each.fields
    name, postcode = fold(said.get("debtor_name", "")), said.get("debtor_postcode", "")
    keys = {
        "siren": said.get("debtor_siren", ""),
        "vat": str((each.reading.get("buyer") or {}).get("vat") or ""),
        "place": f"{re.sub(r'[^a-z0-9]', '', name)}|{postcode}" if name and postcode else "",
    }
    return {kind: key for kind, key in keys.items() if key}


def same_debtor(one: Candidate, other: Candidate) -> bool:
    """The first kind of key that both have decides."""
    ours, theirs = debtor_keys(one), debtor_keys(other)
    kind = next((kind for kind in ("siren", "vat", "place") if kind in ours and kind in theirs), None)
    return kind is not None and ours[kind] == theirs[kind]


def same_creditor(one: Candidate, other: Candidate) -> bool:
    """Two sellers are apart when a number or, without it, a name says so; a scan that says nothing may belong to both."""
    for part in ("siren", "name"):
        ours, theirs = fold(one.fields.get(f"creditor_{part}", "")), fold(other.fields.get(f"creditor_{part}", ""))
        if ours and theirs:
            return ours == theirs
    return True


def home_of(each: Candidate, homes: Sequence[Sequence[Candidate]]) -> int | None:
    """Which of these drafts the invoice belongs with: the first one that holds an invoice of the same debtor to the same creditor."""
    return next(
        (
            at
            for at, home in enumerate(homes)
            if 0 < len(home) < MOST_INVOICES and any(same_debtor(each, other) and same_creditor(each, other) for other in home)
        ),
        None,
    )


def repeated(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Those that say again what another says, and the sentence to tell: the same file, or the same number of the same seller."""
    said: dict[str, str] = {}
    for at, each in enumerate(candidates):
        before = [other for other in candidates[:at] if other.id not in said]
        twin = next((other for other in before if other.sha256 == each.sha256), None)
        if twin:
            said[each.id] = f"C’est le même fichier que « {twin.file} » : il compte une fois."
            continue
        twin = next((other for other in before if each.number and other.number == each.number and same_creditor(each, other)), None)
        if twin:
            number = each.fields["number"]
            said[each.id] = f"« {twin.file} » porte déjà le numéro {number} : gardez la bonne facture, ou déposez celle-ci à part."
    return said


def credited(note: Candidate, invoices: Sequence[Candidate]) -> Candidate | None:
    """The invoice this credit note is taken off: the only one that bears the number it surely names."""
    named_there = {same_number(number) for number in preceding(note.reading)}
    found = [each for each in invoices if each.number and each.number in named_there and same_creditor(note, each)]
    return found[0] if len(found) == 1 else None


def preceding(reading: Mapping[str, Any]) -> list[str]:
    """The numbers of the invoices a credit note names, when the reading is sure."""
    proof = (reading.get("evidence") or {}).get("preceding_invoices") or {}
    if reading.get("source") != "xml" and proof.get("confidence", 0) < SURE:
        return []
    return [str(each.get("number") or "") if isinstance(each, Mapping) else str(each) for each in reading.get("preceding_invoices") or []]


# ------------------------------------------------------------------------------------------------ the fields of a draft


def bare(fields: Mapping[str, str], invoice: str) -> Fields:
    """The fields of a draft as if it held that invoice alone."""
    sides = {name: value for name, value in fields.items() if name.partition(".")[0] not in INVOICE_FIELDS}
    return sides | {field: fields.get(named(field, invoice), "") for field in INVOICE_FIELDS}


def joined(fields: Mapping[str, str], arriving: Mapping[str, str], invoice: str) -> Fields:
    """A draft once an invoice, known by its bare fields, arrives under that id. What is known of the two sides stays; what lacks is taken."""
    sides = {name: value for name, value in arriving.items() if name not in INVOICE_FIELDS and value and not fields.get(name)}
    return {**fields, **sides, **{named(field, invoice): arriving.get(field, "") for field in INVOICE_FIELDS}}


def left(fields: Mapping[str, str], invoice: str) -> Fields:
    """A draft once that invoice has gone."""
    gone = {named(field, invoice) for field in INVOICE_FIELDS}
    return {name: value for name, value in fields.items() if name not in gone}
