"""Documents made on request, through the deployed handler, on a fake store."""

import hashlib
import io
import json
import os
import zipfile
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest

from infra.commands import verify
from recovery import events as e
from recovery import mandate as mandates
from tests.cases import TUESDAY, at, opening
from tests.recovery.test_mandate import agreed
from tests.writing import CREDITOR, DEBTOR, ONE

CASE = "RG-26-00001"
NOW = at(date(2026, 9, 1), "10:00")


@pytest.fixture
def make(aws: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    import documents
    from adapters import archive, directory, journal

    monkeypatch.setattr(documents.clock, "now", lambda: NOW)
    directory.keep_creditor(
        directory.Creditor(
            party=CREDITOR,
            iban="FR7630004000031234567890143",
            contacts=(directory.Contact(person="p1", email="c@a.example", name="Camille"),),
        )
    )
    directory.keep_debtor("d1", DEBTOR)
    for digest in ("a" * 64, "c" * 64):
        archive.client("s3").put_object(Bucket=os.environ["DOCUMENTS"], Key=f"documents/{digest}", Body=b"%PDF-1.7 " + digest.encode())
    events = [_owned(event) for event in opening(TUESDAY, *ONE, case=CASE)]
    journal.open_case(CASE, events)

    def ask(**event: Any) -> dict[str, Any]:
        context = SimpleNamespace(function_name="documents", memory_limit_in_mb=1024, invoked_function_arn="arn", aws_request_id="1")
        answer: dict[str, Any] = json.loads(json.dumps(documents.handler(event, context)))  # type: ignore[arg-type]
        return answer

    return ask


def _owned(event: e.AnyEvent) -> e.AnyEvent:
    from dataclasses import replace

    return replace(event, creditor=CREDITOR.siren) if isinstance(event, e.CaseOpened) else event


def stored(link: str) -> bytes:
    from urllib.parse import unquote, urlsplit

    from adapters.aws import client

    key = unquote(urlsplit(link).path).lstrip("/").removeprefix(f"{os.environ['DOCUMENTS']}/")
    return client("s3").get_object(Bucket=os.environ["DOCUMENTS"], Key=key)["Body"].read()


def test_a_mandate_is_archived_under_its_sha256(make: Any) -> None:
    from adapters import archive

    accepted = mandates.acceptance(agreed(), NOW)
    made = make(make="mandate", mandate=mandates.to_json(agreed()), accepted=mandates.acceptance_to_json(accepted))
    pdf = archive.get(made["sha256"])
    assert hashlib.sha256(pdf).hexdigest() == made["sha256"]
    assert (made["size"], made["name"]) == (len(pdf), "mandat-RG-26-00001.pdf")
    assert "Accepté par Camille Berthelot" in text_of(pdf)


def test_a_mandate_nobody_accepted_is_not_kept(make: Any) -> None:
    made = make(make="mandate", mandate=mandates.to_json(agreed()), accepted=None)
    assert "sha256" not in made
    assert "/previews/" in made["link"]
    assert "Projet à lire" in text_of(stored(made["link"]))


def test_a_receipt_on_paper_can_be_printed_from_the_work_list(make: Any) -> None:
    from adapters import archive, journal

    kept = archive.put(b"%PDF-1.7 the receipt", "application/pdf", "RG-26-00001-2.pdf")
    decided = e.StepDecided(at=NOW, by="machine", step="receipt:p1", due=TUESDAY, document=kept, reference="RG-26-00001-2")
    journal.change(CASE, lambda _: [decided])
    assert stored(make(make="letter", case=CASE, step="receipt:p1")["link"]) == b"%PDF-1.7 the receipt"


def test_an_acceptance_of_another_text_is_a_fault(make: Any) -> None:
    other = mandates.acceptance_to_json(mandates.acceptance(agreed(role="gérant"), NOW))
    with pytest.raises(ValueError, match="not this text"):
        make(make="mandate", mandate=mandates.to_json(agreed()), accepted=other)


@pytest.mark.parametrize(
    ("step", "on"), [("first_letter", "2 septembre 2026"), ("second_letter", "21 septembre 2026"), ("formal_notice", "19 octobre 2026")]
)
def test_a_letter_can_be_read_before_it_leaves_on_its_planned_day(make: Any, step: str, on: str) -> None:
    made = make(make="letter", case=CASE, step=step)
    text = text_of(stored(made["link"]))
    assert f"le {on}" in text
    assert "0000-0000-00" in text  # never the debtor's own code
    if step != "first_letter":
        assert "notre lettre du 2 septembre 2026" in text


def test_a_letter_that_was_decided_is_shown_as_it_was_kept(make: Any) -> None:
    from adapters import archive, journal

    kept = archive.put(b"%PDF-1.7 the very letter", "application/pdf", "RG-26-00001-1.pdf")
    decided = e.StepDecided(at=NOW, by="machine", step="first_letter", due=TUESDAY, document=kept, reference="RG-26-00001-1")
    journal.change(CASE, lambda _: [decided])
    assert stored(make(make="letter", case=CASE, step="first_letter")["link"]) == b"%PDF-1.7 the very letter"


def test_a_call_is_no_letter_and_an_unprintable_name_is_a_sentence(make: Any) -> None:
    from dataclasses import replace

    from adapters import directory

    assert "refused" in make(make="letter", case=CASE, step="first_call")
    directory.keep_debtor("d1", replace(DEBTOR, name="北京"))
    assert "« 北 »" in make(make="letter", case=CASE, step="first_letter")["refused"]


def test_a_rate_nobody_has_published_yet_is_a_sentence(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import documents

    monkeypatch.setattr(documents.clock, "now", lambda: at(date(2031, 1, 6)))
    assert "taux légal" in make(make="letter", case=CASE, step="first_letter")["refused"]


def test_the_whole_log_verifies_offline(make: Any) -> None:
    from adapters import directory, journal

    hashed = directory.note(CASE, "=HYPERLINK(1) dit 北京")
    journal.change(CASE, lambda _: [e.DisputeRaised(at=NOW, by="debtor", reason="quality", note=hashed)])
    made = make(make="export", case=CASE)
    with zipfile.ZipFile(io.BytesIO(stored(made["link"]))) as files:
        log = json.loads(files.read("journal.json"))
        assert f"documents/{'a' * 64}.pdf" in files.namelist()
        assert json.loads(files.read("notes.json"))[hashed]["text"] == "=HYPERLINK(1) dit 北京"
        assert log["last_seal"] in text_of(files.read("journal.pdf")).replace("\n", "")
        assert "'=HYPERLINK" in files.read("journal.csv").decode("utf-8-sig")
        assert "le document" in (verify.check(files, log) or "")  # these test documents are not named by their own sha256
        assert verify._broken_note(files, log["entries"]) is None
    assert made["name"] == "dossier-RG-26-00001-2026-09-01.zip"


def test_the_clock_alone_changes_an_export(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import documents

    first = stored(make(make="export", case=CASE)["link"])
    assert stored(make(make="export", case=CASE)["link"]) == first
    later: datetime = at(date(2026, 9, 2))
    monkeypatch.setattr(documents.clock, "now", lambda: later)
    assert stored(make(make="export", case=CASE)["link"]) != first


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)).replace("\r\n", "\n")
