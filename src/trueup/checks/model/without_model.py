"""MOD001: a required table that no model stands for."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._required import accompanied_tables
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict

_SQL = "CREATE TABLE cost_records (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);"
_MIGRATION = "Schema::create('cost_records', fn (Blueprint $table) => $table->id());"
_MODEL = """
    <?php

    namespace App\\Models;

    use Illuminate\\Database\\Eloquent\\Model;

    class CostRecord extends Model
    {
    }
"""

EXAMPLES = (
    failing(
        "A table and no class",
        given(sql=_SQL, migration=_MIGRATION),
        Expected("warning", "No model stands for the required table `cost_records`.", table="cost_records"),
    ),
    clean(
        "The framework's plural of the class is the table",
        given(sql=_SQL, migration=_MIGRATION, files={"app/Models/CostRecord.php": _MODEL}),
    ),
    clean(
        "The framework reads its own tables",
        given(sql="CREATE TABLE job_batches (id VARCHAR(255) PRIMARY KEY, name VARCHAR(255) NOT NULL);"),
    ),
    clean(
        "A package's table, which its configuration names",
        given(
            sql=_SQL,
            migration=_MIGRATION,
            files={
                "artisan": "<?php\n",
                "config/costs.php": "<?php\n\nreturn ['table_name' => env('COSTS_TABLE', 'cost_records')];\n",
            },
        ),
    ),
)


@check(
    code="MOD001",
    title="A required table has no model",
    severity="warning",
    category="model",
    why="""The table is reached by the query builder alone: no casts, no relations, no mass-assignment rules, and every caller
        spells its columns for itself.""",
    fix="`php artisan make:model`, with casts for decimals, JSON and dates, and the relations that the specification names.",
    examples=EXAMPLES,
)
def table_without_model(facts: Facts) -> Iterator[Verdict]:
    unknown = [m for m in facts.eloquent.models if m.table is None and not m.abstract]
    for table in accompanied_tables(facts):
        if table.models:
            continue
        if unknown:
            reason = f"the table of {unknown[0].name} could not be read"
            yield CannotTell("MOD001", table.name, reason, unknown[0].at, table.pair.required.name)
            continue
        yield Finding(
            "MOD001",
            "warning",
            "model",
            f"No model stands for the required table {code(table.pair.required.name)}.",
            table=table.pair.required.name,
            expected=f"a model of {table.name}",
            found="no model",
            locations=places(*table.at),
            recommendation=f"Make a model for {code(table.name)} with casts, relations and a factory"
            + ("." if table.exists else ", together with the table."),
            effort="S",
        )
