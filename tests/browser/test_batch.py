"""Several files: dropped together, put with their debtors, checked one beside the other, with the keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser import answers as a
from tests.browser.conftest import Open
from tests.browser.test_flows import PUT, STORE, Heard, store
from tests.browser.test_pages import CREDITOR, DRAFT

FILES = [{"name": f"F-{n}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"} for n in (1, 2, 3)]


def deposits(refused: str = "", **more: Any) -> dict[str, Any]:
    """Each upload has a draft of its own, answered as soon as it is there; one of the files may be refused by its reader."""
    answers: dict[str, Any] = dict(more)
    count = iter(range(1, 20))

    def upload(route: Route) -> None:
        n = next(count)
        asked: Any = route.request.post_data_json
        said = (422, {"title": "Ce fichier n’est pas une facture.", "status": 422}) if asked and asked["name"] == refused else a.draft()
        answers[f"POST /api/drafts/d{n}/reading"] = said
        Heard((201, {"draft": f"d{n}.s", "upload": {"url": STORE, "fields": {"key": f"uploads/d{n}/1"}}}))(route)

    answers["POST /api/uploads"] = upload
    return answers


@pytest.mark.parametrize("width", [1280, 390])
def test_files_dropped_together_are_read_apart_and_grouped(opened: Open, width: int) -> None:
    groups = Heard(a.GROUPS)
    api = deposits(refused="F-2.pdf", **{"POST /api/groups": groups})
    page = opened("/deposer", api, width=width)
    received = store(page)
    page.locator("#facture").set_input_files(FILES)  # type: ignore[arg-type]
    page.wait_for_url("**/regrouper")
    assert len(received) == 3
    assert groups.bodies[0] == {"drafts": ["d1.s", "d2.s", "d3.s"]}
    expect(page.get_by_role("heading", name="SCI Rosmadec")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_file_says_what_came_of_it(opened: Open) -> None:
    api = deposits(refused="F-2.pdf", **{"POST /api/groups": (500, {"title": "Plus tard."})})
    page = opened("/deposer", api)
    store(page)
    page.locator("#facture").set_input_files([*FILES, {"name": "notes.gif", "mimeType": "image/gif", "buffer": b"GIF"}])  # type: ignore[arg-type]
    lines = page.locator(".files li")
    expect(lines.nth(0)).to_contain_text("Lue, à vérifier : F-2026-0418, Brasserie des Halles SAS, 3 480,00 €")
    expect(lines.nth(1)).to_contain_text("Ce fichier n’est pas une facture.")
    expect(lines.nth(3)).to_contain_text("n’est pas lisible")
    expect(page.locator("[data-count]")).to_have_text("4 fichiers sur 4.")
    expect(page.locator("[data-error]")).to_have_text("Plus tard.")


def test_an_archive_shows_its_files(opened: Open) -> None:
    members = {"state": "unpacked", "drafts": [{"draft": "m1.s", "id": "m1", "name": "dedans.pdf"}], "closed": [], "lines": 0}
    api = {
        "POST /api/uploads": (201, {"draft": "z.s", "upload": {"url": STORE, "fields": {}}}),
        "POST /api/drafts/z/reading": members,
        "POST /api/drafts/m1/reading": a.draft(),
        "POST /api/groups": {"groups": [a.group(a.DRAFT, "Halles", ("1", "F-1", "10.00"))], "aside": []},
        DRAFT: a.draft(),
    }
    page = opened("/deposer", api)
    store(page)
    page.locator("#facture").set_input_files({"name": "Factures.zip", "mimeType": "application/zip", "buffer": b"PK"})
    page.wait_for_url(f"**/verifier#{a.DRAFT}")  # one debtor, nothing left aside: its form at once


def test_an_invoice_is_moved_with_the_keyboard_alone(opened: Open) -> None:
    moved, groups = Heard({"draft": "dr5ft.s1gned"}), Heard(a.GROUPS)
    page = opened("/regrouper", {"GET /api/drafts": a.GROUPS, "POST /api/groups": groups, "POST /api/drafts/dr4ft/move": moved, **CREDITOR})
    page.locator("summary", has_text="F-2026-0420").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Déplacer la facture F-2026-0420", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    assert moved.bodies == [{"invoices": ["2"], "to": "dr5ft.s1gned"}]
    assert moved.sent[0].headers["authorization"] == f"Draft {a.DRAFT}"
    page.get_by_role("button", name="La garder quand même").focus()
    assert len(groups.sent) == 2


def test_each_invoice_is_checked_beside_its_own_page(opened: Open) -> None:
    sent = Heard(
        (422, {"title": "Non.", "status": 422, "errors": [{"field": "amount.2", "message": "Saisissez le montant encore dû, TTC."}]})
    )
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.TWO, PUT: sent})
    expect(page.get_by_role("heading", name="Facture 2 sur 2")).to_be_visible()
    expect(page.get_by_text("Avoirs joints : AV-3, 80,00 €.")).to_be_visible()
    page.locator("[id='amount.2']").focus()
    expect(page.locator("[data-file]")).to_have_text("F-2026-0420.pdf, 2 pages")
    page.get_by_role("button", name="Reprendre 520,00").click()
    expect(page.locator("[id='amount.2']")).to_have_value("520,00")
    page.get_by_label("Page affichée").select_option("1/1")
    expect(page.locator("[data-file]")).to_have_text("F-2026-0418.pdf, 1 page")
    page.locator("rect[data-of=number]").click(force=True)
    expect(page.locator("#number")).to_be_focused()
    expect(page.locator("[data-field=number] .label")).to_contain_text("lu sur la page")
    page.get_by_role("button", name="Tout est exact").click()
    expect(page.locator("[id='amount.2-err']")).to_have_text("Saisissez le montant encore dû, TTC.")
    expect(page.locator(".errsum")).to_be_focused()
    assert sent.bodies[-1]["fields"]["number.2"] == "F-2026-0420"


def test_what_is_typed_is_kept_without_pressing_anything(opened: Open) -> None:
    sent = Heard(a.draft())
    page = opened(f"/verifier#{a.DRAFT}", {DRAFT: a.draft(), PUT: sent})
    with page.expect_response(lambda said: said.request.method == "PUT"):
        page.locator("#creditor_email").fill("camille@atelier.example")
    assert sent.bodies[-1]["later"] is True
    assert sent.bodies[-1]["fields"]["creditor_email"] == "camille@atelier.example"
