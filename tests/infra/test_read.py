"""`reglo read`."""

import argparse
import json
from pathlib import Path

import pytest

from infra.commands import read

INVOICES = Path(__file__).parents[1] / "samples/invoices"


def reglo_read(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    read.configure(parser)
    return read.run(parser.parse_args(arguments))


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
