"""The audit's plan: the task list that the ticket's prompt asks for, made from what is there. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.tickets import PHASES, Work
from trueup.report.markdown import code, escape, table
from trueup.report.plain import counted, listed
from trueup.report.queries import coverage
from trueup.tickets.demands import ANSWERS, Prospect, answer, demands
from trueup.tickets.describing import SERVERS
from trueup.tickets.effort import shown_hours

WITHOUT_PROMPT = ("tasks", "comparing", "migrations", "models", "performance", "gaps", "tickets", "pause")
"""What a plan answers where the ticket asks nothing by number."""


def plan(prospect: Prospect) -> str:
    """The whole plan as Markdown, without the record of the review."""
    sections = (_head, _demands, _documents, _inputs, _decidable, _expected)
    blocks = [block for section in sections for block in section(prospect) if block]
    return "\n\n".join(blocks) + "\n"


def _head(p: Prospect) -> Iterator[str]:
    ticket = p.audit.facts.ticket
    assert ticket is not None, "a plan is a ticket's"
    yield f"# Plan: {escape(ticket.title or ticket.id)}"
    yield f"For {code(ticket.path)}. Nothing but this plan is written before it is approved: `{p.next_command}`"


def _demands(p: Prospect) -> Iterator[str]:
    ticket = p.audit.facts.ticket
    asked = demands(ticket.prompt) if ticket else ()
    if not asked:
        yield "## Task list"
        yield "The ticket's prompt has no numbered demands, so the plan answers what an audit must."
        for topic in WITHOUT_PROMPT:
            yield from ANSWERS[topic](p)
        return
    yield "## What the prompt asks for, point by point"
    answered: dict[tuple[str, ...], int] = {}
    for demand in asked:
        yield f"### {demand.number}. {escape(demand.text)}"
        before = answered.get(demand.topics) if demand.topics else None
        if before is not None:
            yield f"See point {before}."
            continue
        answered[demand.topics] = demand.number
        yield from answer(demand, p)
    said = {topic for demand in asked for topic in demand.topics}
    left = [topic for topic in WITHOUT_PROMPT if topic not in said]
    if left:
        yield "### Not asked for by number, and done all the same"
        for topic in left:
            yield from ANSWERS[topic](p)


def _documents(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    yield "## Documents, files and tests that the ticket names"
    defined: dict[str, list[str]] = {}
    for definition in facts.specification.definitions:
        defined.setdefault(definition.at.file, []).append(definition.name)
    rows = []
    for link in facts.ticket.links if facts.ticket else ():
        if link.path is None:
            rows.append([escape(link.text), "names no file", "", str(link.at.line)])
            continue
        there = (
            "outside the project"
            if link.exists is None
            else "to be made"
            if link.planned
            else "there"
            if link.exists
            else "missing"
        )
        tables = listed([code(t) for t in sorted(set(defined.get(link.path, ())))])
        meant = f"perhaps {code(link.nearest)} is meant" if link.nearest and there == "missing" else ""
        many = counted(link.matches, "file") if link.matches > 1 and not _written_to(p, link.path) else ""
        rows.append(
            [
                code(link.path),
                there,
                "; ".join(x for x in (tables and f"defines {tables}", meant, many) if x),
                str(link.at.line),
            ]
        )
    unique = list({row[0]: row for row in reversed(rows)}.values())[::-1]
    yield table(("Named", "State", "What it gives", "Ticket's line"), unique, numbers=(3,))
    others = [d for d in facts.specification.documents if code(d.path) not in {row[0] for row in unique}]
    for document in others:
        tables = listed([code(t) for t in sorted(set(defined.get(document.path, ())))])
        yield f"Also read: {code(document.path)}, {escape(document.why)}{f'; defines {tables}' if tables else ''}."


def _written_to(p: Prospect, path: str) -> bool:
    """Whether the folder is one that tickets, plan or report go to: how much is in it says nothing of the project."""
    ours = [*(folder.path for folder in p.folders), p.report.rpartition("/")[0]]
    stem = path.split("*", 1)[0].split("?", 1)[0].rstrip("/")
    return any(f"{own}/".startswith(f"{stem}/") or stem.startswith(f"{own}/") for own in ours)


def _inputs(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    yield "## What there is to read"
    models = [m for m in facts.eloquent.models if not m.abstract]
    areas: dict[str, int] = {}
    for site in facts.queries.sites:
        areas[site.area] = areas.get(site.area, 0) + 1
    where = listed([f"{count} in {area}" for area, count in sorted(areas.items())])
    rows = [
        [
            "Migrations",
            f"{len(facts.migrations)}, making {counted(len(facts.schema.tables), 'table')} on {SERVERS[p.audit.driver]}",
        ],
        [
            "Models",
            f"{len(models)} ({sum(len(m.relations) for m in models)} relations, {sum(len(m.casts) for m in models)} casts)",
        ],
        ["Factories", str(len(facts.eloquent.factories))],
        ["Query sites", f"{facts.queries.total}{f' ({where})' if where else ''}"],
        [
            "Test files",
            f"{len(facts.eloquent.tests)}, {sum(1 for t in facts.eloquent.tests if t.database)} of them with a database",
        ],
    ]
    yield table(("Kind", "How many"), rows)


def _decidable(p: Prospect) -> Iterator[str]:
    facts = p.audit.facts
    pairs = facts.comparison.pairs
    unique = [
        f"{code(x.existing.name)} ({', '.join(i.columns)})"
        for x in pairs
        if x.existing
        for i in x.required.indexes
        if i.unique and not i.primary
    ]
    keys = [
        f"{code(x.existing.name)} ({', '.join(k.columns)})"
        for x in pairs
        if x.existing
        for k in x.required.foreign_keys
    ]
    yield "## What can be decided from the code, and what needs a database"
    yield "From the code alone:"
    yield "\n".join(
        [
            (
                f"- which of {counted(len(pairs), 'required table')} exist, under which name, and what separates "
                "them from their definitions"
            ),
            f"- whether {counted(len(facts.migrations), 'migration')} run on an empty {SERVERS[p.audit.driver]}, and back",
            f"- whether the code asks for what is not there: {escape(coverage(facts.queries))}",
        ]
    )
    yield "Only with a database and its rows:"
    lines = [
        (
            "- whether the server in use is what the migrations build: `trueup diff DATABASE-URL .` compares "
            f"{counted(len(facts.schema.tables), 'table')}"
        ),
        f"- whether duplicates stand against uniqueness of {listed(unique)}" if unique else "",
        f"- whether rows point nowhere: {listed(keys)}" if keys else "",
        f"- how long the slowest of {counted(facts.queries.total, 'query site')} take, and by which index",
    ]
    yield "\n".join(line for line in lines if line)


def _expected(p: Prospect) -> Iterator[str]:
    yield "## Tickets to expect"
    by_phase = {folder.phase: folder for folder in p.folders}
    rows = []
    for phase in PHASES:
        own = [d for d in p.drafts if d.work.phase == phase]
        folder = by_phase.get(phase)
        unplaced: list[Work] = [w for w in p.works if w.phase == phase] if folder is None else []
        numbers = ", ".join(str(d.number) for d in own)
        first = f"{folder.first}+" if folder and folder.first is not None else ""
        rows.append(
            [
                phase,
                code(folder.path) if folder else "none named",
                first,
                str(len(own) or len(unplaced)),
                numbers,
                shown_hours(sum(d.work.hours for d in own)),
            ]
        )
    yield table(
        ("Phase", "Folder", "Numbers wanted", "Tickets", "Numbers given", "Effort"), rows, numbers=(3,)
    )
    for note in p.notes:
        yield f"- {escape(note)}."
