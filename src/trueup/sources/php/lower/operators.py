"""Expressions that compute: operators, assignments, closures, match, and the constructs that look like functions."""

from __future__ import annotations

from tree_sitter import Node

from trueup.sources.php.lower.kinds import (
    ALTERNATIVE,
    ARGUMENT,
    BODY,
    CONDITION,
    CONDITIONS,
    EXTRAS,
    LEFT,
    OPERATOR,
    RESULT,
    RIGHT,
    TYPE,
    VALUE,
    kinds,
)
from trueup.sources.php.lower.lowering import EXPRESSIONS, Lowering, expression, inner, significant
from trueup.sources.php.lower.operands import class_or_expr
from trueup.sources.php.tree import (
    Assign,
    AssignOp,
    Binary,
    Cast,
    Clone,
    Coalesce,
    Expr,
    IncDec,
    Include,
    InstanceOf,
    Literal,
    Logical,
    Match,
    MatchArm,
    Print,
    Ternary,
    Throw,
    Unary,
    Yield,
)

on = EXPRESSIONS.on

_LOGICAL = {"&&": "&&", "and": "&&", "||": "||", "or": "||"}
_CASTS = {
    "int": "int",
    "integer": "int",
    "float": "float",
    "double": "float",
    "real": "float",
    "string": "string",
    "binary": "string",
    "bool": "bool",
    "boolean": "bool",
    "array": "array",
    "object": "object",
    "unset": "unset",
}
_ARM = kinds("match_conditional_expression")
_DEFAULT_ARM = kinds("match_default_expression")
_PREFIXED = kinds("unary_op_expression", "cast_expression", "error_suppression_expression")
_PAIR = kinds("array_element_initializer")


def _child(low: Lowering, node: Node, field: int) -> Expr:
    child = node.child_by_field_id(field)
    if child is None:
        return expression(low, None, node)
    return low.exprs[child.kind_id](low, child)


@on("binary_expression")
def _binary(low: Lowering, node: Node) -> Expr:
    operator = node.child_by_field_id(OPERATOR)
    op = operator.type.lower() if operator is not None else "?"
    line = node.start_point[0] + 1
    left = _child(low, node, LEFT)
    if op == "instanceof":
        return InstanceOf(line, left, class_or_expr(low, node.child_by_field_id(RIGHT), node))
    right = _child(low, node, RIGHT)
    if op == "**":
        return _power(node, left, right)
    if op in _LOGICAL:
        return Logical(line, _LOGICAL[op], left, right)
    if op == "??":
        return Coalesce(line, left, right)
    return Binary(line, "!=" if op == "<>" else op, left, right)


def _power(node: Node, left: Expr, right: Expr) -> Expr:
    """`-2 ** 2` is `-(2 ** 2)`: in PHP, unlike in the grammar, ** binds tighter than what stands before its left side."""
    line = node.start_point[0] + 1
    written = node.child_by_field_id(LEFT)
    if written is not None and written.kind_id in _PREFIXED:
        if isinstance(left, Unary):
            return Unary(left.line, left.op, Binary(line, "**", left.operand, right))
        if isinstance(left, Cast):
            return Cast(left.line, left.type, Binary(line, "**", left.operand, right))
    return Binary(line, "**", left, right)


@on("unary_op_expression")
def _unary(low: Lowering, node: Node) -> Expr:
    operator = node.child_by_field_id(OPERATOR) or node.children[0]
    op = low.text(operator)
    operand = (
        _child(low, node, ARGUMENT)
        if node.child_by_field_id(ARGUMENT)
        else expression(low, inner(node, 1), node)
    )
    return Unary(node.start_point[0] + 1, op, operand)


@on("error_suppression_expression")
def _silenced(low: Lowering, node: Node) -> Expr:
    return Unary(node.start_point[0] + 1, "@", expression(low, inner(node), node))


@on("cast_expression")
def _cast(low: Lowering, node: Node) -> Expr:
    kind = node.child_by_field_id(TYPE)
    name = low.text(kind).strip().lower() if kind is not None else ""
    return Cast(node.start_point[0] + 1, _CASTS.get(name, name), _child(low, node, VALUE))


