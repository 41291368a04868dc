"""Advice: per table the smallest set of indexes found that serves all its query shapes.

Each shape that an index would help says what it wants: columns found by equality, then the range or the order. Wishes that can
share an index are merged (chains), indexes that exist are kept where they serve, made longer where a wish begins with them, and
what is left is added. At the end every index that no shape would miss is taken out again. Keys and uniqueness are never touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trueup.compare.indexes import lowered
from trueup.indexes.chains import Wanted, merged
from trueup.indexes.key_size import fitting, is_taken
from trueup.indexes.redundancy import redundant_in
from trueup.indexes.selectivity import Statistics
from trueup.indexes.serving import Demand, demand_of, is_enough, is_usable, use_of
from trueup.model.queries import Queries, QuerySite
from trueup.model.schema import Index, Table
from trueup.model.shapes import Advice, QueryShape
from trueup.structs import Struct, replace

MOST_COLUMNS = 4
"""Columns of an advised index at the most: each one makes every entry longer, and narrows down less than the one before."""
_LONGEST_NAME = 64
_ACTIONS = ("add", "replace", "drop", "keep")


class Need(Struct, frozen=True):
    """A shape and what it wants of one table's indexes."""

    shape: QueryShape
    demand: Demand
    wanted: Wanted


def advise(
    table: Table, shapes: Sequence[QueryShape], statistics: Statistics, queries: Queries
) -> tuple[Advice, ...]:
    """What to do with each index of the table, sorted by action and columns. Empty where nothing is read by an index."""
    needs = tuple(needs_of(table, shapes, statistics))
    redundant = {r.index.name: r.by.name for r in redundant_in(table, statistics.schema)}
    standing = [i for i in table.indexes if i.name not in redundant]
    certain = [n for n in needs if not n.shape.open]
    unmet = [n for n in certain if not any(serves(i, n, statistics) for i in standing)]
    added = _added(table, unmet, standing, statistics)
    replaced = _replaced(table, added, standing, statistics)
    kept = [i for i in standing if i.name not in {name for names in replaced.values() for name in names}]
    final = [*kept, *added]
    writes = [s for s in queries.sites if _bare(s.table) == table.name.lower() and s.area in {"src", "route"}]
    made = [
        _told(index, table, final, needs, statistics, writes, replaced.get(index.name))
        for index in final
        if not index.implied or index in added
    ]
    dropped = [
        _dropped(i, redundant[i.name], table, statistics, writes)
        for i in table.indexes
        if i.name in redundant
    ]
    return tuple(sorted((*made, *dropped), key=lambda a: (_ACTIONS.index(a.action), a.columns, a.name)))


def needs_of(table: Table, shapes: Iterable[QueryShape], statistics: Statistics) -> Iterator[Need]:
    """The wishes of shapes for indexes of the table. A shape that no index helps, or whose conditions are in doubt, has none."""
    name = table.name.lower()
    for shape in shapes:
        if shape.kind == "upsert" and not shape.predicates:
            continue
        if not any(t.name.lower() == name and not t.derived for t in shape.tables):
            continue
        demand = demand_of(shape, table, statistics)
        wanted = fitting(wanted_of(demand, table), table, statistics)
        if wanted is None or (not wanted.equality and _is_led_by_another(shape, name)):
            continue
        if shape.table.lower() == name or demand.equality:
            yield Need(shape, demand, wanted)


def _is_led_by_another(shape: QueryShape, name: str) -> bool:
    """Whether conditions on a joined table narrow the rows down: a server begins there and sorts what it finds, so that an order of
    this table's own is of no use."""
    return any(p.table.lower() != name and p.kind == "equality" and p.servable for p in shape.predicates)


def wanted_of(demand: Demand, table: Table) -> Wanted | None:
    """The index that a demand would have: the columns that narrow down (else all), then the range or order. None where no index
    would help: nothing is looked for but a flag, or the columns cannot be indexed."""
    if not demand.servable:
        return None
    if demand.few:
        return _made(table, (min(demand.few),), ())
    if demand.high and not demand.hot:
        return _made(table, (min(demand.high),), ())
    equality = sorted(demand.equality if not demand.high else demand.high)
    if demand.tail and demand.tail != (
        demand.range,
    ):  # an order is kept only behind all that is fixed, however little it narrows
        equality = sorted(demand.equality)
    equality = equality[: MOST_COLUMNS - 1] if demand.tail else equality[:MOST_COLUMNS]
    return _made(table, tuple(equality), demand.tail[: MOST_COLUMNS - len(equality)])


def _made(table: Table, equality: tuple[str, ...], tail: tuple[str, ...]) -> Wanted | None:
    """The wish, where the table has all of its columns."""
    if not (equality or tail) or any(table.column(c) is None for c in (*equality, *tail)):
        return None
    return Wanted(equality, tail)


