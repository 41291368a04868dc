"""IDX004: a page of an order that no index gives."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.index.unserved import looks_for
from trueup.checks.queried import analysis, because, growth_by_table, queries, severity_by, some
from trueup.checks.registry import check
from trueup.checks.wording import code, php_list
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.shapes import Advice, Growth, ServedBy

_TABLES = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('posts', function (Blueprint $table) {{
        $table->id();
        $table->foreignId('user_id')->constrained();
        $table->timestamp('published_at'){};
    }});
"""
_CODE = """
    <?php
    namespace App;
    use Illuminate\\Support\\Facades\\DB;
    class Posts
    {
        public function publish(int $user): void
        {
            DB::table('posts')->insert(['user_id' => $user, 'published_at' => now()]);
        }
        public function newest(): mixed
        {
            return DB::table('posts')->orderByDesc('published_at')->limit(10)->get();
        }
    }
"""

EXAMPLES = (
    failing(
        "The ten newest of all",
        given(migration=_TABLES.format(""), files={"app/Posts.php": _CODE}),
        Expected(
            "warning",
            "1 query takes a page of `posts` in an order that no index gives: (published_at).",
            table="posts",
            index="published_at",
        ),
    ),
    clean(
        "An index in that order", given(migration=_TABLES.format("->index()"), files={"app/Posts.php": _CODE})
    ),
    clean(
        "All rows are read anyway",
        given(
            migration=_TABLES.format(""),
            files={"app/Posts.php": _CODE.replace("->limit(10)", "")},
        ),
    ),
)


@check(
    code="IDX004",
    title="A page is sorted without an index",
    severity="warning",
    category="index",
    why="""To find the first ten the server reads all rows and sorts them, for each page anew. From an index in that order it reads
        ten.""",
    fix="Add an index that ends in the columns of the order, behind those that the query looks for by equality.",
    examples=EXAMPLES,
)
def unsorted(facts: Facts) -> Iterator[Verdict]:
    found = analysis(facts)
    growth = growth_by_table(facts)
    by_key = {s.shape.key: s for s in found.served}
    for advice in found.advice:
        if advice.action not in {"add", "replace"}:
            continue
        helped = [by_key[s.key] for s in advice.needs if s.key in by_key]
        helped = [s for s in helped if s.grade not in {"served", "cannot tell"}]
        if helped and not any(s.grade in {"unserved", "unbounded"} and looks_for(s, advice) for s in helped):
            yield _finding(advice, helped, growth[advice.table.lower()])


def _finding(advice: Advice, helped: list[ServedBy], growth: Growth) -> Finding:
    columns = ", ".join(advice.columns)
    unhelped = any(s.grade == "unserved" for s in helped)
    verb = "takes" if len(helped) == 1 else "take"
    instead = f" It takes the place of {', '.join(map(code, advice.replaces))}." if advice.replaces else ""
    return Finding(
        "IDX004",
        severity_by(growth) if unhelped else "info",
        "index",
        f"{queries(len(helped))} {verb} a page of {code(advice.table)} in an order that no index gives: ({columns}).",
        table=advice.table,
        index=columns,
        expected=f"an index on ({columns})",
        found=helped[0].why or "none",
        locations=some(place for one in helped for place in one.shape.sites),
        recommendation=f"Add {code(f'$table->index({php_list(advice.columns)});')} in a migration: about "
        f"{advice.bytes_per_row} bytes a row, kept up to date by {advice.write_cost} of the code's statements.{instead}"
        f"{because(growth)}",
    )
