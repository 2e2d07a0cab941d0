"""The real template on the local engine, as `reglo up` deploys it, once for all the tests of the whole product."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.commands.demo import plausible
from infra.local import people, stack
from infra.local.running import Engine

INVOICES = Path(__file__).parents[1] / "samples" / "invoices"
DAY = 86_400


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("product"), port=free_port(), aws_port=free_port())
    with engine:
        stack.deployed(engine)
        yield engine


@pytest.fixture(scope="session")
def staff(engine: Engine) -> people.Browser:
    browser = people.Browser(engine)
    browser.sign_in(people.STAFF)
    return browser


def opened(
    engine: Engine, staff: people.Browser, number: str, *, invoice: str = "fx-fr-basic-valid.pdf", **answers: str
) -> people.HandedOver:
    """A case at rest, for an invoice of that number: handed over, confirmed, and let in by the agency when it is the first."""
    handed = people.drop(engine, INVOICES / invoice)
    handed.fields |= {"number": number, **answers}
    people.check(handed, plausible(engine))
    if people.accept(handed, "Camille Berthelot", "gérante") == "waiting_agency":
        people.approve_creditor(staff, handed)
    people.until(lambda: at_rest(engine, handed.ref), f"{handed.ref} at rest")
    return handed


def head(engine: Engine, ref: str) -> dict[str, str]:
    key = {"pk": {"S": f"CASE#{ref}"}, "sk": {"S": "HEAD"}}
    found = engine.client("dynamodb").get_item(TableName=engine.outputs()["Table"], Key=key, ConsistentRead=True).get("Item", {})
    return {name: next(iter(value.values())) for name, value in found.items()}


def at_rest(engine: Engine, ref: str) -> dict[str, str] | None:
    """The head, when its machine rests on its last version and everybody was told."""
    found = head(engine, ref)
    return found if found.get("alarm_saw") == found.get("version") == found.get("announced") and found else None
