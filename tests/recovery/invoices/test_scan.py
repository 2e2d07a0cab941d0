"""Words seen on a picture: set upright, read, and believed only as far as something proves them."""

import math
from decimal import Decimal

import pytest

from recovery.invoices import scan
from recovery.invoices.scan import Picture, Point, Seen, Upright

WIDTH, HEIGHT = 1000.0, 1400.0
LINES = [
    (80, 60, "Atelier Vermeil SARL"), (80, 90, "5 rue du Four"), (80, 120, "75006 Paris"), (80, 150, "SIRET39280913700027"),
    (560, 200, "Galerie Montaigne"), (560, 230, "18 avenue Montaigne"), (560, 260, "75008 Paris"),
    (80, 330, "Facture N° FA-2026-118"), (80, 370, "Date :05/03/2026"), (80, 400, "Échéance : 04/04/2026"),
    (80, 500, "Désignation"), (500, 500, "Qté"), (760, 500, "Montant HT"), (80, 530, "Dorure d’un cadre"), (500, 530, "1"), (760, 530, "1 000,00 €"),
    (560, 640, "Total HT"), (760, 640, "1 000,00 €"), (560, 670, "TVA 20 %"), (760, 670, "200,00 €"), (560, 700, "Total TTC"), (760, 700, "1 200,00 €"),
    (80, 800, "IBAN FR76 3OOO 6OOO O112 3456 789O 189"),
]  # fmt: skip


def photographed(angle: float = 0.0, *, confidence: float = 0.97, lines: list[tuple[int, int, str]] = LINES) -> Picture:
    """The page as a camera held at that angle (in degrees) would see it."""
    turns = math.radians(angle)
    on_its_side = round(angle / 90) % 2 == 1
    width, height = (HEIGHT, WIDTH) if on_its_side else (WIDTH, HEIGHT)

    def seen(x: float, y: float) -> Point:
        x, y = x - WIDTH / 2, y - HEIGHT / 2
        return x * math.cos(turns) - y * math.sin(turns) + width / 2, x * math.sin(turns) + y * math.cos(turns) + height / 2

    words = []
    for x, y, text in lines:
        right = x + 11 * len(text)
        words.append(Seen(text, (seen(x, y), seen(right, y), seen(right, y + 22), seen(x, y + 22)), confidence))
    return Picture(1, width, height, tuple(words))


@pytest.mark.parametrize("angle", [0, 1.5, -2, 90, 91.5, 180, 270, 268])
def test_a_page_is_read_however_it_was_laid(angle: float) -> None:
    reading = scan.read("photo.jpg", [photographed(angle)])
    assert (reading.source, reading.outcome, reading.invoice_number) == ("scan", "read", "FA-2026-118")
    assert (str(reading.issue_date), str(reading.due_date)) == ("2026-03-05", "2026-04-04")
    assert (reading.total_net, reading.total_tax, reading.total_gross) == (Decimal(1000), Decimal(200), Decimal(1200))
    assert reading.seller.name == "Atelier Vermeil SARL"


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_the_place_of_a_value_is_told_on_the_picture_as_it_lies(angle: int) -> None:
    picture = photographed(angle)
    box = scan.read("photo.jpg", [picture]).evidence["invoice_number"].box
    assert box
    word = next(seen for seen in picture.seen if "FA-2026-118" in seen.text)
    xs, ys = [x / picture.width for x, _ in word.corners], [y / picture.height for _, y in word.corners]
    assert box == pytest.approx((min(xs), min(ys), max(xs), max(ys)), abs=0.002)


def sure(*more: tuple[int, int, str], confidence: float = 0.97, **changed: str) -> set[str]:
    """The fields called sure, some words of the page being others, or more."""
    lines = [(x, y, changed.get(text.partition(" ")[0], text)) for x, y, text in LINES]
    evidence = scan.read("photo.jpg", [photographed(lines=[*lines, *more], confidence=confidence)]).evidence
    return {name for name, proof in evidence.items() if proof.confidence > 0.9}


def test_only_what_something_proves_is_sure() -> None:
    assert {"total_gross", "iban", "document_type"} <= sure(confidence=0.7), "a sum, a key, a word of a list"
    assert "seller.siret" not in sure(), "its key is wrong"
    assert {"invoice_number", "issue_date", "buyer.postcode", "buyer.city"} <= sure(), "sharp digits, one sharp word"
    assert not {"invoice_number", "issue_date", "buyer.postcode", "buyer.city"} & sure(confidence=0.95), "less sharp"
    assert not {"seller.name", "buyer.name", "seller.line1"} & sure(), "a space may have been lost"
    assert "seller.name" in sure((80, 1300, "Atelier Vermeil SARL, capital de 8 000 €")), "the same words twice"


def test_an_address_that_may_be_the_sellers_is_only_suggested() -> None:
    ours = (560, 290, "contact@galerie.fr")
    alone = scan.read("photo.jpg", [photographed(lines=[*LINES, ours])])
    assert (alone.buyer.email, alone.evidence["buyer.email"].confidence) == ("contact@galerie.fr", 0.45)
    both = scan.read("photo.jpg", [photographed(lines=[*LINES, ours, (80, 180, "contact@vermeil.fr")])])
    assert (both.seller.email, both.buyer.email) == ("contact@vermeil.fr", "contact@galerie.fr")
    assert both.evidence["buyer.email"].confidence > 0.45


