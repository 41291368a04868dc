"""Arrays: made, cut, joined, mapped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.sources.php.run import arithmetic, properties
from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.run.builtins.strings import lower, span, upper
from trueup.sources.php.run.convert import array_key, leading_number, type_name
from trueup.sources.php.values import (
    EnumCase,
    HostObject,
    PhpArray,
    PhpObject,
    Ref,
    Unknown,
    Value,
    normal_key,
)

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

Pair = tuple[int | str, Value]


def shared(value: Value) -> Value:
    if isinstance(value, PhpArray):
        value.shared = True
    return value


def of_pairs(pairs: Iterable[Pair]) -> PhpArray:
    """Keys are normal already."""
    made = PhpArray()
    for key, value in pairs:
        made.set(key, shared(value))
    return made


def of_values(values: Iterable[Value]) -> PhpArray:
    return PhpArray([shared(v) for v in values])


def renumbered(pairs: Iterable[Pair]) -> PhpArray:
    """Integer keys counted anew, string keys kept."""
    made = PhpArray()
    for key, value in pairs:
        if isinstance(key, int):
            made.append(shared(value))
        else:
            made.set(key, shared(value))
    return made


def key_or_throw(run: Runner, value: Value) -> int | str | Unknown:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = run.to_string(value)
    return normal_key(text) if isinstance(text, str) else text


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin("array_keys", "a:array m:filter_value=null b:strict=false")
def _array_keys(run: Runner, array: PhpArray, wanted: Value, strict: bool) -> Value:
    if wanted is None:
        return PhpArray(array.keys())
    return PhpArray([k for k, v in array.items() if _same(run, v, wanted, strict) is True])


def _same(run: Runner, a: Value, b: Value, strict: bool) -> bool | Unknown:
    return run.strict_equal(a, b) if strict else run.loose_equal(a, b)


@builtin("array_values", "p:array")
def _array_values(_: Runner, array: PhpArray) -> Value:
    made = of_values(array.values())
    made.unknown = array.unknown
    return made


@builtin("array_key_first", "a:array")
def _array_key_first(_: Runner, array: PhpArray) -> Value:
    return next(iter(array.data), None)


@builtin("array_key_last", "a:array")
def _array_key_last(_: Runner, array: PhpArray) -> Value:
    return next(reversed(array.data), None)


@builtin("array_is_list", "a:array")
def _array_is_list(_: Runner, array: PhpArray) -> Value:
    return array.is_list()


@builtin("array_key_exists key_exists", "v:key m:array")
def _array_key_exists(run: Runner, key: Value, array: Value) -> Value:
    if isinstance(array, PhpArray):
        normal = array_key(key)
        if normal is None:
            raise run.throw("TypeError", "Illegal offset type")
        there = normal in array
        return array.unknown if not there and array.unknown is not None else there
    if isinstance(array, Unknown):
        return array
    message = f"array_key_exists(): Argument #2 ($array) must be of type array, {type_name(array)} given"
    raise run.throw("TypeError", message)


@builtin("in_array", "m:needle m:haystack b:strict=false")
def _in_array(run: Runner, needle: Value, array: Value, strict: bool) -> Value:
    if isinstance(array, Unknown):
        return array
    if not isinstance(array, PhpArray):
        message = f"in_array(): Argument #2 ($haystack) must be of type array, {type_name(array)} given"
        raise run.throw("TypeError", message)
    unknown: Unknown | None = array.unknown
    for value in array.values():
        same = _same(run, value, needle, strict)
        if same is True:
            return True
        if isinstance(same, Unknown):
            unknown = same
    return unknown or False


@builtin("array_search", "m:needle a:haystack b:strict=false")
def _array_search(run: Runner, needle: Value, array: PhpArray, strict: bool) -> Value:
    for key, value in array.items():
        same = _same(run, value, needle, strict)
        if same is not False:
            return key if same is True else same
    return False


@builtin("array_slice", "a:array i:offset ?i:length=null b:preserve_keys=false")
def _array_slice(_: Runner, array: PhpArray, offset: int, count: int | None, keep: bool) -> Value:
    first, last = span(len(array), offset, count)
    pairs = array.items()[first:last]
    return of_pairs(pairs) if keep else renumbered(pairs)


@builtin("array_splice", "&m:array i:offset ?i:length=null m:replacement=null")
def _array_splice(run: Runner, ref: Ref, offset: int, count: int | None, new: Value) -> Value:
    array = ref.value
    if not isinstance(array, PhpArray):
        return array if isinstance(array, Unknown) else None
    pairs = array.items()
    first, last = span(len(pairs), offset, count)
    added = new.values() if isinstance(new, PhpArray) else [] if new is None else [new]
    middle: list[Pair] = [(0, v) for v in added]
    run.assign(ref, renumbered([*pairs[:first], *middle, *pairs[last:]]))
    return renumbered(pairs[first:last])


@builtin("array_chunk", "a:array i:length b:preserve_keys=false")
def _array_chunk(run: Runner, array: PhpArray, size: int, keep: bool) -> Value:
    if size < 1:
        raise run.throw("ValueError", "array_chunk(): Argument #2 ($length) must be greater than 0")
    pairs = array.items()
    parts = [pairs[i : i + size] for i in range(0, len(pairs), size)]
    return PhpArray([of_pairs(p) if keep else of_values(v for _, v in p) for p in parts])


@builtin("array_column", "a:array ?v:column_key ?v:index_key=null")
def _array_column(run: Runner, array: PhpArray, column: Value, index: Value) -> Value:
    made = PhpArray()
    for row in array.values():
        if isinstance(row, Unknown):
            return row
        value, found = (row, True) if column is None else _field(run, row, column)
        if not found:
            continue
        key, keyed = (None, False) if index is None else _field(run, row, index)
        normal = array_key(key) if keyed else None
        if normal is None:
            made.append(shared(value))
        else:
            made.set(normal, shared(value))
    return made


def _field(run: Runner, row: Value, name: Value) -> tuple[Value, bool]:
    if isinstance(row, PhpArray):
        key = array_key(name)
        return (row.get(key), True) if key is not None and key in row else (None, False)
    if isinstance(row, (PhpObject, EnumCase, HostObject)) and properties.has_property(
        run, row, run.text_of(name)
    ):
        return properties.get_property(run, row, run.text_of(name)), True
    return None, False


# ── whole arrays ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin("array_merge", "*a:arrays")
def _array_merge(_: Runner, *arrays: PhpArray) -> Value:
    return renumbered(pair for array in arrays for pair in array.items())


@builtin("array_merge_recursive", "*a:arrays")
def _array_merge_recursive(run: Runner, *arrays: PhpArray) -> Value:
    made = PhpArray()
    for array in arrays:
        for key, value in array.items():
            if isinstance(key, int):
                made.append(shared(value))
            elif key not in made:
                made.set(key, shared(value))
            else:
                made.set(key, _array_merge_recursive(run, _as_array(made.get(key)), _as_array(value)))
    return made


def _as_array(value: Value) -> PhpArray:
    return value if isinstance(value, PhpArray) else PhpArray((value,))


@builtin("array_replace", "a:array *a:replacements")
def _array_replace(_: Runner, *arrays: PhpArray) -> Value:
    return of_pairs(pair for array in arrays for pair in array.items())


@builtin("array_replace_recursive", "*a:arrays")
def _array_replace_recursive(run: Runner, *arrays: PhpArray) -> Value:
    made = PhpArray()
    for array in arrays:
        for key, value in array.items():
            old = made.get(key)
            if isinstance(old, PhpArray) and isinstance(value, PhpArray):
                made.set(key, _array_replace_recursive(run, old, value))
            else:
                made.set(key, shared(value))
    return made


@builtin("array_combine", "a:keys a:values")
def _array_combine(run: Runner, keys: PhpArray, values: PhpArray) -> Value:
    if len(keys) != len(values):
        message = "array_combine(): Argument #1 ($keys) and argument #2 ($values) must have the same number of elements"
        raise run.throw("ValueError", message)
    return _keyed(run, keys.values(), values.values())


def _keyed(run: Runner, keys: Iterable[Value], values: Iterable[Value]) -> Value:
    made = PhpArray()
    for key, value in zip(keys, values, strict=True):
        normal = key_or_throw(run, key)
        if isinstance(normal, Unknown):
            return normal
        made.set(normal, shared(value))
    return made


@builtin("array_flip", "a:array")
def _array_flip(run: Runner, array: PhpArray) -> Value:
    made = PhpArray()
    for key, value in array.items():
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, (int, str)) or isinstance(value, bool):
            run.warn("array_flip(): Can only flip string and integer values, entry skipped")
            continue
        made.set(array_key(value) or value, key)
    return made


@builtin("array_fill", "i:start_index i:count m:value")
def _array_fill(run: Runner, start: int, count: int, value: Value) -> Value:
    if count < 0:
        raise run.throw("ValueError", "array_fill(): Argument #2 ($count) must be greater than or equal to 0")
    if count > run.budget.array:
        run.exceeded(f"an array of more than {run.budget.array:,} elements")
    return of_pairs((start + i, value) for i in range(count))


@builtin("array_fill_keys", "a:keys m:value")
def _array_fill_keys(run: Runner, keys: PhpArray, value: Value) -> Value:
    return _keyed(run, keys.values(), [value] * len(keys))


@builtin("array_pad", "a:array i:length m:value")
def _array_pad(run: Runner, array: PhpArray, size: int, value: Value) -> Value:
    missing = abs(size) - len(array)
    if missing <= 0:
        return array
    if missing > run.budget.array:
        run.exceeded(f"an array of more than {run.budget.array:,} elements")
    filler: list[Pair] = [(0, value)] * missing
    return renumbered([*array.items(), *filler] if size > 0 else [*filler, *array.items()])


@builtin("array_reverse", "a:array b:preserve_keys=false")
def _array_reverse(_: Runner, array: PhpArray, keep: bool) -> Value:
    pairs = array.items()[::-1]
    return of_pairs(pairs) if keep else renumbered(pairs)


@builtin("array_unique", "a:array i:flags=2")
def _array_unique(run: Runner, array: PhpArray, flags: int) -> Value:
    """Flag 2 compares as strings, 0 loosely."""
    kept: list[Pair] = []
    seen: dict[str, None] = {}
    for key, value in array.items():
        if isinstance(value, Unknown):
            return value
        if flags == 2:
            text = run.to_string(value)
            if isinstance(text, Unknown):
                return text
            if text in seen:
                continue
            seen[text] = None
        elif any(run.loose_equal(value, other) is True for _, other in kept):
            continue
        kept.append((key, value))
    return of_pairs(kept)


@builtin("array_count_values", "a:array")
def _array_count_values(run: Runner, array: PhpArray) -> Value:
    made = PhpArray()
    for value in array.values():
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, (int, str)) or isinstance(value, bool):
            run.warn("array_count_values(): Can only count string and integer values, entry skipped")
            continue
        key = normal_key(value)
        count = made.get(key, 0)
        made.set(key, count + 1 if isinstance(count, int) else 1)
    return made


@builtin("array_sum", "a:array")
def _array_sum(run: Runner, array: PhpArray) -> Value:
    return _folded(run, array, "+", 0)


@builtin("array_product", "a:array")
def _array_product(run: Runner, array: PhpArray) -> Value:
    return _folded(run, array, "*", 1)


def _folded(run: Runner, array: PhpArray, op: str, start: int) -> Value:
    total: Value = start
    for value in array.values():
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, PhpArray):
            number = leading_number(value)[0] if isinstance(value, str) else value
            total = arithmetic.binary(run, op, total, number)
    return total


@builtin("array_change_key_case", "a:array i:case=0")
def _array_change_key_case(_: Runner, array: PhpArray, case: int) -> Value:
    change = upper if case == 1 else lower
    return of_pairs((change(k) if isinstance(k, str) else k, v) for k, v in array.items())


@builtin("range", "v:start v:end n:step=1")
def _range(run: Runner, start: Value, end: Value, step: int | float) -> Value:
    if isinstance(start, str) and isinstance(end, str) and _letters(start, end):
        codes = _steps(run, ord(start[0]), ord(end[0]), int(abs(step)) or 1)
        return PhpArray([chr(int(c)) for c in codes])
    a, b = _number(start), _number(end)
    if step == 0:
        raise run.throw("ValueError", "range(): Argument #3 ($step) cannot be 0")
    if all(isinstance(n, int) or n == int(n) for n in (step,)) and isinstance(a, int) and isinstance(b, int):
        return PhpArray(_steps(run, a, b, int(abs(step))))
    return PhpArray(_steps(run, float(a), float(b), float(abs(step))))


def _letters(start: str, end: str) -> bool:
    return (
        bool(start)
        and bool(end)
        and not start[0].isdigit()
        and not end[0].isdigit()
        and (start + end).isascii()
    )


def _number(value: Value) -> int | float:
    if isinstance(value, str):
        return leading_number(value)[0]
    return value if isinstance(value, (int, float)) else 0


def _steps(run: Runner, a: int | float, b: int | float, step: int | float) -> list[int | float]:
    count = int(abs(b - a) / step + 1e-9)
    if count > run.budget.array:
        run.exceeded(f"an array of more than {run.budget.array:,} elements")
    sign = 1 if b >= a else -1
    return [a + sign * i * step for i in range(count + 1)]
