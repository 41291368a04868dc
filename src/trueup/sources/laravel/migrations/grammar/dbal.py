"""`change()`, `renameColumn()` and SQLite's `dropColumn()` by way of doctrine/dbal, up to framework 10.

The table is read from the server, changed in memory and compared: only what differs is altered, and attributes that the
migration does not name are kept. SQLite's table is dropped and made again from what doctrine saw of it."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from trueup.model.locations import NOWHERE, Location
from trueup.model.schema import Index, Table
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import ColumnDefinition, Command, FrameworkError, php_text
from trueup.sources.laravel.migrations.grammar.base import Grammar
from trueup.sources.laravel.migrations.grammar.doctrine import (
    KNOWN_TYPES,
    DoctrineColumn,
    comment_of,
    default_sql,
    read_column,
    type_sql,
)
from trueup.sources.sql import ddl

_FLUENT_TYPES = {
    "biginteger": "bigint",
    "smallinteger": "smallint",
    "tinytext": "text",
    "mediumtext": "text",
    "longtext": "text",
    "binary": "blob",
    "uuid": "guid",
    "char": "string",
    "double": "float",
}
_TEXT_LENGTHS = {"tinytext": 1, "text": 256, "mediumtext": 65536, "longtext": 16777216}
_KEEP_INCREMENT = ("smallint", "integer", "bigint")
_CHARACTER_FREE = frozenset(
    [
        "bigInteger",
        "binary",
        "boolean",
        "date",
        "dateTime",
        "decimal",
        "double",
        "float",
        "integer",
        "json",
        "mediumInteger",
        "smallInteger",
        "time",
        "timestamp",
        "tinyInteger",
    ]
)


def change_columns(grammar: Grammar, blueprint: Blueprint, command: Command) -> Iterable[ddl.Statement]:
    table = introspect(grammar, blueprint)
    old = read_table(grammar, table)
    new = {name: copy(c) for name, c in old.items()}
    for definition in blueprint.changed_columns:
        key = definition.name.lower()
        if key not in new:
            raise no_such_column(grammar, definition.name, table.name)
        _apply(grammar, new[key], definition)
    changed = [k for k in new if _spelled(grammar, old[k]) != _spelled(grammar, new[k])]
    if not changed:
        return []
    places = {d.name.lower(): d.at for d in blueprint.changed_columns}
    if grammar.settings.driver == "sqlite":
        return _sqlite_table(grammar, table, new, places, command.at)
    if grammar.settings.driver == "pgsql":
        return _pgsql_changes(grammar, table.name, old, {k: new[k] for k in changed}, command.at)
    actions = [ddl.ModifyColumn(old[k].name, column_def(grammar, new[k], places.get(k))) for k in changed]
    return [ddl.AlterTable(table.name, tuple(actions), at=command.at)]


def rename_column(grammar: Grammar, blueprint: Blueprint, command: Command) -> Iterable[ddl.Statement]:
    _require(grammar)
    table = introspect(grammar, blueprint)
    columns = read_table(grammar, table)
    old, new = command.text("from"), command.text("to")
    if old.lower() not in columns:
        raise no_such_column(grammar, old, table.name)
    if grammar.settings.driver == "pgsql":
        return [ddl.AlterTable(table.name, (ddl.RenameColumn(old, new),), at=command.at)]
    renamed = copy(columns[old.lower()])
    renamed.name = new
    if grammar.settings.driver == "sqlite":
        columns[old.lower()] = renamed
        return _sqlite_table(grammar, table, columns, {}, command.at)
    action = ddl.ModifyColumn(old, column_def(grammar, renamed, command.at))
    return [ddl.AlterTable(table.name, (action,), at=command.at)]


def drop_columns(grammar: Grammar, blueprint: Blueprint, command: Command) -> Iterable[ddl.Statement]:
    """SQLite's only."""
    _require(grammar)
    table = introspect(grammar, blueprint)
    columns = read_table(grammar, table)
    for name in command.names():
        if php_text(name).lower() not in columns:
            raise no_such_column(grammar, php_text(name), table.name)
    for name in command.names():
        columns.pop(php_text(name).lower(), None)
    return _sqlite_table(grammar, table, columns, {}, command.at)


