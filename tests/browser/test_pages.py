"""Every page, in each of its states, wide and light, then narrow and dark: nothing axe-core calls a violation, nothing that scrolls sideways, no error.

A picture of each is left in `screenshots/`, to be looked at.
"""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import answers as a
from tests.browser.conftest import SCREENSHOTS, Open, settle

DRAFT, CASE_AT = f"GET /api/drafts/{a.DRAFT.split('.')[0]}", f"GET /api/cases/{a.REF}"
PAPER, CREDITOR, STAFF = f"{DRAFT}/mandate", {"GET /api/me": a.CREDITOR}, {"GET /api/me": a.STAFF}


def nothing(_: Page) -> None:
    pass


def press(*names: str) -> Callable[[Page], None]:
    def pressing(page: Page) -> None:
        for name in names:
            page.locator(name).first.click()
        settle(page)

    return pressing


def open_forms(page: Page) -> None:
    for toggle in page.locator("[data-toggle]").all():
        toggle.click()
    for name in ("payment", "disputed", "credited", "returned", "moved"):
        page.locator(f"[data-{name}]").click()
        page.locator(f"[data-{name}-form]").wait_for()


def everything_open(page: Page) -> None:
    page.evaluate("for (const part of document.querySelectorAll('details')) { part.removeAttribute('name'); part.open = true; }")


REFUSED = (422, {"title": "Il y a un problème dans le formulaire.", "status": 422, "errors": [
    {"field": "creditor_email", "message": "Saisissez votre e-mail, par exemple prenom@entreprise.fr."},
    {"field": "debtor_siren", "message": "Ce numéro SIREN n’est pas valable : vérifiez ses 9 chiffres."}]})  # fmt: skip
