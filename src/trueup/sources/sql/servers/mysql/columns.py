"""A column's definition → the column as MySQL or MariaDB holds it."""

from __future__ import annotations

from trueup.model.schema import Check, Column
from trueup.sources.sql.ddl import ColumnDef
from trueup.sources.sql.expressions import allowed_values
from trueup.sources.sql.servers.mysql.defaults import invalid, reported_default, reported_on_update
from trueup.sources.sql.servers.mysql.types import (
    Spelled,
    charset_of,
    check_charset,
    full_charset,
    loosened,
    spell,
)
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

_COLLATIONS = {
    "latin1": "latin1_swedish_ci",
    "ascii": "ascii_general_ci",
    "binary": "binary",
    "utf8": "utf8mb3_general_ci",
    "utf8mb3": "utf8mb3_general_ci",
    "utf8mb4": "utf8mb4_general_ci",
}
NAME_LIMIT = 64


def default_collation(charset: str, *, mariadb: bool) -> str:
    if charset == "utf8mb4" and not mariadb:
        return "utf8mb4_0900_ai_ci"
    return _COLLATIONS.get(charset, f"{charset}_general_ci")


def check_name(name: str) -> None:
    """An identifier of an index, key or column in a definition."""
    if len(name) > NAME_LIMIT:
        raise Refused(f"Identifier name '{name}' is too long", "1059")


def check_column_name(name: str, *, new: bool = True) -> None:
    """`new`: in a definition; a RENAME COLUMN puts a long one in other words."""
    if new:
        check_name(name)
    if not name or name.endswith(" ") or len(name) > NAME_LIMIT:
        raise Refused(f"Incorrect column name '{name}'", "1166")


def check_table_name(name: str) -> None:
    if not name or len(name) > NAME_LIMIT or name.endswith(" "):
        raise Refused(f"Incorrect table name '{name}'", "1103")


def make_column(
    written: ColumnDef, charset: str, collation: str | None, *, mariadb: bool, strict: bool = True
) -> Column:
    """`written` as the server will report it, without its default; `charset` and `collation` are the table's. Raises `Refused`."""
    check_null_default(written)
    check_column_name(written.name)
    own = written.charset or charset_of(written.collation)
    check_charset(own)
    _check_collation(written)
    _check_sign(written)
    type_ = written.type if strict else loosened(written.type, own or charset, mariadb=mariadb)
    spelled = spell(written.name, type_, own or charset, mariadb=mariadb)
    kind = spelled.type
    serial = written.type.strip().lower() == "serial"
    counter = written.auto_increment or serial
    nullable = _nullable(written, serial)
    column = Column(
        written.name,
        spelled.text,
        nullable,
        None,
        counter,
        written.at,
        written.comment,
        _collation(written, spelled, own, collation, mariadb),
        spelled.charset,
        None,
        written.generated,
        written.stored,
        kind.values if kind.family in ("enum", "set") else (),
    )
    if written.invisible and mariadb and not nullable and written.default is None and not counter:
        raise Refused(f"Invisible column `{written.name}` must have a default value", "4108")
    if counter and kind.family not in ("integer", "boolean", "float"):
        raise Refused(f"Incorrect column specifier for column '{written.name}'", "1063")
    if written.default is not None and (counter or written.generated is not None):
        raise invalid(column.name)
    if column.values and written.default is not None:
        reported_default(column.name, kind, written.default, mariadb=mariadb, strict=False)
    return column


def check_null_default(written: ColumnDef) -> None:
    """NOT NULL DEFAULT NULL is refused by the parser already."""
    if written.nullable is False and (written.default or "").strip().upper() == "NULL":
        raise invalid(written.name)


def _check_collation(written: ColumnDef) -> None:
    collation = (written.collation or "").lower()
    other = charset_of(collation)
    if written.charset and other and full_charset(other) != full_charset(written.charset):
        raise Refused(f"COLLATION '{collation}' is not valid for CHARACTER SET '{written.charset}'", "1253")


def _check_sign(written: ColumnDef) -> None:
    """Only numbers have a sign."""
    words = written.type.lower().split()
    if "unsigned" in words[1:] and parse_type(written.type, "mysql").family in (
        "string",
        "text",
        "date",
        "json",
        "enum",
    ):
        raise Refused(
            f"You have an error in your SQL syntax; ... near '{written.type[written.type.lower().find('unsigned') :]}'",
            "1064",
        )


def _nullable(written: ColumnDef, serial: bool) -> bool:
    if written.primary or serial or written.auto_increment:
        return False
    return written.nullable is not False


def with_default(column: Column, written: ColumnDef, *, mariadb: bool, strict: bool) -> Column:
    """`column` with the default and ON UPDATE of its definition, which the server looks at last of all. Raises `Refused`."""
    kind = parse_type(column.type, "pgsql" if column.values else "mysql")
    default, on_update = column.default, column.on_update
    if written.default is not None:
        default = reported_default(column.name, kind, written.default, mariadb=mariadb, strict=strict)
    if written.on_update is not None:
        on_update = reported_on_update(column.name, kind, written.on_update, mariadb=mariadb)
    return replace(column, default=default, on_update=on_update)


def _collation(
    written: ColumnDef, spelled: Spelled, own: str | None, table: str | None, mariadb: bool
) -> str | None:
    if spelled.charset is None:
        return None
    if spelled.text == "longtext" and parse_type(written.type).family == "json":
        return "utf8mb4_bin"
    if written.collation:
        return written.collation.lower()
    if own:
        return default_collation(own, mariadb=mariadb)
    return table


def inline_check(written: ColumnDef, *, mariadb: bool) -> Check | None:
    """The CHECK of a column's definition; MariaDB gives JSON one of its own."""
    expression = written.check
    if expression is None and mariadb and parse_type(written.type).family == "json":
        expression = f"json_valid(`{written.name}`)"
    if expression is None:
        return None
    name = written.name if mariadb else written.check_name
    return Check(name, expression, (written.name,), allowed_values(expression), written.at)
