"""A small typed tree of PHP 8: what the evaluator and the static readers work on.

Every node knows the line (from 1) on which it starts; a call in a fluent chain has the line of its own name, not of the chain's
start. Class names are resolved against the file's `namespace` and `use` while lowering: `Name.full` is the answer. Parentheses,
whitespace and comments are gone, types survive as text.

Nodes are frozen for the type checker only: freezing at run time would cost more than parsing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal as OneOf
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")

Visibility = OneOf["public", "protected", "private"]


@dataclass_transform(frozen_default=True, eq_default=False)
def _node(cls: type[_T]) -> type[_T]:
    """A slotted dataclass, compared by identity."""
    return dataclass(slots=True, eq=False)(cls)


@_node
class Node:
    line: int


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@_node
class Name(Node):
    """A class, function or constant name. `text` as written; `full` resolved, without a leading backslash. "self", "static" and
    "parent" stay as they are (lower case). An unqualified function or constant that no `use` names keeps its bare name in `full`
    although PHP looks in the namespace first: the evaluator tries `namespace` + "\\" + `full` before it."""

    text: str
    full: str
    namespace: str = ""


# ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@_node
class Literal(Node):
    """A string without interpolation (nowdoc included), number, true, false or null."""

    value: str | int | float | bool | None


@_node
class Interpolated(Node):
    """A double-quoted string or heredoc with variables in it. Parts alternate freely; text parts are `Literal`."""

    parts: tuple[Expr, ...]


@_node
class Variable(Node):
    """`$name`; `name` without the dollar."""

    name: str


@_node
class DynamicVariable(Node):
    """`$$name`, `${expr}`."""

    name: Expr


@_node
class ArrayItem(Node):
    """`key => value`, `value`, `&value`, `...value`."""

    value: Expr
    key: Expr | None = None
    by_ref: bool = False
    spread: bool = False


@_node
class ArrayLiteral(Node):
    """`[...]`, `array(...)`, `list(...)`. As a target of an assignment it destructures; None is a skipped place."""

    items: tuple[ArrayItem | None, ...]


@_node
class Index(Node):
    """`base[index]`; `index` None for `base[]`."""

    base: Expr
    index: Expr | None


@_node
class Property(Node):
    """`base->name`, `base?->name`; `name` an expression for `->{$x}` and `->$x`."""

    base: Expr
    name: str | Expr
    nullsafe: bool = False


@_node
class StaticProperty(Node):
    """`Cls::$name`; `name` without the dollar."""

    cls: Name | Expr
    name: str | Expr


@_node
class ClassConstant(Node):
    """`Cls::NAME`, enum cases included. `Cls::class` has the name "class"."""

    cls: Name | Expr
    name: str | Expr


@_node
class Constant(Node):
    """`NAME`, `PHP_EOL`, `__DIR__`, `__LINE__` ..."""

    name: Name


@_node
class Unary(Node):
    """`op` is one of "!", "-", "+", "~", "@"."""

    op: str
    operand: Expr


@_node
class Binary(Node):
    """Arithmetic, concatenation ("."), comparison, bits, "<=>", "xor". `op` in lower case, "<>" as "!="."""

    op: str
    left: Expr
    right: Expr


@_node
class Logical(Node):
    """Short-circuiting "&&" and "||" ("and", "or" are spelled so too)."""

    op: str
    left: Expr
    right: Expr


@_node
class Coalesce(Node):
    """`left ?? right`."""

    left: Expr
    right: Expr


@_node
class InstanceOf(Node):
    value: Expr
    cls: Name | Expr


@_node
class Assign(Node):
    """`target = value`, `target =& value`. `target` is a variable, index, property, static property or an `ArrayLiteral`."""

    target: Expr
    value: Expr
    by_ref: bool = False


@_node
class AssignOp(Node):
    """`target op= value`; `op` without the "=": "+", ".", "??" ..."""

    op: str
    target: Expr
    value: Expr


@_node
class IncDec(Node):
    """`op` "++" or "--"."""

    op: str
    target: Expr
    prefix: bool


@_node
class Ternary(Node):
    """`condition ? then : otherwise`; `then` None for `?:`."""

    condition: Expr
    then: Expr | None
    otherwise: Expr


@_node
class MatchArm(Node):
    """`conditions` empty: the default arm."""

    conditions: tuple[Expr, ...]
    body: Expr


@_node
class Match(Node):
    subject: Expr
    arms: tuple[MatchArm, ...]


@_node
class Cast(Node):
    """`type` is one of "int", "float", "string", "bool", "array", "object", "unset"."""

    type: str
    operand: Expr


@_node
class Isset(Node):
    targets: tuple[Expr, ...]


@_node
class Empty(Node):
    target: Expr


@_node
class Argument(Node):
    """`name` for a named argument, else ""."""

    value: Expr
    name: str = ""
    spread: bool = False


@_node
class Call(Node):
    """`function(args)`. `first_class`: `function(...)`, a closure of it."""

    function: Name | Expr
    args: tuple[Argument, ...]
    first_class: bool = False


@_node
class MethodCall(Node):
    """`base->name(args)`; `line` is that of the name."""

    base: Expr
    name: str | Expr
    args: tuple[Argument, ...]
    nullsafe: bool = False
    first_class: bool = False


@_node
class StaticCall(Node):
    """`Cls::name(args)`; `line` is that of the name."""

    cls: Name | Expr
    name: str | Expr
    args: tuple[Argument, ...]
    first_class: bool = False


@_node
class New(Node):
    """`new Cls(args)`, `new class(args) {...}`."""

    cls: Name | ClassDecl | Expr
    args: tuple[Argument, ...]


@_node
class ClosureUse(Node):
    name: str
    by_ref: bool = False


@_node
class ClosureExpr(Node):
    """`function (...) use (...) {...}` and `fn (...) => expr`. An arrow function's body is one `Return`; it captures by value
    whatever it names."""

    function: FunctionDecl
    uses: tuple[ClosureUse, ...] = ()
    arrow: bool = False
    static: bool = False


@_node
class Throw(Node):
    value: Expr


@_node
class Print(Node):
    value: Expr


@_node
class Exit(Node):
    value: Expr | None


@_node
class Include(Node):
    """`kind` is "include", "include_once", "require" or "require_once"."""

    kind: str
    path: Expr


@_node
class Clone(Node):
    value: Expr


@_node
class Yield(Node):
    """`yield`, `yield key => value`; `delegate`: `yield from value`."""

    value: Expr | None
    key: Expr | None = None
    delegate: bool = False


@_node
class Unsupported(Node):
    """Text that is no PHP, or a construct outside this tree. Its gap is among the file's."""

    text: str
    why: str


