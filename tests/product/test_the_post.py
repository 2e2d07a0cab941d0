"""The real template with a postal provider: letters leave by its protocol, and what comes back enters under the roles of the template."""

import json
from collections.abc import Iterator

import httpx
import pytest

from infra.local import people, stack
from infra.local.running import Engine
from tests.maileva import CALLBACK, CREDENTIALS, Post, listening
from tests.product.conftest import DAY, at_rest, free_port, opened
from tests.recovery.test_bounces import BOUNCE, MAIL


@pytest.fixture(scope="module")
def theirs() -> Iterator[Post]:
    with listening() as post:
        yield post


@pytest.fixture(scope="module")
def posting(theirs: Post, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("posting"), port=free_port(), aws_port=free_port())
    with engine:
        stack.deployed(engine, more={"Printer": "maileva", "MailevaUrl": theirs.origin, "MailevaSignIn": theirs.origin})
        engine.client("ssm").put_parameter(Name="/reglo/maileva", Type="SecureString", Value=json.dumps(CREDENTIALS))
        yield engine


def entries(engine: Engine, ref: str) -> list[dict[str, object]]:
    asked = {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :e)",
        "ExpressionAttributeValues": {":pk": {"S": f"CASE#{ref}"}, ":e": {"S": "EVENT#"}},
    }
    found = engine.client("dynamodb").query(TableName=engine.outputs()["Table"], **asked)["Items"]
    return [json.loads(item["entry"]["S"])["event"] for item in found]


def of(engine: Engine, ref: str, kind: str) -> list[dict[str, object]]:
    return [event for event in entries(engine, ref) if event["kind"] == kind]


def test_a_letter_by_the_provider_and_a_bounce_of_its_copy(posting: Engine, theirs: Post) -> None:
    staff = people.Browser(posting)
    staff.sign_in(people.STAFF)
    ref = opened(posting, staff, "POST-1").ref
    posting.clock(advance=3 * DAY)
    people.until(lambda: theirs.submitted or None, "the first letter is submitted")
    people.until(lambda: at_rest(posting, ref), "at rest")
    assert theirs.submitted[0]["custom_data"] == f"{ref}/first_letter"
    assert not of(posting, ref, "LetterPosted")

    theirs.submitted[0] |= {"status": "PROCESSED", "processed_date": str(posting.clock()["now"])[:10] + "T12:00:00Z"}
    said = {"event_type": "ON_STATUS_PROCESSED", "resource_type": "mail/v2/sendings", "resource_custom_data": f"{ref}/first_letter"}
    address = f"{posting.origin}/api/hear/maileva/"
    assert httpx.post(address + "x" * 32, json=said).status_code == 404
    assert [httpx.post(address + CALLBACK, json=said).status_code for _ in range(2)] == [201, 201]
    assert len(of(posting, ref, "LetterPosted")) == 1

    copy = people.until(lambda: next((e for e in of(posting, ref, "StepTaken") if e["step"] == "first_letter:copy"), None), "the copy left")
    (topic,) = (each["TopicArn"] for each in posting.client("sns").list_topics()["Topics"] if "MailTopic" in each["TopicArn"])
    bounce = BOUNCE | {"mail": MAIL | {"messageId": copy["receipt"], "tags": {"case": [ref]}}}
    for _ in range(2):
        posting.client("sns").publish(TopicArn=topic, Message=json.dumps(bounce))
    people.until(lambda: of(posting, ref, "EmailBounced") or None, "the bounce is heard")
    people.until(lambda: at_rest(posting, ref), "at rest again")
    assert len(of(posting, ref, "EmailBounced")) == 1
    assert "Coordonnées à retrouver" in [task["title"] for task in staff.ask("GET", "/api/desk")["tasks"] if task["case"] == ref]
