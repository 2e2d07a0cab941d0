"""What should be true every morning: found when it is not, mended when it can be."""

import json
import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import nightly
from adapters import journal, timer
from adapters.aws import client, key, pack, table_name
from recovery import decisions, payments
from recovery.events import CaseClosed, CreditorDecided, PaymentReceived
from recovery.seal import sealed
from tests.cases import CREDITOR, STAFF, TUESDAY, at, climbed, invoice, opening
from tests.standing import CASE, CONTACT, Clock, Outbox, moved_clock, stands

pytestmark = pytest.mark.usefixtures("outbox")

DEFINITION = (Path(__file__).parents[1] / "infra" / "climb.asl.json").read_text("utf-8")
NIGHT = at(TUESDAY + timedelta(days=1), "03:15")
CONTEXT = SimpleNamespace(
    function_name="nightly",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-3:1:function:nightly",
    aws_request_id="1",
    get_remaining_time_in_millis=lambda: 300_000,
)


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = moved_clock(monkeypatch)
    clock.at = NIGHT
    return clock


@pytest.fixture(autouse=True)
def rung(aws: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The state machines of a fake Step Functions; the tokens that were rung."""
    made = client("stepfunctions").create_state_machine(name="climb", definition=DEFINITION, roleArn="arn:aws:iam::123456789012:role/climb")
    monkeypatch.setenv("CLIMB", made["stateMachineArn"])
    tokens: list[str] = []
    monkeypatch.setattr(timer, "ring", tokens.append)
    return tokens


def audit() -> dict[str, Any]:
    return nightly.handler({}, CONTEXT)  # type: ignore[arg-type]


def machines() -> set[str]:
    runs = client("stepfunctions").list_executions(stateMachineArn=os.environ["CLIMB"], statusFilter="RUNNING")["executions"]
    return {run["name"] for run in runs}


def dies(case: str = CASE) -> None:
    for run in client("stepfunctions").list_executions(stateMachineArn=os.environ["CLIMB"], statusFilter="RUNNING")["executions"]:
        if run["name"].startswith(case):
            client("stepfunctions").stop_execution(executionArn=run["executionArn"])


def rests(version: int, case: str = CASE, token: str = "token") -> None:
    write(case, "HEAD", "SET alarm = :a, alarm_saw = :v", {":a": token, ":v": version})


def write(case: str, sk: str, update: str, values: dict[str, Any], **names: Any) -> None:
    client("dynamodb").update_item(
        TableName=table_name(), Key=key(f"CASE#{case}", sk), UpdateExpression=update, ExpressionAttributeValues=pack(values), **names
    )


def healthy(*events: Any, case: str = CASE) -> journal.Journal:
    """Looked after, announced, at rest: nothing for the night to find."""
    seen = stands(*events, case=case)
    journal.mark_announced(case, len(seen))
    timer.start(case, 1)
    rests(len(seen), case)
    return seen


def test_a_healthy_house_has_nothing_to_say(outbox: Outbox, rung: list[str]) -> None:
    healthy()
    assert audit() == {"cases": 1, "replaced": [], "told": 0, "findings": []}
    assert (outbox.messages, rung) == ([], [])
    assert machines() == {f"{CASE}-1"}


# ------------------------------------------------------------------------------------------------ heads


@pytest.mark.parametrize(
    ("name", "value"), [("status", "closed"), ("principal", "1.00"), ("debtor", "d2"), ("creditor", "999999999"), ("seal", "0" * 64), ("claim", "{}")]
)  # fmt: skip
def test_a_head_that_was_tampered_with_is_found(name: str, value: str) -> None:
    healthy()
    write(CASE, "HEAD", "SET #n = :v", {":v": value}, ExpressionAttributeNames={"#n": name})
    assert audit()["findings"] == [f"{CASE}: the head says another {name} than the journal"]


def test_a_head_that_waits_for_somebody_when_the_journal_does_not_is_found() -> None:
    healthy()
    write(CASE, "HEAD", "SET desk = :d, due = :o", {":d": "work", ":o": "2026-09-01"})
    assert audit()["findings"] == [f"{CASE}: the head says another {name} than the journal" for name in ("desk", "due")]


def test_a_head_behind_its_journal_is_found() -> None:
    seen = healthy()
    event = {"kind": "DisputeRaised", "at": "2026-09-01T10:00:00Z", "by": "debtor", "reason": "x", "note": None}
    entry = sealed(seen.last_seal, 5, CASE, event)
    client("dynamodb").put_item(TableName=table_name(), Item=pack({"pk": f"CASE#{CASE}", "sk": "EVENT#000005", "entry": json.dumps(entry)}))
    assert audit()["findings"] == [f"{CASE}: the head is behind its journal"]


def test_a_head_that_was_written_while_we_read_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    healthy()
    heads = journal.open_heads()
    journal.change(CASE, lambda case: decisions.consent_to_visit(case, "debtor", by=STAFF, at=at(TUESDAY)))
    journal.mark_announced(CASE, 5)
    monkeypatch.setattr(journal, "open_heads", lambda: heads)  # as they were read, a moment before
    assert audit()["findings"] == []


# ------------------------------------------------------------------------------------------------ seals


def altered(n: int, change: dict[str, Any]) -> None:
    item = client("dynamodb").get_item(TableName=table_name(), Key=key(f"CASE#{CASE}", f"EVENT#{n:06}"))["Item"]
    entry = json.loads(item["entry"]["S"])
    entry["event"] |= change
    write(CASE, f"EVENT#{n:06}", "SET entry = :e", {":e": json.dumps(entry)})


def removed(n: int) -> None:
    client("dynamodb").delete_item(TableName=table_name(), Key=key(f"CASE#{CASE}", f"EVENT#{n:06}"))


@pytest.mark.parametrize("change", [{"by": "staff:someone"}, {"kind": "CaseLost"}])
def test_an_altered_entry_is_named_and_nothing_is_done_in_its_name(change: dict[str, str], outbox: Outbox) -> None:
    stands()
    altered(2, change)
    found = audit()
    assert len(found["findings"]) == 1
    assert found["findings"][0].startswith(f"{CASE}: entry 2, ")
    assert (found["told"], outbox.messages, machines()) == (0, [], set())


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_removed_entry_is_named_even_the_last_one(n: int) -> None:
    healthy()
    removed(n)
    (finding,) = audit()["findings"]
    assert finding.startswith(f"{CASE}: entry {n}, ")


def test_a_journal_that_is_gone_is_a_finding_and_the_others_are_still_looked_at() -> None:
    healthy()
    for n in range(1, 5):
        removed(n)
    stands(*opening(TUESDAY, invoice("F-2"), case="RG-26-00002"), case="RG-26-00002")
    found = audit()
    assert found["cases"] == 2
    assert [finding for finding in found["findings"] if finding.startswith(f"{CASE}: entry 1, ")]
    assert found["replaced"] == ["RG-26-00002"]


def test_a_chain_sealed_again_whole_is_told_by_its_head() -> None:
    seen = healthy()
    previous = "0" * 64
    for n, entry in enumerate(seen.entries, 1):
        forged = sealed(previous, n, CASE, entry["event"] | ({"by": "staff:someone"} if n == 2 else {}))
        previous = forged["seal"]
        write(CASE, f"EVENT#{n:06}", "SET entry = :e", {":e": json.dumps(forged)})
    assert f"{CASE}: the head says another seal than the journal" in audit()["findings"]


# ------------------------------------------------------------------------------------------------ machines


def test_a_case_whose_start_was_lost_is_started() -> None:
    stands()
    assert audit()["replaced"] == [CASE]
    assert machines() == {f"{CASE}-1"}


def test_a_dead_machine_is_replaced_under_the_name_of_the_night() -> None:
    healthy()
    dies()
    assert audit()["replaced"] == [CASE]
    assert machines() == {f"{CASE}-202609020000"}
    assert audit()["replaced"] == []


def test_one_that_died_before_its_first_rest_is_replaced_too() -> None:
    """It never left its alarm on the head, and its name is taken for ever."""
    seen = stands()
    journal.mark_announced(CASE, len(seen))
    timer.start(CASE, 1)
    dies()
    assert audit()["replaced"] == [CASE]
    assert machines() == {f"{CASE}-202609020000"}


def test_one_that_overslept_is_rung(rung: list[str]) -> None:
    healthy()
    journal.change(CASE, lambda case: decisions.consent_to_visit(case, "debtor", by=STAFF, at=at(TUESDAY)))
    assert audit()["replaced"] == []
    assert rung == ["token"]


def test_a_case_handed_over_keeps_its_machine_a_closed_one_does_not(clock: Clock) -> None:
    healthy(*climbed("end"), CreditorDecided(at=at(date(2026, 11, 5)), by=CREDITOR, choice="legal"))
    dies()
    assert audit()["replaced"] == [CASE]
    dies()
    seen = journal.change(CASE, lambda _: [CaseClosed(at=at(date(2026, 11, 6)), by=STAFF, reason="stopped")])
    journal.mark_announced(CASE, len(seen))
    clock.moves_to(TUESDAY + timedelta(days=2), "03:15")  # another night, another name
    assert audit()["replaced"] == []
    assert machines() == set()


def test_a_closed_case_that_still_owes_a_receipt_keeps_its_machine() -> None:
    paid = PaymentReceived(
        at=at(date(2026, 9, 12)), by=STAFF, payment="p1", amount=Decimal("100.00"), on=date(2026, 9, 10), means="transfer"
    )
    healthy(*climbed("second_letter"), paid, CaseClosed(at=at(date(2026, 9, 12)), by=STAFF, reason="paid"))
    dies()
    assert audit()["replaced"] == [CASE]


# ------------------------------------------------------------------------------------------------ people


def test_a_case_nobody_can_be_told_of_keeps_no_other_asleep(outbox: Outbox) -> None:
    stands()
    stands(*opening(TUESDAY, invoice("F-2"), case="RG-26-00002"), case="RG-26-00002")
    outbox.down = 1
    found = audit()
    assert found["findings"] == [f"{CASE}: ConnectionError"]
    assert sorted(found["replaced"]) == [CASE, "RG-26-00002"]
    assert len(outbox.to(CONTACT)) == 1


def test_what_the_stream_lost_is_told_now_and_once(outbox: Outbox) -> None:
    stands()
    assert audit()["told"] == 1
    assert len(outbox.to(CONTACT)) == 1
    assert journal.head(CASE)["announced"] == 4
    assert audit()["told"] == 0
    assert len(outbox.to(CONTACT)) == 1


# ------------------------------------------------------------------------------------------------ money, law


@pytest.mark.parametrize(("on", "late"), [("2026-10-02", False), ("2026-10-03", True), ("2026-10-10", True), ("2026-10-20", False)])
def test_money_that_must_be_remitted_within_the_week_is_told(clock: Clock, on: str, late: bool) -> None:
    healthy(*climbed("second_letter"))
    paid = date(2026, 9, 10)
    seen = journal.change(
        CASE,
        lambda case: payments.record_payment(
            case, Decimal("100.00"), paid, payment="p1", means="transfer", by=STAFF, at=at(date(2026, 9, 12))
        ),
    )
    journal.mark_announced(CASE, len(seen))
    clock.moves_to(date.fromisoformat(on), "03:15")
    assert audit()["findings"] == ([f"{CASE}: payment p1 must be remitted by 2026-10-10"] if late else [])


def test_money_the_creditor_received_directly_is_not_to_be_remitted(clock: Clock) -> None:
    paid = PaymentReceived(at=at(date(2026, 9, 12)), by=STAFF, payment="p1", amount=Decimal("100.00"), on=date(2026, 9, 10), means="direct")
    healthy(*climbed("second_letter"), paid)
    clock.moves_to(date(2026, 10, 5), "03:15")
    assert audit()["findings"] == []


def test_law_about_to_run_out_is_told_two_weeks_before(clock: Clock) -> None:
    """From 15 December: the ECB's rate, both columns of the legal rate, the German and Austrian bases."""
    clock.moves_to(date(2026, 12, 14), "03:15")
    assert audit()["findings"] == []
    clock.moves_to(date(2026, 12, 15), "03:15")
    assert len(audit()["findings"]) == 5
    assert all(finding.startswith("law: ") for finding in audit()["findings"])


def test_findings_name_the_case_and_never_a_person() -> None:
    stands()
    altered(2, {"by": "x"})
    for finding in audit()["findings"]:
        assert "Berthelot" not in finding
        assert "@" not in finding
