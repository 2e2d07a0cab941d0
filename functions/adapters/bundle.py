"""ZIP archives and lists of invoices (CSV, XLSX) from outside, opened in a bounded child (bounded.py).

A small archive may hold petabytes, and a spreadsheet is an archive too: members are counted, each is read up to its limit, and what
swells too much is left closed. An archive inside an archive is not opened. A formula is never computed: a cell is what it shows.

    N  the name of the next member, UTF-8       M  its bytes
    R  a member left closed, and why, JSON       L  the rows of a list, JSON       E  everything is told
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from xml.parsers import expat

from adapters.bounded import Frame, listen

MEMBERS = 40  # as many invoices as a case may hold
LISTED = 1000  # entries of an archive, folders and hidden files included
MEMBER_BYTES, TOTAL_BYTES = 10 * 1024 * 1024, 36 * 1024 * 1024
SWELLS = 200  # times its size in the archive; a page of text swells by ten
ROWS, COLUMNS, CELL = 2000, 60, 400
SHEET_BYTES = 20 * 1024 * 1024
READ = ("pdf", "xml", "jpg", "jpeg", "png", "heic", "csv", "xlsx")
BROKEN = "Ce fichier est abîmé : il ne peut pas être ouvert."
TOO_SLOW = "Ce fichier est trop lourd à ouvrir. Déposez les factures une à une."

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Unpacked:
    members: tuple[tuple[str, bytes], ...] = ()
    closed: tuple[tuple[str, str], ...] = ()  # (name, why it was left closed)
    rows: Rows | None = None
    refused: str = ""  # nothing of the file can be read, and why


def unpack(name: str, data: bytes) -> Unpacked:
    look = {"zip": archive, "csv": listed_as_text, "xlsx": listed_as_sheet}[name.rpartition(".")[2].lower()]
    frames, slow = listen(partial(look, data))
    if not frames or frames[-1][0] != b"E":
        return Unpacked(refused=TOO_SLOW if slow else BROKEN)
    names = [payload.decode() for kind, payload in frames if kind == b"N"]
    members = [payload for kind, payload in frames if kind == b"M"]
    closed = [json.loads(payload) for kind, payload in frames if kind == b"R"]
    rows = next((json.loads(payload) for kind, payload in frames if kind == b"L"), None)
    return Unpacked(
        tuple(zip(names, members, strict=True)),
        tuple((name, why) for name, why in closed),
        tuple(map(tuple, rows)) if rows is not None else None,
    )


# ------------------------------------------------------------------------------------------------ in the child


def archive(data: bytes) -> Iterator[Frame]:
    told = total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        entries = opened.infolist()
        for entry in entries[:LISTED]:
            name = entry.filename.replace("\\", "/").rpartition("/")[2]
            if entry.is_dir() or not name or name.startswith((".", "~$")) or "__MACOSX" in entry.filename or name.lower() == "thumbs.db":
                continue
            why, content = inside(opened, entry, name, told, total)
            if why:
                yield b"R", json.dumps([name, why]).encode()
                continue
            told, total = told + 1, total + len(content)
            yield b"N", name.encode("utf-8", "replace")
            yield b"M", content
    if len(entries) > LISTED or not told:
        why = "Cette archive ne contient aucune facture." if len(entries) <= LISTED else "Cette archive contient trop de fichiers."
        yield b"R", json.dumps(["", why]).encode()
    yield b"E", b""


def inside(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, told: int, total: int) -> tuple[str, bytes]:
    """Why this member is left closed, or its bytes."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("zip", "rar", "7z", "gz", "tar"):
        return "Une archive dans une archive n’est pas ouverte.", b""
    if ending not in READ:
        return "Ce type de fichier n’est pas lu.", b""
    if told >= MEMBERS:
        return f"Une archive est lue jusqu’à {MEMBERS} fichiers : déposez celui-ci à part.", b""
    if entry.flag_bits & 1:
        return "Ce fichier est protégé par un mot de passe.", b""
    if entry.file_size > MEMBER_BYTES:
        return "Ce fichier dépasse 10 Mo.", b""
    if entry.file_size > 1_000_000 and entry.file_size > SWELLS * max(entry.compress_size, 1):
        return "Ce fichier est bien plus gros qu’il ne le dit : il n’est pas ouvert.", b""
    try:
        with opened.open(entry) as member:
            content = member.read(MEMBER_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        return BROKEN, b""
    if len(content) > MEMBER_BYTES:
        return "Ce fichier dépasse 10 Mo.", b""
    if not content:
        return "Ce fichier est vide.", b""
    if total + len(content) > TOTAL_BYTES:
        return "L’archive est trop lourde : déposez celui-ci à part.", b""
    return "", content


# ------------------------------------------------------------------------------------------------ lists


def listed_as_text(data: bytes) -> Iterator[Frame]:
    """CSV as French spreadsheets write it: `;`, `,` or tabs, UTF-8 or the Windows alphabet."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        raise ValueError("no text")
    first = "\n".join(text.splitlines()[:10])
    between = max(";\t,", key=first.count)
    lines = islice(csv.reader(io.StringIO(text, newline=""), delimiter=between), ROWS)
    yield b"L", json.dumps([[shown(cell) for cell in line[:COLUMNS]] for line in lines]).encode()
    yield b"E", b""


def shown(cell: str) -> str:
    """`="00123"` is how people keep the zeros of a number in a CSV."""
    quoted = re.fullmatch(r'="(.*)"', cell.strip(), re.DOTALL)
    return (quoted[1] if quoted else cell).strip()[:CELL]


def listed_as_sheet(data: bytes) -> Iterator[Frame]:
    """The first sheet of an XLSX, as text: shared strings, inline strings, numbers, the last shown value of a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {entry.filename: entry for entry in book.infolist()[:LISTED]}
        sheets = sorted((name for name in parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)), key=lambda name: (len(name), name))
        if not sheets:
            raise ValueError("no sheet")
        shared = strings_of(part(book, parts, "xl/sharedStrings.xml"))
        yield b"L", json.dumps(rows_of(part(book, parts, sheets[0]), shared)).encode()
    yield b"E", b""


