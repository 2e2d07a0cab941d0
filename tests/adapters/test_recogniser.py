"""The two engines behind one interface: Textract by its own protocol, and a process that is spoken to."""

import base64
import json
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from botocore.stub import Stubber

from adapters import aws
from adapters.recogniser import recognise
from infra.bench import reading as bench
from infra.local import scanner
from recovery.invoices.picture import measure
from tests.recovery.invoices.test_picture import jpeg
from tests.serving import Service, serving

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests/samples/invoices"

# One word of the answer of DetectDocumentText, in the shape the service documents.
WORD = {
    "BlockType": "WORD", "Confidence": 99.2, "Text": "FACTURE", "TextType": "PRINTED", "Id": "b1",
    "Geometry": {
        "BoundingBox": {"Width": 0.1, "Height": 0.2, "Left": 0.0, "Top": 0.8},
        "Polygon": [{"X": 0.0, "Y": 1.0}, {"X": 0.0, "Y": 0.8}, {"X": 0.1, "Y": 0.8}, {"X": 0.1, "Y": 1.0}],
    },
}  # fmt: skip
ANSWER = {
    "DocumentMetadata": {"Pages": 1},
    "Blocks": [WORD | {"BlockType": "PAGE", "Id": "p"}, WORD],
    "DetectDocumentTextModelVersion": "1.0",
}


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (("AWS_DEFAULT_REGION", "eu-west-3"), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(name, value)
    aws.forget()
    yield
    aws.forget()


class Textract(Service):
    heard: ClassVar[list[tuple[str | None, dict[str, Any]]]]
    status = 200

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append((self.headers["X-Amz-Target"], body))
        told = json.dumps(ANSWER if self.status == 200 else {"__type": "InvalidParameterException"}).encode()
        self.say(self.status, told, content_type="application/x-amz-json-1.1")


@pytest.fixture
def textract(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Textract]]:
    class Asked(Textract):
        heard: ClassVar[list[tuple[str | None, dict[str, Any]]]] = []

    with serving(Asked) as origin:
        monkeypatch.setenv("RECOGNISER", "textract")
        monkeypatch.setenv("AWS_ENDPOINT_URL_TEXTRACT", origin)
        yield Asked
        aws.made_once("textract").close()


def test_textract_is_asked_by_its_protocol_and_never_told_where_the_photo_was_taken(textract: type[Textract]) -> None:
    (picture,) = recognise({1: jpeg(400, 300, 6)}, seconds=10)
    ((target, body),) = textract.heard
    assert target == "Textract.DetectDocumentText"
    sent = base64.b64decode(body["Document"]["Bytes"])
    assert b"Exif" not in sent
    assert b"48.85" not in sent
    # The telephone was held upright: what runs up the left side of the file is the top of the scene.
    assert (picture.number, picture.width, picture.height) == (1, 300, 400)
    (word,) = picture.seen
    assert (word.text, word.confidence) == ("FACTURE", pytest.approx(0.992))
    assert [x for corner in word.corners for x in corner] == pytest.approx([0, 0, 60, 0, 60, 40, 0, 40])


def test_a_picture_that_textract_refuses_is_left_out(textract: type[Textract]) -> None:
    textract.status = 400
    assert list(recognise({1: jpeg(400, 300)}, seconds=10)) == []
    assert len(textract.heard) == 1, "a refusal is not asked again"


def test_what_textract_would_not_take_is_not_sent(textract: type[Textract]) -> None:
    assert list(recognise({1: jpeg(60_000, 60_000), 2: b"no picture", 3: jpeg(400, 300) + bytes(10_000_001)}, seconds=10)) == []
    assert list(recognise({1: jpeg(400, 300)}, seconds=-1)) == []
    assert textract.heard == []


def test_the_call_is_one_that_the_service_describes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOGNISER", "textract")
    with Stubber(aws.made_once("textract")) as stub:
        stub.add_response(
            "detect_document_text", ANSWER, {"Document": {"Bytes": jpeg(400, 300).replace(b"\xff\xfe\x00\x10Paris, 48.85 N", b"")}}
        )
        assert len(list(recognise({1: jpeg(400, 300)}, seconds=10))) == 1
        stub.assert_no_pending_responses()


