"""`trueup preflight` on real servers: what it says of the rows is what the server itself says when the constraint is added."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.database.live import Database, address, done
from tests.sql.real import RealPgsql, real
from trueup.cli import run
from trueup.model.names import Driver
from trueup.model.preflight import Proposal
from trueup.model.schema import Column, Index, Schema, Table
from trueup.preflight import Question, Unaskable, question
from trueup.preflight.dialect import Dialect
from trueup.preflight.types import lossy
from trueup.sources.sql.read import split_statements
from trueup.sources.sql.types import parse_type

SPECIFICATION = """# Schema

```sql
CREATE TABLE members (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(12) NOT NULL UNIQUE);
CREATE TABLE orders (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    member_id BIGINT UNSIGNED NOT NULL,
    status VARCHAR(20) NOT NULL,
    total DECIMAL(8,2) NOT NULL,
    note VARCHAR(200) NULL,
    CHECK (total >= 0),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
```
"""
MIGRATION = """<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;
return new class extends Migration {
    public function up(): void {
        Schema::create('members', function (Blueprint $table) { $table->id(); $table->string('email')->nullable(); });
        Schema::create('orders', function (Blueprint $table) {
            $table->id();
            $table->unsignedBigInteger('member_id')->nullable();
            $table->string('status', 20);
            $table->decimal('total', 12, 4);
            $table->string('note', 200)->nullable();
        });
    }
    public function down(): void { Schema::drop('orders'); Schema::drop('members'); }
};
"""
ROWS = (
    "INSERT INTO members (id, email) VALUES (1, 'a@b.c'), (2, 'a@b.c'), (3, NULL), (4, 'someone@example.org')",
    "INSERT INTO orders (id, member_id, status, total, note) VALUES (1, 1, 'new', 10.00, NULL), (2, 99, 'new', 10.0050, NULL), "
    "(3, NULL, 'new', -5, 'x'), (4, 1, 'paid', 1234567.5, NULL), (5, 98, 'paid', 7, NULL)",
)
ADDED: dict[str, dict[Driver, str]] = {
    "members UNIQUE (email)": {
        "mariadb": "ALTER TABLE members ADD UNIQUE (email)",
        "pgsql": "ALTER TABLE members ADD UNIQUE (email)",
        "sqlite": "CREATE UNIQUE INDEX members_email ON members (email)",
    },
    "members.email NOT NULL": {
        "mariadb": "ALTER TABLE members MODIFY email VARCHAR(255) NOT NULL",
        "pgsql": "ALTER TABLE members ALTER email SET NOT NULL",
    },
    "members.email VARCHAR(12)": {
        "mariadb": "ALTER TABLE members MODIFY email VARCHAR(12) NULL",
        "pgsql": "ALTER TABLE members ALTER email TYPE VARCHAR(12)",
    },
    "orders (member_id) → members (id)": {
        "mariadb": "ALTER TABLE orders ADD FOREIGN KEY (member_id) REFERENCES members (id)",
        "pgsql": "ALTER TABLE orders ADD FOREIGN KEY (member_id) REFERENCES members (id)",
    },
    "orders CHECK (total >= 0)": {
        "mariadb": "ALTER TABLE orders ADD CHECK (total >= 0)",
        "pgsql": "ALTER TABLE orders ADD CHECK (total >= 0)",
    },
    "orders.member_id NOT NULL": {
        "mariadb": "ALTER TABLE orders MODIFY member_id BIGINT UNSIGNED NOT NULL",
        "pgsql": "ALTER TABLE orders ALTER member_id SET NOT NULL",
    },
    "orders.total DECIMAL(8,2)": {
        "mariadb": "ALTER TABLE orders MODIFY total DECIMAL(8,2) NOT NULL",
        "pgsql": "ALTER TABLE orders ALTER total TYPE DECIMAL(8,2)",
    },
}
"""Each constraint that the specification proposes, and the statement that would add it."""
FOUND = [
    ("members UNIQUE (email)", "fails", 1, [{"email": "a@b.c"}]),
    ("members.email NOT NULL", "fails", 1, [{"id": "3"}]),
    ("members.email VARCHAR(12)", "fails", 1, [{"id": "4"}]),
    ("orders (member_id) → members (id)", "fails", 2, [{"id": "2"}, {"id": "5"}]),
    ("orders CHECK (total >= 0)", "fails", 1, [{"id": "3"}]),
    ("orders.member_id NOT NULL", "fails", 1, [{"id": "3"}]),
    ("orders.total DECIMAL(8,2)", "fails", 2, [{"id": "2"}, {"id": "4"}]),
]


class _Lite:
    """An SQLite file with the same two methods."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite://{path}"
        self.connection = sqlite3.connect(path, isolation_level=None)

    def execute(self, sql: str) -> str | None:
        try:
            self.connection.execute(sql)
        except sqlite3.Error as problem:
            return str(problem)
        return None


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "docs").mkdir(parents=True)
    (folder / "database" / "migrations").mkdir(parents=True)
    (folder / "composer.json").write_text('{"name": "acme/shop", "require": {"laravel/framework": "^12.0"}}')
    (folder / "docs" / "SCHEMA.md").write_text(SPECIFICATION)
    (folder / "database" / "migrations" / "2024_01_01_000000_create.php").write_text(MIGRATION)
    return folder


