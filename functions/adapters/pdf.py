"""PDF files from outside, opened in a bounded child: attachments, words, picture.

A PDF is a program somebody else wrote. Two kilobytes can keep a reader busy for minutes, seven can ask for six gigabytes. So each
file is opened in a child process with little memory and little time (`bounded.py`); a child that dies makes an unreadable file,
never a dead server. What the child tells:

    A  an attachment that may be an invoice in XML        C  the number of pages
    W  the words of one page, JSON                         T  all words are told (or all but those of damaged pages)
    P  the picture of the first page, PNG                  X  a refusal: password or unreadable

A child that dies while it draws leaves the words it told.
"""

# mypy: disable-error-code="attr-defined, no-untyped-call"
# (The names of PDFium are made when its library is loaded: no checker can see them.)

import contextlib
import ctypes
import json
import math
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from adapters.bounded import SECONDS, listen
from recovery.invoices.opened import Cell, Opened, Page

FIRST_PAGES = 5  # and the last one: totals stand on the first or on the last
CHARACTERS = 40_000  # of one page
ATTACHMENTS, ATTACHMENT_BYTES = 20, 5 * 1024 * 1024
PICTURE_WIDTH, PICTURE_SIDE, PICTURE_BYTES = 1000, 2000, 1_500_000
SCAN_SIDE = 2400  # of a page drawn to be read


def open_pdf(data: bytes, *, seconds: float = SECONDS) -> Opened:
    """What is inside, or why it cannot be known."""
    frames, slow = listen(partial(look_inside, data), seconds)
    attachments: list[bytes] = []
    pages: list[Page] = []
    count, picture, told, damaged = 0, None, False, False
    for kind, payload in frames:
        match kind:
            case b"X":
                return Opened("password" if payload == b"password" else "unreadable")
            case b"A":
                attachments.append(payload)
            case b"C":
                count = int(payload)
            case b"W":
                pages.append(page_from(json.loads(payload)))
            case b"T":
                told, damaged = True, payload == b"damaged"
            case b"P":
                picture = payload
    if not told:
        return Opened("too_slow" if slow else "unreadable", page_count=count)
    return Opened("opened", "pdf", tuple(attachments), tuple(pages), count, picture, damaged)


def draw_pages(data: bytes, numbers: Sequence[int], *, width: int, seconds: float = SECONDS) -> dict[int, bytes]:
    """These pages (from 1) as PNG in grey, for whoever reads pictures. A page that cannot be drawn is not there."""
    frames, _ = listen(partial(drawings, data, numbers, width), seconds)
    return {int.from_bytes(payload[:4], "big"): payload[4:] for kind, payload in frames if kind == b"P"}


def page_from(told: dict[str, Any]) -> Page:
    cells = tuple(Cell(str(text), *(float(side) for side in sides)) for text, *sides in told["cells"])
    return Page(int(told["number"]), float(told["width"]), float(told["height"]), cells)


# ------------------------------------------------------------------------------------------------ in the child


