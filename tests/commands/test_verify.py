"""`reglo verify`: the log of a case holds, or the first thing that does not is named. Offline, from the file alone."""

import argparse
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.commands import verify
from recovery import export
from recovery.events import DisputeRaised, MandateAccepted, StepDecided, to_json
from recovery.seal import BEFORE_THE_FIRST, note_hash, sealed
from recovery.timeline import story
from tests.cases import TUESDAY, at, climbed

CASE = "RG-26-00001"
LETTER, MANDATE = b"%PDF-1.7 the letter", b"%PDF-1.7 the mandate"
NOTE = {"salt": "s" * 32, "text": "« Il manquait une enseigne »"}
Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    """A whole export, as documents.py makes it: file name → bytes."""
    named = {"mandate": hashlib.sha256(MANDATE).hexdigest(), "letter": hashlib.sha256(LETTER).hexdigest()}
    note = note_hash(NOTE["salt"], NOTE["text"])
    events = [
        replace(event, document=named["mandate"])
        if isinstance(event, MandateAccepted)
        else replace(event, document=named["letter"])
        if isinstance(event, StepDecided) and event.document
        else event
        for event in climbed("second_letter")
    ]
    events.append(DisputeRaised(at=at(TUESDAY + timedelta(days=15)), by="debtor", reason="said_to_us", note=note))
    entries: list[dict[str, Any]] = []
    for n, event in enumerate(events, 1):
        entries.append(sealed(entries[-1]["seal"] if entries else BEFORE_THE_FIRST, n, CASE, to_json(event)))
    made = export.archive(
        CASE,
        tuple(entries),
        story(events, lambda by: by),
        notes={note: NOTE},
        documents={named["mandate"]: MANDATE, named["letter"]: LETTER},
        pdf=b"%PDF-1.7 the journal",
        at=at(TUESDAY + timedelta(days=16)),
    )
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture
def verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(files: Files | bytes, seal: str = "", count: int = 0) -> tuple[int, str]:
        path = tmp_path / "export.zip"
        if isinstance(files, bytes):
            path.write_bytes(files)
        else:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
                for name, data in files.items():
                    made.writestr(name, data)
        code = verify.run(argparse.Namespace(export=path, seal=seal, count=count))
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def log(files: Files) -> dict[str, Any]:
    return json.loads(files["journal.json"])  # type: ignore[no-any-return]


def with_log(files: Files, **changes: Any) -> Files:
    return files | {"journal.json": json.dumps(log(files) | changes).encode()}


def last(files: Files) -> tuple[str, int]:
    return log(files)["last_seal"], log(files)["count"]


