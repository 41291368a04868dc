"""Which existing index serves a shape, and how far.

An index finds rows by a prefix of its columns: any number by equality, then one by a range, or it gives them in the order of the
columns that follow. (MySQL 8.4 manual 10.3.6 "Multiple-Column Indexes" and 10.2.1.16 "ORDER BY Optimization"; PostgreSQL 15 manual
11.3, 11.4; SQLite query optimizer overview, 2 and 11.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from trueup.compare.indexes import lowered
from trueup.indexes.selectivity import Statistics
from trueup.model.schema import Index, Table
from trueup.model.shapes import Grade, JoinEdge, Predicate, QueryShape, ServedBy, Sort, Use

_ORDERED = frozenset({"btree", ""})


@dataclass(frozen=True, slots=True)
class Demand:
    """What a shape asks of the indexes of one table: columns found by equality, the one found by a range, the order wanted.

    `high` are those of `equality` that narrow the rows down by themselves, `few` those of them that leave a handful. `hot`: even
    the rows of one owner are many. `listed`: some of them by a list of values, behind which no order is kept. `sorts`
    are empty where no index can give them. `known`: columns that are read, None for all."""

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
        equality |= frozenset(_joined_by(shape, table))
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
    )


def _narrows(predicate: Predicate, table: Table, statistics: Statistics) -> bool:
    """Whether a range alone is a part of the table worth an index: of moments, or the beginning of a text."""
    return predicate.operator.startswith("like") or statistics.is_moment(table, predicate.column)


def _joined_by(shape: QueryShape, table: Table) -> Iterator[str]:
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
    if not (equality or ranged or (ordered and demand.limited)):
        return None
    return Use(
        demand.table.name, index.name, index.columns, equality, ranged, ordered or single, covering, single
    )


def best_use(
    demand: Demand, statistics: Statistics, indexes: Iterable[Index], predicates: Iterable[Predicate]
) -> Use | None:
    """The most helpful of the indexes: one row, then what answers the demand whole, then the most columns."""
    held = tuple(predicates)
    uses = [u for i in indexes if is_usable(i, held) and (u := use_of(i, demand, statistics)) is not None]
    return max(uses, key=lambda u: _worth(u, demand), default=None)


def _worth(use: Use, demand: Demand) -> tuple[bool, bool, bool, int, bool, bool, int]:
    leading = {c.lower() for c in use.columns[: use.equality]}
    return (
        use.single,
        is_enough(use, demand),
        bool(leading & demand.high),
        use.equality + use.range,
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


# ── grades ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def served(
    shape: QueryShape, statistics: Statistics, indexes: dict[str, tuple[Index, ...]] | None = None
) -> ServedBy:
    """How the indexes (those of the schema, or `indexes` by lower-case table name) serve a shape."""
    schema = statistics.schema
    table = schema.table(shape.table) if shape.table else None
    if table is None or shape.tables[0].derived:
        return ServedBy(shape, "cannot tell", why="the main table is a subquery or none that migrations make")
    there = indexes or {}

    def of(one: Table) -> tuple[Index, ...]:
        return there.get(one.name.lower(), one.indexes)

    uses = [
        u
        for t in _tables(shape, statistics)
        if (u := best_use(demand_of(shape, t, statistics), statistics, of(t), shape.predicates))
    ]
    own = next((u for u in uses if u.table == table.name), None)
    driving = own or _driving(shape, table, uses, of(table))
    return _graded(shape, table, statistics, driving, tuple(uses), of(table))


def _tables(shape: QueryShape, statistics: Statistics) -> Iterator[Table]:
    seen: set[str] = set()
    for ref in shape.tables:
        found = statistics.schema.table(ref.name) if ref.name and not ref.derived else None
        if found is not None and found.name not in seen:
            seen.add(found.name)
            yield found


def _driving(shape: QueryShape, table: Table, uses: Sequence[Use], indexes: Sequence[Index]) -> Use | None:
    """A joined table whose index finds the rows, where the main table is then found by the join's column."""
    for use in uses:
        columns = (_meeting(e, table, use.table) for e in shape.joins if not e.outer)
        if any(c and any(is_usable(i) and lowered(i.columns)[0] == c for i in indexes) for c in columns):
            return use
    return None


