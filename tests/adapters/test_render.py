"""What leaves the house on paper and by e-mail: approved word by word, standard, readable, and deaf to what a name may hold."""

import ctypes
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import pdf_oxide
import pypdfium2
import pytest
import zxingcpp

from adapters import render
from recovery import letters, mandate
from recovery.events import PaymentReceived
from recovery.letters import Letter, MentionMissing
from recovery.notices import identity
from tests.adapters.papers import shown
from tests.recovery.test_mandate import agreed
from tests.recovery.test_notices import EVENTS, told
from tests.writing import AGENCY, CREDITOR, DEBTOR, SITE, case_before, letter, many, message, paid

APPROVED = Path(__file__).parents[1] / "approved"
MM = 72 / 25.4
EVIL = '**Z** {{ 7*7 }} {% x %} #read("/etc/passwd") $x$ <b>'


def receipt(regime: str = "b2b") -> Letter:
    payment: PaymentReceived = paid("1000.00")
    return letter("receipt:p1", case_before("second_letter", regime=regime, more=(payment,)), payment=payment)


LETTERS = {
    f"{step}-{kind}": (step, regime)
    for kind, regime in (("professional", "b2b"), ("consumer", "b2c"))
    for step in ("first_letter", "second_letter", "formal_notice", "receipt")
}


def sample(name: str) -> Letter:
    step, regime = LETTERS[name]
    return receipt(regime) if step == "receipt" else letter(step, case_before(step, regime=regime))


# ------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_says_what_was_approved(name: str) -> None:
    """To approve new words: read them, then run once with APPROVE=1."""
    said, approved = shown(sample(name)), APPROVED / f"{name}.txt"
    if os.environ.get("APPROVE"):
        approved.write_text(said, "utf-8")
    assert said == approved.read_text("utf-8")


def test_a_letter_for_many_invoices_says_what_was_approved() -> None:
    said, approved = shown(letter("first_letter", case_before("first_letter", invoices=many(3)))), APPROVED / "first_letter-many.txt"
    if os.environ.get("APPROVE"):
        approved.write_text(said, "utf-8")
    assert said == approved.read_text("utf-8")


FORBIDDEN = re.compile(
    r"huissier|saisie|saisir (?!la juridiction compétente)|commandement|\bsommation|dernier avis|dossier transmis|fichier|République"
    r"|poursuites|contentieux|urgent|frais de dossier|frais d’acte|mauvais payeur|malheureusement|!",
    re.IGNORECASE,
)
TRUE = (letters.NOT_OFFICIAL, "procureur de la République")


@pytest.mark.parametrize("path", sorted([*(render.TEMPLATES / "letters").glob("*.j2"), *(render.TEMPLATES / "emails").glob("debtor_*.j2")]))
def test_no_text_to_a_debtor_frightens_or_poses_as_a_court(path: Path) -> None:
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text("utf-8"))
    assert not FORBIDDEN.findall(words.replace("saisir, sans frais, le médiateur", ""))
    assert "commissaire de justice" not in words


@pytest.mark.parametrize("name", LETTERS)
def test_no_printed_letter_frightens_or_poses_as_a_court(name: str) -> None:
    words = shown(sample(name)).replace("saisir, sans frais, le médiateur", "")
    for sentence in TRUE:
        words = words.replace(sentence, "")
    assert not FORBIDDEN.findall(words)
    assert "commissaire de justice" not in words


@pytest.mark.parametrize("name", [name for name in LETTERS if "consumer" in name])
def test_a_consumer_reads_of_help_and_of_no_court(name: str) -> None:
    words = shown(sample(name))
    assert "juridiction" not in words
    assert "L441-10" not in words
    if "receipt" not in name:
        assert "banque-france.fr" in words
        assert "médiateur de la consommation" in words


def test_a_public_buyer_reads_neither_of_consumers_nor_of_penalties() -> None:
    case = case_before("formal_notice", regime="b2g", invoices=many(2))
    words = shown(letter("formal_notice", case, debtor=DEBTOR))
    assert "les intérêts courus depuis cette lettre sont abandonnés" in words
    assert "saisir la juridiction compétente" in words
    for untrue in ("Pénalités", "Banque de France", "médiateur de la consommation", "1231-6"):
        assert untrue not in words


