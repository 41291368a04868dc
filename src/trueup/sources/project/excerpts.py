"""Excerpts of a project's files around the places that a report names."""

from __future__ import annotations

import os
from collections.abc import Iterable

from trueup.model.excerpts import Excerpt
from trueup.model.locations import Location

MAX_FILE_BYTES = 8_000_000
MAX_LINE = 200
"""Characters; the rest of a longer line is left out."""


def read_excerpts(root: str, places: Iterable[Location], around: int = 2) -> dict[Location, Excerpt]:
    """The lines around each place that lies in a file of the project, so many before and after. A place that can't be read, or that
    is none in a file, has no excerpt."""
    wanted: dict[str, set[int]] = {}
    for place in places:
        if place.file and place.line > 0:
            wanted.setdefault(place.file, set()).add(place.line)
    found: dict[Location, Excerpt] = {}
    for file in sorted(wanted):
        lines = _lines(root, file)
        for number in sorted(wanted[file]):
            if number <= len(lines):
                first = max(1, number - around)
                shown = tuple(line[:MAX_LINE] for line in lines[first - 1 : number + around])
                found[Location(file, number)] = Excerpt(file, number, first, shown)
    return found


def _lines(root: str, file: str) -> list[str]:
    """Empty for what lies outside the project, links that lead out of it included."""
    path = os.path.realpath(os.path.join(root, file))
    if os.path.commonpath([os.path.realpath(root), path]) != os.path.realpath(root):
        return []
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > MAX_FILE_BYTES:
            return []
        with open(path, "rb") as stream:
            return stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
