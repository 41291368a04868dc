"""Goes through the methods in which the project's own code writes, and gathers the places of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from trueup.model.enforcement import (
    CheckedInsert,
    CounterUpdate,
    Enforcement,
    LimitCheck,
    MoneyCast,
    RetriedWrite,
)
from trueup.model.locations import Gap, Location
from trueup.model.project import Project
from trueup.model.queries import Queries, QuerySite
from trueup.model.schema import Schema
from trueup.parallel import cores
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.enforcement.counting import counters
from trueup.sources.laravel.enforcement.hazards import checked_inserts, fresh_looks, limit_checks
from trueup.sources.laravel.enforcement.retries import money_casts, repeated_calls, retried_writes, tries_at
from trueup.sources.laravel.enforcement.subjects import numeric_columns, table_of
from trueup.sources.laravel.enforcement.trace import Paths, Sites, Trace
from trueup.sources.laravel.memory import Fact, Facts, Memory, digest, on_files
from trueup.sources.php.tree import ClassDecl
from trueup.structs import Struct, replace

_SIGNS = re.compile(
    rb"\+=|-=|\+\+|--|->save|->update\(|->(?:increment|decrement)|exists\(|doesntExist\(|->first\(|->count\(|->sum\(|lockForUpdate|"
    rb"\(int\)|intval\(|retry\(|->transaction\(|::transaction\("
)
_ROW_LOCK = re.compile(rb"->(?:lockForUpdate|sharedLock)\(|\bFOR UPDATE\b")
_CASTS = re.compile(rb"(?:\(int\)|intval)\s*\(.{0,200}\*\s*10+\b")
_WORTH_SHARING = 40
"""Files from which on a second process is worth its start."""
_ENTRIES = ("Controller", "Command", "Job")


class MethodHazards(Struct, frozen=True):
    """The places of one method, by kind. A limit that nothing in the method itself writes after has no `write_at` yet."""

    method: str
    counters: tuple[CounterUpdate, ...]
    inserts: tuple[CheckedInsert, ...]
    limits: tuple[LimitCheck, ...]
    retried: tuple[RetriedWrite, ...]
    casts: tuple[MoneyCast, ...]


class FileHazards(Struct, frozen=True):
    """What is found in one file. `locked`: methods that are called while a row lock is held; `inserts`: where rows are put into a
    table; `fresh`: looks for rows that nobody else can have."""

    locked: frozenset[str]
    inserts: tuple[tuple[str, Location], ...]
    fresh: frozenset[Location]
    methods: tuple[MethodHazards, ...]
    cut: tuple[Gap, ...] = ()
    """Methods that were not followed to their end."""


def read_enforcement(
    project: Project,
    queries: Queries,
    schema: Schema,
    classes: Classes | None = None,
    memory: Memory | None = None,
) -> Enforcement:
    """What the application's own code does between looking and writing, sorted by place. Tests, seeders, factories and migrations
    are not asked. Only classes are read; `queries` say which table each call is about. What is found in a file is kept in
    `memory`."""
    reader = _Reader(classes or Classes(project), queries, schema)
    asking = {s.at.file for s in queries.sites if s.area == "src"}
    files = sorted(f for f in asking if _SIGNS.search(reader.classes.source(f)))
    casting = [f for f in project.files if f not in asking and reader.casts(f)]
    whole = reader.state() if memory is not None else ""
    facts: Facts[FileHazards] = Facts(memory, f"enforcement-{schema.driver}", whole)
    found = facts.of((*files, *casting), reader.state_of, reader.fact_of, reader.processes)
    return _gathered(found[: len(files)], found[len(files) :], reader.row_locks())


class _Reader:
    def __init__(self, classes: Classes, queries: Queries, schema: Schema) -> None:
        self.classes = classes
        self.tables = numeric_columns(schema)
        self._by_file: dict[str, list[QuerySite]] = {}
        self._digests: dict[str, str] = {}
        self.sites: Sites = {}
        for site in queries.sites:
            if site.area == "src":
                self._by_file.setdefault(site.at.file, []).append(site)
                self.sites.setdefault((site.at.file, site.at.line, site.terminal.lower()), []).append(site)

    def state(self) -> str:
        """A digest of what the facts of every file hang on."""
        numeric = sorted((table, sorted(columns)) for table, columns in self.tables.items())
        return digest(numeric, self.classes.structure())

    def casts(self, file: str) -> bool:
        """Whether a file without queries casts amounts to whole numbers."""
        return _CASTS.search(self.classes.source(file)) is not None and _is_application(file)

    def processes(self, files: Sequence[str]) -> int:
        """How many processes are worth their start for these files."""
        return cores() if len(files) > _WORTH_SHARING else 1

    def state_of(self, kind: str, name: str) -> str:
        if kind == "file":
            return self.classes.digest(name)
        if name not in self._digests:
            self._digests[name] = digest(self._by_file.get(name, ()))
        return self._digests[name]

    def fact_of(self, file: str) -> Fact[FileHazards]:
        """What is found in a file. It hangs on the code that was followed from there, and on the queries in it."""
        self.classes.rest()
        self.classes.touched = {file}
        try:
            found = self._found(file)
        except RecursionError:  # the walk of the file's queries has told that it is nested too deeply
            found = FileHazards(frozenset(), (), frozenset(), ())
        touched = sorted(self.classes.touched)
        sites = tuple(("sites", f, self.state_of("sites", f)) for f in touched)
        return Fact(found, (*on_files(touched, self.state_of), *sites))

    def _found(self, file: str) -> FileHazards:
        traces = list(self._traces(file))
        steps = [step for _, _, trace in traces for step in trace.steps]
        inserting = [s for s in steps if table_of(s) and any(q.kind == "insert" for q in s.sites)]
        return FileHazards(
            frozenset(name for _, _, trace in traces for name in trace.calls_locked),
            tuple(dict.fromkeys((table_of(s), s.at) for s in inserting)),
            frozenset(at for _, _, trace in traces for at in fresh_looks(trace)),
            tuple(self._hazards(decl, method, trace) for decl, method, trace in traces),
            tuple(trace.cut for _, _, trace in traces if trace.cut is not None),
        )

    def _hazards(self, decl: ClassDecl, method: str, trace: Trace) -> MethodHazards:
        tries = tries_at(self.classes, decl) if method.endswith("::handle") else None
        return MethodHazards(
            method,
            tuple(counters(trace, self.tables)),
            tuple(checked_inserts(trace)),
            tuple(limit_checks(trace, self.tables)),
            (*retried_writes(trace, tries), *repeated_calls(trace, tries)),
            tuple(money_casts(trace)),
        )

    def _traces(self, file: str) -> Iterator[tuple[ClassDecl, str, Trace]]:
        """A trace of each method in a file."""
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

    def row_locks(self) -> int:
        files = (f for f in self.classes.files if _is_application(f))
        sources = (source for f in files if _may_lock(source := self.classes.source(f)))
        return sum(len(_ROW_LOCK.findall(source)) for source in sources)


def _gathered(found: Sequence[FileHazards], casting: Sequence[FileHazards], row_locks: int) -> Enforcement:
    """What was found file by file, as one. Methods that are called while a row lock is held are left to it."""
    locked = {name for file in found for name in file.locked}
    fresh = {at for file in found for at in file.fresh}
    inserts: dict[str, set[Location]] = {}
    for table, at in (insert for file in found for insert in file.inserts):
        inserts.setdefault(table, set()).add(at)
    every = [m for file in found for m in file.methods]
    free = [m for m in every if m.method.rpartition("::")[2].lower() not in locked]
    limits = (_with_writes(limit, inserts) for m in free for limit in m.limits)
    return Enforcement(
        _once(c for m in free for c in m.counters),
        _once(c for m in free for c in m.inserts if c.at not in fresh),
        _once(limit for limit in limits if limit is not None),
        _once(c for m in free for c in m.retried),
        _once(c for m in (*every, *(m for f in casting for m in f.methods)) for c in m.casts),
        row_locks,
        tuple(sorted({gap for file in found for gap in file.cut})),
    )


def _with_writes(limit: LimitCheck, inserts: Mapping[str, set[Location]]) -> LimitCheck | None:
    """A limit that other methods write after, with the places; None where nobody does."""
    if limit.write_at is not None:
        return limit
    elsewhere = tuple(sorted(inserts.get(limit.table, ())))
    return replace(limit, elsewhere=elsewhere) if elsewhere else None


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
