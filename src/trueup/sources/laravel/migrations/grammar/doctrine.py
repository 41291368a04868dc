"""doctrine/dbal's columns: how it reads a server's column, how it compares two, and how it spells one again.

What it has no word for is lost on the way: an ENUM comes back as a string, a TIMESTAMP as DATETIME, a MEDIUMINT as INT, a YEAR
as DATE. Source: doctrine/dbal 3.6, `Platforms`, `Schema/*SchemaManager.php`, `Schema/Comparator.php`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trueup.model.names import Driver
from trueup.model.schema import Column
from trueup.sources.laravel.migrations.fluent import FrameworkError, php_text
from trueup.structs import Struct

_COMMON = {
    "bigint": "bigint",
    "blob": "blob",
    "boolean": "boolean",
    "char": "string",
    "date": "date",
    "datetime": "datetime",
    "decimal": "decimal",
    "double": "float",
    "double precision": "float",
    "float": "float",
    "int": "integer",
    "integer": "integer",
    "json": "json",
    "numeric": "decimal",
    "real": "float",
    "smallint": "smallint",
    "text": "text",
    "time": "time",
    "timestamp": "datetime",
    "varchar": "string",
}
_MYSQL = {
    "binary": "binary",
    "enum": "string",
    "longblob": "blob",
    "longtext": "text",
    "mediumblob": "blob",
    "mediumint": "integer",
    "mediumtext": "text",
    "set": "simple_array",
    "tinyblob": "blob",
    "tinyint": "boolean",
    "tinytext": "text",
    "varbinary": "binary",
    "year": "date",
}
_SQLITE = {
    "clob": "text",
    "longtext": "text",
    "mediumint": "integer",
    "mediumtext": "text",
    "tinyint": "boolean",
    "tinytext": "text",
}
_PGSQL = {
    "bool": "boolean",
    "bytea": "blob",
    "character": "string",
    "character varying": "string",
    "inet": "string",
    "interval": "string",
    "jsonb": "json",
    "money": "decimal",
    "time with time zone": "time",
    "time without time zone": "time",
    "timestamp with time zone": "datetimetz",
    "timestamp without time zone": "datetime",
    "tsvector": "text",
    "uuid": "guid",
}
_MAPPINGS: dict[str, dict[str, str]] = {
    "mysql": _COMMON | _MYSQL,
    "mariadb": _COMMON | _MYSQL,
    "sqlite": {k: v for k, v in (_COMMON | _SQLITE).items() if k != "json"},
    "pgsql": _COMMON | _PGSQL,
}
_LENGTHS = {
    "tinytext": 255,
    "text": 65535,
    "mediumtext": 16777215,
    "tinyblob": 255,
    "blob": 65535,
    "mediumblob": 16777215,
}
_PLATFORMS = {
    "mysql": "MySQL80Platform",
    "mariadb": "MariaDb1027Platform",
    "sqlite": "SqlitePlatform",
    "pgsql": "PostgreSQL100Platform",
}
INTEGERS = ("integer", "bigint", "smallint")
KNOWN_TYPES = frozenset(
    (
        *INTEGERS,
        "binary",
        "blob",
        "boolean",
        "date",
        "datetime",
        "datetimetz",
        "decimal",
        "float",
        "guid",
        "json",
        "simple_array",
        "string",
        "text",
        "time",
    )
)
_NOW = {
    "datetime": "CURRENT_TIMESTAMP",
    "timestamp": "CURRENT_TIMESTAMP",
    "datetimetz": "CURRENT_TIMESTAMP",
    "time": "CURRENT_TIME",
    "date": "CURRENT_DATE",
}
_MARIADB_NOW = {
    "current_timestamp()": "CURRENT_TIMESTAMP",
    "curdate()": "CURRENT_DATE",
    "curtime()": "CURRENT_TIME",
}
_TYPE_HINT = re.compile(r"\(DC2Type:([^()]++)\)")


class DoctrineColumn(Struct):
    """`type` is doctrine's word. `default` is the value without quotes: the server's as a string, or what the migration said."""

    name: str
    type: str
    length: int | None = None
    fixed: bool = False
    precision: int = 10
    scale: int = 0
    unsigned: bool = False
    notnull: bool = True
    autoincrement: bool = False
    default: object = None
    comment: str | None = None
    charset: str | None = None
    collation: str | None = None
    jsonb: bool = False


def unknown_database_type(word: str, driver: Driver, maria: bool = False) -> FrameworkError:
    platform = _PLATFORMS["mariadb" if maria and driver == "mysql" else driver]
    return FrameworkError(
        "Doctrine\\DBAL\\Exception",
        f"Unknown database type {word} requested, Doctrine\\DBAL\\Platforms\\{platform} may not support it.",
    )


# Reading


def read_column(column: Column, driver: Driver, types: Mapping[str, str] | None = None) -> DoctrineColumn:
    """`types`: those that the application has registered, by the server's names. Raises `FrameworkError` for a type doctrine does
    not know: any such column of a table stops every change to it."""
    type_ = column.type.lower()
    pgsql = driver == "pgsql"
    word = (
        re.sub(r"\([^)\n]{0,200}+\)", "", type_).strip() if pgsql else re.split(r"[( ]", type_, maxsplit=1)[0]
    )
    registered = (types or {}).get("timestamp" if word == "timestamp without time zone" else word)
    doctrine = registered or _MAPPINGS[driver].get(word)
    if doctrine is None:
        raise unknown_database_type(word, driver, maria=True)
    result = DoctrineColumn(
        column.name, doctrine, notnull=not column.nullable, autoincrement=column.auto_increment
    )
    result.unsigned = "unsigned" in type_
    result.fixed = word in ("char", "binary", "character")
    result.charset, result.collation = column.charset, column.collation
    result.jsonb = word == "jsonb"
    result.default = None if column.auto_increment else _value(column.default, result.type, driver)
    _read_comment(result, column.comment)
    _read_size(result, type_, word, driver)
    return result


def _read_comment(column: DoctrineColumn, comment: str | None) -> None:
    """Types that the server has no word for are remembered in the comment."""
    hint = _TYPE_HINT.search(comment or "")
    if hint:
        column.type = hint[1]
    column.comment = _TYPE_HINT.sub("", comment or "") or None


def _read_size(column: DoctrineColumn, type_: str, word: str, driver: Driver) -> None:
    if word in _LENGTHS and driver in ("mysql", "mariadb"):
        column.length = _LENGTHS[word]
        return
    found = re.search(r"\((\d+)(?:\s*,\s*(\d+))?\)", type_)
    if found is None:
        return
    if column.type in ("decimal", "float"):
        column.precision, column.scale = int(found[1]), int(found[2] or 0)
    elif column.type in ("string", "binary"):
        column.length = int(found[1])


def _value(default: str | None, type_: str, driver: Driver) -> object:
    """The value inside the server's own spelling; an expression is taken for a string."""
    if default is None or default.upper() == "NULL":
        return None
    if driver == "pgsql":
        return _pgsql_value(default, type_)
    if driver != "sqlite" and default in _MARIADB_NOW:
        return _MARIADB_NOW[default]
    if len(default) >= 2 and default[0] == "'" == default[-1]:
        inner = default[1:-1].replace("''", "'")
        return inner if driver == "sqlite" else inner.replace("\\'", "'").replace("\\\\", "\\")
    return default


