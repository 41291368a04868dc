"""What `trueup baseline` changes, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trueup.model.acceptance import Accepted
from trueup.report.plain import counted, plain

if TYPE_CHECKING:
    from trueup.model.findings import Finding


def baseline_text(
    path: str,
    *,
    added: tuple[Finding, ...],
    renewed: tuple[Accepted, ...],
    expired: tuple[Accepted, ...],
    pruned: tuple[Accepted, ...],
    stale: tuple[Accepted, ...],
    kept: int,
    written: bool,
) -> str:
    """One line a change, then what was or would be written. `path` as the user knows it."""
    lines: list[str] = []
    lines.extend(f"  accepted   {f.code}  {f.message}" for f in added)
    lines.extend(_entries("renewed", renewed))
    lines.extend(_entries("expired", expired))
    lines.extend(_entries("taken out", pruned))
    lines.extend(_entries("not found", stale))
    entries = counted(kept + len(added), "entry", "entries")
    lines.append(f"{path}: {entries}, {len(added)} of them new.")
    if expired:
        lines.append(
            "Expired entries are told again as findings: --renew accepts them anew, for the same reason."
        )
    if stale:
        lines.append("Entries that no finding has any more stay: --prune takes them out.")
    lines.append("Written." if written else "Nothing was written: --write does.")
    return "".join(f"{plain(line)}\n" for line in lines)


def _entries(word: str, entries: tuple[Accepted, ...]) -> Iterator[str]:
    for one in entries:
        until = f", until {one.acceptance.expires}" if one.acceptance.expires else ""
        yield f"  {word:<9}  {one.code}  {one.subject}  ({one.acceptance.author}{until}: {one.acceptance.reason})"