# ------------------------------------------------------------------------------------------------ a process

ENGINE = """
import base64, json, struct, sys, time
while len(head := sys.stdin.buffer.read(4)) == 4:
    data = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    if data == b"slow": time.sleep(60)
    if data == b"dies": sys.exit(1)
    answer = {"refused": "bad"} if data == b"bad" else {"width": 10, "height": 20, "words": [[data.decode(), 0.9, [[0, 0], [5, 0], [5, 2], [0, 2]]]]}
    if data == b"heic": answer["jpeg"] = base64.b64encode(b"a picture").decode()
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "engine.py"
    script.write_text(ENGINE)
    monkeypatch.setenv("RECOGNISER", "local")
    monkeypatch.setenv("SCANNER", f"{sys.executable} {script}")


@pytest.mark.usefixtures("engine")
def test_the_process_reads_page_after_page() -> None:
    pictures = list(recognise({1: b"un", 2: b"bad", 4: "été".encode(), 5: b"heic"}, seconds=10))
    told = [(picture.number, picture.seen[0].text, picture.jpeg) for picture in pictures]
    assert told == [(1, "un", None), (4, "été", None), (5, "heic", b"a picture")]


@pytest.mark.usefixtures("engine")
def test_what_it_said_before_it_died_or_slept_is_heard() -> None:
    assert [picture.number for picture in recognise({1: b"un", 2: b"dies", 3: b"trois"}, seconds=10)] == [1]
    began = time.monotonic()
    assert [picture.number for picture in recognise({1: b"un", 2: b"slow"}, seconds=1)] == [1]
    assert time.monotonic() - began < 5


def test_without_an_engine_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOGNISER", "local")
    monkeypatch.delenv("SCANNER", raising=False)
    assert list(recognise({1: b"un"}, seconds=1)) == []


# ------------------------------------------------------------------------------------------------ the real engine

real = pytest.mark.skipif(not scanner.command(), reason="the engine is not installed: make scan")


@real
def test_the_real_engine_reads_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    import recognise as function

    monkeypatch.setenv("RECOGNISER", "local")
    monkeypatch.setenv("SCANNER", scanner.command())
    monkeypatch.setattr(function, "SECONDS", 90.0)  # a busy machine
    reading, _ = function.read_bytes("scan.pdf", (SAMPLES / "scan-fr-derived-basic.pdf").read_bytes())
    assert reading
    assert (reading.source, reading.invoice_number, str(reading.total_gross)) == ("scan", "FA-2026-0001", "3042.00")
    truth = next(
        each
        for each in json.loads((SAMPLES / "manifest.json").read_text("utf-8"))["samples"]
        if each["file"] == "scan-fr-derived-basic.pdf"
    )
    score = bench.Score()
    sample = bench.Sample(SAMPLES / truth["file"], "scan", "fr", bench.flat(truth["expected"]))
    bench.add(score, sample, *bench.values_of(reading), sample.expected)
    assert score.sure_and_wrong() == []
    assert score.sure_of_right() >= 0.6


@real
def test_the_real_engine_refuses_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.recovery.invoices.test_picture import png

    monkeypatch.setenv("RECOGNISER", "local")
    monkeypatch.setenv("SCANNER", scanner.command())
    assert list(recognise({1: png(60_000, 60_000), 2: b"nonsense"}, seconds=60)) == []


@real
def test_the_real_engine_decodes_a_heic_and_shows_it_without_what_the_telephone_wrote() -> None:
    from adapters.recogniser import by_scanner

    heic = (SAMPLES.parent / "photos/telephone-fr.heic").read_bytes()
    (picture,) = by_scanner(shlex.split(scanner.command()), {1: heic}, time.monotonic() + 90)
    assert picture.jpeg
    photo = measure(picture.jpeg)
    assert photo
    assert (photo.seen, b"Exif" in picture.jpeg) == ((picture.width, picture.height), False)
    assert "FA-2026-0001" in " ".join(seen.text for seen in picture.seen)
