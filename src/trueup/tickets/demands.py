"""What the audit ticket's prompt demands, point by point, and what the plan answers to each. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from trueup.model.audit import Audit
from trueup.model.tickets import PHASES, Draft, PhaseFolder, Work
from trueup.report.markdown import code, escape
from trueup.report.plain import counted, listed
from trueup.report.queries import coverage
from trueup.structs import Struct
from trueup.tickets.describing import SERVERS
from trueup.tickets.effort import shown_hours
from trueup.tickets.template import Template


class Prospect(Struct, frozen=True):
    """What the plan knows: the audit as a dry run came to it, and the works and tickets that would follow. `report` is where the
    report goes; `next_command` what is to be typed after the review."""

    audit: Audit
    works: tuple[Work, ...]
    drafts: tuple[Draft, ...]
    folders: tuple[PhaseFolder, ...]
    template: Template
    command: str
    report: str
    next_command: str
    notes: tuple[str, ...] = ()


class Demand(Struct, frozen=True):
    """A numbered line of the prompt. `topics` are what it asks about, in the order in which they are answered."""

    number: int
    text: str
    topics: tuple[str, ...]


_ALONE = (
    ("pause", r"\b(pause|wait)\b.*\breview|\breview\b.*\bbefore\b"),
    ("depth", r"\beach\b.*\bticket\b.*\b(comprehensive|detailed|full)"),
)
_TOPICS = (
    ("tasks", r"\btask list\b|\btasks\b"),
    ("comparing", r"\bcompar"),
    ("migrations", r"\bmigration"),
    ("models", r"\bmodel"),
    ("performance", r"\bperforman|\bindex(?:es|ing)?\b"),
    ("gaps", r"\bgaps?\b"),
    ("tickets", r"\bphases?\b|\btickets\b"),
    ("dependencies", r"\bdependenc|\bprerequisite|\border of execution\b"),
    ("risks", r"\brisks?\b|\bchallenges?\b"),
)  # fmt: skip
_NUMBERED = re.compile(r"^\s*+(\d{1,3})[.)]\s++(.+)$")


def demands(prompt: str) -> tuple[Demand, ...]:
    """The numbered lines of a prompt, in order."""
    found = [m for line in prompt.split("\n") if (m := _NUMBERED.match(line))]
    return tuple(Demand(int(m[1]), m[2].strip(), _topics(m[2])) for m in found)


def _topics(text: str) -> tuple[str, ...]:
    alone = next((topic for topic, pattern in _ALONE if re.search(pattern, text, re.IGNORECASE)), None)
    if alone:
        return (alone,)
    found = [topic for topic, pattern in _TOPICS if re.search(pattern, text, re.IGNORECASE)]
    if found[:1] == ["tasks"]:
        return ("tasks",)
    return tuple(t for t in found if t != "tickets" or len(found) == 1) or tuple(found)


def answer(demand: Demand, prospect: Prospect) -> Iterator[str]:
    """Blocks of Markdown. What is not understood is said to be so."""
    if not demand.topics:
        yield "None of the audit's parts answers this by itself; it is left to the reviewer, who can write the answer here."
    for topic in demand.topics:
        yield from ANSWERS[topic](prospect)


# The answers, each made of what is there.


def _tasks(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    required = len(facts.comparison.pairs)
    steps = [
        (
            f"Read {counted(len(facts.specification.documents), 'document')} and take "
            f"{counted(required, 'required table')} from "
            f"{'it' if len(facts.specification.documents) == 1 else 'them'}"
        ),
        f"Replay {counted(len(facts.migrations), 'migration')} for {SERVERS[p.audit.driver]} ({escape(p.audit.driver_why)})",
        (
            f"Pair the required tables with the {counted(len(facts.schema.tables), 'table')} that the "
            "migrations build, renamed ones included"
        ),
        (
            "Compare every column, type, default, index and key of the "
            f"{counted(sum(1 for x in facts.comparison.pairs if x.existing), 'pair')}"
        ),
        (
            f"Judge {counted(len([m for m in facts.eloquent.models if not m.abstract]), 'model')} and "
            f"{counted(len(facts.eloquent.factories), 'factory', 'factories')} against their tables"
        ),
        f"Follow {counted(facts.queries.total, 'query site')} to tables and columns, and look for what is not there",
        (
            f"Look through {counted(len(facts.eloquent.tests), 'test file')} for tables without tests, copies "
            "of the schema, and the server they run on"
        ),
        (
            f"Write the report to {code(p.report)} and answer "
            f"{counted(len(facts.ticket.criteria) if facts.ticket else 0, 'acceptance criterion', 'acceptance criteria')}"
        ),
        f"Group what was found into tickets (about {len(p.drafts)}), show them, and write them when they are approved",
    ]
    yield "\n".join(f"- [ ] {step}" for step in steps)


def _comparing(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    documents = listed([code(d.path) for d in facts.specification.documents]) or "no document: none was found"
    yield f"The required side is read from {documents}. {escape(facts.specification.precedence)}".strip()
    rows = [
        (
            f"{code(x.required.name)} (from {code(str(x.required.at))}, "
            f"{counted(len(x.required.columns), 'column')}) against "
            f"{code(x.existing.name) if x.existing else 'nothing of that name, or near it'}"
        )
        for x in facts.comparison.pairs
    ]
    yield "\n".join(f"- {row}" for row in rows) or "- Nothing is required, so only what exists is judged."
    yield (
        f"Types are compared by the values that {SERVERS[p.audit.driver]} takes, not by their names; a "
        f"table counts as renamed from a score of {facts.comparison.threshold:.2f} on."
    )


def _migrations(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    folders = listed([code(f.path) for f in facts.project.migration_folders]) or "no folder"
    version = (
        f"Laravel {facts.project.framework_version}" if facts.project.framework_version else "the framework"
    )
    yield (
        f"{counted(len(facts.migrations), 'migration')} in {folders} are carried out on an empty "
        f"{SERVERS[p.audit.driver]} schema as {version} would, then rolled back one by one: a statement "
        "that the server would refuse, or a `down()` that leaves something behind, is a finding with its "
        "line."
    )


def _models(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    models = [m for m in facts.eloquent.models if not m.abstract]
    without = [row.table for row in p.audit.inventory if row.status != "extra" and not row.model]
    missing = f" Required tables without a model: {listed([code(t) for t in without])}." if without else ""
    relations = sum(len(m.relations) for m in models)
    yield (
        f"{counted(len(models), 'model')} with {counted(relations, 'relation')}: table, key, `$fillable`, "
        "casts, timestamps, soft deletes and both ends of every relation are held against the "
        f"schema.{missing}"
    )


def _performance(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    required = sum(1 for x in facts.comparison.pairs for i in x.required.indexes if not i.primary)
    made = sum(len(t.indexes) for t in facts.schema.tables)
    yield (
        f"{counted(required, 'required index', 'required indexes')} against "
        f"{counted(made, 'index', 'indexes')} that the migrations make, by what an index serves and not "
        f"by its name; and {escape(coverage(facts.queries))}. No query is run: times and plans need a "
        "database with rows like those of production."
    )


def _gaps(p: Prospect) -> Iterator[str]:
    yield (
        f"The gaps are laid out in {code(p.report)}: errors, warnings, remarks; each with code, subject, what is "
        "expected and what is found, file and line, remedy, effort, and an id that survives moved lines. "
        "Before them come the inventory, a matrix table by table and column by column, migrations and "
        f"models; after them what could not be told ({counted(len(p.audit.cannot_tell), 'question')}, "
        f"{counted(len(p.audit.gaps), 'place')} not understood)."
    )


def _tickets(p: Prospect) -> Iterator[str]:
    for phase in PHASES:
        own = [d for d in p.drafts if d.work.phase == phase]
        if own:
            hours = shown_hours(sum(d.work.hours for d in own))
            yield f"**{phase}**, about {counted(len(own), 'ticket')}, {hours}:"
            yield "\n".join(f"- {d.number} {escape(d.title)}" for d in own)
        else:
            yield f"**{phase}**: nothing to do, as far as a dry run tells."


def _depth(p: Prospect) -> Iterator[str]:
    source = code(p.template.path) if p.template.path else "the built-in template"
    headings = listed([part.title for part in p.template.parts])
    yield (
        f"Each ticket fills every section of {source} ({headings}) from facts: both states, why, steps, "
        "documents with lines, files with what to do in each, tests there and to write, criteria with "
        "their commands, risks, the way back, hours, dependencies."
    )


def _dependencies(p: Prospect) -> Iterator[str]:
    linked = [d for d in p.drafts if d.work.needs]
    yield (
        f"{counted(len(linked), 'ticket')} of {len(p.drafts)} wait for another; the order below holds "
        "them, and no two wait for each other."
    )


def _risks(p: Prospect) -> Iterator[str]:
    unsure = [f"{escape(c.subject)}: {escape(c.reason)}" for c in p.audit.cannot_tell[:5]]
    unread = [f"{code(str(g.at))}: {escape(g.reason)}" for g in p.audit.gaps[:5]]
    lines = [f"- {line}" for line in (*unsure, *unread)]
    yield (
        "What the audit may miss:"
        if lines
        else "Every statement was understood, so nothing is known that the audit would miss."
    )
    yield "\n".join(lines)


def _pause(p: Prospect) -> Iterator[str]:
    yield f"Here it stops. After the review: `{p.next_command}`"


ANSWERS: Mapping[str, Callable[[Prospect], Iterator[str]]] = {
    "tasks": _tasks,
    "comparing": _comparing,
    "migrations": _migrations,
    "models": _models,
    "performance": _performance,
    "gaps": _gaps,
    "tickets": _tickets,
    "depth": _depth,
    "dependencies": _dependencies,
    "risks": _risks,
    "pause": _pause,
}
