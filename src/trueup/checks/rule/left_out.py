"""RUL007: a field that rules let be left out, for a column that an INSERT must name."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import SAVING_WAYS
from trueup.checks.query._uses import required_columns
from trueup.checks.registry import check
from trueup.checks.rule._fields import Field, by_table, fields, names_of, places_of, request
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->string('slug', 60)->unique();\n$table->string('note')%s;", name="projects")
_RULES = "'slug' => 'required|max:60|unique:projects,slug',\n'note' => '%sstring|max:255',"
_DEFAULT = model("protected $attributes = ['note' => ''];", name="Project")

EXAMPLES = (
    failing(
        "The field may be missing, the value may not",
        given(migration=_MIGRATION % "", files=request(_RULES % "")),
        Expected(
            "info",
            "Rules let `note` of `projects` be left out, but an INSERT must name the column.",
            table="projects",
        ),
    ),
    clean("It is required", given(migration=_MIGRATION % "", files=request(_RULES % "required|"))),
    clean(
        "The column has a default", given(migration=_MIGRATION % "->default('')", files=request(_RULES % ""))
    ),
    clean("The model has one", given(migration=_MIGRATION % "", files=request(_RULES % "") | _DEFAULT)),
)


@check(
    code="RUL007",
    title="A field that may be left out, for a column that must be filled",
    severity="info",
    category="column",
    why="""Input without the field passes, and the INSERT is refused, unless the code puts a value in its place. Rules for an
        update rightly require less than those for a new row.""",
    fix="Require the field, or give the column a default.",
    examples=EXAMPLES,
    off=True,
)
def left_out(facts: Facts) -> Iterator[Verdict]:
    every = list(fields(facts))
    asked = {(f.table.name, f.column.name) for f in every if _is_asked_for(f)}
    found = (f for f in every if (f.table.name, f.column.name) not in asked and _must_be_filled(facts, f))
    for table_, several in by_table(found):
        yield Finding(
            "RUL007",
            "info",
            "column",
            f"Rules let {names_of(several)} of {code(table_.name)} be left out, but an INSERT must name the "
            f"{'columns' if len(several) > 1 else 'column'}.",
            table=table_.name,
            expected="required fields, or columns with a default",
            found="NOT NULL without default",
            locations=places_of(several),
            recommendation="Require the fields, or give the columns a default.",
        )


def _is_asked_for(field: Field) -> bool:
    """Whether a rule asks for it, under some condition at least, or can't be told."""
    heads = {rule.partition(":")[0].strip().lower() for rule in field.written.rules}
    return not field.written.whole or any(
        h.startswith(("required", "present", "accepted", "declined", "sometimes", "exclude", "prohibited"))
        for h in heads
    )


def _must_be_filled(facts: Facts, field: Field) -> bool:
    required = {c.name for c in required_columns(facts, field.table)}
    models = facts.eloquent.models_of(field.table.name)
    return field.column.name in required and not any(_fills(m, field.column.name) for m in models)


def _fills(model_: Model, column: str) -> bool:
    """Whether the model may give the value by itself: a default, a key of its own making, a hook, a mutator."""
    hooks = [h for h in model_.hooks if h.event in {"creating", "saving"}]
    return (
        any(d.name == column for d in (*model_.defaults, *model_.mutators))
        or column in model_.unique_ids
        or any(column in h.writes or not h.writes for h in hooks)
        or bool(model_.observers or model_.outside or SAVING_WAYS & set(model_.overrides))
    )
