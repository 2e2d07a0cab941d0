"""Writes what is derived: the site, from its pages, the agency's profile, the ladder, the law and the fee grid.

    site/*.html  +  templates/pages/_*.html   →   build/site/*.html        pages, one address each
    site/{css,js,fonts}/*, site/icon.svg      →   build/site/assets/*      named by the hash of their bytes, kept for a year

No figure is typed in a page: rungs and days come from `ladder.toml`, rates and articles from `law.toml`, prices from `fees.toml`.
French spacing is set here, in text nodes only, so that pages are written with plain spaces.
"""

import argparse
import json
import re
import shutil
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from infra.rulebook import rulebook
from recovery import french
from recovery.agency import Agency, from_json
from recovery.amounts import Claim, statement
from recovery.days import DAY
from recovery.events import Invoice
from recovery.fees import GRID, fee, rate_for
from recovery.kinds import kinds
from recovery.ladder import policies
from recovery.law import law, limitations, quote
from recovery.mandate import INSTALMENTS

ROOT = Path(__file__).parent.parent
SITE, LAYOUTS, LOCAL_AGENCY = ROOT / "site", ROOT / "templates" / "pages", ROOT / "infra" / "local" / "agency.json"
RATES_SHOWN = 6  # semesters on « Notre méthode »
WORDS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")


