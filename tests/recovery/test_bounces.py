"""An e-mail that reached nobody: said once, by the message it was; then paper, or nothing, and a person looks for the address."""

from datetime import timedelta
from typing import Any

import pytest

from recovery import bounces
from recovery import events as e
from recovery.case import fold
from recovery.work import tasks
from tests.cases import STAFF, TUESDAY, at, climbed

NOW = at(TUESDAY + timedelta(days=9))
# As SES publishes it to SNS (event publishing): only what matters here, and the fields beside it.
MAIL = {
    "timestamp": "2026-11-30T08:00:00.000Z",
    "source": "dossiers@reglo.example",
    "messageId": "0102018f-ses",
    "destination": ["compta@debiteur.example"],
    "headersTruncated": False,
    "headers": [{"name": "Subject", "value": "Rappel"}],
    "commonHeaders": {"messageId": "<RG-26-00001.reminder@reglo.example>", "subject": "Rappel"},
    "tags": {"ses:configuration-set": ["events"], "ses:source-ip": ["1.2.3.4"], "case": ["RG-26-00001"]},
}
BOUNCE: dict[str, Any] = {
    "eventType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": "compta@debiteur.example", "action": "failed", "status": "5.1.1"}],
        "timestamp": "2026-11-30T08:00:02.000Z",
        "feedbackId": "f1",
        "reportingMTA": "dsn; a1.example",
    },
    "mail": MAIL,
}
COMPLAINT: dict[str, Any] = {
    "eventType": "Complaint",
    "complaint": {
        "complainedRecipients": [{"emailAddress": "compta@debiteur.example"}],
        "feedbackId": "f2",
        "complaintFeedbackType": "abuse",
    },
    "mail": MAIL,
}


def sent() -> list[e.AnyEvent]:
    return [*climbed("reminder"), e.StepTaken(at=NOW, by="machine", step="reminder", receipt="0102018f-ses")]


def heard(events: list[e.AnyEvent], said: dict[str, Any]) -> list[e.AnyEvent]:
    told = bounces.read(said)
    assert told
    return bounces.heard(fold(events), told, by="machine", at=NOW)


@pytest.mark.parametrize(
    ("said", "bounce"),
    [(BOUNCE, "permanent"), (COMPLAINT, "complaint"), *((BOUNCE | {"bounce": {"bounceType": kind}}, "transient") for kind in ("Transient", "Undetermined"))],
)  # fmt: skip
def test_each_kind_is_one_event_of_the_step_that_sent_it(said: dict[str, Any], bounce: str) -> None:
    events = sent()
    (event,) = heard(events, said)
    assert event == e.EmailBounced(at=NOW, by="machine", step="reminder", bounce=bounce)
    assert heard([*events, event], said) == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"eventType": "Delivery", "mail": MAIL},
        {"notificationType": "AmazonSnsSubscriptionSucceeded"},
        BOUNCE | {"mail": {**MAIL, "tags": {}}},
        BOUNCE | {"mail": {**MAIL, "tags": {"case": []}}},
        BOUNCE | {"mail": {**MAIL, "tags": {"case": ["RG-26-00001/../x"]}}},
        BOUNCE | {"mail": {**MAIL, "messageId": ""}},
        {"eventType": "Bounce", "mail": MAIL},
        {"eventType": "Bounce", "mail": None},
    ],
)
def test_what_is_no_bounce_of_a_case_says_nothing(said: dict[str, Any]) -> None:
    assert bounces.read(said) is None


def test_a_message_the_case_never_sent_changes_nothing() -> None:
    assert heard(sent(), BOUNCE | {"mail": {**MAIL, "messageId": "another"}}) == []


def test_an_address_that_does_not_exist_is_written_to_no_more_until_it_is_corrected() -> None:
    events = [*sent(), *heard(sent(), BOUNCE)]
    case = fold(events)
    assert case.unreachable
    assert [task.step for task in tasks(case) if task.kind == "research"] == ["contact"]
    corrected = fold([*events, e.DebtorCorrected(at=NOW + timedelta(days=1), by=STAFF, what=("email",))])
    assert corrected.unreachable is None
    assert [task for task in tasks(corrected) if task.kind == "research"] == []
    assert fold([*events, e.DebtorCorrected(at=NOW, by=STAFF, what=("line1",))]).unreachable


def test_a_full_mailbox_changes_nothing_of_what_follows() -> None:
    assert fold([*sent(), *heard(sent(), BOUNCE | {"bounce": {"bounceType": "Transient"}})]).unreachable is None


def test_who_complains_gets_no_more_e_mail_at_any_address() -> None:
    events = [*sent(), *heard(sent(), COMPLAINT)]
    events += [*heard(events, BOUNCE), e.DebtorCorrected(at=NOW + timedelta(days=1), by=STAFF, what=("email",))]
    case = fold(events)
    assert case.unreachable
    assert case.unreachable.bounce == "complaint"
    assert [task for task in tasks(case) if task.kind == "research"] == []
