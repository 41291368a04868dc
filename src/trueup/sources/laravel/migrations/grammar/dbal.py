"""`change()`, `renameColumn()` and SQLite's `dropColumn()` by way of doctrine/dbal, up to framework 10.

The table is read from the server, changed in memory and compared, and attributes that the migration does not name are kept.
Up to 9 a changed column counts as different in any case, because Laravel notes `change` itself on it. SQLite's table is dropped
and made again from what doctrine saw of it. Sources: `Grammars/ChangeColumn.php`, `RenameColumn.php`; doctrine/dbal 3.6."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from copy import copy

from trueup.model.locations import NOWHERE, Location
from trueup.model.names import Driver
from trueup.model.schema import Index, Table
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import ColumnDefinition, Command, FrameworkError, php_text
from trueup.sources.laravel.migrations.grammar.base import Grammar
from trueup.sources.laravel.migrations.grammar.doctrine import (
    INTEGERS,
    KNOWN_TYPES,
    DoctrineColumn,
    changed_properties,
    comment_of,
    default_sql,
    read_column,
    type_sql,
)
from trueup.sources.sql import ddl
from trueup.sources.sql.read import read_sql
from trueup.structs import replace

_FLUENT_TYPES = {
    "biginteger": "bigint",
    "smallinteger": "smallint",
    "mediumtext": "text",
    "longtext": "text",
    "binary": "blob",
    "uuid": "guid",
}
_FLUENT_TYPES_SINCE_9 = _FLUENT_TYPES | {"tinytext": "text", "char": "string", "double": "float"}
_TEXT_LENGTHS = {"tinytext": 1, "text": 256, "mediumtext": 65536, "longtext": 16777216}
_KEEP_INCREMENT = ("smallint", "integer", "bigint")
_CHARACTER_FREE = frozenset(
    (
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
    )
)
_SAFE_DEFAULT = re.compile(r"NULL|CURRENT_\w+|true|false|-?\d+(\.\d+)?|'(?:[^']|'')*'")

Columns = dict[str, DoctrineColumn]
"""Doctrine's columns by their lower-cased old names, in doctrine's order."""


def change_columns(grammar: Grammar, blueprint: Blueprint, command: Command) -> Iterable[ddl.Statement]:
    table = introspect(grammar, blueprint)
    old = read_table(grammar, table)
    new = {name: copy(c) for name, c in old.items()}
    for definition in blueprint.changed_columns:
        type_ = _doctrine_type(grammar, definition)
        key = definition.name.lower()
        if key not in new:
            raise no_such_column(definition.name, table.name)
        _apply(grammar, new[key], definition, type_)
    places = {d.name.lower(): d.at for d in blueprint.changed_columns}
    changed = [k for k in new if k in places and _differs(grammar, old[k], new[k])]
    if not changed:
        return []
    if grammar.settings.driver == "sqlite":
        return _sqlite_table(grammar, table, new, places, command.at)
    if grammar.settings.driver == "pgsql":
        return list(_pgsql_changes(table.name, old, {k: new[k] for k in changed}, command.at))
    definitions = {k: column_def(grammar, new[k], places.get(k)) for k in changed}
    refusal = _refused_default(definitions.values(), _dialect(grammar), command.at)
    if refusal is not None:
        return [refusal]
    actions = tuple(ddl.ModifyColumn(old[k].name, definition) for k, definition in definitions.items())
    return [ddl.AlterTable(table.name, actions, at=command.at)]


def rename_column(grammar: Grammar, blueprint: Blueprint, command: Command) -> Iterable[ddl.Statement]:
    _require(grammar)
    table = introspect(grammar, blueprint)
    columns = read_table(grammar, table)
    old, new = command.text("from"), command.text("to")
    if old.lower() not in columns:
        raise no_such_column(old, table.name)
    if grammar.settings.driver == "pgsql":
        return [ddl.AlterTable(table.name, (ddl.RenameColumn(old, new),), at=command.at)]
    renamed = replace(columns[old.lower()], name=new, charset=None, collation=None)
    if grammar.settings.driver == "sqlite":
        columns[old.lower()] = renamed
        return _sqlite_table(grammar, table, columns, {}, command.at)
    definition = column_def(grammar, renamed, command.at)
    refusal = _refused_default([definition], _dialect(grammar), command.at)
    action = ddl.ModifyColumn(old, definition)
    return [refusal or ddl.AlterTable(table.name, (action,), at=command.at)]


def drop_columns(grammar: Grammar, blueprint: Blueprint, command: Command) -> Iterable[ddl.Statement]:
    """SQLite's only."""
    _require(grammar)
    table = introspect(grammar, blueprint)
    columns = read_table(grammar, table)
    for name in command.names():
        if php_text(name).lower() not in columns:
            raise no_such_column(php_text(name), table.name)
    for name in command.names():
        columns.pop(php_text(name).lower(), None)
    if not columns:
        raise FrameworkError("Doctrine\\DBAL\\Exception", f"No columns specified for table {table.name}")
    return _sqlite_table(grammar, table, columns, {}, command.at)


