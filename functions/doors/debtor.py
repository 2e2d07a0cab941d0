"""The debtor's page, opened by the code of a letter: what is owed and why, how to pay, whom to speak to. No account, no login."""

from typing import Any

from fastapi import APIRouter

from adapters import directory, journal, passes
from doors import views
from doors.access import QUARTER, Allowed
from doors.bodies import Body, Short
from recovery.agency import consultant
from recovery.amounts import as_of, claim_of, statement
from recovery.days import today
from recovery.owed import figures
from recovery.refusals import NotFound, TooMany

router = APIRouter()
WRONG_CODES = 5
WINDOW = QUARTER


class CodeUnknown(NotFound):
    message = "Ce code n’ouvre aucune page. Vérifiez les dix signes imprimés en haut de la lettre, ou appelez-nous."
    field = "code"


class TooManyCodes(TooMany):
    message = "Trop de codes essayés. Attendez 15 minutes, ou appelez-nous : une personne vous répond."
    field = "code"


class Code(Body):
    code: Short


@router.post("/api/letters")
async def open_letter(body: Code, caller: Allowed) -> dict[str, Any]:
    """One sentence for every wrong code: whether a code exists is never said. Only failures are counted."""
    tries = f"code from {caller.address}"
    if passes.attempts(tries, caller.now, WINDOW) > WRONG_CODES:
        raise TooManyCodes
    case_id = directory.case_of_code(body.code, caller.now)
    if case_id is None:
        raise CodeUnknown
    passes.attempts(tries, caller.now, WINDOW, add=-1)
    case = journal.load(case_id)
    known = views.sides(case)
    letter = case.first_letter
    person = consultant(known.agency, case.consultant)
    account = known.agency.account
    closed = (
        {"paid": "paid", "stopped": "withdrawn", "upheld": "withdrawn", "credited": "withdrawn", "retracted": "withdrawn"}.get(
            case.closed.reason, "closed"
        )
        if case.closed
        else None
    )
    return {
        "ref": case.case,
        "state": closed or case.status,
        "letter": {"reference": letter[0], "on": letter[1].isoformat()} if letter else None,
        "creditor": {"name": known.creditor.full_name, "address": known.creditor.address},
        "debtor": {"name": known.debtor.full_name},
        "invoices": [
            {"number": invoice.number, "issued": invoice.issued.isoformat(), "due": invoice.due.isoformat(), "label": invoice.label}
            for invoice in case.invoices
        ],
        "statement": figures(statement(claim_of(case), as_of(case, today(caller.now)))),
        "pay": {"holder": account.holder, "iban": account.iban, "bic": account.bic, "reference": case.case}
        if not case.closed and case.status != "insolvent"
        else None,
        "contact": {"name": person.name, "title": person.title, "phone": person.phone, "email": person.email},
        "agency": {
            "name": known.agency.name,
            "legal_name": known.agency.legal_name,
            "address": known.agency.address,
            "phone": known.agency.phone,
            "email": known.agency.email,
            "hours": known.agency.hours,
        },
    }
