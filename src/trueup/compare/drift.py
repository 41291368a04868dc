"""What a live database has otherwise than the migrations that ran there build. What a migration that is still to run will do is
no difference but its own matter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from trueup.compare.diff import (
    CheckAdded,
    CheckRemoved,
    ColumnAdded,
    ColumnChanged,
    ColumnRemoved,
    Difference,
    ForeignKeyAdded,
    ForeignKeyChanged,
    ForeignKeyRemoved,
    IndexAdded,
    IndexRemoved,
    IndexRenamed,
    TableAdded,
    TableRemoved,
    diff,
)
from trueup.model.live import Live
from trueup.model.migrations import MigrationFile
from trueup.model.schema import Schema
from trueup.structs import Struct

_PUBLISHED = re.compile(r"^\d{4}_\d{2}_\d{2}_\d{6}_")
"""What publishing puts before the name of a package's stub."""

_WHOLE_TABLE = frozenset({"create table", "drop table", "rename table"})


class Drift(Struct, frozen=True):
    """`pending` are the migrations that have not run there, `unknown` the names that ran and that nobody knows. `differences`:
    "added" is what the migrations build and the server lacks, "removed" what the server has and no migration builds."""

    pending: tuple[MigrationFile, ...]
    unknown: tuple[str, ...]
    differences: tuple[Difference, ...]


def drift(live: Live, built: Schema, migrations: tuple[MigrationFile, ...]) -> Drift:
    """Where the server has no table of migrations, all of them count as run."""
    stubs = {m.name for m in migrations if m.path.endswith(".php.stub")}
    own = {e: _PUBLISHED.sub("", e) if stubs else e for e in live.entries or ()}
    ran = None if live.entries is None else {*own, *(stubs & set(own.values()))}
    pending = tuple(m for m in migrations if ran is not None and m.name not in ran)
    names = live.known | {m.name for m in migrations}
    unknown = tuple(sorted({e for e, bare in own.items() if e not in names and bare not in stubs}))
    later = _Later(pending)
    differences = tuple(d for d in diff(live.schema, built, respelled=True) if not later.explains(d))
    return Drift(pending, unknown, differences)


class _Later:
    """What pending migrations will do."""

    def __init__(self, pending: Iterable[MigrationFile]) -> None:
        changes = [change for migration in pending for change in migration.done]
        self.tables = {c.table.lower() for c in changes if c.kind in _WHOLE_TABLE}
        self.tables |= {c.subject.lower() for c in changes if c.kind == "rename table"}
        self.parts = {(c.table.lower(), c.subject.lower()) for c in changes}
        self.columns = {(c.table.lower(), c.before.name.lower()) for c in changes if c.before is not None}
        self.touched = {c.table.lower() for c in changes}

    def explains(self, difference: Difference) -> bool:
        table, names = _subject(difference)
        lowered = table.lower()
        if lowered in self.tables:
            return True
        if None in names:
            return lowered in self.touched
        parts = {(lowered, name.lower()) for name in names if name is not None}
        return bool(parts & (self.parts | self.columns))


def _subject(difference: Difference) -> tuple[str, tuple[str | None, ...]]:
    """The table, and the names by which a migration would speak of it; None: it has none, so that any change of the table may be
    meant."""
    match difference:
        case TableAdded(table) | TableRemoved(table):
            return table.name, ()
        case ColumnAdded(table, column) | ColumnRemoved(table, column):
            return table, (column.name,)
        case ColumnChanged(table, _, _, _, old, _):
            return table, (old.name,)
        case IndexAdded(table, index) | IndexRemoved(table, index):
            return table, (index.name, *index.columns)
        case IndexRenamed(table, before, after):
            return table, (before.name, after.name)
        case ForeignKeyAdded(table, key) | ForeignKeyRemoved(table, key):
            return table, (key.name, *key.columns)
        case ForeignKeyChanged(table, _, key):
            return table, (key.name, *key.columns)
        case CheckAdded(table, check) | CheckRemoved(table, check):
            return table, (check.name,)
        case _:
            assert_never(difference)
