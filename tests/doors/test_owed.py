"""POST /api/owed: what is owed, counted for whoever asks, and never a fault."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from tests.recovery.test_owed import anything, nearly_right, told

from .conftest import Browser


def test_anybody_may_ask_what_is_owed(nobody: Browser) -> None:
    answer = nobody.post("/api/owed", told() | {"on": "2026-09-30"})
    assert answer.status == 200
    assert (answer.json["interest"], answer.json["balance"]) == ("20.72", "1060.72")
    assert answer.json["warnings"] == []


def test_the_day_is_today_when_none_is_told(nobody: Browser) -> None:
    assert nobody.post("/api/owed", told()).json["on"] == "2026-11-24"


def test_each_wrong_field_has_its_sentence(nobody: Browser) -> None:
    answer = nobody.post("/api/owed", told(amount="-1") | {"regime": "x"})
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.errors()) == {"invoices[0].amount", "regime"}


def test_a_kind_we_do_not_recover_is_refused_with_its_reason(nobody: Browser) -> None:
    assert "certificat de non-paiement" in nobody.post("/api/owed", told(claim="cheque")).errors()["claim"]


def test_the_body_is_bounded(nobody: Browser) -> None:
    claim = told()
    assert nobody.post("/api/owed", claim | {"note": "x" * 70_000}).status == 413
    assert "200 lignes" in nobody.post("/api/owed", claim | {"payments": [{}] * 201}).errors()["payments"]


def test_it_may_be_asked_often_not_always(nobody: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from doors import owed

    monkeypatch.setattr(owed, "OFTEN", 2)
    assert [nobody.post("/api/owed", told()).status for _ in range(3)] == [200, 200, 429]
    assert Browser(address="192.0.2.77").post("/api/owed", told()).status == 200


def plain(value: Any) -> Any:
    """Decimals as the numbers JSON has; what JSON cannot say as text."""
    if isinstance(value, Decimal | float):
        return str(value)
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


def test_no_claim_is_a_fault(nobody: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from doors import owed

    monkeypatch.setattr(owed, "OFTEN", 10_000)

    @settings(max_examples=80, deadline=None)
    @given(anything | nearly_right)
    def never(claim: Any) -> None:
        answer = nobody.ask("POST", "/api/owed", plain(claim))
        assert answer.status in (200, 400, 422), claim
        json.loads(answer.body)

    never()
