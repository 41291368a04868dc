"""CFG001: the configuration names a table that no migration makes."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_used_table, is_framework_table
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.config import TableName
from trueup.model.findings import Finding, Verdict


def _files(name: str) -> dict[str, str]:
    return {
        "config/budget.php": f"<?php\n\nreturn [\n    'tables' => [\n        'records' => '{name}',\n    ],\n];\n"
    }


EXAMPLES = (
    failing(
        "The table was renamed",
        given(migration=table(), files=_files("cost_entries")),
        Expected(
            "warning",
            "The configuration `budget.tables.records` names the table `cost_entries`, which no migration makes.",
            table="cost_entries",
        ),
    ),
    clean("The table exists", given(migration=table(), files=_files("cost_records"))),
)


@check(
    code="CFG001",
    title="The configuration names a table that does not exist",
    severity="warning",
    category="config",
    why="Code that asks the configuration for the table's name queries a table that is not there.",
    fix="Name the table that the migrations make, or let them ask the configuration too.",
    examples=EXAMPLES,
)
def table_missing(facts: Facts) -> Iterator[Verdict]:
    known = {t.name.lower() for t in facts.schema.tables} | {
        n.name.lower() for n in facts.schema.notes if n.kind == "view"
    }
    seen: set[str] = set()
    for entry in facts.config.table_names:
        name = entry.table.lower()
        if name in known | seen or is_framework_table(name) or not _is_own(facts, entry):
            continue
        seen.add(name)
        gap = doubt_about_used_table(facts, name)
        yield cannot_tell("CFG001", entry.key, gap, name) if gap else _finding(entry)


def _is_own(facts: Facts, entry: TableName) -> bool:
    """A list of the project's tables. A single name in an application's configuration is most often a package's, and optional."""
    return facts.project.kind == "package" or ".tables." in entry.key or ".table_names." in entry.key


def _finding(entry: TableName) -> Finding:
    return Finding(
        "CFG001",
        "warning",
        "config",
        f"The configuration {code(entry.key)} names the table {code(entry.table)}, which no migration makes.",
        table=entry.table,
        expected=f"a migration that makes {entry.table}",
        found="no such table",
        locations=(entry.at,),
        recommendation=f"Name the table that is meant, or make {code(entry.table)} in a migration.",
        key=entry.key,
    )
