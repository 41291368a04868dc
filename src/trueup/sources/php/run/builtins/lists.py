"""Arrays with callbacks, as sets, as stacks, and with their inner pointer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from trueup.sources.php.run import places
from trueup.sources.php.run.builtins.arrays import of_pairs, of_values, renumbered, shared
from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.run.convert import type_name
from trueup.sources.php.values import PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


# ── with callbacks ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin("array_map", "m:callback m:array *m:arrays")
def _array_map(run: Runner, callback: Value, first: Value, *others: Value) -> Value:
    arrays = (first, *others)
    for array in arrays:
        if isinstance(array, Unknown):
            return array
        if not isinstance(array, PhpArray):
            message = f"array_map(): Argument #2 ($array) must be of type array, {type_name(array)} given"
            raise run.throw("TypeError", message)
        if array.unknown is not None:
            return array.unknown
    known = [a for a in arrays if isinstance(a, PhpArray)]
    if len(known) == 1 and callback is not None:
        return _mapped(run, callback, known[0])
    columns = [a.values() for a in known]
    rows = [[c[i] if i < len(c) else None for c in columns] for i in range(max(map(len, columns)))]
    if callback is None:
        return PhpArray([of_values(row) for row in rows])
    return of_values(run.invoke(callback, row) for row in rows)


def _mapped(run: Runner, callback: Value, array: PhpArray) -> Value:
    made = PhpArray()
    for key, value in array.items():
        run.spend(1)
        made.set(key, shared(run.invoke(callback, (shared(value),))))
    return made


@builtin("array_filter", "a:array m:callback=null i:mode=0")
def _array_filter(run: Runner, array: PhpArray, callback: Value, mode: int) -> Value:
    """Mode 2 passes keys, 1 values and keys."""
    kept = PhpArray()
    for key, value in array.items():
        run.spend(1)
        inputs: list[Value] = [key] if mode == 2 else [value, key] if mode == 1 else [value]
        verdict = run.to_bool(value if callback is None else run.invoke(callback, inputs))
        if isinstance(verdict, Unknown):
            kept.unknown = verdict
        elif verdict:
            kept.set(key, shared(value))
    return kept


@builtin("array_reduce", "a:array m:callback m:initial=null")
def _array_reduce(run: Runner, array: PhpArray, callback: Value, initial: Value) -> Value:
    total = initial
    for value in array.values():
        run.spend(1)
        total = run.invoke(callback, (shared(total), shared(value)))
    return total


@builtin("array_walk", "&m:array m:callback m:arg=null")
def _array_walk(run: Runner, ref: Ref, callback: Value, extra: Value) -> Value:
    array = ref.value
    if not isinstance(array, PhpArray):
        return array if isinstance(array, Unknown) else True
    array = array.copy()
    run.assign(ref, array)
    for key in list(array.data):
        run.spend(1)
        cell = places.cell(array, key)
        inputs: list[Value] = [cell, key, extra] if extra is not None else [cell, key]  # type: ignore[list-item]  # references travel in Args
        run.invoke(callback, inputs)
        array.data[key] = cell.value
    return True


@builtin("array_find", "a:array m:callback")
def _array_find(run: Runner, array: PhpArray, callback: Value) -> Value:
    for key, value in array.items():
        verdict = run.to_bool(run.invoke(callback, (value, key)))
        if isinstance(verdict, Unknown) or verdict:
            return verdict if isinstance(verdict, Unknown) else value
    return None


@builtin("array_any", "a:array m:callback")
def _array_any(run: Runner, array: PhpArray, callback: Value) -> Value:
    for key, value in array.items():
        verdict = run.to_bool(run.invoke(callback, (value, key)))
        if isinstance(verdict, Unknown) or verdict:
            return verdict
    return False


@builtin("array_all", "a:array m:callback")
def _array_all(run: Runner, array: PhpArray, callback: Value) -> Value:
    for key, value in array.items():
        verdict = run.to_bool(run.invoke(callback, (value, key)))
        if isinstance(verdict, Unknown) or not verdict:
            return verdict
    return True


# ── as sets ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text_set(run: Runner, arrays: Sequence[PhpArray]) -> list[dict[str, None]] | Unknown:
    sets: list[dict[str, None]] = []
    for array in arrays:
        texts = [run.to_string(v) for v in array.values()]
        unknown = next((t for t in texts if isinstance(t, Unknown)), None)
        if unknown is not None:
            return unknown
        sets.append(dict.fromkeys(t for t in texts if isinstance(t, str)))
    return sets


def _by_value(run: Runner, arrays: Sequence[PhpArray], keep_common: bool) -> Value:
    sets = _text_set(run, arrays)
    if isinstance(sets, Unknown):
        return sets
    others = sets[1:]
    pairs = [(k, v, run.text_of(v)) for k, v in arrays[0].items()]
    if keep_common:
        return of_pairs((k, v) for k, v, t in pairs if all(t in s for s in others))
    return of_pairs((k, v) for k, v, t in pairs if not any(t in s for s in others))


@builtin("array_diff", "a:array *a:arrays")
def _array_diff(run: Runner, *arrays: PhpArray) -> Value:
    return _by_value(run, arrays, keep_common=False)


@builtin("array_intersect", "a:array *a:arrays")
def _array_intersect(run: Runner, *arrays: PhpArray) -> Value:
    return _by_value(run, arrays, keep_common=True)


@builtin("array_diff_key", "a:array *a:arrays")
def _array_diff_key(_: Runner, first: PhpArray, *others: PhpArray) -> Value:
    return of_pairs((k, v) for k, v in first.items() if not any(k in o for o in others))


@builtin("array_intersect_key", "a:array *a:arrays")
def _array_intersect_key(_: Runner, first: PhpArray, *others: PhpArray) -> Value:
    return of_pairs((k, v) for k, v in first.items() if all(k in o for o in others))


def _has_pair(run: Runner, array: PhpArray, key: int | str, value: Value) -> bool:
    return key in array and run.text_of(array.get(key)) == run.text_of(value)


@builtin("array_diff_assoc", "a:array *a:arrays")
def _array_diff_assoc(run: Runner, first: PhpArray, *others: PhpArray) -> Value:
    return of_pairs((k, v) for k, v in first.items() if not any(_has_pair(run, o, k, v) for o in others))


@builtin("array_intersect_assoc", "a:array *a:arrays")
def _array_intersect_assoc(run: Runner, first: PhpArray, *others: PhpArray) -> Value:
    return of_pairs((k, v) for k, v in first.items() if all(_has_pair(run, o, k, v) for o in others))


@builtin("array_udiff", "a:array a:other m:callback")
def _array_udiff(run: Runner, first: PhpArray, other: PhpArray, callback: Value) -> Value:
    def there(value: Value) -> bool:
        return any(run.to_int(run.invoke(callback, (value, o))) == 0 for o in other.values())

    return of_pairs((k, v) for k, v in first.items() if not there(v))


# ── as stacks ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _own(run: Runner, ref: Ref, name: str) -> PhpArray | Unknown:
    """The array in a variable, to be changed in place."""
    value = ref.value
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, PhpArray):
        shown = type_name(value)
        raise run.throw("TypeError", f"{name}(): Argument #1 ($array) must be of type array, {shown} given")
    array = value.copy() if value.shared or run.journal is not None else value
    if array is not value:
        run.assign(ref, array)
    return array


@builtin("array_push", "&m:array *m:values")
def _array_push(run: Runner, ref: Ref, *values: Value) -> Value:
    array = _own(run, ref, "array_push")
    if isinstance(array, Unknown):
        return array
    for value in values:
        places.put(run, array, None, shared(value), append=True)
    return array.unknown or len(array)


@builtin("array_pop", "&m:array")
def _array_pop(run: Runner, ref: Ref) -> Value:
    array = _own(run, ref, "array_pop")
    if isinstance(array, Unknown) or array.unknown is not None:
        return array if isinstance(array, Unknown) else array.unknown
    if not array.data:
        return None
    value = array.values()[-1]
    array.data.popitem()
    array.next_index = max((k + 1 for k in array.data if isinstance(k, int)), default=0)
    return value


@builtin("array_shift", "&m:array")
def _array_shift(run: Runner, ref: Ref) -> Value:
    array = _own(run, ref, "array_shift")
    if isinstance(array, Unknown) or array.unknown is not None:
        return array if isinstance(array, Unknown) else array.unknown
    if not array.data:
        return None
    pairs = array.items()
    run.assign(ref, renumbered(pairs[1:]))
    return pairs[0][1]


@builtin("array_unshift", "&m:array *m:values")
def _array_unshift(run: Runner, ref: Ref, *values: Value) -> Value:
    array = _own(run, ref, "array_unshift")
    if isinstance(array, Unknown):
        return array
    made = renumbered([*((0, v) for v in values), *array.items()])
    made.unknown = array.unknown
    run.assign(ref, made)
    return made.unknown or len(made)


# ── the inner pointer ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _at(value: Value, move: Callable[[PhpArray], int] | None = None) -> tuple[PhpArray | None, Value, Value]:
    """The array in a variable, after a move of its pointer, with the key and value there."""
    if isinstance(value, Unknown) or (isinstance(value, PhpArray) and value.unknown is not None):
        unknown = value if isinstance(value, Unknown) else value.unknown
        return None, unknown, unknown
    if not isinstance(value, PhpArray):
        return None, None, False
    if move is not None:
        value.pointer = move(value)
    if not 0 <= value.pointer < len(value):
        return value, None, False
    key = value.keys()[value.pointer]
    return value, key, value.get(key)


@builtin("current pos", "m:array")
def _current(_: Runner, array: Value) -> Value:
    return _at(array)[2]


@builtin("key", "m:array")
def _key(_: Runner, array: Value) -> Value:
    return _at(array)[1]


def _moving(name: str, move: Callable[[PhpArray], int]) -> None:
    @builtin(name, "&m:array")
    def moved(run: Runner, ref: Ref) -> Value:
        array = _own(run, ref, name) if isinstance(ref.value, PhpArray) else ref.value
        return _at(array, move)[2]


_moving("reset", lambda _array: 0)
_moving("end", lambda array: len(array) - 1)
_moving("next", lambda array: array.pointer + 1)
_moving("prev", lambda array: array.pointer - 1)


@builtin("array_rand", "a:array i:num=1")
def _array_rand(run: Runner, array: PhpArray, _count: int) -> Value:
    return next(iter(array.data)) if len(array) == 1 else run.unknown("the random result of array_rand()")


@builtin("array_walk_recursive", "&m:array m:callback m:arg=null")
def _array_walk_recursive(run: Runner, ref: Ref, callback: Value, extra: Value) -> Value:
    array = ref.value
    for key, value in array.items() if isinstance(array, PhpArray) else ():
        run.spend(1)
        if isinstance(value, PhpArray):
            _array_walk_recursive(run, Ref(value), callback, extra)
        else:
            run.invoke(callback, (value, key))
    return True
