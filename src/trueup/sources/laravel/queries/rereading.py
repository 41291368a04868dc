"""Queries read again for another state of the schema or of the code: only what the difference can reach is walked anew."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.model.eloquent import Eloquent, Model
from trueup.model.project import Project
from trueup.model.queries import Queries
from trueup.model.schema import Schema
from trueup.parallel import share_out
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.queries.program import Program
from trueup.sources.laravel.queries.reader import (
    columns_of,
    gathered,
    processes_for,
    program_of,
    walked_files,
)
from trueup.sources.laravel.queries.walks import Answer, Walk, read_by, walk


class Rereading:
    """The queries of one state of the code, by any schema. Walks are kept, file by file; a walk is done anew where a table that it
    asked about has other columns now."""

    def __init__(self, project: Project, eloquent: Eloquent) -> None:
        self.project = project
        self.eloquent = eloquent
        self._classes = Classes(project)
        self._walks: dict[str, Walk] = {}
        self._program: Program | None = None
        self._known: dict[frozenset[tuple[str, Answer]], Queries] = {}

    def queries(self, schema: Schema) -> Queries:
        """As `read_queries`."""
        key = _names(schema)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._read(schema)
        return known

    def remember(self, schema: Schema, queries: Queries) -> None:
        """What was read by this schema before."""
        self._known[_names(schema)] = queries

    def patched(self, project: Project, eloquent: Eloquent, changed: Iterable[str]) -> Rereading:
        """The same code with `changed` files as they are in `project`. Walks that never came near them are kept."""
        made = Rereading(project, eloquent)
        stale = {*changed, *(m.at.file for m in _differing(self.eloquent, eloquent))}
        made._walks = {
            file: kept for file, kept in self._walks.items() if file not in stale and not kept.touched & stale
        }
        return made

    def reads_alike(self, eloquent: Eloquent) -> bool:
        """Whether models differ in nothing that a query is read by (casts, `$fillable` and the like): then the queries of code that
        is patched there are these, but for lines that moved."""
        return not _differing(self.eloquent, eloquent)

    def _read(self, schema: Schema) -> Queries:
        program = self._program
        if program is None:
            program = self._program = program_of(self.project, self.eloquent, schema, self._classes)
        look_up = columns_of(schema)
        program.columns_of = look_up
        files = walked_files(program, self.project)
        stale = [f for f in files if f not in self._walks or not self._walks[f].holds(look_up)]
        if stale:
            done = share_out(stale, lambda f: walk(program, f, look_up), processes_for(program, stale))
            self._walks = {**self._walks, **dict(zip(stale, done, strict=True))}
        return gathered(self._walks[f].found for f in files)


def _names(schema: Schema) -> frozenset[tuple[str, Answer]]:
    return frozenset((t.name.lower(), frozenset(c.name.lower() for c in t.columns)) for t in schema.tables)


def _differing(before: Eloquent, after: Eloquent) -> list[Model]:
    """Models of the later state that a query may be read by in another way than before."""
    known = {m.name: read_by(m) for m in (*before.test_models, *before.models)}
    return [m for m in (*after.test_models, *after.models) if known.get(m.name) != read_by(m)]
