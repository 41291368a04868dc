"""The values of constant expressions, without running anything: for those who only read code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.php.tree import (
    ArrayLiteral,
    Binary,
    Cast,
    ClassConstant,
    ClassDecl,
    Constant,
    ConstStatement,
    Expr,
    Interpolated,
    Literal,
    Name,
    Property,
    Ternary,
    Unary,
)
from trueup.sources.php.values import PhpArray, Unknown, Value, normal_key

if TYPE_CHECKING:
    from trueup.sources.php.parse import PhpFile

Resolver = Callable[[str], "ClassDecl | None"]
"""A class by its fully qualified name, or None."""

MAX_DEPTH = 40
_CONSTANTS: dict[str, Value] = {"PHP_EOL": "\n", "PHP_INT_MAX": 2**63 - 1, "DIRECTORY_SEPARATOR": "/"}
_NO_CLASS: Resolver = lambda _name: None  # noqa: E731  # a default


def constant_value(
    node: Expr,
    file: PhpFile | None = None,
    resolver: Resolver = _NO_CLASS,
    cls: ClassDecl | None = None,
    depth: int = 0,
) -> Value:
    """What a constant expression is: literals, arrays, concatenations, class constants (`cls` is what `self` means, `resolver`
    finds other classes), `::class`. Unknown, with a reason, for anything else; inside an array only the element is Unknown."""
    if isinstance(node, Literal):
        return node.value
    if depth > MAX_DEPTH:
        return Unknown("a constant that is nested too deeply")

    def fold(inner: Expr) -> Value:
        return constant_value(inner, file, resolver, cls, depth + 1)

    if isinstance(node, ArrayLiteral):
        return _array(node, fold)
    if isinstance(node, (Interpolated, Binary)):
        return _joined(node, fold)
    if isinstance(node, ClassConstant):
        return _class_constant(node, file, resolver, cls, depth)
    if isinstance(node, Constant):
        return _constant(node, file, fold)
    if isinstance(node, Property) and node.name == "value" and isinstance(node.base, ClassConstant):
        return _case_value(node.base, resolver, cls)
    if isinstance(node, Unary) and node.op == "-":
        value = fold(node.operand)
        return -value if isinstance(value, (int, float)) else Unknown("a computed value")
    if isinstance(node, Cast) and node.type == "string":
        return _text(fold(node.operand))
    if isinstance(node, Ternary) and node.then is not None:
        return _ternary(node, fold)
    return Unknown(f"a computed value ({type(node).__name__})")


def _constant(node: Constant, file: PhpFile | None, fold: Callable[[Expr], Value]) -> Value:
    """One of PHP's, or a `const` of the file."""
    name = node.name
    if name.full in _CONSTANTS:
        return _CONSTANTS[name.full]
    wanted = (name.full, f"{name.namespace}\\{name.full}")
    for statement in file.statements if file is not None else ():
        if isinstance(statement, ConstStatement):
            for declared, value in statement.constants:
                if declared in wanted:
                    return fold(value)
    return Unknown(f"the constant {name.full}")


def _case_value(node: ClassConstant, resolver: Resolver, cls: ClassDecl | None) -> Value:
    """`Status::Active->value`."""
    if not isinstance(node.cls, Name) or not isinstance(node.name, str):
        return Unknown("an enum case by a computed name")
    owner = _owner(node.cls.full, resolver, cls)
    if owner is None:
        return Unknown(f"the enum {node.cls.full}")
    return enum_value(owner, node.name, resolver)


def _text(value: Value) -> str | Unknown:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, Unknown) else Unknown("the text of a value")


def _array(node: ArrayLiteral, fold: Callable[[Expr], Value]) -> PhpArray:
    made = PhpArray()
    for item in node.items:
        if item is None:
            continue
        value = fold(item.value)
        if item.spread:
            _spread(made, value)
            continue
        key = fold(item.key) if item.key is not None else None
        if item.key is None:
            made.append(value)
        elif isinstance(key, (str, int)):
            made.set(normal_key(key), value)
        else:
            made.unknown = key if isinstance(key, Unknown) else Unknown("an array key")
    return made


