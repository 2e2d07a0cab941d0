"""Maileva by its documented protocol, on a real HTTP server: one letter whatever fails, and a sentence for what it refuses."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import httpx
import pytest

from adapters import maileva, post
from adapters.aws import get
from recovery.agency import Agency
from recovery.parties import AddressTooLong
from recovery.postal import Envelope, Tracking, envelope
from tests.maileva import CALLBACK, Post, served
from tests.standing import DEBTOR

KEY = "RG-26-00001/formal_notice"
US = Agency(name="Réglo", line1="14 rue Kervégan", postcode="44000", city="Nantes")
TO = envelope(DEBTOR, US, registered=True)
PDF = b"%PDF-1.7 the letter"


@pytest.fixture(autouse=True)
def theirs(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with served(monkeypatch) as running:
        yield running


def only(theirs: Post) -> dict[str, object]:
    (sending,) = theirs.sendings.values()
    return sending


def test_a_registered_letter_leaves_with_its_pages_its_address_and_its_key(theirs: Post) -> None:
    assert maileva.send(PDF, KEY, TO) == "maileva:registered_mail/v4/s1"
    sending = theirs.sendings["s1"]
    assert sending["status"] == "PENDING"
    assert sending["documents"] == [{"document": PDF, "metadata": b'{"priority": 1, "name": "lettre.pdf"}'}]
    (recipient,) = sending["recipients"]
    told = {name: value for name, value in recipient.items() if name not in ("id", "status")}
    assert told == {
        "address_line_1": "Brasserie des Halles",
        "address_line_2": "8 place des Lices",
        "address_line_6": "35000 RENNES",
        "country_code": "FR",
        "custom_id": KEY,
        "custom_data": KEY,
    }
    assert (sending["acknowledgement_of_receipt"], sending["returned_mail_scanning"], sending["custom_data"]) == (True, True, KEY)
    assert (sending["sender_address_line_1"], sending["sender_address_line_6"]) == ("Réglo", "44000 Nantes")
    assert theirs.tokens == 1


def test_a_simple_letter_goes_by_the_other_service_and_a_person_is_named_on_the_second_line(theirs: Post) -> None:
    person = envelope(replace(DEBTOR, kind="consumer", name="Eva Dupont"), US, registered=False)
    assert maileva.send(PDF, "RG-26-00001/first_letter", person) == "maileva:mail/v2/s1"
    (recipient,) = theirs.sendings["s1"]["recipients"]
    assert (recipient.get("address_line_1"), recipient["address_line_2"], recipient["address_line_3"]) == (
        None,
        "Eva Dupont",
        "8 place des Lices",
    )


def test_asked_twice_it_leaves_once(theirs: Post) -> None:
    assert maileva.send(PDF, KEY, TO) == maileva.send(b"%PDF other", KEY, TO)
    assert len(theirs.sendings) == 1
    assert sum(asked.endswith("submit") for asked in theirs.asked) == 1


@pytest.mark.parametrize("moment", ["POST .*/sendings", "documents", "POST .*/recipients"])
@pytest.mark.parametrize("mood", ["after", 503, 2.0, b"<html>", 429])
def test_a_failure_before_the_draft_is_complete_submits_nothing_and_the_next_try_makes_another(
    theirs: Post, moment: str, mood: object
) -> None:
    theirs.moods[moment] = [mood]
    theirs.http.timeout = httpx.Timeout(1.0 if isinstance(mood, float) else 10.0)
    with pytest.raises(maileva.Away):
        maileva.send(PDF, KEY, TO)
    theirs.http.timeout = httpx.Timeout(10.0)
    assert theirs.submitted == []
    assert get(f"POST#{KEY}", "SENDING") is None
    maileva.send(PDF, KEY, TO)
    assert len(theirs.submitted) == 1
    assert len(theirs.submitted[0]["documents"]) == len(theirs.submitted[0]["recipients"]) == 1


@pytest.mark.parametrize("mood", ["after", 2.0, 500, b"{"])
def test_a_failure_at_the_submission_never_sends_twice(theirs: Post, mood: object) -> None:
    theirs.moods["submit"] = [mood]
    theirs.http.timeout = httpx.Timeout(1.0 if isinstance(mood, float) else 10.0)
    with pytest.raises(maileva.Away):
        maileva.send(PDF, KEY, TO)
    theirs.http.timeout = httpx.Timeout(10.0)
    assert maileva.send(PDF, KEY, TO) == "maileva:registered_mail/v4/s1"
    assert len(theirs.submitted) == len(theirs.sendings) == 1


def test_two_who_send_at_once_submit_the_draft_that_was_written_first(theirs: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    write, once = maileva.put_after, [True]

    def beaten(*args: object) -> None:
        if once:
            once.pop()
            maileva.send(PDF, KEY, TO)
        write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(maileva, "put_after", beaten)
    assert maileva.send(PDF, KEY, TO) == "maileva:registered_mail/v4/s2"
    assert [each["id"] for each in theirs.submitted] == ["s2"]
    assert list(theirs.sendings) == ["s2"]  # the other draft was thrown away


def test_submitted_by_another_visit_meanwhile_it_is_sent_all_the_same(theirs: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    maileva.send(PDF, KEY, TO)
    states = ["DRAFT", "PENDING"]
    monkeypatch.setattr(maileva, "status", lambda *_: states.pop(0))
    assert maileva.send(PDF, KEY, TO) == "maileva:registered_mail/v4/s1"


@pytest.mark.parametrize(
    ("where", "code", "words"),
    [
        ("POST .*/recipients", "INVALID_ADDRESS_LINE_6", "Vérifiez l’adresse du débiteur."),
        ("documents", "INVALID_DOCUMENT_SIZE", "Vérifiez le document."),
        ("POST .*/sendings", "NAME_TOO_LONG", "Vérifiez l’envoi avec son assistance."),
        ("submit", "INVALID_COUNTRY_CODE", "Vérifiez le pays du débiteur."),
    ],
)
def test_what_it_refuses_is_a_sentence_for_the_person_who_sees_to_it(theirs: Post, where: str, code: str, words: str) -> None:
    theirs.moods[where] = [(400, code)]
    with pytest.raises(maileva.LetterRefused) as refused:
        maileva.send(PDF, KEY, TO)
    assert refused.value.message == f"Maileva refuse cet envoi ({code}). {words}"
    assert theirs.submitted == []


def test_a_wrong_password_is_nobodys_letter(theirs: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maileva, "credentials", lambda: dict.fromkeys(("client_id", "client_secret", "username", "password"), "x"))
    with pytest.raises(maileva.Away, match="no token"):
        maileva.send(PDF, KEY, TO)


def test_a_token_that_is_refused_is_asked_again(theirs: Post) -> None:
    maileva.send(PDF, KEY, TO)
    theirs.tokens = 7  # the server forgot ours
    assert maileva.tracking(KEY) == Tracking()
    assert theirs.tokens == 8


def test_a_letter_it_lost_is_not_sent_again_by_itself(theirs: Post) -> None:
    maileva.send(PDF, KEY, TO)
    theirs.sendings.clear()
    with pytest.raises(maileva.LetterRefused, match="ne retrouve plus"):
        maileva.send(PDF, KEY, TO)


def test_what_it_does_not_carry_waits_in_the_print_queue(theirs: Post) -> None:
    abroad = replace(TO, country="BE")
    assert post.send(PDF, KEY, abroad) == f"post/{KEY}.pdf"
    assert post.send(PDF, KEY, TO).startswith("maileva:")
    assert post.send(PDF, "RG-26-00001/first_letter", replace(abroad, registered=False)).startswith("maileva:mail/v2")


def test_a_foreign_address_leaves_its_country_to_the_code() -> None:
    abroad = envelope(replace(DEBTOR, country="BE", postcode="1000", city="Bruxelles"), US, registered=False)
    assert (abroad.lines[-1], abroad.country) == ("1000 BRUXELLES", "BE")
    with pytest.raises(AddressTooLong):
        envelope(replace(DEBTOR, line1="rue " * 40), US, registered=True)


def test_a_long_key_is_shortened_where_it_must_be_and_whole_elsewhere(theirs: Post) -> None:
    key = f"RG-26-00001/receipt:{'a' * 32}"
    maileva.send(PDF, key, replace(TO, registered=False))
    assert (len(str(only(theirs)["custom_id"])), only(theirs)["custom_data"]) == (36, key)


# ------------------------------------------------------------------------------------------------ what became of it


def status(category: str, at: str) -> dict[str, str]:
    return {"category": category, "date": at, "code": "LP15", "label": "x"}


LIFE = [
    ({}, Tracking()),
    ({"deposit_proof_date": "2026-11-24T22:30:00.000Z", "registered_number": "1E3232323"}, Tracking(posted_on=date(2026, 11, 24), number="1E3232323")),
    ({"deposit_proof_date": "2026-11-24T23:30:00.000Z"}, Tracking(posted_on=date(2026, 11, 25))),  # a day is a day in Paris
    (
        {"main_delivery_statuses": [status("FIRST_PRESENTATION", "2026-11-27T10:00:00Z"), status("DELIVERING", "2026-11-26T06:00:00Z")]},
        Tracking(posted_on=date(2026, 11, 26), presented_on=date(2026, 11, 27)),
    ),
    (
        {"main_delivery_statuses": [status("DELIVERED", "2026-11-27T10:00:00Z")]},
        Tracking(posted_on=date(2026, 11, 27), delivered_on=date(2026, 11, 27)),
    ),
    (
        {"deposit_proof_date": "2026-11-24T10:00:00Z", "undelivered_mail_date": "2026-12-15T10:00:00Z", "undelivered_mail_reason": "N03"},
        Tracking(posted_on=date(2026, 11, 24), returned_on=date(2026, 12, 15), returned_reason="unclaimed"),
    ),
    (
        {"main_delivery_statuses": [status("UNDELIVERED", "2026-12-14T10:00:00Z")]},
        Tracking(posted_on=date(2026, 12, 14), returned_on=date(2026, 12, 14)),
    ),
    (
        {"main_delivery_statuses": [status("UNDELIVERED", "2026-12-14T10:00:00Z") | {"code": "LP21"}, status("DELIVERED", "2026-12-16T10:00:00Z") | {"code": "LP17"}]},
        Tracking(posted_on=date(2026, 12, 14), returned_on=date(2026, 12, 14), returned_reason="unknown"),
    ),
    ({"status": "REJECTED", "status_detail": "INVALID_ADDRESS_LINE_6"}, Tracking(refused="Maileva refuse cet envoi (INVALID_ADDRESS_LINE_6). Vérifiez l’adresse du débiteur.")),
]  # fmt: skip


@pytest.mark.parametrize(("written", "told"), LIFE)
def test_what_the_post_wrote_is_read(theirs: Post, written: dict[str, object], told: Tracking) -> None:
    maileva.send(PDF, KEY, TO)
    theirs.happens(**written)
    assert maileva.tracking(KEY) == told


def test_a_simple_letter_is_posted_the_day_it_was_produced(theirs: Post) -> None:
    maileva.send(PDF, KEY, replace(TO, registered=False))
    theirs.sendings["s1"] |= {"status": "PROCESSED", "processed_date": "2026-11-25T16:00:00Z"}
    assert maileva.tracking(KEY) == Tracking(posted_on=date(2026, 11, 25))


def test_a_rejected_sending_is_refused(theirs: Post) -> None:
    maileva.send(PDF, KEY, TO)
    theirs.sendings["s1"] |= {"status": "REJECTED", "status_detail": "PDF illisible"}
    told = maileva.tracking(KEY)
    assert told
    assert told.refused == "Maileva refuse cet envoi. Vérifiez l’envoi avec son assistance."


def test_a_letter_it_never_had_is_unknown() -> None:
    assert maileva.tracking(KEY) is None
    assert list(maileva.proofs(KEY)) == []


@pytest.mark.parametrize(
    "odd", [b"[]", b"{}", b'{"recipients": []}', b'{"recipients": [1]}', b'{"recipients": [{"deposit_proof_date": "hier"}]}', b"\xff"]
)
def test_nonsense_is_a_fault(theirs: Post, odd: bytes) -> None:
    maileva.send(PDF, KEY, TO)
    theirs.moods["GET .*/recipients"] = [odd]
    with pytest.raises(maileva.Away):
        maileva.tracking(KEY)


def test_reading_is_tried_again_once(theirs: Post) -> None:
    maileva.send(PDF, KEY, TO)
    theirs.moods["GET .*/recipients"] = [503]
    assert maileva.tracking(KEY) == Tracking()
    theirs.moods["GET .*/recipients"] = [503, "after"]
    with pytest.raises(maileva.Away):
        maileva.tracking(KEY)


def test_each_proof_is_fetched_once_it_is_there(theirs: Post) -> None:
    maileva.send(PDF, KEY, TO)
    theirs.proofs = {"download_deposit_proof": b"%PDF deposit", "download_acknowledgement_of_receipt": b"%PDF signed"}
    theirs.happens(deposit_proof_url="/x", acknowledgement_of_receipt_url="/y")
    assert list(maileva.proofs(KEY)) == [("deposit", b"%PDF deposit"), ("receipt", b"%PDF signed")]
    theirs.proofs["download_deposit_proof"] = b"<html>"
    with pytest.raises(maileva.Away, match="no PDF"):
        list(maileva.proofs(KEY))


def test_an_answer_without_end_is_cut(theirs: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    maileva.send(PDF, KEY, TO)
    monkeypatch.setattr(maileva, "LARGEST", 20)
    with pytest.raises(maileva.Away, match="too long"):
        maileva.tracking(KEY)


def test_it_is_asked_once_to_tell_us(theirs: Post) -> None:
    assert maileva.subscribe("https://reglo.example/") == 13
    assert maileva.subscribe("https://reglo.example/") == 0
    assert {each["callback_url"] for each in theirs.subscriptions} == {f"https://reglo.example/api/hear/maileva/{CALLBACK}"}
    assert json.dumps(theirs.subscriptions).count("ON_MAIN_DELIVERY_STATUS_FIRST_PRESENTATION") == 1


@pytest.mark.parametrize(("secret", "ours"), [(CALLBACK, True), (CALLBACK[:-1], False), ("", False), ("é" * 30, False)])
def test_only_whom_we_gave_the_secret_to_is_heard(secret: str, ours: bool) -> None:
    assert maileva.is_ours(secret) is ours


def test_without_a_secret_nobody_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maileva, "credentials", lambda: {"callback": ""})
    assert not maileva.is_ours("")


def test_an_envelope_of_many_lines_begins_on_the_first(theirs: Post) -> None:
    many = Envelope(lines=("Eva", "a", "b", "c", "d", "35000 RENNES"), country="FR", company=False, sender=("x", "y", "z"), registered=True)
    assert [maileva.recipient(KEY, many)[f"address_line_{n}"] for n in range(1, 7)] == ["Eva", "a", "b", "c", "d", "35000 RENNES"]
