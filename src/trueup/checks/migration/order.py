"""MIG006: migrations whose order rests on their names alone, or whose series has a hole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_GOODS = "Schema::create('goods', fn (Blueprint $table) => $table->id());"
_MAKER = "Schema::table('goods', fn (Blueprint $table) => $table->string('maker')->nullable());"
_STAMP = re.compile(r"(\d{4}_\d{2}_\d{2})_(\d{6})_")

EXAMPLES = (
    failing(
        "The same second, the same table",
        given(migrations={"2024_01_01_000000_a_goods": _GOODS, "2024_01_01_000000_b_maker": _MAKER}),
        Expected(
            "warning",
            "`2024_01_01_000000_a_goods` and `2024_01_01_000000_b_maker` have one timestamp, and both are about `goods`.",
            table="goods",
        ),
    ),
    failing(
        "A number is missing in the series",
        given(migrations={"2024_01_01_000001_goods": _GOODS, "2024_01_01_000003_maker": _MAKER}),
        Expected("info", "The series of migrations of 2024_01_01 goes from 000001 to 000003."),
    ),
    clean(
        "One after the other",
        given(migrations={"2024_01_01_000001_goods": _GOODS, "2024_01_01_000002_maker": _MAKER}),
    ),
)


@check(
    code="MIG006",
    title="The order of migrations is accidental or broken",
    severity="warning",
    category="migration",
    why="""Migrations of one timestamp run in the alphabetical order of the rest of their names: renaming one changes the schema, or
        stops the run. A hole in a numbered series is a migration that was deleted after databases had run it, or never
        committed.""",
    fix="Give each migration a timestamp of its own. Look for the missing migration in the history.",
    examples=EXAMPLES,
)
def order(facts: Facts) -> Iterator[Verdict]:
    yield from _same_stamp(facts)
    yield from _holes(facts)


def _same_stamp(facts: Facts) -> Iterator[Finding]:
    stamps: dict[str, list[MigrationFile]] = {}
    for migration in facts.migrations:
        match = _STAMP.match(migration.name)
        if match:
            stamps.setdefault(match.group(0), []).append(migration)
    for same in stamps.values():
        for table in sorted(_shared(same)):
            about = [m for m in same if table in _tables(m)]
            yield Finding(
                "MIG006",
                "warning",
                "migration",
                f"{listed(m.name for m in about)} have one timestamp, and {'both' if len(about) == 2 else 'all'} are about "
                f"{code(table)}.",
                table=table,
                expected="a timestamp each",
                found="order by name alone",
                locations=places(*(m.class_at or Location(m.path) for m in about)),
                recommendation="Give each a timestamp of its own, in the order in which they must run.",
                effort="S",
                key=about[0].name,
            )


def _tables(migration: MigrationFile) -> frozenset[str]:
    """The tables whose schema it changes; who writes rows first seldom matters."""
    return frozenset(c.table for c in migration.done if c.kind not in ("write data", "look for duplicates"))


def _shared(migrations: list[MigrationFile]) -> frozenset[str]:
    """Tables that two or more of the migrations are about."""
    seen: set[str] = set()
    shared: set[str] = set()
    for migration in migrations:
        shared |= seen & _tables(migration)
        seen |= _tables(migration)
    return frozenset(shared)


def _holes(facts: Facts) -> Iterator[Finding]:
    """Holes in series that count 1, 2, 3 where others have the time of day."""
    series: dict[str, dict[int, MigrationFile]] = {}
    for migration in facts.migrations:
        match = _STAMP.match(migration.name)
        if match and int(match.group(2)) < 100:
            series.setdefault(match.group(1), {})[int(match.group(2))] = migration
    for day in sorted(series):
        for before, after in pairwise(sorted(series[day])):
            if after == before + 2:
                yield Finding(
                    "MIG006",
                    "info",
                    "migration",
                    f"The series of migrations of {day} goes from {before:06} to {after:06}.",
                    expected=f"a migration {day}_{before + 1:06}",
                    found="none",
                    locations=places(*(Location(series[day][n].path) for n in (before, after))),
                    recommendation="Look in the history for a migration that was deleted, and for databases that have run it.",
                    effort="S",
                    key=f"{day}_{before + 1:06}",
                )
