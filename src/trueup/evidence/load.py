"""Rows into a scratch database, the fastest way that each server has: COPY, multi-row INSERT, one transaction of SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from trueup.evidence.rows import Filled, Filling, Later, Row, Unfilled
from trueup.model.names import Driver
from trueup.sources.sql.writing import MYSQL, Writer
from trueup.structs import Struct

if TYPE_CHECKING:
    from trueup.scratch import Scratch

Tell = Callable[[str], None]
_STATEMENT_BYTES = 2_000_000
"""Of one INSERT: half of the smallest max_allowed_packet that is a default somewhere (4 MB before MySQL 8)."""


class Loaded(Struct, frozen=True):
    """How many rows each table got; `refused` are tables whose rows the server did not take, with its words."""

    rows: dict[str, int]
    refused: tuple[Unfilled, ...] = ()


def load(scratch: Scratch, filling: Filling, there: frozenset[str], tell: Tell) -> Loaded:
    """Empties the tables of the filling and fills them anew, then lets the server gather its statistics. Tables that are not
    `there` are gone through all the same, so that others get the same rows as elsewhere."""
    from sqlalchemy.exc import DBAPIError

    writer = Writer(scratch.driver)
    counts: dict[str, int] = {}
    refused: list[Unfilled] = []
    names = [table.name for table, _ in filling.tables() if table.name in there]
    with closing(scratch.engine.raw_connection()) as connection:
        _prepare(connection, scratch.driver)
        _empty(connection, writer, names)
        for filled in filling:
            name = filled.table.name
            tell(f"filling {name} with {filled.wanted:,} rows")
            target = _counted(filled, counts)
            if name not in there:
                _drain(target)
                continue
            try:
                _LOADERS[scratch.driver](connection, writer, filled, target)
                connection.commit()
            except Exception as problem:  # each package has an error tree of its own
                if not _is_database_error(problem, DBAPIError):
                    raise
                connection.rollback()
                _drain(target)
                counts[name] = 0
                refused.append(Unfilled(name, _words(problem)))
        for later in filling.later:
            if later.table in there and counts.get(later.target):
                tell(f"setting {later.table}.{later.column}")
                try:
                    _set(connection, writer, later, filling)
                except Exception as problem:  # as above
                    if not _is_database_error(problem, DBAPIError):
                        raise
                    connection.rollback()
                    refused.append(Unfilled(later.table, f"{later.column} stays NULL: {_words(problem)}"))
        _restore(connection, scratch.driver)
        connection.commit()
    gather_statistics(scratch, names)
    return Loaded(counts, (*filling.unfilled, *refused))


def _counted(filled: Filled, counts: dict[str, int]) -> Iterator[list[Row]]:
    counts[filled.table.name] = 0
    for chunk in filled.chunks:
        counts[filled.table.name] += len(chunk)
        yield chunk


def _drain(chunks: Iterator[list[Row]]) -> None:
    for _ in chunks:
        pass


def _is_database_error(problem: Exception, wrapped: type[Exception]) -> bool:
    """PEP 249 lets every package have an error tree, whose roots only have the name in common."""
    return isinstance(problem, wrapped) or any(k.__name__ == "DatabaseError" for k in type(problem).__mro__)


def _words(problem: Exception) -> str:
    text = str(problem.args[1]) if len(problem.args) == 2 else str(problem)
    return text.strip().splitlines()[0] if text.strip() else type(problem).__name__


def _prepare(connection: Any, driver: Driver) -> None:  # a DBAPI connection has no type of its own
    """Foreign keys are kept by the rows themselves; asking the server for each would double the time."""
    statements = {
        "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF"),
        "pgsql": ("SET synchronous_commit = off",),
    }
    for statement in statements.get(driver, ("SET SESSION foreign_key_checks = 0",)):
        _run(connection, statement)
    connection.commit()


def _restore(connection: Any, driver: Driver) -> None:
    """The connection goes back to its pool."""
    statements = {"sqlite": "PRAGMA foreign_keys = ON", "pgsql": "RESET synchronous_commit"}
    _run(connection, statements.get(driver, "SET SESSION foreign_key_checks = 1"))


def _empty(connection: Any, writer: Writer, names: list[str]) -> None:
    if writer.driver == "pgsql":
        if names:
            _run(connection, f"TRUNCATE {', '.join(map(writer.name, names))} CASCADE")
    else:
        verb = "DELETE FROM" if writer.driver == "sqlite" else "TRUNCATE TABLE"
        for name in names:
            _run(connection, f"{verb} {writer.name(name)}")
    connection.commit()


def _set(connection: Any, writer: Writer, later: Later, filling: Filling) -> None:
    """As `Later.value` says, on the server and in the sample."""
    targets = filling.samples[later.target].count
    column, number = writer.name(later.column), writer.name(later.id)
    divided = f"{number} DIV 5" if writer.is_mysql else f"{number} / 5"
    source = divided if later.table == later.target else number
    table = writer.name(later.table)
    _run(connection, f"UPDATE {table} SET {column} = 1 + ({source}) % {targets} WHERE {number} % 10 <> 0")
    connection.commit()
    for row in filling.samples[later.table].rows:
        row[later.column] = later.value(int(row[later.id] or 0), targets)


def _run(connection: Any, statement: str) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement)


def _load_sqlite(connection: Any, writer: Writer, filled: Filled, chunks: Iterator[list[Row]]) -> None:
    marks = ", ".join("?" * len(filled.columns))
    insert = f"INSERT INTO {writer.name(filled.table.name)} ({writer.names(filled.columns)}) VALUES ({marks})"
    with closing(connection.cursor()) as cursor:
        for chunk in chunks:
            cursor.executemany(insert, chunk)


def _load_pgsql(connection: Any, writer: Writer, filled: Filled, chunks: Iterator[list[Row]]) -> None:
    copy = f"COPY {writer.name(filled.table.name)} ({writer.names(filled.columns)}) FROM STDIN"
    with closing(connection.cursor()) as cursor, cursor.copy(copy) as stream:
        for chunk in chunks:
            stream.write("".join("\t".join(map(_copy_text, row)) + "\n" for row in chunk))


def _copy_text(value: int | str | None) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, int):
        return str(value)
    return value.replace("\\", r"\\") if "\\" in value else value


def _load_mysql(connection: Any, writer: Writer, filled: Filled, chunks: Iterator[list[Row]]) -> None:
    insert = f"INSERT INTO {writer.name(filled.table.name)} ({writer.names(filled.columns)}) VALUES "

    def text(value: int | str | None) -> str:
        if value is None:
            return "NULL"
        return str(value) if isinstance(value, int) else writer.string(value)

    with closing(connection.cursor()) as cursor:
        for chunk in chunks:
            rows = [f"({','.join(map(text, row))})" for row in chunk]
            size = max(1, _STATEMENT_BYTES // max(1, max(map(len, rows)) + 1))
            for first in range(0, len(rows), size):
                cursor.execute(insert + ",".join(rows[first : first + size]))


_LOADERS: dict[Driver, Callable[[Any, Writer, Filled, Iterator[list[Row]]], None]] = {
    "sqlite": _load_sqlite,
    "pgsql": _load_pgsql,
    "mysql": _load_mysql,
    "mariadb": _load_mysql,
}


def gather_statistics(scratch: Scratch, names: list[str]) -> None:
    """What autovacuum and InnoDB do sooner or later on a server in use. SQLite does nothing by itself, and Laravel does not ask."""
    if scratch.driver == "sqlite":
        return
    writer = Writer(scratch.driver)
    autocommit = scratch.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with autocommit as connection:
        verb = "ANALYZE TABLE" if scratch.driver in MYSQL else "VACUUM (ANALYZE)"
        for name in names:
            connection.exec_driver_sql(f"{verb} {writer.name(name)}")
