"""MOD003: a required table that no test touches."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._required import accompanied_tables, tests_of
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_SQL = "CREATE TABLE cost_records (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);"
_MIGRATION = "Schema::create('cost_records', fn (Blueprint $table) => $table->id());"
_TEST = """
    <?php

    namespace Tests\\Feature;

    use Illuminate\\Foundation\\Testing\\RefreshDatabase;
    use Tests\\TestCase;

    class CostTest extends TestCase
    {
        use RefreshDatabase;

        public function test_nothing_is_recorded_yet(): void
        {
            $this->assertDatabaseCount('cost_records', 0);
        }
    }
"""

EXAMPLES = (
    failing(
        "No test names it",
        given(sql=_SQL, migration=_MIGRATION),
        Expected(
            "info", "No test names the required table `cost_records` or its model.", table="cost_records"
        ),
    ),
    clean(
        "A test counts its rows",
        given(sql=_SQL, migration=_MIGRATION, files={"tests/Feature/CostTest.php": _TEST}),
    ),
)


@check(
    code="MOD003",
    title="A required table has no tests",
    severity="info",
    category="test",
    why="Nothing shows that rows are written as the specification says, or notices when they no longer are.",
    fix="""Write a test that stores and reads a row through the code that is meant to do it, on the server that is used in
        production.""",
    examples=EXAMPLES,
)
def table_without_tests(facts: Facts) -> Iterator[Verdict]:
    for table in accompanied_tables(facts):
        if table.exists and not tests_of(facts, table):
            yield Finding(
                "MOD003",
                "info",
                "test",
                f"No test names the required table {code(table.pair.required.name)} or its model.",
                table=table.pair.required.name,
                expected="a test",
                found="no test",
                locations=places(*table.at),
                recommendation=f"Test that {code(table.name)} is written and read by the code that is meant to do it.",
                effort="M",
            )
