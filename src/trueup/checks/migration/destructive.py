"""MIG008: up() drops a column or table that may hold data."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.migration._history import on_existing_tables, writes_before
from trueup.checks.registry import check
from trueup.checks.subjects import is_framework_table
from trueup.checks.wording import code, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.migrations import Change

_GOODS = "Schema::create('goods', fn (Blueprint $table) => [$table->id(), $table->string('kind', 20)]);"
_AGAIN = """
    Schema::table('goods', fn (Blueprint $table) => $table->dropColumn('kind'));
    Schema::table('goods', fn (Blueprint $table) => $table->string('kind', 40)->default('book'));
"""

EXAMPLES = (
    failing(
        "Dropped and added again: the values are gone",
        given(migrations={"2024_01_01_000000_goods": _GOODS, "2024_02_01_000000_kind": _AGAIN}),
        Expected(
            "warning",
            "`2024_02_01_000000_kind` drops `goods.kind` and adds it again, which empties it.",
            table="goods",
            column="kind",
        ),
    ),
    failing(
        "Dropped",
        given(
            migrations={
                "2024_01_01_000000_goods": _GOODS,
                "2024_02_01_000000_kind": "Schema::table('goods', fn (Blueprint $table) => $table->dropColumn('kind'));",
            }
        ),
        Expected(
            "info",
            "`2024_02_01_000000_kind` drops `goods.kind` with whatever it holds.",
            table="goods",
            column="kind",
        ),
    ),
    clean(
        "The values are moved first",
        given(
            migrations={
                "2024_01_01_000000_goods": _GOODS,
                "2024_02_01_000000_kind": """
                    Schema::table('goods', fn (Blueprint $table) => $table->string('sort', 40)->nullable());
                    DB::table('goods')->update(['sort' => DB::raw('kind')]);
                    Schema::table('goods', fn (Blueprint $table) => $table->dropColumn('kind'));
                """,
            }
        ),
    ),
)


@check(
    code="MIG008",
    title="A migration destroys data",
    severity="warning",
    category="migration",
    why="""What the column or table held is gone with the deployment, and no rollback brings it back. Where the migration writes
        data before, it is taken to move it; the framework's own tables are left out.""",
    fix="""Change the column instead of dropping and adding it; move the data in the same migration; drop in a later release, when
        nothing reads it any more.""",
    examples=EXAMPLES,
)
def destructive(facts: Facts) -> Iterator[Verdict]:
    for migration, change in on_existing_tables(facts, "drop column", "drop table"):
        if not writes_before(migration, change) and not is_framework_table(change.table):
            yield _finding(migration, change)


def _finding(migration: MigrationFile, change: Change) -> Finding:
    column = change.subject if change.kind == "drop column" else ""
    subject = f"{change.table}.{column}" if column else change.table
    again = _made_again(migration, change)
    what = f"drops {code(subject)}" + (
        " and adds it again, which empties it." if again else " with whatever it holds."
    )
    return Finding(
        "MIG008",
        "warning" if again else "info",
        "migration",
        f"{code(migration.name)} {what}",
        table=change.table,
        column=column,
        expected="data kept or moved",
        found="dropped",
        locations=places(change.at, again.at if again else None),
        recommendation="Change it in place with `change()`."
        if again
        else "Move what is still needed before it is dropped.",
        effort="S",
        key=migration.name,
    )


def _made_again(migration: MigrationFile, change: Change) -> Change | None:
    later = migration.done[migration.done.index(change) + 1 :]
    wanted = (
        ("add column", change.subject) if change.kind == "drop column" else ("create table", change.subject)
    )
    return next((c for c in later if c.table == change.table and (c.kind, c.subject) == wanted), None)
