"""PHP's own functions, as far as migrations and the code around them use them. Semantics of PHP 8.2."""

from __future__ import annotations

from trueup.sources.php.run.builtins import (
    arrays,
    classes,
    functions,
    json,
    lists,
    maths,
    printing,
    regex,
    sorting,
    strings,
    texts,
    times,
    types,
)
from trueup.sources.php.run.builtins.registry import FRAMED, FUNCTIONS, REFERENCES, Native


def find(name: str) -> Native | None:
    """By lower-case name."""
    return FUNCTIONS.get(name)


__all__ = [
    "FRAMED",
    "FUNCTIONS",
    "REFERENCES",
    "Native",
    "arrays",
    "classes",
    "find",
    "functions",
    "json",
    "lists",
    "maths",
    "printing",
    "regex",
    "sorting",
    "strings",
    "texts",
    "times",
    "types",
]
