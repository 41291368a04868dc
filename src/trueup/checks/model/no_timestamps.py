"""MOD021: a table that does not say when its rows were made."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MODEL = model("public $timestamps = false;")

EXAMPLES = (
    failing(
        "Neither created nor updated",
        given(migration=table(timestamps=False), files=_MODEL),
        Expected(
            "info",
            "`cost_records` does not say when its rows were made.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean("Timestamps", given(migration=table(), files=model())),
    clean(
        "A time of its own",
        given(migration=table("$table->timestamp('recorded_at');", timestamps=False), files=_MODEL),
    ),
)
_TIMES = ("timestamp", "datetime", "date")


@check(
    code="MOD021",
    title="A table without timestamps",
    severity="info",
    category="model",
    why="Nobody can tell later when a row came to be or was changed last. For lists that never change that is no loss.",
    fix="Add `$table->timestamps()`, or leave it by intent.",
    examples=EXAMPLES,
    off=True,
)
def no_timestamps(facts: Facts) -> Iterator[Verdict]:
    seen: set[str] = set()
    for stored in stored_models(facts):
        table_ = stored.table
        timed = any(c.type.lower().startswith(_TIMES) for c in table_.columns)
        if timed or stored.model.timestamps or table_.name in seen:
            continue  # a model that keeps timestamps without the columns is MOD011
        seen.add(table_.name)
        yield Finding(
            "MOD021",
            "info",
            "model",
            f"{code(table_.name)} does not say when its rows were made.",
            table=table_.name,
            model=stored.model.name,
            expected="created_at and updated_at",
            found="no column with a time",
            locations=places(table_.at, stored.model.at),
            recommendation="Add `$table->timestamps();` in a migration and let the model keep them.",
        )
