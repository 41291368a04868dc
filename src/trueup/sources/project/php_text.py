"""A quick look into PHP text, for the few questions asked before any file is parsed: which folder a call names, which
value a key has. Comments are blanked first, so that nothing commented out counts; lines stay where they were."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\]++|\\.?)*+(?:'|\Z)|"(?:[^"\\]++|\\.?)*+(?:"|\Z))|(?P<comment>//[^\n]*|\#(?!\[)[^\n]*|/\*.*?(?:\*/|\Z))""",
    re.DOTALL,
)

MAX_BYTES = 1_000_000


def read_php_text(root: str, path: str) -> str | None:
    """The file's text without comments; None where it can't be read. Bytes that are no UTF-8 are replaced."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            return without_comments(file.read(MAX_BYTES).decode("utf-8", errors="replace"))
    except OSError:
        return None


def without_comments(text: str) -> str:
    """Blanks comments; strings keep their text, line breaks their places."""

    def blank(match: re.Match[str]) -> str:
        comment = match["comment"]
        return match[0] if comment is None else re.sub(r"[^\n]", " ", comment)

    return _TOKEN.sub(blank, text)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def arguments_at(text: str, opening: int) -> str:
    """The text between the bracket at `opening` and the one that closes it, strings respected."""
    depth = 0
    position = opening
    while position < len(text):
        char = text[position]
        if char in "'\"":
            string = _TOKEN.match(text, position)
            position = string.end() if string else position + 1
            continue
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return text[opening + 1 : position]
        position += 1
    return text[opening + 1 :]


def calls_of(text: str, names: str) -> Iterator[tuple[str, int]]:
    """Arguments and line of each call of a method in `names` (alternatives of a regular expression)."""
    for match in re.finditer(rf"(?:->|::)\s*(?:{names})\s*\(", text):
        yield arguments_at(text, match.end() - 1), line_of(text, match.start())


def string_value(literal: str) -> str:
    """The text of a quoted literal, escapes of quotes and backslashes undone."""
    return re.sub(r"\\(['\"\\])", r"\1", literal[1:-1])
