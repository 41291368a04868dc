"""The statements by which a server comes from one schema to another, on MySQL, MariaDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

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
    IndexRenamed,
    TableAdded,
    TableRemoved,
    diff,
)
from trueup.model.names import Driver
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.remedies.changes import AddColumn, Change, ChangeColumn
from trueup.remedies.sql_words import Words
from trueup.sources.sql.writing import ddl_of
from trueup.structs import replace


class Script(Words):
    """Statements that make `after` of `before`. With changes their data goes between: rows are filled before NOT NULL is asked."""

    def __init__(self, driver: Driver, before: Schema, after: Schema, changes: tuple[Change, ...]) -> None:
        super().__init__(driver)
        self.before = before
        self.after = after
        self.changes = changes
        self._stated: set[tuple[str, str]] = set()

    def statements(self) -> Iterator[str]:
        """Keys and indexes go first and come last; columns come before they are filled."""
        yield from self._implied_ones()
        for one in sorted(diff(self.before, self.after, names=True, comments=True), key=_order):
            yield from self._statement(one)

    def _implied_ones(self) -> Iterator[str]:
        """InnoDB's own indexes for foreign keys that stay: they come before what has served the keys in their place goes."""
        for table in self.after.tables if self.is_mysql else ():
            was = self.before.table(table.name)
            if was is None:
                continue
            known = {i.name for i in was.indexes}
            keys = {k.columns for k in was.foreign_keys} & {k.columns for k in table.foreign_keys}
            for index in table.indexes:
                if index.implied and index.name not in known and index.columns in keys:
                    yield self.index(table.name, index)

    def _filled(self, table: str, column: Column) -> Iterator[str]:
        """UPDATE before NOT NULL. In portions on a large table: repeat it with a LIMIT, or by ranges of the key."""
        for change in self.changes:
            match change:
                case AddColumn(column=made, fill=fill) | ChangeColumn(new=made, fill=fill) if (
                    fill and made.name == column.name
                ):
                    name, quoted = self.writer.name(table), self.writer.name(column.name)
                    yield f"UPDATE {name} SET {quoted} = {sql_value(fill)} WHERE {quoted} IS NULL"

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
                yield f"{self.alter(table)} DROP COLUMN {writer.name(column.name)}"
            case ColumnChanged():
                yield from self._changed(one)
            case IndexAdded(table, index):
                yield self.index(table, index)
            case IndexRemoved(table, index):
                yield from self.no_index(table, index)
            case IndexRenamed(table, old, new):
                yield from self._renamed(table, old, new)
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
                yield f"{self.alter(table)} DROP CONSTRAINT {writer.name(check.name or '')}"
            case _:
                return

    def _renamed(self, table: str, old: Index, new: Index) -> Iterator[str]:
        """What InnoDB made for a foreign key goes by itself when another index serves that."""
        if old.implied and not new.implied:
            yield self.index(table, new)
        elif new.implied and not old.implied:
            yield from self.no_index(table, old)
        elif old.name.lower() != "primary":
            yield self.rename_index(table, old.name, new.name)

    def _added(self, table: str, column: Column) -> Iterator[str]:
        """Where rows are to be filled it comes nullable, is filled, and then made what it is to be."""
        whole = self._whole(table)
        fillings = list(self._filled(table, column))
        first = replace(column, nullable=True) if fillings else column
        yield f"{self.alter(table)} ADD COLUMN {self.writer.column(whole, first)}{self._after(table, column)}"
        if column.comment and not self.is_mysql:
            yield self._comment(table, column)
        yield from fillings
        if fillings and not column.nullable:
            yield from self.not_null(whole, column)

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
            if (table, new.name) not in self._stated:
                self._stated.add((table, new.name))
                yield f"{self.alter(table)} MODIFY COLUMN {self.writer.column(self._whole(table), new)}"
            return
        name = self.writer.name(new.name)
        head = f"{self.alter(table)} ALTER COLUMN {name}"
        match one.aspect:
            case "type":
                yield f"{head} TYPE {new.type} USING {name}::{new.type}"
            case "nullable":
                yield from self.not_null(self._whole(table), new) if tightens else (f"{head} DROP NOT NULL",)
            case "default":
                yield (
                    f"{head} SET DEFAULT {new.default}" if new.default is not None else f"{head} DROP DEFAULT"
                )
            case "comment":
                yield self._comment(table, new)
            case _:
                yield f"-- {table}.{new.name}: {one.aspect} {one.before} to {one.after}"

    def _comment(self, table: str, column: Column) -> str:
        text = self.writer.string(column.comment) if column.comment else "NULL"
        return f"COMMENT ON COLUMN {self.writer.name(table)}.{self.writer.name(column.name)} IS {text}"

    def _key(self, table: str, key: ForeignKey) -> Iterator[str]:
        named = f"CONSTRAINT {self.writer.name(key.name)} " if key.name else ""
        text = f"{named}FOREIGN KEY ({self.writer.names(key.columns)}) {self.writer.references(key)}"
        yield from self._constraint(table, text, key.name)

    def _constraint(self, table: str, text: str, name: str | None) -> Iterator[str]:
        late = self.driver == "pgsql" and name
        yield f"{self.alter(table)} ADD {text}{' NOT VALID' if late else ''}"
        if late:
            yield f"{self.alter(table)} VALIDATE CONSTRAINT {self.writer.name(name or '')}"

    def _no_key(self, table: str, key: ForeignKey) -> str:
        word = "FOREIGN KEY" if self.is_mysql else "CONSTRAINT"
        return f"{self.alter(table)} DROP {word} {self.writer.name(key.name or '')}"


_ORDER = (
    ForeignKeyRemoved,
    CheckRemoved,
    TableAdded,
    ColumnAdded,
    ColumnChanged,
    IndexAdded,
    IndexRenamed,
    IndexRemoved,
    ForeignKeyChanged,
    ForeignKeyAdded,
    CheckAdded,
    ColumnRemoved,
    TableRemoved,
)


def _order(one: Difference) -> int:
    return next((n for n, kind in enumerate(_ORDER) if isinstance(one, kind)), len(_ORDER))


def sql_value(fill: str) -> str:
    """A filling's PHP as SQL."""
    return fill.removeprefix("DB::raw('").removesuffix("')").replace('"', "'")
