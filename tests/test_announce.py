"""The stream is followed: the climb is woken first, each notice is sent once, a closed case is let go."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError
from boto3.dynamodb.types import TypeSerializer

import announce
from adapters import directory, journal, mail, timer
from adapters.aws import client, key, table_name
from recovery import decisions, payments
from recovery.amounts import claim_of, statement
from recovery.events import PaymentReceived, StepTaken, VisitConsented
from tests.cases import CREDITOR, STAFF, TUESDAY, at, climbed, invoice, opening
from tests.standing import CASE, CONTACT, Clock, Outbox, stands

# A quiet run has nothing to measure, and the library says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore:No application metrics to publish:UserWarning"),
    pytest.mark.usefixtures("clock", "outbox"),
]
CONTEXT = SimpleNamespace(
    function_name="announce",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-3:1:function:announce",
    aws_request_id="1",
    get_remaining_time_in_millis=lambda: 30_000,
)


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The heads that were waked; the machine itself is tested in adapters/test_timer.py."""
    heads: list[dict[str, Any]] = []
    monkeypatch.setattr(timer, "wake", heads.append)
    return heads


def record(case: str = CASE, number: int = 1) -> dict[str, Any]:
    """What the stream says of a head as it is now."""
    image = client("dynamodb").get_item(TableName=table_name(), Key=key(f"CASE#{case}", "HEAD"))["Item"]
    return {
        "eventID": str(number),
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": key(f"CASE#{case}", "HEAD"),
            "NewImage": image,
            "SequenceNumber": str(number),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }


def follow(*records: dict[str, Any]) -> list[str]:
    """The records that failed, by their number; when all do, the function itself fails, and Lambda tries the batch again."""
    try:
        answer = announce.handler({"Records": list(records)}, CONTEXT)  # type: ignore[arg-type]
    except BatchProcessingError:
        return [each["eventID"] for each in records]
    return [failed["itemIdentifier"] for failed in answer["batchItemFailures"]]


def test_an_opened_case_is_started_and_its_creditor_told(woken: list[dict[str, Any]], outbox: Outbox) -> None:
    stands()
    assert follow(record()) == []
    assert woken == [{"case": CASE, "version": 4}]
    (subject,) = outbox.to(CONTACT)
    assert subject
    assert journal.head(CASE)["announced"] == 4


def test_the_e_mail_states_the_count_and_the_seal_of_its_entry(outbox: Outbox) -> None:
    seen = stands()
    follow(record())
    body = outbox.messages[0].get_body(("plain",))
    assert body is not None
    words = str(body.get_content()).replace("\u00a0", " ").replace("\n", " ")
    assert seen.last_seal in words.replace(" ", "")
    assert "4 écritures" in words
    assert f"/dossier#{CASE}" in words


def test_the_same_record_twice_tells_once(outbox: Outbox) -> None:
    stands()
    batch = record()
    follow(batch)
    follow(batch)
    assert len(outbox.messages) == 1


def test_a_batch_tried_again_after_the_announced_mark_was_lost_tells_once(outbox: Outbox) -> None:
    """The head does not say that people were told: the key of the notice does."""
    stands()
    batch = record()
    follow(batch)
    client("dynamodb").update_item(TableName=table_name(), Key=key(f"CASE#{CASE}", "HEAD"), UpdateExpression="REMOVE announced")
    follow(batch)
    assert len(outbox.messages) == 1
    assert journal.head(CASE)["announced"] == 4


def test_a_mail_server_that_is_away_keeps_nobody_asleep_and_is_tried_again(woken: list[dict[str, Any]], outbox: Outbox) -> None:
    stands()
    outbox.down = 1
    assert follow(record()) == ["1"]
    assert len(woken) == 1  # before telling
    assert "announced" not in journal.head(CASE)
    assert follow(record()) == []
    assert len(outbox.messages) == 1


