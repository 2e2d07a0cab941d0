"""What the pages do: each act of a visitor, what leaves for the API, and what is kept when the answer is no."""

import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser import answers as a
from tests.browser.conftest import Open
from tests.browser.test_pages import CASE_AT, CREDITOR, DRAFT, PAPER, REFUSED, STAFF

STORE = "http://127.0.0.1:9/uploads"
PUT, READING = DRAFT.replace("GET", "PUT"), f"{DRAFT.replace('GET', 'POST')}/reading"
INVOICE = {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 an invoice"}
UPLOADED = (
    201,
    {
        "draft": a.DRAFT,
        "upload": {"url": STORE, "fields": {"key": "uploads/dr4ft/1", "Content-Type": "application/pdf"}},
        "max": 10_485_760,
    },
)


class Heard:
    """Answers in turn, and keeps what was sent."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.sent = list(answers), []

    def __call__(self, route: Route) -> None:
        self.sent.append(route.request)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        status, body = found if isinstance(found, tuple) else (200, found)
        kind = "application/json" if status < 400 else "application/problem+json"
        route.fulfill(status=status, body=json.dumps(body), content_type=kind, headers={"ETag": f'"{len(self.sent)}"'})

    @property
    def bodies(self) -> list[Any]:
        return [request.post_data_json for request in self.sent]


def store(page: Page, status: int = 204, body: str = "") -> list[bytes]:
    received: list[bytes] = []

    def take(route: Route) -> None:
        received.append(route.request.post_data_buffer or b"")
        route.fulfill(status=status, body=body, headers={"Access-Control-Allow-Origin": "*"})

    page.route(STORE, take)
    return received


# ------------------------------------------------------------------------------------------------ the file drop


def test_an_invoice_is_dropped_sent_to_the_store_and_read(opened: Open) -> None:
    asked, reading = Heard(UPLOADED), Heard(a.draft())
    page = opened("/", {"POST /api/uploads": asked, READING: reading})
    received = store(page)
    page.locator("#facture").set_input_files(INVOICE)
    page.wait_for_url(f"**/verifier#{a.DRAFT}")
    expect(page.locator("[data-summary]")).to_contain_text("7 informations lues")
    assert asked.bodies == [{"name": "facture.pdf", "size": len(INVOICE["buffer"]), "type": "application/pdf"}]
    assert reading.sent[0].headers["authorization"] == f"Draft {a.DRAFT}"
    assert received[0].index(b'name="key"') < received[0].index(b'name="file"'), "the store reads what follows the file no more"


def test_the_form_is_there_while_its_file_is_read(opened: Open) -> None:
    held: list[Route] = []
    page = opened("/deposer", {"POST /api/uploads": UPLOADED, READING: held.append})
    store(page)
    page.locator("#facture").set_input_files(INVOICE)
    expect(page.get_by_role("status").filter(has_text="Lecture des informations")).to_be_visible()
    shape = page.locator("[data-block=client]")
    expect(shape).to_be_visible()
    assert shape.evaluate("shape => shape.inert"), "nothing can be typed yet that the reading would take away"
    Heard(a.draft())(held[0])
    expect(page.locator("[data-row=debtor_name]")).to_have_text(a.FIELDS["debtor_name"])
    assert not shape.evaluate("shape => shape.inert")


def test_a_file_that_cannot_be_an_invoice_is_refused_before_it_leaves(opened: Open) -> None:
    asked = Heard(UPLOADED)
    page = opened("/deposer", {"POST /api/uploads": asked})
    for file, sentence in (
        ({"name": "photo.gif", "mimeType": "image/gif", "buffer": b"GIF"}, "Ce fichier n’est pas lisible."),
        ({"name": "vide.pdf", "mimeType": "application/pdf", "buffer": b""}, "Ce fichier est vide."),
        ({"name": "gros.pdf", "mimeType": "application/pdf", "buffer": bytes(10 * 2**20 + 1)}, "Ce fichier dépasse 10 Mo."),
    ):
        page.locator("#facture").set_input_files(file)
        expect(page.locator("[data-error]")).to_contain_text(sentence)
        expect(page.locator("#facture")).to_be_focused()
    assert asked.sent == []


def test_what_the_reader_refuses_is_said_where_the_file_is_chosen(opened: Open) -> None:
    sentence = "Ce PDF est protégé par un mot de passe. Retirez la protection."
    refused = (422, {"title": "Il y a un problème.", "status": 422, "errors": [{"field": "file", "message": sentence}]})
    page = opened("/deposer", {"POST /api/uploads": UPLOADED, READING: refused})
    store(page)
    page.locator("#facture").set_input_files(INVOICE)
    expect(page.locator("[data-error]")).to_have_text(sentence)
    assert page.url.endswith("/deposer")
    expect(page.locator("[data-idle]")).to_be_visible()


def test_a_warning_goes_to_its_place_on_the_page_and_a_doubt_is_answered(opened: Open) -> None:
    place = {"code": "assigned", "page": 1, "box": [0.1, 0.8, 0.6, 0.85], "invoice": "1"}
    warned = [{"field": "still_ours", "message": "La page parle d’une cession.", **place}]
    sent = Heard(a.draft())
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft(warnings=warned, missing=["still_ours"], doubtful=[]), PUT: sent})
    page.get_by_role("button", name="Voir sur la facture").click()
    expect(page.locator("[data-boxes] .is-focus")).to_have_attribute("y", "0.8")
    expect(page.locator("[data-field=still_due]")).to_be_hidden()
    page.get_by_label("Cette créance est à moi").check()
    page.get_by_role("button", name="Tout est exact").click()
    page.wait_for_url("**/mandat#*")
    assert (sent.bodies[-1]["fields"]["still_ours"], sent.bodies[-1]["fields"]["still_due"]) == ("yes", "")


def test_what_the_store_refuses_is_said_too(opened: Open) -> None:
    page = opened("/deposer", {"POST /api/uploads": UPLOADED})
    store(page, 400, "<Error><Code>EntityTooLarge</Code></Error>")
    page.locator("#facture").set_input_files(INVOICE)
    expect(page.locator("[data-error]")).to_contain_text("dépasse 10 Mo")


def test_an_upload_can_be_cancelled(opened: Open) -> None:
    page = opened("/deposer", {"POST /api/uploads": UPLOADED})
    page.route(STORE, lambda route: None)  # the store never answers
    page.locator("#facture").set_input_files(INVOICE)
    page.locator("[data-cancel]").click()
    expect(page.locator("[data-idle]")).to_be_visible()
    expect(page.locator("#facture")).to_be_focused()
    assert page.url.endswith("/deposer")


# ------------------------------------------------------------------------------------------------ the check and the mandate


def test_a_refused_form_says_so_twice_opens_the_block_and_keeps_every_word(opened: Open) -> None:
    sent = Heard(REFUSED, a.READY)
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft(), PUT: sent})
    page.get_by_role("button", name="Modifier la somme due").click()
    page.locator("#label").fill("Un comptoir <b>& \u202e")
    page.get_by_role("button", name="Tout est exact").click()
    expect(page.locator(".errsum")).to_be_focused()
    expect(page.locator(".errsum li")).to_have_count(2)
    expect(page.locator("#debtor_siren")).to_be_visible()
    expect(page.locator("#debtor_siren")).to_have_attribute("aria-describedby", "debtor_siren-err")
    expect(page.locator("#debtor_siren-err")).to_have_text("Ce numéro SIREN n’est pas valable : vérifiez ses 9 chiffres.")
    assert page.title().startswith("Erreur")
    page.locator(".errsum a").first.click()
    expect(page.locator("#creditor_email")).to_be_focused()
    page.keyboard.type("camille@atelierberthelot.example")
    page.reload()
    expect(page.locator("#creditor_email")).to_have_value("camille@atelierberthelot.example")
    expect(page.locator("#label")).to_have_value("Un comptoir <b>& \u202e")
    page.get_by_role("button", name="Tout est exact").click()
    page.wait_for_url(f"**/mandat#{a.DRAFT}")
    fields = sent.bodies[-1]["fields"]
    assert set(fields) == set(a.FIELDS) - {"signatory_name", "signatory_role"}
    assert (fields["amount"], fields["due"], fields["interest"], fields["debtor_kind"]) == (
        "3\u00a0480,00",
        "03/09/2026",
        "yes",
        "business",
    )


def test_the_focused_field_is_outlined_on_the_page_of_the_invoice(opened: Open) -> None:
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft()})
    page.locator("#due").focus()
    expect(page.locator("rect.is-focus")).to_have_attribute("data-of", "due")
    assert page.locator("[data-boxes] rect").count() == len(a.EVIDENCE)


def test_what_is_odd_in_the_file_shows_in_a_closed_block_until_it_is_corrected(opened: Open) -> None:
    odd = "Le SIREN du client a une clé fausse."
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft(warnings=[{"field": "debtor_siren", "message": odd}])})
    client, row = page.locator("[data-block=client]"), page.locator("dd[data-row=debtor_siren]")
    expect(row).to_have_text(f"852\u00a0417\u00a0396{odd}")
    client.get_by_role("button", name="Modifier").click()
    expect(client.get_by_text(odd).last).to_be_visible()
    page.locator("#debtor_siren").fill("552 100 554")
    expect(client.locator(".hint--read")).to_be_hidden()
    client.get_by_role("button", name="Fermer").click()
    expect(row).to_have_text("552 100 554")


def test_two_fields_wrong_in_the_same_way_are_told_apart(opened: Open) -> None:
    sentence = "Ce SIREN n’existe pas."
    errors = [{"field": field, "message": sentence} for field in ("debtor_siren", "creditor_siren")]
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft(), PUT: (422, {"title": "Il y a un problème.", "status": 422, "errors": errors})})
    page.get_by_role("button", name="Tout est exact").click()
    expect(page.locator(".errsum li")).to_have_text([f"Votre client\u00a0: {sentence}", f"Vous\u00a0: {sentence}"])


def test_an_invoice_already_in_a_case_leads_to_it(opened: Open) -> None:
    errors = [{"field": "number", "message": "Cette facture est déjà dans le dossier RG-26-00001."}]
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft(), PUT: (422, {"title": "Il y a un problème.", "status": 422, "errors": errors})})
    page.get_by_role("button", name="Tout est exact").click()
    expect(page.get_by_role("link", name="Ouvrir le dossier")).to_have_attribute("href", "/dossier#RG-26-00001")


def test_on_a_telephone_the_invoice_is_one_tap_away(opened: Open) -> None:
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft()}, width=390)
    expect(page.get_by_role("link", name="Agrandir la facture")).to_have_attribute("href", a.PICTURE)
    expect(page.locator("[data-picture]")).to_be_hidden()


def test_what_a_consumer_owes_is_told_apart(opened: Open) -> None:
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft(fields=a.FIELDS | {"debtor_kind": ""}, missing=["debtor_kind"])})
    expect(page.locator("#debtor_kind")).to_contain_text("À compléter")
    page.get_by_role("radio", name="un particulier").check()
    expect(page.get_by_text("Ni pénalités ni indemnité.")).to_be_visible()


def test_names_are_only_ever_text(opened: Open) -> None:
    name = '<img src=x onerror="document.title=1"> SARL'
    page = opened(f"/mandat#{a.DRAFT}", {DRAFT: a.READY | {"fields": a.READY["fields"] | {"creditor_name": name, "debtor_name": name}}})
    expect(page.locator("article strong").first).to_have_text(name)
    assert page.locator("main img").count() == 0


def test_the_mandate_is_accepted_in_one_click_by_whoever_is_named(opened: Open) -> None:
    known = a.READY | {"fields": a.ACCEPTED["fields"]}
    sent, drafts = Heard((202, a.MANDATE)), Heard(known, a.ACCEPTED)
    page = opened(f"/mandat#{a.DRAFT}", {DRAFT: drafts, f"{DRAFT.replace('GET', 'POST')}/mandate": sent, PAPER: a.PAPER})
    expect(page.locator("[data-known]")).to_contain_text("Camille Berthelot, gérante")
    page.get_by_role("button", name="J’accepte le mandat et je lance le dossier").click()
    page.wait_for_url(f"**/confirmation#{a.DRAFT}")
    assert sent.bodies == [{"signatory": {"name": "Camille Berthelot", "role": "gérante"}}]
    expect(page.locator("h1:visible")).to_have_text("Plus qu’un clic, Camille")


def test_somebody_else_may_sign(opened: Open) -> None:
    known = a.READY | {"fields": a.ACCEPTED["fields"]}
    refused = (422, {"title": "Saisissez sa qualité, par exemple gérante.", "status": 422, "field": "role"})
    sent = Heard(refused, (202, a.MANDATE))
    page = opened(f"/mandat#{a.DRAFT}", {DRAFT: known, f"{DRAFT.replace('GET', 'POST')}/mandate": sent})
    page.get_by_role("button", name="Ce n’est pas moi").click()
    expect(page.locator("#signatory_name")).to_be_focused()
    page.locator("#signatory_name").fill("Dominique Berthelot")
    page.get_by_role("button", name="J’accepte").click()
    expect(page.locator("#signatory_role-err")).to_be_visible()
    expect(page.locator("#signatory_name")).to_have_value("Dominique Berthelot")
    assert sent.bodies[0]["signatory"] == {"name": "Dominique Berthelot", "role": ""}


def test_a_private_person_signs_for_themselves(opened: Open) -> None:
    known = a.READY | {"fields": a.READY["fields"] | {"creditor_kind": "individual", "signatory_name": "", "signatory_role": ""}}
    page = opened(f"/mandat#{a.DRAFT}", {DRAFT: known, PAPER: a.PAPER})
    expect(page.locator("#signatory_name")).to_be_visible()
    expect(page.locator("#signatory_role")).to_be_hidden()
    expect(page.get_by_text("en a le pouvoir")).to_be_hidden()


def test_offline_is_said_and_nothing_is_lost(opened: Open) -> None:
    page = opened(f"/mandat#{a.DRAFT}", {DRAFT: a.READY, f"{DRAFT.replace('GET', 'POST')}/mandate": lambda route: route.abort()})
    page.locator("#signatory_name").fill("Camille Berthelot")
    page.get_by_role("button", name="J’accepte").click()
    expect(page.locator(".errsum")).to_contain_text("hors ligne")
    expect(page.locator("#signatory_name")).to_have_value("Camille Berthelot")
    expect(page.get_by_role("button", name="J’accepte")).to_be_enabled()


# ------------------------------------------------------------------------------------------------ links that open a door


def test_opening_the_confirmation_page_confirms_nothing_and_hides_the_link(opened: Open) -> None:
    sent = Heard({"ref": a.REF, "state": "waiting_agency", "next": "/dossiers"})
    page = opened("/confirmer#s3cret", {"POST /api/confirmations": sent})
    assert sent.sent == []
    assert page.url.endswith("/confirmer")
    page.get_by_role("button", name="Confirmer et lancer le dossier").click()
    expect(page.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    assert sent.bodies == [{"token": "s3cret"}]


def test_a_sign_in_link_serves_by_its_button_and_comes_back_where_one_was(opened: Open) -> None:
    ended, sent = (401, {"title": "Ouvrez votre espace.", "status": 401}), Heard({"role": "staff", "next": "/equipe"})
    desk = Heard(a.DESK)
    report = Heard(ended, {"version": 9, "status": "open"})
    page = opened(
        "/equipe",
        {"GET /api/desk": desk, "POST /api/cases/RG-26-00018/steps/first_call/report": report, "POST /api/sessions": sent, **STAFF},
    )
    page.get_by_role("button", name="Appeler : Garage Le Moal").click()
    page.get_by_label("Compte rendu").fill("M. Le Moal rappelle jeudi.")
    page.get_by_role("button", name="Enregistrer l’appel").click()
    page.wait_for_url("**/connexion")
    expect(page.get_by_text("Ce que vous aviez saisi est gardé")).to_be_visible()
    page.goto("about:blank")  # a link is opened anew, as a mail reader does
    page.goto("/connexion#s3cret")
    page.reload()  # the link was taken out of the address bar: the tab remembers it
    page.get_by_role("button", name="Ouvrir mon espace").click()
    page.wait_for_url("**/equipe")
    assert sent.bodies == [{"token": "s3cret"}]
    page.get_by_role("button", name="Appeler : Garage Le Moal").click()
    expect(page.get_by_label("Compte rendu")).to_have_value("M. Le Moal rappelle jeudi.")


def test_any_address_gets_the_same_answer(opened: Open) -> None:
    sent = Heard((202, {"message": ""}))
    page = opened("/connexion", {"POST /api/sign-in": sent})
    page.get_by_label("Votre e-mail").fill("qui@ailleurs.example")
    page.get_by_role("button", name="Recevoir mon lien").click()
    expect(page.get_by_role("heading", name="Regardez vos e-mails")).to_be_visible()
    assert sent.bodies == [{"email": "qui@ailleurs.example"}]


# ------------------------------------------------------------------------------------------------ the cases


def test_a_case_follows_its_journal_without_moving_the_reader(opened: Open) -> None:
    later = a.CASE | {"version": 15, "past": [a.past("2026-11-24T08:00:00Z", "Deuxième lettre envoyée"), *a.CASE["past"]]}
    views = Heard(a.CASE, later, (304, None))
    page = opened(f"/dossier#{a.REF}", {CASE_AT: views, **CREDITOR})
    page.get_by_role("button", name="Télécharger tout le journal").focus()
    expect(page.locator("[data-past] li").nth(1)).to_contain_text("Deuxième lettre envoyée", timeout=8000)
    expect(page.locator(".toast")).to_have_text("Nouveau\u00a0: Deuxième lettre envoyée")
    expect(page.get_by_role("button", name="Télécharger tout le journal")).to_be_focused()
    assert views.sent[1].headers["if-none-match"] == '"1"'


def test_a_case_that_is_not_yours_says_so_once(opened: Open) -> None:
    views = Heard((404, {"title": "Nous ne trouvons rien à cette adresse.", "status": 404}))
    page = opened(f"/dossier#{a.REF}", {CASE_AT: views, **CREDITOR})
    expect(page.get_by_text("Ce dossier n’est pas accessible")).to_be_visible()
    assert len(views.sent) == 1


def test_the_creditor_decides_in_a_dialog_that_says_the_effect(opened: Open) -> None:
    sent = Heard({"version": 15})
    page = opened(f"/dossier#{a.REF}", {CASE_AT: a.ASKED, f"{CASE_AT.replace('GET', 'POST')}/decision": sent, **CREDITOR})
    page.get_by_role("button", name="Arrêter sans frais").click()
    expect(page.get_by_role("dialog")).to_contain_text("C’est définitif.")
    page.get_by_role("dialog").get_by_role("button", name="Annuler").click()
    page.get_by_role("button", name="Attendre").click()
    page.get_by_label("Attendre jusqu’au").fill("2027-01-15")
    page.get_by_role("dialog").get_by_role("button", name="Attendre").click()
    expect(page.locator(".toast")).to_have_text("C’est noté")
    assert sent.bodies == [{"choice": "wait", "until": "2027-01-15"}]


def test_a_creditor_paid_directly_reads_what_they_owe(opened: Open) -> None:
    line = a.CASE["remittance"]["lines"][0] | {"to_remit": "-84.00"}
    direct = a.CASE | {"remittance": {"lines": [line], "total": {"amount": "500.00", "fee": "70.00", "vat": "14.00", "to_remit": "-84.00"}}}
    page = opened(f"/dossier#{a.REF}", {CASE_AT: direct, **CREDITOR})
    expect(page.locator("[data-remittance] tr").last).to_have_text("À nous verser84,00\u00a0€")


def test_a_payment_that_came_back_gives_back_its_commission(opened: Open) -> None:
    line = a.CASE["remittance"]["lines"][0]
    back = line | {"on": "2026-11-24", "returned": True, "amount": "-500.00", "fee": "-70.00", "vat": "-14.00", "to_remit": "-416.00"}
    total = dict.fromkeys(("amount", "fee", "vat", "to_remit"), "0.00")
    page = opened(f"/dossier#{a.REF}", {CASE_AT: a.CASE | {"remittance": {"lines": [line, back], "total": total}}, **CREDITOR})
    rows = page.locator("[data-remittance] tr")
    expect(rows).to_have_count(9)
    assert [" ".join(text.split()) for text in rows.all_inner_texts()[4:8]] == [
        "Revenu impayé le 24 novembre − 500,00 €",
        "Commission HT 70,00 €",
        "TVA 14,00 €",
        "À déduire de vos reversements − 416,00 €",
    ]


def test_the_list_is_filtered_and_searched(opened: Open) -> None:
    page = opened("/dossiers", {"GET /api/cases": a.CASES, **CREDITOR})
    expect(page.locator("tbody tr").nth(1)).to_contain_text(
        "Brasserie des Halles"
    )  # what waits for the reader, after what waits for the agency
    page.get_by_role("button", name="Terminés").click()
    assert page.locator("tbody tr:visible").count() == 2
    page.get_by_role("searchbox").fill("rien de tel")
    expect(page.get_by_text("Aucun dossier ne correspond.")).to_be_visible()
    page.get_by_role("button", name="Afficher tous les dossiers").click()
    assert page.locator("tbody tr:visible").count() == 7


# ------------------------------------------------------------------------------------------------ the work list


def test_a_call_is_reported_and_leaves_the_list(opened: Open) -> None:
    done = a.DESK | {"tasks": a.DESK["tasks"][1:]}
    sent, desk = Heard({"version": 9, "status": "open"}), Heard(a.DESK, done)
    page = opened("/equipe", {"GET /api/desk": desk, "POST /api/cases/RG-26-00018/steps/first_call/report": sent, **STAFF})
    page.get_by_role("button", name="Appeler : Garage Le Moal").click()
    page.get_by_label("Échange, sans engagement").check()
    expect(page.get_by_label("Promis pour le")).to_be_hidden()
    page.get_by_label("Promet de payer").check()
    page.get_by_label("Promis pour le").fill("2026-12-01")
    page.get_by_label("Compte rendu").fill("Promet de payer mardi.")
    page.get_by_role("button", name="Enregistrer l’appel").click()
    expect(page.locator(".toast")).to_have_text("Appel enregistré.")
    assert sent.bodies == [{"outcome": "promise", "until": "2026-12-01", "note": "Promet de payer mardi."}]
    expect(page.get_by_role("button", name="Appeler : Garage Le Moal")).to_have_count(0)
    expect(page.get_by_role("button", name="Appeler : Crêperie du Port")).to_be_focused()


def test_a_first_case_is_opened_in_one_click_or_refused_with_words(opened: Open) -> None:
    yes, no = Heard({"ref": a.REF, "state": "opened"}), Heard({"ref": a.REF, "state": "refused"})
    api = {"GET /api/desk": a.DESK, "POST /api/desk/submissions/d1/approve": yes, "POST /api/desk/submissions/d1/refuse": no, **STAFF}
    page = opened("/equipe", api)
    page.get_by_role("button", name="Vérifier : Clinique Saint-Yves").click()
    expect(page.locator(".checks > div")).to_have_count(3)
    page.get_by_role("button", name="Tout concorde, ouvrir le dossier").click()
    expect(page.locator(".toast")).to_contain_text("Dossier ouvert.")
    page.get_by_role("button", name="Vérifier : Clinique Saint-Yves").click()
    page.get_by_role("button", name="Refuser", exact=True).click()
    page.get_by_label("Raison, écrite au créancier").fill("Le titulaire du compte est une autre société.")
    page.get_by_role("button", name="Refuser et prévenir le créancier").click()
    expect(page.locator(".toast").last).to_contain_text("Refus envoyé")
    assert (yes.bodies, no.bodies) == ([{}], [{"reason": "Le titulaire du compte est une autre société."}])


def test_a_payment_is_recorded_on_any_case_and_once(opened: Open) -> None:
    refused = (422, {"title": "Saisissez un montant, par exemple 1 200,00.", "status": 422, "field": "amount"})
    sent = Heard(refused, (201, {"version": 9, "status": "closed"}))
    page = opened("/equipe#payer:RG-26-00017", {"GET /api/desk": a.DESK, f"POST /api/cases/{a.REF}/payments": sent, **STAFF})
    expect(page.locator("#amount-pay")).to_be_focused()
    page.get_by_role("button", name="Enregistrer le paiement").click()
    expect(page.locator("#amount-pay-err")).to_be_visible()
    page.locator("#amount-pay").fill("1 250,00")
    page.get_by_role("button", name="Enregistrer le paiement").click()
    expect(page.locator(".toast")).to_contain_text(a.REF)
    first, second = sent.bodies
    assert second == {"amount": "1 250,00", "on": a.TODAY.isoformat(), "means": "transfer", "payment": first["payment"]}, (
        "a second try bears the same number"
    )


def test_the_payment_that_came_back_is_chosen_among_those_of_the_case(opened: Open) -> None:
    said = Heard({})
    payments = [
        {"payment": "p1", "amount": "500.00", "on": "2026-11-20", "returned": True},
        {"payment": "p2", "amount": "120.00", "on": "2026-11-22", "returned": False},
    ]
    case = {f"GET /api/cases/{a.REF}": a.CASE | {"payments": payments}, f"POST /api/cases/{a.REF}/payments/p2/return": said}
    page = opened("/equipe", {"GET /api/desk": a.DESK, **case, **STAFF})
    page.get_by_role("button", name="Paiement revenu").click()
    form = page.locator("[data-returned-form]")
    form.get_by_role("button", name="Enregistrer le retour").click()
    expect(form.locator(".errsum")).to_contain_text("RG-26-00001")
    form.get_by_label("Dossier").fill(a.REF.lower())
    form.get_by_label("Dossier").press("Tab")
    expect(form.get_by_label("Paiement").locator("option")).to_have_text(["120,00\u00a0€, reçu le 22 novembre"])
    form.get_by_label("Revenu le").fill("2026-11-24")
    form.get_by_role("button", name="Enregistrer le retour").click()
    expect(page.locator(".toast")).to_contain_text(f"Retour enregistré dans le dossier {a.REF}")
    assert said.bodies[0] == {"payment": "p2", "on": "2026-11-24", "reason": ""}


def test_an_address_is_corrected_where_a_letter_is_blocked(opened: Open) -> None:
    sent = Heard({"version": 9, "status": "open"})
    page = opened("/equipe", {"GET /api/desk": a.DESK, "POST /api/cases/RG-26-00024/debtor": sent, **STAFF})
    page.get_by_role("button", name="Corriger : Cabinet Ruellan").click()
    page.get_by_label("Complément").fill("")
    page.get_by_role("button", name="Corriger et refaire la lettre").click()
    expect(page.locator(".toast")).to_contain_text("Adresse corrigée.")
    assert sent.bodies[0]["line2"] == ""
    assert sent.bodies[0]["name"] == "Cabinet Ruellan"


def test_a_blocked_letter_is_tried_again_when_there_is_no_address_to_correct(opened: Open) -> None:
    sent = Heard({"version": 9, "status": "open"})
    page = opened("/equipe", {"GET /api/desk": a.DESK, "POST /api/cases/RG-26-00024/steps/first_letter/approve": sent, **STAFF})
    page.get_by_role("button", name="Corriger : Cabinet Ruellan").click()
    page.get_by_role("button", name="Réessayer sans rien corriger").click()
    expect(page.locator(".toast")).to_contain_text("Nouvel essai demandé.")
    assert sent.bodies == [{}]


# ------------------------------------------------------------------------------------------------ the debtor


def test_a_code_is_typed_in_any_form_and_never_stays_in_an_address(opened: Open) -> None:
    sent = Heard(a.DEBTOR)
    page = opened("/", {"POST /api/letters": sent})
    page.get_by_label("Code de la lettre").fill(" kp7m 2xq9-4t ")
    page.get_by_role("button", name="Voir mon dossier").click()
    expect(page.get_by_role("heading", name="Une facture d’Atelier Berthelot SARL reste à régler")).to_be_focused()
    assert sent.bodies == [{"code": "KP7M2XQ94T"}]
    assert page.url.endswith("/lettre")


def test_the_transfer_is_copied_line_by_line(opened: Open) -> None:
    page = opened("/lettre#KP7M2XQ94T", {"POST /api/letters": a.DEBTOR})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Payer par virement").click()
    page.get_by_role("button", name="Copier : IBAN").click()
    expect(page.locator(".toast")).to_have_text(f"Copié\u00a0: {a.DEBTOR['pay']['iban']}")
    page.get_by_role("button", name="Copier : Montant").click()
    assert page.evaluate("navigator.clipboard.readText()") == a.STATEMENT["balance"].replace(".", ",")


def test_a_claim_withdrawn_asks_for_nothing(opened: Open) -> None:
    page = opened("/lettre#KP7M2XQ94T", {"POST /api/letters": a.DEBTOR | {"state": "withdrawn", "pay": None}})
    expect(page.get_by_text("Atelier Berthelot SARL a retiré sa demande. Vous n’avez rien à faire.")).to_be_visible()
    expect(page.locator("#h-s")).to_be_hidden()
    expect(page.locator("#payer")).to_be_hidden()


def test_pages_fit_the_narrowest_and_the_widest_screens(opened: Open) -> None:
    for width in (320, 1920):
        for address, api in (
            ("/", {}),
            ("/methode", {}),
            (f"/verifier#{a.DRAFT}", {DRAFT: a.draft()}),
            (f"/mandat#{a.DRAFT}", {DRAFT: a.READY}),
            (f"/dossier#{a.REF}", {CASE_AT: a.ASKED, **STAFF}),
            ("/dossiers", {"GET /api/cases": a.CASES, **CREDITOR}),
            ("/equipe", {"GET /api/desk": a.DESK, **STAFF}),
            ("/lettre#KP7M2XQ94T", {"POST /api/letters": a.DEBTOR}),
        ):
            page = opened(address, api, width=width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            page.context.close()