def test_a_private_creditor_has_no_consumer_mediator_and_claims_legal_interest_from_a_firm() -> None:
    case = replace(case_before("formal_notice"), creditor_kind="individual")
    words = shown(letter("formal_notice", case)).replace("\u00a0", " ")
    assert "intérêt au taux légal (article 1231-6 du code civil)" in words
    assert "Pénalités" not in words
    consumer = replace(case_before("formal_notice", regime="b2c"), creditor_kind="individual")
    assert "médiateur" not in shown(letter("formal_notice", consumer))


def test_a_letter_abroad_shows_the_licence_where_one_is_asked_and_claims_no_french_interest_from_a_consumer() -> None:
    consumer, firm = (replace(case_before("formal_notice", regime=regime), debtor_country="BE") for regime in ("b2c", "b2b"))
    words = shown(letter("formal_notice", consumer))
    assert f"Belgique : {AGENCY.licences['BE']}." in words
    for untrue in ("1231-6", "Banque de France"):
        assert untrue not in words
    assert "Belgique :" not in shown(letter("formal_notice", firm)), "Belgium asks it for consumers only"
    assert "loi belge du 2 août 2002" in shown(letter("formal_notice", firm)).replace("\u00a0", " ")
    reminded = message("reminder", consumer, debtor=replace(DEBTOR, kind="consumer"), answer_by=date(2026, 10, 1))
    assert "SPF Économie" in str(render.email(reminded.name, **reminded.data).text)


def test_every_letter_names_fields_and_blocks_that_exist() -> None:
    """The table of letters.py is what an operator may type."""
    for path in (render.TEMPLATES / "letters").glob("*.j2"):
        text = path.read_text("utf-8")
        assert set(re.findall(r"\[\[(\w+)\]\]", text)) <= set(letters.BLOCKS)
        assert set(re.findall(r"\{\{ ([\w.]+) \}\}", text)) <= set(letters.FIELDS)
        assert set(re.findall(r"\{% if (?:not )?(\w+)", text)) <= set(letters.FIELDS)


def test_every_field_of_the_table_is_filled() -> None:
    fields = letter("first_letter").fields
    for name in letters.FIELDS:
        outer, _, inner = name.partition(".")
        assert outer in fields
        assert not inner or inner in fields[outer]


def test_a_forgotten_block_and_an_unknown_field_stop_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def texts(source: str) -> jinja2.Environment:
        environment = render._sandbox(render.TEMPLATES / "letters", trim=False)
        environment.loader = jinja2.DictLoader({"first_letter.txt.j2": source})
        return environment

    whole = (render.TEMPLATES / "letters/first_letter.txt.j2").read_text("utf-8")
    monkeypatch.setattr(render, "_texts", lambda: texts(whole.replace("[[reproduction_articles]]", "")))
    with pytest.raises(MentionMissing, match="reproduction_articles"):
        render.letter(letter("first_letter"))
    monkeypatch.setattr(render, "_texts", lambda: texts(whole + "\n\n{{ debiteur.dettes }}"))
    with pytest.raises(jinja2.UndefinedError):
        render.letter(letter("first_letter"))
    monkeypatch.setattr(render, "_texts", lambda: texts("# {{ ''.__class__.__mro__ }}"))
    with pytest.raises(jinja2.exceptions.SecurityError):
        render.letter(letter("first_letter"))


# ------------------------------------------------------------------------------------------------ paper


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_standard_and_one_page(name: str) -> None:
    """The compiler refuses what does not conform; a second opinion reads the file. Warnings of the compiler are faults (render.py)."""
    pdf = render.letter(sample(name))
    conforms(pdf)
    assert len(pypdfium2.PdfDocument(pdf)) == 1


def conforms(pdf: bytes) -> None:
    document = pdf_oxide.PdfDocument.from_bytes(pdf)
    archival, accessible = document.validate_pdf_a("2a"), document.validate_pdf_ua()
    assert archival["valid"], archival["errors"]
    assert accessible["valid"], accessible["errors"]


def test_the_mandate_and_the_journal_are_standard_too() -> None:
    conforms(render.mandate(agreed()))
    conforms(render.mandate(agreed(), mandate.acceptance(agreed(), paid("1.00").at)))
    conforms(journal("Réglo"))


