"""An audit as the Markdown document that a reviewer would attach to the ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from trueup.model.audit import Audit, InventoryRow
from trueup.model.findings import Finding
from trueup.model.live import Live
from trueup.model.locations import Location
from trueup.model.names import SEVERITIES
from trueup.model.pairing import TablePair
from trueup.report.acceptances import acceptance_lines
from trueup.report.live import bytes_text, live_head, live_rows, live_state, rows_text, untold_lines
from trueup.report.markdown import code, escape, table
from trueup.report.matrix import column_rows, findings_of, key_rows
from trueup.report.plain import counted
from trueup.report.queries import coverage
from trueup.report.verdict import verdict

STATUS = {
    "present": "present",
    "renamed": "under another name",
    "missing": "missing",
    "extra": "not required",
}
REQUIRED_TABLES = (
    "Required table",
    "Status",
    "Existing table",
    "Columns",
    "Model",
    "Factory",
    "Tests",
    "Required by",
)
EXTRA_TABLES = ("Table", "Made by", "Model", "Factory", "Tests")
MATRIX = ("Required column", "Type", "Existing column", "Type", "Status")
KEYS = ("Required index or key", "Existing", "Status")
HEADINGS = {"error": "Errors", "warning": "Warnings", "info": "Remarks"}


def audit_markdown(audit: Audit) -> str:
    """The whole document. Text of the project is escaped: it can't break the document or draw its own."""
    sections = (
        _head,
        _summary,
        _criteria,
        _inventory,
        _compliance,
        _live,
        _performance,
        _evidence,
        _migrations,
        _models,
        _gap_analysis,
        _accepted,
        _specification,
        _ticket,
        _untold,
    )
    blocks = [block for section in sections for block in section(audit)]
    return "\n\n".join(blocks) + "\n"


def _places(places: Iterable[Location]) -> str:
    shown = [code(str(place)) for place in places if place.file]
    return ", ".join(shown)


def _head(audit: Audit) -> Iterator[str]:
    ticket = audit.facts.ticket
    yield f"# Database audit: {escape(audit.facts.project.name)}"
    yield escape(verdict(audit))
    if ticket:
        title = f": {ticket.title}" if ticket.title else ""
        yield f"Ticket: {code(ticket.path)} {escape((ticket.id + title).strip())}".rstrip()


def _summary(audit: Audit) -> Iterator[str]:
    yield "## Summary"
    counts = Counter((f.category, f.severity) for f in audit.findings)
    categories = sorted({f.category for f in audit.findings})
    if categories:
        rows = [
            [
                category,
                *(str(counts[category, s]) for s in SEVERITIES),
                str(sum(counts[category, s] for s in SEVERITIES)),
            ]
            for category in categories
        ]
        total = Counter(f.severity for f in audit.findings)
        rows.append(["**all**", *(f"**{total[s]}**" for s in SEVERITIES), f"**{len(audit.findings)}**"])
        yield table(("About", "Errors", "Warnings", "Remarks", "All"), rows, numbers=(1, 2, 3, 4))
    yield table(("Input", "What was read"), list(_inputs(audit)))


def _inputs(audit: Audit) -> Iterator[list[str]]:
    project = audit.facts.project
    version = f" {project.framework_version}" if project.framework_version else ""
    source = f" (from {project.framework_from})" if project.framework_version else " (version unknown)"
    yield ["Framework", escape(f"{project.framework or 'none found'}{version}{source}")]
    yield ["Database", escape(f"{audit.driver}: {audit.driver_why}")]
    for document in audit.facts.specification.documents:
        yield ["Specification", f"{code(document.path)} {escape(document.why)}"]
    if not audit.facts.specification.documents:
        yield ["Specification", "none found"]
    for folder in project.migration_folders:
        at = f", {code(str(folder.at))}" if folder.at else ""
        yield ["Migrations", f"{code(folder.path)} ({escape(folder.why)}{at})"]
    if audit.dump:
        yield ["Squashed dump", f"{code(audit.dump)}, loaded before the migrations"]
    counts = dict(audit.inputs)
    parts = [
        counted(counts.get("migrations", 0), "migration"),
        counted(counts.get("models", 0), "model"),
        counted(counts.get("query_sites", 0), "query site"),
        counted(counts.get("tests", 0), "test file"),
    ]
    yield ["Read", ", ".join(parts)]
    if audit.facts.queries.total:
        yield ["Queries", coverage(audit.facts.queries)]
    if audit.drivers:
        yield ["Drivers", f"{', '.join(audit.drivers)}; told as on {audit.driver} where nothing else is said"]
    for line in acceptance_lines(audit):
        yield ["Accepted", escape(line)]


