"""Is anything being done right now? Functions at work, executions being played, and those that pause before a retry.

`passing_days` moves the clock to the next alarm only once all this has come to rest.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_at_work = 0
_beats = 0
pauses: dict[int, float] = {}  # thread → when it wants to wake up, by our clock


def begin() -> None:
    global _at_work, _beats
    with _lock:
        _at_work += 1
        _beats += 1


def end() -> None:
    global _at_work, _beats
    with _lock:
        _at_work -= 1
        _beats += 1


@contextmanager
def busy() -> Iterator[None]:
    begin()
    try:
        yield
    finally:
        end()


@contextmanager
def paused(until: float) -> Iterator[None]:
    """A thread at work that only waits for an hour is at rest until then."""
    pauses[threading.get_ident()] = until
    end()
    try:
        yield
    finally:
        begin()
        del pauses[threading.get_ident()]


def at_work() -> int:
    return _at_work


def beats() -> int:
    """Goes up whenever something begins or ends: equal twice, nothing happened in between."""
    return _beats
