"""Pages of invoices as French companies lay them out, drawn with characters: two spaces or more separate cells."""

import re
import time
from dataclasses import replace
from typing import Any

import pytest

from recovery.invoices import page
from recovery.invoices.identifiers import Identity
from recovery.invoices.opened import Cell, Opened, Page
from recovery.invoices.reader import read

WIDTH, HEIGHT, LETTER, LINE = 595.0, 842.0, 6.0, 13.0


def drawn(text: str) -> list[Page]:
    """The cells of a drawing; a line of dots leaves half a page white."""
    cells: list[Cell] = []
    top = 40.0
    for line in text.strip("\n").splitlines():
        if line.strip() == "...":
            top = max(top, 740.0)
            continue
        for match in re.finditer(r"\S+(?: \S+)*", line):
            left = 40 + LETTER * match.start()
            cells.append(Cell(match[0], left, top, left + LETTER * len(match[0]), top + 12))
        top += LINE
    return [Page(1, WIDTH, HEIGHT, tuple(cells))]


def fields(text: str, own: Identity | None = None) -> dict[str, str]:
    return {name: str(found.value) for name, found in page.read(drawn(text), own=own).items()}


CRAFTSMAN = """
MENUISERIE MARTEL
12 bis rue des Tanneurs
37000 TOURS
Tél. : 02 47 11 22 33
contact@menuiserie-martel.fr

                                              SCI LES TILLEULS
                                              4 avenue de la Tranchée
                                              37100 TOURS

FACTURE N° 2026-0147                          Tours, le 12/03/2026

Désignation                          Qté      P.U. HT      Total HT
Pose de deux fenêtres en chêne       2        845,00 €     1 690,00 €
Dépose des anciennes menuiseries     1        120,00 €     120,00 €

                                              Total HT     1 810,00 €
                                              TVA 10 %     181,00 €
                                              Total TTC    1 991,00 €
                                              Acompte versé  500,00 €
                                              Net à payer  1 491,00 €

Règlement par virement au plus tard le 11/04/2026
IBAN : FR76 3000 6000 0112 3456 7890 189   BIC : AGRIFRPP
...
EURL au capital de 8 000 € - SIRET 732 829 320 00074 - RCS Tours 732 829 320 - TVA FR44732829320
"""

STUDIO = """
                                              Facture
                                              Numéro       F-2026-031
                                              Date         2 mars 2026
                                              Échéance     1er avril 2026

De                                            Facturé à
Studio Bleu Nuit                              BRASSERIE DU PORT SAS
18 quai de la Fosse                           3 place du Commerce
44000 Nantes                                  44000 Nantes
SIRET 73282932000074                          SIREN 552 100 554
hello@studiobleunuit.fr                       compta@brasserieduport.fr

Description                          Quantité     Prix unitaire     Montant
Refonte du site, forfait             1            3 200,00          3 200,00

Total                                                               3 200,00 €
TVA non applicable, art. 293 B du CGI
À payer                                                             3 200,00 €
En cas de retard, pénalités au taux de trois fois l'intérêt légal et indemnité forfaitaire de 40 €.
"""

WHOLESALER = """
TRANSPORTS BERGER ET FILS SA                  Client n° 40117
Zone industrielle Nord
67800 Bischheim                               CARRELAGES DU RHIN SARL
                                              27 route de Lyon
                                              67400 Illkirch-Graffenstaden

N° facture      Date facture      Échéance        Mode de règlement
FC0098812       28/02/26          31/03/26        Virement

Référence     Libellé                         Qté    PU HT       Montant HT
TR-100        Transport Strasbourg Lyon       3      412,50      1 237,50
TR-220        Supplément gazole               3      21,30       63,90

Base HT       Taux       Montant TVA          Total HT       1 301,40
1 301,40      20,00 %    260,28               Total TVA      260,28
                                              Total TTC      1 561,68
                                              NET A PAYER EUR     1 561,68
...
SA au capital de 150 000 euros - RCS Strasbourg B 552 100 554 - N° TVA intracommunautaire : FR96 552 100 554
"""

CONSULTANT = """
Claire Fontaine Conseil - 8 rue Haute - 21000 Dijon - SIRET 552 100 554 00039 - claire@fontaine-conseil.fr

                                              À l'attention du service comptabilité
                                              ASSOCIATION LES AMIS DU MUSEE
                                              1 place de la Libération
                                              21000 Dijon

Facture n° CF/2026/12 du 5 janvier 2026
Objet : accompagnement, commande n° 4500012345 du 02/12/2025

Total hors taxes                                            2 400,00 €
TVA (20,00 %)                                               480,00 €
Total toutes taxes comprises                                2 880,00 €

Date limite de paiement : 4 février 2026
Pas d'escompte pour paiement anticipé.
"""

