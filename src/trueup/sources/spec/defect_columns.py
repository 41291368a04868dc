"""What a server would refuse in a column's definition. The numbers are MySQL's errors and PostgreSQL's SQLSTATEs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.names import Driver
from trueup.model.spec import SpecDefect
from trueup.sources.spec.defect_tables import JudgedTable, all_indexes, is_blob, is_literal, type_of
from trueup.sources.spec.from_ddl import bare_name

IDENTIFIER_LENGTHS: dict[Driver, int] = {"mysql": 64, "mariadb": 64, "pgsql": 63}
_NO_LITERAL_DEFAULT = ("json", "text", "binary", "geometry")
_NUMBER = re.compile(r"'?[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?'?", re.I)


def duplicate_columns(table: JudgedTable) -> Iterator[SpecDefect]:
    """1060, 42701."""
    for column in table.twice:
        first = table.column(column.name)
        where = f" (first in line {first.at.line})" if first else ""
        yield table.defect(
            "duplicate-column", column.at, f"column {column.name} is defined twice{where}", column.name
        )


def null_defaults(table: JudgedTable) -> Iterator[SpecDefect]:
    """1067: NOT NULL DEFAULT NULL. PostgreSQL takes it and refuses every insert that relies on it."""
    for column in table.columns:
        if column.nullable is False and (column.default or "").strip().upper() == "NULL":
            yield table.defect(
                "not-null-default-null",
                column.at,
                f"{column.name} is NOT NULL and has the default NULL",
                column.name,
            )


def literal_defaults(table: JudgedTable) -> Iterator[SpecDefect]:
    """1101: BLOB, TEXT, GEOMETRY and JSON columns can't have a literal default on MySQL; an expression in brackets can
    (8.0.13)."""
    if table.driver != "mysql":
        return
    for column in table.columns:
        family = type_of(column, table.driver).family
        if family in _NO_LITERAL_DEFAULT and is_literal(column.default) and is_blob(column, table.driver):
            kind = "json-default" if family == "json" else "text-default"
            word = column.type.split("(")[0].upper()
            text = f"MySQL refuses a literal default on a {word} column"
            yield table.about(column, kind, f"{text}; ({column.default}) in brackets is taken from 8.0.13 on")


def bad_defaults(table: JudgedTable) -> Iterator[SpecDefect]:
    """1067: a default that is no value of its type. 1265 and 22P02: an ENUM's default outside its values."""
    for column in table.columns:
        if not is_literal(column.default):
            continue
        default = column.default or ""
        found = type_of(column, table.driver)
        value = _unquoted(default)
        if found.family in ("enum", "set") and found.values and default.startswith("'"):
            wanted = value.split(",") if found.family == "set" else [value]
            if not {w.lower() for w in wanted if w} <= {v.lower() for v in found.values}:
                yield table.about(
                    column, "enum-default", f"default {default} is none of {', '.join(found.values)}"
                )
        elif (
            found.family in ("integer", "decimal", "float")
            and table.driver != "sqlite"
            and not _is_number(default)
        ):
            yield table.about(column, "bad-default", f"default {default} is no {column.type}")
        elif (
            found.family == "string"
            and found.length is not None
            and default.startswith("'")
            and len(value) > found.length
            and table.driver != "sqlite"
        ):
            yield table.about(column, "bad-default", f"default {default} is longer than {column.type}")


def long_names(table: JudgedTable) -> Iterator[SpecDefect]:
    """1059 on MySQL and MariaDB. PostgreSQL cuts the name instead: no refusal."""
    limit = IDENTIFIER_LENGTHS.get(table.driver) if table.driver in ("mysql", "mariadb") else None
    if limit is None:
        return
    names = [(table.name, table.at, "")]
    names += [(bare_name(c.name), c.at, bare_name(c.name)) for c in table.columns]
    names += [(i.name or "", i.at, "") for i in table.indexes] + [
        (k.name or "", k.at, "") for k in table.keys
    ]
    for name, at, column in names:
        if len(name) > limit:
            yield table.defect(
                "long-identifier",
                at,
                f"identifier {name} has {len(name)} characters; {limit} are allowed",
                column,
            )


