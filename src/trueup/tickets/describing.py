"""The description of a ticket: what is there, what should be, why it matters, and the steps. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from trueup.checks.wording import blueprint_call, php_list
from trueup.model.findings import Finding
from trueup.model.names import SEVERITIES, Driver
from trueup.model.pairing import TablePair
from trueup.model.spec import RequiredTable
from trueup.model.tickets import Work
from trueup.report.markdown import code, escape
from trueup.report.plain import counted, listed
from trueup.report.verdict import NOUNS
from trueup.tickets.around import Around, by_file, with_lines
from trueup.tickets.asking import asked_of_missing, model_lines
from trueup.tickets.content import Setting
from trueup.tickets.grouping import existing_names
from trueup.tickets.sentences import TEST, WHY, about, bare

SERVERS: dict[Driver, str] = {
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "pgsql": "PostgreSQL",
    "sqlite": "SQLite",
}


def description(setting: Setting, work: Work, near: Around) -> tuple[str, ...]:
    """The blocks, in order. Tickets of tests have their cases in place of the two states."""
    blocks = [_lead(setting, work, near)]
    if work.findings:
        blocks += ["**Current state:**", _bullets(_current(f) for f in work.findings)]
        blocks += ["**Desired state:**", _bullets(_desired(f, _table(setting, f)) for f in work.findings)]
        blocks += [*_definitions(work, near), *_stopped(setting, work)]
        blocks += [*asked_of_missing(setting, work), *_models(setting, work)]
    if work.covers:
        blocks += ["**Cases, each a test of its own:**", _numbered(cases(setting, work))]
    why = tuple(dict.fromkeys(about(WHY, f, _table(setting, f)) for f in work.findings))
    if any(why):
        blocks += ["**Why this matters:**", _bullets(sentence for sentence in why if sentence)]
    if work.findings:
        blocks += ["**Steps:**", _numbered(_steps(setting, work))]
    blocks += [*_constraints(near), *_outcome(setting, work)]
    return tuple(block for block in blocks if block)


def cases(setting: Setting, work: Work) -> tuple[str, ...]:
    """What is to be tested, a sentence each, in the order of the findings."""
    server = SERVERS[setting.audit.driver]
    told = (
        about(TEST, f, _table(setting, f), server) or escape(f"no longer: {f.message}")
        for f in (*work.findings, *work.covers)
    )
    return tuple(
        dict.fromkeys(f"{case[0].upper() if case[0] != '`' else case[0]}{case[1:]}." for case in told if case)
    )


def _table(setting: Setting, finding: Finding) -> str:
    return existing_names(setting.audit).get(finding.table, finding.table)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


# The first paragraph.


def _lead(setting: Setting, work: Work, near: Around) -> str:
    if work.covers and not work.findings:
        return _lead_of_tests(setting, work, near)
    counts = Counter(f.severity for f in work.findings)
    figures = listed([counted(counts[s], NOUNS[s]) for s in SEVERITIES if counts[s]])
    found = f"The audit found {figures} here ({listed(sorted({f.code for f in work.findings}))})."
    return " ".join([*_standing(near, work), found, *_used(near)])


def _lead_of_tests(setting: Setting, work: Work, near: Around) -> str:
    mended = [w for w in setting.works.values() if {f.id for f in w.findings} & {f.id for f in work.covers}]
    what = listed([f"`{t}`" for t in work.tables]) or SERVERS[setting.audit.driver]
    by = listed([setting.name(w.key) for w in mended])
    if near.tests:
        named = f"{counted(len(near.tests), 'test file')} {'names' if len(near.tests) == 1 else 'name'} {what} today"
    elif work.tables:
        named = f"No test names {what} today"
    else:
        named = f"The suite does not migrate an empty {what} database by itself"
    return (
        f"{named}. What {by} {'mends' if len(mended) == 1 else 'mend'} is to be shown by "
        f"{counted(len(work.covers), 'case')}, on {SERVERS[setting.audit.driver]}."
    )


def _standing(near: Around, work: Work) -> Iterator[str]:
    """Where each table is defined and made."""
    for pair in near.pairs[:6]:
        name = code((pair.existing or pair.required).name)
        size = counted(len(pair.required.columns), "column")
        if pair.existing is None:
            near_by = (
                f"; the nearest table, {code(pair.candidates[0].table)}, scores {pair.candidates[0].score:.2f} and is not it"
                if pair.candidates
                else ""
            )
            yield f"{name} is defined at {code(str(pair.required.at))} ({size}) and made by no migration{near_by}."
        else:
            other = f" as {code(pair.required.name)}" if pair.status == "renamed" else ""
            yield f"{name} is made at {code(str(pair.existing.at))} and defined{other} at {code(str(pair.required.at))} ({size})."
    paired = {p.existing.name for p in near.pairs if p.existing}
    for table in [t for t in near.existing if t.name not in paired][:6]:
        yield (
            f"{code(table.name)} is made at {code(str(table.at))} ({counted(len(table.columns), 'column')}); "
            "no document defines it."
        )


def _used(near: Around) -> Iterator[str]:
    if near.uses:
        reads, writes = sum(u.reads for u in near.uses), sum(u.writes for u in near.uses)
        tables = listed(sorted({f"`{t}`" for u in near.uses for t in u.tables}))
        parts = [counted(n, what) for n, what in ((reads, "read"), (writes, "write")) if n]
        verb = "is" if reads + writes == 1 else "are"
        yield f"In the code there {verb} {listed(parts)} of {tables}, in {counted(len(near.uses), 'file')}."
    elif near.pairs:
        names = listed(sorted(code((p.existing or p.required).name) for p in near.pairs))
        yield f"No query of the code was found on {names}."


# States and steps.


def _current(finding: Finding) -> str:
    first = next((p for p in finding.locations if p.file), None)
    at = f", {code(str(first))}" if first else ""
    return f"{escape(finding.message)} ({finding.code}{at})"


def _desired(finding: Finding, table: str) -> str:
    if finding.code == "SPEC004":
        return f"{_subject(finding, table)}: the document no longer calls it missing; it is {code(bare(finding.found))}."
    return (
        f"{_subject(finding, table)}: {code(finding.expected) or 'none of it'} instead of "
        f"{code(bare(finding.found)) or 'nothing'}."
    )


def _subject(finding: Finding, table: str) -> str:
    if table and finding.column:
        return code(f"{table}.{finding.column}")
    if table and finding.index:
        return f"{code(table)} ({escape(finding.index)})"
    first = next((str(p) for p in finding.locations if p.file), finding.code)
    model = finding.model.rsplit("\\", 1)[-1]
    return code(model) if model and finding.category == "model" else code(table) or code(first)


def _steps(setting: Setting, work: Work) -> Iterator[str]:
    """A remedy's own steps in place of its findings' recommendations."""
    remedies = [r for r in setting.remedies_of(work) if r.offered and r.steps]
    mended = {finding for r in remedies for finding in r.finding_ids}
    for remedy in remedies:
        for step in remedy.steps:
            yield f"{code(remedy.id)}: {escape(step)}"
    elsewhere = setting.mended_elsewhere(work)
    for finding in work.findings:
        if finding.id in mended:
            continue
        if finding.id in elsewhere:
            remedy, key = elsewhere[finding.id]
            there = f"{code(remedy.id)} in {code(setting.name(key))} mends it too"
            yield f"{_subject(finding, _table(setting, finding))} ({finding.code}): {there}; look whether it is gone."
        elif finding.recommendation:
            yield f"{_subject(finding, _table(setting, finding))} ({finding.code}): {escape(finding.recommendation)}"


def _definitions(work: Work, near: Around) -> Iterator[str]:
    """For tables to be made: every column, index and key, as a migration says them."""
    for pair in near.pairs if work.kind == "create table" else ():
        lines = list(blueprint_lines(pair))
        if lines:
            yield f"**Definition of {code(pair.required.name)}, from {code(str(pair.required.at))}:**"
            yield "\n".join(["```php", *lines, "```"])


def _stopped(setting: Setting, work: Work) -> Iterator[str]:
    """For migrations that fail: how far each comes, and what waits behind it."""
    if work.kind != "migration fails":
        return
    files = [m.path for m in setting.audit.facts.migrations]
    lines = []
    for migration in setting.audit.facts.migrations:
        at = next(
            (f.locations[0] for f in work.findings if f.locations and f.locations[0].file == migration.path),
            None,
        )
        if at is None:
            continue
        done = [f"{c.kind} {c.subject or c.table}" for c in migration.done]
        before = (
            f"{counted(len(done), 'change')} before it went through ({escape(listed(done[-3:]))} last)"
            if done
            else "nothing before it went through"
        )
        behind = len(files) - files.index(migration.path) - 1
        lines.append(
            f"{code(migration.name)} stops at line {at.line}: {before}; {counted(behind, 'migration')} "
            f"{'comes' if behind == 1 else 'come'} after it."
        )
    if lines:
        yield "**How far it comes:**"
        yield _bullets(lines)


def _models(setting: Setting, work: Work) -> Iterator[str]:
    """For models to be written: what the table's columns ask of each."""
    names = existing_names(setting.audit)
    tables = [names.get(f.table, f.table) for f in work.findings if f.code == "MOD001"]
    lines = [line for table in tables if (line := model_lines(setting.audit, table))]
    if lines:
        yield "**What the columns ask of each model:**"
        yield _bullets(lines)