def _pgsql_value(default: str, type_: str) -> object:
    if default.startswith("NULL::"):
        return None
    found = re.match(r"['(](.*)[')]::", default)
    text = found[1] if found else default
    if type_ == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if type_ in ("string", "text"):
        return text.replace("''", "'")
    if type_ in (*INTEGERS, "decimal", "float") and text.startswith("(") and text.endswith(")"):
        return text[1:-1]
    return text


# Comparing


def changed_properties(old: DoctrineColumn, new: DoctrineColumn) -> set[str]:
    """`Comparator::diffColumn`, as far as it changes what is sent."""
    changed = {
        name for name in ("type", "notnull", "autoincrement") if getattr(old, name) != getattr(new, name)
    }
    if (old.default is None) != (new.default is None) or not _loosely_equal(old.default, new.default):
        changed.add("default")
    if old.type in ("string", "binary", "simple_array"):
        if (old.length or 255) != (new.length or 255):
            changed.add("length")
        if old.fixed != new.fixed:
            changed.add("fixed")
    elif old.type == "decimal":
        changed |= {name for name in ("precision", "scale") if getattr(old, name) != getattr(new, name)}
    if (old.comment or "") != (new.comment or ""):
        changed.add("comment")
    return changed


def _loosely_equal(one: object, other: object) -> bool:
    """PHP's ==."""
    if isinstance(one, bool) or isinstance(other, bool):
        return _truth(one) == _truth(other)
    first, second = php_text(one), php_text(other)
    try:
        return float(first) == float(second)
    except ValueError:
        return first == second


def _truth(value: object) -> bool:
    return value not in (None, False, 0, 0.0, "", "0")