def _criteria(audit: Audit) -> Iterator[str]:
    if not audit.criteria:
        return
    yield "## Acceptance criteria"
    rows = [[escape(c.text), c.state, escape(c.how), str(c.at.line)] for c in audit.criteria]
    yield table(("Criterion", "State", "How", "Ticket's line"), rows, numbers=(3,))


def _inventory(audit: Audit) -> Iterator[str]:
    yield "## Inventory"
    required = [row for row in audit.inventory if row.status != "extra"]
    extra = [row for row in audit.inventory if row.status == "extra"]
    if required:
        headers = (
            "Required table",
            "Status",
            "Existing table",
            "Columns",
            "Model",
            "Factory",
            "Tests",
            *(("Live",) if audit.facts.live else ()),
            "Required by",
        )
        yield table(headers, [_required_row(row, audit.facts.live) for row in required])
    if extra:
        yield f"{counted(len(extra), 'table')} {'exists' if len(extra) == 1 else 'exist'} that no specification requires:"
        headers = (*EXTRA_TABLES, *(("Live",) if audit.facts.live else ()))
        yield table(headers, [_extra_row(row, audit.facts.live) for row in extra])
    if not audit.inventory:
        yield "No table is required, and the migrations make none."


def _required_row(row: InventoryRow, live: Live | None) -> list[str]:
    status = STATUS[row.status]
    if row.status == "renamed":
        status += f" (score {row.score:.2f})"
    matched = code(row.matched) if row.matched else _candidates(row)
    columns = f"{row.columns_present} of {row.columns_required}" if row.columns_required else ""
    return [
        code(row.table),
        status,
        matched,
        columns,
        code(row.model),
        code(row.factory),
        str(len(row.tests)),
        *((live_state(live, row),) if live else ()),
        _places(row.required_by[:3])
        + (f" and {len(row.required_by) - 3} more" if len(row.required_by) > 3 else ""),
    ]


def _candidates(row: InventoryRow) -> str:
    if not row.candidates:
        return ""
    return "nearest: " + ", ".join(f"{code(name)} {score:.2f}" for name, score in row.candidates)


def _extra_row(row: InventoryRow, live: Live | None) -> list[str]:
    made = code(str(row.migration)) if row.migration and row.migration.file else ""
    shown = [code(row.table), made, code(row.model), code(row.factory), str(len(row.tests))]
    return [*shown, live_state(live, row)] if live else shown


def _compliance(audit: Audit) -> Iterator[str]:
    pairs = audit.facts.comparison.pairs
    if not pairs:
        return
    yield "## Compliance, table by table"
    for pair in pairs:
        yield from _table_compliance(audit, pair)


def _table_compliance(audit: Audit, pair: TablePair) -> Iterator[str]:
    yield f"### {code(pair.required.name)}"
    yield _pairing(pair)
    rows = column_rows(audit, pair)
    if rows:
        yield table(
            MATRIX,
            [
                [
                    code(r.required),
                    code(r.required_type),
                    code(r.existing),
                    code(r.existing_type),
                    escape(r.status),
                ]
                for r in rows
            ],
        )
    keys = key_rows(pair)
    if keys:
        yield table(KEYS, [[code(k.required), code(k.existing), escape(k.status)] for k in keys])
    if pair.extra_columns:
        names = ", ".join(f"{code(c.name)} {code(c.type)}" for c in pair.extra_columns)
        yield f"Not required: {names}."
    codes = Counter(f.code for f in findings_of(audit, pair))
    if codes:
        yield "Findings: " + ", ".join(f"{c} ({n})" if n > 1 else c for c, n in sorted(codes.items())) + "."


