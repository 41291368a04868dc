"""Expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.tree.node import Name, Node

if TYPE_CHECKING:
    from trueup.sources.php.tree.declarations import ClassDecl, FunctionDecl


class Literal(Node):
    """A string without interpolation (nowdoc included), number, true, false or null."""

    value: str | int | float | bool | None


class Interpolated(Node):
    """A double-quoted string or heredoc with variables in it. Parts alternate freely; text parts are `Literal`."""

    parts: tuple[Expr, ...]


class Variable(Node):
    """`$name`; `name` without the dollar."""

    name: str


class DynamicVariable(Node):
    """`$$name`, `${expr}`."""

    name: Expr


class ArrayItem(Node):
    """`key => value`, `value`, `&value`, `...value`."""

    value: Expr
    key: Expr | None = None
    by_ref: bool = False
    spread: bool = False


class ArrayLiteral(Node):
    """`[...]`, `array(...)`, `list(...)`. As a target of an assignment it destructures; None is a skipped place."""

    items: tuple[ArrayItem | None, ...]


class Index(Node):
    """`base[index]`; `index` None for `base[]`."""

    base: Expr
    index: Expr | None


class Property(Node):
    """`base->name`, `base?->name`; `name` an expression for `->{$x}` and `->$x`."""

    base: Expr
    name: str | Expr
    nullsafe: bool = False


class StaticProperty(Node):
    """`Cls::$name`; `name` without the dollar."""

    cls: Name | Expr
    name: str | Expr


class ClassConstant(Node):
    """`Cls::NAME`, enum cases included. `Cls::class` has the name "class"."""

    cls: Name | Expr
    name: str | Expr


class Constant(Node):
    """`NAME`, `PHP_EOL`, `__DIR__`, `__LINE__` ..."""

    name: Name


class Unary(Node):
    """`op` is one of "!", "-", "+", "~", "@"."""

    op: str
    operand: Expr


class Binary(Node):
    """Arithmetic, concatenation ("."), comparison, bits, "<=>", "xor". `op` in lower case, "<>" as "!="."""

    op: str
    left: Expr
    right: Expr


class Logical(Node):
    """Short-circuiting "&&" and "||" ("and", "or" are spelled so too)."""

    op: str
    left: Expr
    right: Expr


class Coalesce(Node):
    """`left ?? right`."""

    left: Expr
    right: Expr


class InstanceOf(Node):
    value: Expr
    cls: Name | Expr


class Assign(Node):
    """`target = value`, `target =& value`. `target` is a variable, index, property, static property or an `ArrayLiteral`."""

    target: Expr
    value: Expr
    by_ref: bool = False


class AssignOp(Node):
    """`target op= value`; `op` without the "=": "+", ".", "??" ..."""

    op: str
    target: Expr
    value: Expr


class IncDec(Node):
    """`op` "++" or "--"."""

    op: str
    target: Expr
    prefix: bool


class Ternary(Node):
    """`condition ? then : otherwise`; `then` None for `?:`."""

    condition: Expr
    then: Expr | None
    otherwise: Expr


class MatchArm(Node):
    """`conditions` empty: the default arm."""

    conditions: tuple[Expr, ...]
    body: Expr


class Match(Node):
    subject: Expr
    arms: tuple[MatchArm, ...]


class Cast(Node):
    """`type` is one of "int", "float", "string", "bool", "array", "object", "unset"."""

    type: str
    operand: Expr


class Isset(Node):
    targets: tuple[Expr, ...]


class Empty(Node):
    target: Expr


class Argument(Node):
    """`name` for a named argument, else ""."""

    value: Expr
    name: str = ""
    spread: bool = False


class Call(Node):
    """`function(args)`. `first_class`: `function(...)`, a closure of it."""

    function: Name | Expr
    args: tuple[Argument, ...]
    first_class: bool = False


class MethodCall(Node):
    """`base->name(args)`; `line` is that of the name."""

    base: Expr
    name: str | Expr
    args: tuple[Argument, ...]
    nullsafe: bool = False
    first_class: bool = False


class StaticCall(Node):
    """`Cls::name(args)`; `line` is that of the name."""

    cls: Name | Expr
    name: str | Expr
    args: tuple[Argument, ...]
    first_class: bool = False


class New(Node):
    """`new Cls(args)`, `new class(args) {...}`."""

    cls: Name | ClassDecl | Expr
    args: tuple[Argument, ...]


class ClosureUse(Node):
    name: str
    by_ref: bool = False


class ClosureExpr(Node):
    """`function (...) use (...) {...}` and `fn (...) => expr`. An arrow function's body is one `Return`; it captures by value
    whatever it names."""

    function: FunctionDecl
    uses: tuple[ClosureUse, ...] = ()
    arrow: bool = False
    static: bool = False


class Throw(Node):
    value: Expr


class Print(Node):
    value: Expr


class Exit(Node):
    value: Expr | None


class Include(Node):
    """`kind` is "include", "include_once", "require" or "require_once"."""

    kind: str
    path: Expr


class Clone(Node):
    value: Expr


class Yield(Node):
    """`yield`, `yield key => value`; `delegate`: `yield from value`."""

    value: Expr | None
    key: Expr | None = None
    delegate: bool = False


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
