"""MIG007: a foreign key to a table that does not exist when it is made, where the server lets it pass."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.migration._history import changes
from trueup.checks.registry import check
from trueup.checks.subjects import is_framework_table
from trueup.checks.subjects import unsure as unsure_of
from trueup.checks.wording import code, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Gap, Location
from trueup.model.migrations import Change
from trueup.model.schema import ForeignKey

_ORDERS = """
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->foreignId('buyer_id')->constrained('buyers');
    });
"""
_BUYERS = "Schema::create('buyers', fn (Blueprint $table) => $table->id());"

EXAMPLES = (
    failing(
        "SQLite does not look until rows come",
        given(
            migrations={"2024_01_01_000000_orders": _ORDERS, "2024_01_02_000000_buyers": _BUYERS},
            driver="sqlite",
        ),
        Expected(
            "warning",
            "`orders` (buyer_id) refers to `buyers`, which only a later migration makes.",
            table="orders",
            column="buyer_id",
        ),
    ),
    failing(
        "Nobody ever makes it",
        given(migrations={"2024_01_01_000000_orders": _ORDERS}, driver="sqlite"),
        Expected(
            "error",
            "`orders` (buyer_id) refers to `buyers`, which no migration makes.",
            table="orders",
            column="buyer_id",
        ),
    ),
    unsure(
        "A package of the framework's makes it",
        given(
            migration="""
                Schema::create('calls', function (Blueprint $table) {
                    $table->id();
                    $table->foreignId('token_id')->constrained('personal_access_tokens');
                });
            """,
            driver="sqlite",
        ),
    ),
    clean(
        "A squashed dump has made it before",
        given(
            migrations={"2024_01_01_000000_orders": _ORDERS},
            files={"database/schema/sqlite-schema.sql": 'CREATE TABLE "buyers" ("id" integer primary key);'},
            driver="sqlite",
        ),
    ),
    clean(
        "First the buyers",
        given(
            migrations={"2024_01_01_000000_buyers": _BUYERS, "2024_01_02_000000_orders": _ORDERS},
            driver="sqlite",
        ),
    ),
)


@check(
    code="MIG007",
    title="A foreign key to a table that is not there yet",
    severity="error",
    category="migration",
    why="""SQLite takes the key and refuses the rows: every insert fails while the table is missing. The other servers refuse the
        migration itself (MIG001, MIG002).""",
    fix="Move the migration, or make the key in a later one.",
    examples=EXAMPLES,
)
def foreign_to_nothing(facts: Facts) -> Iterator[Verdict]:
    ran = {m.path for m in facts.migrations}
    known = {t.name.lower() for t in facts.schema.tables if t.at.file not in ran}  # of a squashed dump
    for migration, change in changes(facts, "create table", "rename table", "add foreign key"):
        if change.kind in ("create table", "rename table"):
            known.add((change.subject if change.kind == "rename table" else change.table).lower())
        key = change.foreign_key
        if key is not None and key.foreign_table.lower() not in known | {change.table.lower()}:
            outside = _outside(facts, key, change.at)
            if outside is None:
                yield _finding(facts, migration, change, key)
            else:
                yield unsure_of("MIG007", f"{change.table} → {key.foreign_table}", outside, change.table)


def _outside(facts: Facts, key: ForeignKey, at: Location) -> Gap | None:
    """That the table is one of the framework's own packages, which run migrations that are not here (laravel/sanctum's tokens)."""
    if not is_framework_table(key.foreign_table) or facts.schema.table(key.foreign_table) is not None:
        return None
    return Gap(
        at, f"no migration of the project makes the table {key.foreign_table}; a package may", "outside-table"
    )


def _finding(facts: Facts, migration: MigrationFile, change: Change, key: ForeignKey) -> Finding:
    target = facts.schema.table(key.foreign_table)
    outside = facts.project.kind == "package" and key.foreign_table.lower() == "users"
    later = "only a later migration makes" if target else "no migration makes"
    return Finding(
        "MIG007",
        "warning" if target or outside else "error",
        "migration",
        f"{code(change.table)} ({', '.join(key.columns)}) refers to {code(key.foreign_table)}, which {later}.",
        table=change.table,
        column=", ".join(key.columns),
        expected=f"{key.foreign_table} made before",
        found=f"made at {target.at}" if target else "no such table",
        locations=places(change.at, target.at if target else None),
        recommendation=f"Let {code(migration.name)} run after the migration that makes {code(key.foreign_table)}."
        if target
        else f"Make {code(key.foreign_table)} first, or drop the key.",
        effort="S",
        key=key.foreign_table,
    )
