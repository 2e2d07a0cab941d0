"""Several files at once: opened, read one by one, put with their debtor, moved by people."""

import io
import zipfile
from datetime import timedelta

import pytest

from .conftest import EMAIL, SAMPLES, Answer, Browser, Clock, Outbox

UBL = (SAMPLES / "ubl-fr-invoice.xml").read_text("utf-8")
CREDIT = (SAMPLES / "ubl-fr-credit-note.xml").read_bytes()
HALLES, ROSMADEC = ("Brasserie des Halles", "552100554"), ("Société Rosmadec", "542107651")
WE = {
    "creditor_name": "Atelier Berthelot SARL", "creditor_siren": "334175221", "creditor_line1": "22 quai de la Fosse", "creditor_postcode": "44000",
    "creditor_city": "Nantes", "creditor_iban": "FR7630006000011234567890189", "creditor_email": EMAIL,
}  # fmt: skip


def invoice(number: str, debtor: tuple[str, str] = HALLES) -> bytes:
    """A UBL of ours to that debtor, 2 160 €, due in June."""
    name, siren = debtor
    said = UBL.replace("FR-CIUS-2024-001", number).replace("Client Exemple", name).replace("FR96552100554", "").replace("552100554", siren)
    return said.replace("<cbc:IssueDate>2024-05-15</cbc:IssueDate>", "<cbc:IssueDate>2026-05-15</cbc:IssueDate>\n  <cbc:DueDate>2026-06-15</cbc:DueDate>", 1).encode()  # fmt: skip


