"""Uniqueness that is missing, in documents' or in the code's eyes."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.compare.indexes import lowered
from trueup.model.findings import Finding
from trueup.model.schema import Table
from trueup.remedies.changes import (
    AddIndex,
    Change,
    DropIndex,
    IndexSpec,
)
from trueup.remedies.missing_indexes import implied_index, required_index
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of, withheld


def missing_uniques(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("KEY002"):
        table = workshop.paired(finding.table)
        required = required_index(table, finding, unique=True) if table else None
        if table is None or required is None:
            continue
        columns = table.here(required.columns)
        if required.where:
            reason = "it is for some rows only, which not every server has"
            yield withheld(
                "unique", f"Make {table.shown} ({', '.join(columns)}) unique", table.shown, [finding], reason
            )
            continue
        name = required.name if required.name and workshop.is_free(required.name, table.name) else None
        yield _unique(table.existing, finding, columns, name)


def relied_on_uniques(workshop: Workshop) -> Iterator[Proposal]:
    """QRY008, REL005, REL006, RUL001: code that counts on uniqueness that nothing keeps."""
    for finding in workshop.findings("QRY008", "REL005", "REL006", "RUL001"):
        table = workshop.table(finding.table)
        named = finding.index or finding.column or finding.expected.rpartition(" on ")[2]
        columns = tuple(c.strip() for c in named.split(",") if c.strip())
        if table is None or not columns or any(table.column(c) is None for c in columns):
            continue
        nullable = [c for c in columns if (found := table.column(c)) is not None and found.nullable]
        if nullable and len(columns) > 1:
            title = f"Make {table.name} ({', '.join(columns)}) unique"
            reason = (
                f"{', '.join(nullable)} may be NULL, and a unique index takes every NULL for another value"
            )
            yield withheld("unique", title, table.name, [finding], reason)
            continue
        yield _unique(table, finding, columns, None)


def _unique(table: Table, finding: Finding, columns: tuple[str, ...], name: str | None) -> Proposal:
    taken = {t.lower() for t in names_of(table)}
    made = name if name and name.lower() not in taken else index_name(table.name, columns, "unique", taken)
    instead = next(
        (
            i
            for i in table.indexes
            if lowered(i.columns) == lowered(columns) and not (i.unique or i.primary or i.implied or i.where)
        ),
        None,
    )
    changes: list[Change] = [
        AddIndex(table.name, IndexSpec(made, columns, True), implied_index(table, columns))
    ]
    if instead is not None:
        changes.append(DropIndex(table.name, IndexSpec(instead.name, instead.columns)))
    query = f"select {', '.join(columns)}, count(*) from {table.name} group by {', '.join(columns)} having count(*) > 1"
    return Proposal(
        "unique",
        f"Make {table.name} ({', '.join(columns)}) unique",
        table.name,
        (finding,),
        slug=f"make_{'_and_'.join(columns)}_of_{table.name}_table_unique",
        changes=tuple(changes),
        steps=(
            f"Look for duplicates: {query};",
            "Decide which row of each stays, and mend the others.",
            "Run the migration.",
        ),
        risks=(
            "Where there are duplicates, the migration stops and nothing has changed.",
            *(
                f"Rows in which {c.name} is NULL are never alike."
                for c in table.columns
                if c.name in columns and c.nullable
            ),
        ),
        rollback="down() drops the index" + (f" and makes {instead.name} again." if instead else "."),
        effort="M",
        rank=45,
        follow=("KEY007",) if any(c.nullable for c in table.columns if c.name in columns) else (),
        needs=(f"table {table.name}",),
    )
