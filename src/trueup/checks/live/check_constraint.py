"""LIV013: CHECK constraints that the live database has otherwise than the migrations build them."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, doubt, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.diff import CheckAdded, CheckRemoved
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.schema import Check

_MIGRATION = """
    Schema::create('costs', function (Blueprint $table) { $table->id(); $table->decimal('cost', 20, 10); });
    DB::statement('ALTER TABLE costs ADD CONSTRAINT costs_cost_check CHECK (cost >= 0)');
"""
_LIVE = """
    CREATE TABLE costs (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, cost decimal(20,10) NOT NULL{check});
"""

EXAMPLES = (
    failing(
        "The constraint is gone",
        given(migration=_MIGRATION, live=GivenLive(_LIVE.replace("{check}", ""), (FIRST,))),
        Expected(
            "warning",
            "The live table `costs` lacks the CHECK constraint `cost >= 0`, which migrations that have run there build.",
            table="costs",
            index="costs_cost_check",
        ),
    ),
    failing(
        "It lets in more than the migrations' does",
        given(
            migration=_MIGRATION,
            live=GivenLive(
                _LIVE.replace("{check}", ", CONSTRAINT costs_cost_check CHECK (cost >= -100)"), (FIRST,)
            ),
        ),
        Expected(
            "warning",
            "The CHECK constraint `costs_cost_check` of `costs` is otherwise on the live database: `cost >= -100` where migrations "
            "build `cost >= 0`.",
            table="costs",
            index="costs_cost_check",
        ),
    ),
    failing(
        "A constraint made by hand",
        given(
            migration=_MIGRATION.replace(" >= 0", " > -1"),
            live=GivenLive(
                _LIVE.replace(
                    "{check}",
                    ", CONSTRAINT costs_cost_check CHECK (cost > -1), CONSTRAINT most CHECK (cost < 100)",
                ),
                (FIRST,),
            ),
        ),
        Expected(
            "warning",
            "The live table `costs` has a CHECK constraint `cost < 100` that no migration builds.",
            table="costs",
            index="most",
        ),
    ),
    clean(
        "The same constraint in the server's own words",
        given(
            migration=_MIGRATION,
            live=GivenLive(
                _LIVE.replace("{check}", ", CONSTRAINT costs_cost_check CHECK (`cost` >= 0.0)"), (FIRST,)
            ),
        ),
    ),
)


@check(
    code="LIV013",
    title="A CHECK constraint is otherwise on the live database",
    severity="warning",
    category="live",
    why="""Without the constraint the server stores rows that are refused everywhere else; one that was made by hand refuses rows
        that are right everywhere else. Servers keep constraints in words of their own: what is compared is what they say, and two
        that might be the same one because of a function in them are not told apart.""",
    fix="A new migration that makes the constraint what is meant; `trueup preflight` counts the rows that stand in its way.",
    examples=EXAMPLES,
)
def check_constraint_other_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    if found and facts.live and any(gap.kind == "live-checks" for gap in facts.live.schema.gaps):
        yield CannotTell(
            "LIV013", "CHECK constraints", "they could not be read from the server", server(facts)
        )
        return
    differences = found.differences if found else ()
    live = {(d.table, d.check.name): d.check for d in differences if isinstance(d, CheckRemoved)}
    for difference in differences:
        match difference:
            case CheckAdded(table, constraint) if (table, constraint.name) in live and constraint.name:
                yield _other(facts, table, constraint, live.pop((table, constraint.name)))
            case CheckAdded(table, constraint):
                message = (
                    f"The live table {code(table)} lacks the CHECK constraint {code(constraint.expression)}, "
                    "which migrations that have run there build."
                )
                yield _finding(facts, table, constraint, message, constraint.expression, "no such constraint")
            case _:
                continue
    for (table, _), constraint in live.items():
        shown = constraint.expression
        message = (
            f"The live table {code(table)} has a CHECK constraint {code(shown)} that no migration builds."
        )
        unsure = doubt("LIV013", facts, table, f"{table} CHECK ({shown})")
        yield unsure or _finding(facts, table, constraint, message, "no such constraint", shown)


def _other(facts: Facts, table: str, built: Check, live: Check) -> Finding:
    message = (
        f"The CHECK constraint {code(built.name or '')} of {code(table)} is otherwise on the live database: "
        f"{code(live.expression)} where migrations build {code(built.expression)}."
    )
    return _finding(facts, table, built, message, built.expression, live.expression)


def _finding(facts: Facts, table: str, constraint: Check, message: str, expected: str, found: str) -> Finding:
    built = facts.schema.table(table)
    return Finding(
        "LIV013",
        "warning",
        "live",
        message,
        table=table,
        index=constraint.name or "",
        key="" if constraint.name else constraint.expression,
        expected=expected,
        found=found,
        locations=places(constraint.at, built.at if built else None, server(facts)),
        recommendation="Write a migration that makes it what is meant; ask `trueup preflight` before.",
    )