def part(book: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], name: str) -> bytes:
    if name not in parts:
        return b""
    with book.open(parts[name]) as opened:
        content = opened.read(SHEET_BYTES + 1)
    if len(content) > SHEET_BYTES:
        raise ValueError("a sheet larger than any list of invoices")
    return content


def strings_of(content: bytes) -> list[str]:
    found: list[str] = []
    inside = [False]

    def start(tag: str, _: dict[str, str]) -> None:
        if local(tag) == "si":
            found.append("")
        inside[0] = local(tag) == "t"

    def text(data: str) -> None:
        if inside[0] and found and len(found[-1]) < CELL:
            found[-1] += data

    def end(tag: str) -> None:
        inside[0] = False

    parse(content, start, text, end)
    return found


def rows_of(content: bytes, shared: list[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    cell = {"kind": "", "column": "0", "text": "", "in": ""}

    def start(tag: str, attributes: dict[str, str]) -> None:
        match local(tag):
            case "row" if len(rows) < ROWS:
                rows.append([])
            case "c":
                column = column_of(attributes.get("r", ""), len(rows[-1]) if rows else 0)
                cell.update(kind=attributes.get("t", ""), column=str(column), text="", **{"in": ""})
            case "v" | "t":
                cell["in"] = "yes"
            case _:
                cell["in"] = ""

    def text(data: str) -> None:
        if cell["in"] and len(cell["text"]) < CELL:
            cell["text"] += data

    def end(tag: str) -> None:
        cell["in"] = ""
        column = int(cell["column"])
        if local(tag) == "c" and rows and column < COLUMNS:
            value = cell["text"]
            if cell["kind"] == "s":
                value = shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""
            elif cell["kind"] == "e":
                value = ""  # #N/A, #REF!
            rows[-1] += [""] * (column + 1 - len(rows[-1]))
            rows[-1][column] = value.strip()[:CELL]

    parse(content, start, text, end)
    return rows


def column_of(reference: str, following: int) -> int:
    """`C7` is column 2; a cell that does not say stands after the one before it."""
    letters = re.match(r"[A-Z]{1,3}", reference)
    if not letters:
        return following
    column = 0
    for letter in letters[0]:
        column = 26 * column + ord(letter) - 64
    return column - 1


def local(tag: str) -> str:
    return tag.rpartition(":")[2]


def parse(content: bytes, start, text, end) -> None:  # type: ignore[no-untyped-def]
    """No document type, hence no entity: a spreadsheet has none."""
    if not content:
        return
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ValueError("a document type in a spreadsheet")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.Parse(content, True)
