"""UBL 2.1, Invoice and CreditNote: Peppol BIS, XRechnung, the French CIUS and its extension. BT numbers: see `cii.py` and law.md §10."""

from collections.abc import Iterator

from . import codes
from .codes import Told
from .details import Adjustment, Identifier, Line, Preceding, Property, Reference, Tax
from .elements import Element
from .reading import Party


def read(root: Element) -> Told:
    sums = root.one("LegalMonetaryTotal")
    currency = root.value("DocumentCurrencyCode")
    code = root.value("InvoiceTypeCode", "CreditNoteTypeCode")
    gross, prepaid, due = (sums.money(name, currency) for name in ("TaxInclusiveAmount", "PrepaidAmount", "PayableAmount"))

    yield "document_type", "credit_note" if root.name == "CreditNote" else codes.nature(code or "380", gross)
    yield "type_code", code
    yield "profile", root.value("CustomizationID")
    yield "process", root.value("ProfileID")
    yield "invoice_number", root.value("ID")
    yield "issue_date", root.day("IssueDate")
    yield "currency", currency
    yield "total_lines", sums.money("LineExtensionAmount", currency)
    yield "total_allowances", sums.money("AllowanceTotalAmount", currency)
    yield "total_charges", sums.money("ChargeTotalAmount", currency)
    yield "total_net", sums.money("TaxExclusiveAmount", currency)
    yield "total_tax", root.money("TaxTotal/TaxAmount", currency)
    yield "total_gross", gross
    yield "rounding", sums.money("PayableRoundingAmount", currency)
    yield "prepaid", prepaid
    yield "amount_due", due if due is not None or gross is None else gross - (prepaid or 0)

    yield from payment(root)
    yield "delivery_date", root.day("Delivery/ActualDeliveryDate")
    yield "period_start", root.day("InvoicePeriod/StartDate")
    yield "period_end", root.day("InvoicePeriod/EndDate")
    yield "tax_due_date", root.day("TaxPointDate")
    yield "tax_breakdown", tuple(rate(each, currency) for each in root.all("TaxTotal/TaxSubtotal"))
    yield "adjustments", tuple(adjustments(root, currency))
    yield "preceding_invoices", tuple(dict.fromkeys(preceding(root)))
    yield "references", tuple(references(root))
    yield from codes.terms(tuple(one for text in root.values("Note") for one in codes.note_of(None, text)))
    yield "lines", tuple(lines(root, currency))

    yield from party("seller", root.first("AccountingSupplierParty/Party"))
    yield from party("buyer", root.first("AccountingCustomerParty/Party"))
    yield from party("payee", root.first("PayeeParty"))
    yield "parties", tuple(others(root))


def payment(root: Element) -> Told:
    yield "due_date", codes.latest([root.day("DueDate"), *(means.day("PaymentDueDate") for means in root.all("PaymentMeans"))])
    yield "terms.payment", " ".join(root.values("PaymentTerms/Note"))
    yield "payment_means", root.value("PaymentMeans/PaymentMeansCode")
    yield "payment_note", root.value("PaymentMeans/InstructionNote")
    yield "card", root.value("PaymentMeans/CardAccount/PrimaryAccountNumberID")
    yield "card_holder", root.value("PaymentMeans/CardAccount/HolderName")
    yield "payment_reference", root.value("PaymentMeans/PaymentID")
    numbers = root.all("AccountingSupplierParty/Party/PartyIdentification/ID", "PayeeParty/PartyIdentification/ID")
    yield "creditor_reference", next((number.text.strip() for number in numbers if number.scheme == "SEPA"), None)
    yield "direct_debit_mandate", root.value("PaymentMeans/PaymentMandate/ID")
    yield "debited_account", root.value("PaymentMeans/PaymentMandate/PayerFinancialAccount/ID")
    yield from codes.accounts(
        (
            one.value("ID"),
            one.value("FinancialInstitutionBranch/ID", "FinancialInstitutionBranch/FinancialInstitution/ID"),
            one.value("Name"),
        )
        for one in root.all("PaymentMeans/PayeeFinancialAccount")
    )


