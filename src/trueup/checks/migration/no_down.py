"""MIG005: migrations that cannot be rolled back at all."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import counted, listed, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict

_FILE = """
    <?php

    use Illuminate\\Database\\Migrations\\Migration;
    use Illuminate\\Database\\Schema\\Blueprint;
    use Illuminate\\Support\\Facades\\Schema;

    return new class extends Migration
    {{
        public function up(): void
        {{
            Schema::create('goods', fn (Blueprint $table) => $table->id());
        }}
        {}
    }};
"""
_DOWN = "public function down(): void { Schema::dropIfExists('goods'); }"

EXAMPLES = (
    failing(
        "No down()",
        given(migrations={"2024_01_01_000000_goods": _FILE.format("")}),
        Expected("info", "1 migration cannot be rolled back: `2024_01_01_000000_goods`."),
    ),
    clean("It has one", given(migrations={"2024_01_01_000000_goods": _FILE.format(_DOWN)})),
)


@check(
    code="MIG005",
    title="Migrations without a way back",
    severity="info",
    category="migration",
    why="""`migrate:rollback` says that it has rolled back and has done nothing; the next `migrate` fails on what is still there.
        Some teams only go forward, and mean it.""",
    fix="Write `down()`, or throw in it, so that a rollback says that there is none.",
    examples=EXAMPLES,
)
def no_way_back(facts: Facts) -> Iterator[Verdict]:
    without = [m for m in facts.migrations if _changes_schema(m) and _has_no_way_back(m)]
    if without:
        yield Finding(
            "MIG005",
            "info",
            "migration",
            f"{counted(len(without), 'migration')} cannot be rolled back: {listed(m.name for m in without)}.",
            expected="a down() that undoes up()",
            found="none, or an empty one",
            locations=places(*(m.class_at for m in without)),
            recommendation="Write `down()`, or throw in it, so that a rollback says that there is none.",
            effort="M",
        )


def _changes_schema(migration: MigrationFile) -> bool:
    return bool(migration.creates or migration.changes or migration.drops)


def _has_no_way_back(migration: MigrationFile) -> bool:
    return not migration.has_down or any(f.kind in ("empty", "missing") for f in migration.rollback)
