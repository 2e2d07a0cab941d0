"""The pages as they are served: nothing dead, nothing inline, nothing heavy, and colours that can be read."""

import gzip
import re
from datetime import date
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from infra import generate, rulebook
from recovery import french
from recovery.agency import from_json
from recovery.countries import countries
from recovery.kinds import kinds
from recovery.ladder import policies
from recovery.law import law
from recovery.settings import questions

ON = date(2026, 11, 24)
PROFILE = {
    "name": "Réglo", "legal_name": "Réglo SAS", "line1": "14 rue <Kervégan>", "postcode": "44000", "city": "Nantes", "rcs": "RCS", "capital": "1 €", "vat": "FR1",
    "phone": "02 00 00 00 00", "email": "a@b.example", "hours": "9 h – 18 h", "privacy_contact": "d@b.example",
}  # fmt: skip
NAMES = sorted(path.name for path in (generate.SITE).glob("*.html"))
ADDRESSES = {
    "/", "/deposer", "/regrouper", "/verifier", "/mandat", "/confirmation", "/confirmer", "/connexion", "/dossiers", "/dossier", "/verifier-un-client", "/equipe", "/lettre", "/lien-expire", "/methode", "/comment-nous-calculons",
    "/mentions-legales", "/donnees-personnelles", "/aide", "/accessibilite", "/plan-du-site", "/404",
}  # fmt: skip
NOT_INDEXED = {
    "regrouper",
    "verifier",
    "mandat",
    "confirmation",
    "confirmer",
    "connexion",
    "dossiers",
    "dossier",
    "verifier-un-client",
    "equipe",
    "lettre",
    "lien-expire",
    "404",
}
BUDGET = 60_000  # bytes, compressed: the page, its sheets and its modules
AIM = 10_000  # bytes of JavaScript
VOID = {"meta", "link", "input", "br", "img", "wbr", "hr"}


