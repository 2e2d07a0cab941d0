"""From a dropped file to the link in an e-mail."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from .conftest import EMAIL, NUMBER, SAMPLES, Browser, Clock, Outbox

HOSTILE = Path(__file__).parents[1] / "samples" / "hostile"


def test_a_factur_x_fills_the_form_and_needs_no_typing(nobody: Browser, invoice: bytes) -> None:
    read = nobody.drops(invoice).json
    assert (read["state"], read["missing"], read["quote"]) == ("read", ["kind"], None)
    assert read["fields"]["number"] == NUMBER
    assert read["fields"]["due"] == "2023-10-19"
    assert read["fields"]["amount"] == "915.86"
    assert read["fields"]["debtor_kind"] == "business"
    assert read["invoices"][0]["file"]["picture"].startswith("https://")
    assert read["evidence"]["number"]["source"] == "xml"


def test_the_quote_comes_with_a_form_that_is_right(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    quote = nobody.types().json["quote"]
    assert quote["principal"] == "915.86"
    assert quote["indemnity"] == "40.00"
    lines = sum(int(line["amount"].replace(".", "")) for line in quote["lines"])
    assert lines == int(quote["balance"].replace(".", ""))
    assert [rung["id"] for rung in quote["ladder"]][:3] == ["checks", "first_letter", "reminder"]
    example = quote["fee"]["example"]
    assert example["collected"] == quote["balance"]
    assert quote["mandate"]["clauses"]


def test_what_was_typed_is_kept_when_it_is_refused(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    refused = nobody.types(debtor_name="Brasserie <b>", due="03/01/2027", amount="0", creditor_iban="FR7630006000011234567890188")
    assert refused.status == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert set(refused.errors()) == {"due", "amount", "creditor_iban"}
    assert refused.errors()["due"].startswith("Cette facture est à payer le 3 janvier 2027. Revenez le 4 janvier")
    kept = nobody.get(f"/api/drafts/{nobody.id}").json
    assert kept["fields"]["debtor_name"] == "Brasserie <b>"
    assert kept["fields"]["due"] == "2027-01-03"
    assert kept["state"] == "read"
    assert kept["quote"] is None


def test_a_form_that_was_right_can_be_made_wrong_again(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    assert nobody.types().json["state"] == "checked"
    assert nobody.types(amount="").status == 422
    assert nobody.get(f"/api/drafts/{nobody.id}").json["quote"] is None
    assert nobody.accepts().status == 422


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("facture.exe", 10, "Ce fichier n’est pas lisible."),
        ("facture.pdf", 0, "Ce fichier est vide."),
        ("facture.pdf", 10 * 1024 * 1024 + 1, "Ce fichier dépasse 10 Mo."),
    ],
)
def test_a_file_that_cannot_be_an_invoice_is_refused_before_it_leaves(nobody: Browser, name: str, size: int, sentence: str) -> None:
    refused = nobody.post("/api/uploads", {"name": name, "size": size})
    assert refused.status == 422
    assert refused.json["field"] == "file"
    assert refused.json["title"].startswith(sentence)


def test_the_store_is_told_the_same_limits(nobody: Browser) -> None:
    import base64

    form = nobody.post("/api/uploads", {"name": "Facture n°1.pdf", "size": 5}).json["upload"]["fields"]
    policy = json.loads(base64.b64decode(form["policy"]))
    assert ["content-length-range", 1, 10485760] in policy["conditions"]
    assert ["eq", "$key", form["key"]] in policy["conditions"]
    assert ["eq", "$Content-Type", "application/pdf"] in policy["conditions"]


def sample(name: str) -> bytes:
    return next(folder / name for folder in (HOSTILE, SAMPLES) if (folder / name).exists()).read_bytes()


def test_a_credit_note_is_refused_beside_the_file(nobody: Browser) -> None:
    refused = nobody.drops(sample("fx-fr-credit-note.pdf"))
    assert refused.status == 422
    assert list(refused.errors()) == ["file"]
    assert "avoir" in refused.errors()["file"]


def test_bytes_that_are_no_document_are_refused_beside_the_file(nobody: Browser) -> None:
    refused = nobody.drops(b"MZ\x90\x00 not a document at all")
    assert refused.status == 422
    assert list(refused.errors()) == ["file"]


@pytest.mark.parametrize(
    "data", [b"MZ\x90\x00 not a document at all", b"<html><script>alert(1)</script></html>", sample("needs-password-aes256.pdf")]
)
def test_a_right_form_does_not_make_an_invoice_of_a_file_that_was_refused(nobody: Browser, invoice: bytes, data: bytes) -> None:
    nobody.drops(invoice)
    fields = nobody.types().json["fields"]
    said = nobody.drops(data).errors()
    assert list(said) == ["file"]
    assert nobody.types(**fields).errors() == said
    assert nobody.get(f"/api/drafts/{nobody.id}").json["fields"]["number"] == NUMBER
    assert nobody.accepts().status == 422


def test_a_scan_stands_as_evidence_and_is_typed_by_hand(nobody: Browser) -> None:
    read = nobody.drops(sample("scan-fr-derived-basic.pdf"))
    assert read.status == 200
    assert [warning["field"] for warning in read.json["warnings"]] == ["file"]
    assert "number" in read.json["missing"]
    typed = nobody.types(
        creditor_name="Atelier Berthelot SARL", creditor_siren="732 829 320", creditor_line1="22 quai de la Fosse",
        creditor_postcode="44000", creditor_city="Nantes", creditor_iban="FR76 3000 6000 0112 3456 7890 189", creditor_email="c@atelier.example",
        debtor_kind="business", debtor_name="Brasserie des Halles", debtor_line1="8 place des Lices", debtor_postcode="35000", debtor_city="Rennes",
        number="F-1", issued="04/08/2026", due="03/09/2026", amount="3 480,00",
    )  # fmt: skip
    assert typed.json["state"] == "checked", typed.body


def test_an_upload_that_was_cut_can_be_tried_again(nobody: Browser) -> None:
    asked = nobody.post("/api/uploads", {"name": "f.pdf", "size": 5}).json
    nobody.draft = asked["draft"]
    refused = nobody.post(f"/api/drafts/{nobody.id}/reading")
    assert refused.status == 422
    assert "interrompu" in refused.json["title"]


def test_accepting_archives_the_evidence_and_mails_the_mandate(nobody: Browser, invoice: bytes, outbox: Outbox) -> None:
    from hashlib import sha256

    from adapters import archive

    nobody.drops(invoice)
    nobody.types()
    accepted = nobody.accepts()
    assert accepted.status == 202, accepted.body
    assert (accepted.json["ref"], accepted.json["email"]) == ("RG-26-00001", EMAIL)
    assert archive.get(sha256(invoice).hexdigest()) == invoice
    (message,) = outbox.to(EMAIL)
    (mandate,) = message.iter_attachments()
    assert mandate.get_content().startswith(b"%PDF")
    assert "https://reglo.example/confirmer#" in outbox.words(message)


def test_pressing_twice_accepts_once(nobody: Browser, invoice: bytes, outbox: Outbox) -> None:
    nobody.drops(invoice)
    nobody.types()
    first, second = nobody.accepts(), nobody.accepts(name="Somebody Else")
    assert (first.status, second.status) == (202, 202)
    assert first.json["ref"] == second.json["ref"]
    assert first.json["document"]["name"] == second.json["document"]["name"]
    assert len(outbox.to(EMAIL)) == 1


def test_nothing_changes_once_accepted(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    nobody.types()
    nobody.accepts()
    assert nobody.types(amount="1").status == 409
    assert nobody.post(f"/api/drafts/{nobody.id}/reading").json["state"] == "accepted"


def test_the_mandate_accepted_is_the_one_that_was_read(nobody: Browser, invoice: bytes) -> None:
    from adapters import drafts
    from doors import quotes

    from .conftest import NOW

    nobody.drops(invoice)
    shown = nobody.types(signatory_name="Camille Berthelot", signatory_role="gérante").json["quote"]["mandate"]
    nobody.accepts()
    kept = drafts.find(nobody.id, NOW)
    assert kept is not None
    assert kept.accepted["text"] == shown["fingerprint"]
    assert quotes.agreement(kept, quotes.submission(kept, NOW), NOW).signatory == "Camille Berthelot"


def test_a_signatory_is_a_person_with_a_capacity(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    nobody.types()
    assert set(nobody.accepts(name=" ", role="").errors()) == {"name", "role"}


def test_a_picture_in_a_name_is_said_beside_it_and_a_script_of_elsewhere_is_kept(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    assert nobody.types(debtor_name="Le Renard 🦊").errors() == {
        "debtor_name": "Le signe « 🦊 » ne s’imprime pas sur une lettre : retirez-le."
    }
    assert nobody.types(debtor_name="محمد SARL").errors() == {
        "debtor_name": "Le signe « م » ne s’imprime pas sur une lettre : écrivez en lettres latines."
    }
    assert nobody.types(debtor_name="狐 SARL").json["fields"]["debtor_name"] == "狐 SARL"  # the letter will go to a person


def test_a_mandate_that_changed_since_it_was_read_is_not_accepted(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    shown = nobody.types().json["quote"]["mandate"]
    body = {"signatory": {"name": "Camille Berthelot", "role": "gérante"}}
    refused = nobody.post(f"/api/drafts/{nobody.id}/mandate", body | {"read": "0" * 64})
    assert (refused.status, "relisez-le" in refused.json["title"]) == (409, True)
    assert nobody.post(f"/api/drafts/{nobody.id}/mandate", body | {"read": shown["fingerprint"]}).status == 202


def test_the_whole_mandate_can_be_read_before(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    nobody.types()
    shown = nobody.get(f"/api/drafts/{nobody.id}/mandate").json
    assert shown["name"].endswith(".pdf")
    assert shown["size"] > 5000


def test_a_file_that_changed_since_it_was_read_is_refused(nobody: Browser, invoice: bytes, clock: Clock) -> None:
    from adapters import drafts
    from adapters.aws import client

    nobody.drops(invoice)
    nobody.types()
    draft = drafts.find(nobody.id, clock.at)
    assert draft is not None
    client("s3").put_object(Bucket="reglo-uploads", Key=draft.invoices[0].file["key"], Body=b"%PDF-1.7 another")
    refused = nobody.accepts()
    assert (refused.status, refused.json["field"]) == (422, "file")


def test_a_claim_that_lapsed_overnight_is_not_accepted(nobody: Browser, invoice: bytes, clock: Clock) -> None:
    nobody.drops(invoice)
    nobody.types(issued="01/11/2021", due="24/11/2021")
    clock.pass_(days=1)
    refused = nobody.accepts()
    assert refused.status == 422
    assert "prescrite" in refused.errors()["due"]


def test_the_link_can_be_sent_again_elsewhere_and_the_first_opens_nothing(nobody: Browser, invoice: bytes, outbox: Outbox) -> None:
    nobody.drops(invoice)
    nobody.types()
    nobody.accepts()
    assert nobody.post(f"/api/drafts/{nobody.id}/resend", {"email": "Camille@atelier.example"}).status == 202
    assert nobody.post("/api/confirmations", {"token": outbox.link("confirmer", EMAIL)}).status == 404
    confirmed = nobody.post("/api/confirmations", {"token": outbox.link("confirmer", "camille@atelier.example")})
    assert confirmed.json["state"] == "waiting_agency"
    assert nobody.post(f"/api/drafts/{nobody.id}/resend").status == 409


def test_links_are_not_sent_without_end(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    nobody.types()
    nobody.accepts()
    assert [nobody.post(f"/api/drafts/{nobody.id}/resend").status for _ in range(6)] == [202] * 5 + [429]


def test_what_we_know_of_a_creditor_is_not_asked_again(creditor: Browser, invoice: bytes) -> None:
    again = creditor.drops(sample("cii-fr-invoice.xml"), "facture.xml").json
    assert again["fields"]["creditor_siren"] == "123456824"
    assert again["fields"]["creditor_email"] == EMAIL
    assert again["fields"]["signatory_name"] == "Camille Berthelot"
    assert again["known_creditor"]


def test_an_invoice_handed_over_twice_is_told_early_to_its_creditor_alone(creditor: Browser, invoice: bytes) -> None:
    creditor.drops(invoice)
    assert creditor.types().errors() == {"number": "Cette facture est déjà dans le dossier RG-26-00001."}
    stranger = Browser(address="192.0.2.9")
    stranger.drops(invoice)
    assert stranger.types().status == 200


def test_a_draft_lives_thirty_days(nobody: Browser, invoice: bytes, clock: Clock) -> None:
    nobody.drops(invoice)
    clock.pass_(days=31)
    assert nobody.get(f"/api/drafts/{nobody.id}").status == 404


def test_uploads_are_not_made_without_end(nobody: Browser) -> None:
    statuses = [nobody.post("/api/uploads", {"name": "f.pdf", "size": 1}).status for _ in range(121)]
    assert statuses == [201] * 120 + [429]
    assert replace(nobody, address="192.0.2.8").post("/api/uploads", {"name": "f.pdf", "size": 1}).status == 201


# ------------------------------------------------------------------------------------------------ what the file says against the claim

FILLED = {
    "creditor_name": "Atelier Berthelot SARL", "creditor_siren": "334175221", "creditor_line1": "22 quai de la Fosse", "creditor_postcode": "44000",
    "creditor_city": "Nantes", "creditor_iban": "FR7630006000011234567890189", "creditor_email": EMAIL, "debtor_kind": "business",
    "debtor_name": "Brasserie des Halles", "debtor_siren": "552100554", "debtor_line1": "8 place des Lices", "debtor_postcode": "35000",
    "debtor_city": "Rennes", "number": "F-1", "issued": "2026-05-15", "due": "2026-06-15",
}  # fmt: skip


@pytest.mark.parametrize(("sample", "field"), [("fx-fr-en16931-dense-grid.pdf", "still_ours"), ("fx-fr-sole-trader-paid.pdf", "still_due")])
def test_a_debt_that_its_file_says_assigned_or_paid_is_confirmed_first(nobody: Browser, sample: str, field: str) -> None:
    read = nobody.drops((SAMPLES / sample).read_bytes()).json
    assert field in read["missing"]
    assert [warning["field"] for warning in read["warnings"] if warning["code"] in ("assigned", "maybe_paid")] == [field]
    assert list(nobody.types(**FILLED).errors()) == [field]
    confirmed = nobody.types(**{field: "yes"})
    assert confirmed.json["state"] == "checked"
    assert field not in confirmed.json["missing"]
    assert nobody.types(**{field: ""}).status == 422


def test_data_that_say_the_invoice_was_paid_are_refused(nobody: Browser) -> None:
    ubl = (SAMPLES / "ubl-fr-invoice.xml").read_text("utf-8")
    paid = ubl.replace("<cbc:CustomizationID>", "<cbc:ProfileID>B2</cbc:ProfileID><cbc:CustomizationID>", 1)
    assert paid != ubl
    nobody.drops(paid.encode(), "facture.xml")
    assert "déjà payée" in nobody.types(**FILLED).errors()["amount"]


def test_another_currency_is_refused(nobody: Browser) -> None:
    nobody.drops((SAMPLES / "text-en-previous-balance.pdf").read_bytes())
    assert "nous ne recouvrons que des sommes en euros" in nobody.types(**FILLED).errors()["amount"]


def test_a_due_date_counted_from_the_terms_is_offered_with_its_reason(nobody: Browser) -> None:
    read = nobody.drops((SAMPLES / "ubl-fr-invoice.xml").read_bytes(), "facture.xml").json
    assert read["fields"]["due"] == ""
    assert "due" in read["missing"]
    assert read["suggestions"]["due"]["value"] == "2024-06-14"
    assert read["suggestions"]["due"]["because"].startswith("Compté d’après ses conditions, « ")


@pytest.mark.parametrize(
    ("name", "recogniser", "woken"),
    [
        ("facture.pdf", "none", ["read-invoice"]),
        ("photo.jpg", "none", ["read-invoice"]),
        ("photo.jpg", "textract", ["read-invoice", "recognise"]),
        ("Factures.zip", "textract", ["unpack"]),
    ],
)
def test_whoever_reads_is_woken_while_the_file_travels(
    nobody: Browser, monkeypatch: pytest.MonkeyPatch, name: str, recogniser: str, woken: list[str]
) -> None:
    from adapters import workshops

    invoked: list[dict[str, object]] = []
    monkeypatch.setenv("RECOGNISER", recogniser)
    monkeypatch.setattr(workshops, "client", lambda _: SimpleNamespace(invoke=lambda **asked: invoked.append(asked)))
    assert nobody.post("/api/uploads", {"name": name, "size": 5}).status == 201
    assert [asked["FunctionName"] for asked in invoked] == woken
    assert {asked["InvocationType"] for asked in invoked} == {"Event"}
    for asked in invoked:
        assert workshops.call(str(asked["FunctionName"]), json.loads(asked["Payload"])) == {}  # type: ignore[arg-type]


def test_somebody_who_drops_the_invoice_of_another_says_that_it_is_theirs(creditor: Browser) -> None:
    creditor.draft = ""
    read = creditor.drops((SAMPLES / "fx-fr-extended-siret.pdf").read_bytes()).json
    [warning] = [each for each in read["warnings"] if each["code"] == "another_seller"]
    assert warning["field"] == "still_ours"
    assert "vérifiez que cette créance est à vous" in warning["message"]
    assert "still_ours" in creditor.types(**{name: FILLED[name] for name in FILLED if not name.startswith("creditor_")}).errors()
