"""What changes the sum owed: payments, those that come back unpaid, the creditor's credit notes. Requests, like those of decisions.py."""

from datetime import date, datetime
from decimal import Decimal

from recovery.amounts import claim_of, money_moved, statement
from recovery.case import Case, evolve
from recovery.days import today
from recovery.decisions import withdrawn
from recovery.events import AnyEvent, CaseClosed, CreditNoted, InterestWaived, PaymentReceived, PaymentReturned
from recovery.french import day, euros
from recovery.refusals import CaseAlreadyClosed, Invalid, NothingToDo, PaymentInTheFuture, PaymentTooLarge


def record_payment(
    case: Case,
    amount: Decimal,
    on: date,
    *,
    payment: str,
    means: str,
    invoice: str | None = None,
    acknowledges: bool | None = None,
    by: str,
    at: datetime,
) -> list[AnyEvent]:
    """A payment, and what follows from it: paid in full closes the case; so does the exact total of our last letter within its date."""
    if any(known.payment == payment for known in case.payments):
        return []
    if case.closed and case.closed.reason == "paid":
        raise CaseAlreadyClosed
    the_invoice(case, invoice)
    if amount <= 0:
        raise Invalid("Saisissez un montant supérieur à zéro, par exemple 1 200,00.", "amount")
    if on > today(at):
        raise PaymentInTheFuture
    if on < case.opened_on and means != "direct":
        raise Invalid(f"Le dossier est ouvert depuis le {day(case.opened_on)} : avant, choisissez « Payé au créancier ».", "on")
    if on < (first := min(each.issued for each in case.invoices)):
        raise Invalid(f"La facture est du {day(first)} : un acompte d’avant est déjà déduit de ce qu’elle réclame.", "on")
    received = PaymentReceived(
        at=at, by=by, payment=payment, amount=amount, on=on, means=means, invoice=invoice or None, acknowledges=acknowledges is not False
    )
    after = evolve(case, received)
    # A bank statement may be read late: an older payment counts with the newer ones, and nothing was claimed before the opening.
    last = max(last_money(after), case.opened_on)
    left = statement(claim_of(after), last).balance
    if left < 0:
        raise PaymentTooLarge(f"Ce paiement dépasse la somme restant due ce jour-là, {euros(amount + left)}. Vérifiez le montant.")
    if case.closed:
        return [received]  # stopped, and paid all the same: a receipt is owed, and the creditor's share (INV-07)
    if left == 0:
        return [received, CaseClosed(at=at, by=by, reason="paid")]
    if pays_the_last_letter(after, last):
        letter = case.letters[-1]
        reason = f"Total de notre lettre du {day(letter.due)} payé dans son délai"
        return [received, InterestWaived(at=at, by=by, amount=left, reason=reason), CaseClosed(at=at, by=by, reason="paid")]
    return [received, *withdrawn(case, "payment", by=by, at=at)]


def pays_the_last_letter(case: Case, on: date) -> bool:
    """Its total counts what we knew when it was decided, so what we learned since must add up to it."""
    if not case.letters:
        return False
    letter = case.letters[-1]
    back = {returned.payment for returned in case.returned}
    since = sum((payment.amount for payment in case.payments if payment.at >= letter.at and payment.payment not in back), Decimal(0))
    return letter.answer_by is not None and on <= letter.answer_by and since == letter.total


def return_payment(case: Case, payment: str, on: date, reason: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """The bank took it back. A case that this money had closed is open again (case.evolve), and what was given up for it is claimed again."""
    known = next((each for each in case.payments if each.payment == payment), None)
    if known is None:
        raise NothingToDo("Ce paiement n’est pas dans ce dossier.")
    if any(each.payment == payment for each in case.returned):
        return []
    if on > today(at):
        raise Invalid("Cette date est dans le futur.", "on")
    if on < known.on:
        raise Invalid(f"Ce paiement a été reçu le {day(known.on)} : il n’a pas pu revenir avant.", "on")
    return [PaymentReturned(at=at, by=by, payment=payment, on=on, reason=reason), *withdrawn(case, "payment", by=by, at=at)]


def credit(
    case: Case,
    number: str,
    invoice: str | None,
    amount: Decimal,
    on: date,
    *,
    retroactive: bool,
    document: str | None,
    by: str,
    at: datetime,
) -> list[AnyEvent]:
    """The creditor credits a part of what they invoiced. Nothing left closes the case; no fee is due on it."""
    if not number:
        raise Invalid("Saisissez le numéro de l’avoir.", "number")
    the_invoice(case, invoice)
    invoice = invoice or (case.invoices[0].number if len(case.invoices) == 1 else None)
    if invoice is None:
        raise Invalid("Choisissez la facture que cet avoir diminue.", "invoice")
    noted = CreditNoted(at=at, by=by, number=number, invoice=invoice, amount=amount, on=on, retroactive=retroactive, document=document)
    for known in case.credit_notes:
        if known.number == number:
            if (known.invoice, known.amount) == (invoice, amount):
                return []
            raise Invalid("Un avoir de ce numéro est déjà dans le dossier, pour une autre somme.", "number")
    if case.status == "closed":
        raise CaseAlreadyClosed
    if amount <= 0:
        raise Invalid("Saisissez un montant supérieur à zéro, par exemple 120,00.", "amount")
    if on > today(at):
        raise Invalid("La date de l’avoir est dans le futur.", "on")
    credited = next(each for each in case.invoices if each.number == invoice)
    if on < credited.issued:
        raise Invalid(f"Cette facture est du {day(credited.issued)} : l’avoir ne peut pas être d’avant.", "on")
    before = sum((known.amount for known in case.credit_notes if known.invoice == invoice), Decimal(0))
    if amount > credited.amount - before:
        raise Invalid(f"Cet avoir dépasse ce que la facture réclame, {euros(credited.amount - before)}.", "amount")
    after = evolve(case, noted)
    left = statement(claim_of(after), max(on, *(each.due for each in case.invoices), last_money(after, on))).balance
    if left < 0:
        raise Invalid(f"Avec cet avoir, votre client aurait payé {euros(-left)} de trop : appelez-nous avant de l’enregistrer.", "amount")
    if left == 0:
        return [noted, CaseClosed(at=at, by=by, reason="credited")]
    return [noted, *withdrawn(case, "credit_note", by=by, at=at)]


def the_invoice(case: Case, number: str | None) -> None:
    if number and all(number != invoice.number for invoice in case.invoices):
        raise Invalid(
            f"Cette facture n’est pas dans ce dossier. Ses factures : {', '.join(each.number for each in case.invoices)}.", "invoice"
        )


def last_money(case: Case, otherwise: date = date.min) -> date:
    return max(money_moved(case), default=otherwise)
