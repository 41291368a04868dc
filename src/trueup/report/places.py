"""Places for tools that look for files in a repository and take no finding without one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.locations import Location

STAND_IN = "composer.json"
"""Every project has it: the place of what is said of the project as a whole."""


def first_place(audit: Audit, finding: Finding, prefix: str) -> Location:
    """Where a tool shows the finding: its first place in a file of the repository, the first specification for a table that is
    nowhere, else composer.json. The line is 1 where a file as a whole is meant."""
    place = next(repository_places(finding.locations, prefix), None)
    if place is None:
        documents = [Location(d.path) for d in audit.facts.specification.documents]
        place = next(repository_places((*documents, Location(STAND_IN)), prefix), Location(STAND_IN))
    return Location(place.file, max(place.line, 1), place.column)


def repository_places(places: tuple[Location, ...], prefix: str) -> Iterator[Location]:
    """The places that are in files of the repository, relative to its root. A database or a file elsewhere is none."""
    for place in places:
        if not place.file or "://" in place.file or place.file.startswith("/"):
            continue
        path = posixpath.normpath(prefix + place.file)
        if path != ".." and not path.startswith("../"):
            yield Location(path, place.line, place.column)
