"""Numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.php.run import arithmetic
from trueup.sources.php.run.builtins.printing import rounded
from trueup.sources.php.run.builtins.registry import builtin, opaque
from trueup.sources.php.run.convert import INT_MIN, fit, type_name
from trueup.sources.php.values import PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

Number = int | float


@builtin("abs", "n:num")
def _abs(_: Runner, number: Number) -> Value:
    return fit(abs(number)) if isinstance(number, int) else abs(number)


@builtin("ceil", "n:num")
def _ceil(_: Runner, number: Number) -> Value:
    return float(math.ceil(number)) if math.isfinite(number) else float(number)


@builtin("floor", "n:num")
def _floor(_: Runner, number: Number) -> Value:
    return float(math.floor(number)) if math.isfinite(number) else float(number)


@builtin("round", "n:num i:precision=0 i:mode=1")
def _round(run: Runner, number: Number, places: int, mode: int) -> Value:
    if mode != 1:
        return run.unknown("round() with a mode")
    if not math.isfinite(number) or abs(places) > 300 or number == 0:
        return float(number)
    return float(rounded(float(number), places))


@builtin("intdiv", "i:num1 i:num2")
def _intdiv(run: Runner, a: int, b: int) -> Value:
    if b == 0:
        raise run.throw("DivisionByZeroError", "Division by zero")
    if a == INT_MIN and b == -1:
        raise run.throw("ArithmeticError", "Division of PHP_INT_MIN by -1 is not an integer")
    whole = abs(a) // abs(b)
    return whole if (a < 0) == (b < 0) else -whole


@builtin("fmod", "f:num1 f:num2")
def _fmod(_: Runner, a: float, b: float) -> Value:
    return math.fmod(a, b) if b and math.isfinite(a) else math.nan


@builtin("fdiv", "f:num1 f:num2")
def _fdiv(_: Runner, a: float, b: float) -> Value:
    if b:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


@builtin("pow", "n:num n:exponent")
def _pow(run: Runner, a: Number, b: Number) -> Value:
    return arithmetic.binary(run, "**", a, b)


@builtin("sqrt", "f:num")
def _sqrt(_: Runner, number: float) -> Value:
    return math.sqrt(number) if number >= 0 else math.nan


@builtin("pi", "")
def _pi(_: Runner) -> Value:
    return math.pi


def _real(function: Callable[[float], float]) -> Callable[..., Value]:
    def computed(_run: Runner, number: float) -> Value:
        try:
            return function(number)
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return computed


for _name, _function in {
    "exp": math.exp,
    "log2": math.log2,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "deg2rad": math.radians,
    "rad2deg": math.degrees,
}.items():
    builtin(_name, "f:num")(_real(_function))


def _logarithm(number: float, base: float | None) -> Value:
    if number <= 0 or (base is not None and base <= 0):
        return -math.inf if number == 0 else math.nan
    if base is None:
        return math.log(number)
    return math.log10(number) if base == 10 else math.log(number) / math.log(base) if base != 1 else math.nan


@builtin("log", "f:num ?f:base=null")
def _log(_: Runner, number: float, base: float | None) -> Value:
    return _logarithm(number, base)


@builtin("log10", "f:num")
def _log10(_: Runner, number: float) -> Value:
    return _logarithm(number, 10)


@builtin("is_nan", "f:num")
def _is_nan(_: Runner, number: float) -> Value:
    return math.isnan(number)


@builtin("is_infinite", "f:num")
def _is_infinite(_: Runner, number: float) -> Value:
    return math.isinf(number)


@builtin("is_finite", "f:num")
def _is_finite(_: Runner, number: float) -> Value:
    return math.isfinite(number)


def _extreme(run: Runner, name: str, values: tuple[Value, ...], sign: int) -> Value:
    if len(values) == 1:
        if not isinstance(values[0], PhpArray):
            raise run.throw(
                "TypeError",
                f"{name}(): Argument #1 ($value) must be of type array, {type_name(values[0])} given",
            )
        values = tuple(values[0].values())
        if not values:
            raise run.throw("ValueError", f"{name}(): Argument #1 ($value) must contain at least one element")
    best = values[0]
    for value in values:
        order = run.compare(value, best)
        if isinstance(order, Unknown):
            return order
        if order * sign > 0:
            best = value
    return best


@builtin("max", "*v:values")
def _max(run: Runner, *values: Value) -> Value:
    return _extreme(run, "max", values, 1)


@builtin("min", "*v:values")
def _min(run: Runner, *values: Value) -> Value:
    return _extreme(run, "min", values, -1)


opaque("rand mt_rand random_int mt_getrandmax getrandmax", "the random result of")


@builtin("mt_srand srand", "*m:rest")
def _seed(_: Runner, *_rest: Value) -> Value:
    return None
