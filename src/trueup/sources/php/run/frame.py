"""One call of a function: its variables and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.values import Args, EnumCase, HostObject, PhpClass, PhpObject, Ref, Value

if TYPE_CHECKING:
    from trueup.sources.php.parse import PhpFile
    from trueup.sources.php.tree import FunctionDecl, Stmt

This = PhpObject | HostObject | EnumCase | None


class Frame:
    """`vars` may hold `Ref`s; `$this` is among them. `cls` is the class whose code this is (`self`), `called` the class that was
    named in the call (`static`). `line` is the line at work, `round` the body of the loop under way. `yields` collects what a
    generator yields, None elsewhere."""

    __slots__ = (
        "args",
        "body",
        "called",
        "cls",
        "file",
        "function",
        "line",
        "round",
        "statics",
        "this",
        "vars",
        "yields",
    )

    def __init__(
        self,
        file: PhpFile,
        this: This = None,
        cls: PhpClass | None = None,
        called: PhpClass | None = None,
    ) -> None:
        self.file = file
        self.this = this
        self.cls = cls
        self.called = called
        self.vars: dict[str, Value | Ref] = {} if this is None else {"this": this}
        self.line = 0
        self.function: FunctionDecl | None = None
        self.args: Args | None = None
        self.statics: dict[str, Ref] = {}
        self.body: tuple[Stmt, ...] = ()
        self.round: tuple[Stmt, ...] = ()
        self.yields: list[tuple[Value, Value]] | None = None
