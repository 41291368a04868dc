"""CHECKs that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import PairedTable
from trueup.model.names import DRIVERS, Driver
from trueup.remedies.changes import (
    AddCheck,
    CheckSpec,
)
from trueup.remedies.proposals import Proposal, Workshop, index_name, withheld


def _without(workshop: Workshop, table: PairedTable, name: str) -> tuple[Driver, ...]:
    """The drivers on which no check of that name is there yet; SQLite takes one only with its table."""
    made = []
    for driver in DRIVERS:
        schema = workshop.schemas.get(
            "mysql" if driver == "mariadb" and driver not in workshop.schemas else driver
        )
        found = schema.table(table.existing.name) if schema else None
        if driver != "sqlite" and (found is None or all(c.name != name for c in found.checks)):
            made.append(driver)
    return tuple(made)


def missing_checks(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("KEY006"):
        table = workshop.paired(finding.table)
        required = next(
            (
                c
                for c in (table.required.checks if table else ())
                if f"CHECK ({c.expression})" == finding.expected
            ),
            None,
        )
        if table is None or required is None:
            continue
        title = f"Check that {required.expression} in {table.shown}"
        if table.here(required.columns) != required.columns:
            reason = "it names columns that have another name here; rename them first"
            yield withheld("check", title, table.shown, [finding], reason)
            continue
        name = required.name or index_name(table.shown, required.columns or ("rows",), "check")
        yield Proposal(
            "check",
            title,
            table.existing.name,
            (finding,),
            slug=f"check_{'_and_'.join(required.columns) or 'rows'}_of_{table.existing.name}_table",
            changes=(
                AddCheck(
                    table.existing.name, CheckSpec(name, required.expression), _without(workshop, table, name)
                ),
            ),
            steps=(
                f"Look for rows that violate it: select * from {table.existing.name} where not ({required.expression});",
                "Mend them, then run the migration.",
            ),
            risks=("Where rows violate it, the server refuses the check.", "SQLite does not get it."),
            rollback="down() drops the check.",
            rank=75,
            needs=(f"table {table.existing.name}",),
        )