CREDIT = """
ATELIER DU BOIS SARL
9 rue des Lilas
35000 Rennes

                                              EPICERIE FINE DE REDON
                                              2 rue de la Gare
                                              35600 Redon
AVOIR N° AV-12
Date : 03/02/2026
Annule et remplace la facture F-88 du 12/01/2026

Total HT      -100,00 €
TVA 20%       -20,00 €
Total TTC     -120,00 €
"""

CASES: list[tuple[str, dict[str, Any]]] = [
    (CRAFTSMAN, {
        "document_type": "invoice", "invoice_number": "2026-0147", "issue_date": "2026-03-12", "due_date": "2026-04-11", "currency": "EUR",
        "total_net": "1810.00", "total_tax": "181.00", "total_gross": "1991.00", "prepaid": "500.00", "amount_due": "1491.00",
        "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP", "seller.name": "MENUISERIE MARTEL", "seller.line1": "12 bis rue des Tanneurs",
        "seller.postcode": "37000", "seller.city": "TOURS", "seller.siret": "73282932000074", "seller.siren": "732829320",
        "seller.vat": "FR44732829320", "seller.email": "contact@menuiserie-martel.fr", "seller.phone": "02 47 11 22 33",
        "buyer.name": "SCI LES TILLEULS", "buyer.line1": "4 avenue de la Tranchée", "buyer.postcode": "37100", "buyer.siren": None, "buyer.email": None,
    }),
    (STUDIO, {
        "document_type": "invoice", "invoice_number": "F-2026-031", "issue_date": "2026-03-02", "due_date": "2026-04-01",
        "total_gross": "3200.00", "amount_due": "3200.00", "seller.name": "Studio Bleu Nuit", "seller.siret": "73282932000074",
        "seller.city": "Nantes", "seller.email": "hello@studiobleunuit.fr", "buyer.name": "BRASSERIE DU PORT SAS", "buyer.siren": "552100554",
        "buyer.line1": "3 place du Commerce", "buyer.email": "compta@brasserieduport.fr", "iban": None, "prepaid": None,
    }),
    (WHOLESALER, {
        "invoice_number": "FC0098812", "issue_date": "2026-02-28", "due_date": "2026-03-31", "total_net": "1301.40", "total_tax": "260.28",
        "total_gross": "1561.68", "amount_due": "1561.68", "seller.name": "TRANSPORTS BERGER ET FILS SA", "seller.postcode": "67800",
        "seller.siren": "552100554", "seller.vat": "FR96552100554", "buyer.name": "CARRELAGES DU RHIN SARL",
        "buyer.city": "Illkirch-Graffenstaden", "buyer.siren": None, "buyer.vat": None,
    }),
    (CONSULTANT, {
        "invoice_number": "CF/2026/12", "issue_date": "2026-01-05", "due_date": "2026-02-04", "total_net": "2400.00", "total_tax": "480.00",
        "total_gross": "2880.00", "amount_due": "2880.00", "seller.name": "Claire Fontaine Conseil", "seller.line1": "8 rue Haute",
        "seller.postcode": "21000", "seller.city": "Dijon", "seller.siren": "552100554", "seller.email": "claire@fontaine-conseil.fr",
        "buyer.name": "ASSOCIATION LES AMIS DU MUSEE", "buyer.line1": "1 place de la Libération", "buyer.siren": None,
        "terms.discount": "Pas d'escompte pour paiement anticipé.",
    }),
    (CREDIT, {
        "document_type": "credit_note", "invoice_number": "AV-12", "issue_date": "2026-02-03", "due_date": None, "total_gross": "120.00",
        "total_net": "100.00", "seller.name": "ATELIER DU BOIS SARL", "buyer.name": "EPICERIE FINE DE REDON",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=["craftsman", "studio", "wholesaler", "consultant", "credit"])
def test_a_page_gives_its_fields(text: str, expected: dict[str, str | None]) -> None:
    read = fields(text)
    assert {name: read.get(name) for name in expected} == expected


FORM = """
Cedente/prestatore (fornitore)                Cessionario/committente (cliente)
Identificativo fiscale ai fini IVA: IT00743110157      Denominazione: TORINO AUTOMAZIONE SPA
Denominazione: MECCANICA PADANA SRL           Indirizzo: CORSO FRANCIA 310
Indirizzo: VIA EMILIA OVEST 144               Comune: TORINO Provincia: TO
Comune: MILANO Provincia: MI                  Cap: 10146 Nazione: IT
Cap: 20138 Nazione: IT

Tipologia documento      Numero documento      Data documento
TD01 fattura             FPR 212/26            28-02-2026

Totale imponibile        1.842,00
Totale imposta           405,24
Totale documento         2.247,24
"""


def test_a_form_tells_its_parts_by_name() -> None:
    told = fields(FORM)
    assert told["seller.name"] == "MECCANICA PADANA SRL"
    assert (told["seller.line1"], told["seller.postcode"], told["seller.city"]) == ("VIA EMILIA OVEST 144", "20138", "MILANO")
    assert (told["buyer.name"], told["buyer.city"], told["buyer.country"]) == ("TORINO AUTOMAZIONE SPA", "TORINO", "IT")
    assert told["invoice_number"] == "FPR 212/26"
    assert told["currency"] == "EUR"  # no sign of money on the page: the currency of who sells


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Factura rectificativa R260003", "R260003"),
        ("Rechnung R 118/2026", "R 118/2026"),
        ("Facture n° 0480552917 26I7-1K09 du 09/09/26", "0480552917 26I7-1K09"),
        ("Facture n° 10 188 224 401 du 10 mars 2026", "10 188 224 401"),
        ("Fatt. n. 1.874", "1.874"),
        ("Facture du 12/03/2026", None),
        ("Numéro de facture  Référence\n\nPLN-2026-          SUB-\n004417             88120", "PLN-2026-004417"),
        (
            "Rechnungsnummer  Rechnungsdatum  Kundennummer\n26-3308          2026-10-01      D-70044\n500 Buchsen 12x18 Bronze         2,94",
            "26-3308",
        ),
        ("AVOIR\nN° AV-26-00021\nSur facture n° FC-26-00874 du 20/05/2026", "AV-26-00021"),
    ],
)
def test_a_number_is_read_whole(line: str, number: str | None) -> None:
    assert fields(line).get("invoice_number") == number


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("El pago se efectuará antes del 1 de abril de 2026 en la cuenta indicada.", "2026-04-01"),
        ("Graag overmaken vóór 17 april 2026 naar NL78 KNAB 5389 7170 74.", "2026-04-17"),
        ("Merci de régler cette somme avant le 5 mai 2026.", "2026-05-05"),
        ("Please pay the balance no later than 31 May 2026.", "2026-05-31"),
        ("Vence: 2026/10/20", "2026-10-20"),
        ("Vervalt op 28/02/2026", "2026-02-28"),
        ("Date d’exigibilité : 3 juin 2026", "2026-06-03"),
        ("Mode de règlement : LCR directe au 31/05/2026", "2026-05-31"),
        ("Prélèvement le 2 avril 2026", "2026-04-02"),
        ("Scade il: 25.08.2026", "2026-08-25"),
        ("Zahlungsbedingung: bis 13.08.2026 2 % Skonto (321,29 EUR), sonst netto", None),
        ("En cas de retard de paiement, pénalités à compter du 5 mai 2026.", None),
    ],
)
def test_a_sentence_tells_the_last_day(line: str, day: str | None) -> None:
    assert fields(line).get("due_date") == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Facture n° 10 204 887 315\ndu 12 mars 2026\nProchaine facture le 12 mai 2026", "2026-03-12"),
        ("AVOIR\nLe 08/06/2026\nSur facture n° FC-26-00874 du 20/05/2026", "2026-06-08"),
        ("Belegnummer / Datum  9300447120 / 11.03.2026\nLieferschein / Datum  8004412907 / 09.03.2026", "2026-03-11"),
        ("RECHNUNG\nNummer 2026-M-00512 vom 03.11.2026", "2026-11-03"),
        ("Factuur: K-260377\nZutphen, 20 januari 2026", "2026-01-20"),
    ],
)
def test_the_day_of_issue_is_told_from_its_neighbours(text: str, day: str) -> None:
    assert fields(text).get("issue_date") == day


