"""SQL by hand, so that what a probe shows is what it sent: `%s` stands for each value on every server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trueup.model.names import Driver
from trueup.scratch.building import words_of
from trueup.sources.sql.writing import Writer

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Value = str | int | float | bool | None
Row = tuple[Any, ...]  # what the server answers: of any type it knows
_MOST_SHOWN = 300


class Sql:
    """Statements on one database, each in a transaction of its own unless a connection is given."""

    def __init__(self, driver: Driver, engine: Engine) -> None:
        self.driver = driver
        self.engine = engine
        self.writer = Writer(driver)

    def name(self, text: str) -> str:
        return self.writer.name(text)

    def rows(self, sql: str, values: Sequence[Value] = (), connection: Connection | None = None) -> list[Row]:
        """The rows of a query."""
        if connection is None:
            with self.engine.begin() as own:
                return self.rows(sql, values, own)
        return [tuple(row) for row in connection.exec_driver_sql(*self._sent(sql, values)).fetchall()]

    def one(self, sql: str, values: Sequence[Value] = (), connection: Connection | None = None) -> Any:
        """The first value of the first row."""
        return self.rows(sql, values, connection)[0][0]

    def run(self, sql: str, values: Sequence[Value] = (), connection: Connection | None = None) -> int:
        """Carries out a statement; the number of rows that it touched."""
        if connection is None:
            with self.engine.begin() as own:
                return self.run(sql, values, own)
        return connection.exec_driver_sql(*self._sent(sql, values)).rowcount

    def refusal(self, sql: str, values: Sequence[Value] = (), *, keep: bool = False) -> str:
        """The server's words where it refuses the statement, "" where it takes it. What it took is undone unless `keep`."""
        from sqlalchemy.exc import DBAPIError

        with self.engine.connect() as connection:
            try:
                connection.exec_driver_sql(*self._sent(sql, values))
                if keep:
                    connection.commit()
                else:
                    connection.rollback()
            except DBAPIError as problem:
                reason, code = words_of(problem)
                return f"{reason} ({code})" if code else reason
        return ""

    def insert(self, table: str, row: Mapping[str, Value]) -> tuple[str, list[Value]]:
        """An INSERT of one row, and its values."""
        names = ", ".join(map(self.name, row))
        places = ", ".join(["%s"] * len(row))
        return f"INSERT INTO {self.name(table)} ({names}) VALUES ({places})", list(row.values())

    def insert_many(self, table: str, rows: Sequence[Mapping[str, Value]], connection: Connection) -> None:
        """Rows with the same columns, in one statement."""
        names = ", ".join(map(self.name, rows[0]))
        places = f"({', '.join(['%s'] * len(rows[0]))})"
        sql = f"INSERT INTO {self.name(table)} ({names}) VALUES {', '.join([places] * len(rows))}"
        self.run(sql, [value for row in rows for value in row.values()], connection)

    def shown(self, sql: str, values: Sequence[Value] = ()) -> str:
        """The statement as it may be shown and sent again, its values in their places."""
        parts = sql.split("%s")
        text = parts[0]
        for value, part in zip(values, parts[1:], strict=True):
            text += self.literal(value) + part
        return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 2]} …"

    def literal(self, value: Value) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return ("true" if value else "false") if self.driver == "pgsql" else str(int(value))
        if isinstance(value, int | float):
            return str(value)
        return self.writer.string(value)

    def _sent(self, sql: str, values: Sequence[Value]) -> tuple[str, tuple[Value, ...]]:
        if self.driver == "sqlite":
            sql = sql.replace("%s", "?")
        elif not values:
            sql = sql.replace("%", "%%")
        return sql, tuple(values)
