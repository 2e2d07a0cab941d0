"""Who reads the words of a picture: Amazon Textract, or an open engine in a process of its own on this machine. The same words come back.

RECOGNISER   textract   DetectDocumentText, one page a call; the bytes are sent without what a telephone writes beside a photo
             local      SCANNER, the command of infra/local/scanner.py, started for one file and gone after it
"""

import base64
import contextlib
import json
import os
import select
import shlex
import struct
import subprocess
import time
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from adapters.aws import made_once
from recovery.invoices.picture import measure, without_exif
from recovery.invoices.scan import Picture, Seen

HEAVIEST = 10_000_000  # of one picture, for Textract


def recognise(pages: Mapping[int, bytes], *, seconds: float) -> Iterator[Picture]:
    """The pages (JPEG, PNG, or HEIC for the engine of this machine; by number) as they are read, until the time is over. One that cannot be read is left out."""
    until = time.monotonic() + seconds
    if os.environ["RECOGNISER"] == "textract":
        yield from by_textract(pages, until)
    else:
        yield from by_scanner(shlex.split(os.environ.get("SCANNER", "")), pages, until)


# ------------------------------------------------------------------------------------------------ Textract


def by_textract(pages: Mapping[int, bytes], until: float) -> Iterator[Picture]:
    textract = made_once("textract")
    for number, data in pages.items():
        photo = measure(data)
        bare = without_exif(data)
        if time.monotonic() > until or photo is None or not photo.reasonable or len(bare) > HEAVIEST:
            continue
        try:
            answer = textract.detect_document_text(Document={"Bytes": bare})
        except (ClientError, BotoCoreError):
            continue  # a picture it refuses, or a service that is away: the form stays empty
        width, height = photo.seen
        seen = []
        for block in answer["Blocks"]:
            if block["BlockType"] == "WORD" and len(block["Geometry"]["Polygon"]) == 4:
                corners = [photo.as_seen(point["X"], point["Y"]) for point in block["Geometry"]["Polygon"]]
                seen.append(said(block["Text"], block["Confidence"] / 100, [(x * width, y * height) for x, y in corners]))
        yield Picture(number, width, height, tuple(seen))


def said(text: str, confidence: float, corners: list[tuple[float, float]]) -> Seen:
    one, two, three, four = corners
    return Seen(text, (one, two, three, four), confidence)


# ------------------------------------------------------------------------------------------------ the engine of this machine


def by_scanner(command: list[str], pages: Mapping[int, bytes], until: float) -> Iterator[Picture]:
    if not command:
        return
    bare = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}  # no right, no address
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=bare, close_fds=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            for number, data in pages.items():
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.write(struct.pack(">I", len(data)) + data)
                    process.stdin.flush()
                answer = line(process.stdout.fileno(), until)
                if answer is None:
                    return
                if "refused" not in answer:
                    words = tuple(said(text, score, [(x, y) for x, y in corners]) for text, score, corners in answer["words"])
                    jpeg = base64.b64decode(answer["jpeg"]) if "jpeg" in answer else None
                    yield Picture(number, answer["width"], answer["height"], words, jpeg)
        finally:
            process.kill()
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()


def line(pipe: int, until: float) -> dict[str, Any] | None:
    """One answer; None when the process ended or is too slow."""
    heard = bytearray()
    while not heard.endswith(b"\n"):
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return None
        chunk = os.read(pipe, 1 << 16)
        if not chunk:
            return None
        heard += chunk
    answer: dict[str, Any] = json.loads(heard)
    return answer
