"""Which classes a file declares, told from its bytes: parsing is for those that matter.

A class in a heredoc may be taken for a real one; whoever needs to be sure parses the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.sources.php.names import Uses, class_name
from trueup.structs import Struct

_DECLARATION = re.compile(
    rb"[ \t]*(?:<\?php[ \t]+)?(?:#\[[^\n]*\][ \t]*)?((?:(?:abstract|final|readonly)\s+)*)(class|trait|enum|interface)\s+"
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*)(?:\s*:\s*(\w+))?(?:\s+extends\s+([\\\w\x80-\xff]+))?(?:\s+implements\s([^{]*))?",
    re.M | re.I,
)
_NAMESPACE = re.compile(
    rb"^[ \t]*(?:<\?php\s+)?(?:declare[^;]*;\s*)?namespace\s+([\w\\\x80-\xff]+)\s*[;{]", re.M | re.I
)
_USE = re.compile(
    rb"^[ \t]*(?:<\?php\s+)?(?:namespace\s+[\w\\]+;\s*)?use\s+([\w\\\x80-\xff][^;(]*);", re.M | re.I
)
_BEFORE = (b"\n", b";", b"{", b"}", b"*/")
_FUNCTION = re.compile(rb"^[ \t]*function\s+&?(\w+)\s*\(", re.MULTILINE)
_FARTHEST = 2_000
"""Bytes before a keyword in which the declaration begins; attributes and modifiers are shorter."""
_MOST_INTERFACES = 50
_KEYWORDS = (b"class ", b"trait ", b"enum ", b"interface ")
_SEPARATORS = re.compile(rb"[\s;,{]")
_GROUP = re.compile(r"([^{]*?)\\?\{(.*)\}", re.S)
_COMMENT = re.compile(rb"/\*.*?(?:\*/|\Z)|(?://|#)[^\n]*", re.S)
_NAME = re.compile(rb"[\\\w\x80-\xff]+")


class Declared(Struct, frozen=True):
    """A class as its text declares it. `parent` is fully qualified, "" for none, and so are the interfaces of a class. `backing` is
    an enum's type."""

    name: str
    kind: str
    file: str
    parent: str = ""
    backing: str = ""
    abstract: bool = False
    interfaces: tuple[str, ...] = ()


def functions_in(source: bytes) -> list[str]:
    """Bare names in lower case of what looks like a function of no class, sorted."""
    return sorted({text_of(n).lower() for n in _FUNCTION.findall(source)})


def declared_in(file: str, source: bytes) -> list[Declared]:
    """The classes of a file, in order. Copies of the framework's own, which are known better, are left out."""
    found = _declarations(source)
    if not found:
        return []
    head = source[: found[0].start()]
    namespace = namespace_of(head)
    if f"{namespace}\\".startswith("Illuminate\\"):
        return []
    named = [_declared(match, file, head, namespace) for match in found]
    return [d for d in named if d is not None]


def _declared(match: re.Match[bytes], file: str, head: bytes, namespace: str) -> Declared | None:
    words, kind, short, backing, parent = (text_of(g) for g in match.groups()[:5])
    if short.lower() in ("extends", "implements"):
        return None
    kind = kind.lower()
    name = f"{namespace}\\{short}" if namespace else short
    full = resolved(head, parent, namespace) if parent and kind == "class" else ""
    written = _NAME.findall(_COMMENT.sub(b" ", match[6] or b""))[:_MOST_INTERFACES]
    interfaces = tuple(resolved(head, text_of(i), namespace) for i in written)
    return Declared(name, kind, file, full, backing.lower(), "abstract" in words.lower(), interfaces)


def _declarations(source: bytes) -> list[re.Match[bytes]]:
    """Looks for the keyword first: a search for the whole pattern on every line would take ten times as long."""
    found: dict[int, re.Match[bytes]] = {}
    for keyword in _KEYWORDS:
        position = source.find(keyword)
        while position >= 0:
            nearest = max(0, position - _FARTHEST)
            marks = ((source.rfind(mark, nearest, position), mark) for mark in _BEFORE)
            start = max((at + len(mark) for at, mark in marks if at >= 0), default=nearest)
            match = _DECLARATION.match(source, start) if start not in found else None
            if match is not None:
                found[start] = match
            position = source.find(keyword, position + len(keyword))
    return [found[start] for start in sorted(found)]


def namespace_of(head: bytes) -> str:
    match = _NAMESPACE.search(head)
    return text_of(match.group(1)) if match else ""


def resolved(head: bytes, written: str, namespace: str) -> str:
    """The full name of one class, as `imports` would have it, without reading every import."""
    if "\\" not in written:
        name = written.encode("utf-8", "surrogateescape")
        end = head.find(b"\\" + name + b";")
        start = head.rfind(b"use ", 0, end) if end >= 0 else -1
        full = head[start + 4 : end + 1 + len(name)] if start >= 0 else b""
        if full and not _SEPARATORS.search(full):
            return text_of(full).lstrip("\\")
    return class_name(written, imports(head, namespace))


def imports(head: bytes, namespace: str | None = None) -> Uses:
    """Namespace and `use` imports of the text before a file's first class."""
    uses = Uses(namespace_of(head) if namespace is None else namespace)
    for clause in _USE.findall(head):
        for name, alias in _names(text_of(clause).strip()):
            uses.classes.setdefault(alias.lower(), name.lstrip("\\"))
    return uses


def _names(clause: str) -> Iterator[tuple[str, str]]:
    """`A\\B`, `A\\B as C`, `A\\{B, C as D}` → (full name, alias). Functions and constants are of no interest."""
    if clause.startswith(("function ", "const ")):
        return
    group = _GROUP.fullmatch(clause)
    prefix, inner = (group.group(1) + "\\", group.group(2)) if group else ("", clause)
    for part in inner.split(","):
        words = part.split()
        if not words or words[0] in ("function", "const"):
            continue
        alias = words[2] if len(words) == 3 and words[1].lower() == "as" else words[0].rsplit("\\", 1)[-1]
        yield prefix + words[0], alias


def text_of(value: bytes | None) -> str:
    return value.decode("utf-8", "surrogateescape") if value else ""
