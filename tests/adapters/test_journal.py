"""What is written is what is read; an invoice belongs to one case; who comes second decides again.

Two writers at the same instant are tested on the local engine (tests/local): the fake one does not isolate its transactions.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from adapters import journal
from adapters.aws import client, key, table_name
from recovery import payments
from recovery.amounts import claim_of
from recovery.events import AnyEvent, DisputeRaised, VisitConsented
from recovery.refusals import AlreadyClaimed, CaseAlreadyClosed, NotFound
from recovery.seal import verify
from recovery.work import tasks
from tests.cases import STAFF, TUESDAY, at, climbed, ended, invoice, opening

CASE = "RG-26-00001"
NOW = at(TUESDAY, "11:00")


@pytest.fixture(autouse=True)
def _table(aws: None) -> None:
    pass


def consented(who: str = "debtor") -> VisitConsented:
    return VisitConsented(at=NOW, by=STAFF, who=who)


def item(pk: str, sk: str) -> dict[str, object] | None:
    return client("dynamodb").get_item(TableName=table_name(), Key=key(pk, sk), ConsistentRead=True).get("Item")


def test_what_is_written_is_what_is_read() -> None:
    events = climbed("end")
    journal.open_case(CASE, events[:4])
    for event in events[4:]:
        journal.change(CASE, lambda _, event=event: [event])  # type: ignore[misc]
    seen = journal.read(CASE)
    assert list(seen.events) == events
    assert len(seen) == seen.case.version == len(events)
    assert verify(seen.entries, case=CASE, count=len(events), last_seal=seen.last_seal) is None
    assert journal.load(CASE) == seen.case


def test_more_entries_than_one_page_holds_are_read() -> None:
    journal.open_case(CASE, opening())
    note = "m" * 40_000
    for n in range(30):  # a page of DynamoDB ends at one megabyte
        journal.change(CASE, lambda _, n=n: [DisputeRaised(at=NOW, by="debtor", reason=f"{n}", note=note)])  # type: ignore[misc]
    assert len(journal.read(CASE)) == 34


def test_a_case_nobody_opened_is_not_found() -> None:
    for question in (journal.read, journal.load, journal.head):
        with pytest.raises(NotFound):
            question("RG-26-09999")
    with pytest.raises(NotFound):
        journal.change("RG-26-09999", lambda _: [consented()])


def test_opening_twice_under_the_same_id_is_opening_once() -> None:
    """A click repeated, a function tried again: the invoice it finds claimed is its own."""
    first = journal.open_case(CASE, opening())
    assert journal.open_case(CASE, opening()).entries == first.entries
    assert journal.holder_of("123456782", "F-101") == CASE


@pytest.mark.parametrize("number", ["F-101", "f-101", " F - 101 "])
def test_an_invoice_belongs_to_one_case_whatever_its_spaces_and_capitals(number: str) -> None:
    journal.open_case(CASE, opening())
    with pytest.raises(AlreadyClaimed) as refused:
        journal.open_case("RG-26-00002", opening(TUESDAY, invoice(number), case="RG-26-00002"))
    assert (refused.value.number, refused.value.case, refused.value.field) == (number, CASE, "number")
    with pytest.raises(NotFound):
        journal.read("RG-26-00002")  # all or none
    with pytest.raises(NotFound):
        journal.head("RG-26-00002")


def test_the_second_invoice_of_a_case_is_refused_by_its_own_number() -> None:
    journal.open_case(CASE, opening(TUESDAY, invoice("F-7")))
    with pytest.raises(AlreadyClaimed) as refused:
        journal.open_case("RG-26-00002", opening(TUESDAY, invoice("F-6"), invoice("F-7"), case="RG-26-00002"))
    assert refused.value.number == "F-7"
    assert journal.holder_of("123456782", "F-6") is None


def test_who_comes_second_is_told() -> None:
    seen = journal.open_case(CASE, opening())
    journal.append(CASE, seen, [consented("debtor")])
    with pytest.raises(journal.Stale):
        journal.append(CASE, seen, [consented("creditor")])
    assert len(journal.read(CASE)) == 5


def test_a_change_decides_again_on_what_was_written_meanwhile() -> None:
    journal.open_case(CASE, opening())
    tries: list[int] = []

    def decide(case: object) -> list[AnyEvent]:
        tries.append(case.version)  # type: ignore[attr-defined]
        if len(tries) == 1:
            journal.append(CASE, journal.read(CASE), [consented("creditor")])  # somebody else, in between
        return [consented("debtor")]

    seen = journal.change(CASE, decide)
    assert tries == [4, 5]
    assert [event.who for event in seen.events if isinstance(event, VisitConsented)] == ["creditor", "debtor"]


def test_a_case_stormed_by_others_gives_up_with_a_fault() -> None:
    journal.open_case(CASE, opening())

    def storm(_: object) -> list[AnyEvent]:
        journal.append(CASE, journal.read(CASE), [consented()])
        return [consented()]

    with pytest.raises(journal.Stale):
        journal.change(CASE, storm)


def test_no_event_no_write_and_a_refusal_goes_up() -> None:
    journal.open_case(CASE, opening())
    assert len(journal.change(CASE, lambda _: [])) == 4

    def refuse(_: object) -> list[AnyEvent]:
        raise CaseAlreadyClosed

    with pytest.raises(CaseAlreadyClosed):
        journal.change(CASE, refuse)
    assert len(journal.read(CASE)) == 4


def test_the_head_says_what_the_journal_says() -> None:
    seen = journal.open_case(CASE, opening(TUESDAY, invoice("F-1", amount="1200.00"), invoice("F-2", amount="48.10")))
    head = journal.head(CASE)
    assert {name: head.get(name) for name in journal.head_of(seen)} == journal.head_of(seen)
    assert (head["version"], head["status"], head["principal"], head["seal"]) == (4, "open", "1248.10", seen.last_seal)
    assert journal.claim_of(head) == claim_of(seen.case)


def test_the_claim_of_a_head_follows_payments() -> None:
    journal.open_case(CASE, opening())

    def pay(case):  # type: ignore[no-untyped-def]
        return payments.record_payment(case, Decimal("100.00"), TUESDAY, payment="p1", means="transfer", by=STAFF, at=NOW)

    seen = journal.change(CASE, pay)
    assert journal.claim_of(journal.head(CASE)) == claim_of(seen.case)
    assert len(journal.claim_of(journal.head(CASE)).payments) == 1


def test_a_new_head_leaves_the_alarm_where_it_is() -> None:
    """The machine that rests wrote it; announce.py rings it. A head that forgot it would leave a case asleep."""
    journal.open_case(CASE, opening())
    client("dynamodb").update_item(
        TableName=table_name(),
        Key=key(f"CASE#{CASE}", "HEAD"),
        UpdateExpression="SET alarm = :token, alarm_saw = :seen, next_visit = :until",
        ExpressionAttributeValues={":token": {"S": "token"}, ":seen": {"N": "4"}, ":until": {"S": "2026-09-02T07:00:00+00:00"}},
    )
    journal.mark_announced(CASE, 4)
    journal.change(CASE, lambda _: [consented()])
    head = journal.head(CASE)
    assert (head["alarm"], head["alarm_saw"], head["announced"], head["version"]) == ("token", 4, 4, 5)


def test_what_was_announced_never_goes_back() -> None:
    journal.open_case(CASE, opening())
    journal.mark_announced(CASE, 4)
    journal.mark_announced(CASE, 2)
    assert journal.head(CASE)["announced"] == 4
    journal.mark_announced("RG-26-09999", 1)
    with pytest.raises(NotFound):
        journal.head("RG-26-09999")


def test_the_desk_holds_what_waits_and_lets_go_of_what_does_not() -> None:
    printed = [*climbed("first_letter"), *ended("first_letter", TUESDAY + timedelta(days=1))]
    journal.open_case(CASE, printed[:4])
    journal.open_case("RG-26-00002", opening(TUESDAY, invoice("F-2"), case="RG-26-00002"))
    assert journal.desk() == []
    for event in printed[4:-1]:
        journal.change(CASE, lambda _, event=event: [event])  # type: ignore[misc]
    (head,) = journal.desk()
    assert head["case"] == CASE
    assert [(task.kind, task.step, task.due.isoformat()) for task in tasks(journal.load(CASE))] == [("post", "first_letter", "2026-09-02")]
    assert head["due"] == "2026-09-02"
    journal.change(CASE, lambda _: [printed[-1]])
    assert journal.desk() == []
    assert "due" not in journal.head(CASE)


def test_the_desk_is_in_the_order_of_the_days() -> None:
    for n, day in ((1, 9), (2, 3), (3, 6)):
        case = f"RG-26-0000{n}"
        journal.open_case(case, opening(TUESDAY, invoice(f"F-{n}"), case=case))
        moment = at(TUESDAY + timedelta(days=day))
        journal.change(case, lambda _, moment=moment: [DisputeRaised(at=moment, by="debtor", reason="x")])  # type: ignore[misc]
    assert [head["case"] for head in journal.desk()] == ["RG-26-00002", "RG-26-00003", "RG-26-00001"]


def test_a_creditor_finds_their_own_cases_and_drafts_are_no_cases() -> None:
    journal.open_case(CASE, opening())
    client("dynamodb").put_item(
        TableName=table_name(),
        Item={**key("DRAFT#x", "DRAFT"), "creditor": {"S": "123456782"}, "desk": {"S": "work"}, "due": {"S": "2026-09-01"}},
    )
    assert [head["case"] for head in journal.heads_of("123456782")] == [CASE]
    assert journal.heads_of("999999999") == []
    assert journal.desk() == []
    assert [head["case"] for head in journal.open_heads()] == [CASE]


def test_the_table_holds_no_name_and_no_free_word() -> None:
    journal.open_case(CASE, opening())
    stored = client("dynamodb").scan(TableName=table_name())["Items"]
    assert {row["pk"]["S"].partition("#")[0] for row in stored} == {"CASE", "INVOICE"}
    assert item("INVOICE#123456782#F-101", "CLAIM") == {**key("INVOICE#123456782#F-101", "CLAIM"), "case": {"S": CASE}}
