"""How many rows each table gets: what a product looks like whose largest tables have n rows.

An application grows in two ways, by users and by days, and what piles up is users times days. So of n rows in a table that
grows, users (and other things that rows belong to) are about n^(2/3), days about n^(1/3): 1,000 rows are 200 users and 30
days, 1,000,000 rows are 20,000 users and 300 days. Tables that only seeders fill stay small."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from trueup.model.schema import ForeignKey, Schema, Table
from trueup.structs import Struct

END = datetime(2025, 7, 1)
"""The newest row's time: fixed, so that the same seed makes the same rows on any day."""

LOOKUP_ROWS = 40
STEPS = (1_000, 10_000, 100_000, 1_000_000)
MOST_ROWS = STEPS[-1]


class Scale(Struct, frozen=True):
    """A product whose largest tables have `rows` rows."""

    rows: int

    @property
    def owners(self) -> int:
        """Users, accounts, conversations: what rows belong to."""
        return max(10, round(2 * math.pow(self.rows, 2 / 3)))

    @property
    def days(self) -> int:
        return max(7, round(3 * math.pow(self.rows, 1 / 3)))

    @property
    def start(self) -> datetime:
        return END - timedelta(days=self.days)


def steps_up_to(rows: int) -> tuple[int, ...]:
    """The sizes that are measured: powers of ten from 1,000, and `rows` itself where it is none of them."""
    return (*(step for step in STEPS if step < rows), rows)


def rows_of(table: Table, scale: Scale, owned: Collection[str], lookups: Collection[str] = ()) -> int:
    """Rows of one table: few for a lookup; those of owners for what other rows belong to (users); a fifth for what belongs
    to an owner and is one itself (conversations); else all that the scale has (messages)."""
    if table.name in lookups:
        return min(LOOKUP_ROWS, scale.rows)
    if table.name not in owned:
        return scale.rows
    belongs = any(key.foreign_table in owned for key in outward(table))
    return max(min(scale.owners, scale.rows), scale.rows // 5 if belongs else 0)


def owned_tables(schema: Schema, references: Mapping[tuple[str, str], tuple[str, str]]) -> frozenset[str]:
    """Tables that rows of other tables belong to, by a foreign key or by a column that is known to refer to them."""
    by_key = {key.foreign_table for table in schema.tables for key in outward(table)}
    by_name = {target for (table, _), (target, _) in references.items() if table != target}
    return frozenset(by_key | by_name)


def outward(table: Table) -> tuple[ForeignKey, ...]:
    """Foreign keys to other tables."""
    return tuple(key for key in table.foreign_keys if key.foreign_table.lower() != table.name.lower())


def needed(schema: Schema, names: Iterable[str]) -> tuple[Table, ...]:
    """The tables `names` and all that their foreign keys lead to, each after those that it can't be without. Where keys lead in a
    circle, a table comes first whose keys may stay NULL."""
    waiting = _reached(schema, names)
    order: list[Table] = []
    while waiting:
        chosen = min(waiting.values(), key=lambda t: (*_unplaced(t, waiting), t.name))
        order.append(waiting.pop(chosen.name.lower()))
    return tuple(order)


def _reached(schema: Schema, names: Iterable[str]) -> dict[str, Table]:
    found: dict[str, Table] = {}
    open_ = list(names)
    while open_:
        table = schema.table(open_.pop())
        if table is not None and table.name.lower() not in found:
            found[table.name.lower()] = table
            open_.extend(key.foreign_table for key in outward(table))
    return found


def _unplaced(table: Table, waiting: Collection[str]) -> tuple[int, int]:
    """How many tables are missing yet that the rows can't be without, and how many others that they refer to."""
    missing = [k for k in outward(table) if k.foreign_table.lower() in waiting]
    hard = [k for k in missing if not is_optional(table, k)]
    return len(hard), len(missing) - len(hard)


def is_optional(table: Table, key: ForeignKey) -> bool:
    """Whether the key may be NULL."""
    return all((c := table.column(name)) is not None and c.nullable for name in key.columns)


def bytes_per_row(table: Table) -> int:
    """About what a row takes on disk with its index entries: a bound to be told before, not a measurement."""
    widths = {column.name: _width(column.type) for column in table.columns}
    entries = sum(sum(widths.get(name, 8) for name in index.columns) + 16 for index in table.indexes)
    return 30 + sum(widths.values()) + round(entries * 1.4)


def _width(type_: str) -> int:
    text = type_.lower()
    for words, width in _WIDTHS:
        if any(word in text for word in words):
            return width
    return 8


_WIDTHS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("json", "text", "blob", "bytea"), 40),
    (("uuid", "char(36)"), 36),
    (("char", "enum", "set("), 16),
    (("tinyint", "bool", "smallint"), 2),
    (("bigint", "time", "decimal", "numeric", "double"), 8),
)


def zipf_weights(count: int, exponent: float = 0.6) -> Iterator[float]:
    """Cumulative weights of `count` things of which the k-th is used as much as k^-exponent: some users are busy, most are not."""
    total = 0.0
    for rank in range(1, count + 1):
        total += math.pow(rank, -exponent)
        yield total
