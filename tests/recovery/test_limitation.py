"""Until when a claim can be brought: each period, what moves its last day, and what does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.amounts import Claim
from recovery.days import DAY
from recovery.events import CreditNoted, Invoice, LimitationInterrupted, LimitationSuspended, PaymentReceived, PaymentReturned
from recovery.kinds import kinds
from recovery.law import limitations
from recovery.limitation import ENDLESS, limitation, limitations_of
from recovery.settings import settings
from tests.cases import at

DUE = date(2024, 3, 15)


def one(kind: str = "service", due: date = DUE, **other: Any) -> Invoice:
    fields: dict[str, Any] = {"number": "A", "issued": due, "due": due, "amount": Decimal("1000.00"), "kind": kind} | other
    return Invoice(**fields)


def claim(*invoices: Invoice, **other: Any) -> Claim:
    return replace(Claim(regime="b2b", invoices=invoices or (one(),)), **other)


def interrupted(on: date, ground: str = "acknowledgement", until: date | None = None, invoice: str | None = None) -> LimitationInterrupted:
    return LimitationInterrupted(at=at(on), by="staff:ines", ground=ground, on=on, until=until, invoice=invoice)


def paid(on: date, amount: str = "100.00", **other: Any) -> PaymentReceived:
    return PaymentReceived(at=at(on), by="staff:ines", payment="p1", amount=Decimal(amount), on=on, **other)


CODES = [  # regime, creditor, country, kind → code, last day of what was due on 15 March 2024
    ("b2b", "business", "FR", "service", "COMM5", date(2029, 3, 15)),
    ("b2c", "business", "FR", "sale", "CONS2", date(2026, 3, 15)),
    ("b2c", "individual", "FR", "service", "CIV5", date(2029, 3, 15)),
    ("b2g", "business", "FR", "service", "PUB4", date(2028, 12, 31)),
    ("b2b", "business", "FR", "transport", "TRANSP1", date(2025, 3, 15)),
    ("b2b", "business", "FR", "ship", "SHIP1", date(2025, 3, 15)),
    ("b2c", "business", "FR", "telecom", "TEL1", date(2025, 3, 15)),
    ("b2c", "individual", "FR", "rent", "RENT3", date(2027, 3, 15)),
    ("b2b", "business", "FR", "lease", "BAIL5", date(2029, 3, 15)),
    ("b2c", "business", "FR", "co_ownership", "COPRO5", date(2029, 3, 15)),
    ("b2c", "business", "FR", "insurance", "INS2", date(2026, 3, 15)),
    ("b2c", "business", "FR", "credit", "CREDIT2", date(2026, 3, 15)),
    ("b2b", "business", "FR", "bill", "BILL3", date(2027, 3, 15)),
    ("b2b", "business", "FR", "judgment", "TITLE10", date(2034, 3, 15)),
    ("b2b", "business", "BE", "service", "BE10", date(2034, 3, 15)),
    ("b2b", "business", "BE", "lease", "BE5", date(2029, 3, 15)),
    ("b2b", "business", "LU", "service", "LU10", date(2034, 3, 15)),
    ("b2b", "business", "DE", "service", "DE3", date(2027, 12, 31)),
    ("b2b", "business", "NL", "service", "NL5", date(2029, 3, 15)),
    ("b2b", "business", "ES", "service", "ES5", date(2029, 3, 15)),
    ("b2b", "business", "IT", "service", "IT10", date(2034, 3, 15)),
    ("b2b", "business", "IT", "lease", "IT5", date(2029, 3, 15)),
    ("b2b", "business", "AT", "service", "AT3", date(2027, 3, 15)),
    ("b2b", "business", "IE", "service", "IE6", date(2030, 3, 15)),
    ("b2b", "business", "DE", "transport", "TRANSP1", date(2025, 3, 15)),
]


@pytest.mark.parametrize(("regime", "creditor", "country", "kind", "code", "last"), CODES)
def test_each_kind_of_claim_has_its_period(regime: str, creditor: str, country: str, kind: str, code: str, last: date) -> None:
    found = limitation(claim(one(kind), regime=regime, creditor_kind=creditor, debtor_country=country))
    assert (found.code, found.last, found.article) == (code, last, limitations[code].article)
    assert found.article in found.sentence


def test_a_leap_day_ends_on_28_february() -> None:
    assert limitation(claim(one(due=date(2024, 2, 29)), regime="b2c")).last == date(2026, 2, 28)


def test_a_carrier_counts_from_the_delivery_or_from_the_invoice() -> None:
    assert limitation(claim(one("transport", issued=date(2024, 2, 1)))).last == date(2025, 2, 1)
    assert limitation(claim(one("transport", delivered=date(2024, 1, 20)))).last == date(2025, 1, 20)


def test_a_public_debtor_counts_from_the_year_in_which_the_right_arose() -> None:
    assert limitation(claim(one(issued=date(2023, 12, 20), due=date(2024, 1, 19)), regime="b2g")).last == date(2027, 12, 31)


def test_a_kind_that_nobody_knows_takes_the_shortest_period_and_says_so() -> None:
    found = limitation(claim(one("")))
    assert (found.last, found.code in ("TEL1", "TRANSP1", "SHIP1")) == (date(2025, 3, 15), True)
    assert "plus courte" in found.warning
    assert not limitation(claim(one("sale"))).warning


def test_the_earliest_of_the_invoices_is_told_a_settled_one_is_left_out() -> None:
    old, new = one(number="old"), one(number="new", due=date(2025, 1, 1))
    assert limitation(claim(new, old)).invoice == "old"
    settled = claim(old, new, payments=(paid(date(2024, 4, 1), "5000.00", invoice="old"),))
    assert limitation(claim(old, new, payments=(paid(DUE, "1000.00", invoice="old"),))).invoice == "new"
    assert [each.invoice for each in limitations_of(settled)] == ["new"]


def test_an_acknowledgement_starts_a_new_full_period_from_its_day() -> None:
    found = limitation(claim(interruptions=(interrupted(date(2026, 5, 2)),)))
    assert (found.last, found.since) == (date(2031, 5, 2), date(2026, 5, 2))
    assert "interrompue le 2 mai 2026, reconnaissance de la dette" in found.sentence


def test_interruptions_follow_one_another() -> None:
    chain = (interrupted(date(2030, 6, 1)), interrupted(date(2026, 5, 2)))
    assert limitation(claim(interruptions=chain)).last == date(2035, 6, 1)  # the second finds the clock still running thanks to the first
    assert limitation(claim(interruptions=chain[:1])).last == date(2029, 3, 15)


def test_what_has_lapsed_is_not_revived() -> None:
    last = date(2029, 3, 15)
    assert limitation(claim(interruptions=(interrupted(last),))).last == date(2034, 3, 15)
    assert limitation(claim(interruptions=(interrupted(last + DAY),))).last == last
    consumer = claim(one(due=date(2023, 3, 15)), regime="b2c")
    assert limitation(replace(consumer, payments=(paid(date(2025, 3, 15)),))).last == date(2027, 3, 15)
    assert limitation(replace(consumer, payments=(paid(date(2025, 3, 16)),))).last == date(2025, 3, 15)


def test_a_court_claim_holds_the_clock_until_proceedings_end() -> None:
    going = limitation(claim(interruptions=(interrupted(date(2026, 5, 2), "court_claim"),)))
    assert going.last == ENDLESS
    assert "le temps de la procédure" in going.sentence
    assert going.alert(date(2040, 1, 1)) is None
    ended = limitation(claim(interruptions=(interrupted(date(2026, 5, 2), "court_claim", until=date(2027, 1, 10)),)))
    assert ended.last == date(2032, 1, 10)


def test_proceedings_that_last_are_not_cut_short_by_a_payment_and_may_be_told_again_with_their_end() -> None:
    claimed = interrupted(date(2026, 5, 2), "court_claim")
    going = claim(interruptions=(claimed,), payments=(paid(date(2026, 8, 1)),))
    assert limitation(going).last == ENDLESS
    ended = replace(claimed, until=date(2027, 1, 10))
    for told in ((claimed, ended), (ended, claimed)):
        assert limitation(replace(going, interruptions=told)).last == date(2032, 1, 10)
    assert limitation(replace(going, interruptions=(ended, interrupted(date(2026, 9, 1))))).last == date(2032, 1, 10)


def test_an_interruption_may_concern_one_invoice_alone() -> None:
    both = claim(one(number="A"), one(number="B"), interruptions=(interrupted(date(2026, 5, 2), invoice="A"),))
    assert {each.invoice: each.last.year for each in limitations_of(both)} == {"A": 2031, "B": 2029}


def test_in_germany_a_new_period_counts_from_its_day_and_for_a_public_debtor_from_the_year() -> None:
    told = (interrupted(date(2026, 5, 2)),)
    assert limitation(claim(debtor_country="DE", interruptions=told)).last == date(2029, 5, 2)
    assert limitation(claim(regime="b2g", interruptions=told)).last == date(2030, 12, 31)


def test_a_part_payment_interrupts_on_the_invoice_it_settles() -> None:
    both = claim(one(number="A"), one(number="B", due=date(2024, 6, 1)), payments=(paid(date(2025, 1, 10)),))
    assert {each.invoice: each.last for each in limitations_of(both)} == {"A": date(2030, 1, 10), "B": date(2029, 6, 1)}


def test_a_payment_under_protest_returned_or_by_setting_interrupts_nothing() -> None:
    payment, last = paid(date(2025, 1, 10)), date(2029, 3, 15)
    assert limitation(claim(payments=(replace(payment, acknowledges=False),))).last == last
    back = PaymentReturned(at=at(date(2025, 1, 15)), by="x", payment="p1", on=date(2025, 1, 12))
    assert limitation(claim(payments=(payment,), returned=(back,))).last == last
    assert limitation(claim(payments=(payment,), settings=settings({"part_payment_interrupts": "no"}))).last == last


def test_a_credit_note_interrupts_nothing() -> None:
    note = CreditNoted(at=at(DUE), by="x", number="AV", invoice="A", amount=Decimal(10), on=date(2025, 1, 1))
    assert limitation(claim(credit_notes=(note,))).last == date(2029, 3, 15)


def test_a_mediation_stops_the_clock_and_leaves_six_months_at_least() -> None:
    def held(first: date, last: date) -> date:
        return limitation(claim(suspensions=(LimitationSuspended(at=at(first), by="x", first=first, last=last),))).last

    assert held(date(2026, 1, 1), date(2026, 1, 31)) == date(2029, 4, 15)
    assert held(date(2029, 3, 1), date(2029, 3, 31)) == date(2029, 9, 30)
    assert held(date(2029, 3, 16), date(2029, 4, 30)) == date(2029, 3, 15)  # too late


def test_days_of_mediation_count_once_and_only_while_the_period_runs() -> None:
    def held(*periods: tuple[date, date], **other: Any) -> date:
        told = tuple(LimitationSuspended(at=at(first), by="x", first=first, last=last) for first, last in periods)
        return limitation(claim(suspensions=told, **other)).last

    assert held((date(2024, 3, 1), date(2024, 3, 20))) == date(2029, 3, 20)  # five days after the due date
    assert held((date(2024, 1, 1), date(2024, 3, 15))) == date(2029, 3, 15)
    assert held((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 1, 11), date(2026, 2, 10))) == date(2029, 4, 25)


def test_an_early_payment_does_not_bring_the_end_of_a_german_period_nearer() -> None:
    assert limitation(claim(debtor_country="DE", payments=(paid(date(2024, 4, 1)),))).last == date(2027, 12, 31)


def test_a_right_on_a_public_debtor_arises_with_the_delivery() -> None:
    late = one(due=date(2024, 2, 20), issued=date(2024, 1, 20), delivered=date(2023, 12, 20))
    assert limitation(claim(late, regime="b2g")).last == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2028, 9, 14), None),
        (date(2028, 9, 15), 6),
        (date(2028, 12, 14), 6),
        (date(2028, 12, 15), 3),
        (date(2029, 2, 15), 1),
        (date(2029, 3, 15), 1),
        (date(2029, 3, 16), 0),
    ],
)
def test_an_alert_comes_in_good_time(on: date, months: int | None) -> None:
    assert limitation(claim()).alert(on) == months


days = st.dates(date(2015, 1, 1), date(2026, 12, 31))


@given(st.sampled_from([name for name in kinds if not kinds[name].refused]), days, st.lists(days, max_size=4), st.randoms())
def test_interruptions_only_ever_move_the_day_away_in_whatever_order_they_are_told(
    kind: str, due: date, told: list[date], chance: Any
) -> None:
    events = tuple(interrupted(on) for on in told)
    bare, moved = limitation(claim(one(kind, due))), limitation(claim(one(kind, due), interruptions=events))
    assert moved.last >= bare.last
    assert moved == limitation(claim(one(kind, due), interruptions=tuple(chance.sample(events, len(events)))))