def main(out: str | Path = "build/site", agency: str | Path = LOCAL_AGENCY, on: date | None = None) -> None:
    """Renders the whole site into `out`. `agency` is the path of a profile; `on` is the day of the rates shown, today by default."""
    to = ROOT / out
    pages = render(from_json(json.loads(Path(agency).read_text("utf-8"))), on or last_known(datetime.now(french.PARIS).date()))
    fresh = to.with_name(to.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, content in pages.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    shutil.rmtree(to, ignore_errors=True)
    fresh.rename(to)


def render(agency: Agency, on: date) -> dict[str, bytes]:
    """Every file of the site by its path."""
    assets = Assets()
    env = Environment(
        loader=FileSystemLoader([SITE, LAYOUTS]), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.filters |= {
        "eur": french.euros,
        "pct": french.percent,
        "pct_bare": lambda rate: french.percent(rate).removesuffix(f"{french.NO_BREAK}%"),
        "day": french.day,
        "tel": lambda number: "tel:" + re.sub(r"^0", "+33", re.sub(r"[^\d+]", "", number)),
        "words": lambda count: WORDS[count],
    }
    env.globals |= {"asset": assets.address, "agency": agency, **facts(on)}
    icons = dict(re.findall(r"^([\w-]+):\s*(.+)$", (LAYOUTS / "icons.txt").read_text("utf-8"), re.MULTILINE))
    pages = {
        path.name: tidy(sprite(typeset(env.get_template(path.name).render(page=path.stem)), icons, assets.icons)).encode()
        for path in sorted(SITE.glob("*.html"))
    }
    return pages | assets.files


# ------------------------------------------------------------------------------------------------ what the pages know


def last_known(today: date) -> date:
    """Today, or the last day whose rates are known: a page shows the law it knows, and says of which day."""
    ends = law["ecb_rate"].values[-1].last
    return min(today, ends) if ends else today


def facts(on: date) -> dict[str, Any]:
    """The figures of the pages, each read where it is decided."""
    rungs = {name: with_days(name) for name in policies}
    semesters = [dated for dated in law["ecb_rate"].values if dated.first <= on][-RATES_SHOWN:][::-1]
    return {
        "zero": Decimal(0),
        "kinds": [(kind.id, kind.label) for kind in kinds.values() if not kind.refused],
        "today": on,
        "instalments": INSTALMENTS,
        "every_kind": [(kind.id, kind.label) for kind in kinds.values()],  # those we refuse too: their sentence says what to do instead
        "policies": [{"id": name, "label": policy.label, "rungs": rungs[name]} for name, policy in policies.items()],
        "rungs": rungs["professional"],
        "rung": {rung["id"]: rung for rung in rungs["professional"]},
        "fees": {
            "columns": GRID["amounts"]["labels"],
            "rows": [(row["label"], [Decimal(rate) for rate in row["rates"]]) for row in GRID["age"]],
            "lowest": Decimal(min(min(row["rates"]) for row in GRID["age"])),
            "highest": Decimal(max(max(row["rates"]) for row in GRID["age"])),
            "consumer": Decimal(GRID["supplement"]["b2c"]),
        },
        "law": {
            "rate": law["ecb_rate"].value(on) + law["late_interest_margin"].value(on),
            "rates": [(dated, dated.value + law["late_interest_margin"].value(dated.first)) for dated in semesters],
            "margin": law["late_interest_margin"].value(on),
            "indemnity": law["fixed_indemnity"].value(on),
            "years_b2b": int(limitations["COMM5"].value(on)),
            "years_b2c": int(limitations["CONS2"].value(on)),
            "l111_8": [quote("l111_8_2", on), quote("l111_8_3", on)],
        },
        "sample": worked_example(on, Decimal(1920), days_late=75)["statement"],
        "rulebook": rulebook(on),
        "example": worked_example(on, Decimal(3480), days_late=90),
    }


def with_days(policy: str) -> list[dict[str, Any]]:
    """The rungs of a policy with their day counted from the opening, as « J + 20 » says it."""
    day, rungs = 0, []
    for rung in policies[policy].rungs:
        day += rung.days
        rungs.append({"id": rung.id, "label": rung.label, "short": rung.short, "channel": rung.channel, "by": rung.by, "days": rung.days,
                      "day": day, "sentence": rung.sentence, "source": rung.source, "answer": rung.answer})  # fmt: skip
    return rungs


def worked_example(on: date, amount: Decimal, days_late: int) -> dict[str, Any]:
    """One invoice paid in full that day: the same arithmetic as a real case."""
    due = on - days_late * DAY
    invoice = Invoice(number="2026-117", issued=due - 30 * DAY, due=due, amount=amount)
    owed = statement(Claim(regime="b2b", invoices=(invoice,)), on)
    return {"on": on, "due": due, "statement": owed, "fee": fee(owed.balance, rate_for(amount, due, on), on)}


# ------------------------------------------------------------------------------------------------ what the files become


class Assets:
    """Files under /assets/, named by their hash: what a file refers to is named first."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.named: dict[str, str] = {}
        self.icons: dict[str, set[str]] = {}  # address of a module → the icons it, or a module it imports, draws
        for path in (SITE / "fonts").glob("OFL-*.txt"):  # a licence travels with its font, under its own name
            self.files[f"assets/{path.name}"] = path.read_bytes()

    def address(self, name: str) -> str:
        if name not in self.named:
            path = SITE / name
            content = path.read_bytes()
            if path.suffix == ".css":
                content = re.sub(rb'url\("([^":]+)"\)', self._within(path, b'url("%s")'), content)
            if path.suffix == ".js":
                content = re.sub(rb'(?<=from )"(\./[\w.]+)"', self._within(path, b'"%s"'), without_comments(content))
                content = re.sub(rb'(?<=import\()"(\./[\w.]+)"', self._within(path, b'"%s"'), content)  # one that is fetched when it serves
            hashed = f"assets/{path.stem}.{sha256(content).hexdigest()[:10]}{path.suffix}"
            self.files[hashed], self.named[name] = content, f"/{hashed}"
            imported = re.findall(r'(?<=from )"([^"]+)"', content.decode()) if path.suffix == ".js" else []
            drawn = re.findall(r'\bicon\("([\w-]+)"', content.decode()) if path.suffix == ".js" else []
            self.icons[f"/{hashed}"] = set(drawn).union(*(self.icons[module] for module in imported))
        return self.named[name]

    def _within(self, path: Path, form: bytes) -> Any:
        def named(found: re.Match[bytes]) -> bytes:
            target = (path.parent / found[1].decode()).resolve().relative_to(SITE.resolve())
            return form % self.address(target.as_posix()).encode()

        return named


def without_comments(module: bytes) -> bytes:
    """Whole-line comments stay in the source: visitors do not pay for them."""
    return re.sub(rb"^[ \t]*//.*\n", b"", module, flags=re.MULTILINE)


def typeset(html: str) -> str:
    """French spacing and apostrophes, in text nodes only."""
    out, inside = [], 0
    for part in re.split(r"(<[^>]+>)", html):
        if part.startswith("<"):
            inside += bool(re.match(r"<(script|style|pre|code)\b", part)) - bool(re.match(r"</(script|style|pre|code)\b", part))
        elif not inside:
            part = part.replace("&#39;", "’").replace("'", "’")
            part = re.sub(r" ([;:?!»%€])", rf"{french.NO_BREAK}\1", part)
            part = part.replace("« ", f"«{french.NO_BREAK}").replace("J + ", f"J{french.NO_BREAK}+{french.NO_BREAK}")
            part = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", french.NO_BREAK, part)
            part = re.sub(r"\b([nN]°|art\.|article|articles|alinéa|M\.|Mme) (?=[A-ZLRD\d])", rf"\1{french.NO_BREAK}", part)
            part = re.sub(r"(?<=\d) h – (?=\d)", f"{french.NO_BREAK}h{french.NO_BREAK}–{french.NO_BREAK}", part)
            part = re.sub(r"(?<=\d) (?=(h|ans|mois|jours|Mo|points)\b)", french.NO_BREAK, part)
        out.append(part)
    return "".join(out)


def sprite(html: str, icons: dict[str, str], drawn_by: dict[str, set[str]]) -> str:
    """The icons a page and its modules use, drawn once. A page whose icons come with its data (`<!--sprite:all-->`) gets them all."""
    used = set(re.findall(r'href="#i-([\w-]+)"', html)).union(
        *(drawn_by[module] for module in re.findall(r'<script[^>]* src="([^"]+)"', html))
    )
    if "<!--sprite:all-->" in html:
        used = set(icons)
    symbols = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{icons[name]}</symbol>' for name in sorted(used))
    drawn = f'<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">{symbols}</svg>'
    return html.replace("<!--sprite:all-->", "").replace("<!--sprite-->", drawn)


def tidy(html: str) -> str:
    return re.sub(r"\n\s*\n+", "\n", html)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", default="build/site")
    parser.add_argument("--agency", default=LOCAL_AGENCY, help="the agency's profile, JSON")
    chosen = parser.parse_args()
    main(chosen.out, chosen.agency)