Expr = (
    Literal
    | Interpolated
    | Variable
    | DynamicVariable
    | ArrayLiteral
    | Index
    | Property
    | StaticProperty
    | ClassConstant
    | Constant
    | Unary
    | Binary
    | Logical
    | Coalesce
    | InstanceOf
    | Assign
    | AssignOp
    | IncDec
    | Ternary
    | Match
    | Cast
    | Isset
    | Empty
    | Call
    | MethodCall
    | StaticCall
    | New
    | ClosureExpr
    | Throw
    | Print
    | Exit
    | Include
    | Clone
    | Yield
    | Unsupported
)


# ── statements ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@_node
class ExpressionStatement(Node):
    value: Expr


@_node
class Echo(Node):
    values: tuple[Expr, ...]


@_node
class InlineHtml(Node):
    text: str


@_node
class Block(Node):
    body: tuple[Stmt, ...]


@_node
class If(Node):
    """`elseif` is an `If` alone in `otherwise`."""

    condition: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


@_node
class SwitchCase(Node):
    """`test` None: default."""

    test: Expr | None
    body: tuple[Stmt, ...]


@_node
class Switch(Node):
    subject: Expr
    cases: tuple[SwitchCase, ...]


@_node
class While(Node):
    condition: Expr
    body: tuple[Stmt, ...]


@_node
class DoWhile(Node):
    body: tuple[Stmt, ...]
    condition: Expr


@_node
class For(Node):
    init: tuple[Expr, ...]
    conditions: tuple[Expr, ...]
    updates: tuple[Expr, ...]
    body: tuple[Stmt, ...]


