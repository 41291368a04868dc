"""Rows for the tables of a schema: deterministic by seed, in an order in which every foreign key finds its row.

Types, lengths, NOT NULL, ENUM and CHECK lists, UNIQUE and foreign keys hold; a user, a provider or a model is used the more the
smaller its number (Zipf); a minority is soft-deleted; times run over the scale's days, in the order of the rows where rows are
written as things happen."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter

from trueup.evidence.columns import Known, Setting, Stream, Value, is_boolean, skewed, stream_of
from trueup.evidence.sizes import Scale, bytes_per_row, is_optional, needed, owned_tables, rows_of
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, field

CHUNK = 5_000
SAMPLE = 400
"""Rows of each table that are remembered: queries take their parameters from them."""

_DRAWS = 6
"""Rows that break a UNIQUE are drawn anew, this many times the rows wanted in all; then the table is as full as it gets."""

_LEAST = 0.02
"""Where fewer of the drawn rows are new, it is as full as it gets, too."""

Row = tuple[Value, ...]
Reference = tuple[str, str]
"""A table and its column."""


class Wanted(Struct, frozen=True):
    """What to fill: the tables by name, which of them stay small, what refers to what without a foreign key, and what the code
    says of columns."""

    names: tuple[str, ...]
    lookups: frozenset[str] = frozenset()
    references: Mapping[Reference, Reference] = field(default_factory=dict)
    known: Mapping[Reference, Known] = field(default_factory=dict)


class Filled(Struct, frozen=True):
    """One table's rows as they come: `chunks` can be gone through once. `wanted` rows are asked for; fewer come where a UNIQUE
    allows no more."""

    table: Table
    columns: tuple[str, ...]
    wanted: int
    chunks: Iterator[list[Row]]


class Sample(Struct):
    """Some rows of a table, spread over all of them, as column → value; `count` is how many rows the table has."""

    rows: list[dict[str, Value]] = field(default_factory=list)
    count: int = 0


class Unfilled(Struct, frozen=True):
    """A table that gets no rows, and why."""

    table: str
    why: str


class Later(Struct, frozen=True):
    """A key to rows that come later, or to rows of the same table: it is set when all are there, by the numbers of the rows (`id`)
    and how many there are to refer to."""

    table: str
    column: str
    id: str
    target: str

    def value(self, number: int, targets: int) -> Value:
        """As `load` sets it: every tenth row refers to nothing. In a tree a row has five below it."""
        if number % 10 == 0:
            return None
        return 1 + (number // 5 if self.table == self.target else number) % max(1, targets)


class Filling(Struct):
    """Goes through the tables in order; what is remembered of each (samples, keys) is there when its chunks are used up."""

    schema: Schema
    wanted: Wanted
    scale: Scale
    seed: int = 1
    samples: dict[str, Sample] = field(default_factory=dict)
    unfilled: list[Unfilled] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    _keys: dict[tuple[str, tuple[str, ...]], list[Row]] = field(default_factory=dict)

    def tables(self) -> tuple[tuple[Table, int], ...]:
        """The tables in the order in which they are filled, with the rows that each is to have."""
        owned = owned_tables(self.schema, self.wanted.references)
        return tuple(
            (table, rows_of(table, self.scale, owned, self.wanted.lookups))
            for table in needed(self.schema, self.wanted.names)
        )

    def bytes(self) -> int:
        """About what the rows will take on disk, indexes included."""
        return sum(rows * bytes_per_row(table) for table, rows in self.tables())

    def __iter__(self) -> Iterator[Filled]:
        order = self.tables()
        counts = {table.name: rows for table, rows in order}
        for table, rows in order:
            streams = _Streams(self, table, rows, counts).all()
            if isinstance(streams, Unfilled):
                self.unfilled.append(streams)
                self.samples[table.name] = Sample()
                continue
            names = tuple(streams)
            yield Filled(table, names, rows, self._chunks(table, streams, rows))

    def _chunks(self, table: Table, streams: dict[str, Stream], rows: int) -> Iterator[list[Row]]:
        names = tuple(streams)
        sample = self.samples[table.name] = Sample()
        remembered = self._remembered(table, names)
        every = max(1, rows // SAMPLE)
        drawing = _Drawing(table, streams)
        while sample.count < rows and drawing.goes_on(rows):
            chunk = drawing.chunk(sample.count, min(CHUNK, rows - sample.count))
            for offset in range(-sample.count % every, len(chunk), every):
                sample.rows.append(dict(zip(names, chunk[offset], strict=True)))
            sample.count += len(chunk)
            for take, keys in remembered:
                keys.extend(map(take, chunk))
            if chunk:
                yield chunk

    def _remembered(
        self, table: Table, names: tuple[str, ...]
    ) -> list[tuple[Callable[[Row], Row], list[Row]]]:
        """The columns that other tables refer to, with where their values are kept."""
        groups = {
            key.foreign_columns
            for other in self.schema.tables
            for key in other.foreign_keys
            if key.foreign_table.lower() == table.name.lower()
        }
        groups |= {(column,) for target, column in self.wanted.references.values() if target == table.name}
        found = []
        for group in sorted(groups):
            if all(column in names for column in group):
                keys = self._keys[(table.name, group)] = []
                found.append((_taking([names.index(column) for column in group]), keys))
        return found

    def keys_of(self, table: str, columns: tuple[str, ...]) -> list[Row]:
        return self._keys.get((table, columns), [])


def _taking(positions: Sequence[int]) -> Callable[[Row], Row]:
    """These values of a row, as a tuple."""
    if len(positions) == 1:
        only = positions[0]
        return lambda row: (row[only],)
    return itemgetter(*positions)


class _Drawing:
    """Rows from a table's streams, none of which breaks a unique index. (NULL equals nothing.) The columns of unique indexes are
    drawn first, and the others only for the rows that stay: where two of a thousand stay, that is what takes the time."""

    def __init__(self, table: Table, streams: Mapping[str, Stream]) -> None:
        self._streams = streams
        self._numbers = {c.name for c in table.columns if c.auto_increment}
        groups = [
            index.columns
            for index in unique_indexes(table)
            if set(index.columns) <= set(streams) and not self._numbers & set(index.columns)
        ]
        self._first = _with_partners(table, {name for group in groups for name in group})
        own = [name for name in streams if name in self._first]
        self._groups = [
            (_taking([own.index(column) for column in group]), set[Row]()) for group in dict.fromkeys(groups)
        ]
        self._drawn = 0
        self._dry = False

    def goes_on(self, rows: int) -> bool:
        """Whether there may be more: not after many draws in vain."""
        return not self._dry and self._drawn < rows * _DRAWS

    def chunk(self, first: int, most: int) -> list[Row]:
        """Up to `most` rows, of which the first is the table's row number `first`."""
        if not self._groups:
            rows = list(zip(*(stream(first, most) for stream in self._streams.values()), strict=False))
            self._dry = not rows
            return rows
        size = max(100, most)
        own = [stream(self._drawn, size) for name, stream in self._streams.items() if name in self._first]
        self._drawn += size
        drawn = list(zip(*own, strict=False))
        kept = self._new(drawn, most)
        self._dry = len(kept) < min(most, size * _LEAST)
        values = iter(zip(*kept, strict=True) if kept else ())
        columns = [
            next(values, ()) if name in self._first else stream(first, len(kept))
            for name, stream in self._streams.items()
        ]
        return list(zip(*columns, strict=False)) if kept else []

    def _new(self, rows: list[Row], most: int) -> list[Row]:
        found: list[Row] = []
        if len(self._groups) == 1:  # as below, in half the time
            take, known = self._groups[0]
            for row, key in zip(rows, map(take, rows), strict=True):
                if key not in known or None in key:
                    known.add(key)
                    found.append(row)
            for extra in found[most:]:
                known.discard(take(extra))
            return found[:most]
        for row in rows:
            keys = [(take(row), seen) for take, seen in self._groups]
            if any(key in seen for key, seen in keys if None not in key):
                continue
            for key, seen in keys:
                seen.add(key)
            found.append(row)
            if len(found) == most:
                break
        return found


