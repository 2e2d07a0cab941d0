"""How well invoices are read: accuracy per field, time per file, and whether what we call sure is right.

    python -m infra.bench.reading [DIR …] [--alone] [--wrong]

A folder says what its files hold in `manifest.json`, in `expected.json`, or in one `NAME.truth.json` beside each file; null stands for a
field that is certainly absent, and what is not listed is not scored. Without a folder: the samples of the tests. A PDF that carries data is
scored twice: with them (electronic), and by its page alone, the data taken away and only the fields it prints scored (text).
Scans and photos are scored where `make scan` was asked for, their time being that of one page; `--no-scan` leaves them out.
The invoice2data package is scored on the same files where it is installed: `pip install invoice2data==1.0.1`.
`--alone` leaves it out; `--wrong` lists each value that is wrong or missing.
"""

import argparse
import dataclasses
import json
import logging
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Literal

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "functions"))

import read_invoice  # noqa: E402
from infra.commands.read import read_one  # noqa: E402
from infra.local import scanner  # noqa: E402
from recovery.invoices.reader import read  # noqa: E402
from recovery.invoices.reading import Reading  # noqa: E402
from recovery.invoices.written import amounts, days, fold  # noqa: E402

SAMPLES = (ROOT / "tests/samples/invoices", ROOT / "tests/samples/layouts", ROOT / "tests/samples/languages", ROOT / "tests/samples/photos")
SURE = 0.9  # above this confidence a wrong value is a fault
KIND = {"factur-x-pdf": "electronic", "zugferd-1-pdf": "electronic", "ubl-xml": "electronic", "cii-xml": "electronic", "image": "scan", "scan-pdf": "scan"}  # fmt: skip
# What the creditor's claim stands on: the fields whose accuracy is promised.
PROMISED = (
    "invoice_number", "issue_date", "due_date", "total_net", "total_tax", "total_gross", "amount_due", "iban",
    "seller.siren", "seller.siret", "seller.vat", "buyer.siren", "buyer.siret", "buyer.vat",
)  # fmt: skip

Verdict = Literal["right", "wrong", "missing", "false"]
Fields = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Sample:
    path: Path
    kind: str  # electronic, text, scan
    language: str
    expected: Fields
    printed: frozenset[str] | None = None  # the expected fields that the page of an electronic invoice prints too


@dataclass(slots=True)
class Score:
    """Every verdict of a set of files, and what was said to be sure."""

    verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)  # by file and field
    confidence: dict[tuple[str, str], float] = field(default_factory=dict)
    told: dict[tuple[str, str], str | None] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def count(self, *verdicts: Verdict, of: Iterable[str] | None = None) -> int:
        return sum(verdict in verdicts for (_, name), verdict in self.verdicts.items() if of is None or name in of)

    def accuracy(self, of: Iterable[str] | None = None) -> float:
        """Right values among those that are there or were made up."""
        total = self.count("right", "wrong", "missing", "false", of=of)
        return self.count("right", of=of) / total if total else 1.0

    def sure_and_wrong(self) -> list[tuple[str, str]]:
        return [place for place, verdict in self.verdicts.items() if verdict in ("wrong", "false") and self.confidence[place] > SURE]

    def sure_of_right(self, of: Iterable[str] | None = None) -> float:
        right = [place for place, verdict in self.verdicts.items() if verdict == "right" and (of is None or place[1] in of)]
        return sum(self.confidence[place] > SURE for place in right) / len(right) if right else 1.0


# ------------------------------------------------------------------------------------------------ the samples


def samples_of(folder: Path) -> Iterator[Sample]:
    if (folder / "manifest.json").exists():
        for told in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["samples"]:
            printed = frozenset(told["printed_on_page"]) if "printed_on_page" in told else None
            kind = KIND.get(told["kind"], "text")
            yield Sample(folder / told["file"], kind, language_of(told, told["file"]), flat(told["expected"]), printed)
    elif (folder / "expected.json").exists():
        for name, expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
            yield Sample(folder / name, "text", language_of({}, name), expected)
    for truth in sorted(folder.rglob("*.truth.json")):
        told = json.loads(truth.read_text(encoding="utf-8"))
        file = next((each for each in truth.parent.glob(truth.name.removesuffix(".truth.json") + ".*") if each.suffix in SUFFIXES), None)
        if file:
            yield Sample(file, "scan" if file.suffix != ".pdf" else "text", language_of(told, file.name), flat(told.get("expected", told)))


SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".heic")


