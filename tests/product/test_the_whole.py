"""From the dropped invoice to the log, through the deployed functions, under their roles."""

import io
import json
import zipfile

import httpx
import pytest

from infra.commands.demo import answer_tasks, today_of, until_work
from infra.commands.verify import check
from infra.local import people
from infra.local.people import Refused
from infra.local.running import Engine
from tests.product.conftest import DAY, INVOICES, at_rest, head, opened


def events(handed: people.HandedOver) -> list[dict[str, object]]:
    exported = handed.browser.ask("POST", f"/api/cases/{handed.ref}/export", {})
    content = httpx.get(exported["link"], timeout=60, trust_env=False).raise_for_status().content
    with zipfile.ZipFile(io.BytesIO(content)) as log:
        entries = json.loads(log.read("journal.json"))
        assert check(log, entries) is None
        return [entry["event"] for entry in entries["entries"]]


def steps(handed: people.HandedOver) -> list[tuple[object, object]]:
    return [
        (event["kind"], event["step"]) for event in events(handed) if str(event["kind"]) in ("StepDecided", "StepTaken", "LetterPosted")
    ]


def test_a_kill_in_the_middle_loses_nothing_and_sends_nothing_twice(engine: Engine, staff: people.Browser) -> None:
    handed = opened(engine, staff, "KILL-1")
    engine.kill()
    engine.start()
    people.until(lambda: at_rest(engine, handed.ref), "at rest after the first kill")
    engine.clock(advance=3 * DAY)  # the first letter leaves
    before = steps(handed)
    assert ("LetterPosted", "first_letter") in before

    with_posting = engine.client("s3").list_objects_v2(Bucket=engine.outputs()["DocumentsBucket"], Prefix=f"post/{handed.ref}/")
    assert with_posting["KeyCount"] == 1
    engine.ask("/_local/clock", {"advance": 1})
    payment = {"amount": "100.00", "on": today_of(engine).isoformat(), "means": "transfer"}
    staff.ask("POST", f"/api/cases/{handed.ref}/payments", payment)
    engine.kill()  # right after the event was written: the ring, the receipt and the notice are still to come
    engine.start()
    people.until(lambda: at_rest(engine, handed.ref), "at rest after the second kill")
    after = steps(handed)
    assert len(set(after)) == len(after), "a step was decided or taken twice"
    assert [name for kind, name in after if kind == "StepTaken" and str(name).startswith("receipt:")], "no receipt left"
    told = [
        mail for mail in people.mails(engine) if handed.ref in people.words(mail) and "100,00" in str(mail["subject"]) + people.words(mail)
    ]
    to_creditor = [mail for mail in told if people.CREDITOR in str(mail["to"])]
    assert len(to_creditor) == 1, [str(mail["subject"]) for mail in told]


def test_the_same_invoice_is_refused_by_the_table_itself(engine: Engine, staff: people.Browser) -> None:
    first = opened(engine, staff, "TWICE-1")
    with pytest.raises(Refused) as refused:
        opened(engine, staff, " twice-1 ")
    assert "confiée" in json.dumps(refused.value.problem, ensure_ascii=False) or first.ref in json.dumps(refused.value.problem)


def test_a_payment_in_full_is_receipted_told_and_closes_the_climb(engine: Engine, staff: people.Browser) -> None:
    handed = opened(engine, staff, "PAID-1")
    engine.clock(advance=2 * DAY)
    balance = handed.browser.ask("GET", f"/api/cases/{handed.ref}")["statement"]["balance"]
    staff.ask("POST", f"/api/cases/{handed.ref}/payments", {"amount": balance, "on": today_of(engine).isoformat(), "means": "transfer"})
    people.until(lambda: head(engine, handed.ref).get("status") == "closed" or None, "closed")
    people.until(lambda: head(engine, handed.ref).get("announced") == head(engine, handed.ref).get("version") or None, "told")
    view = handed.browser.ask("GET", f"/api/cases/{handed.ref}")
    assert (view["status"], view["statement"]["balance"]) == ("closed", "0.00")
    [line] = view["remittance"]["lines"]
    assert line["amount"] == balance
    machine = engine.client("stepfunctions")
    runs = machine.list_executions(stateMachineArn=engine.outputs()["Climb"])["executions"]
    people.until(
        lambda: (
            machine.describe_execution(executionArn=next(r["executionArn"] for r in runs if r["name"] == f"{handed.ref}-1"))["status"]
            == "SUCCEEDED"
            or None
        ),
        "the climb is over",
    )


def test_the_ladder_climbs_by_itself_from_the_first_letter_to_the_hand_over(engine: Engine, staff: people.Browser) -> None:
    handed = opened(engine, staff, "CLIMB-1")
    view = handed.browser.ask("GET", f"/api/cases/{handed.ref}")
    for _ in range(20):
        answer_tasks(staff, handed.ref, engine)
        engine.clock(advance=1)
        view = handed.browser.ask("GET", f"/api/cases/{handed.ref}")
        if view["ask"]:
            break
        engine.clock(advance=until_work(engine, view, today_of(engine), None))
    handed.browser.ask("POST", f"/api/cases/{handed.ref}/decision", {"choice": "legal"})
    people.until(lambda: head(engine, handed.ref).get("status") == "handed_over" or None, "handed over")
    taken = [name for kind, name in steps(handed) if kind == "StepTaken"]
    assert taken == [
        "checks",
        "first_letter",
        "first_letter:copy",
        "reminder",
        "first_call",
        "second_letter",
        "second_letter:copy",
        "formal_notice",
        "last_call",
        "creditor_decision",
    ]


def test_nightly_finds_nothing_to_say_of_a_product_that_works(engine: Engine, staff: people.Browser) -> None:
    answer = engine.client("lambda").invoke(FunctionName=engine.outputs()["NightlyFunction"], Payload=b"{}")
    found = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, found
    assert found["cases"] >= 1
    assert not [finding for finding in found["findings"] if not finding.startswith("law:") and "remitted" not in finding], found


def test_another_creditor_sees_nothing_of_this_case(engine: Engine, staff: people.Browser) -> None:
    handed = opened(engine, staff, "MINE-1")
    other = opened(engine, staff, "THEIRS-1", creditor_siren="552100554", creditor_email="autre@ailleurs.example")
    with pytest.raises(Refused) as refused:
        other.browser.ask("GET", f"/api/cases/{handed.ref}")
    assert refused.value.status == 404
    assert INVOICES.is_dir()
