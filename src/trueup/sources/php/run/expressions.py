"""Expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.php.run import (
    callables,
    calls,
    classes,
    objects,
    places,
    properties,
    reading,
    traversal,
)
from trueup.sources.php.run.dispatch import EVAL, evaluate, evaluates
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.run.signals import UNSET, Exited
from trueup.sources.php.throwables import PhpThrow, ThrowableState
from trueup.sources.php.tree import (
    ArrayLiteral,
    ClassConstant,
    ClassDecl,
    Clone,
    ClosureExpr,
    Constant,
    DynamicVariable,
    Empty,
    Exit,
    Expr,
    Include,
    Index,
    Interpolated,
    Isset,
    Literal,
    MethodCall,
    Name,
    New,
    Print,
    Property,
    StaticCall,
    StaticProperty,
    Throw,
    Unsupported,
    Variable,
    Yield,
)
from trueup.sources.php.values import (
    MISSING,
    Closure,
    EnumCase,
    HostObject,
    PhpArray,
    PhpClass,
    PhpObject,
    Ref,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


# ── literals, variables, constants ───────────────────────────────────────────────────────────────────────────────────────────────


@evaluates(Literal)
def _literal(_run: Runner, _frame: Frame, node: Literal) -> Value:
    return node.value


@evaluates(Interpolated)
def _interpolated(run: Runner, frame: Frame, node: Interpolated) -> Value:
    found: list[str] = []
    unknown: Unknown | None = None
    for part in node.parts:
        value = EVAL[type(part)](run, frame, part)
        text = value if type(value) is str else run.to_string(value)
        if isinstance(text, Unknown):
            unknown = unknown or text
        else:
            found.append(text)
    joined = "".join(found)
    if len(joined) > run.budget.string:
        run.exceeded(f"a string of more than {run.budget.string:,} characters")
    return unknown or joined


@evaluates(Variable)
def _variable(run: Runner, frame: Frame, node: Variable) -> Value:
    value = frame.vars.get(node.name, UNSET)
    if type(value) is Ref:
        return value.value
    if value is UNSET:
        return _undefined(run, node.name)
    return value  # type: ignore[return-value]  # neither UNSET nor a Ref


def _undefined(run: Runner, name: str) -> Value:
    if name == "this":
        raise run.throw("Error", "Using $this when not in object context")
    run.warn(f"Undefined variable ${name}")
    return None


@evaluates(DynamicVariable)
def _dynamic_variable(run: Runner, frame: Frame, node: DynamicVariable) -> Value:
    name = reading.variable_name(run, frame, node)
    return name if isinstance(name, Unknown) else _variable(run, frame, Variable(node.line, name))


@evaluates(ArrayLiteral)
def _array(run: Runner, frame: Frame, node: ArrayLiteral) -> Value:
    made = PhpArray()
    for item in node.items:
        if item is None:
            continue
        if item.spread:
            _spread(run, made, evaluate(run, frame, item.value))
            continue
        if item.by_ref:
            ref = places.reference(run, frame, item.value)
            key = made.next_index if item.key is None else reading.key_of(run, evaluate(run, frame, item.key))
            if not isinstance(key, Unknown):
                made.set(key, None)
                made.data[key] = ref
            continue
        if item.key is not None:
            where = evaluate(run, frame, item.key)
            value = EVAL[type(item.value)](run, frame, item.value)
            if type(value) is PhpArray:
                value.shared = True
            places.put(run, made, where, value, append=False)
        else:
            value = EVAL[type(item.value)](run, frame, item.value)
            if type(value) is PhpArray:
                value.shared = True
            made.append(value)
    return made


def _spread(run: Runner, made: PhpArray, value: Value) -> None:
    pairs = traversal.pairs(run, value)
    if pairs is None:
        made.unknown = value if isinstance(value, Unknown) else run.unknown("what ... spreads")
        return
    for key, item in pairs:
        if isinstance(key, str):
            made.set(key, item)
        else:
            made.append(item)
    if isinstance(value, PhpArray):
        made.unknown = made.unknown or value.unknown
    if len(made) > run.budget.array:
        run.exceeded(f"an array of more than {run.budget.array:,} elements")


@evaluates(Constant)
def _constant(run: Runner, frame: Frame, node: Constant) -> Value:
    name = node.name
    magic = _MAGIC.get(name.text.upper()) if name.text.startswith("__") else None
    if magic is not None:
        return magic(run, frame, node)
    for key in (f"{name.namespace}\\{name.full}", name.full):
        if key in run.constants:
            return run.constants[key]
    value = run.host.constant(name.full)
    if value is MISSING:
        from trueup.sources.php.run.builtins.constants import CONSTANTS  # only when asked for

        value = CONSTANTS.get(name.full, MISSING)
    if value is MISSING:
        if name.full.isupper():
            return run.unknown(f"the constant {name.full}")  # an extension of PHP's may have it
        raise run.throw("Error", f'Undefined constant "{name.full}"')
    return value  # type: ignore[return-value]  # MISSING is excluded


def _magic_dir(run: Runner, frame: Frame, _node: Constant) -> Value:
    path = run.host.path(frame.file.file)
    return path.rpartition("/")[0] or path


def _magic_function(_run: Runner, frame: Frame, _node: Constant) -> Value:
    return frame.function.name if frame.function is not None else ""


def _magic_method(_run: Runner, frame: Frame, _node: Constant) -> Value:
    name = frame.function.name if frame.function is not None else ""
    return f"{frame.cls.name}::{name}" if frame.cls is not None else name


def _magic_class(_run: Runner, frame: Frame, _node: Constant) -> Value:
    return frame.cls.name if frame.cls is not None else ""


_MAGIC: dict[str, Callable[[Runner, Frame, Constant], Value]] = {
    "__LINE__": lambda _run, _frame, node: node.line,
    "__FILE__": lambda run, frame, _node: run.host.path(frame.file.file),
    "__DIR__": _magic_dir,
    "__FUNCTION__": _magic_function,
    "__METHOD__": _magic_method,
    "__CLASS__": _magic_class,
    "__TRAIT__": lambda _run, _frame, _node: "",
    "__NAMESPACE__": lambda _run, _frame, node: node.name.namespace,
}


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def short_circuits(node: Expr) -> bool:
    """Whether a chain has a `?->` below, whose null makes the whole chain null."""
    current: Expr = node
    while True:
        if isinstance(current, (Property, MethodCall)):
            if current.nullsafe:
                return True
            current = current.base
        elif isinstance(current, Index):
            current = current.base
        else:
            return False


@evaluates(Index)
def _index(run: Runner, frame: Frame, node: Index) -> Value:
    base = evaluate(run, frame, node.base)
    if node.index is None:
        raise run.throw("Error", "Cannot use [] for reading")
    if base is None and short_circuits(node.base):
        return None
    return reading.element(run, base, evaluate(run, frame, node.index))


@evaluates(Property)
def _property(run: Runner, frame: Frame, node: Property) -> Value:
    base = evaluate(run, frame, node.base)
    if base is None and (node.nullsafe or short_circuits(node.base)):
        return None
    name = reading.name_of(run, frame, node.name)
    frame.line = node.line
    return name if isinstance(name, Unknown) else properties.get_property(run, base, name)


@evaluates(StaticProperty)
def _static_property(run: Runner, frame: Frame, node: StaticProperty) -> Value:
    cls, name = reading.scope_of(run, frame, node.cls), reading.name_of(run, frame, node.name)
    if isinstance(cls, Unknown):
        return cls
    return name if isinstance(name, Unknown) else classes.static_value(run, cls, name)


@evaluates(ClassConstant)
def _class_constant(run: Runner, frame: Frame, node: ClassConstant) -> Value:
    if node.name == "class":
        return _class_name(run, frame, node)
    cls, name = reading.scope_of(run, frame, node.cls), reading.name_of(run, frame, node.name)
    if isinstance(cls, Unknown):
        return cls
    return name if isinstance(name, Unknown) else classes.constant(run, cls, name)


def _class_name(run: Runner, frame: Frame, node: ClassConstant) -> Value:
    if isinstance(node.cls, Name) and node.cls.full not in ("self", "static", "parent"):
        return node.cls.full
    cls = reading.scope_of(run, frame, node.cls)
    return cls.name if isinstance(cls, PhpClass) else cls


@evaluates(MethodCall)
def _method_call(run: Runner, frame: Frame, node: MethodCall) -> Value:
    base = EVAL[type(node.base)](run, frame, node.base)
    name = node.name
    if not isinstance(name, str):
        named = evaluate(run, frame, name)
        if not isinstance(named, str):
            args = calls.arguments(run, frame, node.args, node.line)
            return callables.invoke(run, named, args)
        name = named
    if node.first_class:
        return callables.of_method(run, base, name)
    if isinstance(base, HostObject):
        args = calls.arguments(run, frame, node.args, node.line)
        value = base.call(name, args, run)
        return value if value is not MISSING else objects.call_method(run, base, name, args)  # type: ignore[return-value]  # MISSING is excluded
    if base is None and (node.nullsafe or short_circuits(node.base)):
        return None
    method = base.cls.methods.get(name.lower()) if isinstance(base, (PhpObject, EnumCase)) else None
    params = method.function.params if method is not None else ()
    args = calls.arguments(run, frame, node.args, node.line, params)
    return objects.call_method(run, base, name, args)


@evaluates(StaticCall)
def _static_call(run: Runner, frame: Frame, node: StaticCall) -> Value:
    frame.line = node.line
    cls = reading.scope_of(run, frame, node.cls)
    name = reading.name_of(run, frame, node.name)
    if isinstance(cls, Unknown) or isinstance(name, Unknown):
        args = calls.arguments(run, frame, node.args, node.line)
        receiver = cls if isinstance(cls, Unknown) else name
        return objects.call_method(run, receiver, "call", args)
    if node.first_class:
        this = frame.this if isinstance(frame.this, (PhpObject, EnumCase)) else None
        return callables.of_static(run, cls, name, this)
    method = cls.methods.get(name.lower()) if isinstance(cls, PhpClass) else None
    args = calls.arguments(
        run, frame, node.args, node.line, method.function.params if method is not None else ()
    )
    forwards = isinstance(node.cls, Name) and node.cls.full in ("self", "static", "parent")
    return objects.call_static(run, cls, name, args, frame.this, frame.called if forwards else None)


@evaluates(New)
def _new(run: Runner, frame: Frame, node: New) -> Value:
    made = node.cls
    cls = (
        classes.of_decl(run, made, frame.file)
        if isinstance(made, ClassDecl)
        else reading.scope_of(run, frame, made)
    )
    constructor = cls.methods.get("__construct") if isinstance(cls, PhpClass) else None
    params = constructor.function.params if constructor is not None else ()
    args = calls.arguments(run, frame, node.args, node.line, params)
    return cls if isinstance(cls, Unknown) else objects.instantiate(run, cls, args)


# ── constructs ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@evaluates(Isset)
def _isset(run: Runner, frame: Frame, node: Isset) -> Value:
    for target in node.targets:
        value = reading.quiet(run, frame, target)
        if value is None:
            return False
        if isinstance(value, Unknown):
            return value
    return True


@evaluates(Empty)
def _empty(run: Runner, frame: Frame, node: Empty) -> Value:
    truth = run.to_bool(reading.quiet(run, frame, node.target))
    return truth if isinstance(truth, Unknown) else not truth


@evaluates(ClosureExpr)
def _closure(run: Runner, frame: Frame, node: ClosureExpr) -> Value:
    captured: dict[str, Value | Ref] = {}
    if node.arrow:
        captured = {k: v.value if isinstance(v, Ref) else v for k, v in frame.vars.items() if k != "this"}
        for value in captured.values():
            if type(value) is PhpArray:
                value.shared = True
    for use in node.uses:
        if use.by_ref:
            captured[use.name] = places.reference(run, frame, Variable(use.line, use.name))
        else:
            held = _variable(run, frame, Variable(use.line, use.name))
            captured[use.name] = held.share() if isinstance(held, PhpArray) else held
    this = None if node.static else frame.this
    return Closure(node.function, frame.file, captured, this, frame.cls, frame.called)


@evaluates(Throw)
def _throw(run: Runner, frame: Frame, node: Throw) -> Value:
    value = evaluate(run, frame, node.value)
    frame.line = node.line
    if isinstance(value, ThrowableState) or (
        isinstance(value, PhpObject) and isinstance(value.base, ThrowableState)
    ):
        raise PhpThrow(value, run.at)
    if isinstance(value, (Unknown, HostObject)):
        raise run.throw("Exception", "an exception that is not known")
    raise run.throw("Error", "Can only throw objects")


@evaluates(Print)
def _print(run: Runner, frame: Frame, node: Print) -> Value:
    run.to_string(evaluate(run, frame, node.value))
    return 1


@evaluates(Exit)
def _exit(run: Runner, frame: Frame, node: Exit) -> Value:
    if node.value is not None:
        evaluate(run, frame, node.value)
    raise Exited


@evaluates(Clone)
def _clone(run: Runner, frame: Frame, node: Clone) -> Value:
    return objects.clone(run, evaluate(run, frame, node.value))


@evaluates(Include)
def _include(run: Runner, frame: Frame, node: Include) -> Value:
    path = run.to_string(evaluate(run, frame, node.path))
    if isinstance(path, Unknown):
        return path
    if node.kind.endswith("_once"):
        if path in run.included:
            return True
        run.included.add(path)
    value = run.host.include(path, run)
    if value is MISSING:
        run.gap(f"{node.kind} of {path!r} is not followed", "unknown-call")
        return run.unknown(f"what {path!r} returns")
    return value  # type: ignore[return-value]  # MISSING is excluded


@evaluates(Yield)
def _yield(run: Runner, frame: Frame, node: Yield) -> Value:
    value = None if node.value is None else evaluate(run, frame, node.value)
    produced = frame.yields
    if produced is None:
        return run.unknown("a yield outside of a generator")
    if len(produced) >= run.budget.array:
        run.exceeded(f"a generator of more than {run.budget.array:,} values")
    if node.delegate:
        pairs = traversal.pairs(run, value)
        if pairs is None:
            run.gap("yield from something that is not known", "undecided")
            return run.unknown("what yield from gives")
        produced.extend(pairs)
        return None
    key = len(produced) if node.key is None else evaluate(run, frame, node.key)
    produced.append((key, value))
    return None


@evaluates(Unsupported)
def _unsupported(run: Runner, _frame: Frame, node: Unsupported) -> Value:
    run.gap(node.why, "unsupported" if node.why.endswith("not supported") else "syntax")
    return run.unknown(f"{node.text!r}, which is {node.why}")
