"""What should be true every morning, checked every night: it mends what it can and counts what it finds.

    heads agree with journals       a head is a convenience: it is computed again from the entries and compared
    seals hold                      each chain is verified against its head
    somebody looks after each case  a machine that died is replaced, one that overslept is rung
    everybody was told              what the stream lost is told now
    money is remitted in time       a week before the month of R124-6 ends
    the law is known                two weeks before a value runs out

Findings are a metric with an alarm, and lines in the log that name the case, never a person.
"""

from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

import announce
from adapters import clock, journal, timer
from recovery.days import today
from recovery.fees import remittances
from recovery.law import running_out
from recovery.seal import verify

logger, metrics = Logger(service="nightly"), Metrics(namespace="Reglo", service="nightly")
A_WEEK = timedelta(days=7)


@metrics.log_metrics
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """`{"cases", "replaced", "told", "findings": [sentence]}`."""
    return audit(clock.now())


def audit(now: datetime) -> dict[str, Any]:
    heads, looked_after = journal.open_heads(), timer.looked_after()
    findings = [f"law: {warning}" for warning in running_out(today(now))]
    replaced, told = [], 0
    for head in heads:
        seen = journal.read(head["case"])
        findings += disagreements(head, seen)
        findings += late_remittances(seen, now)
        if head["status"] not in ("closed", "handed_over"):
            replaced += look_after(head, looked_after, now)
        if head.get("announced", 0) < len(seen):
            told += announce.tell(head["case"])
    for finding in findings:
        logger.warning("finding", extra={"finding": finding})
    metrics.add_metric(name="Findings", unit=MetricUnit.Count, value=len(findings))
    return {"cases": len(heads), "replaced": replaced, "told": told, "findings": findings}


def disagreements(head: dict[str, Any], seen: journal.Journal) -> list[str]:
    """How the head, or a seal, differs from the journal. A head written while we read is behind it, and no finding."""
    broken = verify(seen.entries, case=head["case"], count=len(seen), last_seal=seen.last_seal)
    if broken:
        return [f"{head['case']}: entry {broken.n}, {broken.reason}"]
    if head["version"] != len(seen):
        return [] if journal.head(head["case"])["version"] >= len(seen) else [f"{head['case']}: the head is behind its journal"]
    expected = {name: value for name, value in journal.head_of(seen).items() if value is not None}
    return [f"{head['case']}: the head says another {name} than the journal" for name, value in expected.items() if head.get(name) != value]


def look_after(head: dict[str, Any], looked_after: set[str], now: datetime) -> list[str]:
    """A case that no machine looks after gets a new one, under a name nobody had: the day's."""
    if "alarm" in head and head["case"] not in looked_after:
        timer.start(head["case"], int(f"{now:%Y%m%d}0000"))
        return [head["case"]]
    timer.wake(head)
    return []


def late_remittances(seen: journal.Journal, now: datetime) -> list[str]:
    """Sums collected that must reach the creditor within the week (R124-6). The books that pay them out come later."""
    case = seen.case
    if not case.payments or case.mandate is None:
        return []
    soon = [line for line in remittances(case) if line.pay_by - A_WEEK <= today(now) <= line.pay_by + A_WEEK]
    return [f"{case.case}: payment {line.payment} must be remitted by {line.pay_by.isoformat()}" for line in soon]
