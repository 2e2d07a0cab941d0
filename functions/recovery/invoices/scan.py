"""The words a recogniser saw on a picture, made into a page that the reader of pages can read; and what a reading from a picture is worth.

A page may lie on its side, upside down or a little askew. The words are set upright for the reader; the places it then tells are turned
back, for they mark the picture as a person sees it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median

from .identifiers import Identity, compact, iban_holds, siren_holds, siret_holds, vat_holds
from .opened import Box, Cell, Opened, Page
from .reader import read as read_opened
from .reading import Evidence, Reading, Warning
from .written import amounts, fold

Point = tuple[float, float]

COMPARE = "Ces champs ont été lus sur une image : comparez chacun avec elle."
DOUBTFUL = 0.85  # a word read on a picture, however clear: a 6 may have been an 8
STRAY = 0.45  # to be suggested, not filled in
PROVED = 0.95  # unless a key or an addition says that it was read right
SEEN_SHARPLY, SHARP = 0.92, 0.96  # or it was seen sharply, and stands twice or has nothing that recognisers mistake
OF_A_LIST = ("document_type", "currency", "seller.country", "buyer.country", "payee.country")  # a word badly read is none of the list


@dataclass(frozen=True, slots=True)
class Seen:
    """A word, or the words of a line, with its four corners in dots: the first two are the top of the text, from its beginning to its end."""

    text: str
    corners: tuple[Point, Point, Point, Point]
    confidence: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What was seen on one page, whose width and height are in dots, as a person sees it.

    `jpeg` is the picture itself, where the file is one that browsers do not show."""

    number: int
    width: float
    height: float
    seen: tuple[Seen, ...]
    jpeg: bytes | None = None


def read(name: str, pictures: Sequence[Picture], *, own: Identity | None = None, today: date | None = None) -> Reading:
    """The reading of pages that were recognised: as that of printed words, and more careful."""
    uprights = {picture.number: Upright(picture) for picture in pictures}
    pages = tuple(upright.page for upright in uprights.values())
    reading = read_opened(name, Opened("opened", pages=pages, page_count=len(pages)), own=own, today=today)
    if reading.outcome != "read":
        return reading
    proved = proofs(reading)
    told = values(reading)
    printed = [cell.text for page in pages for cell in page.cells]
    both = reading.seller.name and reading.buyer.name  # where one was not found, the other may hold what is its own
    # Invoices give the seller's telephone and e-mail, seldom the buyer's: alone, it is perhaps ours, and no letter may go there.
    strays = [f"buyer.{part}" for part in ("email", "phone") if f"seller.{part}" not in reading.evidence]

    def careful(field: str, evidence: Evidence) -> Evidence:
        upright = uprights.get(evidence.page or 0)
        clear = upright.confidence(evidence.box) if upright and evidence.box else 1.0
        if field in strays:
            ceiling = STRAY
        elif field in proved or field in OF_A_LIST:
            ceiling = PROVED
        elif clear >= SHARP and (both or "." not in field) and (unmistakable(field, told[field], printed) or twice(told[field], printed)):
            ceiling = SEEN_SHARPLY
        else:
            ceiling = min(DOUBTFUL, clear)
        box = upright.back(evidence.box) if upright and evidence.box else evidence.box
        return replace(evidence, confidence=round(min(evidence.confidence, ceiling), 2), box=box)

    return replace(
        reading,
        source="scan",
        evidence={field: careful(field, evidence) for field, evidence in reading.evidence.items()},
        warnings=(Warning("file", COMPARE), *(turned_back(warning, uprights) for warning in reading.warnings)),
    )


def turned_back(warning: Warning, uprights: dict[int, "Upright"]) -> Warning:
    upright = uprights.get(warning.page or 0)
    return replace(warning, box=upright.back(warning.box)) if upright and warning.box else warning


def proofs(reading: Reading) -> set[str]:
    """The fields that a digit read wrong would have contradicted: a key that holds, an addition that is right."""
    proved = set()
    for side, party in (("seller", reading.seller), ("buyer", reading.buyer), ("payee", reading.payee)):
        if party is None:
            continue
        for part, value, holds in (("siren", party.siren, siren_holds), ("siret", party.siret, siret_holds), ("vat", party.vat, vat_holds)):
            if value and holds(value):
                proved.add(f"{side}.{part}")
    if reading.iban and iban_holds(reading.iban):
        proved.add("iban")
    net, tax, gross = reading.total_net, reading.total_tax, reading.total_gross
    three = {"total_net", "total_tax", "total_gross"}
    # All three were seen: one that was reckoned from the two others proves nothing.
    seen = all(name in reading.evidence and reading.evidence[name].source == "page" for name in three)
    if seen and net is not None and tax and gross is not None and net + tax == gross:
        proved |= three
        if reading.amount_due == gross - (reading.prepaid or Decimal(0)):
            proved |= {"amount_due", "prepaid"}
    return proved