def _require(grammar: Grammar) -> None:
    if not grammar.settings.dbal:
        raise FrameworkError("Error", 'Class "Doctrine\\DBAL\\Driver\\AbstractMySQLDriver" not found')


def introspect(grammar: Grammar, blueprint: Blueprint) -> Table:
    """The table as the server has it. Before 10 doctrine takes one that is not there for one without columns."""
    name = grammar.table_of(blueprint)
    table = grammar.live.table(name)
    if table is None and grammar.settings.major < 10:
        return Table(name)
    if table is None:
        raise FrameworkError(
            "Doctrine\\DBAL\\Schema\\Exception\\TableDoesNotExist",
            f'There is no table with name "{name}" in the schema.',
        )
    return table


def no_such_column(column: str, table: str) -> FrameworkError:
    return FrameworkError(
        "Doctrine\\DBAL\\Schema\\Exception\\ColumnDoesNotExist",
        f'There is no column with name "{column}" on table "{table}".',
    )


def read_table(grammar: Grammar, table: Table) -> Columns:
    """SQLite does not tell of generated columns here; an index over an expression stops doctrine."""
    driver = _dialect(grammar)
    sqlite = driver == "sqlite"
    if sqlite:
        check_indexes(table)
    seen = (c for c in table.columns if not (sqlite and c.generated is not None))
    columns = {c.name.lower(): read_column(c, driver, grammar.settings.dbal_types) for c in seen}
    for column in columns.values() if grammar.settings.major >= 10 else ():
        # The framework's own TimestampType keeps to what servers take; before, ten digits are asked for.
        column.precision = 6 if column.type == "timestamp" else column.precision
    primary = table.primary_key
    for key, column in columns.items() if sqlite else ():
        only = primary is not None and [c.lower() for c in primary.columns] == [key]
        column.autoincrement = only and column.type == "integer" and _type_of(table, key) == "integer"
    return columns


def check_indexes(table: Table) -> None:
    if any(index.expressions for index in table.indexes):
        raise FrameworkError(
            "TypeError",
            "Doctrine\\DBAL\\Schema\\Index::_addColumn(): Argument #1 ($column) must be of type string, null given",
        )


def _type_of(table: Table, key: str) -> str:
    column = table.column(key)
    return column.type.lower() if column is not None else ""


def _dialect(grammar: Grammar) -> Driver:
    """Doctrine asks the server what it is: the mysql driver may stand before a MariaDB."""
    settings = grammar.settings
    return "mariadb" if settings.driver == "mysql" and settings.maria else settings.driver


# Changing


def _doctrine_type(grammar: Grammar, fluent: ColumnDefinition) -> str:
    word = fluent.type.lower()
    known = _FLUENT_TYPES if grammar.settings.major <= 8 else _FLUENT_TYPES_SINCE_9
    type_ = known.get(word, word)
    registered = grammar.settings.dbal_types
    if type_ in registered:
        return registered[type_]
    if type_ not in KNOWN_TYPES:
        raise FrameworkError(
            "Doctrine\\DBAL\\Exception",
            f'Unknown column type "{type_}" requested. Any Doctrine type that you use has to be registered with '
            "\\Doctrine\\DBAL\\Types\\Type::addType().",
        )
    return type_


def _apply(grammar: Grammar, column: DoctrineColumn, fluent: ColumnDefinition, type_: str) -> None:
    """`getTableWithColumnChanges`: the type, then every attribute that doctrine has a setter for."""
    word, major = fluent.type.lower(), grammar.settings.major
    column.type = type_
    if major >= 10 and fluent.type not in _KEEP_INCREMENT:
        column.autoincrement = False
    if word in _TEXT_LENGTHS:
        column.length = _TEXT_LENGTHS[word]
    if word == "char":
        column.fixed = True
    if fluent.type in _CHARACTER_FREE and (major >= 9 or word != "timestamp"):
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
            number = _number(value)
            column.precision = 10 if number is None else number
        case "places":
            column.scale = _number(value) or 0
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