def _require(grammar: Grammar) -> None:
    if not grammar.settings.dbal:
        raise FrameworkError("Error", 'Class "Doctrine\\DBAL\\Driver\\AbstractMySQLDriver" not found')


def introspect(grammar: Grammar, blueprint: Blueprint) -> Table:
    name = grammar.table_of(blueprint)
    table = grammar.live.table(name)
    if table is None:
        raise FrameworkError(
            "Doctrine\\DBAL\\Schema\\Exception\\TableDoesNotExist",
            f'There is no table with name "{name}" in the schema.',
        )
    return table


def no_such_column(grammar: Grammar, column: str, table: str) -> FrameworkError:
    return FrameworkError(
        "Doctrine\\DBAL\\Schema\\Exception\\ColumnDoesNotExist",
        f'There is no column with name "{column}" on table "{table}".',
    )


def read_table(grammar: Grammar, table: Table) -> dict[str, DoctrineColumn]:
    return {c.name.lower(): read_column(c, grammar.settings.driver) for c in table.columns}


def _apply(grammar: Grammar, column: DoctrineColumn, fluent: ColumnDefinition) -> None:
    """`getTableWithColumnChanges`: the type, then every attribute that doctrine has a setter for."""
    word = fluent.type.lower()
    type_ = _FLUENT_TYPES.get(word, word)
    if type_ not in KNOWN_TYPES and type_ != "timestamp":
        raise FrameworkError(
            "Doctrine\\DBAL\\Exception",
            f'Unknown column type "{type_}" requested. Any Doctrine type that you use has to be registered with '
            "\\Doctrine\\DBAL\\Types\\Type::addType().",
        )
    column.type = type_
    if fluent.type not in _KEEP_INCREMENT:
        column.autoincrement = False
    if word in _TEXT_LENGTHS:
        column.length = _TEXT_LENGTHS[word]
    if word == "char":
        column.fixed = True
    if fluent.type in _CHARACTER_FREE:
        column.charset = column.collation = None
    for name, value in fluent.attributes.items():
        _set(column, name, value)


def _set(column: DoctrineColumn, name: str, value: object) -> None:
    match name:
        case "nullable":
            column.notnull = not value
        case "length":
            column.length = _number(value)
        case "total" | "precision":
            column.precision = _number(value)
        case "places":
            column.scale = _number(value)
        case "unsigned":
            column.unsigned = bool(value)
        case "autoIncrement":
            column.autoincrement = bool(value)
        case "default":
            column.default = value
        case "comment":
            column.comment = None if value is None else php_text(value)
        case "charset" if value is not None:
            column.charset = php_text(value)
        case "collation" if value is not None:
            column.collation = php_text(value)


def _number(value: object) -> int | None:
    text = php_text(value)
    return int(text) if text.isdigit() else None


def _spelled(grammar: Grammar, column: DoctrineColumn) -> tuple[object, ...]:
    driver = grammar.settings.driver
    return (
        type_sql(column, driver),
        default_sql(column, driver),
        column.notnull,
        column.autoincrement,
        comment_of(column, driver),
        column.charset,
        column.collation,
    )


def column_def(grammar: Grammar, column: DoctrineColumn, at: Location | None) -> ddl.ColumnDef:
    driver = grammar.settings.driver
    sqlite = driver == "sqlite"
    return ddl.ColumnDef(
        name=column.name,
        type=type_sql(column, driver),
        nullable=not column.notnull,
        default=None if column.autoincrement else default_sql(column, driver),
        auto_increment=column.autoincrement,
        primary=sqlite and column.autoincrement,
        comment=None if sqlite else comment_of(column, driver),
        charset=None if sqlite else column.charset,
        collation=column.collation,
        at=at or NOWHERE,
    )


