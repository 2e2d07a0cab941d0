"""The registers, through the deployed functions and under their roles."""

import pytest

from infra.commands.demo import plausible
from infra.local import people
from infra.local.people import Refused
from infra.local.running import Engine
from tests.product.conftest import INVOICES, at_rest, opened

INSOLVENT = {
    "siren": "412345670",
    "name": "Menuiserie du Large",
    "line1": "11 rue des Chantiers",
    "postcode": "17000",
    "city": "La Rochelle",
}


def test_a_case_says_what_was_checked_and_stops_once_a_procedure_is_known(engine: Engine, staff: people.Browser) -> None:
    handed = opened(engine, staff, "REG-1", debtor_siren="880878145", debtor_name="Brasserie des Halles")
    assert "aucune procédure collective" in handed.browser.ask("GET", f"/api/cases/{handed.ref}")["checked"]["says"]
    sheet = handed.browser.ask("GET", f"/api/cases/{handed.ref}/debtor")
    assert (sheet["company"]["name"], sheet["note"]["letter"]) == ("BRASSERIE DES HALLES", "A")
    staff.ask("POST", f"/api/cases/{handed.ref}/debtor", INSOLVENT)
    people.until(lambda: handed.browser.ask("GET", f"/api/cases/{handed.ref}")["status"] == "insolvent" or None, "insolvent")
    people.until(lambda: at_rest(engine, handed.ref), "told")
    mail = next(mail for mail in reversed(people.mails(engine)) if "déclarez votre créance" in str(mail["subject"]))
    assert "Me Lefort" in people.words(mail)
    assert people.CREDITOR in str(mail["to"])


def test_nobody_hands_over_a_claim_that_a_procedure_holds(engine: Engine) -> None:
    handed = people.drop(engine, INVOICES / "fx-fr-basic-valid.pdf")
    fields = {**handed.fields, **plausible(engine), "debtor_siren": "412345670", "debtor_name": "Menuiserie du Large"}
    with pytest.raises(Refused) as refused:
        handed.browser.ask(
            "PUT", f"/api/drafts/{handed.draft.partition('.')[0]}", {"fields": fields}, authorization=f"Draft {handed.draft}"
        )
    assert [error["field"] for error in refused.value.problem["errors"]] == ["debtor_siren"]
    assert "déclarez votre créance" in refused.value.problem["errors"][0]["message"]
