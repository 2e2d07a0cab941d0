"""`reglo owed`: the claim from a file, the statement on the screen or as JSON, and sentences instead of tracebacks."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.cli import main

CLAIM: dict[str, Any] = {
    "regime": "b2b",
    "debtor_country": "FR",
    "invoices": [{"number": "F-101", "issued": "2026-06-30", "due": "2026-07-31", "amount": "1000.00", "agreed_rate": None}],
    "payments": [],
    "formal_notice_on": None,
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(CLAIM), "utf-8")
    return path


def test_the_statement_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["owed", str(file), "--on", "2026-09-30", "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["on"] == "2026-09-30"
    assert [(line["kind"], line["invoice"], line["amount"]) for line in counted["lines"]] == [
        ("principal", "F-101", "1000.00"),
        ("interest", "F-101", "20.72"),
        ("indemnity", "F-101", "40.00"),
    ]
    assert all(line["rule"] and line["detail"] for line in counted["lines"])
    sums = {name: counted[name] for name in ("principal", "interest", "indemnity", "paid", "balance", "limitation")}
    assert sums == {
        "principal": "1000.00",
        "interest": "20.72",
        "indemnity": "40.00",
        "paid": "0.00",
        "balance": "1060.72",
        "limitation": "2027-07-31",
    }


def test_the_statement_as_one_reads_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["owed", str(file), "--on", "2026-09-30"]) == 0
    shown = capsys.readouterr().out.replace("\u00a0", " ")
    for words in (
        "Ce qui est dû au 30 septembre 2026",
        "1 000,00 € × 12,40 % × 61 jours / 365, du 01/08/2026 au 30/09/2026",
        "L441-10 II du code de commerce",
        "1 060,72 €",
        "prescrite après le 31 juillet 2027",
        "! claim : Nature de la créance inconnue",
    ):
        assert words in shown


def test_the_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(CLAIM | {"on": "2026-09-30"}).encode())))
    assert main(["owed", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["on"] == "2026-09-30"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b'{"a": 1e99999999999999999999}', b"3", b"null", b'{"regime": NaN}']
)
def test_a_file_that_says_nothing_is_a_sentence(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claim.json"
    path.write_bytes(content)
    assert main(["owed", str(path)]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["owed", str(tmp_path / "nowhere.json")]) == 2
    assert "ne peut pas être ouvert" in capsys.readouterr().err


def test_each_wrong_field_is_one_line_and_json_says_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = CLAIM | {"regime": "x", "payments": [{"on": "2026-08-01", "amount": "-5"}]}
    file.write_text(json.dumps(wrong), "utf-8")
    assert main(["owed", str(file), "--on", "2026-09-30"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(" : ")[0] for line in lines] == ["regime", "payments[0].amount"]
    assert main(["owed", str(file), "--on", "2026-09-30", "--json"]) == 2
    problem = json.loads(capsys.readouterr().out)
    assert [f"{error['field']} : {error['message']}" for error in problem["errors"]] == lines


def test_a_day_that_does_not_exist_is_a_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["owed", str(file), "--on", "2026-02-30"]) == 2
    assert capsys.readouterr().err.startswith("on : ")
