"""What a live database tells besides its schema: which migrations ran there, how large its tables are, which indexes are read.

Nouns only. None stands for what the server does not tell; `Live.untold` says why."""

from __future__ import annotations

from trueup.model.locations import Location
from trueup.model.schema import Schema
from trueup.structs import Struct


class TableSize(Struct, frozen=True):
    """`rows` is the server's estimate, or counted where `counted`; `data` and `indexes` in bytes; `reads`: how often the table was
    read, by whatever index or none."""

    table: str
    rows: int | None = None
    data: int | None = None
    indexes: int | None = None
    reads: int | None = None
    counted: bool = False


class IndexUse(Struct, frozen=True):
    """`reads`: how often the server has read by the index since `Live.since`; `size` in bytes."""

    table: str
    index: str
    reads: int | None = None
    size: int | None = None


class Untold(Struct, frozen=True):
    """Something that the server does not tell. `part`: "reads", "sizes", "checks", "migrations"; `reason` a clause."""

    part: str
    reason: str


class Live(Struct, frozen=True):
    """A database as it was when the audit read it. `at` stands for it in every location: its URL without user and password.

    `ledger` is the framework's table of the migrations that ran, which `schema` leaves out; `entries` its names in the order of
    running, None where there is no such table. `known` are names that no file of the project has, yet that are no surprise: those
    of a squashed dump or of an installed package. `packages_read`: whether packages' migrations could be looked for. `since` is
    the day from which reads are counted, "" where it can't be told."""

    at: Location
    schema: Schema
    ledger: str = "migrations"
    entries: tuple[str, ...] | None = None
    known: frozenset[str] = frozenset()
    packages_read: bool = False
    tables: tuple[TableSize, ...] = ()
    indexes: tuple[IndexUse, ...] = ()
    since: str = ""
    untold: tuple[Untold, ...] = ()

    def size(self, table: str) -> TableSize:
        """What is known of a table's size; nothing for a table that is not there."""
        lowered = table.lower()
        return next((t for t in self.tables if t.table.lower() == lowered), TableSize(table))

    def use(self, table: str, index: str) -> IndexUse:
        wanted = (table.lower(), index.lower())
        found = (u for u in self.indexes if (u.table.lower(), u.index.lower()) == wanted)
        return next(found, IndexUse(table, index))

    def why_untold(self, part: str) -> str:
        """Why the server does not tell a part; "" where it does."""
        return next((u.reason for u in self.untold if u.part == part), "")
