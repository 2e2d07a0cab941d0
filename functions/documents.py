"""PDFs and archives made on request, apart from the API: laying out a page weighs 80 MB.

{"make": "mandate", "mandate", "accepted": {...}}         → {"sha256", "size", "name"}   archived for good
{"make": "mandate", "mandate", "accepted": null}          → {"link", "name", "size"}     to read; nobody has accepted it
{"make": "letter", "case", "step"}                        → {"link", "name", "size"}     a preview, or the letter itself once decided
{"make": "export", "case"}                                → {"link", "name", "size"}     the full log
what cannot be made right                                 → {"refused": "la phrase à montrer"}
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters import agency, archive, clock, directory, journal, render
from adapters.aws import client
from recovery import export, letters, timeline
from recovery import mandate as mandates
from recovery.agency import Agency
from recovery.amounts import as_of, claim_of, statement
from recovery.case import Case, evolve
from recovery.days import morning, today
from recovery.events import AnyEvent, LetterPosted, StepDecided, StepTaken
from recovery.ladder import policies, schedule
from recovery.law import LawUnknown
from recovery.parties import Party
from recovery.refusals import NothingToDo, Refusal

logger, metrics = Logger(service="documents"), Metrics(namespace="Reglo", service="documents")
PREVIEW_CODE = "0000000000"  # the debtor's own code is nobody else's business; real ones hold no zero
LINK_SECONDS = 300


@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    makers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"mandate": mandate, "letter": letter, "export": full_log}
    what = event["make"]
    metrics.add_metric(name=f"Make_{what}", unit=MetricUnit.Count, value=1)
    try:
        made = makers[what](event)
    except (Refusal, LawUnknown, render.Unprintable) as obstacle:
        logger.info("refused", extra={"make": what, "why": type(obstacle).__name__})
        return {"refused": obstacle.message}
    logger.info("made", extra={"make": what, "size": made["size"]})
    return made


def mandate(event: dict[str, Any]) -> dict[str, Any]:
    """What was read and accepted, kept under its sha256. One that nobody accepted is no evidence: the store forgets it."""
    agreed = mandates.from_json(event["mandate"])
    accepted = mandates.acceptance_from_json(event["accepted"]) if event.get("accepted") else None
    if accepted and accepted.fingerprint != mandates.fingerprint(agreed):
        raise ValueError("what was accepted is not this text")
    pdf = render.mandate(agreed, accepted)
    name = f"mandat-{agreed.reference}.pdf"
    if accepted is None:
        return _kept(f"previews/{agreed.reference}/{name}", pdf, "application/pdf", name, inline=True)
    return {"sha256": archive.put(pdf, "application/pdf", name), "size": len(pdf), "name": name}


def letter(event: dict[str, Any]) -> dict[str, Any]:
    """The letter of a step before it leaves: on its planned day, as if nothing happened until then."""
    step, now = event["step"], clock.now()
    case = journal.load(event["case"])
    rung, decided = policies[case.policy].rung(step), case.step(step).decided
    if decided and decided.document and decided.reference:
        pdf, name = archive.get(decided.document), f"{decided.reference}.pdf"
        return {"link": archive.link(decided.document, name, inline=True, seconds=LINK_SECONDS), "name": name, "size": len(pdf)}
    if rung is None or not rung.is_letter:
        raise NothingToDo
    plan = {planned.rung.id: planned.on for planned in schedule(case, today(now))}
    day = max(plan[step], today(now))
    case = _as_if_sent(case, plan["first_letter"]) if step != "first_letter" else case
    profile = agency.profile()
    written = sum(1 for known in case.steps.values() if known.decided and known.decided.reference)
    composed = letters.compose(
        step,
        case,
        statement(claim_of(case), as_of(case, day)),
        agency=profile,
        creditor=_party(directory.creditor(case.creditor), case.creditor),
        debtor=_found(directory.debtor(case.debtor), case.debtor),
        reference=f"{case.case}-{written + 1}",
        on=day,
        answer_by=day + timedelta(days=rung.answer or 0),
        code=PREVIEW_CODE,
        site=profile.site,
    )
    pdf = render.letter(replace(composed, title=f"Aperçu : {composed.title}"))
    return _kept(f"previews/{case.case}/{step}.pdf", pdf, "application/pdf", f"apercu-{case.case}-{step}.pdf", inline=True)


def full_log(event: dict[str, Any]) -> dict[str, Any]:
    """Everything the journal says and names, as one ZIP."""
    now = clock.now()
    seen = journal.read(event["case"])
    case, profile = seen.case, agency.profile()
    found = directory.creditor(case.creditor)
    kept = directory.notes(case.case)
    names = _names(profile, found)
    story = timeline.story(seen.events, names, lambda hashed: kept[hashed].text if hashed in kept else "")
    digests = export.documents_named(seen.entries)
    creditor, debtor = _party(found, case.creditor), _found(directory.debtor(case.debtor), case.debtor)
    pdf = render.journal(
        case.case,
        [("Créancier", creditor.full_name), ("Débiteur", debtor.full_name)],
        [
            render.JournalEntry(
                n=entry.n,
                at=entry.at,
                by=entry.by,
                title=entry.title,
                sentence=" ".join(words for words in (entry.sentence, entry.note and f"Noté : {entry.note}") if words),
                proofs=tuple(f"{proof.name} {(proof.document or '')[:12]}".strip() for proof in entry.proofs),
                seal=sealed["seal"],
            )
            for entry, sealed in zip(story, seen.entries, strict=True)
        ],
        agency=profile.name,
        footer=profile.legal_lines,
        count=len(seen),
        last_seal=seen.last_seal,
        on=today(now),
    )
    packed = export.archive(
        case.case,
        seen.entries,
        story,
        notes={hashed: {"salt": note.salt, "text": note.text} for hashed, note in kept.items()},
        documents={digest: archive.get(digest) for digest in digests},
        pdf=pdf,
        at=now,
    )
    name = f"dossier-{case.case}-{today(now).isoformat()}.zip"
    return _kept(f"exports/{case.case}/{name}", packed, "application/zip", name, inline=False)


def _names(profile: Agency, creditor: directory.Creditor | None) -> Callable[[str], str]:
    known = {f"staff:{person.id}": person.name for person in profile.people}
    known |= {f"creditor:{contact.person}": contact.name or contact.email for contact in (creditor.contacts if creditor else ())}
    known |= {"machine": f"{profile.name}, automatiquement", "debtor": "votre client"}
    return lambda by: known.get(by, by.partition(":")[0])


def _as_if_sent(case: Case, on: date) -> Case:
    """A later letter recalls the first one: before it left, the preview supposes that it leaves on its day."""
    if case.first_letter:
        return case
    step, at = case.step("first_letter"), morning(on)
    reference = step.decided.reference if step.decided and step.decided.reference else f"{case.case}-1"
    supposed: list[AnyEvent] = [
        *([] if step.decided else [StepDecided(at=at, by="machine", step="first_letter", due=on, reference=reference)]),
        StepTaken(at=at, by="machine", step="first_letter"),
        LetterPosted(at=at, by="machine", step="first_letter", on=on),
    ]
    for event in supposed:
        case = evolve(case, event)
    return case


def _kept(key: str, data: bytes, media_type: str, name: str, *, inline: bool) -> dict[str, Any]:
    """Made again on request: the store forgets it after a day."""
    client("s3").put_object(Bucket=os.environ["DOCUMENTS"], Key=key, Body=data, ContentType=media_type)
    return {"link": archive.link_to(key, name, inline=inline, seconds=LINK_SECONDS), "name": name, "size": len(data)}


def _party(found: directory.Creditor | None, id: str) -> Party:
    return _found(found.party if found else None, id)


def _found(party: Party | None, id: str) -> Party:
    if party is None:
        raise LookupError(f"{id} is not in the directory")
    return party
