"""RUL010: a `unique` rule that leaves deleted rows out, over a unique index that does not."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.model._stored import bare
from trueup.checks.registry import check
from trueup.checks.rule._fields import request
from trueup.checks.rule.unique_without_index import ruled_columns, unique_rules
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.queries import QuerySite
from trueup.model.schema import Index, Table

_MIGRATION = table(
    "$table->string('slug', 60);\n$table->softDeletes();\n$table->unique(%s);", name="projects"
)
_RULES = "'slug' => ['required', 'max:60', \\Illuminate\\Validation\\Rule::unique('projects', 'slug')%s],"

EXAMPLES = (
    failing(
        "The name of a deleted project",
        given(migration=_MIGRATION % "'slug'", files=request(_RULES % "->withoutTrashed()")),
        Expected(
            "warning",
            "A rule lets `slug` of `projects` be used again after a soft delete, but its unique index does not.",
            table="projects",
            index="projects_slug_unique",
        ),
    ),
    clean("Deleted rows count for both", given(migration=_MIGRATION % "'slug'", files=request(_RULES % ""))),
    clean(
        "And for neither",
        given(migration=_MIGRATION % "['slug', 'deleted_at']", files=request(_RULES % "->withoutTrashed()")),
    ),
)


@check(
    code="RUL010",
    title="A unique rule for live rows over an index for all",
    severity="warning",
    category="key",
    why="""The form takes a value that only a deleted row has, and the server refuses it: deleted rows still stand in the unique
        index.""",
    fix="Let the rule count deleted rows, or put the deletion into the index (a partial index where the server has them).",
    examples=EXAMPLES,
)
def deleted_rows(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, str], list[QuerySite]] = {}
    for site in unique_rules(facts):
        table_ = facts.schema.table(bare(site.table))
        index = _refusing(table_, site) if table_ is not None and _leaves_deleted_out(site) else None
        if table_ is not None and index is not None:
            found.setdefault((table_.name, index.name), []).append(site)
    for (name, index_name), sites in sorted(found.items()):
        table_ = facts.schema.table(name)
        index = next((i for i in table_.indexes if i.name == index_name), None) if table_ else None
        if table_ is not None and index is not None:
            yield _finding(table_, index, sites)


def _leaves_deleted_out(site: QuerySite) -> bool:
    return any(u.column == "deleted_at" and "not" not in u.operator.lower() for u in site.columns)


def _refusing(table_: Table, site: QuerySite) -> Index | None:
    """A unique index over the rule's columns, or fewer, that says nothing of the deletion."""
    columns = {c.lower() for c in ruled_columns(site)} - {"deleted_at"}
    for index in table_.indexes:
        over = {c.lower() for c in index.columns}
        if (
            index.unique
            and not index.primary
            and over
            and over <= columns
            and not (index.where or index.expressions)
        ):
            return index
    return None


def _finding(table_: Table, index: Index, sites: list[QuerySite]) -> Finding:
    return Finding(
        "RUL010",
        "warning",
        "key",
        f"A rule lets {listed(index.columns)} of {code(table_.name)} be used again after a soft delete, "
        "but its unique index does not.",
        table=table_.name,
        index=index.name,
        expected="a rule and an index for the same rows",
        found=f"UNIQUE {index.name} ({', '.join(index.columns)}), which deleted rows stand in",
        locations=places(*sorted({s.at for s in sites}), index.at),
        recommendation="Let the rule count deleted rows too, or make the index one for live rows only.",
    )
