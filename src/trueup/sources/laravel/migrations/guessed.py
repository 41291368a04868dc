"""Migrations whose order is a guess: stubs that applications publish in an order which the package does not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Gap
from trueup.model.schema import Failure
from trueup.sources.laravel.migrations.files import MigrationPath

if TYPE_CHECKING:
    from trueup.sources.laravel.migrations.replay import Run


def migrate_guessed(run: Run, paths: Sequence[MigrationPath], until: str | None) -> None:
    """Runs them as they are given, and what fails again after the others. What fails then too leaves nothing behind and is a gap:
    in an application's order it may run."""
    last = next(
        (n for n, p in enumerate(paths) if until is not None and p.name.startswith(until)), len(paths)
    )
    waiting = list(paths[: last + 1])
    while waiting:
        refused = [(path, failed) for path in waiting if (failed := _tried(run, path)) is not None]
        if len(refused) == len(waiting):
            run.gaps.extend(_gap(failed) for _, failed in refused)
            return
        waiting = [path for path, _ in refused]


def _tried(run: Run, path: MigrationPath) -> Failure | None:
    """Why it fails; then all is as it was before."""
    world = run.world.snapshot()
    failures, gaps, migrations, ran = len(run.failures), len(run.gaps), len(run.migrations), len(run.ran)
    run.migrate(path)
    failed = run.failures[failures] if len(run.failures) > failures else None
    if failed is not None:
        run.world.restore(world)
        run.close_transactions()
        del run.failures[failures:], run.gaps[gaps:], run.migrations[migrations:], run.ran[ran:]
    return failed


def _gap(failed: Failure) -> Gap:
    reason = (
        f"a stub that fails in the order that was guessed, and may run in an application's: {failed.reason}"
    )
    return Gap(failed.at, reason, "stub")
