"""One transaction on a pooled connection, by the driver's own cursor: SQLAlchemy's work around each statement would be felt in
every charge. Statements are compiled by SQLAlchemy Core, once; its pool keeps the connections; its errors are raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Rows:
    """What a statement has answered."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    rowcount: int
    lastrowid: int | None

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def first(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


class Session:
    """A connection taken from the engine's pool for one transaction. Raises SQLAlchemy's DBAPIError, whatever the driver's is."""

    __slots__ = ("_cursor", "_dialect", "_errors", "_raw")

    def __init__(self, engine: Engine) -> None:
        self._dialect: Any = engine.dialect
        self._errors: Any = self._dialect.loaded_dbapi.Error
        try:
            self._raw = engine.raw_connection()
            self._cursor: Any = self._raw.cursor()
        except self._errors as error:
            raise self._wrapped(error, "") from error

    def execute(self, sql: str, values: Any = None) -> Rows:
        """Runs one statement; fetches all that it answers."""
        cursor = self._cursor
        try:
            if values is None:
                cursor.execute(sql)
            else:
                cursor.execute(sql, values)
            told = cursor.description
            if told is None:
                return Rows((), [], cursor.rowcount, getattr(cursor, "lastrowid", None))
            return Rows(tuple(c[0] for c in told), cursor.fetchall(), cursor.rowcount, None)
        except self._errors as error:
            raise self._wrapped(error, sql) from error

    def commit(self) -> None:
        try:
            self._raw.commit()
        except self._errors as error:
            raise self._wrapped(error, "COMMIT") from error

    def close(self, *, failed: bool) -> None:
        """Gives the connection back, rolled back where the transaction has failed; one that is lost is thrown away."""
        if not self._raw.is_valid:
            return
        try:
            self._cursor.close()
            if failed:
                self._raw.rollback()
        except self._errors:
            self._raw.invalidate()
            return
        self._raw.close()

    def invalidate(self) -> None:
        """Throws a lost connection away."""
        if self._raw.is_valid:
            self._raw.invalidate()

    def _wrapped(self, error: Exception, sql: str) -> BaseException:
        raw = getattr(self, "_raw", None)
        lost = bool(self._dialect.is_disconnect(error, raw, None))
        return DBAPIError.instance(
            sql, None, error, self._errors, connection_invalidated=lost, dialect=self._dialect
        )
