"""`trueup schema`: what the migrations build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.errors import Mistake, UserError
from trueup.pipeline.opening import choose_driver, open_target

if TYPE_CHECKING:
    from trueup.config import Options, Settings
    from trueup.model.names import Driver
    from trueup.model.project import Project
    from trueup.model.schema import Schema


def schema(path: str, options: Options, at: str | None = None) -> Schema:
    """What the migrations of the project (or the folder of migrations) at `path` build, up to the migration `at`.

    Raises UserError with every mistake in `path`, the options, the configuration and `at`."""
    opened = open_target(path, options)
    driver, _ = choose_driver(opened.project, opened.settings)
    until = None if at is None else _migration_named(opened.project, at)
    return replay_for(opened.project, driver, opened.settings, until)


def replay_for(project: Project, driver: Driver, settings: Settings, until: str | None = None) -> Schema:
    """The schema after the project's migrations have run for one driver, up to the migration `until`."""
    from trueup.sources.laravel.migrations.replay import replay

    return replay(project, driver, server_version=settings.server_version or None, until=until).schema


def _migration_named(project: Project, text: str) -> str:
    """The one migration that `text` means: its name, its file, or the beginning of its name. Raises UserError."""
    from trueup.sources.laravel.migrations.files import migration_files

    names = [file.name for file in migration_files(project)]
    wanted = text.rsplit("/", 1)[-1].removesuffix(".stub").removesuffix(".php")
    if wanted in names:
        return wanted
    meant = [name for name in names if name.startswith(wanted)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UserError(
            Mistake("--at", f"'{text}' begins {len(meant)} migrations", f"such as {meant[0]} and {meant[1]}")
        )
    raise UserError(Mistake("--at", f"there is no migration '{text}'", _nearest(wanted, names)))


def _nearest(wanted: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(wanted, names, n=1, cutoff=0.4)
    part = next((name for name in names if wanted.lower() in name.lower()), "")
    found = part or (near[0] if near else "")
    return f"did you mean '{found}'?" if found else ""
