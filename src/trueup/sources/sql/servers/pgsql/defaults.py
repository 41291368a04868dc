"""Default values as PostgreSQL reports them (`pg_get_expr`), and those that it refuses."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from trueup.sources.sql.expressions import outer_parentheses_off
from trueup.sources.sql.reader.tokens import string_value
from trueup.sources.sql.servers.pgsql.types import STRINGS, assignable, base_of
from trueup.sources.sql.servers.refused import Refused

_STRING = re.compile(r"^[eE]?'(?:[^'\\]|''|\\.)*'$|^'(?:[^']|'')*'$", re.S)
_CAST = re.compile(
    r"^\(?((?:[eE]?'(?:[^']++|'')*+')|null|[-+]?[\d.]++)\)?\s*+::\s*+([\w. ]++(?:\([\d, ]++\))?(?:\[\])?)$",
    re.I | re.S,
)
_NUMBER = re.compile(r"^[+-]?\s*+(?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d++)?$", re.I)
_KEYWORDS = re.compile(
    r"^(current_timestamp|current_date|current_time|localtime|localtimestamp|current_user|session_user)(\s*\(\s*\d\s*\))?$",
    re.I,
)
_TRUE = ("t", "true", "y", "yes", "on", "1", "tr", "tru", "ye")
_FALSE = ("f", "false", "n", "no", "off", "0", "fa", "fal", "fals", "of")
_UUID = re.compile(r"^\{?[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}\}?$", re.I)
_DATE = re.compile(
    r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$",
    re.I,
)
_WHOLE = {"smallint": 16, "integer": 32, "bigint": 64}
_NUMERIC = frozenset((*_WHOLE, "numeric", "real", "double precision"))
_FUNCTION = re.compile(r"(?<!\w)[A-Za-z_]\w*+(?=\s*+\()")
_COERCED = re.compile(r"\(")
_SPECIAL_DATES = ("now", "today", "tomorrow", "yesterday", "epoch", "infinity", "-infinity")


def reported_default(
    column: str, kind: str, written: str, types: Mapping[str, tuple[str, ...]]
) -> str | None:
    """The default `written` for a column of the reported type `kind`. None: none is stored (NULL). Raises `Refused`
    (22P02, 22007, 42804)."""
    text = outer_parentheses_off(written)
    cast = _CAST.match(text)
    if cast:
        return _explicit(text, cast, kind)
    if text.upper() == "NULL":
        return f"NULL::{_shown(kind)}" if _COERCED.search(kind) else None
    if _STRING.match(text):
        return _literal(string_value(text, "pgsql"), kind, types)
    if _NUMBER.match(text):
        return _number(column, text.replace(" ", ""), kind)
    if text.lower() in ("true", "false"):
        return _boolean(column, text.lower(), kind)
    keyword = _KEYWORDS.match(text)
    if keyword:
        return _keyword(column, text.upper().replace(" ", ""), kind)
    own = _FUNCTION_TYPES.get(text.lower().replace(" ", ""))
    if own is not None:
        _check_assigned(column, own, kind)
    return _expression(text)


_FUNCTION_TYPES = {
    **dict.fromkeys(
        ("now()", "clock_timestamp()", "statement_timestamp()", "transaction_timestamp()"),
        "timestamp with time zone",
    ),
    **dict.fromkeys(("gen_random_uuid()", "uuid_generate_v4()", "uuid_generate_v1()"), "uuid"),
    "random()": "double precision",
}


def _check_assigned(column: str, own: str, kind: str) -> None:
    if not assignable(own, kind):
        raise _mismatch(column, base_of(kind), own)


_PIECES = re.compile(r"('(?:[^']|'')*')(\s*::)?")
_OPERATOR = re.compile(r"(?<=[\w)'`])\s*(\|\||[-+*/%])\s*")
_CAST_NUMBER = re.compile(r"^(\d+)::(\w+)$")


def _expression(text: str) -> str:
    """An expression much as `pg_get_expr` tells it: strings with their type, operators between spaces, functions in lower case."""
    number = _CAST_NUMBER.match(text)
    if number:
        return f"({number.group(1)})::{_SHORT.get(number.group(2), number.group(2))}"
    told, place = "", 0
    for found in _PIECES.finditer(text):
        told += _plain(text[place : found.start()]) + found.group(1) + (found.group(2) or "::text")
        place = found.end()
    told += _plain(text[place:])
    outside = re.sub(r"\([^()]*\)|'[^']*'", "x", told)
    return f"({told})" if _OPERATOR.search(outside) else told


def _plain(text: str) -> str:
    """A stretch without strings. The operator may stand right behind or before one."""
    text = _FUNCTION.sub(lambda m: m.group().lower(), text)
    return re.sub(r"(?:(?<!\s)\s++)?(\|\|)\s*+", r" \1 ", _OPERATOR.sub(r" \1 ", text))


def _shown(kind: str) -> str:
    base = base_of(kind)
    return "bpchar" if base == "character" else base


def _explicit(text: str, cast: re.Match[str], kind: str) -> str | None:
    """'x'::type as dumps write it."""
    if cast.group(1).upper() == "NULL":
        return f"NULL::{_shown(kind)}" if _COERCED.search(kind) else None
    if cast.group(1).startswith("'"):
        target = " ".join(cast.group(2).lower().split()).removeprefix("public.")
        return f"{cast.group(1)}::{_shown(_SHORT.get(target, target))}"
    return _expression(text)


_SHORT = {
    "varchar": "character varying",
    "int": "integer",
    "bool": "boolean",
    "decimal": "numeric",
    "char": "character",
}


def _input_error(kind: str, value: str) -> Refused:
    base = base_of(kind)
    if base == "json" or base == "jsonb":
        return Refused("invalid input syntax for type json", "22P02")
    return Refused(f'invalid input syntax for type {base}: "{value}"', "22P02")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _literal(value: str, kind: str, types: Mapping[str, tuple[str, ...]]) -> str:
    """A string literal, read by the column's type when the default is made."""
    base = base_of(kind)
    if base in STRINGS or base.endswith("[]"):
        return f"{_quoted(value)}::{_shown(kind)}"
    if base in _NUMERIC:
        return _number_of_string(value, kind, base)
    if base == "boolean":
        lowered = value.strip().lower()
        if lowered not in _TRUE and lowered not in _FALSE:
            raise _input_error(kind, value)
        return "true" if lowered in _TRUE else "false"
    if base in ("json", "jsonb"):
        return f"{_quoted(_json(value, base, kind))}::{base}"
    if base == "uuid" and not _UUID.match(value.strip()):
        raise _input_error(kind, value)
    if base == "time with time zone" and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?", value.strip()):
        return f"'{value.strip()}+00'::{base}"
    if base == "date" or base.startswith("timestamp"):
        return f"{_quoted(_date(value, base))}::{base}"
    if base.strip('"') in types:
        if value not in types[base.strip('"')] and types[base.strip('"')]:
            raise Refused(f'invalid input value for enum {base}: "{value}"', "22P02")
        return f"{_quoted(value)}::{base}"
    return f"{_quoted(value)}::{_shown(kind)}"


