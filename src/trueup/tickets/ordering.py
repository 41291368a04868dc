"""Which work comes before which: dependencies that form no cycle, and the order that they give. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from trueup.model.audit import Audit
from trueup.model.remedies import Remedy
from trueup.model.tickets import PHASES, Work
from trueup.structs import replace
from trueup.tickets.grouping import existing_names
from trueup.tickets.kinds import KINDS

Needs = dict[str, set[str]]
"""For each work's key the keys of those that come before it."""

AFTER_TABLE = ("rename", "columns", "keys", "live data", "models", "code")
"""Kinds that find their table made, and come after each other on one table in this order."""


def in_order(audit: Audit, works: tuple[Work, ...], remedies: Sequence[Remedy] = ()) -> tuple[Work, ...]:
    """The works with what each needs, in an order in which each comes after what it needs, phase by phase where that allows it.
    Only direct needs are named: what follows from another need is left out."""
    needs: Needs = {work.key: set() for work in works}
    for before, after in (
        *_on_one_table(works),
        *_by_reference(audit, works),
        *_failing_first(audit, works),
        *_tests_last(works),
    ):
        if before != after:
            needs[after].add(before)
    for before, after in by_remedies(works, remedies):
        if before != after and after not in _reachable(before, needs):  # the rules come first
            needs[after].add(before)
    by_key = {work.key: work for work in works}
    ordered = topological({work.key: _place(work) for work in works}, needs)
    direct = without_implied(ordered, needs)
    return tuple(replace(by_key[key], needs=tuple(sorted(direct[key], key=ordered.index))) for key in ordered)


def _place(work: Work) -> tuple[int, int, str]:
    return PHASES.index(work.phase), KINDS[work.kind].rank, work.key


def topological(places: Mapping[str, tuple[int, int, str]], needs: Needs) -> list[str]:
    """The keys in order. A cycle (two tables that refer to each other) is cut at its first work by place: the need that closes it
    is dropped from `needs`, so that what is left holds."""
    left = sorted(places, key=lambda key: places[key])
    done: list[str] = []
    while left:
        free = next((key for key in left if needs[key] <= set(done)), None)
        if free is None:
            free = next(key for key in left if key in _reachable(key, needs))
            needs[free] &= set(done)
        done.append(free)
        left.remove(free)
    return done


def _reachable(key: str, needs: Needs) -> set[str]:
    found: set[str] = set()
    todo = [*needs[key]]
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo.extend(needs[here])
    return found


def without_implied(ordered: Iterable[str], needs: Needs) -> Needs:
    """Needs without those that follow from another need of the same work."""
    whole: Needs = {}
    direct: Needs = {}
    for key in ordered:
        implied = set().union(*(whole[n] for n in needs[key]))
        direct[key] = needs[key] - implied
        whole[key] = needs[key] | implied
    return direct


# The rules.


def _on_one_table(works: tuple[Work, ...]) -> Iterator[tuple[str, str]]:
    """A table is made, named, given its columns, its keys, its model, and then the code is corrected."""
    chain = ("create table", *AFTER_TABLE)
    for after in works:
        if after.kind in chain:
            yield from (
                (before.key, after.key)
                for before in works
                if before.kind in chain[: chain.index(after.kind)] and set(before.tables) & set(after.tables)
            )
    tables = {t for w in works if w.kind == "rename" for t in w.tables}
    for work in works:  # what the documents shall say is known when the names are settled
        if work.kind in ("documents", "beyond the specification") and tables & set(work.tables):
            yield from (
                (w.key, work.key) for w in works if w.kind == "rename" and set(w.tables) & set(work.tables)
            )


def _by_reference(audit: Audit, works: tuple[Work, ...]) -> Iterator[tuple[str, str]]:
    """A table that a foreign key refers to is made, and has its columns, before the key."""
    names = existing_names(audit)
    refers = {
        names.get(p.required.name, p.required.name): {
            names.get(k.foreign_table, k.foreign_table) for k in p.required.foreign_keys
        }
        for p in audit.facts.comparison.pairs
    }
    for after in works:
        if after.kind in ("create table", "keys", "columns"):
            wanted = {other for table in after.tables for other in refers.get(table, ()) if other != table}
            yield from (
                (before.key, after.key)
                for before in works
                if before.kind == "create table" and wanted & set(before.tables)
            )


def _failing_first(audit: Audit, works: tuple[Work, ...]) -> Iterator[tuple[str, str]]:
    """A migration that fails is mended before the tables that it makes or changes are changed further, and before the suite can
    run on that server."""
    touched = {m.path: {*m.creates, *m.changes} for m in audit.facts.migrations}
    for failing in (w for w in works if w.kind == "migration fails"):
        files = {place.file for f in failing.findings for place in f.locations}
        tables = {table for file in files for table in touched.get(file, ())}
        for work in works:
            later = work.phase == "Implementation" and tables & set(work.tables)
            if later or work.kind in ("test server", "migration tests", "rollback"):
                yield failing.key, work.key


def _tests_last(works: tuple[Work, ...]) -> Iterator[tuple[str, str]]:
    """Tests of a table come after the work on it; corrected factories and tests after it too."""
    for tests in works:
        if tests.phase not in ("Test Implementation", "Test Cleanup") or not tests.tables:
            continue
        about = {f.id for f in tests.covers}
        for work in works:
            mends = about & {f.id for f in work.findings}
            shapes = tests.kind in ("factories", "test code", "new factories", "shadow schema")
            same = shapes and work.phase == "Implementation" and set(work.tables) & set(tests.tables)
            if work.phase == "Implementation" and (mends or same):
                yield work.key, tests.key


def by_remedies(works: Sequence[Work], remedies: Sequence[Remedy]) -> Iterator[tuple[str, str]]:
    """A remedy that was tried after another is carried out after it."""
    homes = homes_of(works, [r for r in remedies if r.offered])
    for remedy in remedies:
        if remedy.id in homes:
            yield from ((homes[i], homes[remedy.id]) for i in remedy.depends_on if i in homes)


def homes_of(works: Sequence[Work], remedies: Sequence[Remedy]) -> dict[str, str]:
    """Id of a remedy → key of the work that has the first of its findings: what else it mends by the way does not make it that
    work's."""
    of_finding = {f.id: work.key for work in works for f in work.findings}
    homes: dict[str, str] = {}
    for remedy in remedies:
        own = [of_finding[i] for i in remedy.finding_ids if i in of_finding]
        if own:
            homes[remedy.id] = own[0]
    return homes
