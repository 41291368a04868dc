"""Functions, closures and classes. Bodies and members wait until they are asked for."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from trueup.sources.php.lower.kinds import (
    ARGUMENT_LIST,
    ATTRIBUTES,
    BODY,
    BY_REF,
    CLASS_LIKE,
    COMMENT,
    COMPOUND,
    DEFAULT,
    FUNCTION_DEFINITION,
    NAME,
    NAMES,
    PARAMETERS,
    READONLY,
    REFERENCE,
    RETURN_TYPE,
    STATIC,
    TYPE,
    VARIABLE,
    VISIBILITY,
    kinds,
)
from trueup.sources.php.lower.lowering import EXPRESSIONS, STATEMENTS, Lowering, inner
from trueup.sources.php.lower.operands import arguments, class_ref, variable
from trueup.sources.php.lower.syntax import place_of
from trueup.sources.php.tree import (
    Attribute,
    ClassDecl,
    ClassKind,
    ClassStatement,
    ClosureExpr,
    ClosureUse,
    Expr,
    FunctionDecl,
    FunctionStatement,
    Members,
    Name,
    Parameter,
    Return,
    Stmt,
    UnsupportedStatement,
)

_PARAMETER = kinds("simple_parameter", "variadic_parameter", "property_promotion_parameter")
_VARIADIC = kinds("variadic_parameter")
_PROMOTED = kinds("property_promotion_parameter")
_ATTRIBUTE_GROUP = kinds("attribute_group")
_ATTRIBUTE = kinds("attribute")
_USE_CLAUSE = kinds("anonymous_function_use_clause")
_BASE = kinds("base_clause")
_IMPLEMENTS = kinds("class_interface_clause")
_PRIMITIVE = kinds("primitive_type")
_ABSTRACT = kinds("abstract_modifier")
_FINAL = kinds("final_modifier")
_READONLY = kinds("readonly_modifier")

Lowered = tuple[tuple[Parameter, ...], tuple[Stmt, ...]]
_KINDS: dict[str, ClassKind] = {
    "class_declaration": "class",
    "interface_declaration": "interface",
    "trait_declaration": "trait",
    "enum_declaration": "enum",
}


# ── functions ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def lower_later(low: Lowering, node: Node) -> Callable[[], Lowered]:
    """What lowers a function's parameters and body."""

    place = place_of(node)

    def lower() -> Lowered:
        there = low.syntax.at(place)

        def otherwise(reason: str) -> Lowered:
            return (), (UnsupportedStatement(there.start_point[0] + 1, low.excerpt(there), reason),)

        return low.guarded(there, lambda: (parameters(low, there), _body(low, there)), otherwise)

    return lower


def _body(low: Lowering, node: Node) -> tuple[Stmt, ...]:
    from trueup.sources.php.lower.statements import (
        block,  # functions hold statements and statements functions
    )

    body = node.child_by_field_id(BODY)
    if body is None:
        return ()
    if body.kind_id in COMPOUND:
        return block(low, body)
    return (Return(body.start_point[0] + 1, low.exprs[body.kind_id](low, body)),)


def parameters(low: Lowering, node: Node) -> tuple[Parameter, ...]:
    listed = node.child_by_field_id(PARAMETERS)
    if listed is None:
        return ()
    return tuple([_parameter(low, child) for child in listed.children if child.kind_id in _PARAMETER])


def _parameter(low: Lowering, node: Node) -> Parameter:
    named = node.child_by_field_id(NAME)
    reference = node.child_by_field_id(REFERENCE) is not None
    if named is not None and named.kind_id in BY_REF:
        named, reference = inner(named), True
    default = node.child_by_field_id(DEFAULT)
    promoted = node.kind_id in _PROMOTED
    return Parameter(
        node.start_point[0] + 1,
        low.text(named)[1:] if named is not None else "",
        type_text(low, node.child_by_field_id(TYPE)),
        None if default is None else low.exprs[default.kind_id](low, default),
        reference,
        node.kind_id in _VARIADIC,
        _promotion(low, node) if promoted else "",
        promoted and node.child_by_field_id(READONLY) is not None,
        attributes(low, node.child_by_field_id(ATTRIBUTES)),
    )


def _promotion(low: Lowering, node: Node) -> str:
    visibility = node.child_by_field_id(VISIBILITY)
    return low.text(visibility).lower().partition("(")[0] if visibility is not None else "public"


def type_text(low: Lowering, node: Node | None) -> str:
    return low.text(node) if node is not None else ""


@EXPRESSIONS.on("anonymous_function", "arrow_function")
def _closure(low: Lowering, node: Node) -> Expr:
    line = node.start_point[0] + 1
    function = FunctionDecl(
        line,
        "{closure}",
        lower_later(low, node),
        node.child_by_field_id(REFERENCE) is not None,
        type_text(low, node.child_by_field_id(RETURN_TYPE)),
        attributes=attributes(low, node.child_by_field_id(ATTRIBUTES)),
        end_line=node.end_point[0] + 1,
    )
    arrow = node.type == "arrow_function"
    captured = next((c for c in node.children if c.kind_id in _USE_CLAUSE), None)
    return ClosureExpr(
        line, function, _closure_uses(low, captured), arrow, node.child_by_field_id(STATIC) is not None
    )


