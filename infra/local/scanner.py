"""Reads the words of pictures with an open engine, in a Python of its own (.venv-scan, made by `make scan`): nothing here is deployed.

Started for one file and gone after it, so that its gigabyte of memory stays nowhere. It is spoken to on its standard input and output:

    in      a length (4 bytes, big end first), then a JPEG, PNG or HEIC of that length; as often as there are pages
    out     one line of JSON each: {"width", "height", "words": [[text, confidence, [x, y] × 4], …]} or {"refused": why}
            and "jpeg", in base 64, of a HEIC: the picture itself, for a browser that cannot show what came

Lengths are in dots of the picture as it is seen (a photo says by its Exif how it was held). The first two corners are the top of the text.
"""

# mypy: disable-error-code="import-not-found"
# (What it imports is in .venv-scan alone.)

import base64
import io
import json
import os
import resource
import shlex
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PYTHON = Path(__file__).parents[2] / ".venv-scan/bin/python"
SECONDS, MEMORY = 60, 4 * 1024**3  # of processor, and of addresses: the engine maps three times what it fills
MOST_DOTS, SIDE = 60_000_000, 2400
CLEAR = 0.8  # below, the page may be upside down
SOCKETS = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo")


def command() -> str:
    """What starts it, or nothing when `make scan` was never asked for."""
    return shlex.join([str(PYTHON), "-I", str(Path(__file__).resolve())]) if PYTHON.exists() else ""


def main() -> None:
    confine()
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the libraries print is no answer
    engine = None
    for picture in pictures(sys.stdin.buffer):
        try:
            image, shown = decoded(picture)
        except Exception as why:  # a decoder of pictures fails in a hundred ways
            answer: dict[str, Any] = {"refused": type(why).__name__}
        else:
            engine = engine or ready()
            answer = recognised(engine, image) | ({"jpeg": base64.b64encode(shown).decode()} if shown else {})
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()


def confine() -> None:
    """Little time, little memory, nothing written, nobody called."""
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        resource.setrlimit(limit, (value, value))

    def refuse(event: str, details: object) -> None:
        if event in SOCKETS:
            raise PermissionError(event)

    sys.addaudithook(refuse)


def pictures(stream: Any) -> Iterator[bytes]:
    while len(head := stream.read(4)) == 4:
        (length,) = struct.unpack(">I", head)
        data = stream.read(length)
        if len(data) < length:
            return
        yield data


def decoded(data: bytes) -> tuple[Any, bytes]:
    """The dots as a person sees them, in the order red, green, blue; and a HEIC as a JPEG, without what the telephone wrote beside it."""
    import warnings

    import numpy
    import pi_heif
    from PIL import Image, ImageOps

    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_DOTS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "HEIF")) as image:
        image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded at half or a quarter of its size where that is enough
        upright = ImageOps.exif_transpose(image)
        if upright.mode in ("RGBA", "LA", "P", "PA"):
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
        plain = upright.convert("RGB")
        if image.format != "HEIF":
            return numpy.asarray(plain), b""
        plain.thumbnail((SIDE, SIDE))
        shown = io.BytesIO()
        plain.save(shown, "JPEG", quality=85, exif=b"", icc_profile=None)
        return numpy.asarray(plain), shown.getvalue()


def ready() -> Any:
    from rapidocr import RapidOCR

    threads = min(2, os.cpu_count() or 1)
    return RapidOCR(
        params={"Global.log_level": "error", "Global.max_side_len": SIDE, "EngineConfig.onnxruntime.intra_op_num_threads": threads}
    )


def recognised(engine: Any, image: Any) -> dict[str, Any]:
    """The words, the page being read as it lies, and turned when its lines stand or make no sense."""
    import numpy

    height, width = image.shape[:2]
    best = seen(engine, image, 0)
    if on_its_side(best):
        # The engine turns each standing line a quarter to the left to read it: that made sense, or the other quarter will.
        turns = 1 if clarity(best) >= CLEAR else 3
        best = seen(engine, numpy.rot90(image, turns), turns)
    elif clarity(best) < CLEAR:
        best = max(best, seen(engine, numpy.rot90(image, 2), 2), key=worth)
    turns, words = best
    return {
        "width": width,
        "height": height,
        "words": [[text, confidence, [as_lies(x, y, turns, width, height) for x, y in corners]] for text, confidence, corners in words],
    }


Words = list[tuple[str, float, list[tuple[float, float]]]]


def seen(engine: Any, image: Any, turns: int) -> tuple[int, Words]:
    """What is read once the page was turned (a quarter to the left, as often as `turns`)."""
    import numpy

    result = engine(numpy.ascontiguousarray(image[:, :, ::-1]), use_cls=False)
    if result.txts is None:
        return turns, []
    return turns, [
        (str(text), round(float(score), 3), [(float(x), float(y)) for x, y in box])
        for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True)
    ]


def worth(best: tuple[int, Words]) -> float:
    return sum(len(text) * confidence for text, confidence, _ in best[1])


def clarity(best: tuple[int, Words]) -> float:
    return worth(best) / max(sum(len(text) for text, _, _ in best[1]), 1)


def on_its_side(best: tuple[int, Words]) -> bool:
    """Most of the letters are in boxes higher than they are wide."""
    tall = total = 0
    for text, _, corners in best[1]:
        if len(text) >= 4:
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            total += len(text)
            tall += len(text) * (max(ys) - min(ys) > 1.5 * (max(xs) - min(xs)))
    return tall > total / 2


def as_lies(x: float, y: float, turns: int, width: int, height: int) -> list[float]:
    """The place on the picture as it lies of a place on the turned one."""
    x, y = {0: (x, y), 1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}[turns]
    return [round(x, 1), round(y, 1)]


if __name__ == "__main__":
    main()
