"""UN/CEFACT Cross Industry Invoice: Factur-X in all its profiles, XRechnung, and ZUGFeRD 1 whose elements had other names.

BT numbers are those of EN 16931 (law.md §10): 1 number, 2 issue date, 3 type, 9 due date, 20 terms, 25 preceding invoice,
27 to 43 seller, 44 to 58 buyer, 59 to 61 payee, 62 to 69 tax representative, 70 to 80 delivery, 81 to 91 payment,
92 to 105 discounts and charges, 106 to 115 totals, 116 to 121 VAT, 126 to 161 lines.
"""

from collections.abc import Iterator

from . import codes
from .codes import Told
from .details import Adjustment, Identifier, Line, Preceding, Property, Reference, Tax
from .elements import Element
from .reading import Party


def read(root: Element) -> Told:
    context = root.one("ExchangedDocumentContext", "SpecifiedExchangedDocumentContext")
    document = root.one("ExchangedDocument", "HeaderExchangedDocument")
    deal = root.one("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreement = deal.one("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    delivery = deal.one("ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
    settlement = deal.one("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    currency = settlement.value("InvoiceCurrencyCode")

    sums = settlement.one("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
    gross, prepaid, due = (sums.money(name, currency) for name in ("GrandTotalAmount", "TotalPrepaidAmount", "DuePayableAmount"))
    yield "document_type", codes.nature(document.value("TypeCode"), gross)
    yield "type_code", document.value("TypeCode")
    yield "profile", context.value("GuidelineSpecifiedDocumentContextParameter/ID")
    yield "process", context.value("BusinessProcessSpecifiedDocumentContextParameter/ID")
    yield "invoice_number", document.value("ID")
    yield "issue_date", document.day("IssueDateTime")
    yield "currency", currency
    yield "total_lines", sums.money("LineTotalAmount", currency)
    yield "total_allowances", sums.money("AllowanceTotalAmount", currency)
    yield "total_charges", sums.money("ChargeTotalAmount", currency)
    yield "total_net", sums.money("TaxBasisTotalAmount", currency)
    yield "total_tax", sums.money("TaxTotalAmount", currency)
    yield "total_gross", gross
    yield "rounding", sums.money("RoundingAmount", currency)
    yield "prepaid", prepaid
    yield "amount_due", due if due is not None or gross is None else gross - (prepaid or 0)  # ZUGFeRD 1 may not tell it

    yield from payment(settlement)
    yield "delivery_date", delivery.day("ActualDeliverySupplyChainEvent/OccurrenceDateTime")
    yield "period_start", settlement.day("BillingSpecifiedPeriod/StartDateTime")
    yield "period_end", settlement.day("BillingSpecifiedPeriod/EndDateTime")
    yield "tax_due_date", settlement.day("ApplicableTradeTax/TaxPointDate")
    yield "tax_breakdown", tuple(rate(each, currency) for each in settlement.all("ApplicableTradeTax"))
    yield "adjustments", tuple(adjustments(settlement, currency))
    yield "preceding_invoices", tuple(dict.fromkeys(preceding(deal, settlement)))
    yield "references", tuple(references(agreement, delivery, settlement))
    notes = (codes.note_of(note.value("SubjectCode"), text) for note in document.all("IncludedNote") for text in note.values("Content"))
    yield from codes.terms(tuple(one for several in notes for one in several))
    yield "lines", tuple(line(each, currency) for each in deal.all("IncludedSupplyChainTradeLineItem"))

    yield from party("seller", agreement.first("SellerTradeParty"))
    yield from party("buyer", agreement.first("BuyerTradeParty"))
    yield from party("payee", settlement.first("PayeeTradeParty"))
    yield "parties", tuple(others(agreement, delivery, settlement))


def payment(settlement: Element) -> Told:
    yield "due_date", codes.latest(term.day("DueDateDateTime") for term in settlement.all("SpecifiedTradePaymentTerms"))
    yield "terms.payment", " ".join(settlement.values("SpecifiedTradePaymentTerms/Description"))
    means = settlement.all("SpecifiedTradeSettlementPaymentMeans")
    yield "payment_means", settlement.value("SpecifiedTradeSettlementPaymentMeans/TypeCode")
    yield "payment_note", settlement.value("SpecifiedTradeSettlementPaymentMeans/Information")
    yield "payment_reference", settlement.value("PaymentReference")
    card = settlement.one("SpecifiedTradeSettlementPaymentMeans/ApplicableTradeSettlementFinancialCard")
    yield "card", card.value("ID")
    yield "card_holder", card.value("CardholderName")
    yield "creditor_reference", settlement.value("CreditorReferenceID")
    yield "direct_debit_mandate", settlement.value("SpecifiedTradePaymentTerms/DirectDebitMandateID")
    yield "debited_account", settlement.value("SpecifiedTradeSettlementPaymentMeans/PayerPartyDebtorFinancialAccount/IBANID")
    yield from codes.accounts(
        (
            mean.value("PayeePartyCreditorFinancialAccount/IBANID", "PayeePartyCreditorFinancialAccount/ProprietaryID"),
            mean.value("PayeeSpecifiedCreditorFinancialInstitution/BICID"),
            mean.value("PayeePartyCreditorFinancialAccount/AccountName"),
        )
        for mean in means
    )


def rate(tax: Element, currency: str | None) -> Tax:
    return Tax(
        category=tax.value("CategoryCode"),
        rate=tax.number("RateApplicablePercent", "ApplicablePercent"),
        base=tax.money("BasisAmount", currency),
        amount=tax.money("CalculatedAmount", currency),
        reason=tax.value("ExemptionReason"),
        reason_code=tax.value("ExemptionReasonCode"),
    )


def adjustments(where: Element, currency: str | None) -> Iterator[Adjustment]:
    for each in where.all("SpecifiedTradeAllowanceCharge"):
        yield Adjustment(
            charge=each.value("ChargeIndicator/Indicator", "ChargeIndicator") in ("true", "1"),
            amount=each.money("ActualAmount", currency),
            base=each.money("BasisAmount", currency),
            percent=each.number("CalculationPercent"),
            reason=each.value("Reason"),
            reason_code=each.value("ReasonCode"),
            tax_category=each.value("CategoryTradeTax/CategoryCode"),
            tax_rate=each.number("CategoryTradeTax/RateApplicablePercent", "CategoryTradeTax/ApplicablePercent"),
        )
    for each in where.all("SpecifiedLogisticsServiceCharge"):
        yield Adjustment(
            charge=True,
            amount=each.money("AppliedAmount", currency),
            reason=each.value("Description"),
            tax_category=each.value("AppliedTradeTax/CategoryCode"),
            tax_rate=each.number("AppliedTradeTax/RateApplicablePercent", "AppliedTradeTax/ApplicablePercent"),
        )


def preceding(deal: Element, settlement: Element) -> Iterator[Preceding]:
    """Of the whole invoice; or of its lines, in the extended profiles."""
    of_lines = deal.all("IncludedSupplyChainTradeLineItem/SpecifiedLineTradeSettlement/InvoiceReferencedDocument")
    for each in (*settlement.all("InvoiceReferencedDocument"), *of_lines):
        if number := each.value("IssuerAssignedID", "ID"):
            kind = codes.DOCUMENT_TYPES.get(each.value("TypeCode") or "")
            yield Preceding(number, each.day("FormattedIssueDateTime", "IssueDateTime"), kind)


def references(agreement: Element, delivery: Element, settlement: Element) -> Iterator[Reference]:
    if number := agreement.value("BuyerReference"):
        yield Reference("buyer", number)
    for kind, where, name in (
        ("order", agreement, "BuyerOrderReferencedDocument"),
        ("sales_order", agreement, "SellerOrderReferencedDocument"),
        ("contract", agreement, "ContractReferencedDocument"),
        ("quote", agreement, "QuotationReferencedDocument"),
        ("project", agreement, "SpecifiedProcuringProject"),
        ("document", agreement, "AdditionalReferencedDocument"),
        ("despatch", delivery, "DespatchAdviceReferencedDocument"),
        ("delivery_note", delivery, "DeliveryNoteReferencedDocument"),
        ("receipt", delivery, "ReceivingAdviceReferencedDocument"),
        ("account", settlement, "ReceivableSpecifiedTradeAccountingAccount"),
    ):
        for each in where.all(name):
            if number := each.value("IssuerAssignedID", "ID"):
                told = ADDITIONAL.get(each.value("TypeCode") or "", kind) if kind == "document" else kind
                yield reference(told, number, each)


def reference(kind: str, number: str, told: Element) -> Reference:
    on = told.day("FormattedIssueDateTime", "IssueDateTime")
    return Reference(kind, number, on, told.value("Name"), told.value("URIID"), told.value("LineID"))


ADDITIONAL = {"50": "tender", "130": "object"}  # BT-17, BT-18: an additional document says by its code what it is


def line(item: Element, currency: str | None) -> Line:
    told = item.one("AssociatedDocumentLineDocument")
    product = item.one("SpecifiedTradeProduct")
    agreement = item.one("SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    settlement = item.one("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
    quantity = item.one("SpecifiedLineTradeDelivery/BilledQuantity", "SpecifiedSupplyChainTradeDelivery/BilledQuantity")
    price = agreement.one("NetPriceProductTradePrice")
    gross = agreement.one("GrossPriceProductTradePrice")
    sums = settlement.one("SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
    tax = settlement.one("ApplicableTradeTax")
    return Line(
        number=told.value("LineID"),
        name=product.value("Name"),
        description=product.value("Description"),
        note=" ".join(told.values("IncludedNote/Content")) or None,
        seller_item=product.value("SellerAssignedID"),
        buyer_item=product.value("BuyerAssignedID"),
        identifiers=tuple(identifiers(product)),
        properties=tuple(
            Property(each.value("Description"), each.value("Value")) for each in product.all("ApplicableProductCharacteristic")
        ),
        origin=product.value("OriginTradeCountry/ID"),
        quantity=item.number("SpecifiedLineTradeDelivery/BilledQuantity", "SpecifiedSupplyChainTradeDelivery/BilledQuantity"),
        unit=quantity.attributes.get("unitCode"),
        unit_price=price.number("ChargeAmount"),
        gross_price=gross.number("ChargeAmount"),
        price_discount=gross.number("AppliedTradeAllowanceCharge/ActualAmount"),
        per=price.number("BasisQuantity"),
        net=sums.money("LineTotalAmount", currency),
        tax_category=tax.value("CategoryCode"),
        tax_rate=tax.number("RateApplicablePercent", "ApplicablePercent"),
        period_start=settlement.day("BillingSpecifiedPeriod/StartDateTime"),
        period_end=settlement.day("BillingSpecifiedPeriod/EndDateTime"),
        account=settlement.value("ReceivableSpecifiedTradeAccountingAccount/ID", "SpecifiedTradeAccountingAccount/ID"),
        references=tuple(line_references(agreement, item, settlement)),
        parent=told.value("ParentLineID"),
        status=told.value("LineStatusReasonCode"),
        adjustments=tuple(adjustments(settlement, currency)),
    )


def identifiers(product: Element) -> Iterator[Identifier]:
    for each in product.all("GlobalID", "DesignatedProductClassification/ClassCode"):
        if each.text.strip():
            yield Identifier(each.scheme or each.attributes.get("listID"), each.text.strip())


def line_references(agreement: Element, item: Element, settlement: Element) -> Iterator[Reference]:
    delivery = item.one("SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    for kind, where, name in (
        ("order", agreement, "BuyerOrderReferencedDocument"),
        ("despatch", delivery, "DespatchAdviceReferencedDocument"),
        ("delivery_note", delivery, "DeliveryNoteReferencedDocument"),
        ("object", settlement, "AdditionalReferencedDocument"),
    ):
        for each in where.all(name):
            number = each.value("IssuerAssignedID", "ID")
            if number or each.value("LineID"):
                yield reference(kind, number or "", each)


def party(role: str, told: Element | None) -> Told:
    if told is None:
        return
    legal = told.one("SpecifiedLegalOrganization")
    yield f"{role}.name", told.value("Name") or legal.value("TradingBusinessName")
    yield f"{role}.trading_name", legal.value("TradingBusinessName") if told.value("Name") else None
    yield f"{role}.description", told.value("Description")
    yield from codes.company(
        role,
        [
            Identifier(each.scheme, each.text.strip())
            for each in told.all(
                "SpecifiedLegalOrganization/ID", "GlobalID", "ID", "URIUniversalCommunication/URIID", "SpecifiedTaxRegistration/ID"
            )
            if each.text.strip()
        ],
        [each.text for each in legal.all("ID") if not each.scheme],
    )
    contact = told.one("DefinedTradeContact")
    yield f"{role}.contact", ", ".join(contact.values("PersonName", "DepartmentName"))
    mail = contact.values("EmailURIUniversalCommunication/URIID", "EmailURIUniversalCommunication/CompleteNumber")
    yield f"{role}.email", codes.email([*mail, *told.values("URIUniversalCommunication/URIID")])
    yield f"{role}.phone", contact.value("TelephoneUniversalCommunication/CompleteNumber")
    address = told.one("PostalTradeAddress")
    yield f"{role}.line1", address.value("LineOne", "StreetName")
    yield f"{role}.line2", address.value("LineTwo")
    yield f"{role}.line3", address.value("LineThree")
    yield f"{role}.postcode", address.value("PostcodeCode")
    yield f"{role}.city", address.value("CityName")
    yield f"{role}.region", address.value("CountrySubDivisionName")
    yield f"{role}.country", address.value("CountryID")


def others(agreement: Element, delivery: Element, settlement: Element) -> Iterator[Party]:
    for role, where, name in (
        ("tax_representative", agreement, "SellerTaxRepresentativeTradeParty"),
        ("seller_agent", agreement, "SalesAgentTradeParty"),
        ("buyer_agent", agreement, "BuyerAgentTradeParty"),
        ("buyer_tax_representative", agreement, "BuyerTaxRepresentativeTradeParty"),
        ("end_user", agreement, "ProductEndUserTradeParty"),
        ("delivery", delivery, "ShipToTradeParty"),
        ("final_delivery", delivery, "UltimateShipToTradeParty"),
        ("despatch", delivery, "ShipFromTradeParty"),
        ("invoicer", settlement, "InvoicerTradeParty"),
        ("invoicee", settlement, "InvoiceeTradeParty"),
        ("payer", settlement, "PayerTradeParty"),
    ):
        yield from codes.another(role, party(role, where.first(name)))
