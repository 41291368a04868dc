"""Lines of the project's files, to be shown beside what is said of them."""

from __future__ import annotations

from trueup.structs import Struct


class Excerpt(Struct, frozen=True):
    """`lines` without line ends, long ones cut; `first` is the number of the first, `line` that of the one that is meant."""

    file: str
    line: int
    first: int
    lines: tuple[str, ...]
