"""Sessions that only read, and are kept so by the server itself: a READ ONLY transaction (SQLite: a read-only file), a time limit a
statement, a short wait for locks. Each question is a transaction of its own, so that none holds a snapshot open for the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from trueup.errors import Mistake, TargetError, TrueupError
from trueup.model.names import Driver
from trueup.sources.database.url import Address
from trueup.structs import Struct

Row = tuple[Any, ...]
Why = Literal["timeout", "lock", "refused", "lost"]


class Unanswered(TrueupError):
    """The server gave no answer. `code` is its own (SQLSTATE or number); its message is left out: it may hold values of rows."""

    def __init__(self, why: Why, code: str = "") -> None:
        super().__init__(f"{why} ({code})" if code else why)
        self.why: Why = why
        self.code = code

    @property
    def reason(self) -> str:
        """A clause for a report."""
        words = {
            "timeout": "the server stopped it at its time limit",
            "lock": "it would have waited for a lock",
            "refused": f"the server refused the question (error {self.code})",
            "lost": "the connection was lost",
        }
        return words[self.why]


class Limits(Struct, frozen=True):
    """Seconds: for connecting, for a statement unless the question says otherwise, for a lock."""

    connect: float = 10
    statement: float = 60
    lock: float = 2


LIMITS = Limits()


class Session(Protocol):
    """`version` is the server's own text. `rows` asks one question and fetches all of its answer: ask for counts and catalogues,
    never for a table. `%s` stands for each of `values`. Raises Unanswered."""

    driver: Driver
    version: str

    def rows(self, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Row]: ...

    def close(self) -> None: ...


def connect(address: Address, limits: Limits = LIMITS) -> Session:
    """A read-only session with the database at `address`. Raises TargetError, in which neither user nor password stands."""
    try:
        return _connected(address, limits)
    except ImportError:
        package = "psycopg[binary]" if address.driver == "pgsql" else "pymysql"
        raise TargetError(
            Mistake(
                address.shown,
                f"needs a package that is not installed: {package}",
                "pip install 'trueup[servers]'",
            )
        ) from None


def _connected(address: Address, limits: Limits) -> Session:
    match address.driver:
        case "pgsql":
            from trueup.sources.database.sessions.pgsql import PgsqlSession

            return PgsqlSession(address, limits)
        case "sqlite":
            from trueup.sources.database.sessions.sqlite import SqliteSession

            return SqliteSession(address, limits)
        case _:
            from trueup.sources.database.sessions.mysql import MysqlSession

            return MysqlSession(address, limits)
