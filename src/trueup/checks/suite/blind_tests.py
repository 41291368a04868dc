"""TST004: tests of a required table that would pass with the table gone."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model
from trueup.checks.model._required import Accompanied, accompanied_tables, tests_of
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts
from trueup.model.eloquent import TestFile
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_SQL = "CREATE TABLE cost_records (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);"
_MIGRATION = "Schema::create('cost_records', fn (Blueprint $table) => $table->id());"
_TEST = """
    <?php

    namespace Tests\\Feature;

    use App\\Models\\CostRecord;
    use Illuminate\\Foundation\\Testing\\RefreshDatabase;
    use Tests\\TestCase;

    class CostTest extends TestCase
    {
        %s

        public function test_costs(): void
        {
            %s
            $this->assertNull(CostRecord::first());
        }
    }
"""


def _files(use: str, line: str) -> dict[str, str]:
    return {**model(), "tests/Feature/CostTest.php": _TEST % (use, line)}


EXAMPLES = (
    failing(
        "The model is mocked away",
        given(
            sql=_SQL,
            migration=_MIGRATION,
            files=_files("use RefreshDatabase;", "$this->mock(CostRecord::class);"),
        ),
        Expected(
            "info",
            "No test of the required table `cost_records` would notice if it were gone.",
            table="cost_records",
        ),
    ),
    clean(
        "A test with the migrated table",
        given(sql=_SQL, migration=_MIGRATION, files=_files("use RefreshDatabase;", "")),
    ),
)


@check(
    code="TST004",
    title="Tests that would pass with the table gone",
    severity="info",
    category="test",
    why="""A test that replaces the model, builds a table for itself or has no migrated database says nothing about the table that
        the migrations build.""",
    fix="Let one test at least write and read a row with the migrated schema.",
    examples=EXAMPLES,
    off=True,
)
def blind_tests(facts: Facts) -> Iterator[Verdict]:
    for table in accompanied_tables(facts):
        tests = tests_of(facts, table)
        if not table.exists or not tests or any(_would_notice(t, table) for t in tests):
            continue
        yield Finding(
            "TST004",
            "info",
            "test",
            f"No test of the required table {code(table.pair.required.name)} would notice if it were gone.",
            table=table.pair.required.name,
            expected="a test with the migrated table",
            found=f"{counted(len(tests), 'test file')} that mock it, build their own copy, or have no migrated database",
            locations=places(*(Location(t.path) for t in tests[:5]), *table.at),
            recommendation=f"Write and read a row of {code(table.name)} in a test with `RefreshDatabase`.",
            effort="M",
        )


def _would_notice(test: TestFile, table: Accompanied) -> bool:
    """Whether the file has a migrated database, and uses the real model or table in it."""
    mocked = bool({m.name for m in table.models} & set(test.mocks))
    copied = table.name.lower() in {c.lower() for c in test.creates}
    return test.database and not mocked and not copied
