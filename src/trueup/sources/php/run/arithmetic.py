"""PHP's binary and unary operators on values.

Source: the PHP manual, "Operators", PHP 8.2; tried against php-cli in tests/php."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.php.run.compare import orders
from trueup.sources.php.run.convert import (
    decode,
    encode,
    fit,
    float_to_int,
    is_object,
    leading_number,
    numeric,
    type_name,
    wrap,
)
from trueup.sources.php.values import HostObject, PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

Number = int | float


def binary(run: Runner, op: str, a: Value, b: Value) -> Value:
    """`a op b` for every operator that evaluates both sides."""
    function = OPERATORS.get(op)
    if function is None:
        return run.unknown(f"the operator {op}")
    return function(run, op, a, b)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def concat(run: Runner, _op: str, a: Value, b: Value) -> Value:
    left = a if isinstance(a, str) else run.to_string(a)
    right = b if isinstance(b, str) else run.to_string(b)
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    joined = left + right
    if len(joined) > run.budget.string:
        run.exceeded(f"a string of more than {run.budget.string:,} characters")
    return joined


# ── comparison ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _identical(run: Runner, op: str, a: Value, b: Value) -> Value:
    result = run.strict_equal(a, b)
    return result if isinstance(result, Unknown) else result == (op == "===")


def _equal(run: Runner, op: str, a: Value, b: Value) -> Value:
    result = run.loose_equal(a, b)
    return result if isinstance(result, Unknown) else result == (op == "==")


def _ordered(run: Runner, op: str, a: Value, b: Value) -> Value:
    """`>` and `>=` are computed as `<` and `<=` with the sides swapped, which matters where PHP can't order."""
    if op in (">", ">="):
        a, b, op = b, a, "<" if op == ">" else "<="
    result = run.compare(a, b)
    return result if isinstance(result, Unknown) else orders(op, result)


def _spaceship(run: Runner, _op: str, a: Value, b: Value) -> Value:
    return run.compare(a, b)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def operand(run: Runner, op: str, value: Value, a: Value, b: Value) -> Number:
    """A side of an arithmetic operator as a number; warns or throws as PHP does. Not for Unknown."""
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, bool) else value
    if value is None:
        return 0
    if isinstance(value, str):
        number = numeric(value)
        if number is not None:
            return number
        leading, found = leading_number(value)
        if found:
            run.warn("A non-numeric value encountered")
            return leading
    raise run.throw("TypeError", f"Unsupported operand types: {type_name(a)} {op} {type_name(b)}")


def _arithmetic(run: Runner, op: str, a: Value, b: Value) -> Value:
    if type(a) is int and type(b) is int:
        return _ARITHMETIC[op](run, a, b)
    if isinstance(a, Unknown):
        return a
    if isinstance(b, Unknown):
        return b
    if op == "+" and isinstance(a, PhpArray) and isinstance(b, PhpArray):
        return _union(a, b)
    if isinstance(a, HostObject) or isinstance(b, HostObject):
        return run.unknown("arithmetic on objects")
    return _ARITHMETIC[op](run, operand(run, op, a, a, b), operand(run, op, b, a, b))


def _union(a: PhpArray, b: PhpArray) -> PhpArray:
    joined = a.copy()
    for key, value in b.items():
        if key not in joined:
            joined.set(key, value.share() if isinstance(value, PhpArray) else value)
    joined.unknown = joined.unknown or b.unknown
    return joined


def _result(number: Number) -> Number:
    return fit(number) if isinstance(number, int) else number


def _add(_: Runner, a: Number, b: Number) -> Number:
    return _result(a + b)


def _subtract(_: Runner, a: Number, b: Number) -> Number:
    return _result(a - b)


def _multiply(_: Runner, a: Number, b: Number) -> Number:
    return _result(a * b)


