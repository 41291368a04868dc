"""What the looks of a report depend on beside the audit itself."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.model.excerpts import Excerpt
from trueup.model.locations import Location
from trueup.model.names import SEVERITIES, Severity
from trueup.structs import Struct, field


class Showing(Struct, frozen=True):
    """`width` of the terminal in columns (None: lines are not broken), whether it has colours and links. `prefix` is the project's
    folder within its repository, "" or with a slash at the end. `failing` are the severities that make the command fail.
    `target` is what the command was given, for commands to type next; `version` is Trueup's own."""

    width: int | None = None
    color: bool = False
    links: bool = False
    prefix: str = ""
    failing: tuple[Severity, ...] = SEVERITIES[:1]
    target: str = "."
    version: str = ""
    excerpts: Mapping[Location, Excerpt] = field(default_factory=dict)


PLAIN = Showing()
"""For pipes and files."""
