"""XML from outside as plain elements, read with expat under our own limits.

Names are read without their namespace: ZUGFeRD 1, CII of any version and files with a wrong root namespace then read alike.
A document type is refused: entities have no place in an invoice.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.parsers import expat

from . import written

LARGEST, DEEPEST, MOST = 5 * 1024 * 1024, 64, 200_000  # bytes, levels, elements


class NotAnInvoice(Exception):
    """Well-formed or not, these bytes are no invoice that we can read."""


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)  # a text cut by a million comments must not be copied a million times

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def scheme(self) -> str | None:
        return self.attributes.get("schemeID")

    def all(self, *paths: str) -> list["Element"]:
        """The elements at these paths, path after path."""
        return [element for path in paths for element in self.along(path)]

    def along(self, path: str) -> list["Element"]:
        found = [self]
        for name in path.split("/"):
            found = [child for element in found for child in element.children if child.name == name]
        return found

    def first(self, *paths: str) -> "Element | None":
        return next(iter(self.all(*paths)), None)

    def one(self, *paths: str) -> "Element":
        """The first element at these paths, or an empty one: what is not there has no values."""
        return self.first(*paths) or Element("", {})

    def value(self, *paths: str) -> str | None:
        """The cleaned text at the first of these paths that has any."""
        return next(iter(self.values(*paths)), None)

    def values(self, *paths: str) -> list[str]:
        cleaned = (written.clean(element.text, 2000) for element in self.all(*paths))
        return [text for text in cleaned if text]

    def number(self, *paths: str) -> Decimal | None:
        """A plain decimal number, as precise as it is written: a quantity, a price, a rate."""
        text = (self.value(*paths) or "").replace("%", "").strip()
        return Decimal(text) if re.fullmatch(r"[-+]?\d{1,15}(\.\d{0,10})?", text) else None

    def money(self, path: str, currency: str | None) -> Decimal | None:
        """The amount in the currency of the invoice: the tax may be told twice, once in the currency of the books."""
        elements = self.all(path)
        told = [element for element in elements if element.attributes.get("currencyID") in (None, "", currency)]
        amounts = (written.exact(element.text) for element in told or elements[:1])
        return next((amount for amount in amounts if amount is not None), None)

    def day(self, *paths: str) -> date | None:
        """A date of CII (its format says 102, YYYYMMDD, and holds an ISO date now and then) or of UBL. An impossible one is left empty."""
        for element in self.all(*paths):
            text = element.value("DateTimeString", "DateString", "DateTime", "Date") or written.clean(element.text)
            match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", text)
            if match and (found := written.calendar_day(int(match[1]), int(match[2]), int(match[3]))):
                return found
        return None


def parse(data: bytes) -> Element:
    if len(data) > LARGEST:
        raise NotAnInvoice("too large")
    top = Element("", {})
    path, count = [top], 0
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST or len(path) > DEEPEST:
            raise NotAnInvoice("too many elements")
        element = Element(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})
        path[-1].children.append(element)
        path.append(element)

    def end(name: str) -> None:
        path.pop()

    def characters(text: str) -> None:
        path[-1].pieces.append(text)

    def document_type(*_: object) -> None:
        raise NotAnInvoice("document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as broken:
        raise NotAnInvoice("broken") from broken
    return top.children[0]
