"""Every value that an electronic invoice holds is in what is read of it.

The oracle knows nothing of invoices: it walks the tree with the standard library, and looks for the text of every leaf, whatever its place,
in the object that is printed. What we leave is listed.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from recovery.invoices.opened import Opened
from recovery.invoices.reader import read

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = sorted((SAMPLES / "electronic").glob("*.xml")) + sorted((SAMPLES / "invoices").glob("*.xml"))

# What we leave, by the end of its path: codes that repeat what is told, attached files, and places of a line.
LEFT = re.compile(
    r"TaxScheme/ID|Tax/TypeCode|ChargeIndicator(/Indicator)?|TestIndicator/Indicator|UBLVersionID|"
    r"(AdditionalReferencedDocument|AdditionalDocumentReference|DocumentReference)/(DocumentTypeCode|TypeCode|ReferenceTypeCode)|"
    r"InvoiceDocumentReference/DocumentTypeCode|IncludedNote/(SubjectCode|ContentCode)|InvoicePeriod/DescriptionCode|DueDateTypeCode|"
    r"(HeaderExchangedDocument|ExchangedDocument)/(Name|LanguageID)|EmbeddedDocumentBinaryObject|PaymentMeansCode|"
    r"InvoiceLine/Delivery/.*|SpecifiedSupplyChainTradeDelivery/ShipToTradeParty/.*|AppliedTradeAllowanceCharge/(Reason|CalculationPercent)|"
    r"ApplicableTradeTax/(LineTotalBasisAmount|AllowanceChargeBasisAmount)"
)


def leaves(element: ElementTree.Element, path: str = "") -> Iterator[tuple[str, str]]:
    here = f"{path}/{element.tag.rpartition('}')[2]}"
    text = " ".join((element.text or "").split())
    if text and not len(element):
        yield here, text
    for child in element:
        yield from leaves(child, here)


def words(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from words(inner)
        case list():
            for inner in value:
                yield from words(inner)
        case str():
            yield value


def bare(text: str) -> str:
    return re.sub(r"#[A-Z]{3}#|T00:00:00$|[\s.\-+]", "", text).casefold()


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_value_of_the_file_is_read(file: Path) -> None:
    data = file.read_bytes()
    reading = read(file.name, Opened("opened", "xml", (data,)))
    assert (reading.outcome, reading.source) == ("read", "xml")
    told = reading.to_json()
    del told["evidence"], told["warnings"]
    texts = [bare(text) for text in words(told)]
    numbers = {number(text) for text in words(told)} - {None}
    wanted = [(path, text) for path, text in leaves(ElementTree.fromstring(data)) if not LEFT.search(path)]
    assert len(wanted) > 15
    lost = [(path, text) for path, text in wanted if number(text) not in numbers and not any(bare(text) in known for known in texts)]
    assert lost == []


def test_the_oracle_sees_what_is_lost() -> None:
    """Against a file to which a value nobody reads was added, it is not silent."""
    data = (
        (SAMPLES / "electronic/cii-fr-minimum.xml").read_text("utf-8").replace("</ram:Name>", "<ram:Nowhere>lost</ram:Nowhere></ram:Name>")
    )
    tree = ElementTree.fromstring(data)
    assert [text for path, text in leaves(tree) if path.endswith("Nowhere")]
    told = read("f.xml", Opened("opened", "xml", (data.encode(),))).to_json()
    assert "lost" not in list(words(told))


def test_the_fields_of_the_french_extension_stand_in_their_places() -> None:
    """What the oracle cannot judge: the right value under the right name."""
    reading = read("f.xml", Opened("opened", "xml", ((SAMPLES / "electronic/ubl-fr-extended-ctc.xml").read_bytes(),)))
    assert {party.role: party.siren for party in reading.parties if party.siren} == {
        "invoicer": "704721240", "invoicee": "528010523", "payer": "754760932", "delivery": "636363632",
    }  # fmt: skip
    assert reading.seller.line3 == "ZAC du Mont Ventoux"
    assert (reading.seller.siren, reading.seller.siret, reading.seller.vat) == ("999999998", "99999999800019", "FR11999999998")
    assert reading.seller.contact == "M. Rémi Dupont"
    assert {reference.kind: reference.number for reference in reading.references}["order"] == "PO1242"
    assert [each.number for each in reading.preceding_invoices] == ["F124211", "F124210", "F824739"]
    assert reading.terms.payment == "30 jours net"
    first = reading.lines[0]
    assert (first.name, first.quantity, first.unit_price, first.net, first.tax_rate) == (
        "Huile d'olive Joio 50cl", Decimal(10), Decimal("13.50"), Decimal("135.00"), Decimal("5.50"),
    )  # fmt: skip
    assert reading.total_tax == Decimal("35.03")
    assert (reading.prepaid, reading.amount_due) == (Decimal("100.00"), Decimal("208.03"))
