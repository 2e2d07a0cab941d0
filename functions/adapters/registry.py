"""The public registers: companies (« Recherche d’entreprises »), legal notices (BODACC), addresses (Base adresse nationale).

All three are open and without a key. Their addresses are settings; an empty one is a service that is not asked. Whatever goes wrong
is `Away`: late, limited, broken, or saying what nobody understands. Nobody waits for it: a person reads « non vérifié ».

    REGISTER#<service>#<fingerprint of the question>   ANSWER   what was answered, for a while

Of an answer only what recovery/company.py keeps is stored: no director, nothing of a person who asked not to be shown.
"""

import json
import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.aws import alive, get, put, seconds
from adapters.outside import Away, body
from recovery.checks import Seen
from recovery.company import Address, Company, Located, readable, street
from recovery.insolvency import Notice
from recovery.invoices.written import day as written_day
from recovery.parties import Party
from recovery.stored import build, plain

if TYPE_CHECKING:
    import httpx

AGENT = "Reglo (recouvrement amiable)"
LARGEST = 2 * 1024 * 1024
TRIES, PAUSE = 2, 0.25
APART = 0.15  # seconds between two questions to one service: seven a second at most (law.md 9.1)
LEFT_ALONE = 20.0  # seconds during which a service that was away is not waited for again
KEPT = {"companies": timedelta(hours=24), "notices": timedelta(hours=6), "addresses": timedelta(days=30)}
T = TypeVar("T")


# ------------------------------------------------------------------------------------------------ what is asked


def company(siren: str, now: datetime) -> Company | None:
    """`None` when the register does not know that number, or its holder asked not to be found. Raises `Away`."""
    found = ask("companies", {"q": siren, "page": "1", "per_page": "1"}, now, companies_of)
    return next((build(Company, each) for each in found if each["siren"] == siren), None)


def search(words: str, now: datetime) -> tuple[Company, ...]:
    """Companies of that name, likeliest first. Raises `Away`."""
    found = ask("companies", {"q": words, "page": "1", "per_page": "10"}, now, companies_of)
    return tuple(build(Company, each) for each in found)


def notices(siren: str, now: datetime) -> tuple[Notice, ...]:
    """Every legal notice about that company, newest first. Raises `Away`."""
    question = {"where": f'registre like "{siren}"', "order_by": "dateparution desc", "limit": "100"}
    return tuple(build(Notice, each) for each in ask("notices", question, now, notices_of))


def locate(asked: Address, now: datetime) -> Located | None:
    """The nearest address of the base, with its likeness. `None` when nothing is near. Raises `Away`."""
    question = {
        "q": " ".join(f"{asked.line1 or asked.line2} {asked.postcode} {asked.city}".split())[:200],
        "limit": "1",
        "autocomplete": "0",
    }
    if re.fullmatch(r"\d{5}", asked.postcode):
        question["postcode"] = asked.postcode
    found = ask("addresses", question, now, addresses_of)
    return build(Located, found[0]) if found else None


def look_up(debtor: Party, now: datetime, *, address: bool = True) -> Seen:
    """All that the registers say of a debtor, or of its number alone; what does not answer is named, never waited for."""
    unverified: set[str] = set()

    def tried(service: str, question: Callable[[], T], otherwise: T) -> T:
        try:
            return question()
        except Away:
            unverified.add(service)
            return otherwise

    french, number = debtor.country in ("FR", ""), debtor.siren
    asked = Address(line1=debtor.line1, line2=debtor.line2, postcode=debtor.postcode, city=debtor.city)
    return Seen(
        company=tried("companies", lambda: company(number, now), None) if french and number else None,
        notices=tried("notices", lambda: notices(number, now), ()) if french and number else (),
        address=tried("addresses", lambda: locate(asked, now), None) if french and address else None,
        unverified=frozenset(unverified),
    )


# ------------------------------------------------------------------------------------------------ how


_last: dict[str, float] = {}
_away_until: dict[str, float] = {}


