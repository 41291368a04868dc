"""Objects: made, asked for properties, called, turned into text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import callables, calls, classes
from trueup.sources.php.run.convert import class_of, is_object, type_name
from trueup.sources.php.run.frame import Frame, This
from trueup.sources.php.run.signals import UNSET, Unset
from trueup.sources.php.run.unknowns import UnknownCall, call_on_unknown, mind_closures
from trueup.sources.php.throwables import ThrowableState, is_native_throwable
from trueup.sources.php.tree import FunctionDecl
from trueup.sources.php.values import (
    MISSING,
    Args,
    Closure,
    EnumCase,
    HostObject,
    NativeClosure,
    PhpArray,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


def user_class(value: Value) -> PhpClass | None:
    """The project's class of an object."""
    return value.cls if isinstance(value, (PhpObject, EnumCase)) else None


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def to_string(run: Runner, value: Value) -> str | Unknown:
    """`(string)` of an array, an object or something unknown."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, PhpArray):
        run.warn("Array to string conversion")
        return "Array"
    if isinstance(value, PhpObject) and value.cls.method("__toString"):
        text = call_named(run, value, "__toString")
        return text if isinstance(text, (str, Unknown)) else run.text_of(text)
    base = run.base_of(value)
    text = base.to_string(run) if base is not None else None
    if text is None:
        raise run.throw("Error", f"Object of class {class_of(value)} could not be converted to string")
    return text


def is_stringable(run: Runner, value: Value) -> bool:
    if isinstance(value, PhpObject) and value.cls.method("__toString"):
        return True
    base = run.base_of(value)
    return base is not None and base.to_string(run) is not None


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
        return call_named(run, target, "__get", name)
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
            call_named(run, target, "__set", name, value)
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
            answer = run.to_bool(call_named(run, target, "__isset", name))
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
            call_named(run, target, "__unset", name)
        elif target.base is not None:
            target.base.unset(name, run)
    elif isinstance(target, HostObject) and not target.unset(name, run):
        run.gap(f"what unsetting {target.php_class}::${name} does is not known", "unknown-call")


# ── array access ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def offset_get(run: Runner, target: Value, key: Value) -> Value:
    """`$object[$key]`."""
    if isinstance(target, PhpObject) and target.cls.method("offsetGet"):
        return call_named(run, target, "offsetGet", key)
    base = run.base_of(target)
    value = base.offset_get(key, run) if base is not None else MISSING
    if value is not MISSING:
        return value  # type: ignore[return-value]  # MISSING is excluded
    if base is not None:
        return run.unknown(f"an element of a {class_of(target)}")
    raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")


def offset_has(run: Runner, target: Value, key: Value) -> bool | None:
    if isinstance(target, PhpObject) and target.cls.method("offsetExists"):
        answer = run.to_bool(call_named(run, target, "offsetExists", key))
        return None if isinstance(answer, Unknown) else answer
    base = run.base_of(target)
    if base is not None:
        return base.offset_has(key, run)
    raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")


def offset_set(run: Runner, target: Value, key: Value, value: Value) -> None:
    if isinstance(target, PhpObject) and target.cls.method("offsetSet"):
        call_named(run, target, "offsetSet", key, value)
        return
    base = run.base_of(target)
    if base is None:
        raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")
    if not base.offset_set(key, value, run):
        run.gap(f"what setting an element of a {class_of(target)} does is not known", "unknown-call")


def offset_unset(run: Runner, target: Value, key: Value) -> None:
    if isinstance(target, PhpObject) and target.cls.method("offsetUnset"):
        call_named(run, target, "offsetUnset", key)
        return
    base = run.base_of(target)
    if base is None:
        raise run.throw("Error", f"Cannot use object of type {class_of(target)} as array")
    if not base.offset_unset(key, run):
        run.gap(f"what unsetting an element of a {class_of(target)} does is not known", "unknown-call")


# ── methods ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def call_named(run: Runner, target: Value, name: str, *values: Value) -> Value:
    return call_method(run, target, name, Args(values, None, run.at))


def call_method(run: Runner, target: Value, name: str, args: Args) -> Value:
    """`$target->name(...)` with arguments that are evaluated."""
    if isinstance(target, (PhpObject, EnumCase)):
        method = target.cls.methods.get(name.lower())
        if method is not None:
            this = None if method.function.static else target
            return calls.call_user(
                run,
                method.function,
                method.file,
                args,
                this,
                method.owner,
                target.cls,
                method.static_variables,
            )
        return _call_absent(run, target, name, args)
    if isinstance(target, HostObject):
        value = target.call(name, args, run)
        return value if value is not MISSING else _unknown_call(run, f"{target.php_class}::{name}()", args)  # type: ignore[return-value]  # MISSING is excluded
    if isinstance(target, (Closure, NativeClosure)):
        return callables.closure_method(run, target, name, args)
    if isinstance(target, Unknown):
        return call_on_unknown(run, target, name, args)
    raise run.throw("Error", f"Call to a member function {name}() on {type_name(target)}")


def _call_absent(run: Runner, target: PhpObject | EnumCase, name: str, args: Args) -> Value:
    """A method that the project's classes do not have."""
    base = target.base if isinstance(target, PhpObject) else None
    if base is not None:
        value = base.call(name, args, run)
        if value is not MISSING:
            return value  # type: ignore[return-value]  # MISSING is excluded
    cls = target.cls
    if cls.method("__call"):
        return call_named(run, target, "__call", name, PhpArray(args.positional))
    enumerated = classes.enum_static(run, cls, name, args)
    if not isinstance(enumerated, Unset):
        return enumerated
    return _call_unknown_of(run, cls, name, args)


