"""Links, sessions and attempts."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters import passes
from adapters.aws import client, unpack
from adapters.passes import Link, Session

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("aws")


def test_a_link_is_used_once() -> None:
    link = Link(kind="confirm", email="c@atelier.example", draft="d1", expires=NOW + timedelta(hours=48))
    passes.keep_link("id", link)
    assert passes.use_link("id", NOW) == link
    assert passes.use_link("id", NOW) is None
    assert passes.use_link("other", NOW) is None


def test_a_link_that_expired_opens_nothing() -> None:
    passes.keep_link("id", Link(kind="confirm", email="c@atelier.example", draft="d1", expires=NOW))
    assert passes.use_link("id", NOW) is None


def test_a_session_lasts_and_ends() -> None:
    session = Session(role="creditor", email="c@atelier.example", person="p1", expires=NOW + timedelta(days=30), creditors=("732829320",))
    passes.keep_session("secret", session)
    assert passes.session("secret", NOW) == session
    assert passes.session("other", NOW) is None
    assert passes.session("secret", session.expires) is None
    passes.end_session("secret")
    assert passes.session("secret", NOW) is None


def test_no_secret_and_no_address_is_written() -> None:
    passes.keep_session("the secret", Session(role="staff", email="ines@reglo.example", person="ines", expires=NOW))
    passes.keep_link("the link", Link(kind="sign_in", email="c@atelier.example", draft="", expires=NOW))
    passes.attempts("sign in as c@atelier.example from 192.0.2.1", NOW, timedelta(minutes=15))
    keys = [unpack(item)["pk"] for item in client("dynamodb").scan(TableName="reglo")["Items"]]
    assert len(keys) == 3
    assert not any("secret" in key or "link" in key or "@" in key or "192" in key for key in keys)


def test_attempts_are_counted_by_windows() -> None:
    quarter = timedelta(minutes=15)
    assert [passes.attempts("code", NOW, quarter) for _ in range(3)] == [1, 2, 3]
    assert passes.attempts("code", NOW, quarter, add=-1) == 2
    assert passes.attempts("other", NOW, quarter) == 1
    assert passes.attempts("code", NOW + quarter, quarter) == 1
