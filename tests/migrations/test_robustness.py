"""No migration crashes the replay: broken text, hostile loops, things of every unknown kind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.migrations.support import replayed
from tests.support.migrations import create, migration
from trueup.model.names import Driver

WHOLE = migration(
    create(
        "posts",
        "id()",
        "string('slug', 40)->unique()",
        "foreignId('user_id')->nullable()->constrained()",
        "timestamps()",
    ),
    "if (! Schema::hasColumn('posts', 'n')) { Schema::table('posts', fn "
    "(Blueprint $t) => $t->enum('n', ['a', 'b'])->default('a')); }",
    "foreach (['a', 'b'] as $name) { DB::statement(\"CREATE TABLE {$name} (id INT)\"); DB::table($name)->insert(['id' => 1]); }",
    "try { DB::transaction(function () { Schema::rename('a', 'c'); }); } catch (\\Throwable $e) { report($e); }",
    "collect(DB::table('b')->where('id', '>', 0)->get())->each(fn ($row) => Schema::dropIfExists('b'.$row->id));",
)
DRIVERS: tuple[Driver, ...] = ("mysql", "mariadb", "pgsql", "sqlite")
TOKENS = [
    "'",
    '"',
    "(",
    ")",
    "{",
    "}",
    "$",
    "->",
    "::",
    "null",
    "[",
    "]",
    ";",
    "fn () =>",
    "...",
    "0",
    "\\",
    "?",
    "DB::raw('x')",
    "#",
]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutilated_migrations(data: st.DataObject) -> None:
    """Pieces cut out and put in: the replay ends, and the next migration runs."""
    text = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(st.sampled_from(TOKENS)) + text[end:]
    driver = data.draw(st.sampled_from(DRIVERS))
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "2024_01_01_000001_a.php": text,
            "2024_01_01_000002_b.php": migration(create("last", "id()")),
        }
        schema = replayed(Path(folder), files, driver=driver, details=True).schema
    assert schema.table("last") is not None


HOSTILE: tuple[tuple[str, str], ...] = (
    ("recursion", "$f = function () use (&$f) { return $f(); }; $f();"),
    (
        "a macro that calls itself",
        "Blueprint::macro('x', function () { return $this->x(); }); Schema::create('t', fn ($t) => $t->x());",
    ),
    ("a long name", "Schema::create('t', function ($t) { $t->string(str_repeat('a', 100000000)); });"),
    ("itself", "require __FILE__;"),
    ("deep nesting", "$x = " + "(" * 3000 + "1" + ")" * 3000 + ";"),
    (
        "many undecided branches",
        "$n = \\App\\X::y(); "
        + "".join(f"if ($n > {i}) {{ Schema::create('t{i}', fn ($t) => $t->id()); }}" for i in range(40)),
    ),
)


@pytest.mark.parametrize(("_name", "statement"), HOSTILE, ids=[h[0] for h in HOSTILE])
def test_hostile_migrations_end(tmp_path: Path, _name: str, statement: str) -> None:
    files = {
        "2024_01_01_000001_a.php": migration(statement),
        "2024_01_01_000002_b.php": migration(create("last", "id()")),
    }
    assert replayed(tmp_path, files).schema.table("last") is not None
