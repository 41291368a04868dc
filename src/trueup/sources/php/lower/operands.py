"""Expressions that name or make something: variables, names, members, calls, arrays, literals."""

from __future__ import annotations

from tree_sitter import Node

from trueup.sources.php.lower.kinds import (
    ANONYMOUS_CLASS,
    ARGUMENT_LIST,
    ARGUMENT_NODE,
    ARGUMENTS,
    BY_REF,
    COMMENT,
    EXTRAS,
    FUNCTION,
    NAME,
    NAMES,
    OBJECT,
    PLACEHOLDER,
    PLAIN_NAME,
    SCOPE,
    SPREAD,
    VARIABLE,
    kinds,
)
from trueup.sources.php.lower.lowering import EXPRESSIONS, Lowering, expression, inner
from trueup.sources.php.names import class_name, constant_name, function_name
from trueup.sources.php.tree import (
    Argument,
    ArrayItem,
    ArrayLiteral,
    Call,
    ClassConstant,
    Clone,
    Constant,
    DynamicVariable,
    Empty,
    Exit,
    Expr,
    Index,
    Isset,
    Literal,
    MethodCall,
    Name,
    New,
    Property,
    StaticCall,
    StaticProperty,
    Unsupported,
    Variable,
)

on = EXPRESSIONS.on
_ELEMENT = kinds("array_element_initializer")


# ── variables and literals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def variable(low: Lowering, node: Node) -> Variable:
    return Variable(node.start_point[0] + 1, low.between(node.start_byte + 1, node.end_byte))


on("variable_name")(variable)


@on("dynamic_variable_name")
def _dynamic_variable(low: Lowering, node: Node) -> Expr:
    return DynamicVariable(node.start_point[0] + 1, expression(low, inner(node), node))


@on("by_ref")
def _by_ref(low: Lowering, node: Node) -> Expr:
    return expression(low, inner(node), node)


@on("parenthesized_expression")
def _parenthesized(low: Lowering, node: Node) -> Expr:
    child = inner(node)
    if child is None:
        return expression(low, None, node)
    return low.exprs[child.kind_id](low, child)


@on("integer")
def _integer(low: Lowering, node: Node) -> Expr:
    text = low.text(node)
    return Literal(
        node.start_point[0] + 1,
        int(text) if text.isdigit() and text[0] != "0" and len(text) < 19 else integer(text),
    )


def integer(text: str) -> int | float:
    """An integer literal in any base; a float where it does not fit 64 bits."""
    digits = text.replace("_", "").lower()
    try:
        if digits[:2] == "0x":
            value = int(digits[2:], 16)
        elif digits[:2] == "0b":
            value = int(digits[2:], 2)
        elif digits[:1] == "0" and len(digits) > 1:
            value = int(digits[2:] if digits[1] == "o" else digits, 8)
        else:
            value = int(digits) if len(digits) < 400 else 10**400
    except ValueError:
        return 0
    if value < 2**63:
        return value
    return float(value) if value < 10**308 else float("inf")


@on("float")
def _float(low: Lowering, node: Node) -> Expr:
    try:
        return Literal(node.start_point[0] + 1, float(low.text(node).replace("_", "")))
    except ValueError:  # the grammar takes a lone point of broken code for a number
        return Unsupported(node.start_point[0] + 1, low.excerpt(node), "not readable as PHP")


@on("boolean")
def _boolean(low: Lowering, node: Node) -> Expr:
    return Literal(node.start_point[0] + 1, low.text(node).lower() == "true")


@on("null")
def _null(_: Lowering, node: Node) -> Expr:
    return Literal(node.start_point[0] + 1, None)


@on("name", "qualified_name", "relative_name")
def _constant(low: Lowering, node: Node) -> Expr:
    text, line = low.text(node), node.start_point[0] + 1
    if text.lower() in ("exit", "die"):
        return Exit(line, None)
    return Constant(line, Name(line, text, constant_name(text, low.uses), low.uses.namespace))


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def class_ref(low: Lowering, node: Node) -> Name:
    text = low.text(node)
    return Name(node.start_point[0] + 1, text, class_name(text, low.uses), low.uses.namespace)


def class_or_expr(low: Lowering, node: Node | None, parent: Node) -> Name | Expr:
    if node is not None and node.kind_id in NAMES:
        return class_ref(low, node)
    return expression(low, node, parent)


