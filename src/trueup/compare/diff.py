"""What separates two schemas, as a closed family of values.

Schemas of one driver are compared as the server spells them; across drivers, types and defaults are compared by meaning.
Indexes and keys are matched by what they do; their names count only on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from trueup.compare.constraints import pair_checks
from trueup.compare.defaults import same_default
from trueup.compare.domains import is_numeric
from trueup.compare.expressions import (
    Spelling,
    may_be_same,
    may_be_same_index,
    same_index,
)
from trueup.compare.indexes import lowered, same_action
from trueup.compare.types import judge_type
from trueup.model.names import Driver
from trueup.model.schema import Check, Column, ForeignKey, Index, Schema, Table
from trueup.structs import Struct


class TableAdded(Struct, frozen=True):
    table: Table


class TableRemoved(Struct, frozen=True):
    table: Table


class ColumnAdded(Struct, frozen=True):
    table: str
    column: Column


class ColumnRemoved(Struct, frozen=True):
    table: str
    column: Column


ColumnAspect = Literal[
    "type",
    "nullable",
    "default",
    "auto increment",
    "on update",
    "generated",
    "values",
    "comment",
    "collation",
]


class ColumnChanged(Struct, frozen=True):
    """One aspect of a column; `before` and `after` as short texts ("none" where there is nothing)."""

    table: str
    aspect: ColumnAspect
    before: str
    after: str
    old: Column
    new: Column


class IndexAdded(Struct, frozen=True):
    table: str
    index: Index


class IndexRemoved(Struct, frozen=True):
    table: str
    index: Index


class IndexRenamed(Struct, frozen=True):
    table: str
    before: Index
    after: Index


class ForeignKeyAdded(Struct, frozen=True):
    table: str
    key: ForeignKey


class ForeignKeyRemoved(Struct, frozen=True):
    table: str
    key: ForeignKey


class ForeignKeyChanged(Struct, frozen=True):
    """The same columns refer to something else, or with other actions."""

    table: str
    before: ForeignKey
    after: ForeignKey


class CheckAdded(Struct, frozen=True):
    table: str
    check: Check


class CheckRemoved(Struct, frozen=True):
    table: str
    check: Check


Difference = (
    TableAdded
    | TableRemoved
    | ColumnAdded
    | ColumnRemoved
    | ColumnChanged
    | IndexAdded
    | IndexRemoved
    | IndexRenamed
    | ForeignKeyAdded
    | ForeignKeyRemoved
    | ForeignKeyChanged
    | CheckAdded
    | CheckRemoved
)


def diff(
    before: Schema, after: Schema, *, names: bool = False, comments: bool = False, respelled: bool = False
) -> tuple[Difference, ...]:
    """All differences in the order of tables, then columns, indexes, foreign keys and checks. `names`: an index that only changed
    its name is a difference too; `comments`: so are comments and collations. `respelled`: one side is a live server's, which
    spells constraints, generated columns and the expressions of indexes anew."""
    spelling = Spelling(before.driver, after.driver, respelled)
    return tuple(_differences(before, after, _Asked(names, comments, spelling)))


class _Asked(Struct, frozen=True):
    names: bool
    comments: bool
    spelling: Spelling


def _differences(before: Schema, after: Schema, asked: _Asked) -> Iterator[Difference]:
    old = {t.name.lower(): t for t in before.tables}
    new = {t.name.lower(): t for t in after.tables}
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield TableRemoved(old[name])
        elif name not in old:
            yield TableAdded(new[name])
        elif not (old[name] is new[name] and before.driver == after.driver):  # one object has no differences
            yield from _tables(old[name], new[name], before, after, asked)


def _tables(old: Table, new: Table, before: Schema, after: Schema, asked: _Asked) -> Iterator[Difference]:
    for column in old.columns:
        if new.column(column.name) is None:
            yield ColumnRemoved(new.name, column)
    for column in new.columns:
        was = old.column(column.name)
        if was is None:
            yield ColumnAdded(new.name, column)
        else:
            yield from _columns(new.name, was, column, before, after, asked)
    yield from _indexes(old, new, asked)
    yield from _foreign_keys(old, new)
    yield from _checks(old, new, before.driver, after.driver, asked.spelling.respelled)


def _columns(
    table: str, old: Column, new: Column, before: Schema, after: Schema, asked: _Asked
) -> Iterator[ColumnChanged]:
    def changed(aspect: ColumnAspect, was: str, now: str) -> ColumnChanged:
        return ColumnChanged(table, aspect, was, now, old, new)

    unknown = {*old.unknown, *new.unknown}
    if "type" not in unknown and not _same_type(old, new, before, after):
        yield changed("type", old.type, new.type)
    if "nullable" not in unknown and old.nullable != new.nullable:
        yield changed("nullable", _nullable(old), _nullable(new))
    if "default" not in unknown and not same_default(old.default, new.default, numeric=is_numeric(old.type)):
        yield changed("default", old.default or "none", new.default or "none")
    if old.auto_increment != new.auto_increment:
        yield changed("auto increment", _yes(old.auto_increment), _yes(new.auto_increment))
    if not same_default(old.on_update, new.on_update):
        yield changed("on update", old.on_update or "none", new.on_update or "none")
    if not _same_generation(old, new, asked.spelling):
        yield changed("generated", *_generations(old, new))
    if old.values != new.values and before.driver == after.driver and _same_type(old, new, before, after):
        yield changed("values", ", ".join(old.values) or "none", ", ".join(new.values) or "none")
    if asked.comments and (old.comment or "") != (new.comment or ""):
        yield changed("comment", old.comment or "none", new.comment or "none")
    if asked.comments and old.collation and new.collation and old.collation != new.collation:
        yield changed("collation", old.collation, new.collation)


def _same_type(old: Column, new: Column, before: Schema, after: Schema) -> bool:
    if before.driver == after.driver:
        return _squeezed(old.type) == _squeezed(new.type)
    verdict = judge_type(
        old.type,
        new.type,
        after.driver,
        before.driver,
        required_values=old.values,
        existing_values=new.values,
    )
    return verdict.kind in ("compatible", "unknown")


def _same_generation(old: Column, new: Column, spelling: Spelling) -> bool:
    """Whether both are computed alike, or it can't be told that they are not. Not every server has both kinds, stored and not."""
    if old.generated is None or new.generated is None:
        return old.generated is new.generated
    if old.stored != new.stored and spelling.before == spelling.after:
        return False
    return may_be_same(old.generated, new.generated, spelling)


