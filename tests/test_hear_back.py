"""What comes back from outside, through the real handler, on a fake AWS and a Maileva that speaks its protocol."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import climb
import hear_back
import nightly
from adapters import archive, journal, maileva
from adapters.aws import client
from doors import views
from recovery import events as e
from recovery.events import AnyEvent
from recovery.export import documents_named
from recovery.work import tasks
from tests.cases import STAFF, TUESDAY, at, climbed
from tests.maileva import CALLBACK, Post, served
from tests.recovery.test_bounces import BOUNCE, COMPLAINT, MAIL
from tests.standing import CASE, DEBTOR, Clock, Outbox, moved_clock, stands
from tests.test_nightly import CONTEXT

pytestmark = pytest.mark.usefixtures("outbox")

KEY = f"{CASE}/formal_notice"


@pytest.fixture(autouse=True)
def theirs(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with served(monkeypatch) as running:
        yield running


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = moved_clock(monkeypatch)
    clock.at = at(TUESDAY + timedelta(days=48))
    return clock


def before(step: str, *skipped: str) -> list[AnyEvent]:
    """The rungs before that one are behind, without the e-mail copies of their letters."""
    copies = skipped or ("first_letter:copy", "second_letter:copy")
    return [
        *climbed(step),
        *(e.StepSkipped(at=at(TUESDAY + timedelta(days=1)), by="machine", step=copy, reason="no_email") for copy in copies),
    ]


def on_its_way() -> None:
    """A formal notice approved and handed over by a real visit."""
    stands(*before("formal_notice"), e.StepApproved(at=at(TUESDAY + timedelta(days=47)), by=STAFF, step="formal_notice"))
    climb.visit(CASE)


def happened() -> list[str]:
    return [type(event).__name__ for event in journal.read(CASE).events if getattr(event, "step", "") == "formal_notice"][1:]


def calls(key: str = KEY, secret: str = CALLBACK, **other: Any) -> int:
    """Maileva's call, by API Gateway."""
    body = {
        "source": "api.maileva.com", "event_type": "ON_DEPOSIT_PROOF_RECEIVED", "resource_type": "registered_mail/v4/recipients",
        "event_date": "2027-01-13T10:23:31.137Z", "resource_id": "r1", "resource_custom_data": key,
    }  # fmt: skip
    event = {
        "version": "2.0", "rawPath": f"/api/hear/maileva/{secret}", "body": json.dumps(body), "isBase64Encoded": False,
        "requestContext": {"http": {"method": "POST"}},
    }  # fmt: skip
    status = hear_back.handler(event | other, None)["statusCode"]  # type: ignore[arg-type]
    assert isinstance(status, int)
    return status


def sns(said: dict[str, Any]) -> int:
    record = {"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": json.dumps(said)}}
    heard = hear_back.handler({"Records": [record]}, None)["heard"]  # type: ignore[arg-type]
    assert isinstance(heard, int)
    return heard


# ------------------------------------------------------------------------------------------------ letters


def test_a_registered_letter_from_the_visit_to_its_signature(theirs: Post, clock: Clock) -> None:
    on_its_way()
    assert happened() == ["StepDecided", "StepTaken"]
    assert theirs.submitted[0]["documents"][0]["document"].startswith(b"%PDF")
    assert not tasks(journal.load(CASE))

    theirs.proofs = {"download_deposit_proof": b"%PDF deposit"}
    theirs.happens(deposit_proof_date="2027-01-12T15:00:00Z", registered_number="1E 42", deposit_proof_url="/x")
    assert calls() == 201
    posted = journal.load(CASE).step("formal_notice").posted
    assert posted
    assert (posted.on, posted.number) == (date(2027, 1, 12), "1E 42")

    clock.moves_to(date(2027, 1, 15))
    theirs.proofs["download_acknowledgement_of_receipt"] = b"%PDF signed"
    states = [{"category": "FIRST_PRESENTATION", "date": "2027-01-14T09:00:00Z"}, {"category": "DELIVERED", "date": "2027-01-15T09:00:00Z"}]
    theirs.happens(main_delivery_statuses=states, acknowledgement_of_receipt_url="/y")
    assert calls() == 201
    known = happened()
    assert known[2:] == ["LetterPosted", "PostalProof", "LetterPresented", "LetterDelivered", "PostalProof"]
    assert (calls(), calls(), happened()) == (201, 201, known)  # told again, it is written once

    proofs = journal.load(CASE).step("formal_notice").proofs
    assert [(proof.proof, archive.get(proof.document)) for proof in proofs] == [("deposit", b"%PDF deposit"), ("receipt", b"%PDF signed")]
    assert {proof.document for proof in proofs} <= set(documents_named(journal.read(CASE).entries))  # exhibits of the log
    files = views.named(journal.read(CASE).events)
    assert [files[proof.document].name for proof in proofs] == ["Preuve de dépôt : mise en demeure", "Avis de réception : mise en demeure"]


