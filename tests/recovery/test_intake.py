"""The form, field by field."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import intake
from recovery.intake import FormRefused, Paper, check, names

TODAY = date(2026, 11, 24)
RIGHT = {
    "creditor_name": "Atelier Berthelot SARL", "creditor_siren": "732 829 320", "creditor_line1": "22 quai de la Fosse",
    "creditor_postcode": "44000", "creditor_city": "Nantes", "creditor_iban": "FR76 3000 6000 0112 3456 7890 189",
    "creditor_email": "Camille@Atelier.example", "debtor_kind": "business", "debtor_name": "Brasserie des Halles", "debtor_siren": "552100554",
    "debtor_line1": "8 place des Lices", "debtor_postcode": "35000", "debtor_city": "Rennes", "debtor_country": "FR",
    "number": "F-2026-0418", "issued": "04/08/2026", "due": "03/09/2026", "amount": "3 480,00", "label": "Comptoir", "interest": "yes", "kind": "service",
}  # fmt: skip


PAPER = Paper(document="ab" * 32)


def errors(**changes: str) -> dict[str, str]:
    return {wrong.field: wrong.message for wrong in check(RIGHT | changes, TODAY).errors}


def test_a_right_form_is_a_submission() -> None:
    checked = check(RIGHT, TODAY, [PAPER])
    submitted = checked.or_refuse()
    assert (checked.fields["due"], checked.fields["amount"], checked.fields["creditor_siren"]) == ("2026-09-03", "3480.00", "732829320")
    assert checked.fields["creditor_email"] == "camille@atelier.example"
    assert submitted.regime == "b2b"
    assert submitted.invoices[0].due == date(2026, 9, 3)
    assert submitted.invoices[0].document == "ab" * 32
    assert submitted.invoices[0].interest
    assert check(checked.fields, TODAY, [PAPER]) == checked  # settled is settled


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
        ({"debtor_kind": ""}, "debtor_kind", "un professionnel, un particulier ou un acheteur public"),
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
    checked = check(RIGHT, TODAY, [Paper(document_type="credit_note")])
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
    assert not check(RIGHT | {"interest": "no"}, TODAY).or_refuse().invoices[0].interest


def test_a_signatory() -> None:
    assert intake.signatory("  Camille   Berthelot ", "gérante") == ("Camille Berthelot", "gérante")
    with pytest.raises(FormRefused):
        intake.signatory("C", "gérante")
    assert intake.signatory("Nora Kessel", "gérante", private=True) == ("Nora Kessel", ""), "a private person signs for themselves"


SECOND = {"number.2": "F-2026-0420", "issued.2": "01/09/2026", "due.2": "01/10/2026", "amount.2": "520,00"}
BOTH = (Paper("1", "ab" * 32), Paper("2", "cd" * 32))


def test_several_invoices_of_one_debtor_are_one_submission() -> None:
    submitted = check(RIGHT | SECOND, TODAY, BOTH).or_refuse()
    assert [(each.number, each.amount, each.document) for each in submitted.invoices] == [
        ("F-2026-0418", Decimal("3480.00"), "ab" * 32),
        ("F-2026-0420", Decimal("520.00"), "cd" * 32),
    ]
    assert (submitted.principal, submitted.oldest_due) == (Decimal("4000.00"), date(2026, 9, 3))


def test_what_is_wrong_with_an_invoice_is_said_beside_its_own_field() -> None:
    found = check(RIGHT | SECOND | {"amount.2": "0", "due.2": "01/01/2027", "label.2": "😀"}, TODAY, BOTH).errors
    assert {wrong.field for wrong in found} == {"amount.2", "due.2", "label.2"}


def test_the_same_number_twice_is_one_invoice() -> None:
    (wrong,) = check(RIGHT | SECOND | {"number.2": "f- 2026-0418"}, TODAY, BOTH).errors
    assert (wrong.field, "déjà plus haut" in wrong.message) == ("number.2", True)


def test_a_draft_may_lose_its_first_invoice() -> None:
    (invoice,) = check(RIGHT | SECOND, TODAY, BOTH[1:]).or_refuse().invoices
    assert (invoice.number, invoice.amount) == ("F-2026-0420", Decimal("520.00"))


def test_a_case_holds_what_one_transaction_can_claim() -> None:
    (wrong, *_) = check(RIGHT, TODAY, [Paper(str(n)) for n in range(1, intake.MOST_INVOICES + 2)]).errors
    assert (wrong.field, "40 factures" in wrong.message) == ("file", True)


@given(st.dictionaries(st.sampled_from(names(["1", "2"])), st.text(max_size=60)))
def test_whatever_is_typed_is_answered(typed: dict[str, str]) -> None:
    checked = check(typed, TODAY, BOTH)
    assert (checked.submission is None) == bool(checked.errors)
    assert check(checked.fields, TODAY, BOTH).fields == checked.fields
