"""Sorting, stable as since PHP 8.0."""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import TYPE_CHECKING

from trueup.sources.php.run.builtins.arrays import Pair, of_pairs, of_values, shared
from trueup.sources.php.run.builtins.printing import find_unknown
from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.run.builtins.strings import lower
from trueup.sources.php.run.builtins.texts import natural_order
from trueup.sources.php.run.convert import encode
from trueup.sources.php.values import PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

Order = Callable[[Value, Value], int]
Part = Callable[[Pair], Value]


def _by_flags(run: Runner, flags: int) -> Order:
    """SORT_REGULAR 0, SORT_NUMERIC 1, SORT_STRING 2, SORT_NATURAL 6; 8 added: case does not matter."""

    def text(value: Value) -> str:
        shown = run.text_of(value)
        return lower(shown) if flags & 8 else shown

    def as_text(a: Value, b: Value) -> int:
        left, right = encode(text(a)), encode(text(b))
        return (left > right) - (left < right)

    def naturally(a: Value, b: Value) -> int:
        return natural_order(text(a), text(b))

    def regular(a: Value, b: Value) -> int:
        order = run.compare(a, b)
        return 0 if isinstance(order, Unknown) else order

    kind = flags & ~8
    return as_text if kind in (2, 5) else naturally if kind == 6 else regular


def _by_callback(run: Runner, callback: Value, unknown: list[Unknown]) -> Order:
    def called(a: Value, b: Value) -> int:
        run.spend(1)
        order = run.to_int(run.invoke(callback, (shared(a), shared(b))))
        if isinstance(order, Unknown):
            unknown.append(order)
            return 0
        return order

    return called


def _value(pair: Pair) -> Value:
    return pair[1]


def _key(pair: Pair) -> Value:
    return pair[0]


def _sort(run: Runner, ref: Ref, order: Order, part: Part, keep: bool, reverse: bool = False) -> Value:
    array = ref.value
    if not isinstance(array, PhpArray):
        return array if isinstance(array, Unknown) else False
    unknown = find_unknown(array) if part is _value else array.unknown
    if unknown is not None:
        run.assign(ref, unknown)
        return unknown
    run.spend(len(array) // 10)
    sign = -1 if reverse else 1

    def compared(a: Pair, b: Pair) -> int:
        return sign * order(part(a), part(b))

    pairs = sorted(array.items(), key=cmp_to_key(compared))
    run.assign(ref, of_pairs(pairs) if keep else of_values(v for _, v in pairs))
    return True


for _name, _part, _keep, _reverse in (
    ("sort", _value, False, False),
    ("rsort", _value, False, True),
    ("asort", _value, True, False),
    ("arsort", _value, True, True),
    ("ksort", _key, True, False),
    ("krsort", _key, True, True),
):

    def _sorting(
        run: Runner, ref: Ref, flags: int, part: Part = _part, keep: bool = _keep, reverse: bool = _reverse
    ) -> Value:
        return _sort(run, ref, _by_flags(run, flags), part, keep, reverse)

    builtin(_name, "&m:array i:flags=0")(_sorting)


for _name, _part, _keep in (("usort", _value, False), ("uasort", _value, True), ("uksort", _key, True)):

    def _user_sorting(
        run: Runner, ref: Ref, callback: Value, part: Part = _part, keep: bool = _keep
    ) -> Value:
        unknown: list[Unknown] = []
        done = _sort(run, ref, _by_callback(run, callback, unknown), part, keep)
        if unknown:
            run.assign(ref, unknown[0])
        return done

    builtin(_name, "&m:array m:callback")(_user_sorting)


@builtin("natsort", "&m:array")
def _natsort(run: Runner, ref: Ref) -> Value:
    return _sort(run, ref, _by_flags(run, 6), _value, True)


@builtin("natcasesort", "&m:array")
def _natcasesort(run: Runner, ref: Ref) -> Value:
    return _sort(run, ref, _by_flags(run, 14), _value, True)


@builtin("shuffle", "&m:array")
def _shuffle(run: Runner, ref: Ref) -> Value:
    if isinstance(ref.value, PhpArray) and len(ref.value) > 1:
        run.assign(ref, run.unknown("a shuffled array"))
    return True


@builtin("array_multisort", "&m:array *m:rest")
def _array_multisort(run: Runner, ref: Ref, *rest: Value) -> Value:
    if rest:
        run.assign(ref, run.unknown("the result of array_multisort()"))
        return True
    return _sort(run, ref, _by_flags(run, 0), _value, False)
