"""A class with its traits and parents, in the order in which PHP looks for a member."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources.laravel.eloquent.classes import ClassIndex
from trueup.sources.php import tree
from trueup.structs import Struct

_DEEPEST = 32
"""Traits within traits, parents of parents: beyond this a chain is taken for a loop."""


class Layer(Struct, frozen=True):
    """A class, or a trait that it uses. `depth` counts parents: 0 is the class itself."""

    decl: tree.ClassDecl
    depth: int
    trait: bool = False


class Lineage(Struct, frozen=True):
    """`layers` nearest first: the class, its traits, its parent, the parent's traits, ... `traits` and `parents` by full name,
    those outside the project included; `base` is the first parent that the project does not declare, or ""."""

    name: str
    layers: tuple[Layer, ...]
    traits: tuple[str, ...]
    parents: tuple[str, ...]
    base: str

    @property
    def own(self) -> tree.ClassDecl:
        return self.layers[0].decl

    def property(self, name: str) -> tuple[tree.PropertyMember, Layer] | None:
        for layer in self.layers:
            found = layer.decl.properties.get(name)
            if found is not None:
                return found, layer
        return None

    def constant(self, name: str) -> tuple[tree.Expr, Layer] | None:
        for layer in self.layers:
            found = layer.decl.constants.get(name)
            if found is not None:
                return found.value, layer
        return None

    def method(self, name: str, depth: int = 0) -> tuple[tree.FunctionDecl, Layer] | None:
        """The method that a call reaches; `depth` 1 asks for the parent's."""
        lowered = name.lower()
        for layer in self.layers:
            if layer.depth < depth:
                continue
            found = layer.decl.methods.get(_real_method(layer.decl, lowered))
            if found is not None:
                return found, layer
        return None

    def methods(self) -> Iterator[tuple[tree.FunctionDecl, Layer]]:
        """Every method that can be called, each name once."""
        seen: set[str] = set()
        for layer in self.layers:
            for lowered, method in layer.decl.methods.items():
                if lowered not in seen:
                    seen.add(lowered)
                    yield method, layer

    def uses_trait(self, lowered: str) -> bool:
        return any(t.lower() == lowered for t in self.traits)


def _real_method(decl: tree.ClassDecl, lowered: str) -> str:
    """`use T { a as b; }`: b is a, where the class itself has no b."""
    if decl.uses and lowered not in decl.methods:
        for use in decl.uses:
            for rule in use.rules:
                if rule.kind == "as" and rule.alias.lower() == lowered:
                    return rule.method.lower()
    return lowered


def lineage_of(name: str, index: ClassIndex) -> Lineage | None:
    """None where the project does not declare the class."""
    own = index.find(name)
    if own is None:
        return None
    layers: list[Layer] = []
    traits: list[str] = []
    parents: list[str] = []
    decl: tree.ClassDecl | None = own
    depth = 0
    while decl is not None and depth < _DEEPEST:
        layers.append(Layer(decl, depth))
        _add_traits(decl, depth, index, layers, traits)
        if decl.parent is None:
            break
        parent = index.real_name(decl.parent.full)
        if parent in parents or parent == own.name:
            break
        parents.append(parent)
        decl = index.find(parent)
        depth += 1
    base = parents[-1] if parents and index.get(parents[-1]) is None else ""
    return Lineage(own.name, tuple(layers), tuple(traits), tuple(parents), base)


def _add_traits(
    decl: tree.ClassDecl, depth: int, index: ClassIndex, layers: list[Layer], traits: list[str]
) -> None:
    """The traits of a class or trait, and theirs."""
    for use in decl.uses:
        for named in use.traits:
            name = index.real_name(named.full)
            if name in traits or len(traits) > 200:
                continue
            traits.append(name)
            found = index.find(name)
            if found is not None:
                layers.append(Layer(found, depth, trait=True))
                _add_traits(found, depth, index, layers, traits)
