"""What should be true every morning, checked every night: it mends what it can and counts what it finds.

    heads agree with journals       a head is a convenience: it is computed again from the entries and compared
    seals hold                      each chain is verified against its head
    somebody looks after each case  a machine that died is replaced, one that overslept is rung
    everybody was told              what the stream lost is told now
    letters are followed            the post is asked what became of those it carries; one not posted in four days is a finding
    money is remitted in time       a week before the month of R124-6 ends
    the law is known                two weeks before a value runs out

Findings are a metric with an alarm, and lines in the log that name the case, never a person.
"""

import os
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

import announce
from adapters import clock, journal, timer
from adapters.aws import set_off
from recovery import postal
from recovery.case import Case
from recovery.days import today
from recovery.fees import remittances
from recovery.ladder import Over, next_move
from recovery.law import running_out
from recovery.refusals import NotFound
from recovery.seal import verify

logger, metrics = Logger(service="nightly"), Metrics(namespace="Reglo", service="nightly")
A_WEEK, FOUR_DAYS = timedelta(days=7), timedelta(days=4)


@metrics.log_metrics
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{"cases", "replaced", "told", "findings": [sentence]}`."""
    announce.a_year.register_lambda_context(context)  # a notice it dies upon is told again the next night
    return audit(clock.now())


def audit(now: datetime) -> dict[str, Any]:
    heads, looked_after = journal.open_heads(), timer.looked_after()
    findings = [f"law: {warning}" for warning in running_out(today(now))]
    replaced, told = [], 0
    for head in heads:
        seen = whole(head["case"])
        broken = broken_seal(head, seen)
        if broken:
            findings.append(broken)
            continue  # a journal that does not hold is a person's affair: nothing is told or done in its name
        try:
            findings += disagreements(head, seen)
            findings += late_remittances(seen, now)
            findings += follow_letters(seen.case, now)
            if not isinstance(next_move(seen.case, now), Over):  # a closed case may still owe its last receipt
                replaced += look_after(head, looked_after, now)
            if head.get("announced", 0) < len(seen):
                told += announce.tell(head["case"])
        except Exception as fault:  # whatever it is, it must not keep the other cases asleep
            findings.append(f"{head['case']}: {type(fault).__name__}")
    for finding in findings:
        logger.warning("finding", extra={"finding": finding})
    metrics.add_metric(name="Findings", unit=MetricUnit.Count, value=len(findings))
    return {"cases": len(heads), "replaced": replaced, "told": told, "findings": findings}


def whole(case_id: str) -> journal.Journal:
    """The journal, empty when every entry is gone: a finding like another."""
    try:
        return journal.read(case_id)
    except NotFound:
        return journal.Journal(())


def broken_seal(head: dict[str, Any], seen: journal.Journal) -> str | None:
    """The first entry that does not hold. A chain cannot show a missing end: the head, written with it, does."""
    broken = verify(seen.entries, case=head["case"], count=max(len(seen), head["version"]), last_seal=seen.last_seal)
    return f"{head['case']}: entry {broken.n}, {broken.reason}" if broken else None


def disagreements(head: dict[str, Any], seen: journal.Journal) -> list[str]:
    """How the head differs from the journal, and where it says what the journal does not. Written to while we read, it is no finding."""
    if head["version"] < len(seen):
        return [] if journal.head(head["case"])["version"] >= len(seen) else [f"{head['case']}: the head is behind its journal"]
    expected = journal.head_of(seen)
    return [f"{head['case']}: the head says another {name} than the journal" for name, value in expected.items() if head.get(name) != value]


def look_after(head: dict[str, Any], looked_after: set[str], now: datetime) -> list[str]:
    """A case that no machine looks after gets a new one, under a name nobody had: the day's."""
    if head["case"] in looked_after:
        timer.wake(head)
        return []
    never_started = "alarm" not in head and timer.start(head["case"], 1)  # else its machine died, perhaps before its first rest
    return [head["case"]] if never_started or timer.start(head["case"], int(f"{now:%Y%m%d}0000")) else []


def follow_letters(case: Case, now: datetime) -> list[str]:
    """Maileva's calls may be lost: hear_back.py asks it, apart, of each letter whose travel has not ended."""
    travelling = postal.travelling(case, now)
    for step in travelling:
        set_off(os.environ["HEAR_BACK"], {"letter": {"case": case.case, "step": step}})
    late = [step for step, since in travelling.items() if not case.step(step).posted and now - since > FOUR_DAYS]
    return [f"{case.case}: {step} was handed to the post and is not posted" for step in late]


def late_remittances(seen: journal.Journal, now: datetime) -> list[str]:
    """Sums collected that must reach the creditor within the week (R124-6). The books that pay them out come later."""
    case = seen.case
    if not case.payments or case.mandate is None:
        return []
    back = {returned.payment for returned in case.returned}
    to_remit = [
        line for line in remittances(case) if line.fee.remitted > 0 and line.payment not in back
    ]  # what the creditor received directly is theirs already
    soon = [line for line in to_remit if line.pay_by - A_WEEK <= today(now) <= line.pay_by + A_WEEK]
    return [f"{case.case}: payment {line.payment} must be remitted by {line.pay_by.isoformat()}" for line in soon]
