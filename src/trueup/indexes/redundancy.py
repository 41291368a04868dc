"""Indexes that another one makes superfluous, with every reason why one that looks superfluous is not.

- Only ordered indexes (B-trees) are compared, with one of the same kind: never full-text, spatial, hash, GIN or GiST, never with
  expressions, and never across partial predicates, prefix lengths or orders of operators.
- A unique index is a rule, not only a way to find rows: it goes only for another that says the same, or for the primary key.
- (a, b) does not find rows by b: only what leads another index is superfluous.
- On MySQL and MariaDB a foreign key needs an index that begins with its columns, in the referring table (8.4 manual 15.1.20.5) and
  in the referred one; one that is the last to serve such a key stays. One that the server made by itself goes by itself.
- InnoDB's secondary indexes end in the primary key: (a, id) is (a) there. On PostgreSQL it is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from trueup.compare.indexes import lowered
from trueup.model.names import Driver
from trueup.model.schema import Index, Schema, Table
from trueup.structs import Struct

Reason = Literal["duplicate", "primary", "prefix"]


class Redundant(Struct, frozen=True):
    """`index` does nothing that `by` does not do. "duplicate": the same columns; "primary": those of the primary key; "prefix":
    `by` begins with them."""

    table: Table
    index: Index
    by: Index
    reason: Reason


def redundant_indexes(schema: Schema) -> tuple[Redundant, ...]:
    """Every superfluous index of a schema, in the order of the tables. Of a pair of equals one is told."""
    return tuple(r for t in schema.tables for r in redundant_in(t, schema))


def redundant_in(table: Table, schema: Schema) -> Iterator[Redundant]:
    gone: set[str] = set()
    order = sorted(range(len(table.indexes)), key=lambda n: _expendable(table.indexes[n], n))
    for position in order:
        index = table.indexes[position]
        if index.primary or index.implied or not _comparable(index):
            continue
        others = [o for o in table.indexes if o is not index and o.name not in gone and _comparable(o)]
        found = next(
            ((o, why) for o in others if (why := _covered(index, o, schema.driver)) is not None), None
        )
        if found is None or _is_needed(index, table, schema, gone):
            continue
        gone.add(index.name)
        yield Redundant(table, index, found[0], found[1])


def _expendable(index: Index, position: int) -> tuple[bool, int, int]:
    """Plain ones go before unique ones, short ones before long ones, later ones before those that were there first."""
    return index.unique, len(index.columns), -position


def _comparable(index: Index) -> bool:
    return index.kind in {"btree", ""} and not index.expressions and bool(index.columns)


def _covered(index: Index, other: Index, driver: Driver) -> Reason | None:
    """Why `other` makes `index` superfluous, or None."""
    if (index.where or None) != (other.where or None):
        return None
    mine, its = lowered(index.columns), lowered(other.columns)
    if any(index.prefix_lengths) or any(other.prefix_lengths[: len(mine)]):
        same = mine == its and index.prefix_lengths == other.prefix_lengths
        return "duplicate" if same and (other.unique or not index.unique) else None
    if index.unique:
        if mine != its or not (other.unique or other.primary):
            return None
        return "primary" if other.primary else "duplicate"
    if mine == its:
        return "primary" if other.primary else "duplicate"
    return "prefix" if its[: len(mine)] == mine else None


def _is_needed(index: Index, table: Table, schema: Schema, gone: set[str]) -> bool:
    """Whether a foreign key on MySQL or MariaDB has no other index to go by."""
    if schema.driver not in {"mysql", "mariadb"}:
        return False
    rest = [i for i in table.indexes if i is not index and i.name not in gone and _comparable(i)]
    for key in table.foreign_keys:
        if _leads(index, key.columns) and not any(_leads(i, key.columns) for i in rest):
            return True
    referred = [key.foreign_columns for _, key in schema.keys_to(table.name)]
    return any(_leads(index, to) and not any(_leads(i, to) for i in rest) for to in referred)


def _leads(index: Index, columns: tuple[str, ...]) -> bool:
    wanted = set(lowered(columns))
    return set(lowered(index.columns[: len(wanted)])) == wanted and not any(
        index.prefix_lengths[: len(wanted)]
    )
