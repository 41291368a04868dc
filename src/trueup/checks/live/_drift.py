"""What checks of the live database share: the drift, and the doubts about it."""

from __future__ import annotations

from trueup.checks.subjects import doubt_about_contents, doubt_about_table
from trueup.compare.drift import Drift, drift
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell
from trueup.model.locations import Location

MIGRATION = """
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->string('status', 20)->index();
    });
"""
FIRST = "2024_01_01_000000_first"
ORDERS = """
    CREATE TABLE orders (
        id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, status varchar(20) NOT NULL,
        KEY orders_status_index (status)
    );
"""
"""A migration, its name, and the table as it builds it."""


def drifted(facts: Facts) -> Drift | None:
    """None where no live database was read."""
    return drift(facts.live, facts.schema, facts.migrations) if facts.live else None


def server(facts: Facts) -> Location:
    """The place that stands for the server."""
    assert facts.live is not None
    return facts.live.at


def required(facts: Facts, table: str, column: str = "") -> Location | None:
    """Where the specification requires a table or column of that name, under which no migration builds it."""
    wanted = facts.specification.table(table)
    if not column:
        return wanted.at if wanted else None
    pairs = (p for p in facts.comparison.pairs if p.existing and p.existing.name.lower() == table.lower())
    wanted = next((p.required for p in pairs), wanted)
    found = (c for c in wanted.columns if c.name.lower() == column.lower()) if wanted else iter(())
    return next((c.at for c in found), None)


def doubt(code: str, facts: Facts, table: str, subject: str) -> CannotTell | None:
    """Why nothing can be said of what the server has more: a migration of that table fails in the replay, or a statement could not
    be understood, so that the migrations may build it after all."""
    lowered = table.lower()
    failed = {f.migration: f for f in facts.schema.failures}
    for migration in facts.migrations:
        if migration.name in failed and lowered in {
            t.lower() for t in (*migration.creates, *migration.changes)
        }:
            failure = failed[migration.name]
            return CannotTell(code, subject, f"{failure.at}: its migration stops there", failure.at, table)
    built = facts.schema.table(table)
    gap = doubt_about_contents(facts, built) if built else doubt_about_table(facts, table)
    return CannotTell(code, subject, f"{gap.at}: {gap.reason}", gap.at, table) if gap else None