def test_a_french_company_is_owed_euros_though_no_sign_says_so() -> None:
    page = "Facture n° 611\nSiret 732 829 320 00074\nTotal HT          100,00\nTVA 20 %          20,00\nTotal TTC         120,00"
    assert fields(page).get("currency") == "EUR"
    assert "currency" not in fields(page.replace("Siret 732 829 320 00074", ""))


def test_the_address_of_a_seat_is_read_in_the_line_that_signs_the_page() -> None:
    told = fields(
        "Facture n° 611\n...\nVoltéo, SA au capital de 12 000 € – Siège social : 4 rue Floréal 75017 Paris – RCS Paris 552 100 554"
    )
    assert (told.get("seller.line1"), told.get("seller.postcode"), told.get("seller.city")) == ("4 rue Floréal", "75017", "Paris")


def test_a_number_beside_an_account_is_still_a_number() -> None:
    told = fields(
        "Rechnung 26-1\n...\nNordchemie AG  Commerzbank               USt-IdNr.\n20539 Hamburg  IBAN DE89 3704 0044 0532  DE136695976"
    )
    assert told.get("seller.vat") == "DE136695976"


def test_a_spanish_number_alone_in_its_cell_is_held_by_its_key() -> None:
    page = """
    Cerámicas Levante S.L.
    CIF B46112090
    Calle Mayor 14
    46970 Alaquàs
    CLIENTE
    Construcciones Teruel S.A.
    A28044170
    Calle Joaquín Costa 21
    44001 Teruel
    IVA 21%      578,66 €
    """
    told = fields(page)
    assert "buyer.line2" not in told
    assert (told.get("seller.vat"), told.get("buyer.vat")) == ("ESB46112090", "ESA28044170")
    assert "buyer.vat" not in fields(page.replace("A28044170", "A28044173"))  # its key fails
    assert "buyer.vat" not in fields(page.replace("IVA", "TVA"))  # not a Spanish page


