"""TST003: SQLite does not look at foreign keys in the tests."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.wording import places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_DATABASE = """
    <?php

    return [
        'default' => 'mysql',
        'connections' => [
            'mysql' => ['driver' => 'mysql', 'charset' => 'utf8mb4'],
            'sqlite' => ['driver' => 'sqlite', 'database' => ':memory:'%s],
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
_MIGRATION = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', fn (Blueprint $table) => [$table->id(), $table->foreignId('user_id')->constrained()]);
"""


def _files(keys: str) -> dict[str, str]:
    return {"config/database.php": _DATABASE % keys, "phpunit.xml": _PHPUNIT}


EXAMPLES = (
    failing(
        "The connection does not switch them on",
        given(migration=_MIGRATION, files=_files("")),
        Expected("info", "The tests' connection `sqlite` does not check foreign keys."),
    ),
    clean("It does", given(migration=_MIGRATION, files=_files(", 'foreign_key_constraints' => true"))),
    clean("There are none", given(migration=table(), files=_files(""))),
)


@check(
    code="TST003",
    title="The tests do not check foreign keys",
    severity="info",
    category="test",
    why="""SQLite leaves foreign keys alone unless a connection asks for them: rows that refer to nothing, deletes that production
        refuses, and cascades that never run all pass.""",
    fix="Set `'foreign_key_constraints' => true` for the connection in config/database.php.",
    examples=EXAMPLES,
)
def keys_off(facts: Facts) -> Iterator[Verdict]:
    suite = facts.config.suite
    if suite.foreign_keys is not False or not any(t.foreign_keys for t in facts.schema.tables):
        return
    yield Finding(
        "TST003",
        "info",
        "test",
        f"The tests' connection `{suite.connection}` does not check foreign keys.",
        expected="'foreign_key_constraints' => true",
        found="not set",
        locations=places(suite.at, facts.config.at),
        recommendation=f"Set `'foreign_key_constraints' => true` for the connection `{suite.connection}`.",
    )
