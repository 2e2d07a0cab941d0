"""What is owed, told back in JSON: the statement, until when each invoice can be claimed, and what one should know about both.

One form for `reglo owed`, `POST /api/owed` and the pages. What is asked is read by asked.py.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from recovery.agreed import bounds, yearly
from recovery.amounts import Claim, Line, Statement, bears_legal_interest, penalty_of, statement
from recovery.asked import Asked
from recovery.events import Invoice
from recovery.french import day
from recovery.intake import FormRefused, Wrong
from recovery.law import LawUnknown
from recovery.limitation import ENDLESS, Limitation, limitations_of
from recovery.rates import something


def answer(asked: Asked) -> dict[str, Any]:
    """The statement, until when each invoice can be claimed, and what one should know about both. Raises `FormRefused`."""
    try:
        owed = statement(asked.claim, asked.on)
        lasts = limitations_of(asked.claim, owed)
    except LawUnknown as unknown:
        sentence = f"{unknown.rule.title} : aucune valeur n’est connue chez nous pour le {day(unknown.day)}. Choisissez une autre date."
        raise FormRefused((Wrong("on", sentence),)) from unknown
    earliest = min(lasts, key=lambda each: (each.last, each.invoice))
    said = (*asked.warnings, *_about_the_statement(asked, owed), *_about_the_limitation(asked, lasts))
    return figures(owed) | {
        "limitation": _last_day(earliest),
        "limitations": [
            {"invoice": each.invoice, "last": _last_day(each), "article": each.article, "sentence": each.sentence} for each in lasts
        ],
        "warnings": [{"field": warning.field, "message": warning.message} for warning in said],
    }


def _last_day(found: Limitation) -> str | None:
    """None while proceedings last."""
    return None if found.last == ENDLESS else found.last.isoformat()


# ------------------------------------------------------------------------------------------------ a statement as JSON


def figures(owed: Statement) -> dict[str, Any]:
    return {
        "on": owed.on.isoformat(),
        "lines": [_line(line) for line in owed.lines],
        "principal": money(owed.principal),
        "interest": money(owed.interest),
        "indemnity": money(owed.indemnity),
        "penalty": money(owed.penalty),
        "paid": money(owed.paid),
        "waived": money(owed.waived),
        "cost": money(owed.cost),
        "balance": money(owed.balance),
    }


def _line(line: Line) -> dict[str, Any]:
    """An interest line also carries the figures of its arithmetic."""
    shown: dict[str, Any] = {
        "kind": line.kind,
        "invoice": line.invoice,
        "amount": money(line.amount),
        "rule": line.rule,
        "detail": line.detail,
    }
    if line.rate is not None and line.base is not None:
        segment = {"first": str(line.first), "last": str(line.last), "days": line.days, "rate": f"{line.rate:f}", "base": money(line.base)}
        shown |= segment
    return shown


def money(value: Decimal) -> str:
    return f"{value:.2f}"


# ------------------------------------------------------------------------------------------------ what one should know


def _about_the_statement(asked: Asked, owed: Statement) -> Iterator[Wrong]:
    claim, on = asked.claim, asked.on
    abroad = claim.country
    if abroad:
        yield Wrong(
            "debtor_country", f"Compté selon la loi du pays du débiteur ({abroad.name}), lue le {day(abroad.checked)} : faites-la relire."
        )
        if claim.legal_interest:
            yield Wrong("regime", "À l’étranger, nous ne réclamons à un particulier, ou pour un particulier, que le principal.")
        if abroad.licence_wanted(claim.regime):
            yield Wrong("debtor_country", f"Recouvrer dans ce pays demande une autorisation : {abroad.licence_name}.")
    elif claim.legal_interest and claim.formal_notice_on is None:
        yield Wrong("formal_notice_on", "Sans mise en demeure présentée, aucun intérêt ne court encore : seul le principal est compté.")
    segments: dict[str | None, list[Line]] = {}
    for line in owed.lines:
        if line.rate is not None:
            segments.setdefault(line.invoice, []).append(line)
    for invoice in claim.invoices:
        path = asked.paths[invoice.number]
        if invoice.due > on:
            yield Wrong(path, f"La facture {invoice.number} n’est à payer que le {day(invoice.due)} : elle n’est pas comptée au {day(on)}.")
        if invoice.agreed:
            yield from _about_the_agreed_rate(claim, invoice, f"{path}.agreed_rate", segments.get(invoice.number, []))
        if invoice.penalty and not penalty_of(claim, invoice):
            sentence = "La clause pénale n’est pas réclamée à un particulier, ni pour un particulier, ni sur un loyer ou des charges."
            yield Wrong(f"{path}.penalty_clause", sentence)
        credited = sum((note.amount for note in claim.credit_notes if note.invoice == invoice.number), Decimal(0))
        if credited > invoice.amount:
            yield Wrong(path, f"Les avoirs dépassent la facture {invoice.number} : le surplus vient en déduction du reste.")
    if any(line.assumed for line in owed.lines):
        yield Wrong("on", "Un taux de la période n’est pas encore publié : le dernier connu est supposé continuer.")
    ahead = {invoice.number for invoice in claim.invoices if invoice.due > on}
    if ahead and (owed.balance < 0 or any(payment.invoice in ahead for payment in claim.payments)):
        yield Wrong(
            "payments", "Une somme payée d’avance est déduite du solde : elle sera imputée à l’échéance de ce qui n’est pas encore dû."
        )
    elif owed.balance < 0:
        yield Wrong("payments", "Le débiteur a payé plus que ce qu’il doit : le trop-perçu lui revient.")


def _about_the_agreed_rate(claim: Claim, invoice: Invoice, path: str, segments: list[Line]) -> Iterator[Wrong]:
    assert invoice.agreed is not None
    if claim.regime != "b2b" or bears_legal_interest(claim, invoice):
        yield Wrong(path, "Le taux convenu n’est pas appliqué ici : la loi fixe celui de cette créance.")
    elif something(invoice.agreed) is None:
        yield Wrong(path, "Un taux convenu nul compte comme absent : le taux légal supplétif s’applique.")
    elif claim.country:
        yield Wrong(path, "À l’étranger, le taux convenu n’est compté que là où il est plus bas que celui de la loi du pays.")
    else:
        if flag := bounds(invoice.agreed, invoice.due):
            yield Wrong(path, flag)
        raised = [
            line for line in segments if line.first and line.rate and line.rate != 0 and line.rate > yearly(invoice.agreed, line.first)
        ]
        if raised:
            done = "il est relevé à ce plancher" if claim.settings["below_floor"] == "FLOOR" else "le taux supplétif le remplace"
            yield Wrong(path, f"Le taux convenu est sous trois fois le taux légal au {day(raised[0].first)} : {done} (L441-10 II).")  # type: ignore[arg-type]


def _about_the_limitation(asked: Asked, lasts: list[Limitation]) -> Iterator[Wrong]:
    for found in lasts:
        path, left = asked.paths[found.invoice], found.alert(asked.on)
        if left == 0:
            sentence = f"La facture {found.invoice} est prescrite : on ne pouvait la réclamer en justice que jusqu’au {day(found.last)}."
            yield Wrong(path, sentence)
        elif left is not None:
            yield Wrong(path, f"Il reste {left} mois au plus. {found.sentence}")
    if warning := next((found.warning for found in lasts if found.warning), ""):
        yield Wrong("claim", warning)
