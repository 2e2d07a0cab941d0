"""What the post says of one letter, turned into events: each fact once, in whatever order it is told, however often.

A provider is asked for everything it knows and answers a `Tracking`; what the journal does not hold yet is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recovery.agency import Agency
from recovery.case import Case, Step
from recovery.events import (
    AnyEvent,
    LetterDelivered,
    LetterPosted,
    LetterPresented,
    LetterReturned,
    LetterWithdrawn,
    PostalProof,
    StepBlocked,
)
from recovery.parties import Party, address_lines


def key(case: str, step: str, remade: int) -> str:
    """Of one letter for ever: made again, it is another."""
    return f"{case}/{step}" + (f"-{remade + 1}" if remade else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """`refused`: the provider will never post it, and why. Days are those of the post."""

    refused: str = ""
    posted_on: date | None = None
    number: str | None = None
    presented_on: date | None = None
    delivered_on: date | None = None
    returned_on: date | None = None
    returned_reason: str = "other"


def heard(case: Case, step: str, told: Tracking, proofs: Sequence[tuple[str, str]] = (), *, by: str, at: datetime) -> list[AnyEvent]:
    """What is new, with the proofs (kind and sha256) by their bytes.

    A letter that the journal does not know as handed over, or that was made again since, is nobody's business here.
    """
    known = case.step(step)
    if not known.carried:
        return []
    if told.refused and not known.posted:
        return refused(step, told.refused, by=by, at=at)
    events: list[AnyEvent] = []
    posted_on = known.posted.on if known.posted else told.posted_on
    if posted_on is None:
        return []  # nothing is presented before it was posted: the next word of the post says both
    if known.posted is None:
        events.append(LetterPosted(at=at, by=by, step=step, on=posted_on, number=told.number))
    presented_on = told.presented_on or told.delivered_on  # what was delivered was presented
    if presented_on and known.presented is None:
        events.append(LetterPresented(at=at, by=by, step=step, on=presented_on))
    if told.delivered_on and known.delivered is None:
        events.append(LetterDelivered(at=at, by=by, step=step, on=told.delivered_on))
    if told.returned_on and known.returned is None:
        events.append(LetterReturned(at=at, by=by, step=step, on=told.returned_on, reason=told.returned_reason))
    filed = {proof.document for proof in known.proofs}
    events += [PostalProof(at=at, by=by, step=step, proof=proof, document=document) for proof, document in proofs if document not in filed]
    return events


def travelling(case: Case, now: datetime) -> dict[str, datetime]:
    """The letters of which the provider has something to tell yet, and since when it has them."""
    return {
        name: step.taken.at
        for name, step in case.steps.items()
        if step.taken and step.carried and now - step.taken.at < TRAVELS and not _told_whole(step)
    }


def _told_whole(step: Step) -> bool:
    """A simple letter once it is posted; a registered one once the proof of its end is filed."""
    if step.posted and not step.posted.number:
        return True
    return bool({proof.proof for proof in step.proofs} & {"receipt", "returned"})


def goes_nowhere(case: Case, step: str) -> bool:
    """A letter came back from that address, and no person has looked at it since."""
    seen = [event.at for event in (case.step("contact").approved, case.step(step).approved) if event]
    return case.came_back is not None and all(at < case.came_back.at for at in seen)


def refused(step: str, reason: str, *, by: str, at: datetime) -> list[AnyEvent]:
    """It never left: a person sees to what is wrong, and the letter is made again, with the sums and the dates of that day."""
    return [LetterWithdrawn(at=at, by=by, step=step, reason="refused"), StepBlocked(at=at, by=by, step=step, reason=reason)]


TRAVELS = timedelta(days=60)  # a registered letter waits fifteen days at the post office, and its proof may take weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a provider must know beside the pages. `lines` as printed in the window, without the country."""

    lines: tuple[str, ...]
    country: str
    company: bool
    sender: tuple[str, str, str]  # name, street, postcode and town
    registered: bool


def envelope(to: Party, agency: Agency, *, registered: bool) -> Envelope:
    """Raises what `address_lines` raises: the letter was laid out with these lines, and may have been corrected since."""
    country = to.country or "FR"
    lines = address_lines(to)
    return Envelope(
        lines=lines if country == "FR" else lines[:-1],
        country=country,
        company=to.kind != "consumer",
        sender=(agency.name, agency.line1, f"{agency.postcode} {agency.city}"),
        registered=registered,
    )
