"""What a server holds: tables, columns, indexes, keys. Nouns only.

Everything is spelled as the server of that driver reports it through Laravel's own introspection
(`Schema::getColumns()`, `getIndexes()`, `getForeignKeys()`), implied things included."""

from __future__ import annotations

from trueup.model.locations import NOWHERE, Gap, Location
from trueup.model.names import Driver
from trueup.structs import Struct, field

UNTOLD = "(an expression)"
"""Stands for the expression of a column or index that is there and that the server does not spell."""


class Column(Struct, frozen=True):
    """`type` as the server reports it ("bigint unsigned", "character varying(255)", "varchar"); `default` is the
    server's own text (quoted strings included) or None for no default; an expression default keeps its text.
    `values` are an ENUM's or SET's, in order. `unknown` names parts that could not be read ("type", "default",
    "nullable"): a check that needs one answers "cannot tell"."""

    name: str
    type: str
    nullable: bool = False
    default: str | None = None
    auto_increment: bool = False
    at: Location = NOWHERE
    comment: str | None = None
    collation: str | None = None
    charset: str | None = None
    on_update: str | None = None
    generated: str | None = None
    stored: bool = False
    values: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    identity: bool = False
    """PostgreSQL's GENERATED AS IDENTITY, which the framework's introspection does not call auto-increment."""

    @property
    def counts(self) -> bool:
        """Whether the server numbers rows by it where an INSERT leaves it out."""
        return self.auto_increment or self.identity


class Index(Struct, frozen=True):
    """`columns` in key order; an expression part stands as its text in `expressions` and is absent from `columns`, as in
    Laravel's introspection. `kind`: "btree", "fulltext", "spatial", "gin", "gist", "hash", "vector", ... `where` is a
    partial index's predicate. `implied`: made by the server itself (InnoDB's index for a foreign key).
    `prefix_lengths` aligns with `columns` (0 for whole) or is empty."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    primary: bool = False
    at: Location = NOWHERE
    kind: str = "btree"
    where: str | None = None
    expressions: tuple[str, ...] = ()
    implied: bool = False
    prefix_lengths: tuple[int, ...] = ()


class ForeignKey(Struct, frozen=True):
    """`name` is None on SQLite. Actions are lower case as the server reports: "cascade", "restrict", "set null",
    "set default", "no action"."""

    name: str | None
    columns: tuple[str, ...]
    foreign_table: str
    foreign_columns: tuple[str, ...]
    on_delete: str = "no action"
    on_update: str = "no action"
    at: Location = NOWHERE


class Check(Struct, frozen=True):
    """A CHECK constraint. `values` when it is a plain list of allowed values for the one column in `columns`."""

    name: str | None
    expression: str
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    at: Location = NOWHERE


class Table(Struct, frozen=True):
    name: str
    columns: tuple[Column, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    at: Location = NOWHERE
    comment: str | None = None
    engine: str | None = None
    collation: str | None = None
    touched: tuple[Location, ...] = ()
    """Every statement that changed the table after its creation, in order."""

    def column(self, name: str) -> Column | None:
        for column in self.columns:  # nearly always written as it is
            if column.name == name:
                return column
        lowered = name.lower()
        return next((c for c in self.columns if c.name.lower() == lowered), None)

    @property
    def primary_key(self) -> Index | None:
        return next((i for i in self.indexes if i.primary), None)


class Note(Struct, frozen=True):
    """Something on the server that is listed but not compared: a view, a trigger, a routine, a type, an extension."""

    kind: str
    name: str
    at: Location = NOWHERE
    text: str = ""
    table: str = ""


class Failure(Struct, frozen=True):
    """A migration that the server (or PHP) would refuse. `migration` is the file's stem; `at` the line that causes it;
    `reason` is the server's own words as far as they can be told; `code` its SQLSTATE or error number, or ""."""

    migration: str
    at: Location
    reason: str
    code: str = ""


_ANY_CASE = "\0"
"""Before a name in lower case, where exact names are keys too."""


class Schema(Struct, frozen=True):
    """Tables sorted by name. `framework` is "laravel 12.25.0" or ""."""

    driver: Driver
    tables: tuple[Table, ...] = ()
    notes: tuple[Note, ...] = ()
    failures: tuple[Failure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    framework: str = ""
    server_version: str = ""
    _by_name: dict[str, Table] = field(default_factory=dict, init=False, compare=False, shown=False)
    """Made when first asked: tables by name, and the first of those that differ in case only."""
    _referring: dict[str, tuple[tuple[Table, ForeignKey], ...]] = field(
        default_factory=dict, init=False, compare=False, shown=False
    )

    def table(self, name: str) -> Table | None:
        """The table of this name, or else the first whose name differs in case only."""
        if not self._by_name:
            for table in reversed(self.tables):
                self._by_name[_ANY_CASE + table.name.lower()] = table
            self._by_name.update((table.name, table) for table in reversed(self.tables))
        return self._by_name.get(name) or self._by_name.get(_ANY_CASE + name.lower())

    def keys_to(self, table: str) -> tuple[tuple[Table, ForeignKey], ...]:
        """Every foreign key that refers to a table of this name, in whatever case, with the table that has it."""
        if not self._referring:
            found: dict[str, list[tuple[Table, ForeignKey]]] = {"": []}
            for child in self.tables:
                for key in child.foreign_keys:
                    found.setdefault(key.foreign_table.lower(), []).append((child, key))
            self._referring.update((name, tuple(keys)) for name, keys in found.items())
        return self._referring.get(table.lower(), ())
