"""A fleet's audit: the repositories, those that are not yet known, the report."""

from __future__ import annotations

import os
from collections.abc import Callable

from trueup.config import FailOn
from trueup.fleet.engine import carried_out, executor
from trueup.fleet.journal import Journal
from trueup.fleet.listing import find_repositories
from trueup.fleet.work import Job
from trueup.model.fleet import Fleet, Result
from trueup.structs import Struct


class Settings(Struct, frozen=True):
    """`options` go to each `trueup audit`. `workers` count only without a `scheduler`. `seconds`: the longest for one repository.
    `journal` is where results are kept, None for nowhere; `anew`: also what is known there and unchanged is done again."""

    options: tuple[str, ...] = ()
    workers: int = 0
    scheduler: str | None = None
    seconds: float = 600.0
    journal: str | None = None
    anew: bool = False
    fail_on: FailOn = "error"


def audit_fleet(target: str, settings: Settings, told: Callable[[str], None]) -> Fleet:
    """Audits every repository of `target` once, unless it is known and unchanged. `told` hears of each that is done.

    Raises UserError for a target or settings that are wrong."""
    repositories = find_repositories(target)
    done = kept = 0
    with Journal(settings.journal) as journal:
        jobs = (
            Job(r, settings.options, _known(journal, r.path, settings.anew), settings.seconds)
            for r in repositories
        )
        workers = settings.workers or len(os.sched_getaffinity(0))
        with executor(settings.scheduler, workers) as (engine, width):
            for job, result in carried_out(jobs, engine, width):
                if result is None:
                    kept += 1
                else:
                    done += 1
                    journal.add(result)
                latest = journal.latest[job.repository.path]
                told(
                    f"{done + kept}/{len(repositories)} {job.repository.name}: {_said(latest, result is None)}"
                )
        paths = [repository.path for repository in repositories]
        before = {path: journal.before[path] for path in paths if path in journal.before}
        return Fleet(tuple(journal.latest[path] for path in paths), before, done, kept)


def _known(journal: Journal, path: str, anew: bool) -> str:
    """What failed is done again: it may have been the machine's fault."""
    known = journal.latest.get(path)
    return known.state if known is not None and known.status != "failed" and not anew else ""


def _said(result: Result, kept: bool) -> str:
    if kept:
        return "unchanged"
    if result.status != "audited":
        return f"{result.status}: {result.problem}"
    return f"{result.count('error')} errors, {result.count('warning')} warnings, {result.seconds:.1f} s"
