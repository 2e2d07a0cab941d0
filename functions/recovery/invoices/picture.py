"""A photo or a scan as a file: its type, its size and how it is held, from its first bytes. No pixel is decoded here."""

import struct
from dataclasses import dataclass
from typing import Literal

# A small file may claim a picture that no screen, no browser and no memory holds: forty-eight million dots is what a telephone makes.
MOST_DOTS, LONGEST_SIDE, SHORTEST_SIDE = 60_000_000, 10_000, 40

Orientation = Literal[1, 2, 3, 4, 5, 6, 7, 8]  # Exif: where the top left of the scene stands in the file


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` are those of the file; a telephone held upright says by its orientation that they are to be swapped."""

    media_type: Literal["image/jpeg", "image/png"]
    width: int
    height: int
    orientation: Orientation = 1

    @property
    def reasonable(self) -> bool:
        sides = (self.width, self.height)
        return min(sides) >= SHORTEST_SIDE and max(sides) <= LONGEST_SIDE and self.width * self.height <= MOST_DOTS

    @property
    def seen(self) -> tuple[int, int]:
        """Width and height as a browser shows it."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)

    def as_seen(self, x: float, y: float) -> tuple[float, float]:
        """The place, in fractions of the picture as it is shown, of a place told in fractions of the file."""
        return {
            1: (x, y), 2: (1 - x, y), 3: (1 - x, 1 - y), 4: (x, 1 - y),
            5: (y, x), 6: (1 - y, x), 7: (1 - y, 1 - x), 8: (y, 1 - x),
        }[self.orientation]  # fmt: skip


def measure(data: bytes) -> Picture | None:
    """None when it is neither JPEG nor PNG, or is cut before it says its size."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
            return Picture("image/png", *struct.unpack_from(">II", data, 16))
        if data.startswith(b"\xff\xd8\xff"):
            return jpeg(data)
    except struct.error:
        pass
    return None


def jpeg(data: bytes) -> Picture | None:
    orientation: Orientation = 1
    for marker, start, end in segments(data):
        if marker == 0xE1 and data[start : start + 6] == b"Exif\x00\x00":
            orientation = told_by_exif(data[start + 6 : end]) or orientation
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, start + 1)
            return Picture("image/jpeg", width, height, orientation)
    return None


FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def segments(data: bytes) -> list[tuple[int, int, int]]:
    """The segments before the pixels: marker, and where its content begins and ends. Raises `struct.error` when they are cut."""
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1  # filling
            continue
        if marker == 0xDA:
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        found.append((marker, at + 4, at + 2 + length))
        at += 2 + max(length, 2)
    return found


def told_by_exif(exif: bytes) -> Orientation | None:
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return None
    (at,) = struct.unpack_from(order + "I", exif, 4)
    (count,) = struct.unpack_from(order + "H", exif, at)
    for entry in range(at + 2, at + 2 + 12 * min(count, 64), 12):
        tag, _, _, value = struct.unpack_from(order + "HHIH", exif, entry)
        if tag == 0x0112 and value in range(1, 9):
            orientation: Orientation = value
            return orientation
    return None


def without_exif(data: bytes) -> bytes:
    """The same JPEG without what the telephone wrote beside the picture: who, where, when, and how it was held."""
    if not data.startswith(b"\xff\xd8\xff"):
        return data
    kept, at = [data[:2]], 2
    for marker, start, end in segments(data):
        if marker in (0xE1, 0xED, 0xFE):  # Exif and XMP, Photoshop, comments
            kept.append(data[at : start - 4])
            at = end
    return b"".join((*kept, data[at:]))
