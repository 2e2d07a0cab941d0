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


def test_a_value_that_nothing_proves_is_never_sure() -> None:
    evidence = scan.read("photo.jpg", [photographed()]).evidence
    assert {name for name, proof in evidence.items() if proof.confidence >= 0.9} <= {
        "total_net", "total_tax", "total_gross", "amount_due", "iban", "seller.siret", "seller.siren",
    }  # fmt: skip
    assert evidence["total_gross"].confidence > 0.9, "net and tax make it"
    assert evidence["invoice_number"].confidence <= 0.85


def test_a_sum_that_does_not_add_up_is_not_proved() -> None:
    lines = [(x, y, text.replace("1 200,00", "1 280,00")) for x, y, text in LINES]
    evidence = scan.read("photo.jpg", [photographed(lines=lines)]).evidence
    assert all(evidence[name].confidence <= 0.85 for name in ("total_net", "total_gross") if name in evidence)


def test_what_was_seen_badly_is_believed_less() -> None:
    evidence = scan.read("photo.jpg", [photographed(confidence=0.55)]).evidence
    assert evidence["invoice_number"].confidence <= 0.55


def test_letters_taken_for_digits_are_mended_where_the_key_says_so() -> None:
    reading = scan.read("photo.jpg", [photographed()])
    assert reading.iban == "FR7630006000011234567890189"
    assert scan.unglued("IBAN FR76 3OOO 6OOO O112 3456 789O 188") == "IBAN FR76 3OOO 6OOO O112 3456 789O 188"
    assert scan.unglued("SIRET39280913700027") == "SIRET 39280913700027"
    assert scan.unglued("à 18:30, http://exemple.fr") == "à 18:30, http://exemple.fr"


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
