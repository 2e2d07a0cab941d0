"""Who people are: what is written is what is read."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters import directory
from adapters.aws import Moved
from adapters.directory import Contact, Creditor, Person
from recovery import seal
from recovery.parties import Party

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TODAY, IN_A_WEEK = date(2026, 11, 24), date(2026, 12, 1)
ATELIER = Creditor(
    party=Party(name="Atelier Berthelot", siren="732829320", line1="22 quai", postcode="44000", city="Nantes", email="c@atelier.example"),
    iban="OLD",
    contacts=(Contact(person="p1", email="c@atelier.example", name="Camille", role="gérante"),),
    verified_by="staff:ines",
    verified_at=NOW,
    consultant="ines",
)

pytestmark = pytest.mark.usefixtures("aws")


def test_a_creditor_is_read_as_it_was_kept() -> None:
    assert directory.creditor("732829320") is None
    kept = directory.keep_creditor(ATELIER)
    assert directory.creditor("732829320") == kept == replace(ATELIER, version=1)
    unknown = directory.keep_creditor(replace(kept, verified_by="", verified_at=None, contacts=(), consultant=""))
    assert directory.creditor("732829320") == unknown


def test_the_slower_of_two_writers_of_a_creditor_is_told() -> None:
    seen = directory.keep_creditor(ATELIER)
    directory.keep_creditor(seen.with_iban("NEW", today=TODAY, on=IN_A_WEEK))
    with pytest.raises(Moved):
        directory.keep_creditor(replace(seen, contacts=()))
    found = directory.creditor("732829320")
    assert found is not None
    assert found.next_iban == "NEW"


def test_a_creditor_knows_its_contacts_once_it_is_verified() -> None:
    assert ATELIER.knows("c@atelier.example")
    assert not ATELIER.knows("x@atelier.example")
    assert not replace(ATELIER, verified_by="").knows("c@atelier.example")


def test_another_account_waits_for_its_day() -> None:
    changed = directory.keep_creditor(ATELIER.with_iban("NEW", today=TODAY, on=IN_A_WEEK))
    assert directory.creditor("732829320") == changed
    assert (changed.iban_on(TODAY), changed.iban_on(IN_A_WEEK - timedelta(days=1)), changed.iban_on(IN_A_WEEK)) == ("OLD", "OLD", "NEW")


def test_a_second_change_starts_from_the_account_of_that_day() -> None:
    first = directory.keep_creditor(ATELIER.with_iban("NEW", today=TODAY, on=IN_A_WEEK))
    later = first.with_iban("THIRD", today=IN_A_WEEK, on=IN_A_WEEK + timedelta(days=7))
    assert (later.iban_on(IN_A_WEEK), later.iban_on(IN_A_WEEK + timedelta(days=7))) == ("NEW", "THIRD")


def test_a_second_change_before_the_first_served_still_pays_the_old_account() -> None:
    first = directory.keep_creditor(ATELIER.with_iban("NEW", today=TODAY, on=IN_A_WEEK))
    assert first.with_iban("THIRD", today=TODAY, on=IN_A_WEEK).iban_on(TODAY) == "OLD"


def test_a_debtor_and_a_person() -> None:
    party = Party(name="Brasserie <b>", line1="8 place", postcode="35000", city="Rennes", email=None, phone="02", kind="consumer")
    directory.keep_debtor("d1", party)
    assert directory.debtor("d1") == party
    assert directory.debtor("d2") is None
    person = Person(id="p1", email="c@atelier.example", name="Camille", creditors=("732829320", "552100554"))
    directory.keep_person(person)
    assert directory.person("c@atelier.example") == person


def test_the_least_busy_has_the_fewest_open_cases() -> None:
    assert directory.least_busy(["ines", "malo"]) == "ines"
    directory.takes("ines", "RG-26-00001")
    directory.takes("ines", "RG-26-00001")
    directory.takes("malo", "RG-26-00002")
    directory.takes("malo", "RG-26-00003")
    assert directory.least_busy(["malo", "ines"]) == "ines"
    for _ in range(2):
        directory.lets_go("malo", "RG-26-00002")
    directory.lets_go("malo", "RG-26-00003")
    assert directory.least_busy(["ines", "malo"]) == "malo"


def test_words_are_kept_apart_under_a_hash_that_says_nothing() -> None:
    first, second = directory.note("RG-26-00001", "Mme Dupuis"), directory.note("RG-26-00001", "Mme Dupuis")
    assert first != second
    kept = directory.notes("RG-26-00001")
    assert {note.text for note in kept.values()} == {"Mme Dupuis"}
    assert seal.note_hash(kept[first].salt, kept[first].text) == first
    assert directory.notes("RG-26-00002") == {}


def test_a_case_has_one_code_while_it_lasts() -> None:
    code = directory.new_code("RG-26-00001", os.urandom(32), NOW + timedelta(days=180))
    assert directory.new_code("RG-26-00001", os.urandom(32), NOW + timedelta(days=180)) == code
    assert directory.code_for("RG-26-00002") is None
    assert directory.case_of_code(code.lower(), NOW) == "RG-26-00001"
    assert directory.case_of_code(code, NOW + timedelta(days=181)) is None
    assert directory.case_of_code("", NOW) is None


def test_a_number_is_given_once() -> None:
    assert [directory.next_number("RG-26") for _ in range(3)] == [1, 2, 3]
    assert directory.next_number("RG-27") == 1
