"""PHP source text → `PhpFile`."""

from __future__ import annotations

from dataclasses import dataclass, field

from trueup.model.locations import Gap
from trueup.sources.php.tree import ClassDecl, Comment, FunctionDecl, Name, Stmt


@dataclass(frozen=True, slots=True)
class Uses:
    """The `use` imports of a namespace: lower-case alias → fully qualified name (constants: alias as written)."""

    namespace: str = ""
    classes: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


class PhpFile:
    """A parsed file. `file` is relative to the project's root. Classes and functions are all that the file declares at top level
    (also inside `if`), in order, anonymous classes left out. Statements are those outside of functions and classes, of all
    namespaces in order, lowered when first asked for; a ClassStatement or FunctionStatement stands where it is declared."""

    file: str
    source: bytes
    namespaces: tuple[Uses, ...]
    classes: tuple[ClassDecl, ...]
    functions: tuple[FunctionDecl, ...]

    @property
    def namespace(self) -> str:
        """The first namespace, "" for the global one."""
        raise NotImplementedError

    @property
    def uses(self) -> Uses:
        """The imports of the first namespace."""
        raise NotImplementedError

    @property
    def statements(self) -> tuple[Stmt, ...]:
        raise NotImplementedError

    @property
    def comments(self) -> tuple[Comment, ...]:
        """All comments, in order, doc comments included."""
        raise NotImplementedError

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Syntax errors of the whole file, and limits met in what was lowered so far."""
        raise NotImplementedError

    @property
    def anonymous(self) -> ClassDecl | None:
        """The class of a top-level `return new class ...`."""
        raise NotImplementedError

    def class_named(self, name: str) -> ClassDecl | None:
        """By fully qualified name, whatever its case."""
        raise NotImplementedError

    def resolve(self, name: str) -> Name:
        """A class name as written somewhere in this file's first namespace."""
        raise NotImplementedError


def parse(source: bytes, file: str) -> PhpFile:
    """Never raises: what can't be read is among `gaps`."""
    raise NotImplementedError
