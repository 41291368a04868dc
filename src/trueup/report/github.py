"""An audit as workflow commands, which GitHub Actions turns into annotations, and as a job's summary.

Commands and their escapes: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands and
`escapeData`/`escapeProperty` of actions/toolkit, packages/core/src/command.ts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.names import SEVERITIES, Severity
from trueup.report.acceptances import acceptance_lines
from trueup.report.markdown import code, escape, table
from trueup.report.places import first_place
from trueup.report.plain import counted, plain
from trueup.report.sarif import message_of
from trueup.report.showing import Showing
from trueup.report.verdict import NOUNS, verdict

COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
MOST_IN_SUMMARY = 200
"""Findings in the job's summary, which may have 1 MiB."""


def audit_github(audit: Audit, showing: Showing) -> str:
    """One workflow command a finding, the gravest first, as GitHub shows ten of each kind of a step; then the verdict."""
    lines = [_command(audit, finding, showing) for finding in audit.findings]
    lines.extend(
        f"::error title={_property('trueup failed')}::{_data(f'{c.what}: {c.problem}')}"
        for c in audit.crashes
    )
    lines.extend(plain(line) for line in (verdict(audit), *acceptance_lines(audit)))
    return "".join(f"{line}\n" for line in lines)


def _command(audit: Audit, finding: Finding, showing: Showing) -> str:
    place = first_place(audit, finding, showing.prefix)
    named = {"file": place.file, "line": str(place.line)}
    if place.column:
        named["col"] = str(place.column)
    named["title"] = " ".join(part for part in (finding.code, _subject(finding)) if part)
    properties = ",".join(f"{name}={_property(value)}" for name, value in named.items())
    return f"::{COMMANDS[finding.severity]} {properties}::{_data(message_of(finding))}"


def _subject(finding: Finding) -> str:
    inner = finding.column or finding.index
    table_name = f"{finding.table}.{inner}" if finding.table and inner else finding.table or inner
    return table_name or finding.model


def _data(text: str) -> str:
    """The escapes of a command's message. A control character shows as what it is."""
    shown = "".join(c if c.isprintable() or c in "\r\n" else f"\\x{ord(c):02x}" for c in text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def job_summary(audit: Audit) -> str:
    """Markdown for GITHUB_STEP_SUMMARY: the verdict, counts, required tables, and findings, the gravest first."""
    return "\n\n".join(_summary_blocks(audit)) + "\n"


def _summary_blocks(audit: Audit) -> Iterator[str]:
    yield f"## Database audit: {escape(audit.facts.project.name)}"
    yield escape(verdict(audit))
    notes = [escape(line) for line in acceptance_lines(audit)]
    if notes:
        yield "\n".join(f"- {line}" for line in notes)
    if audit.drivers:
        yield table(
            ("Driver", *(NOUNS[s].capitalize() + "s" for s in SEVERITIES)),
            list(_by_driver(audit)),
            numbers=(1, 2, 3),
        )
    required = [row for row in audit.inventory if row.status != "extra"]
    if required:
        rows = [
            [
                code(r.table),
                r.status,
                code(r.matched),
                f"{r.columns_present} of {r.columns_required}",
                code(r.model),
            ]
            for r in required
        ]
        yield table(("Required table", "Status", "Existing table", "Columns", "Model"), rows)
    if audit.findings:
        rows = [_summary_row(finding, audit) for finding in audit.findings[:MOST_IN_SUMMARY]]
        drivers = ("Drivers",) if audit.drivers else ()
        yield table(("Severity", "Check", "Finding", "Place", *drivers), rows)
    left = len(audit.findings) - MOST_IN_SUMMARY
    if left > 0:
        yield f"and {counted(left, 'more finding')}: `trueup audit --format markdown` lists them all."
    unsure = len(audit.cannot_tell) + len(audit.gaps)
    if unsure:
        questions = counted(len(audit.cannot_tell), "question")
        statements = counted(len(audit.gaps), "statement")
        yield f"{counted(unsure, 'point')} could not be told: {questions}, and {statements} that could not be read."


def _by_driver(audit: Audit) -> Iterator[list[str]]:
    for driver in audit.drivers:
        counts = Counter(f.severity for f in audit.findings if driver in f.drivers)
        yield [driver, *(str(counts[s]) for s in SEVERITIES)]


def _summary_row(finding: Finding, audit: Audit) -> list[str]:
    place = next((str(p) for p in finding.locations if p.file), "")
    drivers = [", ".join(finding.drivers)] if audit.drivers else []
    return [finding.severity, finding.code, escape(finding.message), code(place), *drivers]
