"""A live database → what an audit wants to know of it."""

from __future__ import annotations

from trueup.model.live import Live, Untold
from trueup.model.locations import Location
from trueup.sources.database.reading import read_catalogue
from trueup.sources.database.sessions import Session, Unanswered
from trueup.sources.database.statistics import read_statistics
from trueup.structs import replace


def read_live(session: Session, shown: str, ledger: str = "migrations", prefix: str = "") -> Live:
    """Schema, migrations that ran, sizes and use. `ledger` is the table of migrations and `prefix` that of all tables, as the
    project's configuration says; names are answered without it. Raises TargetError where the catalogue can't be read."""
    schema = read_catalogue(session, shown)
    statistics = read_statistics(session)
    name = f"{prefix}{ledger}"
    entries: tuple[str, ...] | None = None
    untold = list(statistics.untold)
    if schema.table(name) is None:
        untold.append(Untold("migrations", f"the database has no table `{name}`"))
    else:
        try:
            entries = tuple(str(row[0]) for row in session.rows(f"SELECT migration FROM {name} ORDER BY id"))
        except Unanswered as problem:
            untold.append(Untold("migrations", problem.reason))
    kept = replace(schema, tables=tuple(t for t in schema.tables if t.name.lower() != name.lower()))
    return Live(
        Location(shown),
        kept,
        ledger,
        entries,
        tables=tuple(
            replace(t, table=t.table.removeprefix(prefix)) for t in statistics.tables if t.table != name
        ),
        indexes=tuple(
            replace(i, table=i.table.removeprefix(prefix)) for i in statistics.indexes if i.table != name
        ),
        since=statistics.since,
        untold=tuple(dict.fromkeys(untold)),
    )
