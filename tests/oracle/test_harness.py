"""The witness itself: it runs real migrations on every server and tells failures apart from results."""

from __future__ import annotations

import pytest

from tests.support.facets import differences, oracle_facets
from tests.support.migrations import migration
from tests.support.oracle import Oracle, OracleError
from trueup.model.names import Driver

USERS = migration(
    "Schema::create('users', fn (Blueprint $t) => [$t->id(), $t->string('email')->default('x')->unique()]);"
)
POSTS = migration("Schema::create('posts', fn (Blueprint $t) => [$t->foreignId('user_id')->constrained()]);")
TWICE = migration(
    "Schema::create('flags', fn (Blueprint $t) => [$t->id()]);",
    "Schema::create('users', fn (Blueprint $t) => [$t->id()]);",
)

TYPES: dict[Driver, list[tuple[str, str, str | None]]] = {
    "sqlite": [("id", "integer", None), ("email", "varchar", "'x'")],
    "mysql": [("id", "bigint(20) unsigned", None), ("email", "varchar(255)", "'x'")],
    "mariadb": [("id", "bigint(20) unsigned", None), ("email", "varchar(255)", "'x'")],
    "pgsql": [
        ("id", "bigint", "nextval('users_id_seq'::regclass)"),
        ("email", "character varying(255)", "'x'::character varying"),
    ],
}


@pytest.mark.parametrize("driver", TYPES)
def test_columns_are_spelled_as_the_server_spells_them(oracle: Oracle, driver: Driver) -> None:
    result = oracle.run(driver, {"2024_01_01_000001_users.php": USERS})
    assert [(c["name"], c["type"], c["default"]) for c in result.tables["users"]["columns"]] == TYPES[driver]
    assert sorted(result.tables) == ["migrations", "users"]


@pytest.mark.parametrize(("driver", "kept"), [("sqlite", True), ("mysql", True), ("pgsql", False)])
def test_a_failed_migration_is_told_and_the_next_one_runs(oracle: Oracle, driver: Driver, kept: bool) -> None:
    files = {
        "2024_01_01_000001_users.php": USERS,
        "2024_01_01_000002_twice.php": TWICE,
        "2024_01_01_000003_posts.php": POSTS,
    }
    result = oracle.run(driver, files)
    assert list(result.failed) == ["2024_01_01_000002_twice"]
    assert "already exists" in result.failed["2024_01_01_000002_twice"]
    assert ("flags" in result.tables) is kept
    assert [key["foreign_table"] for key in result.tables["posts"]["foreign_keys"]] == ["users"]


@pytest.mark.parametrize("driver", ["sqlite", "mysql", "pgsql"])
def test_every_case_starts_on_an_empty_database(oracle: Oracle, driver: Driver) -> None:
    first = oracle.run(driver, {"2024_01_01_000001_users.php": USERS})
    second = oracle.run(driver, {"2024_01_01_000001_users.php": USERS})
    assert differences(oracle_facets(first), oracle_facets(second)) == ()
    assert not second.failed


def test_a_case_that_kills_the_process_costs_a_restart() -> None:
    fatal = "<?php\nclass Twice {}\nclass Twice {}\n"
    with Oracle() as oracle:
        with pytest.raises(OracleError):
            oracle.run("sqlite", {"2024_01_01_000001_fatal.php": fatal})
        assert not oracle.run("sqlite", {"2024_01_01_000001_users.php": USERS}).failed


def test_differences_name_the_fact_and_the_side() -> None:
    with Oracle() as oracle:
        mysql = oracle_facets(oracle.run("mysql", {"2024_01_01_000001_users.php": USERS}))
        wider = USERS.replace("string('email')", "string('email', 300)->nullable()")
        other = oracle_facets(oracle.run("mysql", {"2024_01_01_000001_users.php": wider}))
    assert [str(difference) for difference in differences(other, mysql)] == [
        "missed type: users email varchar(255)",
        "invented type: users email varchar(300)",
        "missed nullable: users email False",
        "invented nullable: users email True",
    ]
