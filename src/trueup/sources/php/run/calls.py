"""Calls: arguments, parameters, functions of the project, the host and PHP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.sources.php.run import builtins, callables, classes, objects, places, traversal
from trueup.sources.php.run.coercion import coerce, fits
from trueup.sources.php.run.convert import type_name
from trueup.sources.php.run.dispatch import EVAL, evaluate, evaluates
from trueup.sources.php.run.frame import Frame, This
from trueup.sources.php.run.generators import Generator, is_generator
from trueup.sources.php.run.signals import Flow
from trueup.sources.php.run.statements import execute
from trueup.sources.php.run.unknowns import UnknownCall, mind_closures
from trueup.sources.php.tree import (
    Argument,
    Call,
    FunctionDecl,
    FunctionStatement,
    Name,
    Parameter,
)
from trueup.sources.php.values import (
    Args,
    Closure,
    PhpArray,
    PhpClass,
    Ref,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.parse import PhpFile
    from trueup.sources.php.run.runner import Runner

NO_REFERENCES: frozenset[int] = frozenset()


# ── arguments ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def arguments(
    run: Runner,
    frame: Frame,
    nodes: Sequence[Argument],
    line: int,
    params: Sequence[Parameter] = (),
    refs: frozenset[int] = NO_REFERENCES,
) -> Args:
    """Evaluates the arguments of a call on a line. Those for by-reference parameters (of `params`, or whose index is in `refs`; -1
    there means all after the greatest) come as `Ref`."""
    frame.line = line
    args = Args()
    args.file, args.line = frame.file.file, line
    positional = args.positional
    for index, node in enumerate(nodes):
        if node.spread:
            _spread(run, evaluate(run, frame, node.value), args)
            continue
        if (params and _by_ref(params, index, node.name)) or (refs and _ref_index(refs, index)):
            value: Value | Ref = places.reference(run, frame, node.value)
        else:
            value = EVAL[type(node.value)](run, frame, node.value)
            if type(value) is PhpArray:
                value.shared = True
        if node.name:
            args.named[node.name] = value  # type: ignore[assignment]  # references travel in Args, see its docstring
        else:
            positional.append(value)  # type: ignore[arg-type]  # as above
    frame.line = line
    return args


def _by_ref(params: Sequence[Parameter], index: int, name: str) -> bool:
    if name:
        return any(p.by_ref for p in params if p.name == name)
    if index < len(params):
        return params[index].by_ref
    return bool(params) and params[-1].variadic and params[-1].by_ref


def _ref_index(refs: frozenset[int], index: int) -> bool:
    return index in refs or (-1 in refs and index > max(refs))


def _spread(run: Runner, value: Value, args: Args) -> None:
    pairs = traversal.pairs(run, value)
    if pairs is None:
        args.open = value if isinstance(value, Unknown) else run.unknown("what ... spreads")
        return
    for key, item in pairs:
        if isinstance(key, str):
            args.named[key] = item
        else:
            args.positional.append(item)
    if isinstance(value, PhpArray) and value.unknown is not None:
        args.open = value.unknown


# ── functions of the project ─────────────────────────────────────────────────────────────────────────────────────────────────────


def call_user(
    run: Runner,
    function: FunctionDecl,
    file: PhpFile,
    args: Args,
    this: This = None,
    cls: PhpClass | None = None,
    called: PhpClass | None = None,
    statics: dict[str, Ref] | None = None,
    captured: dict[str, Value | Ref] | None = None,
) -> Value:
    """Calls a function, method or closure that is written in PHP."""
    if run.depth >= run.budget.calls:
        run.exceeded(f"more than {run.budget.calls} calls inside one another")
    frame = Frame(file, this, cls, called)
    frame.function = function
    frame.args = args
    frame.line = function.line
    frame.statics = statics if statics is not None else _statics(run, function)
    if captured:
        frame.vars.update(captured)
    outer = run.frame
    run.depth += 1
    try:
        bind(run, frame, function, args)
        frame.body = body = function.body
        if this is not None and function.name == "__construct":
            objects.promote(run, frame, this, function)
        if b"yield" in file.source and is_generator(function):
            return Generator(frame)
        flow = execute(run, frame, body)
    finally:
        run.frame = outer
        run.depth -= 1
    if flow is None:
        return None
    return coerce(flow.value, function.return_type) if function.return_type in _SCALARS else flow.value


_SCALARS = frozenset({"int", "float", "string", "bool", "?int", "?float", "?string", "?bool"})


def _statics(run: Runner, function: FunctionDecl) -> dict[str, Ref]:
    known = run.statics.get(id(function))
    if known is None:
        known = run.statics[id(function)] = (function, {})
    return known[1]


def bind(run: Runner, frame: Frame, function: FunctionDecl, args: Args) -> None:
    """Puts the arguments into the parameters and makes `frame` the one at work. A missing one is PHP's error."""
    positional, named = args.positional, args.named
    given = len(positional)
    variables = frame.vars
    entered = False
    for index, param in enumerate(function.params):
        if param.variadic:
            _bind_rest(frame, function, param, index, args)
            break
        if index < given:
            value: Value | Ref = positional[index]
        elif param.name in named:
            value = named[param.name]
        elif param.default is not None:
            if not entered:
                run.frame, entered = frame, True
            value = evaluate(run, frame, param.default)
        elif args.open is not None:
            value = args.open
        else:
            raise _too_few(run, frame, function, args)
        if type(value) is Ref and not param.by_ref:
            value = value.value
        if param.type and not isinstance(value, Ref):
            value = _typed(run, frame, function, param, index, value)
        variables[param.name] = value
    run.frame = frame


