"""Pieces of work that findings ask for, and the tickets that say so. Nouns only."""

from __future__ import annotations

from typing import Literal, get_args

from trueup.model.findings import Finding
from trueup.structs import Struct

Phase = Literal["Implementation", "Cleanup", "Test Implementation", "Test Cleanup"]
PHASES: tuple[Phase, ...] = get_args(Phase)


class Work(Struct, frozen=True):
    """One piece of work that one person finishes in one go.

    `key` is stable: kind and subject, never a line or a number ("shape ai_budget_alerts"). `tables` are those that it is about,
    by the names that the code uses (the required one where the table is missing). `findings` are gone when the work is done;
    `covers` are findings of other works whose mending it tests. `needs` are the keys of the works that come before it: together
    they form no cycle."""

    key: str
    phase: Phase
    kind: str
    tables: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    covers: tuple[Finding, ...] = ()
    needs: tuple[str, ...] = ()
    hours: float = 0.0


class PhaseFolder(Struct, frozen=True):
    """Where the tickets of a phase go: `path` relative to the project root without a slash at the end; `first` is the number that
    the audit ticket gives, or None."""

    phase: Phase
    path: str
    first: int | None = None


class ExistingFile(Struct, frozen=True):
    """A Markdown file in one of the folders. `path` is relative to the root. `text` is None where it could not be read."""

    path: str
    text: str | None


class Draft(Struct, frozen=True):
    """A ticket as it should be. `text` ends with a line break and has no mark of ours yet."""

    work: Work
    number: int
    slug: str
    path: str
    title: str
    text: str
    effort: str = ""

    @property
    def name(self) -> str:
        """What other tickets call it: "1010-create-ai-user-budgets"."""
        return self.path.rsplit("/", 1)[-1].removesuffix(".md")


Action = Literal["create", "update", "propose", "close", "keep", "withdraw"]


class Change(Struct, frozen=True):
    """What is to happen to one file. "keep": nothing, it is as it should be; "propose": a person has edited the ticket, so what
    would be written goes into the file beside it, `path`; "withdraw": a proposal of ours that is no longer needed is deleted.
    `before` is what the file holds now (None: it is not there), `after` what it shall hold (None: it is deleted). `about` is the
    ticket's own path where `path` is that of a proposal."""

    action: Action
    path: str
    before: str | None
    after: str | None
    title: str = ""
    why: str = ""
    about: str = ""
