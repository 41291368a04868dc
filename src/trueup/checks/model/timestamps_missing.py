"""MOD011: a model keeps timestamps in a table that has no columns for them."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, doubt, stored_models, writes_rows
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_WITHOUT = table("$table->decimal('cost', 12, 6);", timestamps=False)
_SERVICE = """
    <?php

    namespace App;

    use App\\Models\\CostRecord;

    class Ledger
    {
        public function record(): void
        {
            CostRecord::create(['cost' => 1]);
        }
    }
"""

EXAMPLES = (
    failing(
        "The code saves rows",
        given(migration=_WITHOUT, files={**model("protected $guarded = [];"), "app/Ledger.php": _SERVICE}),
        Expected(
            "error",
            "`CostRecord` keeps timestamps, but `cost_records` has no `created_at` and `updated_at`.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    failing(
        "Nothing saves rows yet",
        given(migration=_WITHOUT, files=model()),
        Expected(
            "warning",
            "`CostRecord` keeps timestamps, but `cost_records` has no `created_at` and `updated_at`.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    failing(
        "Rows are only inserted past the model, which adds no timestamps",
        given(
            migration=_WITHOUT,
            files={
                **model("protected $guarded = [];"),
                "app/Ledger.php": _SERVICE.replace("create(['cost' => 1])", "insert([['cost' => 1]])"),
            },
        ),
        Expected(
            "warning",
            "`CostRecord` keeps timestamps, but `cost_records` has no `created_at` and `updated_at`.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean("Timestamps are off", given(migration=_WITHOUT, files=model("public $timestamps = false;"))),
    clean(
        "Only one of the two is kept",
        given(
            migration=table("$table->timestamp('created_at');", timestamps=False),
            files=model("const UPDATED_AT = null;"),
        ),
    ),
)


@check(
    code="MOD011",
    title="A model keeps timestamps that its table does not have",
    severity="error",
    category="model",
    why="Eloquent writes both columns with every INSERT and UPDATE: none of them can succeed.",
    fix="Add `$table->timestamps()`, or set `$timestamps = false` (or `UPDATED_AT = null`) in the model.",
    examples=EXAMPLES,
)
def timestamps_missing(facts: Facts) -> Iterator[Verdict]:
    for stored in stored_models(facts):
        missing = _missing(stored)
        if missing:
            yield doubt("MOD011", facts, stored) or _finding(
                stored, missing, writes_rows(facts, stored.model)
            )


def _missing(stored: Stored) -> list[str]:
    """Pivots keep timestamps only where the row that they are made of has them."""
    model_ = stored.model
    if (
        not model_.timestamps
        or any(p.endswith(("\\Pivot", "\\MorphPivot")) for p in model_.parents)
        or model_.outside
    ):
        return []
    return [c for c in (model_.created_at, model_.updated_at) if c and not stored.has(c)]


def _finding(stored: Stored, missing: list[str], saved: bool) -> Finding:
    model_, table_ = stored.model, stored.table
    return Finding(
        "MOD011",
        "error" if saved else "warning",
        "model",
        f"{code(model_.short)} keeps timestamps, but {code(table_.name)} has no {listed(missing)}.",
        table=table_.name,
        model=model_.name,
        expected=", ".join(missing),
        found="no such columns" if saved else "no such columns, and no code that saves the model",
        locations=(model_.at, table_.at),
        recommendation=f"Add {listed(missing)} in a migration, or switch {'it' if len(missing) == 1 else 'them'} off in the model.",
    )
