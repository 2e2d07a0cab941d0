"""A durable AWS on one machine: ministack, and the patches that let a case sleep for a year and survive kill -9.

    python -m infra.local.engine --data data [--port 8000] [--aws-port 8001] [--day 10]

Two doors, both on 127.0.0.1 only: the site with /api and /_local/ (`gateway`), and the AWS API with the store that
browsers upload to. `running.py` starts and stops this process.
"""

# isort: off
from infra.local import settings  # first: ministack reads its environment as it is imported

# isort: on
import asyncio
import os
import signal
import sys
import threading
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core import persistence

from infra.local import durable_executions, durable_tables, honest_lambdas, leading_keys, outside, patch, rights
from infra.local.gateway import Guarded, Site
from infra.local.moving_clock import clock

assert honest_lambdas  # imported for what they change
assert leading_keys
assert rights


def load() -> None:
    """After the control plane came back from its snapshot: items, stream, schedules, and the executions, which start at once."""
    stock_load()
    durable_tables.load()
    outside.load()
    durable_executions.load()


stock_load = patch.replace(ministack, "_load_persisted_state", load)


def snapshot() -> None:
    """Tables, functions, machines, rules. Stock saves only at a clean exit."""
    persistence.save_all(ministack._build_persistence_save_dict())


async def keep() -> None:
    """On the event loop, so that it never meets a request half way."""
    while True:
        for _ in range(10):
            await asyncio.sleep(0.5)
            if clock.pace != 1:
                clock.set()  # a fast clock that was killed comes back half a second behind, at most
        snapshot()


def watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Standard input closes when whoever started us is gone, however it went: nobody is left to stop us, and the ports are wanted."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, daemon=True).start()


async def main() -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    if settings.args.with_parent:
        watch_parent(loop, stop)

    def door(app: Any, port: int) -> Any:
        config = Config()
        config.bind = [f"127.0.0.1:{port}"]
        config.loglevel = "WARNING"
        config.graceful_timeout = 1
        return serve(app, config, shutdown_trigger=stop.wait)

    keeper = asyncio.create_task(keep())
    await asyncio.gather(door(Guarded(ministack.app), settings.args.aws_port), door(Site(snapshot), settings.args.port))
    keeper.cancel()


if __name__ == "__main__":
    patch.check(settings.args.show_pins)
    asyncio.run(main())
