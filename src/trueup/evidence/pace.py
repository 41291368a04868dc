"""What the next size will take, by what the one before it took on the same server and machine."""

from __future__ import annotations

from trueup.evidence.work import QUERY_SECONDS
from trueup.structs import Struct

_DEEPER = 1.3
"""Ten times the rows take more than ten times as long to fill: indexes are deeper and fit no longer into memory."""

_DECIDING = 2.0
"""Asking again with the advised indexes, and making these, next to asking with the present ones."""


class Spent(Struct, frozen=True):
    """What one size took: rows wanted in all tables (a UNIQUE may allow fewer), seconds of filling them and of asking all queries
    once, bytes on disk."""

    rows: int
    filling: float
    asking: float
    bytes: int


def seconds_for(rows: int, shapes: int, before: Spent) -> float:
    """Seconds for filling `rows` rows in all and asking `shapes` queries with the present indexes and the advised ones, after a
    smaller size took `before`. A query takes at most as much longer as there are more rows, until it is stopped."""
    more = rows / max(1, before.rows)
    asking = min(before.asking * more, shapes * QUERY_SECONDS)
    return before.filling * more * _DEEPER + asking * _DECIDING


def in_words(seconds: float) -> str:
    """ "20 s", "3 min": no more exact than an estimate is."""
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