class Elements(HTMLParser):
    """Every start tag with its attributes, and whether the tags close in the order they opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.astray: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.astray.append(tag)


@cache
def built() -> dict[str, bytes]:
    return generate.render(from_json(PROFILE), ON)


@cache
def page(name: str) -> Elements:
    return Elements(built()[name].decode())


def test_every_address_has_its_page() -> None:
    assert {"/" if name == "index.html" else f"/{name.removesuffix('.html')}" for name in NAMES} == ADDRESSES


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole(name: str) -> None:
    parsed = page(name)
    assert not parsed.open
    assert not parsed.astray
    identifiers = [
        attributes["id"] for _, attributes in parsed.found if "id" in attributes and not attributes["id"].endswith("-ID")
    ]  # numbered when stamped
    assert len(identifiers) == len(set(identifiers)), "two elements share an id"
    for tag, attributes in parsed.found:
        if tag == "label" and not attributes.get("for", "-ID").endswith("-ID"):
            assert attributes["for"] in identifiers
        for reference in (attributes.get("aria-describedby", "") + " " + attributes.get("aria-labelledby", "")).split():
            assert "-ID" in reference or reference in identifiers


@pytest.mark.parametrize("name", NAMES)
def test_no_link_leads_nowhere(name: str) -> None:
    for tag, attributes in page(name).found:
        target = attributes.get("href") or attributes.get("src") or ""
        if tag == "use":
            assert f'id="{target[1:]}"' in built()[name].decode(), f"the sprite lacks {target}"
        elif target.startswith("/assets/"):
            assert target[1:] in built()
        elif target.startswith("/"):
            address, _, anchor = target.partition("#")
            assert address in ADDRESSES
            file = "index.html" if address == "/" else f"{address[1:]}.html"
            assert not anchor or f'id="{anchor}"' in built()[file].decode()
        elif target.startswith("#"):
            assert target != "#"
            assert f'id="{target[1:]}"' in built()[name].decode()
        else:
            assert target == "" or target.startswith(("https://", "mailto:", "tel:"))
            assert tag == "a" or not target, "a third party"
        if tag == "a" and not target:
            assert any(key.startswith("data-") for key in attributes), "a link without an address, and nobody to give it one"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_inline_so_that_the_policy_holds(name: str) -> None:
    for tag, attributes in page(name).found:
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
        assert "style" not in attributes
        assert not [key for key in attributes if key.startswith("on")]


@pytest.mark.parametrize("name", NAMES)
def test_only_public_pages_are_indexed(name: str) -> None:
    robots = [attributes.get("content", "") for tag, attributes in page(name).found if tag == "meta" and attributes.get("name") == "robots"]
    assert bool(robots and "noindex" in robots[0]) == (name.removesuffix(".html") in NOT_INDEXED | {"deposer"})


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_where_one_is(name: str) -> None:
    text = built()[name].decode()
    assert re.search(r"<title>.{4,} – Réglo</title>", text)
    assert '<html lang="fr">' in text
    headings = [tag for tag, _ in page(name).found if tag in ("h1", "h2", "h3", "h4")]
    assert "h1" in headings
    assert not any(after > before and int(after[1]) - int(before[1]) > 1 for before, after in pairwise(headings))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_stays_light(name: str) -> None:
    needed = {name} | {
        attributes[key][1:]
        for tag, attributes in page(name).found
        for key in ("href", "src")
        if attributes.get(key, "").startswith("/assets/")
    }
    modules = [file for file in needed if file.endswith(".js")]
    for module in modules:  # grows while it is read: a module brings the modules it imports
        modules += [found for found in re.findall(r'from "/(assets/[^"]+)"', built()[module].decode()) if found not in modules]
    weighed = {file for file in needed | set(modules) if not file.endswith((".woff2", ".txt", ".svg"))}
    assert sum(len(gzip.compress(built()[file])) for file in weighed) <= BUDGET
    assert sum(len(built()[file]) for file in modules) <= AIM * 2, "twice the aim: split the module"


def test_a_name_is_never_markup() -> None:
    assert "14 rue &lt;Kervégan&gt;" in built()["mentions-legales.html"].decode()


def test_the_figures_are_those_of_the_trade() -> None:
    method, landing = built()["methode.html"].decode(), built()["index.html"].decode()
    for policy in policies.values():
        for rung in policy.rungs:
            assert rung.label in method
            assert generate.typeset(rung.sentence) in method
    assert french.percent(law["ecb_rate"].value(ON) + law["late_interest_margin"].value(ON)) in method
    assert f"{generate.WORDS[len(policies['professional'].rungs)].capitalize()} échelons" in landing
    assert french.euros(Decimal("40.00")) in landing


def test_the_rulebook_shows_every_rule() -> None:
    """No rule of law, kind of claim, country or open question is kept from the page « Comment nous calculons »."""
    shown = built()["comment-nous-calculons.html"].decode()
    for rule in law.values():
        assert generate.typeset(rule.title) in shown
        assert generate.typeset(rulebook.in_words(rule, rule.on(ON))) in shown
    for title in (*(kind.label for kind in kinds.values() if not kind.refused), *(pack.name for pack in countries.values())):
        assert title in shown
    for question in questions.values():
        assert generate.typeset(question.title) in shown
    assert "non publié" in shown, "the Austrian rate of the semester is computed: the page says so"


def test_a_page_shows_the_law_it_knows() -> None:
    """Past the last known rate, a page says of which day its rates are, and is still there."""
    last = law["ecb_rate"].values[-1].last
    assert last is not None
    assert generate.last_known(date(last.year + 2, 1, 1)) == last
    assert generate.last_known(ON) == ON


def test_french_spacing_touches_words_only() -> None:
    assert generate.typeset('<a href="/x" title="a : b">Prix : 1 920 €, l\'art. 3</a>') == (
        '<a href="/x" title="a : b">Prix\u00a0: 1\u00a0920\u00a0€, l’art.\u00a03</a>'
    )
    assert generate.typeset("<code>a : b</code> « c »") == "<code>a : b</code> «\u00a0c\u00a0»"


def test_an_address_changes_with_its_content_only() -> None:
    again = generate.render(from_json(PROFILE), ON)
    assert again == built()
    assert all(re.fullmatch(r"assets/([\w-]+\.[0-9a-f]{10}\.\w+|OFL-[\w-]+\.txt)", name) for name in again if name.startswith("assets/"))


# ------------------------------------------------------------------------------------------------ contrast

# Text and background pairs that the components use, and the least contrast each needs (WCAG 2.2, with a margin for body text).
PAIRS = """
7: ink/bg ink/surface ink/sunken on-highlight/highlight
4.5: ink-2/bg ink-2/surface ink-2/sunken ink-3/bg ink-3/surface ink-3/sunken link/bg link/surface link/sunken on-primary/primary on-primary/primary-hover
4.5: on-soft/primary-soft todo-ink/todo-bg info-ink/info-bg ok-ink/ok-bg mute-ink/mute-bg ink/todo-bg ink/info-bg ink/ok-bg ink-2/todo-bg ink-2/info-bg
4.5: ink-2/ok-bg ink-3/info-bg ink-3/todo-bg link/todo-bg link/info-bg error/surface error/bg error-ink/error-bg ink/error-bg ink/marker
3: line-strong/surface line-strong/bg line-strong/sunken primary/surface primary/bg margin/surface margin/bg focus/bg focus/surface
"""


def palette(theme: str) -> dict[str, str]:
    sheet = Path(generate.SITE / "css" / "tokens.css").read_text("utf-8")
    block = sheet[sheet.index(theme) :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["clair", "sombre"])
def test_every_pair_of_colours_can_be_read(dark: bool) -> None:
    colours = palette(":root {") | (palette(':root[data-theme="dark"] {') if dark else {})
    for line in PAIRS.strip().splitlines():
        least, _, pairs = line.partition(": ")
        for pair in pairs.split():
            dimmer, brighter = sorted(luminance(colours[name]) for name in pair.split("/"))
            assert (brighter + 0.05) / (dimmer + 0.05) >= float(least), pair


def test_the_system_s_dark_is_the_chosen_dark() -> None:
    assert palette(':root:not([data-theme="light"]) {') == palette(':root[data-theme="dark"] {')
