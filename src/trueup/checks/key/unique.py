"""KEY002: uniqueness that is required and not kept."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, doubt_about_contents, paired_tables, unsure
from trueup.checks.wording import code, php_list, places
from trueup.compare.indexes import covers, serving
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.spec import RequiredIndex

_SQL = "CREATE TABLE budgets (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, user_id BIGINT UNSIGNED NOT NULL UNIQUE);"

EXAMPLES = (
    failing(
        "A plain index does not keep rows apart",
        given(
            sql=_SQL,
            migration="""
                Schema::create('budgets', function (Blueprint $table) {
                    $table->id();
                    $table->unsignedBigInteger('user_id')->index();
                });
            """,
        ),
        Expected(
            "error", "`budgets` lets two rows have the same (user_id).", table="budgets", index="user_id"
        ),
    ),
    clean(
        "Unique, under whatever name",
        given(
            sql=_SQL,
            migration="""
                Schema::create('budgets', function (Blueprint $table) {
                    $table->id();
                    $table->unsignedBigInteger('user_id');
                    $table->unique('user_id', 'one_budget_each');
                });
            """,
        ),
    ),
)


@check(
    code="KEY002",
    title="Required uniqueness is not kept",
    severity="error",
    category="key",
    why="""Duplicates come in as soon as two requests run at the same time; whatever reads one row then reads any of them. A
        check in the code cannot prevent it.""",
    fix="`$table->unique([...])`, after looking for duplicates that are there already.",
    examples=EXAMPLES,
)
def required_unique(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        for required in table.required.indexes:
            if not required.unique or required.primary:
                continue
            columns = table.here(required.columns)
            present = all(table.existing.column(c) is not None for c in columns)
            if not present or serving(required, columns, table.existing) is not None:
                continue  # uniqueness over a missing column is the missing column's finding
            doubt = doubt_about_contents(facts, table.existing)
            subject = f"{table.shown} unique ({', '.join(columns)})"
            yield (
                unsure("KEY002", subject, doubt, table.name) if doubt else _finding(table, required, columns)
            )


def _finding(table: PairedTable, required: RequiredIndex, columns: tuple[str, ...]) -> Finding:
    plain = next((i for i in table.existing.indexes if covers(i, columns)), None)
    statement = code(f"$table->unique({php_list(columns)});")
    instead = (
        f" in place of the index {code(plain.name)}"
        if plain and not plain.implied and plain.columns == columns
        else ""
    )
    return Finding(
        "KEY002",
        "error",
        "key",
        f"{code(table.shown)} lets two rows have the same ({', '.join(columns)}).",
        table=table.name,
        index=", ".join(required.columns),
        expected=f"UNIQUE ({', '.join(required.columns)})"
        + (f" WHERE {required.where}" if required.where else ""),
        found=f"index {plain.name}, not unique" if plain else f"no index over these columns{table.why_not}",
        locations=places(required.at, plain.at if plain else None, table.existing.at),
        recommendation=f"Look for duplicates, then add {statement} to {code(table.shown)}{instead}.",
        effort="S",
    )
