"""The debtor's page, by the code of a letter."""

import os
from datetime import timedelta

import pytest

from .conftest import NOW, Browser, Clock

CASE = "RG-26-00001"


@pytest.fixture
def code(creditor: Browser) -> str:
    from adapters import directory

    return directory.new_code(CASE, os.urandom(32), NOW + timedelta(days=180))


def test_the_code_opens_the_page_however_it_is_typed(nobody: Browser, code: str) -> None:
    from recovery.tokens import printed_code

    for typed in (code, printed_code(code), printed_code(code).lower(), " ".join(code)):
        view = nobody.post("/api/letters", {"code": typed})
        assert view.status == 200
    told = view.json
    assert (told["ref"], told["state"]) == (CASE, "open")
    assert told["creditor"]["name"] == "Société Hôtelière du Pacano"
    assert told["pay"]["reference"] == CASE
    assert told["pay"]["iban"] == "FR7630006000011234567890189"  # the account of third-party funds, never the creditor's
    assert {line["kind"] for line in told["statement"]["lines"]} == {"principal", "interest", "indemnity"}


def test_a_case_keeps_its_code(code: str) -> None:
    from adapters import directory

    assert directory.new_code(CASE, os.urandom(32), NOW + timedelta(days=180)) == code
    assert directory.code_for(CASE) == code


def test_every_wrong_code_gets_one_sentence_and_five_are_enough(nobody: Browser, code: str, clock: Clock) -> None:
    wrong = [nobody.post("/api/letters", {"code": typed}) for typed in ("", "AAAA-AAAA-AA", "x" * 300, "é", "CASE#RG-26-00001")]
    assert {(answer.status, answer.body) for answer in wrong} == {(404, wrong[0].body)}
    assert nobody.post("/api/letters", {"code": code}).status == 429
    assert Browser(address="198.51.100.4").post("/api/letters", {"code": code}).status == 200
    clock.pass_(minutes=15)
    assert nobody.post("/api/letters", {"code": code}).status == 200


def test_a_code_expires(nobody: Browser, code: str, clock: Clock) -> None:
    clock.pass_(days=181)
    assert nobody.post("/api/letters", {"code": code}).status == 404


def test_a_settled_debtor_is_asked_for_nothing(nobody: Browser, creditor: Browser, staff: Browser, code: str) -> None:
    balance = creditor.get(f"/api/cases/{CASE}").json["statement"]["balance"]
    staff.post(f"/api/cases/{CASE}/payments", {"amount": balance, "on": "2026-11-24"})
    told = nobody.post("/api/letters", {"code": code}).json
    assert (told["state"], told["pay"], told["statement"]["balance"]) == ("paid", None, "0.00")


def test_nothing_is_asked_of_a_debtor_in_a_procedure(nobody: Browser, code: str) -> None:
    from adapters import journal
    from recovery.events import InsolvencyFound

    assert nobody.post("/api/letters", {"code": code}).json["pay"]["reference"] == CASE
    on = NOW.date()
    found = InsolvencyFound(
        at=NOW, by="machine", procedure="liquidation", state="open", opened_on=on, published_on=on, declare_by=on, notice="A1"
    )
    journal.change(CASE, lambda _: [found])
    after = nobody.post("/api/letters", {"code": code}).json
    assert (after["state"], after["pay"]) == ("insolvent", None)