def test_nothing_that_the_call_says_is_believed_but_the_key(theirs: Post) -> None:
    on_its_way()
    assert calls() == 201  # « a proof was received », and Maileva knows of none
    assert happened() == ["StepDecided", "StepTaken"]


@pytest.mark.parametrize("secret", ["x" * 32, CALLBACK[:-1], CALLBACK + "x", "short"])
def test_who_does_not_know_the_secret_is_not_heard(theirs: Post, secret: str) -> None:
    on_its_way()
    theirs.asked.clear()
    assert calls(secret=secret) == 404
    assert theirs.asked == []


@pytest.mark.parametrize(
    "key", ["", "order_1234", "RG-26-00001", f"{KEY}/../x", "RG-26-99999/first_letter", f"{CASE}/second_letter", f"{KEY}-2", "x" * 5000]
)
def test_a_call_about_something_else_is_answered_and_left(theirs: Post, key: str) -> None:
    on_its_way()
    assert calls(key) == 201
    assert happened() == ["StepDecided", "StepTaken"]


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '{"resource_custom_data": 1}', "\ud800"])
def test_a_body_that_says_nothing_is_answered_and_left(body: str) -> None:
    assert calls(body=body) == 201


def test_a_body_may_come_in_base64(theirs: Post) -> None:
    on_its_way()
    theirs.happens(deposit_proof_date="2027-01-12T15:00:00Z")
    assert calls(body=base64.b64encode(json.dumps({"resource_custom_data": KEY}).encode()).decode(), isBase64Encoded=True) == 201
    assert happened()[-1] == "LetterPosted"
    assert calls(body="not base64!", isBase64Encoded=True) == 201


def test_while_maileva_is_away_the_call_is_a_fault_so_that_it_calls_again(theirs: Post) -> None:
    on_its_way()
    theirs.moods["GET .*/recipients"] = [503, 503]
    with pytest.raises(maileva.Away):
        calls()
    assert calls() == 201


