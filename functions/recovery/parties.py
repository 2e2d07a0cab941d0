"""The two sides of a claim, and the address as the post wants it (NF Z 10-011: six lines of 38 signs, last line in capitals)."""

import unicodedata
from dataclasses import dataclass

from recovery.refusals import Invalid

LINES, SIGNS = 6, 38
# ISO 3166 code → the country as the last line of a letter posted in France names it. Others keep their code: a person looks.
COUNTRIES = {
    "BE": "BELGIQUE",
    "CH": "SUISSE",
    "DE": "ALLEMAGNE",
    "ES": "ESPAGNE",
    "GB": "ROYAUME-UNI",
    "IE": "IRLANDE",
    "IT": "ITALIE",
    "LU": "LUXEMBOURG",
    "MC": "MONACO",
    "NL": "PAYS-BAS",
    "PT": "PORTUGAL",
}


class AddressTooLong(Invalid):
    message = "Cette adresse ne tient pas dans la fenêtre de l’enveloppe : six lignes de 38 signes au plus. Raccourcissez-la."
    field = "line1"


class AddressIncomplete(Invalid):
    message = "Cette adresse est incomplète : il faut une rue ou une boîte, un code postal et une ville."
    field = "line1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    name: str
    siren: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    email: str | None = None
    phone: str | None = None
    kind: str = "business"  # business | consumer
    legal_form: str = ""

    @property
    def full_name(self) -> str:
        """`Atelier Berthelot SARL`: the legal form once, even when the name already says it."""
        words = self.name.replace(".", "").upper().split()
        return self.name if not words or not self.legal_form or self.legal_form.upper() in words else f"{self.name} {self.legal_form}"

    @property
    def address(self) -> str:
        """On one line of a sentence."""
        streets = [line for line in (self.line1, self.line2) if line.strip()]
        town = f"{self.postcode} {self.city}".strip()
        country = [COUNTRIES.get(self.country, self.country)] if self.country not in ("FR", "") else []
        return ", ".join([*streets, *([town] if town else []), *country])


def address_lines(party: Party) -> tuple[str, ...]:
    """As printed in the window. A letter to nobody costs more than a question.

    Raises `AddressIncomplete`, or `AddressTooLong` beyond six lines of 38 signs.
    """
    if not (party.name.strip() and (party.line1.strip() or party.line2.strip()) and party.city.strip()):
        raise AddressIncomplete
    if party.country in ("FR", "") and not party.postcode.strip():
        raise AddressIncomplete(field="postcode")
    town = _capitals(f"{party.postcode} {party.city}")
    country = [] if party.country in ("FR", "") else [COUNTRIES.get(party.country, party.country)]
    lines = [*_wrapped(party.full_name), *_wrapped(party.line1), *_wrapped(party.line2), town, *country]
    if len(lines) > LINES or any(len(line) > SIGNS for line in lines):
        raise AddressTooLong
    return tuple(lines)


def _capitals(town: str) -> str:
    """`44000 NANTES`: capitals without accents or punctuation, as sorting machines read them."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", town.upper()) if not unicodedata.combining(sign))
    return " ".join("".join(" " if sign in ",.;'’" else sign for sign in plain).split())


def _wrapped(text: str) -> list[str]:
    """Cut between words at 38 signs."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= SIGNS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
