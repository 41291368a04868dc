"""Live servers read into schemas: the same facts as the server's own catalogue gives, and errors without passwords."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.sql.real import RealMysql, RealPgsql, TableFacts, our_facts, real
from trueup.cli import run
from trueup.errors import TargetError
from trueup.model.names import Driver
from trueup.sources.database import read_database
from trueup.sources.sql.read import split_statements

_PARENT = {
    "mariadb": "CREATE TABLE users (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(191) NOT NULL UNIQUE)",
    "pgsql": "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email VARCHAR(191) NOT NULL UNIQUE)",
}
_CHILD = {
    "mariadb": "CREATE TABLE posts (id INT PRIMARY KEY, user_id BIGINT UNSIGNED NULL, cost DECIMAL(10,2) NOT NULL DEFAULT 0, "
    "KEY posts_cost_index (cost), CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)",
    "pgsql": "CREATE TABLE posts (id INT PRIMARY KEY, user_id BIGINT, cost NUMERIC(10,2) NOT NULL DEFAULT 0, "
    "CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)",
}


def _url(database: RealMysql | RealPgsql, mysql_url: str, pgsql_url: str) -> str:
    if isinstance(database, RealPgsql):
        return f"{pgsql_url}{database.name}"
    parts = urlsplit(mysql_url)
    return f"mariadb://{parts.username or 'root'}@{parts.hostname}:{parts.port or 3306}/{database.name}"


@pytest.mark.parametrize("driver", ["mariadb", "pgsql"])
def test_a_server_is_read_as_its_catalogue_tells(driver: Driver, mysql_url: str, pgsql_url: str) -> None:
    with real(driver, mysql_url, pgsql_url) as database:
        assert isinstance(database, RealMysql | RealPgsql)
        for statement in (_PARENT[driver], _CHILD[driver]):
            assert database.execute(statement) is None
        schema = read_database(_url(database, mysql_url, pgsql_url))
        facts: dict[str, TableFacts] = database.facts()
    assert our_facts(schema) == facts
    assert sorted(facts) == ["posts", "users"]


def test_a_file_is_read_and_not_written(tmp_path: Path) -> None:
    file = tmp_path / "app.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript(
        "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email VARCHAR NOT NULL); CREATE UNIQUE INDEX u ON users (email);"
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER, "
        "FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);"
    )
    connection.close()
    before = file.read_bytes()
    schema = read_database(f"sqlite://{file}")
    told = [
        (
            t.name,
            [(c.name, c.type, c.nullable) for c in t.columns],
            [(i.name, i.columns, i.unique) for i in t.indexes],
        )
        for t in schema.tables
    ]
    assert told == [
        ("posts", [("id", "integer", True), ("user_id", "integer", True)], [("primary", ("id",), True)]),
        (
            "users",
            [("id", "integer", True), ("email", "varchar", False)],
            [("primary", ("id",), True), ("u", ("email",), True)],
        ),
    ]
    assert [
        (k.columns, k.foreign_table, k.foreign_columns, k.on_delete) for k in schema.tables[0].foreign_keys
    ] == [(("user_id",), "users", ("id",), "cascade")]
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("oracle://u:secret@h/d", "oracle://h/d: is no database that can be read"),
        ("mysql://u:secret@127.0.0.1:1/d", "mysql://127.0.0.1:1/d: can't be connected to"),
        ("pgsql://u:secret@127.0.0.1:1/d", "pgsql://127.0.0.1:1/d: can't be connected to"),
        ("sqlite:///no/such/secret-file", "sqlite:///no/such/secret-file: no such file"),
    ],
)
def test_what_cannot_be_read_is_said_without_the_password(url: str, message: str) -> None:
    with pytest.raises(TargetError) as caught:
        read_database(url)
    assert str(caught.value).startswith(message)
    assert "secret@" not in str(caught.value)


def test_diff_takes_a_database(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "app.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
    connection.execute(
        "CREATE TABLE migrations (id INTEGER PRIMARY KEY)"
    )  # the framework's own: no difference
    connection.close()
    dump = tmp_path / "wanted.sql"
    dump.write_text("CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR NOT NULL);\n")
    assert run(["diff", f"sqlite://{file}", str(dump), "--driver", "sqlite"]) == 1
    out = capfd.readouterr().out
    assert "email" in out
    assert "migrations" not in out


@pytest.mark.parametrize("driver", ["mariadb", "pgsql"])
def test_the_example_on_a_server_differs_in_nothing(
    driver: Driver, mysql_url: str, pgsql_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    example = str(Path(__file__).parents[2] / "examples" / "ai-budget")
    assert run(["schema", example, "--driver", driver, "--format", "sql"]) == 0
    statements = split_statements(capfd.readouterr().out, driver)
    with real(driver, mysql_url, pgsql_url) as database:
        assert isinstance(database, RealMysql | RealPgsql)
        assert [code for s in statements if (code := database.execute(s)) is not None] == []
        assert run(["diff", _url(database, mysql_url, pgsql_url), example]) == 0
    assert "No differences" in capfd.readouterr().out
