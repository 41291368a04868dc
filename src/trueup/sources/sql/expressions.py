"""Small questions about the text of an expression: which columns it names, what it allows."""

from __future__ import annotations

import re
from collections.abc import Callable

_WORD = re.compile(
    r"`((?:[^`]++|``)*+)`|\"((?:[^\"]++|\"\")*+)\"|'(?:[^']++|'')*+'|\[([^\[\]]*+)\]|(?<![\w$])([^\W\d][\w$]*+)(?!\s*+\()",
    re.S,
)
_IN_LIST = re.compile(
    r"^\(*+\s*+[`\"\[]?\w++[`\"\]]?(?:\s*+\)|\s*+(?=::))?(?:::[\w ]*\w)?\s++in\s*+\(((?:\s*+'(?:[^']++|'')*+'\s*+,?)++)\)\s*+\)*+$",
    re.I | re.S,
)
_CAST = re.compile(
    r"::\s*(?:[\w.]+(?:\s+(?:varying|precision|without|with|time|zone))*)(?:\s*\([^)]*\))?(?:\[\])?", re.I
)


def names_in(expression: str) -> set[str]:
    """Lower-cased identifiers of an expression that may be columns (functions, strings and casts left out)."""
    found = _WORD.findall(_CAST.sub(" ", expression))
    return {(a or b or c or d).lower() for a, b, c, d in found if a or b or c or d}


def renamed_in(expression: str, old: str, new: str, quote: Callable[[str], str]) -> str:
    """`expression` with one column under its new name, quoted by `quote`."""

    def put(found: re.Match[str]) -> str:
        name = next((g for g in found.groups() if g is not None), None)
        return quote(new) if name is not None and name.lower() == old.lower() else found.group()

    return _WORD.sub(put, expression)


def allowed_values(expression: str) -> tuple[str, ...]:
    """The values of a CHECK that is `column IN ('a', 'b')` and nothing more."""
    found = _IN_LIST.match(expression.strip())
    return (
        tuple(v.replace("''", "'") for v in re.findall(r"'((?:[^']|'')*)'", found.group(1))) if found else ()
    )


def outer_parentheses_off(text: str) -> str:
    """`((a + b))` → `a + b`."""
    text = text.strip()
    while text.startswith("(") and _closes_at_end(text):
        text = text[1:-1].strip()
    return text


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if not depth:
            return place == len(text) - 1
    return False
