"""The migrations as a history: what existed before each, and who made what."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.audit import Facts, MigrationFile
from trueup.model.migrations import Change, ChangeKind


def changes(facts: Facts, *kinds: ChangeKind) -> Iterator[tuple[MigrationFile, Change]]:
    """Every effect of these kinds, in the order of running."""
    for migration in facts.migrations:
        for change in migration.done:
            if change.kind in kinds:
                yield migration, change


def on_existing_tables(facts: Facts, *kinds: ChangeKind) -> Iterator[tuple[MigrationFile, Change]]:
    """As `changes`, for tables that an earlier migration made and that may have rows by then."""
    for migration in facts.migrations:
        made: set[str] = set()
        for change in migration.done:
            if change.kind == "create table":
                made.add(change.table)
            elif change.kind in kinds and change.table not in made:
                yield migration, change


def writes_after(migration: MigrationFile, change: Change) -> bool:
    """Whether the migration writes data after the change (a back-fill)."""
    done = migration.done
    later = done[done.index(change) + 1 :] if change in done else ()
    return any(c.kind == "write data" for c in later)


def writes_before(migration: MigrationFile, change: Change) -> bool:
    """Whether the migration writes data before the change (a move)."""
    done = migration.done
    earlier = done[: done.index(change)] if change in done else ()
    return any(c.kind == "write data" for c in earlier)
