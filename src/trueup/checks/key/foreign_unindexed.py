"""KEY009: foreign keys without an index, on servers that make none of their own."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import listed, php_list, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import ForeignKey, Table

_MIGRATION = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->foreignId('user_id')%s->constrained();
    });
"""

EXAMPLES = (
    failing(
        "PostgreSQL indexes the key that is referred to, not the column that refers",
        given(migration=_MIGRATION % "", driver="pgsql"),
        Expected("warning", "No index serves the foreign key on `user_id` of `orders`.", table="orders"),
    ),
    clean("An index", given(migration=_MIGRATION % "->index()", driver="pgsql")),
    clean("MySQL makes it by itself", given(migration=_MIGRATION % "")),
)


@check(
    code="KEY009",
    title="A foreign key without an index",
    severity="warning",
    category="index",
    why="""Each delete or change of a referred row reads the whole referring table, under a lock; relations and joins read it too.
        MySQL and MariaDB make the index by themselves, PostgreSQL and SQLite do not.""",
    fix="Add `->index()` to the column, or an index that begins with it.",
    examples=EXAMPLES,
)
def foreign_unindexed(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver not in ("pgsql", "sqlite"):
        return
    for table in facts.schema.tables:
        keys = [k for k in table.foreign_keys if not _is_served(table, k)]
        if keys:
            yield _finding(table, keys)


def _is_served(table: Table, key: ForeignKey) -> bool:
    """An index that begins with the key's columns, in any order of these; not a partial one, unless it leaves out NULL alone."""
    wanted = {c.lower() for c in key.columns}
    return any(
        {c.lower() for c in index.columns[: len(wanted)]} == wanted
        and (not index.where or "is not null" in index.where.lower())
        for index in table.indexes
        if index.kind in {"btree", "hash"}
    )


def _finding(table: Table, keys: list[ForeignKey]) -> Finding:
    names = [", ".join(k.columns) for k in keys]
    plural = "foreign keys" if len(keys) > 1 else "foreign key"
    advice = " ".join(f"$table->index({php_list(k.columns)});" for k in keys)
    return Finding(
        "KEY009",
        "warning",
        "index",
        f"No index serves the {plural} on {listed(names)} of `{table.name}`.",
        table=table.name,
        expected="an index on " + "; on ".join(names),
        found="none",
        locations=places(*(k.at for k in keys), table.at),
        recommendation=f"Add {'them' if len(keys) > 1 else 'it'} in a migration: `{advice}`.",
    )
