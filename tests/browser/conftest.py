"""The rendered site behind the headers of production, a browser, and pages whose API answers are canned (`answers.py`)."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from infra import generate, headers

SCREENSHOTS = Path(__file__).parent / "screenshots"


class Pages(SimpleHTTPRequestHandler):
    """/deposer is deposer.html; every answer carries the policy under which pages must run."""

    store = "http://127.0.0.1:9"

    def send_head(self) -> Any:
        address = self.path.partition("?")[0]
        if address != "/" and "." not in address:
            self.path = f"{address}.html"
        return super().send_head()

    def end_headers(self) -> None:
        for name, value in headers.security(self.store).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pages") / "site"
    generate.main(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        system = Path("/usr/bin/chromium")
        launched = playwright.chromium.launch(executable_path=system if system.exists() else None, args=["--no-sandbox"])
        yield launched
        launched.close()


def settle(page: Page) -> None:
    """The page has shown what it waited for, in its own fonts."""
    expect(page.locator("[data-wait], [aria-busy]")).to_have_count(0)
    page.evaluate("document.fonts.ready.then(() => null)")


Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Open]:
    """`opened(address, {"GET /api/x": answer | (status, answer) | function(Route)}, width=390)`: a page, watched for any error."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(address: str, api: dict[str, Any] | None = None, *, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site,
            locale="fr-FR",
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda said: wrong.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text else None
        )
        answers = api or {}

        def answer(route: Route) -> None:
            asked = f"{route.request.method} {route.request.url.removeprefix(site)}"
            found = answers.get(asked, (404, {"title": f"Pas de réponse prévue à {asked}", "status": 404}))
            if callable(found):
                return found(route)
            status, body = found if isinstance(found, tuple) else (200, found)
            route.fulfill(
                status=status,
                content_type="application/json" if status < 400 else "application/problem+json",
                body=json.dumps(body),
                headers={"ETag": '"v1"'},
            )
            return None

        page.route("**/api/**", answer)
        page.route("**/picture.png", lambda route: route.fulfill(path=Path(__file__).parent / "facture.png"))
        page.goto(address)
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
