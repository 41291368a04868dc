"""MOD012: a model soft-deletes in a table that has no column for it."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, doubt, is_queried, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_TRAIT = ("Illuminate\\Database\\Eloquent\\SoftDeletes",)
_MODEL = model("use SoftDeletes;", uses=_TRAIT)
_REPORT = """
    <?php

    namespace App;

    use App\\Models\\CostRecord;

    class Report
    {
        public function number(): int
        {
            return CostRecord::query()->count();
        }
    }
"""

EXAMPLES = (
    failing(
        "The trait without the column",
        given(migration=table(), files={**_MODEL, "app/Report.php": _REPORT}),
        Expected(
            "error",
            "`CostRecord` soft-deletes, but `cost_records` has no `deleted_at`.",
            table="cost_records",
            column="deleted_at",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean("Both", given(migration=table("$table->softDeletes();"), files=_MODEL)),
)


@check(
    code="MOD012",
    title="A model soft-deletes without the column",
    severity="error",
    category="model",
    why="The trait puts `deleted_at is null` into every query of the model: all of them fail.",
    fix="Add `$table->softDeletes()` in a migration, or take the trait out.",
    examples=EXAMPLES,
)
def soft_deletes_missing(facts: Facts) -> Iterator[Verdict]:
    for stored in stored_models(facts):
        if stored.model.soft_deletes and not stored.has(stored.model.deleted_at):
            yield doubt("MOD012", facts, stored) or _finding(stored, is_queried(facts, stored.model))


def _finding(stored: Stored, queried: bool) -> Finding:
    model_, table_ = stored.model, stored.table
    return Finding(
        "MOD012",
        "error" if queried else "warning",
        "model",
        f"{code(model_.short)} soft-deletes, but {code(table_.name)} has no {code(model_.deleted_at)}.",
        table=table_.name,
        column=model_.deleted_at,
        model=model_.name,
        expected=f"a column {model_.deleted_at}",
        found="no such column" if queried else "no such column, and no query of the model",
        locations=(model_.at, table_.at),
        recommendation="Add `$table->softDeletes();` in a migration, or take the trait out of the model.",
    )