def _spread(made: PhpArray, value: Value) -> None:
    if not isinstance(value, PhpArray):
        made.unknown = value if isinstance(value, Unknown) else Unknown("what ... spreads")
        return
    made.unknown = made.unknown or value.unknown
    for key, item in value.items():
        if isinstance(key, int):
            made.append(item)
        else:
            made.set(key, item)


def _joined(node: Interpolated | Binary, fold: Callable[[Expr], Value]) -> Value:
    """Text put together; long chains of dots nest to the left."""
    if isinstance(node, Interpolated):
        parts = list(node.parts)
    elif node.op != ".":
        return _computed(node, fold)
    else:
        parts = []
        current: Expr = node
        while isinstance(current, Binary) and current.op == ".":
            parts.append(current.right)
            current = current.left
        parts.append(current)
        parts.reverse()
    texts = [_text(fold(part)) for part in parts]
    unknown = next((t for t in texts if isinstance(t, Unknown)), None)
    return unknown or "".join(t for t in texts if isinstance(t, str))


def _computed(node: Binary, fold: Callable[[Expr], Value]) -> Value:
    left, right = fold(node.left), fold(node.right)
    if isinstance(left, PhpArray) and isinstance(right, PhpArray) and node.op == "+":
        joined = left.copy()
        for key, value in right.items():
            if key not in joined:
                joined.set(key, value)
        return joined
    if isinstance(left, int) and isinstance(right, int):
        if node.op == "+":
            return left + right
        if node.op == "-":
            return left - right
        if node.op == "*":
            return left * right
        if node.op == "|":
            return left | right
    return Unknown("a computed value")


def _ternary(node: Ternary, fold: Callable[[Expr], Value]) -> Value:
    condition = fold(node.condition)
    assert node.then is not None
    if not isinstance(condition, (bool, int, str)):
        return Unknown("a condition")
    return fold(node.then if condition not in ("", "0") and condition else node.otherwise)


def _class_constant(
    node: ClassConstant, file: PhpFile | None, resolver: Resolver, cls: ClassDecl | None, depth: int
) -> Value:
    if not isinstance(node.cls, Name) or not isinstance(node.name, str):
        return Unknown("a class constant by a computed name")
    full = node.cls.full
    if node.name == "class" and full not in ("self", "static", "parent"):
        return full
    owner = _owner(full, resolver, cls)
    if owner is None:
        return Unknown(f"the constant {full}::{node.name}")
    if node.name == "class":
        return owner.name
    return _declared(owner, node.name, file, resolver, depth)


def _owner(full: str, resolver: Resolver, cls: ClassDecl | None) -> ClassDecl | None:
    if full in ("self", "static"):
        return cls
    if full == "parent":
        return resolver(cls.parent.full) if cls is not None and cls.parent is not None else None
    if cls is not None and cls.name.lower() == full.lower():
        return cls
    return resolver(full)


def _declared(owner: ClassDecl, name: str, file: PhpFile | None, resolver: Resolver, depth: int) -> Value:
    """A constant or the backing value of an enum case, of the class or what it inherits from."""
    if depth > MAX_DEPTH:
        return Unknown(f"the constant {owner.name}::{name}, which refers to itself")
    member = owner.constants.get(name)
    if member is not None:
        return constant_value(member.value, file, resolver, owner, depth + 1)
    case = owner.cases.get(name)
    if case is not None and case.value is not None:
        return Unknown(f"the enum case {owner.name}::{name}")
    above = [owner.parent] if owner.parent is not None else []
    for use in owner.uses:
        above += use.traits
    for parent in (*above, *owner.interfaces, *owner.parents):
        decl = resolver(parent.full)
        if decl is not None and decl is not owner:
            value = _declared(decl, name, file, resolver, depth + 1)
            if not isinstance(value, Unknown):
                return value
    return Unknown(f"the constant {owner.name}::{name}")


def enum_value(owner: ClassDecl, name: str, resolver: Resolver = _NO_CLASS) -> Value:
    """The backing value of an enum's case, None for a pure one."""
    case = owner.cases.get(name)
    if case is None:
        return Unknown(f"the enum case {owner.name}::{name}")
    return constant_value(case.value, None, resolver, owner) if case.value is not None else None


__all__ = ["Resolver", "constant_value", "enum_value"]
