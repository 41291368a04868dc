"""MIG002: the servers on which these migrations do not run, and what stops them there."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.migration.failure import SERVERS, sentence
from trueup.checks.registry import check
from trueup.checks.wording import counted, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Schema

_RAW = """
    Schema::create('goods', fn (Blueprint $table) => [$table->id(), $table->string('name')]);
    DB::statement('ALTER TABLE goods MODIFY COLUMN name VARCHAR(100) NOT NULL');
"""

EXAMPLES = (
    failing(
        "MySQL's own words in raw SQL",
        given(migration=_RAW, others=("sqlite",)),
        Expected("info", "These migrations do not run on SQLite: 1 of 1 stops there."),
    ),
    clean(
        "The Blueprint speaks every dialect",
        given(
            migration="Schema::create('goods', fn (Blueprint $table) => [$table->id(), $table->string('name', 100)]);",
            others=("sqlite", "pgsql"),
        ),
    ),
)


@check(
    code="MIG002",
    title="The migrations do not run on another server",
    severity="info",
    category="migration",
    why="""Tests run on SQLite in most projects, and packages are installed on whatever server the application has. Asked only of
        the servers that the audit is told to try.""",
    fix="""Use the Blueprint instead of raw SQL, name long indexes by hand, or branch on the driver, with something that does the
        same on each side.""",
    examples=EXAMPLES,
)
def portability(facts: Facts) -> Iterator[Verdict]:
    for other in sorted(facts.others, key=lambda s: s.driver):
        stopped = sorted({f.migration for f in other.failures})
        if stopped:
            yield _finding(facts, other, stopped)


def _finding(facts: Facts, other: Schema, stopped: list[str]) -> Finding:
    server = SERVERS[other.driver]
    stops = "stops" if len(stopped) == 1 else "stop"
    first = other.failures[0]
    return Finding(
        "MIG002",
        "info",
        "migration",
        f"These migrations do not run on {server}: {len(stopped)} of {len(facts.migrations)} {stops} there.",
        expected=f"runs on {server}",
        found="; ".join(f"{f.migration}: {f.reason}" for f in other.failures[:5])
        + (f"; and {counted(len(other.failures) - 5, 'more failure')}" if len(other.failures) > 5 else ""),
        locations=places(*(f.at for f in other.failures)),
        recommendation=f"Begin with {first.at}: {sentence(first.reason)}",
        effort="M",
        key=other.driver,
        drivers=(other.driver,),
    )