def test_an_account_is_found_after_other_words() -> None:
    for line in (
        "Pagamento entro il 15 aprile 2026 tramite bonifico su IT60 X054 2811 1010 0000 0123 456",
        "cuenta IT60X0542811101000000123456.",
    ):
        assert fields(line).get("iban") == "IT60X0542811101000000123456"


HOTEL = """
              Domaine de la Roseraie
              Route de Cangey - 37400 Amboise
Client : Mme Aubert                           Nuage Comptable
Personnes : 2                                 14 rue du Sentier
                                              75002 Paris
Facture : 2026/03/0552                        du 14/03/2026
"""


def test_an_address_that_stands_apart_is_the_buyer_s_though_a_guest_is_named() -> None:
    told = fields(HOTEL)
    assert (told["seller.name"], told["seller.line1"]) == ("Domaine de la Roseraie", "Route de Cangey")
    assert (told["buyer.name"], told["buyer.line1"], told["buyer.postcode"]) == ("Nuage Comptable", "14 rue du Sentier", "75002")


def test_a_street_and_a_town_may_be_cut_over_two_lines() -> None:
    page = """
Destinataire
COMPTOIR DU NORD SARL
80 boulevard de la
Liberté
59350 Saint-André-lez-
Lille
"""
    told = fields(page)
    assert (told["buyer.line1"], told["buyer.city"]) == ("80 boulevard de la Liberté", "Saint-André-lez-Lille")
    assert "buyer.line2" not in told


def test_a_line_that_signs_the_page_is_read_whole() -> None:
    page = """
MENUISERIE MARTEL                             SCI LES TILLEULS
12 rue des Tanneurs                           4 avenue de la Tranchée
37000 TOURS                                   37100 TOURS
...
MENUISERIE MARTEL - SARL au capital de 8 000 euros - 12 rue des Tanneurs - RCS Tours 732 829
320 - APE 4332A
"""
    assert fields(page)["seller.siren"] == "732829320"


def test_what_is_no_invoice_is_not_taken_for_one() -> None:
    letter = drawn("Madame, Monsieur,\nNous vous remercions de votre visite du 12/03/2026.\nCordialement,\nLa direction")
    assert not page.is_invoice(page.read(letter))
    assert not page.is_invoice(page.read([]))
    assert page.is_invoice(page.read(drawn(CRAFTSMAN)))


