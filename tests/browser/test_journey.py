"""The whole product on this machine, as people use it: from the file dropped on the first page to the log that verifies.

The real functions on the local engine, a moved clock, and three people: the creditor, the agency, the debtor. A picture of
each page is left in `screenshots/`, and axe-core reads it.
"""

import argparse
import email
import email.policy
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from infra import generate
from infra.commands import verify
from infra.local import stack
from infra.local.running import ROOT, Engine
from tests.browser.conftest import SCREENSHOTS, settle

PORT = 4420
DAY = 86_400
INVOICE = ROOT / "tests" / "samples" / "invoices" / "fx-fr-basic-valid.pdf"
# The sample bears made-up numbers whose keys are false, and no account: what a person would correct.
CORRECTED = {
    "debtor_siren": "552 100 554", "debtor_email": "compta@client.example", "creditor_siren": "732 829 320", "creditor_iban": "FR76 3000 6000 0112 3456 7890 189",
    "creditor_email": "camille@atelier-berthier.example", "issued": "04/08/2026", "due": "03/09/2026",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("product")
    generate.main(folder / "site")
    with Engine(folder / "data", port=PORT, aws_port=PORT + 1, site=folder / "site") as running:
        stack.deployed(running)
        yield running


class Someone:
    """A person with a browser of their own."""

    def __init__(self, browser: Browser, engine: Engine, width: int) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=engine.origin, locale="fr-FR", viewport={"width": width, "height": 900}, reduced_motion="reduce", accept_downloads=True
        )
        self.engine, self.width = engine, width
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.wrong.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text else None,
        )

    def looks(self, name: str) -> None:
        """A picture, and what a machine can tell of accessibility."""
        settle(self.page)
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"parcours-{name}-{self.width}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        report = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert report.violations_count == 0, report.generate_report()

    def follows_the_link(self, page: str, to: str) -> None:
        """Of the newest e-mail sent to that address. A link is opened in a fresh tab, as a mail reader does."""
        self.page.goto("about:blank")
        self.page.goto(link_to(self.engine, page, to))

    def signs_in(self, address: str) -> None:
        self.page.goto("/connexion")
        self.page.get_by_label("Votre e-mail").fill(address)
        self.page.get_by_role("button", name="Recevoir mon lien").click()
        expect(self.page.get_by_role("heading", name="Regardez vos e-mails")).to_be_visible()
        self.follows_the_link("connexion", address)
        self.page.get_by_role("button", name="Ouvrir mon espace").click()


