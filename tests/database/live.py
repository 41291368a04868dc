"""A small shop, its migrations carried out on a server of our own, and then changed by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.sql.real import RealMysql, RealPgsql, real
from trueup.cli import run
from trueup.model.names import Driver
from trueup.model.schema import Schema
from trueup.sources.database import read_database
from trueup.sources.sql.read import read_sql, split_statements
from trueup.sources.sql.servers import server_for

FIRST, SECOND = "2024_01_01_000000_create_orders", "2024_02_01_000000_add_note"
_FIRST = """
        Schema::create('users', function (Blueprint $table) { $table->id(); $table->string('email')->unique(); });
        Schema::create('orders', function (Blueprint $table) {
            $table->id();
            $table->foreignId('user_id')->constrained();
            $table->string('status', 20)->index();
            $table->decimal('total', 12, 2);
        });
"""
_SECOND = "Schema::table('orders', function (Blueprint $table) { $table->text('note')->nullable(); });"


def _migration(body: str) -> str:
    return (
        "<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Database\\Schema\\Blueprint;\n"
        "use Illuminate\\Support\\Facades\\Schema;\nreturn new class extends Migration {\n"
        f"    public function up(): void {{ {body} }}\n    public function down(): void {{ /* by hand */ }}\n}};\n"
    )


def shop(folder: Path, specification: str = "") -> Path:
    """The project on disk: two migrations, perhaps a specification."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "composer.json").write_text('{"name": "acme/shop", "require": {"laravel/framework": "^12.0"}}')
    migrations = folder / "database" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / f"{FIRST}.php").write_text(_migration(_FIRST))
    (migrations / f"{SECOND}.php").write_text(_migration(_SECOND))
    if specification:
        (folder / "docs").mkdir()
        (folder / "docs" / "SCHEMA.md").write_text(specification)
    return folder


Database = RealMysql | RealPgsql


def address(database: Database, mysql_url: str, pgsql_url: str) -> str:
    return f"{pgsql_url if isinstance(database, RealPgsql) else mysql_url}{database.name}"


@contextmanager
def migrated(driver: Driver, mysql_url: str, pgsql_url: str, project: Path) -> Iterator[Database]:
    """A database of the driver's server that holds what the first migration builds, and a table of migrations."""
    sql = project.parent / f"{driver}.sql"
    asked = ["--driver", driver, "--format", "sql", "--at", FIRST, "--output", str(sql)]
    assert run(["schema", str(project), *asked]) == 0
    with real(driver, mysql_url, pgsql_url) as database:
        assert isinstance(database, Database)
        key = "id SERIAL PRIMARY KEY" if driver == "pgsql" else "id INT AUTO_INCREMENT PRIMARY KEY"
        ledger = f"CREATE TABLE migrations ({key}, migration VARCHAR(255), batch INT)"
        ran = f"INSERT INTO migrations (migration, batch) VALUES ('{FIRST}', 1)"
        done(database, *split_statements(sql.read_text(), driver), ledger, ran)
        yield database


def done(database: Database, *statements: str) -> None:
    """Carries the statements out; each must succeed."""
    for statement in statements:
        assert database.execute(statement) is None, statement
    if isinstance(database, RealMysql):
        database.connection.commit()


def built(statements: str, driver: Driver, version: str | None = None) -> Schema:
    """What the replay makes of them."""
    server = server_for(driver, version)
    for one in read_sql(statements, driver, server_version=version):
        server.execute(one)
    return server.freeze()


def live(statements: str, driver: Driver, folder: Path, mysql_url: str, pgsql_url: str) -> Schema:
    """What a live database tells in which they were carried out."""
    if driver == "sqlite":
        file = folder / "t.sqlite"
        with sqlite3.connect(file) as connection:
            connection.executescript(statements)
        connection.close()
        return read_database(f"sqlite://{file}")
    with real(driver, mysql_url, pgsql_url) as database:
        assert isinstance(database, RealMysql | RealPgsql)
        done(database, *split_statements(statements, driver))
        return read_database(address(database, mysql_url, pgsql_url))
