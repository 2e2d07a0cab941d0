"""A deposit under each regime, from the form to the case."""

import pytest

from adapters import journal
from recovery.events import CaseClosed, CaseOpened

from .conftest import EMAIL, Browser, Clock, Outbox

RECENT = {"issued": "01/09/2026", "due": "01/10/2026", "amount": "1 000,00"}
PRIVATE = {
    "creditor_kind": "individual", "creditor_name": "Claire Leroux", "creditor_siren": "", "creditor_email": "claire@leroux.example",
    "express_request": "yes", "debtor_email": "",
}  # fmt: skip


def opened(browser: Browser, email: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, role: str = "gérante") -> CaseOpened:
    monkeypatch.setenv("TRUST_CREDITORS", "yes")
    assert browser.accepts(role=role).status == 202
    ref = browser.post("/api/confirmations", {"token": outbox.link("confirmer", email)}).json["ref"]
    first = journal.read(ref).events[0]
    assert isinstance(first, CaseOpened)
    return first


def test_a_public_buyer(nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody.drops(invoice)
    quote = nobody.types(debtor_kind="public", **RECENT).json["quote"]
    interest = next(line for line in quote["lines"] if line["kind"] == "interest")
    assert "R2192-31" in interest["rule"]
    assert "10,4" in interest["detail"]  # ECB + 8
    assert [rung["id"] for rung in quote["ladder"]] == ["checks", "first_letter", "first_call", "formal_notice", "creditor_decision"]
    first = opened(nobody, EMAIL, outbox, monkeypatch)
    assert (first.regime, first.policy) == ("b2g", "public")


def test_an_agreed_rate_and_a_penalty_clause_stand_in_the_mandate(
    nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody.drops(invoice)
    quote = nobody.types(agreed="12 %", penalty="150,00", kind="transport", **RECENT).json["quote"]
    assert ["Facture 2023-6013", "Transport de marchandises, taux convenu : 12 % par an, clause pénale : 150,00\u00a0€"] in quote[
        "mandate"
    ]["parties"]
    assert "12,00\u00a0%" in next(line["detail"] for line in quote["lines"] if line["kind"] == "interest").replace(
        "12\u00a0%", "12,00\u00a0%"
    )
    (claimed,) = opened(nobody, EMAIL, outbox, monkeypatch).invoices
    assert claimed.agreed is not None
    assert (claimed.kind, claimed.agreed.kind, claimed.penalty) == ("transport", "fixed", 150)


def test_from_a_consumer_what_a_contract_adds_is_not_claimed(nobody: Browser, invoice: bytes) -> None:
    nobody.drops(invoice)
    quote = nobody.types(debtor_kind="consumer", agreed="12 %", penalty="150,00", **RECENT).json["quote"]
    assert [line["kind"] for line in quote["lines"]] == ["principal"]
    assert quote["fee"]["rate"] == "20"


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"debtor_country": "CH"}, "debtor_country", "Nous ne recouvrons pas encore dans ce pays"),
        ({"debtor_country": "ES"}, "debtor_country", "pas encore à vos clients dans leur langue"),
        ({"debtor_country": "DE"}, "debtor_country", "dans leur langue"),
        ({"debtor_country": "BE", "debtor_kind": "consumer"}, "debtor_country", "SPF Économie"),
        ({"debtor_country": "LU", "debtor_kind": "public"}, "debtor_kind", "acheteur public établi hors de France"),
        ({"kind": "credit"}, "kind", "crédit ou un prêt"),
        ({"kind": "dragon"}, "kind", "pas connue"),
        ({"kind": "transport", "issued": "01/09/2025", "due": "01/10/2025"}, "due", "prescrite depuis"),
        ({"kind": "", "issued": "01/01/2026", "due": "31/01/2026"}, "kind", "Choisissez ce que cette facture fait payer"),
        ({"agreed": "beaucoup"}, "agreed", "pas compris"),
        ({"agreed": "15 %/mois"}, "agreed", "un juge le réduirait"),
        ({"penalty": "-3"}, "penalty", "prévue au contrat"),
        ({"penalty": "5 000,00"}, "penalty", "dépasse la facture"),
        (PRIVATE | {"express_request": ""}, "express_request", "rétractation de 14 jours"),
        ({"creditor_kind": "king"}, "creditor_kind", "organisme public"),
    ],
)  # fmt: skip
def test_what_may_not_be_claimed_is_refused_by_its_field(
    nobody: Browser, invoice: bytes, typed: dict[str, str], field: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_licences(monkeypatch)
    nobody.drops(invoice)
    errors = nobody.types(**(RECENT | {"debtor_postcode": "75008"} | typed)).errors()
    assert list(errors) == [field], errors
    assert says in errors[field]


def without_licences(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from adapters import agency

    profile = agency.profile
    monkeypatch.setattr(agency, "profile", lambda: replace(profile(), licences={}))


def test_a_belgian_company_is_claimed_by_the_law_of_its_country(
    nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody.drops(invoice)
    quote = nobody.types(debtor_country="BE", debtor_siren="", debtor_postcode="1000", debtor_city="Bruxelles", **RECENT).json["quote"]
    assert "loi belge" in next(line["rule"] for line in quote["lines"] if line["kind"] == "interest")
    assert quote["fee"]["rate"] == "23"  # five points more outside France
    assert opened(nobody, EMAIL, outbox, monkeypatch).debtor_country == "BE"


def test_a_private_person_is_a_consumer_of_the_mandate(
    nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    nobody.drops(invoice)
    quote = nobody.types(**PRIVATE, **RECENT).json["quote"]
    assert [line["kind"] for line in quote["lines"]] == ["principal"]  # the legal rate, from the formal notice
    titles = [clause["title"] for clause in quote["mandate"]["clauses"]]
    assert titles[-2:] == ["Votre droit de rétractation", "Formulaire de rétractation"]
    first = opened(nobody, PRIVATE["creditor_email"], outbox, monkeypatch, role="")  # a capacity is asked of those who sign for another
    assert first.creditor_kind == "individual"
    assert first.creditor.startswith("person-")
    assert "claire" not in str(journal.read(first.case).entries).lower()
    (confirmed,) = [message for message in outbox.to(PRIVATE["creditor_email"]) if "rétracter" in outbox.words(message)]
    assert [part.get_filename() for part in confirmed.iter_attachments()] == [f"mandat-{first.case}.pdf"]
    assert nobody.get("/api/cases").json["cases"][0]["ref"] == first.case
    view = nobody.get(f"/api/cases/{first.case}").json
    assert view["retract_until"] == "2026-12-08"
    assert nobody.post(f"/api/cases/{first.case}/retraction").status == 200
    last = journal.read(first.case).events[-1]
    assert isinstance(last, CaseClosed)
    assert last.reason == "retracted"


def test_after_fourteen_days_one_stops_but_does_not_retract(
    nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    nobody.drops(invoice)
    nobody.types(**PRIVATE, **RECENT)
    first = opened(nobody, PRIVATE["creditor_email"], outbox, monkeypatch)
    clock.pass_(days=15)
    nobody.signs_in(PRIVATE["creditor_email"], outbox)
    assert nobody.post(f"/api/cases/{first.case}/retraction").status == 409
    assert nobody.get(f"/api/cases/{first.case}").json["retract_until"] is None


def test_the_second_case_of_a_private_person_needs_no_second_look(
    nobody: Browser, invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody.drops(invoice)
    nobody.types(**PRIVATE, **RECENT)
    first = opened(nobody, PRIVATE["creditor_email"], outbox, monkeypatch)
    monkeypatch.delenv("TRUST_CREDITORS")
    nobody.drops(invoice)
    typed = nobody.types(**PRIVATE, **RECENT, number="F-2", still_ours="yes")  # the sample bears another seller
    assert typed.status == 200, typed.body
    assert nobody.accepts().status == 202
    answer = nobody.post("/api/confirmations", {"token": outbox.link("confirmer", PRIVATE["creditor_email"])})
    assert answer.json["state"] == "opened"
    again = journal.read(answer.json["ref"]).events[0]
    assert isinstance(again, CaseOpened)
    assert again.creditor == first.creditor