@contextmanager
def _filled(
    driver: Driver, project: Path, mysql_url: str, pgsql_url: str
) -> Iterator[tuple[str, Callable[[str], str | None]]]:
    """A database with the migrations' tables and ROWS: its URL, and how a statement is carried out there."""
    sql = project.parent / "schema.sql"
    assert run(["schema", str(project), "--driver", driver, "--format", "sql", "--output", str(sql)]) == 0
    statements = (*split_statements(sql.read_text(), driver), *ROWS)
    if driver == "sqlite":
        lite = _Lite(project.parent / "shop.sqlite")
        assert [lite.execute(s) for s in statements] == [None] * len(statements)
        yield lite.url, lite.execute
        return
    with real(driver, mysql_url, pgsql_url) as database:
        assert isinstance(database, Database)
        done(database, *statements)

        def execute(statement: str) -> str | None:
            code = database.execute(statement)
            if not isinstance(database, RealPgsql):
                database.connection.commit()
            return code

        yield address(database, mysql_url, pgsql_url), execute


def _preflight(project: Path, url: str, capfd: pytest.CaptureFixture[str], *more: str) -> Any:
    asked = ["preflight", str(project), "--database-url", url, "--spec", str(project / "docs" / "SCHEMA.md")]
    code = run([*asked, "--format", "json", *more])
    told = json.loads(capfd.readouterr().out)
    assert code == (1 if any(a["verdict"] == "fails" for a in told["answers"]) else 0)
    return told


