"""Columns that nothing requires: those that must be filled, what `change()` dropped, what soft deletes need."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.remedies.changes import AddColumn, ChangeColumn
from trueup.remedies.definitions import (
    Definition,
    Unmendable,
    existing_definition,
    with_default,
)
from trueup.remedies.proposals import Proposal, Workshop, withheld
from trueup.sources.sql.types import parse_type
from trueup.structs import replace


def left_out(workshop: Workshop) -> Iterator[Proposal]:
    """COL003: what the document does not know cannot be written by code that follows it."""
    for finding in workshop.findings("COL003"):
        table = workshop.table(finding.table)
        if table is None:
            continue
        title = f"Let {table.name}.{finding.column} be left out"
        try:
            old = existing_definition(table.name, finding.column, workshop.schemas)
        except Unmendable as reason:
            yield withheld("change column", title, table.name, [finding], str(reason))
            continue
        change = ChangeColumn(table.name, old, replace(old, nullable=True))
        yield Proposal(
            "change column",
            title,
            table.name,
            (finding,),
            slug=f"let_{finding.column}_of_{table.name}_table_be_null",
            changes=(change,),
            steps=(
                "Decide whether the column is still needed; if not, drop it instead.",
                "Run the migration.",
            ),
            rollback="down() makes the column NOT NULL again; rows without a value must be filled before.",
            rank=30,
            needs=(f"table {table.name}",),
        )


def forgotten_attributes(workshop: Workshop) -> Iterator[Proposal]:
    """MIG013: what `change()` did not repeat."""
    for finding in workshop.findings("MIG013"):
        migration = next((m for m in workshop.facts.migrations if m.name == finding.key), None)
        change = next(
            (
                c
                for c in (migration.done if migration else ())
                if c.kind == "change column" and (c.table, c.subject) == (finding.table, finding.column)
            ),
            None,
        )
        if change is None or change.before is None:
            continue
        title = f"Give {finding.table}.{finding.column} back what change() dropped"
        try:
            old = existing_definition(finding.table, finding.column, workshop.schemas)
        except Unmendable as reason:
            yield withheld("default", title, finding.table, [finding], str(reason))
            continue
        parsed = parse_type(change.before.type, workshop.facts.schema.driver)
        new = replace(old, comment=old.comment or change.before.comment or "")
        if change.before.default is not None and not old.default and not old.now:
            new = with_default(new, change.before.default, parsed)
        yield Proposal(
            "default",
            title,
            finding.table,
            (finding,),
            slug=f"restore_{finding.column}_of_{finding.table}_table",
            changes=(ChangeColumn(finding.table, old, new),),
            steps=("Run the migration.",),
            rollback="down() takes it away again.",
            rank=30,
            needs=(f"table {finding.table}",),
        )


def soft_delete_columns(workshop: Workshop) -> Iterator[Proposal]:
    """MOD012: the column that the trait needs."""
    for finding in workshop.findings("MOD012"):
        table = workshop.table(finding.table)
        if table is None:
            continue
        column = Definition(finding.column or "deleted_at", "timestamp", nullable=True)
        yield Proposal(
            "add columns",
            f"Add {column.name} to {table.name}",
            table.name,
            (finding,),
            slug=f"add_{column.name}_to_{table.name}_table",
            changes=(AddColumn(table.name, column),),
            steps=("Run the migration.",),
            rollback="down() drops the column: rows that were deleted softly since are back.",
            rank=20,
            needs=(f"table {table.name}",),
        )
