"""PHP's comparisons: `==`, `===`, `<=>`. Each answers None where an Unknown decides.

Source: the PHP manual, "Comparison Operators", PHP 8.2."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from trueup.sources.php.run.convert import encode, is_object, numeric, scalar_text, to_bool
from trueup.sources.php.values import Closure, EnumCase, PhpArray, PhpObject, Unknown, Value

MAX_DEPTH = 64
Text = Callable[[Value], "str | None"]
"""The string that an object converts itself to, or None."""


def strict_equal(a: Value, b: Value, depth: int = 0) -> bool | None:
    """`a === b`."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    if isinstance(a, PhpArray) and isinstance(b, PhpArray):
        return _same_array(a, b, depth)
    if is_object(a) or is_object(b):
        return a is b
    return type(a) is type(b) and a == b


def _same_array(a: PhpArray, b: PhpArray, depth: int) -> bool | None:
    if a is b:
        return True
    if a.unknown is not None or b.unknown is not None or depth > MAX_DEPTH:
        return None
    if a.keys() != b.keys():
        return False
    return _all(strict_equal(x, y, depth + 1) for x, y in zip(a.values(), b.values(), strict=True))


def _all(answers: Iterable[bool | None]) -> bool | None:
    """False if any is, else None if any is, else True."""
    result: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def loose_equal(a: Value, b: Value, text: Text, depth: int = 0) -> bool | None:
    """`a == b`."""
    if isinstance(a, str) and isinstance(b, str):
        return a == b or _equal_numbers(a, b)
    if isinstance(a, (Unknown, Closure, EnumCase)) or isinstance(b, (Unknown, Closure, EnumCase)):
        return _loose_identity(a, b)
    if isinstance(a, PhpArray) and isinstance(b, PhpArray):
        return _equal_arrays(a, b, text, depth)
    result = compare(a, b, text, depth)
    return None if result is None else result == 0


def _loose_identity(a: Value, b: Value) -> bool | None:
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return to_bool(a) == to_bool(b)
    return a is b


def _equal_numbers(a: str, b: str) -> bool:
    left = numeric(a)
    if left is None:
        return False
    right = numeric(b)
    return right is not None and left == right


def _equal_arrays(a: PhpArray, b: PhpArray, text: Text, depth: int) -> bool | None:
    if a.unknown is not None or b.unknown is not None or depth > MAX_DEPTH:
        return None
    if len(a) != len(b) or any(k not in b for k in a.data):
        return False
    return _all(loose_equal(v, b.get(k), text, depth + 1) for k, v in a.items())


def compare(a: Value, b: Value, text: Text, depth: int = 0) -> int | None:
    """`a <=> b`: -1, 0 or 1; 1 as well where PHP can't order the two."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    if isinstance(a, bool) or isinstance(b, bool) or (a is None) != (b is None):
        return _compare_with_null_or_bool(a, b)
    if isinstance(a, PhpArray) or isinstance(b, PhpArray):
        return _compare_arrays(a, b, text, depth)
    if is_object(a) or is_object(b):
        return _compare_objects(a, b, text, depth)
    return compare_scalars(a, b)


def _compare_with_null_or_bool(a: Value, b: Value) -> int:
    if isinstance(a, str) and b is None:
        return 1 if a else 0
    if a is None and isinstance(b, str):
        return -1 if b else 0
    return int(to_bool(a)) - int(to_bool(b))


def compare_scalars(a: Value, b: Value) -> int:
    """Numbers, strings, two nulls."""
    if isinstance(a, str) and isinstance(b, str):
        left, right = numeric(a), numeric(b)
        if left is not None and right is not None:
            return _order(left, right)
        return _order_text(a, b)
    if isinstance(a, str) and isinstance(b, (int, float)):
        left = numeric(a)
        return _order(left, b) if left is not None else _order_text(a, scalar_text(b))
    if isinstance(b, str) and isinstance(a, (int, float)):
        right = numeric(b)
        return _order(a, right) if right is not None else _order_text(scalar_text(a), b)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return _order(a, b)
    return 0


def _order(a: int | float, b: int | float) -> int:
    if isinstance(a, float) != isinstance(b, float):
        a, b = float(a), float(b)
    if math.isnan(a) or math.isnan(b):
        return 1
    return (a > b) - (a < b)


def _order_text(a: str, b: str) -> int:
    left, right = encode(a), encode(b)
    return (left > right) - (left < right)


def _compare_arrays(a: Value, b: Value, text: Text, depth: int) -> int | None:
    if not isinstance(a, PhpArray) or not isinstance(b, PhpArray):
        return 1 if isinstance(a, PhpArray) else -1
    if a.unknown is not None or b.unknown is not None or depth > MAX_DEPTH:
        return None
    if len(a) != len(b):
        return 1 if len(a) > len(b) else -1
    for key, value in a.items():
        if key not in b:
            return 1
        result = compare(value, b.get(key), text, depth + 1)
        if result != 0:
            return result
    return 0


def _compare_objects(a: Value, b: Value, text: Text, depth: int) -> int | None:
    if a is b:
        return 0
    if isinstance(a, str) or isinstance(b, str):
        left, right = (a if isinstance(a, str) else text(a)), (b if isinstance(b, str) else text(b))
        if left is not None and right is not None:
            return _order_text(left, right)
        return 1 if isinstance(b, str) else -1
    if isinstance(a, (int, float)) or isinstance(b, (int, float)):
        left_number = a if isinstance(a, (int, float)) else 1
        right_number = b if isinstance(b, (int, float)) else 1
        return _order(left_number, right_number)
    if isinstance(a, PhpObject) and isinstance(b, PhpObject) and a.cls is b.cls and a.base is None:
        left_props, right_props = PhpArray.of(dict(a.items())), PhpArray.of(dict(b.items()))
        return _compare_arrays(left_props, right_props, text, depth + 1) if depth < MAX_DEPTH else None
    return 1


def orders(op: str, result: int) -> bool:
    """What `<`, `<=`, `>`, `>=` say of a three-way comparison."""
    if op == "<":
        return result < 0
    if op == "<=":
        return result <= 0
    return result > 0 if op == ">" else result >= 0
