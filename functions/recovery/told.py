"""An object of JSON, read key by key: what is wrong is noted under its path, what nobody asked for is warned of."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from recovery.french import cents
from recovery.intake import Wrong
from recovery.invoices.written import LARGEST, amount, clean

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)  # what lies outside is a slip of the keyboard
Built = TypeVar("Built")


@dataclass(slots=True)
class Notes:
    errors: list[Wrong] = field(default_factory=list)
    warnings: list[Wrong] = field(default_factory=list)

    def wrong(self, path: str, sentence: str) -> None:
        self.errors.append(Wrong(path, sentence))


class Told:
    """One object of the JSON, read key by key: what is wrong is noted under its path, what nobody asked for is warned of."""

    def __init__(self, told: Mapping[str, Any], path: str, notes: Notes, latest: date) -> None:
        self.told, self.path, self.notes, self.latest = told, path, notes, latest
        self.known: set[str] = set()

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, sentence: str) -> None:
        self.notes.wrong(self.at(name), sentence)

    def get(self, name: str) -> Any:
        self.known.add(name)
        value = self.told.get(name)
        return None if value == "" else value

    def text(self, name: str, longest: int = 200) -> str:
        value = self.get(name)
        if value is None:
            return ""
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST:
            value = str(value)
        if not isinstance(value, str):
            self.wrong(name, "Donnez un texte.")
            return ""
        kept = clean(value, longest + 1)
        if len(kept) > longest or not kept:
            self.wrong(name, f"Donnez un texte de {longest} caractères au plus.")
        return kept

    def one_of(self, name: str, choices: tuple[str, ...], default: str | None) -> str:
        value = self.get(name)
        if value is None and default is not None:
            return default
        chosen = value.strip().lower() if isinstance(value, str) else ""
        if chosen not in choices:
            self.wrong(name, f"Choisissez : {', '.join(choices)}.")
        return chosen

    def flag(self, name: str, default: bool) -> bool:
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(name, "Répondez true ou false.")
        return bool(value)

    def day(self, name: str, *, needed: str = "", ahead: bool = False) -> date | None:
        """`needed` is the sentence of a day that is missing; only what may lie ahead is accepted after today."""
        value = self.get(name)
        if value is None:
            if needed:
                self.wrong(name, needed)
            return None
        found = a_day(value)
        if found is None:
            self.wrong(name, "Cette date n’existe pas. Écrivez-la 2026-01-31.")
        elif not EARLIEST <= found <= LATEST:
            self.wrong(name, f"Cette date est hors de portée : elle va de {EARLIEST.year} à {LATEST.year}.")
        elif found > self.latest and not ahead:
            self.wrong(name, "Cette date est dans le futur.")
        else:
            return found
        return None

    def sum(self, name: str, *, needed: str = "") -> Decimal | None:
        value = self.get(name)
        if value is None:
            if needed:
                self.wrong(name, needed)
            return None
        found = a_sum(value)
        if isinstance(found, str):
            self.wrong(name, found)
            return None
        return found

    def euros(self) -> None:
        currency = self.get("currency")
        if currency not in (None, "EUR", "eur", "€"):
            self.wrong("currency", "Seules les sommes en euros sont comptées.")

    def items(self, name: str, most: int) -> Iterator["Told"]:
        value = self.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(name, "Donnez une liste.")
        elif len(value) > most:
            self.wrong(name, f"C’est trop : {most} lignes au plus.")
        else:
            for place, item in enumerate(value):
                path = f"{self.at(name)}[{place}]"
                if isinstance(item, dict):
                    told = Told(item, path, self.notes, self.latest)
                    yield told
                    told.nothing_else()
                else:
                    self.notes.wrong(path, "Donnez un objet JSON.")

    def nothing_else(self) -> None:
        for name in list(self.told)[: len(self.known) + 5]:
            if name not in self.known:
                self.notes.warnings.append(Wrong(self.at(clean(name, 40)), "Ce champ n’est pas connu : il est laissé de côté."))


def a_day(value: object) -> date | None:
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat("-".join(reversed(text.split("/"))))
    except ValueError:
        return None


NOT_A_SUM = "Ce montant n’est pas compris. Écrivez-le 1200,00 ou 1200.00, en euros."


def a_sum(value: object) -> Decimal | str:
    """The sum, or why it cannot be one."""
    if isinstance(value, str):
        text = value.strip()
        plain = re.fullmatch(r"-?\d{1,15}(?:[.,]\d{1,2})?", text, re.ASCII)
        if not plain and not re.fullmatch(r"[-\u2212\d\s.,'’\u00a0\u202f]{1,30}(?:€|EUR)?", text):
            return NOT_A_SUM
        found = Decimal(text.replace(",", ".")) if plain else amount(text)
        if found is None:
            return f"{NOT_A_SUM[:-1]}, avec deux décimales au plus."
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        return NOT_A_SUM
    else:
        found = Decimal(value)
    if not (found.is_finite() and -LARGEST <= found <= LARGEST):  # compared, not computed: 1E+999999999 is a number too
        return "Ce montant est trop grand : vérifiez-le."
    if found < 0:
        return "Ce montant est négatif. Un avoir se note à part, avec un montant positif."
    if found != cents(found):
        return "Un montant a deux décimales au plus."
    return cents(found) if found else "Le montant est de zéro : il n’y a rien à compter."


def several(items: Iterator[Told], build: Callable[[Told], Built | None]) -> list[Built]:
    return [built for item in items if (built := build(item)) is not None]
