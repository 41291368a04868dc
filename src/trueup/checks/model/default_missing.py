"""MOD006: `$attributes` gives a default to a column that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import SAVING_WAYS, Stored, doubt, lines_of, named, once, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Attribute
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->string('currency', 3);")

EXAMPLES = (
    failing(
        "The column is called otherwise",
        given(migration=_MIGRATION, files=model("protected $attributes = ['currency_code' => 'USD'];")),
        Expected(
            "error",
            "`$attributes` of `CostRecord` sets `currency_code`, which `cost_records` does not have.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "The column exists",
        given(migration=_MIGRATION, files=model("protected $attributes = ['currency' => 'USD'];")),
    ),
)


@check(
    code="MOD006",
    title="`$attributes` sets columns that do not exist",
    severity="error",
    category="model",
    why="Eloquent writes these defaults with every new row: no row can be saved, for the column is unknown.",
    fix="Take the name out, or add the column in a migration.",
    examples=EXAMPLES,
)
def default_missing(facts: Facts) -> Iterator[Verdict]:
    found = ((s, _missing(s)) for s in stored_models(facts))
    for stored, names in once(found):
        yield doubt("MOD006", facts, stored) or _finding(stored, names)


def _missing(stored: Stored) -> tuple[Attribute, ...]:
    """Hooks may take an attribute away before it is written; a model with packages' code is left alone."""
    if (
        stored.model.outside
        or SAVING_WAYS & set(stored.model.overrides)
        or any(h.event in {"creating", "saving"} for h in stored.model.hooks)
    ):
        return ()
    return tuple(a for a in stored.model.defaults if not stored.has(a.name))


def _finding(stored: Stored, names: tuple[Attribute, ...]) -> Finding:
    model_, table_ = stored.model, stored.table
    return Finding(
        "MOD006",
        "error",
        "model",
        f"`$attributes` of {code(model_.short)} sets {named(names)}, which {code(table_.name)} does not have.",
        table=table_.name,
        model=model_.name,
        expected=f"columns of {table_.name}",
        found=", ".join(a.name for a in names),
        locations=(*lines_of(names), table_.at),
        recommendation=f"Take {named(names)} out of `$attributes`, or add what is missing in a migration.",
    )