def _meeting(edge: JoinEdge, table: Table, other: str) -> str:
    """The column of `table` by which a join goes to the other one, or ""."""
    mine, its = table.name.lower(), other.lower()
    if (edge.left_table.lower(), edge.right_table.lower()) == (mine, its):
        return edge.left_column.lower()
    reverse = (edge.right_table.lower(), edge.left_table.lower()) == (mine, its)
    return edge.right_column.lower() if reverse else ""


def _graded(
    shape: QueryShape,
    table: Table,
    statistics: Statistics,
    use: Use | None,
    uses: tuple[Use, ...],
    indexes: Sequence[Index],
) -> ServedBy:
    demand = demand_of(shape, table, statistics)
    left = tuple(_left(shape, table, use, indexes))
    doubtful = shape.open or not shape.certain
    if use is not None and use.table != table.name:
        return ServedBy(
            shape, "served", uses, left, f"found by way of {use.table}, whose index {use.index} leads"
        )
    if use is not None and is_enough(use, demand):
        unjoined = _unjoined(shape, table, statistics, uses)
        if unjoined:
            why = f"{_how(use)}; no index of {unjoined} leads with the column that it is joined by"
            return ServedBy(shape, "partly", uses, left, why)
        return ServedBy(shape, "served", uses, left, _how(use))
    if use is not None and (demand.high or demand.tail or use.equality):
        return ServedBy(shape, "partly", uses, left, f"{_how(use)}; what is left is done row by row")
    if _any_of(shape, table, statistics, indexes):
        return ServedBy(shape, "served", uses, left, "each of the alternatives has its index")
    fulltext = _by_fulltext(shape, table, indexes)
    if fulltext:
        return ServedBy(shape, "served", uses, left, f"the full-text index {fulltext} finds the rows")
    if _extreme(shape, table, indexes):
        return ServedBy(shape, "served", uses, left, "the first or last entry of an index is the answer")
    return ServedBy(
        shape, _unhelped(shape, table, demand, doubtful), uses, left, _why_not(shape, table, demand, doubtful)
    )


def _unjoined(shape: QueryShape, table: Table, statistics: Statistics, uses: Sequence[Use]) -> str:
    """A joined table whose rows no index finds, or ""."""
    reached = {u.table.lower() for u in uses}
    for other in _tables(shape, statistics):
        if other.name != table.name and any(_joined_by(shape, other)) and other.name.lower() not in reached:
            return other.name
    return ""


def _unhelped(shape: QueryShape, table: Table, demand: Demand, doubtful: bool) -> Grade:
    asked = [
        p for p in shape.predicates if p.table.lower() == table.name.lower() and p.implied != "soft deletes"
    ]
    certain = [p for p in asked if p.certain]
    blind = any(not p.sargable or p.kind != "other" for p in certain)
    if doubtful and not blind and not demand.tail:
        return "cannot tell"
    if any(p.operator in {"raw", "?"} for p in certain) and not demand.servable:
        return "cannot tell"
    if demand.servable or any(not p.sargable for p in certain) or shape.alternatives:
        return "unserved"
    if shape.limited:
        return "served" if not certain and not demand.tail else "partly"
    return "unbounded"


def _why_not(shape: QueryShape, table: Table, demand: Demand, doubtful: bool) -> str:
    match _unhelped(shape, table, demand, doubtful):
        case "cannot tell":
            return "conditions that can't be told decide it"
        case "unserved":
            bare = [p for p in shape.predicates if not p.sargable and p.certain]
            if bare and not demand.servable:
                return f"no index of {table.name} can find rows by {', '.join(dict.fromkeys(shown(p) for p in bare))}"
            return f"no index of {table.name} leads with what it looks for"
        case "unbounded":
            return "it reads every row of the table, or a good part of them"
        case "partly":
            return "its conditions narrow little down; it reads on until it has enough"
        case _:
            return "it reads no more rows than it gives"


