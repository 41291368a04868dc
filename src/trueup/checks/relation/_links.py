"""Relations as links between columns: which column of which table refers to which."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.model._stored import Stored, bare, stored_models
from trueup.model.audit import Facts
from trueup.model.eloquent import Model, Relation
from trueup.model.locations import Location
from trueup.model.schema import Column, Table
from trueup.structs import Struct

PIVOT_KINDS = frozenset({"belongsToMany", "morphToMany", "morphedByMany"})


class Told(Struct, frozen=True):
    """A relation of a stored model, and the related model's table where both can be told."""

    stored: Stored
    relation: Relation
    related: Model | None
    related_table: Table | None

    @property
    def name(self) -> str:
        return f"{self.stored.model.short}::{self.relation.method}"

    @property
    def model(self) -> Model:
        return self.stored.model

    @property
    def table(self) -> Table:
        return self.stored.table


class Link(Struct, frozen=True):
    """`child.column` holds values of `parent.key`."""

    told: Told
    child: Table
    column: str
    parent: Table
    key: str

    @property
    def ends(self) -> tuple[Column, Column] | None:
        column, key = self.child.column(self.column), self.parent.column(self.key)
        return (column, key) if column is not None and key is not None else None


def relations(facts: Facts) -> Iterator[Told]:
    """Every relation of every stored model, each definition once a table: traits and base classes bring theirs along."""
    seen: set[tuple[Location, str, str]] = set()
    for stored in stored_models(facts):
        for relation in stored.model.relations:
            key = (relation.at, relation.method, stored.table.name)
            if key not in seen:
                seen.add(key)
                related = facts.eloquent.model(relation.related) if relation.related else None
                table = (
                    facts.schema.table(bare(related.table)) if related is not None and related.table else None
                )
                yield Told(stored, relation, related, table)


def links(facts: Facts) -> Iterator[Link]:
    """The pairs of columns that relations go by, morphs left out. Columns that do not exist are left in."""
    for told in relations(facts):
        yield from _links_of(facts, told)


def _links_of(facts: Facts, told: Told) -> Iterator[Link]:
    r, own, other = told.relation, told.table, told.related_table
    if r.kind == "belongsTo" and other is not None and r.foreign_key and r.local_key:
        yield Link(told, own, r.foreign_key, other, r.local_key)
    elif r.kind in {"hasOne", "hasMany"} and other is not None and r.foreign_key and r.local_key:
        yield Link(told, other, r.foreign_key, own, r.local_key)
    elif r.kind in PIVOT_KINDS and r.pivot_table:
        pivot = facts.schema.table(bare(r.pivot_table))
        if pivot is not None:
            yield from _pivot_links(told, pivot)


def _pivot_links(told: Told, pivot: Table) -> Iterator[Link]:
    r, other = told.relation, told.related_table
    if r.kind != "morphToMany" and r.pivot_foreign_key and r.local_key:
        yield Link(told, pivot, r.pivot_foreign_key, told.table, r.local_key)
    if r.kind != "morphedByMany" and other is not None and r.pivot_related_key and r.related_key:
        yield Link(told, pivot, r.pivot_related_key, other, r.related_key)


def is_constrained(facts: Facts, relation: Relation) -> bool:
    """Whether the relation's method narrows or sorts the rows, so that it means fewer than its keys say."""
    keys = {relation.foreign_key, relation.morph_type, relation.morph_id}
    return any(
        site.at == relation.at
        and any(u.column not in keys and u.role in {"filter", "sort"} for u in site.columns)
        for site in facts.queries.sites
    )


def is_unique(table: Table, columns: frozenset[str]) -> bool:
    """Whether a unique index over some of these columns, and over nothing else, makes each combination occur once."""
    wanted = {c.lower() for c in columns}
    return any(
        (i.unique or i.primary)
        and i.columns
        and not i.expressions
        and not i.where
        and {c.lower() for c in i.columns} <= wanted
        for i in table.indexes
    )