def blueprint_lines(pair: TablePair) -> Iterator[str]:
    required = pair.required
    for column in required.columns:
        yield blueprint_call(column, required.dialect)
    yield from _index_lines(required)
    for key in required.foreign_keys:
        actions = f"->onDelete('{key.on_delete.lower()}')" if key.on_delete else ""
        refers = f"->references({php_list(key.foreign_columns)})->on('{key.foreign_table}')"
        yield f"$table->foreign({php_list(key.columns)}){refers}{actions};"


def _index_lines(required: RequiredTable) -> Iterator[str]:
    numbered = {c.name.lower() for c in required.columns if c.auto_increment}
    for index in required.indexes:
        if index.primary and {c.lower() for c in index.columns} <= numbered:
            continue
        method = "primary" if index.primary else "unique" if index.unique else "index"
        yield f"$table->{method}({php_list(index.columns)});"


# What must hold.


def _constraints(near: Around) -> Iterator[str]:
    """What depends on the tables as they are, and must go on working."""
    lines = []
    for table in near.existing:
        pointing = [f"({', '.join(k.columns)}) → {k.foreign_table}" for k in table.foreign_keys]
        if pointing:
            lines.append(f"{code(table.name)} keeps its foreign keys: {escape(listed(pointing))}.")
    for model in near.models:
        parts = [
            counted(len(model.casts), "cast") if model.casts else "",
            counted(len(model.relations), "relation") if model.relations else "",
            counted(len(model.scopes), "scope") if model.scopes else "",
        ]
        having = listed([p for p in parts if p])
        if having:
            lines.append(
                f"{code(model.short)} ({code(str(model.at))}) goes by {code(model.table or '')} with {having}."
            )
    if lines:
        yield "**What must not break:**"
        yield _bullets(lines)


def _outcome(setting: Setting, work: Work) -> Iterator[str]:
    later = [setting.name(w.key) for w in setting.works.values() if work.key in w.needs]
    if later:
        shown = listed(later[:5]) if len(later) <= 5 else f"{', '.join(later[:5])} and {len(later) - 5} more"
        yield f"**What it opens:** {shown} can begin."


def evidence(findings: Iterable[Finding]) -> str:
    """The places of findings, by file."""
    return ", ".join(
        code(with_lines(file, lines)) for file, lines in by_file(p for f in findings for p in f.locations)
    )