def _pairing(pair: TablePair) -> str:
    defined = f"Defined at {code(str(pair.required.at))}."
    if pair.status == "missing":
        near = "; ".join(
            f"{code(c.table)} {c.score:.2f} ({escape(', '.join(c.reasons))})" for c in pair.candidates
        )
        return f"**Missing.** {defined}" + (f" Nearest, but not near enough: {near}." if near else "")
    place = code(str(pair.existing.at)) if pair.existing and pair.existing.at.file else "the migrations"
    if pair.status == "renamed" and pair.existing:
        best = next((c for c in pair.candidates if c.table == pair.existing.name), None)
        why = f": {escape(', '.join(best.reasons))}" if best and best.reasons else ""
        others = [c for c in pair.candidates if c.table != pair.existing.name]
        runners = ", ".join(f"{code(c.table)} {c.score:.2f}" for c in others)
        after = f" Runners-up: {runners}." if runners else ""
        name = code(pair.existing.name)
        return (
            f"**Under another name**: {name}, made at {place}, score {pair.score:.2f}{why}. {defined}{after}"
        )
    return f"**Present**, made at {place}. {defined}"


def _performance(audit: Audit) -> Iterator[str]:
    from trueup.report.performance import performance_markdown

    yield from performance_markdown(audit)


def _evidence(audit: Audit) -> Iterator[str]:
    if audit.evidence is not None:
        from trueup.report.evidence_markdown import evidence_markdown

        yield from evidence_markdown(audit.evidence)


def _live(audit: Audit) -> Iterator[str]:
    live = audit.facts.live
    if live is None:
        return
    yield "## The live database"
    yield escape(live_head(live)) + "."
    rows = [
        [
            code(row.table),
            "required" if row.required else "",
            row.state,
            rows_text(row.size),
            bytes_text(row.size.data),
            bytes_text(row.size.indexes),
            "" if row.size.reads is None else f"{row.size.reads:,}",
        ]
        for row in live_rows(audit.facts)
    ]
    if rows:
        yield table(
            ("Table", "Specification", "On the server", "Rows", "Data", "Indexes", "Reads"),
            rows,
            numbers=(3, 4, 5, 6),
        )
    if live.since:
        yield f"Reads are counted since {escape(live.since)}."
    if live.untold:
        yield "\n".join(f"- {escape(line)}" for line in untold_lines(live))


def _migrations(audit: Audit) -> Iterator[str]:
    yield "## Migrations"
    if not audit.facts.migrations:
        yield f"All are in the squashed dump {code(audit.dump)}." if audit.dump else "None were found."
        return
    failures = {f.migration: f for f in audit.facts.schema.failures}
    rows = []
    for file in audit.facts.migrations:
        failure = failures.get(file.name)
        status = f"fails at {code(str(failure.at))}: {escape(failure.reason)}" if failure else "runs"
        rows.append([code(file.path), _names(file.creates), _names(file.changes), _names(file.drops), status])
    yield table(("Migration", "Creates", "Changes", "Drops", f"On {audit.driver}"), rows)


def _names(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)


def _models(audit: Audit) -> Iterator[str]:
    models = [m for m in audit.facts.eloquent.models if not m.abstract]
    yield "## Models"
    if not models:
        yield "None were found."
        return
    made = {f.model: f.name for f in audit.facts.eloquent.factories if f.model}
    about = Counter(f.model for f in audit.findings if f.model)
    rows = [
        [
            code(m.name),
            code(m.table) if m.table else "cannot tell",
            str(len(m.fillable)),
            str(len(m.casts)),
            str(len(m.relations)),
            code(made.get(m.name, m.factory or "")),
            str(about[m.name] + (about[m.short] if m.short != m.name else 0)),
            code(str(m.at)),
        ]
        for m in sorted(models, key=lambda m: m.name)
    ]
    headers = ("Model", "Table", "Fillable", "Casts", "Relations", "Factory", "Findings", "At")
    yield table(headers, rows, numbers=(2, 3, 4, 6))


def _gap_analysis(audit: Audit) -> Iterator[str]:
    yield "## Gap analysis"
    if not audit.findings:
        yield "No findings."
    yield from _by_driver(audit)
    number = 0
    for severity in SEVERITIES:
        findings = [f for f in audit.findings if f.severity == severity]
        if findings:
            yield f"### {HEADINGS[severity]} ({len(findings)})"
        for finding in findings:
            number += 1
            yield "\n".join(_one_finding(number, finding))


def _by_driver(audit: Audit) -> Iterator[str]:
    """A column a driver: how many findings hold on each, and which do not hold on all."""
    if not audit.drivers:
        return
    rows = [
        [s, *(str(sum(f.severity == s and d in f.drivers for f in audit.findings)) for d in audit.drivers)]
        for s in SEVERITIES
    ]
    yield "### By driver"
    yield table(("Severity", *audit.drivers), rows, numbers=range(1, len(audit.drivers) + 1))
    differing = [f for f in audit.findings if set(f.drivers) != set(audit.drivers)]
    if differing:
        marks = [
            [f.code, escape(f.message), *("yes" if d in f.drivers else "" for d in audit.drivers)]
            for f in differing
        ]
        yield f"{counted(len(differing), 'finding')} not on all of them:"
        yield table(("Check", "Finding", *audit.drivers), marks)


