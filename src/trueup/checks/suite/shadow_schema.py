"""TST001: tests that build their own copy of a table."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.wording import listed
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_TEST = """
    <?php

    namespace Tests\\Feature;

    use Illuminate\\Database\\Schema\\Blueprint;
    use Illuminate\\Support\\Facades\\Schema;
    use Tests\\TestCase;

    class CostTest extends TestCase
    {
        protected function setUp(): void
        {
            parent::setUp();

            Schema::create('%s', function (Blueprint $table) {
                $table->id();
            });
        }

        public function test_nothing_is_recorded_yet(): void
        {
            $this->assertDatabaseCount('%s', 0);
        }
    }
"""


def _files(name: str) -> dict[str, str]:
    return {"tests/Feature/CostTest.php": _TEST.replace("%s", name)}


EXAMPLES = (
    failing(
        "A copy of the migration's table",
        given(migration=table(), files=_files("cost_records")),
        Expected(
            "warning",
            "`tests/Feature/CostTest.php` builds its own copy of `cost_records`.",
            table="cost_records",
        ),
    ),
    clean("A table of the test's own", given(migration=table(), files=_files("scratch"))),
)


@check(
    code="TST001",
    title="A test builds its own copy of a table",
    severity="warning",
    category="test",
    why="The test runs against the copy: it goes on passing when the real table changes, or is gone.",
    fix="Let the test run the migrations: `RefreshDatabase`, or `loadMigrationsFrom()` in a package.",
    examples=EXAMPLES,
)
def shadow_schema(facts: Facts) -> Iterator[Verdict]:
    real = {t.name.lower(): t for t in facts.schema.tables}
    for test in sorted(facts.eloquent.tests, key=lambda t: t.path):
        copied = [real[n] for n in sorted({c.lower() for c in test.creates}) if n in real]
        if copied:
            names = [t.name for t in copied]
            yield Finding(
                "TST001",
                "warning",
                "test",
                f"`{test.path}` builds its own {'copy' if len(names) == 1 else 'copies'} of {listed(names)}.",
                table=names[0] if len(names) == 1 else "",
                expected="the tables that the migrations build",
                found=f"Schema::create for {', '.join(names)}",
                locations=(Location(test.path), *(t.at for t in copied)),
                recommendation="Take the copy out and let the test run the migrations.",
                effort="M",
                key=test.path,
            )
