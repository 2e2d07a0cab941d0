"""The late-payment rate of a contract as people write it: `12 %`, `1,5 %/mois`, `BCE+12`, `3x légal`; and what is too much to claim.

A clause that asks for a lot can be reduced by a judge (Code civil, 1231-5): a person reads it again, and beyond a bound we claim nothing on it.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from recovery.days import DAY
from recovery.events import AgreedRate
from recovery.french import percent
from recovery.invoices.written import fold
from recovery.law import LawUnknown, law
from recovery.rates import contractual
from recovery.refusals import Invalid

NUMBER = r"(\d{1,6}(?:[.,]\d{1,6})?)"
PATTERNS = {  # kind → how it is written, once accents, capitals and spaces are gone
    "monthly": rf"{NUMBER}%?(?:/mois|parmois|permonth|mensuel)",
    "ecb_plus": rf"(?:tauxdelabce|tauxbce|bce|ecb)\+{NUMBER}(?:%|points?)?",
    "legal_multiple": rf"{NUMBER}(?:x|×|\*|fois)(?:le)?(?:taux)?(?:del'|d')?(?:interet|l')?legal",
    "fixed": rf"{NUMBER}%?(?:/an|paran|l'an|annuel|ayear)?",
}
UNREADABLE = "Ce taux n’est pas compris. Par exemple : 12 %, 1,5 %/mois, BCE+12 ou 3x légal."
TOO_MUCH = "Ce taux dépasse {most} par an : un juge le réduirait, nous ne le réclamons pas. Corrigez-le, ou laissez ce champ vide."
FLAG = "Le taux convenu dépasse {flag} par an : une personne relira la clause, un juge pourrait la réduire (art. 1231-5 du code civil)."


def agreed_rate(told: Any) -> AgreedRate | None:
    """From a number (percent a year), words, or `{"kind", "value"}`; None when nothing was agreed. Raises `Invalid`."""
    if told is None or told == "":
        return None
    if isinstance(told, dict):
        kind, value = told.get("kind"), told.get("value")
        if not isinstance(kind, str) or kind not in PATTERNS:
            raise Invalid("Un taux convenu est « fixed », « monthly », « ecb_plus » ou « legal_multiple », avec sa valeur.")
        return AgreedRate(kind=kind, value=_value(str(value) if not isinstance(value, bool) else ""))
    if isinstance(told, bool) or not isinstance(told, str | int | Decimal):
        raise Invalid(UNREADABLE)
    text = fold(str(told)).replace(" ", "") if len(str(told)) <= 60 else ""
    for kind, pattern in PATTERNS.items():
        if match := re.fullmatch(pattern, text):
            return AgreedRate(kind=kind, value=_value(match[1]))
    return AgreedRate(kind="fixed", value=_value(text))


def in_words(agreed: AgreedRate) -> str:
    """As a mandate names it."""
    value = f"{agreed.value.normalize():f}".replace(".", ",")
    return {
        "fixed": f"{value} % par an",
        "monthly": f"{value} % par mois",
        "ecb_plus": f"taux de la BCE + {value} points",
        "legal_multiple": f"{value} fois le taux légal",
    }[agreed.kind]


def _value(text: str) -> Decimal:
    if text.startswith("-"):
        raise Invalid("Un taux convenu n’est jamais négatif.")
    if not re.fullmatch(NUMBER, text):
        raise Invalid(UNREADABLE)
    return Decimal(text.replace(",", "."))


def yearly(agreed: AgreedRate, on: date) -> Decimal:
    """Percent a year, the floor left aside. Raises `LawUnknown`."""
    return contractual(agreed)(on).rate


def bounds(agreed: AgreedRate, due: date) -> str:
    """The sentence of a rate that a person reads again, empty for one that nobody would mind. Raises `Invalid` beyond what we claim."""
    try:
        rate = yearly(agreed, due + DAY)
    except LawUnknown:
        return ""  # the statement itself cannot be counted, and says why
    most, flag = law["agreed_rate_most"].value(due), law["agreed_rate_flag"].value(due)
    if rate > most:
        raise Invalid(TOO_MUCH.format(most=percent(most)))
    return FLAG.format(flag=percent(flag)) if rate > flag else ""
