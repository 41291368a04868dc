"""Which tables grow: a scan of ten rows is no fault, one of a million is. Decided by the code, never by names of tables.

A table that only seeders and migrations fill is a look-up table. One that the application inserts into grows where its rows belong
to somebody or something (a foreign key, a `..._id`), or where it is the table of the people themselves. It is hot where jobs,
listeners, middleware or observers insert, or a loop does: then nobody has to do anything for it to grow."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trueup.model.eloquent import Eloquent
from trueup.model.queries import Queries, QuerySite
from trueup.model.schema import Schema, Table
from trueup.model.shapes import Growth

_WRITES = frozenset({"insert", "update", "upsert", "delete"})
_ALONE = re.compile(
    r"(^|/)(jobs|listeners|middleware|observers|events|subscribers|pipeline)(/|$)", re.IGNORECASE
)
_BY_HAND = re.compile(
    r"(^|/)(install|setup|commands?|console|seed\w*|upgrade\w*|migrat\w*)(/|\.|[A-Z])", re.IGNORECASE
)


def growth_of(schema: Schema, eloquent: Eloquent, queries: Queries) -> tuple[Growth, ...]:
    """One answer a table, sorted by name."""
    by_table: dict[str, list[QuerySite]] = {}
    for site in queries.sites:
        if site.kind in _WRITES and site.area in {"src", "route"}:
            by_table.setdefault(site.table.rsplit(".", 1)[-1].lower(), []).append(site)
    users = {
        m.table.lower()
        for m in eloquent.models
        if m.table and (m.short == "User" or any(p.endswith("\\Authenticatable") for p in m.parents))
    }
    return tuple(
        _growth(t, by_table.get(t.name.lower(), []), t.name.lower() in users, _is_owned(t, schema))
        for t in schema.tables
    )


def _is_owned(table: Table, schema: Schema) -> str:
    """The column by which rows belong to something, or ""."""
    for key in table.foreign_keys:
        if key.foreign_table.lower() != table.name.lower():
            return key.columns[0]
    names = [c.name for c in table.columns]
    lowered = {n.lower() for n in names}
    for name in names:
        if name.lower().endswith("_id") and name.lower() not in {"parent_id"}:
            stem = name.lower()[:-3]
            known = any(
                t.name.lower() in {stem, stem + "s"} or t.name.lower().endswith(f"_{stem}s")
                for t in schema.tables
            )
            if known or f"{stem}_type" in lowered or stem.endswith("user"):
                return name
    return ""


def _growth(table: Table, writes: list[QuerySite], people: bool, owned: str) -> Growth:
    inserts = [s for s in writes if s.kind in {"insert", "upsert"}]
    live = [s for s in inserts if not _BY_HAND.search(s.at.file)]
    alone = next((s for s in live if _ALONE.search(s.at.file) or s.row_loop), None)
    count = len(writes)
    if alone is not None and (owned or people):
        return Growth(table.name, "hot", f"{alone.at} inserts without anybody asking for it", count)
    if people:
        return Growth(table.name, "grows", "its rows are the people who use the application", count)
    if live and owned:
        place = _places(live)
        return Growth(table.name, "grows", f"{place} inserts rows that belong to something ({owned})", count)
    if live:
        return Growth(table.name, "unknown", f"{_places(live)} inserts, but rows belong to nothing", count)
    if inserts:
        return Growth(table.name, "lookup", f"only commands insert ({_places(inserts)})", count)
    if owned:
        return Growth(
            table.name, "unknown", f"no insert was seen, but rows belong to something ({owned})", count
        )
    return Growth(table.name, "lookup", "no code but migrations, seeders and tests inserts", count)


def _places(sites: Iterable[QuerySite]) -> str:
    return str(min(s.at for s in sites))
