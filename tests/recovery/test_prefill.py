"""What was read becomes the form: sure, doubtful or missing."""

from datetime import date
from typing import Any

import pytest

from recovery import prefill
from recovery.intake import FIELDS, INVOICE_FIELDS

TODAY = date(2026, 11, 24)


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
    assert prefill.suggestions(hardly) == {"amount": {"value": "1200.00", "because": "Lu sans certitude"}}
    assert prefill.doubtful(hardly, prefill.fields(hardly, {})) == ["due"]


def test_a_second_invoice_speaks_for_itself_alone() -> None:
    assert set(prefill.evidence(reading(), "2", lead=False)) == {"number.2", "due.2", "amount.2"}
    assert [warning["field"] for warning in prefill.warnings(reading(), TODAY, "2", lead=False)] == ["due.2", "file"]
    assert prefill.fields(reading(), {}, "2")["number.2"] == "F-1"
    assert prefill.doubtful(reading(), prefill.fields(reading(), {}, "2"), "2", lead=False) == ["due.2"]
    assert {"number", "amount.2"} <= set(prefill.missing({}, ["1", "2"]))


def test_a_warning_stands_beside_its_field_or_the_file() -> None:
    assert [warning["field"] for warning in prefill.warnings(reading(), TODAY)] == ["due", "file"]


def told(**warning: Any) -> dict[str, Any]:
    return reading(source="text", warnings=[{"message": "…", "code": None, "page": None, "box": None, **warning}])


def test_a_warning_keeps_its_code_and_the_place_to_look_at() -> None:
    [warning] = prefill.warnings(told(field="amount_due", code="differs", page=1, box=[0.1, 0.2, 0.3, 0.4]), TODAY, "2")
    assert warning == {
        "field": "amount.2", "code": "differs", "page": 1, "box": [0.1, 0.2, 0.3, 0.4], "invoice": "2", "message": "…",
    }  # fmt: skip


def test_a_debt_said_paid_or_assigned_is_to_be_confirmed_beside_what_says_so() -> None:
    assigned, paid = told(field="payee", code="assigned"), told(field="amount_due", code="maybe_paid")
    assert (prefill.doubts(assigned), prefill.doubts(paid)) == ({"assigned"}, {"maybe_paid"})
    assert [each["field"] for reading in (assigned, paid) for each in prefill.warnings(reading, TODAY)] == ["still_ours", "still_due"]


def test_data_that_say_paid_are_believed_and_a_page_asks() -> None:
    paid = told(field="amount_due", code="paid")
    assert prefill.doubts(paid) == {"maybe_paid"}
    assert prefill.doubts(paid | {"source": "xml"}) == {"paid"}
    assert prefill.warnings(paid | {"source": "xml"}, TODAY)[0]["field"] == "amount"


def test_not_due_is_said_until_the_day() -> None:
    early = told(field="due_date", code="not_due")
    assert prefill.warnings(early, date(2026, 9, 3))
    assert not prefill.warnings(early, date(2026, 9, 4))


def test_a_due_date_reckoned_from_the_terms_is_suggested_with_them() -> None:
    counted = reading(
        due_date=None, reckoned_due_date="2026-09-03", terms={"payment": "30  jours net"},
        warnings=[{"field": "due_date", "message": "La facture ne dit pas son échéance."}],
    )  # fmt: skip
    assert prefill.fields(counted, {})["due"] == ""
    assert prefill.suggestions(counted, "2") == {
        "due.2": {"value": "2026-09-03", "because": "Compté d’après ses conditions, « 30 jours net »"}
    }
    assert prefill.warnings(counted, TODAY) == []


def test_evidence_is_named_after_the_form() -> None:
    assert set(prefill.evidence(reading())) == {"number", "due", "amount"}


def test_a_public_body_is_known_by_its_number() -> None:
    assert prefill.fields(reading(buyer={"name": "Commune de Blois", "siren": "214100182"}), {})["debtor_kind"] == "public"
    assert (
        prefill.fields(reading(buyer={"name": "Dupont SARL", "siren": "214100182"}), {})["debtor_kind"] == ""
    )  # the two disagree: a person says


@pytest.mark.parametrize(
    ("seller", "warned"),
    [
        ({"name": "QUINCAILLERIE MORVAN", "siren": "552100554"}, True),
        ({"name": "Atelier Berthelot", "siren": "732829320"}, False),
        ({"name": "Atelier Berthelot", "siren": "552100554"}, True),  # the same name, another company
        ({"name": "Schreinerei Huber GmbH"}, True),
        ({"name": "ATELIER BERTHELOT S.A.R.L."}, False),
        ({}, False),
    ],
)
def test_the_invoice_of_another_seller_is_never_claimed_in_silence(seller: dict[str, str], warned: bool) -> None:
    known = {"creditor_name": "Atelier Berthelot SARL", "creditor_siren": "732829320"}
    said = prefill.another_seller(reading(seller=seller), known)
    assert (said is not None) is warned
    if said:
        assert prefill.doubts(reading(warnings=[said])) == {"another_seller"}
        assert prefill.warnings(reading(warnings=[said]), TODAY)[0]["field"] == "still_ours"
    assert prefill.another_seller(reading(seller=seller), {}) is None
