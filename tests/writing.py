"""Letters and e-mails as the tests write them: one agency, one creditor, two debtors, a case opened on a Tuesday (cases.py)."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from recovery import letters
from recovery.agency import Agency, from_json
from recovery.amounts import claim_of, statement
from recovery.case import Case, fold
from recovery.events import AnyEvent, PaymentReceived
from recovery.letters import Letter, Message
from recovery.parties import Party
from tests.cases import STAFF, TUESDAY, at, climbed, invoice, opening

PROFILE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "infra/local/agency.json").read_text("utf-8"))
SITE, CODE = "https://reglo.example", "KP7M2XQ94T"
AGENCY: Agency = from_json(PROFILE | {"site": SITE})
CREDITOR = Party(
    name="Atelier Berthelot",
    legal_form="SARL",
    siren="794205118",
    line1="22 quai de la Fosse",
    postcode="44000",
    city="Nantes",
    email="camille@atelier.example",
)
DEBTOR = Party(
    name="Brasserie des Halles SAS",
    siren="552100554",
    line1="À l’attention de la comptabilité",
    line2="8 place des Lices",
    postcode="35000",
    city="Rennes",
    email="compta@brasserie.example",
)
CONSUMER = Party(
    name="Mme Hélène Lefèvre", kind="consumer", line1="27 bis rue de l’Œuvre", postcode="69003", city="Lyon", email="helene@exemple.example"
)
LABEL = "agencement d’un comptoir en chêne, pose comprise"
ONE = (invoice("F-2026-0418", date(2026, 6, 1), "3480.00", label=LABEL),)


def many(count: int) -> tuple[Any, ...]:
    return tuple(invoice(f"F-2026-{400 + n:04}", date(2026, 3, 3) + timedelta(days=2 * n), f"{1480 + 137 * n}.35") for n in range(count))


def case_before(step: str, *, regime: str = "b2b", invoices: tuple[Any, ...] = ONE, more: tuple[AnyEvent, ...] = ()) -> Case:
    """A case whose rungs up to `step` took place, and what happened since."""
    events = opening(TUESDAY, *invoices, regime=regime) if step == "first_letter" else climbed(step, TUESDAY, *invoices, regime=regime)
    return fold([*events, *more])


def paid(amount: str, on: date = date(2026, 9, 21), payment: str = "p1") -> PaymentReceived:
    return PaymentReceived(at=at(on), by=STAFF, payment=payment, amount=Decimal(amount), on=on)


def letter(step: str, case: Case | None = None, on: date = date(2026, 9, 21), **other: Any) -> Letter:
    case = case or case_before(step)
    return letters.compose(step, case, statement(claim_of(case), on), **_around(case, on, "RG-26-00001-2", other))


def message(step: str, case: Case, on: date = date(2026, 9, 21), **other: Any) -> Message:
    return letters.message(step, case, statement(claim_of(case), on), **_around(case, on, "RG-26-00001-1", other))


def _around(case: Case, on: date, reference: str, other: dict[str, Any]) -> dict[str, Any]:
    debtor = DEBTOR if case.regime == "b2b" else CONSUMER
    return {
        "agency": AGENCY,
        "creditor": CREDITOR,
        "debtor": debtor,
        "reference": reference,
        "on": on,
        "answer_by": on + timedelta(days=10),
        "code": CODE,
        "site": SITE,
    } | other
