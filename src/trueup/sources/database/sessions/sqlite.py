"""SQLite files, opened read only."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from urllib.parse import quote

from trueup.errors import Mistake, TargetError
from trueup.model.names import Driver
from trueup.sources.database.sessions import Limits, Row, Unanswered, Why
from trueup.sources.database.url import Address

_STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the clock."""


class SqliteSession:
    driver: Driver = "sqlite"
    version = sqlite3.sqlite_version

    def __init__(self, address: Address, limits: Limits) -> None:
        self._limits = limits
        if not os.path.isfile(address.database):
            raise TargetError(Mistake(address.shown, "no such file", "sqlite:///path/to/file"))
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(address.database)}?mode=ro",
                uri=True,
                timeout=limits.lock,
                isolation_level=None,
            )
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.Error as problem:
            raise TargetError(
                Mistake(
                    address.shown,
                    f"can't be read: {_problem(problem)}",
                    "an SQLite database, which nobody holds locked",
                )
            ) from None

    def rows(self, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Row]:
        limit = self._limits.statement if seconds is None else seconds
        end = time.monotonic() + limit
        self._connection.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
        try:
            return self._connection.execute(sql.replace("%s", "?"), list(values)).fetchall()
        except sqlite3.Error as problem:
            raise Unanswered(_why(problem), _problem(problem)) from None
        finally:
            self._connection.set_progress_handler(None, 0)

    def close(self) -> None:
        self._connection.close()


def _problem(problem: sqlite3.Error) -> str:
    return str(getattr(problem, "sqlite_errorname", "") or type(problem).__name__)


def _why(problem: sqlite3.Error) -> Why:
    name = _problem(problem)
    if name.startswith("SQLITE_INTERRUPT"):
        return "timeout"
    return "lock" if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) else "refused"
