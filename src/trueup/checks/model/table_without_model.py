"""MOD020: a table that the code queries and no model stands for."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.query._uses import bare, by_place
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.subjects import is_framework_table, paired_tables
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_QUERY = _service("DB::table('cost_records')->count();")

EXAMPLES = (
    failing(
        "The query builder alone",
        given(migration=table(), files=_QUERY),
        Expected("info", "No model stands for `cost_records`, which the code queries.", table="cost_records"),
    ),
    clean("A model", given(migration=table(), files=_QUERY | model())),
)


@check(
    code="MOD020",
    title="A table without a model",
    severity="info",
    category="model",
    why="Every caller spells its columns, casts and conditions for itself. For a table of logs or links that is often right.",
    fix="Make a model, or leave the table to the query builder by intent.",
    examples=EXAMPLES,
    off=True,
)
def table_without_model(facts: Facts) -> Iterator[Verdict]:
    """Tables that documents require are judged by MOD001; pivots are reached through their relations."""
    judged = {p.existing.name.lower() for p in paired_tables(facts)}
    pivots = {bare(r.pivot_table) for m in facts.eloquent.models for r in m.relations if r.pivot_table}
    if any(m.table is None and not m.abstract for m in facts.eloquent.models):
        return  # one of them may be the model
    queried: dict[str, list[Location]] = {}
    for site in facts.queries.sites:
        if site.area == "src" and site.via == "query":
            queried.setdefault(bare(site.table), []).append(site.at)
    for table_ in facts.schema.tables:
        name = table_.name.lower()
        if name not in queried or name in judged | pivots or is_framework_table(name):
            continue
        if not facts.eloquent.models_of(table_.name):
            yield Finding(
                "MOD020",
                "info",
                "model",
                f"No model stands for {code(table_.name)}, which the code queries.",
                table=table_.name,
                expected="a model",
                found=f"{counted(len(queried[name]), 'query', 'queries')} by the query builder",
                locations=places(*by_place(queried[name])[:5], table_.at),
                recommendation=f"Make a model for {code(table_.name)}.",
            )
