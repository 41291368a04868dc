"""MOD019: a model with amounts of money lets mass assignment set all columns."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.amounts import is_money
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.compare.domains import is_numeric
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column

_MIGRATION = table("$table->decimal('cost', 12, 6);")

EXAMPLES = (
    failing(
        "Nothing is guarded",
        given(migration=_MIGRATION, files=model("protected $guarded = [];")),
        Expected(
            "info",
            "`CostRecord` guards nothing against mass assignment, and keeps money in `cost`.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "What may be set is listed",
        given(migration=_MIGRATION, files=model("protected $fillable = ['cost'];")),
    ),
)


@check(
    code="MOD019",
    title="Money may be set by mass assignment",
    severity="info",
    category="model",
    why="A request that is handed to `create()` or `update()` as it came sets any column: the amount, the currency, the owner.",
    fix="List what may be set in `$fillable`.",
    examples=EXAMPLES,
)
def unguarded_money(facts: Facts) -> Iterator[Verdict]:
    everywhere = next((a for a in facts.eloquent.global_settings if a.name.lower() == "unguard"), None)
    seen: set[str] = set()
    for stored in stored_models(facts):
        model_ = stored.model
        open_ = everywhere is not None or (model_.guarded == () and not model_.fillable)
        amounts = [c for c in stored.table.columns if is_money(c.name) and is_numeric(c.type)]
        if open_ and amounts and stored.table.name not in seen and "fillable" not in model_.unknown:
            seen.add(stored.table.name)
            yield _finding(stored, amounts)


def _finding(stored: Stored, amounts: list[Column]) -> Finding:
    names = listed(c.name for c in amounts)
    return Finding(
        "MOD019",
        "info",
        "model",
        f"{code(stored.model.short)} guards nothing against mass assignment, and keeps money in {names}.",
        table=stored.table.name,
        model=stored.model.name,
        expected="`$fillable`",
        found="everything may be set",
        locations=(stored.model.at, amounts[0].at),
        recommendation="List in `$fillable` what may be set from outside.",
    )
