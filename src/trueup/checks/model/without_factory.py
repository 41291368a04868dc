"""MOD002: the model of a required table has no factory."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._required import accompanied_tables, factories_of
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_SQL = "CREATE TABLE cost_records (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);"
_MIGRATION = "Schema::create('cost_records', fn (Blueprint $table) => $table->id());"
_MODEL = """
    <?php

    namespace App\\Models;

    use Illuminate\\Database\\Eloquent\\Factories\\HasFactory;
    use Illuminate\\Database\\Eloquent\\Model;

    class CostRecord extends Model
    {
        use HasFactory;
    }
"""
_FACTORY = """
    <?php

    namespace Database\\Factories;

    use App\\Models\\CostRecord;
    use Illuminate\\Database\\Eloquent\\Factories\\Factory;

    class CostRecordFactory extends Factory
    {
        protected $model = CostRecord::class;

        public function definition(): array
        {
            return [];
        }
    }
"""
_FILES = {"app/Models/CostRecord.php": _MODEL}

EXAMPLES = (
    failing(
        "A model alone",
        given(
            sql=_SQL,
            migration=_MIGRATION,
            files={"app/Models/CostRecord.php": _MODEL.replace("use HasFactory;", "")},
        ),
        Expected(
            "info",
            "The required table `cost_records` has no model factory.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "A factory for the model",
        given(
            sql=_SQL,
            migration=_MIGRATION,
            files={**_FILES, "database/factories/CostRecordFactory.php": _FACTORY},
        ),
    ),
)


@check(
    code="MOD002",
    title="A required table has no factory",
    severity="info",
    category="factory",
    why="Tests build rows by hand, each with the columns that its author knew of, and break one by one when the table changes.",
    fix="`php artisan make:factory`, filling every column that has no default.",
    examples=EXAMPLES,
)
def table_without_factory(facts: Facts) -> Iterator[Verdict]:
    for table in accompanied_tables(facts):
        known = {f.name for f in facts.eloquent.factories}
        if not table.models or any(name in known for name in factories_of(facts, table)):
            continue
        yield Finding(
            "MOD002",
            "info",
            "factory",
            f"The required table {code(table.pair.required.name)} has no model factory.",
            table=table.pair.required.name,
            model=table.models[0].name,
            expected=f"a factory of {table.models[0].short}",
            found="no factory",
            locations=places(table.models[0].at, *table.at),
            recommendation=f"Make it with `php artisan make:factory {table.models[0].short}Factory`.",
            effort="S",
        )
