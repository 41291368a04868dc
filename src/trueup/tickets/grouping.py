"""Findings → pieces of work: one ticket is what one person finishes in one go, with all its findings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.tickets import Work
from trueup.structs import replace
from trueup.tickets.effort import hours_of
from trueup.tickets.kinds import KINDS, Kind, kind_of

TOGETHER = 8
"""Findings on columns and on keys of one table up to which both are one ticket: one migration mends them."""
MANY = 14
"""Findings of a kind beyond which one ticket for all is split by table."""
WITH_CODE = 6
"""Findings on a table and on the code around it up to which both are one ticket."""
TESTED_TOGETHER = 5
"""Tables whose few findings are tested by one ticket."""

Groups = dict[tuple[str, str], list[Finding]]
"""Findings by kind and subject; the subject is "" for a kind that is one ticket for all."""


def group(audit: Audit) -> tuple[Work, ...]:
    """The works, without dependencies yet, sorted by rank and subject. Every finding is in exactly one of them."""
    names = existing_names(audit)
    missing = {p.required.name for p in audit.facts.comparison.pairs if p.existing is None}
    tables = {m.name: m.table for m in audit.facts.eloquent.models if m.table}
    groups: Groups = {}
    for finding in audit.findings:
        table = names.get(finding.table, finding.table) or tables.get(finding.model, "")
        kind, subject = _place(finding, table, missing)
        groups.setdefault((kind.name, subject), []).append(finding)
    _join(groups, "columns", "keys", TOGETHER)
    _join(groups, "columns", "code", WITH_CODE)
    _join(groups, "keys", "code", WITH_CODE)
    _split_large(groups, names)
    works = [_work(kind, subject, found, names) for (kind, subject), found in groups.items()]
    works = [*works, *_tests(works)]
    joined = {work.key: work for work in works}
    for work in works:  # a table's tests: what has none (MOD003), and what the implementation changes
        first = joined[work.key]
        if first is not work:
            joined[work.key] = replace(
                first, findings=first.findings or work.findings, covers=first.covers or work.covers
            )
    finished = (replace(work, hours=hours_of(work)) for work in joined.values())
    return tuple(sorted(finished, key=lambda w: (KINDS[w.kind].rank, _gravest(w), w.key)))


def existing_names(audit: Audit) -> Mapping[str, str]:
    """The name that the code uses, for each required table that exists under another."""
    return {p.required.name: p.existing.name for p in audit.facts.comparison.pairs if p.existing is not None}


def _gravest(work: Work) -> int:
    severities = [("error", "warning", "info").index(f.severity) for f in (*work.findings, *work.covers)]
    return min(severities, default=3)


def _place(finding: Finding, table: str, missing: set[str]) -> tuple[Kind, str]:
    """The kind and subject of a finding. What a missing table lacks (model, factory, the code that uses it) goes with making it."""
    if finding.table in missing and finding.category in ("table", "model", "query", "factory"):
        kind = kind_of(finding)
        if kind.phase == "Implementation" or finding.code == "MOD002":
            return KINDS["create table"], finding.table
    kind = kind_of(finding)
    match kind.by:
        case "table":
            return kind, table or _short(finding.model)
        case "cause":
            return kind, finding.found.split(":", 1)[0] if finding.found[:1].isdigit() else ""
        case "all":
            return kind, ""


def _short(model: str) -> str:
    return model.rsplit("\\", 1)[-1]


def _join(groups: Groups, into: str, other: str, most: int) -> None:
    """Puts two kinds of findings on one table together where they are no more than one go."""
    for kind, table in list(groups):
        more = groups.get((other, table), [])
        if kind == into and more and len(groups[kind, table]) + len(more) <= most:
            groups[kind, table].extend(groups.pop((other, table)))


def _split_large(groups: Groups, names: Mapping[str, str]) -> None:
    """One ticket for all findings of a kind becomes one a table where there are too many for one go."""
    for (kind, subject), found in list(groups.items()):
        if KINDS[kind].by == "all" and not subject and len(found) > MANY:
            del groups[kind, subject]
            for finding in found:
                table = names.get(finding.table, finding.table) or _short(finding.model)
                groups.setdefault((kind, table), []).append(finding)


def _work(kind: str, subject: str, findings: Iterable[Finding], names: Mapping[str, str]) -> Work:
    ordered = tuple(sorted(findings, key=lambda f: f.sort_key))
    named = {names.get(f.table, f.table) for f in ordered if f.table}
    tables = sorted(named | ({subject} if KINDS[kind].by == "table" and "_" in subject else set()))
    return Work(f"{kind} {subject}".strip(), KINDS[kind].phase, kind, tuple(tables), ordered)


# What the implementation changes is tested.


def _tests(works: list[Work]) -> Iterator[Work]:
    """A ticket of tests for each table that the implementation changes much, one for a handful that it changes little, and one
    for migrations that fail."""
    failing = _sorted(f for w in works if w.kind == "migration fails" for f in w.findings)
    if failing:
        yield Work("migration tests", "Test Implementation", "migration tests", (), (), failing)
    by_table: dict[str, list[Finding]] = {}
    shaped: set[str] = {t for w in works if w.kind == "table tests" for t in w.tables}
    for work in works:
        if work.phase == "Implementation" and work.kind != "migration fails":
            for table in work.tables:
                own = [f for f in work.findings if f.table and _same(f, table, work)]
                by_table.setdefault(table, []).extend(own)
                if work.kind in ("create table", "columns", "keys", "rename", "models"):
                    shaped.add(table)
    little: list[str] = []
    for table, covered in sorted(by_table.items()):
        if table in shaped or len(covered) >= TESTED_TOGETHER:
            yield Work(
                f"table tests {table}", "Test Implementation", "table tests", (table,), (), _sorted(covered)
            )
        elif covered:
            little.append(table)
    for first in range(0, len(little), TESTED_TOGETHER):
        tables = tuple(little[first : first + TESTED_TOGETHER])
        covers = _sorted(f for table in tables for f in by_table[table])
        yield Work(f"code tests {tables[0]}", "Test Implementation", "code tests", tables, (), covers)


def _same(finding: Finding, table: str, work: Work) -> bool:
    """Whether a finding of a work is about one of its tables; a work of one table has no other."""
    return len(work.tables) == 1 or finding.table == table


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: f.sort_key))
