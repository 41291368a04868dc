"""The "Related ..." lists of a ticket: documents with lines, files with what is done in each, tests there and to write. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from trueup.model.findings import Finding
from trueup.model.tickets import Work
from trueup.remedies.code_style import class_for
from trueup.report.markdown import code, escape
from trueup.report.plain import counted, listed
from trueup.sources.laravel.inflection import studly
from trueup.tickets.around import Around, with_lines
from trueup.tickets.content import Entry, Setting
from trueup.tickets.grouping import existing_names

MOST = 12
"""Entries of one kind in one list; the rest is counted."""

DOCUMENTS = (".md", ".markdown", ".sql", ".dbml", ".mmd", ".txt")


def documents(setting: Setting, work: Work, near: Around) -> tuple[Entry, ...]:
    """Definitions and mentions of the tables, and where the findings quote a document."""
    lines: dict[str, set[int]] = {}
    said: dict[str, list[str]] = {}

    def say(file: str, line: int, text: str) -> None:
        lines.setdefault(file, set()).update({line} if line else ())
        if text not in said.setdefault(file, []):
            said[file].append(text)

    for pair in near.pairs:
        for definition in setting.audit.facts.specification.definitions:
            if definition.name.lower() == pair.required.name.lower():
                used = "the definition gone by" if definition.at == pair.required.at else "another definition"
                say(definition.at.file, definition.at.line, f"{used} of {code(definition.name)}")
    wanted = {t.lower() for t in work.tables}
    for mention in setting.audit.facts.specification.mentions:
        if mention.name.lower() in wanted:
            claim = "says that it is missing" if mention.missing_reported else "names it"
            say(mention.at.file, mention.at.line, f"{claim}: {code(mention.name)}")
    for finding in (*work.findings, *work.covers):
        for place in finding.locations:
            if place.file.lower().endswith(DOCUMENTS):
                say(place.file, place.line, f"what {finding.code} quotes of {_what(setting, finding)}")
    ticket = setting.audit.facts.ticket
    if ticket:
        topics = {criterion.topic for criterion in ticket.criteria}
        wanted_topic = _topic(work) if _topic(work) in topics else "gap-analysis"
        for criterion in ticket.criteria:
            if criterion.topic == wanted_topic:
                say(ticket.path, criterion.at.line, f'asked for: "{escape(criterion.text)}", {_here(work)}')
    return tuple(Entry(with_lines(f, tuple(sorted(n))), _joined(said[f])) for f, n in lines.items())


def _topic(work: Work) -> str:
    """What the audit ticket calls what this work is about."""
    if work.phase == "Test Implementation" or work.phase == "Test Cleanup":
        return "tests"
    return {
        "create table": "inventory",
        "rename": "compliance",
        "columns": "compliance",
        "keys": "performance",
        "models": "models",
        "model habits": "models",
        "code": "capability",
        "documents": "gap-analysis",
    }.get(work.kind, "migrations")


def _here(work: Work) -> str:
    return f"here for {listed([code(t) for t in work.tables[:4]])}" if work.tables else f"here: {work.kind}"


def _what(setting: Setting, finding: Finding) -> str:
    table = existing_names(setting.audit).get(finding.table, finding.table)
    return (
        code(finding.column or finding.index or table or finding.model.rsplit("\\", 1)[-1])
        or "what it reports"
    )


def _joined(parts: list[str], most: int = 5) -> str:
    return "; ".join(parts[:most]) + (f"; and {len(parts) - most} more" if len(parts) > most else "")


# Files


def files(setting: Setting, work: Work, near: Around) -> tuple[Entry, ...]:
    """What is to be written, what the findings point at, and the code that must go on working."""
    entries = [*_to_write(setting, work), *_pointed_at(setting, work)]
    named = {entry.path.split(":", 1)[0] for entry in entries}
    for model in near.models:
        if model.at.file not in named:
            named.add(model.at.file)
            entries.append(
                Entry(str(model.at), f"the model of {code(model.table or '')}: {_following(work)}")
            )
    others = [use for use in near.uses if use.path not in named]
    entries.extend(
        Entry(with_lines(use.path, use.lines), f"{use.doing}, which must do the same afterwards")
        for use in others[:MOST]
    )
    if len(others) > MOST:
        rest = ", ".join(code(use.path) for use in others[MOST:])
        entries.append(
            Entry(
                others[MOST].path, f"and {len(others) - MOST} files that query {_tables(work)} less: {rest}"
            )
        )
    return tuple(entries)


def _tables(work: Work) -> str:
    return listed([code(t) for t in work.tables[:4]])


def _following(work: Work) -> str:
    columns = sorted({f.column for f in work.findings if f.column})
    return (
        f"`$fillable` and casts follow {listed([code(c) for c in columns])}"
        if columns
        else "read it before the change"
    )


def _to_write(setting: Setting, work: Work) -> Iterator[Entry]:
    remedies = [r for r in setting.remedies_of(work) if r.offered]
    for remedy in remedies:
        for file in remedy.files:
            yield Entry(file.path, f"to add, as attached below ({code(remedy.id)})")
    if remedies:
        return
    folder = next(
        (f.path.rstrip("/") for f in setting.audit.facts.project.migration_folders), "database/migrations"
    )
    for table in work.tables:
        if work.kind == "create table":
            yield Entry(
                f"{folder}/[new]_create_{table}_table.php",
                f"to write: makes {code(table)}, and drops it in `down()`",
            )
        elif work.kind in ("columns", "keys"):
            columns = sorted({f.column or f.index for f in work.findings if f.column or f.index})
            yield Entry(
                f"{folder}/[new]_{'change' if work.kind == 'columns' else 'index'}_{table}_table.php",
                f"to write: {listed([code(c) for c in columns]) or code(table)}, with a `down()` that goes back",
            )
    if work.kind in ("create table", "models"):
        yield from _models_to_write(setting, work)


def _models_to_write(setting: Setting, work: Work) -> Iterator[Entry]:
    names = existing_names(setting.audit)
    folder = _usual(m.at.file for m in setting.audit.facts.eloquent.models if not m.abstract) or "app/Models"
    for finding in work.findings:
        if finding.code == "MOD001":
            table = names.get(finding.table, finding.table)
            yield Entry(
                f"{folder}/{class_for(table, setting.audit.facts.eloquent)}.php",
                f"to write: the model of {code(table)}, its casts and relations",
            )


def _usual(paths: Iterable[str]) -> str:
    """The folder that most of the files are in; the first by name of several."""
    counts = Counter(path.rpartition("/")[0] for path in paths if "/" in path)
    return min(counts, key=lambda folder: (-counts[folder], folder)) if counts else ""


def _pointed_at(setting: Setting, work: Work) -> Iterator[Entry]:
    """Files that findings name, with what each has to do with them; documents are listed elsewhere."""
    found: dict[str, list[tuple[int, Finding, bool]]] = {}
    for finding in work.findings:
        for position, place in enumerate(finding.locations):
            if place.file and not place.file.lower().endswith(DOCUMENTS):
                found.setdefault(place.file, []).append((place.line, finding, position == 0))
    migrations = {m.path for m in setting.audit.facts.migrations}
    for file, entries in found.items():
        lines = tuple(sorted({line for line, _, _ in entries if line}))
        about = list(dict.fromkeys(_about(setting, finding) for _, finding, _ in entries))
        deed = _deed(work, file in migrations, any(first for _, _, first in entries))
        yield Entry(with_lines(file, lines), f"{deed} {_joined(about, 8)}")


def _about(setting: Setting, finding: Finding) -> str:
    return f"{_what(setting, finding)} ({finding.code})"


def _deed(work: Work, migration: bool, first: bool) -> str:
    if migration and work.kind in ("migration fails", "rollback", "commented out", "order of migrations"):
        return "to be mended:"
    if migration:
        return "has run on databases and stays as it is; it settles"
    if work.phase in ("Test Implementation", "Test Cleanup") or first:
        return "to be changed:"
    return "to be looked at:"


# Tests


def tests(setting: Setting, work: Work, near: Around) -> tuple[Entry, ...]:
    """Tests that are there and must still pass, and those to be written, with the ticket that asks for them."""
    entries = []
    queries = {use.path: use for use in near.test_uses}
    for path in near.tests[:MOST]:
        use = queries.get(path)
        does = f"{use.doing} at {use.shown_lines}" if use else f"names {_tables(work)}"
        entries.append(Entry(path, f"{does}; must pass as before"))
    if len(near.tests) > MOST:
        entries.append(
            Entry(
                near.tests[MOST],
                f"and {len(near.tests) - MOST} test files in all that name {_tables(work)} less",
            )
        )
    if work.phase == "Test Implementation":
        entries.append(
            Entry(
                test_file(setting, work),
                f"to write: {counted(len(work.findings) + len(work.covers), 'case')} of {_tables(work) or work.kind}",
            )
        )
    for covering in setting.tests_of(work) if work.phase != "Test Implementation" else ():
        own = len({f.id for f in work.findings} & {f.id for f in covering.covers})
        entries.append(
            Entry(
                test_file(setting, covering),
                f"to write in {setting.name(covering.key)}: {counted(own, 'case')} of this ticket's",
            )
        )
    return tuple(entries)


def test_file(setting: Setting, work: Work) -> str:
    """Where the tests of a work go: beside the suite's other feature tests of the database."""
    paths = [t.path for t in setting.audit.facts.eloquent.tests]
    folder = next(
        (
            f
            for f in ("tests/Feature/Database", "tests/Feature", "tests")
            if any(p.startswith(f + "/") for p in paths)
        ),
        "tests/Feature",
    )
    own = work.key.removeprefix(work.kind).strip()
    stem = {
        "migration tests": "MigrationsRun",
        "code tests": f"{studly(own)}Code",
        "new factories": "Factories",
    }.get(work.kind, studly(own or work.kind.replace(" ", "_")))
    return f"{folder}/{stem}Test.php"
