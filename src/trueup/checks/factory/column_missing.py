"""FAC001: a factory fills columns that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.factory._made import Made, factories, factory
from trueup.checks.model._examples import table
from trueup.checks.model._stored import doubt, is_virtual, lines_of, named
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Attribute
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity

_MIGRATION = table("$table->decimal('cost', 12, 6);")

EXAMPLES = (
    failing(
        "The column was renamed",
        given(migration=_MIGRATION, files=factory("'total_cost' => 1,")),
        Expected(
            "error",
            "`CostRecordFactory` fills `total_cost`, which `cost_records` does not have.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean("The column exists", given(migration=_MIGRATION, files=factory("'cost' => 1,"))),
    clean(
        "A mutator takes the name",
        given(
            migration=_MIGRATION,
            files=factory(
                "'cents' => 100,",
                "public function setCentsAttribute(int $value): void\n{\n    $this->attributes['cost'] = $value / 100;\n}",
            ),
        ),
    ),
)


@check(
    code="FAC001",
    title="A factory fills a column that does not exist",
    severity="error",
    category="factory",
    why="Factories are not held back by `$fillable`: every `create()` fails with an unknown column.",
    fix="Name the column that exists.",
    examples=EXAMPLES,
)
def column_missing(facts: Facts) -> Iterator[Verdict]:
    for made in factories(facts):
        always = tuple(a for a in made.factory.columns if _is_missing(made, a))
        sometimes = tuple(
            a
            for a in made.factory.state_columns
            if _is_missing(made, a) and a.name not in {x.name for x in always}
        )
        if always or sometimes:
            yield doubt("FAC001", facts, made.stored) or _finding(made, always, sometimes)


def _is_missing(made: Made, attribute: Attribute) -> bool:
    """A hook may take the name away before it is saved; relations take models under their own name."""
    name = attribute.name.split("->", 1)[0]
    hooked = any(h.event in {"creating", "saving"} for h in made.stored.model.hooks)
    cast = any(c.attribute == name and "\\" in c.cast for c in made.stored.model.casts)
    return not (made.stored.has(name) or hooked or cast or is_virtual(made.stored.model, name))


def _finding(made: Made, always: tuple[Attribute, ...], sometimes: tuple[Attribute, ...]) -> Finding:
    severity: Severity = "error" if always else "warning"
    names, table_ = (*always, *sometimes), made.stored.table
    where = "" if always else " in a state"
    return Finding(
        "FAC001",
        severity,
        "factory",
        f"{code(made.name)} fills {named(names)}{where}, which {code(table_.name)} does not have.",
        table=table_.name,
        model=made.stored.model.name,
        expected=f"columns of {table_.name}",
        found=", ".join(a.name for a in names),
        locations=(*lines_of(names), table_.at),
        recommendation=f"Name the columns that are meant, or take {named(names)} out.",
    )
