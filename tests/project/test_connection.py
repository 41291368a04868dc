"""The application's default connection, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.trees import composer, make
from trueup.sources.project import read_project

CONNECTIONS = """'connections' => [
  'sqlite' => ['driver' => 'sqlite'],
  'main' => ['url' => env('X'), 'driver' => 'pgsql', 'options' => [1]],
  'sqlsrv' => ['driver' => 'sqlsrv'],
]"""


def config(default: str) -> str:
    return f"<?php\nreturn [\n// 'default' => 'sqlite',\n'default' => {default},\n{CONNECTIONS}];"


@pytest.mark.parametrize(
    ("files", "driver", "why"),
    [
        (
            {"config/database.php": config("env('DB_CONNECTION', 'mysql')")},
            "mysql",
            "config/database.php:4: the default connection is env('DB_CONNECTION', 'mysql')",
        ),
        (
            {
                "config/database.php": config("env('DB_CONNECTION', 'mysql')"),
                ".env.example": "DB_CONNECTION=pgsql\n",
            },
            "pgsql",
            ".env.example:1 sets DB_CONNECTION=pgsql, which config/database.php:4 reads; its default in the code is 'mysql'",
        ),
        (
            {
                "config/database.php": config("env('DB_CONNECTION', 'mysql')"),
                ".env.example": "DB_CONNECTION=mysql\n",
            },
            "mysql",
            "config/database.php:4: the default connection is env('DB_CONNECTION', 'mysql'), and .env.example:1 says the same",
        ),
        (
            {
                "config/database.php": config("env('DB_CONNECTION', 'sqlite')"),
                ".env.example": "#x\nDB_CONNECTION=pgsql\n",
            },
            "pgsql",
            ".env.example:2 sets DB_CONNECTION=pgsql, which config/database.php:4 reads; its default in the code is 'sqlite'",
        ),
        (
            {
                "config/database.php": config("env('DB_CONNECTION', 'sqlite')"),
                ".env.example": "# DB_CONNECTION=pgsql\n",
            },
            "sqlite",
            "config/database.php:4: the default connection is env('DB_CONNECTION', 'sqlite')",
        ),
        (
            {
                "config/database.php": config("(string) envNonEmpty('DB_CONNECTION', 'mysql')"),
                ".env.example": "DB_CONNECTION=sqlite",
            },
            "mysql",
            "config/database.php:4: the default connection is env('DB_CONNECTION', 'mysql'), and .env.example:1 sets sqlite",
        ),
        (
            {"config/database.php": config("env('DB_CONNECTION')"), ".env.example": "DB_CONNECTION=main"},
            "pgsql",
            ".env.example:1 sets DB_CONNECTION=main, which config/database.php:4 reads, whose driver is pgsql",
        ),
        (
            {"config/database.php": config("env_default_when_empty(env('DB_CONNECTION'), 'pgsql')")},
            "pgsql",
            "config/database.php:4: the default connection is env('DB_CONNECTION', 'pgsql')",
        ),
        (
            {"config/database.php": config("'main'")},
            "pgsql",
            "config/database.php:4: the default connection is 'main', whose driver is pgsql",
        ),
        ({"config/database.php": config("'sqlsrv'")}, "mysql", "assumed"),
        ({"config/database.php": config("$unknown")}, "mysql", "assumed"),
        (
            {
                "config/database.php": config("env('DB_CONNECTION', 'mysql')"),
                "phpunit.xml": '<env name="DB_CONNECTION" value="sqlite"/>',
            },
            "mysql",
            "config/database.php:4: the default connection is env('DB_CONNECTION', 'mysql')",
        ),
        (
            {"app/Config/database.php": config("env('DB_CONNECTION', 'mariadb')")},
            "mariadb",
            "app/Config/database.php:4: the default connection is env('DB_CONNECTION', 'mariadb')",
        ),
        ({}, "sqlite", "there is no config/database.php, and the framework's own default is sqlite"),
        ({".env.example": "DB_CONNECTION=mariadb"}, "mariadb", ".env.example:1 sets DB_CONNECTION=mariadb"),
        ({"composer.json": composer({"laravel/framework": "^10.0"})}, "mysql", "assumed"),
    ],
)
def test_default_connection_of_an_app(files: dict[str, str], driver: str, why: str, tmp_path: Path) -> None:
    project = read_project(str(make(tmp_path, {"artisan": "", **files})))
    assert (project.driver, project.driver_from) == (driver, why)


def test_a_package_has_none(tmp_path: Path) -> None:
    project = read_project(str(make(tmp_path, {"src/A.php": "<?php"})))
    assert (project.driver, project.driver_from) == ("mysql", "assumed")
