"""Statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.tree.expressions import Expr
from trueup.sources.php.tree.node import Name, Node, node

if TYPE_CHECKING:
    from trueup.sources.php.tree.declarations import ClassDecl, FunctionDecl


@node
class ExpressionStatement(Node):
    value: Expr


@node
class Echo(Node):
    values: tuple[Expr, ...]


@node
class InlineHtml(Node):
    text: str


@node
class Block(Node):
    body: tuple[Stmt, ...]


@node
class If(Node):
    """`elseif` is an `If` alone in `otherwise`."""

    condition: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


@node
class SwitchCase(Node):
    """`test` None: default."""

    test: Expr | None
    body: tuple[Stmt, ...]


@node
class Switch(Node):
    subject: Expr
    cases: tuple[SwitchCase, ...]


@node
class While(Node):
    condition: Expr
    body: tuple[Stmt, ...]


@node
class DoWhile(Node):
    body: tuple[Stmt, ...]
    condition: Expr


@node
class For(Node):
    init: tuple[Expr, ...]
    conditions: tuple[Expr, ...]
    updates: tuple[Expr, ...]
    body: tuple[Stmt, ...]


@node
class Foreach(Node):
    """`value` may be an `ArrayLiteral` that destructures."""

    subject: Expr
    value: Expr
    body: tuple[Stmt, ...]
    key: Expr | None = None
    by_ref: bool = False


@node
class Break(Node):
    levels: int = 1


@node
class Continue(Node):
    levels: int = 1


@node
class Return(Node):
    value: Expr | None


@node
class Catch(Node):
    """`variable` without the dollar, "" where there is none."""

    types: tuple[Name, ...]
    variable: str
    body: tuple[Stmt, ...]


@node
class Try(Node):
    body: tuple[Stmt, ...]
    catches: tuple[Catch, ...] = ()
    last: tuple[Stmt, ...] = ()
    """The `finally` block."""


@node
class Unset(Node):
    targets: tuple[Expr, ...]


@node
class Global(Node):
    names: tuple[str, ...]


@node
class StaticVariables(Node):
    """`static $a = 1, $b;`"""

    variables: tuple[tuple[str, Expr | None], ...]


@node
class ConstStatement(Node):
    """A top-level `const NAME = expr;`; names are fully qualified."""

    constants: tuple[tuple[str, Expr], ...]


@node
class FunctionStatement(Node):
    function: FunctionDecl


@node
class ClassStatement(Node):
    cls: ClassDecl


@node
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