def _call_unknown_of(run: Runner, cls: PhpClass, name: str, args: Args) -> Value:
    """PHP's error for a class that is known whole, else an Unknown."""
    whole = not cls.native or is_native_throwable(cls.native)
    if whole and all(run.find_class(t) for t in cls.traits):
        raise run.throw("Error", f"Call to undefined method {cls.name}::{name}()")
    return _unknown_call(run, f"{cls.name}::{name}()", args)


def _unknown_call(run: Runner, shown: str, args: Args) -> Value:
    mind_closures(run, args, shown)
    return UnknownCall(f"the result of {shown}", run.at)


def call_static(
    run: Runner, cls: PhpClass | str, name: str, args: Args, this: This = None, called: PhpClass | None = None
) -> Value:
    """`Cls::name(...)` with arguments that are evaluated. `this` is the caller's `$this`, `called` its `static` class when the call
    is `self::`, `parent::` or `static::`."""
    if isinstance(cls, str):
        return _call_native_static(run, cls, name, args, this, called)
    method = cls.methods.get(name.lower())
    receiver = this if isinstance(this, (PhpObject, EnumCase)) and cls in this.cls.lineage() else None
    if method is not None:
        if receiver is None and not method.function.static:
            raise run.throw(
                "Error", f"Non-static method {cls.name}::{method.name}() cannot be called statically"
            )
        used = None if method.function.static else receiver
        late = called if called is not None and cls in called.lineage() else cls
        late = used.cls if used is not None else late
        return calls.call_user(
            run, method.function, method.file, args, used, method.owner, late, method.static_variables
        )
    enumerated = classes.enum_static(run, cls, name, args)
    if not isinstance(enumerated, Unset):
        return enumerated
    if receiver is not None:
        return _call_absent(run, receiver, name, args)
    if cls.method("__callStatic"):
        return call_static(run, cls, "__callStatic", Args((name, PhpArray(args.positional)), None, args.at))
    if cls.native:
        late = called if called is not None and cls in called.lineage() else cls
        value = run.host.call_static(cls.native, name, args, run, late)
        if value is not MISSING:
            return value  # type: ignore[return-value]  # MISSING is excluded
    for trait in cls.traits if not cls.native else ():
        value = run.host.call_static(trait, name, args, run, cls)
        if value is not MISSING:
            return value  # type: ignore[return-value]  # MISSING is excluded
    return _call_unknown_of(run, cls, name, args)


