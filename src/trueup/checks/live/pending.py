"""LIV001: migrations that have not run on the live database."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given, unsure
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.migrations import MigrationFile

_SECOND = {
    "2024_02_01_000000_add_note": """
        Schema::table('orders', function (Blueprint $table) {
            $table->text('note')->nullable();
        });
    """
}

EXAMPLES = (
    failing(
        "A column is still to be added",
        given(migration=MIGRATION, migrations=_SECOND, live=GivenLive(ORDERS, (FIRST,))),
        Expected(
            "warning",
            "The migration `2024_02_01_000000_add_note` has not run on the live database.",
        ),
    ),
    clean("Every migration has run", given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,)))),
    unsure(
        "The database has no table of migrations",
        given(migration=MIGRATION, live=GivenLive(ORDERS, None)),
    ),
)


@check(
    code="LIV001",
    title="A migration has not run on the live database",
    severity="warning",
    category="live",
    why="""The code that is deployed with the migration expects what it builds. What a pending migration will change is not told
        as a difference of the live database besides.""",
    fix="`php artisan migrate`, as part of every deployment.",
    examples=EXAMPLES,
)
def pending_migration(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    if found is None or facts.live is None:
        return
    if facts.live.entries is None:
        reason = facts.live.why_untold("migrations") or f"there is no table `{facts.live.ledger}`"
        yield CannotTell("LIV001", "which migrations have run", reason, facts.live.at)
        return
    for migration in found.pending:
        yield _finding(facts, migration)


def _finding(facts: Facts, migration: MigrationFile) -> Finding:
    touched = sorted({*migration.creates, *migration.changes, *migration.drops})
    about = f"; it is about {listed(touched)}" if touched else ""
    return Finding(
        "LIV001",
        "warning",
        "live",
        f"The migration {code(migration.name)} has not run on the live database.",
        expected=f"{migration.name} in the table of migrations",
        found="not there" + about,
        locations=places(migration.class_at, server(facts)),
        recommendation="Run `php artisan migrate` there.",
        key=migration.name,
    )
