"""Names of members, elements of values, and reading places without warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import classes, objects, properties
from trueup.sources.php.run.convert import (
    array_key,
    decode,
    encode,
    is_object,
    leading_number,
    numeric,
    to_int,
    type_name,
)
from trueup.sources.php.run.dispatch import evaluate
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.tree import (
    DynamicVariable,
    Expr,
    Index,
    Name,
    Property,
    StaticProperty,
    Variable,
)
from trueup.sources.php.values import PhpArray, PhpClass, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


# ── names and keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def name_of(run: Runner, frame: Frame, name: str | Expr) -> str | Unknown:
    """A member's name, evaluated where it is an expression."""
    return name if isinstance(name, str) else run.to_string(evaluate(run, frame, name))


def variable_name(run: Runner, frame: Frame, node: Variable | DynamicVariable) -> str | Unknown:
    return node.name if isinstance(node, Variable) else run.to_string(evaluate(run, frame, node.name))


def scope_of(run: Runner, frame: Frame, node: Name | Expr) -> PhpClass | str | Unknown:
    """What stands before `::`."""
    if isinstance(node, Name):
        return classes.named_class(run, frame, node)
    value = evaluate(run, frame, node)
    owner = objects.user_class(value)
    if owner is not None:
        return owner
    if isinstance(value, str):
        return run.class_or_name(value)
    base = run.base_of(value)
    if base is not None:
        return base.php_class
    return value if isinstance(value, Unknown) else run.unknown(f"a class given by {type_name(value)}")


def key_of(run: Runner, value: Value) -> int | str | Unknown:
    """An array key; what can't be one is PHP's error."""
    if type(value) is int:
        return value
    key = array_key(value)
    if key is not None:
        return key
    if isinstance(value, Unknown):
        return value
    raise run.throw("TypeError", "Illegal offset type")


# ── elements ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def element(run: Runner, base: Value, index: Value) -> Value:
    """`base[index]`."""
    if isinstance(base, PhpArray):
        key = key_of(run, index)
        if isinstance(key, Unknown):
            return key
        if key in base.data:
            return base.get(key)
        if base.unknown is not None:
            return base.unknown
        run.warn(f"Undefined array key {key}" if isinstance(key, int) else f'Undefined array key "{key}"')
        return None
    if isinstance(base, Unknown):
        return base
    if isinstance(base, str):
        return _character(run, base, index)
    if is_object(base):
        return properties.offset_get(run, base, index)
    run.warn(f"Trying to access array offset on value of type {type_name(base)}")
    return None


def _offset_of_text(run: Runner, index: str) -> int:
    """A string used as an offset in a string."""
    key = numeric(index)
    if isinstance(key, int):
        return key
    if key is None and leading_number(index)[1]:
        run.warn(f'Illegal string offset "{index}"')
    raise run.throw("TypeError", "Cannot access offset of type string on string")


def _character(run: Runner, text: str, index: Value) -> Value:
    if isinstance(index, Unknown):
        return index
    key = _offset_of_text(run, index) if isinstance(index, str) else index
    if isinstance(key, bool) or key is None or isinstance(key, float):
        run.warn("String offset cast occurred")
        key = to_int(key)
    if not isinstance(key, int):
        raise run.throw("TypeError", f"Cannot access offset of type {type_name(index)} on string")
    raw = encode(text)
    if not -len(raw) <= key < len(raw):
        run.warn(f"Uninitialized string offset {key}")
        return ""
    return decode(raw[key : key + 1] if key != -1 else raw[-1:])


# ── reading without warnings ─────────────────────────────────────────────────────────────────────────────────────────────────────


def quiet(run: Runner, frame: Frame, node: Expr) -> Value:
    """The value of a place for isset(), empty() and `??`: null where there is none."""
    if isinstance(node, (Variable, DynamicVariable)):
        name = variable_name(run, frame, node)
        if isinstance(name, Unknown):
            return name
        value = frame.vars.get(name)
        return value.value if isinstance(value, Ref) else value
    if isinstance(node, Index):
        base = quiet(run, frame, node.base)
        if base is None or node.index is None:
            return None
        return _quiet_element(run, base, evaluate(run, frame, node.index))
    if isinstance(node, Property):
        base = quiet(run, frame, node.base)
        if base is None:
            return None
        name = name_of(run, frame, node.name)
        return name if isinstance(name, Unknown) else properties.quiet_property(run, base, name)
    if isinstance(node, StaticProperty):
        return _quiet_static(run, frame, node)
    return evaluate(run, frame, node)


def _quiet_static(run: Runner, frame: Frame, node: StaticProperty) -> Value:
    cls, name = scope_of(run, frame, node.cls), name_of(run, frame, node.name)
    if isinstance(cls, Unknown):
        return cls
    if isinstance(name, Unknown):
        return name
    if isinstance(cls, PhpClass) and not cls.native:
        ref = classes.static_ref(run, cls, name)
        return ref.value if ref is not None else None
    return classes.static_value(run, cls, name)


def _quiet_element(run: Runner, base: Value, index: Value) -> Value:
    if isinstance(base, Unknown):
        return base
    if isinstance(base, PhpArray):
        key = key_of(run, index)
        return key if isinstance(key, Unknown) else base.get(key, base.unknown)
    if isinstance(base, str):
        at, size = array_key(index) if isinstance(index, str) else to_int(index), length(base)
        return _character(run, base, at) if isinstance(at, int) and -size <= at < size else None
    if not is_object(base):
        return None
    there = properties.offset_has(run, base, index)
    if there is None:
        return run.unknown("an element of an object")
    return properties.offset_get(run, base, index) if there else None


def length(text: str) -> int:
    """strlen()."""
    return len(text) if text.isascii() else len(encode(text))
