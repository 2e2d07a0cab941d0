"""The engine's time: it can be moved forward, and a day can last a few seconds.

`clock.json` holds [what time it was, at which real second, how fast it goes since]. Functions read the same file
(functions/adapters/clock.py), so the alarm and the visitor agree. Left alone, it is the time of everybody.
"""

import json
import threading
import time
from datetime import UTC, datetime

from infra.local import activity
from infra.local.settings import CLOCK, NATURAL_DAY, args


class Clock:
    def __init__(self) -> None:
        self.cond = threading.Condition()
        self.pace: float = NATURAL_DAY / args.day
        try:
            moved, real, pace = json.loads(CLOCK.read_text())
        except FileNotFoundError:
            moved, real, pace = time.time(), time.time(), 1
        # At its natural pace, time goes by while the engine is off, as it does for the cloud. A fast one waits for us.
        self.moved: float = moved + time.time() - real if pace == 1 else moved
        self.real = time.time()
        self._write()

    def now(self) -> float:
        return self.moved + (time.time() - self.real) * self.pace

    def iso(self, at: float | None = None) -> str:
        moment = datetime.fromtimestamp(self.now() if at is None else at, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def set(self, to: float | None = None, pace: float | None = None) -> None:
        """Move to a later moment, or change the pace. Time never goes back: journals would not bear it."""
        with self.cond:
            now = self.now()
            self.moved, self.real = max(now, to or now), time.time()
            if pace:
                self.pace = pace
            self._write()
            self.cond.notify_all()

    def _write(self) -> None:
        draft = CLOCK.with_suffix(".draft")
        draft.write_text(json.dumps([self.moved, self.real, self.pace]))
        draft.replace(CLOCK)

    def wait(self, until: float) -> None:
        """With self.cond held: sleep until then, a move of the clock, or at most a real second."""
        self.cond.wait(min(1.0, max(0.002, (until - self.now()) / self.pace)))

    def sleep(self, seconds: float) -> None:
        end = self.now() + seconds
        with activity.paused(end), self.cond:
            while self.now() < end:
                self.wait(end)


clock = Clock()


def epoch(iso: str) -> float:
    return datetime.fromisoformat(iso.replace("Z", "+00:00")).timestamp()
