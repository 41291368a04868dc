"""Goes through trees without evaluating them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from trueup.sources.php.tree import ClassDecl, ClosureExpr, FunctionDecl, FunctionStatement, Members, Node
from trueup.sources.php.tree.node import Shown

N = TypeVar("N", bound=Node)


def children(node: Shown) -> list[Shown]:
    """The nodes right below, in order of writing. Those of a function are its attributes, parameters and body; of a class its
    attributes and members."""
    if isinstance(node, FunctionDecl):
        return [*node.attributes, *node.params, *node.body]
    if isinstance(node, ClassDecl):
        return _class_children(node)
    found: list[Shown] = []
    for field in node.below:
        value = getattr(node, field)
        if value.__class__ is tuple:
            _gather(value, found)
        elif isinstance(value, Shown):
            found.append(value)
    return found


def _gather(values: tuple[object, ...], found: list[Shown]) -> None:
    for value in values:
        if isinstance(value, Shown):
            found.append(value)
        elif isinstance(value, tuple):
            _gather(value, found)


def _class_children(cls: ClassDecl) -> list[Shown]:
    members: Members = cls.members
    found: list[Shown] = [*cls.attributes]
    if cls.parent is not None:
        found.append(cls.parent)
    found += [
        *cls.interfaces,
        *cls.parents,
        *members.uses,
        *members.constants.values(),
        *members.cases.values(),
    ]
    return [*found, *members.properties.values(), *members.methods.values()]


def walk(*roots: Shown, into_functions: bool = True) -> Iterator[Shown]:
    """Every node from the roots down, parents before children, in order of writing. Without `into_functions` the insides of
    closures, nested functions and classes are left out (those of a root are not)."""
    waiting: list[Shown] = list(reversed(roots))
    top = set(map(id, roots))
    while waiting:
        node = waiting.pop()
        yield node
        if not into_functions and isinstance(node, (FunctionDecl, ClassDecl)) and id(node) not in top:
            continue
        below = children(node)
        below.reverse()
        waiting.extend(below)


def find(kind: type[N], *roots: Shown, into_functions: bool = True) -> Iterator[N]:
    """Every node of a kind."""
    for node in walk(*roots, into_functions=into_functions):
        if isinstance(node, kind):
            yield node


def contains(roots: tuple[Node, ...], kind: type[Node]) -> bool:
    """Whether there is a node of that kind, functions and classes inside left out."""
    return (
        next(
            find(kind, *[r for r in roots if not isinstance(r, FunctionStatement)], into_functions=False),
            None,
        )
        is not None
    )


def closures(*roots: Shown) -> Iterator[ClosureExpr]:
    return find(ClosureExpr, *roots)
