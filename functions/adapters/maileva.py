"""Maileva (La Poste): paper letters, simple and registered, by its public API (mail/v2, registered_mail/v4, notification_center/v2).

    POST#<case>/<step>   SENDING   service, sending: the one draft that may be submitted for that letter

A letter is a draft (`sending`) that is filled with pages and an address, then submitted. Drafts cost nothing and go nowhere, so a
draft whose making failed is left behind. A complete one is written in the table before it is submitted, and no other is ever
submitted for that key: whatever times out, the next try asks what became of that very draft. Nothing leaves twice.

The credentials are one SSM parameter (SecureString, JSON): client_id, client_secret, username, password, and `callback`, the secret
part of the address at which Maileva tells us that something happened.
"""

import hmac
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from adapters import agency
from adapters.aws import Moved, get, put_after
from adapters.outside import Away, body
from recovery.case import CARRIER
from recovery.days import today
from recovery.postal import Envelope, Tracking
from recovery.refusals import Refusal

if TYPE_CHECKING:
    import httpx

SIMPLE, REGISTERED = "mail/v2", "registered_mail/v4"
REGISTERED_COUNTRIES = ("FR", "MC", "RE", "YT", "MQ", "GP", "MF", "BL", "GF")  # its registered letters go nowhere else
LARGEST = 20 * 1024 * 1024
ID = re.compile(r"[0-9A-Za-z-]{1,40}")
A_MARGIN = 30.0  # seconds before it expires, a token is not used any more
NOT_SENT = ("REJECTED", "CANCELED")
GONE = "Maileva ne retrouve plus cet envoi. Vérifiez sur son site s’il est parti avant de le refaire."
LINES = {"ADDRESS": "l’adresse du débiteur", "COUNTRY": "le pays du débiteur", "DOCUMENT": "le document", "SENDER": "l’adresse de l’agence"}
RETURNED = {"N02": "unknown", "N03": "unclaimed", "N05": "refused", "N07": "address"}
CAME_BACK = {"LP19": "unclaimed", "LP20": "address", "LP21": "unknown", "LP22": "refused", "LP25": "unclaimed"}  # said weeks before
TO_US = "LP17"  # « distribué à l'expéditeur »: nobody received it
# The kind of proof → the fields of a recipient that say it can be fetched, and the resource it is fetched from.
PROOFS = {
    "deposit": ("deposit_proof_url", "download_deposit_proof"),
    "content": ("content_proof_url", "download_content_proof"),
    "receipt": ("acknowledgement_of_receipt_url", "download_acknowledgement_of_receipt"),
    "returned": ("undelivered_mail_url", "download_undelivered_mail"),
}
EVENTS: dict[str, dict[str, tuple[str, ...]]] = {
    SIMPLE: {"sendings": ("ON_STATUS_ACCEPTED", "ON_STATUS_REJECTED", "ON_STATUS_PROCESSED")},
    REGISTERED: {
        "sendings": ("ON_STATUS_ACCEPTED", "ON_STATUS_REJECTED", "ON_STATUS_PROCESSED"),
        "recipients": (
            "ON_DEPOSIT_PROOF_RECEIVED",
            "ON_CONTENT_PROOF_RECEIVED",
            "ON_ACKNOWLEDGEMENT_OF_RECEIPT_RECEIVED",
            "ON_UNDELIVERED_MAIL_RECEIVED",
            "ON_MAIN_DELIVERY_STATUS_FIRST_PRESENTATION",
            "ON_MAIN_DELIVERY_STATUS_DELIVERED",
            "ON_MAIN_DELIVERY_STATUS_UNDELIVERED",
        ),
    },
}


class LetterRefused(Refusal):
    """It understood, and will not carry this letter. The sentence goes to the person who sees to it."""

    message = "Maileva refuse cet envoi."


# ------------------------------------------------------------------------------------------------ a letter


def carries(envelope: Envelope) -> bool:
    return not envelope.registered or envelope.country in REGISTERED_COUNTRIES


def send(pdf: bytes, key: str, envelope: Envelope) -> str:
    """Submits the letter once, however often it is asked under that key. Returns the receipt. Raises `LetterRefused`, `Away`."""
    known = get(f"POST#{key}", "SENDING") or claimed(key, REGISTERED if envelope.registered else SIMPLE, pdf, envelope)
    service, sending = known["service"], known["sending"]
    if status(service, sending) == "DRAFT":
        try:
            ask("POST", f"{service}/sendings/{sending}/submit")
        except LetterRefused:
            if status(service, sending) == "DRAFT":
                raise  # else another visit submitted it meanwhile
    return f"{CARRIER}{service}/{sending}"