def rate(subtotal: Element, currency: str | None) -> Tax:
    category = subtotal.one("TaxCategory")
    return Tax(
        category=category.value("ID"),
        rate=category.number("Percent") if category.first("Percent") else subtotal.number("Percent"),
        base=subtotal.money("TaxableAmount", currency),
        amount=subtotal.money("TaxAmount", currency),
        reason=category.value("TaxExemptionReason"),
        reason_code=category.value("TaxExemptionReasonCode"),
    )


def adjustments(where: Element, currency: str | None) -> Iterator[Adjustment]:
    for each in where.all("AllowanceCharge"):
        yield Adjustment(
            charge=each.value("ChargeIndicator") in ("true", "1"),
            amount=each.money("Amount", currency),
            base=each.money("BaseAmount", currency),
            percent=each.number("MultiplierFactorNumeric"),
            reason=each.value("AllowanceChargeReason"),
            reason_code=each.value("AllowanceChargeReasonCode"),
            tax_category=each.value("TaxCategory/ID"),
            tax_rate=each.number("TaxCategory/Percent"),
        )


def preceding(root: Element) -> Iterator[Preceding]:
    """Of the whole invoice; or of its lines, in the extended profiles."""
    named = ("BillingReference/InvoiceDocumentReference", "BillingReference/CreditNoteDocumentReference")
    for each in root.all(*named, *(f"{line}/{name}" for line in ("InvoiceLine", "CreditNoteLine") for name in named)):
        if number := each.value("ID"):
            yield Preceding(number, each.day("IssueDate"), codes.DOCUMENT_TYPES.get(each.value("DocumentTypeCode") or ""))


def references(root: Element) -> Iterator[Reference]:
    for kind, number in (("buyer", root.value("BuyerReference")), ("sales_order", root.value("OrderReference/SalesOrderID"))):
        if number:
            yield Reference(kind, number)
    for kind, name in (
        ("order", "OrderReference"),
        ("contract", "ContractDocumentReference"),
        ("tender", "OriginatorDocumentReference"),
        ("project", "ProjectReference"),
        ("despatch", "DespatchDocumentReference"),
        ("receipt", "ReceiptDocumentReference"),
        ("document", "AdditionalDocumentReference"),
    ):
        for each in root.all(name):
            if number := each.value("ID"):
                an_object = kind == "document" and each.value("DocumentTypeCode") == "130"
                link = each.value("Attachment/ExternalReference/URI")
                described = each.value("DocumentDescription", "DocumentType")
                yield Reference("object" if an_object else kind, number, each.day("IssueDate"), described, link)
    if number := root.value("AccountingCost"):
        yield Reference("account", number)


def lines(where: Element, currency: str | None, parent: str | None = None) -> Iterator[Line]:
    """The lines and, under each, those that detail it (an extension of XRechnung)."""
    for each in where.all("InvoiceLine", "CreditNoteLine", "SubInvoiceLine", "SubCreditNoteLine"):
        yield line(each, currency, parent)
        yield from lines(each, currency, each.value("ID"))


def line(told: Element, currency: str | None, parent: str | None) -> Line:
    item = told.one("Item")
    quantity = told.one("InvoicedQuantity", "CreditedQuantity")
    return Line(
        number=told.value("ID"),
        name=item.value("Name"),
        description=" ".join(item.values("Description")) or None,
        note=" ".join(told.values("Note")) or None,
        seller_item=item.value("SellersItemIdentification/ID"),
        buyer_item=item.value("BuyersItemIdentification/ID"),
        identifiers=tuple(identifiers(item)),
        properties=tuple(Property(each.value("Name"), each.value("Value")) for each in item.all("AdditionalItemProperty")),
        origin=item.value("OriginCountry/IdentificationCode"),
        quantity=told.number("InvoicedQuantity", "CreditedQuantity"),
        unit=quantity.attributes.get("unitCode"),
        unit_price=told.number("Price/PriceAmount"),
        gross_price=told.number("Price/AllowanceCharge/BaseAmount"),
        price_discount=told.number("Price/AllowanceCharge/Amount"),
        per=told.number("Price/BaseQuantity"),
        net=told.money("LineExtensionAmount", currency),
        tax_category=item.value("ClassifiedTaxCategory/ID"),
        tax_rate=item.number("ClassifiedTaxCategory/Percent"),
        period_start=told.day("InvoicePeriod/StartDate"),
        period_end=told.day("InvoicePeriod/EndDate"),
        account=told.value("AccountingCost"),
        references=tuple(line_references(told)),
        parent=parent,
        adjustments=tuple(adjustments(told, currency)),
    )


