"""A creditor's spreadsheet: which column is what, and of which invoice a line speaks."""

import pytest

from recovery import listing
from recovery.listing import Line

ROWS = (
    ("Impayés au 20 novembre", "", "", "", "", ""),
    ("N° Facture", "Client", "Date d'échéance", "Montant TTC", "Reste dû", "Fichier"),
    ("F-1", "Brasserie des Halles", "03/09/2026", "1 200,00 €", "1000", "f-1.pdf"),
    ("F-2", "", "46298", "99", "1234.5600000001", ""),
    ("", "Total", "", "", "2 234,56", ""),
)


def test_the_titles_are_found_below_the_title_of_the_sheet() -> None:
    first, second = listing.lines(ROWS) or ()
    assert first == Line(3, "f-1.pdf", {"number": "F-1", "debtor_name": "Brasserie des Halles", "due": "2026-09-03", "amount": "1000.00"})
    assert second == Line(4, "", {"number": "F-2", "due": "2026-10-03", "amount": "1234.56"})  # days and sums as a sheet keeps them


def test_columns_nobody_knows_are_no_list() -> None:
    assert listing.lines((("a", "b"), ("1", "2"))) is None
    assert listing.lines(()) is None


@pytest.mark.parametrize(
    "title", ["Numéro de facture", "N° FACTURE", "numero_de_facture", "Facture n°", "Référence", "Invoice number", "N° pièce"]
)
def test_a_column_is_known_by_many_names(title: str) -> None:
    assert listing.columns_of([title, "Client"])["number"] == 0


def test_a_formula_is_text_like_any_other() -> None:
    (line,) = listing.lines((("Facture", "Client"), ("F-1", '=HYPERLINK("http://x";"y")'))) or ()
    assert line.fields["debtor_name"] == '=HYPERLINK("http://x";"y")'


def test_a_line_speaks_of_the_file_it_names_else_of_its_number() -> None:
    by_name, by_number = Line(2, "Factures\\F-1.PDF", {"number": "X"}), Line(3, "", {"number": "f 1"})
    assert listing.speaks_of(by_name, "f-1.pdf", "F-9")
    assert not listing.speaks_of(by_name, "other.pdf", "X")
    assert listing.speaks_of(by_number, "other.pdf", "F-1")
    assert not listing.speaks_of(by_number, "other.pdf", "")


def test_the_list_completes_the_file_and_knows_what_is_still_due() -> None:
    read = {"number": "F-1", "amount": "1200.00", "debtor_name": "Brasserie", "debtor_email": "", "due": "2026-09-03"}
    said = Line(3, "", {"number": "F-1", "amount": "1000.00", "debtor_name": "Brasserie des Halles", "debtor_email": "c@bdh.example"})
    after, differs = listing.told(read, said)
    assert after == read | {"amount": "1000.00", "debtor_email": "c@bdh.example"}
    assert [field for field, _ in differs] == ["amount", "debtor_name"]
    assert (
        differs[0][1] == "La facture indique 1\u00a0200,00\u00a0€, votre tableau 1\u00a0000,00\u00a0€ : nous gardons la somme du tableau."
    )