@_node
class Foreach(Node):
    """`value` may be an `ArrayLiteral` that destructures."""

    subject: Expr
    value: Expr
    body: tuple[Stmt, ...]
    key: Expr | None = None
    by_ref: bool = False


@_node
class Break(Node):
    levels: int = 1


@_node
class Continue(Node):
    levels: int = 1


@_node
class Return(Node):
    value: Expr | None


@_node
class Catch(Node):
    """`variable` without the dollar, "" where there is none."""

    types: tuple[Name, ...]
    variable: str
    body: tuple[Stmt, ...]


@_node
class Try(Node):
    body: tuple[Stmt, ...]
    catches: tuple[Catch, ...] = ()
    last: tuple[Stmt, ...] = ()
    """The `finally` block."""


@_node
class Unset(Node):
    targets: tuple[Expr, ...]


@_node
class Global(Node):
    names: tuple[str, ...]


@_node
class StaticVariables(Node):
    """`static $a = 1, $b;`"""

    variables: tuple[tuple[str, Expr | None], ...]


@_node
class ConstStatement(Node):
    """A top-level `const NAME = expr;`; names are fully qualified."""

    constants: tuple[tuple[str, Expr], ...]


# ── declarations ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@_node
class Attribute(Node):
    """`#[Name(args)]`."""

    name: Name
    args: tuple[Argument, ...] = ()


@_node
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


_Lowered = tuple[tuple["Parameter", ...], tuple["Stmt", ...]]


@_node
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
    _lowered: list[_Lowered] = field(default_factory=list, repr=False)

    @property
    def params(self) -> tuple[Parameter, ...]:
        return (self._lowered or self._force())[0][0]

    @property
    def body(self) -> tuple[Stmt, ...]:
        """The statements; empty for an abstract method."""
        return (self._lowered or self._force())[0][1]

    def _force(self) -> list[_Lowered]:
        self._lowered.append(self.lower())
        return self._lowered


@_node
class ConstMember(Node):
    name: str
    value: Expr
    visibility: Visibility = "public"
    doc: str = ""
    attributes: tuple[Attribute, ...] = ()


@_node
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


@_node
class CaseMember(Node):
    """`value` None in a pure enum."""

    name: str
    value: Expr | None = None
    doc: str = ""
    attributes: tuple[Attribute, ...] = ()


@_node
class TraitRule(Node):
    """Inside `use A, B {...}`. `kind` "insteadof": `trait::method` wins over `others`. "as": `method` (of `trait`, or of any when
    None) is also known as `alias` ("" when only `visibility` changes)."""

    kind: OneOf["insteadof", "as"]
    method: str
    trait: Name | None = None
    others: tuple[Name, ...] = ()
    alias: str = ""
    visibility: str = ""


@_node
class TraitUse(Node):
    traits: tuple[Name, ...]
    rules: tuple[TraitRule, ...] = ()


ClassKind = OneOf["class", "interface", "trait", "enum"]


@_node
class Members:
    """What is between a class's braces, in order of writing. Method names are keyed in lower case."""

    constants: dict[str, ConstMember]
    properties: dict[str, PropertyMember]
    methods: dict[str, FunctionDecl]
    cases: dict[str, CaseMember]
    uses: tuple[TraitUse, ...]


@_node
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
    _members: list[Members] = field(default_factory=list, repr=False)

    @property
    def members(self) -> Members:
        if not self._members:
            self._members.append(self.scan())
        return self._members[0]

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


@_node
class FunctionStatement(Node):
    function: FunctionDecl


@_node
class ClassStatement(Node):
    cls: ClassDecl


@_node
class UnsupportedStatement(Node):
    """As `Unsupported`, for a statement."""

    text: str
    why: str


Stmt = (
    ExpressionStatement
    | Echo
    | InlineHtml
    | Block
    | If
    | Switch
    | While
    | DoWhile
    | For
    | Foreach
    | Break
    | Continue
    | Return
    | Try
    | Unset
    | Global
    | StaticVariables
    | ConstStatement
    | FunctionStatement
    | ClassStatement
    | UnsupportedStatement
)


@_node
class Comment(Node):
    """`text` as written, with its marks. `end_line` is its last line."""

    text: str
    end_line: int