def _generations(old: Column, new: Column) -> tuple[str, str]:
    """What to show: the kind too, where that is what differs."""
    was, now = old.generated or "none", new.generated or "none"
    if old.generated is None or new.generated is None or old.stored == new.stored:
        return was, now
    return f"{was} ({_kind(old)})", f"{now} ({_kind(new)})"


def _kind(column: Column) -> str:
    return "stored" if column.stored else "virtual"


def _nullable(column: Column) -> str:
    return "NULL" if column.nullable else "NOT NULL"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _squeezed(text: str | None) -> str:
    return "".join((text or "").lower().split())


def _indexes(old: Table, new: Table, asked: _Asked) -> Iterator[Difference]:
    """Indexes that do the same are matched, those of the same name first; duplicates are told apart by their number. What is left
    and may be the same is no difference either."""
    gone, come = list(old.indexes), list(new.indexes)
    matched = _matched(gone, come, same_index, asked.spelling)
    if asked.spelling.respelled:
        matched += _matched(gone, come, may_be_same_index, asked.spelling)
    yield from (IndexRemoved(new.name, i) for i in gone if not i.implied)
    yield from (IndexAdded(new.name, i) for i in come if not i.implied)
    if asked.names:
        yield from (IndexRenamed(new.name, a, b) for a, b in matched if not _same_name(a, b))


def _matched(
    gone: list[Index], come: list[Index], alike: Callable[[Index, Index, Spelling], bool], spelling: Spelling
) -> list[tuple[Index, Index]]:
    """The pairs that are alike, taken out of both lists; in the order of `come`."""
    matched: list[tuple[Index, Index]] = []
    for index in list(come):
        same = [i for i in gone if alike(i, index, spelling)]
        best = next((i for i in same if _same_name(i, index)), same[0] if same else None)
        if best is not None:
            gone.remove(best)
            come.remove(index)
            matched.append((best, index))
    return matched


def _same_name(a: Index, b: Index) -> bool:
    return a.name.lower() == b.name.lower()


def _foreign_keys(old: Table, new: Table) -> Iterator[Difference]:
    was = {tuple(sorted(lowered(k.columns))): k for k in old.foreign_keys}
    now = {tuple(sorted(lowered(k.columns))): k for k in new.foreign_keys}
    for columns in sorted(was.keys() | now.keys()):
        if columns not in now:
            yield ForeignKeyRemoved(new.name, was[columns])
        elif columns not in was:
            yield ForeignKeyAdded(new.name, now[columns])
        elif not _same_key(was[columns], now[columns]):
            yield ForeignKeyChanged(new.name, was[columns], now[columns])


def _same_key(old: ForeignKey, new: ForeignKey) -> bool:
    pairs = set(zip(lowered(old.columns), lowered(old.foreign_columns), strict=False))
    others = set(zip(lowered(new.columns), lowered(new.foreign_columns), strict=False))
    same_target = old.foreign_table.lower() == new.foreign_table.lower() and pairs == others
    return (
        same_target
        and same_action(old.on_delete, new.on_delete)
        and same_action(old.on_update, new.on_update)
    )


def _checks(old: Table, new: Table, before: Driver, after: Driver, respelled: bool) -> Iterator[Difference]:
    """Checks by what they say; a list of values that is part of a type, on one of the servers at least, is compared with it."""
    was, now = (_own_checks(t, before == after) for t in (old, new))
    if not was and not now:
        return
    gone, come = pair_checks(was, now, before, after, respelled=respelled)
    yield from (CheckRemoved(new.name, c) for c in sorted(gone, key=_check_order))
    yield from (CheckAdded(new.name, c) for c in sorted(come, key=_check_order))


def _own_checks(table: Table, same_server: bool) -> tuple[Check, ...]:
    of_types = {c.name for c in table.columns if c.values or not same_server}
    return tuple(c for c in table.checks if not (c.values and of_types.intersection(c.columns)))


def _check_order(check: Check) -> tuple[str, str]:
    return _squeezed(check.expression), check.name or ""
