"""Every column method of the Blueprint, on every server, with the versions that differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations.support import columns, failures, replayed
from tests.support.migrations import create, migration
from trueup.model.names import Driver

# method call → type on MySQL (MariaDB server), PostgreSQL, SQLite
TYPES: tuple[tuple[str, str, str, str], ...] = (
    ("bigInteger('c')", "bigint(20)", "bigint", "integer"),
    ("unsignedBigInteger('c')", "bigint(20) unsigned", "bigint", "integer"),
    ("integer('c')", "int(11)", "integer", "integer"),
    ("unsignedInteger('c')", "int(10) unsigned", "integer", "integer"),
    ("mediumInteger('c')", "mediumint(9)", "integer", "integer"),
    ("smallInteger('c')", "smallint(6)", "smallint", "integer"),
    ("tinyInteger('c')", "tinyint(4)", "smallint", "integer"),
    ("unsignedTinyInteger('c')", "tinyint(3) unsigned", "smallint", "integer"),
    ("foreignId('c')", "bigint(20) unsigned", "bigint", "integer"),
    ("foreignUuid('c')", "char(36)", "uuid", "varchar"),
    ("foreignUlid('c')", "char(26)", "character(26)", "varchar"),
    ("string('c')", "varchar(255)", "character varying(255)", "varchar"),
    ("string('c', 40)", "varchar(40)", "character varying(40)", "varchar"),
    ("string(column: 'c', length: 41)", "varchar(41)", "character varying(41)", "varchar"),
    ("char('c', 3)", "char(3)", "character(3)", "varchar"),
    ("tinyText('c')", "tinytext", "character varying(255)", "text"),
    ("text('c')", "text", "text", "text"),
    ("mediumText('c')", "mediumtext", "text", "text"),
    ("longText('c')", "longtext", "text", "text"),
    ("float('c')", "double", "double precision", "float"),
    ("float('c', 24)", "float", "real", "float"),
    ("double('c')", "double", "double precision", "double"),
    ("decimal('c')", "decimal(8,2)", "numeric(8,2)", "numeric"),
    ("decimal('c', 10, 4)->unsigned()", "decimal(10,4) unsigned", "numeric(10,4)", "numeric"),
    ("boolean('c')", "tinyint(1)", "boolean", "tinyint(1)"),
    ("enum('c', ['a', 'b'])", "enum('a','b')", "character varying(255)", "varchar"),
    ("json('c')", "longtext", "json", "text"),
    ("jsonb('c')", "longtext", "jsonb", "text"),
    ("date('c')", "date", "date", "date"),
    ("dateTime('c')", "datetime", "timestamp(0) without time zone", "datetime"),
    ("dateTime('c', 3)", "datetime(3)", "timestamp(3) without time zone", "datetime"),
    ("dateTimeTz('c')", "datetime", "timestamp(0) with time zone", "datetime"),
    ("time('c')", "time", "time(0) without time zone", "time"),
    ("timestamp('c')->nullable()", "timestamp", "timestamp(0) without time zone", "datetime"),
    ("timestampTz('c')->nullable()", "timestamp", "timestamp(0) with time zone", "datetime"),
    ("year('c')", "year(4)", "integer", "integer"),
    ("binary('c')", "blob", "bytea", "blob"),
    ("binary('c', 20)", "varbinary(20)", "bytea", "blob"),
    ("binary('c', 20, true)", "binary(20)", "bytea", "blob"),
    ("uuid('c')", "char(36)", "uuid", "varchar"),
    ("ulid('c')", "char(26)", "character(26)", "varchar"),
    ("ipAddress('c')", "varchar(45)", "inet", "varchar"),
    ("macAddress('c')", "varchar(17)", "macaddr", "varchar"),
    ("rawColumn('c', 'varchar(7)')", "varchar(7)", "character varying(7)", "varchar(7)"),
    ("addColumn('string', 'c', ['length' => 9])", "varchar(9)", "character varying(9)", "varchar"),
)
DRIVERS: tuple[Driver, ...] = ("mysql", "pgsql", "sqlite")


@pytest.mark.parametrize("driver", DRIVERS)
def test_types(tmp_path: Path, driver: Driver) -> None:
    """One migration with a table for each method."""
    migrations = {
        f"2024_01_01_{n:06d}_step.php": migration(create(f"t{n}", call))
        for n, (call, *_) in enumerate(TYPES, 1)
    }
    schema = replayed(tmp_path, migrations, driver=driver).schema
    read = {call: columns(schema.table(f"t{n}"))[0][1] for n, (call, *_) in enumerate(TYPES, 1)}
    assert failures(schema) == ()
    assert read == {row[0]: row[1 + DRIVERS.index(driver)] for row in TYPES}


# call → type, by major, on MySQL
DELTAS: tuple[tuple[str, str, str], ...] = (
    ("float('c')", "10.48.0", "double(8,2)"),
    ("float('c')", "11.0.0", "double"),
    ("double('c')", "10.48.0", "double"),
    ("double('c', 9, 3)", "10.48.0", "double(9,3)"),
    ("decimal('c', 9, 3, true)", "10.48.0", "decimal(9,3) unsigned"),
    ("unsignedDecimal('c')", "10.48.0", "decimal(8,2) unsigned"),
    ("point('c')", "10.48.0", "point"),
    ("ulid('c')", "9.52.0", "char(26)"),
    ("binary('c', 16)", "10.48.0", "blob"),
)


@pytest.mark.parametrize(("call", "framework", "expected"), DELTAS)
def test_version_deltas(tmp_path: Path, call: str, framework: str, expected: str) -> None:
    schema = replayed(
        tmp_path, {"2024_01_01_000001_step.php": migration(create("t", call))}, framework=framework
    ).schema
    assert (columns(schema.table("t"))[0][1], failures(schema)) == (expected, ())


# A method that this version does not have, or a type that this server does not have
REFUSED: tuple[tuple[str, Driver, str, str], ...] = (
    (
        "unsignedDecimal('c')",
        "mysql",
        "12.0.0",
        "BadMethodCallException: Method "
        "Illuminate\\Database\\Schema\\Blueprint::unsignedDecimal does not exist.",
    ),
    (
        "ulid('c')",
        "mysql",
        "8.83.0",
        "BadMethodCallException: Method Illuminate\\Database\\Schema\\Blueprint::ulid does not exist.",
    ),
    (
        "set('c', ['a'])",
        "pgsql",
        "12.0.0",
        "BadMethodCallException: Method "
        "Illuminate\\Database\\Schema\\Grammars\\PostgresGrammar::typeSet does "
        "not exist.",
    ),
    (
        "set('c', ['a'])",
        "sqlite",
        "12.0.0",
        "BadMethodCallException: Method "
        "Illuminate\\Database\\Schema\\Grammars\\SQLiteGrammar::typeSet does not "
        "exist.",
    ),
    (
        "vector('c')",
        "sqlite",
        "12.0.0",
        "RuntimeException: This database driver does not support the vector type.",
    ),
    (
        "text('c')->fullText()",
        "sqlite",
        "12.0.0",
        "RuntimeException: This database driver does not support fulltext index creation.",
    ),
    (
        "computed('c', 'a + 1')",
        "mysql",
        "12.0.0",
        "RuntimeException: This database driver requires a type, see the virtualAs / storedAs modifiers.",
    ),
)


@pytest.mark.parametrize(("call", "driver", "framework", "reason"), REFUSED)
def test_refused_by_the_framework(
    tmp_path: Path, call: str, driver: Driver, framework: str, reason: str
) -> None:
    migrations = {"2024_01_01_000001_step.php": migration(create("t", call))}
    schema = replayed(tmp_path, migrations, driver=driver, framework=framework).schema
    assert ([f.reason for f in schema.failures], schema.tables) == ([reason], ())


def test_mariadb_has_a_type_for_uuids_from_11_on(tmp_path: Path) -> None:
    migrations = {"2024_01_01_000001_step.php": migration(create("t", "uuid('c')"))}
    new = replayed(tmp_path / "new", migrations, driver="mariadb").schema
    old = replayed(tmp_path / "old", migrations, driver="mariadb", framework="10.0.0").schema
    assert (columns(new.table("t")), columns(old.table("t"))) == (
        (("c", "uuid", False, None),),
        (("c", "char(36)", False, None),),
    )
