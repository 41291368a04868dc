"""IDX003: queries whose rows no index finds."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import analysis, because, growth_by_table, queries, severity_by, some
from trueup.checks.registry import check
from trueup.checks.wording import code, php_list
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.shapes import Advice, Growth, ServedBy

_TABLES = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('payments', function (Blueprint $table) {{
        $table->id();
        $table->foreignId('user_id')->constrained();
        $table->string('reference'){};
        $table->timestamps();
    }});
"""
_CODE = """
    <?php
    namespace App;
    use Illuminate\\Support\\Facades\\DB;
    class Payments
    {
        public function record(int $user, string $reference): void
        {
            DB::table('payments')->insert(['user_id' => $user, 'reference' => $reference]);
        }
        public function find(string $reference): ?object
        {
            return DB::table('payments')->where('reference', $reference)->first();
        }
    }
"""

EXAMPLES = (
    failing(
        "Looked for by a column without an index",
        given(migration=_TABLES.format(""), files={"app/Payments.php": _CODE}),
        Expected(
            "warning",
            "No index of `payments` leads with (reference), which 1 query looks for.",
            table="payments",
            index="reference",
        ),
    ),
    clean("With an index", given(migration=_TABLES.format("->index()"), files={"app/Payments.php": _CODE})),
    clean(
        "By the column of a foreign key, which has its index on MySQL",
        given(
            migration=_TABLES.format(""),
            files={
                "app/Payments.php": _CODE.replace("where('reference', $reference)", "where('user_id', 1)")
            },
        ),
    ),
    clean(
        "A table that only migrations fill",
        given(
            migration="Schema::create('units', function (Blueprint $table) { $table->id(); $table->string('name'); });",
            files={
                "app/Units.php": "<?php\nnamespace App;\nclass Units { public function get() "
                "{ return \\DB::table('units')->where('name', 'kg')->first(); } }"
            },
        ),
    ),
)


@check(
    code="IDX003",
    title="No index finds the rows of a query",
    severity="warning",
    category="index",
    why="""The server reads the whole table for each of these queries, and all of it again for the next one: ten times the rows,
        ten times the work. On MySQL an UPDATE or DELETE locks every row that it reads.""",
    fix="Add the index: columns found by equality first, then the one found by a range or sorted by.",
    examples=EXAMPLES,
)
def unserved(facts: Facts) -> Iterator[Verdict]:
    found = analysis(facts)
    growth = growth_by_table(facts)
    by_key = {s.shape.key: s for s in found.served}
    for advice in found.advice:
        if advice.action not in {"add", "replace"}:
            continue
        helped = [by_key[s.key] for s in advice.needs if s.key in by_key]
        lost = [s for s in helped if s.grade in {"unserved", "unbounded"} and looks_for(s, advice)]
        if lost:
            yield _finding(advice, lost, growth[advice.table.lower()])


def looks_for(one: ServedBy, advice: Advice) -> bool:
    """Whether the query looks for the last column of the index, and does not only sort by it."""
    table, last = advice.table.lower(), advice.columns[-1].lower()
    looked = (p for p in one.shape.predicates if p.servable and p.table.lower() == table)
    joined = (j for j in one.shape.joins if j.right_table.lower() == table)
    return any(p.column.lower() == last for p in looked) or any(
        j.right_column.lower() == last for j in joined
    )


def _finding(advice: Advice, lost: list[ServedBy], growth: Growth) -> Finding:
    columns = ", ".join(advice.columns)
    sites = some(place for one in lost for place in one.shape.sites)
    instead = f" It takes the place of {', '.join(map(code, advice.replaces))}." if advice.replaces else ""
    return Finding(
        "IDX003",
        severity_by(growth),
        "index",
        f"No index of {code(advice.table)} leads with ({columns}), which {queries(len(lost))} "
        f"{'looks' if len(lost) == 1 else 'look'} for.",
        table=advice.table,
        index=columns,
        expected=f"an index on ({columns})",
        found=lost[0].why or "none",
        locations=sites,
        recommendation=f"Add {code(f'$table->index({php_list(advice.columns)});')} in a migration: about "
        f"{advice.bytes_per_row} bytes a row, kept up to date by {advice.write_cost} of the code's statements.{instead}"
        f"{because(growth)}",
    )