@pytest.mark.parametrize("driver", ["mariadb", "pgsql", "sqlite"])
def test_what_stands_in_the_way_is_counted(
    driver: Driver, project: Path, mysql_url: str, pgsql_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with _filled(driver, project, mysql_url, pgsql_url) as (url, execute):
        told = _preflight(project, url, capfd, "--driver", driver)
        refused = {text: execute(by[driver]) for text, by in ADDED.items() if driver in by}
    answers = {a["constraint"]: (a["verdict"], a["violations"], a["examples"]) for a in told["answers"]}
    typed = {"members.email VARCHAR(12)", "orders.total DECIMAL(8,2)"}
    unproposed = typed if driver == "sqlite" else set()  # to SQLite these types are one
    assert answers == {text: (verdict, n, keys) for text, verdict, n, keys in FOUND if text not in unproposed}
    rounded = {"orders.total DECIMAL(8,2)"} & set(refused)  # one row is rounded, the other refused
    assert all(refused[text] is not None for text in {*refused} - rounded)


@pytest.mark.parametrize("driver", ["mariadb", "pgsql"])
def test_the_statements_show_and_mend_what_was_counted(
    driver: Driver, project: Path, mysql_url: str, pgsql_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    meant = {
        "members.email NOT NULL": "'n@b.c'",
        "members.email VARCHAR(12)": "'short'",
        "orders.member_id NOT NULL": "1",
        "orders.total DECIMAL(8,2)": "1",
        "orders CHECK (total >= 0)": "total = 0",
    }
    with _filled(driver, project, mysql_url, pgsql_url) as (url, execute):
        told = _preflight(project, url, capfd)
        for answer in sorted(told["answers"], key=lambda a: a["kind"] != "foreign key"):
            assert execute(answer["query"].rstrip(";")) is None, answer["query"]
            cleanup = answer["cleanup"].replace(
                "/* what it should be */", meant.get(answer["constraint"], "")
            )
            assert execute(cleanup.rstrip(";")) is None, cleanup
        again = _preflight(project, url, capfd)
        left = {a["constraint"]: a["violations"] for a in again["answers"] if a["verdict"] != "survives"}
        added = {text: execute(by[driver]) for text, by in ADDED.items()}
    assert left == {}
    assert added == dict.fromkeys(ADDED)


def test_a_question_that_takes_too_long_is_not_answered(
    project: Path, mysql_url: str, pgsql_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with _filled("pgsql", project, mysql_url, pgsql_url) as (url, execute):
        assert (
            execute(
                "INSERT INTO orders (id, status, total) SELECT n + 100, 'x', 1 FROM generate_series(1, 300000) n"
            )
            is None
        )
        assert execute("ANALYZE orders") is None
        told = _preflight(project, url, capfd, "--select", "COL005", "--seconds", "0.01")
    answers = {a["constraint"]: a for a in told["answers"]}
    slow = answers["orders.member_id NOT NULL"]
    assert (slow["verdict"], slow["violations"]) == ("cannot tell", None)
    assert slow["reason"] == "the server stopped it at its time limit, 0.01 s"
    assert 299_000 < slow["rows"] < 301_000
    assert 299_000 < slow["expected"] < 301_000


@pytest.mark.parametrize("driver", ["mariadb", "pgsql"])
def test_a_sample_proves_failure_and_nothing_else(
    driver: Driver, project: Path, mysql_url: str, pgsql_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with _filled(driver, project, mysql_url, pgsql_url) as (url, execute):
        assert execute("DELETE FROM members WHERE email IS NULL") is None
        told = _preflight(project, url, capfd, "--select", "COL005", "--sample", "50%")
    verdicts = {a["constraint"]: (a["verdict"], a["reason"]) for a in told["answers"]}
    assert verdicts["members.email NOT NULL"] == ("cannot tell", "none in a sample of 50 %")
    assert told["sample"] == 50


def test_text_and_markdown_tell_the_same(
    project: Path, capfd: pytest.CaptureFixture[str], mysql_url: str, pgsql_url: str
) -> None:
    with _filled("sqlite", project, mysql_url, pgsql_url) as (url, _):
        asked = ["preflight", str(project), "--database-url", url, "--select", "KEY004", "--driver", "sqlite"]
        assert run(asked) == 1
        text = capfd.readouterr().out
        assert run([*asked, "--format", "markdown", "--fail-on", "never"]) == 0
        markdown = capfd.readouterr().out
    query = (
        'SELECT c.* FROM "orders" AS c WHERE c."member_id" IS NOT NULL AND NOT EXISTS '
        '(SELECT 1 FROM "members" AS p WHERE p."id" = c."member_id");'
    )
    cleanup = query.replace("SELECT c.* FROM", "UPDATE", 1).replace(
        "AS c WHERE", 'AS c SET "member_id" = NULL WHERE', 1
    )
    assert text.split("\n", 2)[2] == (
        "Fails (1)\n"
        "  orders (member_id) → members (id)  [KEY004]\n"
        "      2 rows stand in the way of about 5 rows\n"
        "      id: 2; 5\n"
        f"      all: {query}\n"
        f"      mend: {cleanup}\n"
        "\n"
        "1 constraint asked about: 1 would fail (each question limited to 10 s).\n"
    )
    assert "| `orders (member_id) → members (id)` | fails | 2 | 5 | KEY004 |" in markdown
    assert f"```sql\n{query}\n```" in markdown


def test_mistakes_are_told_together(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["preflight", str(project), "--seconds", "soon", "--sample", "200"]) == 2
    assert capfd.readouterr().err == (
        "trueup preflight: --seconds: 'soon' is no number from 0.01 to 86400\n"
        "trueup preflight: --sample: '200' is no number from 0.01 to 100\n"
        "trueup preflight: --database-url: is missing (a URL, env:NAME, or the path of a .env file)\n"
    )


@pytest.mark.parametrize(
    ("driver", "have", "want", "condition"),
    [
        ("mariadb", "varchar(255)", "varchar(20)", "CHAR_LENGTH(v) > 20"),
        ("mariadb", "varchar(20)", "varchar(255)", ""),
        ("mariadb", "bigint unsigned", "int unsigned", "v > 4294967295"),
        ("mariadb", "int", "bigint unsigned", "v < 0"),
        ("mariadb", "decimal(12,4)", "decimal(8,2)", "v < -999999 OR v > 999999 OR v <> ROUND(v, 2)"),
        ("mariadb", "decimal(8,2)", "decimal(12,4)", ""),
        ("mariadb", "double", "decimal(10,2)", "v < -99999999 OR v > 99999999 OR v <> ROUND(v, 2)"),
        ("mariadb", "int", "tinyint(1)", "v NOT IN (0, 1)"),
        ("mariadb", "text", "json", "JSON_VALID(v) = 0"),
        ("mariadb", "longtext", "text", "OCTET_LENGTH(v) > 65535"),
        ("pgsql", "text", "varchar(20)", "char_length(CAST(v AS TEXT)) > 20"),
        ("pgsql", "text", "json", None),
        ("pgsql", "timestamp(0) without time zone", "date", None),
        ("sqlite", "varchar", "integer", None),
    ],
)
def test_what_another_type_loses(driver: Driver, have: str, want: str, condition: str | None) -> None:
    assert lossy("v", parse_type(have, driver), parse_type(want, driver), Dialect(driver, "15")) == condition


def test_what_cannot_be_asked_is_said() -> None:
    table = Table("t", (Column("a", "varchar(10)"),), (Index("primary", ("a",), True, True),))
    live = Schema("mysql", (table,))
    dialect = Dialect("mysql")
    asked: list[tuple[Proposal, float | None, str]] = [
        (Proposal("not null", "u", ("a",)), None, "the server has no table u"),
        (Proposal("not null", "t", ("b",)), None, "t has no column b on the server"),
        (Proposal("foreign key", "t", ("a",), "u", ("id",)), None, "the server has no table u to refer to"),
        (
            Proposal("type", "t", ("a",), type="point"),
            None,
            "how values of varchar(10) become point is not known",
        ),
        (
            Proposal("not null", "t", ("a",)),
            5,
            "a sample of it can't be taken: it has no single integer primary key",
        ),
    ]
    for proposal, percent, reason in asked:
        assert question(proposal, live, dialect, percent=percent) == Unaskable(reason)


def test_names_and_values_are_quoted() -> None:
    table = Table("o`dd", (Column("a", "varchar(10)"),), (Index("primary", ("a",), True, True),))
    put = question(
        Proposal("values", "o`dd", ("a",), values=("it's", "b\\s")),
        Schema("mysql", (table,)),
        Dialect("mysql"),
        "p_",
    )
    assert isinstance(put, Question)
    assert put.count == (
        "SELECT COUNT(*) FROM `p_o``dd` AS c WHERE c.`a` IS NOT NULL AND c.`a` NOT IN ('it''s', 'b\\\\s')"
    )