def member_name(low: Lowering, node: Node | None, parent: Node) -> str | Expr:
    """What stands after `->`: a word, or an expression."""
    if node is not None and node.kind_id in PLAIN_NAME:
        return low.text(node)
    return expression(low, node, parent)


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _property(low: Lowering, node: Node, nullsafe: bool) -> Expr:
    base = expression(low, node.child_by_field_id(OBJECT), node)
    named = node.child_by_field_id(NAME)
    line = (named or node).start_point[0] + 1
    return Property(line, base, member_name(low, named, node), nullsafe)


@on("member_access_expression")
def _member(low: Lowering, node: Node) -> Expr:
    return _property(low, node, False)


@on("nullsafe_member_access_expression")
def _nullsafe_member(low: Lowering, node: Node) -> Expr:
    return _property(low, node, True)


@on("scoped_property_access_expression")
def _static_property(low: Lowering, node: Node) -> Expr:
    scope = class_or_expr(low, node.child_by_field_id(SCOPE), node)
    named = node.child_by_field_id(NAME)
    line = (named or node).start_point[0] + 1
    if named is not None and named.kind_id in VARIABLE:
        return StaticProperty(line, scope, variable(low, named).name)
    return StaticProperty(line, scope, expression(low, inner(named) if named else None, node))


@on("class_constant_access_expression")
def _class_constant(low: Lowering, node: Node) -> Expr:
    children = [c for c in node.children if c.is_named and c.kind_id not in COMMENT]
    if len(children) != 2:
        return Unsupported(node.start_point[0] + 1, low.excerpt(node), "not readable as PHP")
    scope, named = children
    line = named.start_point[0] + 1
    computed = inner(named) if named.kind_id in PLAIN_NAME else named
    if computed is not None:
        return ClassConstant(
            line, class_or_expr(low, scope, node), low.exprs[computed.kind_id](low, computed)
        )
    text = low.text(named)
    return ClassConstant(line, class_or_expr(low, scope, node), "class" if text.lower() == "class" else text)


@on("subscript_expression")
def _index(low: Lowering, node: Node) -> Expr:
    children = node.children
    base = low.exprs[children[0].kind_id](low, children[0])
    index = inner(node, 1)
    return Index(
        node.start_point[0] + 1, base, None if index is None else low.exprs[index.kind_id](low, index)
    )


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def arguments(low: Lowering, node: Node | None) -> tuple[tuple[Argument, ...], bool]:
    """The arguments, and whether they are the `(...)` of a first-class callable."""
    if node is None:
        return (), False
    found = []
    for child in node.children:
        kind = child.kind_id
        if kind in ARGUMENT_NODE:
            found.append(_argument(low, child))
        elif kind in PLACEHOLDER:
            return (), True
        elif child.is_named and kind not in EXTRAS:
            line = child.start_point[0] + 1
            found.append(Argument(line, low.exprs[kind](low, child)))
    return tuple(found), False


def _argument(low: Lowering, node: Node) -> Argument:
    children = node.children
    line = node.start_point[0] + 1
    if len(children) == 1 and children[0].kind_id not in SPREAD:
        return Argument(line, low.exprs[children[0].kind_id](low, children[0]))
    named = node.child_by_field_id(NAME)
    name = low.text(named) if named is not None else ""
    value = next((c for c in reversed(children) if c.is_named and c.kind_id not in EXTRAS), None)
    if value is not None and value.kind_id in SPREAD:
        return Argument(line, expression(low, inner(value), value), spread=True)
    return Argument(line, expression(low, value, node), name)


def _isset(line: int, args: tuple[Argument, ...]) -> Expr:
    return Isset(line, tuple([a.value for a in args]))


def _empty(line: int, args: tuple[Argument, ...]) -> Expr:
    return Empty(line, args[0].value) if args else Unsupported(line, "empty()", "not readable as PHP")


def _exit(line: int, args: tuple[Argument, ...]) -> Expr:
    return Exit(line, args[0].value if args else None)


def _clone(line: int, args: tuple[Argument, ...]) -> Expr:
    return (
        Clone(line, args[0].value)
        if len(args) == 1
        else Unsupported(line, "clone(...)", "clone with is not supported")
    )


_CONSTRUCTS = {"isset": _isset, "empty": _empty, "exit": _exit, "die": _exit, "clone": _clone}


