"""« Vérifier un client », the debtor of a deposit and of a case: what the registers say, and what they may not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.registers import Registers, served

from .conftest import CREDITOR, DEBTOR_SIREN, Browser

BRASSERIE, INSOLVENT, CEASED, HIDDEN, TRADER = "880878145", "412345670", "634567895", "745678904", "311223341"
CASE = "/api/cases/RG-26-00001"


@pytest.fixture
def registers(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registers]:
    with served(monkeypatch) as told:
        yield told


def test_a_name_leads_to_candidates_and_a_number_to_one(creditor: Browser, registers: Registers) -> None:
    answer = creditor.get("/api/companies?q=brasserie")
    assert answer.status == 200
    assert answer.json == {
        "verified": True,
        "companies": [{"siren": BRASSERIE, "name": "BRASSERIE DES HALLES", "form": "SAS", "town": "35000 Rennes", "active": True}],
    }
    assert [each["siren"] for each in creditor.get("/api/companies?q=880%20878%20145%2000015").json["companies"]] == [BRASSERIE]


@pytest.mark.parametrize(("typed", "said"), [("", "SIREN"), ("ab", "trois lettres"), ("880878146", "clé est fausse")])
def test_what_cannot_be_looked_for_is_said(creditor: Browser, registers: Registers, typed: str, said: str) -> None:
    answer = creditor.get(f"/api/companies?q={typed}")
    assert (answer.status, answer.json["field"]) == (422, "q")
    assert said in answer.json["title"]
    assert registers.asked == []


def test_a_sheet_has_its_facts_and_a_note_with_reasons(creditor: Browser, registers: Registers) -> None:
    said = creditor.get(f"/api/companies/{BRASSERIE}?amount=1250,00").json
    assert said["company"]["address"] == "8 place des Lices, 35000 Rennes"
    assert (said["note"]["letter"], said["note"]["points"]) == ("A", 90)
    assert sum(reason["points"] for reason in said["note"]["reasons"]) == 90
    assert said["verified"] == {"companies": True, "notices": True}
    assert (said["procedure"], said["notices"]) == (None, [])


def test_an_insolvent_company_comes_with_what_to_do(creditor: Browser, registers: Registers) -> None:
    said = creditor.get(f"/api/companies/{INSOLVENT}").json
    assert said["note"]["letter"] == "E"
    found = said["procedure"]
    assert (found["label"], found["declare_by"], found["late"]) == ("redressement judiciaire", "2027-01-12", False)
    assert found["trustee"].startswith("SELARL Aunis Mandataires")
    assert "déclarez votre créance au plus tard le 12 janvier 2027" in found["says"]
    assert said["notices"][0]["url"].startswith("https://www.bodacc.fr/")


def test_a_natural_person_has_no_note_and_one_who_hides_has_no_name(creditor: Browser, registers: Registers) -> None:
    trader = creditor.get(f"/api/companies/{TRADER}?amount=500").json
    assert trader["company"]["name"] == "ROUSSEL PHILIPPE"
    assert (trader["note"]["letter"], trader["note"]["points"], trader["note"]["reasons"]) == ("", None, [])
    hidden = creditor.get(f"/api/companies/{HIDDEN}")
    assert "LEROUX" not in hidden.body
    assert (hidden.json["company"]["name"], hidden.json["company"]["address"], hidden.json["note"]["letter"]) == (
        "Titulaire non diffusible",
        "",
        "",
    )


def test_an_unknown_number_and_a_wrong_sum(creditor: Browser, registers: Registers) -> None:
    assert creditor.get("/api/companies/732829320").status == 404
    assert creditor.get("/api/companies/123").status == 404
    for typed in ("abc", "-5", "0"):
        answer = creditor.get(f"/api/companies/{BRASSERIE}?amount={typed}")
        assert (answer.status, answer.json["field"]) == (422, "amount")


def test_registers_that_are_away_say_so_and_nothing_is_guessed(creditor: Browser, registers: Registers) -> None:
    registers.are_away()
    said = creditor.get(f"/api/companies/{BRASSERIE}")
    assert said.status == 200
    assert said.json["verified"] == {"companies": False, "notices": False}
    assert (said.json["company"], said.json["note"]) == (None, None)
    assert creditor.get("/api/companies?q=brasserie").json == {"verified": False, "companies": []}


def test_without_the_bulletin_there_is_no_note(creditor: Browser, registers: Registers) -> None:
    registers.are_away("notices")
    said = creditor.get(f"/api/companies/{BRASSERIE}").json
    assert said["verified"] == {"companies": True, "notices": False}
    assert (said["note"]["letter"], said["note"]["reasons"]) == ("", [])


def test_ones_own_cases_weigh_and_nobody_elses(creditor: Browser, another: Browser, registers: Registers) -> None:
    """INV-10: the creditor has a case against that company; another creditor asks, and must see no trace of it."""
    own = creditor.get(f"/api/companies/{DEBTOR_SIREN}").json
    assert any("Vos propres dossiers" in reason["says"] for reason in own["note"]["reasons"])
    theirs = another.get(f"/api/companies/{DEBTOR_SIREN}")
    assert "Vos propres dossiers" not in theirs.body
    assert CREDITOR not in theirs.body
    assert "RG-26" not in theirs.body
    strangers = another.get(f"/api/companies/{DEBTOR_SIREN}").json["note"]
    assert strangers["points"] == own["note"]["points"] + 5


def test_how_ones_own_cases_ended(creditor: Browser, staff: Browser, registers: Registers) -> None:
    before = creditor.get(f"/api/companies/{DEBTOR_SIREN}").json["note"]["points"]
    assert creditor.post(f"{CASE}/decision", {"choice": "stop"}).status == 200
    after = creditor.get(f"/api/companies/{DEBTOR_SIREN}").json["note"]
    assert after["points"] == before - 10
    assert any("clos sans paiement complet" in reason["says"] for reason in after["reasons"])


def test_searching_is_counted(creditor: Browser, registers: Registers) -> None:
    answers = [creditor.get(f"/api/companies/{BRASSERIE}").status for _ in range(121)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {200}


# ------------------------------------------------------------------------------------------------ a deposit


def test_the_form_is_shown_what_the_register_says(nobody: Browser, invoice: bytes, registers: Registers) -> None:
    nobody.drops(invoice)
    nobody.types(debtor_line1="12 rue de la Paix")
    said = nobody.get(f"/api/drafts/{nobody.id}/debtor").json
    assert said["identity"] == "matches"
    assert said["company"]["name"] == "SECURIBOX"
    assert said["register_address"]["text"] == "27 rue de Bassano, 75008 Paris"
    assert (said["address"], said["procedure"], said["unverified"]) == ("deliverable", None, [])


def test_without_a_number_the_likely_companies_are_offered(nobody: Browser, invoice: bytes, registers: Registers) -> None:
    nobody.drops(invoice)
    nobody.types(debtor_siren="", debtor_name="Securibox SARL")
    said = nobody.get(f"/api/drafts/{nobody.id}/debtor").json
    assert [each["siren"] for each in said["candidates"]] == [DEBTOR_SIREN]
    nobody.types(debtor_kind="consumer", debtor_name="Claire Leroux")
    assert nobody.get(f"/api/drafts/{nobody.id}/debtor").json["candidates"] == []


def test_a_deposit_against_an_insolvent_company_is_refused_with_what_to_do(nobody: Browser, invoice: bytes, registers: Registers) -> None:
    nobody.drops(invoice)
    refused = nobody.types(kind="sale", debtor_siren=INSOLVENT, debtor_name="Menuiserie du Large")
    assert refused.status == 422
    assert "déclarez votre créance au plus tard le 12 janvier 2027" in refused.errors()["debtor_siren"]
    assert nobody.get(f"/api/drafts/{nobody.id}").json["fields"]["debtor_siren"] == INSOLVENT  # nothing typed is lost
    assert nobody.accepts().status in (409, 422)


def test_a_deposit_goes_on_when_the_registers_are_away(nobody: Browser, invoice: bytes, registers: Registers) -> None:
    registers.are_away()
    nobody.drops(invoice)
    assert nobody.types(kind="sale").status == 200
    said = nobody.get(f"/api/drafts/{nobody.id}/debtor").json
    assert (said["identity"], said["unverified"]) == ("unverified", ["addresses", "companies", "notices"])


# ------------------------------------------------------------------------------------------------ a case


def test_the_page_of_a_case_has_the_sheet_of_its_debtor(creditor: Browser, staff: Browser, registers: Registers) -> None:
    for who in (creditor, staff):
        said = who.get(f"{CASE}/debtor").json
        assert said["company"]["name"] == "SECURIBOX"
        assert "Vos propres dossiers" not in str(said["note"])  # the case itself is no precedent


def test_a_procedure_found_is_shown_and_settled_by_the_staff(creditor: Browser, staff: Browser, registers: Registers) -> None:
    import climb
    from adapters import clock, directory, journal

    seen = journal.read("RG-26-00001")
    known = directory.debtor(seen.case.debtor)
    assert known
    directory.keep_debtor(seen.case.debtor, replace(known, siren=INSOLVENT))
    climb.ask_registers(seen, clock.now())
    view = creditor.get(CASE).json
    assert (view["status"], view["pill"]["text"]) == ("insolvent", "Procédure collective")
    assert view["present"]["sentence"] == "À vous : déclarez votre créance au plus tard le 12 janvier 2027."
    assert view["future"] == []
    assert "Me Lefort" in view["past"][0]["note"]
    (task,) = staff.get("/api/desk").json["tasks"]
    assert (task["kind"], task["title"]) == ("insolvency", "Procédure collective : redressement judiciaire")
    wrong = staff.post(f"{CASE}/insolvency", {"outcome": "whatever"})
    assert (wrong.status, wrong.json["field"]) == (422, "outcome")
    assert staff.post(f"{CASE}/insolvency", {"outcome": "mistaken", "note": "Autre SIREN."}).json["status"] == "open"
    assert date.fromisoformat(creditor.get(CASE).json["statement"]["on"]) == date(2026, 11, 24)


def test_the_number_of_a_debtor_is_corrected_and_its_key_checked(creditor: Browser, staff: Browser, registers: Registers) -> None:
    wrong = staff.post(f"{CASE}/debtor", {"siren": "880878146"})
    assert (wrong.status, wrong.json["field"]) == (422, "siren")
    assert staff.post(f"{CASE}/debtor", {"siren": "880 878 145"}).status == 200
    assert creditor.get(f"{CASE}/debtor").json["company"]["name"] == "BRASSERIE DES HALLES"
