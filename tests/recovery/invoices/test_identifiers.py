"""The keys of the numbers that identify a company or an account."""

import pytest

from recovery.invoices import identifiers


def test_a_wrong_digit_shows_in_a_siren_and_a_siret() -> None:
    assert identifiers.siren_holds("732829320")
    assert not identifiers.siren_holds("732829321")
    assert not identifiers.siren_holds("000000000")
    assert identifiers.siret_holds("73282932000074")
    assert not identifiers.siret_holds("73282932000075")
    assert not identifiers.siret_holds("7328293200007")


def test_la_poste_has_a_rule_of_its_own() -> None:
    assert identifiers.siret_holds("35600000000048")
    assert identifiers.siret_holds("35600000049837")  # its digits add up to 45
    assert not identifiers.siret_holds("35600000049838")


@pytest.mark.parametrize("vat", ["FR44732829320", "DE136695976", "GB123456789", "FRK7399859412"])
def test_a_vat_number_holds(vat: str) -> None:
    assert identifiers.vat_holds(vat)


@pytest.mark.parametrize("vat", ["FR45732829320", "FR0000000000", "FR00000000000", "DE123456789", "F63530848134", "", "12"])
def test_a_wrong_vat_number_does_not(vat: str) -> None:
    assert not identifiers.vat_holds(vat)


def test_a_french_vat_number_gives_the_siren() -> None:
    assert identifiers.siren_of_vat("FR44732829320") == "732829320"
    assert identifiers.siren_of_vat("FR45732829320") is None
    assert identifiers.siren_of_vat("DE136695976") is None


@pytest.mark.parametrize(
    ("iban", "holds"),
    [
        ("FR7630006000011234567890189", True),
        ("FR7430003000402964223654P78", True),
        ("FR7630006000011234567890188", False),
        ("FR7600000000000000000000000", False),  # passes mod 97, and is nobody's account
        ("DE3708004001234567890", False),
        ("GB99NWBK60161312345678", False),
        ("NL57RABO0107307510", True),
        ("", False),
    ],
)
def test_the_key_of_an_iban(iban: str, holds: bool) -> None:
    assert identifiers.iban_holds(iban) is holds
