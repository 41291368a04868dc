"""Indexes, keys, names and the order of statements, per server and version."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations.support import columns, failures, gaps, indexes, keys, replayed
from tests.support.migrations import alter, create, migration
from trueup.model.names import Driver
from trueup.model.schema import Schema

USERS = migration(create("users", "id()", "string('email')"))


def built(root: Path, *statements: str, driver: Driver = "mysql", framework: str = "12.25.0") -> Schema:
    """users, then one migration for each statement."""
    files = {"2024_01_01_000001_users.php": USERS}
    files |= {f"2024_01_01_{n:06d}_step.php": migration(s) for n, s in enumerate(statements, 2)}
    return replayed(root, files, driver=driver, framework=framework).schema


FLUENT: tuple[tuple[str, tuple[tuple[str, tuple[str, ...], bool], ...]], ...] = (
    ("string('a')->unique()", (("t_a_unique", ("a",), True),)),
    ("string('a')->unique()->index()", (("t_a_unique", ("a",), True),)),
    ("string('a')->index('named')", (("named", ("a",), False),)),
    ("string('a')->primary()->index()", (("primary", ("a",), True),)),
    ("string('a')->nullabel()->index()", (("t_a_index", ("a",), False),)),
    ("id()", (("primary", ("id",), True),)),
    ("uuidMorphs('tag')", (("t_tag_type_tag_id_index", ("tag_type", "tag_id"), False),)),
)


@pytest.mark.parametrize(("call", "expected"), FLUENT)
def test_only_the_first_fluent_index_counts(tmp_path: Path, call: str, expected: tuple[object, ...]) -> None:
    schema = built(tmp_path, create("t", call))
    assert (indexes(schema.table("t")), failures(schema)) == (expected, ())


FOREIGN: tuple[tuple[str, tuple[object, ...]], ...] = (
    (
        "foreignId('user_id')->constrained()",
        ("t_user_id_foreign", ("user_id",), "users", ("id",), "restrict", "restrict"),
    ),
    ("foreignId('owner_id')->constrained('users')->nullOnDelete()->nullable()", ()),
    (
        "foreignId('owner_id')->nullable()->constrained('users', 'id', 'own')->cascadeOnDelete()->cascadeOnUpdate()",
        ("own", ("owner_id",), "users", ("id",), "cascade", "cascade"),
    ),
    (
        "foreignId('user_id')->references('id')->on('users')",
        ("t_user_id_foreign", ("user_id",), "users", ("id",), "restrict", "restrict"),
    ),
)


@pytest.mark.parametrize(("call", "expected"), FOREIGN)
def test_foreign_keys(tmp_path: Path, call: str, expected: tuple[object, ...]) -> None:
    """`nullable()` behind `constrained()` reaches the key, not the column: the column stays NOT NULL and the key is refused."""
    schema = built(tmp_path, create("t", call))
    found = keys(schema.table("t"))
    if expected:
        assert (found, failures(schema)) == ((expected,), ())
    else:
        assert (found, len(schema.failures)) == ((), 1)


def test_sqlite_keys_have_no_names_and_add_no_index(tmp_path: Path) -> None:
    schema = built(tmp_path, create("t", "id()", "foreignId('user_id')->constrained()"), driver="sqlite")
    table = schema.table("t")
    assert keys(table) == ((None, ("user_id",), "users", ("id",), "no action", "no action"),)
    assert indexes(table) == (("primary", ("id",), True),)


def test_renamed_tables_keep_the_names_of_their_indexes(tmp_path: Path) -> None:
    schema = built(
        tmp_path,
        create("posts", "id()", "string('slug')->unique()"),
        "Schema::rename('posts', 'articles');",
        alter("articles", "dropUnique(['slug'])"),
    )
    assert indexes(schema.table("articles")) == (
        ("primary", ("id",), True),
        ("posts_slug_unique", ("slug",), True),
    )
    assert failures(schema) == (
        ("2024_01_01_000004_step", 13, "Can't DROP INDEX `articles_slug_unique`; check that it exists"),
    )


def test_a_drop_by_text_means_that_very_name(tmp_path: Path) -> None:
    schema = built(tmp_path, create("t", "string('email')->unique()"), alter("t", "dropUnique('email')"))
    assert failures(schema) == (
        ("2024_01_01_000003_step", 13, "Can't DROP INDEX `email`; check that it exists"),
    )


def test_names_over_64_characters_fail_where_the_index_is_written(tmp_path: Path) -> None:
    call = "index(['a_rather_long_column_name', 'another_rather_long_column_name'])"
    schema = built(
        tmp_path,
        create(
            "t",
            "id()",
            "string('a_rather_long_column_name')",
            "string('another_rather_long_column_name')",
            call,
        ),
    )
    name = "t_a_rather_long_column_name_another_rather_long_column_name_index"
    assert failures(schema) == (("2024_01_01_000002_step", 16, f"Identifier name '{name}' is too long"),)


ORDERED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("12.25.0", "placed", ("id", "a", "b", "c", "email")),
    ("10.48.0", "placed", ("id", "a", "b", "c", "email")),
)


@pytest.mark.parametrize(("framework", "_name", "expected"), ORDERED)
def test_after_with_a_closure(tmp_path: Path, framework: str, _name: str, expected: tuple[str, ...]) -> None:
    statement = """Schema::table('users', function (Blueprint $table) {
        $table->after('id', function ($table) { $table->string('a'); $table->string('b'); $table->string('c'); });
    });"""
    schema = built(tmp_path, statement, framework=framework)
    assert tuple(c[0] for c in columns(schema.table("users"))) == expected


CHANGED: tuple[tuple[str, str, tuple[str, str, bool, str | None]], ...] = (
    ("12.25.0", "string('a', 50)->change()", ("a", "varchar(50)", False, None)),
    ("10.48.0", "string('a', 50)->change()", ("a", "varchar(50)", True, "'x'")),
    ("10.48.0", "string('a', 50)->nullable(false)->change()", ("a", "varchar(50)", False, "'x'")),
)


@pytest.mark.parametrize(("framework", "call", "expected"), CHANGED)
def test_change_forgets_from_11_on_and_keeps_before(
    tmp_path: Path, framework: str, call: str, expected: tuple[str, str, bool, str | None]
) -> None:
    files = {
        "2024_01_01_000001_a.php": migration(create("t", "string('a')->nullable()->default('x')")),
        "2024_01_01_000002_b.php": migration(alter("t", call)),
    }
    schema = replayed(tmp_path, files, framework=framework, packages=(("doctrine/dbal", "3.6.1"),)).schema
    assert (columns(schema.table("t")), failures(schema)) == ((expected,), ())


def test_change_without_dbal_before_10(tmp_path: Path) -> None:
    schema = built(tmp_path, alter("users", "string('email', 50)->change()"), framework="9.52.0")
    reason = (
        'Changing columns for table "users" requires Doctrine DBAL. Please install the doctrine/dbal package.'
    )
    assert failures(schema) == (("2024_01_01_000002_step", 13, f"RuntimeException: {reason}"),)


def test_sqlite_loses_checks_in_a_rebuild(tmp_path: Path) -> None:
    """From 11 on the framework builds the table anew from what PRAGMAs tell."""
    schema = built(
        tmp_path,
        create("t", "id()", "enum('s', ['a', 'b'])", "string('n')->unique()"),
        alter("t", "string('n')->nullable()->change()"),
        driver="sqlite",
    )
    table = schema.table("t")
    assert table is not None
    assert (columns(table), table.checks, indexes(table)) == (
        (("id", "integer", False, None), ("s", "varchar", False, None), ("n", "varchar", True, None)),
        (),
        (("primary", ("id",), True), ("t_n_unique", ("n",), True)),
    )


SQLITE_LIMITS: tuple[tuple[str, str, str], ...] = (
    (
        "8.83.0",
        "dropColumn('email'); $table->renameColumn('id', 'key')",
        "BadMethodCallException: SQLite doesn't support multiple calls to dropColumn / renameColumn in a single modification.",
    ),
    (
        "10.48.0",
        "dropForeign(['email'])",
        "BadMethodCallException: SQLite doesn't support dropping foreign keys (you would need to re-create the table).",
    ),
    (
        "12.0.0",
        "dropForeign('x')",
        "RuntimeException: This database driver does not support dropping foreign keys by name.",
    ),
)


@pytest.mark.parametrize(("framework", "call", "reason"), SQLITE_LIMITS)
def test_limits_of_sqlite(tmp_path: Path, framework: str, call: str, reason: str) -> None:
    files = {"2024_01_01_000001_users.php": USERS, "2024_01_01_000002_b.php": migration(alter("users", call))}
    schema = replayed(
        tmp_path, files, driver="sqlite", framework=framework, packages=(("doctrine/dbal", "3.6.1"),)
    ).schema
    assert [f.reason for f in schema.failures] == [reason]


def test_pgsql_takes_a_failed_migration_back_whole(tmp_path: Path) -> None:
    schema = built(tmp_path, create("a", "id()") + alter("users", "string('email')"), driver="pgsql")
    assert [t.name for t in schema.tables] == ["users"]
    assert failures(schema) == (
        ("2024_01_01_000002_step", 15, 'column "email" of relation "users" already exists'),
    )


def test_mysql_keeps_what_was_done_before_the_failure(tmp_path: Path) -> None:
    schema = built(tmp_path, create("a", "id()") + alter("users", "string('email')"))
    assert [t.name for t in schema.tables] == ["a", "users"]
    assert failures(schema) == (("2024_01_01_000002_step", 15, "Duplicate column name 'email'"),)


TIMESTAMPS: tuple[tuple[Driver, str, str], ...] = (
    ("mysql", "8.83.27", "timestamp"),
    ("mysql", "10.48.0", "timestamp"),
    ("pgsql", "8.83.27", "timestamp(0) without time zone"),
    ("pgsql", "10.48.0", "timestamp(0) without time zone"),
    ("sqlite", "10.48.0", "datetime"),
)


@pytest.mark.parametrize(("driver", "framework", "type_"), TIMESTAMPS)
def test_change_of_a_timestamp_with_the_framework_s_type_for_it(
    driver: Driver, framework: str, type_: str, tmp_path: Path
) -> None:
    """As 8.83 and 10.46 do it with doctrine/dbal 3 on the servers, `dbal.types` of config/database.php set."""
    around = {
        "config/database.php": "<?php return ['dbal' => ['types' => "
        "['timestamp' => \\Illuminate\\Database\\DBAL\\TimestampType::class]]];"
    }
    files = {
        "2024_01_01_000001_step.php": migration(create("t", "timestamp('a')")),
        "2024_01_01_000002_step.php": migration(alter("t", "timestamp('a')->nullable()->change()")),
    }
    packages = (("doctrine/dbal", "3.6.1"),)
    schema = replayed(
        tmp_path, files, driver=driver, framework=framework, packages=packages, around=around
    ).schema
    assert (failures(schema), gaps(schema)) == ((), ())
    assert [c[:3] for c in columns(schema.table("t"))] == [("a", type_, True)]


def test_a_key_to_a_table_that_can_t_be_told_is_a_gap_and_no_failure(tmp_path: Path) -> None:
    body = create(
        "t", "id()", "foreignId('user_id')->references('id')->on(file_get_contents('x'))->constrained()"
    )
    schema = replayed(tmp_path, {"2024_01_01_000000_t.php": migration(body)}).schema
    assert failures(schema) == ()
    assert [(t.name, t.foreign_keys) for t in schema.tables] == [("t", ())]
    assert [g.kind for g in schema.gaps] == ["unknown-value"]


def test_an_enum_takes_the_values_of_an_array_with_keys(tmp_path: Path) -> None:
    schema = built(
        tmp_path, "Schema::create('t', fn ($t) => $t->enum('k', ['M' => 'Morning', 'N' => 'Night']));"
    )
    assert columns(schema.table("t"))[0][:2] == ("k", "enum('Morning','Night')")
