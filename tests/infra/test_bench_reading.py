"""How well ordinary pages are read, in six languages: the promises of the benchmark, held on the samples of the repository."""

import sys
from pathlib import Path

import pytest

from infra.bench import reading as bench
from tests.infra.test_read import ENGINE, PAGE

LANGUAGES = Path(__file__).parents[1] / "samples/languages"


@pytest.fixture(scope="module")
def scores() -> dict[str, bench.Score]:
    return bench.measure([sample for folder in bench.SAMPLES for sample in bench.samples_of(folder)])


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it", "nl"])
def test_a_language_is_read(scores: dict[str, bench.Score], language: str) -> None:
    score = scores[f"text {language}"]
    assert score.count("right", of=bench.PROMISED) >= 9, "too few values to judge"
    assert score.accuracy(bench.PROMISED) >= 0.95
    assert score.sure_and_wrong() == []


def test_what_is_called_sure_is_right_and_most_of_what_is_right_is_called_sure(scores: dict[str, bench.Score]) -> None:
    score = scores["text"]
    assert score.sure_and_wrong() == []
    assert score.sure_of_right() >= 0.7
    assert score.sure_of_right(bench.PROMISED) >= 0.7
    for name in ("invoice_number", "issue_date", "due_date", "total_gross", "amount_due", "iban"):
        assert score.accuracy((name,)) >= 0.95, name


def test_electronic_invoices_give_all_they_hold(scores: dict[str, bench.Score]) -> None:
    assert scores["electronic"].accuracy() == 1
    assert scores["electronic"].count("right") > 400


def test_the_score_tells_a_wrong_value_from_a_missing_one() -> None:
    assert bench.judge("total_gross", "12.00", "12.00") == "right"
    assert bench.judge("total_gross", "12.00", "13.00") == "wrong"
    assert bench.judge("total_gross", "12.00", None) == "missing"
    assert bench.judge("iban", None, "FR76") == "false"
    assert bench.judge("iban", None, None) is None


def test_the_command_prints_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main([str(LANGUAGES), "--alone", "--wrong"]) == 0
    printed = capsys.readouterr().out
    assert "TEXT" in printed
    assert "above 0.9: 0 wrong" in printed
    assert "INVOICE2DATA" in printed


def test_pictures_are_scored_where_an_engine_is_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = LANGUAGES.parent / "photos"
    samples = list(bench.samples_of(photos))
    script = tmp_path / "engine.py"
    script.write_text(f"PAGE = {PAGE!r}\n{ENGINE}", "utf-8")
    score = bench.measure(samples, f"{sys.executable} {script}")["scan"]
    assert score.verdicts["telephone-fr.heic", "invoice_number"] == "wrong"
    assert score.verdicts["tilted-fr.jpg", "invoice_number"] == "wrong"
    assert len(score.seconds) == len(samples) == 2
    assert bench.main([str(photos), "--alone", "--no-scan"]) == 0
    assert "make scan" in capsys.readouterr().out