def values(reading: Reading) -> dict[str, str]:
    """What was read, as it is told, under the names of the evidence."""
    told: dict[str, str] = {}
    for name, value in reading.to_json().items():
        if isinstance(value, Mapping):
            told |= {f"{name}.{part}": str(inner) for part, inner in value.items()}
        else:
            told[name] = str(value)
    return told


def unmistakable(field: str, value: str, printed: Sequence[str]) -> bool:
    """Sharp digits are what they seem. What is mistaken: the space between two words, lost; the O and the 0, the l and the I in « FAO12 »."""
    if field.endswith(("_date", "phone")):
        return True
    if field.endswith(("postcode", "invoice_number")):
        return all(part.isdecimal() or part.isalpha() for part in re.split(r"[\W_]+", value) if part)
    if field.endswith("city"):
        return all(WHOLE.fullmatch(word) for word in value.split())
    if field.endswith("email"):  # all small: a capital among them would be an l
        return bool(re.fullmatch(r"[a-z@._-]+", value)) and any(value in text for text in printed)
    return field == "bic" and value.isalpha()


# One word of a town, and not two: « Orléans », and neither « LAROCHELLE » nor « MoulinNeuf ».
WHOLE = re.compile(r"(?!(?i:le|la|les|saint|san)[^\W\d_]{3})(?:[^\W\d_][^\W\d_A-Z]{0,10}|[^\W\d_a-z]{2,10})(?:-\w+)*")


def twice(value: str, printed: Sequence[str]) -> bool:
    """It stands at two places at least: both would have to be read wrong in the same way."""
    if re.fullmatch(r"-?\d+\.\d\d", value):
        return sum(Decimal(value) in amounts(text) for text in printed) >= 2
    said = re.compile(rf"(?<!\w){re.escape(fold(value))}(?!\w)")
    return len(value) >= 3 and sum(len(said.findall(fold(text))) for text in printed) >= 2


# ------------------------------------------------------------------------------------------------ a page set upright


