"""Which existing index does the work of a required one, whatever its name."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.schema import ForeignKey, Index, Table
from trueup.model.spec import RequiredForeignKey, RequiredIndex

_ORDERED = ("btree", "")


def lowered(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(n.lower() for n in names)


def covers(index: Index, columns: tuple[str, ...]) -> bool:
    """Whether the index serves look-ups by `columns`: they lead it, in this order, whole, and it has all rows."""
    wanted = lowered(columns)
    if not wanted or index.where or index.expressions or index.kind not in _ORDERED:
        return False
    if lowered(index.columns[: len(wanted)]) != wanted:
        return False
    return not any(index.prefix_lengths[: len(wanted)])


def keeps_unique(index: Index, columns: tuple[str, ...], where: str | None = None) -> bool:
    """Whether the index forbids two rows that are equal in `columns`: unique over these columns or some of them, in any order."""
    if not (index.unique or index.primary) or index.expressions or any(index.prefix_lengths):
        return False
    if (index.where or None) != (where or None) and index.where:
        return False
    return bool(index.columns) and set(lowered(index.columns)) <= set(lowered(columns))


def serving(required: RequiredIndex, columns: tuple[str, ...], table: Table) -> Index | None:
    """The existing index that does the work of `required`, whose columns are called `columns` there; None if none does."""
    return next(_serving(required, columns, table), None)


def _serving(required: RequiredIndex, columns: tuple[str, ...], table: Table) -> Iterator[Index]:
    for index in table.indexes:
        if required.primary:
            found = index.primary and lowered(index.columns) == lowered(columns)
        elif required.unique:
            found = keeps_unique(index, columns, required.where)
        elif required.kind not in _ORDERED:
            found = index.kind == required.kind and set(lowered(columns)) <= set(lowered(index.columns))
        else:
            found = covers(index, columns) or (
                bool(required.where) and _same_partial(index, required, columns)
            )
        if found:
            yield index


def _same_partial(index: Index, required: RequiredIndex, columns: tuple[str, ...]) -> bool:
    return (
        bool(index.where)
        and lowered(index.columns[: len(columns)]) == lowered(columns)
        and bool(required.where)
    )


def nearest(columns: tuple[str, ...], table: Table) -> Index | None:
    """The index that leads with most of `columns` without covering them: worth naming beside "missing"."""
    scored = [(_shared_lead(i, columns), -n, i) for n, i in enumerate(table.indexes)]
    best = max(scored, key=lambda s: s[:2], default=None)
    return best[2] if best and best[0] else None


def _shared_lead(index: Index, columns: tuple[str, ...]) -> int:
    count = 0
    for have, want in zip(lowered(index.columns), lowered(columns), strict=False):
        if have != want:
            break
        count += 1
    return count


def matching_key(required: RequiredForeignKey, columns: tuple[str, ...], table: Table) -> ForeignKey | None:
    """The foreign key on the same columns; of several, the one to the required table."""
    wanted = frozenset(lowered(columns))
    same = [k for k in table.foreign_keys if frozenset(lowered(k.columns)) == wanted]
    target = required.foreign_table.lower()
    return next((k for k in same if k.foreign_table.lower() == target), same[0] if same else None)


def same_action(required: str | None, existing: str) -> bool:
    """Whether two referential actions do the same; NO ACTION and RESTRICT both refuse."""
    if required is None:
        return True
    return _action(required) == _action(existing)


def _action(text: str) -> str:
    word = " ".join(text.lower().replace("_", " ").split())
    return "refuse" if word in ("no action", "restrict", "") else word