def journal(sentence: str, count: int = 3) -> bytes:
    entries = [
        render.JournalEntry(
            n=n, at=paid("1.00").at, by="Inès Moreau", title="Dossier ouvert", sentence=sentence, proofs=("Mandat",), seal="ab" * 32
        )
        for n in range(1, count + 1)
    ]
    return render.journal(
        "RG-26-00001",
        [("Débiteur", sentence)],
        entries,
        agency="Réglo",
        footer=AGENCY.legal_lines,
        count=count,
        last_seal="ab" * 32,
        on=date(2026, 9, 22),
    )


def test_the_same_letter_is_the_same_file_and_carries_its_own_date() -> None:
    first = render.letter(letter("first_letter"))
    assert first == render.letter(letter("first_letter"))
    assert b"D:20260921090000+02" in first or b"D:20260921070000Z" in first


def test_the_journal_shows_its_count_and_last_seal() -> None:
    text = words_of(journal("Facture F-101"))
    assert "3\u00a0écritures" in text or "3 écritures" in text
    assert "ab" * 32 in text.replace("\r\n", "").replace("\n", "")


@pytest.mark.parametrize("name", [name for name in LETTERS if "receipt" not in name])
def test_only_the_address_stands_in_the_window(name: str) -> None:
    """A4 folded in three in a DL envelope: x 90-200, y 34-90 mm may show (letters.md); 1.5 mm for the ascenders that no one sees."""
    composed = sample(name)
    seen = [
        (text, left, top)
        for text, left, top, right, bottom in words(render.letter(composed))
        if right > 90 and left < 200 and bottom > 34 and top < 90 - 1.5
    ]
    assert " ".join(text for text, _, _ in seen) == " ".join(composed.address)
    assert all(left >= 100 and 55 - 1.5 <= top <= 79 for _, left, top in seen)


def words(pdf: bytes, page: int = 0) -> Iterator[tuple[str, float, float, float, float]]:
    """Each line of a page with its box in mm from the top left corner."""
    sheet = pypdfium2.PdfDocument(pdf)[page]
    text, height = sheet.get_textpage(), sheet.get_height()
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        yield text.get_text_bounded(left, bottom, right, top).strip(), left / MM, (height - top) / MM, right / MM, (height - bottom) / MM


def words_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_nothing_is_printed_within_five_millimetres_of_an_edge() -> None:
    for page in range(3):
        for text, left, top, right, bottom in words(
            render.letter(letter("first_letter", case_before("first_letter", invoices=many(60)))), page
        ):
            assert left >= 5, text
            assert right <= 205, text
            assert top >= 5, text
            assert bottom <= 292, text


def test_both_codes_are_read_from_a_grey_scan() -> None:
    composed = letter("first_letter")
    account, total = AGENCY.account, composed.total
    read = {found.text: found.position.top_left.y / 300 * 25.4 for found in codes(render.letter(composed))}
    transfer = f"BCD\n002\n1\nSCT\n{account.bic}\n{account.holder}\n{account.iban}\nEUR{total}\n\n\nRG-26-00001"
    assert set(read) == {f"{SITE}/lettre#KP7M2XQ94T", transfer}
    assert read[f"{SITE}/lettre#KP7M2XQ94T"] < 34 < 90 < read[transfer]


def codes(pdf: bytes) -> list[Any]:
    bitmap = pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72, grayscale=True)
    pixels = memoryview(ctypes.string_at(bitmap.buffer, bitmap.stride * bitmap.height)).cast("B", (bitmap.height, bitmap.stride))
    return list(zxingcpp.read_barcodes(pixels))


def test_many_invoices_carry_their_total_from_page_to_page() -> None:
    composed = letter("first_letter", case_before("first_letter", invoices=many(60)))
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(render.letter(composed))]
    carried = next(line for line in pages[0].splitlines() if line.startswith("À reporter"))
    rows = [(cells[0], sums) for cells, sums in composed.blocks["tableau_creances"]["rows"]]
    last_shown = max(n for n, (number, _) in enumerate(rows) if number in pages[0])
    assert carried.replace("\u202f", " ").split()[2:] == " ".join(rows[last_shown][1]).replace("\u202f", " ").split()
    assert pages[1].startswith("Facture")  # the head of the table again
    total = composed.blocks["tableau_creances"]["total"]
    closing = next(line for page in pages[1:] for line in page.splitlines() if line.startswith("Somme réclamée au"))
    assert total[-1].replace("\u202f", " ") in closing.replace("\u202f", " ")
    assert sum("À reporter" in page for page in pages) == sum("Somme réclamée au" not in page and "Émise le" in page for page in pages)


