"""Which values of a column another type would refuse or change, as a condition on the column.

Ranges: https://dev.mysql.com/doc/refman/8.0/en/numeric-type-syntax.html and
https://www.postgresql.org/docs/current/datatype-numeric.html; strict mode refuses what is too large, and every server rounds what
has more digits after the point."""

from __future__ import annotations

from trueup.model.types import ColumnType
from trueup.preflight.dialect import Dialect

_INTEGER = "^[[:space:]]*[+-]?[0-9]+[[:space:]]*$"
_NUMBER = "^[[:space:]]*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)[[:space:]]*$"
_UUID = "^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$"
_NUMERIC = ("integer", "decimal", "float", "boolean")
_TEXTUAL = ("string", "text", "enum")
MOST_SCALE = 30


def lossy(value: str, have: ColumnType, want: ColumnType, dialect: Dialect) -> str | None:
    """The condition under which `want` refuses or changes a value of `have`; "" where it never does; None where that is not
    known. `value` is the column as SQL; NULL never fulfils the condition."""
    if want.family in ("string", "text"):
        return _too_long(value, have, want, dialect)
    if want.family in ("integer", "decimal", "boolean"):
        return _not_number(value, have, want, dialect)
    if want.family == "json":
        return _not_json(value, have, dialect)
    if want.family == "uuid" and have.family in _TEXTUAL:
        return dialect.unlike(value, _UUID)
    if want.family == "float" and have.family in ("float", "integer"):
        return "" if (want.bits or 64) >= (have.bits or 64) else None
    if want.family in ("datetime", "timestamp") and have.family in ("datetime", "timestamp", "date"):
        return "" if not have.fraction or (want.fraction or 0) >= have.fraction else None
    return "" if want.family == have.family and want.name == have.name else None


def _too_long(value: str, have: ColumnType, want: ColumnType, dialect: Dialect) -> str | None:
    if want.length is None:
        return ""
    shown = dialect.text(value) if have.family not in (*_TEXTUAL, "json") else value
    if want.family == "text":  # MySQL's TINYTEXT and the like: bytes
        return f"{dialect.bytes(shown)} > {want.length}"
    if have.family in ("string",) and have.length is not None and have.length <= want.length:
        return ""
    return f"{dialect.length(shown)} > {want.length}"


def _not_number(value: str, have: ColumnType, want: ColumnType, dialect: Dialect) -> str | None:
    if have.family in _NUMERIC:
        number = (
            f"CAST({value} AS integer)" if have.family == "boolean" and dialect.driver == "pgsql" else value
        )
        return " OR ".join(_outside(number, have, want))
    if have.family not in _TEXTUAL:
        return None
    wrong = dialect.unlike(value, _INTEGER if want.family == "integer" else _NUMBER)
    if wrong is None:
        return None
    cast = f"CAST({value} AS {'DECIMAL(65,30)' if dialect.is_mysql else 'numeric'})"
    outside = " OR ".join(_outside(cast, have, want))
    return f"CASE WHEN {wrong} THEN 1 = 1 ELSE {outside} END" if outside else wrong


def _outside(number: str, have: ColumnType, want: ColumnType) -> list[str]:
    """The conditions under which a number is out of range or rounded."""
    if want.family == "boolean":
        return [f"{number} NOT IN (0, 1)"] if have.family != "boolean" else []
    found: list[str] = []
    low, high = _range(want)
    own_low, own_high = _range(have)
    if low is not None and (own_low is None or own_low < low):
        found.append(f"{number} < {low}")
    if high is not None and (own_high is None or own_high > high):
        found.append(f"{number} > {high}")
    scale = 0 if want.family == "integer" else want.scale
    if scale is not None and _scale(have) > scale:
        found.append(f"{number} <> ROUND({number}, {scale})")
    return found


def _range(kind: ColumnType) -> tuple[int | None, int | None]:
    """The smallest and the largest whole number that fits; None where there is no limit."""
    if kind.family == "integer":
        bits = kind.bits or 32
        return (0, 2**bits - 1) if kind.unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if kind.family == "boolean":
        return 0, 1
    if kind.family == "decimal" and kind.precision is not None:
        most = 10 ** (kind.precision - (kind.scale or 0)) - 1
        return (0 if kind.unsigned else -most), most
    return None, None


def _scale(kind: ColumnType) -> int:
    if kind.family in ("integer", "boolean"):
        return 0
    return MOST_SCALE if kind.scale is None else kind.scale


def _not_json(value: str, have: ColumnType, dialect: Dialect) -> str | None:
    if have.family == "json":
        return ""
    if have.family not in _TEXTUAL:
        return None
    match dialect.driver:
        case "sqlite":
            return f"json_valid({value}) = 0"
        case "pgsql":
            major = dialect.version.split(".", 1)[0].split(" ", 1)[0]
            newer = major.isdigit() and int(major) >= 16
            return f"NOT pg_input_is_valid({value}, 'jsonb')" if newer else None
        case _:
            return f"JSON_VALID({value}) = 0"
