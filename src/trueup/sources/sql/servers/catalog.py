"""What a server holds while statements are carried out: tables found by name in one step, copied only when they change.

A statement's changes are kept in a journal so that a refusal undoes them; a snapshot shares everything that is not changed
afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from trueup.model.locations import NOWHERE, Location
from trueup.model.schema import Check, Column, ForeignKey, Index, Note, Table
from trueup.structs import Struct, field


class TableState(Struct):
    """One table. The dictionaries go from a name's key (its spelling without case where the server ignores case) to the fact, in
    the server's order. `extra` keeps what one server alone knows ("identity:id" → "always")."""

    name: str
    columns: dict[str, Column] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)
    keys: dict[str, ForeignKey] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    at: Location = NOWHERE
    comment: str | None = None
    engine: str | None = None
    charset: str | None = None
    collation: str | None = None
    temporary: bool = False
    touched: tuple[Location, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    unknown_columns: bool = False
    """Made from a query that could not be read: any column may be there."""
    generation: int = 0
    frozen: Table | None = None

    def copy(self, generation: int) -> TableState:
        return TableState(
            self.name,
            dict(self.columns),
            dict(self.indexes),
            dict(self.keys),
            dict(self.checks),
            self.at,
            self.comment,
            self.engine,
            self.charset,
            self.collation,
            self.temporary,
            self.touched,
            dict(self.extra),
            self.unknown_columns,
            generation,
        )

    def freeze(self) -> Table:
        if self.frozen is None:
            self.frozen = Table(
                self.name,
                tuple(self.columns.values()),
                tuple(sorted(self.indexes.values(), key=lambda index: (not index.primary, index.name))),
                tuple(sorted(self.keys.values(), key=_key_order)),
                tuple(sorted(self.checks.values(), key=lambda check: (check.name or "", check.expression))),
                self.at,
                self.comment,
                self.engine,
                self.collation,
                self.touched,
            )
        return self.frozen


def _key_order(key: ForeignKey) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
    return key.name or "", key.columns, key.foreign_table, key.foreign_columns


class Relation(NamedTuple):
    """Who owns a name that is unique in the whole schema. `kind`: "table", "index", "sequence", "view", "type"."""

    kind: str
    table: str


class Snapshot(Struct, frozen=True):
    """All of a catalog at one moment; restoring it any number of times is allowed."""

    tables: dict[str, TableState]
    names: dict[str, Relation]
    notes: dict[tuple[str, str], Note]
    types: dict[str, tuple[str, ...]]
    referencing: dict[str, dict[str, int]]
    touched: int = 0
    """How many changes of tables there had been."""


class Look(Struct, frozen=True):
    """The tables at one moment, temporary ones left out, by name. `changes`: how many had been seen to change."""

    tables: Mapping[str, Table] = MappingProxyType({})
    changes: int = 0


_MISSING = object()


class Catalog:
    """`names` are the schema-wide names (PostgreSQL's relations, SQLite's indexes, MySQL's constraints); `referencing` has for
    each table's key the tables whose foreign keys point to it, with their number."""

    def __init__(self) -> None:
        self.tables: dict[str, TableState] = {}
        self.names: dict[str, Relation] = {}
        self.notes: dict[tuple[str, str], Note] = {}
        self.types: dict[str, tuple[str, ...]] = {}
        self.referencing: dict[str, dict[str, int]] = {}
        self._generation = 1
        self._journal: list[tuple[dict[Any, Any], Any, Any]] = []
        self._touched: list[str] = []
        self._seen = 0
        self._by_key: dict[str, Table] = {}
        self._by_name: dict[str, Table] = {}
        self._changes: list[str] = []

    # A statement's journal

    def begin(self) -> None:
        self._generation += 1
        self._journal.clear()

    def undo(self) -> None:
        for target, key, old in reversed(self._journal):
            if target is self.tables:
                self._touched.append(key)
            if old is _MISSING:
                target.pop(key, None)
            else:
                target[key] = old
        self._journal.clear()

    def _put(self, target: dict[Any, Any], key: Any, value: Any) -> None:
        self._journal.append((target, key, target.get(key, _MISSING)))
        target[key] = value

    def _pop(self, target: dict[Any, Any], key: Any) -> None:
        if key in target:
            self._journal.append((target, key, target.pop(key)))

    # Tables

    def add_table(self, key: str, table: TableState) -> None:
        table.generation = self._generation
        self._touched.append(key)
        self._put(self.tables, key, table)

    def drop_table(self, key: str) -> None:
        self._touched.append(key)
        self._pop(self.tables, key)

    def change(self, key: str) -> TableState:
        """The table, ready to be changed by this statement."""
        table = self.tables[key]
        if table.generation != self._generation:
            table = table.copy(self._generation)
            self._put(self.tables, key, table)
        table.frozen = None
        self._touched.append(key)
        return table

    # Looks

    def look(self) -> Look:
        """The tables as they are now. Costs what has changed since the last look, and a copy of the names."""
        touched = dict.fromkeys(self._touched[self._seen :])
        self._seen = len(self._touched)
        for key in touched:
            old = self._by_key.pop(key, None)
            if old is not None:
                self._by_name.pop(old.name, None)
                self._changes.append(old.name)
        for key in touched:
            state = self.tables.get(key)
            if state is not None and not state.temporary:
                self._by_key[key] = self._by_name[state.name] = state.freeze()
                self._changes.append(state.name)
        return Look(dict(self._by_name), len(self._changes))

    def changed(self, before: Look, after: Look) -> list[str]:
        """The names of the tables that may differ between two looks, the earlier one first; sorted."""
        return sorted(set(self._changes[before.changes : after.changes]))

    # Names, notes, types

    def claim(self, key: str, kind: str, table: str) -> None:
        self._put(self.names, key, Relation(kind, table))

    def release(self, key: str) -> None:
        self._pop(self.names, key)

    def add_note(self, note: Note, key: str) -> None:
        self._put(self.notes, (note.kind, key), note)

    def drop_note(self, kind: str, key: str) -> None:
        self._pop(self.notes, (kind, key))

    def add_type(self, name: str, values: tuple[str, ...]) -> None:
        self._put(self.types, name, values)

    def drop_type(self, name: str) -> None:
        self._pop(self.types, name)

    # References

    def refer(self, child: str, parent: str, difference: int) -> None:
        """`child` gained or lost foreign keys to `parent`."""
        counts = dict(self.referencing.get(parent, {}))
        counts[child] = counts.get(child, 0) + difference
        if counts[child] <= 0:
            del counts[child]
        if counts:
            self._put(self.referencing, parent, counts)
        else:
            self._pop(self.referencing, parent)

    def children(self, parent: str) -> Iterator[str]:
        """The keys of the tables that refer to `parent`, itself included where it does."""
        return iter(sorted(self.referencing.get(parent, {})))

    # Snapshots

    def snapshot(self) -> Snapshot:
        self._generation += 1
        return Snapshot(
            dict(self.tables),
            dict(self.names),
            dict(self.notes),
            dict(self.types),
            dict(self.referencing),
            len(self._touched),
        )

    def restore(self, snapshot: Snapshot) -> None:
        self._generation += 1
        self._journal.clear()
        self._touched.extend(dict.fromkeys(self._touched[snapshot.touched :]))
        self.tables = dict(snapshot.tables)
        self.names = dict(snapshot.names)
        self.notes = dict(snapshot.notes)
        self.types = dict(snapshot.types)
        self.referencing = dict(snapshot.referencing)
