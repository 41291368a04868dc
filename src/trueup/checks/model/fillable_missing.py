"""MOD005: `$fillable` lets through names that are no columns."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, doubt, is_virtual, lines_of, named, once, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Attribute
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->decimal('cost', 12, 6);")

EXAMPLES = (
    failing(
        "A column that was renamed",
        given(migration=_MIGRATION, files=model("protected $fillable = ['cost', 'total_cost'];")),
        Expected(
            "warning",
            "`$fillable` of `CostRecord` names `total_cost`, which `cost_records` does not have.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "A mutator turns the name into a column",
        given(
            migration=_MIGRATION,
            files=model("""
                protected $fillable = ['cost', 'cents'];

                public function setCentsAttribute(int $value): void
                {
                    $this->attributes['cost'] = $value / 100;
                }
            """),
        ),
    ),
)


@check(
    code="MOD005",
    title="`$fillable` names columns that do not exist",
    severity="warning",
    category="model",
    why="Mass assignment lets the key through, and the INSERT or UPDATE with it fails: unknown column.",
    fix="Take the name out, or add the column in a migration.",
    examples=EXAMPLES,
)
def fillable_missing(facts: Facts) -> Iterator[Verdict]:
    found = ((s, _missing(s)) for s in stored_models(facts))
    for stored, names in once(found):
        yield doubt("MOD005", facts, stored) or _finding(stored, names)


def _missing(stored: Stored) -> tuple[Attribute, ...]:
    return tuple(
        a
        for a in stored.model.fillable
        if a.name != "*"
        and "->" not in a.name
        and not stored.has(a.name.rsplit(".", 1)[-1])
        and not is_virtual(stored.model, a.name)
    )


def _finding(stored: Stored, names: tuple[Attribute, ...]) -> Finding:
    model_, table_ = stored.model, stored.table
    return Finding(
        "MOD005",
        "warning",
        "model",
        f"`$fillable` of {code(model_.short)} names {named(names)}, which {code(table_.name)} does not have.",
        table=table_.name,
        model=model_.name,
        expected=f"columns of {table_.name}",
        found=", ".join(a.name for a in names),
        locations=(*lines_of(names), table_.at),
        recommendation=f"Take {named(names)} out of `$fillable`, or add what is missing in a migration.",
    )
