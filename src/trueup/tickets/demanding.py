"""Acceptance criteria that a command can check, and the prompt adapted to the ticket. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from trueup.model.findings import Finding
from trueup.model.tickets import Work
from trueup.report.markdown import code
from trueup.report.plain import counted, listed
from trueup.tickets.around import Around
from trueup.tickets.content import Setting
from trueup.tickets.describing import SERVERS, cases
from trueup.tickets.grouping import existing_names
from trueup.tickets.relating import test_file


def criteria(setting: Setting, work: Work, near: Around) -> tuple[str, ...]:
    """Each with its command and what it says now, as far as a command can tell."""
    return (
        *_findings_gone(setting, work),
        *_schema(setting, work),
        *_decided(setting, work),
        *_tests_written(setting, work),
        *_way_back(setting, work),
        *_tests_pass(setting, work, near),
    )


def by_code(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.code, []).append(finding)
    return dict(sorted(found.items()))


def check_command(setting: Setting, code_of_check: str, findings: Iterable[Finding]) -> str:
    """Prints how many of the findings the audit still has."""
    ids = "|".join(sorted({f.id for f in findings}))
    return f'{setting.command} --select {code_of_check} --format json | grep -cE \'"id": "({ids})"\''


def _findings_gone(setting: Setting, work: Work) -> Iterator[str]:
    names = existing_names(setting.audit)
    for check, findings in by_code(work.findings).items():
        subjects = list(dict.fromkeys(_short(f, names.get(f.table, f.table)) for f in findings))
        about = listed(subjects[:6]) + (f" and {len(subjects) - 6} more" if len(subjects) > 6 else "")
        distinct = len({f.id for f in findings})
        yield f"{check} no longer about {about}: `{check_command(setting, check, findings)}` prints 0 (now {distinct})"


def _short(finding: Finding, table: str) -> str:
    if finding.column:
        return code(f"{table}.{finding.column}" if table else finding.column)
    if finding.index:
        return code(f"{table} ({finding.index})")
    model = finding.model.rsplit("\\", 1)[-1]
    place = next((str(p) for p in finding.locations if p.file), finding.code)
    return code(model if model and finding.category == "model" else table or place)


def _schema(setting: Setting, work: Work) -> Iterator[str]:
    driver = setting.audit.driver
    if work.kind == "create table":
        for table in work.tables:
            yield (
                f"The migrations make {code(table)}: `trueup schema --driver {driver} --format json | grep -c "
                f'\'"name": "{table}",\'` prints 1 (now 0)'
            )
    for table in sorted({f.table for f in work.findings if f.code == "QRY001"} - set(work.tables[1:])):
        if work.kind == "code":
            yield (
                f"{code(table)} is made or no longer asked for: `trueup queries --table {table}` lists nothing, or "
                f"`trueup schema --driver {driver}` has it"
            )
    for finding in work.findings:
        if finding.code == "MIG001" and finding.locations:
            name = finding.locations[0].file.rsplit("/", 1)[-1].removesuffix(".stub").removesuffix(".php")
            yield f'`trueup schema --driver {driver} --format json | grep -c \'"migration": "{name}"\'` prints 0 (now 1)'


def _decided(setting: Setting, work: Work) -> Iterator[str]:
    """Decisions that no command makes: written down where the next audit reads them."""
    spec = next((d.path for d in setting.audit.facts.specification.documents), "")
    names = existing_names(setting.audit)
    for finding in work.findings:
        table = names.get(finding.table, finding.table)
        if finding.code in ("TBL002", "COL002"):
            place = next((str(p) for p in finding.locations if p.file), spec)
            yield (
                f"Whether it is {code(finding.expected)} or {code(_first_word(finding.found))} is decided, and "
                f"{code(place)} or the schema of {code(table)} says so"
            )
    if work.kind == "beyond the specification" and spec:
        tables = listed([code(t) for t in work.tables[:6]])
        yield f"{code(spec)} describes {tables or 'what is named above'}, or a migration drops it"


def _first_word(text: str) -> str:
    return text.split(" ", 1)[0].strip(",;")


def runner(setting: Setting) -> str:
    """How the project runs its tests."""
    return "vendor/bin/pest" if setting.audit.facts.project.package("pestphp/pest") else "vendor/bin/phpunit"


def artisan(setting: Setting) -> str:
    """How the project runs artisan: a package has none of its own, but Testbench's."""
    return "vendor/bin/testbench" if setting.audit.facts.project.kind == "package" else "php artisan"


