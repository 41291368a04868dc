"""What each migration does, under which guards, and what its down() leaves wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations.support import replayed
from tests.support.migrations import alter, create
from trueup.model.migrations import MigrationFile

HEAD = """<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\{DB, Schema};
return new class extends Migration {
public function up(): void {
%s
}
%s
};
"""
FIRST = HEAD % (
    create("users", "id()", "string('name')->nullable()"),
    "public function down(): void { Schema::drop('users'); }",
)


def second(root: Path, up: str, down: str | None) -> MigrationFile:
    """The facts of a migration behind the one that makes `users`."""
    body = "" if down is None else f"public function down(): void {{\n{down}\n}}"
    files = {"2024_01_01_000001_users.php": FIRST, "2024_01_01_000002_b.php": HEAD % (up, body)}
    found = replayed(root, files, details=True)
    assert (found.schema.failures, found.schema.gaps) == ((), ())
    return found.migrations[1]


Told = tuple[tuple[str, str, str, bool], ...]
CHANGES: tuple[tuple[str, Told], ...] = (
    (alter("users", "string('a')->nullable()"), (("add column", "users", "a", False),)),
    (alter("users", "dropColumn('name')"), (("drop column", "users", "name", False),)),
    (alter("users", "renameColumn('name', 'title')"), (("rename column", "users", "title", False),)),
    (alter("users", "string('name', 50)->change()"), (("change column", "users", "name", False),)),
    (alter("users", "index('name')"), (("add index", "users", "users_name_index", False),)),
    ("Schema::rename('users', 'people');", (("rename table", "users", "people", False),)),
    ("DB::table('users')->insert(['name' => 'x']);", (("write data", "users", "insert", False),)),
    (
        create("t", "foreignId('user_id')->constrained()"),
        (
            ("create table", "t", "t", True),
            ("add column", "t", "user_id", True),
            ("add index", "t", "t_user_id_foreign", True),
            ("add foreign key", "t", "t_user_id_foreign", True),
        ),
    ),
)


@pytest.mark.parametrize(("up", "expected"), CHANGES)
def test_changes(tmp_path: Path, up: str, expected: Told) -> None:
    facts = second(tmp_path, up, None)
    assert tuple((c.kind, c.table, c.subject, c.new_table) for c in facts.done) == expected


Faults = tuple[tuple[str, str], ...]
ROLLBACKS: tuple[tuple[str, str | None, Faults], ...] = (
    (alter("users", "string('a')->nullable()"), alter("users", "dropColumn('a')"), ()),
    (alter("users", "string('a')->nullable()"), None, (("missing", "down()"),)),
    (alter("users", "string('a')->nullable()"), "", (("empty", "down()"),)),
    (alter("users", "string('a')->nullable()"), "Schema::drop('users');", (("destroys", "table users"),)),
    (alter("users", "string('a')->nullable()"), alter("users", "dropColumn('b')"), (("fails", "down()"),)),
    (
        alter("users", "string('name', 50)->change()"),
        alter("users", "string('name')->change()"),
        (("not undone", "column users.name"),),
    ),
    (
        alter("users", "dropColumn('name')"),
        alter("users", "string('name')->nullable()"),
        (("lost data", "column users.name"),),
    ),
    (
        alter("users", "foreignId('team_id')->nullable()->constrained('users')"),
        alter("users", "dropColumn('team_id')"),
        (("order", "down()"),),
    ),
    ("DB::table('users')->insert(['name' => 'x']);", None, ()),
)


@pytest.mark.parametrize(("up", "down", "expected"), ROLLBACKS)
def test_rollback(tmp_path: Path, up: str, down: str | None, expected: Faults) -> None:
    facts = second(tmp_path, up, down)
    assert tuple((f.kind, f.subject) for f in facts.rollback) == expected


def test_what_fails_only_when_all_is_rolled_back(tmp_path: Path) -> None:
    """Each down() is right by itself, but the key that the second one forgets keeps the first table."""
    second_up = create("posts", "id()", "foreignId('user_id')->constrained()")
    files = {
        "2024_01_01_000001_users.php": FIRST,
        "2024_01_01_000002_b.php": HEAD
        % (
            second_up,
            "public function down(): void { if (DB::table('users')->exists()) { Schema::drop('posts'); } }",
        ),
    }
    found = replayed(tmp_path, files, details=True)
    assert [[(f.kind, f.subject) for f in m.rollback] for m in found.migrations] == [
        [("order", "down()")],
        [("not undone", "table posts")],
    ]


def test_guards_and_what_they_skip(tmp_path: Path) -> None:
    up = (
        "if (! Schema::hasTable('users')) {\nSchema::create('users', function (Blueprint $t) { $t->id(); });\n}\n"
        "if (! Schema::hasColumn('users', 'a')) {\nSchema::table('users', fn (Blueprint $t) => $t->string('a'));\n}"
    )
    facts = second(tmp_path, up, None)
    assert [
        (g.asks, g.table, g.column, g.answer, g.at.line, g.skipped_create and g.skipped_create.line)
        for g in facts.guards
    ] == [
        ("hasTable", "users", "", True, 7, 8),
        ("hasColumn", "users", "a", False, 10, None),
    ]
    assert [(c.subject, c.at.line, c.guard and c.guard.line) for c in facts.done] == [("a", 11, 10)]


def test_commented_out_statements(tmp_path: Path) -> None:
    up = (
        create("t", "id()")
        + "\n// $table->foreign('user_id')->references('id')->on('users');\n# $table->index('a');\n"
        "/* $table->string('gone'); */\n/** $table->unique('story'); */\n// a remark"
    )
    facts = second(tmp_path, up, None)
    assert [(c.kind, c.table) for c in facts.commented] == [
        ("foreign key", "t"),
        ("index", "t"),
        ("column", "t"),
    ]
