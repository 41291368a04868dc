"""KEY004: a required foreign key that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, doubt_about_contents, paired_tables, unsure
from trueup.checks.wording import code, php_list, places
from trueup.compare.indexes import matching_key
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.spec import RequiredForeignKey

_SQL = """
    CREATE TABLE users (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);
    CREATE TABLE orders (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        user_id BIGINT UNSIGNED NOT NULL,
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    );
"""
_USERS = "Schema::create('users', fn (Blueprint $table) => $table->id());\n"

EXAMPLES = (
    failing(
        "foreignId() alone makes a column and no key",
        given(
            sql=_SQL,
            migration=_USERS
            + "Schema::create('orders', fn (Blueprint $t) => [$t->id(), $t->foreignId('user_id')]);",
        ),
        Expected(
            "warning",
            "`orders` (user_id) does not refer to `users` (id) by a foreign key.",
            table="orders",
            column="user_id",
        ),
    ),
    clean(
        "constrained() makes the key",
        given(
            sql=_SQL,
            migration=_USERS
            + """Schema::create('orders', function (Blueprint $table) {
                    $table->id();
                    $table->foreignId('user_id')->constrained()->cascadeOnDelete();
                });
            """,
        ),
    ),
)


@check(
    code="KEY004",
    title="A required foreign key is missing",
    severity="warning",
    category="key",
    why="""Rows that refer to nothing come in, and deleting the row that they refer to leaves them behind: whatever joins the two
        loses them in silence.""",
    fix="`$table->foreign(...)->references(...)->on(...)`, after rows that refer to nothing have been mended.",
    examples=EXAMPLES,
)
def missing_foreign_key(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        for required in table.required.foreign_keys:
            columns = table.here(required.columns)
            present = all(table.existing.column(c) is not None for c in columns)
            if not present or matching_key(required, columns, table.existing) is not None:
                continue  # a key on a missing column is the missing column's finding
            doubt = doubt_about_contents(facts, table.existing)
            subject = f"{table.shown} foreign key ({', '.join(columns)})"
            yield (
                unsure("KEY004", subject, doubt, table.name)
                if doubt
                else _finding(facts, table, required, columns)
            )


def _finding(
    facts: Facts, table: PairedTable, required: RequiredForeignKey, columns: tuple[str, ...]
) -> Finding:
    target = _target(facts, required.foreign_table)
    there = facts.schema.table(target) is not None
    referred = ", ".join(required.foreign_columns) or "id"
    action = f"->onDelete('{required.on_delete.lower()}')" if required.on_delete else ""
    parts = required.foreign_columns or ("id",)
    statement = (
        f"$table->foreign({php_list(columns)})->references({php_list(parts)})->on('{target}'){action};"
    )
    return Finding(
        "KEY004",
        "warning",
        "key",
        f"{code(table.shown)} ({', '.join(columns)}) does not refer to {code(target)} ({referred}) by a foreign key.",
        table=table.name,
        column=", ".join(required.columns),
        expected=f"FOREIGN KEY ({', '.join(required.columns)}) REFERENCES {required.foreign_table} ({referred})"
        + (f" ON DELETE {required.on_delete.upper()}" if required.on_delete else ""),
        found=f"no foreign key on these columns{table.why_not}"
        + ("" if there else f", and no table {target}"),
        locations=places(required.at, table.existing.at),
        recommendation=f"Mend rows that refer to nothing, then add {code(statement)}"
        + ("." if there else f", once {target} exists."),
        effort="S",
    )


def _target(facts: Facts, required: str) -> str:
    """The referenced table under its existing name."""
    pair = facts.comparison.pair(required)
    return pair.existing.name if pair is not None and pair.existing is not None else required