def url_of(service: str) -> str:
    return {"companies": os.environ["COMPANIES_URL"], "notices": os.environ["NOTICES_URL"], "addresses": os.environ["ADDRESSES_URL"]}[
        service
    ]


def ask(service: str, question: Mapping[str, str], now: datetime, read: Callable[[Any], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What that service answers, as we keep it: from the table while it is fresh, else from outside."""
    key = sha256(json.dumps([service, dict(question)], sort_keys=True).encode()).hexdigest()
    known = get(f"REGISTER#{service}#{key}", "ANSWER")
    if known and alive(known, now):
        kept: list[dict[str, Any]] = json.loads(known["said"])
        return kept
    url = url_of(service)
    if not url or time.monotonic() < _away_until.get(service, 0):
        raise Away(service)
    try:
        said = read(answer(url, question, key))
    except Away:
        _away_until[service] = time.monotonic() + LEFT_ALONE
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as odd:
        raise Away(f"{service}: {type(odd).__name__}") from odd
    put(f"REGISTER#{service}#{key}", "ANSWER", {"said": json.dumps(said, ensure_ascii=False), "expires": seconds(now + KEPT[service])})
    return said


def answer(url: str, question: Mapping[str, str], key: str) -> Any:
    """One question, asked again once when the service says it is busy or does not answer. Raises `Away`."""
    import httpx  # a third of a second of the start of a function that asks nothing

    for attempt in range(TRIES):
        wait_for_turn(url)
        pause = PAUSE * (1 + attempt) * (1 + int(key[:2], 16) / 255)  # spread by the question: no chance below the entry points
        try:
            with http().stream("GET", url, params=dict(question)) as response:
                if response.status_code == 200:
                    return json.loads(body(response, LARGEST), parse_float=Decimal)
                if response.status_code < 500 and response.status_code != 429:
                    raise Away(f"status {response.status_code}")
                pause = min(2.0, max(pause, retry_after(response.headers.get("retry-after", ""))))
        except (httpx.HTTPError, httpx.InvalidURL, json.JSONDecodeError, UnicodeDecodeError):
            pass  # tried again, then away: which of these it was helps nobody
        if attempt + 1 < TRIES:
            time.sleep(pause)
    raise Away("no answer")


def retry_after(said: str) -> float:
    return float(said) if re.fullmatch(r"\d{1,4}", said) else 0.0


def wait_for_turn(url: str) -> None:
    host = url.split("/")[2] if "//" in url else url
    time.sleep(max(0.0, _last.get(host, 0.0) + APART - time.monotonic()))
    _last[host] = time.monotonic()


@cache
def http() -> "httpx.Client":
    import httpx

    patience = httpx.Timeout(2.5, connect=1.5)
    return httpx.Client(timeout=patience, headers={"user-agent": AGENT, "accept": "application/json"}, follow_redirects=False)


def forget() -> None:
    """A test that changes the services begins anew."""
    _last.clear()
    _away_until.clear()
    http.cache_clear()


# ------------------------------------------------------------------------------------------------ what they say


def companies_of(said: Any) -> list[dict[str, Any]]:
    return [plain_company(each) for each in said["results"] if re.fullmatch(r"\d{9}", str(each.get("siren")))]


def plain_company(said: Mapping[str, Any]) -> dict[str, Any]:
    """Every field may be null. A holder who asked not to be shown (`statut_diffusion` other than O) keeps neither name nor address."""
    seat, extra = said.get("siege") or {}, said.get("complements") or {}
    shown = said.get("statut_diffusion", "O") in ("O", None)
    form = str(said.get("nature_juridique") or "")
    finances = said.get("finances") or {}
    year = max((each for each in finances if str(each).isdigit()), default=None)
    figures = finances.get(year) or {}
    registered = said.get("immatriculation") or {}
    kept: dict[str, Any] = plain(
        {
            "siren": said["siren"],
            "name": readable_name(said) if shown else "",
            "acronym": str(said.get("sigle") or "") if shown else "",
            "form_code": form,
            "siret": str(seat.get("siret") or ""),
            "address": seat_address(seat) if shown else None,
            "active": said.get("etat_administratif") != "C",
            "created": iso(said.get("date_creation")) or iso(seat.get("date_creation")),
            "ceased": iso(said.get("date_fermeture")) or iso(registered.get("date_radiation")),
            "activity": str(said.get("activite_principale") or ""),
            "shown": shown,
            "sole_trader": bool(extra.get("est_entrepreneur_individuel")) or form.startswith("1"),
            "capital": amount(registered.get("capital_social")),
            "turnover": amount(figures.get("ca")),
            "result": amount(figures.get("resultat_net")),
            "year": int(year) if year else None,
        }
    )
    return kept


def readable_name(said: Mapping[str, Any]) -> str:
    return str(said.get("nom_raison_sociale") or said.get("nom_complet") or "").strip()


def seat_address(seat: Mapping[str, Any]) -> dict[str, str] | None:
    parts = {name: "" if said is None or str(said).startswith("[ND") else str(said).strip() for name, said in seat.items()}
    city = parts.get("libelle_cedex") or parts.get("libelle_commune", "")
    line = street(
        parts.get("numero_voie", ""), parts.get("indice_repetition", ""), parts.get("type_voie", ""), parts.get("libelle_voie", "")
    )
    more = " ".join(readable(parts[name]) for name in ("complement_adresse", "distribution_speciale") if parts.get(name))
    if not city:
        return None
    return {
        "line1": line or more,
        "line2": more if line else "",
        "postcode": parts.get("code_postal", ""),
        "city": readable(city)[:1].upper() + readable(city)[1:],
    }


def notices_of(said: Any) -> list[dict[str, Any]]:
    return [plain(plain_notice(each)) for each in said["results"] if each.get("dateparution")]


def plain_notice(said: Mapping[str, Any]) -> dict[str, Any]:
    judgment, before = inner(said.get("jugement")), inner(said.get("parutionavisprecedent"))
    return {
        "id": str(said["id"]),
        "family": str(said.get("familleavis") or ""),
        "status": str(said.get("typeavis") or "annonce"),
        "published_on": date.fromisoformat(str(said["dateparution"])[:10]),
        "court": str(said.get("tribunal") or ""),
        "stage": str(judgment.get("famille") or ""),
        "nature": str(judgment.get("nature") or ""),
        "judged_on": iso(judgment.get("date")),
        "text": str(judgment.get("complementJugement") or "")[:2000],
        "url": url if (url := str(said.get("url_complete") or "")).startswith("https://") else "",
        "mends": number_of(before),
    }


def number_of(notice: Mapping[str, Any]) -> str:
    """`A202600501234`: the letter of the bulletin, its number, the number of the notice. Empty when one is missing."""
    parts = str(notice.get("nomPublication") or "")[-1:], str(notice.get("numeroParution") or ""), str(notice.get("numeroAnnonce") or "")
    return "".join(parts) if all(parts) else ""


def inner(said: Any) -> dict[str, Any]:
    """Some fields are JSON inside a string."""
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except json.JSONDecodeError:
            return {}
    return said if isinstance(said, dict) else {}


def addresses_of(said: Any) -> list[dict[str, Any]]:
    return [plain(plain_address(each["properties"])) for each in said["features"][:1]]


def plain_address(said: Mapping[str, Any]) -> dict[str, Any]:
    place = {"line1": str(said.get("name") or ""), "postcode": str(said.get("postcode") or ""), "city": str(said.get("city") or "")}
    return {"address": place, "score": Decimal(str(said["score"])), "precision": str(said.get("type") or "")}


def iso(said: Any) -> date | None:
    """`2026-03-17`, or the words of a notice: `17 mars 2026`."""
    return written_day(str(said)[:40]) if said else None


def amount(said: Any) -> Decimal | None:
    return Decimal(str(said)) if said is not None and re.fullmatch(r"-?\d{1,15}(\.\d+)?", str(said)) else None