def serves(index: Index, need: Need, statistics: Statistics) -> bool:
    """Whether the index serves the need: few rows are touched, in the order that is wanted."""
    if not is_usable(index, need.shape.predicates):
        return False
    use = use_of(index, need.demand, statistics)
    return use is not None and is_enough(use, need.demand)


def _bare(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower()


def _added(
    table: Table, unmet: Sequence[Need], standing: Sequence[Index], statistics: Statistics
) -> list[Index]:
    """New indexes for the needs that nothing meets, without those that the others of them make superfluous."""
    columns = merged((n.wanted for n in unmet), [lowered(i.columns) for i in standing if is_usable(i)])
    made = [
        Index(_name(table, chain), _spelled(table, chain), at=table.at)
        for chain in columns
        if len(chain) <= MOST_COLUMNS + 1 and is_taken(chain, table, statistics)
    ]
    for one in sorted(made, key=lambda i: (len(i.columns), i.columns)):
        rest = [i for i in made if i is not one]
        if all(any(serves(i, n, statistics) for i in rest) for n in unmet):
            made = rest
    return [i for i in made if any(serves(i, n, statistics) for n in unmet)]


def _spelled(table: Table, columns: Iterable[str]) -> tuple[str, ...]:
    found = [table.column(c) for c in columns]
    return tuple(c.name for c in found if c is not None)


def _name(table: Table, columns: Iterable[str]) -> str:
    """The name that Blueprint gives, cut where a server would refuse it."""
    name = f"{table.name}_{'_'.join(columns)}_index".lower().replace("-", "_").replace(".", "_")
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 6]}_index"


def _replaced(
    table: Table, added: Sequence[Index], standing: Sequence[Index], statistics: Statistics
) -> dict[str, tuple[str, ...]]:
    """New index → plain ones that it begins with, which it replaces."""
    found: dict[str, tuple[str, ...]] = {}
    for new in added:
        shadowed = replace(table, indexes=(*standing, new))
        gone = [r.index.name for r in redundant_in(shadowed, statistics.schema) if r.by is new]
        if gone:
            found[new.name] = tuple(gone)
    return found


def _told(
    index: Index,
    table: Table,
    final: Sequence[Index],
    needs: Sequence[Need],
    statistics: Statistics,
    writes: Sequence[QuerySite],
    replaces: tuple[str, ...] | None,
) -> Advice:
    served = [n.shape for n in needs if serves(index, n, statistics)]
    alone = [
        n.shape
        for n in needs
        if serves(index, n, statistics) and not any(serves(i, n, statistics) for i in final if i is not index)
    ]
    is_new = all(i.name != index.name for i in table.indexes)
    return Advice(
        table.name,
        index.columns,
        "replace" if replaces else "add" if is_new else "keep",
        index.name,
        index.unique or index.primary,
        replaces or (),
        tuple(served),
        tuple(alone),
        tuple(sorted({place for s in served for place in s.sites})),
        _cost(index, writes),
        statistics.entry_bytes(table, index.columns),
        _why(index, table, served, alone, is_new, statistics),
    )


def _why(
    index: Index,
    table: Table,
    served: Sequence[QueryShape],
    alone: Sequence[QueryShape],
    is_new: bool,
    statistics: Statistics,
) -> str:
    if is_new:
        number = len(alone)
        return f"{number} query shape{'' if number == 1 else 's'} that nothing else serves"
    if index.primary:
        return "the primary key"
    if index.unique:
        return "keeps rows apart"
    keys = [
        k
        for k in table.foreign_keys
        if set(lowered(k.columns)) == set(lowered(index.columns[: len(k.columns)]))
    ]
    if served:
        return f"serves {len(served)} query shape{'' if len(served) == 1 else 's'}"
    if keys and statistics.driver in {"mysql", "mariadb"}:
        return "the server wants it for a foreign key"
    if keys:
        return "deletes of the referred rows go by it"
    return "no query of the code was seen that it serves; others may use it"


def _dropped(
    index: Index, by: str, table: Table, statistics: Statistics, writes: Sequence[QuerySite]
) -> Advice:
    return Advice(
        table.name,
        index.columns,
        "drop",
        index.name,
        index.unique,
        write_cost=_cost(index, writes),
        bytes_per_row=statistics.entry_bytes(table, index.columns),
        why=f"{by} does its work",
    )


def _cost(index: Index, writes: Sequence[QuerySite]) -> int:
    """Statements of the code that must keep the index up to date: inserts, deletes, and updates of its columns."""
    columns = set(lowered(index.columns))
    return sum(
        s.kind in {"insert", "upsert", "delete"}
        or (s.kind == "update" and bool(columns & {c.column.lower() for c in s.columns if c.role == "write"}))
        for s in writes
    )