def _differs(grammar: Grammar, old: DoctrineColumn, new: DoctrineColumn) -> bool:
    if grammar.settings.major < 10:
        return True
    driver = _dialect(grammar)
    return _spelled(old, driver) != _spelled(new, driver)


def _spelled(column: DoctrineColumn, driver: Driver) -> tuple[object, ...]:
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
    driver = _dialect(grammar)
    sqlite = driver == "sqlite"
    counter = column.autoincrement and column.type in INTEGERS
    return ddl.ColumnDef(
        name=column.name,
        type=type_sql(column, driver),
        nullable=not column.notnull,
        default=None if counter else default_sql(column, driver),
        auto_increment=counter,
        primary=sqlite and counter,
        comment=None if sqlite else comment_of(column, driver),
        charset=None if sqlite else column.charset,
        collation=column.collation,
        at=at or NOWHERE,
    )


def _refused_default(
    definitions: Iterable[ddl.ColumnDef], driver: Driver, at: Location
) -> ddl.Refusal | None:
    """Doctrine does not quote the defaults of integers and booleans: what the server's parser says of them."""
    for definition in definitions:
        text = definition.default
        if text is None or _SAFE_DEFAULT.fullmatch(text):
            continue
        probe = read_sql(f"CREATE TABLE t (c {definition.type} DEFAULT {text})", driver, at)
        refusals = [s for s in probe if isinstance(s, ddl.Refusal)]
        if refusals:
            return refusals[0]
    return None


# PostgreSQL


def _pgsql_changes(table: str, old: Columns, new: Columns, at: Location) -> Iterable[ddl.Statement]:
    comments: list[ddl.Statement] = []
    for key, column in new.items():
        changed = changed_properties(old[key], column)
        if not (column.type in ("blob", "binary") and old[key].type in ("blob", "binary")):
            yield from _pgsql_column(table, old[key], column, changed, at)
        if "comment" in changed:
            comments.append(ddl.CommentOn(table, column.name, comment_of(column, "pgsql"), at=at))
    yield from comments


def _pgsql_column(
    table: str, old: DoctrineColumn, new: DoctrineColumn, changed: set[str], at: Location
) -> Iterable[ddl.Statement]:
    def alter(action: ddl.Action) -> ddl.Statement:
        return ddl.AlterTable(table, (action,), at=at)

    if changed & {"type", "precision", "scale", "fixed"}:
        yield alter(ddl.AlterColumn(old.name, "type", type_sql(new, "pgsql")))
    if "default" in changed:
        if new.default is None:
            yield alter(ddl.AlterColumn(old.name, "drop default"))
        elif new.autoincrement:
            yield ddl.Refusal("syntax error at end of input", "42601", at=at)
        else:
            yield alter(ddl.AlterColumn(old.name, "set default", default_sql(new, "pgsql")))
    if "notnull" in changed:
        yield alter(ddl.AlterColumn(old.name, "set not null" if new.notnull else "drop not null"))
    if "autoincrement" in changed:
        if new.autoincrement:
            sequence = f"{table}_{old.name}_seq"
            yield ddl.Noted("sequence", sequence, at=at)
            yield alter(ddl.AlterColumn(old.name, "set default", f"nextval('{sequence}'::regclass)"))
        else:
            yield alter(ddl.AlterColumn(old.name, "drop default"))
    if "length" in changed:
        yield alter(ddl.AlterColumn(old.name, "type", type_sql(new, "pgsql")))


# SQLite


