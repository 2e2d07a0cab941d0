"""What a careful person would notice before claiming this invoice: each remark is a sentence beside its field."""

from collections.abc import Iterator, Sequence
from datetime import date

from recovery import french

from . import arithmetic, claim
from .identifiers import iban_holds, siren_holds, siren_of_vat, siret_holds, vat_holds
from .opened import Page
from .reading import Findings, Warning, get


def check(findings: Findings, pages: Sequence[Page] = (), today: date | None = None) -> list[Warning]:
    return [
        *claim.remarks(findings, pages, today),
        *arithmetic.sums(findings),
        *currency(findings),
        *dates(findings),
        *numbers(findings),
        *people(findings),
    ]


def currency(findings: Findings) -> Iterator[Warning]:
    told = get(findings, "currency")
    if told is not None and told != "EUR":
        yield Warning("currency", "Cette facture n’est pas en euros.", "currency")


def dates(findings: Findings) -> Iterator[Warning]:
    issued, due = get(findings, "issue_date"), get(findings, "due_date")
    if isinstance(issued, date) and isinstance(due, date) and due < issued:
        yield Warning("due_date", "L’échéance est antérieure à la date de la facture.")
    if isinstance(due, date) and findings["due_date"].evidence.source == "guess":
        yield Warning(
            "due_date",
            f"La facture ne dit pas son échéance : le {french.day(due)} est calculé d’après ses conditions de paiement, vérifiez-le.",
        )
    for name, value, words in (("issue_date", issued, "La date de la facture"), ("due_date", due, "L’échéance")):
        if isinstance(value, date) and value.year < 2000:
            yield Warning(name, f"{words} est en {value.year} : vérifiez-la.")


def numbers(findings: Findings) -> Iterator[Warning]:
    for role, of in (("seller", "du vendeur"), ("buyer", "du client"), ("payee", "du bénéficiaire")):
        siren, siret, vat = (get(findings, f"{role}.{part}") for part in ("siren", "siret", "vat"))
        if siren and not siren_holds(str(siren)):
            yield Warning(f"{role}.siren", f"Le SIREN {of} a une clé fausse : un de ses chiffres est erroné.", "no_key")
        if siret and not siret_holds(str(siret)):
            yield Warning(f"{role}.siret", f"Le SIRET {of} a une clé fausse : un de ses chiffres est erroné.", "no_key")
        if vat and not vat_holds(str(vat)):
            yield Warning(f"{role}.vat", f"Le numéro de TVA {of} a une clé fausse.", "no_key")
        elif vat and siren and siren_holds(str(siren)) and siren_of_vat(str(vat)) not in (None, siren):
            yield Warning(f"{role}.vat", f"Le numéro de TVA {of} ne contient pas son SIREN.")
        if siren and siret and not str(siret).startswith(str(siren)):
            yield Warning(f"{role}.siret", f"Le SIRET {of} ne commence pas par son SIREN.")
    iban = get(findings, "iban")
    if iban and not iban_holds(str(iban)):
        yield Warning("iban", "Cet IBAN a une clé fausse.", "no_key")


def people(findings: Findings) -> Iterator[Warning]:
    for part in ("siren", "vat"):
        seller, buyer = get(findings, f"seller.{part}"), get(findings, f"buyer.{part}")
        if seller and seller == buyer:
            yield Warning(f"buyer.{part}", "Le vendeur et le client sont la même entreprise.")
            break
