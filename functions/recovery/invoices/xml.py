"""Structured invoices: the fields that an XML file tells, whatever its format.

Values are kept as they are written, right or wrong: `check.py` and `arithmetic.py` judge, the creditor decides.
"""

from collections.abc import Iterable

from . import cii, ubl
from .elements import NotAnInvoice, parse
from .reading import Evidence, Found, Value

__all__ = ["NotAnInvoice", "read"]


def read(data: bytes) -> dict[str, Found]:
    """The fields of an invoice in XML; raises NotAnInvoice for anything else."""
    root = parse(data)
    match root.name:
        case "CrossIndustryInvoice" | "CrossIndustryDocument":
            return proven(cii.read(root))
        case "Invoice" | "CreditNote" if root.first("LegalMonetaryTotal"):
            return proven(ubl.read(root))
    raise NotAnInvoice(root.name)


def proven(values: Iterable[tuple[str, Value | None]]) -> dict[str, Found]:
    proof = Evidence("xml", 0.99)
    found: dict[str, Found] = {}
    for name, value in values:
        if value is not None and value not in ("", ()) and name not in found:
            found[name] = Found(value, proof)
    return found