def test_a_whole_export_holds(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    code, said = verified(files)
    assert code == 0
    assert f"{log(files)['count']} entrées" in said
    assert "comparez ce nombre et ce sceau" in said
    seal, count = last(files)
    code, said = verified(files, seal, count)
    assert (code, "comparez" in said) == (0, False)


def test_another_way_of_writing_the_same_json_holds(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    """Seals are over canonical JSON: an editor that indents the file breaks nothing."""
    assert verified(files | {"journal.json": json.dumps(log(files), indent=4, ensure_ascii=True).encode()})[0] == 0


@pytest.mark.parametrize("n", [1, 5, 10])
def test_an_altered_entry_is_named(files: Files, verified: Callable[..., tuple[int, str]], n: int) -> None:
    entries = log(files)["entries"]
    entries[n - 1]["event"]["by"] = "staff:someone"
    code, said = verified(with_log(files, entries=entries))
    assert code == 1
    assert f"entrée {n}, le contenu a été modifié" in said


@pytest.mark.parametrize("n", [1, 5, 10])
def test_a_removed_entry_is_named(files: Files, verified: Callable[..., tuple[int, str]], n: int) -> None:
    entries = log(files)["entries"]
    code, said = verified(with_log(files, entries=entries[: n - 1] + entries[n:]))
    assert code == 1
    assert f"entrée {n}, une entrée manque" in said


def test_a_moved_entry_is_named(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    entries = log(files)["entries"]
    entries[4], entries[5] = entries[5], entries[4]
    code, said = verified(with_log(files, entries=entries))
    assert code == 1
    assert "entrée 5, une entrée manque ou a été déplacée" in said


def shorter(files: Files, entries: int = 2) -> Files:
    """The end removed, and the file made coherent again: the chain alone cannot show it."""
    kept = log(files)["entries"][:-entries]
    return with_log(files, entries=kept, count=len(kept), last_seal=kept[-1]["seal"])


def test_a_removed_end_shows_against_the_e_mail(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    seal, count = last(files)
    assert verified(shorter(files))[0] == 0  # which is why the e-mails state it
    code, said = verified(shorter(files), seal, count)
    assert code == 1
    assert f"l’e-mail annonçait {count} entrées" in said
    assert verified(shorter(files), seal=seal)[0] == 1
    assert verified(shorter(files), count=count)[0] == 1


def test_a_removed_end_against_what_the_file_itself_states(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    entries = log(files)["entries"]
    assert verified(with_log(files, entries=entries[:-1]))[0] == 1
    assert verified(with_log(files, entries=entries[:-1], count=len(entries) - 1))[0] == 1


def test_an_older_e_mail_still_agrees_with_a_longer_log(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    earlier = log(files)["entries"][6]
    assert verified(files, earlier["seal"], 7)[0] == 0
    code, said = verified(files, earlier["seal"], 8)
    assert code == 1
    assert "son sceau n’est pas celui que l’e-mail annonçait" in said


def test_a_changed_document_is_named_by_the_entry_it_proves(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    name = f"documents/{hashlib.sha256(LETTER).hexdigest()}.pdf"
    assert name in files
    code, said = verified(files | {name: LETTER + b"!"})
    assert code == 1
    decided = next(entry["n"] for entry in log(files)["entries"] if entry["event"].get("step") == "first_letter")
    assert f"entrée {decided}, le document" in said
    assert "a été modifié" in said


def test_a_missing_document_is_named(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    without = {name: data for name, data in files.items() if hashlib.sha256(MANDATE).hexdigest() not in name}
    code, said = verified(without)
    assert code == 1
    assert "entrée 2, le document" in said
    assert "manque" in said


def test_a_changed_note_is_named_an_erased_one_is_not(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    notes = json.loads(files["notes.json"])
    (digest,) = notes
    notes[digest]["text"] = "« Rien ne manquait »"
    code, said = verified(files | {"notes.json": json.dumps(notes).encode()})
    assert code == 1
    assert f"entrée {log(files)['count']}, les mots notés ont été modifiés" in said
    assert verified(files | {"notes.json": b"{}"})[0] == 0
    assert verified({name: data for name, data in files.items() if name != "notes.json"})[0] == 0


def test_the_log_of_another_case_is_told(files: Files, verified: Callable[..., tuple[int, str]]) -> None:
    code, said = verified(with_log(files, case="RG-26-00002"))
    assert (code, "l’entrée appartient au dossier RG-26-00001" in said) == (1, True)


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"PK\x03\x04 cut", json.dumps({"entries": []}).encode()],
    ids=["empty", "a pdf", "cut", "json"],
)
def test_what_is_no_zip_is_said_in_one_sentence(data: bytes, verified: Callable[..., tuple[int, str]]) -> None:
    code, said = verified(data)
    assert code == 2
    assert said.startswith("Ce fichier n’est pas un export de journal lisible")


@pytest.mark.parametrize(
    "journal",
    [b"", b"[]", b"3", b"{}", b"\xff\xfe", b'{"format": "reglo-journal/2"}', b'{"format": "reglo-journal/1"}', b"[" * 100_000,
     b'{"format": "reglo-journal/1", "case": "x", "count": 1, "last_seal": "", "entries": null}'],
)  # fmt: skip
def test_a_zip_that_is_no_export_is_said_in_one_sentence(journal: bytes, verified: Callable[..., tuple[int, str]]) -> None:
    assert verified({"journal.json": journal})[0] == 2
    assert verified({"other.txt": journal})[0] == 2


def test_a_zip_whose_bytes_were_damaged_is_said_in_one_sentence(
    files: Files, tmp_path: Path, verified: Callable[..., tuple[int, str]]
) -> None:
    path = tmp_path / "whole.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("journal.json", files["journal.json"])
    data = bytearray(path.read_bytes())
    for n in range(60, 120):
        data[n] ^= 0xFF
    assert verified(bytes(data))[0] == 2


def test_a_file_that_unpacks_into_a_mountain_is_not_unpacked(
    files: Files, monkeypatch: pytest.MonkeyPatch, verified: Callable[..., tuple[int, str]]
) -> None:
    monkeypatch.setattr(verify, "LARGEST", 1000)
    code, said = verified(files)
    assert (code, "trop gros" in said) == (2, True)
