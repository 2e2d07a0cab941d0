"""The numbers that identify a company or an account, and the keys that give a slip of the pen away."""

import re
from dataclasses import dataclass

from stdnum import iban as iban_number
from stdnum.es import cif as spanish_cif
from stdnum.es import nif as spanish_nif
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number
from stdnum.gb import vat as british_vat
from stdnum.it import iva

# La Poste numbers its post offices outside the common key: the digits of a SIRET add up to a multiple of five.
LA_POSTE = "356000000"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who hands the invoice over, as far as we know already: whatever bears these numbers is the seller."""

    name: str | None = None
    siren: str | None = None
    siret: str | None = None
    vat: str | None = None
    iban: str | None = None


def compact(number: str) -> str:
    return re.sub(r"[\s.\-\u00a0\u202f]", "", number).upper()


def siren_holds(siren: str) -> bool:
    return len(siren) == 9 and siren_number.is_valid(siren) and siren != "0" * 9


def siret_holds(siret: str) -> bool:
    if len(siret) != 14 or not siret.isdecimal() or siret[:9] == "0" * 9:
        return False
    if siret.startswith(LA_POSTE):
        return siret_number.is_valid(siret) or sum(map(int, siret)) % 5 == 0
    return bool(siret_number.is_valid(siret))


def vat_holds(vat: str) -> bool:
    """Countries outside the Union give numbers whose key we do not know: those are taken as they are."""
    country = vat[:2]
    if country == "FR":
        # The key alone: the SIREN inside is checked, and spoken of, as a SIREN.
        key, siren = vat[2:4], vat[4:]
        if not (len(siren) == 9 and siren.isdecimal() and siren != "0" * 9):
            return False
        return not key.isdecimal() or int(key) == (12 + 3 * (int(siren) % 97)) % 97
    if country.lower() in eu_vat.MEMBER_STATES or country == "EL":
        return bool(eu_vat.is_valid(vat))
    return country.isalpha() and len(vat) >= 7


def nationally(country: str, number: str) -> bool:
    """Does the key of this number, printed without the letters of its country, hold?"""
    match country:
        case "IT":
            return bool(iva.is_valid(number))
        case "ES":
            return bool(spanish_cif.is_valid(number) or spanish_nif.is_valid(number))
        case "GB":
            return bool(british_vat.is_valid(number))
        case _:
            return vat_holds(country + number)


def siren_of_vat(vat: str) -> str | None:
    """A French VAT number is FR, a key and the SIREN."""
    if re.fullmatch(r"FR[0-9A-Z]{2}\d{9}", vat) and vat_holds(vat):
        return vat[4:]
    return None


def iban_holds(iban: str) -> bool:
    """Key and length of the country; and an account number that is not only zeros, which passes every key."""
    return (
        bool(iban_number.is_valid(iban, check_country=False))
        and len(set(iban[4:])) > 2
        and IBAN_LENGTH.get(iban[:2], len(iban)) == len(iban)
    )


def bic_holds(bic: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", bic))


IBAN_LENGTH = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
    "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MA": 28,
    "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24,
}  # fmt: skip
