"""CFG002: strict mode is switched off."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_DATABASE = """
    <?php

    return [
        'default' => 'mysql',
        'connections' => [
            'mysql' => ['driver' => 'mysql', 'charset' => 'utf8mb4', 'strict' => %s],
        ],
    ];
"""

EXAMPLES = (
    failing(
        "Values are bent until they fit",
        given(migration=table(), files={"config/database.php": _DATABASE % "false"}),
        Expected("info", "The connection `mysql` is not strict."),
    ),
    clean(
        "Strict, as the framework's own skeleton",
        given(migration=table(), files={"config/database.php": _DATABASE % "true"}),
    ),
)


@check(
    code="CFG002",
    title="Strict mode is off",
    severity="info",
    category="config",
    why="""What does not fit is bent instead of refused: texts are cut, numbers set to the highest that fits, unknown values of an
        ENUM become '', and columns that an INSERT leaves out become 0 or ''. Amounts are wrong and nobody is told.""",
    fix="Set `'strict' => true`, after looking for code that relies on it.",
    examples=EXAMPLES,
)
def not_strict(facts: Facts) -> Iterator[Verdict]:
    chosen = facts.config.chosen
    loosened = tuple(at for name, at in facts.config.loosened if name == chosen.name)
    if chosen.strict is not False or facts.schema.driver not in {"mysql", "mariadb"}:
        return
    yield Finding(
        "CFG002",
        "info",
        "config",
        f"The connection {code(chosen.name)} is not strict.",
        expected="'strict' => true",
        found="'strict' => false",
        locations=loosened or (facts.config.at,),
        recommendation="Take the line out." if loosened else "Set `'strict' => true` in config/database.php.",
        effort="M",
    )
