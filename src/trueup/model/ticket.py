"""What an audit ticket asks for."""

from __future__ import annotations

from trueup.model.locations import NOWHERE, Gap, Location
from trueup.structs import Struct


class TicketLink(Struct, frozen=True):
    """An entry of a "Related ..." list or another path in the ticket. `path` is relative to the project root; globs and folders are
    allowed. `exists` is None where the entry names no path ("Laravel Migration documentation")."""

    text: str
    path: str | None
    list: str
    at: Location
    checked: bool = False
    exists: bool | None = None
    matches: int = 0
    nearest: str | None = None
    """An existing path that is probably meant, where `path` does not exist."""
    planned: bool = False
    """The ticket says that the path is still to be made, or gives a pattern for new files ("[new]_create_x.php"): that it does not
    exist is no fault."""


class Criterion(Struct, frozen=True):
    """An acceptance criterion. `topic` is what it asks about, as a stable word: "inventory", "compliance", "migrations",
    "models", "performance", "gap-analysis", "recommendations", "tickets", "template", "numbering", "factories", "tests",
    "capability" or "" where it can't be told."""

    text: str
    at: Location
    checked: bool = False
    topic: str = ""


class TicketPhase(Struct, frozen=True):
    """Where tickets of one phase go and the first number to use."""

    name: str
    folder: str
    first_number: int | None
    at: Location = NOWHERE


class Ticket(Struct, frozen=True):
    path: str
    id: str = ""
    title: str = ""
    status: str = ""
    date: str = ""
    description: str = ""
    questions: tuple[str, ...] = ()
    """What "the audit must determine", one line each."""
    tables: tuple[str, ...] = ()
    links: tuple[TicketLink, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    template: TicketLink | None = None
    phases: tuple[TicketPhase, ...] = ()
    dependencies: tuple[str, ...] = ()
    prompt: str = ""
    effort: str = ""
    notes: str = ""
    sections: tuple[tuple[str, int], ...] = ()
    """Every heading with its line, in order."""
    gaps: tuple[Gap, ...] = ()
    """What the ticket says in two ways (kind "contradiction": a phase's first number in the criteria and in the prompt), or what
    was too long to be read ("limit")."""
