"""One uploaded file, from its bytes to the fields of a form: the samples against what is known of them, and the function itself."""

import dataclasses
import hashlib
import io
import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

import read_invoice
from adapters import aws
from recovery.invoices.identifiers import Identity
from recovery.invoices.opened import Opened
from recovery.invoices.reader import read
from recovery.invoices.written import fold
from tests.recovery.invoices.test_picture import jpeg

SAMPLES = Path(__file__).parent / "samples"
INVOICES = json.loads((SAMPLES / "invoices/manifest.json").read_text())["samples"]
HOSTILE = json.loads((SAMPLES / "hostile/manifest.json").read_text())["samples"]
LAYOUTS = json.loads((SAMPLES / "layouts/expected.json").read_text())
OUTCOMES = {"text_invoice": "read"}

STRUCTURED = [sample for sample in INVOICES if sample["kind"] in ("factur-x-pdf", "zugferd-1-pdf", "ubl-xml", "cii-xml")]
SCANS = [sample for sample in INVOICES if sample["kind"] in ("image", "scan-pdf")]
PAGES = [sample for sample in INVOICES if sample["file"].endswith(".pdf") and sample not in SCANS]

# What the words of a page still get wrong, each known and looked at. Nothing may join this list unseen.
WRONG_ON_PAGE = {
    ("fx-de-attachment-xrechnung.pdf", "buyer.name"),  # a German form: the names stand beside « Name: », in a table
    ("fx-fr-extended-siret.pdf", "seller.email"),  # the page prints two addresses of the seller
}


def flat(reading: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name}.{part}" if part else name: inner
        for name, value in reading.items()
        if name not in ("evidence", "warnings", "file", "source", "outcome")
        for part, inner in (value.items() if isinstance(value, dict) else [("", value)])
    }


def agrees(field: str, expected: str, got: str) -> bool:
    one, other = fold(expected), fold(got)
    if field.endswith("name"):
        return one in other or other in one
    if field.endswith("phone"):
        one, other = ("".join(c for c in text if c.isdecimal()) for text in (one, other))
    return one == other


def score(expected: dict[str, Any], reading: dict[str, Any]) -> dict[str, str]:
    """Per field: right, missing, wrong (a false value counts as wrong)."""
    verdicts = {}
    for field, value in expected.items():
        got = reading[field]
        if value is None:
            verdicts[field] = "wrong" if got else "right"
        else:
            verdicts[field] = "missing" if not got else "right" if agrees(field, value, got) else "wrong"
    return verdicts


def opened(sample: dict[str, Any]) -> Opened:
    return read_invoice.open_bytes((SAMPLES / "invoices" / sample["file"]).read_bytes())[1]


@pytest.mark.parametrize("sample", STRUCTURED, ids=lambda sample: str(sample["file"]))
def test_structured_data_are_read_to_the_letter(sample: dict[str, Any]) -> None:
    reading = read(sample["file"], opened(sample)).to_json()
    assert (reading["outcome"], reading["source"]) == ("read", "xml")
    verdicts = score(flat(sample["expected"]), flat(reading))
    assert {field: verdict for field, verdict in verdicts.items() if verdict != "right"} == {}
    # Each number known to fail its key is said to.
    warned = {warning["field"] for warning in reading["warnings"]}
    assert {remark.split()[0] for remark in sample.get("sample_ids_that_fail_checks", [])} <= warned


def expected_on_page(sample: dict[str, Any]) -> dict[str, Any]:
    expected = flat(sample["expected"])
    if sample in STRUCTURED:
        return {field: value for field, value in expected.items() if field in sample["printed_on_page"]}
    return expected


def test_the_words_of_the_pages_are_read_and_nothing_wrong_is_filled_in() -> None:
    """Every PDF with its attachments taken away: at least 95 of 100 printed fields right, no wrong value that is not listed above."""
    verdicts: dict[tuple[str, str], str] = {}
    for sample in PAGES:
        reading = read(sample["file"], dataclasses.replace(opened(sample), attachments=())).to_json()
        assert (reading["outcome"], reading["source"]) == ("read", "text"), sample["file"]
        for field, verdict in score(expected_on_page(sample), flat(reading)).items():
            verdicts[sample["file"], field] = verdict
    wrong = {place for place, verdict in verdicts.items() if verdict == "wrong"}
    assert wrong <= WRONG_ON_PAGE
    assert list(verdicts.values()).count("right") / len(verdicts) >= 0.95
    french = {place: verdict for place, verdict in verdicts.items() if "-fr-" in place[0]}
    assert list(french.values()).count("right") / len(french) >= 0.97


