"""The parts of an index written as raw SQL: `name`, `name(10)`, `name desc`, `lower(name)`, several by commas."""

from __future__ import annotations

import re

from trueup.sources.sql import ddl

_PART = re.compile(
    r"""^[`"]?(?P<name>[A-Za-z_][\w$]*+)[`"]?\s*+(?:\((?P<length>\d++)\)\s*+)?(?P<order>asc|desc)?$""",
    re.IGNORECASE,
)


def key_parts(sql: str) -> list[ddl.KeyPart]:
    return [_part(piece) for piece in split_commas(sql)]


def _part(text: str) -> ddl.KeyPart:
    found = _PART.match(text)
    if found is None:
        return ddl.KeyPart(expression=text)
    descending = (found["order"] or "").lower() == "desc"
    return ddl.KeyPart(column=found["name"], length=int(found["length"] or 0), descending=descending)


def split_commas(sql: str) -> list[str]:
    """The pieces between commas that stand outside parentheses and quotes."""
    pieces, depth, start, quote = [], 0, 0, ""
    for position, char in enumerate(sql):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"`":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "," and depth == 0:
            pieces.append(sql[start:position].strip())
            start = position + 1
    pieces.append(sql[start:].strip())
    return pieces