def _with_partners(table: Table, names: set[str]) -> frozenset[str]:
    """The columns and those that share a foreign key with one: the parts of a composite key are one row's."""
    found = set(names)
    for key in table.foreign_keys:
        if names & set(key.columns):
            found |= set(key.columns)
    return frozenset(found)


def unique_indexes(table: Table) -> tuple[Index, ...]:
    return tuple(index for index in table.indexes if (index.unique or index.primary) and index.columns)


class _Streams(Struct, frozen=True):
    """A stream for each column of one table."""

    filling: Filling
    table: Table
    rows: int
    counts: Mapping[str, int]

    def all(self) -> dict[str, Stream] | Unfilled:
        streams: dict[str, Stream] = {}
        for key in self.table.foreign_keys:
            if not set(key.columns) & set(streams):
                found = self._foreign(key)
                if isinstance(found, Unfilled):
                    return found
                streams.update(found)
        for column in self.table.columns:
            if column.generated or column.name in streams:
                continue
            stream = self._reference(column) or self._plain(column)
            if stream is None:
                return Unfilled(
                    self.table.name, f"no values of type {column.type} can be made for {column.name}"
                )
            streams[column.name] = stream
        order = [c.name for c in self.table.columns if c.name in streams]
        return {name: streams[name] for name in order}

    def _plain(self, column: Column) -> Stream | None:
        filling = self.filling
        known = filling.wanted.known.get((self.table.name, column.name), Known())
        return stream_of(
            column,
            Setting(
                self.table,
                filling.schema.driver,
                filling.scale,
                self.rows,
                filling.seed,
                known,
                filling.scale.owners,
                self._is_unique((column.name,)),
            ),
        )

    def _is_unique(self, columns: tuple[str, ...]) -> bool:
        return any(set(index.columns) == set(columns) for index in unique_indexes(self.table))

    def _foreign(self, key: ForeignKey) -> dict[str, Stream] | Unfilled:
        """Streams of a foreign key's columns, which go together."""
        nullable = is_optional(self.table, key)
        parents = self.filling.keys_of(self._spelled(key.foreign_table), key.foreign_columns)
        if not parents:  # to itself, or in a circle
            if not nullable:
                return Unfilled(
                    self.table.name, f"its rows need rows of {key.foreign_table}, which has none yet"
                )
            self._set_later(key)
            return dict.fromkeys(key.columns, _none)
        if self._is_unique(key.columns):
            return {name: _each(parents, part) for part, name in enumerate(key.columns)}
        picks = {}
        for part, name in enumerate(key.columns):
            # The same seed for each part: the parts of a composite key are one row's.
            rng = random.Random(f"{self.filling.seed}/{self.table.name}/{','.join(key.columns)}")
            picks[name] = skewed([parent[part] for parent in parents], rng)
        return (
            {name: _sometimes_none(s, self.table.name, key.columns) for name, s in picks.items()}
            if nullable
            else picks
        )

    def _set_later(self, key: ForeignKey) -> None:
        number = next((c.name for c in self.table.columns if c.auto_increment), None)
        target = self.filling.schema.table(key.foreign_table)
        counted = target is not None and any(
            c.auto_increment and (c.name,) == key.foreign_columns for c in target.columns
        )
        if number and target and counted and not self._is_unique(key.columns):
            self.filling.later.append(Later(self.table.name, key.columns[0], number, target.name))

    def _spelled(self, name: str) -> str:
        found = self.filling.schema.table(name)
        return found.name if found else name

    def _reference(self, column: Column) -> Stream | None:
        """A column that refers to a table without a foreign key: the keys of its rows, where they are numbers from 1, or those
        that are there already."""
        target = self.filling.wanted.references.get((self.table.name, column.name))
        if target is None or column.auto_increment or self._is_unique((column.name,)):
            return None
        name, other = target
        parents = [row[0] for row in self.filling.keys_of(name, (other,))]
        found = self.filling.schema.table(name)
        key = found.column(other) if found else None
        if not parents and key is not None and key.auto_increment:
            parents = list(range(1, self.counts.get(name, 0) + 1))
        if not parents or not self._same_family(column, key):
            return None
        rng = random.Random(f"{self.filling.seed}/{self.table.name}/{column.name}")
        return skewed(parents, rng)

    def _same_family(self, column: Column, key: Column | None) -> bool:
        driver = self.filling.schema.driver
        if key is None or is_boolean(column, parse_type(column.type, driver), driver):
            return False
        first, second = parse_type(column.type, driver), parse_type(key.type, driver)
        fits = first.length is None or second.length is None or first.length >= second.length
        return first.family == second.family and fits


def _none(first: int, count: int) -> list[Value]:
    return [None] * count


def _each(parents: list[Row], part: int) -> Stream:
    """Each parent once: one to one."""
    return lambda first, count: [row[part] for row in parents[first : first + count]]


def _sometimes_none(stream: Stream, table: str, columns: tuple[str, ...]) -> Stream:
    draw = random.Random(f"{table}/{','.join(columns)}")

    def values(first: int, count: int) -> list[Value]:
        drawn = stream(first, count)
        return [None if draw.random() < 0.1 else value for value in drawn]

    return values
