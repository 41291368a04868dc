"""RUL003: an `in` rule lets through values that the column does not take."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.model._stored import allowed_values
from trueup.checks.registry import check
from trueup.checks.rule._fields import Field, fields, request
from trueup.checks.wording import code, listed
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = table(
    "$table->string('slug', 60)->unique();\n$table->enum('period', ['daily', 'monthly']);", name="projects"
)
_RULES = """
    'slug' => 'required|max:60|unique:projects,slug',
    'period' => 'required|in:%s',
"""

EXAMPLES = (
    failing(
        "A period that can't be stored",
        given(migration=_MIGRATION, files=request(_RULES % "daily,weekly")),
        Expected(
            "warning",
            "The rules of `period` let through `weekly`, which `projects.period` does not take.",
            table="projects",
            column="period",
        ),
    ),
    clean("The column's own values", given(migration=_MIGRATION, files=request(_RULES % "daily,monthly"))),
)


@check(
    code="RUL003",
    title="An `in` rule lets through values that the column does not take",
    severity="warning",
    category="column",
    why="The input passes and the INSERT is refused (or stored as '' outside strict mode).",
    fix="Bring both lists together.",
    examples=EXAMPLES,
)
def in_rule(facts: Facts) -> Iterator[Verdict]:
    for field in fields(facts):
        allowed = {a.lower() for a in allowed_values(field.table, field.column)}
        outside = [v for v in field.values("in") or () if allowed and v and v.lower() not in allowed]
        if outside:
            yield _finding(field, outside)


def _finding(field: Field, outside: list[str]) -> Finding:
    column = f"{field.table.name}.{field.column.name}"
    return Finding(
        "RUL003",
        "warning",
        "column",
        f"The rules of {code(field.written.column)} let through {listed(outside)}, which {code(column)} does not take.",
        table=field.table.name,
        column=field.column.name,
        expected=", ".join(allowed_values(field.table, field.column)),
        found=", ".join(field.values("in") or ()),
        locations=(field.written.at, field.column.at),
        recommendation="Take the value out of the rule, or add it to the column in a migration.",
        key=",".join(outside),
    )
