"""The registers of the local product behind a real HTTP server, which can also be slow, busy or out of its mind."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import sleep
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from adapters import registry
from infra.local.registers import answer
from tests.serving import Service, serving

SERVICES = ("companies", "notices", "addresses")


@dataclass
class Registers:
    """`moods` holds, for a service, what it does to the next questions: a status, seconds of sleep, or bytes to say instead."""

    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    moods: dict[str, list[int | float | bytes]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)  # said instead, whatever is asked

    def are_away(self, *services: str) -> None:
        for service in services or SERVICES:
            self.moods[service] = [503] * 50

    def of(self, service: str) -> list[dict[str, str]]:
        return [question for name, question in self.asked if name == service]


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registers]:
    told = Registers()

    class Handler(Service):
        def do_GET(self) -> None:
            service, question = urlsplit(self.path).path.strip("/"), dict(parse_qsl(urlsplit(self.path).query))
            told.asked.append((service, question))
            waiting = told.moods.get(service) or []
            mood = waiting.pop(0) if waiting else None
            said = json.dumps(told.answers.get(service, answer(service, question))).encode()
            if isinstance(mood, float):
                sleep(mood)
            headers = {429: {"retry_after": "0"}, 302: {"location": "/elsewhere"}}.get(mood, {}) if isinstance(mood, int) else {}
            self.say(mood if isinstance(mood, int) else 200, mood if isinstance(mood, bytes) else said, **headers)

    with serving(Handler) as origin:
        for service in SERVICES:
            monkeypatch.setenv(f"{service.upper()}_URL", f"{origin}/{service}")
        monkeypatch.setattr(registry, "APART", 0.0)
        monkeypatch.setattr(registry, "PAUSE", 0.01)
        registry.forget()
        client, forget = registry.http(), registry.http.cache_clear
        try:
            yield told
        finally:
            client.close()
            forget()