def _tests_written(setting: Setting, work: Work) -> Iterator[str]:
    if work.phase == "Test Implementation":
        path = test_file(setting, work)
        number = len(cases(setting, work))
        yield (
            f"`{runner(setting)} {shlex.quote(path)}` passes on {SERVERS[setting.audit.driver]} with at least "
            f"{counted(number, 'test')}"
        )
        if work.covers:
            before = listed([setting.name(k) for k in work.needs])
            yield (
                f"On the commit before {before or 'the first change'} the same command fails: {code(path)} tests "
                "what is missing there"
            )


def _way_back(setting: Setting, work: Work) -> Iterator[str]:
    if work.kind in ("create table", "columns", "keys", "rename"):
        tables = listed([code(t) for t in work.tables])
        shown = f"trueup schema --driver {setting.audit.driver} --format sql"
        yield (
            f"`{artisan(setting)} migrate:rollback --step=1` and `{artisan(setting)} migrate` leave {tables} "
            f"as `{shown}` shows it"
        )
    if work.kind == "rollback":
        files = {
            f.locations[0].file.rsplit("/", 1)[-1].removesuffix(".stub").removesuffix(".php")
            for f in work.findings
            if f.locations
        }
        yield (
            f"`{artisan(setting)} migrate:refresh` runs through {listed([code(f) for f in sorted(files)])} on "
            f"an empty {SERVERS[setting.audit.driver]} database"
        )


def _tests_pass(setting: Setting, work: Work, near: Around) -> Iterator[str]:
    if near.tests and work.phase != "Test Implementation":
        shown = " ".join(shlex.quote(path) for path in near.tests[:4])
        tables = listed([code(t) for t in work.tables[:4]])
        more = f" and the other {len(near.tests) - 4} that name it" if len(near.tests) > 4 else ""
        yield f"`{runner(setting)} {shown}`{more} passes as before the change of {tables}"


# The prompt


def prompt(setting: Setting, work: Work) -> tuple[str, ...]:
    """Lines that follow the template's own prompt: what is true of this ticket only."""
    lines = [f"WHAT THIS TICKET IS ABOUT ({setting.name(work.key)}):"]
    if work.tables:
        lines.append(f"- Tables: {', '.join(work.tables)}")
    if work.findings:
        shown = ", ".join(f"{c} x{len(f)}" if len(f) > 1 else c for c, f in by_code(work.findings).items())
        selects = " ".join(f"--select {c}" for c in by_code(work.findings))
        lines.append(f"- Findings to clear: {shown}; look again with: {setting.command} {selects}")
    if work.covers:
        lines.append(
            f"- Write {counted(len(cases(setting, work)), 'test')} in {test_file(setting, work)}, one for "
            "each case in the description"
        )
    before = [setting.paths[key] for key in work.needs if key in setting.paths]
    if before:
        lines.append(f"- Done before it, so read them first: {'; '.join(before)}")
    lines.extend(
        f"- The remedy {r.id} is attached: try it before writing another"
        for r in setting.remedies_of(work)
        if r.offered
    )
    run = sorted({m.path for m in setting.audit.facts.migrations if set(m.creates) & set(work.tables)})
    if run and work.kind in ("columns", "keys", "rename", "models", "code"):
        lines.append(f"- Do not edit, because databases have run it: {'; '.join(run[:5])}")
    lines.append(f"- Stop and ask where {_doubt(work)}")
    return tuple(escape_fence(line) for line in lines)


def _doubt(work: Work) -> str:
    tables = ", ".join(work.tables[:3]) or work.kind
    about = tables if work.tables else f"{work.kind} ({', '.join(by_code((*work.findings, *work.covers)))})"
    return {
        "create table": f"a column of {tables} has no type in the definition, or its rows would come from another table",
        "rename": f"anything outside this repository reads {tables} by its present name",
        "columns": f"rows of {tables} do not fit the new definition",
        "keys": f"rows of {tables} break the new key",
        "code": f"it is not plain which column or table the code on {tables} means",
        "models": f"a column of {tables} could be cast in two ways",
    }.get(work.kind, f"what the audit says of {about} turns out to be intended, and write the reason down")


def escape_fence(line: str) -> str:
    """A line that can't end the code block that it stands in."""
    return " ".join(line.replace("```", "'''").replace("~~~", "'''").split())