def test_every_contact_is_told_once_and_the_one_who_failed_alone_again(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(contacts=("a@berthelot.example", "b@berthelot.example"))
    send, failed = mail.send, []

    def second_fails_once(eml: bytes, to: str | None = None) -> str:
        if outbox.messages and not failed:
            failed.append(True)
            raise ConnectionError("away")
        return send(eml, to)

    monkeypatch.setattr(mail, "send", second_fails_once)
    assert follow(record()) == ["1"]
    assert follow(record()) == []
    assert (len(outbox.to("a@berthelot.example")), len(outbox.to("b@berthelot.example"))) == (1, 1)


def test_one_case_that_fails_keeps_no_other_waiting(outbox: Outbox, woken: list[dict[str, Any]]) -> None:
    stands()
    stands(*opening(TUESDAY, invoice("F-2"), case="RG-26-00002"), case="RG-26-00002")
    outbox.down = 1
    assert follow(record(CASE, 1), record("RG-26-00002", 2)) == ["1"]
    assert [head["case"] for head in woken] == [CASE, "RG-26-00002"]
    assert len(outbox.messages) == 1


def test_what_was_told_is_not_told_again_by_a_later_head(outbox: Outbox) -> None:
    stands()
    follow(record())
    journal.change(CASE, lambda _: [VisitConsented(at=at(TUESDAY), by=STAFF, who="debtor")])
    follow(record())
    assert len(outbox.messages) == 1  # a consent is not a stage
    assert journal.head(CASE)["announced"] == 5
    journal.change(CASE, lambda _: [StepTaken(at=at(TUESDAY), by="machine", step="first_call", outcome="no_answer")])
    follow(record())
    assert len(outbox.messages) == 2


def test_a_head_that_only_took_its_alarm_tells_nothing(outbox: Outbox, woken: list[dict[str, Any]]) -> None:
    stands()
    follow(record())
    client("dynamodb").update_item(
        TableName=table_name(),
        Key=key(f"CASE#{CASE}", "HEAD"),
        UpdateExpression="SET alarm = :a, alarm_saw = :s",
        ExpressionAttributeValues={":a": {"S": "token"}, ":s": {"N": "4"}},
    )
    follow(record())
    assert woken[-1] == {"case": CASE, "version": 4, "alarm": "token", "alarm_saw": 4}
    assert len(outbox.messages) == 1


@pytest.mark.parametrize("image", [None, {"pk": "DRAFT#x", "sk": "DRAFT"}, {"pk": f"CASE#{CASE}", "sk": "EVENT#000001"}])
def test_other_items_of_the_table_are_let_by(image: dict[str, str] | None, woken: list[dict[str, Any]], outbox: Outbox) -> None:
    wire = TypeSerializer().serialize(image)["M"] if image else None
    passing = record_of(wire)
    assert follow(passing) == []
    assert (woken, outbox.messages) == ([], [])


def record_of(image: dict[str, Any] | None) -> dict[str, Any]:
    told: dict[str, Any] = {"Keys": key("x", "y"), "SequenceNumber": "1", "StreamViewType": "NEW_AND_OLD_IMAGES"}
    return {"eventID": "1", "eventName": "REMOVE", "eventSource": "aws:dynamodb", "dynamodb": told | ({"NewImage": image} if image else {})}


def test_a_payment_in_full_is_told_and_the_case_let_go(outbox: Outbox, clock: Clock) -> None:
    stands(*climbed("second_letter"))
    journal.mark_announced(CASE, len(journal.read(CASE)))
    assert CASE in directory.get("CONSULTANT#ines", "CASES")["cases"]  # type: ignore[index]
    on = TUESDAY + timedelta(days=12)
    clock.moves_to(on, "10:00")
    owed = statement(claim_of(journal.load(CASE)), on).balance
    journal.change(CASE, lambda case: payments.record_payment(case, owed, on, payment="p1", means="transfer", by=STAFF, at=clock.at))
    assert journal.load(CASE).status == "closed"
    follow(record())
    assert len(outbox.to(CONTACT)) == 2  # the payment, and that it closes the case
    assert CASE not in (directory.get("CONSULTANT#ines", "CASES") or {}).get("cases", ())
    follow(record())
    assert len(outbox.to(CONTACT)) == 2


def test_a_whole_climb_tells_each_stage_once_and_in_its_own_words(outbox: Outbox) -> None:
    events = climbed("end")
    stands(*events)
    follow(record())
    subjects = outbox.to(CONTACT)
    assert len(subjects) == 9  # opened, three letters, the reminder, two calls, the visit skipped, the decision
    assert len(set(subjects)) >= 8
    assert all("None" not in subject for subject in subjects)
    assert announce.tell(CASE) == 0


def test_the_creditor_who_stops_is_told_once(outbox: Outbox) -> None:
    stands(*climbed("end"))
    journal.mark_announced(CASE, len(journal.read(CASE)))
    journal.change(CASE, lambda case: decisions.decide(case, "stop", None, by=CREDITOR, at=at(TUESDAY + timedelta(days=64))))
    follow(record())
    assert len(outbox.to(CONTACT)) == 1


def test_a_party_erased_from_the_directory_is_a_fault_that_is_seen(outbox: Outbox) -> None:
    stands()
    client("dynamodb").delete_item(TableName=table_name(), Key=key("DEBTOR#d1", "PROFILE"))
    assert follow(record()) == ["1"]
    assert outbox.messages == []


def told_of_a_direct_payment(outbox: Outbox, on: date) -> str:
    stands(*climbed("second_letter"))
    journal.mark_announced(CASE, len(journal.read(CASE)))
    paid = PaymentReceived(at=at(TUESDAY + timedelta(days=12)), by=STAFF, payment="p1", amount=Decimal("1000.00"), on=on, means="direct")
    journal.change(CASE, lambda _: [paid])
    follow(record())
    body = outbox.messages[0].get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).replace("\u00a0", " ").split())


def test_what_a_creditor_had_before_the_opening_is_told_to_bear_no_fee(outbox: Outbox) -> None:
    words = told_of_a_direct_payment(outbox, TUESDAY - timedelta(days=1))
    assert "aucune : payé avant l’ouverture du dossier" in words
    assert "TVA sur la commission" not in words
    assert "verser" not in words


def test_a_creditor_paid_directly_reads_what_they_owe_and_is_promised_no_transfer(outbox: Outbox) -> None:
    words = told_of_a_direct_payment(outbox, TUESDAY + timedelta(days=12))
    assert "par paiement direct au créancier" in words
    assert "Commission à nous verser" in words
    assert "168,00 €" in words
    assert "reverser" not in words
