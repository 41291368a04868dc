"""RUL004: a `nullable` rule for a column that is NOT NULL."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.rule._fields import Field, fields, request
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->string('slug', 60)->unique();\n$table->string('note')%s;", name="projects")
_RULES = "'slug' => 'required|max:60|unique:projects,slug',\n'note' => 'nullable|string|max:255',"

EXAMPLES = (
    failing(
        "An empty field arrives as null",
        given(migration=_MIGRATION % "->default('')", files=request(_RULES)),
        Expected(
            "info", "Rules let `note` of `projects` be null, but the column is NOT NULL.", table="projects"
        ),
    ),
    clean("The column takes it", given(migration=_MIGRATION % "->nullable()", files=request(_RULES))),
)


@check(
    code="RUL004",
    title="A nullable field for a column that is NOT NULL",
    severity="info",
    category="column",
    why="""The framework turns empty input into null, and an explicit NULL does not take the column's default: the INSERT is
        refused, unless the code puts something else in its place.""",
    fix="Make the column nullable, or replace null before it is written.",
    examples=EXAMPLES,
)
def nullable_rule(facts: Facts) -> Iterator[Verdict]:
    found: dict[str, dict[str, Field]] = {}
    for field in fields(facts):
        column = field.column
        handled = any(
            m.name == column.name
            for model in facts.eloquent.models_of(field.table.name)
            for m in model.mutators
        )
        if field.has("nullable") and not (column.nullable or column.counts or column.generated or handled):
            found.setdefault(field.table.name, {}).setdefault(column.name, field)
    for name in sorted(found):
        yield _finding(name, found[name])


def _finding(name: str, columns: dict[str, Field]) -> Finding:
    many = len(columns) > 1
    return Finding(
        "RUL004",
        "info",
        "column",
        f"Rules let {listed(columns)} of {code(name)} be null, but the column{'s are' if many else ' is'} NOT NULL.",
        table=name,
        expected="nullable columns, or no null",
        found="NOT NULL",
        locations=places(*(f.written.at for f in columns.values()), *(f.column.at for f in columns.values())),
        recommendation="Make the columns nullable in a migration, or see that null never reaches them.",
    )
