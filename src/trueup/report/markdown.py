"""Markdown made of text that is not ours: escaped, so that it shows as it is and can't become markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trueup.report.plain import plain

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#~&!$@])")


def escape(text: str) -> str:
    """One line of text in which nothing is markup; backquoted parts of our own messages stay code."""
    parts = re.split(r"(`[^`\n]+`)", plain(text))
    return "".join(code(part[1:-1]) if odd % 2 else _escaped(part) for odd, part in enumerate(parts))


def _escaped(text: str) -> str:
    """Underscores within words need no backslash; the rest does. A number that would begin a list has it before its mark."""
    spared = re.sub(r"(?<=\w)_(?=\w)", "\x00", text)
    return re.sub(r"^(\s*\d*)([-+.)])(\s)", r"\1\\\2\3", _SPECIAL.sub(r"\\\1", spared)).replace("\x00", "_")


def code(text: str) -> str:
    """A code span, whatever is in the text; nothing for nothing."""
    shown = plain(text).strip()
    if not shown:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table; cells are Markdown already but for pipes, which are escaped here. `numbers`: columns set to the right."""
    marks = ["---:" if position in numbers else "---" for position in range(len(headers))]
    lines = [_line(headers), _line(marks), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in cells) + " |"
