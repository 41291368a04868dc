"""MOD004: a model whose table no migration makes."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import bare, is_extended, own_models
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_used_table, is_framework_table
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.findings import CannotTell, Finding, Verdict

EXAMPLES = (
    failing(
        "The class was renamed and the table was not; nothing uses it yet",
        given(migration=table(name="cost_entries"), files=model()),
        Expected(
            "warning",
            "The model `CostRecord` stands for the table `cost_records`, which no migration makes.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    failing(
        "Code queries through it",
        given(
            migration=table(name="cost_entries"),
            files={
                **model(),
                "app/Report.php": "<?php\n\nnamespace App;\n\nclass Report\n{\n    public function total(): int\n    {\n"
                "        return Models\\CostRecord::query()->count();\n    }\n}\n",
            },
        ),
        Expected(
            "error",
            "The model `CostRecord` stands for the table `cost_records`, which no migration makes.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "`$table` names it",
        given(migration=table(name="cost_entries"), files=model("protected $table = 'cost_entries';")),
    ),
    clean(
        "A mere base class of other models has no table of its own",
        given(
            migration=table(),
            files={
                **model(name="Base"),
                "app/Models/CostRecord.php": """
                    <?php

                    namespace App\\Models;

                    class CostRecord extends Base
                    {
                    }
                """,
            },
        ),
    ),
    unsure(
        "A table whose name cannot be read may be the one",
        given(
            migration="Schema::create(file_get_contents('name.txt'), fn (Blueprint $table) => $table->id());",
            files=model(),
        ),
    ),
)


@check(
    code="MOD004",
    title="A model's table does not exist",
    severity="error",
    category="model",
    why="""Every query through the model fails. The name that the framework makes of the class's (snake case, plural) is easily
        missed.""",
    fix="Name the table that exists in `$table`, make the missing one in a migration, or delete the class.",
    examples=EXAMPLES,
)
def model_without_table(facts: Facts) -> Iterator[Verdict]:
    views = {n.name.lower() for n in facts.schema.notes if n.kind == "view"}
    stopped = {f.migration for f in facts.schema.failures}
    made = {t.lower() for m in facts.migrations if m.name in stopped for t in m.creates}
    for model_ in own_models(facts):
        name = bare(model_.table).lower()
        if not name or facts.schema.table(name) is not None or name in views | made:
            continue
        if is_framework_table(name) or (is_extended(facts, model_) and not model_.table_explicit):
            continue
        gap = doubt_about_used_table(facts, name)
        if gap is not None:
            yield cannot_tell("MOD004", model_.name, gap, name)
        elif model_.outside and not model_.table_explicit:
            reason = f"{model_.outside[0]} may name another table"
            yield CannotTell("MOD004", model_.name, reason, model_.at, name)
        else:
            yield _finding(model_, name, _is_used(facts, model_))


def _is_used(facts: Facts, model_: Model) -> bool:
    """Whether product code queries the table through the model: without that it may be there for its constants or methods alone,
    or for queries that all name another table (`from()`)."""
    own = bare(model_.table).lower()
    return any(
        s.kind != "builder"
        and s.area not in {"test", "factory"}
        and model_.name in (s.model, *(r.how.removeprefix("model ") for r in s.tables))
        and any(bare(r.name).lower() == own for r in s.tables)
        for s in facts.queries.sites
    )


def _finding(model_: Model, name: str, used: bool) -> Finding:
    return Finding(
        "MOD004",
        "error" if used else "warning",
        "model",
        f"The model {code(model_.short)} stands for the table {code(name)}, which no migration makes.",
        table=name,
        model=model_.name,
        expected=f"a migration that makes {name}",
        found="no such table, and queries through the model"
        if used
        else "no such table, and no query through the model",
        locations=(model_.at,),
        recommendation=f"Make {code(name)} in a migration, or name the table that is meant in `$table`.",
        effort="M",
    )
