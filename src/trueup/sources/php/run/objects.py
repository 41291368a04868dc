"""Objects: made, asked for properties, called, turned into text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import callables, calls, classes
from trueup.sources.php.run.convert import class_of, type_name
from trueup.sources.php.run.frame import Frame, This
from trueup.sources.php.run.reflection import reflect
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
    if cls.lower() in ("reflectionclass", "reflectionobject"):
        return reflect(run, args)
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
