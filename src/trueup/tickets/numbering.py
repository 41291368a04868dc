"""Numbers of tickets: the first of the phase's range that no ticket in any of the folders bears. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from trueup.model.tickets import ExistingFile, Phase, PhaseFolder
from trueup.structs import Struct

ROOM = 10
"""Places of the last range, which has no end of its own, where there is no other range to go by."""

BESIDE = (".proposed.md", ".plan.md", ".report.md")
"""Ends of names of files beside a ticket, which bear its number."""

_IN_NAME = re.compile(r"(?:[A-Za-z]{1,10}-)?(\d{1,7})(?=[-_. ])")
_ID_LINE = re.compile(
    r"(?im)^[ \t>*_-]*+(?:ticket\s++)?id[\s*_]*+:[\s*_]*+(?:[^\n/]*/)?(?:[A-Za-z]{1,10}-)?(\d{1,7})(?=[-_\s]|$)"
)


class Taken(Struct, frozen=True):
    """A number that a ticket bears: the one in its file's name, else the one in its id. `inside`: an id that says another number
    than the name, as renamed files have it; that number is not taken."""

    number: int
    path: str
    inside: bool = False


class Range(Struct, frozen=True):
    """The numbers of a phase: from `first` to `last`, both included; `last` None for the last one, which is open."""

    phase: Phase
    first: int
    last: int | None


def taken_numbers(files: Iterable[ExistingFile]) -> tuple[Taken, ...]:
    """Sorted by number and path. A proposal beside a ticket bears its ticket's number."""
    found: set[tuple[int, str, bool]] = set()
    for file in files:
        name = file.path.rsplit("/", 1)[-1]
        if name.endswith(BESIDE):
            continue
        in_name = _IN_NAME.match(name)
        if in_name:
            found.add((int(in_name[1]), file.path, False))
        inside = _ID_LINE.search(file.text[:4000]) if file.text else None
        if inside and (in_name is None or inside[1] != in_name[1]):
            found.add((int(inside[1]), file.path, in_name is not None))
    return tuple(Taken(*entry) for entry in sorted(found))


def twice(taken: Iterable[Taken]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Numbers that the names of two or more files bear, with these."""
    by_number: dict[int, list[str]] = {}
    for entry in taken:
        if not entry.inside:
            by_number.setdefault(entry.number, []).append(entry.path)
    return tuple((number, tuple(paths)) for number, paths in sorted(by_number.items()) if len(paths) > 1)


def ranges(folders: Sequence[PhaseFolder]) -> tuple[Range, ...]:
    """Of the phases that have a first number, by number."""
    ordered = sorted((f.first, f.phase) for f in folders if f.first is not None)
    ends = [following[0] - 1 for following in ordered[1:]]
    return tuple(
        Range(phase, first, ends[n] if n < len(ends) else None) for n, (first, phase) in enumerate(ordered)
    )


def after_ranges(spans: Sequence[Range]) -> int:
    """The first number after all ranges: the last one is given as much room as the widest of the others."""
    if not spans:
        return 1
    widest = max((s.last - s.first + 1 for s in spans if s.last is not None), default=ROOM)
    return spans[-1].first + max(widest, ROOM)


class Numbers:
    """Gives out numbers, each once."""

    def __init__(
        self, folders: Sequence[PhaseFolder], taken: Iterable[Taken], kept: Iterable[int] = ()
    ) -> None:
        self.spans = ranges(folders)
        self.used = {entry.number for entry in taken if not entry.inside} | set(kept)

    def next(self, phase: Phase) -> int:
        """The next free number of the phase."""
        span = next((s for s in self.spans if s.phase == phase), None)
        within = self._free(span.first, span.last) if span else None
        if within is None:
            within = self._free(after_ranges(self.spans), None)
            assert within is not None, "the numbers after all ranges have no end"
        self.used.add(within)
        return within

    def _free(self, first: int, last: int | None) -> int | None:
        return next((n for n in _count(first, last) if n not in self.used), None)


def _count(first: int, last: int | None) -> Iterator[int]:
    number = first
    while last is None or number <= last:
        yield number
        number += 1


def told(
    spans: Sequence[Range], taken: Sequence[Taken], given: Mapping[Phase, Sequence[int]]
) -> tuple[str, ...]:
    """What a reader must know of the numbers: which phases outgrow their ranges, and why. `taken` by tickets that are not ours;
    `given` are the numbers of ours, old and new."""
    notes = []
    for span in spans:
        outside = sorted(
            n
            for n in given.get(span.phase, ())
            if n < span.first or (span.last is not None and n > span.last)
        )
        if outside and span.last is not None:
            here = {t.number for t in taken if not t.inside and span.first <= t.number <= span.last}
            why = f"has {span.last - span.first + 1} numbers, {span.first}-{span.last}"
            if here:
                why += f", {len(here)} of them taken by other tickets"
            shown = f"{outside[0]}-{outside[-1]}" if len(outside) > 1 else f"{outside[0]}"
            notes.append(
                f"{span.phase} {why}; {len(outside)} of its {len(given[span.phase])} tickets go on after all ranges, at {shown}"
            )
    stale = [t for t in taken if t.inside and any(t.number in numbers for numbers in given.values())]
    if stale:
        first = stale[0]
        notes.append(
            f"{len({t.number for t in stale})} of the new numbers stand as ids inside files whose names bear others "
            f"({first.number} in {first.path}); the name counts"
        )
    return tuple(notes)
