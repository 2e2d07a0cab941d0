"""A file opened for us: what its first bytes say it is, and what was found inside.

Whoever opens a file (`adapters/pdf.py` for PDF) hands over an `Opened`; nothing here touches the bytes of a PDF.
Lengths are in points, from the top left corner of the page as it is seen.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["pdf", "xml", "picture", "zip", "spreadsheet", "archive", "empty", "unknown"]
# The last three are of pictures: more dots than a browser shows, what a telephone keeps for itself, what is neither JPEG nor PNG.
State = Literal["opened", "password", "unreadable", "too_slow", "too_large", "too_many_dots", "heic", "other_picture"]

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
    media = media_type(data)
    return KINDS.get(media) or ("picture" if media.startswith("image/") else "unknown" if media == UNKNOWN else "archive")


def media_type(data: bytes) -> str:
    """The type to serve the bytes under, from the bytes alone."""
    head = data[:1024]
    if b"%PDF-" in head:
        return "application/pdf"
    for start, media in STARTS:
        if head.startswith(start):
            return media
    if head[4:8] == b"ftyp" and head[8:12] in HEIF:
        return HEIF[head[8:12]]
    if head[:4] + head[8:12] == b"RIFFWEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return zipped(data)
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<"):
        return "application/xml"
    return UNKNOWN


def zipped(data: bytes) -> str:
    """Office documents are ZIP files that say so: by their list of contents, or by their first entry."""
    if b"[Content_Types].xml" in data:
        return f"{OOXML}.{'spreadsheetml.sheet' if b'xl/workbook' in data else 'wordprocessingml.document'}"
    if data[30:38] == b"mimetype":
        return f"{OPEN_DOCUMENT}.{'spreadsheet' if data[38:100].startswith(b'application/vnd.oasis.opendocument.spreadsheet') else 'text'}"
    return "application/zip"


UNKNOWN = "application/octet-stream"
OOXML = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),  # Office before 2007
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
)
HEIF = dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis"), "image/heic") | {
    b"mif1": "image/heif", b"msf1": "image/heif", b"avif": "image/avif",
}  # fmt: skip
HEIC = ("image/heic", "image/heif")  # what a telephone keeps for itself, and most browsers do not show
KINDS: dict[str, Kind] = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "application/zip": "zip",
    f"{OOXML}.spreadsheetml.sheet": "spreadsheet",
}
