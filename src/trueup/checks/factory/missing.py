"""FAC004: `factory()` of a model that has none."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.factory._made import factory
from trueup.checks.model._examples import model, table
from trueup.checks.query._uses import by_place
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_USES = ("Illuminate\\Database\\Eloquent\\Factories\\HasFactory",)
_TEST = """
    <?php

    namespace Tests\\Feature;

    use App\\Models\\CostRecord;
    use Tests\\TestCase;

    class CostTest extends TestCase
    {
        public function test_costs(): void
        {
            CostRecord::factory()->create();
        }
    }
"""
_FILES = {"tests/Feature/CostTest.php": _TEST}

EXAMPLES = (
    failing(
        "The trait alone",
        given(migration=table(), files={**model("use HasFactory;", uses=_USES), **_FILES}),
        Expected(
            "warning",
            "`CostRecord::factory()` is called, but `CostRecord` has no factory.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean("A factory", given(migration=table(), files={**factory("'id' => 1,"), **_FILES})),
)


@check(
    code="FAC004",
    title="A factory that is called and does not exist",
    severity="warning",
    category="factory",
    why="`factory()` looks for the class by the model's name and fails where there is none, and with it the test or the seeder.",
    fix="`php artisan make:factory`, filling every column that has no default.",
    examples=EXAMPLES,
)
def factory_missing(facts: Facts) -> Iterator[Verdict]:
    """Not where a package's trait, a parent or `newFactory()` may bring one, or where some factory's model can't be told."""
    if any(f.model is None for f in facts.eloquent.factories):
        return
    made = {f.model for f in facts.eloquent.factories}
    names = {f.name for f in facts.eloquent.factories}
    called: dict[str, list[Location]] = {}
    for site in facts.queries.sites:
        if site.via == "factory" and site.area != "factory" and site.terminal != "definition":
            called.setdefault(site.model, []).append(site.at)
    for model_ in facts.eloquent.models:
        inherits = any(parent in made for parent in model_.parents)
        unsure = model_.outside or inherits or (model_.factory and model_.factory in names)
        if model_.name not in called or model_.name in made or unsure or "newfactory" in model_.overrides:
            continue
        yield Finding(
            "FAC004",
            "warning",
            "factory",
            f"{code(f'{model_.short}::factory()')} is called, but {code(model_.short)} has no factory.",
            table=model_.table or "",
            model=model_.name,
            expected=f"a factory of {model_.short}",
            found=f"none, and {counted(len(called[model_.name]), 'call')}",
            locations=places(*by_place(called[model_.name])[:5], model_.at),
            recommendation=f"Make it with `php artisan make:factory {model_.short}Factory`.",
        )
