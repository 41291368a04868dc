"""Which required table is which existing one, also under another name.

A required table that exists by name is that table. The others are compared with every table that is left: the share of columns of
both sides weighted by rarity (wide tables share many common names), the words of the names, what is unique and what is referred
to (a row's grain), and whether models and code use the table. The best pairs above a threshold are taken, one to one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from trueup.compare.columns import ColumnMatch, match_columns
from trueup.compare.indexes import lowered
from trueup.compare.names import Rarity, same_name, stems
from trueup.model.eloquent import Eloquent
from trueup.model.names import Driver
from trueup.model.pairing import Candidate, Comparison, TablePair
from trueup.model.schema import Schema, Table
from trueup.model.spec import RequiredTable, Specification
from trueup.structs import Struct

TABLE_THRESHOLD = 0.45
"""Below this a required table counts as missing, however like another it is. Measured on the tables of four public applications
under invented names: with a tenth of the columns renamed, a fifth dropped and a fifth added, no wrong pair."""
_MARGIN = 0.03
"""A table that two others are about equally like is paired with neither."""
_SHOWN = 0.15
_CANDIDATES = 3
_ENOUGH_COLUMNS = 3
"""A definition with fewer telling columns is paired by its name alone."""
_WEIGHTS = {"columns": 0.65, "name": 0.15, "keys": 0.10, "use": 0.10}


class _Context(Struct, frozen=True):
    """What scoring needs to know of all tables together."""

    driver: Driver
    columns: Rarity
    column_words: Rarity
    table_words: Rarity
    use: Mapping[str, float]
    """How much the code uses each table, by name in lower case: 1 for the one that it uses most, 0 for one that it never names."""


class _Score(Struct, frozen=True):
    required: RequiredTable
    existing: Table
    score: float
    reasons: tuple[str, ...]


class Scores:
    """Scores of pairs in other states of one project, while several are looked at that differ in few tables. A score hangs on both
    tables and on the names of all; a table that a change leaves alone stays one object from state to state."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int], tuple[RequiredTable, Table, _Score]] = {}
        self._states: dict[object, int] = {}

    def state(self, schema: Schema) -> int:
        """A number for all states with these names."""
        names = (schema.driver, tuple((t.name, tuple(c.name for c in t.columns)) for t in schema.tables))
        return self._states.setdefault(names, len(self._states))

    def of(self, required: RequiredTable, existing: Table, context: _Context, state: int) -> _Score:
        key = (id(required), id(existing), state)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (required, existing, _score(required, existing, context))
        return known[2]


def compare(
    specification: Specification, schema: Schema, eloquent: Eloquent, scores_before: Scores | None = None
) -> Comparison:
    """Pairs every required table with an existing one, or with none; the same input gives the same answer. `scores_before`: those
    of other states with the same models."""
    context = _context(specification, schema, eloquent)
    named = {r.name.lower(): t for r in specification.required if (t := schema.table(r.name)) is not None}
    taken = {t.name.lower(): r for r, t in named.items()}
    absent = [r for r in specification.required if r.name.lower() not in named]
    known = scores_before or Scores()
    state = known.state(schema)
    scores = sorted(
        (known.of(r, t, context, state) for r in absent for t in schema.tables),
        key=lambda s: (-s.score, s.required.name, s.existing.name),
    )
    renamed = _assign([s for s in scores if s.existing.name.lower() not in taken])
    taken.update({s.existing.name.lower(): s.required.name for s in renamed.values()})
    pairs = [
        _pair(r, named.get(r.name.lower()), renamed.get(r.name.lower()), scores, taken, context)
        for r in specification.required
    ]
    extra = tuple(t for t in schema.tables if t.name.lower() not in taken)
    return Comparison(tuple(sorted(pairs, key=lambda p: p.required.name)), extra, TABLE_THRESHOLD)


def _context(specification: Specification, schema: Schema, eloquent: Eloquent) -> _Context:
    tables: tuple[RequiredTable | Table, ...] = (*schema.tables, *specification.required)
    return _Context(
        schema.driver,
        Rarity([c.name.lower() for c in t.columns] for t in tables),
        Rarity({w for c in t.columns for w in stems(c.name)} for t in tables),
        Rarity(stems(t.name) for t in tables),
        _use(eloquent),
    )


def _use(eloquent: Eloquent) -> Mapping[str, float]:
    seen = Counter(u.table.lower() for u in eloquent.uses)
    seen.update(m.table.lower() for m in eloquent.models if m.table is not None and not m.abstract)
    most = math.log1p(max(seen.values(), default=1))
    return {table: math.log1p(number) / most for table, number in seen.items()}


def _assign(scores: list[_Score]) -> dict[str, _Score]:
    """The best pairs first, each side once. `scores` are sorted, best first."""
    chosen: dict[str, _Score] = {}
    decided: set[str] = set()
    taken: set[str] = set()
    for best in scores:
        if best.score < TABLE_THRESHOLD:
            break
        required, existing = best.required.name.lower(), best.existing.name.lower()
        if required in decided or existing in taken:
            continue
        decided.add(required)
        rivals = [s for s in scores if s.required is best.required and s is not best]
        if not any(best.score - r.score <= _MARGIN for r in rivals if r.existing.name.lower() not in taken):
            chosen[required] = best
            taken.add(existing)
    return chosen