def _closure_uses(low: Lowering, node: Node | None) -> tuple[ClosureUse, ...]:
    uses = []
    for child in node.children if node is not None else ():
        named = inner(child) if child.kind_id in BY_REF else child
        if named is not None and named.kind_id in VARIABLE:
            line = named.start_point[0] + 1
            uses.append(ClosureUse(line, variable(low, named).name, child.kind_id in BY_REF))
    return tuple(uses)


def function_decl(low: Lowering, node: Node) -> FunctionDecl:
    """A named function; one object per declaration."""
    known = low.declared.get(node.start_byte)
    if isinstance(known, FunctionDecl):
        return known
    named = node.child_by_field_id(NAME)
    name = low.text(named) if named is not None else ""
    space = low.uses.namespace
    decl = FunctionDecl(
        node.start_point[0] + 1,
        f"{space}\\{name}" if space else name,
        lower_later(low, node),
        any(c.type == "reference_modifier" for c in node.children),
        type_text(low, node.child_by_field_id(RETURN_TYPE)),
        attributes=attributes(low, node.child_by_field_id(ATTRIBUTES)),
        doc=doc_before(low, node),
        end_line=node.end_point[0] + 1,
    )
    low.declared[node.start_byte] = decl
    return decl


def doc_before(low: Lowering, node: Node) -> str:
    previous = node.prev_sibling
    if previous is None or previous.kind_id not in COMMENT:
        return ""
    return doc_text(low, previous)


def doc_text(low: Lowering, node: Node) -> str:
    text = low.text(node)
    return text if text.startswith("/**") else ""


def attributes(low: Lowering, node: Node | None) -> tuple[Attribute, ...]:
    """`node` is an attribute_list."""
    if node is None:
        return ()
    groups = [g for g in node.children if g.kind_id in _ATTRIBUTE_GROUP]
    return tuple([_attribute(low, a) for g in groups for a in g.children if a.kind_id in _ATTRIBUTE])


def _attribute(low: Lowering, node: Node) -> Attribute:
    line = node.start_point[0] + 1
    named = inner(node)
    listed = next((c for c in node.children if c.kind_id in ARGUMENT_LIST), None)
    name = class_ref(low, named) if named is not None else Name(line, "", "")
    return Attribute(line, name, arguments(low, listed)[0])


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def class_decl(low: Lowering, node: Node) -> ClassDecl:
    """A named class, interface, trait or enum; one object per declaration."""
    known = low.declared.get(node.start_byte)
    if isinstance(known, ClassDecl):
        return known
    named = node.child_by_field_id(NAME)
    name = low.text(named) if named is not None else ""
    space = low.uses.namespace
    decl = _class(
        low, node, f"{space}\\{name}" if space else name, _KINDS[node.type], doc_before(low, node), node
    )
    low.declared[node.start_byte] = decl
    return decl


def anonymous_class(low: Lowering, node: Node, new: Node) -> ClassDecl:
    """`new class ...`; one object per place."""
    known = low.declared.get(node.start_byte)
    if isinstance(known, ClassDecl):
        return known
    parent = new.parent
    doc = doc_before(low, parent) if parent is not None else ""
    decl = _class(low, node, f"class@anonymous:{low.file}:{node.start_point[0] + 1}", "class", doc, node)
    low.declared[node.start_byte] = decl
    return decl


def _class(low: Lowering, node: Node, name: str, kind: ClassKind, doc: str, holder: Node) -> ClassDecl:
    bases = _clause(low, node, _BASE)
    present = {c.kind_id for c in node.children}
    backing = next((low.text(c).lower() for c in node.children if c.kind_id in _PRIMITIVE), "")
    return ClassDecl(
        node.start_point[0] + 1,
        name,
        kind,
        low.file,
        _scan_later(low, holder),
        parent=bases[0] if bases and kind == "class" else None,
        interfaces=_clause(low, node, _IMPLEMENTS),
        parents=bases if kind == "interface" else (),
        abstract=not present.isdisjoint(_ABSTRACT),
        final=not present.isdisjoint(_FINAL),
        readonly=not present.isdisjoint(_READONLY),
        anonymous=node.type == "anonymous_class",
        backing=backing,
        attributes=attributes(low, node.child_by_field_id(ATTRIBUTES)),
        doc=doc,
        end_line=node.end_point[0] + 1,
    )


def _clause(low: Lowering, node: Node, kind: frozenset[int]) -> tuple[Name, ...]:
    clause = next((c for c in node.children if c.kind_id in kind), None)
    if clause is None:
        return ()
    return tuple([class_ref(low, c) for c in clause.children if c.kind_id in NAMES])


def _scan_later(low: Lowering, node: Node) -> Callable[[], Members]:
    from trueup.sources.php.lower.members import scan_members  # members are functions again

    place = place_of(node)

    def scan() -> Members:
        there = low.syntax.at(place)
        return low.guarded(there, lambda: scan_members(low, there), lambda _: Members({}, {}, {}, {}, ()))

    return scan


@STATEMENTS.on("class_declaration", "interface_declaration", "trait_declaration", "enum_declaration")
def _class_statement(low: Lowering, node: Node) -> Stmt:
    return ClassStatement(node.start_point[0] + 1, class_decl(low, node))


@STATEMENTS.on("function_definition")
def _function_statement(low: Lowering, node: Node) -> Stmt:
    return FunctionStatement(node.start_point[0] + 1, function_decl(low, node))


def declares(node: Node) -> bool:
    return node.kind_id in CLASS_LIKE or node.kind_id in FUNCTION_DEFINITION
