"""The tickets that the findings make, and which comes after which."""

from __future__ import annotations

from trueup.model.tickets import PHASES, Draft
from trueup.structs import Struct


class TicketView(Struct, frozen=True):
    """`after` are the names of the tickets that come before it."""

    name: str
    number: int
    title: str
    phase: str
    effort: str
    hours: float
    findings: int
    after: tuple[str, ...]
    text: str


Grouped = tuple[tuple[str, tuple[TicketView, ...]], ...]
"""Phases with their tickets."""


def ticket_views(drafts: tuple[Draft, ...]) -> Grouped:
    """By phase, in the order of the phases and of the numbers."""
    names = {draft.work.key: draft.name for draft in drafts}
    views = [
        TicketView(
            draft.name,
            draft.number,
            draft.title,
            draft.work.phase,
            draft.effort,
            draft.work.hours,
            len(draft.work.findings),
            tuple(sorted(names[key] for key in draft.work.needs if key in names)),
            draft.text,
        )
        for draft in drafts
    ]
    grouped = [
        (str(p), tuple(sorted((v for v in views if v.phase == p), key=lambda v: v.number))) for p in PHASES
    ]
    return tuple((phase, of_phase) for phase, of_phase in grouped if of_phase)
