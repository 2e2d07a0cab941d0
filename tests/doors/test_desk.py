"""What the people of the agency report."""

from datetime import date

import pytest

from adapters import journal
from recovery.events import LetterPosted, StepBlocked, StepDecided, StepTaken

from .conftest import NOW, Browser, Outbox

CASE = "/api/cases/RG-26-00001"
TODAY = date(2026, 11, 24)


def happens(*events: object) -> None:
    journal.change("RG-26-00001", lambda _: list(events))  # type: ignore[arg-type]


def up_to_the_first_call(*, posted: bool = True) -> None:
    happens(StepTaken(at=NOW, by="machine", step="checks"))
    answer = TODAY if posted else date(2026, 11, 29)
    happens(StepDecided(at=NOW, by="machine", step="first_letter", due=TODAY, answer_by=answer, reference="RG-26-00001-1"))
    happens(StepTaken(at=NOW, by="machine", step="first_letter", receipt="r"))
    if posted:
        happens(LetterPosted(at=NOW, by="machine", step="first_letter", on=TODAY))
        happens(StepTaken(at=NOW, by="machine", step="reminder"), StepDecided(at=NOW, by="machine", step="first_call", due=TODAY))


def tasks(staff: Browser) -> list[tuple[str, str]]:
    return [(task["kind"], task["step"]) for task in staff.get("/api/desk").json["tasks"]]


def test_a_call_is_made_with_the_reference_of_the_letter_and_reported(creditor: Browser, staff: Browser) -> None:
    up_to_the_first_call()
    desk = staff.get("/api/desk").json
    (call,) = desk["tasks"]
    assert desk["on"] == "2026-11-24"
    assert "une autre personne" in call["script"]
    assert (call["kind"], call["debtor"]) == ("call", "Securibox SARL")
    assert "RG-26-00001-1" in call["script"]
    assert "24 novembre 2026" in call["script"]
    assert "Société Hôtelière du Pacano" in call["script"]
    note = "Mme Dupuis rappelle jeudi.\nElle a reçu la lettre."
    assert staff.post(f"{CASE}/steps/first_call/report", {"outcome": "talked", "note": note}).status == 200
    assert tasks(staff) == []
    view = creditor.get(CASE).json
    assert view["past"][0]["note"] == note
    assert view["past"][0]["by"] == "Inès Moreau"
    seen = journal.read("RG-26-00001")
    assert "Dupuis" not in str(seen.entries)  # the journal holds the salted hash alone


def test_a_promise_needs_its_date(creditor: Browser, staff: Browser) -> None:
    from adapters import directory

    up_to_the_first_call()
    refused = staff.post(f"{CASE}/steps/first_call/report", {"outcome": "promise", "note": "Promis."})
    assert (refused.status, refused.json["field"]) == (422, "until")
    assert directory.notes("RG-26-00001") == {}  # no word is kept of a report that was refused
    promised = {"outcome": "promise", "note": "Promis.", "until": "01/12/2026", "amount": "500,00"}
    assert staff.post(f"{CASE}/steps/first_call/report", promised).status == 200
    assert creditor.get(CASE).json["present"]["title"] == "Un paiement est promis"


def test_a_dispute_stops_the_ladder_until_it_is_settled(creditor: Browser, staff: Browser) -> None:
    up_to_the_first_call()
    staff.post(f"{CASE}/steps/first_call/report", {"outcome": "dispute", "note": "Jamais livré."})
    assert creditor.get(CASE).json["pill"]["text"] == "Contestation en cours"
    assert tasks(staff) == [("dispute", "")]
    assert staff.post(f"{CASE}/dispute", {"outcome": "perhaps"}).json["field"] == "outcome"
    assert staff.post(f"{CASE}/dispute", {"outcome": "rejected", "note": "Bon signé le 3."}).json["status"] == "open"
    assert staff.post(f"{CASE}/dispute", {"outcome": "rejected"}).status == 409