@pytest.mark.parametrize("sample", [sample for sample in PAGES if sample not in STRUCTURED], ids=lambda sample: str(sample["file"]))
def test_a_pdf_without_readable_data_gives_its_page(sample: dict[str, Any]) -> None:
    reading, picture = read_invoice.read_bytes(sample["file"], (SAMPLES / "invoices" / sample["file"]).read_bytes())
    assert (reading.outcome, reading.file) == ("read", sample["file"])
    assert picture
    for field in ("invoice_number", "issue_date", "amount_due", "total_gross", "currency"):
        assert score({field: sample["expected"][field]}, flat(reading.to_json())) == {field: "right"}
    for proof in reading.evidence.values():
        assert proof.source == "xml" or proof.source == "guess" or (proof.box and all(0 <= side <= 1 for side in proof.box))


@pytest.mark.parametrize(("file", "expected"), LAYOUTS.items())
def test_a_french_layout_is_read_whole(file: str, expected: dict[str, Any]) -> None:
    reading, _ = read_invoice.read_bytes(file, (SAMPLES / "layouts" / file).read_bytes())
    verdicts = score(expected, flat(reading.to_json()))
    assert {field: verdict for field, verdict in verdicts.items() if verdict != "right"} == {}


@pytest.mark.parametrize("sample", SCANS, ids=lambda sample: str(sample["file"]))
def test_a_scan_is_said_to_hold_no_text(sample: dict[str, Any]) -> None:
    reading = read(sample["file"], opened(sample))
    assert (reading.outcome, reading.source) == ("no_text", "none")
    assert [warning.field for warning in reading.warnings] == ["file"]
    assert reading.evidence == {}


@pytest.mark.parametrize("sample", HOSTILE, ids=lambda sample: str(sample["file"]))
def test_a_hostile_file_has_its_outcome(sample: dict[str, Any]) -> None:
    reading, _ = read_invoice.read_bytes(sample["file"], (SAMPLES / "hostile" / sample["file"]).read_bytes())
    assert reading.outcome == OUTCOMES.get(sample["expected_outcome"], sample["expected_outcome"])
    if reading.outcome != "read":
        assert [warning.field for warning in reading.warnings] == ["file"]
    verdicts = score(flat(sample.get("expected", {})), flat(reading.to_json()))
    assert set(verdicts.values()) <= {"right"}


@pytest.mark.parametrize(
    ("data", "outcome", "words"),
    [
        (b"", "unreadable", "vide"),
        (b"\x00" * 50, "unreadable", "vide"),
        (b"bonjour", "unreadable", "pas lisible"),
        (b"PK\x03\x04....", "unreadable", "archive"),
        (b"%PDF-1.7\nrien", "unreadable", "abîmé"),
        (jpeg(1000, 1400), "no_text", "l’image reste à côté"),
        (jpeg(60_000, 60_000), "unreadable", "trop grande"),
        (jpeg(20, 20), "unreadable", "trop petite"),
        (b"\xff\xd8\xff\xe0", "unreadable", "abîmée"),
        (b"\x00\x00\x00\x18ftypheic", "unreadable", "Envoyez-la en JPEG"),
        (b"RIFF....WEBPVP8 ", "unreadable", "en JPEG ou en PNG"),
        (b"<html></html>", "no_invoice", "pas une facture"),
        (b"%PDF-1.7\n" + bytes(10 << 20), "unreadable", "10 Mo"),
    ],
)
def test_each_refusal_is_one_french_sentence(data: bytes, outcome: str, words: str) -> None:
    reading, picture = read_invoice.read_bytes("f.pdf", data)
    assert reading.outcome == outcome
    assert picture is None
    (warning,) = reading.warnings
    assert warning.field == "file"
    assert words in warning.message


def test_a_credit_note_is_not_a_claim() -> None:
    reading, _ = read_invoice.read_bytes("a.xml", (SAMPLES / "invoices/ubl-fr-credit-note.xml").read_bytes())
    assert "avoir" in next(warning.message for warning in reading.warnings if warning.field == "file")


def test_a_mention_of_payment_is_told() -> None:
    reading, _ = read_invoice.read_bytes("f.pdf", (SAMPLES / "invoices/fx-fr-sole-trader-paid.pdf").read_bytes())
    assert "amount_due" in [warning.field for warning in reading.warnings]


