"""`trueup audit --database-url` on real servers: what differs is told, what does not is not, and sizes are the server's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pymysql
import pytest

from tests.database.live import FIRST, SECOND, address, done, migrated, shop
from trueup.cli import run
from trueup.model.names import Driver

SERVERS = pytest.mark.parametrize("driver", ["mariadb", "pgsql"])


def _audited(project: Path, url: str, capfd: pytest.CaptureFixture[str], *more: str) -> Any:
    run(["audit", str(project), "--database-url", url, "--format", "json", "--select", "LIV", *more])
    return json.loads(capfd.readouterr().out)


@SERVERS
def test_what_migrations_build_differs_in_nothing(
    driver: Driver, mysql_url: str, pgsql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = shop(tmp_path / "shop")
    with migrated(driver, mysql_url, pgsql_url, project) as database:
        audit = _audited(project, address(database, mysql_url, pgsql_url), capfd)
    assert [(f["code"], f["message"]) for f in audit["findings"]] == [
        ("LIV001", f"The migration `{SECOND}` has not run on the live database.")
    ]
    assert audit["project"]["driver"] == driver
    assert audit["live"]["migrations"] == [FIRST]
    assert [(t["table"], t["state"], t["required"]) for t in audit["live"]["tables"]] == [
        ("orders", "there", False),
        ("users", "there", False),
    ]


@SERVERS
def test_what_was_done_by_hand_is_told(
    driver: Driver, mysql_url: str, pgsql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = shop(tmp_path / "shop")
    (project / "vendor" / "acme" / "tools" / "database" / "migrations").mkdir(parents=True)
    (project / "vendor/acme/tools/database/migrations/2024_01_02_000000_tools.php").write_text("<?php")
    by_hand = [
        "CREATE TABLE backup (id INT)",
        "ALTER TABLE orders ADD channel VARCHAR(20) NOT NULL",
        "ALTER TABLE orders DROP COLUMN total",
        "CREATE INDEX by_hand ON orders (user_id, status)",
        "INSERT INTO migrations (migration, batch) VALUES ('2024_01_02_000000_tools', 1), ('2023_09_09_000000_gone', 1)",
    ]
    if driver == "pgsql":
        by_hand += [
            "ALTER TABLE orders DROP CONSTRAINT orders_user_id_foreign",
            "DROP INDEX orders_status_index",
            "ALTER TABLE orders ALTER COLUMN status TYPE VARCHAR(10)",
        ]
    else:
        by_hand += [
            "ALTER TABLE orders DROP FOREIGN KEY orders_user_id_foreign",
            "DROP INDEX orders_status_index ON orders",
            "ALTER TABLE orders MODIFY status VARCHAR(10) NOT NULL",
        ]
    with migrated(driver, mysql_url, pgsql_url, project) as database:
        done(database, *by_hand)
        audit = _audited(project, address(database, mysql_url, pgsql_url), capfd)
    kind = "character varying" if driver == "pgsql" else "varchar"
    expected = {
        f"LIV001 The migration `{SECOND}` has not run on the live database.",
        "LIV002 The migration `2023_09_09_000000_gone` has run on the live database, and no file of that name is known.",
        "LIV004 The live database has a table `backup` that no migration of the project builds.",
        "LIV005 The live table `orders` has no column `total`, which migrations that have run there build.",
        "LIV006 The live table `orders` has a column `channel` that no migration builds and that must be filled: inserts which do "
        "not know it fail.",
        f"LIV007 `orders.status` is otherwise on the live database: type `{kind}(10)` where migrations build `{kind}(20)`.",
        "LIV008 The live table `orders` lacks the index `orders_status_index` (status), which migrations that have run there "
        "build.",
        "LIV009 The live table `orders` has the index `by_hand` (user_id, status) that no migration builds.",
        "LIV010 The live table `orders` lacks the foreign key (user_id) → users (id), which migrations that have run there build.",
    }
    assert {f"{f['code']} {f['message']}" for f in audit["findings"]} == expected


def test_an_unread_index_is_told_by_the_servers_own_count(
    pgsql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = shop(tmp_path / "shop")
    with migrated("pgsql", "", pgsql_url, project) as database:
        done(
            database,
            "INSERT INTO users (email) SELECT 'u' || n FROM generate_series(1, 300) n",
            "ANALYZE users",
        )
        done(
            database,
            "INSERT INTO orders (user_id, status, total) SELECT 1, 'new', 1 FROM generate_series(1, 30)",
            "ANALYZE orders",
        )
        reader = psycopg.connect(f"{pgsql_url}{database.name}", autocommit=True)
        reader.execute("DO $$ BEGIN FOR i IN 1..1100 LOOP PERFORM count(*) FROM orders; END LOOP; END $$")
        reader.close()  # what a session has counted is told when it ends
        audit = _audited(project, address(database, "", pgsql_url), capfd)
    messages = [f["message"] for f in audit["findings"] if f["code"] == "LIV011"]
    assert len(messages) == 1
    assert messages[0].startswith(
        "The live database has never read by the index `orders_status_index` of `orders`"
    )
    assert {t["table"]: t["rows"] for t in audit["live"]["tables"]} == {"orders": 30, "users": 300}


def test_where_the_server_does_not_count_it_cannot_tell(
    mysql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = shop(tmp_path / "shop")
    with migrated("mariadb", mysql_url, "", project) as database:
        audit = _audited(project, address(database, mysql_url, ""), capfd)
    assert [(c["code"], c["reason"]) for c in audit["cannot_tell"]] == [
        ("LIV011", "the server does not count reads (performance_schema or userstat is off)")
    ]


def test_userstat_counts_reads_on_mariadb(
    mysql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = shop(tmp_path / "shop")
    with migrated("mariadb", mysql_url, "", project) as database:
        done(database, "INSERT INTO users (email) SELECT CONCAT('u', seq) FROM seq_1_to_2000")
        done(database, "SET GLOBAL userstat = 1")
        try:
            parts = urlsplit(mysql_url)
            reader = pymysql.connect(
                host=parts.hostname or "", port=parts.port or 3306, user=parts.username or "root",
                password=parts.password or "", database=database.name,
            )  # fmt: skip
            reader.cursor().execute("SELECT * FROM users IGNORE INDEX (users_email_unique)")
            reader.close()
            audit = _audited(project, address(database, mysql_url, ""), capfd)
        finally:
            done(database, "SET GLOBAL userstat = 0")
    sizes = {t["table"]: t["reads"] for t in audit["live"]["tables"]}
    assert sizes["users"] >= 2000
    assert audit["cannot_tell"] == []


def test_the_reports_show_the_live_database(
    pgsql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = shop(
        tmp_path / "shop",
        "# Schema\n\n```sql\nCREATE TABLE orders (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL);\n"
        "CREATE TABLE refunds (id BIGINT PRIMARY KEY);\n```\n",
    )
    with migrated("pgsql", "", pgsql_url, project) as database:
        url = address(database, "", pgsql_url)
        done(database, "INSERT INTO users (email) VALUES ('a'), ('b')", "ANALYZE users")
        texts = {}
        for form in ("terminal", "markdown"):
            run(["audit", str(project), "--database-url", url, "--format", form, "--select", "LIV001"])
            texts[form] = capfd.readouterr().out
        name = database.name
    terminal = texts["terminal"]
    assert f"postgresql://127.0.0.1:5432/{name} (pgsql " in terminal
    inventory = terminal.partition("Required tables")[2].splitlines()
    assert [line.split()[-2:] for line in inventory[1:3]] == [["live:", "there"], ["live:", "missing"]]
    assert "  orders   there" in terminal
    assert "  refunds  missing" in terminal
    markdown = texts["markdown"]
    assert "## The live database" in markdown
    lines = markdown.partition("## Inventory")[2].splitlines()
    assert [line.split(" | ")[-2:-1] for line in lines if line.startswith("| `")][:2] == [
        ["there"],
        ["missing"],
    ]
    assert next(line for line in lines if line.startswith("| `users`")).endswith(" | there |")
    assert "| `users` |  | there | about 2 |" in markdown
    assert "| `refunds` | required | missing |  |  |  |  |" in markdown


def test_a_lite_file_is_counted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import sqlite3

    project = shop(tmp_path / "shop")
    file = project / "database" / "database.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, email VARCHAR NOT NULL);"
            "INSERT INTO users (email) VALUES ('a'), ('b');"
        )
    connection.close()
    (project / ".env").write_text(f"DB_CONNECTION=sqlite\nDB_DATABASE={file}\n")
    audit = _audited(project, ".env", capfd)
    told = {f"{f['code']} {f['message']}" for f in audit["findings"]}
    assert told == {
        "LIV003 The live database has no table `orders`, which migrations that have run there build.",
        "LIV008 The live table `users` lacks the unique key `users_email_unique` (email), which migrations that have run there "
        "build.",
    }
    assert [(t["table"], t["rows"], t["counted"]) for t in audit["live"]["tables"]] == [
        ("orders", None, False),
        ("users", 2, True),
    ]
