"""The flow: sources → model → compare → checks → findings."""

from __future__ import annotations

import os
from dataclasses import replace

from trueup.config import Options, Settings, read_settings
from trueup.errors import Mistake, TargetError, UserError
from trueup.model.names import Driver
from trueup.model.project import MigrationFolder, Project
from trueup.model.schema import Schema
from trueup.sources.project import find_root, migrations_only, read_project


def schema(path: str, options: Options, at: str | None = None) -> Schema:
    """What the migrations of the project (or the folder of migrations) at `path` build, up to the migration `at`.

    Raises UserError with every mistake in `path`, the options, the configuration and `at`."""
    project, settings = open_project(path, options)
    driver, _ = choose_driver(project, settings)
    return replay(project, driver, settings, until=at)


def open_project(
    path: str, options: Options, codes: tuple[str, ...] | None = None
) -> tuple[Project, Settings]:
    """The project and its settings. Raises UserError with every mistake at once."""
    mistakes: list[Mistake] = []
    root: str | None = None
    folder = _is_migrations_folder(path)
    try:
        root = find_root(path)
    except TargetError as problem:
        if not folder:
            mistakes.extend(problem.mistakes)
    settings, wrong = read_settings(root, options, codes)
    mistakes.extend(wrong)
    if mistakes:
        raise UserError(*mistakes)
    project = migrations_only(path) if folder or root is None else read_project(root)
    if settings.paths and not folder:
        folders = tuple(MigrationFolder(p.strip("/"), "config") for p in settings.paths)
        project = replace(project, migration_folders=folders)
    return project, settings


def choose_driver(project: Project, settings: Settings) -> tuple[Driver, str]:
    """The driver and why: option, configuration, the application's default connection, mysql."""
    if settings.driver is not None:
        return settings.driver, f"set by {settings.origin('driver')}"
    if project.driver_from != "assumed":
        return project.driver, project.driver_from
    return "mysql", "nothing says which: mysql is assumed"


def replay(project: Project, driver: Driver, settings: Settings, until: str | None = None) -> Schema:
    from trueup.sources.laravel.migrations import replay as replay_migrations

    return replay_migrations(project, driver, server_version=settings.server_version or None, until=until)


def _is_migrations_folder(path: str) -> bool:
    """A folder with migrations in it and no composer.json of its own."""
    if not os.path.isdir(path) or os.path.isfile(os.path.join(path, "composer.json")):
        return False
    with os.scandir(path) as entries:
        return any(e.name.endswith(".php") and e.name[:4].isdigit() and "_" in e.name for e in entries)
