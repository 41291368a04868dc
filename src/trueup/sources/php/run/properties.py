"""Properties of objects, and objects used as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import classes, objects
from trueup.sources.php.run.convert import class_of, is_object, type_name
from trueup.sources.php.run.signals import UNSET
from trueup.sources.php.throwables import ThrowableState
from trueup.sources.php.values import (
    MISSING,
    EnumCase,
    HostObject,
    PhpObject,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def get_property(run: Runner, target: Value, name: str) -> Value:
    """`$target->name`."""
    if isinstance(target, PhpObject):
        if name in target.props:
            return target.get(name)
        return _absent(run, target, name)
    if isinstance(target, HostObject):
        value = target.get(name, run)
        return value if value is not MISSING else run.unknown(f"the property {target.php_class}::${name}")  # type: ignore[return-value]  # MISSING is excluded
    if isinstance(target, Unknown):
        return target
    if isinstance(target, EnumCase):
        return _enum_property(run, target, name)
    if is_object(target):
        raise run.throw("Error", "Closure object cannot have properties")
    run.warn(f'Attempt to read property "{name}" on {type_name(target)}')
    return None


def _enum_property(run: Runner, case: EnumCase, name: str) -> Value:
    if name == "name":
        return case.name
    if name == "value" and case.value is not None:
        return case.value
    run.warn(f"Undefined property: {case.cls.name}::${name}")
    return None


def _absent(run: Runner, target: PhpObject, name: str) -> Value:
    """A property that the object itself does not hold."""
    if target.base is not None:
        value = target.base.get(name, run)
        if value is not MISSING:
            return value  # type: ignore[return-value]  # MISSING is excluded
    if target.cls.method("__get"):
        return objects.call_named(run, target, "__get", name)
    if _is_uninitialized(run, target, name):
        raise run.throw(
            "Error", f"Typed property {target.cls.name}::${name} must not be accessed before initialization"
        )
    if target.base is not None and not isinstance(target.base, ThrowableState):
        return run.unknown(f"the property {target.cls.name}::${name}")
    if not target.base and target.cls.native:
        return run.unknown(f"the property {target.cls.name}::${name}")
    run.warn(f"Undefined property: {target.cls.name}::${name}")
    return None


def _is_uninitialized(run: Runner, target: PhpObject, name: str) -> bool:
    return any(d.name == name and d.uninitialized for d in classes.instance_defaults(run, target.cls))


def set_property(run: Runner, target: Value, name: str, value: Value) -> None:
    """`$target->name = $value`."""
    if isinstance(target, PhpObject):
        _set_on_object(run, target, name, value)
    elif isinstance(target, HostObject):
        if not target.set(name, value, run):
            run.gap(f"what setting {target.php_class}::${name} does is not known", "unknown-call")
    elif is_object(target):
        raise run.throw("Error", f"Cannot create dynamic property {class_of(target)}::${name}")
    elif not isinstance(target, Unknown):
        raise run.throw("Error", f'Attempt to assign property "{name}" on {type_name(target)}')


def _set_on_object(run: Runner, target: PhpObject, name: str, value: Value) -> None:
    if name not in target.props and not _is_declared(run, target, name):
        if target.cls.method("__set"):
            objects.call_named(run, target, "__set", name, value)
            return
        if target.base is not None and target.base.set(name, value, run):
            return
    elif isinstance(target.base, ThrowableState):
        target.base.set(name, value, run)
    write_property(run, target, name, value)


def _is_declared(run: Runner, target: PhpObject, name: str) -> bool:
    return any(d.name == name for d in classes.instance_defaults(run, target.cls))


def write_property(run: Runner, target: PhpObject, name: str, value: Value) -> None:
    """Writes without `__set`; noted while a trial is under way."""
    run.note(target, name, target.props.get(name, UNSET))
    if run.journal is not None:
        target.props[name] = value
    else:
        target.set(name, value)


def has_property(run: Runner, target: Value, name: str) -> bool | None:
    """isset() of a property; None: can't be told."""
    if isinstance(target, PhpObject):
        if name in target.props:
            value = target.get(name)
            return None if isinstance(value, Unknown) else value is not None
        if target.cls.method("__isset"):
            answer = run.to_bool(objects.call_named(run, target, "__isset", name))
            return None if isinstance(answer, Unknown) else answer
        if target.base is not None:
            return target.base.has(name, run)
        return None if target.cls.native else False
    if isinstance(target, HostObject):
        return target.has(name, run)
    if isinstance(target, EnumCase):
        return name == "name" or (name == "value" and target.value is not None)
    return None if isinstance(target, Unknown) else False


def quiet_property(run: Runner, target: Value, name: str) -> Value:
    """A property for `??` and isset(): null where it is not set."""
    if isinstance(target, Unknown):
        return target
    there = has_property(run, target, name)
    if there is None:
        value = target.get(name) if isinstance(target, PhpObject) and name in target.props else None
        return (
            value if isinstance(value, Unknown) else run.unknown(f"the property {class_of(target)}::${name}")
        )
    return get_property(run, target, name) if there else None


def unset_property(run: Runner, target: Value, name: str) -> None:
    if isinstance(target, PhpObject):
        if name in target.props:
            run.note(target, name, target.props[name])
            del target.props[name]
        elif target.cls.method("__unset"):
            objects.call_named(run, target, "__unset", name)
        elif target.base is not None:
            target.base.unset(name, run)
    elif isinstance(target, HostObject) and not target.unset(name, run):
        run.gap(f"what unsetting {target.php_class}::${name} does is not known", "unknown-call")


# ── array access ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def offset_get(run: Runner, target: Value, key: Value) -> Value:
    """`$object[$key]`."""
    if isinstance(target, PhpObject) and target.cls.method("offsetGet"):
        return objects.call_named(run, target, "offsetGet", key)
    base = run.base_of(target)
    value = base.offset_get(key, run) if base is not None else MISSING
    if value is not MISSING:
        return value  # type: ignore[return-value]  # MISSING is excluded
    if base is not None:
        return run.unknown(f"an element of a {class_of(target)}")
    raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")


def offset_has(run: Runner, target: Value, key: Value) -> bool | None:
    if isinstance(target, PhpObject) and target.cls.method("offsetExists"):
        answer = run.to_bool(objects.call_named(run, target, "offsetExists", key))
        return None if isinstance(answer, Unknown) else answer
    base = run.base_of(target)
    if base is not None:
        return base.offset_has(key, run)
    raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")


def offset_set(run: Runner, target: Value, key: Value, value: Value) -> None:
    if isinstance(target, PhpObject) and target.cls.method("offsetSet"):
        objects.call_named(run, target, "offsetSet", key, value)
        return
    base = run.base_of(target)
    if base is None:
        raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")
    if not base.offset_set(key, value, run):
        run.gap(f"what setting an element of a {class_of(target)} does is not known", "unknown-call")


def offset_unset(run: Runner, target: Value, key: Value) -> None:
    if isinstance(target, PhpObject) and target.cls.method("offsetUnset"):
        objects.call_named(run, target, "offsetUnset", key)
        return
    base = run.base_of(target)
    if base is None:
        raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")
    if not base.offset_unset(key, run):
        run.gap(f"what unsetting an element of a {class_of(target)} does is not known", "unknown-call")