@on("function_call_expression")
def _call(low: Lowering, node: Node) -> Expr:
    called = node.child_by_field_id(FUNCTION)
    args, first_class = arguments(low, node.child_by_field_id(ARGUMENTS))
    line = node.start_point[0] + 1
    if called is None or called.kind_id not in NAMES:
        return Call(line, expression(low, called, node), args, first_class)
    text = low.text(called)
    construct = _CONSTRUCTS.get(text.lower())
    if construct is not None and not first_class:
        return construct(line, args)
    return Call(line, Name(line, text, function_name(text, low.uses), low.uses.namespace), args, first_class)


@on("member_call_expression")
def _method_call(low: Lowering, node: Node) -> Expr:
    receiver = node.child_by_field_id(OBJECT)
    base = low.exprs[receiver.kind_id](low, receiver) if receiver is not None else expression(low, None, node)
    named = node.child_by_field_id(NAME)
    line = (named or node).start_point[0] + 1
    args, first_class = arguments(low, node.child_by_field_id(ARGUMENTS))
    return MethodCall(line, base, member_name(low, named, node), args, False, first_class)


@on("nullsafe_member_call_expression")
def _nullsafe_method_call(low: Lowering, node: Node) -> Expr:
    call = _method_call(low, node)
    assert isinstance(call, MethodCall)
    return MethodCall(call.line, call.base, call.name, call.args, True, call.first_class)


@on("scoped_call_expression")
def _static_call(low: Lowering, node: Node) -> Expr:
    scope = class_or_expr(low, node.child_by_field_id(SCOPE), node)
    named = node.child_by_field_id(NAME)
    line = (named or node).start_point[0] + 1
    args, first_class = arguments(low, node.child_by_field_id(ARGUMENTS))
    return StaticCall(line, scope, member_name(low, named, node), args, first_class)


@on("object_creation_expression")
def _new(low: Lowering, node: Node) -> Expr:
    from trueup.sources.php.lower.declarations import (
        anonymous_class,  # classes hold expressions and expressions classes
    )

    line = node.start_point[0] + 1
    designator = inner(node)
    if designator is not None and designator.kind_id in ANONYMOUS_CLASS:
        listed = next((c for c in designator.children if c.kind_id in ARGUMENT_LIST), None)
        return New(line, anonymous_class(low, designator, node), arguments(low, listed)[0])
    listed = next((c for c in node.children if c.kind_id in ARGUMENT_LIST), None)
    return New(line, class_or_expr(low, designator, node), arguments(low, listed)[0])


# ── arrays ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@on("array_creation_expression")
def _array(low: Lowering, node: Node) -> Expr:
    items = [_element(low, child) for child in node.children if child.kind_id in _ELEMENT]
    return ArrayLiteral(node.start_point[0] + 1, tuple(items))


def _element(low: Lowering, node: Node) -> ArrayItem:
    children = node.children
    line = node.start_point[0] + 1
    if len(children) != 1:
        children = [c for c in children if c.is_named and c.kind_id not in EXTRAS]
    value = children[-1]
    lowered = low.exprs[value.kind_id]
    if value.kind_id in SPREAD:
        return ArrayItem(line, expression(low, inner(value), value), spread=True)
    key = low.exprs[children[0].kind_id](low, children[0]) if len(children) > 1 else None
    return ArrayItem(line, lowered(low, value), key, value.kind_id in BY_REF)


@on("list_literal")
def _list(low: Lowering, node: Node) -> Expr:
    """`[$a, , 'k' => $b]` on the left of an assignment."""
    items: list[ArrayItem | None] = []
    place: list[Node] = []
    children = [c for c in node.children if c.kind_id not in EXTRAS and c.type not in ("list", "=>")]
    for child in children[1:-1]:
        if child.is_named:
            place.append(child)
            continue
        items.append(_place(low, place))
        place = []
    if place:
        items.append(_place(low, place))
    return ArrayLiteral(node.start_point[0] + 1, tuple(items))


def _place(low: Lowering, nodes: list[Node]) -> ArrayItem | None:
    if not nodes:
        return None
    value = nodes[-1]
    key = low.exprs[nodes[0].kind_id](low, nodes[0]) if len(nodes) > 1 else None
    line = nodes[0].start_point[0] + 1
    return ArrayItem(line, low.exprs[value.kind_id](low, value), key, value.kind_id in BY_REF)
