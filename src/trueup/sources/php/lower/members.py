"""What is between a class's braces."""

from __future__ import annotations

from tree_sitter import Node

from trueup.sources.php.lower.declarations import attributes, doc_text, lower_later, type_text
from trueup.sources.php.lower.kinds import (
    ATTRIBUTES,
    BODY,
    COMMENT,
    DEFAULT,
    NAME,
    NAMES,
    PLAIN_NAME,
    RETURN_TYPE,
    TYPE,
    VALUE,
    kinds,
)
from trueup.sources.php.lower.lowering import Lowering, expression, inner
from trueup.sources.php.lower.operands import class_ref
from trueup.sources.php.tree import (
    Attribute,
    CaseMember,
    ConstMember,
    FunctionDecl,
    Members,
    PropertyMember,
    TraitRule,
    TraitUse,
    Visibility,
)
from trueup.structs import Struct, field

_METHOD = kinds("method_declaration")
_CONST = kinds("const_declaration")
_PROPERTY = kinds("property_declaration")
_CASE = kinds("enum_case")
_USE = kinds("use_declaration")
_USE_LIST = kinds("use_list")
_INSTEADOF = kinds("use_instead_of_clause")
_AS = kinds("use_as_clause")
_CONST_ELEMENT = kinds("const_element")
_PROPERTY_ELEMENT = kinds("property_element")
_SCOPED = kinds("class_constant_access_expression")
_VISIBILITY = kinds("visibility_modifier")
_STATIC = kinds("static_modifier")
_ABSTRACT = kinds("abstract_modifier")
_FINAL = kinds("final_modifier")
_READONLY = kinds("readonly_modifier")
_REFERENCE = kinds("reference_modifier")
_HOOKS = kinds("property_hook_list")


class _Modifiers(Struct):
    """The words before a member."""

    visibility: Visibility = "public"
    static: bool = False
    abstract: bool = False
    final: bool = False
    readonly: bool = False
    reference: bool = False
    hooked: bool = False
    attributes: tuple[Attribute, ...] = field(default=())


def scan_members(low: Lowering, node: Node) -> Members:
    """The members of a class-like node, each member of bodies to be lowered later."""
    members = Members({}, {}, {}, {}, ())
    uses: list[TraitUse] = []
    doc = ""
    body = node.child_by_field_id(BODY)
    for child in body.children if body is not None else ():
        kind = child.kind_id
        if kind in COMMENT:
            doc = doc_text(low, child) or doc
            continue
        if kind in _METHOD:
            _method(low, child, doc, members)
        elif kind in _PROPERTY:
            _properties(low, child, doc, members)
        elif kind in _CONST:
            _constants(low, child, doc, members)
        elif kind in _CASE:
            _case(low, child, doc, members)
        elif kind in _USE:
            uses.append(_trait_use(low, child))
        doc = ""
    return Members(members.constants, members.properties, members.methods, members.cases, tuple(uses))


def _modifiers(low: Lowering, node: Node) -> _Modifiers:
    found = _Modifiers(attributes=attributes(low, node.child_by_field_id(ATTRIBUTES)))
    for child in node.children:
        kind = child.kind_id
        if kind in _VISIBILITY:
            text = low.text(child)
            found.visibility = found.visibility if "(" in text else _visibility(text)
        elif kind in _STATIC:
            found.static = True
        elif kind in _ABSTRACT:
            found.abstract = True
        elif kind in _FINAL:
            found.final = True
        elif kind in _READONLY:
            found.readonly = True
        elif kind in _REFERENCE:
            found.reference = True
        elif kind in _HOOKS:
            found.hooked = True
    return found


def _visibility(text: str) -> Visibility:
    word = text.lower()
    if word.startswith("private"):
        return "private"
    return "protected" if word.startswith("protected") else "public"


