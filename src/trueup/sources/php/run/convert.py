"""PHP's conversions between types, for values without code of their own (objects with `__toString` are the runner's matter).

Source: the PHP manual, "Type Juggling" and "Numeric strings", PHP 8.2; tried against php-cli in tests/php."""

from __future__ import annotations

import math
import re

from trueup.sources.php.values import (
    Closure,
    EnumCase,
    HostObject,
    NativeClosure,
    PhpArray,
    PhpObject,
    Unknown,
    Value,
    normal_key,
)

_NUMERIC = re.compile(r"[ \t\n\r\v\f]*[+-]?(?:\d+(\.\d*)?|(\.\d+))([eE][+-]?\d+)?[ \t\n\r\v\f]*\Z", re.ASCII)
_LEADING = re.compile(r"[ \t\n\r\v\f]*([+-]?(?:\d+(\.\d*)?|(\.\d+))([eE][+-]?\d+)?)", re.ASCII)
INT_MAX = 2**63 - 1
INT_MIN = -(2**63)


def encode(text: str) -> bytes:
    """The bytes of a PHP string."""
    return text.encode("utf-8", "surrogateescape") if not text.isascii() else text.encode("ascii")


def decode(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def type_name(value: Value) -> str:
    """As in PHP's error messages: "int", "string", "null", a class name."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case str():
            return "string"
        case PhpArray():
            return "array"
        case Unknown():
            return "mixed"
        case _:
            return class_of(value)


def class_of(value: Value) -> str:
    """The class name of an object, "" for anything else."""
    match value:
        case PhpObject() | EnumCase():
            return value.cls.name
        case Closure() | NativeClosure():
            return "Closure"
        case HostObject():
            return value.php_class
        case _:
            return ""


def is_object(value: Value) -> bool:
    return isinstance(value, (PhpObject, HostObject, EnumCase, Closure, NativeClosure))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wrap(number: int) -> int:
    """An integer cut to 64 bits, as PHP's casts and shifts do."""
    return number if INT_MIN <= number <= INT_MAX else ((number + 2**63) % 2**64) - 2**63


def fit(number: int) -> int | float:
    """An integer, or a float where it does not fit 64 bits, as PHP's arithmetic does."""
    if INT_MIN <= number <= INT_MAX:
        return number
    return float(number) if abs(number) < 10**308 else math.copysign(math.inf, number)


def numeric(text: str) -> int | float | None:
    """The number that a numeric string stands for, None for another string."""
    if not text or not (match := _NUMERIC.match(text)):
        return None
    return _number(text.strip(), match[1] or match[2] or match[3])


def leading_number(text: str) -> tuple[int | float, bool]:
    """The number that a string starts with (0 if none), and whether there was one."""
    match = _LEADING.match(text)
    if match is None:
        return 0, False
    return _number(match[1], match[2] or match[3] or match[4]), True


def _number(text: str, fraction: str | None) -> int | float:
    if fraction is not None:
        return float(text)
    return fit(int(text)) if len(text) < 400 else float(text)


def to_number(value: Value) -> int | float | None:
    """For arithmetic on anything but a string that is not numeric; None: no number (array, object, Unknown, such a string)."""
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, bool) else value
    if value is None:
        return 0
    return numeric(value) if isinstance(value, str) else None


def to_int(value: Value) -> int:
    """`(int)`; objects count as 1. The caller deals with Unknown."""
    match value:
        case bool() | int():
            return int(value)
        case float():
            return float_to_int(value)
        case str():
            number = leading_number(value)[0]
            return float_to_int(number) if isinstance(number, float) else number
        case PhpArray():
            return 1 if value.data else 0
        case None:
            return 0
        case _:
            return 1


def float_to_int(number: float) -> int:
    return wrap(int(number)) if math.isfinite(number) else 0


def to_float(value: Value) -> float:
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return float(leading_number(value)[0])
    return float(to_int(value))


def to_bool(value: Value) -> bool:
    """`(bool)`. The caller deals with Unknown."""
    if isinstance(value, PhpArray):
        return bool(value.data)
    if isinstance(value, str):
        return value not in ("", "0")
    if isinstance(value, (bool, int, float)):
        return bool(value)
    return value is not None


# ── strings ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def scalar_text(value: str | int | float | bool | None) -> str:
    """`(string)` of a scalar."""
    if isinstance(value, str):
        return value
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return str(value) if isinstance(value, int) else float_text(value)


def float_text(number: float, precision: int = 14, mark: str = "E") -> str:
    """A float as `echo` writes it. With precision 17 the shortest digits that read back (var_export, json_encode)."""
    if math.isnan(number):
        return "NAN"
    if math.isinf(number):
        return "INF" if number > 0 else "-INF"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    shown = repr(number) if precision == 17 else f"{number:.{precision - 1}e}"
    sign, digits, point = _digits(shown)
    if point > precision or point < -3:
        tail = digits[1:] or "0"
        return f"{sign}{digits[0]}.{tail}{mark}{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _digits(shown: str) -> tuple[str, str, int]:
    """Sign, significant digits, and where the decimal point is among them, of a number as Python writes it."""
    mantissa, _, exponent = shown.lower().partition("e")
    sign = "-" if mantissa[0] == "-" else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    point = len(whole) + int(exponent or 0)
    digits = whole + fraction
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    return sign, stripped.rstrip("0") or "0", point


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def array_key(value: Value) -> int | str | None:
    """The key that a value becomes in an array; None: it can't be one (array, object, Unknown)."""
    if isinstance(value, str):
        return normal_key(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float_to_int(value)
    return "" if value is None else None
