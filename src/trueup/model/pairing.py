"""Which required table is which existing one, and how their parts correspond."""

from __future__ import annotations

from typing import Literal

from trueup.model.schema import Column, Table
from trueup.model.spec import RequiredColumn, RequiredTable
from trueup.structs import Struct

PairStatus = Literal["present", "missing", "renamed", "extra"]


class Candidate(Struct, frozen=True):
    """An existing table that might be the required one. `score` 0..1; `reasons` say what it is made of, each short."""

    table: str
    score: float
    reasons: tuple[str, ...] = ()


class ColumnPair(Struct, frozen=True):
    """`existing` None: missing. `score` below 1 where the names differ; `reasons` say why they were paired."""

    required: RequiredColumn
    existing: Column | None
    score: float = 1.0
    reasons: tuple[str, ...] = ()

    @property
    def renamed(self) -> bool:
        return self.existing is not None and self.existing.name.lower() != self.required.name.lower()


class TablePair(Struct, frozen=True):
    """One required table. "present": same name; "renamed": another name, with `score`; "missing": none, with the runners-up."""

    required: RequiredTable
    status: PairStatus
    existing: Table | None = None
    score: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    columns: tuple[ColumnPair, ...] = ()
    extra_columns: tuple[Column, ...] = ()

    def column_name(self, required: str) -> str:
        """The existing name of a required column, or the required one where it is missing."""
        lowered = required.lower()
        for pair in self.columns:
            if pair.required.name.lower() == lowered and pair.existing is not None:
                return pair.existing.name
        return required


class Comparison(Struct, frozen=True):
    """Pairs sorted by required name; `extra` are the existing tables that nothing requires; `threshold` is the score below which
    nothing is paired."""

    pairs: tuple[TablePair, ...] = ()
    extra: tuple[Table, ...] = ()
    threshold: float = 0.0

    def pair(self, required: str) -> TablePair | None:
        lowered = required.lower()
        return next((p for p in self.pairs if p.required.name.lower() == lowered), None)
