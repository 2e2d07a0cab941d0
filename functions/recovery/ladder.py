"""The ladder of a case, and the one question: what now?

The policies are data (`ladder.toml`). Asking `next_move` too early, or twice, is harmless: the answer is in the case.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from recovery.amounts import claim_of
from recovery.case import Case
from recovery.days import DAY, is_working_day, morning, today, working_day
from recovery.french import PARIS
from recovery.limitation import limitation

AFTER_A_PROMISE = timedelta(days=5)  # law.md 6.2: a promise is left alone until five days after its date
A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=30)
LAST_HOUR = 20  # nothing reaches anybody after it, law.md 6.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    id: str
    label: str
    short: str
    channel: str  # letter | registered_letter | e-mail | telephone | visit | none
    by: str  # machine | phone department | field agent | creditor
    days: int
    sentence: str
    answer: int | None = None
    approval: bool = False
    copy: bool = False
    consent: bool = False
    passed: bool = False
    source: str = ""

    @property
    def by_people(self) -> bool:
        return self.by in ("phone department", "field agent")

    @property
    def is_letter(self) -> bool:
        return self.channel in ("letter", "registered_letter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    id: str
    label: str
    rungs: tuple[Rung, ...]

    def rung(self, step: str) -> Rung | None:
        return next((rung for rung in self.rungs if rung.id == step), None)


def _load() -> dict[str, Policy]:
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["policy"]
    return {
        name: Policy(id=name, label=table["label"], rungs=tuple(Rung(**row) for row in table["rung"])) for name, table in tables.items()
    }


policies = _load()
POLICY_OF = {"b2b": "professional", "b2c": "consumer", "b2g": "public"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A rung on its day. `state`: done, skipped, now (it waits for somebody, or it is its day), next."""

    rung: Rung
    on: date
    state: str = "next"


@dataclass(frozen=True, slots=True)
class Rest:
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """`how`: send (decide, then take), hand (put in the work list), skip, block, ask (the creditor), check (ask the registers again),
    warn (the limitation comes near)."""

    step: str
    due: date
    how: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Over:
    reason: str


Move = Rest | Do | Over


def plan(policy: str, opened_on: date) -> tuple[Planned, ...]:
    """The dated ladder of a case opened that day if nothing happens: what the quote shows."""
    planned: list[Planned] = []
    before, answer = opened_on, None
    for rung in policies[policy].rungs:
        on = _day(rung, before, answer)
        planned.append(Planned(rung=rung, on=on))
        before, answer = on, on + timedelta(days=rung.answer) if rung.answer else answer
    return tuple(planned)


def schedule(case: Case, on: date) -> tuple[Planned, ...]:
    """Every rung of the case with its day: past ones when they took place, the others when they will if nothing happens."""
    planned: list[Planned] = []
    before, answer = case.opened_on, None
    current = True
    for rung in policies[case.policy].rungs:
        step = case.step(rung.id)
        if step.ended:
            day, state = step.ended_on or on, "skipped" if step.skipped else "done"
        else:
            day = _day(rung, before, answer)
            if case.promise:
                day = max(day, working_day(case.promise.until + AFTER_A_PROMISE))
            day = max(day, on) if current else day
            state, current = ("now" if current and day <= on else "next"), False
        planned.append(Planned(rung=rung, on=day, state=state))
        if state != "skipped" and rung.answer:
            answer = step.decided.answer_by if step.decided else day + timedelta(days=rung.answer)
        before = day
    return tuple(planned)


def _day(rung: Rung, before: date, answer: date | None) -> date:
    """Its days after the rung before it; not before the day the last letter gave to answer; a day on which people work."""
    day = before + timedelta(days=rung.days)
    if answer:
        day = max(day, answer + DAY if rung.passed else answer)
    return day if rung.channel == "none" else working_day(day)


def current(case: Case) -> Rung | None:
    """The rung the case stands before: the first that has not ended."""
    return next((rung for rung in policies[case.policy].rungs if not case.step(rung.id).ended), None)


def next_move(case: Case, now: datetime) -> Move:
    """What now? Covers every clock of the case: messages that are due, the next rung, the creditor's delay, the registers asked again."""
    move = _limitation_told(case, _next_step(case, now), now)
    again = _checked_again_at(case)
    if again is None or not isinstance(move, Rest):
        return move
    return Do(step="checks", due=today(now), how="check") if again <= now else Rest(min(move.until, again))


def _checked_again_at(case: Case) -> datetime | None:
    """A procedure may open any day: the registers are asked each month while something is claimed, after a week when one did not answer.

    At once after a correction: it may be about somebody else, or about a town where nobody lives.
    """
    last = case.checked
    if last is None or case.status in ("insolvent", "closed"):
        return None
    if case.corrected and case.corrected.at > last.at:
        return case.corrected.at
    if last.insolvency == "no_number":
        return None
    return last.at + (A_WEEK if "unverified" in (last.identity, last.address, last.insolvency) else A_MONTH)


def _limitation_told(case: Case, move: Move, now: datetime) -> Move:
    """How near the end of the limitation is, told once per stage while somebody may still act on it."""
    if case.status == "closed" or not isinstance(move, Rest):
        return move
    found, day = limitation(claim_of(case)), today(now)
    behind = [stage for on, stage in found.stages() if on <= day <= found.last]
    if behind and all((told.stage, told.last) != (behind[-1], found.last) for told in case.alerts):
        return Do(step="limitation", due=day, how="warn", reason=behind[-1])
    return Rest(min([move.until, *(morning(on) for on, _ in found.stages() if on > day)]))