def test_a_day_reckoned_from_the_terms_is_a_guess_and_is_told() -> None:
    """On a page it fills the form, as a guess; in data that leave the day empty, it is only suggested."""
    reading, _ = read_invoice.read_bytes("f.pdf", (SAMPLES / "invoices/text-fr-terms-30-days.pdf").read_bytes())
    assert reading.evidence["due_date"].source == "guess"
    assert reading.evidence["due_date"].confidence < 0.9
    data = read_invoice.read_bytes("f.xml", (SAMPLES / "invoices/ubl-fr-invoice.xml").read_bytes())[0]
    assert (data.due_date, data.reckoned_due_date) == (None, date(2024, 6, 14))
    for each, words in ((reading, "28 septembre 2025"), (data, "14 juin 2024")):
        (hint,) = [warning.message for warning in each.warnings if warning.field == "due_date"]
        assert words in hint


def test_the_account_that_hands_it_over_is_the_seller() -> None:
    """The same page, seen by one company and by the other."""
    sample = next(sample for sample in INVOICES if sample["file"] == "text-fr-terms-30-days.pdf")
    seen = opened(sample)
    assert read("f.pdf", seen, own=Identity(siren="350446567")).seller.siren == "350446567"
    turned = read("f.pdf", seen, own=Identity(siren="519780795"))
    assert turned.seller.siren == "519780795"
    assert turned.buyer.siren != "519780795"


# ------------------------------------------------------------------------------------------------ the function


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in {"AWS_DEFAULT_REGION": "eu-west-3", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        aws.forget()
        boto3.client("s3").create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        yield "uploads"
    aws.forget()


def test_the_function_reads_the_bucket_and_leaves_the_picture(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(read_invoice.logger.registered_handler, "stream", log)
    before = read_invoice.logger.log_level
    read_invoice.logger.setLevel(logging.INFO)
    data = (SAMPLES / "invoices/fx-fr-hotel-balance-due.pdf").read_bytes()
    s3 = boto3.client("s3")
    s3.put_object(Bucket=bucket, Key="uploads/1", Body=data, ContentType="text/plain")  # the declared type is not asked
    answer = read_invoice.handler({"bucket": bucket, "key": "uploads/1", "name": "secret-hotel.pdf"}, None)
    sha256 = hashlib.sha256(data).hexdigest()
    assert answer["sha256"] == sha256
    assert (answer["size"], answer["media_type"], answer["pages"]) == (len(data), "application/pdf", 1)
    assert answer["picture"] == f"pictures/{sha256}.png"
    assert s3.get_object(Bucket=bucket, Key=answer["picture"])["Body"].read().startswith(b"\x89PNG")
    assert answer["reading"]["file"] == "secret-hotel.pdf"
    assert answer["reading"]["amount_due"] == "915.86"
    json.dumps(answer)
    read_invoice.logger.setLevel(before)
    logged = log.getvalue()
    assert json.loads(logged)["outcome"] == "read"
    for secret in ("hotel", "Pacano", "915", "2023-6013", "uploads/1"):
        assert secret not in logged


def test_the_function_answers_for_data_and_for_nonsense(bucket: str) -> None:
    s3 = boto3.client("s3")
    s3.put_object(Bucket=bucket, Key="x", Body=(SAMPLES / "invoices/cii-fr-invoice.xml").read_bytes())
    answer = read_invoice.handler({"bucket": bucket, "key": "x", "name": "f.xml"}, None)
    assert (answer["media_type"], answer["picture"], answer["pages"]) == ("application/xml", None, 0)
    assert answer["reading"]["invoice_number"] == "FAC-2024-001"
    s3.put_object(Bucket=bucket, Key="y", Body=b"nothing of the sort")
    answer = read_invoice.handler({"bucket": bucket, "key": "y", "name": "f.pdf"}, None)
    assert answer["reading"]["outcome"] == "unreadable"
    assert answer["picture"] is None


def test_the_function_knows_the_account_when_told(bucket: str) -> None:
    boto3.client("s3").put_object(Bucket=bucket, Key="x", Body=(SAMPLES / "invoices/text-fr-terms-30-days.pdf").read_bytes())
    answer = read_invoice.handler({"bucket": bucket, "key": "x", "name": "f.pdf", "own": {"siren": "519780795"}}, None)
    assert answer["reading"]["seller"]["siren"] == "519780795"
