"""Functions, classes and what is in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from typing import Literal as OneOf

from trueup.sources.php.tree.expressions import Argument, Expr
from trueup.sources.php.tree.node import Name, Node, Shown
from trueup.structs import field

if TYPE_CHECKING:
    from trueup.sources.php.tree.statements import Stmt

Visibility = OneOf["public", "protected", "private"]
_Lowered: TypeAlias = "tuple[tuple[Parameter, ...], tuple[Stmt, ...]]"


class Attribute(Node):
    """`#[Name(args)]`."""

    name: Name
    args: tuple[Argument, ...] = ()


class Parameter(Node):
    """`promoted` is the visibility of a property that the constructor makes of it, else ""."""

    name: str
    type: str = ""
    default: Expr | None = None
    by_ref: bool = False
    variadic: bool = False
    promoted: str = ""
    readonly: bool = False
    attributes: tuple[Attribute, ...] = ()


class FunctionDecl(Node):
    """A function, method, closure or arrow function. Parameters and body are lowered when first asked for. `name` is fully
    qualified for a function, bare for a method, "{closure}" for a closure. `body` is empty for an abstract method. Types are text.
    `end_line` is the line of its closing brace."""

    name: str
    lower: Callable[[], _Lowered]
    by_ref: bool = False
    return_type: str = ""
    visibility: Visibility = "public"
    static: bool = False
    abstract: bool = False
    final: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = ""
    end_line: int = 0
    cache: list[_Lowered] = field(default_factory=list, init=False)

    @property
    def params(self) -> tuple[Parameter, ...]:
        return (self.cache or self._force())[0][0]

    @property
    def body(self) -> tuple[Stmt, ...]:
        """The statements; empty for an abstract method."""
        return (self.cache or self._force())[0][1]

    def _force(self) -> list[_Lowered]:
        self.cache.append(self.lower())
        return self.cache


class ConstMember(Node):
    name: str
    value: Expr
    visibility: Visibility = "public"
    doc: str = ""
    attributes: tuple[Attribute, ...] = ()


class PropertyMember(Node):
    """`default` None: none written. `hooked`: it has PHP 8.4 hooks."""

    name: str
    default: Expr | None = None
    type: str = ""
    visibility: Visibility = "public"
    static: bool = False
    readonly: bool = False
    hooked: bool = False
    doc: str = ""
    attributes: tuple[Attribute, ...] = ()


class CaseMember(Node):
    """`value` None in a pure enum."""

    name: str
    value: Expr | None = None
    doc: str = ""
    attributes: tuple[Attribute, ...] = ()


class TraitRule(Node):
    """Inside `use A, B {...}`. `kind` "insteadof": `trait::method` wins over `others`. "as": `method` (of `trait`, or of any when
    None) is also known as `alias` ("" when only `visibility` changes)."""

    kind: OneOf["insteadof", "as"]
    method: str
    trait: Name | None = None
    others: tuple[Name, ...] = ()
    alias: str = ""
    visibility: str = ""


class TraitUse(Node):
    traits: tuple[Name, ...]
    rules: tuple[TraitRule, ...] = ()


ClassKind = OneOf["class", "interface", "trait", "enum"]


class Members(Shown):
    """What is between a class's braces, in order of writing. Method names are keyed in lower case."""

    constants: dict[str, ConstMember]
    properties: dict[str, PropertyMember]
    methods: dict[str, FunctionDecl]
    cases: dict[str, CaseMember]
    uses: tuple[TraitUse, ...]


class ClassDecl(Node):
    """A class, interface, trait or enum. `name` is fully qualified; an anonymous class has a made-up one, "class@anonymous" +
    ":" + file + ":" + line, and `anonymous` set. `parents` are the interfaces that an interface extends. Members are looked for
    when first asked for."""

    name: str
    kind: ClassKind
    file: str
    scan: Callable[[], Members]
    parent: Name | None = None
    interfaces: tuple[Name, ...] = ()
    parents: tuple[Name, ...] = ()
    abstract: bool = False
    final: bool = False
    readonly: bool = False
    anonymous: bool = False
    backing: str = ""
    """An enum's type: "string", "int" or ""."""
    attributes: tuple[Attribute, ...] = ()
    doc: str = ""
    end_line: int = 0
    cache: list[Members] = field(default_factory=list, init=False)

    @property
    def members(self) -> Members:
        if not self.cache:
            self.cache.append(self.scan())
        return self.cache[0]

    @property
    def short(self) -> str:
        return self.name.rsplit("\\", 1)[-1]

    @property
    def constants(self) -> dict[str, ConstMember]:
        return self.members.constants

    @property
    def properties(self) -> dict[str, PropertyMember]:
        return self.members.properties

    @property
    def methods(self) -> dict[str, FunctionDecl]:
        """Own methods by lower-case name."""
        return self.members.methods

    @property
    def cases(self) -> dict[str, CaseMember]:
        return self.members.cases

    @property
    def uses(self) -> tuple[TraitUse, ...]:
        return self.members.uses

    def method(self, name: str) -> FunctionDecl | None:
        """An own method (not an inherited one), whatever its case."""
        return self.members.methods.get(name.lower())
