"""`reglo read FILE... [--json]`: what is read on an invoice. A folder or a ZIP stands for the invoices in it."""

import argparse
import json
import shlex
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import recognise
from adapters.bundle import unpack
from adapters.clock import now
from adapters.recogniser import by_scanner
from infra.local import scanner
from read_invoice import LARGEST, read_bytes
from recovery import french
from recovery.invoices.details import Line
from recovery.invoices.opened import HEIC, media_type, sniff
from recovery.invoices.reading import Party, Reading, refused
from recovery.invoices.scan import Picture

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
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="PDF, XML ou photo, dossier ou ZIP de factures")
    parser.add_argument("--json", action="store_true", help="un objet JSON par fichier, un par ligne")
    parser.add_argument(
        "--no-scan", action="store_true", help="laisse les images sans les lire (elles le sont quand `make scan` a été fait)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when every file was read."""
    today = french.local(now()).date()
    outcomes = []
    for file in args.files:
        for reading in readings_of(file, today, "" if args.no_scan else scanner.command()):
            outcomes.append(reading.outcome)
            print(json.dumps(reading.to_json(), ensure_ascii=False) if args.json else summary(reading), flush=True)
    return 0 if outcomes and all(outcome == "read" for outcome in outcomes) else 1


def readings_of(file: Path, today: date, scans: str) -> Iterator[Reading]:
    """`scans` is the command that reads pictures, if any."""
    if file.is_dir():
        for inner in sorted(inner for inner in file.iterdir() if inner.is_file() and inner.suffix.lower() in IN_A_FOLDER):
            yield from readings_of(inner, today, scans)
        return
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError:
        yield refused(file.name, "unreadable", f"Le fichier {file} ne peut pas être ouvert.")
        return
    if sniff(data) != "zip":
        yield read_one(file.name, data, today, scans)
        return
    inside = unpack(file.name, data)
    for name, member in inside.members:
        yield read_one(name, member, today, scans)
    for name, why in inside.closed:
        yield refused(name, "unreadable", why)
    if inside.refused or not (inside.members or inside.closed):
        yield refused(file.name, "unreadable", inside.refused or "Cette archive est vide.")


IN_A_FOLDER = (".pdf", ".xml", ".zip", ".png", ".jpg", ".jpeg", ".heic")
SECONDS = 120.0  # to read the words of pictures: nobody waits at a page


def read_one(name: str, data: bytes, today: date | None, scans: str) -> Reading:
    reading, _ = read_bytes(name, data, today=today)
    if not scans or (reading.outcome != "no_text" and media_type(data) not in HEIC):
        return reading

    def look(pages: Mapping[int, bytes]) -> Iterator[Picture]:
        return by_scanner(shlex.split(scans), pages, time.monotonic() + SECONDS)

    return recognise.read_bytes(name, data, today=today, look=look)[0] or reading


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
    line("Paiement", reading.terms.payment, "terms.payment")
    line("Pénalités", reading.terms.penalties, "terms.penalties")
    line("Indemnité", reading.terms.indemnity, "terms.indemnity")
    line("Escompte", reading.terms.discount, "terms.discount")
    line("Sur", ", ".join(each.number for each in reading.preceding_invoices), "preceding_invoices")
    lines += [f"  · {article(each)}" for each in reading.lines[:LINES_SHOWN]]
    if len(reading.lines) > LINES_SHOWN:
        lines.append(f"  · et {french.plural(len(reading.lines) - LINES_SHOWN, 'autre ligne', 'autres lignes')}")
    lines += [f"  ! {warning.message}" for warning in reading.warnings]
    return "\n".join(lines)


LINES_SHOWN = 8


def article(line: Line) -> str:
    """`2 × Pose de la cloison à 150,00 = 300,00, TVA 20 %`."""
    quantity = f"{line.quantity.normalize():f} × ".replace(".", ",") if line.quantity is not None else ""
    price = f" à {line.unit_price:f}".replace(".", ",") if line.unit_price is not None else ""
    net = f" = {french.number(line.net)}" if line.net is not None else ""
    tax = f", TVA {french.percent(line.tax_rate)}" if line.tax_rate is not None else ""
    return f"{quantity}{line.name or line.description or 'ligne sans nom'}{price}{net}{tax}"


def party(who: Party) -> str | None:
    """`NETPRESSE, SIREN 530848134, 16 rue Mollien 92100 BOULOGNE`."""
    town = " ".join(filter(None, (who.line1, who.line2, who.line3, who.postcode, who.city)))
    number = f"SIREN {who.siren}" if who.siren else f"TVA {who.vat}" if who.vat else None
    return ", ".join(filter(None, (who.name, number, town))) or None