# ------------------------------------------------------------------------------------------------ hostile names


def test_a_hostile_name_prints_as_it_is_written_wherever_it_stands() -> None:
    evil = replace(DEBTOR, name='**Z** {{ 7*7 }} #read("/x") [[a]]', line1='$x$ <b> #eval("1") \\u{41}')
    case = case_before("first_letter")
    case = replace(case, invoices=(replace(case.invoices[0], number="[[signature]]", label=EVIL),))
    agency = replace(AGENCY, people=(replace(AGENCY.people[0], name=EVIL),))
    composed = letter("first_letter", case, debtor=evil, creditor=replace(CREDITOR, name=EVIL), agency=agency)
    text = re.sub(r"\s+", " ", words_of(render.letter(composed)))
    assert text.count('#read("/etc/passwd")') >= 4
    assert "[[signature]]" in text
    assert '$x$ <b> #eval("1") \\u{41}' in text
    assert "49" not in text.replace("49 jours", "")


@pytest.mark.parametrize("sign", ["北", "ع", "🎉", "\u0939"])
def test_a_sign_our_fonts_lack_stops_the_letter_and_is_named(sign: str) -> None:
    with pytest.raises(render.Unprintable) as stopped:
        render.letter(letter("first_letter", debtor=replace(DEBTOR, name=f"Chez {sign}")))
    assert stopped.value.character == sign
    assert stopped.value.where == "l’adresse du débiteur"
    assert f"« {sign} »" in stopped.value.message


@pytest.mark.parametrize("name", ["Łódź Œuvre Ğüş Ÿ", "Владимир", "Ελλάς", "Nguyễn"])
def test_european_names_are_printed(name: str) -> None:
    assert name in words_of(render.letter(letter("first_letter", debtor=replace(DEBTOR, name=name))))


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u0000", "\u001b", "\ue000", "\ue001", "\ufeff", "\ud800"])
def test_signs_that_hide_or_turn_the_text_are_left_out(sign: str) -> None:
    text = words_of(render.letter(letter("first_letter", debtor=replace(DEBTOR, name=f"Chez{sign}Paul"))))
    assert "Chez Paul" in text


def test_a_log_is_printed_whatever_a_name_is_written_in() -> None:
    text = words_of(journal("Chez 北京 et 🎉"))
    assert "[U+5317][U+4EAC]" in text
    assert "[U+1F389]" in text
    conforms(render.mandate(agreed(debtor=replace(DEBTOR, name="北京"))))


def test_an_address_too_wide_for_the_window_stops_the_letter() -> None:
    composed = replace(letter("first_letter"), address=("W" * 38,) * 6)
    with pytest.raises(render.Unprintable, match="fenêtre"):
        render.letter(composed)


def test_a_long_name_takes_smaller_type_and_an_endless_one_stops_the_letter() -> None:
    long = replace(
        CREDITOR, name="Société coopérative agricole des producteurs de légumes de la vallée de la Loire et de ses affluents réunis"
    )
    spots = [
        top
        for text, _, top, right, _ in words(render.letter(letter("first_letter", creditor=long)))
        if right < 90 and "Lettre simple" in text
    ]
    assert spots
    assert spots[0] < 90
    with pytest.raises(render.Unprintable, match="créancier"):
        render.letter(letter("first_letter", creditor=replace(long, name=long.name * 4)))


def test_a_word_without_end_turns_before_the_edge() -> None:
    case = case_before("first_letter")
    case = replace(case, invoices=(replace(case.invoices[0], number="F" * 90, label="G" * 90),))
    assert max(right for _, _, _, right, _ in words(render.letter(letter("first_letter", case)))) < 192


# ------------------------------------------------------------------------------------------------ e-mails

