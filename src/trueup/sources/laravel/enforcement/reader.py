"""Goes through the methods in which the project's own code writes, and gathers the places of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from trueup.model.enforcement import (
    CheckedInsert,
    CounterUpdate,
    Enforcement,
    LimitCheck,
    MoneyCast,
    RetriedWrite,
)
from trueup.model.locations import Location
from trueup.model.project import Project
from trueup.model.queries import Queries
from trueup.model.schema import Schema
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.enforcement.hazards import (
    checked_inserts,
    counters,
    fresh_looks,
    limit_checks,
    numeric_columns,
    table_of,
)
from trueup.sources.laravel.enforcement.retries import money_casts, retried_writes, tries_at
from trueup.sources.laravel.enforcement.trace import Paths, Sites, Step, Trace
from trueup.sources.php.tree import ClassDecl

_SIGNS = re.compile(
    rb"\+=|-=|\+\+|--|->save|->update\(|->(?:increment|decrement)|exists\(|doesntExist\(|->first\(|->count\(|->sum\(|lockForUpdate|"
    rb"\(int\)|intval\(|retry\("
)
_ROW_LOCK = re.compile(rb"->(?:lockForUpdate|sharedLock)\(|\bFOR UPDATE\b")
_ENTRIES = ("Controller", "Command", "Job")


def read_enforcement(
    project: Project, queries: Queries, schema: Schema, classes: Classes | None = None
) -> Enforcement:
    """What the application's own code does between looking and writing, sorted by place. Tests, seeders, factories and migrations
    are not asked. Only classes are read; `queries` say which table each call is about."""
    reader = _Reader(classes or Classes(project), queries, schema)
    files = sorted({s.at.file for s in queries.sites if s.area == "src"})
    traces = [t for file in files for t in reader.traces(file)]
    casts = [t for file in project.files if file not in set(files) for t in reader.casting(file)]
    return reader.found(traces, casts)


class _Reader:
    def __init__(self, classes: Classes, queries: Queries, schema: Schema) -> None:
        self.classes = classes
        self.tables = numeric_columns(schema)
        self.sites: Sites = {}
        for site in queries.sites:
            if site.area == "src":
                self.sites.setdefault((site.at.file, site.at.line, site.terminal.lower()), []).append(site)

    def traces(self, file: str) -> Iterator[tuple[ClassDecl, str, Trace]]:
        """A trace of each method in a file that bears a sign of counting or checking."""
        if not _SIGNS.search(self.classes.source(file)):
            return
        paths: Paths = {}
        for decl in self.classes.parsed(file).classes:
            if decl.kind in ("interface", "enum"):
                continue
            for name, function in sorted(decl.methods.items()):
                entry = decl.short.endswith(_ENTRIES) or name in ("handle", "__invoke")
                trace = Trace(self.classes, self.sites, decl.name, entry, paths=paths)
                trace.function(function, file, f"{decl.short}::{function.name}")
                trace.finish()
                yield decl, f"{decl.short}::{function.name}", trace

    def casting(self, file: str) -> Iterator[tuple[ClassDecl, str, Trace]]:
        """The same for a file without queries that casts to whole numbers."""
        source = self.classes.source(file)
        if re.search(rb"(?:\(int\)|intval)\s*\(.*\*\s*10+\b", source) and _is_application(file):
            yield from self.traces(file)

    def found(
        self, traces: list[tuple[ClassDecl, str, Trace]], casts: list[tuple[ClassDecl, str, Trace]]
    ) -> Enforcement:
        locked = {name for _, _, trace in traces for name in trace.calls_locked}
        inserts: dict[str, list[Step]] = {}
        for _, _, trace in traces:
            for step in trace.steps:
                if any(s.kind == "insert" for s in step.sites) and table_of(step):
                    inserts.setdefault(table_of(step), []).append(step)
        known = {table: tuple(steps) for table, steps in inserts.items()}
        free = [(d, m, t) for d, m, t in traces if m.rpartition("::")[2].lower() not in locked]
        return Enforcement(
            _once(c for _, _, t in free for c in counters(t, self.tables)),
            self._inserts(free),
            _once(c for _, _, t in free for c in limit_checks(t, self.tables, known)),
            _once(c for d, m, t in free for c in retried_writes(t, self._tries(d, m))),
            _once(c for _, _, t in (*traces, *casts) for c in money_casts(t)),
            self._row_locks(),
        )

    def _row_locks(self) -> int:
        files = (f for f in self.classes.files if _is_application(f))
        sources = (source for f in files if _may_lock(source := self.classes.source(f)))
        return sum(len(_ROW_LOCK.findall(source)) for source in sources)

    def _inserts(self, traces: list[tuple[ClassDecl, str, Trace]]) -> tuple[CheckedInsert, ...]:
        fresh = {at for _, _, trace in traces for at in fresh_looks(trace)}
        return _once(c for _, _, t in traces for c in checked_inserts(t) if c.at not in fresh)

    def _tries(self, decl: ClassDecl, method: str) -> Location | None:
        return tries_at(self.classes, decl) if method.endswith("::handle") else None


Hazard = TypeVar("Hazard", CounterUpdate, CheckedInsert, LimitCheck, RetriedWrite, MoneyCast)


def _once(found: Iterable[Hazard]) -> tuple[Hazard, ...]:
    """Each place once, though several methods lead there: as the method tells it that stands around the most, else the shortest
    name's. A place that one way reaches under a transaction or lock is told so."""
    best: dict[tuple[object, ...], Hazard] = {}
    for hazard in found:
        place = _place(hazard)
        known = best.get(place)
        if known is None or _rank(hazard) < _rank(known):
            best[place] = hazard
    return tuple(best[place] for place in sorted(best, key=repr))


def _place(hazard: Hazard) -> tuple[object, ...]:
    match hazard:
        case CounterUpdate():
            return (hazard.at, hazard.column)
        case LimitCheck():
            return (hazard.at, hazard.compared_at)
        case _:
            return (hazard.at,)


def _rank(hazard: Hazard) -> tuple[bool, int, str]:
    return (not getattr(hazard, "guard", ""), len(hazard.method), hazard.method)


def _may_lock(source: bytes) -> bool:
    return b"lockForUpdate" in source or b"sharedLock" in source or b"FOR UPDATE" in source


def _is_application(file: str) -> bool:
    lowered = file.lower()
    return not any(
        part in f"/{lowered}" for part in ("/tests/", "/test/", "/database/", "/vendor/", "/stubs/")
    )
