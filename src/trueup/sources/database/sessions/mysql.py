"""MySQL, MariaDB and what speaks their protocol, by PyMySQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trueup.errors import Mistake, TargetError
from trueup.model.names import Driver
from trueup.sources.database.sessions import Limits, Row, Unanswered, Why
from trueup.sources.database.url import Address

if TYPE_CHECKING:
    from pymysql.connections import Connection

_REASONS = {
    1044: "the server does not let this user read that database",
    1045: "the server does not accept this user and password",
    1049: "the server has no such database",
    1130: "the server does not let this machine in",
    2003: "nothing answers there",
    2005: "there is no such host",
}
_WHYS: dict[int, Why] = {
    1969: "timeout", 3024: "timeout", 1317: "timeout", 2013: "lost", 2006: "lost", 1205: "lock", 3572: "lock",
}  # fmt: skip
_READ_GRACE = 15
"""Seconds that the socket waits longer than the server's own limit."""


def connection_settings(address: Address) -> dict[str, Any]:
    """The keywords of pymysql.connect() for the address, but for limits."""
    settings: dict[str, Any] = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password or "",
        "database": address.database or None,
    }
    settings.update(address.options)
    return settings


def connection_problem(code: object) -> str:
    """What is told of a connection that failed with this code: the server's own text names the user."""
    return _REASONS.get(code if isinstance(code, int) else 0, f"error {code}")


class MysqlSession:
    def __init__(self, address: Address, limits: Limits) -> None:
        import pymysql

        self.driver: Driver = address.driver
        self._limits = limits
        try:
            self._connection: Connection[Any] = pymysql.connect(
                **connection_settings(address),
                connect_timeout=max(1, round(limits.connect)),
                read_timeout=round(limits.statement) + _READ_GRACE,
                autocommit=False,
            )
        except (pymysql.Error, OSError, RuntimeError) as problem:
            code = problem.args[0] if problem.args else "?"
            raise TargetError(
                Mistake(
                    address.shown,
                    f"can't be connected to: {connection_problem(code)}",
                    "a server that answers",
                )
            ) from None
        self._prepare(limits)
        self._mariadb = False  # until its version says so
        self.version = str(self.rows("SELECT VERSION()")[0][0])
        self._mariadb = "mariadb" in self.version.lower()
        self.driver = "mariadb" if self._mariadb else "mysql"  # what answers, whatever the URL calls it

    def _prepare(self, limits: Limits) -> None:
        """Every transaction of the session only reads. A server that does not know a limit goes without it: the socket's holds."""
        import pymysql

        wait = max(1, round(limits.lock))
        with self._connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            for statement in (
                f"SET SESSION lock_wait_timeout = {wait}",
                f"SET SESSION innodb_lock_wait_timeout = {wait}",
            ):
                try:
                    cursor.execute(statement)
                except pymysql.Error:
                    continue

    def _limit(self, cursor: Any, seconds: float) -> None:  # the driver's own generic type says nothing here
        import pymysql

        if self._mariadb:
            statement = f"SET SESSION max_statement_time = {seconds:.3f}"
        else:
            statement = f"SET SESSION max_execution_time = {max(1, round(seconds * 1000))}"
        try:
            cursor.execute(statement)
        except pymysql.Error:
            return

    def rows(self, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Row]:
        import pymysql

        try:
            with self._connection.cursor() as cursor:
                self._limit(cursor, self._limits.statement if seconds is None else seconds)
                cursor.execute("START TRANSACTION READ ONLY")
                cursor.execute(sql, tuple(values) or None)
                return [tuple(row) for row in cursor.fetchall()]
        except pymysql.Error as problem:
            code = problem.args[0] if problem.args and isinstance(problem.args[0], int) else 0
            raise Unanswered(_WHYS.get(code, "refused" if code else "lost"), str(code or "")) from None
        finally:
            self._end()

    def _end(self) -> None:
        import pymysql

        try:
            self._connection.rollback()
        except (pymysql.Error, OSError):
            return

    def close(self) -> None:
        import pymysql

        try:
            self._connection.close()
        except pymysql.Error:  # it was lost before
            return