def _sqlite_table(
    grammar: Grammar, table: Table, columns: Columns, places: dict[str, Location], at: Location
) -> Iterable[ddl.Statement]:
    """The table again: CHECKs, partial and expression indexes are lost, foreign keys get an index. `columns` is keyed by the old
    names; of two that now have one name the last is made, in the place of the first."""
    written = {c.name.lower(): c.at for c in table.columns}
    names = {key: column.name for key, column in columns.items()}
    keys = tuple(_foreign_keys(table, names))
    primary = _primary_parts(table, names)
    made: dict[str, ddl.ColumnDef] = {}
    for key, column in columns.items():
        made[column.name.lower()] = column_def(grammar, column, places.get(key) or written.get(key))
    definitions = _in_order(made, primary, keys)
    beside = f"__temp__{table.name}"
    old = tuple(ddl.ColumnDef(c.name, c.type, at=c.at) for c in table.columns)
    yield ddl.CreateTable(beside, old, temporary=True, at=at)
    yield ddl.DataStatement(
        "insert", (beside, table.name), (), f"CREATE TEMPORARY TABLE {beside} AS SELECT", at=at
    )
    yield ddl.DropTable(table.name, at=at)
    refusal = _refused_default(definitions, "sqlite", at)
    if refusal is not None:
        yield refusal
    counted = any(columns[k].autoincrement for k in columns if columns[k].name in primary)
    indexes = (
        (ddl.IndexDef("primary", tuple(map(ddl.KeyPart, primary)), at=at),) if primary and not counted else ()
    )
    yield ddl.CreateTable(table.name, definitions, indexes, keys, at=at)
    yield ddl.DataStatement("insert", (table.name, beside), (), f"INSERT INTO {table.name} SELECT", at=at)
    yield ddl.DropTable(beside, at=at)
    for index in (*_kept_indexes(table, names), *_implicit_indexes(table, names)):
        yield ddl.CreateIndex(table.name, index, at=at)


def _primary_parts(table: Table, names: dict[str, str]) -> tuple[str, ...]:
    primary = table.primary_key
    return (_columns_of(primary, names) or ()) if primary else ()


def _in_order(
    made: dict[str, ddl.ColumnDef], primary: tuple[str, ...], keys: tuple[ddl.ForeignKeyDef, ...]
) -> tuple[ddl.ColumnDef, ...]:
    """`Table::getColumns`: the primary key's columns, those of foreign keys, the rest. Doctrine finds the first two by names in
    lower case only."""
    foreign = {column for key in keys for column in key.columns}
    ranks = {name: 0 if name in primary else 1 if name in foreign else 2 for name in made}
    return tuple(made[name] for name in sorted(made, key=lambda name: ranks[name]))


def _columns_of(index: Index, names: dict[str, str]) -> tuple[str, ...] | None:
    """None when one of its columns is gone."""
    if not index.columns or any(c.lower() not in names for c in index.columns):
        return None
    return tuple(names[c.lower()] for c in index.columns)


def _kept_indexes(table: Table, names: dict[str, str]) -> Iterable[ddl.IndexDef]:
    for index in table.indexes:
        columns = _columns_of(index, names)
        if not index.primary and columns is not None and not index.name.startswith("sqlite_"):
            parts = tuple(map(ddl.KeyPart, columns))
            yield ddl.IndexDef("unique" if index.unique else "index", parts, name=index.name, at=index.at)


def _implicit_indexes(table: Table, names: dict[str, str]) -> Iterable[ddl.IndexDef]:
    """Doctrine gives each foreign key an index, unless one has exactly its columns (SQLite's automatic ones it does not see)."""
    served = {
        tuple(c.lower() for c in i.columns)
        for i in table.indexes
        if i.primary or not i.name.startswith("sqlite_")
    }
    for key in table.foreign_keys:
        wanted = tuple(c.lower() for c in key.columns)
        if wanted in served:
            continue
        served.add(wanted)
        if all(column in names for column in wanted):
            parts = tuple(ddl.KeyPart(names[column]) for column in wanted)
            yield ddl.IndexDef("index", parts, name=_made_up_name(table.name, key.columns), at=key.at)


def _made_up_name(table: str, columns: tuple[str, ...]) -> str:
    """`AbstractAsset::_generateIdentifierName`."""
    hashes = "".join(f"{zlib.crc32(name.encode()):x}" for name in (table, *columns))
    return f"IDX_{hashes}"[:63].upper()


def _foreign_keys(table: Table, names: dict[str, str]) -> Iterable[ddl.ForeignKeyDef]:
    for key in table.foreign_keys:
        if all(c.lower() in names for c in key.columns):
            yield ddl.ForeignKeyDef(
                columns=tuple(names[c.lower()] for c in key.columns),
                foreign_table=key.foreign_table,
                foreign_columns=key.foreign_columns,
                on_delete=_action(key.on_delete),
                on_update=_action(key.on_update),
                at=key.at,
            )


def _action(action: str) -> str | None:
    """RESTRICT is lost: doctrine takes it for the default."""
    return None if action in ("no action", "restrict") else action
