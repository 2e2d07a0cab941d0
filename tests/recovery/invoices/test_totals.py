"""The sums of small pages: withheld, told by rates, without a name, beside dates and numbers that are no sums."""

import pytest

from recovery.invoices import totals
from recovery.invoices.opened import Cell, Page
from recovery.invoices.words import sheets


def sums(text: str) -> dict[str, tuple[str, str, float]]:
    cells = []
    for row, line in enumerate(text.strip("\n").splitlines()):
        at = 0
        for cell in line.split("  "):
            if cell.strip():
                left = 40 + 6.0 * at
                cells.append(Cell(cell.strip(), left, 300 + 16.0 * row, left + 6.0 * len(cell.strip()), 311 + 16.0 * row))
            at += len(cell) + 2
    found = totals.read(sheets([Page(1, 595, 842, tuple(cells))]))
    return {name: (str(one.value), one.evidence.source, one.evidence.confidence) for name, one in found.items()}


def values(text: str) -> dict[str, str]:
    return {name: value for name, (value, _, _) in sums(text).items()}


def test_what_the_customer_withholds_is_not_due() -> None:
    """A lawyer in Italy, a freelance in Spain, a builder in France."""
    fees = """
    Totale imponibile              2.750,00
    IVA 22%                        605,00
    Totale fattura                 3.355,00
    Ritenuta d’acconto 20%         -550,00
    Netto a pagare                 2.805,00
    """
    assert values(fees) == {"total_net": "2750.00", "total_tax": "605.00", "total_gross": "3355.00", "amount_due": "2805.00"}
    works = """
    Total HT                       10 000,00
    TVA 20 %                       2 000,00
    Total TTC                      12 000,00
    Retenue de garantie 5 %        600,00
    Net à payer                    11 400,00
    """
    assert values(works)["amount_due"] == "11400.00"


def test_a_total_that_only_its_withholding_explains_is_reckoned_and_said_so() -> None:
    told = sums("""
    Base imponible                 1.330,00 €
    IVA (21 %)                     279,30 €
    Retención IRPF (15 %)          -199,50 €
    Total a pagar                  1.409,80 €
    """)
    assert told["total_gross"][:2] == ("1609.30", "guess")
    assert told["amount_due"][:2] == ("1409.80", "page")
    assert (told["total_net"][0], told["total_tax"][0]) == ("1330.00", "279.30")


def test_a_table_by_rates_is_added_up() -> None:
    told = sums("""
    Taux      HT        TVA       TTC
    10,00     437,82    43,78     481,60
    20,00     70,00     14,00     84,00
    TOTAL TTC 565,60 €
    """)
    assert {name: one[0] for name, one in told.items()} == {
        "total_net": "507.82", "total_tax": "57.78", "total_gross": "565.60", "amount_due": "565.60",
    }  # fmt: skip
    assert told["total_net"][1] == "guess"
    assert told["total_net"][2] <= 0.9


def test_the_last_row_of_a_table_may_be_its_sum() -> None:
    told = values("""
    Netto       MwSt. %   MwSt.     Brutto
    1.450,00    19,00     275,50    1.725,50
    128,00      7,00      8,96      136,96
    1.578,00              284,46    1.862,46
    Zu zahlender Betrag: 1.862,46 EUR
    """)
    assert (told["total_net"], told["total_tax"], told["total_gross"]) == ("1578.00", "284.46", "1862.46")


def test_carriage_after_the_subtotal_belongs_to_the_net() -> None:
    told = values("""
    Sous-total        136,58 €
    Livraison         10,00 € via Colis Éco
    TVA 5,5%          6,44 €
    TVA 20%           5,92 €
    Total             158,94 €
    """)
    assert (told["total_net"], told["total_tax"], told["total_gross"]) == ("146.58", "12.36", "158.94")


def test_disbursements_bear_no_tax() -> None:
    told = values("""
    Base imponible                 245,00
    21 % I.V.A. s/ 245,00          51,45
    Suplidos                       38,60
    TOTAL FACTURA EUROS            335,05
    """)
    assert (told["total_net"], told["total_tax"], told["total_gross"]) == ("245.00", "51.45", "335.05")


@pytest.mark.parametrize(
    "line",
    [
        "Provision reçue le 22 avril 2026      400,00",
        "Acompte versé le 06-03-2026      400,00",
        "Anzahlung vom 20.01.2026      -400,00 €",
        "Acompte n° F26-0041 du 15/01/2026      - 400,00 €",
        "Payé le 12/05/2026      400,00 €",
        "Reeds voldaan (aanbetaling 5 januari)      € 400,00",
    ],
)
def test_the_day_of_a_payment_is_not_its_sum(line: str) -> None:
    told = values(f"""
    Total HT          1 000,00
    TVA 20 %          200,00
    Total TTC         1 200,00
    {line}
    Net à payer       800,00
    """)
    assert (told["prepaid"], told["amount_due"]) == ("400.00", "800.00")


@pytest.mark.parametrize("line", ["TVA 394672505", "BTW NL328403693B01", "Agosto 2026", "IVA IT48A0839158270000213984931"])
def test_a_number_is_not_a_sum(line: str) -> None:
    assert values(line) == {}


def test_a_total_is_the_one_that_what_was_paid_explains() -> None:
    told = values("""
    Suma                       553,94
    IVA (21%)                  116,33
    TOTAL                      670,27 €
    Entregado a cuenta: 200,00 €
    Pendiente de pago: 470,27 €
    """)
    assert (told["total_gross"], told["prepaid"], told["amount_due"]) == ("670.27", "200.00", "470.27")


def test_what_the_total_holds_besides_the_tax_that_is_printed_is_no_tax() -> None:
    told = values("""
    Honoraires hors taxes              4 750,00 €
    TVA sur honoraires à 20 %          950,00 €
    Frais avancés                      112,40 €
    Total TTC                          5 812,40 €
    """)
    assert (told["total_net"], told["total_tax"], told["total_gross"]) == ("4750.00", "950.00", "5812.40")


def test_what_is_left_to_pay_is_no_sure_total_where_more_is_printed() -> None:
    told = sums("""
    Total             3 452,20      1 000,00
    Solde dû EUR      2 452,20
    """)
    assert told["total_gross"][2] < 0.9


def test_a_payment_without_a_name_counts_where_the_amount_due_agrees() -> None:
    paid = """
    SUBTOTAL          $1,061.40
    TAX (6.25%)       $66.34
    TOTAL             $1,127.74
    PAYMENT           -$300.00
    """
    assert "prepaid" not in values(paid)
    assert values(paid + "    BALANCE DUE       $827.74")["prepaid"] == "300.00"
