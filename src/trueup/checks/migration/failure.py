"""MIG001: a migration that the project's server would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_makers
from trueup.checks.subjects import unsure as unsure_of
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.locations import Gap
from trueup.model.project import OLDEST_MAJOR
from trueup.model.schema import Failure

_FOREIGN = """
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->foreignId('buyer_id')->constrained('buyers');
    });
"""
_BUYERS = "Schema::create('buyers', fn (Blueprint $table) => $table->id());"

_PLUGIN = """
    <?php

    use Illuminate\\Database\\Migrations\\Migration;
    use Illuminate\\Support\\Facades\\Schema;

    return new class extends Migration
    {
        public function up(): void
        {
            %s
        }
    };
"""
_PROVIDER = """
    <?php

    namespace App\\Providers;

    class PluginServiceProvider extends \\Illuminate\\Support\\ServiceProvider
    {
        public function boot(): void
        {
            foreach (Plugin::installed() as $plugin) {
                $this->loadMigrationsFrom($plugin->path());
            }
        }
    }
"""

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
    unsure(
        "What a call before it makes is not known",
        given(
            migrations={
                "2024_01_01_000000_buyers": _BUYERS + " \\Vendor\\Sales\\Columns::add('buyers');",
                "2024_01_02_000000_notes": "Schema::table('buyers', fn (Blueprint $table) => $table->dropColumn('note'));",
            },
            driver="pgsql",
        ),
    ),
    unsure(
        "What a package's macro of the Blueprint makes is not known",
        given(
            migrations={
                "2024_01_01_000000_buyers": "Schema::create('buyers', fn (Blueprint $table) => $table->boardPosition('place'));",
                "2024_01_02_000000_places": "Schema::table('buyers', fn (Blueprint $table) => $table->dropColumn('place'));",
            },
            files={
                "composer.lock": '{"packages": [{"name": "laravel/framework", "version": "v12.1.0"},'
                ' {"name": "vendor/board", "version": "1.0.0"}]}'
            },
            driver="pgsql",
        ),
    ),
    unsure(
        "What a call before it drops is not known",
        given(
            migrations={
                "2024_01_01_000000_buyers": _BUYERS,
                "2024_01_02_000000_gone": "\\Vendor\\Sales\\Tables::drop('buyers');",
                "2024_01_03_000000_buyers_again": _BUYERS,
            },
            driver="pgsql",
        ),
    ),
    unsure(
        "Plugins, which a provider loads as they are installed",
        given(
            files={
                "plugins/sales/database/migrations/2024_01_01_000000_orders.php": _PLUGIN
                % "Schema::table('calendars', fn ($table) => $table->string('note'));",
                "plugins/core/database/migrations/2024_02_01_000000_calendars.php": _PLUGIN
                % "Schema::create('calendars', fn ($table) => $table->id());",
                "app/Providers/PluginServiceProvider.php": _PROVIDER,
            },
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
_STATE = re.compile(
    r"does(?:n't| not) exist|no such (?:table|column)|unknown column|check that it exists|errno: 150"
    r"|already exists|duplicate (?:column|key|foreign)|multiple primary|(?:used|needed) in a foreign key|on null|no query results"
    r"|there is no (?:table|column) with name",
    re.I,
)
"""The servers' and the framework's words for something that is missing, or there already, by what ran before."""
_ABORTED = "25P02"
"""PostgreSQL's code for a statement behind one that failed; where that one stands in an undecided branch, nothing is known."""
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
        hidden = _hidden_before(facts, one)
        if hidden is not None:
            yield unsure_of("MIG001", one.migration, hidden)
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


def _hidden_before(facts: Facts, one: Failure) -> Gap | None:
    """What may have run before and was not followed, where the failure is about something that is not there, or there already:
    a call, folders whose order is decided when the application runs, a package that makes a table for itself."""
    undecided = next(
        (g for g in facts.schema.gaps if g.kind == "undecided" and g.at.file == one.at.file), None
    )
    if one.code == _ABORTED:
        return undecided
    if not _STATE.search(one.reason):
        return None
    paths = [m.path for m in facts.migrations]
    number = next((n for n, m in enumerate(facts.migrations) if m.name == one.migration), -1)
    before = set(paths[: number + 1])
    called = next((g for g in facts.schema.gaps if _may_change(g) and g.at.file in before), None)
    return called or _unordered(facts, one) or _of_family(facts, one)


def _of_family(facts: Facts, one: Failure) -> Gap | None:
    """Of a package that is part of a family: what is not there, the others may have made."""
    return None if "exists" in one.reason.replace("check that it exists", "") else doubt_about_makers(facts)


def _unordered(facts: Facts, one: Failure) -> Gap | None:
    """A provider that picks what it loads when it runs, for a migration outside of database/migrations: plugins are installed one
    after the other, not in the order of all files' names."""
    usual = any(
        f.why == "default" and one.at.file.startswith(f.path + "/") for f in facts.project.migration_folders
    )
    return None if usual else next((g for g in facts.project.gaps if g.kind == "dynamic-path"), None)


def _may_change(gap: Gap) -> bool:
    """Whether an unknown call may change the schema: a package's macro of the Blueprint, but not what makes a factory of rows."""
    return gap.kind == "unknown-macro" or (gap.kind == "unknown-call" and "::factory()" not in gap.reason)


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