def _pgsql_changes(
    grammar: Grammar, table: str, old: dict[str, DoctrineColumn], new: dict[str, DoctrineColumn], at: Location
) -> Iterable[ddl.Statement]:
    for key, column in new.items():
        for action in _pgsql_actions(old[key], column):
            yield ddl.AlterTable(table, (action,), at=at)
        if comment_of(old[key], "pgsql") != comment_of(column, "pgsql"):
            yield ddl.CommentOn(table, column.name, comment_of(column, "pgsql"), at=at)


def _pgsql_actions(old: DoctrineColumn, new: DoctrineColumn) -> Iterable[ddl.Action]:
    if type_sql(old, "pgsql") != type_sql(new, "pgsql"):
        yield ddl.AlterColumn(old.name, "type", type_sql(new, "pgsql"))
    if default_sql(old, "pgsql") != default_sql(new, "pgsql") and (old.default, new.default) != (None, None):
        if new.default is None:
            yield ddl.AlterColumn(old.name, "drop default")
        else:
            yield ddl.AlterColumn(old.name, "set default", default_sql(new, "pgsql"))
    if old.notnull != new.notnull:
        yield ddl.AlterColumn(old.name, "set not null" if new.notnull else "drop not null")
    if old.autoincrement and not new.autoincrement:
        yield ddl.AlterColumn(old.name, "drop default")


def _sqlite_table(
    grammar: Grammar,
    table: Table,
    columns: dict[str, DoctrineColumn],
    places: dict[str, Location],
    at: Location,
) -> Iterable[ddl.Statement]:
    """The table again: CHECKs, partial and expression indexes and the actions doctrine does not see are lost.
    `columns` is keyed by the old names."""
    written = {c.name.lower(): c.at for c in table.columns}
    definitions = tuple(column_def(grammar, c, places.get(k) or written.get(k)) for k, c in columns.items())
    names = {k: c.name for k, c in columns.items()}
    beside = f"__temp__{table.name}"
    old = tuple(ddl.ColumnDef(c.name, c.type, at=c.at) for c in table.columns)
    yield ddl.CreateTable(beside, old, temporary=True, at=at)
    yield ddl.DataStatement(
        "insert", (beside, table.name), (), f"CREATE TEMPORARY TABLE {beside} AS SELECT", at=at
    )
    yield ddl.DropTable(table.name, at=at)
    yield ddl.CreateTable(
        table.name,
        definitions,
        _primary(table, columns, names),
        tuple(_foreign_keys(table, names)),
        at=at,
    )
    yield ddl.DataStatement("insert", (table.name, beside), (), f"INSERT INTO {table.name} SELECT", at=at)
    yield ddl.DropTable(beside, at=at)
    for index in table.indexes:
        parts = _columns_of(index, names)
        if not index.primary and parts is not None and not index.name.startswith("sqlite_"):
            kept = ddl.IndexDef("unique" if index.unique else "index", parts, name=index.name, at=index.at)
            yield ddl.CreateIndex(table.name, kept, at=at)


def _primary(
    table: Table, columns: dict[str, DoctrineColumn], names: dict[str, str]
) -> tuple[ddl.IndexDef, ...]:
    primary = table.primary_key
    parts = _columns_of(primary, names) if primary else None
    if primary is None or parts is None or any(columns[c.lower()].autoincrement for c in primary.columns):
        return ()
    return (ddl.IndexDef("primary", parts, at=primary.at),)


def _columns_of(index: Index, names: dict[str, str]) -> tuple[ddl.KeyPart, ...] | None:
    """None when one of its columns is gone or cannot be read."""
    if not index.columns or any(c.lower() not in names for c in index.columns):
        return None
    return tuple(ddl.KeyPart(names[c.lower()]) for c in index.columns)


def _foreign_keys(table: Table, names: dict[str, str]) -> Iterable[ddl.ForeignKeyDef]:
    for key in table.foreign_keys:
        if all(c.lower() in names for c in key.columns):
            yield ddl.ForeignKeyDef(
                columns=tuple(names[c.lower()] for c in key.columns),
                foreign_table=key.foreign_table,
                foreign_columns=key.foreign_columns,
                on_delete=None if key.on_delete == "no action" else key.on_delete,
                on_update=None if key.on_update == "no action" else key.on_update,
                at=key.at,
            )
