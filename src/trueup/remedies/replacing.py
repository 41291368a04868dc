"""Columns of another type or name: a new one beside the old one, by expand and contract."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from trueup.checks.subjects import PairedColumn
from trueup.model.findings import Finding
from trueup.model.schema import Table
from trueup.remedies.changes import IndexSpec, ReplaceColumn
from trueup.remedies.definitions import (
    Definition,
    Unmendable,
)
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of
from trueup.remedies.renaming import places_that_name, rename_in_code


def replacement(
    workshop: Workshop,
    column: PairedColumn,
    old: Definition,
    new: Definition,
    findings: list[Finding],
    needs: tuple[str, ...],
) -> Proposal:
    """A new column in place of the old one, by expand and contract: the type or the name is another."""
    table, rename, drop = column.table.existing, new.name != old.name, workshop.allow_destructive
    _refuse_keys(workshop, table, old.name)
    kept = old.name if rename else f"{old.name}_old"
    change = ReplaceColumn(table.name, old, new, kept, drop, tuple(_over(table, old.name, new.name, rename)))
    title, slug = _named(table.name, old.name, new.name)
    return Proposal(
        "rename column" if rename else "change type",
        title,
        table.name,
        tuple(findings),
        slug=slug,
        changes=(change,),
        steps=tuple(_steps(workshop, table.name, change)),
        risks=(
            f"What is written to {old.name} between the filling and the exchange is not carried over.",
            *((f"{old.name} is dropped, with what the new type cannot hold.",) if drop else ()),
        ),
        rollback=f"down() puts {old.name} back in its place, with the values that were written since.",
        effort="M",
        destructive=drop,
        rank=60 if rename else 35,
        needs=needs,
        makes=(f"column {table.name}.{new.name}",),
        leftovers=() if drop else (kept,),
        edit=partial(rename_in_code, table.name, old.name, new.name) if rename else None,
        # With the digits of both the column holds more than required, which is nothing to be done.
        follow=("TYP003",),
    )


def _named(table: str, old: str, new: str) -> tuple[str, str]:
    """Title and slug."""
    if new != old:
        return f"Rename {table}.{old} to {new}", f"rename_{old}_to_{new}_in_{table}_table"
    return f"Change the type of {table}.{old}", f"change_type_of_{old}_in_{table}_table"


def _steps(workshop: Workshop, table: str, change: ReplaceColumn) -> Iterator[str]:
    old, new = change.old.name, change.new.name
    beside = new if new != old else f"{new}_new"
    yield f"Run the migration in a quiet moment: it adds {beside}, fills it in portions and puts it in place."
    if new != old:
        yield f"Apply the patch and deploy the code that uses {new}."
        for shown in listed(places_that_name(workshop.facts, table, old)):
            yield f"Look at {shown}, which may mean {old} too."
    if not change.drop:
        yield (
            f"When nothing reads {change.kept} any more, drop it "
            "(`trueup fix --allow-destructive` writes that migration)."
        )


def listed(places: tuple[str, ...], most: int = 8) -> list[str]:
    more = f" and {len(places) - most} more places" if len(places) > most else ""
    return [", ".join(places[:most]) + more] if places else []


def _refuse_keys(workshop: Workshop, table: Table, column: str) -> None:
    lowered = column.lower()
    primary = table.primary_key
    if primary is not None and lowered in (c.lower() for c in primary.columns):
        raise Unmendable(
            f"{column} is part of the primary key: every table that refers to it changes with it"
        )
    if any(lowered in (c.lower() for c in key.columns) for key in table.foreign_keys):
        raise Unmendable(
            f"{column} is a foreign key: it must keep the type and the name that the key goes by"
        )
    for other in workshop.facts.schema.tables:
        for key in other.foreign_keys:
            if key.foreign_table.lower() == table.name.lower() and lowered in (
                c.lower() for c in key.foreign_columns
            ):
                raise Unmendable(f"{other.name} refers to {column} by a foreign key")


def _over(table: Table, name: str, to: str, rename: bool) -> Iterator[tuple[IndexSpec, IndexSpec]]:
    """Indexes over the column, as they are and as they are to be."""
    for index in table.indexes:
        if name.lower() not in (c.lower() for c in index.columns):
            continue
        if index.where or index.expressions or any(index.prefix_lengths) or index.implied:
            raise Unmendable(f"the index {index.name} over it is of a kind that Blueprint does not make")
        kind = index.kind if index.kind in ("fulltext", "spatial") else ""
        was = IndexSpec(index.name, index.columns, index.unique, kind)
        columns = tuple(to if c.lower() == name.lower() else c for c in index.columns)
        suffix = kind or ("unique" if index.unique else "index")
        now = index_name(table.name, columns, suffix, names_of(table)) if rename else index.name
        yield was, IndexSpec(now, columns, index.unique, kind)
