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

    def copy(self) -> TableRows:
        return TableRows([dict(r) for r in self.rows], self.next_id, self.uncertain)


class Rows:
    """Keyed by the table's name with its prefix, in lower case."""

    __slots__ = ("tables",)

    def __init__(self) -> None:
        self.tables: dict[str, TableRows] = {}

    def of(self, table: str) -> TableRows:
        return self.tables.setdefault(table.lower(), TableRows())

    def peek(self, table: str) -> TableRows | None:
        return self.tables.get(table.lower())

    def insert(self, table: str, row: Row, key: str | None) -> Value:
        """The new row's key: as given, else counted up when the table counts."""
        stored = self.of(table)
        if key is not None:
            given = row.get(key)
            if given is None:
                row[key] = stored.next_id
                stored.next_id += 1
            elif isinstance(given, int):
                stored.next_id = max(stored.next_id, given + 1)
        stored.rows.append(row)
        return row.get(key) if key is not None else None

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
        stored = self.tables.get(statement.table.lower())
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
        return {t: self.tables[t].copy() for t in dropped & again if t in self.tables}

    def take_back(self, kept: dict[str, TableRows]) -> None:
        for table, stored in kept.items():
            self.tables[table] = stored

    def snapshot(self) -> dict[str, TableRows]:
        return {name: stored.copy() for name, stored in self.tables.items()}

    def restore(self, saved: object) -> None:
        assert isinstance(saved, dict)
        self.tables = {name: stored.copy() for name, stored in saved.items()}


def _each(stored: TableRows, change: Callable[[Row], object]) -> None:
    for row in stored.rows:
        change(row)


def _rename(row: Row, old: str, new: str) -> None:
    if old in row:
        row[new] = row.pop(old)
