"""Whether a path that a ticket names exists in the project: files, folders, globs, bare names; and what is probably meant if
not."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from functools import cached_property

from trueup.structs import Struct

LEFT_OUT = frozenset(("vendor", "node_modules", ".git", ".svn", ".hg", ".idea", "__pycache__"))
MAX_ENTRIES = 60_000


class Found(Struct, frozen=True):
    """`path` relative to the root (as the ticket writes it where that works). `exists` None: outside the project, not looked at.
    `matches`: 1 for a file, the files below for a folder, the matching paths for a glob."""

    path: str
    exists: bool | None
    matches: int = 0
    nearest: str | None = None


class Lookup:
    """`root` absolute; `home` the ticket's own folder relative to it: relative links start there too."""

    def __init__(self, root: str, home: str = "") -> None:
        self.root, self.home = root, home
        self._answers: dict[str, Found] = {}

    def find(self, path: str) -> Found:
        if path not in self._answers:
            self._answers[path] = self._find(path)
        return self._answers[path]

    def _find(self, path: str) -> Found:
        inside = self._inside(path)
        if inside is None:
            return Found(path, None)
        if is_glob(inside):
            matches = sum(1 for _ in self._matching(inside))
            return Found(path, matches > 0, matches, None if matches else self._nearest(inside))
        for candidate in (inside, _joined(self.home, path)):
            if candidate is not None and os.path.lexists(os.path.join(self.root, candidate)):
                return Found(_like(candidate, path), True, self._count(candidate))
        return self._elsewhere(inside, path)

    def _elsewhere(self, inside: str, path: str) -> Found:
        if "/" not in inside:
            same = [f for f in self.files if f.rsplit("/", 1)[-1] == inside]
            if len(same) == 1:
                return Found(same[0], True, 1)
        return Found(path, False, 0, self._nearest(inside))

    def _inside(self, path: str) -> str | None:
        """The path relative to the root, or None if it leaves the project."""
        if os.path.isabs(path) or re.match(r"~|[A-Za-z]:", path):
            return os.path.relpath(path, self.root) if path.startswith(self.root.rstrip("/") + "/") else None
        plain = os.path.normpath(path).replace(os.sep, "/")
        return _joined(self.home, path) if plain.startswith("..") else plain

    def _count(self, path: str) -> int:
        full = os.path.join(self.root, path)
        if not os.path.isdir(full):
            return 1
        prefix = "" if path == "." else path.rstrip("/") + "/"
        return sum(1 for f in self.files if f.startswith(prefix))

    def _matching(self, pattern: str) -> Iterator[str]:
        expression = re.compile("|".join(_glob_expression(p) for p in _braces(pattern.rstrip("/"))))
        return (p for p in (*self.files, *self.folders) if expression.fullmatch(p))

    def _nearest(self, path: str) -> str | None:
        path = path.rstrip("/")
        folder, _, name = path.rpartition("/")
        pool = self.folders if not re.search(r"\.\w{1,8}$", name) else self.files
        moved = [
            p
            for p in pool
            if p.rsplit("/", 1)[-1].lower() == name.lower() and (pool is self.files or _same_top(p, path))
        ]
        if moved:
            return max(sorted(moved), key=lambda p: difflib.SequenceMatcher(None, p, path).ratio())
        siblings = {p.rsplit("/", 1)[-1]: p for p in pool if p.rpartition("/")[0] == folder}
        close = difflib.get_close_matches(name, sorted(siblings), 1, 0.72)
        if close:
            return siblings[close[0]]
        return self._by_number(name, pool)

    def _by_number(self, name: str, pool: tuple[str, ...]) -> str | None:
        """The same words under another number or suffix: "1010-add-keys.md" → "1115-add-keys-DONE.md"."""
        words = _words(name)
        same = sorted(p for p in pool if _words(p.rsplit("/", 1)[-1]) == words) if len(words) > 1 else []
        return same[0] if same else None

    @cached_property
    def _tree(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        files: list[str] = []
        folders: list[str] = []
        for at, below, names in os.walk(self.root):
            below[:] = sorted(d for d in below if d not in LEFT_OUT)
            prefix = os.path.relpath(at, self.root).replace(os.sep, "/")
            prefix = "" if prefix == "." else prefix + "/"
            folders.extend(prefix + d for d in below)
            files.extend(prefix + n for n in sorted(names))
            if len(files) + len(folders) > MAX_ENTRIES:
                break
        return tuple(sorted(files)), tuple(sorted(folders))

    @property
    def files(self) -> tuple[str, ...]:
        return self._tree[0]

    @property
    def folders(self) -> tuple[str, ...]:
        return self._tree[1]


def is_glob(path: str) -> bool:
    return "*" in path or "?" in path or re.search(r"\{[^{}]*,[^{}]*\}", path) is not None


def _same_top(one: str, other: str) -> bool:
    return one.split("/", 1)[0].lower() == other.split("/", 1)[0].lower()


def _words(name: str) -> tuple[str, ...]:
    stem = re.sub(r"\.\w{1,8}$", "", name).lower()
    return tuple(w for w in re.split(r"[^a-z]+", stem) if w and w not in ("done", "todo", "wip"))


def _joined(home: str, path: str) -> str | None:
    joined = os.path.normpath(os.path.join(home, path)).replace(os.sep, "/")
    return None if joined.startswith("..") else joined


def _like(candidate: str, path: str) -> str:
    return candidate + "/" if path.endswith("/") and not candidate.endswith("/") else candidate


def _braces(pattern: str) -> list[str]:
    match = re.search(r"\{([^{}]*,[^{}]*)\}", pattern)
    if not match or pattern.count("{") > 4:
        return [pattern]
    ends = match.start(), match.end()
    return [
        p for choice in match[1].split(",") for p in _braces(pattern[: ends[0]] + choice + pattern[ends[1] :])
    ]


def _glob_expression(pattern: str) -> str:
    parts = re.split(r"(\*\*/?|\*|\?)", re.sub(r"(\*\*/)+", "**/", re.sub(r"\*{3,}", "**", pattern)))
    translated = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(translated.get(p, re.escape(p)) for p in parts)