def claimed(key: str, service: str, pdf: bytes, envelope: Envelope) -> Mapping[str, Any]:
    """A complete draft, written in the table; or the one that somebody else wrote first."""
    sending = identified(ask("POST", f"{service}/sendings", json=options(service, key, envelope)))
    try:
        told = {"priority": 1, "name": "lettre.pdf"}
        parts = {"document": ("lettre.pdf", pdf, "application/pdf"), "metadata": (None, json.dumps(told), "application/json")}
        ask("POST", f"{service}/sendings/{sending}/documents", files=parts)
        ask("POST", f"{service}/sendings/{sending}/recipients", json=recipient(key, envelope))
        known = {"service": service, "sending": sending}
        put_after(0, f"POST#{key}", "SENDING", known)
        return known
    except Moved:
        discard(service, sending)
        return get(f"POST#{key}", "SENDING") or {}
    except (Away, LetterRefused):
        discard(service, sending)
        raise


def discard(service: str, sending: str) -> None:
    """A draft that will not serve. One that stays harms nobody."""
    with suppress(Away, LetterRefused):
        ask("DELETE", f"{service}/sendings/{sending}")


def options(service: str, key: str, envelope: Envelope) -> dict[str, Any]:
    name, street, town = envelope.sender
    told: dict[str, Any] = {
        "name": key,
        "custom_id": custom_id(key),
        "custom_data": key,
        "color_printing": False,  # the letters are made to survive it
        "duplex_printing": True,
        "postage_type": "FAST",
        "sender_address_line_1": name[:38],
        "sender_address_line_4": street[:38],
        "sender_address_line_6": town[:38],
        "sender_country_code": "FR",
    }
    if service == SIMPLE:
        return told | {"treat_undelivered_mail": True, "envelope_windows_type": "SIMPLE"}
    # The blank zones of its registered letters are in its contract alone: its own address sheet is sure to suit the window.
    return told | {
        "acknowledgement_of_receipt": True,
        "returned_mail_scanning": True,
        "archiving_duration": 3,
        "optional_address_sheet": True,
    }


def recipient(key: str, envelope: Envelope) -> dict[str, Any]:
    """Line 6 is the town; a company is named on line 1, a person on line 2 where the others leave room for it."""
    *street, town = envelope.lines
    first = 1 if envelope.company or len(street) > 4 else 2
    lines = {f"address_line_{n}": line for n, line in enumerate(street, first)}
    return lines | {"address_line_6": town, "country_code": envelope.country, "custom_id": custom_id(key), "custom_data": key}


def custom_id(key: str) -> str:
    """36 signs at most; the whole key is in `custom_data`."""
    return key if len(key) <= 36 else sha256(key.encode()).hexdigest()[:36]


def status(service: str, sending: str) -> str:
    return str(ask("GET", f"{service}/sendings/{sending}").get("status", ""))


# ------------------------------------------------------------------------------------------------ what became of it


def tracking(key: str) -> Tracking | None:
    """All that Maileva knows of that letter now; `None` when we never gave it one under that key. Raises `Away`."""
    known = get(f"POST#{key}", "SENDING")
    if known is None:
        return None
    sending = ask("GET", f"{known['service']}/sendings/{known['sending']}")
    state, paper = str(sending.get("status", "")), the_recipient(known)
    if state in NOT_SENT or paper.get("status") == "REJECTED":
        return Tracking(refused=sentence(str(paper.get("status_detail") or sending.get("status_detail") or "")))
    steps = [each for each in paper.get("main_delivery_statuses") or [] if isinstance(each, dict)]
    presented, delivered, lost = (first_day(steps, name) for name in ("FIRST_PRESENTATION", "DELIVERED", "UNDELIVERED"))
    started = min((each for each in (presented, delivered, lost, first_day(steps, "DELIVERING")) if each), default=None)
    produced = day_of(sending.get("processed_date")) if known["service"] == SIMPLE and state.startswith("PROCESSED") else None
    return Tracking(
        posted_on=day_of(paper.get("deposit_proof_date")) or produced or started,
        number=str(paper.get("registered_number") or "")[:40] or None,
        presented_on=presented,
        delivered_on=delivered,
        returned_on=day_of(paper.get("undelivered_mail_date")) or lost,
        returned_reason=RETURNED.get(str(paper.get("undelivered_mail_reason")), came_back_for(steps)),
    )


def proofs(key: str) -> Iterator[tuple[str, bytes]]:
    """The kind and the bytes of each proof that can be fetched now. Raises `Away`."""
    known = get(f"POST#{key}", "SENDING")
    if known is None or known["service"] != REGISTERED:
        return
    paper = the_recipient(known)
    for proof, (there, resource) in PROOFS.items():
        if paper.get(there):
            path = f"{REGISTERED}/sendings/{known['sending']}/recipients/{identified(paper)}/{resource}"
            data = call("GET", path, accept="application/pdf")
            if not data.startswith(b"%PDF"):
                raise Away("a proof that is no PDF")
            yield proof, data


def the_recipient(known: Mapping[str, Any]) -> dict[str, Any]:
    """Each sending has one."""
    found = ask("GET", f"{known['service']}/sendings/{known['sending']}/recipients").get("recipients")
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
        raise Away("not one recipient")
    return found[0]


def first_day(steps: list[dict[str, Any]], category: str) -> date | None:
    days = (day_of(each.get("date")) for each in steps if each.get("category") == category and each.get("code") != TO_US)
    return min((each for each in days if each), default=None)