class Upright:
    """The page as it should lie, and the way back to the picture."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.angle = direction(picture.seen)
        on_its_side = round(self.angle / (math.pi / 2)) % 2 == 1
        self.width, self.height = (picture.height, picture.width) if on_its_side else (picture.width, picture.height)
        self.seen = [(cell_of(seen, self.forth), seen.confidence) for seen in picture.seen if seen.text.strip()]
        self.page = Page(picture.number, self.width, self.height, tuple(joined(cell for cell, _ in self.seen)))

    def forth(self, point: Point) -> Point:
        """From the picture to the page: turned about their middles."""
        x, y = turned((point[0] - self.picture.width / 2, point[1] - self.picture.height / 2), -self.angle)
        return x + self.width / 2, y + self.height / 2

    def back(self, box: Box) -> Box:
        """From fractions of the page to fractions of the picture."""
        left, top, right, bottom = box
        corners = [turned(((x - 0.5) * self.width, (y - 0.5) * self.height), self.angle) for x in (left, right) for y in (top, bottom)]
        across = [min(max(x / self.picture.width + 0.5, 0.0), 1.0) for x, _ in corners]
        down = [min(max(y / self.picture.height + 0.5, 0.0), 1.0) for _, y in corners]
        return (round(min(across), 4), round(min(down), 4), round(max(across), 4), round(max(down), 4))

    def confidence(self, box: Box) -> float:
        """That of the least clear word inside."""
        left, right = box[0] * self.width, box[2] * self.width
        top, bottom = box[1] * self.height, box[3] * self.height
        inside = [
            confidence for cell, confidence in self.seen if left <= (cell.left + cell.right) / 2 <= right and top <= cell.middle <= bottom
        ]
        return min(inside, default=1.0)


def turned(point: Point, angle: float) -> Point:
    x, y = point
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def direction(seen: Sequence[Seen]) -> float:
    """Where the text runs: a number of quarter turns, which most letters agree on, and the small angle of most of those lines."""
    angles = [(angle_of(each), each) for each in seen if len(each.text) >= 3]
    quarters: Counter[int] = Counter()
    for angle, each in angles:
        quarters[round(angle / (math.pi / 2)) % 4] += len(each.text)
    if not quarters:
        return 0.0
    quarter = quarters.most_common(1)[0][0] * math.pi / 2
    askew = [math.remainder(angle - quarter, 2 * math.pi) for angle, each in angles if len(each.text) >= 6]
    small = [angle for angle in askew if abs(angle) < math.pi / 8]
    return quarter + (median(small) if small else 0.0)


def angle_of(seen: Seen) -> float:
    (x0, y0), (x1, y1), *_ = seen.corners
    return math.atan2(y1 - y0, x1 - x0)


def cell_of(seen: Seen, place: Callable[[Point], Point]) -> Cell:
    xs, ys = zip(*(place(corner) for corner in seen.corners), strict=True)
    # The middle of both slopes: what the page is still askew must not make a line as high as two.
    return Cell(
        unglued(seen.text),
        *(round(side, 1) for side in (min(xs), sum(sorted(ys)[:2]) / 2, max(xs), sum(sorted(ys)[2:]) / 2)),
    )


def joined(cells: Iterable[Cell]) -> list[Cell]:
    """Words of one line with nothing but a space between them stand in one cell; a wider gap begins another."""
    lines: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda cell: cell.middle):
        line = next(
            (
                line
                for line in reversed(lines[-6:])
                if on_one_line(line[-1], cell) and not any(one_above_the_other(each, cell) for each in line)
            ),
            None,
        )
        if line is None:
            lines.append([cell])
        else:
            line.append(cell)
    found = []
    for line in lines:
        line.sort(key=lambda cell: cell.left)
        last = line[0]
        for cell in line[1:]:
            if cell.left - last.right < 0.5 * min(last.height, cell.height) and on_one_line(last, cell):
                last = Cell(f"{last.text} {cell.text}", last.left, min(last.top, cell.top), cell.right, max(last.bottom, cell.bottom))
            else:
                found.append(last)
                last = cell
        found.append(last)
    return found


def one_above_the_other(one: Cell, other: Cell) -> bool:
    """What stands between them on the right may be on the line of both, and they are on two."""
    return min(one.right, other.right) - max(one.left, other.left) > 0.5 * min(one.height, other.height)


def on_one_line(one: Cell, other: Cell) -> bool:
    return one.top <= other.middle <= one.bottom and other.top <= one.middle <= other.bottom


# ------------------------------------------------------------------------------------------------ letters and digits


def unglued(text: str) -> str:
    """Recognisers lose the space that the reader of pages counts on, and mistake a few letters where nothing else can stand."""
    text = text.replace("·", " ").replace("：", ": ").replace("，", ",").replace("（", "(").replace("）", ")")
    text = GAP.sub(" ", text)
    text = re.sub(r"(?<=[^\W\d_]{2}):(?=[^\s/])", ": ", text)  # Date:20260815
    text = re.sub(r"(?<=[a-z]\.)I\.", "l.", text)  # S.r.I.
    return IBAN.sub(mended, text)


GAP = re.compile(
    r"(?<=\bSIRET|\bSIREN|\bSiret|\bSiren)(?=\d)"  # SIRET39280913700027
    r"|(?<=\d)(?=(?:rue|avenue|place|boulevard|chemin|route|quai|cours|impasse|allée)\b)"  # 12rue
    r"|(?<=\bde|\bdu|\bla|\ble|\bet)(?=[A-Z])|(?<=\bdes|\bles|\bdit)(?=[A-Z])|(?<=\s-)(?=\d{5} )"  # cours deVerdun -33000 Bordeaux
    r"|(?<=\b\d{5})(?=[A-Z](?:[^\W\d_A-Z]|[A-Z]{4}))"  # 34000Montpellier
    r"|(?<=[^\W\d_A-Z]{3})(?=20\d\d\b)|(?<=\d)(?=du ?\d)|(?<=[^\W\d_]{2})(?=\d\d[./]\d\d[./]20)"  # mars2026, 118du10/05/2026
    r"|(?<=[a-zß]{5})(?=\d{1,3}[a-z]?$)"  # Sonnenweg12
    r"|(?<=[^\W\d_]{2})(?=&[^\W\d_]{2})|(?<=[^\W\d_]&)(?=[^\W\d_]{2})"  # Delmas&Associés
    r"|(?<=\bSARL|\bSASU|\bEURL)(?=[A-Z][a-z])|(?<=\bSELARL)(?=[A-Z][a-z])"  # SELARLDelmas
    r"|(?<=[^\W\d_]{2})(?=[Nn]°)|(?<=\b[Nn][Oo][Tt][Ee])(?=[Dd]['’])"  # NOTED'HONORAIRESN°
)
IBAN = re.compile(r"\b[A-Z]{2}[\dOIl]{2}(?: ?[\dA-Zl]{2,4}){3,8}\b")


def mended(match: re.Match[str]) -> str:
    """An IBAN whose O is a 0 or whose I is a 1, when its key then holds."""
    said = match[0]
    if iban_holds(compact(said)):
        return said
    digits = said[:2] + said[2:].translate(str.maketrans("OIl", "011"))
    return digits if iban_holds(compact(digits)) else said
