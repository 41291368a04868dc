"""A migration that somebody else wrote, and perhaps code beside it: replayed after the project's own, and audited again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping

from trueup.compare.diff import Difference, diff
from trueup.model.audit import Audit, Crash, Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.locations import Gap
from trueup.model.names import Driver
from trueup.model.remedies import NewFile
from trueup.model.schema import Failure, Schema
from trueup.remedies.bench import Attempt, Bench
from trueup.remedies.judging import judged
from trueup.remedies.overlay import overlaid
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.enforcement import read_enforcement
from trueup.sources.laravel.queries import read_queries
from trueup.sources.laravel.runtime.class_files import ClassFiles
from trueup.structs import Struct, replace

Judge = Callable[[Facts], tuple[tuple[Verdict, ...], tuple[Crash, ...]]]
"""Which checks judge, and how gravely: `run_checks` with the project's settings."""


class Tried(Struct, frozen=True):
    """What came of it on one driver. `failures` and `gaps` are those of the migration alone: where it fails, nothing was judged.
    `undone`: why `down()` does not leave what was there before, or "". `gone` were found before and are not any more, `new` the
    other way round, `left` are found as before; `unsure` what could be told before and cannot be told now. `changes` are what the
    migration does to the schema."""

    driver: Driver
    failures: tuple[Failure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    undone: str = ""
    changes: tuple[Difference, ...] = ()
    gone: tuple[Finding, ...] = ()
    new: tuple[Finding, ...] = ()
    left: tuple[Finding, ...] = ()
    unsure: tuple[CannotTell, ...] = ()
    crashes: tuple[Crash, ...] = ()


def try_pasted(
    audit: Audit,
    migration: NewFile | None,
    code: Mapping[str, str],
    drivers: Iterable[Driver],
    judge: Judge,
    server_version: str = "",
) -> tuple[Tried, ...]:
    """The audit after `migration` ran on each of `drivers`, with the texts of `code` (path relative to the root → whole text) in
    place of, or beside, what is on disk. Nothing is written but a scratch folder of links, which is gone at the end.
    `server_version` is that of the audited driver, which always comes first."""
    with contextlib.ExitStack() as scratch:
        facts = audit.facts
        after = facts
        if code:
            project = scratch.enter_context(overlaid(facts.project, code))
            after = replace(facts, project=project, eloquent=read_eloquent(project)[0])
        wanted = dict.fromkeys((audit.driver, *drivers))
        benches = {d: _bench(audit, d, server_version) for d in wanted}
        files = (migration,) if migration is not None else ()
        attempts = {d: bench.attempt(files) for d, bench in benches.items()}
        after = replace(after, others=_others(after, attempts))
        if not attempts[audit.driver].failures:
            after = _read_again(after, attempts[audit.driver].schema)
        return tuple(_tried(facts, after, benches[d], attempt, judge) for d, attempt in attempts.items())


def _bench(audit: Audit, driver: Driver, server_version: str) -> Bench:
    """Made anew for each trial: classes that a pasted file declares must not be known to the next."""
    project, version = audit.facts.project, server_version if driver == audit.driver else ""
    return Bench.of(project, driver, audit.facts.config.chosen.prefix, version, ClassFiles(project), True)


def _others(facts: Facts, attempts: Mapping[Driver, Attempt]) -> tuple[Schema, ...]:
    return tuple(attempts[s.driver].schema if s.driver in attempts else s for s in facts.others)


def _tried(facts: Facts, after: Facts, bench: Bench, attempt: Attempt, judge: Judge) -> Tried:
    known = set(attempt.before.gaps)
    gaps = tuple(gap for gap in attempt.raw.gaps if gap not in known)
    if attempt.failures:
        return Tried(bench.driver, attempt.failures, gaps)
    changes = diff(bench.schema, attempt.schema, comments=True)
    before = replace(facts, migrations=bench.migrations)
    after = replace(after, migrations=attempt.migrations)
    was, _ = judge(judged(before, bench.schema, before.queries))
    now, crashes = judge(judged(after, attempt.schema, after.queries))
    read = now
    if gaps:  # what was not understood did nothing: no finding is gone because a check cannot tell any more
        bare = replace(attempt.schema, gaps=tuple(g for g in attempt.schema.gaps if g in known))
        read, _ = judge(judged(after, bare, after.queries))
    tried = Tried(bench.driver, (), gaps, attempt.undone, changes, crashes=crashes)
    return _compared(tried, was, now, read)


def _read_again(after: Facts, schema: Schema) -> Facts:
    """The code as it reads by the audited driver's new schema; the others' would tell the same."""
    queries = read_queries(after.project, after.eloquent, schema, Classes(after.project))
    return replace(after, queries=queries, enforcement=read_enforcement(after.project, queries, schema))


def _compared(
    tried: Tried, was: tuple[Verdict, ...], now: tuple[Verdict, ...], read: tuple[Verdict, ...]
) -> Tried:
    """`read` are the verdicts of what was understood, `now` those with doubts about the rest."""
    before, after, understood = _findings(was), _findings(now), _findings(read)
    unsure = {v for v in was if isinstance(v, CannotTell)}
    return replace(
        tried,
        gone=tuple(f for i, f in before.items() if i not in understood),
        new=tuple(f for i, f in after.items() if i not in before),
        left=tuple(f for i, f in understood.items() if i in before),
        unsure=tuple(sorted(v for v in now if isinstance(v, CannotTell) and v not in unsure)),
    )


def _findings(verdicts: tuple[Verdict, ...]) -> dict[str, Finding]:
    return {v.id: v for v in verdicts if isinstance(v, Finding)}
