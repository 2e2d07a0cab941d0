"""A photo measured from its first bytes: whatever they claim, nothing is decoded and nothing fails."""

import struct
import zlib

import pytest

from recovery.invoices.picture import Picture, measure, without_exif


def png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))


def jpeg(width: int, height: int, orientation: int | None = None, order: str = "<") -> bytes:
    def segment(marker: int, content: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content

    exif = b""
    if orientation is not None:
        mark = b"II*\x00" if order == "<" else b"MM\x00*"
        exif = segment(0xE1, b"Exif\x00\x00" + mark + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0))
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    return b"\xff\xd8" + segment(0xE0, b"JFIF\x00") + exif + segment(0xFE, b"Paris, 48.85 N") + frame + b"\xff\xda\x00\x02pixels\xff\xd9"


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_says_how_it_was_held(order: str) -> None:
    photo = measure(jpeg(4000, 3000, 6, order))
    assert photo == Picture("image/jpeg", 4000, 3000, 6)
    assert photo.seen == (3000, 4000)
    assert photo.as_seen(0.0, 1.0) == (0.0, 0.0), "the bottom left of the file is the top left of the scene"


def test_every_way_to_hold_a_telephone_keeps_the_four_corners() -> None:
    corners = {(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)}
    for orientation in range(1, 9):
        photo = measure(jpeg(40, 30, orientation))
        assert photo
        assert {photo.as_seen(x, y) for x, y in corners} == corners


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (10_001, 50), (0, 100), (9_000, 9_000)])
def test_a_picture_too_large_for_a_screen_is_not_reasonable(width: int, height: int) -> None:
    for data in (png(width, height), jpeg(width, height) if width < 65_536 else png(width, height)):
        photo = measure(data)
        assert photo
        assert not photo.reasonable


def test_what_the_telephone_wrote_beside_the_picture_is_left_out() -> None:
    bare = without_exif(jpeg(400, 300, 6))
    assert b"Exif" not in bare
    assert b"48.85" not in bare
    assert bare.endswith(b"pixels\xff\xd9")
    assert measure(bare) == Picture("image/jpeg", 400, 300)
    assert without_exif(png(1, 1)) == png(1, 1)


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", jpeg(400, 300)[:30], jpeg(400, 300, 6)[:20], b"\xff\xd8\xff\xe0\x00\x00" * 9],
)
def test_what_is_no_picture_or_is_cut_has_no_size(data: bytes) -> None:
    assert measure(data) is None
