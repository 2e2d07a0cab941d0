"""`make fuzz`: damaged samples, thousands of them, read as any uploaded file would be. Nothing may crash, hang or grow.

    python -m infra.bench.fuzz [--cases 20000] [--seed 1] [--seconds 1800]

XML and words of pages are read in this process, where a crash or a slow case would show at once. PDF files are opened by PDFium in a
child that serves a batch; when a file ends it, the bounded child of the product opens that file alone, and must answer.
"""

import argparse
import faulthandler
import json
import random
import re
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "functions"))

from adapters.bounded import SECONDS, Frame, listen  # noqa: E402
from adapters.pdf import look_inside, open_pdf  # noqa: E402
from read_invoice import open_bytes  # noqa: E402
from recovery.invoices.opened import Cell, Opened, Page  # noqa: E402
from recovery.invoices.reader import read  # noqa: E402

SAMPLES = ROOT / "tests" / "samples"
SLOWEST = 5.0  # seconds of one case in this process; a file alone in the child has its ten
GROWTH = 300 * 1024  # kilobytes this process may grow, over all cases
BATCH = 25  # PDF files in one child


@dataclass
class Report:
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    alone: int = 0  # files that ended a batch and were opened alone
    began: float = field(default_factory=time.monotonic)
    memory: int = field(default_factory=lambda: peak())

    def grown(self) -> int:
        return peak() - self.memory

    def summary(self) -> str:
        cases, seconds = self.outcomes.total(), time.monotonic() - self.began
        told = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        lines = [
            f"{cases} cases in {seconds:.0f} s ({1000 * seconds / max(cases, 1):.1f} ms each): {told}",
            f"slowest {self.slowest:.2f} s, this process grew by {self.grown() // 1024} MB, {self.alone} files opened alone",
            *(f"FAILED {failure}" for failure in self.failures[:20]),
            f"{len(self.failures)} failures",
        ]
        return "\n".join(lines)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# ------------------------------------------------------------------------------------------------ damage

Damage = Callable[[random.Random, bytes, bytes], bytes]  # chance, a file, another file


