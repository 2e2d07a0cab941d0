"""The late-payment law of the countries we collect in besides France (`countries.toml`, Directive 2011/7/EU; docs/law.md 11)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from pathlib import Path

from recovery.law import Dated, LawUnknown, law
from recovery.refusals import Invalid

HALF = Decimal("0.5")


class CountryUnsupported(Invalid):
    message = "Nous ne recouvrons pas encore dans ce pays : nous préférons ne pas commencer que mal calculer."
    field = "debtor_country"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    code: str
    name: str
    first: date  # the rules are in force from that day
    article: str
    base: str
    margin: Decimal  # points
    rounding: str  # NONE | UP_HALF
    rate: str  # SEMESTER | DUE
    indemnity: tuple[tuple[Decimal | None, Decimal], ...]  # (up to this amount of invoice, euros)
    indemnity_article: str
    limitation: str
    periodic: str
    licence: str  # none | consumers | all
    licence_name: str
    letter: tuple[str, ...]
    source: str
    mark: str
    checked: date

    def rate_on(self, day: date) -> tuple[Decimal, Dated]:
        """Percent a year, and the base it rests on. Raises `LawUnknown`."""
        if day < self.first:
            raise LawUnknown(law[self.base], day)
        base = law[self.base].on(day)
        rate = base.value + self.margin
        return (rate if self.rounding == "NONE" else (rate / HALF).to_integral_value(ROUND_UP) * HALF), base

    def indemnity_for(self, amount: Decimal) -> Decimal:
        return next(euros for up_to, euros in self.indemnity if up_to is None or amount <= up_to)

    def licence_wanted(self, regime: str) -> bool:
        """Nothing is sent there before the agency's profile records what this country asks of collectors."""
        return self.licence == "all" or (self.licence == "consumers" and regime == "b2c")


def _country(code: str, table: dict) -> Country:  # type: ignore[type-arg]
    rows = tuple((Decimal(row["up_to"]) if "up_to" in row else None, Decimal(row["amount"])) for row in table.pop("indemnity"))
    margin, letter, first = Decimal(table.pop("margin")), tuple(table.pop("letter")), table.pop("from")
    return Country(code=code, first=first, indemnity=rows, margin=margin, letter=letter, **table)


_tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"), parse_float=Decimal)
countries: dict[str, Country] = {code: _country(code, table) for code, table in _tables.items()}


def country(code: str) -> Country | None:
    """None for France. Raises `CountryUnsupported`."""
    if code == "FR":
        return None
    if code not in countries:
        raise CountryUnsupported
    return countries[code]
