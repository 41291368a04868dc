"""An audit for the terminal: what matters first, findings grouped by what they are about, aligned, coloured where colours show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from trueup.model.audit import Audit, InventoryRow
from trueup.model.evidence import ServerEvidence
from trueup.model.findings import Finding
from trueup.model.live import Live
from trueup.model.names import SEVERITIES
from trueup.report.acceptances import acceptance_lines
from trueup.report.ansi import Line, Segment, rendered
from trueup.report.code_lines import code_line, place_lines
from trueup.report.live import bytes_text, live_head, live_rows, live_state, rows_text, untold_lines
from trueup.report.next_steps import next_steps
from trueup.report.plain import counted, listed, plain
from trueup.report.queries import coverage
from trueup.report.showing import PLAIN, Showing
from trueup.report.verdict import NOUNS, verdict

SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
STATUS_STYLE = {"present": "green", "renamed": "yellow", "missing": "bold red", "extra": "dim"}
STATE_STYLE = {"answered": "green", "partly": "yellow", "not answered": "dim"}
MOST_LIVE = 30
"""So many tables of a live database are listed on the terminal."""
MOST_UNTOLD = 30
"""So many questions and gaps are listed on the terminal, of each kind."""

STATUS = {"present": "present", "renamed": "under another name", "missing": "missing"}


def audit_terminal(audit: Audit, showing: Showing = PLAIN) -> str:
    """The report as text, lines broken to the terminal's width where it has one."""
    lines = [line for section in _sections(audit, showing) for line in (*section, ())]
    return rendered(lines[:-1], showing.color)


def _sections(audit: Audit, showing: Showing) -> Iterator[list[Line]]:
    width = showing.width
    yield list(_head(audit, width))
    if audit.inventory:
        yield list(_inventory(audit, width))
    if audit.facts.live:
        yield list(_live(audit, audit.facts.live, width))
    if audit.performance.served:
        yield list(_performance(audit, width))
    if audit.evidence:
        for server in audit.evidence.servers:
            yield list(_evidence(server, width))
    for title, findings in _grouped(audit):
        yield list(_group(title, findings, audit, showing))
    if audit.drivers:
        yield list(_drivers(audit))
    yield from _untold(audit, width)
    if audit.criteria:
        yield list(_criteria(audit, width))
    yield list(_summary(audit, width))
    steps = next_steps(audit, showing.target)
    if steps:
        yield list(_next(steps))


def _performance(audit: Audit, width: int | None) -> Iterator[Line]:
    """How the indexes serve, in figures, and the set of each table before and after."""
    from trueup.report.performance import advised_line, changes, grade_line

    found = audit.performance
    yield (("Indexes and query performance", "bold"),)
    yield from _wrapped(f"{grade_line(found)}.", width, 2)
    yield from _wrapped(f"Advice: {advised_line(found)}.", width, 2)
    for name, advice in changes(found):
        words = [
            f"{'replace by' if a.replaces else a.action} ({', '.join(a.columns)})"
            for a in advice
            if a.action != "keep"
        ]
        yield from _wrapped(f"{name}: {'; '.join(words)}", width, 4, "dim", (("  ", ""),))


def _wrapped(text: str, width: int | None, indent: int, style: str = "", first: Line = ()) -> Iterator[Line]:
    """Text broken to the width behind an indent; `first` stands in the indent of the first line."""
    shown = plain(text)
    room = max(width - indent, 30) if width else None
    parts = textwrap.wrap(shown, room, break_long_words=False, break_on_hyphens=False) if room else [shown]
    for number, part in enumerate(parts or [""]):
        lead: Line = first if number == 0 and first else ((" " * indent, ""),)
        yield (*lead, (part, style))


