"""The rules of law as dated values (`law.toml`): what was in force on a day, and where it is written."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from recovery.days import DAY


class LawUnknown(Exception):
    """No value is known for that day. It stops the letter; a person reads the next arrêté and adds a line. `message` is for who waits for it."""

    message = "Un taux légal n’est pas encore connu pour ce jour : la lettre attend qu’il soit publié et saisi."

    def __init__(self, rule: "Rule", day: date) -> None:
        super().__init__(f"{rule.name}: no value for {day.isoformat()}")
        self.rule, self.day = rule, day


@dataclass(frozen=True, slots=True)
class Dated:
    """A value, or a quoted text, in force from `first` to `last` included (`None`: until further notice)."""

    first: date
    last: date | None
    value: Decimal
    text: str
    source: str
    mark: str
    checked: date


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    title: str
    unit: str
    article: str
    values: tuple[Dated, ...]

    def on(self, day: date) -> Dated:
        """What was in force that day. Raises `LawUnknown`."""
        for dated in self.values:
            if dated.first <= day and (dated.last is None or day <= dated.last):
                return dated
        raise LawUnknown(self, day)

    def value(self, day: date) -> Decimal:
        return self.on(day).value

    def spans(self, first: date, last: date) -> Iterator[tuple[date, date, Decimal]]:
        """`(from, to, value)` covering [first, last] without a gap, cut where the value changes. Raises `LawUnknown`."""
        begin = first
        while begin <= last:
            dated = self.on(begin)
            end = last if dated.last is None else min(dated.last, last)
            while end < last and self.on(end + DAY).value == dated.value:
                following = self.on(end + DAY).last
                end = last if following is None else min(following, last)
            yield begin, end, dated.value
            begin = end + DAY


def _rule(name: str, table: dict) -> Rule:  # type: ignore[type-arg]
    values = tuple(
        Dated(row["from"], row.get("to"), Decimal(row.get("value", 0)), row.get("text", ""), row["source"], row["mark"], row["checked"])
        for row in table["values"]
    )
    return Rule(name, table["title"], table.get("unit", ""), table.get("article", table["title"]), values)


_tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"), parse_float=Decimal)
articles: dict[str, Rule] = {name: _rule(name, table) for name, table in _tables.pop("article").items()}
limitations: dict[str, Rule] = {code: _rule(code, table) for code, table in _tables.pop("limitation").items()}
law: dict[str, Rule] = {name: _rule(name, table) for name, table in _tables.items()}


def quote(name: str, on: date) -> str:
    """The text of an article as it stood that day. Raises `LawUnknown`."""
    return articles[name].on(on).text


def running_out(on: date, within_days: int = 16) -> list[str]:
    """Rules whose last known value ends soon, for the nightly audit: from 15 December and 14 June for those of a semester."""
    soon = []
    for rule in (*law.values(), *limitations.values(), *articles.values()):
        last = rule.values[-1].last
        if last is not None and (last - on).days <= within_days:
            soon.append(f"{rule.title} : dernière valeur connue jusqu’au {last.isoformat()}")
    return soon


ASSUMED = "supposé"


def assume_the_last_values_go_on() -> None:
    """For a product whose clock is moved into days nobody has legislated for yet: the last known value goes on, marked `supposé`.

    Only the local engine's clock calls this (adapters/clock.py). In production a day without a value stops the letter.
    """
    for name, rule in law.items():
        last = rule.values[-1]
        if last.last is not None:
            source = "Hypothèse de l’horloge déplacée : la dernière valeur connue continue"
            following = Dated(last.last + DAY, None, last.value, "", source, ASSUMED, last.checked)
            law[name] = Rule(rule.name, rule.title, rule.unit, rule.article, (*rule.values, following))
