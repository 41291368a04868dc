"""Asks a server how it means to carry out a query, and what carrying it out took."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from trueup.evidence.explain import mysql_plan, pgsql_plan, pgsql_rows_examined, pgsql_seconds, sqlite_plan
from trueup.model.evidence import Plan, Unit, Work
from trueup.structs import Struct

if TYPE_CHECKING:
    from trueup.scratch import Scratch

QUERY_SECONDS = 10.0
"""A query that takes longer is stopped."""

_RUNS = 3
_ENOUGH_SECONDS = 1.0
"""No more runs after this time."""


class Refused(Exception):
    """The server does not take the statement; its words."""


class Asker(Protocol):
    """A session on a scratch database. Both methods raise Refused. `work` reads only."""

    def plan(self, sql: str) -> Plan: ...

    def work(self, reading: str) -> Work: ...


@contextmanager
def asker_on(scratch: Scratch) -> Iterator[Asker]:
    with closing(scratch.engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        match scratch.driver:
            case "sqlite":
                yield _Sqlite(connection)
            case "pgsql":
                yield _Pgsql(connection)
            case _:
                yield _Mysql(connection, is_mariadb=scratch.driver == "mariadb")


@contextmanager
def _refusals() -> Iterator[None]:
    """A package's own errors: PEP 249 gives their roots only the name in common."""
    try:
        yield
    except Exception as problem:
        if not any(k.__name__ == "DatabaseError" for k in type(problem).__mro__):
            raise
        words = str(problem.args[1]) if len(problem.args) == 2 else str(problem)
        raise Refused((words.strip().splitlines() or [type(problem).__name__])[0]) from problem


def _measured(once: Callable[[], tuple[float | None, float | None]], unit: Unit) -> Work:
    """`once` → (amount, seconds), None where it was stopped. The fastest of some runs: what else the machine does only adds."""
    amount, best = once()
    if best is None:
        return Work(None, unit, None)
    runs, spent = 1, best
    while runs < _RUNS and spent < _ENOUGH_SECONDS:
        seconds = once()[1]
        if seconds is None:
            break
        best, spent, runs = min(best, seconds), spent + seconds, runs + 1
    return Work(amount, unit, best, runs)


class _Pgsql(Struct):
    connection: Any  # psycopg's, whose type depends on its row factory

    def __post_init__(self) -> None:
        self.connection.rollback()
        self.connection.autocommit = True
        self.connection.execute(f"SET statement_timeout = {int(QUERY_SECONDS * 1000)}")

    def plan(self, sql: str) -> Plan:
        return pgsql_plan(self._explained("FORMAT JSON", sql))

    def work(self, reading: str) -> Work:
        return _measured(lambda: self._once(reading), "rows")

    def _once(self, sql: str) -> tuple[float | None, float | None]:
        try:
            document = self._explained("ANALYZE, TIMING OFF, FORMAT JSON", sql)
        except Refused as problem:
            if "statement timeout" in str(problem):
                return None, None
            raise
        return pgsql_rows_examined(document), pgsql_seconds(document)

    def _explained(self, how: str, sql: str) -> list[dict[str, Any]]:
        with _refusals():
            row = self.connection.execute(f"EXPLAIN ({how}) {sql}".encode()).fetchone()
        document: list[dict[str, Any]] = row[0]
        return document


def _read_json(text: str) -> dict[str, Any]:
    """MariaDB writes conditions into its JSON without escaping what is quoted in them (MDEV-16456 and its like); each value has a
    line of its own, so that the quotes can be told apart."""
    try:
        document: dict[str, Any] = json.loads(text)
    except ValueError:
        document = json.loads(_VALUE.sub(lambda m: f"{m[1]}{json.dumps(m[2])}{m[3]}", text))
    return document


_VALUE = re.compile(r'^([^\S\n]*+"\w++": )"(.*)"(,?)$', re.MULTILINE)
_READS = ("key", "next", "prev", "first", "last", "rnd_next")


