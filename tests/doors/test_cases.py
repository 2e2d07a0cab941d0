"""The creditor's list, the page of a case, and its documents."""

from hashlib import sha256

import pytest

from .conftest import EMAIL, NUMBER, Browser, Clock

CASE = "/api/cases/RG-26-00001"


def test_the_page_of_a_case_that_has_just_opened(creditor: Browser) -> None:
    view = creditor.get(CASE).json
    assert (view["ref"], view["version"], view["count"], view["status"]) == ("RG-26-00001", 4, 4, "open")
    assert view["pill"] == {"kind": "run", "icon": "refresh", "text": "En cours"}
    assert [entry["title"] for entry in view["past"]][-1] == "Dossier ouvert"
    assert {entry["by"] for entry in view["past"]} == {"Camille Berthelot", "Réglo"}
    assert len(view["seal"]) == 64
    assert view["ladder"][0]["state"] == "now"
    assert view["contact"]["name"] == "Inès Moreau"
    assert view["remittance"] is None
    assert view["ask"] is None
    assert view["if_all_paid"]["collected"] == view["statement"]["balance"]
    assert [planned["id"] for planned in view["future"]][-1] == "creditor_decision"


def test_nothing_new_costs_one_reading_of_the_head(creditor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters import journal

    tag = creditor.get(CASE).headers["etag"]
    read: list[str] = []
    heads = journal.head
    monkeypatch.setattr(journal, "head", lambda id: read.append(f"head {id}") or heads(id))
    monkeypatch.setattr(journal, "read", lambda id: read.append(f"journal {id}"))
    again = creditor.get(CASE, **{"if-none-match": tag})
    assert (again.status, again.body, again.headers["etag"]) == (304, "", tag)
    assert read == ["head RG-26-00001"]


def test_what_happens_and_the_day_that_changes_make_a_new_page(creditor: Browser, staff: Browser, clock: Clock) -> None:
    first = creditor.get(CASE)
    staff.post(f"{CASE}/visit-consent", {"who": "debtor"})
    second = creditor.get(CASE, **{"if-none-match": first.headers["etag"]})
    assert (second.status, second.json["version"]) == (200, 5)
    clock.pass_(days=1)
    third = creditor.get(CASE, **{"if-none-match": second.headers["etag"]})
    assert third.status == 200
    assert third.json["statement"]["balance"] > second.json["statement"]["balance"]


def test_the_list_and_its_totals(creditor: Browser, staff: Browser) -> None:
    told = creditor.get("/api/cases").json
    (row,) = told["cases"]
    assert (row["ref"], row["invoices"], row["debtor"]) == ("RG-26-00001", [NUMBER], "Securibox SARL")
    assert row["step"] == {"label": "Dossier ouvert", "done": 0, "of": 9}
    assert row["next"]["label"] == "Vérifications"
    assert told["totals"] == {"entrusted": "915.86", "recovered": "0.00", "pending": row["balance"], "to_remit": "0.00"}
    assert [case["ref"] for case in staff.get("/api/cases").json["cases"]] == ["RG-26-00001"]


def test_a_payment_is_followed_at_once(creditor: Browser, staff: Browser) -> None:
    assert staff.post(f"{CASE}/payments", {"amount": "500,00", "on": "24/11/2026", "payment": "p1"}).status == 201
    assert staff.post(f"{CASE}/payments", {"amount": "500,00", "on": "24/11/2026", "payment": "p1"}).json["version"] == 5
    view = creditor.get(CASE).json
    (line,) = view["remittance"]["lines"]
    fee, vat = float(line["fee"]), float(line["vat"])
    assert line["amount"] == "500.00"
    assert float(line["to_remit"]) == pytest.approx(500 - fee - vat)
    assert view["remittance"]["total"]["to_remit"] == line["to_remit"]
    assert view["past"][0]["state"] == "in"
    assert view["statement"]["paid"] == "500.00"
    assert creditor.get("/api/cases").json["totals"]["recovered"] == "500.00"


def test_paid_in_full_closes_the_case(creditor: Browser, staff: Browser, clock: Clock) -> None:
    balance = creditor.get(CASE).json["statement"]["balance"]
    paid = staff.post(f"{CASE}/payments", {"amount": balance, "on": "2026-11-24"}).json
    assert (paid["status"], paid["balance"]) == ("closed", "0.00")
    late = staff.post(f"{CASE}/payments", {"amount": "1", "on": "2026-11-24"})
    assert (late.status, late.headers["content-type"]) == (409, "application/problem+json")
    clock.pass_(days=3)
    view = creditor.get(CASE).json
    assert (view["pill"]["text"], view["future"], view["if_all_paid"]) == ("Réglé", [], None)
    assert view["statement"]["balance"] == "0.00"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": "", "on": "2026-11-24"}, "amount"),
        ({"amount": "-5", "on": "2026-11-24"}, "amount"),
        ({"amount": "100000", "on": "2026-11-24"}, "amount"),
        ({"amount": "5", "on": "2026-12-24"}, "on"),
        ({"amount": "5", "on": "hier"}, "on"),
        ({"amount": "5", "on": "2026-11-24", "means": "gold"}, "means"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_beside_its_field(staff: Browser, creditor: Browser, body: dict[str, str], field: str) -> None:
    refused = staff.post(f"{CASE}/payments", body)
    assert (refused.status, refused.json["field"]) == (422, field)


def test_a_letter_can_be_read_before_it_leaves(creditor: Browser) -> None:
    shown = creditor.get(f"{CASE}/letters/first_letter")
    assert shown.status == 303
    assert "previews/" in shown.headers["location"]
    refused = creditor.get(f"{CASE}/letters/first_call")
    assert (refused.status, refused.json["type"]) == (422, "urn:reglo:DocumentRefused")


def test_the_whole_log_downloads(creditor: Browser) -> None:
    import io
    import zipfile

    from adapters.aws import client

    made = creditor.post(f"{CASE}/export").json
    data = client("s3").get_object(Bucket="reglo-documents", Key=f"exports/RG-26-00001/{made['name']}")["Body"].read()
    assert len(data) == made["size"]
    assert "journal.json" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_only_documents_of_the_case_can_be_opened(creditor: Browser, invoice: bytes) -> None:
    from adapters import archive

    evidence = creditor.get(f"{CASE}/documents/{sha256(invoice).hexdigest()}")
    assert evidence.status == 303
    assert f"documents/{sha256(invoice).hexdigest()}" in evidence.headers["location"]
    elsewhere = archive.put(b"%PDF of another case", "application/pdf", "other.pdf")
    assert creditor.get(f"{CASE}/documents/{elsewhere}").status == 404


def test_a_case_that_does_not_exist_is_not_found(creditor: Browser, staff: Browser) -> None:
    for path in ("/api/cases/RG-26-09999", "/api/cases/HEAD", "/api/cases/RG-26-00001%23X", "/api/cases/%2e%2e"):
        assert creditor.get(path).status == 404, path
        assert staff.get(path).status == 404, path
        assert staff.post(f"{path}/visit-consent", {"who": "debtor"}).status == 404, path


def test_the_creditor_decides_when_asked_and_not_before(creditor: Browser, clock: Clock) -> None:
    from adapters import journal
    from recovery.events import StepSkipped, StepTaken
    from recovery.ladder import policies

    assert creditor.post(f"{CASE}/decision", {"choice": "legal"}).status == 409
    for rung in policies["professional"].rungs:
        event = StepTaken if rung.id == "creditor_decision" else StepSkipped
        more = {} if rung.id == "creditor_decision" else {"reason": "test"}
        journal.change("RG-26-00001", lambda _, e=event, r=rung, m=more: [e(at=clock.at, by="machine", step=r.id, **m)])  # type: ignore[misc]
    view = creditor.get(CASE).json
    assert (view["pill"]["text"], view["ask"]["kind"]) == ("À vous", "decision")
    assert creditor.get("/api/cases").json["cases"][0]["waiting_for_me"]
    assert creditor.post(f"{CASE}/decision", {"choice": "wait"}).json["field"] == "until"
    assert creditor.post(f"{CASE}/decision", {"choice": "stop"}).status == 200
    assert creditor.get(CASE).json["pill"]["text"] == "Clos"
    assert creditor.get(CASE).json["past"][0]["title"].startswith("Dossier clos")


def test_the_head_never_shows_the_e_mail_of_anybody(creditor: Browser) -> None:
    assert EMAIL not in creditor.get(CASE).body


def test_the_list_follows_money_that_comes_back_and_invoices_that_are_credited(creditor: Browser, staff: Browser, clock: Clock) -> None:
    def listed() -> tuple[str, dict[str, str]]:
        answer = creditor.get("/api/cases").json
        (row,) = answer["cases"]
        return row["pill"]["text"], answer["totals"]

    before = listed()
    owed = creditor.get(CASE).json["statement"]["balance"]
    on = clock.now().date().isoformat()
    assert staff.post(f"{CASE}/payments", {"amount": owed, "on": on, "payment": "p1"}).status == 201
    paid, totals = listed()
    assert (paid, totals["recovered"], totals["pending"]) == ("Réglé", owed, "0.00")
    assert staff.post(f"{CASE}/payments/p1/return", {"on": on, "reason": "rejet"}).status == 200
    assert listed() == before
    amount = creditor.get(CASE).json["statement"]["lines"][0]["amount"]
    credit = {"number": "AV-1", "amount": amount, "on": on, "mends": "yes"}
    assert staff.post(f"{CASE}/credit-notes", credit).status == 201
    credited, totals = listed()
    assert credited not in (before[0], "Réglé")
    assert (totals["recovered"], totals["pending"], totals["to_remit"]) == ("0.00", "0.00", "0.00")
