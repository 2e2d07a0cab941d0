"""Factur-X, ZUGFeRD, UBL; and what pretends to be."""

import time
from datetime import date
from decimal import Decimal
from xml.parsers.expat import ParserCreate

import pytest

from recovery.invoices import xml

CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="r" xmlns:udt="u">
 <rsm:ExchangedDocument><ram:ID>F-101</ram:ID><ram:TypeCode>{code}</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">{issued}</udt:DateTimeString></ram:IssueDateTime>
  <ram:IncludedNote><ram:Content>Trois fois le taux légal</ram:Content><ram:SubjectCode>PMD</ram:SubjectCode></ram:IncludedNote>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:ApplicableHeaderTradeAgreement>
   <ram:SellerTradeParty><ram:Name>{seller}</ram:Name>
    <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{siren}</ram:ID></ram:SpecifiedLegalOrganization></ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Client</ram:Name></ram:BuyerTradeParty>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="CHF">21.00</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>
    <ram:GrandTotalAmount>120.00</ram:GrandTotalAmount>{prepaid}
   </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"""


def cii(*, code: str = "380", issued: str = "20260115", seller: str = "Atelier", siren: str = "732829320", prepaid: str = "") -> bytes:
    return CII.format(code=code, issued=issued, seller=seller, siren=siren, prepaid=prepaid).encode()


def seconds_of(data: bytes) -> float:
    """What reading an ordinary invoice costs here and now."""
    began = time.process_time()
    for _ in range(20):
        xml.read(data)
    return (time.process_time() - began) / 20


def values(data: bytes) -> dict[str, object]:
    return {name: found.value for name, found in xml.read(data).items()}


def test_the_fields_of_a_cross_industry_invoice() -> None:
    read = values(cii())
    assert read["invoice_number"] == "F-101"
    assert read["issue_date"] == date(2026, 1, 15)
    assert read["total_tax"] == Decimal("20.00")  # in the currency of the invoice
    assert read["terms.penalties"] == "Trois fois le taux légal"
    assert "due_date" not in read


def test_the_amount_due_that_is_not_told_is_what_remains() -> None:
    paid = "<ram:TotalPrepaidAmount>50.00</ram:TotalPrepaidAmount>"
    assert values(cii())["amount_due"] == Decimal("120.00")
    assert values(cii(prepaid=paid))["amount_due"] == Decimal("70.00")
    assert values(cii(prepaid=paid + "<ram:DuePayableAmount>0.00</ram:DuePayableAmount>"))["amount_due"] == 0


@pytest.mark.parametrize(
    ("code", "kind"),
    [("380", "invoice"), ("381", "credit_note"), ("396", "credit_note"), ("393", "factored_invoice"), ("386", "prepayment_invoice")],
)
def test_the_type_code_tells_the_nature(code: str, kind: str) -> None:
    assert values(cii(code=code))["document_type"] == kind


def test_an_impossible_date_is_left_empty_and_the_rest_is_kept() -> None:
    read = values(cii(issued="20260230"))
    assert "issue_date" not in read
    assert read["invoice_number"] == "F-101"
    assert values(cii(issued="2026-01-15"))["issue_date"] == date(2026, 1, 15)


def test_fourteen_digits_given_as_a_siren_are_a_siret() -> None:
    read = values(cii(siren="732 829 320 00074"))
    assert (read["seller.siret"], read["seller.siren"]) == ("73282932000074", "732829320")


def test_names_are_data_without_marks_one_cannot_see() -> None:
    assert values(cii(seller="&lt;b&gt;\u202eAtelier\u202c 🙂 Cafe\u0301&lt;/b&gt;"))["seller.name"] == "<b>Atelier 🙂 Café</b>"


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"<Invoice>",
        b"<html><body>Facture</body></html>",
        b"<Invoice/>",
        b"<Order><ID>1</ID></Order>",
        (LAUGHS + "<Invoice>&i;</Invoice>").encode(),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Invoice><ID>&e;</ID></Invoice>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><Invoice/>',
        b"<a>" * 200_000,
        b"<a>" + b"<b/>" * 300_000 + b"</a>",
        b"<Invoice>" + b" " * (6 << 20) + b"</Invoice>",
        b'<?xml version="1.0" encoding="no-such-thing"?><Invoice/>',
        b"\xff\xfe<\x00I\x00",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_invoice_is_refused_at_once(data: bytes) -> None:
    ordinary = seconds_of(cii()) + 0.001 * len(data) / 1000  # some of these are megabytes: a millisecond a kilobyte is generous
    began = time.process_time()
    with pytest.raises(xml.NotAnInvoice):
        xml.read(data)
    assert time.process_time() - began < 100 * ordinary


def test_a_text_cut_into_a_million_pieces_is_read_in_time() -> None:
    data = (
        b"<Invoice><ID>"
        + b"a<!---->" * 600_000
        + b"</ID><LegalMonetaryTotal><PayableAmount>1</PayableAmount></LegalMonetaryTotal></Invoice>"
    )
    began = time.process_time()
    parser = ParserCreate()
    parser.CharacterDataHandler = lambda text: None
    parser.Parse(data, True)
    floor = time.process_time() - began
    began = time.process_time()
    assert len(str(values(data)["invoice_number"])) <= 2000
    assert time.process_time() - began < 12 * floor
