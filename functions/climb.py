"""One visit to one case, called by the state machine: what now?

Around every effect there are two entries: *decided* before, *taken* after. If the process stops in between, the next visit finds
the decision and sends the same bytes under the same key. A decision is good only for the case we saw; a fact is written whatever
else was written meanwhile, once.
"""

import math
import os
from datetime import date, datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters import agency, archive, clock, directory, journal, mail, post, registry, render
from recovery import decisions, letters, postal
from recovery.agency import consultant
from recovery.amounts import as_of, claim_of, statement
from recovery.case import Case
from recovery.days import today
from recovery.events import AnyEvent, InsolvencyFound, LetterPosted, LimitationNear, StepBlocked, StepDecided, StepSkipped, StepTaken
from recovery.ladder import Do, Over, Rest, Rung, is_receipt, next_move, policies
from recovery.law import LawUnknown
from recovery.limitation import limitation
from recovery.parties import Party, address_lines
from recovery.refusals import Refusal
from recovery.regimes import LicenceLacking, licence_lacking

logger, metrics = Logger(service="climb"), Metrics(namespace="Reglo", service="climb")
MACHINE = "machine"
A_LONG_REST = timedelta(days=100)  # with the 100 days of "And now?": well under the year an execution may live
A_CODE_LIVES = timedelta(days=180)
STEPS_A_VISIT = 20  # a case that decides more in one visit is going round in circles: better an alarm


@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """`{"case_id"}` → `{"over", "version", "rest_seconds", "until"}`: whether the climb is over, or until when it rests."""
    return visit(event["case_id"])


def visit(case_id: str) -> dict[str, Any]:
    for _ in range(STEPS_A_VISIT):
        seen, now = journal.read(case_id), clock.now()
        match next_move(seen.case, now):
            case Over(reason):
                logger.info("over", extra={"case": case_id, "reason": reason})
                return {"over": True, "version": len(seen), "rest_seconds": 1, "until": now.isoformat()}
            case Rest(until):
                until = min(until, now + A_LONG_REST)
                seconds = max(1, math.ceil((until - now).total_seconds()))
                return {"over": False, "version": len(seen), "rest_seconds": seconds, "until": until.isoformat()}
            case Do() as move:
                logger.info("step", extra={"case": case_id, "step": move.step, "how": move.how})
                metrics.add_metric(name=f"Step_{move.how}", unit=MetricUnit.Count, value=1)
                try:
                    take(seen, move, now)
                except journal.Stale:
                    continue  # somebody wrote first: look again
    raise RuntimeError(f"{case_id}: more than {STEPS_A_VISIT} steps in one visit")


def take(seen: journal.Journal, move: Do, now: datetime) -> None:
    """Carries out one move. Raises `Stale` when the case is no longer the one we saw."""
    case = seen.case
    match move.how:
        case "skip":
            journal.append(case.case, seen, [StepSkipped(at=now, by=MACHINE, step=move.step, reason=move.reason)])
        case "block":
            journal.append(case.case, seen, [StepBlocked(at=now, by=MACHINE, step=move.step, reason=move.reason)])
        case "warn":
            last = limitation(claim_of(case)).last
            journal.append(case.case, seen, [LimitationNear(at=now, by=MACHINE, stage=move.reason, last=last)])
        case "check":
            ask_registers(seen, now)
        case "hand":
            journal.append(case.case, seen, [StepDecided(at=now, by=MACHINE, step=move.step, due=move.due)])
        case "ask":
            record(case.case, StepTaken(at=now, by=MACHINE, step=move.step))
        case _:
            send(seen, move, now)


def send(seen: journal.Journal, move: Do, now: datetime) -> None:
    """Decides, sends, records. What cannot leave right, or the provider refuses, goes to a person with the reason; faults rise and are tried again."""
    case = seen.case
    decided: StepDecided | StepTaken | StepSkipped | None = case.step(move.step).decided
    if decided is None:
        if asks_registers(case, move, now):
            ask_registers(seen, now)
            return  # what they say may stop the case: the visit looks again
        try:
            decided = prepare(case, move, now)
        except OBSTACLES as obstacle:
            journal.append(case.case, seen, [StepBlocked(at=now, by=MACHINE, step=move.step, reason=obstacle.message)])
            return
        journal.append(case.case, seen, [decided])
    if not isinstance(decided, StepDecided):
        return  # nothing to send: checked, or skipped
    try:
        receipt = deliver(case, decided)
    except Refusal as refusal:
        why = refusal.message
        journal.change(case.case, lambda seen: [] if seen.step(move.step).taken else postal.refused(move.step, why, by=MACHINE, at=now))
        return
    taken = StepTaken(at=clock.now(), by=MACHINE, step=move.step, receipt=receipt)
    if decided.reference and post.is_recorded_at_once():  # only paper has a reference
        record(case.case, taken, LetterPosted(at=taken.at, by=MACHINE, step=move.step, on=today(taken.at)))
    else:
        record(case.case, taken)


def asks_registers(case: Case, move: Do, now: datetime) -> bool:
    """At the checks, and again before a formal notice leaves: once a day, whether they answer or not, and once more after a correction."""
    if move.step not in ("checks", "formal_notice"):
        return False
    last = case.checked
    return last is None or today(last.at) != today(now) or (case.corrected is not None and case.corrected.at > last.at)