def _divide(run: Runner, a: Number, b: Number) -> Number:
    if b == 0:
        raise run.throw("DivisionByZeroError", "Division by zero")
    if isinstance(a, int) and isinstance(b, int) and a % b == 0:
        return fit(a // b)
    return float(a) / float(b)


def _modulo(run: Runner, a: Number, b: Number) -> Number:
    left, right = _whole(run, a), _whole(run, b)
    if right == 0:
        raise run.throw("DivisionByZeroError", "Modulo by zero")
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def _power(run: Runner, a: Number, b: Number) -> Number:
    try:
        if isinstance(a, int) and isinstance(b, int) and b >= 0:
            if abs(a) > 1 and b * a.bit_length() > 4096:
                return float(a) ** b
            return fit(a**b)
        if a == 0 and b < 0:
            run.warn("Power of base 0 and negative exponent is deprecated", deprecated=True)
            return math.inf
        result = float(a) ** float(b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    return result if isinstance(result, float) else math.nan


def _whole(run: Runner, number: Number) -> int:
    if isinstance(number, int):
        return number
    if not math.isfinite(number) or number != int(number):
        run.warn(
            f"Implicit conversion from float {run.text_of(number)} to int loses precision", deprecated=True
        )
    return float_to_int(number)


def _bits(run: Runner, op: str, a: Value, b: Value) -> Value:
    if isinstance(a, Unknown):
        return a
    if isinstance(b, Unknown):
        return b
    if isinstance(a, str) and isinstance(b, str) and op in ("&", "|", "^"):
        return _bits_of_text(op, a, b)
    if is_object(a) or is_object(b):
        raise run.throw("TypeError", f"Unsupported operand types: {type_name(a)} {op} {type_name(b)}")
    left = _whole(run, operand(run, op, a, a, b))
    right = _whole(run, operand(run, op, b, a, b))
    if op in ("<<", ">>"):
        return _shift(run, op, left, right)
    return left & right if op == "&" else left | right if op == "|" else left ^ right


def _shift(run: Runner, op: str, left: int, right: int) -> int:
    if right < 0:
        raise run.throw("ArithmeticError", "Bit shift by negative number")
    if right >= 64:
        return -1 if op == ">>" and left < 0 else 0
    return wrap(left << right) if op == "<<" else left >> right


def _bits_of_text(op: str, a: str, b: str) -> str:
    left, right = encode(a), encode(b)
    if op == "|":
        size = max(len(left), len(right))
        return decode(
            bytes(x | y for x, y in zip(left.ljust(size, b"\0"), right.ljust(size, b"\0"), strict=True))
        )
    pairs = zip(left, right, strict=False)
    return decode(bytes([x & y if op == "&" else x ^ y for x, y in pairs]))


def _xor(run: Runner, _op: str, a: Value, b: Value) -> Value:
    left, right = run.to_bool(a), run.to_bool(b)
    if isinstance(left, Unknown):
        return left
    return right if isinstance(right, Unknown) else left != right


def _pipe(run: Runner, _op: str, a: Value, b: Value) -> Value:
    """`value |> callable` of PHP 8.5."""
    return run.invoke(b, (a,))


def unary(run: Runner, op: str, value: Value) -> Value:
    """`-`, `+`, `~` and `!`."""
    if isinstance(value, Unknown):
        return value
    if op == "!":
        truth = run.to_bool(value)
        return truth if isinstance(truth, Unknown) else not truth
    if op == "~":
        return _complement(run, value)
    return _arithmetic(run, "*", value, -1 if op == "-" else 1)


def _complement(run: Runner, value: Value) -> Value:
    if isinstance(value, str):
        return decode(bytes(255 - byte for byte in encode(value)))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return ~_whole(run, value)
    raise run.throw("TypeError", f"Cannot perform bitwise not on {type_name(value)}")


_ARITHMETIC: dict[str, Callable[[Runner, Number, Number], Number]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _modulo,
    "**": _power,
}

OPERATORS: dict[str, Callable[[Runner, str, Value, Value], Value]] = {
    ".": concat,
    "===": _identical,
    "!==": _identical,
    "==": _equal,
    "!=": _equal,
    "<=>": _spaceship,
    "xor": _xor,
    "|>": _pipe,
    **dict.fromkeys(("<", "<=", ">", ">="), _ordered),
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
    **dict.fromkeys(("&", "|", "^", "<<", ">>"), _bits),
}
