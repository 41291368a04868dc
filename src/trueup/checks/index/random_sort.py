"""IDX010: rows sorted by a random key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model
from trueup.checks.query._uses import by_place, sites
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.queries import QuerySite
from trueup.model.schema import Column, Table

_RANDOM = re.compile(r"gen_random_uuid|uuid_generate_v4|newid", re.IGNORECASE)
_TRAIT = "Illuminate\\Database\\Eloquent\\Concerns\\HasVersion4Uuids"
_MIGRATION = "Schema::create('cost_records', function (Blueprint $table) { $table->uuid('id')->primary(); $table->timestamps(); });"
_QUERY = "return \\App\\Models\\CostRecord::query()->orderBy('{}')->get();"


def _files(trait: str, column: str) -> dict[str, str]:
    short = trait.rsplit("\\", 1)[-1]
    return {**model(f"use {short};", uses=(trait,)), **_service(_QUERY.format(column))}


EXAMPLES = (
    failing(
        "In the order of random numbers",
        given(migration=_MIGRATION, files=_files(_TRAIT, "id")),
        Expected(
            "info",
            "Rows of `cost_records` are sorted by `id`, which is random.",
            table="cost_records",
            column="id",
        ),
    ),
    clean("By time", given(migration=_MIGRATION, files=_files(_TRAIT, "created_at"))),
    clean(
        "UUIDs of version 7 begin with the time",
        given(migration=_MIGRATION, files=_files("Illuminate\\Database\\Eloquent\\Concerns\\HasUuids", "id")),
    ),
)


@check(
    code="IDX010",
    title="Rows are sorted by a random key",
    severity="info",
    category="index",
    why="""UUIDs of version 4 are random: sorted by them rows come in no order that means anything, and a new row may come before
        the page that was just read.""",
    fix="Sort by the time, with the key behind it; or make ordered keys (`HasUuids`, `HasUlids`).",
    examples=EXAMPLES,
    off=True,
)
def random_sort(facts: Facts) -> Iterator[Verdict]:
    """By the first sort column of queries of the product's code."""
    random = {t.name.lower(): (t, c) for t in facts.schema.tables if (c := _random_key(facts, t)) is not None}
    found: dict[str, list[QuerySite]] = {}
    for site in sites(facts):
        first = next((u for u in site.columns if u.role == "sort"), None)
        if first is None or site.area in {"test", "factory", "seeder"}:
            continue
        table, column = random.get(first.table.lower(), (None, None))
        if table is not None and column is not None and first.column.lower() == column.name.lower():
            found.setdefault(table.name.lower(), []).append(site)
    for name, several in sorted(found.items()):
        yield _finding(*random[name], several)


def _random_key(facts: Facts, table: Table) -> Column | None:
    """The key of one column that the server or the model fills with random UUIDs."""
    key = table.primary_key
    column = table.column(key.columns[0]) if key is not None and len(key.columns) == 1 else None
    if column is None:
        return None
    drawn = any(_TRAIT in m.traits for m in facts.eloquent.models_of(table.name))
    return column if drawn or _RANDOM.search(column.default or "") else None


def _finding(table: Table, column: Column, found: list[QuerySite]) -> Finding:
    uses = [u for s in found for u in s.columns if u.role == "sort" and u.column == column.name]
    return Finding(
        "IDX010",
        "info",
        "index",
        f"Rows of {code(table.name)} are sorted by {code(column.name)}, which is random.",
        table=table.name,
        column=column.name,
        expected="an order that means something",
        found="UUIDs of version 4",
        locations=places(*by_place(u.at for u in uses), column.at),
        recommendation="Sort by a time, or make ordered keys.",
    )