def ask_registers(seen: journal.Journal, now: datetime) -> None:
    """What they say of the debtor enters the journal, with what did not answer. Raises `Stale` when somebody wrote first."""
    case = seen.case
    debtor = party(directory.debtor(case.debtor), case.debtor)
    found = registry.look_up(debtor, now)

    def decide(note: str | None) -> list[AnyEvent]:
        return decisions.check_debtor(case, debtor, creditor(case), found, note=note, by=MACHINE, at=now)

    events, procedure = decide(None), found.procedure
    if procedure and any(isinstance(event, InsolvencyFound) for event in events):
        whom = " · ".join(words for words in (procedure.trustee, procedure.court) if words)
        events = decide(directory.note(case.case, whom) if whom else None)  # names: kept beside the directory
    journal.append(case.case, seen, events)


NO_EMAIL = {"permanent": "bounced", "complaint": "complaint"}
OBSTACLES = (Refusal, LawUnknown, render.Unprintable)


def prepare(case: Case, move: Do, now: datetime) -> StepDecided | StepTaken | StepSkipped:
    """The bytes of the step, archived under their sha256, and the decision that names them. Raises what keeps it from leaving right."""
    day = today(now)
    debtor = party(directory.debtor(case.debtor), case.debtor)
    rung = policies[case.policy].rung(move.step)
    if move.step == "checks":
        address_lines(debtor)  # refuses what no window shows
        return StepTaken(at=now, by=MACHINE, step=move.step, outcome="registers_asked")
    if lacking := licence_lacking(case.debtor_country, case.regime, agency.profile().licences):
        raise LicenceLacking(lacking)
    lost = case.unreachable.bounce if case.unreachable else ""
    writable = bool(debtor.email) and not lost
    by_paper = rung.is_letter if rung else is_receipt(move.step) and not writable
    if by_paper and postal.goes_nowhere(case, move.step):
        raise Refusal("La dernière lettre est revenue : personne de ce nom à cette adresse. Corrigez-la, ou confirmez-la.")
    if not by_paper and not writable:
        return StepSkipped(at=now, by=MACHINE, step=move.step, reason=NO_EMAIL.get(lost, "no_email"))
    return prepare_letter(case, move, rung, debtor, day, now) if by_paper else prepare_email(case, move, debtor, day, now)


def prepare_letter(case: Case, move: Do, rung: Rung | None, debtor: Party, day: date, now: datetime) -> StepDecided:
    profile = agency.profile()
    written = sum(1 for step in case.steps.values() if step.decided and step.decided.reference)
    reference = f"{case.case}-{written + 1}"
    answer_by = day + timedelta(days=rung.answer) if rung and rung.answer else None
    owed = statement(claim_of(case), as_of(case, day))
    letter = letters.compose(
        move.step,
        case,
        owed,
        agency=profile,
        creditor=creditor(case),
        debtor=debtor,
        reference=reference,
        on=day,
        answer_by=answer_by or day,
        code=directory.new_code(case.case, os.urandom(32), now + A_CODE_LIVES),
        site=profile.site,
        payment=payment(case, move.step),
    )
    document = archive.put(render.letter(letter), "application/pdf", f"{reference}.pdf")
    return StepDecided(
        at=now,
        by=MACHINE,
        step=move.step,
        due=day,
        document=document,
        answer_by=answer_by,
        total=owed.balance if answer_by else None,
        reference=reference,
    )


def prepare_email(case: Case, move: Do, debtor: Party, day: date, now: datetime) -> StepDecided:
    profile = agency.profile()
    person = consultant(profile, case.consultant)
    letter = case.step(move.step.partition(":")[0]).decided if move.step.endswith(":copy") else None
    message = letters.message(
        move.step,
        case,
        statement(claim_of(case), as_of(case, day)),
        agency=profile,
        creditor=creditor(case),
        debtor=debtor,
        reference=letter.reference if letter and letter.reference else "",
        on=day,
        answer_by=letter.answer_by if letter and letter.answer_by else day,
        code=directory.new_code(case.case, os.urandom(32), now + A_CODE_LIVES),
        site=profile.site,
        payment=payment(case, move.step),
    )
    rendered = render.email(message.name, **message.data)
    attached = [(f"{letter.reference}.pdf", "application/pdf", archive.get(letter.document))] if letter and letter.document else []
    eml = mail.compose(
        to=debtor.email or "",
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        from_=(profile.name, profile.email),
        reply_to=person.email,
        message_id=f"{case.case}.{move.step}",
        date=now,
        attachments=attached,
    )
    return StepDecided(at=now, by=MACHINE, step=move.step, due=day, document=archive.put(eml, "message/rfc822", f"{move.step}.eml"))


def deliver(case: Case, decided: StepDecided) -> str:
    """The effect itself, under a key that makes a second attempt the same letter."""
    document = archive.get(decided.document or "")
    if document.startswith(b"%PDF"):
        again = case.step(decided.step).remade  # another letter than the one withdrawn, whose key holds its first bytes
        rung = policies[case.policy].rung(decided.step)
        to = party(directory.debtor(case.debtor), case.debtor)
        envelope = postal.envelope(to, agency.profile(), registered=rung is not None and rung.channel == "registered_letter")
        return post.send(document, key=postal.key(case.case, decided.step, again), envelope=envelope)
    return mail.send(document, case=case.case)


def record(case_id: str, *events: StepTaken | LetterPosted) -> None:
    """A fact, once, whatever else was written meanwhile."""
    step = events[0].step
    journal.change(case_id, lambda case: [] if case.step(step).taken else events)


def creditor(case: Case) -> Party:
    found = directory.creditor(case.creditor)
    return party(found.party if found else None, case.creditor)


def party(found: Party | None, id: str) -> Party:
    if found is None:
        raise LookupError(f"{id} is not in the directory")
    return found


def payment(case: Case, step: str) -> Any:
    """The payment that a receipt acknowledges, or that came back; else `None`."""
    kind, _, id = step.partition(":")
    return next((p for p in case.payments if p.payment == id), None) if kind in ("receipt", "returned") else None