def identifiers(item: Element) -> Iterator[Identifier]:
    for each in item.all("StandardItemIdentification/ID", "CommodityClassification/ItemClassificationCode"):
        if each.text.strip():
            yield Identifier(each.scheme or each.attributes.get("listID"), each.text.strip())


def line_references(told: Element) -> Iterator[Reference]:
    for kind, name, document in (
        ("order", "OrderLineReference", "OrderReference/ID"),
        ("despatch", "DespatchLineReference", "DocumentReference/ID"),
        ("object", "DocumentReference", "ID"),
    ):
        for each in told.all(name):
            number, detail = each.value(document), each.value("LineID")
            if number or detail:
                yield Reference(kind, number or "", line=detail)


def party(role: str, told: Element | None) -> Told:
    if told is None:
        return
    registered, traded = told.value("PartyLegalEntity/RegistrationName"), told.value("PartyName/Name")
    yield f"{role}.name", registered or traded
    yield f"{role}.trading_name", traded if registered and traded != registered else None
    numbers = [
        Identifier(each.scheme, each.text.strip())
        for each in told.all("PartyLegalEntity/CompanyID", "PartyIdentification/ID", "EndpointID")
        if each.text.strip()
    ]
    for tax in told.all("PartyTaxScheme"):
        if number := tax.value("CompanyID"):
            scheme = tax.value("TaxScheme/ID", "TaxScheme/TaxTypeCode")
            numbers.append(Identifier("VA" if scheme in ("VAT", "VA", None) else scheme, number))
    unnamed = [each.text for each in told.all("PartyLegalEntity/CompanyID") if not each.scheme]
    yield from codes.company(role, numbers, unnamed)
    yield f"{role}.description", told.value("PartyLegalEntity/CompanyLegalForm")
    yield f"{role}.contact", told.value("Contact/Name")
    yield f"{role}.email", codes.email(told.values("Contact/ElectronicMail", "EndpointID"))
    yield f"{role}.phone", told.value("Contact/Telephone")
    yield from address(role, told.one("PostalAddress"))


def address(role: str, told: Element) -> Told:
    """BT-35 to 40. A file may have its street in the third line only."""
    street, third = told.value("StreetName"), told.value("AddressLine/Line")
    number = told.value("BuildingNumber")
    yield f"{role}.line1", " ".join(filter(None, (number, street))) if street else third
    yield f"{role}.line2", told.value("AdditionalStreetName")
    yield f"{role}.line3", third if street else None
    yield f"{role}.postcode", told.value("PostalZone")
    yield f"{role}.city", told.value("CityName")
    yield f"{role}.region", told.value("CountrySubentity")
    yield f"{role}.country", told.value("Country/IdentificationCode")


def others(root: Element) -> Iterator[Party]:
    for role, name in (
        ("tax_representative", "TaxRepresentativeParty"),
        ("seller_agent", "AccountingSupplierParty/Party/AgentParty"),
        ("invoicer", "AccountingSupplierParty/Party/ServiceProviderParty/Party"),
        ("buyer_agent", "AccountingCustomerParty/Party/AgentParty"),
        ("invoicee", "AccountingCustomerParty/Party/ServiceProviderParty/Party"),
        ("payer", "PaymentMeans/PaymentMandate/PayerParty"),
    ):
        yield from codes.another(role, party(role, root.first(name)))
    yield from codes.another("delivery", delivery(root.one("Delivery")))


def delivery(told: Element) -> Told:
    yield "delivery.name", told.value("DeliveryParty/PartyName/Name")
    numbers = [Identifier(each.scheme, each.text.strip()) for each in told.all("DeliveryLocation/ID") if each.text.strip()]
    yield from codes.company("delivery", numbers, [])
    yield from address("delivery", told.one("DeliveryLocation/Address"))
