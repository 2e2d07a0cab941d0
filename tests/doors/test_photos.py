"""A photo deposited: the form opens beside it, empty or filled by a recogniser, and what no browser shows is said at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import recognise
from recovery.invoices import reader, scan
from recovery.invoices.scan import Picture
from tests.recovery.invoices.test_picture import jpeg, png
from tests.recovery.invoices.test_scan import photographed

from .conftest import Browser
from .test_grouping import invoice as typed_invoice
from .test_grouping import zipped

PHOTOS = Path(__file__).parents[1] / "samples/photos"
PHOTO, HEIC = (PHOTOS / "tilted-fr.jpg").read_bytes(), (PHOTOS / "telephone-fr.heic").read_bytes()


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that sees the same page on any picture, and decodes a HEIC."""

    def see(pages: Mapping[int, bytes], *, seconds: float) -> Iterator[Picture]:
        for number, data in pages.items():
            page = photographed()
            yield Picture(number, page.width, page.height, page.seen, PHOTO if data == HEIC else None)

    monkeypatch.setenv("RECOGNISER", "local")
    monkeypatch.setattr(recognise, "recognise", see)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [("photo.jpg", PHOTO, "image/jpeg"), ("IMG_0412.JPEG", PHOTO, "image/jpeg"), ("écran.png", png(800, 1100), "image/png"), ("faux.png", PHOTO, "image/jpeg")],
)  # fmt: skip
def test_without_a_recogniser_the_form_opens_empty_beside_the_picture(nobody: Browser, name: str, data: bytes, media_type: str) -> None:
    form = nobody.drops(data, name)
    assert form.status == 200
    assert [warning["message"] for warning in form.json["warnings"]] == [reader.NO_TEXT]
    assert {"number", "due", "amount", "debtor_name"} <= set(form.json["missing"])
    asked = parse_qs(urlsplit(form.json["invoices"][0]["file"]["picture"]).query)
    assert asked["response-content-type"] == [media_type], "what its bytes are, whatever it is called"
    assert asked["response-content-disposition"][0].startswith('inline; filename="page.')


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("photo.jpg", jpeg(60_000, 60_000), reader.TOO_MANY_DOTS),
        ("photo.png", png(20_000, 20_000), reader.TOO_MANY_DOTS),
        ("photo.jpg", PHOTO[:40], reader.BROKEN_PICTURE),
        ("photo.heic", HEIC, reader.HEIC),
        ("photo.jpg", HEIC, reader.HEIC),
        ("photo.jpg", b"II*\x00" + bytes(range(1, 90)), reader.OTHER_PICTURE),
    ],
)
def test_a_picture_that_cannot_be_shown_is_refused_with_its_own_sentence(nobody: Browser, name: str, data: bytes, sentence: str) -> None:
    answer = nobody.drops(data, name)
    assert (answer.status, answer.errors()) == (422, {"file": sentence})


@pytest.mark.usefixtures("recogniser")
def test_a_recogniser_fills_the_form_and_asks_to_compare(nobody: Browser) -> None:
    form = nobody.drops(PHOTO, "photo.jpg").json
    assert (form["fields"]["number"], form["fields"]["due"], form["fields"]["amount"]) == ("FA-2026-118", "2026-04-04", "1200.00")
    assert scan.COMPARE in [warning["message"] for warning in form["warnings"]]
    assert form["evidence"]["number"]["box"]


@pytest.mark.usefixtures("recogniser")
def test_a_heic_is_shown_as_the_jpeg_that_was_made_of_it_and_kept_as_it_came(nobody: Browser) -> None:
    from adapters import drafts
    from adapters.aws import client
    from adapters.clock import now

    form = nobody.drops(HEIC, "IMG_0412.heic").json
    assert form["fields"]["number"] == "FA-2026-118"
    assert "response-content-type=image%2Fjpeg" in form["invoices"][0]["file"]["picture"]
    kept = drafts.find(nobody.id, now())
    assert kept
    file = kept.invoices[0].file
    assert (file["media_type"], file["size"]) == ("image/heic", len(HEIC))
    assert client("s3").get_object(Bucket="reglo-uploads", Key=file["picture"])["Body"].read() == PHOTO


def test_photos_come_in_a_zip_and_beside_other_files(nobody: Browser) -> None:
    put = nobody.drops_many(
        ("Factures.zip", zipped(("un.jpg", PHOTO), ("deux.png", png(800, 1100)), ("trois.heic", HEIC))), ("F-1.xml", typed_invoice("F-1"))
    )
    names = sorted(each["file"] for group in put.json["groups"] for each in group["invoices"])
    assert names == ["F-1.xml", "deux.png", "un.jpg"]
    assert {each["name"]: each["message"] for each in put.json["aside"]} == {"trois.heic": reader.HEIC}
