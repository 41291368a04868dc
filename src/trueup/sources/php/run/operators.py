"""Operators, casts and assignments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trueup.sources.php.run import (
    arithmetic,
    branches,
    classes,
    convert,
    objects,
    places,
    reading,
)
from trueup.sources.php.run.dispatch import EVAL, evaluate, evaluates
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.tree import (
    Assign,
    AssignOp,
    Binary,
    Cast,
    Coalesce,
    Expr,
    IncDec,
    InstanceOf,
    Logical,
    Match,
    MatchArm,
    Ternary,
    Unary,
    Variable,
)
from trueup.sources.php.values import (
    HostObject,
    PhpArray,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


# ── operators ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@evaluates(Binary)
def _binary(run: Runner, frame: Frame, node: Binary) -> Value:
    if node.op == ".":
        return _concatenation(run, frame, node)
    left = EVAL[type(node.left)](run, frame, node.left)
    right = EVAL[type(node.right)](run, frame, node.right)
    return arithmetic.binary(run, node.op, left, right)


def _concatenation(run: Runner, frame: Frame, node: Binary) -> Value:
    """A whole chain of dots at once: long ones are common, and nest to the left."""
    operands: list[Expr] = []
    current: Expr = node
    while isinstance(current, Binary) and current.op == ".":
        operands.append(current.right)
        current = current.left
    result = evaluate(run, frame, current)
    for operand in reversed(operands):
        result = arithmetic.concat(run, ".", result, evaluate(run, frame, operand))
    return result


@evaluates(Unary)
def _unary(run: Runner, frame: Frame, node: Unary) -> Value:
    if node.op == "@":
        run.silence += 1
        try:
            return evaluate(run, frame, node.operand)
        finally:
            run.silence -= 1
    return arithmetic.unary(run, node.op, evaluate(run, frame, node.operand))


@evaluates(Logical)
def _logical(run: Runner, frame: Frame, node: Logical) -> Value:
    left = run.to_bool(evaluate(run, frame, node.left))
    deciding = node.op == "||"
    if isinstance(left, Unknown):
        return _half_known(run, frame, node, left, deciding)
    if left is deciding:
        return deciding
    return run.to_bool(evaluate(run, frame, node.right))


def _half_known(run: Runner, frame: Frame, node: Logical, left: Unknown, deciding: bool) -> Value:
    """The right side may be evaluated or not; its value may decide all the same."""
    right: Value = branches.choose(
        run, frame, left, (lambda: deciding, lambda: _truth(run, frame, node.right))
    )
    return deciding if right is deciding else left


def _truth(run: Runner, frame: Frame, node: Expr) -> Value:
    return run.to_bool(evaluate(run, frame, node))


@evaluates(Coalesce)
def _coalesce(run: Runner, frame: Frame, node: Coalesce) -> Value:
    left = reading.quiet(run, frame, node.left)
    if isinstance(left, Unknown):
        return branches.choose(run, frame, left, (lambda: left, lambda: evaluate(run, frame, node.right)))
    return evaluate(run, frame, node.right) if left is None else left


@evaluates(Ternary)
def _ternary(run: Runner, frame: Frame, node: Ternary) -> Value:
    condition = evaluate(run, frame, node.condition)
    truth = run.to_bool(condition)
    then = node.then
    if isinstance(truth, Unknown):
        first = (lambda: condition) if then is None else (lambda: evaluate(run, frame, then))
        return branches.choose(run, frame, truth, (first, lambda: evaluate(run, frame, node.otherwise)))
    if truth:
        return condition if then is None else evaluate(run, frame, then)
    return evaluate(run, frame, node.otherwise)


@evaluates(Match)
def _match(run: Runner, frame: Frame, node: Match) -> Value:
    subject = evaluate(run, frame, node.subject)
    possible: list[MatchArm] = []
    unknown: Unknown | None = None
    for arm in node.arms:
        if not arm.conditions:
            continue
        verdict = _matches(run, frame, subject, arm)
        if verdict is True:
            possible.append(arm)
            break
        if isinstance(verdict, Unknown):
            unknown = unknown or verdict
            possible.append(arm)
    else:
        possible += [arm for arm in node.arms if not arm.conditions]
    if unknown is not None:
        return branches.choose(
            run, frame, unknown, [partial(evaluate, run, frame, arm.body) for arm in possible]
        )
    if not possible:
        shown = repr(subject) if isinstance(subject, str) else run.text_of(subject)
        raise run.throw("UnhandledMatchError", f"Unhandled match case {shown}")
    return evaluate(run, frame, possible[0].body)


def _matches(run: Runner, frame: Frame, subject: Value, arm: MatchArm) -> bool | Unknown:
    unknown: Unknown | None = None
    for condition in arm.conditions:
        same = run.strict_equal(subject, evaluate(run, frame, condition))
        if same is True:
            return True
        if isinstance(same, Unknown):
            unknown = unknown or same
    return unknown or False


@evaluates(InstanceOf)
def _instance_of(run: Runner, frame: Frame, node: InstanceOf) -> Value:
    value = evaluate(run, frame, node.value)
    cls = reading.scope_of(run, frame, node.cls)
    if isinstance(cls, Unknown):
        return cls
    result = classes.instance_of(run, value, cls.name if isinstance(cls, PhpClass) else cls)
    if result is None:
        return value if isinstance(value, Unknown) else run.unknown("the class of an object")
    return result


@evaluates(Cast)
def _cast(run: Runner, frame: Frame, node: Cast) -> Value:
    value = evaluate(run, frame, node.operand)
    if isinstance(value, Unknown):
        return value
    match node.type:
        case "int":
            return convert.to_int(value)
        case "float":
            return convert.to_float(value)
        case "string":
            return run.to_string(value)
        case "bool":
            return run.to_bool(value)
        case "array":
            return to_array(run, value)
        case "object":
            return _to_object(run, value)
        case _:
            return None


def to_array(run: Runner, value: Value) -> Value:
    """`(array)`."""
    if value is None:
        return PhpArray()
    if isinstance(value, PhpArray):
        return value
    if isinstance(value, PhpObject) and value.base is None:
        return PhpArray.of(dict(value.items()))
    if isinstance(value, (HostObject, PhpObject)):
        return run.unknown(f"(array) of a {convert.class_of(value)}")
    return PhpArray((value,))


def _to_object(run: Runner, value: Value) -> Value:
    if convert.is_object(value):
        return value
    made = objects.instantiate(run, run.class_or_name("stdClass"), run.args(()))
    if isinstance(made, PhpObject):
        if isinstance(value, PhpArray):
            made.props = {str(k): v for k, v in value.items()}
        elif value is not None:
            made.props["scalar"] = value
    return made


# ── assignment ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@evaluates(Assign)
def _assign(run: Runner, frame: Frame, node: Assign) -> Value:
    target = node.target
    if node.by_ref:
        ref = places.reference(run, frame, node.value)
        places.bind_reference(run, frame, target, ref)
        return ref.value
    value = EVAL[type(node.value)](run, frame, node.value)
    if type(value) is PhpArray:
        value.shared = True
    if type(target) is Variable:
        places.set_variable(run, frame, target.name, value)
    else:
        places.store(run, frame, target, value)
    return value


@evaluates(AssignOp)
def _assign_op(run: Runner, frame: Frame, node: AssignOp) -> Value:
    if node.op == "??":
        return _assign_if_null(run, frame, node)
    old = evaluate(run, frame, node.target)
    value = arithmetic.binary(run, node.op, old, evaluate(run, frame, node.value))
    places.store(run, frame, node.target, value)
    return value


def _assign_if_null(run: Runner, frame: Frame, node: AssignOp) -> Value:
    old = reading.quiet(run, frame, node.target)
    if isinstance(old, Unknown):
        value = branches.choose(run, frame, old, (lambda: old, lambda: evaluate(run, frame, node.value)))
    elif old is not None:
        return old
    else:
        value = evaluate(run, frame, node.value)
    if isinstance(value, PhpArray):
        value.shared = True
    places.store(run, frame, node.target, value)
    return value


@evaluates(IncDec)
def _step(run: Runner, frame: Frame, node: IncDec) -> Value:
    old = evaluate(run, frame, node.target)
    new = _stepped(run, old, node.op)
    places.store(run, frame, node.target, new)
    return new if node.prefix else old


def _stepped(run: Runner, value: Value, op: str) -> Value:
    if isinstance(value, (Unknown, bool)):
        return value
    if value is None:
        return 1 if op == "++" else None
    if isinstance(value, str):
        number = convert.numeric(value)
        if number is None:
            return _next_text(value) if op == "++" else value
        value = number
    if isinstance(value, (int, float)):
        return arithmetic.binary(run, "+" if op == "++" else "-", value, 1)
    raise run.throw("TypeError", f"Cannot {'in' if op == '++' else 'de'}crement {convert.type_name(value)}")


def _next_text(text: str) -> str:
    """ "a9" becomes "b0", "Zz" becomes "AAa"."""
    if not text:
        return "1"
    chars = list(text)
    for place in range(len(chars) - 1, -1, -1):
        char = chars[place]
        if not (char.isascii() and char.isalnum()):
            return "".join(chars)
        if char not in "zZ9":
            chars[place] = chr(ord(char) + 1)
            return "".join(chars)
        chars[place] = {"z": "a", "Z": "A", "9": "0"}[char]
    head = {"z": "a", "Z": "A", "9": "1"}[text[0]]
    return head + "".join(chars)
