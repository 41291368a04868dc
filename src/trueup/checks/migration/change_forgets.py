"""MIG013: change() that drops attributes which it does not repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.migration._history import on_existing_tables
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.migrations import Change
from trueup.model.schema import Column

_GOODS = "Schema::create('goods', fn (Blueprint $table) => [$table->id(), $table->string('kind', 20)->default('book')]);"


def _changing(modifiers: str) -> dict[str, str]:
    return {
        "2024_01_01_000000_goods": _GOODS,
        "2024_02_01_000000_kind": f"Schema::table('goods', fn (Blueprint $t) => $t->string('kind', 50){modifiers}->change());",
    }


EXAMPLES = (
    failing(
        "A longer text, and no default any more",
        given(migrations=_changing("")),
        Expected(
            "warning",
            "`2024_02_01_000000_kind` changes `goods.kind` and drops its default 'book'.",
            table="goods",
            column="kind",
        ),
    ),
    clean(
        "That a number may be negative is all that the change is for",
        given(
            migrations={
                "2024_01_01_000000_goods": "Schema::create('goods', fn ($t) => [$t->id(), $t->unsignedInteger('stock')]);",
                "2024_02_01_000000_stock": "Schema::table('goods', fn ($t) => $t->integer('stock')->change());",
            }
        ),
    ),
    clean("The default is repeated", given(migrations=_changing("->default('book')"))),
)


@check(
    code="MIG013",
    title="change() drops what it does not repeat",
    severity="warning",
    category="migration",
    why="""From Laravel 11 on `change()` is the column's whole new definition: default, comment and unsigned are gone unless they
        are repeated (up to 10, with doctrine/dbal, they were kept). Inserts that counted on the default then fail.""",
    fix="Repeat every attribute that is to stay.",
    examples=EXAMPLES,
)
def change_forgets(facts: Facts) -> Iterator[Verdict]:
    for migration, change in on_existing_tables(facts, "change column"):
        lost = _lost(change.before, change.after) if change.before and change.after else []
        final = facts.schema.table(change.table)
        column = final.column(change.subject) if final else None
        if not lost or column is None or not _lost(change.before or column, column):
            continue  # mended by a later migration, or gone since
        if lost == ["unsigned"] and (_SIGNED.search(migration.name) or _is_all(change)):
            continue  # what the migration is for
        yield Finding(
            "MIG013",
            "warning",
            "migration",
            f"{code(migration.name)} changes {code(f'{change.table}.{change.subject}')} and drops its {' and its '.join(lost)}.",
            table=change.table,
            column=change.subject,
            expected=f"{' and '.join(lost)} kept",
            found="not repeated in change()",
            locations=places(change.at, change.before.at if change.before else None),
            recommendation="Repeat it in the changed definition, or say in the migration that it is meant to go.",
            effort="S",
            key=migration.name,
        )


_SIGNED = re.compile(r"negative|(?<!un)signed", re.I)


def _is_all(change: Change) -> bool:
    """Whether nothing else of the column changes."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    plain = before.type.replace(" unsigned", "").split("(")[0]
    return plain == after.type.split("(")[0] and (before.nullable, before.default) == (
        after.nullable,
        after.default,
    )


def _lost(before: Column, after: Column) -> list[str]:
    """What a change of type has no reason to take away."""
    lost = []
    if (
        before.default is not None
        and after.default is None
        and not after.nullable
        and "default" not in after.unknown
    ):
        lost.append(f"default {before.default}")
    if before.comment and not after.comment:
        lost.append("comment")
    if "unsigned" in before.type and "int" in after.type and "unsigned" not in after.type:
        lost.append("unsigned")
    return lost
