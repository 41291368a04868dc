"""Words that findings share: names as code, lists, and the Blueprint statement that would mend a thing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trueup.compare.defaults import NONE, parse_default
from trueup.model.locations import NOWHERE, Location
from trueup.model.names import Driver
from trueup.model.spec import RequiredColumn
from trueup.sources.sql.types import parse_type


def code(name: str) -> str:
    return f"`{name}`"


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names as code, joined as a sentence does; beyond `most` the rest is counted."""
    shown = [code(n) for n in names]
    if len(shown) > most:
        return f"{', '.join(shown[:most])} and {len(shown) - most} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "nothing"


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def places(*candidates: Location | None) -> tuple[Location, ...]:
    """The known places among the candidates, each once, in this order."""
    return tuple(dict.fromkeys(p for p in candidates if p is not None and p != NOWHERE and p.file))


def shown_type(text: str) -> str:
    """A reported type without the display width that MariaDB and old MySQL add, which says nothing about values."""
    return _DISPLAY_WIDTH.sub(r"\1", text) if text.lower() != "tinyint(1)" else text


_DISPLAY_WIDTH = re.compile(r"\b((?:tiny|small|medium|big)?int)\(\d+\)", re.IGNORECASE)


def php_list(names: Iterable[str]) -> str:
    items = [f"'{n}'" for n in names]
    return items[0] if len(items) == 1 else f"[{', '.join(items)}]"


_PLAIN_METHODS = {
    "text": "text", "mediumtext": "mediumText", "longtext": "longText", "tinytext": "tinyText", "blob": "binary", "json": "json",
    "jsonb": "jsonb", "uuid": "uuid", "date": "date", "year": "year", "boolean": "boolean", "double": "double", "float": "float",
    "tinyint": "tinyInteger", "smallint": "smallInteger", "mediumint": "mediumInteger", "integer": "integer",
    "bigint": "bigInteger",
    "inet": "ipAddress", "macaddr": "macAddress",
}  # fmt: skip


def blueprint_call(column: RequiredColumn, dialect: Driver | None) -> str:
    """The Blueprint statement that makes the required column: `$table->decimal('cost', 10, 6);`. Where the document gives no type
    the reader must choose, and the statement says so."""
    return f"$table->{_typed(column, dialect)}{_modifiers(column, dialect)};"


def _typed(column: RequiredColumn, dialect: Driver | None) -> str:
    name = f"'{column.name}'"
    if column.type is None:
        return f"string({name})"
    parsed = parse_type(column.type, dialect)
    values = column.values or parsed.values
    if values and parsed.family in ("enum", "set", "string"):
        return (
            f"{'set' if parsed.family == 'set' else 'enum'}({name}, [{', '.join(repr(v) for v in values)}])"
        )
    if parsed.family == "string":
        length = f", {parsed.length}" if parsed.length and parsed.length != 255 else ""
        return f"{'char' if parsed.fixed else 'string'}({name}{length})"
    if parsed.family == "decimal":
        digits = f", {parsed.precision}, {parsed.scale or 0}" if parsed.precision else ""
        return f"decimal({name}{digits}){'->unsigned()' if parsed.unsigned else ''}"
    if parsed.family in ("datetime", "timestamp", "time"):
        base = {"datetime": "dateTime", "timestamp": "timestamp", "time": "time"}[parsed.family]
        fraction = f", {parsed.fraction}" if parsed.fraction else ""
        return f"{base}{'Tz' if parsed.time_zone else ''}({name}{fraction})"
    method = _PLAIN_METHODS.get(parsed.name)
    if method is None:
        return f"addColumn('{column.type}', {name})"
    if parsed.family == "integer" and (column.auto_increment or parsed.auto_increment):
        return f"{'bigIncrements' if parsed.bits == 64 else 'increments'}({name})"
    return f"{'unsigned' + method[0].upper() + method[1:] if parsed.unsigned else method}({name})"


def _modifiers(column: RequiredColumn, dialect: Driver | None) -> str:
    nullable = "->nullable()" if column.nullable else ""
    return nullable + default_call(column, dialect)


def default_call(column: RequiredColumn, dialect: Driver | None) -> str:
    """The Blueprint modifier of a required default ("->default('USD')"), empty for none. MySQL takes a literal default of JSON
    and TEXT only as an expression, in brackets."""
    value = parse_default(column.default) if column.default_known else NONE
    quoted = value.text.replace("\\", "\\\\").replace("'", "\\'")
    match value.kind:
        case "none":
            return ""
        case "now":
            return "->useCurrent()"
        case "expression":
            return f"->default(DB::raw({_php_text(f'({column.default})')}))"
        case "literal":
            if column.type and parse_type(column.type, dialect).family in ("json", "text", "binary"):
                literal = "('" + value.text.replace("'", "''") + "')"
                return f"->default(DB::raw({_php_text(literal)}))"
            return f"->default('{quoted}')"
        case "number" | "boolean":
            return f"->default({value.text})"


def _php_text(text: str) -> str:
    """A PHP string: in double quotes only where it holds single ones, so that little must be escaped."""
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'
