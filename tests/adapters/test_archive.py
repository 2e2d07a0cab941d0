"""Documents are named by what they are, and never replaced."""

from hashlib import sha256
from urllib.parse import unquote

import pytest

from adapters import archive
from adapters.aws import client

pytestmark = pytest.mark.usefixtures("aws")


def test_a_document_is_kept_once_under_its_fingerprint() -> None:
    digest = archive.put(b"%PDF", "application/pdf", "Lettre n° 1 — été.pdf")
    assert digest == sha256(b"%PDF").hexdigest()
    assert archive.put(b"%PDF", "text/html", "other.html") == digest
    assert archive.get(digest) == b"%PDF"
    assert archive.media_type(digest) == "application/pdf"
    stored = client("s3").head_object(Bucket="reglo-documents", Key=f"documents/{digest}")
    assert unquote(stored["Metadata"]["name"]) == "Lettre n° 1 — été.pdf"


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(archive.NotThere):
        archive.get("0" * 64)
    with pytest.raises(archive.NotThere):
        archive.uploaded("uploads/x")


def test_a_link_saves_under_its_own_name() -> None:
    link = unquote(unquote(archive.link("ab" * 32, 'Été "1".pdf')))
    assert f"documents/{'ab' * 32}" in link
    assert "attachment" in link
    assert 'filename="_t_ _1_.pdf"' in link.replace("+", " ")
    assert "filename*=UTF-8''Été" in link


def test_no_name_slips_a_header_in() -> None:
    assert "\n" not in archive.disposition('a"\r\nSet-Cookie: x=1')
    assert archive.disposition('a"b;c').startswith('attachment; filename="a_b_c";')


def test_a_picture_is_shown_as_a_picture() -> None:
    assert "response-content-type=image%2Fpng" in archive.picture("pictures/x.png")