# Spelling


def type_sql(column: DoctrineColumn, driver: Driver) -> str:
    mysql = driver in ("mysql", "mariadb")
    unsigned = " UNSIGNED" if column.unsigned and (mysql or driver == "sqlite") else ""
    if column.type in INTEGERS:
        if driver == "sqlite" and column.autoincrement:
            return "INTEGER"
        word = {"integer": "INTEGER" if driver == "sqlite" else "INT"}.get(column.type, column.type.upper())
        return word + unsigned
    if column.type == "string":
        length = column.length or 255
        return f"CHAR({length})" if column.fixed else f"VARCHAR({length})"
    if column.type == "decimal":
        return f"NUMERIC({column.precision or 10}, {column.scale})" + (unsigned if mysql else "")
    if column.type == "float":
        return "DOUBLE PRECISION" + (unsigned if mysql else "")
    return _mysql_type(column, driver) if mysql else _other_type(column, driver)


def _mysql_type(column: DoctrineColumn, driver: Driver) -> str:
    match column.type:
        case "text" | "simple_array":
            return _sized(column.length, "TEXT")
        case "blob":
            return _sized(column.length, "BLOB")
        case "boolean":
            return "TINYINT(1)"
        case "json":
            return "LONGTEXT" if driver == "mariadb" else "JSON"
        case "guid":
            return "CHAR(36)"
        case "binary":
            length = column.length or 255
            return f"BINARY({length})" if column.fixed else f"VARBINARY({length})"
        case "datetimetz":
            return "DATETIME"
        case "timestamp" if column.precision:
            return f"TIMESTAMP({column.precision})"
    return column.type.upper()


def _sized(length: int | None, word: str) -> str:
    for limit, prefix in ((255, "TINY"), (65535, ""), (16777215, "MEDIUM")):
        if length and length <= limit:
            return prefix + word
    return "LONG" + word


def _other_type(column: DoctrineColumn, driver: Driver) -> str:
    """SQLite's and PostgreSQL's."""
    pgsql = driver == "pgsql"
    match column.type:
        case "text" | "simple_array":
            return "TEXT" if pgsql else "CLOB"
        case "json":
            return ("JSONB" if column.jsonb else "JSON") if pgsql else "CLOB"
        case "guid":
            return "UUID" if pgsql else "CHAR(36)"
        case "blob" | "binary":
            return "BYTEA" if pgsql else "BLOB"
        case "datetime":
            return "TIMESTAMP(0) WITHOUT TIME ZONE" if pgsql else "DATETIME"
        case "datetimetz":
            return "TIMESTAMP(0) WITH TIME ZONE" if pgsql else "DATETIME"
        case "timestamp":
            return f"TIMESTAMP({column.precision})" if pgsql else "DATETIME"
        case "time":
            return "TIME(0) WITHOUT TIME ZONE" if pgsql else "TIME"
    return column.type.upper()


def default_sql(column: DoctrineColumn, driver: Driver) -> str | None:
    """The text behind DEFAULT, or None for no clause. Integers and booleans are told as they are, quotes or not."""
    value = column.default
    if driver == "mysql" and column.type in ("text", "blob", "simple_array"):
        value = None
    if value is None:
        return None if column.notnull else "NULL"
    if column.type in INTEGERS:
        return php_text(value)
    if value == _NOW.get(column.type):
        return php_text(value)
    if column.type == "boolean":
        return _boolean(value, driver)
    text = php_text(value)
    if driver in ("mysql", "mariadb"):
        text = text.replace("\\", "\\\\")
    return "'" + text.replace("'", "''") + "'"


def _boolean(value: object, driver: Driver) -> str:
    if driver != "pgsql":
        return php_text(int(value) if isinstance(value, bool) else value)
    if isinstance(value, bool | int):
        return "true" if value else "false"
    word = php_text(value).strip().lower()
    if word in ("t", "true", "y", "yes", "on", "1"):
        return "true"
    if word in ("f", "false", "n", "no", "off", "0"):
        return "false"
    raise FrameworkError("UnexpectedValueException", f"Unrecognized boolean literal '{php_text(value)}'")


def comment_of(column: DoctrineColumn, driver: Driver) -> str | None:
    mysql = driver in ("mysql", "mariadb")
    hint = (mysql and column.type in ("guid", "datetimetz", "simple_array")) or (
        driver in ("mariadb", "sqlite") and column.type == "json"
    )
    if not hint:
        return column.comment or None
    return f"{column.comment or ''}(DC2Type:{column.type})"
