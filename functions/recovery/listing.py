"""A list of invoices kept in a spreadsheet: what its columns are called, and what each line says of which invoice.

The first line that bears the number of an invoice and one more known title is the header. A line speaks of the file it names,
else of the invoice that bears its number. What it says is what the creditor says: the sum still due is the list's.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from recovery import french
from recovery.intake import Fields, settle
from recovery.invoices.written import amount, clean, day, fold

# field → titles without case, accents or punctuation; of two columns of one field, the first title named here wins.
TITLES: dict[str, tuple[str, ...]] = {
    "number": ("numero de facture", "numero facture", "n facture", "n de facture", "no facture", "num facture", "facture n", "facture", "numero", "n", "n piece", "numero de piece", "piece", "reference", "ref", "invoice number", "invoice no", "invoice"),
    "issued": ("date de facture", "date facture", "date d emission", "date emission", "emise le", "date de la facture", "date piece", "date", "invoice date", "issue date"),
    "due": ("date d echeance", "date echeance", "echeance", "echue le", "a payer le", "date limite", "due date", "due"),
    "amount": ("reste du", "restant du", "reste a payer", "solde du", "solde", "montant du", "montant restant", "encore du", "balance", "amount due", "montant ttc", "total ttc", "ttc", "montant", "total"),
    "label": ("objet", "libelle", "designation", "description", "prestation"),
    "debtor_name": ("nom du client", "nom client", "client", "raison sociale", "societe", "debiteur", "nom", "tiers", "customer"),
    "debtor_siren": ("siren", "siret", "siren du client", "siret du client", "siren client", "siret client"),
    "debtor_email": ("e mail", "email", "mail", "courriel", "e mail du client", "email client", "adresse e mail"),
    "debtor_phone": ("telephone", "tel", "mobile", "telephone client"),
    "debtor_line1": ("adresse", "adresse 1", "rue", "adresse client", "adresse du client"),
    "debtor_line2": ("complement", "complement d adresse", "adresse 2"),
    "debtor_postcode": ("code postal", "cp"),
    "debtor_city": ("ville", "commune", "localite"),
    "file": ("fichier", "nom du fichier", "pdf", "piece jointe", "document"),
}  # fmt: skip
HEADER_WITHIN = 15  # lines: a title, a date, a logo may come first
DAYS_FROM = date(1899, 12, 30)  # how spreadsheets count days


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the list says, under the names of the form. `at` is its number in the spreadsheet."""

    at: int
    file: str
    fields: Fields


def lines(rows: Sequence[Sequence[str]]) -> tuple[Line, ...] | None:
    """None when no line of the list looks like its titles."""
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        columns = columns_of(row)
        if ("number" in columns or "file" in columns) and len(columns) > 1:
            found = (line(number, cells, columns) for number, cells in enumerate(rows[at + 1 :], at + 2))
            return tuple(each for each in found if each.file or each.fields.get("number"))
    return None


def columns_of(row: Sequence[str]) -> dict[str, int]:
    titles = [" ".join(re.sub(r"[^a-z0-9]+", " ", fold(clean(cell))).split()) for cell in row]
    return {
        field: titles.index(next(title for title in known if title in titles))
        for field, known in TITLES.items()
        if any(title in titles for title in known)
    }


def line(at: int, cells: Sequence[str], columns: Mapping[str, int]) -> Line:
    said = {field: clean(cells[column]) for field, column in columns.items() if column < len(cells) and clean(cells[column])}
    for field in ("issued", "due"):
        if re.fullmatch(r"\d{5}(\.\d+)?", said.get(field, "")):
            said[field] = (DAYS_FROM + timedelta(days=int(Decimal(said[field])))).isoformat()
        elif field in said and day(said[field]) is None:
            del said[field]
    if "amount" in said:
        plain = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", said["amount"], re.IGNORECASE)  # as a sheet keeps a number: 1234.5600000001
        value = Decimal(said["amount"]).quantize(Decimal("0.01")) if plain else amount(said["amount"])
        said["amount"] = f"{value:.2f}" if value is not None else ""
    file = said.pop("file", "")
    settled = settle(said)
    return Line(at, file, {field: settled[field] for field in said if settled[field]})


def speaks_of(said: Line, file: str, number: str) -> bool:
    if said.file:
        return bare(said.file) == bare(file)
    return bool(number) and plain(said.fields.get("number", "")) == plain(number)


def bare(file: str) -> str:
    """`Factures\\F-12.PDF` is f-12."""
    name = fold(file.replace("\\", "/").rpartition("/")[2])
    return name.removesuffix(".pdf").removesuffix(".xml")


def plain(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(number))


def told(fields: Mapping[str, str], said: Line) -> tuple[Fields, list[tuple[str, str]]]:
    """The fields of a form (of one invoice) once the list has spoken, and a sentence for each field where it differs from the file."""
    after, differs = dict(fields), []
    for field, value in said.fields.items():
        known = after.get(field, "")
        if not known or field == "amount":
            after[field] = value
        if known and fold(known) != fold(value):
            differs.append((field, sentence(field, known, value)))
    return after, differs


def sentence(field: str, read: str, listed: str) -> str:
    if field == "amount":
        return f"La facture indique {money(read)}, votre tableau {money(listed)} : nous gardons la somme du tableau."
    if field in ("issued", "due"):
        return f"Votre tableau indique le {french.day(date.fromisoformat(listed))}."
    return f"Votre tableau indique « {listed} »."


def money(text: str) -> str:
    value = amount(text)
    return french.euros(value) if value is not None else text
