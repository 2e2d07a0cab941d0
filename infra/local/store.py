"""The SQLite file that outlives kill -9: items, stream records, how far each listener has read, executions, schedules fired.

Written with synchronous=NORMAL: safe against the death of the process, not against a power cut.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from infra.local.settings import DATA

lock = threading.RLock()
_db = sqlite3.connect(DATA / "engine.db", check_same_thread=False, isolation_level=None)
_db.executescript("""
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS item(arn, pk, sk, json, PRIMARY KEY (arn, pk, sk)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS record(arn, n, json, PRIMARY KEY (arn, n)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS position(account, region, listener, n, PRIMARY KEY (account, region, listener)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS execution(arn PRIMARY KEY, json) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS fired(account, region, schedule, at, PRIMARY KEY (account, region, schedule)) WITHOUT ROWID;
""")
_depth = 0


def sql(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with lock:
        return _db.execute(query, values).fetchall()


@contextmanager
def together() -> Iterator[None]:
    """All of it or nothing; inner uses join the outer one."""
    global _depth
    with lock:
        if _depth == 0:
            _db.execute("BEGIN")
        _depth += 1
        try:
            yield
        except BaseException:
            _depth -= 1
            if _depth == 0:
                _db.execute("ROLLBACK")
            raise
        _depth -= 1
        if _depth == 0:
            _db.execute("COMMIT")
