"""Every refusal of the house has its status, and its sentence reaches the person."""

import importlib
import io
import logging
import pkgutil
from collections.abc import Iterator

import pytest

from .conftest import EMAIL, Browser, Clock, Outbox


def every_refusal() -> Iterator[type]:
    import adapters
    import doors
    import recovery
    from recovery.refusals import Refusal

    for house in (recovery, adapters, doors):
        for module in pkgutil.walk_packages(house.__path__, f"{house.__name__}."):
            importlib.import_module(module.name)

    def below(kind: type) -> Iterator[type]:
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    return below(Refusal)


def test_every_refusal_has_a_row() -> None:
    from api import STATUS

    names = {kind.__name__ for kind in every_refusal() if not kind.__module__.startswith("tests")}
    assert names == set(STATUS)


def test_every_refusal_is_one_clear_sentence() -> None:
    for kind in every_refusal():
        assert kind.message.endswith("."), kind  # type: ignore[attr-defined]


def test_a_fault_says_what_to_do_and_hides_why(nobody: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters import agency

    def away() -> None:
        raise RuntimeError(f"secret of {EMAIL}")

    monkeypatch.setattr(agency, "profile", away)
    answer = nobody.get("/api/agency")
    assert answer.status == 500
    assert "01234567" in answer.json["title"]
    assert EMAIL not in answer.body


def test_a_day_whose_rate_nobody_published_is_a_sentence(creditor: Browser, clock: Clock, outbox: Outbox) -> None:
    clock.pass_(days=4000)
    creditor.signs_in(EMAIL, outbox)
    answer = creditor.get("/api/cases/RG-26-00001")
    assert (answer.status, answer.json["type"]) == (503, "urn:reglo:LawUnknown")


def test_the_log_holds_no_personal_data(creditor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    import api
    from adapters import directory

    written = io.StringIO()
    (handler,) = api.logger.handlers
    monkeypatch.setattr(handler, "stream", written)
    api.logger.setLevel(logging.INFO)
    try:
        creditor.post("/api/sign-in", {"email": EMAIL})
        creditor.get("/api/cases/RG-26-00001")
        creditor.post("/api/letters", {"code": "AAAA-AAAA-AA"})
        creditor.post("/api/sessions", {"token": "made.up.token"})
        monkeypatch.setattr(directory, "person", lambda email: 1 // (email == ""))
        assert creditor.get("/api/me").status == 500
    finally:
        api.logger.setLevel(logging.WARNING)
    logged = written.getvalue()
    assert "/api/cases/{id}" in logged
    assert "ZeroDivisionError" in logged
    for secret in (EMAIL, "192.0.2.2", "Pacano", "AAAA", "made.up", creditor.cookies["reglo"]):
        assert secret not in logged, secret
