"""Everything that PHP can call as a value: closures, names of functions, `[object, "method"]`, objects with `__invoke`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import builtins, calls, classes, objects
from trueup.sources.php.run.convert import type_name
from trueup.sources.php.run.unknowns import call_on_unknown
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
    from trueup.sources.php.parse import PhpFile
    from trueup.sources.php.run.runner import Runner


def invoke(run: Runner, function: Value, args: Args) -> Value:
    if isinstance(function, Closure):
        return call_user(run, function, args)
    if isinstance(function, NativeClosure):
        return function.function(args, run)
    if isinstance(function, str):
        return _invoke_name(run, function, args)
    if isinstance(function, PhpArray):
        return _invoke_pair(run, function, args)
    if isinstance(function, PhpObject):
        return objects.call_method(run, function, "__invoke", args)
    if isinstance(function, HostObject):
        value = function.invoke(args, run)
        return value if value is not MISSING else objects.call_method(run, function, "__invoke", args)  # type: ignore[return-value]  # MISSING is excluded
    if isinstance(function, Unknown):
        return call_on_unknown(run, function, "call", args)
    raise run.throw("Error", f"Value of type {type_name(function)} is not callable")


def call_user(run: Runner, closure: Closure, args: Args) -> Value:
    return calls.call_user(
        run,
        closure.function,
        closure.file,
        args,
        closure.this,
        closure.scope,
        closure.called,
        closure.static_variables,
        closure.captured,
    )


def _invoke_name(run: Runner, name: str, args: Args) -> Value:
    cls, colons, method = name.partition("::")
    if colons:
        return objects.call_static(run, run.class_or_name(cls), method, args)
    return calls.call_function(run, name.removeprefix("\\"), args)


def _invoke_pair(run: Runner, pair: PhpArray, args: Args) -> Value:
    target, method = pair.get(0), pair.get(1)
    if isinstance(target, Unknown) or isinstance(method, Unknown):
        unknown = target if isinstance(target, Unknown) else method
        assert isinstance(unknown, Unknown)
        return call_on_unknown(run, unknown, "call", args)
    if not isinstance(method, str) or len(pair) != 2:
        raise run.throw("Error", "Array callback must have exactly two elements")
    if isinstance(target, str):
        return objects.call_static(run, run.class_or_name(target), method.removeprefix("parent::"), args)
    return objects.call_method(run, target, method, args)


def is_callable(run: Runner, value: Value) -> bool:
    if isinstance(value, (Closure, NativeClosure)):
        return True
    if isinstance(value, str):
        cls, colons, method = value.partition("::")
        if colons:
            return run.has_method(cls, method)
        name = value.removeprefix("\\").lower()
        return (
            name in run.functions or calls.native_function(run, name) is not None or name in builtins.FRAMED
        )
    if isinstance(value, PhpArray):
        target, named = value.get(0), value.get(1)
        if len(value) != 2 or not isinstance(named, str):
            return False
        return isinstance(target, HostObject) or run.has_method(target, named)
    return isinstance(value, PhpObject) and value.cls.method("__invoke") is not None


# ── first-class callables ────────────────────────────────────────────────────────────────────────────────────────────────────────


def from_name(run: Runner, name: str, user: tuple[FunctionDecl, PhpFile] | None) -> Value:
    """`name(...)`."""
    if user is not None:
        return Closure(user[0], user[1], {})
    if calls.native_function(run, name) is None:
        return run.unknown(f"the function {name}()")
    return NativeClosure(name, lambda args, _: calls.call_function(run, name, args))


def to_closure(run: Runner, value: Value) -> Value:
    """`$value(...)`, `Closure::fromCallable($value)`."""
    if isinstance(value, (Closure, NativeClosure, Unknown)):
        return value
    if isinstance(value, PhpArray):
        target, method = value.get(0), value.get(1)
        if isinstance(method, str) and isinstance(target, (PhpObject, EnumCase, HostObject)):
            return of_method(run, target, method)
    if isinstance(value, str) and "::" not in value:
        name = value.removeprefix("\\")
        return from_name(run, name, calls.user_function(run, name))
    return NativeClosure("{closure}", lambda args, _: invoke(run, value, args))


def of_method(run: Runner, target: Value, name: str) -> Value:
    """`$target->name(...)`."""
    owner = objects.user_class(target)
    method = owner.method(name) if owner is not None else None
    if method is None or not isinstance(target, (PhpObject, EnumCase)):
        return NativeClosure(name, lambda args, _: objects.call_method(run, target, name, args))
    this = None if method.function.static else target
    closure = Closure(method.function, method.file, {}, this, method.owner, target.cls)
    closure.static_variables = method.static_variables
    return closure


def of_static(run: Runner, cls: PhpClass | str, name: str, this: PhpObject | EnumCase | None) -> Value:
    """`Cls::name(...)`."""
    method = classes.static_method(cls, name) if isinstance(cls, PhpClass) else None
    if method is None or not isinstance(cls, PhpClass):
        return NativeClosure(name, lambda args, _: objects.call_static(run, cls, name, args))
    closure = Closure(
        method.function, method.file, {}, None if method.function.static else this, method.owner, cls
    )
    closure.static_variables = method.static_variables
    return closure


def closure_method(run: Runner, closure: Closure | NativeClosure, name: str, args: Args) -> Value:
    """`$closure->call()`, `bindTo()`, `__invoke()`."""
    lowered = name.lower()
    if lowered == "__invoke":
        return invoke(run, closure, args)
    if isinstance(closure, NativeClosure):
        return closure if lowered in ("bindto", "bind") else run.unknown(f"Closure::{name}()")
    if lowered == "bindto":
        return bind(run, closure, args.get(0, "newThis"), args.get(1, "newScope"))
    if lowered == "call":
        bound = bind(run, closure, args.get(0, "newThis"), args.get(0, "newThis"))
        return invoke(run, bound, Args(args.rest(1), None, args.at))
    raise run.throw("Error", f"Call to undefined method Closure::{name}()")


def bind(run: Runner, closure: Value, this: Value, scope: Value) -> Value:
    """`Closure::bind()`."""
    if not isinstance(closure, Closure):
        return closure
    if isinstance(this, Unknown):
        return this
    receiver = this if isinstance(this, (PhpObject, HostObject, EnumCase)) else None
    owner = (
        run.find_class(scope) if isinstance(scope, str) and scope != "static" else objects.user_class(scope)
    )
    bound = closure.bind(receiver, owner)
    if isinstance(receiver, (PhpObject, EnumCase)):
        bound.called = receiver.cls
    return bound
