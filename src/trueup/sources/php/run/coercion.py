"""What a scalar type declaration does to a value in PHP's default (not strict) mode."""

from __future__ import annotations

from trueup.sources.php.run.convert import float_to_int, numeric, scalar_text, to_bool
from trueup.sources.php.values import HostObject, PhpObject, Unknown, Value


def coerce(value: Value, declared: str) -> Value:
    """`"5"` becomes 5 for `int`, 5 becomes "5" for `string` and so on; what does not fit stays as it is."""
    wanted = declared.lstrip("?")
    if value is None or not isinstance(value, (str, int, float)):
        return value
    if wanted == "string":
        return scalar_text(value)
    if wanted == "bool":
        return to_bool(value)
    number = numeric(value) if isinstance(value, str) else value
    if number is None:
        return value
    if wanted == "float":
        return float(number)
    return float_to_int(number) if isinstance(number, float) else int(number)


_FITTING: dict[str, tuple[type, ...]] = {"string": (str,), "bool": (bool,), "int": (int,), "float": (float,)}


def fits(value: Value, declared: str) -> bool:
    """Whether a coerced value is of the scalar type, as far as can be told. null fits what may be null."""
    if value is None or isinstance(value, (Unknown, HostObject, PhpObject)):
        return True
    return isinstance(value, _FITTING[declared.lstrip("?")])
