"""What an audit holds, as results with a short text beside each: pure functions, bounded in size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from trueup.integrations.asking import page_of
from trueup.integrations.results import (
    Brief,
    CheckTold,
    ColumnTold,
    Findings,
    FindingTold,
    ForeignKeyTold,
    IndexTold,
    Inventory,
    InventoryTable,
    Place,
    QueriesTold,
    QueryTold,
    TableSchema,
    Unknown,
    Unknowns,
)
from trueup.model.audit import Audit, Crash, InventoryRow
from trueup.model.findings import CannotTell, Finding
from trueup.model.locations import Gap, Location
from trueup.model.names import SEVERITIES
from trueup.model.queries import QuerySite
from trueup.model.schema import Schema, Table
from trueup.model.shapes import ServedBy
from trueup.report.plain import counted, plain
from trueup.report.queries import Graded
from trueup.report.verdict import verdict

FEW = 10
"""Places, ids and the like that stand in one item."""
MANY = 50
"""Items of a list that has no pages of its own."""
LONG = 2_000
"""Characters of a value of the project."""


def place(at: Location) -> Place:
    return Place(file=at.file, line=at.line)


def places(found: Iterable[Location]) -> list[Place]:
    return [place(at) for at in found if at.file]


def cut(text: str, length: int = LONG) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def cut_off(lines: Sequence[str], left: int, where: str) -> str:
    """The lines, and how much more there is."""
    return "\n".join([*lines, *([f"… {left} more: {where}"] if left > 0 else [])])


def next_page(left: int | None) -> str:
    return f"more with offset {left}" if left is not None else ""


# Findings


def finding_told(finding: Finding) -> FindingTold:
    at = places(finding.locations)
    return FindingTold(
        id=finding.id,
        code=finding.code,
        severity=finding.severity,
        category=finding.category,
        table=finding.table,
        column=finding.column,
        index=finding.index,
        model=finding.model,
        message=cut(finding.message),
        expected=cut(finding.expected),
        found=cut(finding.found),
        locations=at[:FEW],
        more_locations=max(0, len(at) - FEW),
        recommendation=cut(finding.recommendation),
        effort=finding.effort,
        drivers=list(finding.drivers),
    )


def brief(finding: Finding) -> Brief:
    return Brief(
        id=finding.id,
        code=finding.code,
        severity=finding.severity,
        table=finding.table,
        message=cut(finding.message),
    )


def finding_line(finding: Finding) -> str:
    at = f"  {finding.locations[0]}" if finding.locations else ""
    return cut(plain(f"{finding.severity} {finding.code} {finding.id}: {finding.message}{at}"), 300)


def findings_told(audit: Audit, asked: Sequence[Finding], offset: int, limit: int) -> tuple[Findings, str]:
    shown, at = page_of(asked, offset, limit)
    told = Findings(
        **at,
        verdict=verdict(audit),
        findings=[finding_told(f) for f in shown],
        cannot_tell=len(audit.cannot_tell),
        gaps=len(audit.gaps),
    )
    head = f"{counted(len(asked), 'finding')}. {told.verdict}" if not offset else f"from {offset}:"
    return told, "\n".join([head, *map(finding_line, shown), next_page(told.next_offset)]).rstrip()


# Inventory


def inventory_told(audit: Audit, status: str, offset: int, limit: int) -> tuple[Inventory, str]:
    rows = [row for row in audit.inventory if status in ("", row.status)]
    shown, at = page_of(rows, offset, limit)
    counts = Counter(f.table.lower() for f in audit.findings)
    severities = Counter(f.severity for f in audit.findings)
    told = Inventory(
        **at,
        framework=audit.facts.schema.framework or audit.facts.project.framework,
        driver=audit.driver,
        driver_why=audit.driver_why,
        verdict=verdict(audit),
        severities={s: severities[s] for s in SEVERITIES},
        crashes=crashes_told(audit.crashes),
        tables=[_inventory_table(row, counts) for row in shown],
    )
    lines = [
        plain(f"{row.table}: {row.status}{f' as {row.matched}' if row.status == 'renamed' else ''}")
        for row in shown
    ]
    head = f"{told.verdict} {counted(len(rows), 'table')}, {audit.driver}."
    return told, "\n".join([head, *lines, next_page(told.next_offset)]).rstrip()


def _inventory_table(row: InventoryRow, counts: Counter[str]) -> InventoryTable:
    return InventoryTable(
        table=row.table,
        status=row.status,
        matched=row.matched,
        required_by=places(row.required_by)[:FEW],
        migration=place(row.migration) if row.migration else None,
        model=row.model,
        factory=row.factory,
        tests=len(row.tests),
        columns_required=row.columns_required,
        columns_present=row.columns_present,
        findings=sum(counts[name] for name in {row.table.lower(), row.matched.lower()} - {""}),
    )


def crashes_told(crashes: Sequence[Crash]) -> list[str]:
    return [cut(f"{crash.what}: {crash.problem}", 500) for crash in crashes[:FEW]]


# What could not be told


def gap_told(gap: Gap) -> Unknown:
    return Unknown(code="", subject=cut(gap.excerpt, 200), reason=cut(gap.reason), at=place(gap.at))


def doubt_told(doubt: CannotTell) -> Unknown:
    return Unknown(code=doubt.code, subject=doubt.subject, reason=cut(doubt.reason), at=place(doubt.at))


def unknowns_told(
    doubts: Sequence[CannotTell], gaps: Sequence[Gap], offset: int, limit: int
) -> tuple[Unknowns, str]:
    shown, at = page_of([*map(doubt_told, doubts), *map(gap_told, gaps)], offset, limit)
    told = Unknowns(**at, unknowns=shown)
    head = f"{counted(len(doubts), 'question')} could not be told, {counted(len(gaps), 'place')} could not be read."
    lines = [cut(plain(f"{u.at.file}:{u.at.line} {u.code} {u.subject}: {u.reason}"), 300) for u in shown]
    return told, "\n".join([head, *lines, next_page(told.next_offset)]).rstrip()


# A table's schema


def table_told(schema: Schema, table: Table, offset: int, limit: int) -> tuple[TableSchema, str]:
    from trueup.report.schema_text import schema_text

    shown, at = page_of(table.columns, offset, limit)
    told = TableSchema(
        **at,
        table=table.name,
        driver=schema.driver,
        at=place(table.at),
        columns=[
            ColumnTold(
                name=c.name,
                type=cut(c.type),
                nullable=c.nullable,
                default=None if c.default is None else cut(c.default),
                auto_increment=c.auto_increment,
                unknown=list(c.unknown),
                at=place(c.at),
            )
            for c in shown
        ],
        indexes=[_index(table, n) for n in range(len(table.indexes[:MANY]))],
        foreign_keys=[
            ForeignKeyTold(
                name=k.name,
                columns=list(k.columns),
                foreign_table=k.foreign_table,
                foreign_columns=list(k.foreign_columns),
                on_delete=k.on_delete,
                on_update=k.on_update,
                at=place(k.at),
            )
            for k in table.foreign_keys[:MANY]
        ],
        checks=[CheckTold(name=c.name, expression=cut(c.expression)) for c in table.checks[:MANY]],
        touched=places(table.touched)[:MANY],
    )
    only = Schema(schema.driver, (table,), framework=schema.framework)
    return told, cut(schema_text(only), 8_000)


def _index(table: Table, number: int) -> IndexTold:
    index = table.indexes[number]
    return IndexTold(
        name=index.name,
        columns=list(index.columns),
        expressions=[cut(e) for e in index.expressions],
        unique=index.unique,
        primary=index.primary,
        kind=index.kind,
        where=index.where,
        implied=index.implied,
        at=place(index.at),
    )


# Queries


def queries_told(
    audit: Audit, names: frozenset[str], table: str, grade: str, offset: int, limit: int
) -> tuple[QueriesTold, str]:
    graded = Graded(audit.performance)
    sites = [
        (site, served)
        for site in audit.facts.queries.sites
        if any(t.name.rsplit(".", 1)[-1].lower() in names for t in site.tables)
        for served in (graded.of(site),)
        if not grade or (served is not None and served.grade == grade)
    ]
    shown, at = page_of(sites, offset, limit)
    advice = [
        cut(f"{a.action} {a.name or 'an index'} ({', '.join(a.columns)}): {a.why}", 500)
        for a in audit.performance.advice
        if a.table.lower() in names and a.action != "keep"
    ]
    told = QueriesTold(
        **at,
        table=table,
        queries=[_query(site, served) for site, served in shown],
        advice=advice[:MANY],
        unresolved=len(audit.facts.queries.unresolved),
    )
    lines = [
        cut(plain(f"{s.at} {s.kind}" + (f" {served.grade}: {served.why}" if served else "")), 300)
        for s, served in shown
    ]
    head = f"{counted(len(sites), 'query site')} of {table}; {told.unresolved} of the project could not be resolved."
    return told, "\n".join([head, *lines, next_page(told.next_offset)]).rstrip()


def _query(site: QuerySite, served: ServedBy | None) -> QueryTold:
    uses = {
        role: list(dict.fromkeys(u.column for u in site.columns if u.role == role))
        for role in ("filter", "sort")
    }
    return QueryTold(
        at=place(site.at),
        kind=site.kind,
        method=site.method,
        model=site.model,
        tables=[t.name for t in site.tables][:FEW],
        filters=uses["filter"][:MANY],
        sorts=uses["sort"][:MANY],
        limited=site.limited,
        loop=site.loop,
        followed=not site.open,
        grade=served.grade if served else "",
        indexes=[u.index for u in served.uses] if served else [],
        why=cut(served.why) if served else "",
    )
