"""Functions run under the roles of the template: what was not granted is refused, what was granted works."""

import email
import email.policy
import json
from collections.abc import Callable
from typing import Any

from infra.local.running import Engine
from tests.local.asking import send

Probe = Callable[..., Any]


def test_a_function_reads_the_secret_it_was_granted_and_no_other(engine: Engine, probe: Probe) -> None:
    engine.client("ssm").put_parameter(Name="/elsewhere/key", Type="SecureString", Value="not for you")

    assert len(probe("secret", name="/reglo/signing-key")["answer"]) == 44
    assert probe("secret", name="/elsewhere/key") == {"refused": "AccessDeniedException"}


def test_a_function_calls_the_function_it_was_granted_and_no_other(engine: Engine, probe: Probe) -> None:
    assert probe("invoke", function=engine.outputs()["Greet"]) == {"answer": {"heard": "you"}}
    assert probe("invoke", function=engine.outputs()["Announce"]) == {"refused": "AccessDeniedException"}


def test_an_index_is_read_through_its_own_right(engine: Engine, probe: Probe) -> None:
    probe("put", pk="MINE#indexed", debtor="d-1")

    assert probe("index", debtor="d-1") == {"answer": ["MINE#indexed"]}


def test_a_right_to_some_keys_ends_at_those_keys(probe: Probe) -> None:
    assert probe("put", pk="MINE#1") == {"answer": None}
    assert probe("put", pk="CASE#1") == {"refused": "AccessDeniedException"}
    assert probe("put_elsewhere", pk="MINE#1") == {"refused": "AccessDeniedException"}
    assert probe("put_once", pk="CASE#1") == {"refused": "AccessDeniedException"}


def test_a_transaction_is_all_or_nothing(engine: Engine, probe: Probe) -> None:
    assert probe("put_once", pk="MINE#twice") == {"answer": None}
    assert probe("put_once", pk="MINE#twice") == {"refused": "TransactionCanceledException"}


def test_a_document_is_stored_once_and_only_where_granted(probe: Probe) -> None:
    assert probe("store", key="proofs/a") == {"answer": None}
    assert probe("store", key="proofs/a") == {"refused": "PreconditionFailed"}
    assert probe("store", key="uploads/a") == {"refused": "AccessDenied"}


def test_nobody_rings_without_the_right(engine: Engine, probe: Probe) -> None:
    assert probe("start", machine=engine.outputs()["Climb"]) == {"refused": "AccessDeniedException"}


def test_an_email_is_kept_byte_for_byte_with_its_envelope(engine: Engine, probe: Probe) -> None:
    raw = "From: dossiers@reglo.example\r\nTo: compta@client.example\r\nSubject: Rappel\r\n\r\nBonjour,\r\n"

    assert "answer" in probe("mail", raw=raw)

    newest = max(engine.data.glob("outbox/*.eml"))
    assert newest.read_bytes() == raw.encode()
    assert email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)["Subject"] == "Rappel"
    assert json.loads(newest.with_suffix(".json").read_text())["to"] == {"ToAddresses": ["compta@client.example"]}


def test_a_right_to_write_ends_at_its_domain(probe: Probe) -> None:
    raw = "From: {0}\r\nTo: compta@client.example\r\nSubject: Rappel\r\n\r\nBonjour,\r\n"

    assert "answer" in probe("mail", raw=raw.format("dossiers@reglo.example"), sender="Réglo <dossiers@reglo.example>")
    assert probe("mail", raw=raw.format("moi@ailleurs.example"), sender="moi@ailleurs.example") == {"refused": "AccessDeniedException"}


def test_unsigned_requests_are_refused(engine: Engine) -> None:
    status, _, answer = send(engine.store + "/", data=b"{}", x_amz_target="DynamoDB_20120810.ListTables")

    assert status in (400, 403), answer
