"""TBL001: a required table that no migration leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_table
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.pairing import TablePair

_SQL = "CREATE TABLE invoices (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, total DECIMAL(10,2) NOT NULL);"

EXAMPLES = (
    failing(
        "Nothing makes the table",
        given(sql=_SQL),
        Expected("error", "The required table `invoices` does not exist.", table="invoices"),
    ),
    clean(
        "A migration makes it",
        given(
            sql=_SQL,
            migration="Schema::create('invoices', fn (Blueprint $t) => [$t->id(), $t->decimal('total', 10, 2)]);",
        ),
    ),
    clean(
        "The framework makes its own table of migrations",
        given(sql="CREATE TABLE migrations (id INT PRIMARY KEY, migration VARCHAR(255), batch INT);"),
    ),
    unsure(
        "A table whose name cannot be read may be the one",
        given(
            sql=_SQL,
            migration="Schema::create(file_get_contents('name.txt'), fn (Blueprint $t) => $t->id());",
        ),
    ),
)


@check(
    code="TBL001",
    title="A required table is missing",
    severity="error",
    category="table",
    why="""Code that is written to the specification fails on its first query, and what the table should record is lost until it
        is made.""",
    fix="""Make the table in a new migration, with every required column, key and index, and with it the model, the factory and
        the tests.""",
    examples=EXAMPLES,
)
def missing_table(facts: Facts) -> Iterator[Verdict]:
    for pair in facts.comparison.pairs:
        if pair.existing is not None:
            continue
        doubt = doubt_about_table(facts, pair.required.name)
        if doubt is not None:
            yield cannot_tell("TBL001", pair.required.name, doubt, pair.required.name)
        else:
            yield _finding(facts, pair)


def _finding(facts: Facts, pair: TablePair) -> Finding:
    required = pair.required
    lost = next(
        (m for m in facts.migrations if required.name.lower() in (t.lower() for t in m.creates)), None
    )
    uses = sorted(u.at for u in facts.eloquent.uses if u.table.lower() == required.name.lower())
    columns = f" with {counted(len(required.columns), 'column')}" if required.columns else ""
    return Finding(
        "TBL001",
        "error",
        "table",
        f"The required table {code(required.name)} does not exist{_because(lost)}.",
        table=required.name,
        expected=f"table {required.name}{columns}",
        found=_found(pair) + (f"; the code names it in {counted(len(uses), 'place')}" if uses else ""),
        locations=places(required.at, lost.class_at if lost else None, *uses),
        recommendation=_advice(pair, lost),
        effort="S" if lost else "M",
    )


def _because(lost: MigrationFile | None) -> str:
    return f": {code(lost.name)} makes it, but does not leave it behind" if lost else ""


def _found(pair: TablePair) -> str:
    if not pair.candidates:
        return "no such table, and none that is like it"
    nearest = pair.candidates[0]
    return f"no such table; nearest is {nearest.table} ({nearest.score:.2f}: {', '.join(nearest.reasons)})"


def _advice(pair: TablePair, lost: MigrationFile | None) -> str:
    if lost is not None:
        return f"See why {code(lost.path)} fails or who drops the table, and mend that migration."
    name = pair.required.name
    return (
        f"Make it with `php artisan make:migration create_{name}_table`, with all columns, keys and indexes of "
        f"{pair.required.at}, then its model, factory and tests."
    )
