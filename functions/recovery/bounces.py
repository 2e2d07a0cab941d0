"""What SES says of an e-mail we sent, and what it changes. Nothing is believed but the case and the message it names.

The shape is that of SES event publishing (`eventType`, `mail.messageId`, `mail.tags`): the tag `case` was put there by adapters/mail.py.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recovery.case import Case
from recovery.events import AnyEvent, EmailBounced

CASE = re.compile(r"RG-\d{2}-\d{5,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    case: str
    message: str  # the id SES gave it, which StepTaken holds
    bounce: str  # "permanent" | "transient" | "complaint"


def read(said: dict[str, Any]) -> Bounce | None:
    """`None` for what is not a bounce or a complaint about an e-mail of a case."""
    try:
        mail, kind = said["mail"], said["eventType"]
        case, message = str(mail["tags"]["case"][0]), str(mail["messageId"])
        if kind == "Bounce":
            bounce = "permanent" if said["bounce"]["bounceType"] == "Permanent" else "transient"
        elif kind == "Complaint":
            bounce = "complaint"
        else:
            return None
    except (KeyError, IndexError, TypeError):
        return None
    return Bounce(case=case, message=message, bounce=bounce) if CASE.fullmatch(case) and message else None


def step_of(case: Case, message: str) -> str | None:
    """The step whose e-mail bears that id."""
    return next((name for name, step in case.steps.items() if step.taken and step.taken.receipt == message), None)


def heard(case: Case, told: Bounce, *, by: str, at: datetime) -> list[AnyEvent]:
    """Once for a message and a kind: SES may say it twice, and a complaint may follow a delivery that bounced elsewhere."""
    step = step_of(case, told.message)
    if step is None or told.bounce in case.step(step).bounced:
        return []
    return [EmailBounced(at=at, by=by, step=step, bounce=told.bounce)]
