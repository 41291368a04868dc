"""Columns as the Blueprint calls that define them, from what a document requires or from what servers report."""

from __future__ import annotations

from trueup.compare.defaults import parse_default
from trueup.model.names import DRIVERS, Driver
from trueup.model.schema import Column, Schema
from trueup.model.spec import RequiredColumn
from trueup.model.types import ColumnType
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, replace


class Unmendable(Exception):
    """A remedy can't be made for a reason that a person should hear: it becomes the remedy's `withheld`."""


class Definition(Struct, frozen=True):
    """`method` and `arguments` (PHP, without the name) make the type; `default` is PHP, "" for none; `now` CURRENT_TIMESTAMP."""

    name: str
    method: str
    arguments: tuple[str, ...] = ()
    unsigned: bool = False
    nullable: bool = False
    default: str = ""
    now: bool = False
    now_on_update: bool = False
    comment: str = ""
    auto_increment: bool = False

    def statement(self, after: str = "") -> str:
        """The whole Blueprint statement without the semicolon."""
        call = ", ".join((php_text(self.name), *self.arguments))
        parts = [f"$table->{self.method}({call})"]
        parts += ["->unsigned()"] if self.unsigned else []
        parts += ["->nullable()"] if self.nullable else []
        parts += [f"->default({self.default})"] if self.default else []
        parts += ["->useCurrent()"] if self.now else []
        parts += ["->useCurrentOnUpdate()"] if self.now_on_update else []
        parts += [f"->comment({php_text(self.comment)})"] if self.comment else []
        parts += [f"->after({php_text(after)})"] if after else []
        return "".join(parts)

    @property
    def given_by_server(self) -> bool:
        """Whether an insert may leave the column out."""
        return self.nullable or bool(self.default) or self.now or self.auto_increment


def php_text(text: str) -> str:
    """A PHP string: in double quotes only where it holds single ones, so that little must be escaped."""
    if "'" not in text:
        return "'" + text.replace("\\", "\\\\") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def php_list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(map(php_text, names))}]"


# What a document requires.


def required_definition(column: RequiredColumn, dialect: Driver | None, name: str = "") -> Definition:
    """The column as required. Raises Unmendable where the document does not say enough."""
    if column.type is None:
        raise Unmendable(f"the document does not give the type of {column.name}")
    parsed = parse_type(column.type, dialect)
    if column.auto_increment or parsed.auto_increment:
        method = "bigIncrements" if (parsed.bits or 64) == 64 else "increments"
        return Definition(name or column.name, method, auto_increment=True)
    made = _typed(name or column.name, parsed, column.values, column.type)
    made = replace(made, nullable=bool(column.nullable), comment=column.comment or "")
    made = replace(made, now_on_update=column.on_update is not None)
    if not column.default_known or column.default is None:
        return made
    return with_default(made, column.default, parsed)


def with_default(definition: Definition, default: str | None, parsed: ColumnType) -> Definition:
    """With the default that SQL text gives."""
    value = parse_default(default)
    bare = replace(definition, default="", now=False)
    match value.kind:
        case "none":
            return bare
        case "now":
            return replace(bare, now=True)
        case "expression":
            return replace(bare, default=f"DB::raw({php_text(f'({default})')})")
        case "literal":
            return replace(bare, default=_literal(value.text, parsed))
        case "number" | "boolean":
            return replace(bare, default=_number(value.text, parsed))


def _literal(text: str, parsed: ColumnType) -> str:
    """MySQL takes a literal default of JSON and TEXT only as an expression, in brackets."""
    if parsed.family in ("json", "text", "binary"):
        quoted = text.replace("'", "''")
        expression = php_text(f"('{quoted}')")
        return f"DB::raw({expression})"
    if parsed.family in ("integer", "decimal", "float", "boolean"):
        return _number(text, parsed)
    return php_text(text)


def _number(text: str, parsed: ColumnType) -> str:
    if parsed.family == "boolean":
        return "true" if text.lower() in ("1", "true", "t") else "false"
    if parsed.family in ("string", "text", "enum", "set"):
        return php_text(text)
    return {"true": "1", "false": "0"}.get(text.lower(), text)


# What servers report.


