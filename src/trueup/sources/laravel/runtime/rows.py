"""The rows that migrations themselves write. Tables are empty while migrations run, but for these.

A row is a map from column to value; a value that could not be told is an Unknown. A table of which it is no longer sure what it
holds is `uncertain`: reads from it are Unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from trueup.sources.php.values import Unknown, Value
from trueup.sources.sql import ddl
from trueup.structs import Struct, field, replace

Row = dict[str, Value]
_RESUMES = re.compile(r"\bsetval\b|\brestart\b", re.I)


class TableRows(Struct):
    """`next_id`: the number that the server gives to a row without a key. `sequence`: PostgreSQL's, which a key that is given does
    not move."""

    rows: list[Row] = field(default_factory=list)
    next_id: int = 1
    uncertain: Unknown | None = None
    generation: int = 0
    """The snapshot after which the list was made."""
    rows_of: int = 0
    """The same of the rows in it, as far as they were there before."""
    sequence: bool = False
    highest: int = 0
    """The highest key that a row was given by hand."""

    def copy(self, generation: int) -> TableRows:
        return replace(self, rows=[dict(r) for r in self.rows], generation=generation, rows_of=generation)

    def appendable(self, generation: int) -> TableRows:
        """The same rows in a list of its own."""
        return replace(self, rows=list(self.rows), generation=generation)


class Rows:
    """Keyed by the table's name with its prefix, in lower case. A snapshot shares the rows of every table that is not asked for
    afterwards: whoever asks for a table's rows may change them."""

    __slots__ = ("_generation", "sequences", "tables")

    def __init__(self, *, sequences: bool = False) -> None:
        self.tables: dict[str, TableRows] = {}
        self.sequences = sequences
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
            given = _number(row.get(key))
            if row.get(key) is None:
                row[key] = stored.next_id
                stored.next_id += 1
            elif given is not None:
                stored.highest = max(stored.highest, given)
                if not stored.sequence:
                    stored.next_id = max(stored.next_id, given + 1)
        stored.rows.append(row)
        return row.get(key) if key is not None else None

    def _new(self, table: str) -> TableRows:
        made = TableRows(generation=self._generation, rows_of=self._generation, sequence=self.sequences)
        self.tables[table.lower()] = made
        return made

    def collides(self, table: str, key: str) -> bool:
        """Whether the number that a sequence gives next is some row's already. It has given it away then."""
        stored = self.tables.get(table.lower())
        if stored is None or not stored.sequence or stored.next_id > stored.highest:
            return False
        if all(_number(row.get(key)) != stored.next_id for row in stored.rows):
            return False
        self.of(table).next_id += 1
        return True

    def resume(self, sql: str) -> None:
        """`SELECT setval(...)` and `ALTER SEQUENCE ... RESTART` put a sequence behind the rows: whose can't be told, so any's."""
        if _RESUMES.search(sql) is not None:
            for name in list(self.tables):
                stored = self.of(name)
                stored.sequence, stored.next_id = False, max(stored.next_id, stored.highest + 1)

    def doubt(self, table: str, reason: Unknown) -> None:
        stored = self.of(table)
        stored.uncertain, stored.sequence = reason, False

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

    def roll_back(self, saved: dict[str, TableRows]) -> None:
        """As the server does at the end of a transaction: numbers that a sequence gave away are not taken back."""
        given = {name: stored.next_id for name, stored in self.tables.items() if stored.sequence}
        self.restore(saved)
        for name, number in given.items():
            if name in self.tables and self.tables[name].next_id != number:
                self.of(name).next_id = number

    def restore(self, saved: object) -> None:
        assert isinstance(saved, dict)
        self._generation += 1
        self.tables = dict(saved)


def _number(value: Value) -> int | None:
    """A key as a number; migrations write it as a text, too."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) else None


def _each(stored: TableRows, change: Callable[[Row], object]) -> None:
    for row in stored.rows:
        change(row)


def _rename(row: Row, old: str, new: str) -> None:
    if old in row:
        row[new] = row.pop(old)