def _bind_rest(frame: Frame, function: FunctionDecl, param: Parameter, index: int, args: Args) -> None:
    rest = PhpArray()
    for value in args.positional[index:]:
        rest.append(value.value if isinstance(value, Ref) and not param.by_ref else value)
    names = {p.name for p in function.params}
    for name, value in args.named.items():
        if name not in names:
            rest.set(name, value)
    rest.unknown = args.open
    frame.vars[param.name] = rest


def _too_few(run: Runner, frame: Frame, function: FunctionDecl, args: Args) -> Exception:
    required = sum(1 for p in function.params if p.default is None and not p.variadic)
    exactly = "exactly" if required == len(function.params) else "at least"
    message = f"Too few arguments to function {_shown(frame, function)}, {len(args)} passed and {exactly} {required} expected"
    return run.throw("ArgumentCountError", message)


def _shown(frame: Frame, function: FunctionDecl) -> str:
    return (
        f"{frame.cls.name}::{function.name}()"
        if frame.cls and function.name != "{closure}"
        else f"{function.name}()"
    )


def _typed(
    run: Runner, frame: Frame, function: FunctionDecl, param: Parameter, index: int, value: Value
) -> Value:
    """The value as the parameter's type has it. null for a type that can't be null is PHP's error."""
    if value is None:
        if param.type in _NEVER_NULL and not _null_default(param):
            message = f"Argument #{index + 1} (${param.name}) must be of type {param.type}, null given"
            raise run.throw("TypeError", f"{_shown(frame, function)}: {message}")
        return value
    if param.type not in _SCALARS:
        return value
    coerced = coerce(value, param.type)
    if not fits(coerced, param.type):
        shown = f"must be of type {param.type}, {type_name(value)} given"
        raise run.throw(
            "TypeError", f"{_shown(frame, function)}: Argument #{index + 1} (${param.name}) {shown}"
        )
    return coerced


_NEVER_NULL = frozenset(
    {"int", "float", "string", "bool", "array", "callable", "Closure", "self", "iterable"}
)


def _null_default(param: Parameter) -> bool:
    return getattr(param.default, "value", 0) is None


# ── calls by name ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def user_function(run: Runner, name: str, namespace: str = "") -> tuple[FunctionDecl, PhpFile] | None:
    if namespace and "\\" not in name:
        found = run.functions.get(f"{namespace}\\{name}".lower())
        if found is not None:
            return found
    return run.functions.get(name.lower())


def native_function(run: Runner, name: str) -> builtins.Native | None:
    """A function of the host or of PHP, by name."""
    lowered = name.lower()
    function = run.host.function(lowered)
    if function is None and "\\" in lowered:
        return None
    return function or builtins.find(lowered)


@evaluates(Call)
def _call(run: Runner, frame: Frame, node: Call) -> Value:
    called = node.function
    if not isinstance(called, Name):
        return _call_value(run, frame, node)
    name = called.full
    user = user_function(run, name, called.namespace) if run.functions else None
    if node.first_class:
        return callables.from_name(run, name, user)
    if user is not None:
        function, file = user
        return call_user(run, function, file, arguments(run, frame, node.args, node.line, function.params))
    framed = builtins.FRAMED.get(name.lower())
    if framed is not None:
        return framed(run, frame, node)
    native = native_function(run, name)
    if native is None:
        return _missing(run, frame, node, name)
    args = arguments(
        run, frame, node.args, node.line, (), builtins.REFERENCES.get(name.lower(), NO_REFERENCES)
    )
    return native(args, run)


def _call_value(run: Runner, frame: Frame, node: Call) -> Value:
    assert not isinstance(node.function, Name)
    function = evaluate(run, frame, node.function)
    if node.first_class:
        return callables.to_closure(run, function)
    params = function.function.params if isinstance(function, Closure) else ()
    args = arguments(run, frame, node.args, node.line, params)
    return callables.invoke(run, function, args)


def _missing(run: Runner, frame: Frame, node: Call, name: str) -> Value:
    args = arguments(run, frame, node.args, node.line)
    mind_closures(run, args, f"{name}()")
    return UnknownCall(f"the result of {name}()", run.at)


def call_function(run: Runner, name: str, args: Args) -> Value:
    """A function by its name, from host code or through a callable string."""
    user = user_function(run, name)
    if user is not None:
        return call_user(run, *user, args)
    native = native_function(run, name)
    if native is not None:
        return native(args, run)
    if builtins.FRAMED.get(name.lower()) is not None:
        return run.unknown(f"{name}() called by name")
    mind_closures(run, args, f"{name}()")
    return UnknownCall(f"the result of {name}()", run.at)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def run_file(run: Runner, file: PhpFile) -> Value:
    """The statements of a file, as `require` runs them: the value of its `return`, or 1."""
    if run.depth >= run.budget.calls:
        run.exceeded(f"more than {run.budget.calls} calls inside one another")
    frame = Frame(file)
    for decl in file.classes:
        classes.declare_class(run, decl, file)
    for statement in file.statements:
        if isinstance(statement, FunctionStatement):
            run.functions[statement.function.name.lower()] = (statement.function, file)
    outer, run.frame = run.frame, frame
    run.depth += 1
    try:
        frame.body = file.statements
        flow: Flow | None = execute(run, frame, frame.body)
    finally:
        run.frame = outer
        run.depth -= 1
    return flow.value if flow is not None and flow.kind == "return" else 1
