"""PHP source text → `PhpFile`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tree_sitter import Node

from trueup.model.locations import Gap, Location
from trueup.sources.php.lower.declarations import class_decl, declares, function_decl
from trueup.sources.php.lower.kinds import (
    ALIAS,
    BODY,
    CLASS_LIKE,
    COMMENT,
    EXTRAS,
    NAME,
    TYPE,
    kinds,
)
from trueup.sources.php.lower.lowering import Lowering
from trueup.sources.php.lower.statements import statements, unreadable
from trueup.sources.php.lower.syntax import Syntax
from trueup.sources.php.names import Uses, resolve
from trueup.sources.php.respell import respelled
from trueup.sources.php.tree import (
    ClassDecl,
    Comment,
    FunctionDecl,
    Name,
    New,
    Return,
    Stmt,
    UnsupportedStatement,
)

MAX_BYTES = 8_000_000
"""Longer files are not read: some two seconds of parsing."""
MAX_SYNTAX_GAPS = 50

_NAMESPACE = kinds("namespace_definition")
_USE = kinds("namespace_use_declaration")
_USE_CLAUSE = kinds("namespace_use_clause")
_USE_GROUP = kinds("namespace_use_group")
_NAMESPACE_NAME = kinds("namespace_name")
_QUALIFIED = kinds("qualified_name", "name", "namespace_name")
_HOLDERS = kinds(
    "if_statement", "compound_statement", "else_clause", "else_if_clause", "colon_block", "declare_statement"
)
_COMMENT_START = re.compile(rb"//|/\*|#(?!\[)")
_HALT = re.compile(rb"__halt_compiler\s*\(\s*\)\s*(?:;|\?>)", re.I)
_PLAIN = bytes(b if 0 < b < 0x80 else (0x7A if b else 0x20) for b in range(256))
"""Bytes that are no ASCII become a letter, NUL a blank: for files that are not UTF-8, so that offsets stay."""

_Section = tuple[str, list[Node]]
"""A namespace and its statements."""


class PhpFile:
    """A parsed file. `file` is relative to the project's root. Classes and functions are all that the file declares at top level
    (also inside `if`), in order, anonymous classes left out. Everything else is worked out when first asked for."""

    __slots__ = (
        "_anonymous",
        "_comments",
        "_lowering",
        "_sections",
        "_statements",
        "_syntax_gaps",
        "classes",
        "file",
        "functions",
        "namespaces",
        "source",
    )

    def __init__(self, source: bytes, file: str, syntax: Syntax, gaps: list[Gap]) -> None:
        self.source = source
        self.file = file
        self._syntax_gaps = gaps
        root = syntax.root
        self._lowering = Lowering(syntax, source, file, Uses(), root.has_error)
        sections = _sections(self._lowering, root.children)
        self._sections = [_lowering_of(self._lowering, space, nodes) for space, nodes in sections]
        self.namespaces: tuple[Uses, ...] = tuple([low.uses for low in self._sections])
        classes: list[ClassDecl] = []
        functions: list[FunctionDecl] = []
        for low, (_, nodes) in zip(self._sections, sections, strict=True):
            _declarations(low, nodes, classes, functions)
        self.classes: tuple[ClassDecl, ...] = tuple(classes)
        self.functions: tuple[FunctionDecl, ...] = tuple(functions)
        self._statements: tuple[Stmt, ...] | None = None
        self._comments: tuple[Comment, ...] | None = None

    def __repr__(self) -> str:
        return f"PhpFile({self.file!r})"

    def let_go(self) -> None:
        """Nothing is asked of this file any more: breaks the ring that would keep its tree until a search for garbage."""
        self._lowering.declared.clear()

    @property
    def namespace(self) -> str:
        """The first namespace, "" for the global one."""
        return self.namespaces[0].namespace

    @property
    def uses(self) -> Uses:
        """The imports of the first namespace."""
        return self.namespaces[0]

    @property
    def statements(self) -> tuple[Stmt, ...]:
        """Those outside of functions and classes, of all namespaces in order; a ClassStatement or FunctionStatement stands where
        it is declared."""
        if self._statements is None:
            found: list[Stmt] = []
            root = self._lowering.syntax.root
            for low, (_, nodes) in zip(self._sections, _sections(self._lowering, root.children), strict=True):
                found.extend(_lowered(low, nodes, root))
            self._statements = tuple(found)
        return self._statements

    @property
    def comments(self) -> tuple[Comment, ...]:
        """All comments, in order, doc comments included."""
        if self._comments is None:
            self._comments = _comments(self._lowering)
        return self._comments

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Syntax errors of the whole file, and what was met in the parts that were lowered so far. Sorted."""
        return tuple(sorted({*self._syntax_gaps, *self._lowering.gaps}))

    @property
    def anonymous(self) -> ClassDecl | None:
        """The class of a top-level `return new class ...`."""
        for statement in self.statements:
            if isinstance(statement, Return) and isinstance(statement.value, New):
                cls = statement.value.cls
                return cls if isinstance(cls, ClassDecl) else None
        return None

    def class_named(self, name: str) -> ClassDecl | None:
        """By fully qualified name, whatever its case."""
        lowered = name.lower()
        return next((c for c in self.classes if c.name.lower() == lowered), None)

    def resolve(self, name: str) -> Name:
        """A class name as written somewhere in this file's first namespace."""
        return resolve(name, self.uses)


