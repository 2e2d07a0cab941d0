"""A thousand invoices and five hundred payments: the same cents as a plain loop over the days, in much less time and memory."""

from infra.bench.statement import LAST, best_of, day_by_day, large_claim, peak, same
from recovery.amounts import statement

FASTER = 20
MOST_MEMORY = 40_000_000  # bytes: a small part of what the function has


def test_a_large_statement_is_the_plain_loop_to_the_cent_and_twenty_times_faster() -> None:
    claim = large_claim()
    told = []
    theirs = best_of(1, lambda: told.append(day_by_day(claim, LAST)))
    assert same(statement(claim, LAST), told[0])
    assert best_of(9, lambda: statement(claim, LAST)) * FASTER <= theirs
    assert peak(lambda: statement(claim, LAST)) < MOST_MEMORY


def test_the_loop_would_see_a_cent() -> None:
    claim = large_claim(40, 30)
    owed, plain = statement(claim, LAST), day_by_day(claim, LAST)
    assert same(owed, plain)
    plain.debts[0].principal += 1
    plain.balance += 1
    assert not same(owed, plain)
