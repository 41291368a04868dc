"""The column of a table that plays each role best."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.compare.roles.patterns import COLUMNS, PERIOD_WORDS, WIDE_LIMIT
from trueup.model.pairing import TablePair
from trueup.model.roles import Period, TableRole
from trueup.model.schema import Column, Table
from trueup.model.types import TypeFamily
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct


class Chosen(Struct, frozen=True):
    """`required` is the type that the specification writes for it, "" where it writes none."""

    column: str
    score: float
    why: str
    required: str = ""


def choose_columns(role: TableRole, table: Table, pair: TablePair | None) -> Mapping[str, Chosen]:
    """Role → the column that plays it. No column plays two roles; the surest pairs are made first."""
    known = _required(pair)
    offers = [
        (offer.score, list(COLUMNS[role]).index(name), position, name, offer)
        for name, pattern in COLUMNS[role].items()
        for position, column in enumerate(table.columns)
        if (offer := _offer(column, known, lambda n, f, p=pattern: p.score(n, f))) is not None
    ]
    chosen: dict[str, Chosen] = {}
    for _, _, _, name, offer in sorted(offers, key=lambda o: (-o[0], o[1], o[2])):
        if name not in chosen and offer.column not in {c.column for c in chosen.values()}:
            chosen[name] = offer
    if role == "budget":
        wide = wide_limits(table)
        if wide and chosen.get("limit", _NONE).score < 0.9:
            chosen["limit"] = Chosen(wide[0][1], 1.0, "a limit for each period")
    return chosen


_NONE = Chosen("", 0.0, "")


def wide_limits(table: Table) -> tuple[tuple[Period, str], ...]:
    """The columns of a table that has a limit for each of several periods."""
    found: dict[Period, str] = {}
    for column in table.columns:
        match = WIDE_LIMIT.fullmatch(column.name.lower())
        if match and _family(column) in ("decimal", "integer", "float"):
            found.setdefault(PERIOD_WORDS[match["before"] or match["after"]], column.name)
    return tuple(found.items())


def _required(pair: TablePair | None) -> Mapping[str, tuple[str, str]]:
    """Existing column → the name and type that the specification has for it."""
    if pair is None:
        return {}
    return {
        p.existing.name: (p.required.name, p.required.type or "")
        for p in pair.columns
        if p.existing is not None
    }


def _offer(column: Column, known: Mapping[str, tuple[str, str]], score: object) -> Chosen | None:
    assert callable(score)
    family = _family(column)
    own = float(score(column.name, family))
    required, type_ = known.get(column.name, ("", ""))
    theirs = float(score(required, family)) if required else 0.0
    if max(own, theirs) <= 0:
        return None
    if theirs > 0:
        # Of two that fit by name, the one that the specification has in mind.
        why = f"required as {required}" if required != column.name else "named so in the specification"
        return Chosen(column.name, min(1.0, max(own, theirs) + 0.01), why, type_)
    return Chosen(column.name, own, "by its name and type", type_)


def _family(column: Column) -> TypeFamily:
    return parse_type(column.type).family
