"""Which required column is which existing one. A column of the same name is always its own; another name is paired only when
words, type and role agree clearly and no second column would do as well."""

from __future__ import annotations

from trueup.compare.column_types import judge_column
from trueup.compare.defaults import parse_default, same_default
from trueup.compare.names import GENERIC, Rarity, stems, word_similarity
from trueup.compare.types import TypeVerdict
from trueup.model.names import Driver
from trueup.model.pairing import ColumnPair
from trueup.model.schema import Column, Table
from trueup.model.spec import RequiredColumn, RequiredTable
from trueup.structs import Struct, replace

COLUMN_THRESHOLD = 0.65
"""Below this nothing is paired under another name."""
_MARGIN = 0.08
"""How much better than every other candidate a pairing must be."""
_TYPE_SHARES = {"compatible": 1.0, "wider": 0.8, "unknown": 0.6, "narrower": 0.5, "different": 0.2}


class ColumnMatch(Struct, frozen=True):
    """The result for one table: pairs in the document's order, and the existing columns that nothing requires."""

    pairs: tuple[ColumnPair, ...]
    extra: tuple[Column, ...]


class _Candidate(Struct, frozen=True):
    score: float
    required: str
    existing: str
    reasons: tuple[str, ...]


def match_columns(required: RequiredTable, existing: Table, driver: Driver, rarity: Rarity) -> ColumnMatch:
    """Pairs the columns of a required table with those of an existing one, one to one. `rarity` weighs their words."""
    by_name = {c.name.lower(): c for c in existing.columns}
    exact = {c.name.lower(): by_name[c.name.lower()] for c in required.columns if c.name.lower() in by_name}
    missing = [c for c in required.columns if c.name.lower() not in exact]
    free = [c for c in existing.columns if c.name.lower() not in exact]
    renamed = _assign(_candidates(required, existing, missing, free, driver, rarity))
    pairs = tuple(_pair(c, exact, renamed, by_name) for c in required.columns)
    taken = {p.existing.name.lower() for p in pairs if p.existing is not None}
    extra = tuple(c for c in existing.columns if c.name.lower() not in taken) if required.complete else ()
    return ColumnMatch(pairs, extra)


def _pair(
    column: RequiredColumn,
    exact: dict[str, Column],
    renamed: dict[str, _Candidate],
    by_name: dict[str, Column],
) -> ColumnPair:
    lowered = column.name.lower()
    if lowered in exact:
        return ColumnPair(column, exact[lowered])
    if lowered in renamed:
        found = renamed[lowered]
        return ColumnPair(column, by_name[found.existing], round(found.score, 2), found.reasons)
    return ColumnPair(column, None, 0.0)


def _candidates(
    required: RequiredTable,
    existing: Table,
    missing: list[RequiredColumn],
    free: list[Column],
    driver: Driver,
    rarity: Rarity,
) -> list[_Candidate]:
    ignored = stems(required.name) | stems(existing.name)
    found: list[_Candidate] = []
    for wanted in missing:
        for column in free:
            names = word_similarity(wanted.name, column.name, rarity, ignored)
            target = _same_target(wanted, required, column, existing)
            keys = _both_keys(wanted, required, column, existing)
            if names >= 0.6 or target or keys:
                verdict = judge_column(wanted, column, existing, driver, required.dialect)
                alike = max(names, 0.8 if target or keys else 0.0)
                scored = _score(wanted, column, alike, target, verdict)
                found.append(
                    replace(scored, reasons=("both are the table's key", *scored.reasons)) if keys else scored
                )
    return found


def _both_keys(wanted: RequiredColumn, required: RequiredTable, column: Column, existing: Table) -> bool:
    """Whether each is its table's whole primary key: "id_user" where the framework says "id"."""
    ours, theirs = required.primary_key, existing.primary_key
    return (
        ours is not None
        and theirs is not None
        and [c.lower() for c in ours.columns] == [wanted.name.lower()]
        and [c.lower() for c in theirs.columns] == [column.name.lower()]
    )


def _score(
    wanted: RequiredColumn, column: Column, names: float, target: bool, verdict: TypeVerdict
) -> _Candidate:
    if verdict.kind == "different" and verdict.loses:
        return _Candidate(0.0, wanted.name.lower(), column.name.lower(), ())
    role, role_reasons = _role(wanted, column)
    both = stems(wanted.name) & stems(column.name)
    shared = sorted(both - GENERIC) or sorted(both)
    reasons = [f"shares {', '.join(repr(w) for w in shared)}"] if shared else []
    if target:
        reasons.append("refers to the same table")
    if wanted.type is not None:
        reasons.append(f"type {verdict.kind}")
    score = 0.75 * names + 0.15 * _TYPE_SHARES[verdict.kind] + 0.10 * role
    return _Candidate(score, wanted.name.lower(), column.name.lower(), (*reasons, *role_reasons))


def _role(wanted: RequiredColumn, column: Column) -> tuple[float, tuple[str, ...]]:
    """How far nullability and default agree (0..1; what the document does not say counts half), and the agreements in words."""
    share, reasons = 0.0, []
    if wanted.nullable is None:
        share += 0.25
    elif wanted.nullable == column.nullable:
        share += 0.5
    if not wanted.default_known:
        share += 0.25
    elif same_default(wanted.default, column.default, numeric=True):
        share += 0.5
        if parse_default(wanted.default).kind != "none":
            reasons.append("same default")
    return share, tuple(reasons)


def _same_target(wanted: RequiredColumn, required: RequiredTable, column: Column, existing: Table) -> bool:
    """Whether both are the one foreign key to the same table."""
    ours = [k for k in required.foreign_keys if tuple(c.lower() for c in k.columns) == (wanted.name.lower(),)]
    if len(ours) != 1:
        return False
    theirs = [
        k for k in existing.foreign_keys if tuple(c.lower() for c in k.columns) == (column.name.lower(),)
    ]
    if len(theirs) != 1 or ours[0].foreign_table.lower() != theirs[0].foreign_table.lower():
        return False
    target = ours[0].foreign_table.lower()
    once = sum(k.foreign_table.lower() == target for k in required.foreign_keys) == 1
    return once and sum(k.foreign_table.lower() == target for k in existing.foreign_keys) == 1


def _assign(candidates: list[_Candidate]) -> dict[str, _Candidate]:
    """The best candidates first, each side once; one that is hardly better than its rival on either side is left out."""
    ordered = sorted(candidates, key=lambda c: (-c.score, c.required, c.existing))
    chosen: dict[str, _Candidate] = {}
    taken: set[str] = set()
    for best in ordered:
        if best.score < COLUMN_THRESHOLD:
            break
        if best.required in chosen or best.existing in taken:
            continue
        rivals = [
            c
            for c in ordered
            if c is not best
            and c.score > best.score - _MARGIN
            and (c.required == best.required) != (c.existing == best.existing)
            and c.required not in chosen
            and c.existing not in taken
        ]
        if not rivals:
            chosen[best.required] = best
            taken.add(best.existing)
    return chosen
