"""Lets days pass one alarm at a time, so that each step is taken on its own day.

Jumping seventy days at once would wake every sleeper at the end of them: nine letters would leave on the same evening.
Here the clock goes to the next alarm, whoever it wakes finishes, and only then does it go on.
"""

import threading
import time
from dataclasses import dataclass, field

from infra.local import activity, durable_executions, durable_tables, outside
from infra.local.moving_clock import clock

PATIENCE = 30.0  # real seconds given to one stop; a function that fails for ever must not hold the clock for ever
IMPATIENCE = 1.0  # once something failed to come to rest
_one_at_a_time = threading.Lock()


@dataclass
class Passage:
    """Where the clock goes, and the moments at which something was still at work when patience ran out."""

    target: float
    stops: int = 0
    restless: list[str] = field(default_factory=list)


under_way: Passage | None = None


def advance(seconds: float) -> Passage:
    """Until so much later, stopping wherever somebody must wake. Time keeps its natural pace meanwhile."""
    global under_way
    with _one_at_a_time:
        pace = clock.pace
        clock.set(pace=1)
        passage = under_way = Passage(target=clock.now() + seconds)
        try:
            come_to_rest(passage)
            while (stop := next_stop(after=clock.now())) is not None and stop < passage.target:
                clock.set(to=stop + 0.001)
                passage.stops += 1
                come_to_rest(passage)
            clock.set(to=passage.target)
            come_to_rest(passage)
        finally:
            under_way = None
            clock.set(pace=pace)
    return passage


def hours() -> list[float]:
    """When somebody must wake: executions at rest, schedules, pauses before a retry."""
    known = [durable_executions.next_alarm(), outside.next_firing(), *list(activity.pauses.values())]
    return [hour for hour in known if hour is not None]


def next_stop(after: float) -> float | None:
    return min((hour for hour in hours() if hour > after), default=None)


def come_to_rest(passage: Passage) -> None:
    """Until nothing is due, nothing works and no stream has anything left to tell; seen twice, with nothing in between."""
    outside.tick()
    give_up = time.monotonic() + (IMPATIENCE if passage.restless else PATIENCE)
    while time.monotonic() < give_up:
        beats = activity.beats()
        if at_rest():
            time.sleep(0.03)
            if at_rest() and activity.beats() == beats:
                return
        else:
            time.sleep(0.005)
    passage.restless.append(clock.iso())


def at_rest() -> bool:
    now = clock.now()
    return activity.at_work() <= 0 and all(hour > now for hour in hours()) and durable_tables.drained()
