"""Which existing index serves a shape, and how far.

An index finds rows by a prefix of its columns: any number by equality, then one by a range, or it gives them in the order of the
columns that follow. (MySQL 8.4 manual 10.3.6 "Multiple-Column Indexes" and 10.2.1.16 "ORDER BY Optimization"; PostgreSQL 15 manual
11.3, 11.4; SQLite query optimizer overview, 2 and 11.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trueup.compare.indexes import lowered
from trueup.indexes.selectivity import Statistics
from trueup.model.schema import Index, Table
from trueup.model.shapes import Predicate, QueryShape, Sort, Use
from trueup.structs import Struct

_ORDERED = frozenset({"btree", ""})


class Demand(Struct, frozen=True):
    """What a shape asks of the indexes of one table: columns found by equality, the one found by a range, the order wanted.

    `high` are those of `equality` that narrow the rows down by themselves, `few` those of them that leave a handful. `hot`: even
    the rows of one owner are many. `listed`: some of them by a list of values, behind which no order is kept. `sorts`
    are empty where no index can give them. `known`: columns that are read, None for all. `filled`: columns that must have a value,
    how many rows do is not known: an index that is there helps, and none is asked for."""

    table: Table
    equality: frozenset[str]
    high: frozenset[str]
    few: frozenset[str]
    range: str
    sorts: tuple[Sort, ...]
    listed: frozenset[str]
    limited: bool
    hot: bool
    known: frozenset[str] | None
    filled: frozenset[str] = frozenset()

    @property
    def tail(self) -> tuple[str, ...]:
        """The columns that should follow those found by equality: the order where a page is asked for, else the range."""
        names = tuple(s.column.lower() for s in self.sorts if s.column.lower() not in self.equality)
        if self.limited and names and not self.listed and (not self.range or names[0] == self.range):
            return names
        return (self.range,) if self.range else ()

    @property
    def servable(self) -> bool:
        """Whether an index would help at all: something narrows the rows down, or a page of an order is wanted."""
        return bool(self.high or self.range or self.tail)


def demand_of(shape: QueryShape, table: Table, statistics: Statistics) -> Demand:
    """What the shape asks of `table`'s indexes."""
    own = [p for p in shape.predicates if p.table.lower() == table.name.lower() and p.servable]
    equality = frozenset(
        p.column.lower() for p in own if p.kind == "equality" and p.implied != "soft deletes"
    )
    if shape.table.lower() != table.name.lower():
        equality |= frozenset(joined_by(shape, table))
    how = {c: statistics.selectivity(table, c) for c in equality if not _is_null(own, c)}
    high = frozenset(c for c, s in how.items() if s != "low")
    few = frozenset(c for c, s in how.items() if s == "high")
    narrow = {p.column.lower() for p in own if p.kind == "range" and (high or _narrows(p, table, statistics))}
    ranges = sorted(narrow - equality)
    sorts = _sorts(shape, table) if shape.table.lower() == table.name.lower() else ()
    wanted = sorts[0].column.lower() if sorts else ""
    chosen = wanted if wanted in ranges else ranges[0] if ranges else ""
    return Demand(
        table,
        equality,
        high,
        few,
        chosen,
        sorts,
        frozenset(p.column.lower() for p in own if p.operator == "in" and p.column.lower() in equality),
        (shape.limited or shape.exists) and not shape.groups and not shape.distinct,
        table.name.lower() in statistics.hot,
        _read_columns(shape, table),
        frozenset(p.column.lower() for p in shape.predicates if _is_filled(p, table)),
    )


def _is_filled(predicate: Predicate, table: Table) -> bool:
    """Whether it wants a value in a column that may have none. For an index that is a range: all that lies beside the NULLs."""
    column = table.column(predicate.column) if predicate.table.lower() == table.name.lower() else None
    wants = predicate.operator == "is not null" and predicate.sargable and predicate.certain
    return wants and column is not None and column.nullable


def _narrows(predicate: Predicate, table: Table, statistics: Statistics) -> bool:
    """Whether a range alone is a part of the table worth an index: of moments, or the beginning of a text."""
    return predicate.operator.startswith("like") or statistics.is_moment(table, predicate.column)


def joined_by(shape: QueryShape, table: Table) -> Iterator[str]:
    """The column by which a joined table's rows are looked up, once for each row before."""
    name = table.name.lower()
    for edge in shape.joins:
        if edge.right_table.lower() == name:
            yield edge.right_column.lower()


def _is_null(predicates: Sequence[Predicate], column: str) -> bool:
    """Rows that have nothing in a column are many."""
    return any(p.column.lower() == column and p.operator == "is null" for p in predicates)


def _sorts(shape: QueryShape, table: Table) -> tuple[Sort, ...]:
    """The order, where an index of this table can give it: all of its columns are this table's, in one direction, bare."""
    name = table.name.lower()
    if shape.aggregate or any(s.table.lower() != name or s.function for s in shape.sorts):
        return ()
    one_way = len({s.descending for s in shape.sorts}) <= 1
    alone = len(shape.sorts) <= 2 and not shape.joins and not shape.alternatives
    fixed = any(
        p.kind == "equality" and p.servable and not p.implied and p.table.lower() == name
        for p in shape.predicates
    )
    return shape.sorts if one_way and (alone or fixed) else ()


