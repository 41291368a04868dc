"""AND and OR: which conditions of a query hold together, and of which groups only one must.

`where(a)->where(b)->orWhere(c)` is `(a and b) or c`: OR binds weaker. A bracket (`where(fn ($q) => ...)`) whose conditions are all
AND-ed says nothing that its contents do not; one with an OR is a group."""

from __future__ import annotations

from collections.abc import Sequence

from trueup.model.shapes import Predicate
from trueup.structs import Struct, field


class Condition(Struct, frozen=True):
    """A predicate with the brackets that it stands in ("1.3o") and whether it is OR-ed."""

    predicate: Predicate
    bracket: str = ""
    either: bool = False


class _Node(Struct):
    either: bool = False
    predicate: Predicate | None = None
    inside: list[_Node] = field(default_factory=list)
    name: str = ""


def combined(
    conditions: Sequence[Condition],
) -> tuple[tuple[Predicate, ...], tuple[tuple[Predicate, ...], ...]]:
    """(what holds together, groups of which one must hold besides)."""
    together: list[Predicate] = []
    groups: list[tuple[Predicate, ...]] = []
    _collect(_tree(conditions), together, groups)
    return tuple(dict.fromkeys(together)), tuple(dict.fromkeys(groups))


def _tree(conditions: Sequence[Condition]) -> _Node:
    top = _Node()
    for condition in conditions:
        node = top
        for name in condition.bracket.split(".") if condition.bracket else ():
            inner = next((n for n in node.inside if n.name == name), None)
            if inner is None:
                inner = _Node(name.endswith("o"), name=name)
                node.inside.append(inner)
            node = inner
        node.inside.append(_Node(condition.either, condition.predicate))
    return top


def _collect(node: _Node, together: list[Predicate], groups: list[tuple[Predicate, ...]]) -> None:
    if any(n.either for n in node.inside[1:]):
        groups.append(tuple(dict.fromkeys(_all(node))))
        return
    for inner in node.inside:
        if inner.predicate is not None:
            together.append(inner.predicate)
        else:
            _collect(inner, together, groups)


def _all(node: _Node) -> list[Predicate]:
    if node.predicate is not None:
        return [node.predicate]
    return [p for inner in node.inside for p in _all(inner)]
