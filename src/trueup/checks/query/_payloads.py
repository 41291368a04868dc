"""What a write really puts into the table: the columns it names, what the model adds and what mass assignment drops."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trueup.checks.query._uses import IMPLICIT, Used, bare, column_uses, made_in_tests, model_of, sites
from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.queries import ColumnUse, QuerySite
from trueup.model.schema import Table
from trueup.structs import Struct

MASS_ASSIGNED = frozenset(
    {
        "create",
        "createQuietly",
        "createMany",
        "createManyQuietly",
        "firstOrCreate",
        "createOrFirst",
        "updateOrCreate",
        "firstOrNew",
        "fill",
    }
)
_INSERTS = frozenset({"insert", "upsert"})
_WRITES = frozenset({"insert", "upsert", "update"})
_INSTANCE_UPDATES = frozenset({"update", "updateQuietly", "updateOrFail"})
_PAST_THE_MODEL = frozenset(
    {
        "insert",
        "insertGetId",
        "insertOrIgnore",
        "upsert",
        "update",
        "increment",
        "decrement",
        "updateOrInsert",
    }
)
_KEPT_AS_GIVEN = re.compile(r"(int(eger)?|real|float|double|decimal(:\d+)?|string|bool(ean)?)", re.I)
"""Casts that change what is read, not what is written."""
_SETTING = frozenset({"creating", "saving", "booted", "retrieved"})


class Write(Struct, frozen=True):
    """An INSERT whose payload is known whole. `columns`: lower-case names that reach the table; `dropped`: uses that mass
    assignment leaves out; `sure` is False where code that was not read may add more."""

    site: QuerySite
    table: Table
    columns: frozenset[str]
    dropped: tuple[ColumnUse, ...] = ()
    sure: bool = True


def writes(facts: Facts) -> Iterator[Write]:
    """Every INSERT into a table that exists, with all its columns known."""
    known = {t.name.lower(): t for t in facts.schema.tables}
    made = made_in_tests(facts)
    for site in sites(facts):
        table = known.get(bare(site.table))
        if site.kind not in _INSERTS or not site.complete_payload or table is None:
            continue
        if site.ambiguous or site.inherited:
            continue
        if site.terminal in {"increment", "decrement"} or (
            site.area == "test" and table.name.lower() in made
        ):
            continue
        yield _write(facts, site, table)


def _write(facts: Facts, site: QuerySite, table: Table) -> Write:
    model = model_of(facts, site)
    uses = [u for u in site.columns if u.role in {"write", "match"}]
    names = {u.column.lower() for u in uses}
    if model is None:
        return Write(site, table, frozenset(names), sure=not site.open)
    dropped = dropped_by(facts, model, site, uses)
    names -= {u.column.lower() for u in dropped}
    if site.via in {"eloquent", "relation"} and site.terminal not in {
        "insert",
        "insertGetId",
        "insertOrIgnore",
    }:
        names |= _added(model)
        return Write(site, table, frozenset(names), dropped, not (site.open or _adds_unseen(model)))
    return Write(site, table, frozenset(names), sure=not site.open)


def _added(model: Model) -> set[str]:
    """Columns that the model fills by itself."""
    filled = {a.name.lower() for a in model.defaults} | {c.lower() for c in model.unique_ids}
    filled |= {w.lower() for h in model.hooks for w in h.writes}
    if model.timestamps:
        filled |= {c.lower() for c in (model.created_at, model.updated_at) if c}
    if not model.incrementing and model.unique_ids and model.primary_key:
        filled.add(model.primary_key.lower())
    return filled


def _adds_unseen(model: Model) -> bool:
    """Whether a hook, an observer or a mutator may fill columns that were not told."""
    hooked = any(h.event.lower() in _SETTING and not h.writes for h in model.hooks)
    return hooked or bool(model.observers) or bool(model.mutators) or bool(model.outside)


def written_values(facts: Facts) -> Iterator[Used]:
    """Every value that the code writes into a column that exists, and that reaches the server as it is written."""
    for used in column_uses(facts):
        if (
            used.site.kind in _WRITES
            and used.use.role in {"write", "match"}
            and used.use.operator in {"", "="}
            and not used.use.json_path
            and _is_kept(facts, used)
        ):
            yield used


def _is_kept(facts: Facts, used: Used) -> bool:
    model = model_of(facts, used.site)
    if model is None or (used.site.terminal in _PAST_THE_MODEL and not is_on_instance(used.site)):
        return True
    name = used.use.column
    cast = next((c.cast for c in model.casts if c.attribute == name), "")
    changed = any(m.name == name for m in (*model.mutators, *model.dates)) or bool(model.outside)
    changed = changed or bool(model.unknown) or (cast != "" and not _KEPT_AS_GIVEN.fullmatch(cast))
    hooked = used.use.value.kind == "null" and (_adds_unseen(model) or name.lower() in _added(model))
    return not (changed or hooked or used.use in dropped_by(facts, model, used.site, [used.use]))


def is_on_instance(site: QuerySite) -> bool:
    """Whether a write goes through a model's own attributes, not through a query of its table."""
    return "a model instance" in site.trail


def dropped_by(
    facts: Facts, model: Model, site: QuerySite, uses: Iterable[ColumnUse]
) -> tuple[ColumnUse, ...]:
    """Written keys that `$fillable` or `$guarded` keeps out, in silence. Seeders run unguarded (`db:seed`)."""
    assigned = site.terminal in MASS_ASSIGNED or (site.terminal in _INSTANCE_UPDATES and is_on_instance(site))
    if not assigned or site.via not in {"eloquent", "relation"} or site.area in {"seeder", "factory"}:
        return ()
    if "fillable" in model.unknown or "unguard" in {s.name for s in facts.eloquent.global_settings}:
        return ()
    own = {model.created_at, model.updated_at}
    keys = {r.foreign_key for r in model.relations if r.foreign_key and site.via == "relation"}
    table = facts.schema.table(model.table or "")
    return tuple(
        u
        for u in uses
        if u.operator != IMPLICIT
        and u.column not in own | keys
        and not u.json_path
        and _is_kept_out(model, u.column, table)
    )


def _is_kept_out(model: Model, name: str, table: Table | None) -> bool:
    if model.fillable or not model.guarded:
        return bool(model.fillable) and name not in {a.name for a in model.fillable}
    return any(a.name in ("*", name) for a in model.guarded) or is_unguardable(model, name, table)


def is_unguardable(model: Model, name: str, table: Table | None) -> bool:
    """Whether a `$guarded` that is not empty keeps a name out because the table has no such column: Eloquent asks the server
    for the table's columns (`isGuardableColumn()`, since 6.18.35, 7.24 and 8). A mutator is taken for a column."""
    if model.fillable or not model.guarded or table is None:
        return False
    return table.column(name) is None and all(m.name != name for m in model.mutators)
