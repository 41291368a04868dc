"""The connection's table prefix: servers hold `ak_users`, while code, models and documents say `users`.

`trueup schema` shows what the server holds; an audit compares what was written, so it goes by the names without the prefix."""

from __future__ import annotations

from trueup.model.migrations import Change, MigrationFile
from trueup.model.schema import Schema, Table
from trueup.structs import replace


def without_prefix(
    schema: Schema, migrations: tuple[MigrationFile, ...], prefix: str
) -> tuple[Schema, tuple[MigrationFile, ...]]:
    """Schema and migrations with table names as the project's code says them. Names of indexes and keys stay."""
    if not prefix:
        return schema, migrations
    tables = sorted((_table(t, prefix) for t in schema.tables), key=lambda t: t.name)
    return replace(schema, tables=tuple(tables)), tuple(_migration(m, prefix) for m in migrations)


def _table(table: Table, prefix: str) -> Table:
    keys = tuple(replace(k, foreign_table=k.foreign_table.removeprefix(prefix)) for k in table.foreign_keys)
    return replace(table, name=table.name.removeprefix(prefix), foreign_keys=keys)


def _migration(migration: MigrationFile, prefix: str) -> MigrationFile:
    def bare(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(n.removeprefix(prefix) for n in names)

    return replace(
        migration,
        creates=bare(migration.creates),
        changes=bare(migration.changes),
        drops=bare(migration.drops),
        done=tuple(_change(c, prefix) for c in migration.done),
        guards=tuple(replace(g, table=g.table.removeprefix(prefix)) for g in migration.guards),
        rollback=tuple(replace(f, table=f.table.removeprefix(prefix)) for f in migration.rollback),
        commented=tuple(replace(c, table=c.table.removeprefix(prefix)) for c in migration.commented),
    )


def _change(change: Change, prefix: str) -> Change:
    key = change.foreign_key
    if key is not None:
        key = replace(key, foreign_table=key.foreign_table.removeprefix(prefix))
    return replace(change, table=change.table.removeprefix(prefix), foreign_key=key)
