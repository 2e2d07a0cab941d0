from dataclasses import replace

import pytest

from recovery import agency
from recovery.agency import REQUIRED, Agency, consultant, from_json, missing
from tests.writing import AGENCY, PROFILE


def test_the_local_profile_is_complete_and_says_it_is_fictional() -> None:
    assert missing(AGENCY) == []
    assert AGENCY.fictional
    assert AGENCY.legal_lines[-1] == agency.FICTIONAL


def test_an_empty_profile_names_everything_it_lacks() -> None:
    assert missing(Agency()) == list(REQUIRED.values())


@pytest.mark.parametrize("path", REQUIRED)
def test_each_thing_that_is_required_is_missed(path: str) -> None:
    stored = {key: value for key, value in PROFILE.items() if key != path.partition(".")[0]}
    outer, _, inner = path.partition(".")
    if inner:
        stored[outer] = {key: value for key, value in PROFILE[outer].items() if key != inner}
    assert missing(from_json(stored)) == [REQUIRED[path]]


def test_spaces_are_not_an_answer() -> None:
    assert missing(replace(AGENCY, phone="  ")) == [REQUIRED["phone"]]


def test_somebody_who_left_is_replaced_by_a_consultant() -> None:
    assert consultant(AGENCY, "malo").name == "Malo Riou"
    assert consultant(AGENCY, "gone").role == "consultant"
