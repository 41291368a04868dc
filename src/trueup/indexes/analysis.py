"""The analysis of a project, once: shapes, their grades, advice, growth."""

from __future__ import annotations

from trueup.indexes.advise import advise
from trueup.indexes.growth import growth_of
from trueup.indexes.selectivity import Statistics
from trueup.indexes.serving import served
from trueup.indexes.shapes import shapes_of
from trueup.model.audit import Facts
from trueup.model.eloquent import Eloquent
from trueup.model.queries import Queries
from trueup.model.schema import Schema
from trueup.model.shapes import Advice, Growth, Performance

_last: list[tuple[Facts, Performance]] = []
"""The analysis of the facts that were asked about last: a dozen checks ask for the same one."""


def performance(facts: Facts) -> Performance:
    """The analysis of an audit's facts; worked out once for the same facts."""
    if not _last or _last[0][0] is not facts:
        _last[:] = [(facts, analyse(facts.schema, facts.eloquent, facts.queries))]
    return _last[0][1]


def analyse(schema: Schema, eloquent: Eloquent, queries: Queries) -> Performance:
    """Shapes and grades of all queries of the application; advice for the tables that grow or may."""
    growth = growth_of(schema, eloquent, queries)
    statistics = statistics_of(schema, growth)
    shapes = shapes_of(schema, eloquent, queries)
    graded = tuple(served(shape, statistics) for shape in shapes)
    small = {g.table for g in growth if not g.matters}
    advice: list[Advice] = []
    for table in schema.tables:
        own = [s for s in shapes if any(t.name.lower() == table.name.lower() for t in s.tables)]
        if table.name not in small and own:
            advice.extend(advise(table, own, statistics, queries))
    return Performance(graded, tuple(advice), growth)


def statistics_of(schema: Schema, growth: tuple[Growth, ...]) -> Statistics:
    """What is known of the tables: those that grow, or of which nothing says that they do not, have many rows."""
    return Statistics(
        schema,
        frozenset(g.table.lower() for g in growth if g.rate != "lookup"),
        frozenset(g.table.lower() for g in growth if g.rate == "hot"),
    )
