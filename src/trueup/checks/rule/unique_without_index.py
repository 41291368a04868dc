"""RUL001: a `unique` rule that no unique index stands behind."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._stored import bare
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_contents
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code, listed, php_list
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.queries import QuerySite
from trueup.model.schema import Table
from trueup.model.wanted import Wanted

_REQUEST = """
    <?php

    namespace App\\Http\\Requests;

    use Illuminate\\Foundation\\Http\\FormRequest;

    class StoreProject extends FormRequest
    {
        public function rules(): array
        {
            return ['slug' => ['required', 'unique:projects,slug']];
        }
    }
"""
_FILES = {"app/Http/Requests/StoreProject.php": _REQUEST}
_MIGRATION = (
    "Schema::create('projects', fn (Blueprint $table) => [$table->id(), $table->string('slug', 100)%s]);"
)

EXAMPLES = (
    failing(
        "The rule alone",
        given(migration=_MIGRATION % "", files=_FILES),
        Expected(
            "warning",
            "A rule wants `slug` of `projects` to be unique, but no unique index sees to it.",
            table="projects",
            column="slug",
        ),
    ),
    clean("The index too", given(migration=_MIGRATION % "->unique()", files=_FILES)),
)


@check(
    code="RUL001",
    title="A unique rule without a unique index",
    severity="warning",
    category="key",
    why="""The rule asks first and writes later: of two requests at once both find nothing, and both write. Code that does not come
        by the form is not asked at all.""",
    fix="Make the columns unique in a migration, after removing what is there twice.",
    examples=EXAMPLES,
)
def unique_without_index(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, tuple[str, ...]], list[QuerySite]] = {}
    for site in unique_rules(facts):
        columns = () if _is_partial(site) else ruled_columns(site)
        table = facts.schema.table(bare(site.table))
        known = table is not None and columns and all(table.column(c) is not None for c in columns)
        if table is not None and known and not is_covered(table, frozenset(columns)):
            found.setdefault((table.name, columns), []).append(site)
    for (name, columns), sites in sorted(found.items()):
        table = facts.schema.table(name)
        assert table is not None
        gap = doubt_about_contents(facts, table)
        yield (
            cannot_tell("RUL001", f"{name} ({', '.join(columns)})", gap, name)
            if gap
            else _finding(table, columns, sites)
        )


def unique_rules(facts: Facts) -> Iterator[QuerySite]:
    """`unique` rules of the product's code whose table is known, on the default connection."""
    for site in facts.queries.sites:
        if (
            site.via == "rule"
            and site.terminal == "unique"
            and site.area != "test"
            and not site.open
            and facts.config.is_audited(site.connection)
        ):
            yield site


def ruled_columns(site: QuerySite) -> tuple[str, ...]:
    """The columns that must not occur together twice: those that are compared for being equal; what is ignored is not one."""
    return tuple(sorted({u.column for u in site.columns if u.operator == "=" and not u.json_path}))


def _is_partial(site: QuerySite) -> bool:
    """A rule for the rows that are not deleted, or for those of a kind: no plain index can say that."""
    return any(
        u.operator.lower() not in {"=", "!="} or u.column == "deleted_at" or u.value.kind == "null"
        for u in site.columns
    )


def is_covered(table: Table, columns: frozenset[str]) -> bool:
    """Whether a unique index over these columns, or fewer, guarantees it. A partial one guarantees it for some rows only, which
    are most likely those that the rule means; an index over expressions may be the one."""
    wanted = {c.lower() for c in columns}
    unique = [i for i in table.indexes if i.unique or i.primary]
    return any((i.columns and {c.lower() for c in i.columns} <= wanted) or i.expressions for i in unique)


def _finding(table: Table, columns: tuple[str, ...], sites: list[QuerySite]) -> Finding:
    places: tuple[Location, ...] = tuple(sorted({s.at for s in sites}))
    column = table.column(columns[0])
    return Finding(
        "RUL001",
        "warning",
        "key",
        f"A rule wants {listed(columns)} of {code(table.name)} to be unique, but no unique index sees to it.",
        table=table.name,
        column=columns[0] if len(columns) == 1 else "",
        expected=f"a unique index on {', '.join(columns)}",
        found="none",
        locations=(*places, *((column.at,) if column is not None else ())),
        recommendation=f"Add `$table->unique({php_list(columns)});` in a migration.",
        key=",".join(columns),
        wants=(Wanted("unique", columns),),
    )
