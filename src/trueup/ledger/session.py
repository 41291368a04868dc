"""One transaction on a pooled connection, by the driver's own cursor: SQLAlchemy's work around each statement would be felt in
every charge. Statements are compiled by SQLAlchemy Core, once; its pool keeps the connections; its errors are raised."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Engine


KEEPER = "trueup_ledger_sessions"
"""The execution option of an engine that names its `Sessions`."""
_CURSOR = "trueup.ledger.cursor"


class Rows(NamedTuple):
    """What a statement has answered."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    rowcount: int
    lastrowid: int | None

    def first(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


class Session:
    """A connection taken from the engine's pool for one transaction. Raises SQLAlchemy's DBAPIError, whatever the driver's is."""

    __slots__ = ("_cursor", "_dialect", "_errors", "_raw", "process")

    def __init__(self, engine: Engine) -> None:
        self.process = os.getpid()
        self._dialect: Any = engine.dialect
        self._errors: Any = self._dialect.loaded_dbapi.Error
        try:
            self._raw = engine.raw_connection()
            self._cursor: Any = self._own_cursor()
        except self._errors as error:
            raise self._wrapped(error, "") from error

    def _own_cursor(self) -> Any:
        """The connection's, kept with it: a driver learns on a cursor how values are sent."""
        kept = self._raw.info
        if _CURSOR not in kept:
            kept[_CURSOR] = self._raw.cursor()
        return kept[_CURSOR]

    def execute(self, sql: str, values: Any = None, names: tuple[str, ...] | None = None) -> Rows:
        """Runs one statement; fetches all that it answers. `names` of its columns, where they are known: () for none."""
        cursor = self._cursor
        try:
            if values is None:
                cursor.execute(sql)
            else:
                cursor.execute(sql, values)
            if names is None:
                names = tuple(c[0] for c in cursor.description or ())
            if not names:
                return Rows(names, [], cursor.rowcount, getattr(cursor, "lastrowid", None))
            return Rows(names, cursor.fetchall(), cursor.rowcount, None)
        except self._errors as error:
            raise self._wrapped(error, sql) from error

    def commit(self) -> None:
        try:
            self._raw.commit()
        except self._errors as error:
            raise self._wrapped(error, "COMMIT") from error

    def end(self, *, failed: bool) -> bool:
        """Rolls back where the transaction has failed. False: the connection is lost, and thrown away."""
        if not self._raw.is_valid:
            return False
        try:
            if failed:
                self._raw.rollback()
        except self._errors:
            self._raw.invalidate()
            return False
        return True

    def close(self) -> None:
        """Gives the connection back to its pool."""
        self._raw.close()

    def invalidate(self) -> None:
        """Throws the connection away, which is lost or not needed any more."""
        if self._raw.is_valid:
            self._raw.invalidate()

    def _wrapped(self, error: Exception, sql: str) -> BaseException:
        raw = getattr(self, "_raw", None)
        lost = bool(self._dialect.is_disconnect(error, raw, None))
        return DBAPIError.instance(
            sql, None, error, self._errors, connection_invalidated=lost, dialect=self._dialect
        )


class Sessions:
    """Sessions between transactions: at most `most` are kept as they are, since a way to the pool and back costs as much as all the
    rest of a charge. For engines that a ledger has to itself; of others none is kept."""

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._idle: list[Session] = []

    def take(self, engine: Engine) -> Session:
        while self._idle:
            try:
                found = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if found.process == os.getpid():  # one of a parent process is the parent's
                return found
        return Session(engine)

    def give(self, session: Session, *, failed: bool) -> None:
        """The end of a transaction."""
        if not session.end(failed=failed):
            return
        if len(self._idle) < self._most:
            self._idle.append(session)
        else:
            session.close()

    def drop(self) -> None:
        """Throws all that are kept away."""
        while self._idle:
            self._idle.pop().invalidate()
