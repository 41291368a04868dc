"""Values as they are written down in code, as far as they can be told: the answers of literals.py."""

from __future__ import annotations

from trueup.structs import Struct


class Unread(Struct, frozen=True):
    """A value that can't be told, and why."""

    reason: str


class Entry(Struct, frozen=True):
    """One element of an array. `key` is an int for a list's; `at` (file, line)."""

    key: str | int
    value: Value
    at: tuple[str, int]


class Listed(Struct, frozen=True):
    """An array as far as it is written down; not `complete`: there may be more."""

    entries: tuple[Entry, ...] = ()
    complete: bool = True


class OneOf(Struct, frozen=True):
    """One of several values, picked at random."""

    values: tuple[Value, ...]


class Made(Struct, frozen=True):
    """The key of a row that a model's factory makes: `User::factory()`."""

    model: str


Value = str | int | float | bool | None | Listed | OneOf | Made | Unread


def spread_into(entries: list[Entry], value: Value) -> bool:
    """Spreads an array; False where it can't be told whole."""
    if not isinstance(value, Listed):
        return False
    for entry in value.entries:
        key = len(entries) if isinstance(entry.key, int) else entry.key
        entries.append(Entry(key, entry.value, entry.at))
    return value.complete


def merged_all(args: list[Value]) -> Listed:
    entries: list[Entry] = []
    complete = True
    for value in args:
        complete = spread_into(entries, value) and complete
    return Listed(tuple(entries), complete)


def union(left: Listed, right: Listed) -> Listed:
    keys = {e.key for e in left.entries}
    more = tuple(e for e in right.entries if e.key not in keys)
    return Listed(left.entries + more, left.complete and right.complete)


def php_text(value: Value) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def formatted(args: list[Value]) -> Value:
    """Only `%s` and `%d` of what is known."""
    if not args or not all(isinstance(a, str | int) for a in args):
        return Unread("sprintf()")
    parts = iter(args[1:])
    pieces = str(args[0]).replace("%d", "%s").split("%s")
    if len(pieces) - 1 != len(args) - 1:
        return Unread("sprintf()")
    return pieces[0] + "".join(f"{next(parts)}{piece}" for piece in pieces[1:])


def merged(first: Listed, second: Listed) -> Listed:
    """`array_merge`: string keys of the second win, its other entries are added unless they are there."""
    keys = {e.key for e in second.entries if isinstance(e.key, str)}
    kept = tuple(e for e in first.entries if e.key not in keys)
    values = {e.value for e in kept if isinstance(e.key, int) and isinstance(e.value, str)}
    more = tuple(e for e in second.entries if isinstance(e.key, str) or e.value not in values)
    return Listed(kept + more, first.complete and second.complete)
