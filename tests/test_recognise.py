"""The function that reads pictures: its answer, and nothing when there is nothing better to say."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

import read_invoice
import recognise
from adapters import aws
from recovery.invoices.scan import Picture
from tests.recovery.invoices.test_picture import jpeg
from tests.recovery.invoices.test_scan import photographed

SCAN = (Path(__file__).parent / "samples/invoices/scan-fr-derived-basic.pdf").read_bytes()
BUCKET = "uploads-of-a-test"


@pytest.fixture(autouse=True)
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    aws.forget()
    with mock_aws():
        s3 = boto3.client("s3", region_name="eu-west-3")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        for key, data in (("scan", SCAN), ("photo", jpeg(1000, 1400, 6)), ("bomb", jpeg(60_000, 60_000)), ("text", b"<x/>")):
            s3.put_object(Bucket=BUCKET, Key=key, Body=data)
        yield
    aws.forget()


def told(key: str, monkeypatch: pytest.MonkeyPatch, seen: list[Picture]) -> tuple[dict[str, object], dict[int, bytes]]:
    given: dict[int, bytes] = {}

    def engine(pages: dict[int, bytes], *, seconds: float) -> list[Picture]:
        given.update(pages)
        return seen

    monkeypatch.setattr(recognise, "recognise", engine)
    return recognise.handler({"bucket": BUCKET, "key": key, "name": "x"}, None), given


def test_a_scan_is_drawn_page_by_page_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, given = told("scan", monkeypatch, [photographed()])
    assert [data[:8] for data in given.values()] == [b"\x89PNG\r\n\x1a\n"]
    assert isinstance(answer["reading"], dict)
    assert (answer["reading"]["source"], answer["reading"]["invoice_number"]) == ("scan", "FA-2026-118")


def test_a_photo_is_given_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    _, given = told("photo", monkeypatch, [])
    assert given == {1: jpeg(1000, 1400, 6)}


@pytest.mark.parametrize("key", ["bomb", "text"])
def test_what_is_no_reasonable_picture_is_given_to_nobody(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(key, monkeypatch, [photographed()]) == ({}, {})


def test_nothing_read_leaves_the_form_to_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told("scan", monkeypatch, [])[0] == {}
    assert told("scan", monkeypatch, [Picture(1, 10, 10, ())])[0] == {}


def test_a_photo_stands_beside_the_form_as_it_is_and_a_bomb_does_not() -> None:
    answer = read_invoice.handler({"bucket": BUCKET, "key": "photo", "name": "photo.jpg"}, None)
    assert (answer["reading"]["outcome"], answer["media_type"]) == ("no_text", "image/jpeg")
    assert answer["picture"] == f"pictures/{answer['sha256']}.jpg"
    stored = boto3.client("s3", region_name="eu-west-3").get_object(Bucket=BUCKET, Key=answer["picture"])
    assert (stored["ContentType"], stored["Body"].read()) == ("image/jpeg", jpeg(1000, 1400, 6))
    assert read_invoice.handler({"bucket": BUCKET, "key": "bomb", "name": "photo.jpg"}, None)["picture"] is None
