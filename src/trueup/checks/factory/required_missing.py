"""FAC003: a factory leaves out columns that must be filled."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.factory._made import Made, factories, factory
from trueup.checks.model._examples import table
from trueup.checks.model._stored import SAVING_WAYS
from trueup.checks.query._uses import required_columns
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.schema import Column

_MIGRATION = table("$table->decimal('cost', 12, 6);\n$table->char('currency', 3);")

EXAMPLES = (
    failing(
        "The currency is not filled",
        given(migration=_MIGRATION, files=factory("'cost' => 1,")),
        Expected(
            "warning",
            "`CostRecordFactory` leaves out `currency`, which `cost_records` needs.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "All that is needed", given(migration=_MIGRATION, files=factory("'cost' => 1,\n'currency' => 'USD',"))
    ),
    clean(
        "The model has a default of its own",
        given(
            migration=_MIGRATION,
            files=factory("'cost' => 1,", "protected $attributes = ['currency' => 'USD'];"),
        ),
    ),
)


@check(
    code="FAC003",
    title="A factory leaves out a column that must be filled",
    severity="warning",
    category="factory",
    why="`create()` fails unless each test fills the column by itself.",
    fix="Fill the column in `definition()`.",
    examples=EXAMPLES,
)
def required_missing(facts: Facts) -> Iterator[Verdict]:
    lax = facts.config.strict is False and facts.schema.driver in {"mysql", "mariadb"}
    for made in factories(facts):
        lacking = (
            [] if lax else [c for c in required_columns(facts, made.stored.table) if not _is_filled(made, c)]
        )
        if lacking and (not made.factory.complete or _may_be_filled(made)):
            reason = f"code that was not followed may fill {', '.join(c.name for c in lacking)}"
            yield CannotTell("FAC003", made.name, reason, made.factory.at, made.stored.table.name)
        elif lacking:
            yield _finding(made, lacking)


def _is_filled(made: Made, column: Column) -> bool:
    """By the factory, by the model, or by the test through `for()`: keys of other rows are not asked for."""
    model, name = made.stored.model, column.name.lower()
    written = {a.name.lower() for a in (*made.factory.columns, *made.factory.state_columns, *model.defaults)}
    written |= {u.lower() for u in model.unique_ids} | {w.lower() for h in model.hooks for w in h.writes}
    stamps = (
        {(model.created_at or "").lower(), (model.updated_at or "").lower()} if model.timestamps else set()
    )
    keys = {(r.foreign_key or "").lower() for r in model.relations if r.kind == "belongsTo"}
    keys |= {
        (c or "").lower() for r in model.relations for c in (r.morph_type, r.morph_id) if r.kind == "morphTo"
    }
    keys |= {c.lower() for k in made.stored.table.foreign_keys for c in k.columns}
    return name in written | stamps | keys


def _may_be_filled(made: Made) -> bool:
    """Hooks and mutators whose writing was not told."""
    model = made.stored.model
    hooked = any(h.event in {"creating", "saving"} and not h.writes for h in model.hooks)
    own = bool(SAVING_WAYS & set(model.overrides))
    return hooked or own or bool(model.observers) or bool(model.mutators) or bool(model.outside)


def _finding(made: Made, lacking: list[Column]) -> Finding:
    names = listed(c.name for c in lacking)
    table_ = made.stored.table
    return Finding(
        "FAC003",
        "warning",
        "factory",
        f"{code(made.name)} leaves out {names}, which {code(table_.name)} needs.",
        table=table_.name,
        model=made.stored.model.name,
        expected=", ".join(c.name for c in lacking),
        found=", ".join(a.name for a in made.factory.columns) or "nothing",
        locations=(made.factory.at, *(c.at for c in lacking if c.at.file)),
        recommendation=f"Fill {names} in `definition()`.",
    )