def existing_definition(table: str, name: str, schemas: dict[Driver, Schema]) -> Definition:
    """An existing column, so that `change()` can state it whole and `down()` bring it back. MySQL says most of a type (unsigned,
    ENUM, JSON); PostgreSQL tells UUIDs, addresses and time zones apart. Raises Unmendable for what no Blueprint call makes."""
    column, driver = _told(table, name, schemas)
    if column.generated:
        raise Unmendable(f"{table}.{name} is computed by the server from other columns")
    if column.unknown:
        raise Unmendable(f"the {column.unknown[0]} of {table}.{name} could not be read")
    parsed = _refined(parse_type(column.type, driver), column, table, schemas)
    if column.auto_increment:
        return Definition(
            column.name, "bigIncrements" if parsed.bits == 64 else "increments", auto_increment=True
        )
    made = _typed(column.name, parsed, column.values, column.type)
    made = replace(made, nullable=column.nullable, comment=_comment(table, name, schemas))
    made = replace(made, now_on_update=column.on_update is not None)
    return with_default(made, _default(column, parsed, driver), parsed)


def _told(table: str, name: str, schemas: dict[Driver, Schema]) -> tuple[Column, Driver]:
    for driver in DRIVERS:
        column = _column(table, name, schemas.get(driver))
        if column is not None:
            return column, driver
    raise Unmendable(f"there is no column {table}.{name}")


def _column(table: str, name: str, schema: Schema | None) -> Column | None:
    found = schema.table(table) if schema else None
    return found.column(name) if found else None


def _refined(parsed: ColumnType, column: Column, table: str, schemas: dict[Driver, Schema]) -> ColumnType:
    """With what only PostgreSQL tells, and which of two words SQLite keeps."""
    if parsed.family == "float":
        sqlite = _column(table, column.name, schemas.get("sqlite"))
        word = sqlite.type.lower() if sqlite is not None else ""
        return replace(parsed, name=word) if word in ("float", "double") else parsed
    other = _column(table, column.name, schemas.get("pgsql"))
    if other is None or parsed.family not in ("string", "json", "datetime", "timestamp", "text"):
        return parsed
    there = parse_type(other.type, "pgsql")
    if there.family in ("uuid", "inet", "macaddr", "json"):
        return there
    return replace(parsed, time_zone=there.time_zone)


def _comment(table: str, name: str, schemas: dict[Driver, Schema]) -> str:
    for schema in schemas.values():
        column = _column(table, name, schema)
        if column is not None and column.comment:
            return column.comment
    return ""


def _default(column: Column, parsed: ColumnType, driver: Driver) -> str | None:
    """The default as SQL: MySQL reports texts without their quotes."""
    text = column.default
    if text is None or driver != "mysql" or parsed.family in ("integer", "decimal", "float", "boolean"):
        return text
    if text.lower().startswith(("current_timestamp", "now(")) or text[:1] in ("'", "(", "_"):
        return text
    return "'" + text.replace("'", "''") + "'"


# Types.

_PLAIN = {
    "text": "text", "mediumtext": "mediumText", "longtext": "longText", "tinytext": "tinyText", "json": "json", "jsonb": "jsonb",
    "uuid": "uuid", "date": "date", "year": "year", "boolean": "boolean", "double": "double", "float": "float", "inet": "ipAddress",
    "blob": "binary", "bytea": "binary", "macaddr": "macAddress", "tinyint": "tinyInteger", "smallint": "smallInteger",
    "mediumint": "mediumInteger", "integer": "integer", "bigint": "bigInteger", "real": "float",
}  # fmt: skip


def _typed(name: str, parsed: ColumnType, values: tuple[str, ...], written: str) -> Definition:
    listed = values or parsed.values
    if listed and parsed.family in ("enum", "set", "string", "text"):
        return Definition(name, "set" if parsed.family == "set" else "enum", (php_list(listed),))
    match parsed.family:
        case "string":
            length = (str(parsed.length),) if parsed.length and (parsed.fixed or parsed.length != 255) else ()
            return Definition(name, "char" if parsed.fixed else "string", length)
        case "decimal":
            digits = (str(parsed.precision), str(parsed.scale or 0)) if parsed.precision else ()
            return Definition(name, "decimal", digits, unsigned=parsed.unsigned)
        case "datetime" | "timestamp" | "time":
            method = {"datetime": "dateTime", "timestamp": "timestamp", "time": "time"}[parsed.family]
            fraction = (str(parsed.fraction),) if parsed.fraction else ()
            return Definition(name, method + ("Tz" if parsed.time_zone else ""), fraction)
        case "integer":
            method = _PLAIN.get(parsed.name, "integer")
            unsigned = parsed.unsigned
            return Definition(name, f"unsigned{method[0].upper()}{method[1:]}" if unsigned else method)
        case "boolean":
            return Definition(name, "boolean")
        case "float" if parsed.precision:  # MySQL's DOUBLE(8, 2), which Laravel made before version 11
            return Definition(name, "double", (str(parsed.precision), str(parsed.scale or 0)))
        case _:
            method = _PLAIN.get(parsed.name, "")
            if not method:
                raise Unmendable(f"no Blueprint method makes the type {written}")
            return Definition(name, method)
