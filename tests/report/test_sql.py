"""`--format sql`: the real servers make from it what the framework's own migrations make."""

from __future__ import annotations

import pytest

from tests.support.migrations import migration
from tests.support.oracle import Oracle, TableFacts, Tables
from trueup.model.names import DRIVERS, Driver
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.report.schema_sql import schema_sql

TABLES = """
Schema::create('posts', function (Blueprint $t) {
    $t->id();
    $t->foreignId('author_id')->constrained('users')->cascadeOnDelete();
    $t->string('title', 120)->default("a new one");
    $t->text('body')->nullable();
    $t->decimal('price', 10, 4)->default(1.5);
    $t->enum('state', ['draft', 'out'])->default('draft');
    $t->boolean('shown')->default(true);
    $t->json('meta')->nullable();
    $t->timestamp('seen_at')->useCurrent();
    $t->timestamps();
    $t->unique(['title', 'state']);
    $t->index(['shown', 'seen_at'], 'by time');
});
Schema::create('pivot', function (Blueprint $t) {
    $t->uuid('a');
    $t->unsignedBigInteger('post_id')->nullable();
    $t->smallInteger('n')->default(-3);
    $t->char('code', 2)->unique();
    $t->primary(['a', 'n']);
    $t->foreign('post_id')->references('id')->on('posts')->onDelete('set null');
});
"""
RENAMED = """
Schema::create('old_things', function (Blueprint $t) { $t->id(); $t->string('name')->index(); });
Schema::rename('old_things', 'things');
"""
USERS = "Schema::create('users', function (Blueprint $t) { $t->increments('id'); $t->float('rate')->nullable(); });"


OWN = ("migrations", "sqlite_sequence")


def as_schema(driver: Driver, tables: Tables) -> Schema:
    return Schema(driver, tuple(as_table(name, facts) for name, facts in tables.items() if name not in OWN))


def as_table(name: str, facts: TableFacts) -> Table:
    return Table(
        name,
        tuple(
            Column(c["name"], c["type"], c["nullable"], c["default"], c["auto_increment"])
            for c in facts["columns"]
        ),
        tuple(Index(i["name"], tuple(i["columns"]), i["unique"], i["primary"]) for i in facts["indexes"]),
        tuple(
            ForeignKey(
                k["name"],
                tuple(k["columns"]),
                k["foreign_table"],
                tuple(k["foreign_columns"]),
                k["on_delete"],
                k["on_update"],
            )
            for k in facts["foreign_keys"]
        ),
    )


@pytest.mark.parametrize("driver", DRIVERS)
def test_ddl_makes_the_same_schema(driver: Driver, oracle: Oracle) -> None:
    users = USERS if driver == "sqlite" else USERS.replace("increments", "id")
    made = oracle.run(driver, {"2024_01_01_000000_make_all.php": migration(users, TABLES, RENAMED)})
    assert made.failed == {}
    sql = schema_sql(as_schema(driver, made.tables))
    statements = [part for part in sql.split(";\n") if "CREATE" in part or "ALTER" in part]
    body = "\n".join(f"DB::unprepared(<<<'SQL'\n{statement}\nSQL\n);" for statement in statements)
    remade = oracle.run(driver, {"2024_01_01_000000_make_again.php": migration(body)})
    assert remade.failed == {}
    assert remade.tables == made.tables
