"""MIG010: uniqueness added to a table that may have duplicates."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.migration._history import on_existing_tables
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.migrations import Change

_GOODS = "Schema::create('goods', fn (Blueprint $table) => [$table->id(), $table->string('label')]);"
_UNIQUE = "Schema::table('goods', fn (Blueprint $table) => $table->unique('label'));"

EXAMPLES = (
    failing(
        "Two goods may have one label by then",
        given(migrations={"2024_01_01_000000_goods": _GOODS, "2024_02_01_000000_unique": _UNIQUE}),
        Expected(
            "info",
            "`2024_02_01_000000_unique` makes `goods` (label) unique, which fails if there are duplicates.",
            table="goods",
            index="goods_label_unique",
        ),
    ),
    clean(
        "The column is new and empty",
        given(
            migrations={
                "2024_01_01_000000_goods": _GOODS,
                "2024_02_01_000000_unique": "Schema::table('goods', fn (Blueprint $t) => $t->uuid('code')->nullable()->unique());",
            }
        ),
    ),
)


@check(
    code="MIG010",
    title="Uniqueness added to a table with rows",
    severity="info",
    category="migration",
    why="The migration works on an empty database and fails in production on the first pair of equal rows, half-way on MySQL.",
    fix="Look for duplicates before, and merge or number them in the same migration.",
    examples=EXAMPLES,
)
def unique_on_rows(facts: Facts) -> Iterator[Verdict]:
    for migration, change in on_existing_tables(facts, "add index"):
        index = change.index
        if index is None or not index.unique or index.primary or _is_safe(migration, change):
            continue
        yield Finding(
            "MIG010",
            "info",
            "migration",
            f"{code(migration.name)} makes {code(change.table)} ({', '.join(index.columns)}) unique, which fails if there are "
            "duplicates.",
            table=change.table,
            index=index.name,
            expected="a look for duplicates first",
            found="UNIQUE on a table that may have rows",
            locations=places(change.at),
            recommendation=f"Before it, look with `select {', '.join(index.columns)}, count(*) from {change.table} group by "
            f"{', '.join(index.columns)} having count(*) > 1`.",
            effort="S",
            key=migration.name,
        )


def _is_safe(migration: MigrationFile, change: Change) -> bool:
    """One of the columns is new and still NULL everywhere, data was written or duplicates were looked for before, or a narrower
    unique index went away."""
    columns = {c.lower() for c in change.index.columns} if change.index else set()
    earlier = migration.done[: migration.done.index(change)]
    for other in earlier:
        if other.kind == "write data" or (
            other.kind == "look for duplicates" and other.table == change.table
        ):
            return True
        if other.table != change.table:
            continue
        if (
            other.kind == "add column"
            and other.subject.lower() in columns
            and other.after
            and other.after.nullable
        ):
            return True
        dropped = other.index if other.kind == "drop index" else None
        if dropped is not None and dropped.unique and {c.lower() for c in dropped.columns} <= columns:
            return True
    return False