def auto_increments(table: JudgedTable) -> Iterator[SpecDefect]:
    """1075: one AUTO_INCREMENT column, and it must lead a key."""
    if table.driver not in ("mysql", "mariadb"):
        return
    counted = [c for c in table.columns if c.auto_increment]
    leading = {(i.parts[0].column or "").lower() for i in all_indexes(table) if i.parts}
    for column in counted[1:]:
        yield table.defect("auto-increment", column.at, "a second AUTO_INCREMENT column", column.name)
    for column in counted[:1]:
        if bare_name(column.name).lower() not in leading and table.known:
            yield table.defect(
                "auto-increment", column.at, f"AUTO_INCREMENT column {column.name} is no key", column.name
            )


def lengths(table: JudgedTable) -> Iterator[SpecDefect]:
    """1064: VARCHAR and VARBINARY need a length; 1074: more than 16383 characters; 1425 and 1427: digits of decimals."""
    if table.driver not in ("mysql", "mariadb"):
        return
    for column in table.columns:
        found = type_of(column, table.driver)
        word = column.type.lower().split("(")[0].strip()
        if word in ("varchar", "varbinary", "nvarchar", "character varying") and "(" not in column.type:
            yield table.about(column, "no-length", f"{column.type.upper()} needs a length")
        elif found.family == "string" and (found.length or 0) > 16383 and not found.fixed:
            yield table.about(column, "long-column", f"{column.type} is over 16383 characters")
        elif found.family == "decimal" and not _valid_digits(found.precision, found.scale or 0):
            yield table.about(column, "bad-precision", f"{column.type} has no valid precision and scale")


def _valid_digits(precision: int | None, scale: int) -> bool:
    return precision is None or (precision <= 65 and scale <= min(precision, 30))


def unknown_types(table: JudgedTable, made: set[str]) -> Iterator[SpecDefect]:
    """A type that the dialect does not have, where the reader took it all the same."""
    foreign = _FOREIGN_TYPES.get(table.driver or "sqlite", frozenset())
    for column in table.columns:
        word = re.split(r"[\s(\[]", column.type.strip().lower(), maxsplit=1)[0].strip('"`')
        if word in foreign and word not in made:
            yield table.about(column, "unknown-type", f"{table.driver} has no type {word.upper()}")


_NOWHERE = {"string", "number", "varchar2", "nvarchar2", "clob", "uniqueidentifier"}
_MYSQL_LACKS = frozenset(
    {
        "jsonb",
        "bytea",
        "timestamptz",
        "timetz",
        "citext",
        "tsvector",
        "money",
        "interval",
        "hstore",
        "uuid",
        "cidr",
    }
    | {"serial4", "serial8", "bigserial", "smallserial"}
    | _NOWHERE
)
_PGSQL_LACKS = frozenset(
    {
        "tinyint",
        "mediumint",
        "datetime",
        "enum",
        "year",
        "double",
        "varbinary",
        "binary",
        "unsigned",
        "nvarchar",
    }
    | {"tinytext", "mediumtext", "longtext", "blob", "tinyblob", "mediumblob", "longblob"}
    | _NOWHERE
)
_FOREIGN_TYPES: dict[str, frozenset[str]] = {
    "mysql": _MYSQL_LACKS,
    "mariadb": _MYSQL_LACKS - {"uuid", "varchar2", "clob"},
    "pgsql": _PGSQL_LACKS,
}


def _is_number(default: str) -> bool:
    return _NUMBER.fullmatch(default.strip()) is not None


def _unquoted(default: str) -> str:
    return default.strip().strip("'").replace("''", "'")
