"""`trueup schema`: what the migrations build."""

from __future__ import annotations

from trueup.config import Options, Settings
from trueup.model.names import Driver
from trueup.model.project import Project
from trueup.model.schema import Schema
from trueup.pipeline.opening import choose_driver, open_target


def schema(path: str, options: Options, at: str | None = None) -> Schema:
    """What the migrations of the project (or the folder of migrations) at `path` build, up to the migration `at`.

    Raises UserError with every mistake in `path`, the options, the configuration and `at`."""
    opened = open_target(path, options)
    driver, _ = choose_driver(opened.project, opened.settings)
    return replay_for(opened.project, driver, opened.settings, until=at)


def replay_for(project: Project, driver: Driver, settings: Settings, until: str | None = None) -> Schema:
    """The replay of the project's migrations for one driver. Raises UserError if there is no migration `until`."""
    from trueup.sources.laravel.migrations import replay

    return replay(project, driver, server_version=settings.server_version or None, until=until)
