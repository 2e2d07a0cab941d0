"""A claim told in JSON, checked field by field: what `reglo owed` and `POST /api/owed` are asked.

    {"regime": "b2b|b2c|b2g", "debtor_country": "FR", "formal_notice_on": null,
     "invoices": [{"number", "issued", "due", "amount", "agreed_rate": null,
                   "claim", "delivered", "penalty_clause", "interest": true, "label"}],
     "payments": [{"on", "amount", "invoice": null, "order": ""|"principal", "acknowledges": true, "returned_on": null}],
     "credit_notes": [{"on", "amount", "invoice", "retroactive": false, "number"}],
     "creditor": "business|public|individual", "claim": null, "settings": {}, "on": null,
     "capitalised": false, "insolvency_on": null, "enforceable_on": null, "plans": [{"first", "last"}],
     "costs": [{"on", "amount", "label"}], "interruptions": [{"on", "ground", "until": null, "invoice": null}],
     "suspensions": [{"first", "last", "ground"}]}

Days are AAAA-MM-JJ (31/01/2026 is understood), money is a number or a text of two decimals at most, in euros. What cannot be accepted comes
back with its path (`invoices[0].due`) and one sentence; what is only doubtful is counted, and warned of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

from recovery.agreed import agreed_rate, bounds
from recovery.amounts import Claim, Cost
from recovery.countries import country
from recovery.events import CreditNoted, Invoice, LimitationInterrupted, LimitationSuspended, PaymentReceived, PaymentReturned
from recovery.french import day
from recovery.intake import FormRefused, Wrong
from recovery.invoices.written import clean
from recovery.kinds import kind_named
from recovery.limitation import INTERRUPTS
from recovery.refusals import Invalid
from recovery.settings import Settings, settings
from recovery.told import Notes, Told, a_day, several

MOST_ERRORS = 50
REGIMES = ("b2b", "b2c", "b2g")
CREDITORS = ("business", "public", "individual")
GROUNDS = tuple(ground for ground in INTERRUPTS if ground != "part_payment")  # a payment interrupts by itself
DATED_DATA = ("greffe_fee", "service_fee", "aid_contribution")  # settings of law.md 13 that are values of law, not answers


@dataclass(frozen=True, slots=True)
class Asked:
    claim: Claim
    on: date
    paths: Mapping[str, str]  # invoice → where it was told
    warnings: tuple[Wrong, ...] = ()


def read(told: object, today: date, most: int) -> Asked:
    """The claim, or every field that cannot be accepted. `most` bounds each list. Raises `FormRefused`."""
    if not isinstance(told, dict):
        raise FormRefused((Wrong("", "Donnez un objet JSON : « regime », « invoices », « payments »…"),))
    notes = Notes()
    asked = _asked(told, today, most, notes)
    if notes.errors:
        raise FormRefused(tuple(notes.errors[:MOST_ERRORS]))
    return replace(asked, warnings=tuple(notes.warnings))


def _asked(told: Mapping[str, Any], today: date, most: int, notes: Notes) -> Asked:
    on = a_day(told.get("on")) or today
    top = Told(told, "", notes, max(today, on))
    top.day("on", ahead=True)
    top.euros()
    regime = top.one_of("regime", REGIMES, None)
    kind = _kind(top)
    chosen = _settings(top)
    paths: dict[str, str] = {}
    invoices = [invoice for item in top.items("invoices", most) if (invoice := _invoice(item, kind, regime, paths)) is not None]
    if not paths and not notes.errors:
        top.wrong("invoices", "Donnez au moins une facture : « number », « issued », « due », « amount ».")
    payments, returned = [], []
    for place, item in enumerate(top.items("payments", most), 1):
        payment, back = _payment(item, f"p{place}", paths)
        if payment and payment.on <= on:
            payments.append(payment)
        elif payment:
            notes.warnings.append(Wrong(item.path, f"Ce paiement est du {day(payment.on)} : il n’est pas compté au {day(on)}."))
        if back and back.on <= on:
            returned.append(back)
    credit_notes = []
    for item in top.items("credit_notes", most):
        note = _credit_note(item, paths)
        if note and note.on <= on:
            credit_notes.append(note)
        elif note:
            notes.warnings.append(Wrong(item.path, f"Cet avoir est du {day(note.on)} : il n’est pas compté au {day(on)}."))
    claim = Claim(
        regime=regime,
        invoices=tuple(invoices),
        payments=tuple(payments),
        returned=tuple(returned),
        credit_notes=tuple(credit_notes),
        costs=tuple(several(top.items("costs", most), _cost)),
        creditor_kind=top.one_of("creditor", CREDITORS, "business"),
        debtor_country=_country(top),
        formal_notice_on=top.day("formal_notice_on"),
        enforceable_on=top.day("enforceable_on"),
        stopped_on=top.day("insolvency_on"),
        plans=tuple(several(top.items("plans", most), _period)),
        interruptions=tuple(
            each for each in several(top.items("interruptions", most), lambda item: _interruption(item, paths)) if each.on <= on
        ),
        suspensions=tuple(each for each in several(top.items("suspensions", most), _suspension) if each.first <= on),
        compound=top.flag("capitalised", False),
        settings=chosen,
    )
    top.nothing_else()
    plans = sorted(claim.plans)
    if any(before[1] >= after[0] for before, after in pairwise(plans)):
        top.wrong("plans", "Deux échéanciers se chevauchent : donnez des périodes qui se suivent.")
    return Asked(claim, on, paths)


def _kind(told: Told) -> str:
    try:
        kind = kind_named(told.text("claim", 40))
    except Invalid as refused:
        told.wrong("claim", refused.message)
        return ""
    return kind.id if kind else ""


def _country(told: Told) -> str:
    code = told.text("debtor_country", 40).upper() or "FR"
    try:
        country(code)
    except Invalid as refused:
        told.wrong("debtor_country", refused.message)
    return code


def _settings(told: Told) -> Settings:
    chosen: dict[str, str] = {}
    given = told.get("settings") or {}
    if not isinstance(given, dict):
        told.wrong("settings", "Donnez un objet JSON : le nom du réglage et sa valeur.")
        return Settings()
    for said, value in list(given.items())[:MOST_ERRORS]:
        name = clean(said, 40).lower()
        if name in DATED_DATA:
            told.notes.warnings.append(Wrong(f"settings.{name}", "Ce réglage n’a pas d’effet sur ce décompte."))
            continue
        try:
            chosen |= settings({name: value}).chosen
        except Invalid as refused:
            told.wrong(f"settings.{name}", refused.message)
    return Settings(chosen)


def _invoice(told: Told, kind: str, regime: str, paths: dict[str, str]) -> Invoice | None:
    told.euros()
    number = told.text("number", 40)
    if not number and told.get("number") is None:
        told.wrong("number", "Donnez le numéro de la facture.")
    elif number in paths:
        told.wrong("number", "Deux factures portent ce numéro : retirez-en une, ou corrigez-le.")
    due = told.day("due", needed="Donnez la date d’échéance, par exemple 2026-01-31.", ahead=True)
    issued = told.day("issued") or due  # nobody told: the due date is what we are sure of
    total = told.sum("amount", needed="Donnez le montant encore dû, TTC.")
    if issued and due and due < issued:
        told.wrong("due", "L’échéance est avant la date de la facture. Corrigez l’une des deux.")
    agreed = None
    try:
        agreed = agreed_rate(told.get("agreed_rate"))
        if agreed and due and regime == "b2b":
            bounds(agreed, due)
    except Invalid as refused:
        told.wrong("agreed_rate", refused.message)
    penalty, delivered = told.sum("penalty_clause"), told.day("delivered")
    if number:
        paths.setdefault(number, told.path)
    label, interest, own = told.text("label"), told.flag("interest", True), _kind(told)
    if not number or due is None or issued is None or total is None:
        return None
    return Invoice(
        number=number,
        issued=issued,
        due=due,
        amount=total,
        label=label,
        interest=interest,
        kind=own or kind,
        agreed=agreed,
        penalty=penalty,
        delivered=delivered,
    )


def _which(told: Told, paths: Mapping[str, str]) -> str | None:
    """The invoice it is about, None for all of them."""
    number = told.text("invoice", 40) or None
    if number and number not in paths:
        told.wrong("invoice", "Aucune facture de la liste ne porte ce numéro.")
    return number


def _payment(told: Told, id: str, paths: Mapping[str, str]) -> tuple[PaymentReceived | None, PaymentReturned | None]:
    told.euros()
    on = told.day("on", needed="Donnez le jour du paiement.")
    total = told.sum("amount", needed="Donnez le montant du paiement.")
    order = told.one_of("order", ("principal", "interest"), "")
    back, invoice, acknowledges = told.day("returned_on"), _which(told, paths), told.flag("acknowledges", True)
    means = told.text("means", 40)
    if on is None or total is None:
        return None, None
    if back and back < on:
        told.wrong("returned_on", "Ce paiement serait revenu avant d’être fait : corrigez l’une des deux dates.")
    payment = PaymentReceived(
        at=_moment(on),
        by="",
        payment=id,
        amount=total,
        on=on,
        means=means or "transfer",
        invoice=invoice,
        order="principal" if order == "principal" else "",
        acknowledges=acknowledges,
    )
    return payment, PaymentReturned(at=_moment(back), by="", payment=id, on=back) if back else None


def _credit_note(told: Told, paths: Mapping[str, str]) -> CreditNoted | None:
    told.euros()
    on = told.day("on", needed="Donnez le jour de l’avoir.")
    total = told.sum("amount", needed="Donnez le montant de l’avoir, positif.")
    number, invoice, retroactive = told.text("number", 40), _which(told, paths), told.flag("retroactive", False)
    if retroactive and invoice is None:
        told.wrong("invoice", "Un avoir qui corrige une facture depuis l’origine dit laquelle.")
    if on is None or total is None:
        return None
    return CreditNoted(at=_moment(on), by="", number=number, invoice=invoice, amount=total, on=on, retroactive=retroactive)


def _cost(told: Told) -> Cost | None:
    told.euros()
    on = told.day("on", needed="Donnez le jour de la décision du juge.")
    total, label = told.sum("amount", needed="Donnez la somme accordée par le juge."), told.text("label")
    return Cost(on=on, amount=total, label=label or "dépens, frais accordés") if on and total else None


def _period(told: Told) -> tuple[date, date] | None:
    first = told.day("first", needed="Donnez le premier jour.", ahead=True)
    last = told.day("last", needed="Donnez le dernier jour.", ahead=True)
    if first and last and last < first:
        told.wrong("last", "Le dernier jour est avant le premier.")
    return (first, last) if first and last else None


def _interruption(told: Told, paths: Mapping[str, str]) -> LimitationInterrupted | None:
    ground = told.one_of("ground", GROUNDS, None)
    on = told.day("on", needed="Donnez le jour de l’acte.")
    until, invoice = told.day("until"), _which(told, paths)
    if on and until and until < on:
        told.wrong("until", "La fin est avant le début.")
    return LimitationInterrupted(at=_moment(on), by="", ground=ground, on=on, until=until, invoice=invoice) if on else None


def _suspension(told: Told) -> LimitationSuspended | None:
    ground, period = told.text("ground", 40), _period(told)
    if period is None:
        return None
    first, last = period
    return LimitationSuspended(at=_moment(first), by="", first=first, last=last, ground=ground or "mediation")


def _moment(on: date) -> datetime:
    """Events bear a moment; a statement looks at their days alone."""
    return datetime.combine(on, time(), UTC)
