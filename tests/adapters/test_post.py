"""The print queue: a letter put twice is one letter."""

import os

import pytest

from adapters import post
from adapters.aws import client
from recovery.postal import Envelope

TO = Envelope(lines=("Brasserie", "35000 RENNES"), country="FR", company=True, sender=("Réglo", "", ""), registered=False)


@pytest.fixture(autouse=True)
def _buckets(aws: None) -> None:
    pass


def queue() -> list[str]:
    found = client("s3").list_objects_v2(Bucket=os.environ["DOCUMENTS"], Prefix="post/").get("Contents", [])
    return [each["Key"] for each in found]


def body(name: str) -> bytes:
    return client("s3").get_object(Bucket=os.environ["DOCUMENTS"], Key=name)["Body"].read()


def test_a_letter_waits_under_its_case_and_step() -> None:
    receipt = post.send(b"%PDF-1.7 one", "RG-26-00001/first_letter", TO)
    assert receipt == "post/RG-26-00001/first_letter.pdf"
    assert queue() == [receipt]
    found = client("s3").head_object(Bucket=os.environ["DOCUMENTS"], Key=receipt)
    assert found["ContentType"] == "application/pdf"


def test_a_letter_put_twice_is_one_letter_the_first() -> None:
    receipt = post.send(b"%PDF-1.7 one", "RG-26-00001/first_letter", TO)
    assert post.send(b"%PDF-1.7 two", "RG-26-00001/first_letter", TO) == receipt
    assert body(receipt) == b"%PDF-1.7 one"


def test_a_receipt_has_a_name_that_files_can_bear() -> None:
    assert post.send(b"%PDF", "RG-26-00001/receipt:p1", TO) == "post/RG-26-00001/receipt-p1.pdf"


def test_a_fault_of_the_store_goes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCUMENTS", "no-such-bucket")
    with pytest.raises(post.s3.exceptions.NoSuchBucket):
        post.send(b"%PDF", "RG-26-00001/first_letter", TO)


@pytest.mark.parametrize(("printer", "at_once"), [("captured", True), ("manual", False), ("", False)])
def test_only_a_captured_printer_records_the_dispatch(monkeypatch: pytest.MonkeyPatch, printer: str, at_once: bool) -> None:
    monkeypatch.setenv("PRINTER", printer)
    assert post.is_recorded_at_once() is at_once
