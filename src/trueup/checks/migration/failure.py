"""MIG001: a migration that the project's server would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.project import OLDEST_MAJOR
from trueup.model.schema import Failure

_FOREIGN = """
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->foreignId('buyer_id')->constrained('buyers');
    });
"""
_BUYERS = "Schema::create('buyers', fn (Blueprint $table) => $table->id());"

EXAMPLES = (
    failing(
        "The key refers to a table that is made later",
        given(
            migrations={"2024_01_01_000000_orders": _FOREIGN, "2024_01_02_000000_buyers": _BUYERS},
            driver="pgsql",
        ),
        Expected(
            "error", '`2024_01_01_000000_orders` fails on PostgreSQL: relation "buyers" does not exist.'
        ),
    ),
    unsure(
        "Under a Laravel whose schema builder is not known",
        given(
            migrations={"2024_01_01_000000_orders": _FOREIGN, "2024_01_02_000000_buyers": _BUYERS},
            files={"composer.json": '{"require": {"laravel/framework": "^5.5"}}'},
            driver="pgsql",
        ),
    ),
    clean(
        "In the right order",
        given(
            migrations={"2024_01_01_000000_buyers": _BUYERS, "2024_01_02_000000_orders": _FOREIGN},
            driver="pgsql",
        ),
    ),
)
SERVERS = {"mysql": "MySQL", "mariadb": "MariaDB", "pgsql": "PostgreSQL", "sqlite": "SQLite"}


@check(
    code="MIG001",
    title="A migration fails",
    severity="error",
    category="migration",
    why="""`php artisan migrate` stops there on an empty database: no later migration runs. MySQL, MariaDB and SQLite keep what the
        migration had done by then, so that it cannot simply be run again.""",
    fix="Mend the statement that the server refuses. What fails on other servers only is MIG002.",
    examples=EXAMPLES,
)
def failure(facts: Facts) -> Iterator[Verdict]:
    for one in facts.schema.failures:
        if facts.project.major < OLDEST_MAJOR:
            known = f"it would fail under Laravel {OLDEST_MAJOR} ({one.reason})"
            reason = f"{known}; what Laravel {facts.project.major} does is not known"
            yield CannotTell("MIG001", one.migration, reason, one.at)
            continue
        outside = _made_outside(facts, one)
        yield Finding(
            "MIG001",
            "warning" if outside else "error",
            "migration",
            f"{code(one.migration)} fails on {SERVERS[facts.schema.driver]}: {sentence(one.reason)}",
            expected="migrates an empty database",
            found=f"{one.code + ': ' if one.code else ''}{one.reason}",
            locations=places(one.at),
            recommendation=_advice(outside, one),
            effort="S",
            key=one.migration,
        )


def sentence(reason: str) -> str:
    """The server's words as the end of a sentence."""
    return " ".join(reason.split()).rstrip(".") + "."


def _made_outside(facts: Facts, one: Failure) -> str:
    """The table, made by no migration of a package, that the application around it may have made ("users", most often)."""
    if facts.project.kind != "package":
        return ""
    made = {t.lower() for m in facts.migrations for t in m.creates}
    return (
        "users" if "users" not in made and "users'" in one.reason.replace('"', "'").replace("`", "'") else ""
    )


def _advice(outside: str, one: Failure) -> str:
    if outside:
        return f"State in the package's documentation that the application must have made {code(outside)} by then, or make no key."
    return f"Mend {one.at}, and try the whole run on an empty database of this server."