def zipped(*files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


SIX = zipped(
    ("F-1.xml", invoice("F-1")),
    ("F-2.xml", invoice("F-2")),
    ("R-1.xml", invoice("R-1", ROSMADEC)),
    ("F-3.xml", invoice("F-3")),
    ("R-2.xml", invoice("R-2", ROSMADEC)),
    ("Copie de F-1.xml", invoice("F-1")),
)


def groups(answer: Answer) -> list[tuple[str, list[str]]]:
    assert answer.status == 200, answer.body
    return [(group["debtor"], [each["number"] for each in group["invoices"]]) for group in answer.json["groups"]]


def aside(answer: Answer) -> dict[str, str]:
    return {each["name"]: each["message"] for each in answer.json["aside"]}


def test_a_zip_of_six_becomes_one_draft_per_debtor(nobody: Browser) -> None:
    put = nobody.drops_many(("Factures.zip", SIX))
    assert groups(put) == [("Brasserie des Halles", ["F-1", "F-2", "F-3"]), ("Société Rosmadec", ["R-1", "R-2"])]
    assert aside(put) == {"Copie de F-1.xml": "C’est le même fichier que « F-1.xml » : il compte une fois."}
    assert put.json["groups"][0]["total"] == "6480.00"
    again = nobody.post("/api/groups", {"drafts": nobody.dropped})  # a reload
    assert (groups(again), aside(again)) == (groups(put), aside(put))


def test_the_invoices_of_a_debtor_are_checked_agreed_and_claimed_together(
    nobody: Browser, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from adapters import archive, journal

    monkeypatch.setenv("TRUST_CREDITORS", "yes")
    put = nobody.drops_many(("Factures.zip", SIX))
    nobody.draft = put.json["groups"][0]["draft"]
    read = nobody.get(f"/api/drafts/{nobody.id}").json
    assert [each["file"]["name"] for each in read["invoices"]] == ["F-1.xml", "F-2.xml", "F-3.xml"]
    assert (read["fields"]["number.2"], read["evidence"]["number.2"]["invoice"]) == ("F-2", "2")
    wrong = nobody.types(**WE, **{"amount.3": "0"}, debtor_line1="8 place des Lices", debtor_postcode="35000", debtor_city="Rennes")
    assert list(wrong.errors()) == ["amount.3"]
    quote = nobody.types(**{"amount.3": "1 000,00"}).json["quote"]
    assert (quote["principal"], quote["indemnity"]) == ("5320.00", "120.00")
    rows = quote["mandate"]["rows"]
    assert [sum(f"Facture {number}" in row["what"] + row["detail"] for row in rows) > 0 for number in ("F-1", "F-2", "F-3")] == [True] * 3
    assert nobody.accepts().status == 202
    assert nobody.post("/api/confirmations", {"token": outbox.link("confirmer", EMAIL)}).json["state"] == "opened"
    opened = journal.read("RG-26-00001").case
    assert [(each.number, str(each.amount)) for each in opened.invoices] == [("F-1", "2160.00"), ("F-2", "2160.00"), ("F-3", "1000.00")]
    assert archive.get(opened.invoices[1].document or "") == invoice("F-2")


def test_a_credit_note_dropped_with_its_invoice_is_named_in_the_journal(
    nobody: Browser, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from adapters import archive, journal
    from recovery.amounts import claim_of, statement

    monkeypatch.setenv("TRUST_CREDITORS", "yes")
    note = CREDIT.replace(b"FR-CIUS-2024-001", b"F-1").replace(b"2024", b"2026").replace(b"2160.00", b"216.00")
    put = nobody.drops_many(("F-1.xml", invoice("F-1")), ("avoir.xml", note))
    (group,) = put.json["groups"]
    nobody.draft = group["draft"]
    [credit] = nobody.get(f"/api/drafts/{nobody.id}").json["invoices"][0]["credits"]
    quote = nobody.types(**WE, debtor_line1="8 place des Lices", debtor_postcode="35000", debtor_city="Rennes").json["quote"]
    assert quote["principal"] == group["total"]
    assert nobody.accepts().status == 202
    assert nobody.post("/api/confirmations", {"token": outbox.link("confirmer", EMAIL)}).json["state"] == "opened"
    opened = journal.read("RG-26-00001").case
    [noted] = opened.credit_notes
    assert (noted.number, str(noted.amount), noted.invoice) == (credit["number"], credit["amount"], "F-1")
    assert archive.get(noted.document or "") == note
    owed = statement(claim_of(opened), opened.opened_on)
    assert str(opened.invoices[0].amount) == "2160.00"
    assert (str(owed.balance), str(owed.interest)) == (quote["balance"], quote["interest"])  # what the mandate said


def test_what_was_handed_over_already_is_said_to_its_creditor_alone(creditor: Browser, invoice: bytes) -> None:
    creditor.draft = ""
    put = creditor.drops_many(("encore.pdf", invoice), ("F-1.xml", UBL.encode()))
    assert aside(put) == {"encore.pdf": "Cette facture est déjà dans le dossier RG-26-00001."}
    stranger = Browser(address="192.0.2.9")
    assert aside(stranger.drops_many(("encore.pdf", invoice))) == {}


def test_one_file_that_cannot_be_read_blocks_nothing_else(nobody: Browser) -> None:
    put = nobody.drops_many(("F-1.xml", invoice("F-1")), ("photo.pdf", b"MZ not a document"), ("F-2.xml", invoice("F-2")))
    assert groups(put) == [("Brasserie des Halles", ["F-1", "F-2"])]
    assert list(aside(put)) == ["photo.pdf"]


def test_an_archive_nobody_can_open_is_refused_in_a_sentence(nobody: Browser) -> None:
    refused = nobody.drops(b"PK\x03\x04 cut", "Factures.zip")
    assert (refused.status, refused.json["field"]) == (422, "file")
    assert "abîmé" in refused.json["title"]


def test_an_archive_opened_twice_gives_the_same_drafts(nobody: Browser) -> None:
    first = nobody.drops(SIX, "Factures.zip").json
    assert len(first["drafts"]) == 6
    assert nobody.post(f"/api/drafts/{nobody.id}/reading").json == first


def test_a_list_completes_its_invoices_and_names_what_lacks(nobody: Browser) -> None:
    rows = "N° facture;Client;Téléphone;Reste dû;Fichier\nF-1;Brasserie des Halles;02 99 00 00 00;1 000,00;F-1.xml\nF-7;Rosmadec;;50,00;\n"
    put = nobody.drops_many(("F-1.xml", invoice("F-1")), ("Impayés.csv", rows.encode("cp1252")))
    (group,) = put.json["groups"]
    assert aside(put) == {"Ligne 3 du tableau": "La facture F-7 n’est pas jointe : déposez-la pour la réclamer."}
    nobody.draft = group["draft"]
    read = nobody.get(f"/api/drafts/{nobody.id}").json
    assert (read["fields"]["amount"], read["fields"]["debtor_phone"]) == ("1000.00", "02 99 00 00 00")
    assert next(warning["message"] for warning in read["warnings"] if warning["field"] == "amount").endswith(
        "nous gardons la somme du tableau."
    )


def test_a_list_without_known_columns_says_how_to_name_them(nobody: Browser) -> None:
    assert "numéro de facture" in nobody.drops(b"a;b\n1;2\n", "liste.csv").json["title"]


def test_a_credit_note_is_taken_off_the_invoice_it_names(nobody: Browser) -> None:
    ours = invoice("FR-CIUS-2024-001")
    less = CREDIT.replace(b"2160.00", b"216.00")
    put = nobody.drops_many(("F-1.xml", ours), ("avoir.xml", less), ("F-2.xml", invoice("F-2")))
    assert aside(put) == {}
    (group,) = put.json["groups"]
    assert group["invoices"][0]["amount"] == "1944.00"
    nobody.draft = group["draft"]
    read = nobody.get(f"/api/drafts/{nobody.id}").json
    assert read["invoices"][0]["credits"] == [{"number": "FR-CN-001", "amount": "216.00"}]
    assert any("Avoir FR-CN-001" in warning["message"] for warning in read["warnings"])


def test_a_credit_note_of_nothing_is_told(nobody: Browser) -> None:
    put = nobody.drops_many(("avoir.xml", CREDIT), ("F-2.xml", invoice("F-2")))
    assert "de quelle facture" in aside(put)["avoir.xml"]
    assert groups(put) == [("Brasserie des Halles", ["F-2"])]


def test_another_page_is_drawn_when_somebody_turns_to_it(nobody: Browser) -> None:
    nobody.drops((SAMPLES.parent / "layouts" / "several-pages.pdf").read_bytes(), "longue.pdf")
    pages = nobody.get(f"/api/drafts/{nobody.id}").json["invoices"][0]["file"]["pages"]
    assert pages > 1
    assert nobody.get(f"/api/drafts/{nobody.id}/invoices/1/pages/2").json["picture"].startswith("https://")
    assert [nobody.get(f"/api/drafts/{nobody.id}/invoices/{place}").status for place in ("1/pages/9", "1/pages/0", "7/pages/1")] == [
        404
    ] * 3


# ------------------------------------------------------------------------------------------------ moved by people


def moves(browser: Browser, draft: str, **body: object) -> Answer:
    browser.draft = draft
    answer = browser.post(f"/api/drafts/{browser.id}/move", body)
    browser.draft = ""
    return answer


def test_an_invoice_is_moved_merged_split_and_taken_away(nobody: Browser) -> None:
    halles, rosmadec = (group["draft"] for group in nobody.drops_many(("Factures.zip", SIX)).json["groups"])
    drafts = {"drafts": nobody.dropped}

    assert moves(nobody, halles, invoices=["2"], to=rosmadec).json == {"draft": rosmadec}
    assert groups(nobody.post("/api/groups", drafts)) == [
        ("Brasserie des Halles", ["F-1", "F-3"]),
        ("Société Rosmadec", ["R-1", "R-2", "F-2"]),
    ]

    alone = moves(nobody, rosmadec, invoices=["3"]).json["draft"]
    drafts["drafts"].append(alone)
    put = nobody.post("/api/groups", drafts)  # what a person took apart is not put together again
    assert groups(put) == [("Brasserie des Halles", ["F-1", "F-3"]), ("Société Rosmadec", ["R-1", "R-2"]), ("Société Rosmadec", ["F-2"])]

    assert moves(nobody, halles, invoices=["1", "3"], to=alone).json == {"draft": alone}
    assert moves(nobody, rosmadec, invoices=["1"], away="yes").json == {"draft": None}
    assert groups(nobody.post("/api/groups", drafts)) == [("Société Rosmadec", ["R-2"]), ("Société Rosmadec", ["F-2", "F-1", "F-3"])]


def test_what_was_left_aside_can_be_kept_all_the_same(nobody: Browser) -> None:
    put = nobody.drops_many(("F-1.xml", invoice("F-1")), ("autre.xml", invoice("F-1", ROSMADEC)))
    (left,) = put.json["aside"]
    assert "porte déjà le numéro F-1" in left["message"]
    kept = moves(nobody, left["draft"], invoices=["1"]).json["draft"]
    again = nobody.post("/api/groups", {"drafts": [*nobody.dropped, kept]})
    assert groups(again) == [("Brasserie des Halles", ["F-1"]), ("Société Rosmadec", ["F-1"])]
    assert aside(again) == {}


def test_nothing_moves_out_of_an_accepted_mandate(nobody: Browser) -> None:
    (group,) = nobody.drops_many(("F-1.xml", invoice("F-1"))).json["groups"]
    nobody.draft = group["draft"]
    assert nobody.types(**WE, debtor_line1="8 place des Lices", debtor_postcode="35000", debtor_city="Rennes").status == 200
    assert nobody.accepts().status == 202
    assert moves(nobody, group["draft"], invoices=["1"], away="yes").status == 409


def test_a_draft_whose_invoices_are_elsewhere_takes_nothing_more(nobody: Browser) -> None:
    nobody.drops_many(("F-1.xml", invoice("F-1")), ("F-2.xml", invoice("F-2")))
    nobody.draft = nobody.dropped[1]
    assert nobody.get(f"/api/drafts/{nobody.id}").json["state"] == "moved"
    assert nobody.types(number="F-9").status == 409


def test_another_token_opens_nothing(nobody: Browser) -> None:
    nobody.drops_many(("F-1.xml", invoice("F-1")))
    assert nobody.post("/api/groups", {"drafts": [nobody.dropped[0][:-1] + "x"]}).status == 404
    assert moves(nobody, nobody.dropped[0], invoices=["1"], to="made.up").status == 404


def test_what_was_not_finished_is_found_again_on_another_device(creditor: Browser, outbox: Outbox, clock: Clock) -> None:
    creditor.draft = ""
    creditor.drops_many(("F-1.xml", invoice("F-1")), ("R-1.xml", invoice("R-1", ROSMADEC)))
    elsewhere = Browser(address="192.0.2.77").signs_in(EMAIL, outbox)
    assert sorted(groups(elsewhere.get("/api/drafts"))) == [("Brasserie des Halles", ["F-1"]), ("Société Rosmadec", ["R-1"])]
    elsewhere.draft = elsewhere.get("/api/drafts").json["groups"][0]["draft"]
    assert (
        elsewhere.put(f"/api/drafts/{elsewhere.id}", {"fields": {"label": "Comptoir"}, "later": True}).json["fields"]["label"] == "Comptoir"
    )
    creditor.draft = elsewhere.draft
    assert creditor.get(f"/api/drafts/{creditor.id}").json["fields"]["label"] == "Comptoir"
    clock.at += timedelta(days=31)
    assert elsewhere.signs_in(EMAIL, outbox).get("/api/drafts").json["groups"] == []


def test_an_invoice_not_due_yet_is_not_said_to_be_late(nobody: Browser) -> None:
    later = invoice("F-2").replace(b"2026-06-15", b"2027-01-31")
    (group,) = nobody.drops_many(("F-1.xml", invoice("F-1")), ("F-2.xml", later)).json["groups"]
    assert [each["late"] for each in group["invoices"]] == [True, False]
