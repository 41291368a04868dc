"""RUL006: a field that rules require, for a column that may be NULL."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.rule._fields import Field, by_table, fields, names_of, places_of, request
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->string('slug', 60)->unique();\n$table->string('note')%s;", name="projects")
_RULES = "'slug' => 'required|max:60|unique:projects,slug',\n'note' => '%s|string|max:255',"

EXAMPLES = (
    failing(
        "The form wants it, the table does not",
        given(migration=_MIGRATION % "->nullable()", files=request(_RULES % "required")),
        Expected("info", "Rules require `note` of `projects`, but the column may be NULL.", table="projects"),
    ),
    clean("Both want it", given(migration=_MIGRATION % "", files=request(_RULES % "required"))),
    clean("Neither does", given(migration=_MIGRATION % "->nullable()", files=request(_RULES % "nullable"))),
)


@check(
    code="RUL006",
    title="A required field for a column that may be NULL",
    severity="info",
    category="column",
    why="""Rows that do not come by the form may lack the value, and the code that reads them expects it. Often it is meant: old
        rows, or other ways to write them, have no value.""",
    fix="Make the column NOT NULL, after filling the rows that have NULL, or leave it as it is by intent.",
    examples=EXAMPLES,
    off=True,
)
def required_nullable(facts: Facts) -> Iterator[Verdict]:
    for table_, several in by_table(f for f in fields(facts) if _is_looser(f)):
        yield Finding(
            "RUL006",
            "info",
            "column",
            f"Rules require {names_of(several)} of {code(table_.name)}, but the "
            f"{'columns' if len(several) > 1 else 'column'} may be NULL.",
            table=table_.name,
            expected="NOT NULL",
            found="nullable columns",
            locations=places_of(several),
            recommendation="Make the columns NOT NULL in a migration, after filling the rows that have NULL.",
        )


def _is_looser(field: Field) -> bool:
    return (
        field.column.nullable
        and field.has("required", "accepted")
        and not field.has("sometimes", "nullable", "exclude_if", "exclude_unless")
    )