def _number_of_string(value: str, kind: str, base: str) -> str:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        raise _input_error(kind, value) from None
    if base in _WHOLE:
        if number != number.to_integral_value() or not re.fullmatch(r"\s*[+-]?\d+\s*", value):
            raise _input_error(kind, value)
        bits = _WHOLE[base]
        if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            raise Refused(f'value "{value}" is out of range for type {base}', "22003")
        whole = str(int(number))
        return whole if base == "integer" and number >= 0 else f"'{whole}'::{base}"
    if base in ("real", "double precision"):
        return f"'{number.normalize():f}'::{base}"
    text = value.strip()
    return text if re.fullmatch(r"\d*\.\d*|\d+(?:\.\d*)?e\d+", text, re.I) else f"'{text}'::{base}"


def _number(column: str, text: str, kind: str) -> str:
    base = base_of(kind)
    decimal = "." in text or "e" in text.lower()
    own = "numeric" if decimal else "integer" if abs(int(text)) < 2**31 else "bigint"
    if base not in _NUMERIC and base not in STRINGS and base not in ("money", "oid"):
        raise _mismatch(column, base, own)
    if text.startswith("-"):
        return f"'{text}'::{own}"
    if own == "bigint":
        return f"'{text}'::bigint"
    return text.lstrip("+")


def _mismatch(column: str, base: str, own: str) -> Refused:
    return Refused(f'column "{column}" is of type {base} but default expression is of type {own}', "42804")


def _boolean(column: str, text: str, kind: str) -> str:
    base = base_of(kind)
    if base != "boolean" and base not in STRINGS:
        raise _mismatch(column, base, "boolean")
    return text


def _keyword(column: str, text: str, kind: str) -> str:
    own = {"CURRENT_DATE": "date", "CURRENT_TIME": "time with time zone"}.get(
        text, "timestamp with time zone"
    )
    if "USER" not in text:
        _check_assigned(column, own, kind)
    return text


def _json(value: str, base: str, kind: str) -> str:
    """json keeps its text; jsonb sorts keys (shorter ones first) and keeps the digits of numbers."""
    try:
        found = json.loads(value, parse_float=lambda digits: f"\0{digits}\0")
        if base == "json":
            return value
        told = json.dumps(_ordered(found), separators=(", ", ": "), ensure_ascii=False)
    except (ValueError, RecursionError):
        raise _input_error(kind, value) from None
    return re.sub(r'"\\u0000([^"\\]*)\\u0000"', r"\1", told)


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _ordered(value[key])
            for key in sorted(value, key=lambda k: (len(k.encode("utf-8", "surrogatepass")), k))
        }
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _date(value: str, base: str) -> str:
    found = _DATE.match(value.strip())
    if found is None:
        if value.strip().lower() in _SPECIAL_DATES or len(re.findall(r"\d", value)) >= 5:
            return value
        if value.strip().isdigit():
            raise Refused(f'date/time field value out of range: "{value}"', "22008")
        raise Refused(f'invalid input syntax for type {base}: "{value}"', "22007")
    year, month, day, hour, minute, second = (int(n or 0) for n in found.groups()[:6])
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year or 4, month)[1] or hour > 24 or minute > 59:
        raise Refused(f'date/time field value out of range: "{value}"', "22008")
    date = f"{year:04d}-{month:02d}-{day:02d}"
    if base == "date":
        return date
    moment = f"{date} {hour:02d}:{minute:02d}:{second:02d}{(found.group(7) or '').rstrip('0').rstrip('.')}"
    return (
        f"{moment}+00"
        if base.endswith("with time zone") and not base.endswith("without time zone")
        else moment
    )