def flipped(chance: random.Random, data: bytes, _: bytes) -> bytes:
    damaged = bytearray(data)
    for _time in range(chance.choice((1, 4, 32, 256))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut(chance: random.Random, data: bytes, _: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def holed(chance: random.Random, data: bytes, _: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, 2000) :]


def spliced(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def repeated(chance: random.Random, data: bytes, _: bytes) -> bytes:
    at = chance.randrange(len(data))
    piece = data[at : at + chance.randrange(1, 400)]
    return data[:at] + piece * chance.choice((2, 10, 200)) + data[at:]


def renumbered(chance: random.Random, data: bytes, _: bytes) -> bytes:
    """Lengths, counts, amounts, dates, references of objects: numbers that lie."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    damaged = data
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 10)))), key=lambda each: -each.start()):
        lie = chance.choice(
            (b"0", b"-1", b"2147483648", b"99999999999999999999", b"1e9", b"20260230", match[0][::-1], str(chance.randrange(400)).encode())
        )
        damaged = damaged[: match.start()] + lie + damaged[match.end() :]
    return damaged


def retagged(chance: random.Random, data: bytes, _: bytes) -> bytes:
    """Elements of XML moved, doubled, emptied, renamed; texts made long, odd or hostile."""
    found = list(re.finditer(rb"<(?P<name>[\w:]+)[^<>]*>(?P<text>[^<>]{1,2000})</(?P=name)>", data))
    if not found:
        return repeated(chance, data, b"")
    one, other = chance.choice(found), chance.choice(found)
    text = chance.choice(
        (
            b"",
            one["text"] * 500,
            b"&#x1F600;&#x202E;",
            b"&lol;",
            b"<![CDATA[</a>]]>",
            "9" * 4000,
            "٣٤",
            " \u00a0\ufeff",
            "-0.00",
            "NaN",
            "1E400",
        )
    )
    text = text if isinstance(text, bytes) else text.encode()
    kind = chance.randrange(4)
    if kind == 0:
        return data[: one.start("text")] + text + data[one.end("text") :]
    if kind == 1:
        return data[: one.start()] + other[0] + data[one.end() :]
    if kind == 2:
        return data.replace(one["name"], other["name"])
    return data[: one.start()] + one[0] * chance.choice((2, 50)) + data[one.start() :]


DAMAGES: tuple[Damage, ...] = (flipped, cut, holed, spliced, repeated, renumbered, retagged)


def shaken(chance: random.Random, opened: Opened) -> Opened:
    """The words of a page, changed and moved: what a reader of words may be given."""
    words = [cell.text for page in opened.pages for cell in page.cells] or ["0"]

    def cell(told: Cell) -> Cell:
        kind = chance.randrange(12)
        if kind == 0:
            return replace(told, text=chance.choice(words))
        if kind == 1:
            return replace(told, text=told.text * chance.choice((2, 30)))
        if kind == 2:
            return replace(told, text="".join(chance.sample(told.text, len(told.text))))
        if kind == 3:
            return replace(told, text=re.sub(r"\d", lambda _: str(chance.randrange(10)), told.text))
        if kind == 4:
            return replace(told, top=told.top + chance.uniform(-900, 900), bottom=told.bottom + chance.uniform(-900, 900))
        if kind == 5:
            return replace(
                told,
                text=chance.choice(("", " ", ":", "9" * 300, "1 " * 400, "\u202e", "€" * 50, "31/02/2026", "FR" + "7" * 60, "a@" * 99)),
            )
        return told

    pages = []
    for page in opened.pages:
        cells = [cell(told) for told in page.cells]
        if chance.random() < 0.2:
            chance.shuffle(cells)
        size = chance.choice((page.width, page.width, 1.0, 1e6))
        pages.append(Page(page.number, size, page.height, tuple(cells * chance.choice((1, 1, 1, 3)))))
    return replace(opened, pages=tuple(pages), attachments=())


# ------------------------------------------------------------------------------------------------ the cases


def run(cases: int, seed: int, seconds: float = 1800) -> Report:
    """A third of the cases each: XML, words of pages, PDF files."""
    chance, report = random.Random(seed), Report()
    until = time.monotonic() + seconds
    files = [file.read_bytes() for file in sorted(SAMPLES.glob("*/*.pdf")) if file.stat().st_size < 300_000]
    data = [file.read_bytes() for file in sorted(SAMPLES.glob("*/*.xml"))]
    pages = [one for one in (open_pdf(each) for each in files) if one.pages]
    each = cases // 3
    for _ in range(each + cases % 3):
        damaged = chance.choice(DAMAGES)(chance, chance.choice(data), chance.choice(data))
        judge(report, lambda damaged=damaged: Opened("opened", "xml", (damaged,)), until)  # type: ignore[misc]
        if chance.random() < 0.1:
            judge_bytes(report, damaged)
    for _ in range(each):
        shown = shaken(chance, chance.choice(pages))
        judge(report, lambda shown=shown: shown, until)  # type: ignore[misc]
    for start in range(0, each, BATCH):
        if time.monotonic() > until:
            report.failures.append("out of time")
            break
        batch = [chance.choice(DAMAGES[:6])(chance, chance.choice(files), chance.choice(files)) for _ in range(min(BATCH, each - start))]
        open_batch(report, batch)
    if report.grown() > GROWTH:
        report.failures.append(f"this process grew by {report.grown() // 1024} MB")
    return report


def judge(report: Report, made: Callable[[], Opened], until: float, slowest: float = SLOWEST) -> None:
    """One reading: an answer that is JSON, in time."""
    if time.monotonic() > until:
        return
    began = time.monotonic()
    try:
        reading = read("f", made())
        json.dumps(reading.to_json())
        report.outcomes[reading.outcome] += 1
    except Exception as fault:
        report.outcomes["crash"] += 1
        report.failures.append(f"{type(fault).__name__}: {fault}"[:200])
    spent = time.monotonic() - began
    report.slowest = max(report.slowest, spent)
    if spent > slowest:
        report.failures.append(f"a case took {spent:.1f} s")


def judge_bytes(report: Report, damaged: bytes) -> None:
    """What the bytes are taken for is decided without a fault, too."""
    try:
        open_bytes(damaged[:200_000])
    except Exception as fault:
        report.failures.append(f"{type(fault).__name__} while sniffing: {fault}"[:200])


def open_batch(report: Report, batch: list[bytes]) -> None:
    began = time.monotonic()
    frames, _ = listen(partial(all_inside, batch), 10)
    answered = [payload.decode() for kind, payload in frames if kind == b"O"]
    report.outcomes.update(f"pdf {outcome}" for outcome in answered)
    for data in batch[len(answered) :]:
        # The batch ended before it: was it this file, or the sum of all? Alone it must have an answer, in time.
        report.alone += 1
        judge(report, partial(open_pdf, data), time.monotonic() + 60, SECONDS + 2)
    report.slowest = max(report.slowest, (time.monotonic() - began) / len(batch))


def all_inside(batch: list[bytes]) -> Iterator[Frame]:
    """In a child: PDFium opens each file of the batch, says all it says in the product, and one word to end it."""
    for data in batch:
        kinds = {kind for kind, _ in look_inside(data)}
        yield b"O", b"refused" if b"X" in kinds else b"opened"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description="Reads thousands of damaged invoices.")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1800)
    asked = parser.parse_args(arguments)
    faulthandler.enable()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    report = run(asked.cases, asked.seed, asked.seconds)
    print(report.summary())
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
