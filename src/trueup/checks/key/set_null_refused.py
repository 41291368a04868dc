"""KEY008: a foreign key that would put NULL where the column takes none."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column, ForeignKey, Table

_MIGRATION = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->foreignId('user_id')%s->constrained()->nullOnDelete();
    });
"""

EXAMPLES = (
    failing(
        "SQLite and PostgreSQL take the definition, and refuse the delete",
        given(migration=_MIGRATION % "", driver="pgsql"),
        Expected(
            "error",
            "Deleting from `users` puts NULL into `orders.user_id`, which is NOT NULL.",
            table="orders",
            column="user_id",
        ),
    ),
    clean("A nullable column", given(migration=_MIGRATION % "->nullable()", driver="pgsql")),
)


@check(
    code="KEY008",
    title="ON DELETE SET NULL on a column that is NOT NULL",
    severity="error",
    category="key",
    why="""No row that is referred to can be deleted: the database tries to write NULL and refuses. MySQL refuses the foreign key
        itself, so that the same migration stops there.""",
    fix="Make the column nullable, or choose another `onDelete()`.",
    examples=EXAMPLES,
)
def set_null_refused(facts: Facts) -> Iterator[Verdict]:
    for table in facts.schema.tables:
        for key in table.foreign_keys:
            if "set null" in (key.on_delete, key.on_update):
                columns = [c for name in key.columns if (c := table.column(name)) is not None]
                refusing = [c for c in columns if not c.nullable and "nullable" not in c.unknown]
                if refusing:
                    yield _finding(table, key, refusing)


def _finding(table: Table, key: ForeignKey, refusing: list[Column]) -> Finding:
    deed = "Deleting from" if key.on_delete == "set null" else "Changing a key of"
    names = [f"{table.name}.{c.name}" for c in refusing]
    return Finding(
        "KEY008",
        "error",
        "key",
        f"{deed} {code(key.foreign_table)} puts NULL into {listed(names)}, which {'is' if len(names) == 1 else 'are'} NOT NULL.",
        table=table.name,
        column=refusing[0].name,
        expected="nullable, or another action",
        found="set null on NOT NULL",
        locations=places(key.at, refusing[0].at),
        recommendation=f"Make {listed(names)} nullable, or use `cascadeOnDelete()` or `restrictOnDelete()`.",
    )
