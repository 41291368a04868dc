"""doctrine/dbal's columns: how it reads a server's column, and how it spells one again.

What it has no word for is lost on the way: an ENUM comes back as a string, a TIMESTAMP as DATETIME, a MEDIUMINT as INT, a YEAR
as DATE. Source: doctrine/dbal 3, platforms and schema managers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trueup.model.names import Driver
from trueup.model.schema import Column
from trueup.sources.laravel.migrations.fluent import Expression, FrameworkError, php_text

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
_TEXT_LENGTHS = {"tinytext": 255, "text": 65535, "mediumtext": 16777215}
_PLATFORMS = {
    "mysql": "MySQL80Platform",
    "mariadb": "MariaDb1027Platform",
    "sqlite": "SqlitePlatform",
    "pgsql": "PostgreSQL100Platform",
}
KNOWN_TYPES = frozenset(
    [
        "bigint",
        "binary",
        "blob",
        "boolean",
        "date",
        "datetime",
        "datetimetz",
        "decimal",
        "float",
        "guid",
        "integer",
        "json",
        "smallint",
        "string",
        "text",
        "time",
        "simple_array",
    ]
)


@dataclass(slots=True)
class DoctrineColumn:
    """`default` is the plain value, not SQL; an `Expression` is told as it is. `type` is doctrine's word."""

    name: str
    type: str
    length: int | None = None
    fixed: bool = False
    precision: int | None = None
    scale: int | None = None
    unsigned: bool = False
    notnull: bool = True
    autoincrement: bool = False
    default: object = None
    comment: str | None = None
    charset: str | None = None
    collation: str | None = None
    jsonb: bool = False
    options: dict[str, object] = field(default_factory=dict)


def unknown_database_type(word: str, driver: Driver) -> FrameworkError:
    return FrameworkError(
        "Doctrine\\DBAL\\Exception",
        f"Unknown database type {word} requested, Doctrine\\DBAL\\Platforms\\{_PLATFORMS[driver]} may not support it.",
    )


def read_column(column: Column, driver: Driver) -> DoctrineColumn:
    """Raises `FrameworkError` for a type doctrine does not know: any such column of a table stops every change to it."""
    type_ = column.type.lower()
    word = (
        re.split(r"[( ]", type_, maxsplit=1)[0]
        if driver != "pgsql"
        else re.sub(r"\(.*?\)", "", type_).strip()
    )
    doctrine = _MAPPINGS[driver].get(word)
    if doctrine is None:
        raise unknown_database_type(word, driver)
    result = DoctrineColumn(
        column.name, doctrine, notnull=not column.nullable, autoincrement=column.auto_increment
    )
    result.unsigned = "unsigned" in type_
    result.fixed = word in ("char", "binary", "character")
    result.comment, result.charset, result.collation = column.comment, column.charset, column.collation
    result.jsonb = word == "jsonb"
    result.default = None if column.auto_increment else _plain_default(column.default)
    _read_size(result, type_, word)
    return result


def _read_size(column: DoctrineColumn, type_: str, word: str) -> None:
    if word in _TEXT_LENGTHS:
        column.length = _TEXT_LENGTHS[word]
        return
    found = re.search(r"\((\d+)(?:\s*,\s*(\d+))?\)", type_)
    if found is None:
        return
    if column.type in ("decimal", "float"):
        column.precision = int(found[1])
        column.scale = int(found[2] or 0)
    elif column.type in ("string", "binary"):
        column.length = int(found[1])


def _plain_default(default: str | None) -> object:
    """The value inside the server's own spelling."""
    if default is None or default.upper() == "NULL" or default.upper().startswith("NULL::"):
        return None
    text = re.sub(r"::[a-z ]+(\(\d+\))?$", "", default)
    if len(text) >= 2 and text[0] == "'" == text[-1]:
        return text[1:-1].replace("''", "'")
    if text.lower() in ("current_timestamp()", "current_timestamp", "now()"):
        return Expression("CURRENT_TIMESTAMP")
    if re.fullmatch(r"-?\d+(\.\d+)?", text) or text.lower() in ("true", "false"):
        return {"true": True, "false": False}.get(text.lower(), text)
    return Expression(text)


