"""A thousand of the damaged samples of `make fuzz`; the other nineteen thousand are its own."""

from infra.bench import fuzz
from recovery.invoices.opened import Opened


def test_a_thousand_damaged_invoices_are_answered() -> None:
    report = fuzz.run(1000, seed=20261124, seconds=120)
    assert report.failures == []
    assert report.outcomes.total() == 1000
    assert report.outcomes["read"] > 100  # the damage leaves much to read: what is judged is not only refusals
    assert report.outcomes["pdf opened"] > 100


def test_a_fault_would_be_seen() -> None:
    def broken() -> Opened:
        raise ZeroDivisionError

    report = fuzz.Report()
    fuzz.judge(report, broken, until=float("inf"))
    assert report.failures == ["ZeroDivisionError: "]


def test_the_same_seed_makes_the_same_cases() -> None:
    assert fuzz.run(60, seed=7).outcomes == fuzz.run(60, seed=7).outcomes
