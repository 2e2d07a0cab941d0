"""The button of the e-mailed link, and what opens a case."""

from dataclasses import replace

import pytest

from .conftest import CREDITOR, EMAIL, NUMBER, SAMPLES, Browser, Clock, Outbox

ANOTHER_IBAN = "FR1420041010050500013M02606"


def submitted(browser: Browser, invoice: bytes, **fields: str) -> Browser:
    assert browser.drops(invoice).status == 200
    assert browser.types(**fields).status == 200
    assert browser.accepts().status == 202
    return browser


def confirms(browser: Browser, outbox: Outbox, email: str = EMAIL) -> str:
    answer = browser.post("/api/confirmations", {"token": outbox.link("confirmer", email)})
    assert answer.status == 200, answer.body
    return str(answer.json["state"])


def test_the_first_case_of_an_unknown_creditor_waits_for_a_person(nobody: Browser, invoice: bytes, outbox: Outbox) -> None:
    from adapters import journal
    from recovery.refusals import NotFound

    submitted(nobody, invoice)
    assert confirms(nobody, outbox) == "waiting_agency"
    with pytest.raises(NotFound):
        journal.head("RG-26-00001")
    waiting = nobody.get("/api/cases").json["waiting"]
    assert [(each["ref"], each["state"]) for each in waiting] == [("RG-26-00001", "waiting_agency")]
    assert "vérifi" in outbox.words(outbox.to(EMAIL)[-1])


def test_one_click_of_the_agency_opens_it(nobody: Browser, staff: Browser, invoice: bytes, outbox: Outbox) -> None:
    from adapters import directory, journal

    submitted(nobody, invoice)
    confirms(nobody, outbox)
    (waiting,) = staff.get("/api/desk").json["submissions"]
    assert [check["label"] for check in waiting["checks"]] == ["Registre", "Domaine de l’e-mail", "Titulaire de l’IBAN"]
    assert staff.post(f"/api/desk/submissions/{waiting['draft']}/approve").json["state"] == "opened"
    seen = journal.read("RG-26-00001")
    assert [type(event).__name__ for event in seen.events] == ["CaseOpened", "MandateAccepted", "EmailConfirmed", "CreditorVerified"]
    assert seen.events[3].by == "staff:ines"
    known = directory.creditor(CREDITOR)
    assert known is not None
    assert known.verified_by == "staff:ines"
    assert staff.get("/api/desk").json["submissions"] == []
    assert staff.post(f"/api/desk/submissions/{waiting['draft']}/approve").status == 409
    # the depositor's session began before: it finds the case all the same
    assert nobody.get("/api/cases/RG-26-00001").status == 200


def test_a_confirmed_mandate_is_not_lost_while_the_agency_looks(
    nobody: Browser, staff: Browser, invoice: bytes, outbox: Outbox, clock: Clock
) -> None:
    submitted(nobody, invoice)
    clock.pass_(days=29)
    nobody.post(f"/api/drafts/{nobody.id}/resend")
    confirms(nobody, outbox)
    clock.pass_(days=20)
    staff.signs_in("ines@reglo.example", outbox)
    assert staff.post(f"/api/desk/submissions/{nobody.id}/approve").json["state"] == "opened"


def test_a_refused_creditor_is_told_why_and_nothing_opens(nobody: Browser, staff: Browser, invoice: bytes, outbox: Outbox) -> None:
    submitted(nobody, invoice)
    confirms(nobody, outbox)
    (waiting,) = staff.get("/api/desk").json["submissions"]
    assert staff.post(f"/api/desk/submissions/{waiting['draft']}/refuse", {"reason": "  "}).json["field"] == "reason"
    staff.post(f"/api/desk/submissions/{waiting['draft']}/refuse", {"reason": "Le titulaire de l’IBAN est une autre société."})
    assert "autre société" in outbox.words(outbox.to(EMAIL)[-1])
    assert nobody.get("/api/cases").json["waiting"] == []
    assert nobody.get(f"/api/drafts/{nobody.id}").json["state"] == "refused"


def test_a_known_creditor_goes_on_at_once(creditor: Browser, outbox: Outbox) -> None:
    from adapters import journal

    submitted(creditor, (SAMPLES / "cii-fr-invoice.xml").read_bytes(), number="F-2", still_ours="yes")
    assert confirms(creditor, outbox) == "opened"
    assert journal.read("RG-26-00002").case.creditor == CREDITOR


def test_a_known_company_by_an_unknown_address_waits(creditor: Browser, nobody: Browser, invoice: bytes, outbox: Outbox) -> None:
    submitted(nobody, invoice, creditor_email="crook@gmail.com", number="F-3")
    assert confirms(nobody, outbox, "crook@gmail.com") == "waiting_agency"
    assert nobody.get("/api/cases/RG-26-00001").status == 404


def test_a_link_serves_once(nobody: Browser, invoice: bytes, outbox: Outbox) -> None:
    submitted(nobody, invoice)
    token = outbox.link("confirmer", EMAIL)
    assert nobody.post("/api/confirmations", {"token": token}).status == 200
    again = nobody.post("/api/confirmations", {"token": token})
    assert (again.status, again.json["title"][:22]) == (410, "Ce lien a déjà servi. ")


def test_a_link_lasts_two_days(nobody: Browser, invoice: bytes, outbox: Outbox, clock: Clock) -> None:
    submitted(nobody, invoice)
    clock.pass_(hours=48)
    late = nobody.post("/api/confirmations", {"token": outbox.link("confirmer", EMAIL)})
    assert (late.status, late.json["title"][:19]) == (410, "Ce lien a expiré. D")


