"""The example of « Comment nous calculons »: counted at build without JavaScript, counted again by the API at each change."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import Browser, Route, expect

from recovery.asked import read
from recovery.intake import FormRefused
from recovery.owed import answer
from tests.browser.conftest import Open

E7 = "#montant=849,90&client=b2c&presentee=10/06/2026&facture=10/04/2026&du=10/05/2026&jour=22/11/2026&paye="  # docs/law.md 4.1
ADDRESS = "/comment-nous-calculons"


def counted(route: Route) -> None:
    """What POST /api/owed answers."""
    try:
        status, said = 200, answer(read(json.loads(route.request.post_data or "", parse_float=Decimal), date(2026, 11, 24), 200))
    except FormRefused as refused:
        status, said = (
            422,
            {"title": refused.message, "errors": [{"field": wrong.field, "message": wrong.message} for wrong in refused.errors]},
        )
    route.fulfill(status=status, content_type="application/json", body=json.dumps(said))


API: dict[str, Any] = {"POST /api/owed": counted}


def test_the_example_is_there_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(ADDRESS)
    expect(page.locator("[data-owed]")).to_be_hidden()
    expect(page.locator("[data-lines]")).to_contain_text("Pénalités de retard")
    expect(page.locator("[data-balance]")).to_contain_text("€")
    context.close()


def test_a_link_fills_the_example_and_a_change_counts_it_again(opened: Open) -> None:
    page = opened(ADDRESS + E7, API)
    expect(page.locator("[data-balance]")).to_have_text("860,40\u00a0€")
    expect(page.locator("[data-lines]")).to_contain_text("Intérêts au taux légal")
    expect(page.locator("[data-limitation]")).to_contain_text("10 mai 2028")
    page.select_option("#debtor", "b2b")
    expect(page.locator("[data-lines]")).to_contain_text("Indemnité forfaitaire")
    expect(page.locator("#notice")).to_be_hidden()
    page.select_option("#country", "BE")
    expect(page.locator("[data-lines]")).to_contain_text("10,50")
    expect(page.locator("[data-warnings]")).to_contain_text("Belgique")


def test_what_cannot_be_counted_is_said_beside_its_field(opened: Open) -> None:
    page = opened(ADDRESS, API)
    page.fill("#due", "31/02/2026")
    page.click("[data-owed] button")
    expect(page.locator("#due-err")).to_contain_text("Cette date n’existe pas")
    page.fill("#due", "10/09/2026")
    page.click("[data-owed] button")
    expect(page.locator("#due-err")).to_have_count(0)
    expect(page).to_have_title("Comment nous calculons – Réglo")
