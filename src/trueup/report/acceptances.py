"""What was accepted and is not told, in a few lines: counted, never silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trueup.model.acceptance import ORIGINS, Accepted, Origin
from trueup.model.audit import Audit
from trueup.report.plain import counted, listed

SOURCES: dict[Origin, str] = {
    "comment": "by comments in the code",
    "configuration": "by the configuration",
    "baseline": "in the baseline",
}


def acceptance_lines(audit: Audit) -> list[str]:
    """Lines for the end of a report: accepted findings by where that is written, acceptances that have expired, entries that
    nothing has any more, and what a change took away."""
    return list(_lines(audit))


def _lines(audit: Audit) -> Iterator[str]:
    if audit.change:
        before, after = audit.change.before, audit.change.after or "the work tree"
        yield (
            f"Only what {before}..{after} brings in is told: {counted(audit.change.stayed, 'finding')} "
            f"{'was' if audit.change.stayed == 1 else 'were'} there before, {len(audit.change.gone)} "
            f"{'is' if len(audit.change.gone) == 1 else 'are'} gone."
        )
    counts = Counter(s.acceptance.by for s in audit.suppressed)
    parts = [f"{counts[by]} {SOURCES[by]}" for by in ORIGINS if counts[by]]
    if parts:
        yield f"{counted(len(audit.suppressed), 'accepted finding')} not told: {listed(parts)}."
    for entry in audit.expired:
        by = f"accepted by {entry.acceptance.author} until {entry.acceptance.expires}"
        yield f"No longer accepted: {_entry(entry)}, {by}: {entry.acceptance.reason}"
    if audit.stale:
        few = len(audit.stale) == 1
        yield (
            f"{counted(len(audit.stale), 'entry', 'entries')} of the baseline {'has' if few else 'have'} no finding any more: "
            f"trueup baseline --prune --write takes {'it' if few else 'them'} out."
        )


def _entry(entry: Accepted) -> str:
    return f"{entry.code} {entry.subject}".rstrip()
