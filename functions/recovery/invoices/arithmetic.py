"""Do the sums add up, and do the data say what the page prints? The rules are those of EN 16931, which name each sum (BR-CO-10 to 16)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from recovery import french

from .details import Line, Tax
from .reading import Findings, Value, Warning, get, money, plainly

CENT = Decimal("0.01")
ROUNDED_APART = Decimal("0.05")  # VAT rounded line by line
ZERO = Decimal(0)


def sums(findings: Findings) -> Iterator[Warning]:
    net, tax, gross, prepaid, due = (money(findings, name) for name in ("total_net", "total_tax", "total_gross", "prepaid", "amount_due"))
    if net is not None and tax is not None and gross is not None and abs(net + tax - gross) > CENT:  # BR-CO-15
        yield Warning("total_gross", "Le total TTC ne correspond pas au total HT augmenté de la TVA : vérifiez ces trois montants.", "sums")
    if gross is not None and due is not None and gross >= 0:
        rounding = money(findings, "rounding") or ZERO
        if due > gross + rounding + CENT:
            yield Warning(
                "amount_due", "Le reste à payer dépasse le total de cette facture : ne réclamez ici que ce que cette facture porte.", "sums"
            )
        elif prepaid is not None and abs(gross - prepaid + rounding - due) > CENT:  # BR-CO-16
            yield Warning(
                "amount_due", "Le reste à payer ne correspond pas au total TTC moins les acomptes : vérifiez ces montants.", "sums"
            )
    yield from lines(findings)
    yield from rates(findings)


def lines(findings: Findings) -> Iterator[Warning]:
    told = get(findings, "lines")
    found = [line for line in told if isinstance(line, Line)] if isinstance(told, tuple) else []
    # A group repeats the sum of its details, and a detail under a line of UBL repeats a part of it.
    counted = [line.net for line in found if line.status in (None, "DETAIL") and (line.parent is None or line.status == "DETAIL")]
    total, net = money(findings, "total_lines"), money(findings, "total_net")
    if total is not None and counted and None not in counted:
        added = sum((amount for amount in counted if amount is not None), ZERO)
        if abs(added - total) > CENT:  # BR-CO-10
            yield differ("total_lines", "Les lignes de la facture", added, "le total des lignes", total, findings)
    if total is not None and net is not None:
        expected = total - (money(findings, "total_allowances") or ZERO) + (money(findings, "total_charges") or ZERO)
        if abs(expected - net) > CENT:  # BR-CO-13
            yield differ("total_net", "Les lignes, remises et frais compris,", expected, "le total HT", net, findings)


def rates(findings: Findings) -> Iterator[Warning]:
    told = get(findings, "tax_breakdown")
    taxes = [tax for tax in told if isinstance(tax, Tax)] if isinstance(told, tuple) else []
    total, amounts = money(findings, "total_tax"), [tax.amount for tax in taxes]
    if total is not None and amounts and None not in amounts:
        added = sum((amount for amount in amounts if amount is not None), ZERO)
        if abs(added - total) > CENT:  # BR-CO-14
            yield differ("total_tax", "La TVA détaillée par taux", added, "la TVA totale", total, findings)
    for tax in taxes:
        if tax.base is not None and tax.rate is not None and tax.amount is not None:
            reckoned = french.cents(tax.base * tax.rate / 100)
            if abs(reckoned - tax.amount) > ROUNDED_APART:  # BR-CO-17
                what = f"La TVA à {french.percent(tax.rate)}"
                yield differ("total_tax", what, tax.amount, "le calcul", reckoned, findings)


def differ(field: str, one: str, amount: Decimal, other: str, total: Decimal, findings: Findings) -> Warning:
    sentence = f"{one} : {shown(amount, findings)} ; {other} : {shown(total, findings)}. Vérifiez ces montants."
    return Warning(field, sentence, "sums")


def disagreements(xml: Findings, page: Findings) -> Iterator[Warning]:
    """Where what is printed differs from the data of the file. The data win; a person compares, at the place we show."""
    for name, words in COMPARED.items():
        if name not in xml or name not in page or page[name].evidence.confidence < 0.8:
            continue
        told, printed = xml[name].value, page[name].value
        if plainly(told) != plainly(printed):
            both = f"« {shown(printed, page)} » sur la page, « {shown(told, xml)} » dans les données du fichier"
            proof = page[name].evidence
            yield Warning(name, f"{words} : {both}, que nous retenons. Comparez-les.", "differs", proof.page, proof.box)


COMPARED = {
    "invoice_number": "Numéro de facture",
    "issue_date": "Date de la facture",
    "due_date": "Échéance",
    "total_net": "Total HT",
    "total_tax": "TVA",
    "total_gross": "Total TTC",
    "amount_due": "Reste à payer",
    "iban": "IBAN",
    "seller.siren": "SIREN du vendeur",
    "seller.siret": "SIRET du vendeur",
    "buyer.siren": "SIREN du client",
    "buyer.siret": "SIRET du client",
}


def shown(value: Value, findings: Findings) -> str:
    if isinstance(value, Decimal):
        currency = get(findings, "currency")
        return french.euros(value) if currency in (None, "EUR") else f"{french.number(value)} {currency}"
    return french.day(value) if isinstance(value, date) else str(value)
