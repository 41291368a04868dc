"""TST002: a suite that runs on SQLite, for a project that does not."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.project import Project

_DATABASE = """
    <?php

    return [
        'default' => env('DB_CONNECTION', '%s'),
        'connections' => [
            'mysql' => ['driver' => 'mysql', 'charset' => 'utf8mb4'],
            'sqlite' => ['driver' => 'sqlite', 'foreign_key_constraints' => true],
        ],
    ];
"""
_PHPUNIT = """
    <?xml version="1.0" encoding="UTF-8"?>
    <phpunit>
        <php>
            <env name="DB_CONNECTION" value="sqlite"/>
        </php>
    </phpunit>
"""

EXAMPLES = (
    failing(
        "MySQL in production, SQLite in the tests",
        given(migration=table(), files={"config/database.php": _DATABASE % "mysql", "phpunit.xml": _PHPUNIT}),
        Expected("info", "The tests run on SQLite, the project on MySQL."),
    ),
    clean(
        "SQLite in both",
        given(
            migration=table(),
            files={"config/database.php": _DATABASE % "sqlite", "phpunit.xml": _PHPUNIT},
            driver="sqlite",
        ),
    ),
)
_NAMES = {"mysql": "MySQL", "mariadb": "MariaDB", "pgsql": "PostgreSQL", "sqlite": "SQLite"}


@check(
    code="TST002",
    title="The tests run on another server than the project",
    severity="info",
    category="test",
    why="""SQLite takes an unknown column in WHERE or ORDER BY for a string, knows neither lengths nor most types, and lets names
        be of any length: what would fail in production passes.""",
    fix="Run the suite on the server of production too, at least before a release.",
    examples=EXAMPLES,
)
def other_server(facts: Facts) -> Iterator[Verdict]:
    suite, driver = facts.config.suite, facts.schema.driver
    if suite.driver != "sqlite" or driver == "sqlite" or not _is_known(facts.project, facts):
        return
    yield Finding(
        "TST002",
        "info",
        "test",
        f"The tests run on SQLite, the project on {_NAMES[driver]}.",
        expected=driver,
        found=suite.driver,
        locations=(suite.at,),
        recommendation=f"Run the suite on {_NAMES[driver]} too.",
        effort="M",
    )


def _is_known(project: Project, facts: Facts) -> bool:
    """Whether something says which server the project is for: its configuration, or a document's SQL."""
    return project.driver_from != "assumed" or any(
        t.dialect == facts.schema.driver for t in facts.specification.required
    )
