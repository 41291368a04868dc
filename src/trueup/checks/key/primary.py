"""KEY001: a primary key that is missing or made of other columns."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, doubt_about_contents, paired_tables, unsure
from trueup.checks.wording import code, php_list, places
from trueup.compare.indexes import keeps_unique, lowered
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.spec import RequiredIndex

_SQL = "CREATE TABLE members (project_id BIGINT UNSIGNED, user_id BIGINT UNSIGNED, PRIMARY KEY (project_id, user_id));"

EXAMPLES = (
    failing(
        "A member can be entered twice",
        given(
            sql=_SQL,
            migration="""
                Schema::create('members', function (Blueprint $table) {
                    $table->id();
                    $table->unsignedBigInteger('project_id');
                    $table->unsignedBigInteger('user_id');
                });
            """,
        ),
        Expected(
            "error", "The primary key of `members` is (id) instead of (project_id, user_id).", table="members"
        ),
    ),
    clean(
        "The composite key",
        given(
            sql=_SQL,
            migration="""
                Schema::create('members', function (Blueprint $table) {
                    $table->unsignedBigInteger('project_id');
                    $table->unsignedBigInteger('user_id');
                    $table->primary(['project_id', 'user_id']);
                });
            """,
        ),
    ),
)


@check(
    code="KEY001",
    title="The primary key is missing or different",
    severity="error",
    category="key",
    why="""Rows that the specification holds to be one can be stored twice, and references to the required key have nothing to refer
        to. Where another unique index does the same, it is a warning.""",
    fix="`$table->primary([...])`, after duplicate rows have been merged.",
    examples=EXAMPLES,
)
def primary_key(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        required = table.required.primary_key
        if required is None or any(table.existing.column(c) is None for c in table.here(required.columns)):
            continue  # a key over a missing column is the missing column's finding
        found = table.existing.primary_key
        wanted = lowered(table.here(required.columns))
        if found is not None and sorted(lowered(found.columns)) == sorted(wanted):
            continue
        doubt = doubt_about_contents(facts, table.existing) if found is None else None
        yield (
            unsure("KEY001", f"{table.shown} primary key", doubt, table.name)
            if doubt
            else _finding(table, required)
        )


def _finding(table: PairedTable, required: RequiredIndex) -> Finding:
    found = table.existing.primary_key
    columns = table.here(required.columns)
    message = f"{code(table.shown)} has no primary key; ({', '.join(columns)}) is required."
    if found is not None:
        message = f"The primary key of {code(table.shown)} is ({', '.join(found.columns)}) instead of ({', '.join(columns)})."
    unique = any(keeps_unique(i, columns) for i in table.existing.indexes)
    return Finding(
        "KEY001",
        "warning" if unique else "error",
        "key",
        message,
        table=table.name,
        expected=f"PRIMARY KEY ({', '.join(required.columns)})",
        found=f"PRIMARY KEY ({', '.join(found.columns)})" if found else f"no primary key{table.why_not}",
        locations=places(required.at, found.at if found else None, table.existing.at),
        recommendation=f"Make {code(f'$table->primary({php_list(columns)});')} its key"
        + (", or at least add a unique index over these columns." if found else "."),
        effort="M",
    )
