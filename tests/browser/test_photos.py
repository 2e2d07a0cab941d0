"""A photo of an invoice in a browser: sent under its type, shown beside the form, which is empty or filled by a recogniser."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from recovery.invoices.reader import HEIC, NO_TEXT
from recovery.invoices.scan import COMPARE
from tests.browser import answers as a
from tests.browser.conftest import Open
from tests.browser.test_flows import READING, UPLOADED, Heard, store
from tests.browser.test_pages import DRAFT

PHOTO = Path(__file__).parents[1] / "samples/photos/tilted-fr.jpg"
FILE = {"name": "photo.jpg", "size": 129_928, "pages": 0, "picture": "/photo.jpg"}
EMPTY: dict[str, Any] = {
    "fields": dict.fromkeys(a.FIELDS, ""), "evidence": {}, "doubtful": [], "missing": [name for name in a.FIELDS if name != "label"],
    "warnings": [{"field": "file", "message": NO_TEXT}],
}  # fmt: skip
READ: dict[str, Any] = {
    "fields": a.FIELDS | {"debtor_email": ""},
    "suggestions": {"debtor_email": {"value": "atelier@garage-lefevre.fr", "confidence": 0.45}},
    "warnings": [{"field": "file", "message": COMPARE}],
}


def photographed(opened: Open, said: dict[str, Any], width: int) -> Page:
    def picture(route: Route) -> None:
        route.fulfill(path=PHOTO, content_type="image/jpeg")

    page = opened("/plan-du-site", {DRAFT: a.draft(invoices=[{"id": "1", "file": FILE, "credits": []}], **said)}, width=width)
    page.route("**/photo.jpg", picture)
    page.goto(f"/verifier#{a.DRAFT}")
    expect(page.locator("[data-wait], [aria-busy]")).to_have_count(0)
    return page


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("said", [EMPTY, READ], ids=["nobody reads it", "a recogniser read it"])
def test_the_form_stands_beside_the_photo(opened: Open, said: dict[str, Any], width: int) -> None:
    page = photographed(opened, said, width)
    expect(page.locator("[data-warnings]")).to_have_text(said["warnings"][0]["message"])
    expect(page.locator("[data-file]")).to_have_text("photo.jpg")
    expect(page.get_by_role("link", name="Agrandir")).to_have_attribute("href", "/photo.jpg")
    if width == 1280:
        shown = page.locator("[data-picture]")
        expect(shown).to_be_visible()
        size = shown.evaluate("async image => (await image.decode(), [image.naturalWidth, image.naturalHeight])")
        assert size == [1376, 1740], "upright, as the telephone says it was held"
        expect(page.locator("[data-boxes] rect")).to_have_count(len(said.get("evidence", a.EVIDENCE)))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    report = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    assert report.violations_count == 0, report.generate_report()


def test_without_a_recogniser_every_value_waits_to_be_typed(opened: Open) -> None:
    page = photographed(opened, EMPTY, 1280)
    for name in ("debtor_name", "number", "due", "amount"):
        expect(page.locator(f"#{name}")).to_be_visible()
        expect(page.locator(f"#{name}")).to_have_value("")


@pytest.mark.parametrize(("name", "kind"), [("IMG_0412.JPEG", "image/jpeg"), ("écran.png", "image/png"), ("IMG_0412.heic", "image/heic")])
def test_a_photo_is_sent_under_its_type(opened: Open, name: str, kind: str) -> None:
    asked = Heard(UPLOADED)
    page = opened("/deposer", {"POST /api/uploads": asked, READING: a.draft(), DRAFT: a.draft()})
    store(page)
    page.locator("#facture").set_input_files({"name": name, "mimeType": kind, "buffer": PHOTO.read_bytes()})
    page.wait_for_url(f"**/verifier#{a.DRAFT}")
    assert asked.bodies == [{"name": name, "size": PHOTO.stat().st_size, "type": kind}]


def test_what_no_browser_shows_is_said_where_the_photo_was_chosen(opened: Open) -> None:
    refused = (422, {"title": "Il y a un problème.", "status": 422, "errors": [{"field": "file", "message": HEIC}]})
    page = opened("/deposer", {"POST /api/uploads": UPLOADED, READING: refused})
    store(page)
    page.locator("#facture").set_input_files({"name": "IMG_0412.heic", "mimeType": "image/heic", "buffer": b"heic"})
    expect(page.locator("[data-error]")).to_have_text(HEIC)
    assert "heic" not in (page.locator("#facture").get_attribute("accept") or ""), "a telephone asked for HEIC would no longer convert it"
