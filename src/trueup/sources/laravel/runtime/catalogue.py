"""The server's own catalogue, queried by migrations: information_schema, SHOW, PRAGMA, sqlite_master, pg_indexes.

The replayed schema is laid out as tables of an in-memory SQLite database, and the query is run there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.model.names import Driver
from trueup.model.schema import Column, Table
from trueup.sources.laravel.runtime.query import QueryBuilder, Where
from trueup.sources.laravel.runtime.schema_looks import type_name
from trueup.sources.php.host import Context
from trueup.sources.php.values import PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.world import World

Record = dict[str, Value]
_SCALARS = (str, int, float, bool, type(None))


def query_catalogue(query: QueryBuilder, ctx: Context) -> list[Record] | Unknown:
    """The rows of a query builder's query on the catalogue."""
    sql, values = _builder_sql(query)
    if any(w.opaque is not None for w in query.state.wheres) or not all(
        isinstance(v, _SCALARS) for v in values
    ):
        return ctx.unknown("the rows of the server's catalogue")
    return run(query.host.world, sql, values, ctx)


def _builder_sql(query: QueryBuilder) -> tuple[str, list[Value]]:
    state = query.state
    names = [f"{n} as {a}" if a else n for n, a in state.tables]
    conditions = [f"{a} {o} {b}" for a, o, b in state.joins]
    values: list[Value] = []
    conditions.extend(_where_sql(state.wheres, values))
    sql = f"select {', '.join(state.selects) or '*'} from {', '.join(names)}"
    return sql + (" where " + " and ".join(conditions) if conditions else ""), values


def _where_sql(wheres: list[Where], values: list[Value]) -> Iterable[str]:
    for where in wheres:
        if where.nested:
            yield "(" + " and ".join(_where_sql(where.nested, values)) + ")"
        elif where.operator in ("null", "not null"):
            yield f"{where.column} is {where.operator}"
        elif where.operator in ("in", "not in") and isinstance(where.value, PhpArray):
            values.extend(where.value.values())
            yield f"{where.column} {where.operator} ({', '.join('?' * len(where.value))})"
        else:
            values.append(where.value)
            yield f"{where.column} {where.operator} ?"


