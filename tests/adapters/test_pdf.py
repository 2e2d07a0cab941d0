"""PDF files from outside: whatever they hold, reading them ends, and the process that asked lives."""

import json
import os
import resource
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bounded import MEMORY, listen
from adapters.pdf import FIRST_PAGES, PICTURE_SIDE, cells_of, open_pdf

SAMPLES = Path(__file__).parents[1] / "samples"
HOSTILE = json.loads((SAMPLES / "hostile/manifest.json").read_text())["samples"]
STATES = {"unreadable": "unreadable", "password": "password"}


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    written, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF"
    return written + end % (len(objects) + 1, table, len(objects) + 1, trailer, len(written))


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d %s>>stream\n%s\nendstream" % (len(content), extra, content)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def page_saying(content: bytes, box: bytes = b"0 0 595 842", extra: bytes = b"") -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]%s/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>" % (box, extra),
        stream(content),
        FONT,
    )


def deflated(block: bytes, times: int) -> bytes:
    """`block` repeated, deflated, without ever holding what it inflates to: a fully flushed block can be repeated as it is."""
    flushed = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = flushed.compress(block) + flushed.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"\x78\x9c" + once * times + last.flush(zlib.Z_FINISH) + struct.pack(">I", 1)


def with_attachment(name: bytes, embedded: bytes) -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(%s)4 0 R]>>>>>>" % name,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        b"<</Type/Filespec/F(%s)/UF(%s)/EF<</F 5 0 R>>>>" % (name, name),
        embedded,
    )


def attachment_bomb() -> bytes:
    """A few kilobytes, deflated twice, that inflate to four gigabytes."""
    once = deflated(bytes(16 << 20), 256)
    return with_attachment(b"factur-x.xml", stream(zlib.compress(once, 9), b"/Type/EmbeddedFile/Filter[/FlateDecode/FlateDecode]"))


def content_bomb() -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        stream(deflated(b"0 0 m 9 9 l S\n" * (1 << 17), 200), b"/Filter/FlateDecode"),
    )


def nested_forms_bomb() -> bytes:
    """Seven forms, each drawing the next ten times."""
    forms = [
        stream(b"/X Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>" % (number + 1))
        for number in range(4, 11)
    ]
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        *forms,
        stream(b"0 0 m 595 842 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"),
    )


@pytest.mark.parametrize("sample", HOSTILE, ids=lambda sample: str(sample["file"]))
def test_a_hostile_file_ends_in_time(sample: dict[str, str]) -> None:
    began = time.monotonic()
    opened = open_pdf((SAMPLES / "hostile" / sample["file"]).read_bytes())
    assert time.monotonic() - began < 8
    if opened.damaged:
        assert sample["expected_outcome"] == "unreadable"
    else:
        assert opened.state == STATES.get(sample["expected_outcome"], "opened")


def children() -> str:
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text()


