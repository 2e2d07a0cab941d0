"""The API as a browser meets it: events of the HTTP API in, cookies kept, through the deployed handler. E-mails land in a list.

The two functions that the API calls run here, in process: the real reader and the real document maker.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

SAMPLES = Path(__file__).parents[1] / "samples" / "invoices"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SITE = "https://reglo.example"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def errors(self) -> dict[str, str]:
        return {error["field"]: error["message"] for error in self.json.get("errors", [])}


@dataclass
class Browser:
    """One visitor: a cookie jar and an address."""

    address: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=dict)
    draft: str = ""
    dropped: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        from api import handler

        sent = {"host": "reglo.example", "accept": "application/json"} | headers
        if method != "GET":
            sent.setdefault("content-type", "application/json")
        if self.draft:
            sent.setdefault("authorization", f"Draft {self.draft}")
        event = {
            "version": "2.0",
            "routeKey": "ANY /api/{proxy+}",
            "rawPath": path.partition("?")[0],
            "rawQueryString": path.partition("?")[2],
            "headers": sent,
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "requestContext": {
                "http": {
                    "method": method,
                    "path": path.partition("?")[0],
                    "protocol": "HTTP/1.1",
                    "sourceIp": self.address,
                    "userAgent": "test",
                },
                "stage": "$default",
                "domainName": "reglo.example",
                "apiId": "api",
                "accountId": "123456789012",
                "requestId": "r",
                "routeKey": "ANY /api/{proxy+}",
                "time": "24/Nov/2026:09:30:00 +0000",
                "timeEpoch": 0,
            },
            "body": json.dumps(body) if body is not None else None,
            "isBase64Encoded": False,
        }
        answer = handler(event, SimpleNamespace(aws_request_id="0123456789abcdef", function_name="api", memory_limit_in_mb=1024))  # type: ignore[arg-type]
        for cookie in answer.get("cookies") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        assert not answer.get("isBase64Encoded"), "text travels as text"
        return Answer(answer["statusCode"], answer["headers"], answer.get("body") or "")

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.ask("POST", path, body or {}, **headers)

    def put(self, path: str, body: Any) -> Answer:
        return self.ask("PUT", path, body)

    @property
    def id(self) -> str:
        return self.draft.partition(".")[0]

    # what people do

    def drops(self, data: bytes, name: str = "facture.pdf") -> Answer:
        """Asks for an upload, posts the file to the store, and has it read."""
        from adapters.aws import client

        asked = self.post("/api/uploads", {"name": name, "size": len(data), "type": ""})
        if asked.status != 201:
            return asked
        self.draft = asked.json["draft"]
        client("s3").put_object(Bucket="reglo-uploads", Key=asked.json["upload"]["fields"]["key"], Body=data)
        return self.post(f"/api/drafts/{self.id}/reading")

    def drops_many(self, *files: tuple[str, bytes]) -> Answer:
        """Each file on its own, archives opened, then everything put together. The drafts' tokens stay in `dropped`."""
        self.dropped = []
        for name, data in files:
            answer = self.drops(data, name)
            self.dropped.append(self.draft)
            for member in answer.json.get("drafts", []):
                self.draft = member["draft"]
                self.dropped.append(self.draft)
                self.post(f"/api/drafts/{self.id}/reading")
        self.draft = ""
        return self.post("/api/groups", {"drafts": self.dropped})

    def types(self, **fields: str) -> Answer:
        """The samples are old: the kind of the claim is chosen, as the page asks."""
        return self.put(f"/api/drafts/{self.id}", {"fields": {"kind": "service"} | fields})

    def accepts(self, name: str = "Camille Berthelot", role: str = "gérante") -> Answer:
        return self.post(f"/api/drafts/{self.id}/mandate", {"signatory": {"name": name, "role": role}})

    def signs_in(self, email: str, outbox: "Outbox") -> "Browser":
        self.post("/api/sign-in", {"email": email})
        self.post("/api/sessions", {"token": outbox.link("connexion", email)})
        return self


@dataclass
class Outbox:
    messages: list[EmailMessage] = field(default_factory=list)

    def to(self, email: str) -> list[EmailMessage]:
        return [message for message in self.messages if message["To"] == email]

    def words(self, message: EmailMessage) -> str:
        part = message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def link(self, page: str, email: str) -> str:
        """The token of the newest link to that page."""
        for message in reversed(self.to(email)):
            words = self.words(message)
            if f"/{page}#" in words:
                return words.partition(f"/{page}#")[2].split()[0]
        raise AssertionError(f"no link to /{page} for {email}")


@dataclass
class Clock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    from adapters import clock as real

    moved = Clock()
    monkeypatch.setattr(real, "now", moved.now)
    return moved


@pytest.fixture(autouse=True)
def outbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """What SES was given: the fake one takes the message, and we read it."""
    from adapters import mail

    box, send = Outbox(), mail.send

    def sent(eml: bytes, to: str | None = None) -> str:
        message = message_from_bytes(eml, policy=policy.default)
        assert isinstance(message, EmailMessage)
        box.messages.append(message)
        return send(eml, to)

    monkeypatch.setattr(mail, "send", sent)
    return box


@pytest.fixture(autouse=True)
def workshops(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import documents
    import read_invoice
    import recognise
    import unpack
    from adapters import workshops

    handlers: dict[str, Callable[[dict[str, Any], Any], Any]] = {
        "read-invoice": read_invoice.handler,
        "recognise": recognise.handler,
        "unpack": unpack.handler,
        "documents": documents.handler,
    }
    context = SimpleNamespace(function_name="", memory_limit_in_mb=1024, invoked_function_arn="", aws_request_id="1")

    def call(function: str, event: dict[str, Any]) -> dict[str, Any]:
        asked = json.loads(json.dumps(event))  # what cannot travel fails here too
        try:
            return json.loads(json.dumps(handlers[function](asked, context)))  # type: ignore[no-any-return]
        except Exception as error:
            raise workshops.WorkshopFailed(function, type(error).__name__) from error

    monkeypatch.setattr(workshops, "call", call)


@pytest.fixture
def nobody() -> Browser:
    return Browser()


@pytest.fixture
def invoice() -> bytes:
    """A Factur-X of a French company to another, due long enough ago."""
    return (SAMPLES / "fx-fr-hotel-balance-due.pdf").read_bytes()


CREDITOR, DEBTOR_SIREN, NUMBER = "123456824", "500003710", "2023-6013"
EMAIL = "info@hotel-du-pacano.fr"


@pytest.fixture
def creditor(invoice: bytes, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Signed in, with one open case: RG-26-00001."""
    monkeypatch.setenv("TRUST_CREDITORS", "yes")
    browser = Browser(address="192.0.2.2")
    assert browser.drops(invoice).status == 200
    assert browser.types().status == 200
    assert browser.accepts().status == 202
    opened = browser.post("/api/confirmations", {"token": outbox.link("confirmer", EMAIL)})
    assert opened.json["state"] == "opened"
    monkeypatch.delenv("TRUST_CREDITORS")
    return browser


@pytest.fixture
def staff(outbox: Outbox) -> Browser:
    return Browser(address="192.0.2.3").signs_in("ines@reglo.example", outbox)


@pytest.fixture
def another(outbox: Outbox) -> Browser:
    """A creditor of something else."""
    from adapters import directory

    directory.keep_person(directory.Person(id="other", email="other@example.org", creditors=("552100554",)))
    return Browser(address="192.0.2.4").signs_in("other@example.org", outbox)