def run(world: World, sql: str, values: Iterable[Value], ctx: Context) -> list[Record] | Unknown:
    """A raw query on the catalogue."""
    shown = _show(world, sql)
    if shown is not None:
        return shown
    database = _database(world)
    text = re.sub(r"::\s*[a-z_]+(\[\])?", "", sql.replace("`", '"'))
    text = re.sub(r"\bpg_catalog\.", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\bsqlite_(master|schema)\b", "app_schema", text, flags=re.IGNORECASE)
    try:
        cursor = database.execute(text, [v if not isinstance(v, bool) else int(v) for v in values])
        names = [d[0] for d in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except (sqlite3.Error, sqlite3.Warning) as error:
        return ctx.unknown(f"the answer of the server's catalogue ({error})")
    finally:
        database.close()


def _show(world: World, sql: str) -> list[Record] | None:
    """MySQL's SHOW and SQLite's table pragmas."""
    text = sql.strip().rstrip(";")
    found = re.match(
        r"show\s+(?:full\s+)?(index|indexes|keys|columns|fields)\s+(?:from|in)\s+([`\w.]+)(.*)$",
        text,
        re.I | re.S,
    )
    if found:
        table = world.table(found[2].replace("`", "").rpartition(".")[2])
        read = _indexes if found[1].lower() in ("index", "indexes", "keys") else _columns
        rows = [] if table is None else list(read(table))
        return _filtered(rows, found[3])
    if re.match(r"show\s+(?:full\s+)?tables", text, re.I):
        return [
            {f"Tables_in_{world.database}": n, "Table_type": "BASE TABLE"} for n in world.server.table_names()
        ]
    pragma = re.match(r"pragma\s+(\w+)\s*\(\s*['\"`]?(\w+)['\"`]?\s*\)$", text, re.I)
    if pragma:
        table = world.table(pragma[2])
        return _pragma(pragma[1].lower(), table) if table is not None else []
    return None


def _filtered(rows: list[Record], condition: str) -> list[Record]:
    for name, value in re.findall(
        r"(?<!\w)`?(\w++)`?\s*+(?:=|like)\s*+['\"]([^'\"]*+)['\"]", condition, re.I
    ):
        rows = [
            r
            for r in rows
            if str({k.lower(): v for k, v in r.items()}.get(name.lower())).lower() == value.lower()
        ]
    like = re.match(r"\s*like\s+['\"]([^'\"]*)['\"]", condition, re.I)
    return [r for r in rows if r.get("Field") == like[1]] if like else rows


def _indexes(table: Table) -> Iterable[Record]:
    for index in table.indexes:
        for position, column in enumerate(index.columns, 1):
            yield {
                "Table": table.name,
                "Non_unique": 0 if index.unique or index.primary else 1,
                "Key_name": "PRIMARY" if index.primary else index.name,
                "Seq_in_index": position,
                "Column_name": column,
                "Index_type": index.kind.upper(),
            }


def _columns(table: Table) -> Iterable[Record]:
    for column in table.columns:
        yield {
            "Field": column.name,
            "Type": column.type,
            "Null": "YES" if column.nullable else "NO",
            "Key": _key_mark(table, column.name),
            "Default": column.default,
            "Extra": "auto_increment" if column.auto_increment else "",
            "Comment": column.comment or "",
        }


def _key_mark(table: Table, column: str) -> str:
    leading = [i for i in table.indexes if i.columns[:1] == (column,)]
    if any(column in i.columns for i in table.indexes if i.primary):
        return "PRI"
    if any(i.unique and len(i.columns) == 1 for i in leading):
        return "UNI"
    return "MUL" if leading else ""


def _pragma(name: str, table: Table) -> list[Record]:
    if name in ("table_info", "table_xinfo"):
        return [
            {
                "cid": n,
                "name": c.name,
                "type": c.type,
                "notnull": int(not c.nullable),
                "dflt_value": c.default,
                "pk": _pk(table, c.name),
            }
            for n, c in enumerate(table.columns)
        ]
    if name == "index_list":
        return [
            {"seq": n, "name": i.name, "unique": int(i.unique), "origin": "c", "partial": 0}
            for n, i in enumerate(i for i in table.indexes if not i.primary)
        ]
    if name == "foreign_key_list":
        return [
            {
                "id": n,
                "seq": 0,
                "table": k.foreign_table,
                "from": k.columns[0],
                "to": next(iter(k.foreign_columns), None),
            }
            for n, k in enumerate(table.foreign_keys)
        ]
    return []


def _pk(table: Table, column: str) -> int:
    key = table.primary_key
    return key.columns.index(column) + 1 if key is not None and column in key.columns else 0


# The catalogue's tables


def _database(world: World) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("attach ':memory:' as information_schema")
    schema = {"sqlite": "main", "pgsql": "public"}.get(world.settings.driver, world.database)
    for name in ("database", "schema", "current_schema"):
        database.create_function(name, 0, lambda: schema)
    database.create_function("concat", -1, lambda *parts: "".join(str(p) for p in parts))
    database.create_function("if", 3, lambda test, yes, no: yes if test else no)
    tables = [t for t in map(world.table, world.server.table_names()) if t is not None]
    for name, columns, rows in _catalogue(world, tables, schema):
        listed = ", ".join(f'"{c}" collate nocase' for c in columns)
        database.execute(f"create table {name} ({listed})")
        database.executemany(f"insert into {name} values ({', '.join('?' * len(columns))})", list(rows))
    return database


Rows = Iterable[tuple[object, ...]]
View = tuple[str, tuple[str, ...], Rows]


def _catalogue(world: World, tables: list[Table], schema: str) -> tuple[View, ...]:
    """Every view: its name, its columns and its rows."""
    return (
        _tables(tables, schema),
        _columns_of(tables, schema, world.settings.driver),
        _statistics(tables, schema),
        _table_constraints(tables, schema),
        _key_columns(tables, schema),
        _references(tables, schema),
        _constrained_columns(tables, schema),
        _pg_indexes(tables, schema),
        ("pg_tables", ("schemaname", "tablename"), [(schema, t.name) for t in tables]),
        ("app_schema", ("type", "name", "tbl_name", "sql"), _sqlite_rows(tables)),
    )


def _tables(tables: list[Table], schema: str) -> View:
    return (
        "information_schema.tables",
        ("TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE", "ENGINE", "TABLE_COLLATION"),
        [("def", schema, t.name, "BASE TABLE", t.engine or "InnoDB", t.collation) for t in tables],
    )


def _columns_of(tables: list[Table], schema: str, driver: Driver) -> View:
    return (
        "information_schema.columns",
        (
            "TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION", "COLUMN_DEFAULT", "IS_NULLABLE",
            "DATA_TYPE", "COLUMN_TYPE", "COLUMN_KEY", "EXTRA", "COLUMN_COMMENT", "UDT_NAME", "COLLATION_NAME",
            "CHARACTER_MAXIMUM_LENGTH", "CHARACTER_SET_NAME", "GENERATION_EXPRESSION",
        ),
        [
            (
                "def", schema, t.name, c.name, n, c.default, "YES" if c.nullable else "NO",
                c.type.split("(", 1)[0].split(" unsigned")[0], c.type, _key_mark(t, c.name),
                "auto_increment" if c.auto_increment else "", c.comment or "",
                type_name(c.type, driver), c.collation, _length(c.type),
                _charset(c, driver), c.generated if driver == "pgsql" else c.generated or "",
            )
            for t in tables
            for n, c in enumerate(t.columns, 1)
        ],
    )  # fmt: skip


def _charset(column: Column, driver: Driver) -> str | None:
    """PostgreSQL has none, and MySQL's collations begin with theirs."""
    if driver == "pgsql":
        return None
    return column.charset or (column.collation.split("_", 1)[0] if column.collation else None)


def _statistics(tables: list[Table], schema: str) -> View:
    return (
        "information_schema.statistics",
        (
            "TABLE_SCHEMA",
            "TABLE_NAME",
            "NON_UNIQUE",
            "INDEX_SCHEMA",
            "INDEX_NAME",
            "SEQ_IN_INDEX",
            "COLUMN_NAME",
            "INDEX_TYPE",
        ),
        [
            (
                schema,
                t.name,
                int(not (i.unique or i.primary)),
                schema,
                "PRIMARY" if i.primary else i.name,
                n,
                c,
                i.kind.upper(),
            )
            for t in tables
            for i in t.indexes
            for n, c in enumerate(i.columns, 1)
        ],
    )


def _pg_indexes(tables: list[Table], schema: str) -> View:
    return (
        "pg_indexes",
        ("schemaname", "tablename", "indexname", "indexdef"),
        [(schema, t.name, i.name, "") for t in tables for i in t.indexes],
    )


def _table_constraints(tables: list[Table], schema: str) -> View:
    return (
        "information_schema.table_constraints",
        (
            "CONSTRAINT_CATALOG",
            "CONSTRAINT_SCHEMA",
            "CONSTRAINT_NAME",
            "TABLE_SCHEMA",
            "TABLE_NAME",
            "CONSTRAINT_TYPE",
        ),
        [
            *(("def", schema, k.name, schema, t.name, "FOREIGN KEY") for t in tables for k in t.foreign_keys),
            *(
                ("def", schema, i.name, schema, t.name, "PRIMARY KEY" if i.primary else "UNIQUE")
                for t in tables
                for i in t.indexes
                if i.unique or i.primary
            ),
            *(("def", schema, c.name, schema, t.name, "CHECK") for t in tables for c in t.checks),
        ],
    )


def _key_columns(tables: list[Table], schema: str) -> View:
    return (
        "information_schema.key_column_usage",
        (
            "CONSTRAINT_CATALOG", "CONSTRAINT_SCHEMA", "CONSTRAINT_NAME", "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME",
            "ORDINAL_POSITION", "REFERENCED_TABLE_SCHEMA", "REFERENCED_TABLE_NAME", "REFERENCED_COLUMN_NAME",
        ),
        [
            *(
                ("def", schema, k.name, schema, t.name, c, n, schema, k.foreign_table, f)
                for t in tables
                for k in t.foreign_keys
                for n, (c, f) in enumerate(zip(k.columns, k.foreign_columns, strict=False), 1)
            ),
            *(
                ("def", schema, i.name, schema, t.name, c, n, None, None, None)
                for t in tables
                for i in t.indexes
                if i.unique or i.primary
                for n, c in enumerate(i.columns, 1)
            ),
        ],
    )  # fmt: skip


def _references(tables: list[Table], schema: str) -> View:
    return (
        "information_schema.referential_constraints",
        (
            "CONSTRAINT_SCHEMA",
            "CONSTRAINT_NAME",
            "TABLE_NAME",
            "REFERENCED_TABLE_NAME",
            "DELETE_RULE",
            "UPDATE_RULE",
        ),
        [
            (schema, k.name, t.name, k.foreign_table, k.on_delete.upper(), k.on_update.upper())
            for t in tables
            for k in t.foreign_keys
        ],
    )


def _constrained_columns(tables: list[Table], schema: str) -> View:
    return (
        "information_schema.constraint_column_usage",
        ("TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "CONSTRAINT_SCHEMA", "CONSTRAINT_NAME"),
        [(schema, t.name, c, schema, i.name) for t in tables for i in t.indexes for c in i.columns],
    )


def _sqlite_rows(tables: list[Table]) -> Rows:
    for table in tables:
        yield ("table", table.name, table.name, "")
        for index in table.indexes:
            if not index.primary:
                yield ("index", index.name, table.name, "")


def _length(type_: str) -> int | None:
    found = re.search(r"char(?:acter varying)?\((\d+)\)", type_)
    return int(found[1]) if found else None