def test_another_document_is_told_by_its_title_and_not_by_a_reference() -> None:
    quote = drawn(CRAFTSMAN.replace("FACTURE N°", "DEVIS N°"))
    title = next(cell for cell in quote[0].cells if cell.text.startswith("DEVIS"))
    small = read("f.pdf", Opened("opened", pages=tuple(quote)))
    assert small.document_type != "quote"
    larger = replace(title, top=title.top - 6, bottom=title.bottom + 6)
    large = replace(quote[0], cells=tuple(larger if cell is title else cell for cell in quote[0].cells))
    reading = read("f.pdf", Opened("opened", pages=(large,)))
    assert reading.outcome == "no_invoice"
    assert "devis" in reading.warnings[0].message
    assert fields(STUDIO.replace("Description  ", "Bon de commande : 45  "))["document_type"] == "invoice"


def test_a_clause_of_interest_is_no_total() -> None:
    read = fields(STUDIO.replace("3 200,00", "3 200,50"))
    assert read["amount_due"] == "3200.50"
    assert read["terms.indemnity"].startswith("En cas de retard")


def test_two_accounts_make_none() -> None:
    other = "IBAN : FR74 3000 3000 4029 6422 3654 P78"
    assert "iban" not in fields(CRAFTSMAN.replace("...", other + "\n..."))
    assert (
        fields(CRAFTSMAN.replace("...", other + "\n..."), Identity(iban="FR7630006000011234567890189"))["iban"]
        == "FR7630006000011234567890189"
    )


def test_an_unlabelled_number_whose_key_is_wrong_is_nothing() -> None:
    read = fields(CRAFTSMAN.replace("SIRET 732 829 320 00074", "Réf. 732 829 320 00075"))
    assert "seller.siret" not in read
    assert fields(CRAFTSMAN.replace("732 829 320 00074", "732 829 320 00075"))["seller.siret"] == "73282932000075"


def test_a_proof_says_where_it_was_read() -> None:
    found = page.read(drawn(CRAFTSMAN))["amount_due"]
    assert found.evidence.source == "page"
    assert found.evidence.page == 1
    left, top, right, bottom = found.evidence.box or (0, 0, 0, 0)
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1
    assert found.evidence.confidence > 0.9


def test_a_page_meant_to_keep_us_busy_does_not() -> None:
    """Forty thousand labels strewn over a page, each asking for its value."""
    labels = ("Total HT", "TVA", "Total TTC", "N°", "75001 Paris", "Date", "12,00", "FR76 3000", "a" * 40 + "@")
    cells = tuple(
        Cell(labels[index % len(labels)], 3.0 * (index % 200), 4.0 * (index // 200), 3.0 * (index % 200) + 2.5, 4.0 * (index // 200) + 3.5)
        for index in range(40_000)
    )
    began = time.process_time()
    for _ in range(20):
        page.read(drawn(WHOLESALER))
    ordinary = time.process_time() - began
    began = time.process_time()
    page.read([Page(1, WIDTH, HEIGHT, cells)] * 6)
    # Six pages of forty thousand cells cost no more than some thousand ordinary ones, whatever their labels ask.
    assert time.process_time() - began < 150 * ordinary


@pytest.mark.parametrize(
    ("title", "words", "number"),
    [
        ("AVOIR N° AV-00093", "Annule partiellement la facture n° FV-03310 du 02/09/2026", "FV-03310"),
        ("AVOIR N° AV-7", "Avoir sur la facture CAR-2026-101", "CAR-2026-101"),
        ("CREDIT NOTE No. CN-12", "Credit note for invoice no. INV-2041", "INV-2041"),
        ("Gutschrift Nr. GS-31", "Gutschrift zu RE-2026-1044", "RE-2026-1044"),
        ("FACTURA RECTIFICATIVA N° RT-12", "Rectifica a la factura FV-2026-0788 de fecha 28/09/2026", "FV-2026-0788"),
        ("NOTA DI CREDITO N. 12/NC", "Storno parziale della fattura n. 118/2026", "118/2026"),
    ],
)
def test_a_credit_note_names_the_invoice_it_credits(title: str, words: str, number: str) -> None:
    found = page.read(drawn(f"{title}\n{words}\n\nTotal TTC     120,00 €"))
    (named,) = found["preceding_invoices"].value  # type: ignore[misc]
    assert (named.number, found["preceding_invoices"].evidence.confidence) == (number, 0.92)  # type: ignore[union-attr]


def test_a_credit_note_that_names_two_is_not_sure_of_either() -> None:
    found = page.read(drawn("AVOIR N° AV-7\nAvoir sur la facture F-101\nAnnule la facture F-102\n\nTotal TTC     120,00 €"))
    assert found["preceding_invoices"].evidence.confidence < 0.9
