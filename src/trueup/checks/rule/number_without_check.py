"""RUL009: rules limit a number, and no CHECK does."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.rule._fields import Field, by_table, fields, names_of, places_of, request
from trueup.checks.wording import code
from trueup.compare.domains import Exact, Integer, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->string('slug', 60)->unique();\n$table->%s('percent');", name="projects")
_RULES = "'slug' => 'required|max:60|unique:projects,slug',\n'percent' => 'required|integer|%s',"
_CHECK = (
    "\nDB::statement('ALTER TABLE projects ADD CONSTRAINT percent_range CHECK (percent BETWEEN 0 AND 100)');"
)

EXAMPLES = (
    failing(
        "Up to a hundred, in the form alone",
        given(migration=_MIGRATION % "integer", files=request(_RULES % "between:0,100")),
        Expected("info", "Rules limit `percent` of `projects`, but no CHECK does.", table="projects"),
    ),
    clean(
        "In the table too",
        given(migration=_MIGRATION % "integer" + _CHECK, files=request(_RULES % "between:0,100")),
    ),
    clean(
        "The type sees to it",
        given(migration=_MIGRATION % "unsignedInteger", files=request(_RULES % "min:0")),
    ),
)
_UPPER = ("max", "between", "lt", "lte", "digits", "digits_between", "size")
_LOWER = ("min", "gt", "gte")


@check(
    code="RUL009",
    title="A number that rules limit and no CHECK does",
    severity="info",
    category="column",
    why="What does not come by the form (a command, an import, another form) may write any number that the type holds.",
    fix="Add a CHECK (MySQL 8.0.16 and later, MariaDB, PostgreSQL), or leave it to the form by intent.",
    examples=EXAMPLES,
    off=True,
)
def number_without_check(facts: Facts) -> Iterator[Verdict]:
    for table_, several in by_table(f for f in fields(facts) if _is_unchecked(facts, f)):
        yield Finding(
            "RUL009",
            "info",
            "column",
            f"Rules limit {names_of(several)} of {code(table_.name)}, but no CHECK does.",
            table=table_.name,
            expected="a CHECK",
            found="none",
            locations=places_of(several),
            recommendation="Add a CHECK with the limits of the rules in a migration.",
        )


def _is_unchecked(facts: Facts, field: Field) -> bool:
    domain = domain_of(field.column.type, facts.schema.driver)
    if not isinstance(domain, Integer | Exact) or not field.has("integer", "numeric", "decimal"):
        return False
    if any(field.column.name.lower() in {c.lower() for c in one.columns} for one in field.table.checks):
        return False
    unsigned = isinstance(domain, Integer) and domain.low == 0
    return field.has(*_UPPER) or (
        field.has(*_LOWER) and not (unsigned and field.values("min") in {("0",), None})
    )
