"""The rules by which a ticket wants further tickets made: template, folder per phase, first number per phase.

Said in the acceptance criteria ("Creation of Cleanup phase tickets in: docs/.../Cleanup/", "1023+ for Cleanup"), in the prompt
("Cleanup Tickets: docs/.../Cleanup/ (numbering 1023+)"), or in both; the criteria win, and where the two differ that is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trueup.model.locations import Gap, Location
from trueup.model.ticket import TicketPhase
from trueup.sources.ticket.paths import FoundPath, find_paths
from trueup.structs import Struct

_PHASE = r"[A-Z][A-Za-z]{0,40}(?:[ -][A-Za-z]{1,40}){0,3}"
_CREATION = re.compile(
    rf"(?i:creation of|create|created?)\s+(?i:all\s+|new\s+"
    rf"|the\s+)*(?P<name>{_PHASE}?)(?i:\s+phase)?\s+(?i:tickets?)\s+(?i:in|under|at)\b:?"
)
_PLACED = re.compile(rf"(?:^|[-*•]\s+)(?P<name>{_PHASE}?)(?i:\s+phase)?\s+(?i:tickets?)\s*:")
_NUMBER_FOR = re.compile(
    rf"(?P<number>\d{{1,7}})\s*(?:\+|-\s*\d+|(?i:and up|onwards?))\s+(?i:for)\s+(?P<name>{_PHASE})"
)
_FOR_NUMBER = re.compile(
    rf"(?P<name>{_PHASE})\s*+(?:\([^)]{{0,200}}+\)\s*+)?[:=]\s*+(?:(?i:numbering|starting at|from"
    rf"|starts? at)\s++)?(?P<number>\d{{2,7}})\s*+\+"
)
_IN_BRACKETS = re.compile(
    r"\((?i:number(?:ing|ed)?|numbers?|starting at|from)[^)\d]{0,20}(?P<number>\d{1,7})\s*\+?"
)
_TEMPLATE = re.compile(r"(?i:\btemplate\b)")
_LEAVING = re.compile(r"(?<![\w./~-])(?:\.{1,2}|~)?/[^\s`'\")]+")
"""A path from elsewhere than the project's root ("../../x/", "/tmp/x/"): no path of the project, but what the ticket says."""


class Line(Struct, frozen=True):
    """A line of the ticket in which a rule may stand. `prompt`: it stands in the prompt."""

    text: str
    number: int
    prompt: bool


class _Said(Struct, frozen=True):
    name: str
    value: str
    line: Line


def read_phases(lines: Iterable[Line], file: str) -> tuple[tuple[TicketPhase, ...], tuple[Gap, ...]]:
    """The phases in the order in which the ticket first speaks of them, and its contradictions."""
    folders: list[_Said] = []
    numbers: list[_Said] = []
    for line in lines:
        folders.extend(_folders(line))
        numbers.extend(_numbers(line))
    names = list(dict.fromkeys(s.name.lower() for s in (*folders, *numbers)))
    phases = [_phase(name, folders, numbers, file) for name in names]
    gaps = [
        g
        for said, what in ((folders, "folder"), (numbers, "first number"))
        for g in _contradictions(said, what, names, file)
    ]
    return tuple(phases), tuple(sorted(gaps))


def template_line(lines: Iterable[Line]) -> tuple[str, Line] | None:
    """The path of the ticket template and the line that names it."""
    for line in sorted(lines, key=lambda n: n.prompt):
        named = _TEMPLATE.search(line.text)
        if named:
            paths = [p for p in _paths(line.text) if p.path.lower().endswith((".md", ".markdown", ".txt"))]
            best = next((p for p in paths if "template" in p.path.lower()), None) or next(
                (p for p in paths if p.offset > named.end()), None
            )
            if best:
                return best.path, line
    return None


def _paths(text: str) -> list[FoundPath]:
    """Paths in a line that must name one, those that leave the project included, in order."""
    found = list(find_paths(text))
    leaving = [FoundPath(m[0].rstrip(".,;:"), m.start()) for m in _LEAVING.finditer(text)]
    inside = [p for p in found if not any(v.offset <= p.offset < v.offset + len(v.path) for v in leaving)]
    return sorted((*inside, *leaving), key=lambda p: p.offset)


def _folders(line: Line) -> Iterator[_Said]:
    match = _CREATION.search(line.text) or _PLACED.search(line.text)
    if match:
        path = next((p for p in _paths(line.text) if p.offset >= match.end() - 1), None)
        if path and not path.path.lower().endswith(".md"):
            yield _Said(match["name"], path.path, line)


def _numbers(line: Line) -> Iterator[_Said]:
    found = False
    for pattern in (_NUMBER_FOR, _FOR_NUMBER):
        for match in pattern.finditer(line.text):
            found = True
            yield _Said(re.sub(r"(?i)(?<!\s)\s++(phase|tickets?)$", "", match["name"]), match["number"], line)
    placed = _PLACED.search(line.text) or _CREATION.search(line.text)
    bracket = _IN_BRACKETS.search(line.text)
    if placed and bracket and not found:
        yield _Said(placed["name"], bracket["number"], line)


def _first(name: str, said: list[_Said]) -> _Said | None:
    of_name = [s for s in said if s.name.lower() == name]
    return min(of_name, key=lambda s: s.line.prompt, default=None)


def _phase(name: str, folders: list[_Said], numbers: list[_Said], file: str) -> TicketPhase:
    folder, number = _first(name, folders), _first(name, numbers)
    first = folder or number
    written = first.name if first else name
    line = first.line.number if first else 0
    return TicketPhase(
        written, folder.value if folder else "", int(number.value) if number else None, Location(file, line)
    )


def _contradictions(said: list[_Said], what: str, names: list[str], file: str) -> Iterator[Gap]:
    for name in names:
        used = _first(name, said)
        for other in said:
            if used and other.name.lower() == name and other.value.rstrip("/") != used.value.rstrip("/"):
                reason = f"{what} of phase {used.name}: {other.value} here, {used.value} in line {used.line.number}, which is used"
                yield Gap(
                    Location(file, other.line.number), reason, "contradiction", other.line.text.strip()[:120]
                )
