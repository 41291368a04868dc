"""The `Schema` facade and `DB::connection()->getSchemaBuilder()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from trueup.model.locations import Location
from trueup.model.schema import Index, Table
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.runtime.blueprint_object import BlueprintObject
from trueup.sources.laravel.runtime.data import plain
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, Closure, HostObject, Missing, PhpArray, Unknown, Value
from trueup.sources.sql import ddl

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

_BUILDERS = {
    "mysql": "MySqlBuilder",
    "mariadb": "MariaDbBuilder",
    "pgsql": "PostgresBuilder",
    "sqlite": "SQLiteBuilder",
}


class SchemaBuilder(HostObject):
    """`elsewhere`: of a connection that is not the one replayed; what it builds is noted, not carried out."""

    __slots__ = ("elsewhere", "host")

    def __init__(self, host: LaravelHost, elsewhere: str = "") -> None:
        self.host = host
        self.elsewhere = elsewhere

    @property
    def php_class(self) -> str:
        return "Illuminate\\Database\\Schema\\" + _BUILDERS[self.host.world.settings.driver]

    def ancestors(self) -> tuple[str, ...]:
        return ("Illuminate\\Database\\Schema\\Builder",)

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        import trueup.sources.laravel.runtime.schema_looks  # noqa: F401  # registers its methods

        lowered = method.lower()
        handler = _METHODS.get(lowered)
        if handler is not None:
            return handler(self, args, ctx)
        if lowered in _SETTINGS:
            return self._setting(lowered, args, ctx)
        macros = self.host.world.macros
        macro = macros.get("schema", {}).get(lowered) or macros.get("builder", {}).get(lowered)
        if macro is not None:
            return ctx.invoke(macro.bind(self) if isinstance(macro, Closure) else macro, args)
        return MISSING

    # Building

    def blueprint(self, table: str, at: Location) -> Blueprint:
        return Blueprint(table, self.host.world.settings, at)

    def build(self, blueprint: Blueprint, callback: Value, ctx: Context) -> None:
        """Fills the blueprint, then carries it out."""
        world = self.host.world
        world.open_blueprints.append(blueprint)
        try:
            if callback is not None:
                given = BlueprintObject(blueprint, self.host)
                resolver = world.macros.get("schema resolver", {}).get("resolver")
                ctx.invoke(
                    callback, [self._resolved(resolver, given, ctx) if resolver is not None else given]
                )
        finally:
            world.open_blueprints = [b for b in world.open_blueprints if b is not blueprint]
        if not self.elsewhere:
            world.build(blueprint, ctx)

    def _resolved(self, resolver: Value, given: BlueprintObject, ctx: Context) -> Value:
        ctx.gap(
            "a Blueprint class of the project's own is used; only the framework's methods are known",
            "unknown-macro",
        )
        return given

    def table_name(self, args: Args, ctx: Context, index: int = 0, name: str = "table") -> str | None:
        """The table, or None after a gap."""
        value = plain(args.get(index, name))
        if isinstance(value, Unknown):
            ctx.gap(f"the table's name can't be told: {value.reason}", "dynamic-name")
            return None
        if isinstance(value, HostObject):
            text = ctx.to_string(value)
            return text if isinstance(text, str) else None
        return str(value)

    # Looking

    def real_table(self, name: str) -> Table | None:
        world = self.host.world
        return world.table(world.prefixed(name)) if not self.elsewhere else None

    def has_table(self, table: str) -> bool:
        return self.real_table(table) is not None

    def has_column(self, table: str, column: str) -> bool:
        found = self.real_table(table)
        return found is not None and found.column(column) is not None

    def indexes(self, table: str) -> tuple[Index, ...]:
        found = self.real_table(table)
        return found.indexes if found else ()

    def has_index(self, table: str, index: Value, kind: Value) -> bool:
        wanted = [str(v) for v in index.values()] if isinstance(index, PhpArray) else None
        word = kind.lower() if isinstance(kind, str) else None
        for candidate in self.indexes(table):
            same = (
                list(candidate.columns) == wanted
                if wanted is not None
                else candidate.name.lower() == str(index).lower()
            )
            if same and _kind_matches(candidate, word):
                return True
        return False

    def _setting(self, name: str, args: Args, ctx: Context) -> Value:
        value = args.get(0)
        settings = self.host.world.settings
        if isinstance(value, Unknown):
            ctx.gap(f"the argument of {name}() can't be told: {value.reason}", "unknown-value")
        elif name == "defaultstringlength" and isinstance(value, int | str):
            settings.default_string_length = int(value)
        elif name == "defaulttimeprecision":
            settings.default_time_precision = int(value) if isinstance(value, int) else None
        elif name == "defaultmorphkeytype":
            settings.default_morph_key_type = str(value)
        elif name in ("morphusinguuids", "morphusingulids"):
            settings.default_morph_key_type = name.removeprefix("morphusing").removesuffix("s")
        elif name == "usenativeschemaoperationsifpossible":
            settings.native = value is not False
        return None


_SETTINGS = {
    "defaultstringlength",
    "defaulttimeprecision",
    "defaultmorphkeytype",
    "morphusinguuids",
    "morphusingulids",
    "usenativeschemaoperationsifpossible",
}
Handler = Callable[[SchemaBuilder, Args, Context], "Value | Missing"]
_H = TypeVar("_H", bound=Handler)
_METHODS: dict[str, Handler] = {}


def schema_method(*names: str) -> Callable[[_H], _H]:
    def register(handler: _H) -> _H:
        for name in names:
            _METHODS[name.lower()] = handler
        return handler

    return register


def _kind_matches(index: Index, word: str | None) -> bool:
    if word is None:
        return True
    return (word == "primary" and index.primary) or (word == "unique" and index.unique) or word == index.kind


@schema_method("create")
def create(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    name = builder.table_name(args, ctx)
    if name is not None:
        blueprint = builder.blueprint(name, args.at)
        blueprint.add_command("create")
        builder.build(blueprint, args.get(1, "callback"), ctx)
    return None


@schema_method("table")
def table(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    name = builder.table_name(args, ctx)
    if name is not None:
        builder.build(builder.blueprint(name, args.at), args.get(1, "callback"), ctx)
    return None


def _command(builder: SchemaBuilder, args: Args, ctx: Context, command: str, **attributes: object) -> Value:
    name = builder.table_name(args, ctx, 0, "from" if command == "rename" else "table")
    if name is not None:
        blueprint = builder.blueprint(name, args.at)
        blueprint.add_command(command, **attributes)
        builder.build(blueprint, None, ctx)
    return None


@schema_method("drop")
def drop(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _command(builder, args, ctx, "drop")


@schema_method("dropIfExists")
def drop_if_exists(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _command(builder, args, ctx, "dropIfExists")


@schema_method("rename")
def rename(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    to = builder.table_name(args, ctx, 1, "to")
    return None if to is None else _command(builder, args, ctx, "rename", to=to)


@schema_method("dropColumns")
def drop_columns(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    columns = plain(args.get(1, "columns"))
    if isinstance(columns, Unknown):
        ctx.gap(f"the columns to drop can't be told: {columns.reason}", "dynamic-name")
        return None
    return _command(
        builder, args, ctx, "dropColumn", columns=columns if isinstance(columns, list) else [columns]
    )


def _has_column(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    from trueup.sources.laravel.runtime.schema_looks import has_column

    return has_column(builder, args, ctx)


def _has_index(builder: SchemaBuilder, args: Args, ctx: Context, kind: int) -> Value:
    from trueup.sources.laravel.runtime.schema_looks import asked_index

    return asked_index(builder, args, ctx, kind)


def _when(builder: SchemaBuilder, args: Args, ctx: Context, holds: bool, callback: int) -> Value:
    return (
        table(builder, Args([args.get(0, "table"), args.get(callback, "callback")], at=args.at), ctx)
        if holds
        else None
    )


@schema_method("whenTableHasColumn")
def when_has_column(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _when(builder, args, ctx, _has_column(builder, args, ctx) is True, 2)


@schema_method("whenTableDoesntHaveColumn")
def when_has_no_column(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _when(builder, args, ctx, _has_column(builder, args, ctx) is False, 2)


@schema_method("whenTableHasIndex")
def when_has_index(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _when(builder, args, ctx, _has_index(builder, args, ctx, 3) is True, 2)


@schema_method("whenTableDoesntHaveIndex")
def when_has_no_index(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _when(builder, args, ctx, _has_index(builder, args, ctx, 3) is False, 2)


@schema_method("dropAllTables")
def drop_all_tables(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    world = builder.host.world
    for name in world.server.table_names():
        world.execute(ddl.DropTable(name, if_exists=True, cascade=True, at=args.at), ctx)
    return None


def _constraints(builder: SchemaBuilder, args: Args, ctx: Context, on: bool) -> None:
    names = {"sqlite": "foreign_keys", "pgsql": "constraints"}
    name = names.get(builder.host.world.settings.driver, "foreign_key_checks")
    builder.host.world.execute(ddl.Session(name, "1" if on else "0", at=args.at), ctx)


@schema_method("enableForeignKeyConstraints")
def enable_constraints(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    _constraints(builder, args, ctx, True)
    return True


@schema_method("disableForeignKeyConstraints")
def disable_constraints(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    _constraints(builder, args, ctx, False)
    return True


@schema_method("withoutForeignKeyConstraints")
def without_constraints(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    _constraints(builder, args, ctx, False)
    try:
        return ctx.invoke(args.get(0, "callback"))
    finally:
        _constraints(builder, args, ctx, True)


@schema_method("getConnection")
def get_connection(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return builder.host.connection(builder.elsewhere)


@schema_method("connection", "setConnection")
def connection(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    name = args.get(0, "name")
    if isinstance(name, HostObject):
        return builder
    return SchemaBuilder(builder.host, builder.host.elsewhere(name, ctx))


@schema_method("blueprintResolver")
def blueprint_resolver(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    builder.host.world.macros.setdefault("schema resolver", {})["resolver"] = args.get(0)
    return None


@schema_method("ensureExtensionExists", "ensureVectorExtensionExists")
def ensure_extension(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    builder.host.world.execute(ddl.Noted("extension", str(args.get(0, default="vector")), at=args.at), ctx)
    return None


@schema_method(
    "createDatabase", "dropDatabaseIfExists", "dropAllViews", "dropAllTypes", "refreshDatabaseFile", "pragma"
)
def nothing(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return True


@schema_method("getCurrentSchemaName")
def current_schema(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    world = builder.host.world
    return {"sqlite": "main", "pgsql": "public"}.get(world.settings.driver, world.database)


@schema_method("getCurrentSchemaListing")
def current_schemas(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return PhpArray([current_schema(builder, args, ctx)])
