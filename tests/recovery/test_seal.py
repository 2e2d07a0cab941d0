"""The chain: what was altered, removed or moved shows, and where."""

import hashlib
import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.events import to_json
from recovery.seal import BEFORE_THE_FIRST, Broken, canonical, note_hash, sealed, verify
from tests.cases import climbed

CASE = "RG-26-00001"


@pytest.fixture
def entries() -> list[dict[str, Any]]:
    chain: list[dict[str, Any]] = []
    for n, event in enumerate(climbed("second_letter"), 1):
        chain.append(sealed(chain[-1]["seal"] if chain else BEFORE_THE_FIRST, n, CASE, to_json(event)))
    return chain


def checked(entries: list[dict[str, Any]], whole: list[dict[str, Any]]) -> Broken | None:
    return verify(entries, case=CASE, count=len(whole), last_seal=whole[-1]["seal"])


def test_a_whole_chain_holds(entries: list[dict[str, Any]]) -> None:
    assert checked(entries, entries) is None
    assert len(entries) > 10


def test_the_seal_is_what_the_readme_says_computed_by_other_means() -> None:
    """Anyone can check it without us: this is their program."""
    event = {"kind": "DisputeRaised", "reason": "é « ’ \u202f", "note": None, "at": "2026-11-24T08:00:00Z", "by": "debtor"}
    text = '{"case":"RG-26-00001","event":{"at":"2026-11-24T08:00:00Z","by":"debtor","kind":"DisputeRaised","note":null,"reason":"é « ’ \u202f"},"n":1}'
    assert sealed(BEFORE_THE_FIRST, 1, CASE, event)["seal"] == hashlib.sha256(("0" * 64 + text).encode("utf-8")).hexdigest()


def test_every_altered_entry_is_named(entries: list[dict[str, Any]]) -> None:
    for n in range(1, len(entries) + 1):
        altered = deepcopy(entries)
        altered[n - 1]["event"]["at"] = "2026-09-02T07:00:01Z"
        broken = checked(altered, entries)
        assert broken is not None
        assert broken.n == n


def test_every_removed_entry_is_named(entries: list[dict[str, Any]]) -> None:
    for n in range(1, len(entries)):
        broken = checked(entries[: n - 1] + entries[n:], entries)
        assert broken is not None
        assert broken.n == n
        assert "manque" in broken.reason


def test_two_entries_that_changed_places_are_named(entries: list[dict[str, Any]]) -> None:
    moved = [*entries[:3], entries[4], entries[3], *entries[5:]]
    assert checked(moved, entries) == Broken(4, "une entrée manque ou a été déplacée : on lit le numéro 5")
    renumbered = deepcopy(moved)
    renumbered[3]["n"], renumbered[4]["n"] = 4, 5
    broken = checked(renumbered, entries)
    assert broken is not None
    assert broken.n == 4


def test_an_entry_sealed_again_breaks_the_next_one(entries: list[dict[str, Any]]) -> None:
    forged = deepcopy(entries)
    forged[5]["event"]["by"] = "staff:someone"
    forged[5] = sealed(forged[4]["seal"], 6, CASE, forged[5]["event"])
    broken = checked(forged, entries)
    assert broken is not None
    assert broken.n == 7


def test_a_chain_sealed_again_to_its_end_is_told_by_the_last_seal(entries: list[dict[str, Any]]) -> None:
    forged: list[dict[str, Any]] = []
    for n, entry in enumerate(entries, 1):
        event = entry["event"] | ({"by": "staff:someone"} if n == 6 else {})
        forged.append(sealed(forged[-1]["seal"] if forged else BEFORE_THE_FIRST, n, CASE, event))
    assert verify(forged, case=CASE, count=len(forged), last_seal=forged[-1]["seal"]) is None
    broken = checked(forged, entries)
    assert broken is not None
    assert "dernier sceau" in broken.reason


def test_a_removed_tail_shows_against_what_was_announced(entries: list[dict[str, Any]]) -> None:
    shorter = entries[:-2]
    assert verify(shorter, case=CASE, count=len(shorter), last_seal=shorter[-1]["seal"]) is None  # by itself, it does not
    broken = checked(shorter, entries)
    assert broken is not None
    assert broken.n == len(shorter) + 1
    swapped = verify(shorter, case=CASE, count=len(shorter), last_seal=entries[-1]["seal"])
    assert swapped is not None


def test_an_added_entry_shows(entries: list[dict[str, Any]]) -> None:
    longer = [*entries, sealed(entries[-1]["seal"], len(entries) + 1, CASE, entries[-1]["event"])]
    assert checked(longer, entries) is not None


def test_an_entry_of_another_case_is_told(entries: list[dict[str, Any]]) -> None:
    foreign = deepcopy(entries)
    foreign[0]["case"] = "RG-26-00002"
    assert checked(foreign, entries) == Broken(1, "l’entrée appartient au dossier RG-26-00002")


@pytest.mark.parametrize("wrong", [None, 3, {}, {"n": 1}, []])
def test_what_is_no_entry_is_told(entries: list[dict[str, Any]], wrong: Any) -> None:
    broken = checked([wrong, *entries[1:]], entries)
    assert broken is not None
    assert broken.n == 1


def test_an_empty_chain_holds_only_when_nothing_was_announced(entries: list[dict[str, Any]]) -> None:
    assert verify([], case=CASE, count=0, last_seal=BEFORE_THE_FIRST) is None
    assert checked([], entries) is not None


texts = st.text(st.characters(codec="utf-8"), max_size=40)


@given(st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts | st.lists(texts, max_size=3), max_size=6))
def test_canonical_json_survives_a_round_trip_in_any_script(value: dict[str, Any]) -> None:
    shuffled = dict(reversed(value.items()))
    assert canonical(value) == canonical(shuffled) == canonical(json.loads(canonical(value)))


def test_keys_are_sorted_by_code_point_not_by_utf16() -> None:
    assert canonical({"\U0001f600": 1, "\uffff": 2, "é": 3, "z": 4}).decode() == '{"z":4,"é":3,"\uffff":2,"\U0001f600":1}'


def test_a_number_without_a_value_is_refused() -> None:
    with pytest.raises(ValueError):
        canonical({"n": float("nan")})


@given(texts, texts)
def test_the_hash_of_a_note_hangs_on_its_salt(text: str, salt: str) -> None:
    assert note_hash(salt, text) != note_hash(salt + "x", text)
    assert note_hash(salt, text) == hashlib.sha256((salt + "\n" + text).encode()).hexdigest()
