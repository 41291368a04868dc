"""Types: asked, converted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.php.run import callables, convert, traversal
from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.values import PhpArray, PhpObject, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


def _test(test: Callable[[Value], bool]) -> Callable[..., Value]:
    return lambda _run, value: test(value)


def _is_int(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_numeric(value: Value) -> bool:
    return (
        convert.numeric(value) is not None
        if isinstance(value, str)
        else _is_int(value) or isinstance(value, float)
    )


for _names, _function in {
    "is_string": lambda v: isinstance(v, str),
    "is_int is_integer is_long": _is_int,
    "is_float is_double": lambda v: isinstance(v, float),
    "is_bool": lambda v: isinstance(v, bool),
    "is_null": lambda v: v is None,
    "is_object": convert.is_object,
    "is_numeric": _is_numeric,
    "is_scalar": lambda v: isinstance(v, (str, int, float)),
    "is_resource": lambda _v: False,
}.items():
    builtin(_names, "v:value")(_test(_function))


@builtin("is_array", "m:value")
def _is_array(_: Runner, value: Value) -> Value:
    return value if isinstance(value, Unknown) else isinstance(value, PhpArray)


@builtin("is_iterable", "v:value")
def _is_iterable(run: Runner, value: Value) -> Value:
    return isinstance(value, PhpArray) or bool(run.instance_of(value, "Traversable"))


@builtin("is_countable", "v:value")
def _is_countable(run: Runner, value: Value) -> Value:
    return isinstance(value, PhpArray) or bool(run.instance_of(value, "Countable"))


@builtin("is_callable", "m:value b:syntax_only=false m:callable_name=null")
def _is_callable(run: Runner, value: Value, *_rest: Value) -> Value:
    return value if isinstance(value, Unknown) else callables.is_callable(run, value)


_GETTYPE = {"null": "NULL", "bool": "boolean", "int": "integer", "float": "double"}


@builtin("gettype", "v:value")
def _gettype(_: Runner, value: Value) -> Value:
    if convert.is_object(value):
        return "object"
    name = convert.type_name(value)
    return _GETTYPE.get(name, name)


@builtin("get_debug_type", "v:value")
def _get_debug_type(_: Runner, value: Value) -> Value:
    return convert.type_name(value)


@builtin("intval", "v:value i:base=10")
def _intval(_: Runner, value: Value, base: int) -> Value:
    if base == 10 or not isinstance(value, str):
        return convert.to_int(value)
    try:
        return convert.wrap(int(value.strip(), base)) if 2 <= base <= 36 or base == 0 else 0
    except ValueError:
        return 0


@builtin("floatval doubleval", "v:value")
def _floatval(_: Runner, value: Value) -> Value:
    return convert.to_float(value)


@builtin("strval", "v:value")
def _strval(run: Runner, value: Value) -> Value:
    return run.to_string(value)


@builtin("boolval", "v:value")
def _boolval(run: Runner, value: Value) -> Value:
    return run.to_bool(value)


@builtin("settype", "&m:var s:type")
def _settype(run: Runner, var: Ref, name: str) -> Value:
    value = var.value
    if isinstance(value, Unknown):
        return True
    made: Value
    match name.lower():
        case "int" | "integer":
            made = convert.to_int(value)
        case "float" | "double":
            made = convert.to_float(value)
        case "string":
            made = run.to_string(value)
        case "bool" | "boolean":
            made = run.to_bool(value)
        case "null":
            made = None
        case _:
            made = run.unknown("the result of settype()")
    run.assign(var, made)
    return True


@builtin("count sizeof", "m:value i:mode=0")
def _count(run: Runner, value: Value, mode: int) -> Value:
    if isinstance(value, PhpArray):
        if value.unknown is not None:
            return value.unknown
        nested = [_count(run, v, 1) for v in value.values() if isinstance(v, PhpArray)] if mode == 1 else []
        return len(value) + sum(n for n in nested if isinstance(n, int))
    if isinstance(value, Unknown):
        return value
    if isinstance(value, PhpObject) and value.cls.method("count"):
        return run.call_method(value, "count")
    base = run.base_of(value)
    if base is not None:
        counted = base.count(run)
        return run.unknown(f"the count of a {convert.class_of(value)}") if counted is None else counted
    shown = convert.type_name(value)
    raise run.throw(
        "TypeError", f"count(): Argument #1 ($value) must be of type Countable|array, {shown} given"
    )


@builtin("iterator_to_array", "m:iterator b:preserve_keys=true")
def _iterator_to_array(run: Runner, value: Value, keep: bool) -> Value:
    pairs = traversal.pairs(run, value)
    if pairs is None:
        return value if isinstance(value, Unknown) else run.unknown("the elements of an iterator")
    made = PhpArray()
    for key, item in pairs:
        if keep and isinstance(key, (int, str)):
            made.set(convert.array_key(key) or key, item)
        else:
            made.append(item)
    return made


@builtin("iterator_count", "m:iterator")
def _iterator_count(run: Runner, value: Value) -> Value:
    pairs = traversal.pairs(run, value)
    if pairs is None:
        return value if isinstance(value, Unknown) else run.unknown("the elements of an iterator")
    return sum(1 for _ in pairs)


@builtin("spl_object_id", "m:object")
def _spl_object_id(run: Runner, value: Value) -> Value:
    return value.id if isinstance(value, PhpObject) else run.unknown("the id of an object")


@builtin("spl_object_hash", "m:object")
def _spl_object_hash(run: Runner, value: Value) -> Value:
    return f"{value.id:032x}" if isinstance(value, PhpObject) else run.unknown("the hash of an object")
