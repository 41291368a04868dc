"""MIG004: what down() destroys, forgets or cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.registry import check
from trueup.checks.subjects import unsure as unsure_of
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.locations import Gap
from trueup.model.migrations import RollbackFault, RollbackKind
from trueup.model.names import Severity

_FILE = """
    <?php

    use Illuminate\\Database\\Migrations\\Migration;
    use Illuminate\\Database\\Schema\\Blueprint;
    use Illuminate\\Support\\Facades\\Schema;

    return new class extends Migration
    {{
        public function up(): void
        {{
            Schema::table('goods', fn (Blueprint $table) => [$table->string('maker'), $table->string('origin')]);
        }}

        public function down(): void
        {{
            Schema::table('goods', fn (Blueprint $table) => $table->dropColumn({}));
        }}
    }};
"""
_GOODS = "Schema::create('goods', fn (Blueprint $table) => $table->id());"
_NAME = "2024_02_01_000000_add"

_CALL = _FILE.replace(
    "Schema::table('goods', fn (Blueprint $table) => [$table->string('maker'), $table->string('origin')]);",
    "\\\\Vendor\\\\Search\\\\Columns::add('goods');",
)

EXAMPLES = (
    unsure(
        "up() calls code that is not here, and down() undoes it",
        given(migrations={"2024_01_01_000000_goods": _GOODS, _NAME: _CALL.format("'search'")}),
    ),
    failing(
        "One of two columns stays behind",
        given(migrations={"2024_01_01_000000_goods": _GOODS, _NAME: _FILE.format("'maker'")}),
        Expected(
            "info", "Rolling back `2024_02_01_000000_add` leaves `column goods.origin` behind.", table="goods"
        ),
    ),
    clean(
        "Everything goes back",
        given(migrations={"2024_01_01_000000_goods": _GOODS, _NAME: _FILE.format("['maker', 'origin']")}),
    ),
)

_SEVERITIES: dict[RollbackKind, Severity] = {
    "not undone": "info",
    "fails": "warning",
    "order": "warning",
    "destroys": "error",
}


@check(
    code="MIG004",
    title="down() does not undo up()",
    severity="error",
    category="migration",
    why="""A rollback after a failed deployment is the moment when nobody has time. It stops half-way, leaves behind what the next
        `migrate` stumbles over, or destroys what the migration did not make; a whole table lost so is an error. An
        empty or absent `down()` is MIG005, data that `up()` throws away is MIG008.""",
    fix="""Undo in `down()` each step of `up()`, in reverse order, and only what `up()` made: a table made behind a guard must not
        be dropped without one.""",
    examples=EXAMPLES,
)
def rollback(facts: Facts) -> Iterator[Verdict]:
    failed = {f.migration for f in facts.schema.failures}
    for migration in facts.migrations:
        if migration.name in failed:
            continue  # what was not done cannot be undone
        faults = sorted(migration.rollback, key=lambda f: (f.kind, f.table, f.subject))
        for kind, group in groupby(faults, key=lambda f: f.kind):
            hidden = _hidden(facts, migration) if kind in ("fails", "order") else None
            if hidden is not None:
                yield unsure_of("MIG004", migration.name, hidden, next(group).table)
            elif kind in _SEVERITIES:
                yield _finding(migration, kind, list(group))
            elif kind == "unknown":
                first = next(group)
                yield CannotTell("MIG004", migration.name, first.reason, first.at, first.table)


def _hidden(facts: Facts, migration: MigrationFile) -> Gap | None:
    """A step of `up()` that was not understood, which `down()` may undo rightly: a package's macro, say."""
    kinds = ("unknown-macro", "unknown-call", "raw-sql", "undecided")
    return next((g for g in facts.schema.gaps if g.at.file == migration.path and g.kind in kinds), None)


def _finding(migration: MigrationFile, kind: RollbackKind, faults: list[RollbackFault]) -> Finding:
    tables = {f.table for f in faults}
    return Finding(
        "MIG004",
        _severity(migration, kind, faults),
        "migration",
        _message(migration, kind, faults),
        table=min(tables) if len(tables) == 1 else "",
        expected="what was before the migration",
        found="; ".join(f"{f.subject}: {f.reason}" for f in faults),
        locations=places(*(f.at for f in faults), migration.class_at),
        recommendation=f"Mend `down()` of {code(migration.path)}, then try `migrate`, `migrate:rollback`, `migrate` on an empty "
        "database.",
        effort="S",
        key=f"{migration.name}\x1f{kind}",
    )


def _severity(migration: MigrationFile, kind: RollbackKind, faults: list[RollbackFault]) -> Severity:
    """Losing a whole table is an error. A column may have come into the table's creation later, for new databases only."""
    whole = any(f.subject.startswith("table ") for f in faults)
    if kind == "destroys" and (not whole or _renames(migration)):
        return "warning"
    return _SEVERITIES[kind]


def _renames(migration: MigrationFile) -> bool:
    """Whether down() gives a table another name rather than dropping it: one appears that up() did not make."""
    made = {c.table for c in migration.done if c.kind == "create table"}
    left = [f for f in migration.rollback if f.kind == "not undone" and f.subject == f"table {f.table}"]
    return any(f.table not in made for f in left)


def _message(migration: MigrationFile, kind: RollbackKind, faults: list[RollbackFault]) -> str:
    first, name = faults[0], code(migration.name)
    more = f" and {counted(len(faults) - 1, 'other thing')}" if len(faults) > 1 else ""
    match kind:
        case "not undone":
            return f"Rolling back {name} leaves {code(first.subject)}{more} behind."
        case "destroys":
            verb = "renames" if _renames(migration) else "destroys"
            return f"Rolling back {name} {verb} {code(first.subject)}{more}, which it did not make."
        case _:
            return f"Rolling back {name} fails at {code(first.subject)}: {first.reason.rstrip('.')}."