def _next_step(case: Case, now: datetime) -> Move:
    if message := _message_due(case, now):
        return message
    if case.status == "closed":
        return Over(case.status)  # a receipt that is blocked stays in the work list; once seen to, nightly.py has it tried again
    far = now + timedelta(days=365)
    if case.status == "handed_over":
        return Rest(far)  # the amicable ladder is over, payments are not: each has its receipt (R124-6)
    if case.status in ("disputed", "insolvent") or any(step.blocked for step in case.steps.values()):
        return Rest(far)  # a person looks at it; whatever they do rings the climb
    if returned := _returned_due(case):
        at = _working_hour(now)
        return Rest(at) if at > now else Do(step=returned, due=today(now), how="send")
    rung = current(case)
    if rung is None:
        return _ask_again(case, now, far)
    if any(case.step(before.id).taken and not case.step(before.id).posted for before in _letters_before(case, rung)):
        return Rest(far)  # INV-02: nothing before the recorded dispatch
    if copy := _copy_due(case):
        at = _working_hour(now)
        return Rest(at) if at > now else Do(step=copy, due=today(now), how="send")
    step = case.step(rung.id)
    if rung.by_people and step.decided:
        return Rest(far)  # it stands in the work list
    due = next(planned.on for planned in schedule(case, case.opened_on) if planned.rung.id == rung.id)
    at = _moment(rung, due, now)
    if rung.approval and not step.approved:
        return Rest(far)
    if at > now:
        return Rest(at)
    day = today(now)
    if rung.channel != "none" and limitation(claim_of(case)).last < day:
        return Do(step=rung.id, due=day, how="block", reason="La créance est prescrite : elle n’est plus relancée automatiquement.")
    if rung.consent and not {"debtor", "creditor"} <= case.visit_consents:
        return Do(step=rung.id, due=day, how="skip", reason="no_consent")
    if rung.by == "creditor":
        return Do(step=rung.id, due=day, how="ask")
    return Do(step=rung.id, due=day, how="hand" if rung.by_people else "send")


def _message_due(case: Case, now: datetime) -> Do | None:
    """Receipts for payments: they answer what the debtor did, so they leave at any hour and whatever the state of the case."""
    day = today(now)
    back = {returned.payment for returned in case.returned}
    for payment in case.payments:
        name = f"receipt:{payment.payment}"
        step = case.step(name)
        if step.ended or step.blocked or (payment.payment in back and not step.decided):
            continue  # nothing is acknowledged of money that came back
        if case.step("first_letter").posted:
            return Do(step=name, due=day, how="send")
        if case.status == "closed" and not step.approved:  # paid before any letter: none to recall, a person writes it (INV-02, INV-03)
            return Do(step=name, due=day, how="block", reason="Payé avant notre première lettre : la quittance est à faire à la main.")
    return None


def _returned_due(case: Case) -> str | None:
    """Whoever holds a receipt learns that it is worth nothing any more, in the hours of a contact."""
    for returned in case.returned:
        name = f"returned:{returned.payment}"
        if case.step(f"receipt:{returned.payment}").taken and not case.step(name).ended:
            return name
    return None


def _copy_due(case: Case) -> str | None:
    """The e-mail copy of a letter that is recorded as posted: before any other rung, in the hours of a contact."""
    for rung in policies[case.policy].rungs:
        name = f"{rung.id}:copy"
        if rung.copy and case.step(rung.id).posted and not case.step(name).ended:
            return name
    return None


def _ask_again(case: Case, now: datetime, far: datetime) -> Move:
    """Every rung is behind: the creditor decides. « Attendre » asks again on the date they gave."""
    waits = [decision for decision in case.decisions if decision.choice == "wait"]
    step = f"creditor_decision:{len(waits) + 1}"
    if not waits or case.step(step).taken:
        return Rest(far)
    asked_again, rung = waits[-1].until, policies[case.policy].rungs[-1]
    at = _moment(rung, working_day(asked_again), now) if asked_again else far
    return Rest(at) if at > now else Do(step=step, due=today(now), how="ask")


def _letters_before(case: Case, rung: Rung) -> list[Rung]:
    rungs = policies[case.policy].rungs
    return [before for before in rungs[: rungs.index(rung)] if before.is_letter]


def _moment(rung: Rung, due: date, now: datetime) -> datetime:
    """When it leaves. A rung that is late (approved this morning, unblocked on a Sunday) waits for the next working hour."""
    at = morning(due)
    if rung.channel == "none":
        return now if due <= today(now) else at
    return at if at > now else _working_hour(now)


def _working_hour(now: datetime) -> datetime:
    """Now, or the next morning on which people work: nothing reaches anybody at night, on a Sunday or on a holiday."""
    day = today(now)
    if is_working_day(day) and morning(day) <= now and now.astimezone(PARIS).hour < LAST_HOUR:
        return now
    return morning(day) if is_working_day(day) and now < morning(day) else morning(working_day(day + DAY))


def is_receipt(step: str) -> bool:
    return step.startswith("receipt:")


def waits_for_creditor(case: Case) -> bool:
    """The decision was asked and has not been given."""
    if case.status != "open" or current(case) is not None:
        return False
    asked = sum(name.startswith("creditor_decision") and step.taken is not None for name, step in case.steps.items())
    return asked > len(case.decisions)