def _how(use: Use) -> str:
    if use.single:
        return f"{use.index} finds the one row"
    parts = []
    if use.equality:
        parts.append(f"finds rows by {', '.join(use.columns[: use.equality]) or 'its key'}")
    if use.range:
        parts.append("by a range" if use.equality else "finds rows by a range")
    if use.sorted:
        parts.append("gives them in order")
    if use.covering:
        parts.append("needs not look at the rows")
    return f"{use.index} {', '.join(parts)}"


def shown(predicate: Predicate) -> str:
    """A predicate as a reader would write it, its value left out."""
    column = predicate.path or predicate.column
    over = f"{predicate.function}({column})" if predicate.function else column
    if predicate.operator.endswith("null"):
        return f"{over} {predicate.operator}"
    if predicate.operator == "raw" or predicate.function.startswith("json_"):
        return over
    if predicate.operator.startswith("compared"):
        return f"{over} {predicate.operator}"
    value = (
        f"'{predicate.value.text or predicate.value.prefix + '…'}'" if predicate.operator == "like" else "?"
    )
    return f"{over} {predicate.operator} {value}"


def _left(shape: QueryShape, table: Table, use: Use | None, indexes: Sequence[Index]) -> Iterator[str]:
    """What no index does of the main table's conditions and order."""
    del indexes
    own = use is not None and use.table == table.name
    helped = {c.lower() for c in (use.columns[: use.equality + use.range] if own and use is not None else ())}
    for one in shape.predicates:
        if one.table.lower() == table.name.lower() and (one.column.lower() not in helped or not one.servable):
            yield shown(one)
    for group in shape.alternatives:
        yield "(" + " or ".join(shown(p) for p in group) + ")"
    if shape.sorts and not (own and use is not None and use.sorted):
        yield "order by " + ", ".join(s.column + (" desc" if s.descending else "") for s in shape.sorts)


def _any_of(shape: QueryShape, table: Table, statistics: Statistics, indexes: Sequence[Index]) -> bool:
    """Whether a group of alternatives is served: each of them finds its rows by an index of its own (index merge, bitmap OR)."""
    leading = {lowered(i.columns)[0] for i in indexes if is_usable(i)}
    name = table.name.lower()
    return any(
        all(
            p.table.lower() == name
            and p.servable
            and p.column.lower() in leading
            and (p.kind == "range" or statistics.selectivity(table, p.column) == "high")
            and p.operator != "is null"
            for p in group
        )
        for group in shape.alternatives
    )


def _by_fulltext(shape: QueryShape, table: Table, indexes: Sequence[Index]) -> str:
    wanted = {
        p.column.lower()
        for p in shape.predicates
        if p.operator == "match" and p.table.lower() == table.name.lower()
    }
    kinds = {"fulltext", "gin", "gist"}
    found = (
        i.name
        for i in indexes
        if wanted and i.kind in kinds and (wanted <= set(lowered(i.columns)) or i.expressions)
    )
    return next(found, "")


def _extreme(shape: QueryShape, table: Table, indexes: Sequence[Index]) -> bool:
    """MIN or MAX of an indexed column, or a count that any narrow index answers is still a scan: only the former is free."""
    if (
        not shape.aggregate
        or shape.predicates
        or shape.alternatives
        or not shape.projection
        or len(shape.tables) > 1
    ):
        return False
    extreme = {"min", "max"} & set(shape.functions)
    column = shape.projection[0][1].lower()
    return bool(extreme) and any(is_usable(i) and lowered(i.columns)[0] == column for i in indexes)