def parse(source: bytes, file: str) -> PhpFile:
    """Never raises: what can't be read is among `gaps`."""
    if len(source) > MAX_BYTES:
        reason = f"the file has {len(source):,} bytes; more than {MAX_BYTES:,} are not read"
        return PhpFile(b"", file, Syntax(b""), [Gap(Location(file, 0), reason, "limit")])
    halt = _HALT.search(source) if b"halt" in source else None
    if halt is not None:
        source = source[: halt.start()]
    syntax = Syntax(_readable(source))
    if syntax.root.has_error:
        again = Syntax(respelled(syntax.text))
        syntax = syntax if again.root.has_error else again
    return PhpFile(source, file, syntax, _syntax_gaps(syntax, source, file) if syntax.root.has_error else [])


def _readable(source: bytes) -> bytes:
    """What the grammar can take: UTF-8 without NUL, of the same length."""
    if source.isascii():
        return source.translate(_PLAIN) if b"\0" in source else source
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return source.translate(_PLAIN)
    return source.replace(b"\0", b" ")


def _lowered(low: Lowering, nodes: Sequence[Node], root: Node) -> tuple[Stmt, ...]:
    """Where the whole file is an error, pieces of functions lie about at top level: only declarations are taken."""
    if root.is_error:
        return (unreadable(low, root), *statements(low, [n for n in nodes if declares(n)]))

    def otherwise(reason: str) -> tuple[Stmt, ...]:
        return (UnsupportedStatement(1, low.excerpt(root), reason),)

    return low.guarded(root, lambda: statements(low, nodes), otherwise)


def _comments(low: Lowering) -> tuple[Comment, ...]:
    """Looks at the places where a comment may start and asks the tree whether one does."""
    root = low.syntax.root
    found: list[Comment] = []
    position = 0
    while (start := _COMMENT_START.search(low.source, position)) is not None:
        at = start.start()
        node = root.descendant_for_byte_range(at, at + 1)
        position = at + 1
        if node is None or node.start_byte != at or node.kind_id not in COMMENT:
            continue
        found.append(Comment(node.start_point[0] + 1, low.text(node), node.end_point[0] + 1))
        position = node.end_byte
    return tuple(found)


# ── syntax errors ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _syntax_gaps(syntax: Syntax, source: bytes, file: str) -> list[Gap]:
    """Where the grammar found no PHP, in order; the outermost places only, and not more than a screenful."""
    gaps: list[Gap] = []
    waiting = [syntax.root]
    excerpts = Lowering(syntax, source, file, Uses(), False)
    while waiting and len(gaps) < MAX_SYNTAX_GAPS:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            reason = f"{node.type!r} is missing" if node.is_missing else "not readable as PHP"
            excerpts.gap(node, reason, "syntax")
            gaps = excerpts.gaps
            continue
        waiting.extend(c for c in reversed(node.children) if c.has_error or c.is_missing)
    return gaps


# ── namespaces and imports ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _sections(low: Lowering, nodes: Sequence[Node]) -> list[_Section]:
    """The file's statements by namespace; one section at least."""
    sections: list[_Section] = []
    pending: list[Node] = []
    space = ""
    for node in nodes:
        if node.kind_id not in _NAMESPACE:
            pending.append(node)
            continue
        if any(
            n.kind_id not in EXTRAS and n.type not in ("php_tag", "text", "declare_statement")
            for n in pending
        ):
            sections.append((space, pending))
            pending = []
        named, body = node.child_by_field_id(NAME), node.child_by_field_id(BODY)
        space = low.text(named) if named is not None else ""
        if body is not None:
            sections.append((space, [*pending, *body.children]))
            pending, space = [], ""
    if pending or not sections:
        sections.append((space, pending))
    return sections


def _lowering_of(low: Lowering, space: str, nodes: list[Node]) -> Lowering:
    """For a section, with what it imports."""
    uses = Uses(space)
    for node in nodes:
        if node.kind_id in _USE:
            _imports(low, node, uses)
    return low.within(uses)


def _imports(low: Lowering, node: Node, uses: Uses) -> None:
    kind = _import_kind(node, "")
    group = next((c for c in node.children if c.kind_id in _USE_GROUP), None)
    prefix = ""
    if group is not None:
        named = next((c for c in node.children if c.kind_id in _NAMESPACE_NAME), None)
        prefix = f"{low.text(named)}\\" if named is not None else ""
    for clause in group.children if group is not None else node.children:
        if clause.kind_id in _USE_CLAUSE:
            _import(low, clause, prefix, _import_kind(clause, kind), uses)


def _import_kind(node: Node, otherwise: str) -> str:
    kind = node.child_by_field_id(TYPE)
    return kind.type.lower() if kind is not None else otherwise


def _import(low: Lowering, clause: Node, prefix: str, kind: str, uses: Uses) -> None:
    named = next((c for c in clause.children if c.kind_id in _QUALIFIED), None)
    if named is None:
        return
    full = prefix + low.text(named).lstrip("\\")
    aliased = clause.child_by_field_id(ALIAS)
    alias = low.text(aliased) if aliased is not None else full.rsplit("\\", 1)[-1]
    if kind == "const":
        uses.constants[alias] = full
    elif kind == "function":
        uses.functions[alias.lower()] = full
    else:
        uses.classes[alias.lower()] = full


# ── declarations ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _declarations(
    low: Lowering, nodes: Sequence[Node], classes: list[ClassDecl], functions: list[FunctionDecl]
) -> None:
    """Classes and functions declared at top level or under an `if` there."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if node.kind_id in CLASS_LIKE:
            classes.append(class_decl(low, node))
        elif declares(node):
            functions.append(function_decl(low, node))
        elif node.kind_id in _HOLDERS:
            waiting.extend(reversed(node.children))


__all__ = ["MAX_BYTES", "PhpFile", "Uses", "parse"]
