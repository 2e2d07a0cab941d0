"""Is this a claim, whose is it, and from when? What the creditor is told before claiming: the wrong debt is worse than none.

Each remark has a code, so that a program may act on what a person reads.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from recovery import french

from . import written
from .codes import FACTORED
from .opened import Cell, Page
from .reading import Findings, Warning, get, money, plainly

OTHER_DOCUMENTS = {
    "proforma": "Ce document est une facture pro forma, sans valeur comptable : déposez la facture définitive.",
    "quote": "Ce document est un devis, pas une facture : déposez la facture.",
    "order": "Ce document est un bon de commande, pas une facture : déposez la facture.",
    "delivery_note": "Ce document est un bon de livraison, pas une facture : déposez la facture.",
}
UNUSUAL = {
    "corrected_invoice": "Cette facture en corrige une autre : ne réclamez que celle-ci.",
    "prepayment_invoice": "Cette facture est une demande d’acompte : vérifiez que la prestation reste due.",
    "self_billed_invoice": "Cette facture a été établie par votre client (autofacturation).",
}
CREDIT_NOTE = "Ce document est un avoir, pas une facture : il n’y a rien à réclamer."
NEGATIVE = "Le montant est négatif : ce document est un avoir, il n’y a rien à réclamer."
SETTLED = "Le reste à payer est nul : cette facture paraît réglée."
SAID_PAID = "Les données de cette facture la disent déjà payée : vérifiez qu’elle reste due."
MAYBE_PAID = "La facture porte une mention de paiement : vérifiez qu’elle reste due."
FACTORED_INVOICE = "Cette facture a été cédée à un affacturage : c’est à lui qu’elle est due, vérifiez que vous pouvez la réclamer."
ANOTHER_PAYEE = "Cette facture est payable à un autre que le vendeur (affacturage ?) : vérifiez que la créance vous appartient encore."
PRINTED_ASSIGNED = "La page parle d’une cession ou d’un affacturage : vérifiez que la créance vous appartient encore."
DIRECT_DEBIT = "Le règlement est prévu par prélèvement : vérifiez qu’il a été rejeté ou ne sera pas présenté."


def remarks(findings: Findings, pages: Sequence[Page], today: date | None) -> Iterator[Warning]:
    yield from nature(findings)
    yield from settled(findings)
    yield from assigned(findings, pages)
    yield from when(findings, today)


def nature(findings: Findings) -> Iterator[Warning]:
    kind = str(get(findings, "document_type"))
    claimed = money(findings, "amount_due")
    claimed = money(findings, "total_gross") if claimed is None else claimed
    if kind == "credit_note":
        negative = claimed is not None and claimed < 0
        yield Warning("file", NEGATIVE, "negative") if negative else Warning("file", CREDIT_NOTE, "credit_note")
    elif kind in OTHER_DOCUMENTS:
        yield Warning("file", OTHER_DOCUMENTS[kind], "not_an_invoice")
    elif claimed is not None and claimed < 0:
        yield Warning("file", NEGATIVE, "negative")
    if kind in UNUSUAL:
        yield Warning("document_type", UNUSUAL[kind])


def settled(findings: Findings) -> Iterator[Warning]:
    due, gross = money(findings, "amount_due"), money(findings, "total_gross")
    if (due if due is not None else gross) == Decimal(0):
        yield Warning("amount_due", SETTLED, "paid")
    elif get(findings, "process") in ALREADY_PAID:
        yield Warning("amount_due", SAID_PAID, "paid")
    elif get(findings, "paid"):
        proof = findings["paid"].evidence
        yield Warning("amount_due", MAYBE_PAID, "maybe_paid", proof.page, proof.box)


ALREADY_PAID = ("B2", "S2", "M2")  # BT-23, the French kinds of process: an invoice for what was paid already


def assigned(findings: Findings, pages: Sequence[Page]) -> Iterator[Warning]:
    """A factor or a bank may own the debt: by the code, by a payee who is not the seller, by a sentence on the page."""
    if get(findings, "document_type") == "factored_invoice" or get(findings, "type_code") in FACTORED:
        yield Warning("payee", FACTORED_INVOICE, "assigned")
    elif another_payee(findings):
        yield Warning("payee", ANOTHER_PAYEE, "assigned")
    elif place := next(printed_assignment(pages), None):
        page, cell = place
        yield Warning("payee", PRINTED_ASSIGNED, "assigned", page.number, page.fraction(cell))


def another_payee(findings: Findings) -> bool:
    for part in ("siren", "vat", "name"):
        payee, seller = get(findings, f"payee.{part}"), get(findings, f"seller.{part}")
        if payee and seller:
            return plainly(payee) != plainly(seller)
    return bool(get(findings, "payee.name"))


# Written without accents, as `written.fold` leaves them.
ASSIGNED = re.compile(
    r"subroge|quittance subrogative|affactur|liberatoire|\bfactoring\b|bordereau dailly|\bl\. ?313-23\b"
    r"|(?:creances?|factures?)\b.{0,60}\b(?:cedees?|transferees?) (?:a|au|aux)\b|regle\w* .{0,40}\b(?:notre|au) factor\b"
    r"|abgetreten|\bassigned to\b|\bcedid[oa]s? a\b|\bcedut[oa] a\b|gecedeerd|verpand"
)
# General terms say it of somebody else: an insurer, a guarantor, a right one may not assign.
NOT_ASSIGNED = re.compile(r"ne (?:peut|peuvent|pourra|saurait).{0,40}ced|assureur|assurance|caution|garant|sans l'accord|interdit")


def printed_assignment(pages: Sequence[Page]) -> Iterator[tuple[Page, Cell]]:
    for page in pages:
        for cell in page.cells:
            folded = written.fold(cell.text[:1000])
            if ASSIGNED.search(folded) and not NOT_ASSIGNED.search(folded):
                yield page, cell


def when(findings: Findings, today: date | None) -> Iterator[Warning]:
    due = get(findings, "due_date")
    if today and isinstance(due, date) and due >= today and get(findings, "document_type") != "credit_note":
        after = french.day_month(due + timedelta(days=1))
        sentence = f"Cette facture échoit le {french.day(due)} : elle n’est pas encore due. Revenez le {after}."
        yield Warning("due_date", sentence, "not_due")
    reckoned = get(findings, "reckoned_due_date")
    if isinstance(reckoned, date):
        told = f"Ses conditions de paiement donneraient le {french.day(reckoned)} : vérifiez."
        yield Warning("due_date", f"La facture ne dit pas son échéance. {told}")
    if get(findings, "payment_means") in ("49", "59"):
        yield Warning("file", DIRECT_DEBIT, "direct_debit")
