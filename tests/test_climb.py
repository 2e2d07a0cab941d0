"""One visit to one case, on a fake AWS with the real letters: two entries around every effect, nothing twice, nothing wrong."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import climb
from adapters import archive, directory, journal, post
from adapters.aws import client
from recovery import decisions, payments
from recovery.events import (
    DisputeRaised,
    InterestWaived,
    LetterPosted,
    PaymentReceived,
    StepBlocked,
    StepDecided,
    StepSkipped,
    StepTaken,
)
from recovery.postal import Envelope
from recovery.work import tasks
from tests.cases import STAFF, TUESDAY, at, climbed, invoice, opening
from tests.standing import CASE, DEBTOR, Clock, Outbox, stands

pytestmark = pytest.mark.usefixtures("clock", "outbox")


def day(n: int) -> date:
    return TUESDAY + timedelta(days=n)


def visit() -> dict[str, Any]:
    return climb.visit(CASE)


def story() -> list[str]:
    return [f"{type(event).__name__} {getattr(event, 'step', '')}".strip() for event in journal.read(CASE).events[4:]]


def queue() -> list[str]:
    found = client("s3").list_objects_v2(Bucket=os.environ["DOCUMENTS"], Prefix="post/").get("Contents", [])
    return sorted(each["Key"] for each in found)


def last(kind: type) -> Any:
    return [event for event in journal.read(CASE).events if isinstance(event, kind)][-1]


def test_a_new_case_is_checked_and_rests_until_the_morning_of_its_first_letter() -> None:
    stands()
    answer = climb.handler({"case_id": CASE}, None)  # type: ignore[arg-type]
    assert story() == ["DebtorChecked", "StepTaken checks"]
    assert answer == {
        "over": False,
        "version": 6,
        "rest_seconds": int((at(day(1)) - at(TUESDAY, "08:31")).total_seconds()),
        "until": at(day(1)).isoformat(),
    }


def test_the_first_letter_leaves_then_its_copy(clock: Clock, outbox: Outbox) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    visit()
    assert story() == [
        "StepTaken checks",
        "StepDecided first_letter",
        "StepTaken first_letter",
        "LetterPosted first_letter",
        "StepDecided first_letter:copy",
        "StepTaken first_letter:copy",
    ]
    decided: StepDecided = next(event for event in journal.read(CASE).events if isinstance(event, StepDecided))
    letter = archive.get(decided.document or "")
    assert letter.startswith(b"%PDF")
    assert queue() == ["post/RG-26-00001/first_letter.pdf"]
    assert post.s3.get_object(Bucket=os.environ["DOCUMENTS"], Key=queue()[0])["Body"].read() == letter
    assert (decided.reference, decided.answer_by, decided.total) == ("RG-26-00001-1", day(6), Decimal("1277.67"))
    (copy,) = outbox.messages
    assert copy["To"] == "compta@debiteur.example"
    assert [part.get_content() for part in copy.iter_attachments()] == [letter]


def test_a_second_visit_does_nothing_more(clock: Clock, outbox: Outbox) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    visit()
    before = journal.read(CASE).entries
    assert visit()["until"] == at(day(6)).isoformat()
    assert journal.read(CASE).entries == before
    assert len(outbox.messages) == 1


def test_stopped_between_the_decision_and_the_letter_the_same_bytes_leave_at_the_next_visit(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    send, calls = post.send, []

    def stops_once(pdf: bytes, key: str, envelope: Envelope) -> str:
        calls.append((pdf, key, envelope))
        if len(calls) == 1:
            raise ConnectionError("the process is killed")
        return send(pdf, key, envelope)

    monkeypatch.setattr(post, "send", stops_once)
    with pytest.raises(ConnectionError):
        visit()
    assert story()[-1] == "StepDecided first_letter"  # we meant to send it, and say so
    clock.moves_to(day(1), "11:00")
    visit()
    assert calls[0] == calls[1]
    assert story().count("StepDecided first_letter") == story().count("StepTaken first_letter") == 1


def test_stopped_after_the_letter_and_before_its_entry_it_is_still_one_letter(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    record, stops = climb.record, [True]

    def stops_once(*args: Any) -> None:
        if stops.pop() if stops else False:
            raise ConnectionError("the process is killed")
        record(*args)

    monkeypatch.setattr(climb, "record", stops_once)
    with pytest.raises(ConnectionError):
        visit()
    assert queue() == ["post/RG-26-00001/first_letter.pdf"]
    visit()
    assert queue() == ["post/RG-26-00001/first_letter.pdf"]
    assert story().count("StepTaken first_letter") == 1


def test_an_e_mail_that_could_not_be_sent_is_sent_at_the_next_visit(clock: Clock, outbox: Outbox) -> None:
    stands(*climbed("reminder"), StepSkipped(at=at(day(1)), by="machine", step="first_letter:copy", reason="no_email"))
    clock.moves_to(day(6))
    outbox.down = 1
    with pytest.raises(ConnectionError):
        visit()
    visit()
    assert len(outbox.to("compta@debiteur.example")) == 1
    assert story()[-2:] == ["StepDecided reminder", "StepTaken reminder"]


def meanwhile(monkeypatch: pytest.MonkeyPatch, event: object) -> None:
    """Somebody writes while the letter is being made."""
    prepare: Callable[..., Any] = climb.prepare
    once = [event]

    def interrupted(*args: Any) -> Any:
        made = prepare(*args)
        if once:
            journal.change(CASE, lambda _: [once.pop()])  # type: ignore[list-item]
        return made

    monkeypatch.setattr(climb, "prepare", interrupted)


def test_a_decision_is_good_only_for_the_case_it_saw(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    meanwhile(monkeypatch, DisputeRaised(at=at(day(1)), by="debtor", reason="x"))
    assert visit()["version"] == 6
    assert story() == ["StepTaken checks", "DisputeRaised"]
    assert queue() == []


def test_a_payment_in_between_changes_the_letter(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    meanwhile(monkeypatch, PaymentReceived(at=at(day(1)), by=STAFF, payment="p1", amount=Decimal("100.00"), on=day(1)))
    visit()
    decided = next(event for event in journal.read(CASE).events if isinstance(event, StepDecided) and event.step == "first_letter")
    assert decided.total == Decimal("1177.67")


def test_a_fact_is_written_whatever_else_was_written_meanwhile(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    send = post.send

    def disputed_meanwhile(pdf: bytes, key: str, envelope: Envelope) -> str:
        journal.change(CASE, lambda _: [DisputeRaised(at=at(day(1)), by="debtor", reason="x")])
        return send(pdf, key, envelope)

    monkeypatch.setattr(post, "send", disputed_meanwhile)
    visit()
    assert story() == [
        "StepTaken checks",
        "StepDecided first_letter",
        "DisputeRaised",
        "StepTaken first_letter",
        "LetterPosted first_letter",
    ]


def test_a_name_that_cannot_be_printed_goes_to_a_person_then_leaves_corrected(clock: Clock) -> None:
    stands(*climbed("first_letter"), debtor=replace(DEBTOR, name="Brasserie 🦊 des Halles"))
    clock.moves_to(day(1))
    visit()
    assert story() == ["StepTaken checks", "StepBlocked first_letter"]
    assert "🦊" in last(StepBlocked).reason
    assert queue() == []
    assert [task.kind for task in tasks(journal.load(CASE))] == ["blocked"]
    directory.keep_debtor("d1", DEBTOR)
    journal.change(CASE, lambda case: decisions.correct_debtor(case, ("name",), by=STAFF, at=clock.at))
    visit()
    assert queue() == ["post/RG-26-00001/first_letter.pdf"]


def test_an_address_that_fits_no_window_is_stopped_at_the_checks() -> None:
    stands(debtor=replace(DEBTOR, line1="bâtiment " * 30))
    visit()
    assert story() == ["DebtorChecked", "StepBlocked checks"]
    assert "adresse" in last(StepBlocked).reason


def test_no_rate_no_letter_and_the_reason_is_french(clock: Clock) -> None:
    late = date(2026, 12, 29)
    stands(*opening(late))
    clock.moves_to(late, "08:31")
    visit()
    clock.moves_to(date(2026, 12, 30))
    visit()
    first = last(StepDecided)
    assert first.step.startswith("first_letter")
    clock.moves_to(date(2027, 1, 4))
    visit()
    assert last(StepBlocked).step == "reminder"
    assert "taux" in last(StepBlocked).reason
    assert "no value" not in last(StepBlocked).reason


def test_an_incomplete_agency_sends_nothing(clock: Clock) -> None:
    import json

    from adapters import agency

    stands(*climbed("first_letter"))
    profile = json.loads(client("ssm").get_parameter(Name=os.environ["AGENCY"])["Parameter"]["Value"])
    profile["insurance"]["policy"] = ""
    client("ssm").put_parameter(Name=os.environ["AGENCY"], Value=json.dumps(profile), Type="String", Overwrite=True)
    agency.provider().clear_cache()
    clock.moves_to(day(1))
    visit()
    assert "police d’assurance" in last(StepBlocked).reason
    assert queue() == []


def test_a_debtor_without_e_mail_is_reminded_by_nothing_and_the_ladder_goes_on(clock: Clock, outbox: Outbox) -> None:
    stands(*climbed("first_letter"), debtor=replace(DEBTOR, email=None))
    clock.moves_to(day(1))
    visit()
    clock.moves_to(day(6))
    visit()
    assert [event.step for event in journal.read(CASE).events if isinstance(event, StepSkipped)] == ["first_letter:copy", "reminder"]
    assert outbox.messages == []
    clock.moves_to(day(10))
    visit()
    assert story()[-1] == "StepDecided first_call"


def test_an_address_no_server_can_use_goes_to_a_person(clock: Clock, outbox: Outbox) -> None:
    stands(*climbed("first_letter"), debtor=replace(DEBTOR, email="compta@debiteur.example\nBcc: all@example.org"))
    clock.moves_to(day(1))
    visit()
    assert last(StepBlocked).step == "first_letter:copy"
    assert outbox.messages == []


def test_without_a_captured_printer_the_letter_waits_to_be_posted(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRINTER", "manual")
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    answer = visit()
    assert story()[-1] == "StepTaken first_letter"
    assert answer["rest_seconds"] == climb.A_LONG_REST.total_seconds()
    assert [task.kind for task in tasks(journal.load(CASE))] == ["post"]


def test_a_receipt_by_e_mail_or_by_paper_for_each_payment(clock: Clock, outbox: Outbox) -> None:
    stands(*climbed("second_letter"), StepSkipped(at=at(day(1)), by="machine", step="first_letter:copy", reason="no_email"))
    clock.moves_to(day(12), "10:00")

    def pay(id: str) -> None:
        journal.change(
            CASE,
            lambda case: payments.record_payment(case, Decimal("100.00"), day(12), payment=id, means="transfer", by=STAFF, at=clock.at),
        )

    pay("p1")
    visit()
    assert len(outbox.to("compta@debiteur.example")) == 1
    directory.keep_debtor("d1", replace(DEBTOR, email=None))
    pay("p2")
    visit()
    assert queue() == ["post/RG-26-00001/receipt-p2.pdf"]
    assert story()[-3:] == ["StepDecided receipt:p2", "StepTaken receipt:p2", "LetterPosted receipt:p2"]


def test_paid_in_full_the_last_receipt_leaves_and_the_climb_is_over(clock: Clock, outbox: Outbox) -> None:
    stands(*climbed("first_letter"))
    clock.moves_to(day(1))
    visit()
    total = next(event.total for event in journal.read(CASE).events if isinstance(event, StepDecided))
    clock.moves_to(day(4), "10:00")
    journal.change(
        CASE,
        lambda case: payments.record_payment(case, total or Decimal(0), day(4), payment="p1", means="transfer", by=STAFF, at=clock.at),
    )
    assert last(InterestWaived).amount > 0
    assert visit()["over"] is True
    assert story()[-1] == "StepTaken receipt:p1"
    assert len(outbox.to("compta@debiteur.example")) == 2
    assert visit()["over"] is True


def test_a_consultant_who_left_is_replaced_by_another_person(clock: Clock, outbox: Outbox) -> None:
    from dataclasses import fields

    first = opening()[0]
    left = type(first)(**{f.name: getattr(first, f.name) for f in fields(first)} | {"consultant": "someone-who-left"})
    stands(left, *climbed("first_letter")[1:])
    clock.moves_to(day(1))
    visit()
    assert outbox.messages[0]["Reply-To"] == "ines@reglo.example"


def test_references_follow_one_another(clock: Clock) -> None:
    stands(*climbed("second_letter"), StepSkipped(at=at(day(1)), by="machine", step="first_letter:copy", reason="no_email"))
    clock.moves_to(day(20))
    visit()
    assert (
        next(event.reference for event in reversed(journal.read(CASE).events) if isinstance(event, StepDecided) and event.reference)
        == "RG-26-00001-2"
    )


def test_a_lapsed_claim_goes_to_a_person(clock: Clock) -> None:
    stands(*climbed("first_letter", TUESDAY, invoice(due=date(2021, 9, 1))))
    clock.moves_to(day(1))
    visit()
    assert "prescrite" in last(StepBlocked).reason
    assert queue() == []


def test_going_round_in_circles_is_a_fault_not_a_storm(monkeypatch: pytest.MonkeyPatch) -> None:
    stands()

    def does_nothing(*_: Any) -> None:
        raise journal.Stale

    monkeypatch.setattr(climb, "take", does_nothing)
    with pytest.raises(RuntimeError, match="more than 20 steps"):
        visit()


def test_a_letter_recorded_twice_is_posted_once() -> None:
    stands(*climbed("first_letter"))
    taken = StepTaken(at=at(day(1)), by="machine", step="first_letter", receipt="r")
    posted = LetterPosted(at=at(day(1)), by="machine", step="first_letter", on=day(1))
    for _ in range(2):
        climb.record(CASE, taken, posted)
    assert story() == ["StepTaken checks", "StepTaken first_letter", "LetterPosted first_letter"]
