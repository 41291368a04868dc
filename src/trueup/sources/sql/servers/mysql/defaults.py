"""Default values: as MySQL and MariaDB report them, and those that they refuse (1067, 1101, 1294)."""

from __future__ import annotations

import re
from calendar import monthrange
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from trueup.model.types import ColumnType
from trueup.sources.sql.expressions import outer_parentheses_off
from trueup.sources.sql.reader.refusals import unknown_function
from trueup.sources.sql.reader.tokens import string_value
from trueup.sources.sql.servers.refused import Refused

_NOW = re.compile(r"^(?:current_timestamp|now|localtime|localtimestamp)\s*+(?:\(\s*+(\d*+)\s*+\))?$", re.I)
_NUMBER = re.compile(r"^[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d++)?$", re.I)
_DATE = re.compile(
    r"^(\d{4}|\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?(\.\d*)?)?$"
)
_UUID = re.compile(r"^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$", re.I)
_TIME = re.compile(r"^-?\d+(?::\d{1,2}){0,2}(?:\.\d*)?$")
_STRING = re.compile(r"^(?:_\w+\s*|[nN])?(['\"]).*\1$", re.S)
_MOMENTS = ("datetime", "timestamp")
_INTERVAL_BITS = {8: 8, 16: 16, 24: 24, 32: 32, 64: 64}
_WITHOUT = frozenset(("text", "json", "geometry"))
_OPERATOR = re.compile(r"(?<=[\w)'`])\s*([-+*/%]|\|\||<=|>=|<>|=|<|>)\s*")
_FUNCTION = re.compile(r"(?<!\w)[A-Za-z_]\w*+(?=\s*+\()")
_NAME = re.compile(r"^[A-Za-z_]\w*$")
_WITHOUT_PARENTHESES = (
    "current_date",
    "current_time",
    "current_user",
    "current_role",
    "utc_date",
    "utc_time",
    "utc_timestamp",
)

_ESCAPED = str.maketrans({"\\": "\\\\", "'": "''", "\0": "\\0", "\n": "\\n", "\r": "\\r"})
"""As MariaDB writes a string that it tells of."""


def invalid(column: str) -> Refused:
    return Refused(f"Invalid default value for '{column}'", "1067")


def reported_default(
    column: str, kind: ColumnType, written: str, *, mariadb: bool, strict: bool
) -> str | None:
    """The default `written` in a statement as the server reports it; None for NULL. Raises `Refused` where it can't be one."""
    text = written.strip()
    if text.upper() == "NULL":
        return None
    now = _NOW.match(text.strip("() ") if text.startswith("(") and mariadb else text)
    if now and not (now.group(0).lower() == text.lower() and "(" not in text and text.lower() == "now"):
        return _moment(column, kind, now.group(1), mariadb)
    literal = _literal(text)
    if literal is None:
        return _expression(column, kind, text, mariadb)
    if _takes_no_literal(kind) and not mariadb:
        if literal == "" and not strict:
            # Without strict mode an empty default is a warning, and there is none.
            return None
        raise Refused(f"BLOB, TEXT, GEOMETRY or JSON column '{column}' can't have a default value", "1101")
    value = _fitted(column, kind, literal, strict)
    quoted = mariadb and not _is_numeric(kind) and not (_takes_no_literal(kind) and not _STRING.match(text))
    if kind.family == "bit":
        return f"b'{int(Decimal(value)):b}'"
    return "'" + value.translate(_ESCAPED) + "'" if quoted else value


def _takes_no_literal(kind: ColumnType) -> bool:
    return kind.family in _WITHOUT or "blob" in kind.name


def _is_numeric(kind: ColumnType) -> bool:
    return kind.family in ("integer", "boolean", "decimal", "float", "year")


def _literal(text: str) -> str | None:
    """The value of a literal: a string's, a number's, TRUE's; None where it is an expression."""
    if _STRING.match(text):
        return string_value(text, "mysql")
    if _NUMBER.match(text):
        return text.lstrip("+")
    if text.lower() in ("true", "false"):
        return "1" if text.lower() == "true" else "0"
    bits = re.match(r"^(?:b'([01]*)'|0b([01]+))$", text, re.I)
    if bits:
        return str(int(bits.group(1) or bits.group(2) or "0", 2))
    return None


def _moment(column: str, kind: ColumnType, digits: str | None, mariadb: bool) -> str:
    precision = int(digits) if digits else 0
    if kind.family in _MOMENTS:
        if precision < (kind.fraction or 0) or (not mariadb and precision != (kind.fraction or 0)):
            raise invalid(column)
    elif not mariadb:
        raise invalid(column)
    if not mariadb:
        return f"CURRENT_TIMESTAMP({precision})" if precision else "CURRENT_TIMESTAMP"
    return f"current_timestamp({precision or ''})"


def reported_on_update(column: str, kind: ColumnType, written: str, *, mariadb: bool) -> str:
    now = _NOW.match(written.strip())
    if kind.family not in _MOMENTS or now is None:
        raise Refused(f"Invalid ON UPDATE clause for '{column}' column", "1294")
    return _moment(column, kind, now.group(1), mariadb)


