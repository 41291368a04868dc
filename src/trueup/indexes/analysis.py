"""The analysis of a project, once: shapes, their grades, advice, growth."""

from __future__ import annotations

from trueup.indexes.advise import advise
from trueup.indexes.grading import served
from trueup.indexes.growth import growth_of
from trueup.indexes.memory import Memory, memory_for
from trueup.indexes.selectivity import Statistics
from trueup.indexes.shapes import shapes_of
from trueup.model.audit import Facts
from trueup.model.eloquent import Eloquent
from trueup.model.queries import Queries, QuerySite
from trueup.model.schema import Schema, Table
from trueup.model.shapes import Advice, Growth, Performance, QueryShape, ServedBy
from trueup.structs import replace

_last: list[tuple[Facts, Performance]] = []
"""The analysis of the facts that were asked about last: a dozen checks ask for the same one."""


def performance(facts: Facts) -> Performance:
    """The analysis of an audit's facts; worked out once for the same facts."""
    if not _last or _last[0][0] is not facts:
        _last[:] = [(facts, analyse(facts.schema, facts.eloquent, facts.queries))]
    return _last[0][1]


def analyse(schema: Schema, eloquent: Eloquent, queries: Queries) -> Performance:
    """Shapes and grades of all queries of the application; advice for the tables that grow or may."""
    memory = memory_for(eloquent)
    growth = growth_of(schema, eloquent, queries)
    statistics = statistics_of(schema, growth)
    shapes = shapes_of(schema, eloquent, queries, memory)
    graded = tuple(_graded(shape, statistics, memory) for shape in shapes)
    small = {g.table for g in growth if not g.matters}
    advice: list[Advice] = []
    sites = _by_table(queries)
    asking: dict[str, list[QueryShape]] = {}
    for shape in shapes:
        for name in dict.fromkeys(t.name.lower() for t in shape.tables):
            asking.setdefault(name, []).append(shape)
    for table in schema.tables:
        own = tuple(asking.get(table.name.lower(), ()))
        if table.name not in small and own:
            asked = replace(queries, sites=sites.get(table.name.lower(), ()))
            advice.extend(_advised(table, own, statistics, asked, memory))
    return Performance(graded, tuple(advice), growth)


def _by_table(queries: Queries) -> dict[str, tuple[QuerySite, ...]]:
    """The statements of each table, by its name in lower case without a database."""
    found: dict[str, list[QuerySite]] = {}
    for site in queries.sites:
        found.setdefault(site.table.rsplit(".", 1)[-1].lower(), []).append(site)
    return {name: tuple(sites) for name, sites in found.items()}


def _graded(shape: QueryShape, statistics: Statistics, memory: Memory | None) -> ServedBy:
    """A grade hangs on the shape, on its tables, and on what is known of how many rows there are."""
    if memory is None:
        return served(shape, statistics)
    tables = tuple(statistics.schema.table(ref.name) for ref in shape.tables)
    return memory.recall("grade", (shape, *tables), _known(statistics), lambda: served(shape, statistics))


def _advised(
    table: Table, own: tuple[QueryShape, ...], statistics: Statistics, queries: Queries, memory: Memory | None
) -> tuple[Advice, ...]:
    """Advice hangs on the table, on the shapes that ask for it, on the statements that write it (`queries` are those of the table
    alone), and on the tables that refer to it."""
    if memory is None:
        return advise(table, own, statistics, queries)
    lowered = table.name.lower()
    referring = (
        t for t in statistics.schema.tables if any(k.foreign_table.lower() == lowered for k in t.foreign_keys)
    )
    return memory.recall(
        "advice",
        (table, *own, None, *queries.sites, None, *referring),
        _known(statistics),
        lambda: advise(table, own, statistics, queries),
    )


def _known(statistics: Statistics) -> tuple[object, ...]:
    names = frozenset(t.name for t in statistics.schema.tables)
    return statistics.driver, names, statistics.growing, statistics.hot


def statistics_of(schema: Schema, growth: tuple[Growth, ...]) -> Statistics:
    """What is known of the tables: those that grow, or of which nothing says that they do not, have many rows."""
    return Statistics(
        schema,
        frozenset(g.table.lower() for g in growth if g.rate != "lookup"),
        frozenset(g.table.lower() for g in growth if g.rate == "hot"),
    )
