from dataclasses import replace

import pytest

from recovery.parties import AddressIncomplete, AddressTooLong, Party, address_lines
from tests.writing import CREDITOR, DEBTOR


def test_an_address_is_plain_lines_and_a_town_in_capitals() -> None:
    assert address_lines(DEBTOR) == ("Brasserie des Halles SAS", "À l’attention de la comptabilité", "8 place des Lices", "35000 RENNES")


@pytest.mark.parametrize(
    ("city", "printed"),
    [
        ("Saint-Étienne", "42000 SAINT-ETIENNE"),
        ("L’Haÿ-les-Roses", "42000 L HAY-LES-ROSES"),
        ("Paris,  cedex 08", "42000 PARIS CEDEX 08"),
    ],
)
def test_the_last_line_has_no_accent_and_no_punctuation(city: str, printed: str) -> None:
    assert address_lines(replace(DEBTOR, postcode="42000", city=city))[-1] == printed


def test_a_long_name_turns_between_words() -> None:
    lines = address_lines(replace(DEBTOR, name="Société coopérative des producteurs de légumes de la vallée"))
    assert lines[:2] == ("Société coopérative des producteurs de", "légumes de la vallée")


@pytest.mark.parametrize("name", ["Anticonstitutionnellementhexakosioihexeko", "un nom de trente-huit signes au moins " * 5])
def test_what_no_window_shows_is_refused(name: str) -> None:
    with pytest.raises(AddressTooLong):
        address_lines(replace(DEBTOR, name=name))


@pytest.mark.parametrize(("field", "lacking"), [("name", "line1"), ("city", "line1"), ("postcode", "postcode")])
def test_an_incomplete_address_is_refused(field: str, lacking: str) -> None:
    with pytest.raises(AddressIncomplete) as refusal:
        address_lines(replace(DEBTOR, **{field: " "}))
    assert refusal.value.field == lacking


def test_abroad_the_country_closes_the_address() -> None:
    assert address_lines(replace(DEBTOR, country="BE", postcode="1000", city="Bruxelles"))[-2:] == ("1000 BRUXELLES", "BELGIQUE")


def test_the_legal_form_is_said_once() -> None:
    assert CREDITOR.full_name == "Atelier Berthelot SARL"
    assert replace(CREDITOR, name="SARL Atelier Berthelot").full_name == "SARL Atelier Berthelot"
    assert Party(name="S.A.R.L. Dupont", legal_form="SARL").full_name == "S.A.R.L. Dupont"