def _accepted(audit: Audit) -> Iterator[str]:
    if not audit.suppressed:
        return
    yield f"## Accepted findings ({len(audit.suppressed)})"
    rows = [
        [
            s.finding.code,
            escape(s.finding.message),
            s.acceptance.by,
            escape(s.acceptance.reason),
            escape(s.acceptance.author),
            s.acceptance.expires,
            _places((s.acceptance.at,)),
        ]
        for s in audit.suppressed
    ]
    yield table(("Check", "Finding", "By", "Reason", "Accepted by", "Until", "At"), rows)


def _one_finding(number: int, finding: Finding) -> Iterator[str]:
    indent = " " * (len(str(number)) + 2)
    yield f"{number}. **{finding.code}** {escape(finding.message)}"
    subject = [
        f"{name} {code(value)}"
        for name, value in (
            ("table", finding.table),
            ("column", finding.column),
            ("index", finding.index),
            ("model", finding.model),
        )
        if value
    ]
    if subject:
        yield f"{indent}- Subject: {', '.join(subject)}"
    if finding.expected or finding.found:
        yield f"{indent}- Expected: {code(finding.expected) or 'nothing'}; found: {code(finding.found) or 'nothing'}"
    if finding.drivers:
        yield f"{indent}- Drivers: {', '.join(finding.drivers)}"
    if any(place.file for place in finding.locations):
        yield f"{indent}- Evidence: {_places(finding.locations)}"
    if finding.recommendation:
        yield f"{indent}- Remedy: {escape(finding.recommendation)} (effort {finding.effort})"
    yield f"{indent}- Id: {code(finding.id)}"


def _specification(audit: Audit) -> Iterator[str]:
    spec = audit.facts.specification
    if not spec.documents or not (spec.precedence or spec.conflicts or spec.defects or spec.mentions):
        return
    yield "## The specification itself"
    if spec.precedence:
        yield escape(spec.precedence)
    if spec.conflicts:
        rows = [
            [code(c.table), code(str(c.used.at)), code(str(c.other.at)), escape("; ".join(c.differences))]
            for c in spec.conflicts
        ]
        yield "Tables that are defined differently in two places:"
        yield table(("Table", "Gone by", "The other", "Differences"), rows)
    if spec.defects:
        rows = [[code(str(d.at)), code(d.table), escape(d.message)] for d in spec.defects]
        yield "Definitions that a server would refuse, or that contradict themselves:"
        yield table(("At", "Table", "What is wrong"), rows)
    undefined = sorted({m.name for m in spec.mentions if spec.table(m.name) is None})
    if undefined:
        yield f"Named without a definition: {_names(undefined)}."


def _ticket(audit: Audit) -> Iterator[str]:
    ticket = audit.facts.ticket
    stale = [link for link in ticket.links if link.exists is False and not link.planned] if ticket else []
    if not stale:
        return
    yield "## What the ticket names and is not there"
    rows = [[code(s.path or s.text), code(s.nearest or ""), str(s.at.line)] for s in stale]
    yield table(("Path", "Perhaps meant", "Ticket's line"), rows, numbers=(2,))


def _untold(audit: Audit) -> Iterator[str]:
    yield "## What could not be told"
    if not (audit.cannot_tell or audit.gaps or audit.crashes):
        yield "Nothing: every statement was understood and every question answered."
    if audit.crashes:
        yield "Trueup itself failed here; what these parts would have said is missing from this report:"
        yield "\n".join(f"- {escape(c.what)}: {escape(c.problem)}" for c in audit.crashes)
    if audit.cannot_tell:
        rows = [
            [c.code, code(c.subject), escape(c.reason), _places((c.at,))] for c in sorted(audit.cannot_tell)
        ]
        yield "Questions that could not be decided:"
        yield table(("Check", "Subject", "Why", "At"), rows)
    if audit.gaps:
        rows = [[_places((g.at,)), escape(g.reason), code(g.excerpt)] for g in sorted(audit.gaps)]
        yield "Statements and files that could not be understood:"
        yield table(("At", "Why", "Statement"), rows)