WHO = identity(AGENCY, "ines")
OWN: dict[str, dict[str, Any]] = {
    "confirm": {
        "ref": "RG-26-00001",
        "private": True,
        "signatory": EVIL,
        "debtor": EVIL,
        "creditor": EVIL,
        "link": f"{SITE}/confirmer#a.b",
        "expires": "demain",
    },
    "sign_in": {"link": f"{SITE}/connexion#a.b", "expires": "14 h 36"},
    "waiting_agency": {"ref": "RG-26-00001", "signatory": EVIL, "debtor": EVIL},
    "creditor_refused": {"ref": "RG-26-00001", "signatory": EVIL, "debtor": EVIL, "reason": EVIL},
    "iban_change": {
        "creditor": EVIL,
        "old_iban": "FR76 •••• 0143",
        "new_iban": "FR76 •••• 0189",
        "on": "1er octobre 2026",
        "asked_by": EVIL,
    },
}
DEBTORS = {
    "debtor_reminder": "reminder",
    "debtor_copy": "first_letter:copy",
    "debtor_receipt": "receipt:p1",
    "debtor_returned": "returned:p1",
}


def data_of(name: str) -> dict[str, Any]:
    if name in OWN:
        return WHO | OWN[name]
    if name in DEBTORS:
        payment = paid("1000.00") if name in ("debtor_receipt", "debtor_returned") else None
        said = message(DEBTORS[name], case_before("second_letter", more=(paid("1000.00"),)), payment=payment)
        assert said.name == name
        return dict(said.data) | {"creditor": EVIL, "debtor": EVIL}
    (notice,) = told(*EVENTS[name])
    return dict(notice.data) | {"debtor": EVIL, "creditor": EVIL}


NAMES = [*OWN, *DEBTORS, *EVENTS]


def test_every_text_is_tried() -> None:
    assert {path.name.removesuffix(".txt.j2") for path in (render.TEMPLATES / "emails").glob("[!_]*.j2")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_only_words_in_an_email(name: str) -> None:
    written = render.email(name, **data_of(name))
    assert "\n" not in written.subject
    assert "<b>" not in written.html
    assert "&lt;b&gt;" in written.html or "<b>" not in written.text
    assert not re.search(r"<(img|script|link|iframe|object)\b|https?://(?!reglo\.example)", written.html)
    assert re.findall(r"(?m)^(?:#|>|\||->) |\*\*(?!Z)", written.text.replace(EVIL, "")) == []
    assert "\u202f" not in written.text  # the fonts of a mail reader may lack it


def test_a_bar_in_a_number_parts_no_row() -> None:
    written = render.email("case_opened", **data_of("case_opened") | {"invoices": "A | **B**"})
    assert "A | **B**" in written.text
    assert "A | **B**" in written.html
    assert not re.search("[\ue000-\uf8ff]", written.text + written.html)


@pytest.mark.parametrize("name", NAMES)
def test_an_email_needs_every_word_it_says(name: str) -> None:
    data = data_of(name)
    first = next(key for key in re.findall(r"\{\{ (\w+) \}\}", everything(name) + everything("_foot")) if key in data)
    del data[first]
    with pytest.raises(jinja2.UndefinedError):
        render.email(name, **data)


def everything(name: str) -> str:
    return (render.TEMPLATES / "emails" / f"{name}.txt.j2").read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in NAMES if name in EVENTS])
def test_a_stage_message_links_to_the_case_and_states_the_journal(name: str) -> None:
    written = render.email(name, **data_of(name))
    for form in (written.text, written.html):
        assert f"{SITE}/dossier#RG-26-00001" in form
        assert "ab" * 32 in form
        assert "écritures" in form
        assert "Inès Moreau" in form


@pytest.mark.parametrize("name", DEBTORS)
def test_an_email_to_a_debtor_recalls_the_letter_and_tells_no_third_party(name: str) -> None:
    written = render.email(name, **data_of(name))
    assert not re.search(r"dette|facture|impay|recouvrement|payer|créan|€", written.subject)
    assert (
        "notre lettre du 2 septembre 2026 (réf.\u00a0RG-26-00001-first_letter)" in written.text
        or "notre lettre du 2 septembre 2026 (réf. RG-26-00001-first_letter)" in written.text
    )
    assert letters.ACTIVITY in written.text


@pytest.mark.parametrize("name", NAMES)
def test_no_email_shouts_or_promises(name: str) -> None:
    words = everything(name)
    assert not re.search(r"!|malheureusement|garanti|mauvais payeur|nous récupérons", re.sub(r"\{%.*?%\}", "", words))
