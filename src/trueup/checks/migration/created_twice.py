"""MIG003: a table that two migrations make, the second behind a guard that hides it."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.migrations import Guard

_FIRST = "Schema::create('rollups', fn (Blueprint $table) => [$table->id(), $table->date('day')]);"
_AGAIN = """
    if (! Schema::hasTable('rollups')) {
        Schema::create('rollups', fn (Blueprint $table) => [$table->id(), $table->date('day'), $table->integer('tokens')]);
    }
"""

EXAMPLES = (
    failing(
        "The second definition never takes effect",
        given(migrations={"2024_01_01_000000_rollups": _FIRST, "2024_02_01_000000_rollups_again": _AGAIN}),
        Expected(
            "warning",
            "`2024_02_01_000000_rollups_again` makes `rollups` only if it is missing, and it never is.",
            table="rollups",
        ),
    ),
    clean(
        "The other branch makes another table",
        given(
            migrations={
                "2024_01_01_000000_rollups": _FIRST,
                "2024_02_01_000000_rename": """
                    if (Schema::hasTable('rollups')) {
                        Schema::rename('rollups', 'daily_rollups');
                    } else {
                        Schema::create('daily_rollups', fn (Blueprint $table) => $table->id());
                    }
                """,
            }
        ),
    ),
    clean("A guard that is passed", given(migrations={"2024_02_01_000000_rollups": _AGAIN})),
)


@check(
    code="MIG003",
    title="A guard hides a second definition",
    severity="warning",
    category="migration",
    why="""Two migrations define one table. On a fresh database the first wins and the second does nothing, without a word: the
        columns that only the second has are not there. Databases that were made otherwise have another table. Without the guard
        the migration would fail (MIG001).""",
    fix="Change the existing table in the second migration with `Schema::table()`, column by column.",
    examples=EXAMPLES,
)
def created_twice(facts: Facts) -> Iterator[Verdict]:
    for migration in facts.migrations if not facts.project.stubs_guessed else ():
        for guard in migration.guards:
            if guard.skipped_create is not None and guard.answer:
                yield _finding(facts, migration, guard)


def _finding(facts: Facts, migration: MigrationFile, guard: Guard) -> Finding:
    table = facts.schema.table(guard.table)
    return Finding(
        "MIG003",
        "warning",
        "migration",
        f"{code(migration.name)} makes {code(guard.table)} only if it is missing, and it never is.",
        table=guard.table,
        expected="one definition",
        found="a second definition that is skipped",
        locations=places(guard.skipped_create, guard.at, table.at if table else None),
        recommendation=f"Compare the two definitions of {code(guard.table)} and add what only the second has with "
        f"`Schema::table('{guard.table}', ...)`.",
        effort="S",
        key=migration.name,
    )
