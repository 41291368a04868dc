"""Indexes that documents, servers or relations ask for."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import PairedTable
from trueup.compare.indexes import lowered
from trueup.model.findings import Finding
from trueup.model.schema import Index, Table
from trueup.model.spec import RequiredIndex
from trueup.remedies.changes import (
    AddIndex,
    IndexSpec,
)
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of


def missing_indexes(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("IDX001"):
        table = workshop.paired(finding.table)
        required = required_index(table, finding, unique=False) if table else None
        if table is None or required is None:
            continue
        name = required.name if required.name and workshop.is_free(required.name, table.name) else None
        yield _index(table.existing, finding, table.here(required.columns), name, required.kind)


def unindexed_columns(workshop: Workshop) -> Iterator[Proposal]:
    """KEY009, KEY013: indexes that the server or the relation needs."""
    for finding in workshop.findings("KEY009", "KEY013"):
        table = workshop.table(finding.table)
        told = finding.expected.removeprefix("an index on ") if finding.code == "KEY009" else finding.index
        groups = [
            tuple(c.strip() for c in group.split(",")) for group in told.split("; on ") if group.strip()
        ]
        if table is None or not groups or any(table.column(c) is None for g in groups for c in g):
            continue
        if len(groups) == 1:
            yield _index(table, finding, groups[0], None, "")
        else:
            yield _indexes(table, finding, groups)


def _indexes(table: Table, finding: Finding, groups: list[tuple[str, ...]]) -> Proposal:
    """Several indexes of one table in one migration."""
    taken = names_of(table)
    changes = []
    for columns in groups:
        name = index_name(table.name, columns, "index", taken)
        taken.add(name)
        changes.append(AddIndex(table.name, IndexSpec(name, columns), implied_index(table, columns)))
    return Proposal(
        "add index",
        f"Index {len(groups)} foreign keys of {table.name}",
        table.name,
        (finding,),
        slug=f"index_foreign_keys_of_{table.name}_table",
        changes=tuple(changes),
        steps=(
            "Run the migration; it blocks no writes on PostgreSQL and MySQL, but takes its time on a large table.",
        ),
        rollback="down() drops the indexes.",
        rank=40,
        needs=(f"table {table.name}",),
    )


def implied_index(table: Table, columns: tuple[str, ...]) -> IndexSpec | None:
    """InnoDB's own index for a foreign key, which goes when this one comes."""
    own = next((i for i in table.indexes if i.implied and covers_key(i, columns)), None)
    return IndexSpec(own.name, own.columns) if own is not None else None


def covers_key(implied: Index, columns: tuple[str, ...]) -> bool:
    """Whether an index over `columns` does what InnoDB's own does, so that InnoDB lets that go."""
    return lowered(columns[: len(implied.columns)]) == lowered(implied.columns)


def required_index(table: PairedTable, finding: Finding, unique: bool) -> RequiredIndex | None:
    for index in table.required.indexes:
        if index.unique == unique and not index.primary and ", ".join(index.columns) == finding.index:
            return index
    return None


def _index(table: Table, finding: Finding, columns: tuple[str, ...], name: str | None, kind: str) -> Proposal:
    special = kind if kind in ("fulltext", "spatial") else ""
    taken = names_of(table)
    free = name is not None and name.lower() not in (t.lower() for t in taken)
    made = name if free and name else index_name(table.name, columns, special or "index", taken)
    title = f"Index {table.name} ({', '.join(columns)})"
    if any(table.column(c) is None for c in columns):
        lacking = next(c for c in columns if table.column(c) is None)
        return Proposal(
            "add index",
            title,
            table.name,
            (finding,),
            slug=f"index_{'_and_'.join(columns)}_of_{table.name}_table",
            changes=(AddIndex(table.name, IndexSpec(made, columns, False, special), None),),
            steps=("Run the migration.",),
            rollback="down() drops the index.",
            rank=40,
            needs=(f"table {table.name}", f"column {table.name}.{lacking}"),
        )
    return Proposal(
        "add index",
        title,
        table.name,
        (finding,),
        slug=f"index_{'_and_'.join(columns)}_of_{table.name}_table",
        changes=(
            AddIndex(table.name, IndexSpec(made, columns, False, special), implied_index(table, columns)),
        ),
        steps=(
            "Run the migration; it blocks no writes on PostgreSQL and MySQL, but takes its time on a large table.",
        ),
        rollback="down() drops the index.",
        rank=40,
        needs=(f"table {table.name}",),
    )
