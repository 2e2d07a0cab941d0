"""The form, field by field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import intake
from recovery.intake import FIELDS, FormRefused, check

TODAY = date(2026, 11, 24)
RIGHT = {
    "creditor_name": "Atelier Berthelot SARL", "creditor_siren": "732 829 320", "creditor_line1": "22 quai de la Fosse",
    "creditor_postcode": "44000", "creditor_city": "Nantes", "creditor_iban": "FR76 3000 6000 0112 3456 7890 189",
    "creditor_email": "Camille@Atelier.example", "debtor_kind": "business", "debtor_name": "Brasserie des Halles", "debtor_siren": "552100554",
    "debtor_line1": "8 place des Lices", "debtor_postcode": "35000", "debtor_city": "Rennes", "debtor_country": "FR",
    "number": "F-2026-0418", "issued": "04/08/2026", "due": "03/09/2026", "amount": "3 480,00", "label": "Comptoir", "interest": "yes",
}  # fmt: skip


def errors(**changes: str) -> dict[str, str]:
    return {wrong.field: wrong.message for wrong in check(RIGHT | changes, TODAY).errors}


def test_a_right_form_is_a_submission() -> None:
    checked = check(RIGHT, TODAY, document="ab" * 32)
    submitted = checked.or_refuse()
    assert (checked.fields["due"], checked.fields["amount"], checked.fields["creditor_siren"]) == ("2026-09-03", "3480.00", "732829320")
    assert checked.fields["creditor_email"] == "camille@atelier.example"
    assert submitted.regime == "b2b"
    assert submitted.invoice.due == date(2026, 9, 3)
    assert submitted.invoice.document == "ab" * 32
    assert submitted.invoice.interest
    assert check(checked.fields, TODAY, document="ab" * 32) == checked  # settled is settled


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"due": "03/01/2027"}, "due", "Cette facture est à payer le 3 janvier 2027. Revenez le 4 janvier, ou corrigez la date."),
        ({"due": "24/11/2026"}, "due", "Revenez le 25 novembre"),
        ({"due": "01/01/1970"}, "due", "plus de cinq ans"),
        ({"due": "23/11/2021", "issued": "01/01/2021"}, "due", "plus de cinq ans"),
        ({"due": "03/08/2026"}, "due", "avant la date de la facture"),
        ({"due": "31/02/2026"}, "due", "Saisissez la date d’échéance"),
        ({"due": ""}, "due", "Saisissez la date d’échéance"),
        ({"issued": "25/11/2026"}, "issued", "dans le futur"),
        ({"amount": "0"}, "amount", "zéro"),
        ({"amount": "0,00 €"}, "amount", "zéro"),
        ({"amount": "-120,00"}, "amount", "avoir"),
        ({"amount": "beaucoup"}, "amount", "Saisissez le montant"),
        ({"amount": "12000000"}, "amount", "dix millions"),
        ({"number": ""}, "number", "numéro"),
        ({"number": "x" * 41}, "number", "40 caractères"),
        ({"creditor_siren": "732829321"}, "creditor_siren", "clé"),
        ({"creditor_siren": "73282932"}, "creditor_siren", "9 chiffres"),
        ({"creditor_siren": ""}, "creditor_siren", "Saisissez votre SIREN"),
        ({"debtor_siren": "552100555"}, "debtor_siren", "clé"),
        ({"debtor_siren": "732829320"}, "debtor_siren", "aussi le vôtre"),
        ({"creditor_iban": "FR7630006000011234567890188"}, "creditor_iban", "IBAN n’est pas valable"),
        ({"creditor_iban": ""}, "creditor_iban", "Saisissez l’IBAN"),
        ({"creditor_email": "camille@"}, "creditor_email", "pas complet"),
        ({"creditor_email": "a@b.fr\nBcc: c@d.fr"}, "creditor_email", "pas complet"),
        ({"debtor_email": "a b@c"}, "debtor_email", "pas complet"),
        ({"debtor_phone": "appelez-moi"}, "debtor_phone", "pas complet"),
        ({"debtor_kind": ""}, "debtor_kind", "professionnel ou un particulier"),
        ({"debtor_name": ""}, "debtor_name", "nom de votre client"),
        ({"debtor_name": "\u202e\u200b"}, "debtor_name", "nom de votre client"),
        ({"debtor_name": "Le Renard 🦊"}, "debtor_name", "ne s’imprime pas"),
        ({"debtor_line1": "rue " + "x" * 50}, "debtor_line1", "fenêtre"),
        ({"debtor_postcode": "3500"}, "debtor_postcode", "5 chiffres"),
        ({"debtor_country": "France"}, "debtor_country", "pays"),
        ({"debtor_name": "atelier BERTHELOT sarl", "debtor_siren": "", "debtor_line1": "22 Quai de la Fosse", "debtor_postcode": "44000"}, "debtor_name", "même nom"),
    ],
)  # fmt: skip
def test_one_clear_sentence_beside_the_right_field(changes: dict[str, str], field: str, says: str) -> None:
    found = errors(**changes)
    assert list(found) == [field], found
    assert says in found[field]


def test_the_last_day_of_the_limitation_is_still_a_day() -> None:
    assert errors(due="24/11/2021", issued="01/01/2021") == {}
    assert errors(debtor_kind="consumer", due="24/11/2024", issued="01/01/2024") == {}
    assert "deux ans" in errors(debtor_kind="consumer", due="23/11/2024", issued="01/01/2024")["due"]


def test_a_credit_note_is_refused_whatever_is_typed() -> None:
    checked = check(RIGHT, TODAY, document_type="credit_note")
    assert [(wrong.field, "avoir" in wrong.message) for wrong in checked.errors] == [("file", True)]


def test_every_error_is_said_at_once_and_once() -> None:
    found = check({}, TODAY).errors
    assert len({wrong.field for wrong in found}) == len(found)
    assert {"creditor_iban", "debtor_kind", "number", "due", "amount"} <= {wrong.field for wrong in found}
    with pytest.raises(FormRefused) as refused:
        check({}, TODAY).or_refuse()
    assert refused.value.errors == found


def test_a_consumer_has_no_siren() -> None:
    submitted = check(RIGHT | {"debtor_kind": "consumer", "debtor_siren": "732829320"}, TODAY).or_refuse()
    assert (submitted.regime, submitted.debtor.siren, submitted.debtor.kind) == ("b2c", "", "consumer")


def test_a_siret_gives_its_siren() -> None:
    assert check(RIGHT | {"debtor_siren": "552 100 554 00025"}, TODAY).fields["debtor_siren"] == "552100554"


def test_a_business_abroad_needs_neither_siren_nor_french_postcode() -> None:
    assert errors(debtor_siren="", debtor_country="be", debtor_postcode="B-1000") == {}


def test_names_are_kept_as_data() -> None:
    fields = check(RIGHT | {"debtor_name": "<b>Fish & Chips</b> \u202eוברת\u202c "}, TODAY).fields
    assert fields["debtor_name"] == "<b>Fish & Chips</b> וברת"


def test_without_interest() -> None:
    assert not check(RIGHT | {"interest": "no"}, TODAY).or_refuse().invoice.interest


def test_a_signatory() -> None:
    assert intake.signatory("  Camille   Berthelot ", "gérante") == ("Camille Berthelot", "gérante")
    with pytest.raises(FormRefused):
        intake.signatory("C", "gérante")


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=60)))
def test_whatever_is_typed_is_answered(typed: dict[str, str]) -> None:
    checked = check(typed, TODAY)
    assert (checked.submission is None) == bool(checked.errors)
    assert check(checked.fields, TODAY).fields == checked.fields
