"""What the checks of query performance share: the analysis, the tables whose growth matters, places with their number."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.checks.wording import counted, places
from trueup.indexes.analysis import performance
from trueup.model.audit import Facts
from trueup.model.locations import Location
from trueup.model.names import Severity
from trueup.model.shapes import Growth, Performance, QueryShape

MOST_PLACES = 12
"""Places that one finding names; a table's queries may stand in a hundred."""
NO_GROWTH = Growth("", "lookup", "")


def analysis(facts: Facts) -> Performance:
    return performance(facts)


def growth_by_table(facts: Facts) -> dict[str, Growth]:
    """By lower-case name."""
    return {g.table.lower(): g for g in performance(facts).growth}


def severity_by(growth: Growth, most: Severity = "warning") -> Severity:
    """`most` where the table is known to grow, else info: then nobody can say whether it matters."""
    return most if growth.rate in {"hot", "grows"} else "info"


def sites_of(shapes: Iterable[QueryShape]) -> tuple[Location, ...]:
    return tuple(sorted({place for shape in shapes for place in shape.sites}))


def some(sites: Iterable[Location]) -> tuple[Location, ...]:
    """The first places of many."""
    return places(*sorted(set(sites)))[:MOST_PLACES]


def queries(number: int) -> str:
    return counted(number, "query", "queries")


def because(growth: Growth) -> str:
    """Why it is taken to grow, as the end of a recommendation."""
    match growth.rate:
        case "hot" | "grows":
            return f" The table grows: {growth.why}."
        case "unknown":
            return f" Whether the table grows could not be told: {growth.why}."
        case "lookup":
            return f" The table hardly grows: {growth.why}."