def _table(rows: Sequence[Sequence[Segment]], indent: int = 2) -> Iterator[Line]:
    """Rows of segments set under each other."""
    widths = [max(len(row[n][0]) for row in rows) for n in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [(f"{text:<{widths[n]}}  ", style) for n, (text, style) in enumerate(row)]
        yield ((" " * indent, ""), *cells)


def _head(audit: Audit, width: int | None) -> Iterator[Line]:
    project = audit.facts.project
    version = f"{project.framework} {project.framework_version}".strip() or "no framework found"
    yield ((plain(project.name), "bold"), (f"  {plain(version)}, {audit.driver}", ""))
    yield from _wrapped(f"{audit.driver}: {audit.driver_why}", width, 2, "dim")
    ticket = audit.facts.ticket
    if ticket:
        yield from _wrapped(f"ticket: {ticket.path}", width, 2, "dim")
    for document in audit.facts.specification.documents:
        yield from _wrapped(f"specification: {document.path} ({document.why})", width, 2, "dim")
    if audit.facts.specification.precedence and audit.facts.specification.documents:
        yield from _wrapped(audit.facts.specification.precedence, width, 2, "dim")
    counts = dict(audit.inputs)
    read = [
        counted(counts.get("migrations", 0), "migration"),
        counted(counts.get("models", 0), "model"),
        counted(counts.get("query_sites", 0), "query site"),
        counted(counts.get("tests", 0), "test file"),
    ]
    yield (("  read: " + ", ".join(read), "dim"),)
    if audit.facts.queries.total:
        yield ((f"  {coverage(audit.facts.queries)}", "dim"),)


def _inventory(audit: Audit, width: int | None) -> Iterator[Line]:
    required = [row for row in audit.inventory if row.status != "extra"]
    extra = [row.table for row in audit.inventory if row.status == "extra"]
    if required:
        yield (("Required tables", "bold"),)
        yield from _table([_required_row(row, audit.facts.live) for row in required])
        for row in required:
            if row.candidates and not row.matched:
                near = ", ".join(f"{name} {score:.2f}" for name, score in row.candidates)
                yield from _wrapped(f"nearest to {row.table}, but not near enough: {near}", width, 2, "dim")
    if extra:
        title = (
            f"{counted(len(extra), 'table')} that nothing written requires"
            if required
            else counted(len(extra), "table")
        )
        yield ((title, "bold"),)
        yield from _wrapped(", ".join(extra), width, 2)


def _required_row(row: InventoryRow, live: Live | None) -> list[Segment]:
    matched = plain(row.matched)
    score = f" ({row.score:.2f})" if row.status == "renamed" else ""
    columns = f"{row.columns_present}/{row.columns_required} columns" if row.columns_required else ""
    return [
        (plain(row.table), ""),
        (STATUS.get(row.status, row.status), STATUS_STYLE.get(row.status, "")),
        (matched + score if row.table != row.matched else "", ""),
        (columns, ""),
        (plain(row.model.rsplit("\\", 1)[-1]) or "no model", "" if row.model else "dim"),
        ("factory" if row.factory else "no factory", "" if row.factory else "dim"),
        (counted(len(row.tests), "test file"), "" if row.tests else "dim"),
        *([(f"live: {live_state(live, row)}", _LIVE_STYLE[live_state(live, row)])] if live else []),
    ]


_LIVE_STYLE = {"there": "", "missing": "yellow"}


def _evidence(server: ServerEvidence, width: int | None) -> Iterator[Line]:
    from trueup.report.evidence import advice_rows, disagreements, head_lines, query_rows, server_name

    yield ((f"Evidence: {plain(server_name(server))}", "bold"),)
    for line in head_lines(server):
        yield from _wrapped(line, width, 2, "dim")
    for action, table, index, state, why in advice_rows(server):
        style = {"confirmed": "green", "withdrawn": "yellow"}.get(state, "dim")
        yield from _wrapped(f"{action} {table}: {index}", width, 13, first=((f"  {state:<11}", style),))
        yield from _wrapped(why, width, 13, "dim")
    for query, before, after, amounts, time, growth in query_rows(server):
        yield from _wrapped(query, width, 2)
        yield from _wrapped(f"{before} → {after}", width, 4, "dim")
        yield from _wrapped(f"examined {amounts}; {time}; growth {growth}", width, 4, "dim")
    for line in disagreements(server):
        yield from _wrapped(line, width, 2, "yellow")


def _live(audit: Audit, live: Live, width: int | None) -> Iterator[Line]:
    yield (("The live database", "bold"), (f"  {plain(live_head(live))}", ""))
    rows = live_rows(audit.facts)
    shown = [r for r in rows if r.required or r.state != "there"] or list(rows)
    shown = sorted(shown, key=lambda r: (not r.required, -(r.size.data or 0), r.table))[:MOST_LIVE]
    yield from _table(
        [
            [
                (plain(r.table), ""),
                (r.state, "" if r.state == "there" else "yellow"),
                (f"{rows_text(r.size)} rows" if r.size.rows is not None else "", ""),
                (bytes_text(r.size.data), ""),
                (f"indexes {bytes_text(r.size.indexes)}" if r.size.indexes is not None else "", ""),
            ]
            for r in shown
        ]
    )
    if len(rows) > len(shown):
        more = f"and {counted(len(rows) - len(shown), 'other table')}: --format markdown or json lists them"
        yield ((f"  {more}", "dim"),)
    for line in untold_lines(live):
        yield from _wrapped(line, width, 2, "dim")


def _grouped(audit: Audit) -> Iterator[tuple[str, list[Finding]]]:
    """Findings by table (required ones first), then by model, then by file; each group in the order of severity."""
    required = {row.table.lower() for row in audit.inventory if row.status != "extra"}
    required |= {row.matched.lower() for row in audit.inventory if row.status == "renamed"}
    titles = {
        row.matched.lower(): f"{row.table} → {row.matched}"
        for row in audit.inventory
        if row.status == "renamed"
    }
    titles |= {
        row.table.lower(): f"{row.table} → {row.matched}"
        for row in audit.inventory
        if row.status == "renamed"
    }

    def group(finding: Finding) -> tuple[int, str]:
        if finding.table:
            lowered = finding.table.lower()
            return (0 if lowered in required else 1), titles.get(lowered, finding.table)
        if finding.model:
            return 2, finding.model
        file = next((place.file for place in finding.locations if place.file), "")
        return 3, file

    ordered = sorted(audit.findings, key=lambda f: (*group(f), f.sort_key))
    for (_, title), findings in groupby(ordered, key=group):
        yield title or "the project", list(findings)


def _group(title: str, findings: list[Finding], audit: Audit, showing: Showing) -> Iterator[Line]:
    yield ((plain(title), "bold"), (f"  {_severities(findings)}", "dim"))
    for finding in findings:
        yield from _finding(finding, audit, showing)


def _severities(findings: list[Finding]) -> str:
    nouns = {"error": "error", "warning": "warning", "info": "remark"}
    counts = [(s, sum(1 for f in findings if f.severity == s)) for s in SEVERITIES]
    return ", ".join(counted(number, nouns[severity]) for severity, number in counts if number)


def _finding(finding: Finding, audit: Audit, showing: Showing) -> Iterator[Line]:
    indent, width = 19, showing.width
    first: Line = (
        (f"  {finding.severity:<7}", SEVERITY_STYLE[finding.severity]),
        (f"  {finding.code:<8}", "bold"),
    )
    yield from _wrapped(finding.message, width, indent, first=first)
    if audit.drivers and set(finding.drivers) != set(audit.drivers):
        yield from _wrapped(f"only on {listed(finding.drivers)}", width, indent, "magenta")
    yield from place_lines(finding.locations, audit.facts.project.root, showing, indent)
    yield from code_line(finding, showing, indent)
    if finding.recommendation:
        yield from _wrapped(f"→ {finding.recommendation}", width, indent, "green")


def _drivers(audit: Audit) -> Iterator[Line]:
    """A column a driver."""
    yield (("Findings by driver", "bold"),)
    head: list[Segment] = [("", ""), *((driver, "bold") for driver in audit.drivers)]
    rows = [head]
    for severity in SEVERITIES:
        counts = [
            sum(f.severity == severity and d in f.drivers for f in audit.findings) for d in audit.drivers
        ]
        style = SEVERITY_STYLE[severity]
        noun: Segment = (f"{NOUNS[severity]}s", style)
        rows.append(
            [noun, *((f"{n:,}".rjust(len(d)), "") for n, d in zip(counts, audit.drivers, strict=True))]
        )
    yield from _table(rows)


def _next(steps: list[tuple[str, str]]) -> Iterator[Line]:
    """The commands to type next, one under the other."""
    width = max(len(command) for command, _ in steps)
    for number, (command, about) in enumerate(steps):
        lead = "Next  " if number == 0 else "      "
        yield ((lead, "bold"), (f"{command:<{width}}", "cyan"), (f"  {about}", "dim"))


def _untold(audit: Audit, width: int | None) -> Iterator[list[Line]]:
    told = {
        place for finding in audit.findings if finding.category == "migration" for place in finding.locations
    }
    failures = [failure for failure in audit.facts.schema.failures if failure.at not in told]
    if failures:
        lines: list[Line] = [((f"Migrations that would fail on {audit.driver}", "bold"),)]
        for failure in failures:
            lines.extend(_wrapped(f"{failure.at}  {failure.reason}", width, 2))
        yield lines
    doubts = [
        f"{d.code}  {d.subject}: {d.reason}" + (f"  ({d.at})" if d.at.file else "")
        for d in sorted(audit.cannot_tell)
    ]
    for title, entries in (
        ("Cannot tell", doubts),
        ("Not understood", [f"{gap.at}  {gap.reason}" for gap in sorted(audit.gaps)]),
    ):
        if entries:
            yield list(_capped(f"{title} ({len(entries)})", entries, width))


def _capped(title: str, entries: list[str], width: int | None) -> Iterator[Line]:
    """The first entries, and how many more the other formats list."""
    yield ((title, "bold"),)
    for entry in entries[:MOST_UNTOLD]:
        yield from _wrapped(entry, width, 2)
    left = len(entries) - MOST_UNTOLD
    if left > 0:
        yield ((f"  and {left:,} more: --format markdown or json lists them all", "dim"),)


def _criteria(audit: Audit, width: int | None) -> Iterator[Line]:
    yield (("Acceptance criteria of the ticket", "bold"),)
    for answer in audit.criteria:
        first: Line = ((f"  {answer.state:<12}  ", STATE_STYLE.get(answer.state, "")),)
        yield from _wrapped(answer.text, width, 16, first=first)
        yield from _wrapped(answer.how, width, 16, "dim")


def _summary(audit: Audit, width: int | None) -> Iterator[Line]:
    for crash in audit.crashes:
        first: Line = (("  crash    ", "bold red"),)
        yield from _wrapped(f"{crash.what}: {crash.problem}", width, 11, first=first)
    yield from _wrapped(verdict(audit), width, 0, "bold")
    for line in acceptance_lines(audit):
        yield from _wrapped(line, width, 0, "dim")
