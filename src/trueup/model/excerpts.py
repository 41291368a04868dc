"""Lines of the project's files, to be shown beside what is said of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`lines` without line ends, long ones cut; `first` is the number of the first, `line` that of the one that is meant."""

    file: str
    line: int
    first: int
    lines: tuple[str, ...]