def test_a_call_before_the_journal_says_that_it_left_is_tried_again(theirs: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    record = climb.record

    def killed(*_: object) -> None:
        raise ConnectionError("the process is killed")

    monkeypatch.setattr(climb, "record", killed)
    with pytest.raises(ConnectionError):
        on_its_way()
    with pytest.raises(hear_back.NotYet):
        calls()
    monkeypatch.setattr(climb, "record", record)
    climb.visit(CASE)
    assert len(theirs.submitted) == len(theirs.sendings) == 1
    theirs.happens(deposit_proof_date="2027-01-12T15:00:00Z")
    assert calls() == 201
    assert happened()[-1] == "LetterPosted"


def test_a_timeout_after_the_submission_and_the_next_visit_is_one_letter(theirs: Post) -> None:
    theirs.moods["submit"] = ["after"]
    with pytest.raises(maileva.Away):
        on_its_way()
    assert happened() == ["StepDecided"]
    climb.visit(CASE)
    assert happened() == ["StepDecided", "StepTaken"]
    assert len(theirs.submitted) == len(theirs.sendings) == 1


def test_an_address_it_refuses_waits_for_a_person_and_leaves_under_another_key(theirs: Post) -> None:
    theirs.moods["POST .*/recipients"] = [(400, "INVALID_ADDRESS_LINE_6")]
    on_its_way()
    assert happened() == ["StepDecided", "LetterWithdrawn", "StepBlocked"]
    (task,) = tasks(journal.load(CASE))
    assert (task.kind, task.why) == ("blocked", "Maileva refuse cet envoi (INVALID_ADDRESS_LINE_6). Vérifiez l’adresse du débiteur.")
    journal.change(CASE, lambda _: [e.DebtorCorrected(at=at(TUESDAY + timedelta(days=48)), by=STAFF, what=("postcode",))])
    climb.visit(CASE)
    assert [each["custom_data"] for each in theirs.submitted] == [f"{KEY}-2"]
    theirs.happens(deposit_proof_date="2027-01-12T15:00:00Z")
    assert calls(f"{KEY}-2") == 201
    assert happened()[-1] == "LetterPosted"


def test_rejected_later_it_comes_back_to_a_person_too(theirs: Post) -> None:
    on_its_way()
    theirs.submitted[0] |= {"status": "REJECTED", "status_detail": "INVALID_DOCUMENT"}
    assert calls() == 201
    assert happened()[-2:] == ["LetterWithdrawn", "StepBlocked"]
    assert calls() == 201
    assert happened()[-2:] == ["LetterWithdrawn", "StepBlocked"]


def test_unclaimed_it_is_proved_by_the_letter_itself(theirs: Post) -> None:
    on_its_way()
    theirs.proofs = {"download_undelivered_mail": b"%PDF envelope"}
    states = [
        {"category": "FIRST_PRESENTATION", "date": "2027-01-14T09:00:00Z"},
        {"category": "UNDELIVERED", "date": "2027-01-30T09:00:00Z"},
    ]
    back = {"undelivered_mail_date": "2027-02-01T09:00:00Z", "undelivered_mail_reason": "N03", "undelivered_mail_url": "/z"}
    theirs.happens(deposit_proof_date="2027-01-12T15:00:00Z", main_delivery_statuses=states, **back)
    assert calls() == 201
    step = journal.load(CASE).step("formal_notice")
    assert step.returned
    assert (step.returned.reason, step.returned.on) == ("unclaimed", date(2027, 2, 1))
    assert archive.get(step.proofs[0].document) == b"%PDF envelope"


@pytest.mark.parametrize("seen", ["correct", "contact", "second_letter"])
def test_the_next_letter_waits_until_a_person_has_seen_why_the_last_came_back(theirs: Post, clock: Clock, seen: str) -> None:
    early, by = at(TUESDAY + timedelta(days=12)), "machine"
    stands(
        *before("second_letter", "first_letter:copy"),
        e.LetterReturned(at=early, by=by, step="first_letter", on=early.date(), reason="unknown"),
    )
    clock.at = at(TUESDAY + timedelta(days=20))
    climb.visit(CASE)
    assert journal.load(CASE).step("second_letter").blocked
    assert theirs.sendings == {}
    seen_to: AnyEvent = (
        e.DebtorCorrected(at=clock.at, by=STAFF, what=("line1",)) if seen == "correct" else e.StepApproved(at=clock.at, by=STAFF, step=seen)
    )
    journal.change(CASE, lambda _: [seen_to])
    if seen == "contact":
        journal.change(
            CASE, lambda _: [e.StepApproved(at=clock.at, by=STAFF, step="second_letter")]
        )  # « réessayer », on the blocked letter
    climb.visit(CASE)
    assert len(theirs.submitted) == 1


def test_every_night_what_nobody_told_is_asked(theirs: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    on_its_way()
    asked: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(nightly, "set_off", lambda function, event: asked.append((function, event)))
    monkeypatch.setattr(nightly.timer, "looked_after", lambda: {CASE})
    monkeypatch.setattr(nightly.timer, "wake", lambda _: None)
    assert not [line for line in nightly.handler({}, CONTEXT)["findings"] if "post" in line]  # type: ignore[arg-type]
    clock.at += timedelta(days=5)
    assert f"{CASE}: formal_notice was handed to the post and is not posted" in nightly.handler({}, CONTEXT)["findings"]  # type: ignore[arg-type]
    assert asked == [("hear-back", {"letter": {"case": CASE, "step": "formal_notice"}})] * 2
    theirs.happens(deposit_proof_date="2027-01-12T15:00:00Z")
    assert hear_back.handler(asked[0][1], None) == {"heard": 1}  # type: ignore[arg-type]


def test_an_operator_subscribes_once(theirs: Post) -> None:
    assert hear_back.handler({"subscribe": True}, None) == {"subscribed": 13}  # type: ignore[arg-type]
    assert theirs.subscriptions[0]["callback_url"] == f"https://reglo.example/api/hear/maileva/{CALLBACK}"


def test_anything_else_is_a_fault() -> None:
    with pytest.raises(ValueError, match="nobody"):
        hear_back.handler({}, None)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ e-mails


def reminded(clock: Clock, outbox: Outbox) -> dict[str, Any]:
    """A reminder that a real visit sent; what SES calls it."""
    stands(*before("reminder", "first_letter:copy"))
    clock.moves_to(TUESDAY + timedelta(days=6))
    climb.visit(CASE)
    taken = journal.load(CASE).step("reminder").taken
    assert taken
    return MAIL | {"messageId": taken.receipt}


def test_a_bounce_is_told_once_and_the_next_e_mails_are_paper_or_nothing(clock: Clock, outbox: Outbox) -> None:
    mail = reminded(clock, outbox)
    assert sns(BOUNCE | {"mail": mail}) == 1
    assert sns(BOUNCE | {"mail": mail}) == 0
    on = TUESDAY + timedelta(days=6)
    paid = e.PaymentReceived(at=at(on), by=STAFF, payment="p1", amount=Decimal("100.00"), on=on)
    journal.change(CASE, lambda _: [paid])
    climb.visit(CASE)
    receipt = journal.load(CASE).step("receipt:p1")
    assert receipt.decided
    assert receipt.decided.reference  # on paper
    assert len(outbox.to(DEBTOR.email or "")) == 1


@pytest.mark.parametrize(("said", "reason"), [(BOUNCE, "bounced"), (COMPLAINT, "complaint")])
def test_an_e_mail_rung_is_skipped_with_its_reason(clock: Clock, outbox: Outbox, said: dict[str, Any], reason: str) -> None:
    stands(
        *climbed("reminder"),
        e.StepTaken(at=at(TUESDAY + timedelta(days=1)), by="machine", step="first_letter:copy", receipt=MAIL["messageId"]),
    )
    assert sns(said) == 1
    clock.moves_to(TUESDAY + timedelta(days=6))
    climb.visit(CASE)
    skipped = journal.load(CASE).step("reminder").skipped
    assert skipped
    assert skipped.reason == reason
    assert outbox.messages == []


def test_an_e_mail_that_the_journal_does_not_know_yet_is_tried_again() -> None:
    stands(*climbed("reminder"))
    with pytest.raises(hear_back.NotYet):
        sns(BOUNCE)


def test_what_concerns_no_case_of_ours_is_left() -> None:
    assert sns({"eventType": "Delivery"}) == 0
    assert sns(BOUNCE | {"mail": MAIL | {"tags": {"case": ["RG-26-99999"]}}}) == 0


def test_e_mails_of_a_case_are_followed_and_no_others(clock: Clock, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setenv("MAIL_EVENTS", "events")
    monkeypatch.setattr(client("sesv2"), "send_email", lambda **asked: told.append(asked) or {"MessageId": "m"})
    reminded(clock, outbox)
    assert (told[0]["ConfigurationSetName"], told[0]["EmailTags"]) == ("events", [{"Name": "case", "Value": CASE}])
    climb.mail.send(b"From: a@reglo.example\r\nTo: b@reglo.example\r\n\r\n.")
    assert "ConfigurationSetName" not in told[1]


def test_a_person_without_e_mail_is_told_so(clock: Clock) -> None:
    stands(*before("reminder", "first_letter:copy"), debtor=replace(DEBTOR, email=None))
    clock.moves_to(TUESDAY + timedelta(days=6))
    climb.visit(CASE)
    skipped = journal.load(CASE).step("reminder").skipped
    assert skipped
    assert skipped.reason == "no_email"