def language_of(told: Mapping[str, Any], name: str) -> str:
    named = [part for part in name.replace("_", "-").replace(".", "-").split("-") if part in ("fr", "en", "de", "es", "it", "nl")]
    return str(told.get("language") or told.get("lang") or (named[0] if named else "fr"))


def flat(told: Mapping[str, Any]) -> dict[str, str | None]:
    """Nested parties as `seller.name`; what describes the file and not the invoice is left."""
    fields: dict[str, str | None] = {}
    for name, value in told.items():
        if isinstance(value, Mapping):
            fields.update({f"{name}.{part}": inner for part, inner in value.items()})
        else:
            fields[name] = value
    return {name: value for name, value in fields.items() if name in FIELDS}


PARTY = ("name", "siren", "siret", "vat", "email", "phone", "line1", "line2", "postcode", "city", "country")
FIELDS = (
    "document_type", "invoice_number", "issue_date", "due_date", "currency", "total_net", "total_tax", "total_gross", "prepaid", "amount_due",
    "iban", "bic", "terms.penalties", "terms.indemnity", "terms.discount", *(f"{role}.{part}" for role in ("seller", "buyer") for part in PARTY),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ the score


def agrees(name: str, expected: str, told: str) -> bool:
    one, other = fold(expected), fold(told)
    if name.endswith("name"):
        return one in other or other in one
    if name.endswith(("phone", "invoice_number")):
        one, other = ("".join(c for c in text if c.isalnum()) for text in (one, other))
    if name.startswith(("total_", "amount_", "prepaid")):
        one, other = one.lstrip("-"), other.lstrip("-")  # a credit note prints a minus that its title says already, or none
    return one == other


def judge(name: str, expected: str | None, told: str | None) -> Verdict | None:
    """None where nothing was there and nothing was told: a silence that costs and earns nothing."""
    if expected is None:
        return "false" if told else None
    return "missing" if not told else "right" if agrees(name, expected, told) else "wrong"


def add(score: Score, sample: Sample, told: Fields, confidence: Mapping[str, float], expected: Fields) -> None:
    for name, value in expected.items():
        verdict = judge(name, value, told.get(name))
        if verdict:
            place = (sample.path.name, name)
            score.verdicts[place] = verdict
            score.told[place] = told.get(name)
            score.confidence[place] = confidence.get(name, 0.0)


def measure(samples: Iterable[Sample], scans: str = "") -> dict[str, Score]:
    """Our reader, per kind; texts per language too (`text fr`). `scans` is the command that reads pictures; without, they are left out."""
    scores: dict[str, Score] = defaultdict(Score)
    for sample in samples:
        began = time.perf_counter()
        opened = read_invoice.open_bytes(sample.path.read_bytes())[1]
        reading = read(sample.path.name, opened)
        took = time.perf_counter() - began
        if sample.kind == "scan":
            if not scans:
                continue
            began = time.perf_counter()
            reading = read_one(sample.path.name, sample.path.read_bytes(), None, scans)
            took = (time.perf_counter() - began) / max(opened.page_count, 1)
        scores[sample.kind].seconds.append(took)
        add(scores[sample.kind], sample, *values_of(reading), sample.expected)
        alone = sample.printed is not None and sample.kind == "electronic" and sample.path.suffix == ".pdf"
        if alone:
            began = time.perf_counter()
            reading = read(sample.path.name, dataclasses.replace(opened, attachments=()))
            scores["text"].seconds.append(took + time.perf_counter() - began)
            add(scores["text"], sample, *values_of(reading), on_page(sample))
        if alone or sample.kind == "text":
            add(scores[f"text {sample.language}"], sample, *values_of(reading), on_page(sample))
            if sample.kind == "text":
                scores[f"text {sample.language}"].seconds.append(took)
    return scores


def on_page(sample: Sample) -> Fields:
    return {name: value for name, value in sample.expected.items() if sample.printed is None or name in sample.printed}


def values_of(reading: Reading) -> tuple[Fields, Mapping[str, float]]:
    return flat(reading.to_json()), {name: proof.confidence for name, proof in reading.evidence.items()}


# ------------------------------------------------------------------------------------------------ the other package


def invoice2data() -> Callable[[Path], Fields] | None:
    """One file read by invoice2data and its own templates, in our field names; None where the package is not installed."""
    try:
        from invoice2data import extract_data  # type: ignore[import-not-found, unused-ignore]
        from invoice2data.extract.loader import read_templates  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    logging.disable(logging.CRITICAL)
    templates = read_templates()

    def read_file(path: Path) -> Fields:
        try:
            told = extract_data(str(path), templates=templates) or {}
        except Exception:  # a file it cannot open is a file it read nothing in
            return {}
        return {ours: plain(told[theirs]) for theirs, ours in THEIRS.items() if told.get(theirs)}

    return read_file


THEIRS = {
    "invoice_number": "invoice_number", "date": "issue_date", "date_due": "due_date", "amount": "total_gross", "amount_untaxed": "total_net",
    "amount_tax": "total_tax", "currency": "currency", "iban": "iban", "bic": "bic", "vat": "seller.vat", "siren": "seller.siren",
    "siret": "seller.siret", "issuer": "seller.name", "partner_name": "seller.name", "partner_email": "seller.email",
}  # fmt: skip


def plain(value: object) -> str:
    if isinstance(value, float | int):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    text = str(value)
    found = days(text) if len(text) == 10 else []
    told = amounts(text) if "." in text and text.replace(".", "").isdecimal() else []
    return found[0].isoformat() if found else f"{told[0]:.2f}" if len(told) == 1 else text


def measure_other(samples: Iterable[Sample], read_file: Callable[[Path], Fields]) -> Score:
    """The other package on the texts: the same files, the same truth, its page alone."""
    score = Score()
    for sample in samples:
        if sample.path.suffix != ".pdf" or sample.kind == "scan":
            continue
        began = time.perf_counter()
        told = read_file(sample.path)
        score.seconds.append(time.perf_counter() - began)
        add(score, sample, told, {}, on_page(sample))
    return score


# ------------------------------------------------------------------------------------------------ what is printed


def line(name: str, score: Score, of: Iterable[str] | None = None) -> str:
    there = score.count("right", "wrong", "missing", of=of)
    times = f"{1000 * median(score.seconds):5.0f} ms" if score.seconds and of is None else ""
    return (
        f"{name:22} {score.count('right', of=of):5}/{there:<5} {100 * score.accuracy(of):5.1f} %  wrong {score.count('wrong', of=of):3}"
        f"  missing {score.count('missing', of=of):3}  made up {score.count('false', of=of):3}  {times}"
    )


def calibration(score: Score) -> str:
    return (
        f"  above {SURE}: {len(score.sure_and_wrong())} wrong, {100 * score.sure_of_right():.0f} % of the right values"
        f" ({100 * score.sure_of_right(PROMISED):.0f} % of those promised)"
    )


def show(scores: Mapping[str, Score], other: Score | None, *, wrong: bool) -> None:
    for kind in ("electronic", "text", "scan"):
        print(f"\n{kind.upper()}")
        score = scores.get(kind)
        if score is None:
            print("  nothing read: no sample of this kind, or its reader was left out or never installed (make scan)")
            continue
        print(line("  all fields", score))
        print(line("  promised fields", score, PROMISED))
        if score.seconds:
            print(f"  slowest file {1000 * max(score.seconds):.0f} ms")
        for name in FIELDS:
            if any(field == name for _, field in score.verdicts):
                print(line(f"    {name}", score, (name,)))
        print(calibration(score))
        for language in sorted(scores):
            if language.startswith(f"{kind} "):
                print(line(f"  {language}", scores[language]))
                print(line("    promised", scores[language], PROMISED))
                print(calibration(scores[language]))
        if wrong:
            for (file, name), verdict in sorted(score.verdicts.items()):
                if verdict != "right":
                    mark = "!" if (file, name) in score.sure_and_wrong() else " "
                    print(f"   {mark} {verdict:8} {file:40} {name:16} {score.confidence[file, name]:.2f}  {score.told[file, name]}")
    print("\nINVOICE2DATA, the pages alone, its own templates")
    print("  not installed" if other is None else line("  all fields", other) + "\n" + line("  promised fields", other, PROMISED))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.bench.reading", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path, default=list(SAMPLES))
    parser.add_argument("--alone", action="store_true", help="leave invoice2data out")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong or missing")
    parser.add_argument("--no-scan", action="store_true", help="leave scans and photos out")
    asked = parser.parse_args(arguments)
    samples = [sample for folder in asked.folders for sample in samples_of(folder)]
    kinds = Counter(sample.kind for sample in samples)
    print(f"{len(samples)} files: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    read_file = None if asked.alone else invoice2data()
    show(
        measure(samples, "" if asked.no_scan else scanner.command()),
        measure_other(samples, read_file) if read_file else None,
        wrong=asked.wrong,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
