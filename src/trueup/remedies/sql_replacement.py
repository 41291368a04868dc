"""Expand and contract as SQL: a column beside the old one, filled, and put in its place; on MySQL, MariaDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.names import Driver
from trueup.model.schema import Column, Table
from trueup.remedies.changes import ReplaceColumn
from trueup.remedies.sql_words import Words
from trueup.structs import replace


class Replacement(Words):
    """`before` and `after` are the table as it is and as it is to be."""

    def __init__(self, driver: Driver, change: ReplaceColumn, before: Table, after: Table) -> None:
        super().__init__(driver)
        self.change = change
        self.before = before
        self.after = after
        self.table = before.name
        self.swap = change.old.name == change.new.name
        self.beside = f"{change.new.name}_new" if self.swap else change.new.name

    def up(self) -> Iterator[str]:
        change, old, new = self.change, self._was, self._now
        yield from self._added(replace(new, name=self.beside), self.after, old.name)
        yield self._copied(old.name, replace(new, name=self.beside))
        yield from self._completed(replace(new, name=self.beside), self.after)
        if self.swap or change.drop:
            yield from self._indexes_gone(self.before, [was.name for was, _ in change.indexes])
        if change.drop:
            yield f"{self.alter(self.table)} DROP COLUMN {self.writer.name(old.name)}"
        elif not old.nullable:
            yield from self._nullable(old)
        if self.swap and not change.drop:
            yield self._renamed(old.name, change.kept)
        if self.swap:
            yield self._renamed(self.beside, new.name)
        yield from self._indexes_made(self.after, [now.name for _, now in change.indexes])

    def down(self) -> Iterator[str]:
        change, old, new = self.change, self._was, self._now
        yield from self._indexes_gone(self.after, [now.name for _, now in change.indexes])
        if self.swap:
            yield self._renamed(new.name, self.beside)
        if change.drop:
            yield from self._added(old, self.before, self.beside)
        elif self.swap:
            yield self._renamed(change.kept, old.name)
        yield self._copied(self.beside, old)
        if change.drop:
            yield from self._completed(old, self.before)
        elif not old.nullable:
            yield from self.not_null(self.before, old)
        yield f"{self.alter(self.table)} DROP COLUMN {self.writer.name(self.beside)}"
        if self.swap or change.drop:
            yield from self._indexes_made(self.before, [was.name for was, _ in change.indexes])

    @property
    def _was(self) -> Column:
        found = self.before.column(self.change.old.name)
        assert found is not None, "the replay has replaced it"
        return found

    @property
    def _now(self) -> Column:
        found = self.after.column(self.change.new.name)
        assert found is not None, "the replay has made it"
        return found

    def _added(self, column: Column, whole: Table, after: str) -> Iterator[str]:
        """Nullable and without a default, which would stand in every row already."""
        bare = replace(column, nullable=True, default=None, on_update=None)
        place = f" AFTER {self.writer.name(after)}" if self.is_mysql else ""
        yield f"{self.alter(self.table)} ADD COLUMN {self.writer.column(whole, bare)}{place}"

    def _copied(self, source: str, target: Column) -> str:
        name, value = self.writer.name(target.name), self.writer.name(source)
        cast = f"CAST({value} AS {target.type})" if self.driver == "pgsql" else value
        return f"UPDATE {self.writer.name(self.table)} SET {name} = {cast} WHERE {name} IS NULL AND {value} IS NOT NULL"

    def _completed(self, column: Column, whole: Table) -> Iterator[str]:
        """The default, and NOT NULL."""
        bare = replace(column, nullable=True, default=None, on_update=None, comment=column.comment)
        if self.is_mysql:
            if bare != column:
                yield f"{self.alter(self.table)} MODIFY COLUMN {self.writer.column(whole, column)}"
            return
        name = self.writer.name(column.name)
        if column.default is not None:
            yield f"{self.alter(self.table)} ALTER COLUMN {name} SET DEFAULT {column.default}"
        if column.comment:
            text = self.writer.string(column.comment)
            yield f"COMMENT ON COLUMN {self.writer.name(self.table)}.{name} IS {text}"
        if not column.nullable:
            yield from self.not_null(whole, column)

    def _nullable(self, column: Column) -> Iterator[str]:
        if self.is_mysql:
            text = self.writer.column(self.before, replace(column, nullable=True))
            yield f"{self.alter(self.table)} MODIFY COLUMN {text}"
        else:
            yield f"{self.alter(self.table)} ALTER COLUMN {self.writer.name(column.name)} DROP NOT NULL"

    def _renamed(self, name: str, to: str) -> str:
        return f"{self.alter(self.table)} RENAME COLUMN {self.writer.name(name)} TO {self.writer.name(to)}"

    def _indexes_gone(self, table: Table, names: list[str]) -> Iterator[str]:
        for index in table.indexes:
            if index.name in names:
                yield from self.no_index(self.table, index)

    def _indexes_made(self, table: Table, names: list[str]) -> Iterator[str]:
        for index in table.indexes:
            if index.name in names:
                yield self.index(self.table, index)
