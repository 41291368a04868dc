"""What a server takes into an index: a wish that it would refuse is no advice.

Sources: MySQL 8.4 manual 17.22 ("InnoDB Limits": 3072 bytes a key) and 15.1.15 (a TEXT or BLOB only with a prefix length),
MariaDB the same; PostgreSQL 16 manual 8.14 (json has no order; jsonb has)."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.indexes.chains import Wanted
from trueup.indexes.selectivity import Statistics
from trueup.model.schema import Table

INNODB_BYTES = 3072
_CHARACTER_BYTES = 4  # utf8mb4, which is Laravel's default
_MYSQL = ("mysql", "mariadb")


def fitting(wanted: Wanted | None, table: Table, statistics: Statistics) -> Wanted | None:
    """The wish with as much of its tail as the server takes; None where it does not take the columns that narrow down."""
    if wanted is None or not all(_is_orderable(c, table, statistics) for c in wanted.equality):
        return None
    left = INNODB_BYTES - sum(_key_bytes(c, table, statistics) for c in wanted.equality)
    if left < 0:
        return None
    tail: list[str] = []
    for column in wanted.tail:
        left -= _key_bytes(column, table, statistics)
        if left < 0 or not _is_orderable(column, table, statistics):
            break
        tail.append(column)
    if len(tail) == len(wanted.tail):
        return wanted
    # Half an order is none.
    return Wanted(wanted.equality, ()) if wanted.equality else None


def is_taken(columns: Iterable[str], table: Table, statistics: Statistics) -> bool:
    """Whether the server takes an index of these columns."""
    return fitting(wished := Wanted(tuple(columns)), table, statistics) is wished


def _is_orderable(name: str, table: Table, statistics: Statistics) -> bool:
    column = table.column(name)
    if column is None:
        return True
    kind = statistics.type_of(table.name, column)
    if statistics.driver in _MYSQL:
        return kind.family not in ("text", "json", "geometry") and "blob" not in kind.name
    return kind.name not in ("json", "point", "polygon")


def _key_bytes(name: str, table: Table, statistics: Statistics) -> int:
    """Bytes at the most, where there is a limit to the key."""
    column = table.column(name)
    if column is None or statistics.driver not in _MYSQL:
        return 0
    kind = statistics.type_of(table.name, column)
    if kind.family == "string":
        return (kind.length or 255) * _CHARACTER_BYTES
    return kind.length or 16 if kind.family == "binary" else 8
