"""Names: what a name in a file stands for, which classes there are, what constant expressions are. No evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trueup.sources.php.fold import constant_value, enum_value
from trueup.sources.php.tree import ClassDecl, Name, New
from trueup.sources.php.walk import find
from trueup.structs import Struct, field

if TYPE_CHECKING:
    from trueup.sources.php.parse import PhpFile

_KEYWORDS = frozenset({"self", "static", "parent"})


class Uses(Struct, frozen=True):
    """A namespace and its imports: lower-case alias → fully qualified name (constants: alias as written)."""

    namespace: str = ""
    classes: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


def class_name(text: str, uses: Uses) -> str:
    """The fully qualified class that `text`, as written, names; "self", "static", "parent" stay."""
    if text[:1] == "\\":
        return text[1:]
    head, slash, rest = text.partition("\\")
    lowered = head.lower()
    imported = uses.classes.get(lowered)
    if imported is not None:
        return f"{imported}\\{rest}" if slash else imported
    if not slash and lowered in _KEYWORDS:
        return lowered
    return _relative(text, lowered, rest, uses)


def _relative(text: str, head: str, rest: str, uses: Uses) -> str:
    name = rest if head == "namespace" and rest else text
    return f"{uses.namespace}\\{name}" if uses.namespace else name


def function_name(text: str, uses: Uses) -> str:
    """As `class_name` for a function; an unqualified one that is not imported stays bare."""
    return _fallback_name(text, uses, uses.functions.get(text.lower()))


def constant_name(text: str, uses: Uses) -> str:
    return _fallback_name(text, uses, uses.constants.get(text))


def _fallback_name(text: str, uses: Uses, imported: str | None) -> str:
    if "\\" not in text:
        return imported if imported is not None else text
    return class_name(text, uses)


def resolve(text: str, uses: Uses, line: int = 0) -> Name:
    """A class name as a node of the tree."""
    return Name(line, text, class_name(text, uses), uses.namespace)


def all_classes(file: PhpFile) -> Iterator[ClassDecl]:
    """Every class, interface, trait and enum that a file declares, anonymous classes anywhere in it included. Lowers the whole
    file; `file.classes` is quicker where anonymous ones do not matter."""
    yield from file.classes
    for new in find(New, *file.statements):
        if isinstance(new.cls, ClassDecl):
            yield new.cls


__all__ = [
    "Uses",
    "all_classes",
    "class_name",
    "constant_name",
    "constant_value",
    "enum_value",
    "function_name",
    "resolve",
]
