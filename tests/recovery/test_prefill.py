"""What was read becomes the form: sure, doubtful or missing."""

from typing import Any

from recovery import prefill
from recovery.intake import FIELDS, INVOICE_FIELDS


def reading(**changes: Any) -> dict[str, Any]:
    sure, unsure = (
        {"source": "xml", "confidence": 1.0, "page": None, "box": None},
        {"source": "page", "confidence": 0.6, "page": 1, "box": [0, 0, 1, 1]},
    )
    return {
        "invoice_number": "F-1", "issue_date": "2026-08-04", "due_date": "2026-09-03", "amount_due": None, "total_gross": "1200.00", "iban": None,
        "seller": {"name": "Atelier", "siren": None, "siret": "73282932000074", "email": None},
        "buyer": {"name": "Brasserie", "siren": None, "siret": None, "vat": None, "country": None},
        "warnings": [{"field": "due_date", "message": "Nous comptons trente jours."}, {"field": "seller.vat", "message": "TVA douteuse."}],
        "evidence": {"invoice_number": sure, "due_date": unsure, "total_gross": sure},
    } | changes  # fmt: skip


def test_every_name_is_a_field_of_the_form() -> None:
    assert set(prefill.READ_FROM) | set(prefill.NEEDED) | set(prefill.NEEDED_OF_INVOICE) <= {*FIELDS, *INVOICE_FIELDS}


def test_the_form_is_filled_by_the_first_name_known() -> None:
    fields = prefill.fields(reading(), {})
    assert (fields["amount"], fields["creditor_siren"], fields["debtor_country"]) == ("1200.00", "732829320", "FR")


def test_a_buyer_with_a_number_is_a_business_and_another_is_asked_about() -> None:
    assert prefill.fields(reading(), {})["debtor_kind"] == ""
    assert prefill.fields(reading(buyer={"name": "B", "vat": "FR83404833048"}), {})["debtor_kind"] == "business"


def test_a_doubt_lasts_until_somebody_types() -> None:
    shown = prefill.fields(reading(), {})
    assert prefill.doubtful(reading(), shown) == ["due"]
    assert prefill.doubtful(reading(), shown | {"due": "2026-09-04"}) == []


def test_what_is_missing_is_what_the_law_needs() -> None:
    missing = prefill.missing(prefill.fields(reading(), {}))
    assert "creditor_iban" in missing
    assert "debtor_kind" in missing
    assert "debtor_email" not in missing


def test_what_we_know_of_the_person_wins() -> None:
    fields = prefill.fields(reading(), {"creditor_name": "Atelier Berthelot SARL", "creditor_iban": ""})
    assert fields["creditor_name"] == "Atelier Berthelot SARL"


def test_what_is_read_too_unsurely_is_suggested_and_fills_nothing() -> None:
    hardly = reading(evidence=reading()["evidence"] | {"total_gross": {"source": "page", "confidence": 0.3, "page": 1, "box": None}})
    assert prefill.fields(hardly, {})["amount"] == ""
    assert prefill.suggestions(hardly) == {"amount": "1200.00"}
    assert prefill.doubtful(hardly, prefill.fields(hardly, {})) == ["due"]


def test_a_second_invoice_speaks_for_itself_alone() -> None:
    assert set(prefill.evidence(reading(), "2", lead=False)) == {"number.2", "due.2", "amount.2"}
    assert [warning["field"] for warning in prefill.warnings(reading(), "2", lead=False)] == ["due.2", "file"]
    assert prefill.fields(reading(), {}, "2")["number.2"] == "F-1"
    assert prefill.doubtful(reading(), prefill.fields(reading(), {}, "2"), "2", lead=False) == ["due.2"]
    assert {"number", "amount.2"} <= set(prefill.missing({}, ["1", "2"]))


def test_a_warning_stands_beside_its_field_or_the_file() -> None:
    assert [warning["field"] for warning in prefill.warnings(reading())] == ["due", "file"]


def test_evidence_is_named_after_the_form() -> None:
    assert set(prefill.evidence(reading())) == {"number", "due", "amount"}
