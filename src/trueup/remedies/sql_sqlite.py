"""SQLite's own way of changing a table (lang_altertable, "Making Other Kinds Of Table Schema Changes"): a new one, the rows, and
the old name."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.compare.diff import (
    ColumnAdded,
    Difference,
    IndexAdded,
    IndexRemoved,
    IndexRenamed,
    TableAdded,
    TableRemoved,
    diff,
)
from trueup.model.schema import Schema, Table
from trueup.remedies.changes import AddColumn, Change, ChangeColumn, ReplaceColumn
from trueup.remedies.sql_diff import sql_value
from trueup.remedies.sql_words import Words
from trueup.structs import replace


class SqliteScript(Words):
    def __init__(self, before: Schema, after: Schema, changes: tuple[Change, ...], back: bool) -> None:
        super().__init__("sqlite")
        self.before = before
        self.after = after
        self.changes = changes
        self.back = back

    def statements(self) -> Iterator[str]:
        found = diff(self.before, self.after, names=True)
        anew = sorted({_table_of(one) for one in found if not self._is_plain(one)})
        for one in found:
            if _table_of(one) not in anew:
                yield from self._plain(one)
        if anew:
            yield "PRAGMA foreign_keys = OFF"
            for name in anew:
                yield from self._anew(name)
            yield "PRAGMA foreign_keys = ON"

    def _is_plain(self, one: Difference) -> bool:
        if isinstance(one, ColumnAdded):
            column = one.column
            last = self.after.table(one.table)
            at_end = last is not None and last.columns[-1].name == column.name
            return at_end and (column.nullable or column.default is not None) and not self._sources(one.table)
        return isinstance(one, TableAdded | TableRemoved | IndexAdded | IndexRemoved | IndexRenamed)

    def _plain(self, one: Difference) -> Iterator[str]:
        match one:
            case TableAdded(table):
                yield from self.writer.table(table)
            case TableRemoved(table):
                yield f"DROP TABLE {self.writer.name(table.name)}"
            case ColumnAdded(table, column):
                yield f"{self.alter(table)} ADD COLUMN {self.writer.column(Table(table), column)}"
            case IndexAdded(table, index):
                yield self.index(table, index)
            case IndexRemoved(table, index):
                yield from self.no_index(table, index)
            case IndexRenamed(table, old, new):
                yield from self.no_index(table, old)
                yield self.index(table, new)
            case _:
                return

    def _anew(self, name: str) -> Iterator[str]:
        old, new = self.before.table(name), self.after.table(name)
        if old is None or new is None:
            return
        beside = replace(new, name=f"{name}__new", indexes=tuple(i for i in new.indexes if i.primary))
        yield from self.writer.table(beside)
        sources = {c.name: self.writer.name(c.name) for c in new.columns if old.column(c.name) is not None}
        sources |= self._sources(name)
        columns, values = self.writer.names(tuple(sources)), ", ".join(sources.values())
        place = self.writer.name(name)
        yield f"INSERT INTO {self.writer.name(beside.name)} ({columns}) SELECT {values} FROM {place}"
        yield f"DROP TABLE {place}"
        yield f"ALTER TABLE {self.writer.name(beside.name)} RENAME TO {place}"
        for index in new.indexes:
            if not index.primary and not self.writer.is_constraint(index):
                yield self.writer.index(new, index)

    def _sources(self, table: str) -> dict[str, str]:
        """Column of the new table → what its rows get there, where that is not the column itself."""
        made: dict[str, str] = {}
        quoted = self.writer.name
        for change in self.changes:
            if change.table != table:
                continue
            match change:
                case ReplaceColumn(old=old, new=new, kept=kept, drop=drop) if self.back:
                    made[old.name] = (
                        quoted(new.name) if drop else f"COALESCE({quoted(kept)}, {quoted(new.name)})"
                    )
                case ReplaceColumn(old=old, new=new, kept=kept, drop=drop):
                    made[new.name] = quoted(old.name)
                    made |= {} if drop else {kept: quoted(old.name)}
                case AddColumn(column=column, fill=fill) if fill and not self.back:
                    made[column.name] = sql_value(fill)
                case ChangeColumn(new=column, fill=fill) if fill and not self.back:
                    made[column.name] = f"COALESCE({quoted(column.name)}, {sql_value(fill)})"
        return made


def _table_of(one: Difference) -> str:
    table = one.table
    return table if isinstance(table, str) else table.name
