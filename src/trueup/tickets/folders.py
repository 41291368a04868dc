"""Which folders the audit ticket gives to the phases, and what is in them. Reads, never writes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from trueup.errors import Mistake, UserError
from trueup.model.ticket import Ticket, TicketPhase
from trueup.model.tickets import PHASES, ExistingFile, Phase, PhaseFolder
from trueup.sources.markdown.words import label

MAX_BYTES = 2_000_000


def phase_named(name: str) -> Phase | None:
    """One of our phases, from a ticket's words for it: "Test Cleanup", "Implementation"."""
    words = label(name)
    if "test" in words:
        return "Test Cleanup" if "clean" in words else "Test Implementation"
    return "Cleanup" if "clean" in words else "Implementation" if "implement" in words else None


def phase_folders(ticket: Ticket, root: str) -> tuple[tuple[PhaseFolder, ...], tuple[str, ...]]:
    """A folder a phase, in the order of our phases, and what must be said of it. A folder of no known phase takes what has none.

    Raises UserError for each folder that is not inside the project."""
    named = {phase_named(p.name): p for p in reversed(ticket.phases) if p.folder}
    numbers = {
        phase_named(p.name): p.first_number for p in reversed(ticket.phases) if p.first_number is not None
    }
    _refuse_outside(ticket, root, named.values())
    folders, notes = [], []
    other = named.get(None)
    for phase in PHASES:
        given = named.get(phase) or other
        if given is None:
            notes.append(f"the ticket names no folder for {phase} tickets, so none of them is written")
        else:
            folders.append(
                PhaseFolder(phase, os.path.normpath(given.folder), numbers.get(phase, numbers.get(None)))
            )
    return tuple(folders), tuple(notes)


def _refuse_outside(ticket: Ticket, root: str, phases: Iterable[TicketPhase]) -> None:
    wrong = [
        Mistake(
            str(phase.at),
            f"the folder '{phase.folder}' of phase {phase.name or 'tickets'} is not inside the project",
            "a folder below the project's root",
        )
        for phase in phases
        if not is_inside(root, phase.folder)
    ]
    template = ticket.template
    if template and template.path and not is_inside(root, template.path):
        wrong.append(
            Mistake(
                str(template.at),
                f"the template '{template.path}' is not inside the project",
                "a file of the project",
            )
        )
    if wrong:
        raise UserError(*wrong)


def is_inside(root: str, path: str) -> bool:
    """Whether a path relative to the root, symbolic links followed, is below it (not the root itself)."""
    base = os.path.realpath(root)
    full = os.path.realpath(os.path.join(base, path))
    return not os.path.isabs(path) and full != base and full.startswith(base.rstrip(os.sep) + os.sep)


def read_folders(root: str, folders: Sequence[PhaseFolder]) -> tuple[ExistingFile, ...]:
    """Every Markdown file directly in the folders, sorted by path."""
    found: dict[str, ExistingFile] = {}
    for folder in folders:
        full = os.path.join(root, folder.path)
        for name in sorted(os.listdir(full)) if os.path.isdir(full) else ():
            path = f"{folder.path}/{name}"
            if name.lower().endswith((".md", ".markdown")) and os.path.isfile(os.path.join(root, path)):
                found[path] = ExistingFile(path, _text(os.path.join(root, path)))
    return tuple(found[path] for path in sorted(found))


def _text(path: str) -> str | None:
    try:
        if os.path.getsize(path) > MAX_BYTES:
            return None
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
