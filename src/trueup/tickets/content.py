"""What a ticket says, section by section, before any template gives it a shape. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.model.audit import Audit
from trueup.model.remedies import Remedy
from trueup.model.tickets import PHASES, Phase, Work
from trueup.structs import Struct, field


class Entry(Struct, frozen=True):
    """A line of a "Related ..." list: a path (with lines), and what it is to this ticket."""

    path: str
    text: str


class Content(Struct, frozen=True):
    """All Markdown already. `description`, `notes`, `risks` and `rollback` are blocks, set apart by blank lines."""

    title: str
    description: tuple[str, ...]
    documents: tuple[Entry, ...]
    files: tuple[Entry, ...]
    tests: tuple[Entry, ...]
    criteria: tuple[str, ...]
    prompt: tuple[str, ...]
    risks: tuple[str, ...]
    rollback: tuple[str, ...]
    notes: tuple[str, ...]
    effort: str
    dependencies: tuple[str, ...]


class Setting(Struct, frozen=True):
    """What all tickets of one audit share. `command` audits the project again ("trueup audit docs/x.md"), from its root; `names`
    is what tickets are called in dependencies, by a work's key; `paths` where they are. `works` are all of them, by key."""

    audit: Audit
    command: str
    names: Mapping[str, str]
    paths: Mapping[str, str]
    works: Mapping[str, Work]
    remedies: tuple[Remedy, ...] = ()
    effort_hint: str = ""
    template: str = ""
    folders: Mapping[Phase, str] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)
    """Id of a remedy → key of the work that it is made for."""

    def name(self, key: str) -> str:
        return self.names.get(key, key)

    def remedies_of(self, work: Work) -> tuple[Remedy, ...]:
        """Those that belong to the work: they are made for a finding of it, in the order given."""
        return tuple(r for r in self.remedies if self.homes.get(r.id) == work.key)

    def mended_elsewhere(self, work: Work) -> Mapping[str, tuple[Remedy, str]]:
        """Findings of the work that a remedy of another one mends by the way: id → that remedy, and the other work's key."""
        own = {finding.id for finding in work.findings}
        found: dict[str, tuple[Remedy, str]] = {}
        for remedy in self.remedies:
            home = self.homes.get(remedy.id, "")
            if remedy.offered and home and home != work.key:
                found |= {i: (remedy, home) for i in remedy.finding_ids if i in own}
        return found

    def tests_of(self, work: Work) -> tuple[Work, ...]:
        """The works that test what this one mends."""
        own = {finding.id for finding in work.findings}
        covering = (w for w in self.works.values() if own & {f.id for f in w.covers})
        return tuple(sorted(covering, key=lambda w: (PHASES.index(w.phase), w.key)))


def content_of(setting: Setting, work: Work) -> Content:
    """What the ticket of a work says."""
    from trueup.tickets.around import around
    from trueup.tickets.demanding import criteria, prompt
    from trueup.tickets.describing import description
    from trueup.tickets.effort import shown_hours, size_of
    from trueup.tickets.relating import documents, files, tests
    from trueup.tickets.risking import notes, risks, rollback
    from trueup.tickets.titles import title_of

    near = around(setting.audit, work)
    return Content(
        title=title_of(work),
        description=description(setting, work, near),
        documents=documents(setting, work, near),
        files=files(setting, work, near),
        tests=tests(setting, work, near),
        criteria=criteria(setting, work, near),
        prompt=prompt(setting, work),
        risks=risks(setting, work),
        rollback=rollback(setting, work),
        notes=notes(setting, work, near),
        effort=f"{size_of(work.hours, setting.effort_hint)}: about {shown_hours(work.hours)}",
        dependencies=tuple(_dependency(setting, work, key) for key in work.needs),
    )


def _dependency(setting: Setting, work: Work, key: str) -> str:
    """ "1010-create-ai-user-budgets: Create the table ai_user_budgets"."""
    from trueup.tickets.titles import title_of

    return f"{setting.name(key)} - {title_of(setting.works[key])}"
