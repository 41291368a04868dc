"""QRY015: Eloquent's `whereNot()` with an array."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.query._uses import by_place, sites
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.queries import QuerySite

_MIGRATION = table("$table->string('provider');\n$table->string('status');")


def _code(query: str) -> dict[str, str]:
    return {**model(), **_service(f"return \\App\\Models\\CostRecord::query()->{query}->get();")}


EXAMPLES = (
    failing(
        "All but these, it says",
        given(migration=_MIGRATION, files=_code("whereNot(['provider' => 'openai', 'status' => 'void'])")),
        Expected(
            "warning",
            "`whereNot()` with an array asks for the rows of `cost_records` that it seems to leave out.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "In a closure",
        given(
            migration=_MIGRATION,
            files=_code(
                "whereNot(fn ($query) => $query->where(['provider' => 'openai', 'status' => 'void']))"
            ),
        ),
    ),
    clean("A column and a value", given(migration=_MIGRATION, files=_code("whereNot('status', 'void')"))),
)


@check(
    code="QRY015",
    title="whereNot() with an array means the opposite",
    severity="warning",
    category="query",
    why="""Eloquent hands "not" on to each condition of the array and to the brackets around them: `not (not a and not b)`, which
        is `a or b`. The query builder's own `whereNot()` was mended (Laravel 9.30), Eloquent's was not.""",
    fix="Give it a closure: `whereNot(fn ($query) => $query->where([...]))`.",
    examples=EXAMPLES,
)
def negated_array(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, str], list[QuerySite]] = {}
    for site in sites(facts):
        if any(u.inverted for u in site.columns):
            found.setdefault((site.table, site.model), []).append(site)
    for (name, model_), several in sorted(found.items()):
        yield _finding(name, model_, several)


def _finding(name: str, model_: str, found: list[QuerySite]) -> Finding:
    columns = sorted({u.column for s in found for u in s.columns if u.inverted})
    return Finding(
        "QRY015",
        "warning",
        "query",
        f"{code('whereNot()')} with an array asks for the rows of {code(name)} that it seems to leave out.",
        table=name,
        model=model_,
        expected="not (a and b)",
        found=f"not (not a and not b), of {listed(columns)}",
        locations=by_place(u.at for s in found for u in s.columns if u.inverted),
        recommendation="Give it a closure with the conditions.",
    )
