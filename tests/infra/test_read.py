"""`reglo read`."""

import argparse
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from infra.commands import read

SAMPLES = Path(__file__).parents[1] / "samples"
INVOICES = SAMPLES / "invoices"
SCHEMA = json.loads(Path(__file__).with_name("reading.schema.json").read_text("utf-8"))


def reglo_read(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    read.configure(parser)
    return read.run(parser.parse_args([*arguments, "--no-scan"]))


def test_one_object_a_line_and_zero_when_all_were_read(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(INVOICES / name) for name in ("cii-fr-invoice.xml", "fx-fr-basic-valid.pdf")]
    assert reglo_read("--json", *files) == 0
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["invoice_number"] for each in objects] == ["FAC-2024-001", "FA-2026-0001"]
    assert [each["file"] for each in objects] == ["cii-fr-invoice.xml", "fx-fr-basic-valid.pdf"]


def test_one_when_a_file_was_not_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert (
        reglo_read(
            "--json", str(INVOICES / "cii-fr-invoice.xml"), str(INVOICES / "scan-fr-derived-basic.pdf"), str(tmp_path / "absent.pdf")
        )
        == 1
    )
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["outcome"] for each in objects] == ["read", "no_text", "unreadable"]


def test_the_summary_is_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert reglo_read(str(INVOICES / "fx-fr-hotel-balance-due.pdf")) == 0
    told = capsys.readouterr().out
    assert "Reste à payer  915,86\u00a0€" in told
    assert "19 octobre 2023" in told
    assert "! Le SIRET du vendeur a une clé fausse" in told


def printed(capsys: pytest.CaptureFixture[str], *files: Path) -> list[dict[str, Any]]:
    reglo_read("--json", *map(str, files))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_object_is_the_published_one_for_every_sample(capsys: pytest.CaptureFixture[str]) -> None:
    """A key may be added here and in the schema; none is ever renamed or taken away."""
    folders = [SAMPLES / name for name in ("invoices", "electronic", "hostile")]
    objects = printed(capsys, *folders)
    assert len(objects) > 45
    check = jsonschema.Draft202012Validator(SCHEMA)
    for told in objects:
        assert [error.message for error in check.iter_errors(told)] == [], told["file"]
    with pytest.raises(jsonschema.ValidationError):
        check.validate(objects[0] | {"total_gross": 12.5})


def test_a_zip_stands_for_the_invoices_in_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    archive = tmp_path / "factures.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name in ("cii-fr-invoice.xml", "fx-fr-basic-valid.pdf"):
            made.write(INVOICES / name, name)
    assert [told["invoice_number"] for told in printed(capsys, archive)] == ["FAC-2024-001", "FA-2026-0001"]
    archive.write_bytes(archive.read_bytes()[:200])
    (broken,) = printed(capsys, archive)
    assert broken["outcome"] == "unreadable"


PAGE = [
    (80, 60, "Atelier Vermeil SARL"),
    (80, 200, "Facture N° FA-2026-118"),
    (80, 240, "Date : 05/03/2026"),
    (80, 400, "Total TTC 1 200,00 €"),
]
ENGINE = """
import json, struct, sys
while len(head := sys.stdin.buffer.read(4)) == 4:
    sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    words = [[text, 0.98, [[x, y], [x + 11 * len(text), y], [x + 11 * len(text), y + 22], [x, y + 22]]] for x, y, text in PAGE]
    print(json.dumps({"width": 1000, "height": 1400, "words": words}), flush=True)
"""


@pytest.mark.parametrize("file", ["photos/tilted-fr.jpg", "photos/telephone-fr.heic", "invoices/scan-fr-derived-basic.pdf"])
def test_pictures_are_read_where_an_engine_is_installed(tmp_path: Path, file: str) -> None:
    script = tmp_path / "engine.py"
    script.write_text(f"PAGE = {PAGE!r}\n{ENGINE}", "utf-8")
    (reading,) = read.readings_of(SAMPLES / file, date(2026, 11, 24), f"{sys.executable} {script}")
    assert (reading.source, reading.outcome, reading.invoice_number) == ("scan", "read", "FA-2026-118")
    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(reading.to_json())] == []


def test_without_an_engine_a_photo_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    told = {each["file"]: each for each in printed(capsys, SAMPLES / "photos")}
    assert {name: (each["source"], each["outcome"]) for name, each in told.items()} == {
        "telephone-fr.heic": ("none", "unreadable"),
        "tilted-fr.jpg": ("none", "no_text"),
    }
    assert "Envoyez-la en JPEG" in told["telephone-fr.heic"]["warnings"][0]["message"]


def test_lines_and_terms_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    reglo_read(str(SAMPLES / "electronic/ubl-fr-extended-ctc.xml"))
    told = capsys.readouterr().out
    assert "10 × Huile d'olive Joio 50cl à 13,50 = 135,00, TVA 5,50\u00a0%" in told
    assert "Paiement       30 jours net" in told
    assert "Sur            F124211" in told


def test_reading_loads_nothing_it_does_not_use() -> None:
    """What the function imports before its first file: neither documents, nor the API, nor the law."""
    script = "import sys; sys.path.insert(0, 'functions'); import read_invoice; print(*sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], cwd=SAMPLES.parents[1], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    unused = {
        "jinja2",
        "typst",
        "fastapi",
        "mangum",
        "pikepdf",
        "httpx",
        "holidays",
        "lxml",
        "PIL",
        "numpy",
        "recovery.law",
        "recovery.letters",
    }
    assert loaded & unused == set()
    assert {name for name in loaded if name.startswith("adapters.")} <= {
        "adapters.aws",
        "adapters.bounded",
        "adapters.clock",
        "adapters.pdf",
    }
    assert "pypdfium2" in loaded
