"""The work in hand while a file is lowered: its text, the names in scope, the gaps met; and the tables that say which function
lowers which kind of node."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from sys import intern
from typing import Generic, Protocol, TypeVar

from tree_sitter import Node

from trueup.model.locations import Gap, Location
from trueup.sources.php.lower.kinds import EXTRAS, kinds
from trueup.sources.php.lower.syntax import Syntax
from trueup.sources.php.names import Uses
from trueup.sources.php.tree import ClassDecl, Expr, FunctionDecl, Stmt, Unsupported, UnsupportedStatement

T = TypeVar("T")
Made = TypeVar("Made", covariant=True)

DEPTH = 12_000
"""Python frames while lowering: some 5,000 levels of nesting. Frames of Python code take no C stack."""
EXCERPT = 120
MAX_GAPS = 200
"""Of one file; what is wrong with it is clear by then."""


class Lowers(Protocol[Made]):
    """Lowers a node of one kind."""

    def __call__(self, low: Lowering, node: Node, /) -> Made: ...


class Table(dict[int, Lowers[T]], Generic[T]):
    """Kind → function. A kind without one is lowered by `otherwise`."""

    def __init__(self, otherwise: Lowers[T]) -> None:
        super().__init__()
        self.otherwise = otherwise

    def __missing__(self, kind: int) -> Lowers[T]:
        return self.otherwise

    def on(self, *names: str) -> Callable[[Lowers[T]], Lowers[T]]:
        """Registers a function for these kinds; two for one kind are an error at import."""

        def register(function: Lowers[T]) -> Lowers[T]:
            for number in kinds(*names):
                if number in self:
                    raise ValueError(f"two functions lower {names}")
                self[number] = function
            return function

        return register


_LONGEST_NAME = 60


class Lowering:
    """What the functions that lower need of one namespace of one file. `exprs` is the table to go on with: the plain one, or in a
    file with syntax errors one that looks for them first."""

    __slots__ = ("declared", "exprs", "file", "gaps", "source", "syntax", "uses")

    def __init__(self, syntax: Syntax, source: bytes, file: str, uses: Uses, broken: bool) -> None:
        self.syntax = syntax
        self.source = source
        self.file = file
        self.uses = uses
        self.exprs: Table[Expr] = CHECKED if broken else EXPRESSIONS
        self.gaps: list[Gap] = []
        self.declared: dict[int, ClassDecl | FunctionDecl] = {}

    @property
    def broken(self) -> bool:
        """Whether the file has syntax errors."""
        return self.exprs is CHECKED

    def within(self, uses: Uses) -> Lowering:
        """The same file in another namespace."""
        other = Lowering(self.syntax, self.source, self.file, uses, self.exprs is CHECKED)
        other.gaps = self.gaps
        other.declared = self.declared
        return other

    def text(self, node: Node) -> str:
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> str:
        """Short texts are interned: the same few names come again and again."""
        text = self.source[start:end].decode("utf-8", "surrogateescape")
        return intern(text) if end - start <= _LONGEST_NAME else text

    def gap(self, node: Node, reason: str, kind: str) -> None:
        if len(self.gaps) >= MAX_GAPS:
            return
        row, column = node.start_point
        self.gaps.append(Gap(Location(self.file, row + 1, column + 1), reason, kind, self.excerpt(node)))

    def excerpt(self, node: Node) -> str:
        """The node's first line, as text that can be written anywhere."""
        head = self.source[node.start_byte : min(node.end_byte, node.start_byte + 4 * EXCERPT)]
        line = head.decode("utf-8", "replace").strip().split("\n", 1)[0]
        return line.rstrip("\r")[:EXCERPT]

    def guarded(self, node: Node, build: Callable[[], T], otherwise: Callable[[str], T]) -> T:
        """Builds, or where the nesting is too deep notes that and makes do."""
        try:
            with deep():
                return build()
        except RecursionError:
            reason = "nested too deeply to be read"
            self.gap(node, reason, "limit")
            return otherwise(reason)


@contextmanager
def deep() -> Iterator[None]:
    """Allows for deep nesting, within bounds."""
    limit = sys.getrecursionlimit()
    if limit >= DEPTH:
        yield
        return
    sys.setrecursionlimit(DEPTH)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _why(low: Lowering, node: Node) -> str:
    """The reason, told as a gap too where the file's syntax errors do not have it already."""
    if node.is_error or node.is_missing or low.broken:
        return "not readable as PHP"
    why = f"{node.type.replace('_', ' ')} is not supported"
    low.gap(node, why, "unsupported")
    return why


def _unsupported(low: Lowering, node: Node) -> Expr:
    return Unsupported(node.start_point[0] + 1, low.excerpt(node), _why(low, node))


def _unsupported_statement(low: Lowering, node: Node) -> Stmt:
    return UnsupportedStatement(node.start_point[0] + 1, low.excerpt(node), _why(low, node))


EXPRESSIONS: Table[Expr] = Table(_unsupported)
STATEMENTS: Table[Stmt] = Table(_unsupported_statement)


def is_broken(node: Node) -> bool:
    """Whether a syntax error lies directly in the node, not deeper."""
    return node.has_error and any(c.is_error or c.is_missing for c in node.children)


def _checked(low: Lowering, node: Node) -> Expr:
    if is_broken(node):
        return Unsupported(node.start_point[0] + 1, low.excerpt(node), "not readable as PHP")
    return EXPRESSIONS[node.kind_id](low, node)


CHECKED: Table[Expr] = Table(_checked)


def inner(node: Node, start: int = 0) -> Node | None:
    """The first child from `start` on that is named and not a comment."""
    for child in node.children[start:]:
        if child.is_named and child.kind_id not in EXTRAS:
            return child
    return None


def expression(low: Lowering, node: Node | None, parent: Node) -> Expr:
    """Lowers a child that a broken tree may lack."""
    if node is None:
        return Unsupported(parent.start_point[0] + 1, low.excerpt(parent), "not readable as PHP")
    return low.exprs[node.kind_id](low, node)


def significant(nodes: Sequence[Node]) -> list[Node]:
    """Without comments and inline HTML."""
    return [n for n in nodes if n.kind_id not in EXTRAS]
