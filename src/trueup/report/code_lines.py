"""Lines of code under what is said of them, with a caret where it is meant, and places as links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.report.ansi import Line, Segment
from trueup.report.plain import plain
from trueup.report.showing import Showing

GUTTER = 8
"""Columns for the line's number and the rule beside it."""


def code_line(finding: Finding, showing: Showing, indent: int) -> Iterator[Line]:
    """The line of the finding's first place and, where its column is known or the subject stands in it, a caret below."""
    place = finding.locations[0] if finding.locations else None
    excerpt = showing.excerpts.get(Location(place.file, place.line)) if place else None
    if place is None or excerpt is None:
        return
    text = excerpt.lines[excerpt.line - excerpt.first]
    shown = plain(text.lstrip()).rstrip()
    if not shown:
        return
    room = max(showing.width - indent - GUTTER, 30) if showing.width else None
    cut = shown if room is None or _columns(shown) <= room else f"{_first(shown, room - 1)}…"
    lead: Segment = (" " * indent, "")
    yield (lead, (f"{place.line:>5} │ ", "dim"), (cut, ""))
    start, length = _meant(finding, place, text)
    before = _columns(plain(text.lstrip()[:start])) if length else 0
    if length and before + length <= _columns(cut):
        yield (lead, ("      │ ", "dim"), (" " * before, ""), ("^" * length, "bold"))


def _meant(finding: Finding, place: Location, text: str) -> tuple[int, int]:
    """Where in the line, without its indent, the caret stands, and how wide it is; no width where that is not known."""
    indent = len(text) - len(text.lstrip())
    for name in (finding.column, finding.index, finding.table, finding.model.rsplit("\\", 1)[-1]):
        found = re.search(rf"(?<![\w$]){re.escape(name)}(?!\w)", text) if name else None
        if found:
            return found.start() - indent, len(name)
    if indent < place.column <= len(text):
        return place.column - 1 - indent, 1
    return 0, 0


def _columns(text: str) -> int:
    """Columns of a terminal: wide letters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _first(text: str, room: int) -> str:
    while _columns(text) > room:
        text = text[:-1]
    return text


def place_lines(places: Sequence[Location], root: str, showing: Showing, indent: int) -> Iterator[Line]:
    """Places one after the other, broken between them, each a link to its file where the terminal has links."""
    known = [place for place in places if place.file]
    room = max(showing.width - indent, 30) if showing.width else None
    line: list[Segment] = [(" " * indent, "")]
    used = 0
    for number, place in enumerate(known):
        text = plain(str(place))
        if line[1:] and room is not None and used + len(text) + 1 > room:
            yield tuple(line)
            line, used = [(" " * indent, "")], 0
        separator = ", " if number + 1 < len(known) else ""
        line += [(text, f"dim{_link(place, root) if showing.links else ''}"), (separator, "dim")]
        used += len(text) + len(separator)
    if line[1:]:
        yield tuple(line)


def _link(place: Location, root: str) -> str:
    """The style of a link to the file, with its line as the fragment; none to what is no file of the project."""
    if "://" in place.file or place.file.startswith("/"):
        return ""
    return f" link=file://{quote(f'{root}/{place.file}')}" + (f"#{place.line}" if place.line else "")
