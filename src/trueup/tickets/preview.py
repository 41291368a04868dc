"""What would be written, as a person reviews it: every file with what happens to it, or the whole texts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trueup.model.tickets import PHASES, Change, Draft, PhaseFolder
from trueup.report.plain import counted, plain
from trueup.tickets.effort import shown_hours

DEEDS = {
    "create": "new",
    "update": "update",
    "propose": "propose",
    "close": "close",
    "withdraw": "delete",
    "keep": "as it is",
}


def preview(
    drafts: Sequence[Draft],
    changes: Sequence[Change],
    folders: Sequence[PhaseFolder],
    notes: Sequence[str],
    digest: str,
) -> str:
    """Text for a terminal."""
    pending = [c for c in changes if c.action != "keep"]
    lines = [_head(drafts, changes, pending, digest)]
    paths = {folder.phase: folder.path for folder in folders}
    for phase in PHASES:
        own = [d for d in drafts if d.work.phase == phase]
        if own:
            hours = shown_hours(sum(d.work.hours for d in own))
            lines += [
                "",
                f"{phase} ({counted(len(own), 'ticket')}, {hours}) in {paths.get(phase, 'no folder')}/",
            ]
            lines += [_line(d, changes, drafts) for d in own]
    written = {d.path for d in drafts}
    others = [c for c in pending if c.path not in written]
    if others:
        lines += ["", "Besides"]
        lines += [f"  {DEEDS[c.action]:8} {c.path}{f': {c.why}' if c.why else ''}" for c in others]
    if notes:
        lines += ["", *(f"Note: {note}." for note in notes)]
    return "\n".join(plain(line) for line in lines) + "\n"


def _head(drafts: Sequence[Draft], changes: Sequence[Change], pending: Sequence[Change], digest: str) -> str:
    if not changes:
        return f"{counted(len(drafts), 'ticket')} would follow; only an audit ticket says into which folders they go."
    if not pending:
        return f"Nothing to write: {counted(len(drafts), 'ticket')} and their indexes are as they should be."
    return f"{counted(len(pending), 'file')} to write for {counted(len(drafts), 'ticket')}; an approval holds for {digest}."


def _line(draft: Draft, changes: Sequence[Change], drafts: Sequence[Draft]) -> str:
    change = next((c for c in changes if c.path == draft.path), None)
    deed = DEEDS[change.action] if change else "" if not changes else "left out"
    why = (
        f" ({change.why})"
        if (change and change.action == "update") or (change and "edited" in change.why)
        else ""
    )
    numbers = [str(d.number) for key in draft.work.needs for d in drafts if d.work.key == key]
    after = f", after {', '.join(numbers)}" if numbers else ""
    return f"  {deed:8} {draft.number} {draft.title} [{shown_hours(draft.work.hours)}{after}]{why}"


def whole(drafts: Sequence[Draft]) -> str:
    """The texts of all tickets, one after another, each under a line with its path."""
    return "\n".join(f"<!-- {d.path} -->\n\n{d.text}" for d in drafts)


def choice_list(drafts: Sequence[Draft], changes: Sequence[Change]) -> str:
    """A list to be edited: one line a new ticket; what is deleted or begins with "skip" is left out."""
    return (
        "\n".join([*_explained(), *(f"write {d.number} {d.title}" for d in new_drafts(drafts, changes))])
        + "\n"
    )


def _explained() -> Iterator[str]:
    yield "# One line for each new ticket. Delete a line, or write skip for write, to leave the ticket out this time."
    yield "# Save and close to go on; lines that begin with # do not count."


def new_drafts(drafts: Sequence[Draft], changes: Sequence[Change]) -> list[Draft]:
    created = {c.path for c in changes if c.action == "create"}
    return [d for d in drafts if d.path in created]


def left_out(edited: str, drafts: Sequence[Draft], changes: Sequence[Change]) -> frozenset[str]:
    """The keys of the new tickets that the edited list no longer asks to write."""
    kept = {
        line.split()[1] for line in edited.split("\n") if line.startswith("write ") and len(line.split()) > 1
    }
    return frozenset(d.work.key for d in new_drafts(drafts, changes) if str(d.number) not in kept)