def test_a_dispute_written_between_two_steps_stops_the_ladder_at_once(creditor: Browser, staff: Browser) -> None:
    up_to_the_first_call()
    assert staff.post(f"{CASE}/disputes", {"note": "Reçu par courrier : deux tabourets manquent."}).status == 201
    assert tasks(staff) == [("dispute", "")]
    told = creditor.get(CASE).json["past"][0]
    assert (told["title"], told["note"]) == ("Votre client conteste", "Reçu par courrier : deux tabourets manquent.")
    assert staff.post(f"{CASE}/disputes", {"note": "Encore."}).status == 409


def test_the_page_tells_what_took_place_and_the_log_keeps_what_was_decided_too(creditor: Browser, staff: Browser) -> None:
    up_to_the_first_call()
    titles = [entry["title"] for entry in creditor.get(CASE).json["past"]]
    assert "Document prêt : première lettre" not in titles
    assert "Au programme : premier appel" in titles  # still to do
    assert creditor.get(CASE).json["count"] > len(titles)


def test_a_letter_to_post(creditor: Browser, staff: Browser) -> None:
    up_to_the_first_call(posted=False)
    assert tasks(staff) == [("post", "first_letter")]
    assert staff.post(f"{CASE}/letters/first_letter/posted", {"on": "demain"}).json["field"] == "on"
    assert staff.post(f"{CASE}/letters/first_letter/posted", {"on": "24/11/2026", "number": "1A 234"}).status == 200
    assert tasks(staff) == []


def test_a_blocked_letter_is_freed_by_a_correction(creditor: Browser, staff: Browser) -> None:
    from adapters import directory

    happens(StepTaken(at=NOW, by="machine", step="checks"))
    happens(StepBlocked(at=NOW, by="machine", step="first_letter", reason="Le signe « 🦊 » ne peut pas être imprimé."))
    (task,) = staff.get("/api/desk").json["tasks"]
    assert (task["kind"], task["why"]) == ("blocked", "Le signe « 🦊 » ne peut pas être imprimé.")
    assert task["debtor_fields"]["city"] == "Paris"
    too_long = staff.post(f"{CASE}/debtor", {"line1": "rue " + "x" * 60})
    assert (too_long.status, too_long.json["field"]) == (422, "line1")
    assert staff.post(f"{CASE}/debtor", {"name": "Securibox", "email": "compta@securibox.example"}).status == 200
    assert tasks(staff) == []
    known = directory.debtor(journal.load("RG-26-00001").debtor)
    assert known is not None
    assert (known.name, known.email) == ("Securibox", "compta@securibox.example")
    assert journal.read("RG-26-00001").events[-1].what == ("name", "email")  # type: ignore[union-attr]
    assert "compta@" not in str(journal.read("RG-26-00001").entries)


def test_nothing_corrected_is_nothing_written(creditor: Browser, staff: Browser) -> None:
    assert staff.post(f"{CASE}/debtor", {"name": "Securibox SARL"}).json["version"] == 4


@pytest.mark.parametrize("body", [{}, {"outcome": 3}, {"outcome": "x" * 500}, [], "x"])
def test_a_body_of_another_shape_is_refused(creditor: Browser, staff: Browser, body: object) -> None:
    up_to_the_first_call()
    refused = staff.ask("POST", f"{CASE}/steps/first_call/report", body)
    assert refused.status == 422
    assert refused.json["title"]


def test_the_machine_is_sure_of_what_was_verified_before_and_of_nothing_else(
    creditor: Browser, staff: Browser, invoice: bytes, outbox: Outbox
) -> None:
    from .conftest import EMAIL

    def checks(email: str, siren: str) -> list[bool | None]:
        visitor = Browser(address=f"198.51.100.{len(outbox.messages)}")
        visitor.drops(invoice)
        assert visitor.types(creditor_email=email, creditor_siren=siren, number=f"N{len(outbox.messages)}").status == 200
        visitor.accepts()
        visitor.post("/api/confirmations", {"token": outbox.link("confirmer", email)})
        waiting = staff.get("/api/desk").json["submissions"]
        return [check["ok"] for each in waiting if each["email"] == email for check in each["checks"]]

    domain = EMAIL.partition("@")[2]
    assert checks(f"compta@{domain}", "123456824") == [None, True, True]
    assert checks("pacano@gmail.com", "123456824") == [None, False, True]
    assert checks("info@hotel-pacano-finance.example", "732829320") == [None, None, None]