# Spelling


def type_sql(column: DoctrineColumn, driver: Driver) -> str:
    mysql = driver in ("mysql", "mariadb")
    unsigned = " UNSIGNED" if column.unsigned and (mysql or driver == "sqlite") else ""
    if column.type in ("integer", "bigint", "smallint"):
        word = {
            "integer": "INT" if driver != "sqlite" else "INTEGER",
            "bigint": "BIGINT",
            "smallint": "SMALLINT",
        }[column.type]
        if driver == "sqlite" and column.autoincrement:
            return "INTEGER"
        return word + unsigned
    if column.type in ("string", "simple_array"):
        return _string_sql(column, driver)
    if column.type == "decimal":
        precision = column.precision if column.precision is not None else 10
        return f"NUMERIC({precision}, {column.scale or 0})" + (unsigned if mysql else "")
    if column.type == "float":
        return "DOUBLE PRECISION" + (unsigned if mysql else "")
    return _other_sql(column, driver, mysql)


def _string_sql(column: DoctrineColumn, driver: Driver) -> str:
    if column.type == "simple_array":
        return _text_sql(column.length) if driver in ("mysql", "mariadb") else "CLOB"
    length = column.length or 255
    return f"CHAR({length})" if column.fixed else f"VARCHAR({length})"


def _text_sql(length: int | None) -> str:
    for limit, word in ((255, "TINYTEXT"), (65535, "TEXT"), (16777215, "MEDIUMTEXT")):
        if length and length <= limit:
            return word
    return "LONGTEXT"


def _other_sql(column: DoctrineColumn, driver: Driver, mysql: bool) -> str:
    match column.type:
        case "text":
            return _text_sql(column.length) if mysql else "CLOB" if driver == "sqlite" else "TEXT"
        case "boolean":
            return "TINYINT(1)" if mysql else "BOOLEAN"
        case "json":
            return {"sqlite": "CLOB", "mariadb": "LONGTEXT", "mysql": "JSON"}.get(
                driver, "JSONB" if column.jsonb else "JSON"
            )
        case "guid":
            return "UUID" if driver == "pgsql" else "CHAR(36)"
        case "blob":
            return "LONGBLOB" if mysql else "BLOB" if driver == "sqlite" else "BYTEA"
        case "binary":
            length = column.length or 255
            return (f"BINARY({length})" if column.fixed else f"VARBINARY({length})") if mysql else "BLOB"
        case "datetime":
            return "TIMESTAMP(0) WITHOUT TIME ZONE" if driver == "pgsql" else "DATETIME"
        case "datetimetz":
            return "TIMESTAMP(0) WITH TIME ZONE" if driver == "pgsql" else "DATETIME"
        case "timestamp":
            return (
                "TIMESTAMP(0) WITHOUT TIME ZONE"
                if driver == "pgsql"
                else "TIMESTAMP"
                if mysql
                else "DATETIME"
            )
        case "time":
            return "TIME(0) WITHOUT TIME ZONE" if driver == "pgsql" else "TIME"
        case "date":
            return "DATE"
    return column.type.upper()


def default_sql(column: DoctrineColumn, driver: Driver) -> str | None:
    """The text behind DEFAULT, or None for no clause."""
    value = column.default
    if value is None:
        return None if column.notnull else "NULL"
    if isinstance(value, Expression):
        return value.sql
    if column.type in ("integer", "bigint", "smallint"):
        return php_text(int(value) if isinstance(value, bool) else value)
    if column.type == "boolean":
        truth = value not in (False, "0", "", 0, "false")
        return str(truth).lower() if driver == "pgsql" else str(int(truth))
    return "'" + php_text(value).replace("'", "''") + "'"


def comment_of(column: DoctrineColumn, driver: Driver) -> str | None:
    """Types that the server has no word for are remembered in the comment."""
    mysql = driver in ("mysql", "mariadb")
    hint = (mysql and column.type in ("guid", "datetimetz", "simple_array")) or (
        driver == "mariadb" and column.type == "json"
    )
    if not hint:
        return column.comment or None
    return f"{column.comment or ''}(DC2Type:{column.type})"