def _read_columns(shape: QueryShape, table: Table) -> frozenset[str] | None:
    name = table.name.lower()
    if shape.projection is None or shape.open:
        return None
    named = [(t, c) for t, c in shape.projection if t.lower() == name]
    filters = [
        p.column
        for p in (*shape.predicates, *(p for g in shape.alternatives for p in g))
        if p.table.lower() == name
    ]
    joined = [
        c
        for j in shape.joins
        for t, c in ((j.left_table, j.left_column), (j.right_table, j.right_column))
        if t.lower() == name
    ]
    sorted_by = [s.column for s in shape.sorts if s.table.lower() == name]
    grouped = [c for t, c in shape.groups if t.lower() == name]
    return frozenset(c.lower() for c in (*(c for _, c in named), *filters, *joined, *sorted_by, *grouped))


def key_columns(index: Index, table: Table, statistics: Statistics) -> tuple[str, ...]:
    """The index's columns in order, lower case, those that the server adds behind them included: InnoDB's secondary indexes end
    in the primary key (MySQL 8.4 manual 17.6.2.1), SQLite's in the row number, which an INTEGER PRIMARY KEY is."""
    columns = lowered(index.columns)
    primary = table.primary_key
    if primary is None or index.primary or statistics.driver == "pgsql":
        return columns
    if statistics.driver == "sqlite" and len(primary.columns) != 1:
        return columns
    return (*columns, *(c for c in lowered(primary.columns) if c not in columns))


def is_usable(index: Index, predicates: Iterable[Predicate] = ()) -> bool:
    """Whether an index has every row that is asked for, in the order of its columns. A partial one has where its condition is one
    of the query's."""
    if index.kind not in _ORDERED or index.expressions or not index.columns:
        return False
    if not index.where:
        return True
    said = " ".join(
        index.where.lower().replace("(", " ").replace(")", " ").replace('"', "").replace("`", "").split()
    )
    return any(
        said == f"{p.column} {p.operator}".lower()
        for p in predicates
        if p.operator in {"is null", "is not null"}
    )


def use_of(index: Index, demand: Demand, statistics: Statistics) -> Use | None:
    """What the index does for the demand; None where it does nothing."""
    columns = key_columns(index, demand.table, statistics)
    cut = next((i for i, n in enumerate(index.prefix_lengths) if n), len(columns))
    equality = 0
    while equality < len(columns) and equality <= cut and columns[equality] in demand.equality:
        equality += 1
        if equality > cut:
            break
    following = columns[equality:] if equality <= cut else ()
    ranged = bool(demand.range and following[:1] == (demand.range,))
    wanted = tuple(
        c for c in dict.fromkeys(s.column.lower() for s in demand.sorts) if c not in demand.equality
    )
    ordered = bool(demand.sorts) and not (set(columns[:equality]) & demand.listed)
    ordered = ordered and following[: len(wanted)] == wanted and (not ranged or wanted[:1] == (demand.range,))
    unique = (index.unique or index.primary) and not index.where
    single = unique and equality >= len(index.columns) and not set(lowered(index.columns)) & demand.listed
    covering = demand.known is not None and demand.known <= set(columns) and not any(index.prefix_lengths)
    filled = not ranged and following[:1] != () and following[0] in demand.filled
    # SQLite takes it as a range only behind others, in an order that is wanted, or where the index is enough: it keeps no
    # statistics of how many rows have nothing (the optimizer's WHERE_BIGNULL of STAT4, which its builds leave out).
    filled = filled and (statistics.driver != "sqlite" or bool(equality) or ordered or covering)
    if not (equality or ranged or filled or (ordered and demand.limited)):
        return None
    return Use(
        demand.table.name,
        index.name,
        index.columns,
        equality,
        ranged,
        ordered or single,
        covering,
        single,
        filled,
    )


def best_use(
    demand: Demand, statistics: Statistics, indexes: Iterable[Index], predicates: Iterable[Predicate]
) -> Use | None:
    """The most helpful of the indexes: one row, then what answers the demand whole, then the most columns."""
    held = tuple(predicates)
    uses = [u for i in indexes if is_usable(i, held) and (u := use_of(i, demand, statistics)) is not None]
    return max(uses, key=lambda u: _worth(u, demand), default=None)


def _worth(use: Use, demand: Demand) -> tuple[bool, bool, bool, int, bool, bool, bool, int]:
    leading = {c.lower() for c in use.columns[: use.equality]}
    return (
        use.single,
        is_enough(use, demand),
        bool(leading & demand.high),
        use.equality + use.range,
        use.filled,
        use.sorted,
        use.covering,
        -len(use.columns),
    )


def is_enough(use: Use, demand: Demand) -> bool:
    """Whether the rows that are touched are few, or as many as are wanted: a column that narrows down leads, and a page of an order
    comes from the index; what is left is looked at in those rows."""
    if use.single:
        return True
    leading = {c.lower() for c in use.columns[: use.equality]}
    if leading & demand.few or (leading & demand.high and not demand.hot):
        return True
    if demand.limited and demand.sorts and demand.tail and demand.tail != (demand.range,) and not use.sorted:
        return False
    if leading & demand.high:
        return not demand.range or use.range or use.sorted or not demand.tail
    if demand.high:
        return False
    if demand.range:
        return use.range or (use.sorted and demand.limited)
    return use.sorted and demand.limited
