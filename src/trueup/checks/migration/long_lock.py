"""MIG011: changes that lock a large table for long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.migration._history import on_existing_tables
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, places
from trueup.compare.types import judge_type
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.migrations import Change
from trueup.model.names import Driver

_GOODS = "Schema::create('goods', fn (Blueprint $table) => [$table->id(), $table->integer('stock')]);"

EXAMPLES = (
    failing(
        "A larger number rewrites every row",
        given(
            migrations={
                "2024_01_01_000000_goods": _GOODS,
                "2024_02_01_000000_stock": "Schema::table('goods', fn (Blueprint $t) => $t->bigInteger('stock')->change());",
            },
            driver="pgsql",
        ),
        Expected(
            "info",
            "`2024_02_01_000000_stock` locks `goods` while it changes the type of stock.",
            table="goods",
            column="stock",
        ),
    ),
    clean(
        "A new column with a default is added at once",
        given(
            migrations={
                "2024_01_01_000000_goods": _GOODS,
                "2024_02_01_000000_kind": "Schema::table('goods', fn (Blueprint $t) => $t->string('kind')->default('book'));",
            },
            driver="pgsql",
        ),
    ),
)


@check(
    code="MIG011",
    title="A migration locks a table for long",
    severity="info",
    category="migration",
    why="""On a large table writes wait until the server is through. PostgreSQL blocks writes while it builds an index without
        CONCURRENTLY, and reads too while it rewrites the rows for another type; MySQL copies the table for another type.""",
    fix="""PostgreSQL: `->online()` (or CREATE INDEX CONCURRENTLY) with `$withinTransaction = false`; for types a new column, filled
        in batches. MySQL: an online schema change tool, or a time when nobody writes.""",
    examples=EXAMPLES,
)
def long_lock(facts: Facts) -> Iterator[Verdict]:
    driver = facts.schema.driver
    locking = [(m, c) for m, c in on_existing_tables(facts, "add index", "change column") if _deed(c, driver)]
    for (migration, table), group in groupby(locking, key=lambda found: (found[0], found[1].table)):
        yield _finding(migration, table, [c for _, c in group], driver)


def _finding(migration: MigrationFile, table: str, changes: list[Change], driver: Driver) -> Finding:
    deeds = list(dict.fromkeys(_deed(c, driver) for c in changes))
    alone = changes[0] if len(changes) == 1 else None
    return Finding(
        "MIG011",
        "info",
        "migration",
        f"{code(migration.name)} locks {code(table)} while it {deeds[0]}"
        + (f", and {counted(len(deeds) - 1, 'more time')}." if len(deeds) > 1 else "."),
        table=table,
        column=alone.subject if alone and alone.kind == "change column" else "",
        index=alone.subject if alone and alone.kind == "add index" else "",
        expected="no long lock on a large table",
        found="; ".join(deeds),
        locations=places(*(c.at for c in changes)),
        recommendation="Run it when nobody writes, or in the steps that `trueup explain MIG011` names.",
        effort="S",
        key=migration.name,
    )


def _deed(change: Change, driver: Driver) -> str:
    """What the server does under the lock, empty where it needs none for long."""
    if change.kind == "add index":
        index = change.index
        if driver != "pgsql" or change.concurrently or index is None or index.primary:
            return ""
        return f"builds the index {index.name}"
    if (
        driver == "sqlite"
        or change.before is None
        or change.after is None
        or change.before.type == change.after.type
    ):
        return ""
    if change.before.values and change.after.values[: len(change.before.values)] == change.before.values:
        return ""  # values added at the end of an ENUM (MySQL manual, "Online DDL Operations": INSTANT)
    verdict = judge_type(change.before.type, change.after.type, driver, driver)
    texts = all("char" in c.type or "text" in c.type for c in (change.before, change.after))
    if verdict.kind == "unknown" or (verdict.holds and texts):
        return ""  # longer texts need no rewrite
    return f"changes the type of {change.subject}"
