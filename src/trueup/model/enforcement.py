"""Where the code checks and counts: places at which two requests at once can overtake each other. Nouns only.

Each is what was read, not yet what is wrong: whether a unique key makes the second writer fail is for a check to say."""

from __future__ import annotations

from typing import Literal

from trueup.model.locations import Gap, Location
from trueup.structs import Struct

Guard = Literal["", "transaction", "cache lock"]
"""What stands around the place: nothing, a transaction without a row lock, a lock in the cache. A row lock that holds is no hazard
and not told at all."""


class CounterUpdate(Struct, frozen=True, order=True):
    """A column that is read, changed in PHP and written back. `text` is the statement in short ("$order->paid += …"); `saved_at`
    where it is written; `method` the class and method around it."""

    at: Location
    saved_at: Location
    table: str
    column: str
    text: str
    method: str
    guard: Guard = ""


class CheckedInsert(Struct, frozen=True, order=True):
    """Rows of `table` are looked for by `columns`, and one is inserted where none was found. `look` and `write` are the calls,
    `written` the columns of the new row."""

    at: Location
    write_at: Location
    table: str
    columns: tuple[str, ...]
    look: str
    write: str
    method: str
    guard: Guard = ""
    written: tuple[str, ...] = ()


class LimitCheck(Struct, frozen=True, order=True):
    """A sum, a count or a stored number is compared, and something is written when it passes. `read` is the call or property
    ("sum('cost')"), `column` what is added up ("" for a count). `write_at` is where `table` is written after the check; None where
    only other methods write it, `elsewhere`. `refusal` is the class that is thrown, "" for none. `cached`: the number comes out of
    the cache, so that it is old besides."""

    at: Location
    compared_at: Location
    table: str
    column: str
    read: str
    method: str
    write_at: Location | None = None
    write: str = ""
    elsewhere: tuple[Location, ...] = ()
    refusal: str = ""
    guard: Guard = ""
    cached: bool = False


class RetriedWrite(Struct, frozen=True, order=True):
    """A write that happens again when what comes after it fails and the whole is tried again. `how`: "job", "retry()",
    "transaction"; `next_at` is what can fail after it. `table` "": a call of another service, which no transaction undoes."""

    at: Location
    table: str
    write: str
    how: str
    retry_at: Location
    next_at: Location
    next: str
    method: str


class MoneyCast(Struct, frozen=True, order=True):
    """An amount that is cut to whole units after a multiplication in binary floating point. `text` is the expression in short."""

    at: Location
    text: str
    method: str
    factor: str


class Enforcement(Struct, frozen=True):
    """All sorted by place. `row_locks`: how many queries of the code take a row lock."""

    counters: tuple[CounterUpdate, ...] = ()
    inserts: tuple[CheckedInsert, ...] = ()
    limits: tuple[LimitCheck, ...] = ()
    retried: tuple[RetriedWrite, ...] = ()
    casts: tuple[MoneyCast, ...] = ()
    row_locks: int = 0
    cut: tuple[Gap, ...] = ()
    """Methods that were not followed to their end."""


NO_ENFORCEMENT = Enforcement()
