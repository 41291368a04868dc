"""Which tables grow: a scan of ten rows is no fault, one of a million is. Decided by the code, never by names of tables.

A table that only seeders and migrations fill is a look-up table. One that the application inserts into grows where its rows belong
to somebody or something (a foreign key, a `..._id`), or where it is the table of the people themselves. It is hot where jobs,
listeners, middleware or observers insert: then nobody has to do anything for it to grow."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

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
        if site.kind in _WRITES and site.area in {"src", "route"} and not site.inherited:
            by_table.setdefault(site.table.rsplit(".", 1)[-1].lower(), []).append(site)
    users = {
        m.table.lower()
        for m in eloquent.models
        if m.table and (m.short == "User" or any(p.endswith("\\Authenticatable") for p in m.parents))
    }
    referred = {k.foreign_table.lower() for t in schema.tables for k in t.foreign_keys}
    columns = {c.name.lower() for t in schema.tables for c in t.columns}
    return tuple(
        _growth(
            t,
            by_table.get(t.name.lower(), []),
            t.name.lower() in users,
            _is_owned(t, schema),
            _is_leaf(t, referred, columns),
        )
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


def _is_leaf(table: Table, referred: Collection[str], columns: Collection[str]) -> bool:
    """Whether a table holds records of events: it has moments, no other refers to it, and no name or code keeps its rows apart.
    `referred`: the tables that foreign keys name, `columns` all columns of the schema, in lower case."""
    name = table.name.lower()
    named = f"{name.removesuffix('s')}_id" in columns
    counted = table.primary_key is not None and len(table.primary_key.columns) == 1
    apart = any(i.unique and not i.primary for i in table.indexes)
    moments = any(c.name.lower().endswith("_at") for c in table.columns)
    return counted and moments and not (name in referred or named or apart)


def _growth(table: Table, writes: list[QuerySite], people: bool, owned: str, leaf: bool) -> Growth:
    inserts = [s for s in writes if s.kind in {"insert", "upsert"}]
    live = [s for s in inserts if not _BY_HAND.search(s.at.file)]
    alone = next((s for s in live if _ALONE.search(s.at.file)), None)
    count = len(writes)
    if alone is not None and (owned or people or leaf):
        return Growth(table.name, "hot", f"{alone.at} inserts without anybody asking for it", count)
    if people:
        return Growth(table.name, "grows", "its rows are the people who use the application", count)
    if live and owned:
        place = _places(live)
        return Growth(table.name, "grows", f"{place} inserts rows that belong to something ({owned})", count)
    if live and leaf:
        return Growth(table.name, "grows", f"{_places(live)} inserts, and nothing refers to the rows", count)
    if live:
        return Growth(table.name, "unknown", f"{_places(live)} inserts, but rows belong to nothing", count)
    if inserts:
        return Growth(table.name, "lookup", f"only commands insert ({_places(inserts)})", count)
    if owned:
        why = f"no insert was seen, but rows belong to something ({owned})"
        return Growth(table.name, "unknown", why, count, owned=True)
    return Growth(table.name, "lookup", "no code but migrations, seeders and tests inserts", count)


def _places(sites: Iterable[QuerySite]) -> str:
    return str(min(s.at for s in sites))