def _method(low: Lowering, node: Node, doc: str, members: Members) -> None:
    named = node.child_by_field_id(NAME)
    if named is None:
        return
    name = low.text(named)
    words = _modifiers(low, node)
    members.methods[name.lower()] = FunctionDecl(
        node.start_point[0] + 1 if not words.attributes else named.start_point[0] + 1,
        name,
        lower_later(low, node),
        words.reference,
        type_text(low, node.child_by_field_id(RETURN_TYPE)),
        words.visibility,
        words.static,
        words.abstract or node.child_by_field_id(BODY) is None,
        words.final,
        words.attributes,
        doc,
        node.end_point[0] + 1,
    )


def _properties(low: Lowering, node: Node, doc: str, members: Members) -> None:
    words = _modifiers(low, node)
    declared = type_text(low, node.child_by_field_id(TYPE))
    for child in node.children:
        if child.kind_id not in _PROPERTY_ELEMENT:
            continue
        named, default = child.child_by_field_id(NAME), child.child_by_field_id(DEFAULT)
        name = low.text(named)[1:] if named is not None else ""
        members.properties[name] = PropertyMember(
            child.start_point[0] + 1,
            name,
            None if default is None else low.exprs[default.kind_id](low, default),
            declared,
            words.visibility,
            words.static,
            words.readonly,
            words.hooked,
            doc,
            words.attributes,
        )


def _constants(low: Lowering, node: Node, doc: str, members: Members) -> None:
    words = _modifiers(low, node)
    for child in node.children:
        if child.kind_id not in _CONST_ELEMENT:
            continue
        named = inner(child)
        value = inner(child, 1)
        name = low.text(named) if named is not None else ""
        lowered = expression(low, value, child)
        line = child.start_point[0] + 1
        members.constants[name] = ConstMember(line, name, lowered, words.visibility, doc, words.attributes)


def _case(low: Lowering, node: Node, doc: str, members: Members) -> None:
    named, value = node.child_by_field_id(NAME), node.child_by_field_id(VALUE)
    name = low.text(named) if named is not None else ""
    members.cases[name] = CaseMember(
        (named or node).start_point[0] + 1,
        name,
        None if value is None else low.exprs[value.kind_id](low, value),
        doc,
        attributes(low, node.child_by_field_id(ATTRIBUTES)),
    )


def _trait_use(low: Lowering, node: Node) -> TraitUse:
    traits = tuple([class_ref(low, c) for c in node.children if c.kind_id in NAMES])
    listed = next((c for c in node.children if c.kind_id in _USE_LIST), None)
    rules = []
    for child in listed.children if listed is not None else ():
        if child.kind_id in _INSTEADOF:
            rules.append(_insteadof(low, child))
        elif child.kind_id in _AS:
            rules.append(_as(low, child))
    return TraitUse(node.start_point[0] + 1, traits, tuple(rules))


def _insteadof(low: Lowering, node: Node) -> TraitRule:
    trait, method = _scoped(low, inner(node))
    others = [class_ref(low, c) for c in node.children[1:] if c.kind_id in NAMES]
    return TraitRule(
        node.start_point[0] + 1, "insteadof", method, trait and class_ref(low, trait), tuple(others)
    )


def _as(low: Lowering, node: Node) -> TraitRule:
    trait, method = _scoped(low, inner(node))
    alias = next((low.text(c) for c in node.children[1:] if c.kind_id in PLAIN_NAME), "")
    visibility = next((low.text(c).lower() for c in node.children if c.kind_id in _VISIBILITY), "")
    named = class_ref(low, trait) if trait is not None else None
    return TraitRule(node.start_point[0] + 1, "as", method, named, (), alias, visibility)


def _scoped(low: Lowering, node: Node | None) -> tuple[Node | None, str]:
    """`Trait::method` or `method`."""
    if node is None:
        return None, ""
    if node.kind_id not in _SCOPED:
        return None, low.text(node)
    parts = [c for c in node.children if c.kind_id in NAMES]
    return (parts[0], low.text(parts[-1])) if len(parts) == 2 else (None, "")