def look_inside(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as refused:
        # PDFium says so in its error code; some protected files only say "Success".
        protected = refused.err_code == pdfium.FPDF_ERR_PASSWORD or b"/Encrypt" in data
        yield b"X", b"password" if protected else b"unreadable"
        return
    yield b"C", str(count).encode()
    for attachment in attachments_of(document):
        yield b"A", attachment
    with contextlib.suppress(pypdfium2.PdfiumError):
        document.init_forms()  # what was typed in a form is text of the page
    seen = lost = 0
    for index in sorted({*range(min(count, FIRST_PAGES)), count - 1} & set(range(count))):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            lost += 1
            continue
        seen += 1
        yield b"W", json.dumps(words_of(page, index + 1)).encode()
        page.close()
    if not seen:
        yield b"X", b"unreadable"
        return
    yield b"T", b"damaged" if lost else b""
    picture = picture_of(document)
    if picture:
        yield b"P", picture


def attachments_of(document: pypdfium2.PdfDocument) -> Iterator[bytes]:
    """What is attached and looks like XML. The name says nothing: invoices come as factur-x.xml, xrechnung.xml, facture.xml."""
    for index in range(min(document.count_attachments(), ATTACHMENTS)):
        try:
            content = bytes(document.get_attachment(index).get_data())
        except (pypdfium2.PdfiumError, MemoryError):
            continue  # listed, but its data is lost: the page remains
        if len(content) <= ATTACHMENT_BYTES and content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<"):
            yield content


# ------------------------------------------------------------------------------------------------ words


def words_of(page: pypdfium2.PdfPage, number: int) -> dict[str, Any]:
    width, height = page.get_size()
    if page.formenv and pdfium.FPDFPage_GetAnnotCount(page) > 0:
        page.flatten()
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return {"number": number, "width": width, "height": height, "cells": []}
    try:
        cells = list(cells_of(characters_of(page, text, width, height)))
    finally:
        pdfium.FPDFText_ClosePage(text)
    return {"number": number, "width": width, "height": height, "cells": cells}


Character = tuple[str, float, float, float, float]  # and its left, top, right, bottom


def characters_of(page: Any, text: Any, width: float, height: float) -> list[Character]:
    """The characters in the order of the file, placed on the page as it is seen (turned, cropped)."""
    place = placing(page, width, height)
    box = pdfium.FS_RECTF()
    found: list[tuple[int, Character]] = []
    high = 0
    for index in range(min(pdfium.FPDFText_CountChars(text), CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code  # the first half of a character above U+FFFF
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = (0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0), 0
        if not 0x20 <= code <= 0x10FFFF or code == 0xFFFE or code == 0xFFFF:
            continue
        # The loose box: the height of the font and the advance of the letter, so that an « e » stands on the line of an « A ».
        if not pdfium.FPDFText_GetLooseCharBox(text, index, box):
            continue
        corner, opposite = place(box.left, box.top), place(box.right, box.bottom)
        sides = (*map(min, corner, opposite), *map(max, corner, opposite))
        if not all(math.isfinite(side) for side in sides):
            continue
        angle = round(math.degrees(pdfium.FPDFText_GetCharAngle(text, index)) / 90) % 4
        found.append((angle, (chr(code), *sides)))
    if not found:
        return []
    # A turned margin (a note of the printer, a watermark) would cut the lines it crosses: the main direction only.
    usual = Counter(angle for angle, character in found if not character[0].isspace()).most_common(1)
    return [character for angle, character in found if not usual or angle == usual[0][0]]


def placing(page: Any, width: float, height: float) -> Any:
    """The function from a point of the file to a point of the page as it is seen, from its top left corner."""
    scale = 100_000
    x, y = ctypes.c_int(), ctypes.c_int()
    points = []
    for across, up in ((0, 0), (1000, 0), (0, 1000)):
        pdfium.FPDF_PageToDevice(page, 0, 0, scale, scale, 0, across, up, x, y)
        points.append((x.value * width / scale, y.value * height / scale))
    (ox, oy), (ax, ay), (bx, by) = points
    ax, ay, bx, by = (ax - ox) / 1000, (ay - oy) / 1000, (bx - ox) / 1000, (by - oy) / 1000
    return lambda px, py: (ox + ax * px + bx * py, oy + ay * px + by * py)


def cells_of(characters: list[Character]) -> Iterator[list[Any]]:
    """Cells in reading order: characters that follow each other on a line; a gap wider than a space begins another cell."""
    runs: list[list[Any]] = []  # text, left, top, right, bottom
    pending = False
    box: tuple[float, ...] = ()
    for character, *sides in characters:
        before, box = box, tuple(sides)
        left, top, right, bottom = sides
        if character.isspace() or character == "\u00a0":
            pending = True
            continue
        run = runs[-1] if runs else None
        if run and box == before and not pending:
            run[0] += character  # one sign for several letters: the « ij » of Dijon, the « ffi » of office
        elif run and follows(run, left, top, right, bottom):
            if printed_twice(run, character, left, right):
                continue
            size = max(run[4] - run[2], bottom - top, 1.0)
            spaced = left - run[3] > 0.1 * size
            run[0] += (" " if pending or spaced else "") + character
            run[1], run[2] = min(run[1], left), min(run[2], top)
            run[3], run[4] = max(run[3], right), max(run[4], bottom)
        else:
            runs.append([character, left, top, right, bottom])
        pending = False
    yield from joined(runs)


def follows(run: list[Any], left: float, top: float, right: float, bottom: float) -> bool:
    """Does this character go on with the run: same line, and no more than a wide space away?"""
    size = max(run[4] - run[2], bottom - top, 1.0)
    shared = min(run[4], bottom) - max(run[2], top)
    same_line = shared > -0.15 * size if bottom - top < 0.5 * size else shared > 0.4 * min(run[4] - run[2], bottom - top)
    return bool(same_line and -0.6 * size < left - run[3] < 0.5 * size)


def printed_twice(run: list[Any], character: str, left: float, right: float) -> bool:
    """Fake bold: the same letter once more, a hair to the right."""
    width = max(right - left, 0.1)
    return bool(run[0].endswith(character) and abs(right - run[3]) < 0.25 * width)


def joined(runs: list[list[Any]]) -> Iterator[list[Any]]:
    """Runs that stand side by side though the file wrote them apart, put together again, from top to bottom."""
    runs = sorted(runs, key=lambda run: ((run[2] + run[4]) / 2, run[1]))
    lines: list[list[list[Any]]] = []
    for run in runs:
        middle = (run[2] + run[4]) / 2
        for line in reversed(lines[-4:]):
            last = line[-1]
            if last[2] - 0.1 <= middle <= last[4] + 0.1 and min(last[4], run[4]) - max(last[2], run[2]) > 0.5 * min(
                last[4] - last[2], run[4] - run[2]
            ):
                line.append(run)
                break
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda run: run[1])
        cell = line[0]
        for run in line[1:]:
            size = max(cell[4] - cell[2], run[4] - run[2], 1.0)
            gap = run[1] - cell[3]
            if cell[0] == run[0] and abs(run[1] - cell[1]) < 0.15 * size:
                continue  # a whole word printed twice
            if -0.3 * size < gap < 0.45 * size:
                cell[0] += (" " if gap > 0.12 * size else "") + run[0]
                cell[2], cell[3], cell[4] = min(cell[2], run[2]), max(cell[3], run[3]), max(cell[4], run[4])
            else:
                yield [cell[0], *(round(side, 2) for side in cell[1:])]
                cell = run
        yield [cell[0], *(round(side, 2) for side in cell[1:])]


# ------------------------------------------------------------------------------------------------ picture


def picture_of(document: pypdfium2.PdfDocument) -> bytes | None:
    """The first page as a PNG, about a thousand pixels wide: in colour, in grey where colour would weigh too much, or smaller."""
    try:
        page = document[0]
    except pypdfium2.PdfiumError:
        return None
    width, height = page.get_size()
    width, height = max(width, 0.01), max(height, 0.01)
    wanted = min(PICTURE_WIDTH / width, PICTURE_SIDE / height)
    for grey, scale in ((False, wanted), (True, wanted), (True, wanted / 2)):
        drawn = drawing(page, scale, grey=grey)
        if drawn is None or len(drawn) <= PICTURE_BYTES:
            return drawn
    return None


def drawing(page: pypdfium2.PdfPage, scale: float, *, grey: bool) -> bytes | None:
    across, down = (max(1, min(SCAN_SIDE, round(side * scale))) for side in page.get_size())
    if min(across, down) < 8:
        return None  # a page as thin as a thread shows nothing
    channels = 1 if grey else 3
    bitmap = pypdfium2.PdfBitmap.new_native(across, down, pdfium.FPDFBitmap_Gray if grey else pdfium.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, across, down)
    flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_GRAYSCALE if grey else pdfium.FPDF_REVERSE_BYTE_ORDER)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, 0, flags)
    return png(bytes(bitmap.buffer), across, down, bitmap.stride, channels)


def drawings(data: bytes, numbers: Sequence[int], width: int) -> Iterator[tuple[bytes, bytes]]:
    document = pypdfium2.PdfDocument(data)
    for number in numbers:
        with contextlib.suppress(pypdfium2.PdfiumError):
            page = document[number - 1]
            across, down = (max(side, 0.01) for side in page.get_size())
            if drawn := drawing(page, min(width / across, SCAN_SIDE / down), grey=True):
                yield b"P", number.to_bytes(4, "big") + drawn


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    rows = b"".join(b"\x00" + pixels[at : at + width * channels] for at in range(0, stride * height, stride))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")
