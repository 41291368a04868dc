"""What is read of config/database.php, of the suite's server and of configured names of tables: whole answers."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.model.config import Connection, DatabaseConfig, SuiteServer, TableName
from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.sources.laravel.config import read_config
from trueup.sources.project import read_project

APP = '{"name": "acme/app", "type": "project", "require": {"laravel/framework": "^12.0"}}'
PACKAGE = '{"name": "acme/package", "type": "library", "require": {"illuminate/support": "^12.0"}}'


def read(
    folder: Path, files: dict[str, str], driver: Driver = "mysql", composer: str = APP
) -> DatabaseConfig:
    for path, text in {"composer.json": composer, **files}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    return read_config(read_project(str(folder)), driver)


def connections(body: str) -> dict[str, str]:
    return {
        "config/database.php": f"<?php\n\nreturn ['default' => env('DB_CONNECTION', 'mysql'), 'connections' => [{body}]];\n"
    }


@pytest.mark.parametrize(
    ("written", "strict"),
    [
        ("'strict' => true", True),
        ("'strict' => false", False),
        ("'strict' => env('DB_STRICT', false)", False),
        ("'charset' => 'utf8mb4'", None),
        ("'strict' => true, 'modes' => ['NO_ZERO_DATE']", False),
        ("'strict' => false, 'modes' => ['STRICT_TRANS_TABLES']", True),
        ("'strict' => some_function()", None),
    ],
)
def test_strict_mode(tmp_path: Path, written: str, strict: bool | None) -> None:
    config = read(tmp_path, connections(f"'mysql' => ['driver' => 'mysql', {written}]"))
    assert config.strict is strict


def test_a_connection_with_all_that_matters(tmp_path: Path) -> None:
    body = """
        'mysql' => ['driver' => 'mysql', 'charset' => 'utf8mb4', 'collation' => 'utf8mb4_bin', 'prefix' => 'x_',
            'prefix_indexes' => true, 'strict' => true, 'engine' => 'InnoDB'],
        'sqlite' => ['driver' => 'sqlite', 'foreign_key_constraints' => env('DB_FOREIGN_KEYS', true)],
    """
    mysql = Connection("mysql", "mysql", True, "utf8mb4", "utf8mb4_bin", "x_", True, "InnoDB")
    sqlite = Connection("sqlite", "sqlite", foreign_keys=True)
    assert read(tmp_path, connections(body)) == DatabaseConfig(
        default="mysql", chosen=mysql, connections=(mysql, sqlite), at=Location("config/database.php")
    )


def test_without_a_configuration_nothing_is_said_of_strictness(tmp_path: Path) -> None:
    assert read(tmp_path, {}, "pgsql", PACKAGE) == DatabaseConfig(chosen=Connection("pgsql", "pgsql"))


def test_a_provider_may_switch_strict_mode_off(tmp_path: Path) -> None:
    statement = "config(['database.connections.mysql.strict' => false]);"
    provider = f"<?php\n\n// {statement}\n{statement}\n"
    files = {
        **connections("'mysql' => ['driver' => 'mysql', 'strict' => true]"),
        "app/Providers/AppServiceProvider.php": provider,
    }
    config = read(tmp_path, files)
    assert (config.strict, config.loosened) == (
        False,
        (("mysql", Location("app/Providers/AppServiceProvider.php", 4)),),
    )


PHPUNIT = """
    <phpunit>
        <php>
            <!-- <env name="DB_CONNECTION" value="pgsql"/> -->
            <env name="DB_CONNECTION" value="{}"/>
        </php>
    </phpunit>
"""
TESTCASE = """
    <?php

    abstract class TestCase extends Testbench
    {
        protected function defineEnvironment($app): void
        {
            $app['config']->set('database.default', 'testing');
            $app['config']->set('database.connections.testing', ['driver' => 'sqlite'%s]);
        }
    }
"""


@pytest.mark.parametrize(
    ("files", "composer", "suite"),
    [
        ({}, APP, SuiteServer()),
        (
            {"phpunit.xml": PHPUNIT.format("sqlite"), **connections("'sqlite' => ['driver' => 'sqlite']")},
            APP,
            SuiteServer("sqlite", "sqlite", Location("phpunit.xml", 4), False),
        ),
        (
            {"phpunit.xml.dist": PHPUNIT.format("suite"), **connections("'suite' => ['driver' => 'mysql']")},
            APP,
            SuiteServer("mysql", "suite", Location("phpunit.xml.dist", 4)),
        ),
        (
            {".env.testing": "APP_ENV=testing\nDB_CONNECTION=pgsql\n"},
            APP,
            SuiteServer("pgsql", "pgsql", Location(".env.testing", 2)),
        ),
        (
            {"tests/TestCase.php": TESTCASE % "", "phpunit.xml": PHPUNIT.format("mysql")},
            PACKAGE,
            SuiteServer("sqlite", "testing", Location("tests/TestCase.php", 7), False),
        ),
        (
            {"tests/TestCase.php": TESTCASE % ", 'foreign_key_constraints' => true"},
            PACKAGE,
            SuiteServer("sqlite", "testing", Location("tests/TestCase.php", 7), True),
        ),
        ({"phpunit.xml": PHPUNIT.format("nowhere")}, APP, SuiteServer()),
    ],
)
def test_the_server_of_the_suite(
    tmp_path: Path, files: dict[str, str], composer: str, suite: SuiteServer
) -> None:
    assert read(tmp_path, files, composer=composer).suite == suite


def test_names_of_tables(tmp_path: Path) -> None:
    budget = """
        <?php

        return [
            'table' => 'budgets',
            'tables' => [
                'usage' => env('USAGE_TABLE', 'ai_usage'),
                'label' => 'not a name',
            ],
            'alerts_table' => "alerts",
            'currency' => 'USD',
        ];
    """
    queue = "<?php\n\nreturn ['failed' => ['table' => 'failed_jobs']];\n"
    config = read(tmp_path, {"config/budget.php": budget, "config/queue.php": queue})
    assert config.table_names == (
        TableName("budget.table", "budgets", Location("config/budget.php", 4)),
        TableName("budget.tables.usage", "ai_usage", Location("config/budget.php", 6)),
        TableName("budget.alerts_table", "alerts", Location("config/budget.php", 9)),
    )


@settings(max_examples=30, deadline=None)
@given(body=st.text(max_size=80), xml=st.text(max_size=80))
def test_nothing_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, body: str, xml: str) -> None:
    folder = tmp_path_factory.mktemp("config")
    text = body.encode("utf-8", "replace").decode("utf-8")
    files = {
        "config/database.php": "<?php return " + text,
        "config/x.php": "<?php return ['table' => " + text,
    }
    assert isinstance(
        read(folder, {**files, "phpunit.xml": xml.encode("utf-8", "replace").decode("utf-8")}), DatabaseConfig
    )
