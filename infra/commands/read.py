"""`reglo read FILE... [--json]`: what is read on an invoice."""

import argparse
import json
from pathlib import Path

from read_invoice import read_bytes
from recovery import french
from recovery.invoices.reading import Party, Reading, refused

OUTCOMES = {
    "read": "facture lue",
    "no_text": "image sans texte",
    "no_invoice": "pas de facture lisible",
    "password": "protégé par un mot de passe",
    "unreadable": "illisible",
}
SOURCES = {"xml": "données du fichier", "text": "texte de la page", "scan": "image", "none": ""}
NATURES = {
    "invoice": "facture", "credit_note": "avoir", "corrected_invoice": "facture rectificative", "prepayment_invoice": "facture d’acompte",
    "self_billed_invoice": "autofacturation", "factored_invoice": "facture affacturée", "partial_invoice": "facture partielle",
    "proforma": "facture pro forma", "debit_note": "note de débit", "quote": "devis", "order": "bon de commande", "delivery_note": "bon de livraison",
}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Lit des factures et dit ce qui y est lu."
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="PDF ou XML")
    parser.add_argument("--json", action="store_true", help="un objet JSON par fichier, un par ligne")


def run(args: argparse.Namespace) -> int:
    """0 when every file was read."""
    outcomes = []
    for file in args.files:
        reading = reading_of(file)
        outcomes.append(reading.outcome)
        print(json.dumps(reading.to_json(), ensure_ascii=False) if args.json else summary(reading), flush=True)
    return 0 if all(outcome == "read" for outcome in outcomes) else 1


def reading_of(file: Path) -> Reading:
    try:
        data = file.read_bytes()
    except OSError:
        return refused(file.name, "unreadable", f"Le fichier {file} ne peut pas être ouvert.")
    reading, _ = read_bytes(file.name, data)
    return reading


def summary(reading: Reading) -> str:
    """The reading as a French reader would jot it down."""
    source = SOURCES[reading.source]
    lines = [f"{reading.file} : {OUTCOMES[reading.outcome]}{f' ({source})' if source else ''}"]

    def line(label: str, value: str | None, field: str = "") -> None:
        if value:
            proof = reading.evidence.get(field)
            doubt = f"  (lu à {proof.confidence:.0%})" if proof and proof.confidence < 0.9 else ""
            lines.append(f"  {label:<14} {value}{doubt}")

    line("Nature", NATURES.get(reading.document_type or "", reading.document_type), "document_type")
    line("Numéro", reading.invoice_number, "invoice_number")
    line("Date", french.day(reading.issue_date) if reading.issue_date else None, "issue_date")
    line("Échéance", french.day(reading.due_date) if reading.due_date else None, "due_date")
    line("Vendeur", party(reading.seller), "seller.name")
    line("Client", party(reading.buyer), "buyer.name")
    line("Bénéficiaire", party(reading.payee) if reading.payee else None, "payee.name")
    for label, field in (
        ("Total HT", "total_net"),
        ("TVA", "total_tax"),
        ("Total TTC", "total_gross"),
        ("Déjà versé", "prepaid"),
        ("Reste à payer", "amount_due"),
    ):
        value = getattr(reading, field)
        if value is not None:
            money = french.euros(value) if reading.currency in (None, "EUR") else f"{french.number(value)} {reading.currency}"
            line(label, money, field)
    line("IBAN", reading.iban, "iban")
    line("BIC", reading.bic, "bic")
    lines += [f"  ! {warning.message}" for warning in reading.warnings]
    return "\n".join(lines)


def party(who: Party) -> str | None:
    """`NETPRESSE, SIREN 530848134, 16 rue Mollien 92100 BOULOGNE`."""
    town = " ".join(filter(None, (who.line1, who.line2, who.postcode, who.city)))
    number = f"SIREN {who.siren}" if who.siren else f"TVA {who.vat}" if who.vat else None
    return ", ".join(filter(None, (who.name, number, town))) or None