def _expression(column: str, kind: ColumnType, text: str, mariadb: bool) -> str:
    if not mariadb and not text.startswith("("):
        raise Refused(f"You have an error in your SQL syntax; ... near '{text}'", "1064")
    if kind.auto_increment:
        raise invalid(column)
    if _NAME.match(text) and text.lower() not in _WITHOUT_PARENTHESES:
        raise Refused(f"Unknown column '{text}' in 'DEFAULT'", "1054")
    inner = outer_parentheses_off(text)
    _refuse_functions(column, inner, mariadb)
    literal = _literal(inner)
    if literal is not None and mariadb:
        return reported_default(column, kind, inner, mariadb=True, strict=False) or ""
    inner = _FUNCTION.sub(lambda m: m.group().lower(), inner)
    operators = mariadb and _OPERATOR.search(re.sub(r"'[^']*'", "", inner))
    return f"({_spaced(inner)})" if operators else inner


def _refuse_functions(column: str, expression: str, mariadb: bool) -> None:
    """Functions of other servers: MySQL and MariaDB take them for routines of the database, which a default may not call."""
    unknown = unknown_function(expression, "mysql", ())
    if unknown is None:
        return
    if mariadb:
        reason = f"Function or expression '`{unknown}`()' cannot be used in the DEFAULT clause of `{column}`"
        raise Refused(reason, "1901")
    raise Refused(
        f"Default value expression of column '{column}' contains a disallowed function: `{unknown}`.", "3770"
    )


def _spaced(text: str) -> str:
    """Operators between single spaces, strings left alone."""
    parts = re.split(r"('(?:[^']|'')*')", text)
    return "".join(p if p.startswith("'") else _OPERATOR.sub(r" \1 ", p) for p in parts)


def _fitted(column: str, kind: ColumnType, value: str, strict: bool) -> str:
    """The literal as the column will hold it."""
    family = kind.family
    if family in ("integer", "boolean", "year", "bit"):
        return _whole(column, kind, value)
    if family in ("decimal", "float"):
        return _fraction(column, kind, value)
    if family == "string":
        if len(value.rstrip() if kind.fixed else value) > (kind.length or 0):
            raise invalid(column)
    elif family == "enum":
        return _choice(column, kind, value)
    elif family == "set":
        if value and any(part not in kind.values for part in value.split(",")):
            raise invalid(column)
    elif family in ("date", *_MOMENTS):
        return _date(column, kind, value, strict)
    elif family == "time":
        return _time(column, kind, value)
    elif family == "uuid" and not _UUID.match(value):
        raise invalid(column)
    return value


def _number(column: str, value: str) -> Decimal:
    try:
        return Decimal(value.strip())
    except InvalidOperation:
        raise invalid(column) from None


def _whole(column: str, kind: ColumnType, value: str) -> str:
    number = _number(column, value)
    if not number.is_finite():
        raise invalid(column)
    if kind.family in ("integer", "boolean"):
        bits = kind.bits or 32
        low, high = (0, 2**bits - 1) if kind.unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        if not low <= number <= high:
            raise invalid(column)
    return str(int(number.to_integral_value(ROUND_HALF_UP)))


def _fraction(column: str, kind: ColumnType, value: str) -> str:
    number = _number(column, value)
    if not number.is_finite() or (kind.unsigned and number < 0) or abs(number.adjusted()) > 330:
        raise invalid(column)
    if kind.family == "float" and kind.scale is None:
        short = f"{number.normalize():f}"
        return short.replace("-0", "0") if not number else short
    scale, precision = kind.scale or 0, kind.precision or 10
    rounded = number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    if kind.family == "decimal" and abs(rounded) >= Decimal(10) ** (precision - scale):
        raise invalid(column)
    return f"{rounded:f}"


def _choice(column: str, kind: ColumnType, value: str) -> str:
    found = next((v for v in kind.values if v.lower() == value.lower().rstrip()), None)
    if found is None:
        raise invalid(column)
    return found


def _date(column: str, kind: ColumnType, value: str, strict: bool) -> str:
    found = _DATE.match(value.strip())
    if value.strip() in ("0", "") or (found and set(re.sub(r"\D", "", value)) <= {"0"}):
        if strict or (not found and value.strip() != "0"):
            raise invalid(column)
        return "0000-00-00" if kind.family == "date" else "0000-00-00 00:00:00"
    if found is None:
        if re.fullmatch(r"\d{8}|\d{14}", value):
            return value
        raise invalid(column)
    year, month, day, hour, minute, second = (int(n or 0) for n in found.groups()[:6])
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        raise invalid(column)
    if not 1 <= day <= monthrange(year or 4, month)[1]:
        raise invalid(column)
    if kind.family == "timestamp" and not 1970 <= year <= 2038:
        raise invalid(column)
    date = f"{year:04d}-{month:02d}-{day:02d}"
    fraction = (
        "." + (found.group(7) or ".").strip(".").ljust(kind.fraction, "0")[: kind.fraction]
        if kind.fraction
        else ""
    )
    return date if kind.family == "date" else f"{date} {hour:02d}:{minute:02d}:{second:02d}{fraction}"


def _time(column: str, kind: ColumnType, value: str) -> str:
    if not _TIME.match(value.strip()):
        raise invalid(column)
    parts = value.strip().split(":")
    if len(parts) == 1:
        return value
    hours, minutes, seconds = [*parts, "0"][:3]
    whole, _, fraction = seconds.partition(".")
    digits = kind.fraction or 0
    shown = f".{fraction.ljust(digits, '0')[:digits]}" if digits else ""
    return f"{int(hours):02d}:{int(minutes):02d}:{whole.zfill(2)}{shown}"