def test_a_link_to_sign_in_confirms_nothing(creditor: Browser, outbox: Outbox) -> None:
    creditor.post("/api/sign-in", {"email": EMAIL})
    assert creditor.post("/api/confirmations", {"token": outbox.link("connexion", EMAIL)}).status == 404


def test_a_fault_of_ours_leaves_the_link_good(nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters import directory

    submitted(nobody, invoice)
    token, keep = outbox.link("confirmer", EMAIL), directory.keep_person

    def fails(_: object) -> None:
        raise RuntimeError("the table is away")

    monkeypatch.setattr(directory, "keep_person", fails)
    answer = nobody.post("/api/confirmations", {"token": token})
    assert answer.status == 500
    assert "01234567" in answer.json["title"]
    monkeypatch.setattr(directory, "keep_person", keep)
    assert nobody.post("/api/confirmations", {"token": token}).json["state"] == "waiting_agency"


def test_the_same_invoice_twice_names_the_case_to_its_owner_alone(
    creditor: Browser, nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUST_CREDITORS", "yes")
    submitted(nobody, invoice)
    owner = nobody.post("/api/confirmations", {"token": outbox.link("confirmer", EMAIL)})
    assert (owner.status, owner.json["title"]) == (409, "Cette facture est déjà dans le dossier RG-26-00001.")
    stranger = submitted(Browser(address="192.0.2.7"), invoice, creditor_email="x@example.org", number=f" {NUMBER} ".lower())
    told = stranger.post("/api/confirmations", {"token": outbox.link("confirmer", "x@example.org")})
    assert (told.status, told.json["title"]) == (409, "Cette facture nous a déjà été confiée.")


def test_the_agency_sees_which_case_holds_the_invoice(
    creditor: Browser, nobody: Browser, staff: Browser, invoice: bytes, outbox: Outbox
) -> None:
    submitted(nobody, invoice, creditor_email="x@example.org")
    assert confirms(nobody, outbox, "x@example.org") == "waiting_agency"
    (waiting,) = staff.get("/api/desk").json["submissions"]
    refused = staff.post(f"/api/desk/submissions/{waiting['draft']}/approve")
    assert (refused.status, "RG-26-00001" in refused.json["title"]) == (409, True)


def test_another_account_is_announced_to_the_contacts_of_before_and_waits_a_week(creditor: Browser, outbox: Outbox, clock: Clock) -> None:
    from datetime import timedelta

    from adapters import directory
    from recovery.days import today

    before = directory.creditor(CREDITOR)
    assert before is not None
    submitted(creditor, (SAMPLES / "cii-fr-invoice.xml").read_bytes(), number="F-2", still_ours="yes", creditor_iban=ANOTHER_IBAN)
    assert confirms(creditor, outbox) == "opened"
    known = directory.creditor(CREDITOR)
    assert known is not None
    on = today(clock.at)
    assert known.iban_on(on + timedelta(days=6)) == before.iban
    assert known.iban_on(on + timedelta(days=7)) == ANOTHER_IBAN
    announced = outbox.words(outbox.to(EMAIL)[-1])
    assert "2606" in announced
    assert ANOTHER_IBAN not in announced  # masked
    # the next deposit of the same person speaks of the new account, and announces nothing again
    count = len(outbox.to(EMAIL))
    again = creditor.drops((SAMPLES / "cii-fr-invoice.xml").read_bytes())
    assert again.json["fields"]["creditor_iban"] == ANOTHER_IBAN
    creditor.types(number="F-4", still_ours="yes")
    creditor.accepts()
    confirms(creditor, outbox)
    assert len(outbox.to(EMAIL)) == count + 1  # the confirmation alone


def test_the_consultant_is_the_least_busy_and_stays(
    creditor: Browser, nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from adapters import directory, journal

    monkeypatch.setenv("TRUST_CREDITORS", "yes")
    assert journal.read("RG-26-00001").case.consultant == "ines"
    submitted(creditor, (SAMPLES / "cii-fr-invoice.xml").read_bytes(), number="F-2", still_ours="yes")
    confirms(creditor, outbox)
    assert journal.read("RG-26-00002").case.consultant == "ines"  # kept for the creditor
    submitted(nobody, invoice, creditor_siren="552100554", creditor_email="y@example.org")
    confirms(nobody, outbox, "y@example.org")
    assert journal.read("RG-26-00003").case.consultant == "malo"
    directory.lets_go("ines", "RG-26-00001")
    directory.lets_go("ines", "RG-26-00002")
    directory.lets_go("ines", "RG-26-00002")
    assert directory.least_busy(["malo", "ines"]) == "ines"


def test_names_are_data_all_the_way(nobody: Browser, staff: Browser, invoice: bytes, outbox: Outbox) -> None:
    submitted(nobody, invoice, debtor_name="<script>alert(1)</script> \u202eSARL", debtor_email="")
    confirms(nobody, outbox)
    (waiting,) = staff.get("/api/desk").json["submissions"]
    assert waiting["debtor"] == "<script>alert(1)</script> SARL"
    html = outbox.to(EMAIL)[0].get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


def test_two_presses_at_once_open_one_case(
    nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    from adapters import aws, drafts, journal
    from doors import opening

    monkeypatch.setenv("TRUST_CREDITORS", "yes")
    submitted(nobody, invoice)
    draft = drafts.find(nobody.id, clock.at)
    assert draft is not None
    draft = replace(draft, confirmed_at=clock.at)
    opening.open_case(draft, verified_by="machine", now=clock.at)
    with pytest.raises(aws.Moved):
        opening.open_case(draft, verified_by="machine", now=clock.at)
    assert len(journal.read("RG-26-00001")) == 4
