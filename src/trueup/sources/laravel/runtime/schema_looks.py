"""What the `Schema` facade answers about the schema as it stands: tables, columns, indexes, keys."""

from __future__ import annotations

from collections.abc import Callable

from trueup.model.schema import Column, ForeignKey, Index, Table
from trueup.sources.laravel.runtime.data import listed, plain
from trueup.sources.laravel.runtime.schema_builder import SchemaBuilder, schema_method
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, PhpArray, Unknown, Value


@schema_method("hasTable")
def has_table(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    known = args.known()
    if known is not None:
        return known
    name = str(plain(args.get(0, "table")))
    return builder.host.world.ask("hasTable", name, builder.has_table(name), args.at)


@schema_method("hasView")
def has_view(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return args.known() or builder.host.world.server.has_view(builder.host.world.prefixed(str(args.get(0))))


@schema_method("hasColumn")
def has_column(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    name, column = plain(args.get(0, "table")), plain(args.get(1, "column"))
    for value in (name, column):
        if isinstance(value, Unknown):
            return value
    world = builder.host.world
    return world.ask("hasColumn", str(name), builder.has_column(str(name), str(column)), args.at, str(column))


@schema_method("hasColumns")
def has_columns(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    known = args.known()
    if known is not None:
        return known
    name = str(plain(args.get(0, "table")))
    columns = [str(c) for c in listed(args.get(1, "columns"))]
    answer = all(builder.has_column(name, c) for c in columns)
    return builder.host.world.ask("hasColumns", name, answer, args.at, ", ".join(columns))


def asked_index(builder: SchemaBuilder, args: Args, ctx: Context, kind: int) -> Value:
    name, index = args.get(0, "table"), args.get(1, "index")
    if isinstance(name, Unknown) or isinstance(index, Unknown):
        return name if isinstance(name, Unknown) else index
    answer = builder.has_index(str(name), index, args.get(kind, "type"))
    return builder.host.world.ask("hasIndex", str(name), answer, args.at, str(plain(index)))


@schema_method("hasIndex")
def has_index(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return asked_index(builder, args, ctx, 2)


@schema_method("hasForeignKey")
def has_foreign_key(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    known = args.known()
    if known is not None:
        return known
    found = builder.real_table(str(args.get(0)))
    wanted = plain(args.get(1))
    keys_ = found.foreign_keys if found else ()
    return any(k.name == wanted or list(k.columns) == wanted for k in keys_)


def _each_of(builder: SchemaBuilder, args: Args, ctx: Context, read: Callable[[Table], Value]) -> Value:
    name = args.get(0, "table")
    if isinstance(name, Unknown):
        return name
    found = builder.real_table(str(name))
    return PhpArray() if found is None else read(found)


@schema_method("getColumnListing")
def get_column_listing(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _each_of(builder, args, ctx, lambda t: PhpArray([c.name for c in t.columns]))


@schema_method("getColumns")
def get_columns(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _each_of(builder, args, ctx, lambda t: PhpArray([column_array(c) for c in t.columns]))


@schema_method("getIndexes")
def get_indexes(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _each_of(builder, args, ctx, lambda t: PhpArray([index_array(i) for i in t.indexes]))


@schema_method("getIndexListing")
def get_index_listing(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _each_of(builder, args, ctx, lambda t: PhpArray([i.name.lower() for i in t.indexes]))


@schema_method("getForeignKeys")
def get_foreign_keys(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return _each_of(builder, args, ctx, lambda t: PhpArray([key_array(k) for k in t.foreign_keys]))


@schema_method("getColumnType")
def get_column_type(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    known = args.known()
    if known is not None:
        return known
    name, column = str(args.get(0)), str(args.get(1))
    found = builder.real_table(name)
    real = found.column(column) if found else None
    if real is None:
        raise ctx.throw(
            "InvalidArgumentException", f"There is no column with name '{column}' on table '{name}'."
        )
    settings = builder.host.world.settings
    if args.get(2) is True:
        return real.type
    if settings.major <= 10 and not settings.uses_native_operations:
        from trueup.sources.laravel.migrations.grammar.doctrine import read_column

        return read_column(real, settings.driver).type
    return type_name(real.type, settings.driver)


def type_name(type_: str, driver: str) -> str:
    """`type_name` of the framework's introspection: the bare word, PostgreSQL's own short names."""
    bare = type_.split("(", 1)[0].split(" ", 1)[0] if driver != "pgsql" else type_.split("(", 1)[0].strip()
    if driver != "pgsql":
        return bare
    zone = type_.endswith("with time zone")
    if bare.startswith("timestamp"):
        return "timestamptz" if zone else "timestamp"
    if bare.startswith("time"):
        return "timetz" if zone else "time"
    return {
        "character varying": "varchar",
        "character": "bpchar",
        "integer": "int4",
        "bigint": "int8",
        "smallint": "int2",
        "boolean": "bool",
        "double precision": "float8",
        "real": "float4",
    }.get(bare, bare)


@schema_method("getTables")
def get_tables(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    names = builder.host.world.server.table_names()
    return PhpArray([PhpArray.of({"name": n, "schema": None, "schema_qualified_name": n}) for n in names])


@schema_method("getTableListing", "getAllTables")
def get_table_listing(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return PhpArray(builder.host.world.server.table_names())


@schema_method("getViews", "getTypes", "getAllViews", "getAllTypes")
def get_views(builder: SchemaBuilder, args: Args, ctx: Context) -> Value:
    return PhpArray()


def column_array(column: Column) -> PhpArray:
    bare = column.type.split("(", 1)[0].split(" ", 1)[0]
    pairs: list[tuple[int | str, Value]] = [
        ("name", column.name),
        ("type_name", bare),
        ("type", column.type),
        ("collation", column.collation),
        ("nullable", column.nullable),
        ("default", column.default),
        ("auto_increment", column.auto_increment),
        ("comment", column.comment),
        ("generation", None),
    ]
    return PhpArray.of(pairs)


def index_array(index: Index) -> PhpArray:
    pairs: list[tuple[int | str, Value]] = [
        ("name", index.name.lower()),
        ("columns", PhpArray(index.columns)),
        ("type", index.kind),
        ("unique", index.unique),
        ("primary", index.primary),
    ]
    return PhpArray.of(pairs)


def key_array(key: ForeignKey) -> PhpArray:
    pairs: list[tuple[int | str, Value]] = [
        ("name", key.name),
        ("columns", PhpArray(key.columns)),
        ("foreign_schema", None),
        ("foreign_table", key.foreign_table),
        ("foreign_columns", PhpArray(key.foreign_columns)),
        ("on_update", key.on_update),
        ("on_delete", key.on_delete),
    ]
    return PhpArray.of(pairs)