@on("assignment_expression")
def _assign(low: Lowering, node: Node) -> Expr:
    return Assign(node.start_point[0] + 1, _child(low, node, LEFT), _child(low, node, RIGHT))


@on("reference_assignment_expression")
def _assign_reference(low: Lowering, node: Node) -> Expr:
    return Assign(node.start_point[0] + 1, _child(low, node, LEFT), _child(low, node, RIGHT), True)


@on("augmented_assignment_expression")
def _assign_op(low: Lowering, node: Node) -> Expr:
    operator = node.child_by_field_id(OPERATOR)
    op = operator.type[:-1] if operator is not None else "?"
    return AssignOp(node.start_point[0] + 1, op, _child(low, node, LEFT), _child(low, node, RIGHT))


@on("update_expression")
def _step(low: Lowering, node: Node) -> Expr:
    operator = node.child_by_field_id(OPERATOR)
    op = operator.type if operator is not None else "++"
    prefix = operator is not None and operator.start_byte == node.start_byte
    return IncDec(node.start_point[0] + 1, op, _child(low, node, ARGUMENT), prefix)


@on("conditional_expression")
def _ternary(low: Lowering, node: Node) -> Expr:
    then = node.child_by_field_id(BODY)
    return Ternary(
        node.start_point[0] + 1,
        _child(low, node, CONDITION),
        None if then is None else low.exprs[then.kind_id](low, then),
        _child(low, node, ALTERNATIVE),
    )


@on("match_expression")
def _match(low: Lowering, node: Node) -> Expr:
    body = node.child_by_field_id(BODY)
    arms = []
    for child in body.children if body is not None else ():
        if child.kind_id in _ARM:
            arms.append(_match_arm(low, child, child.child_by_field_id(CONDITIONS)))
        elif child.kind_id in _DEFAULT_ARM:
            arms.append(_match_arm(low, child, None))
    return Match(node.start_point[0] + 1, _child(low, node, CONDITION), tuple(arms))


def _match_arm(low: Lowering, node: Node, conditions: Node | None) -> MatchArm:
    tests = (
        [c for c in conditions.children if c.is_named and c.kind_id not in EXTRAS]
        if conditions is not None
        else []
    )
    lowered = [low.exprs[c.kind_id](low, c) for c in tests]
    return MatchArm(node.start_point[0] + 1, tuple(lowered), _child(low, node, RESULT))


@on("clone_expression")
def _clone(low: Lowering, node: Node) -> Expr:
    return Clone(node.start_point[0] + 1, expression(low, inner(node), node))


@on("print_intrinsic")
def _print(low: Lowering, node: Node) -> Expr:
    return Print(node.start_point[0] + 1, expression(low, inner(node), node))


@on("throw_expression")
def _throw(low: Lowering, node: Node) -> Expr:
    return Throw(node.start_point[0] + 1, expression(low, inner(node), node))


@on("include_expression", "include_once_expression", "require_expression", "require_once_expression")
def _include(low: Lowering, node: Node) -> Expr:
    kind = node.type.removesuffix("_expression")
    return Include(node.start_point[0] + 1, kind, expression(low, inner(node), node))


@on("yield_expression")
def _yield(low: Lowering, node: Node) -> Expr:
    line = node.start_point[0] + 1
    value = inner(node)
    if value is None:
        return Yield(line, None)
    delegate = node.children[0].type.lower().startswith("yield from")
    if value.kind_id not in _PAIR:
        return Yield(line, low.exprs[value.kind_id](low, value), None, delegate)
    parts = [low.exprs[c.kind_id](low, c) for c in significant(value.children) if c.is_named]
    return Yield(line, parts[-1], parts[0] if len(parts) > 1 else None) if parts else Yield(line, None)


@on("sequence_expression")
def _sequence(low: Lowering, node: Node) -> Expr:
    """Outside of `for` and `echo`, which take it apart themselves, a sequence is no PHP."""
    low.gap(node, "not readable as PHP", "syntax")
    return Literal(node.start_point[0] + 1, None)