@pytest.mark.parametrize("bomb", [attachment_bomb, content_bomb, nested_forms_bomb])
def test_a_bomb_goes_off_in_the_child(bomb) -> None:
    data = bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    others, alive = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, children()
    began = time.monotonic()
    opened = open_pdf(data, seconds=5)
    assert time.monotonic() - began < 10
    assert opened.state in ("unreadable", "too_slow", "opened")
    assert not opened.attachments
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes: the parent did not grow
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(others, before + MEMORY // 1024 + 50_000)
    assert children() == alive  # none is left behind


def test_the_attachment_bomb_is_small_and_makes_an_unreadable_file() -> None:
    data = attachment_bomb()
    assert len(data) < 20_000
    assert open_pdf(data).state == "unreadable"


def test_a_child_out_of_time_is_too_slow() -> None:
    assert open_pdf(page_saying(b"BT /F 12 Tf 50 700 Td (bonjour) Tj ET"), seconds=0.0).state == "too_slow"


def test_words_have_their_places_from_the_top_left_corner() -> None:
    opened = open_pdf(page_saying(b"BT /F 12 Tf 50 742 Td (Total TTC) Tj 300 0 Td (56,02) Tj ET"))
    total, amount = opened.pages[0].cells
    assert (total.text, amount.text) == ("Total TTC", "56,02")
    assert total.left == pytest.approx(50, abs=2)
    assert 80 < total.top < 100 < total.bottom < 110
    assert amount.left == pytest.approx(350, abs=2)
    left, top, right, bottom = opened.pages[0].fraction(amount)
    assert 0.58 < left < right < 0.7
    assert 0.1 < top < bottom < 0.14


def test_a_turned_page_is_read_as_it_is_seen() -> None:
    opened = open_pdf(page_saying(b"BT 0 1 -1 0 100 100 Tm /F 12 Tf (Facture F-101) Tj ET", extra=b"/Rotate 90"))
    (page,) = opened.pages
    assert (page.width, page.height) == (842, 595)
    assert [cell.text for cell in page.cells] == ["Facture F-101"]
    assert page.cells[0].right > page.cells[0].left + 50


def test_a_letter_printed_twice_is_read_once() -> None:
    opened = open_pdf(page_saying(b"BT /F 12 Tf 50 700 Td (FACTURE) Tj ET BT /F 12 Tf 50.3 700 Td (FACTURE) Tj ET"))
    assert [cell.text for cell in opened.pages[0].cells] == ["FACTURE"]


def test_one_sign_may_stand_for_several_letters() -> None:
    """The « ij » of Dijon or the « ffi » of office: PDFium tells each letter with the box of the whole sign."""
    signs = [("D", 0, 8), ("i", 8, 14), ("j", 8, 14), ("o", 14, 20), ("f", 20, 30), ("f", 20, 30), ("i", 20, 30)]
    (cell,) = cells_of([(letter, float(left), 0.0, float(right), 10.0) for letter, left, right in signs])
    assert cell[0] == "Dijoffi"


def test_only_the_first_pages_and_the_last_are_read() -> None:
    pages = 12
    kids = b" ".join(b"%d 0 R" % (3 + index) for index in range(pages))
    opened = open_pdf(
        pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
            *(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>" for _ in range(pages)),
        )
    )
    assert opened.page_count == pages
    assert [page.number for page in opened.pages] == [*range(1, FIRST_PAGES + 1), pages]


@pytest.mark.parametrize("box", [b"0 0 2000000 842", b"0 0 0.001 0.001", b"0 0 5 20000"])
def test_a_picture_stays_bounded_whatever_the_page_measures(box: bytes) -> None:
    opened = open_pdf(page_saying(b"BT /F 12 Tf 50 700 Td (bonjour) Tj ET", box))
    assert opened.state == "opened"
    if opened.picture:
        width, height = struct.unpack(">II", opened.picture[16:24])
        assert max(width, height) <= PICTURE_SIDE


def test_the_picture_shows_the_page() -> None:
    picture = open_pdf((SAMPLES / "invoices/fx-fr-basic-valid.pdf").read_bytes()).picture
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1000
    assert 1400 < height < 1430
    rows = zlib.decompress(picture[picture.index(b"IDAT") + 4 : -16])
    assert len(rows) == height * (1 + 3 * width)
    assert rows.count(b"\xff") < len(rows) - 1000  # something is drawn
    assert len(picture) < 1_000_000


def test_an_attachment_is_kept_for_its_content_whatever_its_name() -> None:
    xml = b"<Invoice/>"
    assert open_pdf(with_attachment(b"bon.txt", stream(xml, b"/Type/EmbeddedFile"))).attachments == (xml,)
    assert open_pdf(with_attachment(b"factur-x.xml", stream(b"GIF89a", b"/Type/EmbeddedFile"))).attachments == ()


def test_several_files_at_once_from_threads() -> None:
    data = (SAMPLES / "invoices/fx-fr-basic-valid.pdf").read_bytes()
    states: list[str] = []
    threads = [threading.Thread(target=lambda: states.append(open_pdf(data).state)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert states == ["opened"] * 6


# ------------------------------------------------------------------------------------------------ what a file may try


def characters_bomb() -> bytes:
    """Ten million letters on one page."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(deflated(b"BT /F 1 Tf (" + b"a" * 10_000 + b") Tj ET\n", 1000), b"/Filter/FlateDecode"),
        FONT,
    )


def many_pages() -> bytes:
    """Two hundred thousand times the same page, and a count that lies."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 2147483647>>" % (b"3 0 R " * 200_000),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def pages_in_a_loop() -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 1>>"
    )


def gigapixels() -> bytes:
    """A picture of sixty thousand by sixty thousand."""
    picture = b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
        stream(deflated(bytes(1 << 20), 3434), picture),
    )


@pytest.mark.parametrize("made", [characters_bomb, many_pages, pages_in_a_loop, gigapixels])
def test_a_file_that_asks_for_too_much_has_an_answer_and_leaves_no_trace(made) -> None:
    data = made()
    assert len(data) < 5_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    opened = open_pdf(data)
    assert time.monotonic() - began < 15
    assert opened.characters <= 40_000
    assert len(opened.pages) <= FIRST_PAGES + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    # The next file is read as if this one had never come.
    plain = (SAMPLES / "invoices/fx-fr-basic-valid.pdf").read_bytes()
    assert open_pdf(plain) == open_pdf(plain)
    assert len(open_pdf(plain).attachments) == 1


def test_nothing_inside_a_file_is_run_or_followed(tmp_path: Path) -> None:
    """JavaScript, a program to launch, an address to open, a form to submit: on opening, on the page, at its closing."""
    left = tmp_path / "left"
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    address = b"http://127.0.0.1:%d/" % server.getsockname()[1]
    actions = (
        b"<</S/JavaScript/JS(app.launchURL\\('%s'\\))>>" % address,
        b"<</S/Launch/F(/bin/sh)/Unix<</F(/usr/bin/touch)/P(%s)>>>>" % bytes(left),
        b"<</S/URI/URI(%s)>>" % address,
        b"<</S/SubmitForm/F(%s)>>" % address,
    )
    for action in actions:
        opened = open_pdf(
            pdf(
                b"<</Type/Catalog/Pages 2 0 R/OpenAction %s/AA<</WC %s/DC %s>>/AcroForm<</Fields[]/NeedAppearances true>>>>"
                % (action, action, action),
                b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/AA<</O %s/C %s>>/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
                % (action, action),
                stream(b"BT /F 12 Tf 50 700 Td (Facture F-101) Tj ET"),
                FONT,
            )
        )
        assert [cell.text for cell in opened.pages[0].cells] == ["Facture F-101"]
    assert not left.exists()
    with pytest.raises(TimeoutError):
        server.accept()
    server.close()


def test_the_child_can_write_no_file_and_reach_none_of_ours(tmp_path: Path) -> None:
    kept = os.open(tmp_path / "ours", os.O_CREAT | os.O_RDWR)

    def tries() -> Iterator[tuple[bytes, bytes]]:
        for number, act in enumerate((lambda: (tmp_path / "written").write_bytes(b"x"), lambda: os.write(kept, b"x"))):
            try:
                act()
            except OSError:
                yield b"N", str(number).encode()

    frames, slow = listen(tries)
    os.close(kept)
    assert ([payload for _, payload in frames], slow) == ([b"0", b"1"], False)
    assert (tmp_path / "ours").read_bytes() == b""
