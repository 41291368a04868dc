"""A text file given by the user, or a mistake that says why it is none."""

from __future__ import annotations

import os

from trueup.errors import Mistake, TargetError

MAX_BYTES = 20_000_000


def read_text(path: str, shown: str, expected: str) -> str:
    """The file's text (UTF-8, UTF-16 with its mark, else Windows-1252). `shown` is the name to tell the user.

    Raises TargetError if it can't be read, is too long or is no text."""

    def refuse(problem: str, line: int = 0) -> TargetError:
        return TargetError(Mistake(f"{shown}:{line}" if line else shown, problem, f"expected {expected}"))

    try:
        if os.path.isdir(path):
            raise refuse("is a folder, not a ticket")
        if os.path.getsize(path) > MAX_BYTES:
            raise refuse(f"is longer than {MAX_BYTES // 1_000_000} MB, no ticket")
        with open(path, "rb") as stream:
            raw = stream.read()
    except OSError as error:
        raise refuse(f"can't be read: {error.strerror or error}") from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    zero = raw.find(b"\x00")
    if zero >= 0 or _binary(raw):
        raise refuse("is a binary file, not text", raw.count(b"\n", 0, max(zero, 0)) + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _binary(raw: bytes) -> bool:
    """Many control characters: no text in any encoding."""
    head = raw[:4000]
    return sum(b < 9 or 13 < b < 27 for b in head) > len(head) // 50
