"""Eloquent models and factories, as read from the code."""

from __future__ import annotations

from trueup.model.locations import NOWHERE, Location
from trueup.structs import Struct, field


class Cast(Struct, frozen=True):
    attribute: str
    cast: str
    at: Location = NOWHERE


class Attribute(Struct, frozen=True):
    """A name in `$fillable`, `$guarded`, `$hidden`, `$appends`, ... with its line."""

    name: str
    at: Location = NOWHERE


class Relation(Struct, frozen=True):
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
    related_key: str | None = None
    """Many-to-many: the related model's column that the pivot refers to. (`local_key` is the parent's; for belongsTo and morphTo
    it is the owner's key, a column of the related table.)"""
    through_local_key: str | None = None
    """Through relations: the intermediate model's column that `through_second_key` refers to."""
    using: str = ""
    """Many-to-many: the pivot's class, where one is named."""


class Hook(Struct, frozen=True):
    """Code that runs on a model event ("creating", "saving", "deleting", ...), from a boot method, an observer or
    `$dispatchesEvents`. `writes` are the attributes that it sets on the model for sure or perhaps; `calls` what it does to
    others that matters to keys ("delete" of a relation is "relation->delete")."""

    event: str
    at: Location
    writes: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


class Model(Struct, frozen=True):
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
    """Parts that could not be read: "table", "fillable", "casts", "relations", ..."""
    visible: tuple[Attribute, ...] = ()
    dates: tuple[Attribute, ...] = ()
    """`$dates`, where the framework still reads it (up to 9)."""
    eager: tuple[Attribute, ...] = ()
    """`$with`: relations loaded with every query."""
    touches: tuple[Attribute, ...] = ()
    unique_ids: tuple[str, ...] = ()
    """Columns that HasUuids, HasUlids or the like fill by themselves."""
    global_scopes: tuple[Attribute, ...] = ()
    """Classes or names given to `addGlobalScope` or `#[ScopedBy]`; "" for a closure without a name."""
    observers: tuple[Attribute, ...] = ()
    hooks: tuple[Hook, ...] = ()
    route_key: str = ""
    """The column of route model binding where it is not the key."""
    morph_alias: str = ""
    """The model's name in the morph map, if it has one."""
    outside: tuple[str, ...] = ()
    """Traits and parents that are neither the project's nor the framework's: they may add columns, casts, scopes and relations."""
    overrides: tuple[str, ...] = ()
    """Methods of the framework by which attributes are read and written, or keys named, where the project's code has its own, in
    lower case: "setattribute", "getattribute", "save", "performinsert", "getforeignkey", ..."""

    @property
    def short(self) -> str:
        return self.name.rsplit("\\", 1)[-1]


class FactoryValue(Struct, frozen=True):
    """What a factory writes into a column, as far as it is written down: `values` are all that may come (null is None), texts of
    literals, of enum cases, and of lists that one is picked from. `model`: the key of a row that the model's factory makes."""

    column: str
    at: Location
    values: tuple[str | None, ...] = ()
    model: str = ""


class Factory(Struct, frozen=True):
    """`model` fully qualified or None; `columns` are the keys of `definition()`, `state_columns` those that other methods set
    (states, afterMaking and the like). `complete`: all keys of the definition could be told."""

    name: str
    at: Location
    model: str | None
    columns: tuple[Attribute, ...] = ()
    state_columns: tuple[Attribute, ...] = ()
    complete: bool = True
    values: tuple[FactoryValue, ...] = ()
    """Of `definition()` and of states, where they can be told."""


class EnumClass(Struct, frozen=True):
    """An enum of the project. `cases` are (name, value) pairs; the value of a pure enum's case is its name."""

    name: str
    at: Location
    backing: str = ""
    cases: tuple[tuple[str, str], ...] = ()


class TestFile(Struct, frozen=True):
    """A test file and the tables and models that it names."""

    path: str
    tables: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    database: bool = False
    """Uses RefreshDatabase, DatabaseTransactions, DatabaseMigrations or the like, itself or through a base class or Pest.php."""
    creates: tuple[str, ...] = ()
    """Tables that the test makes itself (`Schema::create`): its own copy of the schema."""
    mocks: tuple[str, ...] = ()
    """Classes that it mocks, fully qualified."""
    refusals: bool = False
    """It names an exception that the database throws where it refuses a row."""


class TableUse(Struct, frozen=True):
    """Code that names a table in a query: `DB::table('x')`, a model's static call, ... `kind`: "table", "model", "rule".
    Of code that makes the table, outside of the migrations: "creation" (the table "" where its name can't be told), or
    "test creation" where tests do; "migration" where a migration's `up()` says so, whatever it depends on."""

    table: str
    at: Location
    kind: str = "table"
    columns: tuple[str, ...] = ()


class Eloquent(Struct, frozen=True):
    models: tuple[Model, ...] = ()
    factories: tuple[Factory, ...] = ()
    tests: tuple[TestFile, ...] = ()
    uses: tuple[TableUse, ...] = ()
    creations: tuple[TableUse, ...] = ()
    """Tables that code makes which is no migration."""
    enums: tuple[EnumClass, ...] = ()
    """Enums that casts, factories or other models' facts may name: all backed enums of the project."""
    global_settings: tuple[Attribute, ...] = ()
    """What the project's code asks of all models: "unguard", "shouldBeStrict", "preventSilentlyDiscardingAttributes", ..."""
    test_models: tuple[Model, ...] = ()
    """Models that only test code declares: no part of the project's schema, but of its tests'."""
    _by_name: dict[str, Model] = field(default_factory=dict, init=False, compare=False, shown=False)
    _by_table: dict[str, tuple[Model, ...]] = field(
        default_factory=dict, init=False, compare=False, shown=False
    )
    """Both made when first asked, by names in lower case."""
    _written: dict[str, Model] = field(default_factory=dict, init=False, compare=False, shown=False)
    """Made when first asked: models by name as it is written, tests' own behind the project's."""

    def model(self, name: str) -> Model | None:
        if not self._by_name:
            self._by_name.update((m.name.lower(), m) for m in reversed(self.models))
        return self._by_name.get(name.lower())

    def model_or_tests(self, name: str) -> Model | None:
        """The model of this very name, be it one that only test code declares."""
        if not self._written:
            self._written.update((m.name, m) for m in (*reversed(self.test_models), *reversed(self.models)))
        return self._written.get(name)

    def models_of(self, table: str) -> tuple[Model, ...]:
        if not self._by_table:
            self._by_table[""] = ()
            for model in self.models:
                if model.table is not None and not model.abstract:
                    name = model.table.lower()
                    self._by_table[name] = (*self._by_table.get(name, ()), model)
        return self._by_table.get(table.lower(), ())