def _call_native_static(
    run: Runner, cls: str, name: str, args: Args, this: This, called: PhpClass | None
) -> Value:
    if isinstance(this, PhpObject) and this.cls.native.lower() == cls.lower():
        value = this.base.call(name, args, run) if this.base is not None else MISSING
        if value is not MISSING:
            return value  # type: ignore[return-value]  # MISSING is excluded
    if cls.lower() == "closure" and name.lower() in ("bind", "fromcallable"):
        if name.lower() == "bind":
            return callables.bind(run, args.get(0), args.get(1), args.get(2))
        return callables.to_closure(run, args.get(0))
    value = run.host.call_static(cls, name, args, run, called)
    if value is not MISSING:
        return value  # type: ignore[return-value]  # MISSING is excluded
    if name.lower() == "__construct":
        return None
    return _unknown_call(run, f"{cls}::{name}()", args)


# ── new, clone ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def instantiate(run: Runner, cls: PhpClass | str, args: Args) -> Value:
    """`new Cls(...)` with arguments that are evaluated."""
    if isinstance(cls, str):
        return _new_native(run, cls, args)
    decl = cls.decl
    if decl.kind != "class" or decl.abstract:
        kind = "abstract class" if decl.kind == "class" else decl.kind
        raise run.throw("Error", f"Cannot instantiate {kind} {cls.name}")
    made = PhpObject(cls)
    for default in classes.instance_defaults(run, cls):
        if not default.uninitialized:
            made.props[default.name] = default.value
    if cls.native:
        made.base = _base(run, cls, made)
    constructor = cls.methods.get("__construct")
    if constructor is not None:
        calls.call_user(
            run,
            constructor.function,
            constructor.file,
            args,
            made,
            constructor.owner,
            cls,
            constructor.static_variables,
        )
    elif made.base is not None:
        made.base.call("__construct", args, run)
    return made


def _base(run: Runner, cls: PhpClass, made: PhpObject) -> HostObject | None:
    base = None if is_native_throwable(cls.native) else run.host.base(cls.native, made, run)
    if base is None:
        ancestors = classes.ancestors_of_name(run, cls.native)
        if is_native_throwable(cls.native) or "Throwable" in ancestors or "Exception" in ancestors:
            base = ThrowableState(cls.native, "", run.at, parents=ancestors)
    if isinstance(base, ThrowableState):
        for name in ("message", "code"):
            if name in made.props:
                base.set(name, made.get(name), run)
    return base


def _new_native(run: Runner, cls: str, args: Args) -> Value:
    if is_native_throwable(cls):
        made = ThrowableState(cls, "", run.at)
        made.call("__construct", args, run)
        return made
    value = run.host.construct(cls, args, run)
    if value is not MISSING:
        return value  # type: ignore[return-value]  # MISSING is excluded
    if cls.endswith(("Exception", "Error")):
        made = ThrowableState(cls, "", run.at, parents=run.host.ancestors(cls) or ("Exception",))
        made.call("__construct", args, run)
        return made
    return _unknown_call(run, f"new {cls}()", args)


def promote(run: Runner, frame: Frame, this: This, function: FunctionDecl) -> None:
    """The properties that a constructor makes of its parameters."""
    for param in function.params:
        if param.promoted and isinstance(this, PhpObject):
            run.note(this, param.name, this.props.get(param.name, UNSET))
            this.props[param.name] = frame.vars.get(param.name)


def clone(run: Runner, value: Value) -> Value:
    if isinstance(value, HostObject):
        return value.clone(run)
    if isinstance(value, (Unknown, Closure, NativeClosure)):
        return value
    if not isinstance(value, PhpObject):
        raise run.throw("Error", "__clone method called on non-object")
    twin = PhpObject(value.cls, dict(value.props), value.base.clone(run) if value.base is not None else None)
    for held in twin.props.values():
        if isinstance(held, PhpArray):
            held.shared = True
    if value.cls.method("__clone"):
        call_named(run, twin, "__clone")
    return twin