class _Mysql(Struct):
    """Rows examined are the session's handler counters: they count what index condition pushdown looks at, too."""

    connection: Any  # pymysql's, generic over its cursors
    is_mariadb: bool
    _own_reads: float = 0.0

    def __post_init__(self) -> None:
        limit = (
            f"max_statement_time = {QUERY_SECONDS}"
            if self.is_mariadb
            else f"max_execution_time = {QUERY_SECONDS * 1000:.0f}"
        )
        self._run(f"SET SESSION {limit}")
        self.connection.autocommit(True)
        first = self._reads()
        self._own_reads = self._reads() - first  # what reading the counters counts

    def plan(self, sql: str) -> Plan:
        with _refusals():
            rows = self._run(f"EXPLAIN FORMAT=JSON {sql}")
        return mysql_plan(_read_json(rows[0][0]))

    def work(self, reading: str) -> Work:
        return _measured(lambda: self._once(reading), "rows")

    def _once(self, sql: str) -> tuple[float | None, float | None]:
        before = self._reads()
        started = time.perf_counter()
        try:
            with _refusals():
                seconds = self._carried_out(sql)
        except Refused as problem:
            if "max_statement_time" in str(problem) or "execution time" in str(problem):
                return None, None
            raise
        seconds = time.perf_counter() - started if seconds is None else seconds
        return max(0.0, self._reads() - before - self._own_reads), seconds

    def _carried_out(self, sql: str) -> float | None:
        """The server's own time for it, where it tells: MariaDB's ANALYZE carries a query out and throws its rows away."""
        if not self.is_mariadb:
            self._run(sql)
            return None
        document = _read_json(self._run(f"ANALYZE FORMAT=JSON {sql}")[0][0])
        block = document.get("query_block", {})
        milliseconds = block.get("r_total_time_ms", block.get("union_result", {}).get("r_total_time_ms"))
        return float(milliseconds) / 1000 if milliseconds is not None else None

    def _reads(self) -> float:
        rows = self._run("SHOW SESSION STATUS LIKE 'Handler\\_%'")
        counters = {str(name).lower(): float(value) for name, value in rows}
        reads = sum(counters.get(f"handler_read_{name}", 0.0) for name in _READS)
        return reads + counters.get("handler_icp_attempts", 0.0) - counters.get("handler_icp_match", 0.0)

    def _run(self, statement: str) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


_STEP = 10
"""Instructions between two calls of the progress handler; 1 where there are few."""

_FEW = 10_000
_WATCH = 10_000
"""Instructions between two looks at the clock while it is the time that is measured."""


class _Sqlite(Struct):
    """SQLite counts no rows; the instructions of its virtual machine are as good a measure, and the same on every run."""

    connection: Any  # sqlite3's

    def plan(self, sql: str) -> Plan:
        with _refusals():
            rows = self.connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        return sqlite_plan([str(row[3]) for row in rows])

    def work(self, reading: str) -> Work:
        calls, seconds = self._carried_out(reading, _STEP)
        amount = calls * _STEP
        if seconds is not None and amount < _FEW:
            amount = self._carried_out(reading, 1)[0]
        if seconds is None:
            return Work(None, "instructions", None)
        return _measured(lambda: (float(amount), self._carried_out(reading, _WATCH)[1]), "instructions")

    def _carried_out(self, sql: str, step: int) -> tuple[int, float | None]:
        """How often `step` instructions were carried out, and the seconds, None where it was stopped."""
        calls = 0
        deadline = time.perf_counter() + QUERY_SECONDS
        every = max(1, _WATCH // step)

        def count() -> int:
            nonlocal calls
            calls += 1
            return int(calls % every == 0 and time.perf_counter() > deadline)

        self.connection.set_progress_handler(count, step)
        started = time.perf_counter()
        try:
            with _refusals(), closing(self.connection.execute(sql)) as cursor:
                for _ in cursor:
                    pass
        except Refused as problem:
            if "interrupted" in str(problem):
                return calls, None
            raise
        finally:
            self.connection.set_progress_handler(None, 0)
        return calls, time.perf_counter() - started
