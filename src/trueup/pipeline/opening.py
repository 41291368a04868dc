"""What every command begins with: the project, the settings, the driver. The user's mistakes are gathered here, all of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.config import Options, Settings, read_settings
from trueup.errors import Mistake, TargetError, UserError
from trueup.model.names import Driver
from trueup.model.project import MigrationFolder, Project
from trueup.sources.project import find_root, migrations_only, read_project
from trueup.structs import Struct, replace

if TYPE_CHECKING:
    from trueup.model.live import Live
    from trueup.model.spec import RequiredTable, Specification


class Opened(Struct, frozen=True):
    """`ticket_path` is the absolute path of the ticket that the target is, or ""."""

    project: Project
    settings: Settings
    ticket_path: str = ""


def open_target(target: str, options: Options, codes: Sequence[str] | None = None) -> Opened:
    """The project at `target` (a folder, a folder of migrations, or a ticket) and its settings. `codes` are the checks'.

    Raises UserError with every mistake in the target, the options and the configuration."""
    mistakes: list[Mistake] = []
    root: str | None = None
    migrations = is_migrations_folder(target)
    try:
        root = find_root(target)
        mistakes.extend(_not_a_ticket(target))
    except TargetError as problem:
        if not migrations:
            mistakes.extend(problem.mistakes)
    settings, wrong = read_settings(root, options, codes)
    mistakes.extend(wrong)
    if mistakes:
        raise UserError(*mistakes)
    if codes is not None:
        use_named(settings.checks)
    project = migrations_only(target) if migrations or root is None else read_project(root)
    if settings.paths and not migrations:
        folders = tuple(MigrationFolder(path.strip("/"), "config") for path in settings.paths)
        project = replace(project, migration_folders=folders)
    return Opened(project, settings, os.path.realpath(target) if os.path.isfile(target) else "")


def use_named(own: tuple[str, ...]) -> None:
    """The checks of the user's own join the catalogue; they were loaded with the settings, without a mistake."""
    from trueup.checks.registry import use_own

    if not own:
        use_own(())
        return
    from trueup.checks.own import load

    use_own(tuple(made for made, _ in (load(name, "") for name in own) if made is not None))


def _not_a_ticket(target: str) -> list[Mistake]:
    if os.path.isdir(target) or target.lower().endswith((".md", ".markdown")):
        return []
    return [Mistake(target, "is no audit ticket", "a ticket is a Markdown file, .md; a project is a folder")]


def is_migrations_folder(path: str) -> bool:
    """A folder with migrations in it and no composer.json of its own."""
    if not os.path.isdir(path) or os.path.isfile(os.path.join(path, "composer.json")):
        return False
    with os.scandir(path) as entries:
        return any(e.name.endswith(".php") and e.name[:4].isdigit() and "_" in e.name for e in entries)


def choose_driver(
    project: Project,
    settings: Settings,
    specification: Specification | None = None,
    live: Live | None = None,
) -> tuple[Driver, str]:
    """The driver and why: option, configuration, the live database, the application's default connection, the dialect of the
    specification's SQL, mysql."""
    if settings.driver is not None:
        return settings.driver, f"set by {settings.origin('driver')}"
    if live is not None:
        return live.schema.driver, f"the live database at {live.at}"
    if project.driver_from != "assumed":
        return project.driver, project.driver_from
    for table in _by_precedence(specification) if specification else ():
        if table.dialect is not None:
            return table.dialect, f"the dialect of the specification's SQL ({table.at})"
    return "mysql", "nothing in the project says which, so mysql is assumed"


def _by_precedence(specification: Specification) -> list[RequiredTable]:
    """Required tables in the order of the documents, then of lines."""
    ranks = {document.path: rank for rank, document in enumerate(specification.documents)}
    return sorted(specification.required, key=lambda t: (ranks.get(t.at.file, len(ranks)), t.at.line))
