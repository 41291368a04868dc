"""Eloquent models and factories, as read from the code."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.model.locations import NOWHERE, Location


@dataclass(frozen=True, slots=True)
class Cast:
    attribute: str
    cast: str
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name in `$fillable`, `$guarded`, `$hidden`, `$appends`, ... with its line."""

    name: str
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Relation:
    """`kind` is the Eloquent method ("belongsTo", "hasMany", "morphTo", ...); `related` the fully qualified class or "" where it
    can't be read. Column and table arguments are those given or, where omitted, the framework's defaults, resolved by the
    naming rules (reference/laravel-queries.md, section 4); None where they can't be told. `explicit` names the arguments that
    the code itself gives."""

    method: str
    kind: str
    related: str
    at: Location = NOWHERE
    foreign_key: str | None = None
    local_key: str | None = None
    pivot_table: str | None = None
    pivot_foreign_key: str | None = None
    pivot_related_key: str | None = None
    pivot_columns: tuple[str, ...] = ()
    morph_name: str | None = None
    morph_type: str | None = None
    morph_id: str | None = None
    through: str = ""
    through_first_key: str | None = None
    through_second_key: str | None = None
    one_of_many: bool = False
    pivot_timestamps: bool = False
    explicit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """`name` is the fully qualified class. `table` None where it can't be told; `table_explicit` where the code names it.
    `guarded` None: not declared. `traits` and `parents` fully qualified, nearest first. Timestamps columns None: off."""

    name: str
    at: Location
    table: str | None
    table_explicit: bool = False
    connection: str | None = None
    primary_key: str | None = "id"
    key_type: str = "int"
    incrementing: bool = True
    timestamps: bool = True
    created_at: str | None = "created_at"
    updated_at: str | None = "updated_at"
    soft_deletes: bool = False
    deleted_at: str = "deleted_at"
    fillable: tuple[Attribute, ...] = ()
    guarded: tuple[Attribute, ...] | None = None
    casts: tuple[Cast, ...] = ()
    defaults: tuple[Attribute, ...] = ()
    hidden: tuple[Attribute, ...] = ()
    appends: tuple[Attribute, ...] = ()
    accessors: tuple[Attribute, ...] = ()
    mutators: tuple[Attribute, ...] = ()
    scopes: tuple[Attribute, ...] = ()
    relations: tuple[Relation, ...] = ()
    properties: tuple[Attribute, ...] = ()
    """`@property` names of the PHPDoc."""
    factory: str | None = None
    traits: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    abstract: bool = False
    unknown: tuple[str, ...] = ()
    """Parts that could not be read: "fillable", "casts", ..."""

    @property
    def short(self) -> str:
        return self.name.rsplit("\\", 1)[-1]


@dataclass(frozen=True, slots=True)
class Factory:
    """`model` fully qualified or None; `columns` are the keys of `definition()`."""

    name: str
    at: Location
    model: str | None
    columns: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class TestFile:
    """A test file and the tables and models that it names."""

    path: str
    tables: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    database: bool = False
    """Uses RefreshDatabase, DatabaseTransactions, DatabaseMigrations or the like."""


@dataclass(frozen=True, slots=True)
class TableUse:
    """Code that names a table in a query: `DB::table('x')`, a model's static call, ... `kind`: "table", "model", "rule"."""

    table: str
    at: Location
    kind: str = "table"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eloquent:
    models: tuple[Model, ...] = ()
    factories: tuple[Factory, ...] = ()
    tests: tuple[TestFile, ...] = ()
    uses: tuple[TableUse, ...] = ()

    def models_of(self, table: str) -> tuple[Model, ...]:
        lowered = table.lower()
        return tuple(
            m for m in self.models if m.table is not None and m.table.lower() == lowered and not m.abstract
        )
