"""The `DB` facade and connections: raw statements, transactions, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from trueup.model.locations import Location
from trueup.sources.laravel.runtime.data import ExpressionObject, Inert, StdClass
from trueup.sources.laravel.runtime.query import QueryBuilder, set_table
from trueup.sources.laravel.runtime.schema_builder import SchemaBuilder
from trueup.sources.php.host import Context
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.values import MISSING, Args, Closure, HostObject, Missing, PhpArray, Unknown, Value
from trueup.sources.sql import ddl
from trueup.sources.sql.read import read_sql

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost
    from trueup.sources.laravel.runtime.rows import TableRows
    from trueup.sources.laravel.runtime.world import World
    from trueup.sources.sql.servers import Snapshot as ServerSnapshot

_CLASSES = {
    "mysql": "MySqlConnection",
    "mariadb": "MariaDbConnection",
    "pgsql": "PostgresConnection",
    "sqlite": "SQLiteConnection",
}
_CATALOGUE_SQL = re.compile(
    r"^\s*(show|pragma\s+\w+\s*\(|describe|desc)\b|\b(information_schema|sqlite_master|pg_[a-z_]+)\b", re.I
)


class Connection(HostObject):
    """`elsewhere`: the name of a connection other than the one replayed, else ""."""

    __slots__ = ("elsewhere", "host")

    def __init__(self, host: LaravelHost, elsewhere: str = "") -> None:
        self.host = host
        self.elsewhere = elsewhere

    @property
    def php_class(self) -> str:
        return "Illuminate\\Database\\" + _CLASSES[self.host.world.settings.driver]

    def ancestors(self) -> tuple[str, ...]:
        mysql = (
            ("Illuminate\\Database\\MySqlConnection",) if self.host.world.settings.driver == "mariadb" else ()
        )
        return (*mysql, "Illuminate\\Database\\Connection", "Illuminate\\Database\\ConnectionInterface")

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        handler = _METHODS.get(lowered)
        if handler is not None:
            return handler(self, args, ctx)
        macro = self.host.world.macros.get("db", {}).get(lowered) or self.host.world.macros.get(
            "connection", {}
        ).get(lowered)
        if macro is not None:
            return ctx.invoke(macro.bind(self) if isinstance(macro, Closure) else macro, args)
        return MISSING


Handler = Callable[[Connection, Args, Context], "Value | Missing"]
_H = TypeVar("_H", bound=Handler)
_METHODS: dict[str, Handler] = {}


def _method(*names: str) -> Callable[[_H], _H]:
    def register(handler: _H) -> _H:
        for name in names:
            _METHODS[name.lower()] = handler
        return handler

    return register


# Raw SQL


def _sql_text(value: Value, ctx: Context) -> str | Unknown:
    return value.sql if isinstance(value, ExpressionObject) else ctx.to_string(value)


def bound(sql: str, bindings: Value, ctx: Context) -> str:
    """The SQL with its bindings written in, as the server would understand it."""
    if not isinstance(bindings, PhpArray) or not len(bindings):
        return sql
    literals = {k: literal(v, ctx) for k, v in bindings.items()}
    for key, written in literals.items():
        if isinstance(key, str):
            sql = re.sub(rf":{re.escape(key.lstrip(':'))}\b", lambda _, text=written: text, sql)  # type: ignore[misc]  # bound at once
    values = [v for k, v in literals.items() if isinstance(k, int)]
    return re.sub(r"\?", lambda _: values.pop(0) if values else "?", sql)


def literal(value: Value, ctx: Context) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    text = ctx.to_string(value)
    return "''" if isinstance(text, Unknown) else "'" + text.replace("'", "''") + "'"


def run_sql(connection: Connection, args: Args, ctx: Context, sql: str) -> None:
    """Reads and carries out every statement of a raw text. Raises PhpThrow."""
    host = connection.host
    if connection.elsewhere:
        host.note_elsewhere(connection.elsewhere, args.at)
        return
    settings = host.world.settings
    host.world.rows.resume(sql)
    start = Location(host.texts[sql], 1) if sql in host.texts else _start(args, ctx)
    for statement in read_sql(sql, settings.driver, start, server_version=settings.server_version or None):
        if isinstance(statement, ddl.NotUnderstood):
            ctx.gap(f"this SQL can't be read: {statement.reason}", "raw-sql", statement.at)
            continue
        host.world.execute(statement, ctx, sql)
        _follow_data(connection, statement, ctx)


def _start(args: Args, ctx: Context) -> Location:
    return args.at if args.at.file else ctx.at


def _follow_data(connection: Connection, statement: ddl.Statement, ctx: Context) -> None:
    """What raw SQL writes is no longer known row by row."""
    if not isinstance(statement, ddl.DataStatement) or not statement.tables:
        return
    rows = connection.host.world.rows
    table = statement.tables[0]
    reason = ctx.unknown(f"the rows of {table} after raw SQL")
    stored = rows.peek(table)
    match statement.kind:
        case "insert":
            if len(statement.tables) == 1 or any(rows.peek(t) is not None for t in statement.tables[1:]):
                rows.doubt(table, reason)
        case "truncate":
            rows.truncate(table)
        case "delete" if stored is not None and re.search(r"\bwhere\b", statement.text, re.I) is None:
            rows.truncate(table)
        case "update" | "delete" if stored is not None and (stored.rows or stored.uncertain is not None):
            rows.doubt(table, reason)


@_method("statement", "unprepared", "insert", "update", "delete", "affectingStatement")
def statement(connection: Connection, args: Args, ctx: Context) -> Value:
    sql = _sql_text(args.get(0, "query"), ctx)
    if isinstance(sql, Unknown):
        ctx.gap(f"the SQL can't be told: {sql.reason}", "raw-sql")
        connection.host.world.opaque = True
        return True
    run_sql(connection, args, ctx, bound(sql, args.get(1, "bindings"), ctx))
    return True


@_method("select", "selectFromWriteConnection", "cursor")
def select(connection: Connection, args: Args, ctx: Context) -> Value:
    """Rows of a raw SELECT: from the catalogue, or none where all its tables are empty."""
    sql = _sql_text(args.get(0, "query"), ctx)
    if isinstance(sql, Unknown):
        return ctx.unknown("the rows of an SQL that can't be told")
    world = connection.host.world
    if _CATALOGUE_SQL.search(sql):
        _check_catalogue(connection, args, ctx, sql)
        from trueup.sources.laravel.runtime.catalogue import run

        rows = run(world, bound(sql, args.get(1, "bindings"), ctx), (), ctx)
        return rows if isinstance(rows, Unknown) else PhpArray([StdClass(dict(r)) for r in rows])
    run_sql(connection, args, ctx, bound(sql, args.get(1, "bindings"), ctx))
    counted = _COUNT.match(sql)
    if counted is not None and not _GROUPED.search(sql) and not _any_rows(connection, sql):
        return PhpArray([StdClass({counted[2] or counted[1]: 0})])
    if _may_have_rows(connection, sql):
        return ctx.unknown("the rows of a raw SELECT")
    return PhpArray()


_COUNT = re.compile(
    r"\s*+select\s++(count\s*+\([\w.*`\"]{1,70}+\))(?:\s++as\s++[`\"]?([A-Za-z_]\w*+)[`\"]?)?\s++from\b", re.I
)
"""A count of all rows, which has a row itself where there are none."""
_GROUPED = re.compile(r"\b(?:group\s++by|having|union)\b", re.I)


def _check_catalogue(connection: Connection, args: Args, ctx: Context, sql: str) -> None:
    """SQLite has no information_schema, and no server but MySQL knows SHOW."""
    run_sql(connection, args, ctx, bound(sql, args.get(1, "bindings"), ctx))


def _may_have_rows(connection: Connection, sql: str) -> bool:
    """An aggregate or a SELECT without FROM always has a row; else one of the tables must have rows."""
    from_ = re.search(r"\bfrom\b", sql, re.I)
    if from_ is None or re.search(
        r"\b(count|sum|max|min|avg|group_concat|exists)\s*\(", sql[: from_.start()], re.I
    ):
        return True
    return _any_rows(connection, sql)


def _any_rows(connection: Connection, sql: str) -> bool:
    world = connection.host.world
    statements = read_sql(sql, world.settings.driver)
    tables = [t for s in statements if isinstance(s, ddl.DataStatement) for t in s.tables]
    stored = [world.rows.peek(t) for t in tables]
    return not tables or any(s is not None and (s.rows or s.uncertain is not None) for s in stored)


@_method("scalar")
def scalar(connection: Connection, args: Args, ctx: Context) -> Value:
    """The first column of the first row."""
    row = select_one(connection, args, ctx)
    return next(iter(row.props.values()), None) if isinstance(row, StdClass) else row


@_method("selectOne")
def select_one(connection: Connection, args: Args, ctx: Context) -> Value:
    rows = select(connection, args, ctx)
    if not isinstance(rows, PhpArray):
        return rows if isinstance(rows, Unknown) else None
    return rows.values()[0] if len(rows) else None


@_method("raw")
def raw(connection: Connection, args: Args, ctx: Context) -> Value:
    return ExpressionObject(_sql_text(args.get(0, "value"), ctx))


# Queries and schema


@_method("table")
def table(connection: Connection, args: Args, ctx: Context) -> Value:
    query = QueryBuilder(connection.host, elsewhere=connection.elsewhere)
    set_table(query, args.get(0, "table"), args.get(1, "as"), ctx)
    return query


@_method("query")
def query(connection: Connection, args: Args, ctx: Context) -> Value:
    return QueryBuilder(connection.host, elsewhere=connection.elsewhere)


@_method("getSchemaBuilder")
def get_schema_builder(connection: Connection, args: Args, ctx: Context) -> Value:
    return SchemaBuilder(connection.host, connection.elsewhere)


@_method("connection")
def connection_(connection: Connection, args: Args, ctx: Context) -> Value:
    return Connection(connection.host, connection.host.elsewhere(args.get(0, "name"), ctx))


@_method("getDefaultConnection", "getName")
def get_name(connection: Connection, args: Args, ctx: Context) -> Value:
    return connection.elsewhere or connection.host.connection_name


@_method(
    "setDefaultConnection",
    "purge",
    "reconnect",
    "disconnect",
    "enableQueryLog",
    "disableQueryLog",
    "flushQueryLog",
    "listen",
)
def nothing(connection: Connection, args: Args, ctx: Context) -> Value:
    return None


# Transactions


@_method("transaction")
def transaction(connection: Connection, args: Args, ctx: Context) -> Value:
    """The closure runs; on PostgreSQL and SQLite an exception takes its changes back (MySQL's DDL has committed by itself)."""
    world = connection.host.world
    undone = not connection.elsewhere and not world.settings.mysql_family
    saved = (world.server.snapshot(), world.rows.snapshot()) if undone else None
    world.transaction += 1
    world.committed = world.committed and world.transaction > 1
    try:
        result = ctx.invoke(args.get(0, "callback"), [connection])
        if world.transaction == 1:
            _end_transaction(connection, ctx)
            if saved is not None and world.aborted and not world.wrapped:
                _take_back(world, saved)
    except PhpThrow:
        if saved is not None:
            _take_back(world, saved)
        raise
    finally:
        world.transaction -= 1
    return result


def _take_back(world: World, saved: tuple[ServerSnapshot, dict[str, TableRows]]) -> None:
    world.server.restore(saved[0])
    world.rows.roll_back(saved[1])
    world.aborted = False


def _end_transaction(connection: Connection, ctx: Context) -> None:
    """PHP 8's PDO complains when MySQL has committed already, as it does before every statement of the schema."""
    world = connection.host.world
    if world.committed and not connection.elsewhere:
        world.committed = False
        raise ctx.throw("PDOException", "There is no active transaction")


@_method("beginTransaction")
def begin(connection: Connection, args: Args, ctx: Context) -> Value:
    world = connection.host.world
    world.transaction += 1
    world.committed = world.committed and world.transaction > 1
    if not world.settings.mysql_family:
        world.savepoints.append((world.server.snapshot(), world.rows.snapshot()))
    return None


@_method("commit")
def commit(connection: Connection, args: Args, ctx: Context) -> Value:
    world = connection.host.world
    if world.transaction == 1:
        world.transaction = 0
        _end_transaction(connection, ctx)
    world.transaction = max(0, world.transaction - 1)
    if world.savepoints:
        saved = world.savepoints.pop()
        if world.aborted and not world.wrapped and world.transaction == 0:
            # COMMIT is answered with a ROLLBACK.
            _take_back(world, saved)
    return None


@_method("rollBack")
def roll_back(connection: Connection, args: Args, ctx: Context) -> Value:
    world = connection.host.world
    if world.transaction == 1 and world.settings.major <= 8:
        world.transaction = 0
        _end_transaction(connection, ctx)
    world.transaction = max(0, world.transaction - 1)
    if world.savepoints:
        _take_back(world, world.savepoints.pop())
    return None


@_method("transactionLevel")
def transaction_level(connection: Connection, args: Args, ctx: Context) -> Value:
    return connection.host.world.transaction


@_method("pretend", "withoutPretending", "withoutForeignKeyConstraints", "usingConnection")
def just_run(connection: Connection, args: Args, ctx: Context) -> Value:
    callback = args.positional[-1] if args.positional else None
    return ctx.invoke(callback, [connection])


# Names and versions


@_method("getDriverName", "getDriverTitle")
def get_driver_name(connection: Connection, args: Args, ctx: Context) -> Value:
    if connection.elsewhere:
        found = connection.host.config_value(f"database.connections.{connection.elsewhere}.driver", ctx)
        return (
            found
            if isinstance(found, str)
            else ctx.unknown(f"the driver of the connection {connection.elsewhere}")
        )
    return connection.host.world.settings.driver


@_method("getTablePrefix")
def get_table_prefix(connection: Connection, args: Args, ctx: Context) -> Value:
    return connection.host.world.settings.prefix


@_method("setTablePrefix")
def set_table_prefix(connection: Connection, args: Args, ctx: Context) -> Value:
    connection.host.world.settings.prefix = str(args.get(0))
    return connection


@_method("getDatabaseName")
def get_database_name(connection: Connection, args: Args, ctx: Context) -> Value:
    return connection.host.world.database


@_method("getConfig")
def get_config(connection: Connection, args: Args, ctx: Context) -> Value:
    key = args.get(0, "option")
    name = connection.elsewhere or connection.host.connection_name
    path = f"database.connections.{name}" + (f".{key}" if isinstance(key, str) else "")
    if key == "driver" and not connection.elsewhere:
        return connection.host.world.settings.driver
    return connection.host.config_value(path, ctx)


@_method("getServerVersion")
def get_server_version(connection: Connection, args: Args, ctx: Context) -> Value:
    return connection.host.world.server.version_text.split("-", 1)[0]


@_method("isMaria")
def is_maria(connection: Connection, args: Args, ctx: Context) -> Value:
    return connection.host.world.settings.maria


@_method("usingNativeSchemaOperations")
def using_native(connection: Connection, args: Args, ctx: Context) -> Value:
    return connection.host.world.settings.uses_native_operations


@_method("getPdo", "getReadPdo")
def get_pdo(connection: Connection, args: Args, ctx: Context) -> Value:
    from trueup.sources.laravel.runtime.pdo import Pdo

    return Pdo(connection)


@_method("getSchemaGrammar", "getQueryGrammar", "getPostProcessor")
def get_grammar(connection: Connection, args: Args, ctx: Context) -> Value:
    from trueup.sources.laravel.runtime.pdo import GrammarObject

    return GrammarObject(connection)


@_method("getDoctrineSchemaManager", "getDoctrineConnection")
def get_doctrine(connection: Connection, args: Args, ctx: Context) -> Value:
    from trueup.sources.laravel.runtime.doctrine_manager import SchemaManager

    return SchemaManager(connection.host)


@_method("getDoctrineColumn")
def get_doctrine_column(connection: Connection, args: Args, ctx: Context) -> Value:
    from trueup.sources.laravel.runtime.doctrine_manager import doctrine_column

    return doctrine_column(connection.host, str(args.get(0)), str(args.get(1)), ctx)


@_method(
    "afterCommit",
    "extend",
    "useDefaultSchemaGrammar",
    "unsetEventDispatcher",
    "getEventDispatcher",
)
def ignored(connection: Connection, args: Args, ctx: Context) -> Value:
    return Inert("Illuminate\\Database\\Connection")


@_method("prepareBindings", "escape")
def escape(connection: Connection, args: Args, ctx: Context) -> Value:
    return args.known() or literal(args.get(0), ctx)


@_method("registerDoctrineType")
def register_doctrine_type(connection: Connection, args: Args, ctx: Context) -> Value:
    from trueup.sources.laravel.migrations.connection_settings import doctrine_type

    if args.known() is None:
        connection.host.world.settings.dbal_types[str(args.get(1, "name"))] = doctrine_type(
            args.get(0, "class")
        )
    return None
