"""Maileva as its public documentation describes it, behind a real HTTP server, which can also be late, refuse or talk nonsense."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from adapters import agency, maileva
from adapters.aws import client
from tests.serving import Service, serving

CALLBACK = "a-secret-of-twenty-signs-or-more"
CREDENTIALS = {"client_id": "appli.1", "client_secret": "s", "username": "regle", "password": "p", "callback": CALLBACK}
CODES = re.compile(r"(mail/v2|registered_mail/v4)/sendings(?:/(\w+))?(?:/(\w+))?(?:/(\w+))?(?:/(\w+))?")


@dataclass
class Post:
    """`moods` holds, for `METHOD end-of-path`, what it does to the next questions: a status, bytes to say instead, seconds to sleep
    before doing it, or « after » to do it and hang up without an answer."""

    sendings: dict[str, dict[str, Any]] = field(default_factory=dict)
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: int = 0
    moods: dict[str, list[Any]] = field(default_factory=dict)
    proofs: dict[str, bytes] = field(default_factory=dict)
    origin: str = ""
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))

    @property
    def submitted(self) -> list[dict[str, Any]]:
        return [each for each in self.sendings.values() if each["status"] != "DRAFT"]

    def happens(self, sending: dict[str, Any] | None = None, **recipient: Any) -> None:
        """The post writes something on the paper of the only letter submitted."""
        (sending or self.submitted[0])["recipients"][0].update(recipient)


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """For the functions of this very process, on a fake AWS."""
    with listening() as post:
        for name, value in (
            ("PRINTER", "maileva"),
            ("MAILEVA_URL", post.origin),
            ("MAILEVA_SIGN_IN", post.origin),
            ("MAILEVA", "/reglo/maileva"),
        ):
            monkeypatch.setenv(name, value)
        client("ssm").put_parameter(Name="/reglo/maileva", Type="SecureString", Value=json.dumps(CREDENTIALS), Overwrite=True)
        agency.provider().clear_cache()
        maileva.forget()
        monkeypatch.setattr(maileva, "http", lambda: post.http)
        yield post
        maileva.forget()


@contextmanager
def listening() -> Iterator[Post]:
    post = Post()

    class Handler(Service):
        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            data, path = self.rfile.read(length), urlsplit(self.path).path.strip("/")
            asked = f"{self.command} {path}"
            post.asked.append(asked)
            mood = next((moods.pop(0) for end, moods in post.moods.items() if moods and re.search(f"{end}$", asked)), None)
            if isinstance(mood, float):
                sleep(mood)
            if isinstance(mood, bytes):
                return self.say(200, mood)
            if isinstance(mood, int):
                return self.say(mood, json.dumps({"errors": [{"code": "EMPTY_METADATA", "message": "m"}]}).encode())
            if isinstance(mood, tuple):
                return self.say(mood[0], json.dumps({"errors": [{"code": mood[1], "message": "m"}]}).encode())
            status, said = self.does(path, data)
            if mood == "after":
                return self.connection.close()
            self.say(status, said if isinstance(said, bytes) else json.dumps(said).encode())

        do_GET = do_POST = do_DELETE = answer

        def does(self, path: str, data: bytes) -> tuple[int, Any]:
            if path.endswith("openid-connect/token"):
                given = {name: values[0] for name, values in parse_qs(data.decode()).items()}
                if given != {"grant_type": "password"} | {k: v for k, v in CREDENTIALS.items() if k != "callback"}:
                    return 401, {"error": "invalid_grant"}
                post.tokens += 1
                return 200, {"access_token": f"t{post.tokens}", "expires_in": 300, "token_type": "Bearer"}
            if self.headers["authorization"] != f"Bearer t{post.tokens}":
                return 401, {"code": "UNAUTHORIZED", "message": "m"}
            if path == "notification_center/v2/subscriptions":
                if self.command == "POST":
                    post.subscriptions.append(json.loads(data))
                    return 201, post.subscriptions[-1]
                return 200, {"subscriptions": post.subscriptions, "paging": {"total_results": len(post.subscriptions)}}
            return self.of_a_letter(path, data)

        def of_a_letter(self, path: str, data: bytes) -> tuple[int, Any]:
            found = CODES.fullmatch(path)
            assert found, path
            service, id, part, _, proof = found.groups()
            if id is None:
                id = f"s{len(post.sendings) + 1}"
                told = json.loads(data)
                assert len(told["custom_id"]) <= 36
                post.sendings[id] = {"id": id, "service": service, "status": "DRAFT", "documents": [], "recipients": [], **told}
                return 201, {"id": id, "status": "DRAFT"}
            if id not in post.sendings:
                return 404, {"code": "SENDING_NOT_FOUND", "message": "m"}
            sending = post.sendings[id]
            match self.command, part:
                case "DELETE", None:
                    assert sending["status"] == "DRAFT"
                    del post.sendings[id]
                    return 204, b""
                case "GET", None:
                    return 200, {name: value for name, value in sending.items() if name not in ("documents", "recipients")}
                case "POST", "documents":
                    sending["documents"].append(parts_of(self.headers["content-type"], data))
                    return 201, {"id": "d1"}
                case "POST", "recipients":
                    told = json.loads(data)
                    if any(len(line) > 38 for name, line in told.items() if name.startswith("address_line")):
                        return 400, {"errors": [{"code": "ADDRESS_LINE_4_TOO_LONG", "message": "m"}]}
                    sending["recipients"].append({"id": f"r{id}", "status": "DRAFT", **told})
                    return 201, sending["recipients"][-1]
                case "POST", "submit":
                    if sending["status"] != "DRAFT":
                        return 400, {"errors": [{"code": "SENDING_STATUS_IS_NOT_DRAFT", "message": "m"}]}
                    sending["status"] = "PENDING"
                    return 200, b""
                case "GET", "recipients" if proof:
                    return 200, post.proofs[proof]
                case "GET", "recipients":
                    return 200, {"recipients": sending["recipients"], "paging": {"total_results": 1}}
            raise AssertionError(path)

    with serving(Handler) as post.origin:
        try:
            yield post
        finally:
            post.http.close()


def parts_of(content_type: str, data: bytes) -> dict[str, bytes]:
    """The parts of a multipart form by name."""
    boundary = content_type.partition("boundary=")[2].encode()
    parts = {}
    for piece in data.split(b"--" + boundary)[1:-1]:
        head, _, body = piece.partition(b"\r\n\r\n")
        name = re.search(rb'name="(\w+)"', head)
        assert name
        parts[name[1].decode()] = body.removesuffix(b"\r\n")
    return parts
