from dataclasses import replace
from decimal import Decimal

import pytest

from recovery.company import Address, Company, Located, deliverability, readable, same_name

COMPANY = Company(siren="880878145", name="BRASSERIE DES HALLES", form_code="5710")


@pytest.mark.parametrize(
    ("typed", "name", "same"),
    [
        ("Brasserie des Halles SAS", "BRASSERIE DES HALLES", True),
        ("S.A.S. Brasserie des Halles", "BRASSERIE DES HALLES", True),
        ("Sté Hôtelière du Pacano", "SOCIETE HOTELIERE DU PACANO", True),
        ("Les Halles, brasserie", "BRASSERIE DES HALLES", True),
        ("L’Encre Bleue", "LIBRAIRIE L'ENCRE BLEUE", True),
        ("Boulangerie Martin", "BRASSERIE DES HALLES", False),
        ("Garage des Halles", "BRASSERIE DES HALLES", False),
        ("SAS", "BRASSERIE DES HALLES", False),
        ("", "BRASSERIE DES HALLES", False),
    ],
)
def test_two_writings_of_one_name(typed: str, name: str, same: bool) -> None:
    assert same_name(typed, replace(COMPANY, name=name)) is same


def test_an_acronym_is_a_name_too() -> None:
    assert same_name("RATP", replace(COMPANY, name="REGIE AUTONOME DES TRANSPORTS PARISIENS", acronym="RATP"))


@pytest.mark.parametrize(
    ("code", "form"),
    [("5499", "SARL"), ("5485", "SELARL"), ("5710", "SAS"), ("5720", "SASU"), ("1000", "Entrepreneur individuel"), ("7346", "Personne publique"), ("9220", "Association"), ("9110", "Syndicat de copropriété"), ("", "")],
)  # fmt: skip
def test_a_form_has_its_french_name(code: str, form: str) -> None:
    assert replace(COMPANY, form_code=code).form == form


@pytest.mark.parametrize(
    ("score", "precision", "what"),
    [
        ("0.97", "housenumber", "deliverable"),
        ("0.97", "street", "to_confirm"),
        ("0.80", "housenumber", "deliverable"),
        ("0.79", "housenumber", "to_confirm"),
        ("0.49", "housenumber", "to_research"),
        ("0.99", "municipality", "to_research"),
    ],
)
def test_whether_a_letter_would_arrive(score: str, precision: str, what: str) -> None:
    assert deliverability(Located(address=Address(), score=Decimal(score), precision=precision)) == what
    assert deliverability(None) == "to_research"


def test_a_register_that_shouts_is_written_as_people_write() -> None:
    assert readable("12 RUE DE LA PAIX") == "12 rue de la Paix"
    assert readable("SAINT-ETIENNE") == "Saint-Etienne"
    assert readable("12 Rue de la Paix") == "12 Rue de la Paix"
