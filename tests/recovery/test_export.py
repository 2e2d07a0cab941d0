import csv
import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest

from infra.commands import verify
from recovery import events as e
from recovery import export
from recovery.seal import BEFORE_THE_FIRST, note_hash, sealed
from recovery.timeline import story
from tests.cases import at, climbed
from tests.writing import ONE

DOCUMENTS = {"%PDF-1.7 mandate": "pdf", "From: a@b.example": "eml", "<?xml version='1.0'?>": "xml", "\u2713": "bin"}
NOTE = "=CMD|' /C calc'!A0, dit-il"


def log() -> tuple[tuple[dict[str, Any], ...], tuple[e.AnyEvent, ...]]:
    hashed = note_hash("salt", NOTE)
    events: tuple[e.AnyEvent, ...] = (
        *climbed("second_letter", date(2026, 9, 1), *ONE),
        e.DisputeRaised(at=at(date(2026, 9, 21)), by="debtor", reason="quality", note=hashed),
    )
    entries: list[dict[str, Any]] = []
    for n, event in enumerate(events, 1):
        entries.append(sealed(entries[-1]["seal"] if entries else BEFORE_THE_FIRST, n, "RG-26-00001", e.to_json(event)))
    return tuple(entries), events


def packed(**other: Any) -> bytes:
    entries, events = log()
    hashed = note_hash("salt", NOTE)
    values: dict[str, Any] = {
        "notes": {hashed: {"salt": "salt", "text": NOTE}},
        "documents": {"a" * 64: b"%PDF-1.7 mandate", "b" * 64: b"From: a@b.example"},
        "pdf": b"%PDF-1.7 journal",
        "at": at(date(2026, 9, 22)),
    }
    return export.archive("RG-26-00001", entries, story(events, lambda by: by, lambda _: NOTE), **values | other)


def test_it_holds_the_log_in_every_form_and_says_how_to_check_it() -> None:
    with zipfile.ZipFile(io.BytesIO(packed())) as files:
        assert files.namelist() == [
            "LISEZMOI.txt",
            "journal.pdf",
            "journal.csv",
            "journal.json",
            "notes.json",
            f"documents/{'a' * 64}.pdf",
            f"documents/{'b' * 64}.eml",
        ]
        entries = log()[0]
        readme = files.read("LISEZMOI.txt").decode()
        assert f"{len(entries)}\u00a0écritures" in readme
        assert entries[-1]["seal"] in readme
        written = json.loads(files.read("journal.json"))
        assert written == {
            "format": "reglo-journal/1",
            "case": "RG-26-00001",
            "count": len(entries),
            "last_seal": entries[-1]["seal"],
            "entries": list(entries),
        }


def test_our_own_tool_confirms_the_chain_and_the_notes() -> None:
    entries, _ = log()
    with zipfile.ZipFile(io.BytesIO(packed())) as files:
        written = json.loads(files.read("journal.json"))
        problem = verify.check(files, written)
        assert problem
        assert "le document" in problem  # the chain holds; these documents are not the ones it names
        del written["entries"][3]
        assert "entrée 4" in (verify.check(files, written) or "")
    altered = {note_hash("salt", NOTE): {"salt": "salt", "text": "autre chose"}}
    with zipfile.ZipFile(io.BytesIO(packed(notes=altered))) as files:
        assert "les mots notés" in (verify._broken_note(files, list(entries)) or "")


def test_the_same_log_is_the_same_file() -> None:
    assert packed() == packed()


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-1", "@SUM(A1)", "\t=1", " =1", "\u00a0=1", "\r=1", "\n=1"])
def test_no_cell_can_be_taken_for_a_formula(cell: str) -> None:
    assert export.harmless(cell) == f"'{cell}"


def test_an_honest_cell_is_left_alone() -> None:
    assert export.harmless("1 200,00 €") == "1 200,00 €"
    assert export.harmless("") == ""


def test_the_table_opens_in_a_french_spreadsheet() -> None:
    entries, events = log()
    raw = export.table(entries, story(events, lambda by: by, lambda _: NOTE))
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert len(rows) == len(entries) + 1
    assert rows[-1][6] == f"'{NOTE}"
    assert rows[-1][8] == entries[-1]["seal"]


@pytest.mark.parametrize("start", DOCUMENTS)
def test_a_document_is_what_its_bytes_say(start: str) -> None:
    assert export.extension(start.encode()) == DOCUMENTS[start]


def test_every_document_the_entries_name_is_found_once() -> None:
    entries, _ = log()
    assert export.documents_named(entries) == ("a" * 64, "b" * 64)
