"""MOD013: a table has `deleted_at`, and its model does not soft-delete."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->softDeletes();")

EXAMPLES = (
    failing(
        "The column without the trait",
        given(migration=_MIGRATION, files=model()),
        Expected(
            "info",
            "`cost_records` has `deleted_at`, but `CostRecord` does not soft-delete.",
            table="cost_records",
            column="deleted_at",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "The trait",
        given(
            migration=_MIGRATION,
            files=model("use SoftDeletes;", uses=("Illuminate\\Database\\Eloquent\\SoftDeletes",)),
        ),
    ),
)


@check(
    code="MOD013",
    title="A model ignores its table's `deleted_at`",
    severity="info",
    category="model",
    why="`delete()` removes the row for good, and rows that other code has marked as deleted are shown as if they were not.",
    fix="Use the SoftDeletes trait, or drop the column.",
    examples=EXAMPLES,
)
def soft_deletes_unused(facts: Facts) -> Iterator[Verdict]:
    soft = {s.table.name for s in stored_models(facts) if s.model.soft_deletes or s.model.outside}
    seen: set[str] = set()
    for stored in stored_models(facts):
        model_, table_ = stored.model, stored.table
        column = table_.column("deleted_at")
        if column is None or table_.name in soft or table_.name in seen:
            continue
        seen.add(table_.name)
        yield Finding(
            "MOD013",
            "info",
            "model",
            f"{code(table_.name)} has `deleted_at`, but {code(model_.short)} does not soft-delete.",
            table=table_.name,
            column="deleted_at",
            model=model_.name,
            expected="the SoftDeletes trait",
            found="no such trait",
            locations=(model_.at, column.at),
            recommendation="Use the SoftDeletes trait in the model, or drop the column.",
        )
