"""Who may write what in the table: the template's roles, read statement by statement."""

from collections.abc import Iterator
from typing import Any

import yaml

from tests.conftest import ROOT, Template

WRITES = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
JOURNAL = ("CASE#", "INVOICE#")


def rights() -> Iterator[tuple[str, set[str], list[str] | None]]:
    """(resource, what it may write, the keys it is held to or `None` for the whole table)."""
    for name, resource in yaml.load((ROOT / "template.yaml").read_text("utf-8"), Template)["Resources"].items():
        for policy in resource.get("Properties", {}).get("Policies", []):
            for said in policy["Statement"]:
                actions: Any = said["Action"]
                writes = WRITES & set([actions] if isinstance(actions, str) else actions)
                if writes:
                    held = said.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys")
                    yield name, writes, held


def test_nobody_may_remove_an_entry_of_a_journal() -> None:
    deleting = [(name, keys) for name, writes, keys in rights() if "dynamodb:DeleteItem" in writes]
    assert {name for name, _ in deleting} == {"ApiFunction", "AnnounceFunction", "NightlyFunction"}
    for name, keys in deleting:
        assert keys, name
        assert not [key for key in keys if key.startswith(JOURNAL)], name


def test_only_the_api_writes_wherever_it_likes() -> None:
    assert {name for name, _, keys in rights() if keys is None} == {"ApiFunction"}


def test_the_climb_gives_nobody_a_session() -> None:
    for name, _, keys in rights():
        if name in ("ClimbFunction", "Climb"):
            assert keys is not None
            assert set(keys) <= {"CASE#*", "CODE#*", "TEXT#*", "REGISTER#*", "POST#*"}


def test_what_outside_reports_enters_journals_and_nothing_else() -> None:
    assert [(writes, keys) for name, writes, keys in rights() if name == "HearBackFunction"] == [
        ({"dynamodb:PutItem", "dynamodb:UpdateItem"}, ["CASE#*"])
    ]
