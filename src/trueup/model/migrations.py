"""What one migration does, statement by statement: what a check of migrations is given."""

from __future__ import annotations

from typing import Literal

from trueup.model.locations import NOWHERE, Location
from trueup.model.schema import Column, ForeignKey, Index
from trueup.structs import Struct

ChangeKind = Literal[
    "create table",
    "drop table",
    "rename table",
    "add column",
    "change column",
    "drop column",
    "rename column",
    "add index",
    "drop index",
    "add foreign key",
    "drop foreign key",
    "add check",
    "drop check",
    "write data",
    "look for duplicates",
]


class Change(Struct, frozen=True):
    """One effect of `up()` on the schema, as the server would carry it out. `subject` is the column's, index's or key's name (the
    new name of a rename). `before`/`after` are the column's states around it; `index` and `foreign_key` what was added or
    dropped. `guard` is the place of the `hasTable`/`hasColumn` test that it stands under, or None.
    `new_table`: the table was created by the same migration, so it has no rows. `concurrently`: without a lock."""

    kind: ChangeKind
    table: str
    subject: str = ""
    at: Location = NOWHERE
    before: Column | None = None
    after: Column | None = None
    index: Index | None = None
    foreign_key: ForeignKey | None = None
    guard: Location | None = None
    new_table: bool = False
    concurrently: bool = False


class Guard(Struct, frozen=True):
    """A test of the schema that decided what a migration does. `asks`: "hasTable", "hasColumn", ...; `answer` in the replay;
    `skipped_create`: it made the migration leave out a `create` of `table` ("" otherwise), with its place."""

    asks: str
    table: str
    at: Location
    answer: bool
    column: str = ""
    skipped_create: Location | None = None


RollbackKind = Literal["not undone", "lost data", "fails", "destroys", "order", "empty", "missing", "unknown"]


class RollbackFault(Struct, frozen=True):
    """What `down()` leaves wrong when it is replayed after `up()`. `subject` says what ("column orders.note", "table x");
    `reason` is a clause."""

    kind: RollbackKind
    subject: str
    reason: str
    at: Location = NOWHERE
    table: str = ""


class CommentedOut(Struct, frozen=True):
    """A schema statement that stands in a comment: a key, an index or a column that somebody switched off."""

    text: str
    at: Location
    kind: Literal["foreign key", "index", "unique", "column", "other"] = "other"
    table: str = ""


class MigrationFile(Struct, frozen=True):
    """A migration, in the order of running. `tables` are those it creates or changes; `failed` the reason if it would fail."""

    path: str
    name: str
    creates: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    class_at: Location | None = None
    has_down: bool = True
    done: tuple[Change, ...] = ()
    """Every effect of `up()` on the project's driver, in order."""
    guards: tuple[Guard, ...] = ()
    rollback: tuple[RollbackFault, ...] = ()
    commented: tuple[CommentedOut, ...] = ()
    within_transaction: bool = True
