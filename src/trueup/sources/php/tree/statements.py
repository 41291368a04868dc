"""Statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.tree.expressions import Expr
from trueup.sources.php.tree.node import Name, Node

if TYPE_CHECKING:
    from trueup.sources.php.tree.declarations import ClassDecl, FunctionDecl


class ExpressionStatement(Node):
    value: Expr


class Echo(Node):
    values: tuple[Expr, ...]


class InlineHtml(Node):
    text: str


class Block(Node):
    body: tuple[Stmt, ...]


class If(Node):
    """`elseif` is an `If` alone in `otherwise`."""

    condition: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


class SwitchCase(Node):
    """`test` None: default."""

    test: Expr | None
    body: tuple[Stmt, ...]


class Switch(Node):
    subject: Expr
    cases: tuple[SwitchCase, ...]


class While(Node):
    condition: Expr
    body: tuple[Stmt, ...]


class DoWhile(Node):
    body: tuple[Stmt, ...]
    condition: Expr


class For(Node):
    init: tuple[Expr, ...]
    conditions: tuple[Expr, ...]
    updates: tuple[Expr, ...]
    body: tuple[Stmt, ...]


class Foreach(Node):
    """`value` may be an `ArrayLiteral` that destructures."""

    subject: Expr
    value: Expr
    body: tuple[Stmt, ...]
    key: Expr | None = None
    by_ref: bool = False


class Break(Node):
    levels: int = 1


class Continue(Node):
    levels: int = 1


class Return(Node):
    value: Expr | None


class Catch(Node):
    """`variable` without the dollar, "" where there is none."""

    types: tuple[Name, ...]
    variable: str
    body: tuple[Stmt, ...]


class Try(Node):
    body: tuple[Stmt, ...]
    catches: tuple[Catch, ...] = ()
    last: tuple[Stmt, ...] = ()
    """The `finally` block."""


class Unset(Node):
    targets: tuple[Expr, ...]


class Global(Node):
    names: tuple[str, ...]


class StaticVariables(Node):
    """`static $a = 1, $b;`"""

    variables: tuple[tuple[str, Expr | None], ...]


class ConstStatement(Node):
    """A top-level `const NAME = expr;`; names are fully qualified."""

    constants: tuple[tuple[str, Expr], ...]


class FunctionStatement(Node):
    function: FunctionDecl


class ClassStatement(Node):
    cls: ClassDecl


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
