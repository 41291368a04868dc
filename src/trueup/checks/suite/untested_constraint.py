"""TST005: required constraints that no test runs into."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model
from trueup.checks.model._required import Accompanied, accompanied_tables, tests_of
from trueup.checks.model._stored import bare
from trueup.checks.registry import check
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.eloquent import TestFile
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.spec import RequiredForeignKey

_SQL = """
CREATE TABLE cost_records (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    request VARCHAR(40) NOT NULL,
    UNIQUE KEY (request)
);
"""
_MIGRATION = """
    Schema::create('cost_records', function (Blueprint $table) {
        $table->id();
        $table->string('request', 40)->unique();
    });
"""
_TEST = """
    <?php

    namespace Tests\\Feature;

    use App\\Models\\CostRecord;
    use Illuminate\\Database\\QueryException;
    use Illuminate\\Foundation\\Testing\\RefreshDatabase;
    use Tests\\TestCase;

    class CostTest extends TestCase
    {
        use RefreshDatabase;

        public function test_a_request_is_recorded(): void
        {
            CostRecord::create(['request' => 'a']);
            %s
        }
    }
"""
_TWICE = "$this->expectException(QueryException::class);\n            CostRecord::create(['request' => 'a']);"


def _files(line: str) -> dict[str, str]:
    test = _TEST if line else _TEST.replace("    use Illuminate\\Database\\QueryException;\n", "")
    return {**model(), "tests/Feature/CostTest.php": test % line}


EXAMPLES = (
    failing(
        "Nobody tries it twice",
        given(sql=_SQL, migration=_MIGRATION, files=_files("")),
        Expected(
            "info",
            "No test shows that `cost_records` keeps `UNIQUE (request)`, which the specification requires.",
            table="cost_records",
        ),
    ),
    clean("Twice is refused", given(sql=_SQL, migration=_MIGRATION, files=_files(_TWICE))),
)


@check(
    code="TST005",
    title="A required constraint without a test",
    severity="info",
    category="test",
    why="""A constraint that no test runs into can be lost by the next migration, and code that fails because of it is first seen
        in production. SQLite keeps foreign keys only where it is told to.""",
    fix="""Write the row that must be refused and expect the exception; for ON DELETE, delete the row that others refer to and look
        at them.""",
    examples=EXAMPLES,
)
def untested_constraint(facts: Facts) -> Iterator[Verdict]:
    """Of tables that are tested at all: one without any test is a check of its own."""
    for table in accompanied_tables(facts):
        tests = [t for t in tests_of(facts, table) if t.database]
        if not table.exists or not tests or any(t.refusals for t in tests):
            continue
        missing = list(_untested(facts, table, tests))
        if missing:
            yield _finding(table, missing, tests)


def _untested(facts: Facts, table: Accompanied, tests: list[TestFile]) -> Iterator[tuple[str, Location]]:
    required = table.pair.required
    for index in required.indexes:
        if index.unique and not index.primary:
            yield f"UNIQUE ({', '.join(index.columns)})", index.at
    for key in required.foreign_keys:
        if not _is_deleted(facts, key, tests):
            yield f"FOREIGN KEY ({', '.join(key.columns)})", key.at
    for one in required.checks:
        yield f"CHECK ({one.expression})", one.at


def _is_deleted(facts: Facts, key: RequiredForeignKey, tests: list[TestFile]) -> bool:
    """Whether one of the tests deletes rows that the key refers to."""
    pair = facts.comparison.pair(key.foreign_table)
    parent = pair.existing.name if pair is not None and pair.existing is not None else key.foreign_table
    files = {t.path for t in tests}
    return any(
        s.at.file in files and s.kind == "delete" and bare(s.table) == parent.lower()
        for s in facts.queries.sites
    )


def _finding(table: Accompanied, missing: list[tuple[str, Location]], tests: list[TestFile]) -> Finding:
    return Finding(
        "TST005",
        "info",
        "test",
        f"No test shows that {code(table.name)} keeps {listed(m for m, _ in missing)}, "
        "which the specification requires.",
        table=table.pair.required.name,
        expected="a test that expects the refusal",
        found=f"{len(tests)} test file{'s' if len(tests) > 1 else ''} of the table, none of which expects the database to refuse",
        locations=places(*(at for _, at in missing), *(Location(t.path) for t in tests[:3])),
        recommendation=f"Write what {code(table.name)} must refuse, in a test with the migrated schema, and expect the exception.",
        effort="M",
    )
