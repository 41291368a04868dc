"""TOML that somebody else wrote, read within bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST_PARTS = 20
"""Parts of one key (`a.b.c`): `tomllib` goes through all of them again for each line below, and their square for one key."""
_NO_KEY = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?+|"(?:[^"\\\n]|\\.)*+"?+'
    r"|'''(?:[^']|'(?!''))*+(?:''')?+|'[^'\n]*+'?+|#[^\n]*+",
    re.DOTALL,
)
"""Texts and comments, also those that nothing ends: the search goes on behind them."""


def read_toml(text: str) -> Mapping[str, object]:
    """What the text says. Raises ValueError for all that is no TOML that can be read."""
    import tomllib

    for number, line in enumerate(_NO_KEY.sub(_lines_only, text).split("\n"), 1):
        if line.count(".") > MOST_PARTS:
            raise ValueError(f"a key of more than {MOST_PARTS} parts (at line {number})")
    try:
        return tomllib.loads(text)
    except RecursionError as problem:
        raise ValueError(f"nested too deep: {problem}") from problem


def _lines_only(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
