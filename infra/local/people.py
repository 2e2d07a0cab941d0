"""The people of the product, played over HTTP as their browsers would: for `reglo demo` and the tests of the whole.

They know the address of the site, read their mail in the outbox of the engine, and have no other door.
"""

import email
import email.policy
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import httpx

from infra.local.running import Engine

STAFF = "ines@reglo.example"
CREDITOR = "compta@creancier.example"
Json = dict[str, Any]
T = TypeVar("T")


class Refused(Exception):
    """The product said no: `status`, and the problem document."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.problem: Json = answer.json() if "json" in answer.headers.get("content-type", "") else {"title": answer.text[:500]}
        super().__init__(f"{answer.request.method} {answer.request.url.path} → {self.status}: {self.problem}")


class Browser:
    """One person's browser and its cookies. Whoever gave an address signs in again when the session is over, as people do."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.address = engine, ""
        brief = httpx.Limits(max_keepalive_connections=0)  # nobody closes a browser
        self.http = httpx.Client(base_url=engine.origin, headers={"origin": engine.origin}, timeout=60, trust_env=False, limits=brief)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON answer, `None` when it is empty. Raises `Refused`."""
        answer = self.http.request(method, path, json=body, headers=headers)
        if answer.status_code == 401 and self.address and path != "/api/sessions":
            self.sign_in(self.address)
            answer = self.http.request(method, path, json=body, headers=headers)
        if answer.status_code >= 400:
            raise Refused(answer)
        return answer.json() if answer.content else None

    def sign_in(self, address: str) -> Json:
        """Asks for a link, reads it in the mail, presses its button."""
        self.address = address
        before = len(mails(self.engine))
        self.ask("POST", "/api/sign-in", {"email": address})
        token = link(self.engine, address, "connexion", after=before)
        return self.ask("POST", "/api/sessions", {"token": token})  # type: ignore[no-any-return]


def mail_files(engine: Engine) -> list[Path]:
    """Everything that left, oldest first: the names sort by the hour of sending."""
    return sorted((engine.data / "outbox").glob("*.eml"))


def parsed(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def mails(engine: Engine) -> list[EmailMessage]:
    return [parsed(file) for file in mail_files(engine)]


def link(engine: Engine, address: str, page: str, *, after: int = 0) -> str:
    """The token of the last link to that page which this person received. Waits for it."""

    def found() -> str | None:
        for mail in reversed(mails(engine)[after:]):
            if address.lower() in str(mail["to"]).lower() and (match := re.search(rf"/{page}#([\w.~-]+)", words(mail))):
                return match[1]
        return None

    return until(found, f"a link to /{page} for {address}")


def words(mail: EmailMessage) -> str:
    """The plain text a reader sees."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def until(what: Callable[[], T | None], why: str, seconds: float = 60) -> T:
    """Asks again until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (got := what()) is not None:
            return got
        time.sleep(0.05)
    raise TimeoutError(f"never happened: {why}")


@dataclass
class HandedOver:
    """A draft as its owner sees it. `corrected` tells which fields a person had to fill or mend."""

    browser: Browser
    draft: str
    fields: Json
    reading: Json
    ref: str = ""
    corrected: list[str] = field(default_factory=list)


MEDIA = {".pdf": "application/pdf", ".xml": "application/xml"}


def drop(engine: Engine, invoice: Path) -> HandedOver:
    """Uploads the invoice as the page does and has it read. Raises `Refused` for a file that is none."""
    browser = Browser(engine)
    data, kind = invoice.read_bytes(), MEDIA.get(invoice.suffix.lower(), "application/octet-stream")
    answer = browser.ask("POST", "/api/uploads", {"name": invoice.name, "size": len(data), "type": kind})
    form = answer["upload"]
    stored = httpx.post(form["url"], data=form["fields"], files={"file": (invoice.name, data, kind)}, timeout=60, trust_env=False)
    if stored.status_code >= 400:
        raise Refused(stored)
    id = answer["draft"].partition(".")[0]
    read = browser.ask("POST", f"/api/drafts/{id}/reading", {}, authorization=f"Draft {answer['draft']}")
    return HandedOver(browser, answer["draft"], dict(read["fields"]), read)


def check(handed: HandedOver, answers: Json) -> Json:
    """Fills what was not read, mends what is refused with `answers`, until the form is accepted. Returns the draft with its quote."""
    id = handed.draft.partition(".")[0]
    for name, value in answers.items():
        if not handed.fields.get(name) and not name.startswith("still_"):  # confirmed when it is asked
            handed.fields[name] = value
            handed.corrected.append(name)
    for _ in range(4):
        try:
            return handed.browser.ask("PUT", f"/api/drafts/{id}", {"fields": handed.fields}, authorization=f"Draft {handed.draft}")  # type: ignore[no-any-return]
        except Refused as refused:
            wrong = [error["field"] for error in refused.problem.get("errors", []) if error["field"] in answers]
            if not wrong or all(handed.fields[name] == answers[name] for name in wrong):
                raise
            if "debtor_siren" in wrong:
                wrong.append("debtor_kind")  # another number is another debtor: the one of the answers
            for name in wrong:
                handed.fields[name] = answers[name]
                handed.corrected.append(name)
    raise TimeoutError("the form is still refused after four corrections")


def accept(handed: HandedOver, name: str, role: str) -> str:
    """Accepts the mandate, opens the e-mailed link and presses its button. Returns the state: opened, or waiting_agency."""
    id = handed.draft.partition(".")[0]
    before = len(mails(handed.browser.engine))
    body = {"signatory": {"name": name, "role": role}}
    answer = handed.browser.ask("POST", f"/api/drafts/{id}/mandate", body, authorization=f"Draft {handed.draft}")
    token = link(handed.browser.engine, handed.fields["creditor_email"], "confirmer", after=before)
    confirmed = handed.browser.ask("POST", "/api/confirmations", {"token": token})
    handed.browser.address = handed.fields["creditor_email"]
    handed.ref = answer["ref"]
    return str(confirmed["state"])


def approve_creditor(staff: Browser, handed: HandedOver) -> None:
    """One click in the work list, after comparing register, e-mail domain and IBAN holder."""
    draft = handed.draft.partition(".")[0]
    staff.ask("POST", f"/api/desk/submissions/{draft}/approve", {})