def _pair(
    required: RequiredTable,
    same: Table | None,
    found: _Score | None,
    scores: list[_Score],
    taken: dict[str, str],
    context: _Context,
) -> TablePair:
    if same is not None:
        match = match_columns(required, same, context.driver, context.column_words)
        return TablePair(required, "present", same, 1.0, (), match.pairs, match.extra)
    existing = found.existing if found else None
    candidates = _candidates(required, scores, taken)
    if existing is None or found is None:
        match = match_columns(required, Table(""), context.driver, context.column_words)
        return TablePair(required, "missing", None, 0.0, candidates, match.pairs, ())
    match = match_columns(required, existing, context.driver, context.column_words)
    return TablePair(
        required, "renamed", existing, round(found.score, 2), candidates, match.pairs, match.extra
    )


def _candidates(
    required: RequiredTable, scores: list[_Score], taken: dict[str, str]
) -> tuple[Candidate, ...]:
    """The tables that come nearest, best first; of one that is another required table already, this is said."""
    ours = [s for s in scores if s.required is required and s.score >= _SHOWN][:_CANDIDATES]
    found = []
    for score in ours:
        owner = taken.get(score.existing.name.lower(), "")
        other = owner and owner.lower() != required.name.lower()
        reasons = (*score.reasons, f"is the required {owner} already") if other else score.reasons
        found.append(Candidate(score.existing.name, round(score.score, 2), reasons))
    return tuple(found)


def _score(required: RequiredTable, existing: Table, context: _Context) -> _Score:
    if same_name(required.name, existing.name):
        return _Score(required, existing, 0.95, ("same words in the name",))
    names = _names(required, existing, context)
    if not required.complete or _telling(required, context) < _ENOUGH_COLUMNS:
        # Too little is written down to tell a table by its columns; a half-alike name alone never pairs.
        return _Score(required, existing, 0.45 * names, (f"name {names:.2f}",) if names else ())
    match = match_columns(required, existing, context.driver, context.column_words)
    columns, shared = _columns(required, existing, match, context)
    keys = _keys(required, existing, match)
    use = context.use.get(existing.name.lower(), 0.0) if context.use else 0.5
    score = sum(
        _WEIGHTS[k] * v for k, v in (("columns", columns), ("name", names), ("keys", keys), ("use", use))
    )
    reasons = [
        f"{shared} of {len(required.columns)} columns (of {len(existing.columns)})",
        f"name {names:.2f}",
        f"keys {keys:.2f}",
    ]
    return _Score(
        required, existing, score, (*reasons, f"use by the code {use:.2f}") if use else tuple(reasons)
    )


def _telling(required: RequiredTable, context: _Context) -> int:
    return sum(context.columns.column_weight(c.name) > 0.05 for c in required.columns)


def _names(required: RequiredTable, existing: Table, context: _Context) -> float:
    """Weighted share of the words of both table names; a prefix that all tables have weighs nothing."""
    left, right = stems(required.name), stems(existing.name)
    union = sum(context.table_words.weight(w) for w in sorted(left | right))
    return sum(context.table_words.weight(w) for w in sorted(left & right)) / union if union else 0.0


def _columns(
    required: RequiredTable, existing: Table, match: ColumnMatch, context: _Context
) -> tuple[float, int]:
    """Share of columns (0..1) and how many are shared: the geometric mean of the share of the required columns that exist and the
    share that both tables have of all their columns, each column weighted by how rare its name is."""
    weight = context.columns.column_weight
    wanted = sum(weight(c.name) for c in required.columns)
    shared = sum(p.score * weight(p.required.name) for p in match.pairs if p.existing is not None)
    total = wanted + sum(weight(c.name) for c in existing.columns) - shared
    if not wanted or not total:
        return 0.0, 0
    paired = sum(p.existing is not None for p in match.pairs)
    return float(((shared / wanted) * min(shared / total, 1.0)) ** 0.5), paired


def _keys(required: RequiredTable, existing: Table, match: ColumnMatch) -> float:
    """How far unique keys, foreign keys and indexes agree (0..1); a half where neither side has any."""
    renamed = {
        p.required.name.lower(): p.existing.name.lower() for p in match.pairs if p.existing is not None
    }

    def here(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(renamed.get(c, c) for c in lowered(columns))

    ours = {("unique", *sorted(here(i.columns))) for i in required.indexes if i.unique and not i.primary}
    ours |= {("refers", *sorted(here(k.columns)), k.foreign_table.lower()) for k in required.foreign_keys}
    ours |= {("index", *here(i.columns)) for i in required.indexes if not i.unique and not i.primary}
    theirs = {("unique", *sorted(lowered(i.columns))) for i in existing.indexes if i.unique and not i.primary}
    theirs |= {
        ("refers", *sorted(lowered(k.columns)), k.foreign_table.lower()) for k in existing.foreign_keys
    }
    leads = {
        ("index", *lowered(i.columns[:n])) for i in existing.indexes for n in range(1, len(i.columns) + 1)
    }
    if not ours:
        return 0.5
    return len(ours & (theirs | leads)) / len(ours)