def came_back_for(steps: list[dict[str, Any]]) -> str:
    return next((CAME_BACK[code] for each in steps if (code := str(each.get("code"))) in CAME_BACK), "other")


def day_of(moment: Any) -> date | None:
    """The day in Paris. Raises `Away` on what is no date."""
    if not moment:
        return None
    try:
        at = datetime.fromisoformat(str(moment))
        return today(at) if at.tzinfo else at.date()
    except ValueError as odd:
        raise Away("an odd date") from odd


# ------------------------------------------------------------------------------------------------ how it tells us


def is_ours(secret: str) -> bool:
    """Whether a call at the address with that secret part comes from whom we gave it to."""
    ours = credentials().get("callback", "")
    return len(ours) >= 20 and hmac.compare_digest(secret.encode(), ours.encode())


def subscribe(site: str) -> int:
    """Asks to be told at our address of all that matters, once; returns how many subscriptions were lacking."""
    told = ask("GET", "notification_center/v2/subscriptions", params={"count": "500"}).get("subscriptions") or []
    callback = f"{site.rstrip('/')}/api/hear/maileva/{credentials()['callback']}"
    known = {(each.get("event_type"), each.get("resource_type")) for each in told if each.get("callback_url") == callback}
    lacking = [
        (event, f"{service}/{resource}")
        for service, resources in EVENTS.items()
        for resource, events in resources.items()
        for event in events
        if (event, f"{service}/{resource}") not in known
    ]
    for event, resource in lacking:
        wanted = {"event_type": event, "resource_type": resource, "callback_url": callback}
        ask("POST", "notification_center/v2/subscriptions", json=wanted)
    return len(lacking)


# ------------------------------------------------------------------------------------------------ how


def ask(method: str, path: str, **content: Any) -> dict[str, Any]:
    """One question, and the object it answers. Raises `LetterRefused` with a sentence, `Away` for all the rest."""
    data = call(method, path, **content)
    try:
        said = json.loads(data) if data.strip() else {}
    except (json.JSONDecodeError, UnicodeDecodeError) as odd:
        raise Away("not JSON") from odd
    if not isinstance(said, dict):
        raise Away("not an object")
    return said


def call(method: str, path: str, *, accept: str = "application/json", **content: Any) -> bytes:
    """Only what reads is tried again at once. What writes is tried again by the state machine, which looks first."""
    import httpx  # a third of a second of the start of a function that sends nothing

    url = f"{os.environ['MAILEVA_URL'].rstrip('/')}/{path}"
    for last in (False, True) if method == "GET" else (True,):
        headers = {"authorization": f"Bearer {token()}", "accept": accept}
        try:
            with http().stream(method, url, headers=headers, **content) as response:
                data, code = body(response, LARGEST), response.status_code
        except httpx.HTTPError as fault:
            if last:
                raise Away(type(fault).__name__) from fault
            continue
        if code < 300:
            return data
        if code == 401:
            forget()  # the next question asks for another token
        if code == 404 and "/sendings/" in path:
            raise LetterRefused(GONE)
        if code in (400, 409, 413, 422):
            raise LetterRefused(sentence(data.decode("utf-8", "replace")))
        if last or (code < 500 and code not in (401, 429)):
            raise Away(f"status {code}")
    raise Away("no answer")


def sentence(said: str) -> str:
    """Its code is in English and its message for a programmer: a person reads what to look at, and the code to quote."""
    codes = re.findall(r"\b[A-Z]{3,}(?:_[A-Z0-9]+)+\b", said)
    what = next((words for code in codes for word, words in LINES.items() if word in code), "")
    quoted = f" ({codes[0]})" if codes else ""
    return f"Maileva refuse cet envoi{quoted}. " + (f"Vérifiez {what}." if what else "Vérifiez l’envoi avec son assistance.")


def identified(said: Mapping[str, Any]) -> str:
    found = str(said.get("id", ""))
    if not ID.fullmatch(found):
        raise Away("an odd id")
    return found


_token: list[tuple[str, float]] = []


def token() -> str:
    """Kept until shortly before it expires. A wrong password is `Away`: nobody's letter is at fault."""
    import httpx

    if _token and time.monotonic() < _token[0][1]:
        return _token[0][0]
    given = {name: credentials()[name] for name in ("client_id", "client_secret", "username", "password")}
    address = f"{os.environ['MAILEVA_SIGN_IN'].rstrip('/')}/auth/realms/services/protocol/openid-connect/token"
    try:
        response = http().post(address, data={"grant_type": "password", **given})
        said = response.json() if response.status_code == 200 else {}
        access, lives = str(said["access_token"]), float(said["expires_in"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
        raise Away("no token") from fault
    _token[:] = [(access, time.monotonic() + lives - A_MARGIN)]
    return access


def credentials() -> dict[str, str]:
    found: dict[str, str] = json.loads(agency.parameter(os.environ["MAILEVA"], decrypt=True))
    return found


@cache
def http() -> "httpx.Client":
    import httpx

    return httpx.Client(timeout=httpx.Timeout(8.0, connect=3.0), follow_redirects=False)


def forget() -> None:
    _token.clear()