SCENES: dict[str, tuple[str, dict[str, Any], Callable[[Page], None]]] = {
    "accueil": ("/", {}, nothing),
    "accueil-code": ("/", {}, press("[data-code] button")),
    "deposer": ("/deposer", {}, nothing),
    "regrouper": ("/regrouper", {"GET /api/drafts": a.GROUPS, "POST /api/groups": a.GROUPS}, nothing),
    "verifier-plusieurs": (f"/verifier#{a.DRAFT}", {DRAFT: a.TWO}, nothing),
    "verifier": (f"/verifier#{a.DRAFT}", {DRAFT: a.draft()}, press("#due")),
    "verifier-doutes": (f"/verifier#{a.DRAFT}", {DRAFT: a.DOUBTED}, press(".look >> nth=0")),
    "verifier-rien": (
        f"/verifier#{a.DRAFT}",
        {DRAFT: a.draft(fields=dict.fromkeys(a.FIELDS, ""), evidence={}, doubtful=[], missing=[n for n in a.FIELDS if n != "label"])},
        nothing,
    ),
    "verifier-erreur": (f"/verifier#{a.DRAFT}", {DRAFT: a.draft(), DRAFT.replace("GET", "PUT"): REFUSED}, press("[data-check] .btn--xl")),
    "mandat": (f"/mandat#{a.DRAFT}", {DRAFT: a.READY}, nothing),
    "mandat-connu": (
        f"/mandat#{a.DRAFT}",
        {
            PAPER: a.PAPER,
            DRAFT: a.READY | {"fields": a.READY["fields"] | {"signatory_name": "Camille Berthelot", "signatory_role": "gérante"}},
        },
        everything_open,
    ),
    "confirmation": (f"/confirmation#{a.DRAFT}", {PAPER: a.PAPER, DRAFT: a.ACCEPTED}, press("[data-change]")),
    "confirmation-attente": (f"/confirmation#{a.DRAFT}", {PAPER: a.PAPER, DRAFT: a.ACCEPTED | {"state": "waiting_agency"}}, nothing),
    "confirmer": ("/confirmer#abc", {}, nothing),
    "confirmer-expire": (
        "/confirmer#abc",
        {"POST /api/confirmations": (410, {"title": "Ce lien a expiré.", "status": 410})},
        press("[data-go]"),
    ),
    "connexion": ("/connexion", {}, press("[data-signin] button")),
    "connexion-lien": ("/connexion#abc", {}, nothing),
    "dossiers": ("/dossiers", {"GET /api/cases": a.CASES, **CREDITOR}, nothing),
    "dossiers-vide": ("/dossiers", {"GET /api/cases": a.NO_CASES, **CREDITOR}, nothing),
    "dossier": (f"/dossier#{a.REF}", {CASE_AT: a.CASE, **CREDITOR}, nothing),
    "dossier-decision": (f"/dossier#{a.REF}", {CASE_AT: a.ASKED, **STAFF}, nothing),
    "dossier-dialogue": (f"/dossier#{a.REF}", {CASE_AT: a.ASKED, **CREDITOR}, press("[data-choices] button:nth-child(2)")),
    "dossier-dire": (f"/dossier#{a.REF}", {CASE_AT: a.CASE | {"retract_until": "2026-10-05"}, **CREDITOR}, press("[data-tell]")),
    "dossier-registres": (
        f"/dossier#{a.REF}",
        {CASE_AT: a.CASE, f"{CASE_AT}/debtor": a.INSOLVENT, **CREDITOR},
        press("[data-registers] summary"),
    ),
    "verifier-un-client": ("/verifier-un-client", CREDITOR, nothing),
    "verifier-un-client-choix": (
        "/verifier-un-client",
        {
            "GET /api/companies?q=": {"verified": True, "companies": [a.COMPANY, a.COMPANY | {"siren": "880878145", "active": False}]},
            **CREDITOR,
        },
        press("#recherche button"),
    ),
    "verifier-un-client-procedure": ("/verifier-un-client#412345670", {"GET /api/companies/412345670": a.INSOLVENT, **CREDITOR}, nothing),
    "verifier-un-client-non-verifie": (
        "/verifier-un-client#412345670",
        {"GET /api/companies/412345670": a.UNVERIFIED, **CREDITOR},
        nothing,
    ),
    "equipe": ("/equipe", {"GET /api/desk": a.DESK, **STAFF}, nothing),
    "equipe-formulaires": ("/equipe", {"GET /api/desk": a.DESK, **STAFF}, open_forms),
    "equipe-fini": ("/equipe", {"GET /api/desk": {"submissions": [], "tasks": []}, **STAFF}, nothing),
    "lettre": ("/lettre", {}, nothing),
    "lettre-dossier": ("/lettre#KP7M2XQ94T", {"POST /api/letters": a.DEBTOR}, nothing),
    "lettre-ouverte": ("/lettre#KP7M2XQ94T", {"POST /api/letters": a.DEBTOR}, everything_open),
    "lettre-reglee": ("/lettre#KP7M2XQ94T", {"POST /api/letters": a.DEBTOR | {"state": "paid", "pay": None}}, nothing),
    "lettre-procedure": ("/lettre#KP7M2XQ94T", {"POST /api/letters": a.DEBTOR | {"state": "insolvent", "pay": None}}, nothing),
    "lettre-inconnu": (
        "/lettre#KP7M2XQ94T",
        {"POST /api/letters": (404, {"title": "Ce code ne correspond à aucun dossier.", "status": 404})},
        nothing,
    ),
    "lien-expire": ("/lien-expire", {}, nothing),
    "methode": ("/methode", {}, nothing),
    "comment-nous-calculons": ("/comment-nous-calculons", {}, everything_open),
    "mentions-legales": ("/mentions-legales", {}, nothing),
    "donnees-personnelles": ("/donnees-personnelles", {}, nothing),
    "aide": ("/aide", {}, nothing),
    "accessibilite": ("/accessibilite", {}, nothing),
    "plan-du-site": ("/plan-du-site", {}, nothing),
    "404": ("/404", {}, nothing),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_page_holds(scene: str, opened: Open) -> None:
    address, api, act = SCENES[scene]
    page = opened(address, api)
    act(page)
    SCREENSHOTS.mkdir(exist_ok=True)
    for width, theme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=SCREENSHOTS / f"{scene}-{width}.png", full_page=True)
        assert page.locator("h1:visible").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        report = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert report.violations_count == 0, report.generate_report()
