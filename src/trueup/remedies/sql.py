"""The same as plain SQL: what separates the server before a remedy from the server after it, as statements of that server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trueup.compare.diff import (
    CheckAdded,
    CheckRemoved,
    ColumnAdded,
    ColumnChanged,
    ColumnRemoved,
    Difference,
    ForeignKeyAdded,
    ForeignKeyChanged,
    ForeignKeyRemoved,
    IndexAdded,
    IndexRemoved,
    TableAdded,
    TableRemoved,
    diff,
)
from trueup.model.names import Driver
from trueup.model.remedies import SqlScript
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.remedies.changes import AddColumn, ChangeColumn, ReplaceColumn
from trueup.remedies.proposals import Proposal
from trueup.remedies.trial import Outcome
from trueup.sources.sql.writing import Writer, ddl_of


def scripts(proposal: Proposal, outcomes: tuple[Outcome, ...]) -> tuple[SqlScript, ...]:
    """One script for each driver on which something changes."""
    made = []
    for outcome in outcomes:
        attempt = outcome.attempt
        if attempt is None or not proposal.changes:
            continue
        driver = outcome.trial.driver
        up = tuple(_Script(driver, attempt.before, attempt.raw, proposal).statements())
        down = tuple(_Script(driver, attempt.raw, attempt.before, None).statements())
        if up:
            made.append(SqlScript(driver, up, down))
    return tuple(made)


class _Script:
    """Statements that make `after` of `before`. With a proposal its data goes between: rows are filled before NOT NULL is asked."""

    def __init__(self, driver: Driver, before: Schema, after: Schema, proposal: Proposal | None) -> None:
        self.driver = driver
        self.before = before
        self.after = after
        self.proposal = proposal
        self.writer = Writer(driver)
        self.is_mysql = driver in ("mysql", "mariadb")

    def statements(self) -> Iterator[str]:
        """Keys and indexes go first and come last; columns come before they are filled."""
        found = diff(self.before, self.after, comments=True)
        yield from self._looks()
        if self.driver == "sqlite" and self._rebuilt(found):
            yield from self._sqlite(found)
            return
        for one in sorted(found, key=_order):
            yield from self._statement(one)

    # Rows

    def _looks(self) -> Iterator[str]:
        if self.proposal is not None:
            for step in self.proposal.steps:
                if "select " in step:
                    yield f"-- {step}"

    def _filled(self, table: str, column: Column) -> Iterator[str]:
        """UPDATE before NOT NULL. In portions on a large table: repeat it with a LIMIT, or by ranges of the key."""
        for change in self.proposal.changes if self.proposal else ():
            name, quoted = self.writer.name(table), self.writer.name(column.name)
            match change:
                case AddColumn(column=made, fill=fill) | ChangeColumn(new=made, fill=fill) if (
                    fill and made.name == column.name
                ):
                    value = fill.removeprefix("DB::raw('").removesuffix("')").replace('"', "'")
                    yield f"UPDATE {name} SET {quoted} = {value} WHERE {quoted} IS NULL"
                case ReplaceColumn(old=old, new=new) if column.name == new.name:
                    source = self.writer.name(change.kept if not change.drop else old.name)
                    cast = f"CAST({source} AS {column.type})" if self.driver == "pgsql" else source
                    yield f"UPDATE {name} SET {quoted} = {cast} WHERE {quoted} IS NULL"

    # Statements

    def _statement(self, one: Difference) -> Iterator[str]:
        writer = self.writer
        match one:
            case TableAdded(table):
                alone = Schema(self.driver, (table,))
                yield from (d.sql for d in ddl_of(alone))
            case TableRemoved(table):
                yield f"DROP TABLE {writer.name(table.name)}"
            case ColumnAdded(table, column):
                yield from self._added(table, column)
            case ColumnRemoved(table, column):
                yield f"{self._alter(table)} DROP COLUMN {writer.name(column.name)}"
            case ColumnChanged():
                yield from self._changed(one)
            case IndexAdded(table, index):
                yield self._index(table, index)
            case IndexRemoved(table, index):
                yield self._no_index(table, index)
            case ForeignKeyAdded(table, key):
                yield from self._key(table, key)
            case ForeignKeyRemoved(table, key):
                yield self._no_key(table, key)
            case ForeignKeyChanged(table, old, new):
                yield self._no_key(table, old)
                yield from self._key(table, new)
            case CheckAdded(table, check):
                yield from self._constraint(table, writer.check(check), check.name)
            case CheckRemoved(table, check):
                yield f"{self._alter(table)} DROP CONSTRAINT {writer.name(check.name or '')}"
            case _:
                return

    def _alter(self, table: str) -> str:
        return f"ALTER TABLE {self.writer.name(table)}"

    def _added(self, table: str, column: Column) -> Iterator[str]:
        """Where rows are to be filled it comes nullable, is filled, and then made what it is to be."""
        whole = self._whole(table)
        fillings = list(self._filled(table, column))
        first = replace(column, nullable=True) if fillings else column
        yield f"{self._alter(table)} ADD COLUMN {self.writer.column(whole, first)}{self._after(table, column)}"
        yield from fillings
        if fillings and not column.nullable:
            yield from self._not_null(table, column)

    def _after(self, table: str, column: Column) -> str:
        columns = [c.name for c in self._whole(table).columns]
        position = columns.index(column.name) if column.name in columns else 0
        last = position == len(columns) - 1
        if not self.is_mysql or not position or last:
            return ""
        return f" AFTER {self.writer.name(columns[position - 1])}"

    def _whole(self, table: str) -> Table:
        return self.after.table(table) or Table(table)

    def _changed(self, one: ColumnChanged) -> Iterator[str]:
        """MySQL states a column whole, and once, whatever changes about it."""
        table, new = one.table, one.new
        tightens = one.aspect == "nullable" and not new.nullable
        if tightens:
            yield from self._filled(table, new)
        if self.is_mysql:
            yield f"{self._alter(table)} MODIFY COLUMN {self.writer.column(self._whole(table), new)}"
            return
        name = self.writer.name(new.name)
        head = f"{self._alter(table)} ALTER COLUMN {name}"
        match one.aspect:
            case "type":
                yield f"{head} TYPE {new.type} USING {name}::{new.type}"
            case "nullable":
                yield from self._not_null(table, new) if tightens else (f"{head} DROP NOT NULL",)
            case "default":
                yield (
                    f"{head} SET DEFAULT {new.default}" if new.default is not None else f"{head} DROP DEFAULT"
                )
            case "comment":
                text = self.writer.string(new.comment) if new.comment else "NULL"
                yield f"COMMENT ON COLUMN {self.writer.name(table)}.{name} IS {text}"
            case _:
                yield f"-- {table}.{new.name}: {one.aspect} {one.before} to {one.after}"

    def _not_null(self, table: str, column: Column) -> Iterator[str]:
        if self.is_mysql:
            yield f"{self._alter(table)} MODIFY COLUMN {self.writer.column(self._whole(table), column)}"
            return
        name = self.writer.name(column.name)
        check = self.writer.name(f"{table}_{column.name}_not_null"[:63])
        yield f"{self._alter(table)} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID"
        yield f"{self._alter(table)} VALIDATE CONSTRAINT {check}"
        yield f"{self._alter(table)} ALTER COLUMN {name} SET NOT NULL"
        yield f"{self._alter(table)} DROP CONSTRAINT {check}"

    def _index(self, table: str, index: Index) -> str:
        text = self.writer.index(Table(table), index)
        if self.driver == "pgsql":
            return text.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
        return f"{text} ALGORITHM=INPLACE LOCK=NONE" if self.is_mysql and index.kind == "btree" else text

    def _no_index(self, table: str, index: Index) -> str:
        name = self.writer.name(index.name)
        if self.is_mysql:
            return f"DROP INDEX {name} ON {self.writer.name(table)}"
        return f"DROP INDEX {'CONCURRENTLY ' if self.driver == 'pgsql' else ''}{name}"

    def _key(self, table: str, key: ForeignKey) -> Iterator[str]:
        named = f"CONSTRAINT {self.writer.name(key.name)} " if key.name else ""
        text = f"{named}FOREIGN KEY ({self.writer.names(key.columns)}) {self.writer.references(key)}"
        yield from self._constraint(table, text, key.name)

    def _constraint(self, table: str, text: str, name: str | None) -> Iterator[str]:
        late = self.driver == "pgsql" and name
        yield f"{self._alter(table)} ADD {text}{' NOT VALID' if late else ''}"
        if late:
            yield f"{self._alter(table)} VALIDATE CONSTRAINT {self.writer.name(name or '')}"

    def _no_key(self, table: str, key: ForeignKey) -> str:
        word = "FOREIGN KEY" if self.is_mysql else "CONSTRAINT"
        return f"{self._alter(table)} DROP {word} {self.writer.name(key.name or '')}"

    # SQLite

    def _rebuilt(self, found: tuple[Difference, ...]) -> bool:
        return any(
            isinstance(
                one,
                ColumnChanged
                | ColumnRemoved
                | ForeignKeyAdded
                | ForeignKeyRemoved
                | ForeignKeyChanged
                | CheckAdded
                | CheckRemoved,
            )
            or (isinstance(one, ColumnAdded) and not one.column.nullable and one.column.default is None)
            for one in found
        )

    def _sqlite(self, found: tuple[Difference, ...]) -> Iterator[str]:
        """SQLite's own way (lang_altertable, "Making Other Kinds Of Table Schema Changes"): a new table, the rows, the old name."""
        names = sorted({_table_of(one) for one in found})
        yield "PRAGMA foreign_keys = OFF"
        for name in names:
            old, new = self.before.table(name), self.after.table(name)
            if old is None or new is None:
                continue
            beside = replace(new, name=f"{name}__new", indexes=tuple(i for i in new.indexes if i.primary))
            yield from self.writer.table(beside)
            shared = [c.name for c in new.columns if old.column(c.name) is not None]
            columns = self.writer.names(tuple(shared))
            yield f"INSERT INTO {self.writer.name(beside.name)} ({columns}) SELECT {columns} FROM {self.writer.name(name)}"
            yield f"DROP TABLE {self.writer.name(name)}"
            yield f"ALTER TABLE {self.writer.name(beside.name)} RENAME TO {self.writer.name(name)}"
            for index in new.indexes:
                if not index.primary and not index.name.startswith("sqlite_autoindex_"):
                    yield self.writer.index(new, index)
        yield "PRAGMA foreign_keys = ON"


_ORDER = (
    ForeignKeyRemoved,
    CheckRemoved,
    TableAdded,
    ColumnAdded,
    ColumnChanged,
    IndexAdded,
    IndexRemoved,
    ForeignKeyChanged,
    ForeignKeyAdded,
    CheckAdded,
    ColumnRemoved,
    TableRemoved,
)


def _order(one: Difference) -> int:
    return next((n for n, kind in enumerate(_ORDER) if isinstance(one, kind)), len(_ORDER))


def _table_of(one: Difference) -> str:
    table = one.table
    return table if isinstance(table, str) else table.name
