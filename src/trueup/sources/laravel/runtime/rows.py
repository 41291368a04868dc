"""The rows that migrations themselves write. Tables are empty while migrations run, but for these.

A row is a map from column to value; a value that could not be told is an Unknown. A table of which it is no longer sure what it
holds is `uncertain`: reads from it are Unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from trueup.sources.php.values import Unknown, Value
from trueup.sources.sql import ddl
from trueup.structs import Struct, field

Row = dict[str, Value]


class TableRows(Struct):
    rows: list[Row] = field(default_factory=list)
    next_id: int = 1
    uncertain: Unknown | None = None
    generation: int = 0
    """The snapshot after which the list was made."""
    rows_of: int = 0
    """The same of the rows in it, as far as they were there before."""

    def copy(self, generation: int) -> TableRows:
        return TableRows([dict(r) for r in self.rows], self.next_id, self.uncertain, generation, generation)

    def appendable(self, generation: int) -> TableRows:
        """The same rows in a list of its own."""
        return TableRows(list(self.rows), self.next_id, self.uncertain, generation, self.rows_of)


class Rows:
    """Keyed by the table's name with its prefix, in lower case. A snapshot shares the rows of every table that is not asked for
    afterwards: whoever asks for a table's rows may change them."""

    __slots__ = ("_generation", "tables")

    def __init__(self) -> None:
        self.tables: dict[str, TableRows] = {}
        self._generation = 0

    def of(self, table: str) -> TableRows:
        found = self.peek(table)
        if found is None:
            found = self._new(table)
        return found

    def peek(self, table: str) -> TableRows | None:
        found = self.tables.get(table.lower())
        if found is not None and found.rows_of != self._generation:
            found = self.tables[table.lower()] = found.copy(self._generation)
        return found

    def insert(self, table: str, row: Row, key: str | None) -> Value:
        """The new row's key: as given, else counted up when the table counts."""
        stored = self.tables.get(table.lower()) or self._new(table)
        if stored.generation != self._generation:
            stored = self.tables[table.lower()] = stored.appendable(self._generation)
        if key is not None:
            given = row.get(key)
            if given is None:
                row[key] = stored.next_id
                stored.next_id += 1
            elif isinstance(given, int):
                stored.next_id = max(stored.next_id, given + 1)
        stored.rows.append(row)
        return row.get(key) if key is not None else None

    def _new(self, table: str) -> TableRows:
        made = TableRows(generation=self._generation, rows_of=self._generation)
        self.tables[table.lower()] = made
        return made

    def doubt(self, table: str, reason: Unknown) -> None:
        self.of(table).uncertain = reason

    def drop(self, table: str) -> None:
        self.tables.pop(table.lower(), None)

    def rename(self, table: str, to: str) -> None:
        found = self.tables.pop(table.lower(), None)
        if found is not None:
            self.tables[to.lower()] = found

    def truncate(self, table: str) -> None:
        self.tables.pop(table.lower(), None)

    def alter(self, statement: ddl.AlterTable) -> None:
        stored = self.peek(statement.table)
        for action in statement.actions:
            if isinstance(action, ddl.RenameTo):
                self.rename(statement.table, action.name)
            elif stored is None:
                continue
            elif isinstance(action, ddl.RenameColumn):
                _each(stored, lambda row, a=action: _rename(row, a.name, a.to))  # type: ignore[misc]  # bound at once
            elif isinstance(action, ddl.ModifyColumn) and action.column.name != action.name:
                _each(stored, lambda row, a=action: _rename(row, a.name, a.column.name))  # type: ignore[misc]  # bound at once
            elif isinstance(action, ddl.DropColumn):
                _each(stored, lambda row, a=action: row.pop(a.name, None))  # type: ignore[misc]  # bound at once

    def keep_over_rebuild(self, statements: Iterable[ddl.Statement]) -> dict[str, TableRows]:
        """SQLite tables that are dropped and made again in one go keep their rows."""
        dropped = {s.table.lower() for s in statements if isinstance(s, ddl.DropTable) and not s.if_exists}
        again = {s.table.lower() for s in statements if isinstance(s, ddl.CreateTable)}
        again |= {s.to.lower() for s in statements if isinstance(s, ddl.RenameTable)}
        return {t: self.tables[t].copy(self._generation) for t in dropped & again if t in self.tables}

    def take_back(self, kept: dict[str, TableRows]) -> None:
        for table, stored in kept.items():
            self.tables[table] = stored

    def snapshot(self) -> dict[str, TableRows]:
        self._generation += 1
        return dict(self.tables)

    def restore(self, saved: object) -> None:
        assert isinstance(saved, dict)
        self._generation += 1
        self.tables = dict(saved)


def _each(stored: TableRows, change: Callable[[Row], object]) -> None:
    for row in stored.rows:
        change(row)


def _rename(row: Row, old: str, new: str) -> None:
    if old in row:
        row[new] = row.pop(old)