def test_what_stands_on_the_right_of_two_lines_does_not_join_them() -> None:
    lines = [(80, 100, "34000 Montpellier"), (80, 120, "contact@vermeil.fr"), (560, 110, "Date : 05/03/2026")]
    cells = Upright(photographed(lines=lines)).page.cells
    assert {cell.text for cell in cells} == {text for _, _, text in lines}


def test_where_one_party_was_not_found_nothing_of_the_other_is_sure() -> None:
    lines = [line for line in LINES if line[2] not in ("Galerie Montaigne", "18 avenue Montaigne", "75008 Paris")]
    evidence = scan.read("photo.jpg", [photographed(lines=lines)]).evidence
    assert "buyer.name" not in evidence
    assert evidence["seller.postcode"].confidence <= 0.85


@pytest.mark.parametrize("number", ["Facture N° FAO2026118", "Facture N° F1l8-77"])
def test_letters_among_digits_may_be_digits(number: str) -> None:
    assert "invoice_number" not in sure(Facture=number)


@pytest.mark.parametrize(
    ("town", "whole"),
    [("75008 Orléans", True), ("75008 LAROCHELLE", False), ("75008 MoulinNeuf", False), ("75008 Boulogne-Billancourt", True)],
)
def test_a_town_may_be_two_words(town: str, whole: bool) -> None:
    lines = [(x, y, town if text == "75008 Paris" else text) for x, y, text in LINES]
    assert (scan.read("photo.jpg", [photographed(lines=lines)]).evidence["buyer.city"].confidence > 0.9) is whole


def test_an_address_whose_l_may_be_an_i_is_not_sure() -> None:
    assert "seller.email" in sure((80, 180, "contact@vermeil.fr"))
    assert "seller.email" not in sure((80, 180, "contact@vermeiI.fr"))


def test_a_sum_that_does_not_add_up_is_not_proved() -> None:
    lines = [(x, y, text.replace("1 200,00", "1 280,00")) for x, y, text in LINES]
    evidence = scan.read("photo.jpg", [photographed(lines=lines)]).evidence
    assert all(evidence[name].confidence < 0.9 for name in ("total_net", "total_tax", "total_gross"))


def test_what_was_seen_badly_is_believed_less() -> None:
    evidence = scan.read("photo.jpg", [photographed(confidence=0.55)]).evidence
    assert evidence["invoice_number"].confidence <= 0.55


def test_letters_taken_for_digits_are_mended_where_the_key_says_so() -> None:
    reading = scan.read("photo.jpg", [photographed()])
    assert reading.iban == "FR7630006000011234567890189"
    assert scan.unglued("IBAN FR76 3OOO 6OOO O112 3456 789O 188") == "IBAN FR76 3OOO 6OOO O112 3456 789O 188"
    assert scan.unglued("IBAN FR76 3000") == "IBAN FR76 3000"


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("SIRET39280913700027", "SIRET 39280913700027"),
        ("Date:20260815", "Date: 20260815"),
        ("34000Montpellier", "34000 Montpellier"),
        ("le 9 mars2026", "le 9 mars 2026"),
        ("n° 118du10/05/2026", "n° 118 du 10/05/2026"),
        ("41 cours deVerdun -33000 Bordeaux", "41 cours de Verdun - 33000 Bordeaux"),
        ("12rue du Four", "12 rue du Four"),
        ("Sonnenweg12", "Sonnenweg 12"),
        ("SELARLDelmas&Associés", "SELARL Delmas & Associés"),
        ("NOTED'HONORAIRESN°2026-0218", "NOTE D'HONORAIRES N°2026-0218"),
        ("Teatro Naviglio S.c.r.I.", "Teatro Naviglio S.c.r.l."),
    ],
)
def test_what_recognisers_glue_is_taken_apart(seen: str, meant: str) -> None:
    assert scan.unglued(seen) == meant
    assert scan.unglued(meant) == meant


@pytest.mark.parametrize(
    "text", ["à 18:30, http://exemple.fr", "FA00012458", "S&P 12", "IV. Total", "n° 12", "A4 210g", "FAO2026118", "FAC2026-118", "26001ABC"]
)
def test_what_is_right_is_left(text: str) -> None:
    assert scan.unglued(text) == text


def test_the_creditor_is_told_to_compare() -> None:
    warnings = scan.read("photo.jpg", [photographed()]).warnings
    assert (warnings[0].field, warnings[0].message) == ("file", scan.COMPARE)


def test_a_picture_without_an_invoice_says_so() -> None:
    assert scan.read("chat.jpg", [Picture(1, 100, 100, ())]).outcome == "no_text"
    assert (
        scan.read("menu.jpg", [photographed(lines=[(80, 60, "Menu du jour"), (80, 90, "Entrée, plat, dessert")])]).outcome == "no_invoice"
    )


def test_an_upright_page_comes_back_where_it_was() -> None:
    upright = Upright(photographed(0))
    assert upright.back((0.1, 0.2, 0.3, 0.4)) == pytest.approx((0.1, 0.2, 0.3, 0.4), abs=1e-4)
