"""Rows into a scratch database, the fastest way that each server has: COPY, multi-row INSERT, one transaction of SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from trueup.evidence.indexing import dropping, making
from trueup.evidence.rows import Filled, Filling, Later, Row, Unfilled
from trueup.model.names import Driver
from trueup.model.schema import Index, Schema, Table
from trueup.sources.sql.writing import MYSQL, Writer
from trueup.structs import Struct

if TYPE_CHECKING:
    from trueup.scratch import Scratch

Tell = Callable[[str], None]
_LARGE = 20_000
"""Rows of a table from which on its indexes are made after the rows."""

_TELL_EVERY = 50_000
_STATEMENT_BYTES = 2_000_000
_COMMIT_EVERY = 20_000
"""Rows. InnoDB takes as long to undo a transaction as to carry it out, and a database is not dropped before: a run that is stopped
would wait for minutes."""
"""Of one INSERT: half of the smallest max_allowed_packet that is a default somewhere (4 MB before MySQL 8)."""


class Loaded(Struct, frozen=True):
    """How many rows each table got; `refused` are tables whose rows the server did not take, with its words."""

    rows: dict[str, int]
    refused: tuple[Unfilled, ...] = ()


def load(scratch: Scratch, filling: Filling, there: frozenset[str], tell: Tell) -> Loaded:
    """Empties the tables of the filling and fills them anew, then lets the server gather its statistics. Tables that are not
    `there` are gone through all the same, so that others get the same rows as elsewhere. What `tell` raises ends the loading."""
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
            target = _counted(filled, counts, tell)
            if name not in there:
                _drain(target)
                continue
            gone = _drop_loose(connection, filling.schema, filled)
            try:
                _LOADERS[scratch.driver](connection, writer, filled, target)
                connection.commit()
            except Exception as problem:  # each package has an error tree of its own
                if not _is_database_error(problem):
                    raise
                connection.rollback()
                if scratch.driver in MYSQL:  # where the rows before were committed
                    _empty(connection, writer, [name])
                _drain(target)
                counts[name] = 0
                refused.append(Unfilled(name, _words(problem)))
            for index in gone:
                tell(f"indexing {name}")
                _run(connection, making(filling.schema, filled.table, index))
            connection.commit()
        for later in filling.later:
            if later.table in there and counts.get(later.target):
                tell(f"setting {later.table}.{later.column}")
                try:
                    _set(connection, writer, later, filling)
                except Exception as problem:  # as above
                    if not _is_database_error(problem):
                        raise
                    connection.rollback()
                    refused.append(Unfilled(later.table, f"{later.column} stays NULL: {_words(problem)}"))
        _restore(connection, scratch.driver)
        connection.commit()
    gather_statistics(scratch, names)
    return Loaded(counts, (*filling.unfilled, *refused))


def _counted(filled: Filled, counts: dict[str, int], tell: Tell) -> Iterator[list[Row]]:
    name = filled.table.name
    counts[name] = told = 0
    for chunk in filled.chunks:
        counts[name] += len(chunk)
        if counts[name] >= told + _TELL_EVERY:
            told = counts[name]
            tell(f"filling {name}: {told:,} of {filled.wanted:,} rows")
        yield chunk


def _drain(chunks: Iterator[list[Row]]) -> None:
    for _ in chunks:
        pass


def _is_database_error(problem: Exception) -> bool:
    """PEP 249 lets every package have an error tree, whose roots only have the name in common."""
    return any(k.__name__ == "DatabaseError" for k in type(problem).__mro__)


def _words(problem: Exception) -> str:
    text = str(problem.args[1]) if len(problem.args) == 2 else str(problem)
    return text.strip().splitlines()[0] if text.strip() else type(problem).__name__


def _prepare(connection: Any, driver: Driver) -> None:  # a DBAPI connection has no type of its own
    """Foreign keys are kept by the rows themselves; asking the server for each would double the time."""
    statements = {
        "sqlite": (
            "PRAGMA foreign_keys = OFF",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -200000",  # in KiB: an index that fits is not written page by page
            "PRAGMA temp_store = MEMORY",
        ),
        "pgsql": ("SET synchronous_commit = off", "SET maintenance_work_mem = '256MB'"),
    }
    for statement in statements.get(driver, ("SET SESSION foreign_key_checks = 0",)):
        _run(connection, statement)
    connection.commit()


def _restore(connection: Any, driver: Driver) -> None:
    """The connection goes back to its pool."""
    statements = {
        "sqlite": ("PRAGMA foreign_keys = ON", "PRAGMA cache_size = -2000"),
        "pgsql": ("RESET synchronous_commit", "RESET maintenance_work_mem"),
    }
    for statement in statements.get(driver, ("SET SESSION foreign_key_checks = 1",)):
        _run(connection, statement)


def _empty(connection: Any, writer: Writer, names: list[str]) -> None:
    if writer.driver == "pgsql":
        if names:
            _run(connection, f"TRUNCATE {', '.join(map(writer.name, names))} CASCADE")
    else:
        verb = "DELETE FROM" if writer.driver == "sqlite" else "TRUNCATE TABLE"
        for name in names:
            _run(connection, f"{verb} {writer.name(name)}")
    connection.commit()


def _drop_loose(connection: Any, schema: Schema, filled: Filled) -> list[Index]:
    """Drops the indexes of a large table that only queries need, and says which: made of all rows at once, they take a fraction of
    the time. One that the server does not drop stays."""
    gone: list[Index] = []
    for index in _loose(schema, filled.table) if filled.wanted >= _LARGE else ():
        try:
            _run(connection, dropping(schema, filled.table, index))
            connection.commit()
            gone.append(index)
        except Exception as problem:  # as in `load`
            if not _is_database_error(problem):
                raise
            connection.rollback()
    return gone


def _loose(schema: Schema, table: Table) -> list[Index]:
    """Indexes that keep no rule: not unique, and on MySQL no foreign key stands on one."""
    keyed = {key.columns[0].lower() for key in table.foreign_keys if key.columns}
    keyed |= {key.foreign_columns[0].lower() for _, key in schema.keys_to(table.name) if key.foreign_columns}
    stands = keyed if schema.driver in MYSQL else set()
    return [
        index
        for index in table.indexes
        if index.columns
        and not (index.unique or index.primary or index.implied)
        and index.columns[0].lower() not in stands
    ]


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

    waiting = 0
    with closing(connection.cursor()) as cursor:
        for chunk in chunks:
            rows = [f"({','.join(map(text, row))})" for row in chunk]
            size = max(1, _STATEMENT_BYTES // max(1, max(map(len, rows)) + 1))
            for first in range(0, len(rows), size):
                cursor.execute(insert + ",".join(rows[first : first + size]))
            waiting += len(rows)
            if waiting >= _COMMIT_EVERY:
                connection.commit()
                waiting = 0


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
            if scratch.driver in MYSQL:
                connection.exec_driver_sql(f"ALTER TABLE {writer.name(name)} {_STEADY}")
            connection.exec_driver_sql(f"{verb} {writer.name(name)}")


_STEADY = "STATS_PERSISTENT = 1, STATS_AUTO_RECALC = 0, STATS_SAMPLE_PAGES = 1000"
"""InnoDB looks at 20 random pages of an index, and at others the next time: one run takes an index that the next one does not.
(MariaDB knowledge base "InnoDB Persistent Statistics", MySQL manual 17.8.10.1.) Of 1,000 pages it sees all there is in indexes of
up to some 100,000 rows, and much of larger ones; and it does so when it is asked, not in between."""
