"""Where a fact was read."""

from __future__ import annotations

from trueup.structs import Struct


class Location(Struct, frozen=True, order=True):
    """A place in a file. `file` is relative to the project root (POSIX slashes); `line` counts from 1,
    0 means the file as a whole; `column` counts from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


NOWHERE = Location("", 0)


class Gap(Struct, frozen=True, order=True):
    """A statement that could not be understood: never skipped in silence, listed and counted.

    `kind` is a short stable word for counting ("dynamic-name", "unreadable-file", "raw-sql", "limit", ...);
    `excerpt` is the statement's first line, at most 120 characters."""

    at: Location
    reason: str
    kind: str = ""
    excerpt: str = ""
