"""PostgreSQL and what speaks its protocol, by psycopg."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trueup.errors import Mistake, TargetError
from trueup.model.names import Driver
from trueup.sources.database.sessions import Limits, Row, Unanswered, Why
from trueup.sources.database.url import Address

if TYPE_CHECKING:
    import psycopg

_REASONS = (
    ("password authentication failed", "the server does not accept this user and password"),
    ("no password supplied", "the server asks for a password"),
    ("no pg_hba.conf entry", "the server does not let this user in from here"),
    (" role ", "the server does not know this user"),
    ("does not exist", "the server has no such database"),
    ("refused", "nothing answers there"),
    ("translate host name", "there is no such host"),
    ("name resolution", "there is no such host"),
    ("timeout", "nothing answers there in time"),
    ("SSL", "no encrypted connection could be made"),
)
"""What the driver says, and what is told of it: its own text names the user."""
_WHYS: dict[str, Why] = {"57014": "timeout", "55P03": "lock", "40P01": "lock"}


def connection_settings(address: Address) -> dict[str, Any]:
    """The keywords of psycopg.connect() for the address, but for limits."""
    settings: dict[str, Any] = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.database or "postgres",
    }
    settings.update((k, v) for k, v in address.options if k != "search_path")
    return settings


def connection_problem(text: str) -> str:
    """What is told of a connection that failed, given what the driver says."""
    return next((told for sign, told in _REASONS if sign in text), "can't be connected to")


class PgsqlSession:
    driver: Driver = "pgsql"

    def __init__(self, address: Address, limits: Limits) -> None:
        import psycopg

        self._limits = limits
        try:
            self._connection: psycopg.Connection[Row] = psycopg.connect(
                **connection_settings(address),
                connect_timeout=max(2, round(limits.connect)),
                options=_options(address, limits),
                prepare_threshold=None,
            )
        except psycopg.Error as problem:
            raise TargetError(
                Mistake(
                    address.shown,
                    f"can't be connected to: {connection_problem(str(problem))}",
                    "a server that answers",
                )
            ) from None
        self._connection.read_only = True
        self.version = str(self.rows("SHOW server_version")[0][0])

    def rows(self, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Row]:
        import psycopg

        limit = max(1, round((self._limits.statement if seconds is None else seconds) * 1000))
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {limit}".encode())
                cursor.execute(sql.encode(), list(values) or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.Error as problem:
            code = problem.sqlstate or ""
            lost = self._connection.closed or not code
            raise Unanswered("lost" if lost else _WHYS.get(code, "refused"), code) from None
        finally:
            if not self._connection.closed:
                self._connection.rollback()

    def close(self) -> None:
        self._connection.close()


def _options(address: Address, limits: Limits) -> str:
    """Settings of the whole session. `default_transaction_read_only` holds besides the transaction's own READ ONLY."""
    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": str(round(limits.statement * 1000)),
        "lock_timeout": str(round(limits.lock * 1000)),
        "idle_in_transaction_session_timeout": "60000",
    }
    path = address.option("search_path")
    if path is not None:
        settings["search_path"] = re.sub(r"([\\ ])", r"\\\1", path)
    return " ".join(f"-c {name}={value}" for name, value in settings.items())
