"""Work on a file from outside, done in a child process with little memory and little time.

A child that dies makes a file that cannot be read, never a dead server; and nothing of one file is left when the next one comes. The
child speaks through a pipe, in frames: one letter, the length of the payload, the payload. What it told before its end is heard.
"""

import contextlib
import faulthandler
import os
import resource
import select
import signal
import struct
import time
import warnings
from collections.abc import Callable, Iterator
from typing import NoReturn

Frame = tuple[bytes, bytes]  # one letter, and what it announces
Work = Callable[[], Iterator[Frame]]

SECONDS = 10.0  # on the wall
CPU_SECONDS = 8
MEMORY = 700 * 1024 * 1024  # above what the parent had mapped already
TOLD = 40 * 1024 * 1024  # what a child may say in all


def listen(work: Work, seconds: float = SECONDS) -> tuple[list[Frame], bool]:
    """The frames the child told before its end, and whether it had to be stopped for being slow."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Newer Pythons warn that a child of a process with threads may wait for a lock nobody will open. Ours takes none of
        # the parent's: it reads memory, speaks to its pipe and is killed after ten seconds if we are wrong.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        speak(work, writing)
    os.close(writing)
    heard = bytearray()
    deadline = time.monotonic() + seconds
    slow = False
    try:
        while len(heard) < TOLD:
            left = deadline - time.monotonic()
            if left <= 0:
                slow = True
                break
            ready, _, _ = select.select([reading], [], [], left)
            chunk = os.read(reading, 1 << 20) if ready else b""
            if ready and not chunk:
                break
            heard += chunk
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        slow = True
    return list(frames_of(bytes(heard))), slow


def frames_of(heard: bytes) -> Iterator[Frame]:
    """The whole frames; one cut short by the end of the child is left."""
    at = 0
    while at + 5 <= len(heard):
        kind, length = struct.unpack_from(">cI", heard, at)
        at += 5
        if at + length > len(heard):
            return
        yield kind, heard[at : at + length]
        at += length


# ------------------------------------------------------------------------------------------------ the child


def speak(work: Work, pipe: int) -> NoReturn:
    """The life of the child: everything it finds goes down the pipe, then it leaves without looking back."""
    try:
        confine(pipe)
        for kind, payload in work():
            tell(pipe, kind, payload)
    except BaseException:
        os._exit(1)
    os._exit(0)


def confine(pipe: int) -> None:
    """Little memory, little time, no file to write, no trace left, none of the parent's connections."""
    faulthandler.disable()
    for ended in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ended, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    highest = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096)
    os.closerange(3, pipe)
    os.closerange(pipe + 1, highest)
    allowed = mapped() + MEMORY
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, allowed),
    ):
        hard = resource.getrlimit(limit)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # One second between the soft and the hard limit of time: the soft one says why the child ended.
        above = ceiling + 1 if limit == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else ceiling
        resource.setrlimit(limit, (ceiling, above))


def mapped() -> int:
    """The address space this process has already: the limit counts it, whoever asked for it."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 40  # a system without /proc: time alone is bounded there


def tell(pipe: int, kind: bytes, payload: bytes) -> None:
    message = struct.pack(">cI", kind, len(payload)) + payload
    while message:
        message = message[os.write(pipe, message) :]
