"""Factur-X, ZUGFeRD, UBL: fields out of structured data.

Names of elements are read without their namespace: ZUGFeRD 1, CII of any version and files with a wrong root namespace then read
alike. Values are kept as they are written, right or wrong: `check.py` judges, the creditor decides.

    BT numbers are those of EN 16931: 1 number, 2 issue date, 3 type, 5 currency, 9 due date, 27 to 35 seller, 44 to 50 buyer,
    59 payee, 84 IBAN, 86 BIC, 109 net, 110 tax, 112 gross, 113 prepaid, 115 amount due.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.parsers import expat

from . import written
from .identifiers import compact, siren_of_vat
from .reading import Evidence, Found, Value

LARGEST, DEEPEST, MOST = 5 * 1024 * 1024, 64, 200_000  # bytes, levels, elements


class NotAnInvoice(Exception):
    """Well-formed or not, these bytes are no invoice that we can read."""


# What the type codes of BT-3 mean for a claim (UNTDID 1001).
DOCUMENT_TYPES = {
    "380": "invoice", "82": "invoice", "130": "invoice", "326": "partial_invoice", "875": "partial_invoice", "876": "partial_invoice",
    "877": "invoice", "384": "corrected_invoice", "386": "prepayment_invoice", "389": "self_billed_invoice", "393": "factored_invoice",
    "325": "proforma", "381": "credit_note", "261": "credit_note", "396": "credit_note", "262": "credit_note", "532": "credit_note",
    "502": "credit_note", "503": "credit_note", "81": "credit_note", "83": "credit_note", "383": "debit_note", "80": "debit_note",
}  # fmt: skip


def read(data: bytes) -> dict[str, Found]:
    """The fields of an invoice in XML; raises NotAnInvoice for anything else."""
    root = parse(data)
    match root.name:
        case "CrossIndustryInvoice" | "CrossIndustryDocument":
            return proven(cross_industry(root))
        case "Invoice" | "CreditNote" if root.first("LegalMonetaryTotal"):
            return proven(universal(root))
    raise NotAnInvoice(root.name)


def proven(values: Iterable[tuple[str, Value | None]]) -> dict[str, Found]:
    proof = Evidence("xml", 0.99)
    found: dict[str, Found] = {}
    for name, value in values:
        if value not in (None, "") and name not in found:
            assert value is not None
            found[name] = Found(value, proof)
    return found


# ------------------------------------------------------------------------------------------------ elements


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)  # a text cut by a million comments must not be copied a million times

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def all(self, path: str) -> list["Element"]:
        found = [self]
        for name in path.split("/"):
            found = [child for element in found for child in element.children if child.name == name]
        return found

    def first(self, path: str) -> "Element | None":
        found = self.all(path)
        return found[0] if found else None

    def value(self, *paths: str) -> str | None:
        """The cleaned text at the first of these paths that has any."""
        for path in paths:
            for element in self.all(path):
                if text := written.clean(element.text, 2000):
                    return text
        return None


def parse(data: bytes) -> Element:
    """The elements, read with expat under our own limits. A document type is refused: entities have no place in an invoice."""
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


# ------------------------------------------------------------------------------------------------ CII


def cross_industry(root: Element) -> Iterator[tuple[str, Value | None]]:
    """UN/CEFACT Cross Industry Invoice: Factur-X in all its profiles, and ZUGFeRD 1 whose elements had other names."""
    document = root.first("ExchangedDocument") or root.first("HeaderExchangedDocument") or Element("", {})
    deal = root.first("SupplyChainTradeTransaction") or root.first("SpecifiedSupplyChainTradeTransaction") or Element("", {})
    agreement = deal.first("ApplicableHeaderTradeAgreement") or deal.first("ApplicableSupplyChainTradeAgreement") or Element("", {})
    settlement = deal.first("ApplicableHeaderTradeSettlement") or deal.first("ApplicableSupplyChainTradeSettlement") or Element("", {})
    sums = (
        settlement.first("SpecifiedTradeSettlementHeaderMonetarySummation")
        or settlement.first("SpecifiedTradeSettlementMonetarySummation")
        or Element("", {})
    )
    currency = settlement.value("InvoiceCurrencyCode")
    gross, prepaid = money(sums.all("GrandTotalAmount"), currency), money(sums.all("TotalPrepaidAmount"), currency)

    yield "document_type", DOCUMENT_TYPES.get(document.value("TypeCode") or "")
    yield "invoice_number", document.value("ID")
    yield "issue_date", moment(document.first("IssueDateTime"))
    yield "due_date", latest(moment(due) for due in settlement.all("SpecifiedTradePaymentTerms/DueDateDateTime"))
    yield "currency", currency
    yield "total_net", money(sums.all("TaxBasisTotalAmount"), currency)
    yield "total_tax", money(sums.all("TaxTotalAmount"), currency)
    yield "total_gross", gross
    yield "prepaid", prepaid
    due = money(sums.all("DuePayableAmount"), currency)
    yield "amount_due", due if due is not None else remaining(gross, prepaid)
    means = settlement.all("SpecifiedTradeSettlementPaymentMeans")
    yield from account(
        (mean.value("PayeePartyCreditorFinancialAccount/IBANID"), mean.value("PayeeSpecifiedCreditorFinancialInstitution/BICID"))
        for mean in means
    )
    yield from terms((note.value("SubjectCode"), note.value("Content")) for note in document.all("IncludedNote"))
    yield from cii_party("seller", agreement.first("SellerTradeParty"))
    yield from cii_party("buyer", agreement.first("BuyerTradeParty"))
    yield from cii_party("payee", settlement.first("PayeeTradeParty"))


def cii_party(role: str, party: Element | None) -> Iterator[tuple[str, Value | None]]:
    if party is None:
        return
    yield f"{role}.name", party.value("Name") or party.value("SpecifiedLegalOrganization/TradingBusinessName")
    numbers = [*party.all("SpecifiedLegalOrganization/ID"), *party.all("GlobalID"), *party.all("ID")]
    registrations = party.all("SpecifiedTaxRegistration/ID")
    vat = next((e.text for e in registrations if e.attributes.get("schemeID") == "VA"), None)
    yield from company_numbers(role, [(e.attributes.get("schemeID"), e.text) for e in numbers], vat)
    contact = party.first("DefinedTradeContact") or Element("", {})
    yield (
        f"{role}.email",
        email(
            contact.value("EmailURIUniversalCommunication/URIID", "EmailURIUniversalCommunication/CompleteNumber"),
            *(element.text for element in party.all("URIUniversalCommunication/URIID")),
        ),
    )
    yield f"{role}.phone", contact.value("TelephoneUniversalCommunication/CompleteNumber")
    address = party.first("PostalTradeAddress") or Element("", {})
    yield f"{role}.line1", address.value("LineOne")
    yield f"{role}.line2", address.value("LineTwo")
    yield f"{role}.postcode", address.value("PostcodeCode")
    yield f"{role}.city", address.value("CityName")
    yield f"{role}.country", address.value("CountryID")


def moment(element: Element | None) -> date | None:
    """A date of CII. Its format says 102 (YYYYMMDD), and holds an ISO date now and then; an impossible one is left empty."""
    if element is None:
        return None
    text = element.value("DateTimeString", "DateString", "DateTime") or written.clean(element.text)
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    return written.calendar_day(int(match[1]), int(match[2]), int(match[3])) if match else None


# ------------------------------------------------------------------------------------------------ UBL


def universal(root: Element) -> Iterator[tuple[str, Value | None]]:
    """UBL 2.1, Invoice or CreditNote."""
    sums = root.first("LegalMonetaryTotal") or Element("", {})
    currency = root.value("DocumentCurrencyCode")
    credit_note = root.name == "CreditNote"
    code = root.value("InvoiceTypeCode", "CreditNoteTypeCode")

    yield "document_type", "credit_note" if credit_note else DOCUMENT_TYPES.get(code or "380")
    yield "invoice_number", root.value("ID")
    yield "issue_date", iso(root.value("IssueDate"))
    yield "due_date", latest(map(iso, (root.value("DueDate"), *(e.text for e in root.all("PaymentMeans/PaymentDueDate")))))
    yield "currency", currency
    yield "total_net", money(sums.all("TaxExclusiveAmount"), currency)
    yield "total_tax", money(root.all("TaxTotal/TaxAmount"), currency)
    yield "total_gross", money(sums.all("TaxInclusiveAmount"), currency)
    yield "prepaid", money(sums.all("PrepaidAmount"), currency)
    yield "amount_due", money(sums.all("PayableAmount"), currency)
    accounts = root.all("PaymentMeans/PayeeFinancialAccount")
    yield from account(
        (one.value("ID"), one.value("FinancialInstitutionBranch/ID", "FinancialInstitutionBranch/FinancialInstitution/ID"))
        for one in accounts
    )
    notes = (re.match(r"#([A-Z]{3})#(.*)", note.text.strip(), re.DOTALL) for note in root.all("Note"))
    yield from terms((note[1], note[2]) for note in notes if note)
    yield from ubl_party("seller", root.first("AccountingSupplierParty/Party"))
    yield from ubl_party("buyer", root.first("AccountingCustomerParty/Party"))
    yield from ubl_party("payee", root.first("PayeeParty"))


def ubl_party(role: str, party: Element | None) -> Iterator[tuple[str, Value | None]]:
    if party is None:
        return
    yield f"{role}.name", party.value("PartyLegalEntity/RegistrationName", "PartyName/Name")
    legal = party.all("PartyLegalEntity/CompanyID")
    numbers = [*legal, *party.all("PartyIdentification/ID"), *party.all("EndpointID")]
    taxes = [tax.value("CompanyID") for tax in party.all("PartyTaxScheme") if tax.value("TaxScheme/ID") in ("VAT", "VA", None)]
    yield from company_numbers(role, [(e.attributes.get("schemeID"), e.text) for e in numbers], next(filter(None, taxes), None))
    yield f"{role}.email", email(party.value("Contact/ElectronicMail"), party.value("EndpointID"))
    yield f"{role}.phone", party.value("Contact/Telephone")
    address = party.first("PostalAddress") or Element("", {})
    yield f"{role}.line1", address.value("StreetName", "AddressLine/Line")
    yield f"{role}.line2", address.value("AdditionalStreetName")
    yield f"{role}.postcode", address.value("PostalZone")
    yield f"{role}.city", address.value("CityName")
    yield f"{role}.country", address.value("Country/IdentificationCode")


def iso(text: str | None) -> date | None:
    match = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})", text or "")
    return written.calendar_day(int(match[1]), int(match[2]), int(match[3])) if match else None


# ------------------------------------------------------------------------------------------------ both


def money(elements: list[Element], currency: str | None) -> Decimal | None:
    """The amount in the currency of the invoice: the tax may be told twice, once in the currency of the books."""
    told = [element for element in elements if element.attributes.get("currencyID") in (None, "", currency)]
    for element in told or elements[:1]:
        value = written.exact(element.text)
        if value is not None:
            return value
    return None


def remaining(gross: Decimal | None, prepaid: Decimal | None) -> Decimal | None:
    """ZUGFeRD 1 does not tell the amount due."""
    return None if gross is None else gross - (prepaid or 0)


def latest(days: Iterable[date | None]) -> date | None:
    """Of several due dates, the last: a claim made early is a wrong one, a claim made late is only late."""
    return max(filter(None, days), default=None)


def company_numbers(role: str, numbers: list[tuple[str | None, str]], vat: str | None) -> Iterator[tuple[str, Value | None]]:
    """SIREN (scheme 0002), SIRET (0009) and VAT number. Fourteen digits under 0002 are a SIRET; routing ids (0225) begin with the SIREN."""
    number = compact(vat) if vat else None
    # ISO 6523 schemes; others (GLN, DUNS) are not ours.
    french = [(scheme, compact(text)) for scheme, text in numbers if scheme in ("0002", "0009", "SIREN", "SIRET", "FR:SIREN", "FR:SIRET")]
    routed = [text.strip()[:9] for scheme, text in numbers if scheme == "0225" and re.match(r"\s*\d{9}(\D|$)", text)]
    siret = next((text for _, text in french if len(text) == 14 and text.isdecimal()), None)
    siren = next((text for _, text in french if len(text) == 9 and text.isdecimal()), None)
    yield f"{role}.siret", siret
    yield f"{role}.siren", siren or (siret[:9] if siret else None) or next(iter(routed), None) or (siren_of_vat(number) if number else None)
    yield f"{role}.vat", number


def account(accounts: Iterable[tuple[str | None, str | None]]) -> Iterator[tuple[str, Value | None]]:
    for iban, bic in accounts:
        if iban and re.match(r"[A-Z]{2}\d{2}[A-Z0-9]{8,}$", compact(iban)):
            yield "iban", compact(iban)
            yield "bic", compact(bic) if bic else None
            return


def email(*candidates: str | None) -> str | None:
    return next((text.strip() for text in candidates if text and re.fullmatch(r"\s*[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}\s*", text)), None)


def terms(notes: Iterable[tuple[str | None, str | None]]) -> Iterator[tuple[str, Value | None]]:
    """The French notes a collector needs: PMD penalties, PMT the 40 euros, AAB discount."""
    names = {"PMD": "terms.penalties", "PMT": "terms.indemnity", "AAB": "terms.discount"}
    for code, text in notes:
        if code in names and text:
            yield names[code], written.clean(text, 1000)
