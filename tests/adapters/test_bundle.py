"""Archives and lists from outside: what is inside, within bounds."""

import io
import struct
import zipfile

import pytest

from adapters import bundle
from adapters.bundle import Unpacked, unpack

BOOK = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def sheet(rows: str, strings: str = "") -> bytes:
    return zipped(
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/sharedStrings.xml", f'<sst xmlns="{BOOK}">{strings}</sst>'.encode()),
        ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{BOOK}"><sheetData>{rows}</sheetData></worksheet>'.encode()),
        ("xl/worksheets/sheet2.xml", b"<worksheet/>"),
    )


def test_an_archive_gives_its_invoices_and_says_what_it_leaves_closed() -> None:
    found = unpack(
        "Factures.ZIP",
        zipped(
            ("2026/F-1.pdf", b"%PDF-1"),
            ("2026/", b""),
            ("../../etc/F-2.pdf", b"%PDF-2"),
            ("__MACOSX/2026/._F-1.pdf", b"x"),
            (".DS_Store", b"x"),
            ("archives.zip", b"PK"),
            ("notes.docx", b"PK"),
            ("vide.pdf", b""),
            ("liste.csv", b"a;b"),
        ),
    )
    assert found.members == (("F-1.pdf", b"%PDF-1"), ("F-2.pdf", b"%PDF-2"), ("liste.csv", b"a;b"))  # a folder is never a path
    assert [name for name, _ in found.closed] == ["archives.zip", "notes.docx", "vide.pdf"]
    assert "dans une archive" in found.closed[0][1]


def test_an_archive_without_invoices_says_so() -> None:
    assert unpack("a.zip", zipped(("a.txt", b"x"))).closed == (
        ("a.txt", "Ce type de fichier n’est pas lu."),
        ("", "Cette archive ne contient aucune facture."),
    )


def test_a_bomb_stays_closed() -> None:
    found = unpack("a.zip", zipped(("bombe.pdf", b"\x00" * 9_000_000), ("F-1.pdf", b"%PDF-1")))
    assert found.members == (("F-1.pdf", b"%PDF-1"),)
    assert "plus gros" in found.closed[0][1]


def test_a_member_that_lies_about_its_size_is_read_up_to_the_limit() -> None:
    data = bytearray(zipped(("F-1.pdf", b"0123456789" * 1_200_000)))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)  # the size the directory announces
    found = unpack("a.zip", bytes(data))
    assert not found.members or len(found.members[0][1]) <= 100
    assert not found.refused


def test_more_files_than_a_case_holds_are_left_closed() -> None:
    found = unpack("a.zip", zipped(*((f"{n}.pdf", b"%PDF") for n in range(43))))
    assert (len(found.members), len(found.closed)) == (40, 3)


def test_what_weighs_too_much_together_is_left_closed() -> None:
    files = [(f"{n}.pdf", bytes([n]) * 9_500_000) for n in range(1, 5)]
    found = unpack("a.zip", zipped(*files, method=zipfile.ZIP_STORED))
    assert (len(found.members), found.closed) == (3, (("4.pdf", "L’archive est trop lourde : déposez celui-ci à part."),))


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"<html>", zipped(("a.pdf", b"x" * 500))[:-40]])
def test_what_cannot_be_opened_is_refused_in_a_sentence(name: str, data: bytes) -> None:
    assert unpack(name, data) == Unpacked(refused=bundle.BROKEN)


def test_a_protected_member_is_said_to_be() -> None:
    data = bytearray(zipped(("F-1.pdf", b"%PDF-1")))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    assert unpack("a.zip", bytes(data)).closed[0] == ("F-1.pdf", "Ce fichier est protégé par un mot de passe.")


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("Numéro;Reste dû\nF-1;1 200,00\n".encode(), (("Numéro", "Reste dû"), ("F-1", "1 200,00"))),
        ("\ufeffNuméro,Client\nF-1,\"Dupont, Fils\"\n".encode(), (("Numéro", "Client"), ("F-1", "Dupont, Fils"))),
        ("Numéro\tReste dû\r\nF-1\t12 €\r\n".encode("cp1252"), (("Numéro", "Reste dû"), ("F-1", "12 €"))),
        (b'Num;SIREN\n="0012";=1+1\n', (("Num", "SIREN"), ("0012", "=1+1"))),  # never computed
    ],
)  # fmt: skip
def test_a_csv_as_french_spreadsheets_write_it(data: bytes, rows: bundle.Rows) -> None:
    assert unpack("liste.csv", data).rows == rows


def test_bytes_that_are_no_text_are_no_list() -> None:
    assert unpack("liste.csv", b"a;b\x00\x01").refused == bundle.BROKEN


def test_a_sheet_is_what_it_shows() -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Reste dû</t></is></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><f>SUM(D1:D9)</f><v>1200.5</v></c></row>'
        '<row r="3"><c r="A3" t="s"><v>99</v></c><c t="str"><v>suite</v></c></row>'
    )
    strings = "<si><t>Numéro</t></si><si><r><t>F-</t></r><r><t>1</t></r></si>"
    assert unpack("liste.xlsx", sheet(rows, strings)).rows == (("Numéro", "", "Reste dû"), ("F-1", "", "1200.5"), ("", "suite"))


def test_a_sheet_has_no_entities() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>'
    assert unpack("liste.xlsx", zipped(("xl/worksheets/sheet1.xml", bomb))).refused == bundle.BROKEN


def test_a_sheet_that_swells_is_refused() -> None:
    huge = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 900_000 + b"</sheetData></worksheet>"
    assert unpack("liste.xlsx", zipped(("xl/worksheets/sheet1.xml", huge))).refused
