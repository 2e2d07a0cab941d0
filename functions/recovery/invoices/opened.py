"""A file opened for us: what its first bytes say it is, and what was found inside.

Whoever opens a file (`adapters/pdf.py` for PDF) hands over an `Opened`; nothing here touches the bytes of a PDF.
Lengths are in points, from the top left corner of the page as it is seen.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["pdf", "xml", "picture", "archive", "empty", "unknown"]
State = Literal["opened", "password", "unreadable", "too_slow", "too_large"]

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together on one line, with nothing but ordinary spaces between them."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    number: int  # from 1
    width: float
    height: float
    cells: tuple[Cell, ...]

    def fraction(self, cell: Cell) -> Box:
        """Where the cell stands, as fractions of the page: what a picture of any size can be marked with."""
        sides = cell.left / self.width, cell.top / self.height, cell.right / self.width, cell.bottom / self.height
        left, top, right, bottom = (round(min(max(side, 0.0), 1.0), 4) for side in sides)
        return (left, top, right, bottom)


@dataclass(frozen=True, slots=True)
class Opened:
    state: State
    kind: Kind = "pdf"
    attachments: tuple[bytes, ...] = ()
    pages: tuple[Page, ...] = ()
    page_count: int = 0
    picture: bytes | None = None  # PNG of the first page
    damaged: bool = False  # some of its pages could not be loaded

    @property
    def characters(self) -> int:
        return sum(len(cell.text) for page in self.pages for cell in page.cells)


def sniff(data: bytes) -> Kind:
    """What the bytes are, whatever name or type was declared with them."""
    if not data.strip(b"\x00 \t\r\n"):
        return "empty"
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*"))
        or head[4:12] in HEIC
        or head[:4] + head[8:12] == b"RIFFWEBP"
    ):
        return "picture"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")):
        return "archive"
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<"):
        return "xml"
    return "unknown"


HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc", b"ftypavif")
