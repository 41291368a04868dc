"""Classes of the project with their parents and traits looked up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trueup.sources.php.parse import PhpFile
    from trueup.sources.php.tree import ClassDecl, FunctionDecl
    from trueup.sources.php.values import Ref, Value


class PhpClass:
    """A class of the project, linked: own declaration, then parents. `native` is the first ancestor that the project does not
    declare (a framework's or PHP's own class, fully qualified) or "". Methods (lower-case names, traits and parents included) are
    found by `method`. Constants and static properties are evaluated on first use; the evaluator does that."""

    __slots__ = (
        "constants",
        "decl",
        "file",
        "instance_defaults",
        "interfaces",
        "methods",
        "name",
        "native",
        "parent",
        "statics",
        "traits",
    )

    def __init__(
        self, name: str, decl: ClassDecl, file: PhpFile, parent: PhpClass | None, native: str
    ) -> None:
        self.name = name
        self.decl = decl
        self.file = file
        self.parent = parent
        self.native = native
        self.interfaces: tuple[str, ...] = ()
        """All interfaces, those of parents and of interfaces included, fully qualified."""
        self.traits: tuple[str, ...] = ()
        """All traits, those of traits and of parents included."""
        self.methods: dict[str, Method] = {}
        self.constants: dict[str, Value] = {}
        self.statics: dict[str, Ref] = {}
        self.instance_defaults: list[PropertyDefault] | None = None

    def __repr__(self) -> str:
        return f"PhpClass({self.name!r})"

    def method(self, name: str) -> Method | None:
        """Its own, its traits' or an ancestor's method, whatever the case of the name."""
        return self.methods.get(name.lower())

    def lineage(self) -> Iterator[PhpClass]:
        """Itself, then its parents, nearest first."""
        cls: PhpClass | None = self
        while cls is not None:
            yield cls
            cls = cls.parent


class Method:
    """A method as found in a class. `owner` is the class that has it (for a trait's method, the class that uses the trait);
    `file` the file that it is written in."""

    __slots__ = ("file", "function", "name", "owner", "static_variables", "visibility")

    def __init__(
        self, name: str, function: FunctionDecl, owner: PhpClass, file: PhpFile, visibility: str
    ) -> None:
        self.name = name
        self.function = function
        self.owner = owner
        self.file = file
        self.visibility = visibility
        self.static_variables: dict[str, Ref] = {}


class PropertyDefault:
    """A non-static property of a class with the expression of its default, evaluated in `owner`'s scope at `new`."""

    __slots__ = ("name", "owner", "uninitialized", "value")

    def __init__(self, name: str, value: Value, owner: PhpClass, uninitialized: bool) -> None:
        self.name = name
        self.value = value
        self.owner = owner
        self.uninitialized = uninitialized
