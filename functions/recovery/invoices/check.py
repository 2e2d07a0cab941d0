"""What a careful person would notice before claiming this invoice: each remark is a sentence beside its field."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from recovery import french

from .identifiers import iban_holds, siren_holds, siren_of_vat, siret_holds, vat_holds
from .reading import Findings, Value, Warning, plainly

CENT = Decimal("0.01")


def check(findings: Findings) -> list[Warning]:
    return [*nature(findings), *sums(findings), *dates(findings), *numbers(findings), *people(findings)]


def get(findings: Findings, name: str) -> Value | None:
    return findings[name].value if name in findings else None


def money(findings: Findings, name: str) -> Decimal | None:
    value = get(findings, name)
    return value if isinstance(value, Decimal) else None


def nature(findings: Findings) -> Iterator[Warning]:
    """Is this a claim at all?"""
    match get(findings, "document_type"):
        case "credit_note":
            yield Warning("file", "Ce document est un avoir, pas une facture : il n’y a rien à réclamer.")
        case "proforma":
            yield Warning("file", "Ce document est une facture pro forma, sans valeur comptable : déposez la facture définitive.")
        case "quote":
            yield Warning("file", "Ce document est un devis, pas une facture : déposez la facture.")
        case "order":
            yield Warning("file", "Ce document est un bon de commande, pas une facture : déposez la facture.")
        case "delivery_note":
            yield Warning("file", "Ce document est un bon de livraison, pas une facture : déposez la facture.")
        case "factored_invoice":
            yield Warning(
                "payee", "Cette facture a été cédée à un affacturage : c’est à lui qu’elle est due, vérifiez que vous pouvez la réclamer."
            )
        case "corrected_invoice":
            yield Warning("document_type", "Cette facture en corrige une autre : ne réclamez que celle-ci.")
        case "prepayment_invoice":
            yield Warning("document_type", "Cette facture est une demande d’acompte : vérifiez que la prestation reste due.")
        case "self_billed_invoice":
            yield Warning("document_type", "Cette facture a été établie par votre client (autofacturation).")


def sums(findings: Findings) -> Iterator[Warning]:
    net, tax, gross, prepaid, due = (money(findings, name) for name in ("total_net", "total_tax", "total_gross", "prepaid", "amount_due"))
    if net is not None and tax is not None and gross is not None and abs(net + tax - gross) > CENT:
        yield Warning("total_gross", "Le total TTC ne correspond pas au total HT augmenté de la TVA : vérifiez ces trois montants.")
    if gross is not None and due is not None and gross >= 0:
        if due > gross + CENT:
            yield Warning(
                "amount_due", "Le reste à payer dépasse le total de cette facture : ne réclamez ici que ce que cette facture porte."
            )
        elif prepaid is not None and abs(gross - prepaid - due) > CENT and get(findings, "document_type") != "credit_note":
            yield Warning("amount_due", "Le reste à payer ne correspond pas au total TTC moins les acomptes : vérifiez ces montants.")
    claimed = due if due is not None else gross
    if claimed is not None and claimed < 0 and get(findings, "document_type") != "credit_note":
        yield Warning("file", "Le montant est négatif : ce document est un avoir, il n’y a rien à réclamer.")
    if claimed == 0:
        yield Warning("amount_due", "Le reste à payer est nul : cette facture paraît réglée.")
    if get(findings, "paid") and claimed != 0:
        yield Warning("amount_due", "La facture porte une mention de paiement : vérifiez qu’elle reste due.")
    currency = get(findings, "currency")
    if currency is not None and currency != "EUR":
        yield Warning("currency", "Cette facture n’est pas en euros.")


def dates(findings: Findings) -> Iterator[Warning]:
    issued, due = get(findings, "issue_date"), get(findings, "due_date")
    if isinstance(issued, date) and isinstance(due, date) and due < issued:
        yield Warning("due_date", "L’échéance est antérieure à la date de la facture.")
    if isinstance(due, date) and findings["due_date"].evidence.source == "guess":
        yield Warning(
            "due_date", f"La facture ne dit pas son échéance : le {french.day(due)} est calculé d’après ses conditions de paiement, vérifiez-le."
        )
    for name, value, words in (("issue_date", issued, "La date de la facture"), ("due_date", due, "L’échéance")):
        if isinstance(value, date) and value.year < 2000:
            yield Warning(name, f"{words} est en {value.year} : vérifiez-la.")


def numbers(findings: Findings) -> Iterator[Warning]:
    for role, of in (("seller", "du vendeur"), ("buyer", "du client"), ("payee", "du bénéficiaire")):
        siren, siret, vat = (get(findings, f"{role}.{part}") for part in ("siren", "siret", "vat"))
        if siren and not siren_holds(str(siren)):
            yield Warning(f"{role}.siren", f"Le SIREN {of} a une clé fausse : un de ses chiffres est erroné.")
        if siret and not siret_holds(str(siret)):
            yield Warning(f"{role}.siret", f"Le SIRET {of} a une clé fausse : un de ses chiffres est erroné.")
        if vat and not vat_holds(str(vat)):
            yield Warning(f"{role}.vat", f"Le numéro de TVA {of} a une clé fausse.")
        elif vat and siren and siren_holds(str(siren)) and siren_of_vat(str(vat)) not in (None, siren):
            yield Warning(f"{role}.vat", f"Le numéro de TVA {of} ne contient pas son SIREN.")
        if siren and siret and not str(siret).startswith(str(siren)):
            yield Warning(f"{role}.siret", f"Le SIRET {of} ne commence pas par son SIREN.")
    iban = get(findings, "iban")
    if iban and not iban_holds(str(iban)):
        yield Warning("iban", "Cet IBAN a une clé fausse.")


def people(findings: Findings) -> Iterator[Warning]:
    for part in ("siren", "vat"):
        seller, buyer = get(findings, f"seller.{part}"), get(findings, f"buyer.{part}")
        if seller and seller == buyer:
            yield Warning(f"buyer.{part}", "Le vendeur et le client sont la même entreprise.")
            break
    payee, seller = get(findings, "payee.name"), get(findings, "seller.name")
    if payee and seller and plainly(payee) != plainly(seller) and get(findings, "document_type") != "factored_invoice":
        yield Warning(
            "payee", "Cette facture est payable à un autre que le vendeur (affacturage ?) : vérifiez que la créance vous appartient encore."
        )


def disagreements(xml: Findings, page: Findings) -> Iterator[Warning]:
    """Where what is printed differs from the data of the file. The data win; a person compares."""
    for name, words in COMPARED.items():
        if name in xml and name in page and page[name].evidence.confidence >= 0.8 and plainly(xml[name].value) != plainly(page[name].value):
            yield Warning(
                name, f"{words} imprimé sur la page diffère de celui des données du fichier, que nous avons retenu : comparez-les."
            )


COMPARED = {
    "invoice_number": "Le numéro",
    "total_gross": "Le total TTC",
    "amount_due": "Le reste à payer",
    "iban": "L’IBAN",
    "seller.siret": "Le SIRET du vendeur",
    "buyer.siret": "Le SIRET du client",
}