def link_to(engine: Engine, page: str, to: str) -> str:
    def newest() -> str | None:
        for path in sorted((engine.data / "outbox").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            found = re.search(rf"{engine.origin}/{page}#\S+", body.get_content() if body else "")
            if found and to in str(message["To"]):
                return found[0]
        return None

    return until(newest)


def until(what: Callable[[], str | None], seconds: float = 20) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came")


@pytest.fixture
def people(browser: Browser, engine: Engine) -> Iterator[Callable[[int], Someone]]:
    known: list[Someone] = []

    def meet(width: int) -> Someone:
        known.append(Someone(browser, engine, width))
        return known[-1]

    yield meet
    for person in known:
        person.context.close()
        assert person.wrong == []


def deposit(creditor: Someone, number: str) -> None:
    """Drop, check, mandate, confirmation of the address."""
    page = creditor.page
    page.goto("/")
    creditor.looks("1-accueil")
    page.locator("#facture").set_input_files(INVOICE)
    page.wait_for_url("**/verifier#*")
    expect(page.get_by_role("heading", name="Vérifiez ce que nous avons lu")).to_be_visible()
    creditor.looks("2-verifier")
    page.get_by_role("button", name="Tout est exact").click()
    expect(page.locator(".errsum")).to_be_focused()
    creditor.looks("3-corriger")
    for name, value in (CORRECTED | {"number": number}).items():
        field = page.locator(f"#{name}")
        if not field.is_visible():
            page.locator("[data-block]", has=field).get_by_role("button", name="Modifier").click()
        field.fill(value)
    page.get_by_text("une entreprise, un professionnel").click()  # the sample's number is that of a public body
    page.get_by_role("button", name="Tout est exact").click()
    page.wait_for_url("**/mandat#*")
    page.locator("#signatory_name").fill("Camille Berthier")
    page.locator("#signatory_role").fill("gérante")
    page.get_by_text("Lire le mandat complet").click()
    expect(page.get_by_role("link", name="Le même en PDF")).to_be_visible()
    creditor.looks("4-mandat")
    page.get_by_role("button", name="J’accepte le mandat et je lance le dossier").click()
    page.wait_for_url("**/confirmation#*")
    expect(page.get_by_role("heading", name="Plus qu’un clic, Camille")).to_be_visible()
    creditor.looks("5-confirmation")
    creditor.follows_the_link("confirmer", CORRECTED["creditor_email"])
    creditor.looks("6-confirmer")
    page.get_by_role("button", name="Confirmer et lancer le dossier").click()


def test_from_the_drop_to_the_log(people: Callable[[int], Someone], engine: Engine, tmp_path: Path) -> None:
    creditor, staff, debtor = people(1280), people(1280), people(390)

    deposit(creditor, "FA-2026-0001")
    expect(creditor.page.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    creditor.page.get_by_role("link", name="Aller à mes dossiers").click()
    expect(creditor.page.get_by_text("Contrôle par l’agence")).to_be_visible()

    staff.signs_in("ines@reglo.example")
    staff.page.wait_for_url("**/equipe")
    staff.page.get_by_role("button", name="Vérifier").click()
    staff.looks("7-verification")
    staff.page.get_by_role("button", name="Tout concorde, ouvrir le dossier").click()
    expect(staff.page.get_by_text("Tout est fait pour aujourd’hui.")).to_be_visible()

    creditor.page.reload()
    creditor.page.locator(".rowlink").click()
    expect(creditor.page.locator("#t")).to_have_text("Communaute de communes du Val de Loire")
    creditor.looks("8-dossier-ouvert")
    engine.clock(advance=DAY)
    expect(creditor.page.locator("[data-past]")).to_contain_text("Première lettre", timeout=10_000)  # by itself, without a reload
    creditor.looks("9-premiere-lettre")

    engine.clock(advance=11 * DAY)
    debtor.follows_the_link("lettre", CORRECTED["debtor_email"])
    expect(debtor.page.get_by_role("heading", name="Une facture d’Atelier Berthier SARL reste à régler")).to_be_visible()
    assert debtor.page.url == f"{engine.origin}/lettre"
    debtor.page.get_by_text("Payer par virement").click()
    debtor.looks("10-debiteur")
    balance = debtor.page.locator("[data-t='pay.amount']").inner_text()

    staff.signs_in("ines@reglo.example")  # twelve hours, then again
    staff.page.wait_for_url("**/equipe")
    staff.looks("11-journee")
    staff.page.get_by_role("button", name="Appeler").click()
    staff.page.get_by_label("Échange, sans engagement").check()
    staff.page.get_by_label("Compte rendu").fill("La comptabilité paie cette semaine.")
    staff.page.get_by_role("button", name="Enregistrer l’appel").click()
    expect(staff.page.locator(".toast").first).to_have_text("Appel enregistré.")
    staff.page.goto("/dossiers")
    staff.page.locator(".rowlink").click()
    expect(staff.page.locator("[data-past]")).to_contain_text("La comptabilité paie cette semaine.")
    staff.page.get_by_role("link", name="Enregistrer un paiement").click()
    staff.page.get_by_label("Montant reçu").fill(balance)
    staff.page.get_by_label("Reçu le").fill(engine.clock()["now"][:10])
    staff.page.get_by_role("button", name="Enregistrer le paiement").click()
    expect(staff.page.locator(".toast").first).to_contain_text("Paiement enregistré")

    creditor.page.reload()
    expect(creditor.page.locator("[data-pill]")).to_have_text("Réglé")
    expect(creditor.page.get_by_role("heading", name="Ce qui vous revient")).to_be_visible()
    creditor.looks("12-regle")
    with creditor.page.expect_download() as downloading:
        creditor.page.get_by_role("button", name="Télécharger tout le journal").click()
    log = tmp_path / "journal.zip"
    downloading.value.save_as(log)
    assert (
        verify.run(
            argparse.Namespace(
                export=log,
                seal=creditor.page.locator(".seal").inner_text(),
                count=int(creditor.page.locator("[data-t=count]").inner_text()),
            )
        )
        == 0
    )

    debtor.page.reload()
    expect(debtor.page.get_by_role("heading", name="Tout est réglé")).to_be_visible()


def test_the_second_invoice_of_a_known_creditor_starts_at_once_on_a_telephone(people: Callable[[int], Someone]) -> None:
    creditor = people(390)
    deposit(creditor, "FA-2026-0002")
    creditor.page.wait_for_url("**/dossier#RG-26-*")
    expect(creditor.page.locator("#t")).to_be_visible()
    creditor.looks("8-dossier-ouvert")
    creditor.page.goto("/dossiers")
    expect(creditor.page.locator(".rowlink")).to_have_count(2)
    creditor.looks("9-dossiers")


def test_a_used_link_opens_nothing(people: Callable[[int], Someone]) -> None:
    somebody = people(390)
    somebody.follows_the_link("confirmer", CORRECTED["creditor_email"])
    somebody.page.get_by_role("button", name="Confirmer et lancer le dossier").click()
    expect(somebody.page.get_by_role("heading", name="Ce lien ne fonctionne plus")).to_be_visible()
    somebody.looks("10-lien-use")
