"""What the bytes are, whatever the file is called."""

import io
import zipfile

import pytest

from recovery.invoices.opened import media_type, sniff


def zipped(**members: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(
                name.replace("__", "/").replace("_xml", ".xml").replace("Content", "[Content").replace("Types", "Types]"), content
            )
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "media"),
    [
        (b"", "empty", "application/octet-stream"),
        (b"junk before %PDF-1.4", "pdf", "application/pdf"),
        ("\ufeff<?xml version='1.0'?><Invoice/>".encode(), "xml", "application/xml"),
        ("<Invoice/>".encode("utf-16"), "xml", "application/xml"),
        (b"\xff\xd8\xff\xe1....Exif", "picture", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "picture", "image/png"),
        (b"\x00\x00\x00\x18ftypheic....", "picture", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1....", "picture", "image/heif"),
        (b"II*\x00....", "picture", "image/tiff"),
        (b"RIFF....WEBPVP8 ", "picture", "image/webp"),
        (zipped(facture="%PDF"), "zip", "application/zip"),
        (
            zipped(Content_Types_xml="", xl__workbook_xml=""),
            "spreadsheet",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            zipped(word__document_xml="", Content_Types_xml=""),
            "archive",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "archive", "application/vnd.oasis.opendocument.text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "archive", "application/x-ole-storage"),
        (b"\x1f\x8b\x08....", "archive", "application/gzip"),
        (b"Rar!\x1a\x07", "archive", "application/vnd.rar"),
        (b"MZ\x90\x00", "unknown", "application/octet-stream"),
        (b"Numero;Date;Montant\n", "unknown", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_bytes_are(data: bytes, kind: str, media: str) -> None:
    assert (sniff(data), media_type(data)) == (kind, media)
