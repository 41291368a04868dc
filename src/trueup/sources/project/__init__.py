"""The project that is audited, as found on disk: its root, framework, files, migration folders and driver."""

from __future__ import annotations

import os
from typing import Literal

from trueup.errors import Mistake, TargetError
from trueup.model.locations import Gap, Location
from trueup.model.project import OLDEST_MAJOR, MigrationFolder, Project
from trueup.sources.project.composer import Composer, read_composer
from trueup.sources.project.connection import find_default_connection
from trueup.sources.project.folders import find_migration_folders
from trueup.sources.project.stubs import Stubs, read_stubs, stub_folders
from trueup.sources.project.walk import walk
from trueup.structs import replace

__all__ = ["find_project", "find_root", "migrations_only", "read_project"]


def find_project(target: str) -> Project:
    """The project that `target` is part of: a folder of it, or an audit ticket (.md) in it.

    Raises TargetError where there is no such path or no composer.json in or above it."""
    return read_project(find_root(target))


def find_root(target: str) -> str:
    """The nearest folder with composer.json, at or above `target`, as an absolute path. Raises TargetError."""
    if not os.path.exists(target):
        raise TargetError(Mistake(target, "no such file or folder", _nearest_path(target)))
    start = os.path.realpath(target)
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    while True:
        if os.path.isfile(os.path.join(folder, "composer.json")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    raise TargetError(
        Mistake(
            target, "no project here: no composer.json in this folder or above it", _projects_below(start)
        )
    )


def read_project(root: str) -> Project:
    """Reads the project at `root`, an absolute path. Nothing is executed; what can't be read is in `gaps`."""
    found = walk(root)
    composer = read_composer(root)
    kind = _kind(root, composer)
    package = kind == "package"
    folders, folder_gaps = find_migration_folders(root, found.folders, found.php, package=package)
    stubs = read_stubs(root, found.stubs, found.php, folders) if package else Stubs()
    project = Project(
        root=root,
        name=composer.name or os.path.basename(root),
        kind=kind,
        framework=composer.framework,
        framework_version=composer.framework_version,
        framework_from=composer.framework_from,
        migration_folders=stub_folders(stubs, folders),
        files=tuple(found.php),
        autoload=composer.autoload,
        packages=composer.packages,
        requires=composer.requires,
        siblings=composer.siblings,
        gaps=(*composer.gaps, *found.gaps, *folder_gaps, *stubs.gaps, *_too_old(composer)),
        documents=tuple(found.documents),
        views=tuple(found.views),
        scripts=tuple(found.scripts),
        stubs=stubs.paths,
        stubs_guessed=stubs.guessed,
    )
    return _with_default_connection(project)


def _too_old(composer: Composer) -> list[Gap]:
    """A framework from before those whose schema builder is known."""
    version = composer.framework_version
    major = version.split(".", 1)[0]
    if not major.isdigit() or int(major) >= OLDEST_MAJOR:
        return []
    reason = f"Laravel {version} is older than {OLDEST_MAJOR}: its migrations are read as Laravel {OLDEST_MAJOR} would run them"
    return [Gap(Location(composer.framework_from), reason, "version")]


def _with_default_connection(project: Project) -> Project:
    default = find_default_connection(
        project.root, list(project.files), project.major, package=project.kind == "package"
    )
    return replace(project, driver=default.driver, driver_from=default.why) if default else project


def _kind(root: str, composer: Composer) -> Literal["app", "package"]:
    """An application can be started: it has artisan or a bootstrap file. Everything else is a package."""
    started = any(os.path.isfile(os.path.join(root, name)) for name in ("artisan", "bootstrap/app.php"))
    return "app" if started and not composer.library else "package"


def _nearest_path(target: str) -> str:
    """A hint at the path that was probably meant: the longest part that exists, and a like name in it."""
    parent = os.path.dirname(os.path.abspath(target))
    missing = os.path.basename(os.path.abspath(target))
    while not os.path.isdir(parent):
        missing = os.path.basename(parent)
        parent = os.path.dirname(parent)
    try:
        names = sorted(os.listdir(parent))
    except OSError:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(missing, names, n=1, cutoff=0.6)
    return f"did you mean {os.path.join(parent, near[0])}?" if near else ""


def _projects_below(folder: str) -> str:
    """A hint at projects in the folders directly below."""
    if not os.path.isdir(folder):
        return ""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return ""
    below = [n for n in names if os.path.isfile(os.path.join(folder, n, "composer.json"))]
    return f"there is one in {', '.join(below[:3])}" if below else ""


def migrations_only(folder: str) -> Project:
    """A folder of migrations as a project of its own: the project it lies in, if any, with this folder alone."""
    folder = os.path.realpath(folder)
    try:
        project = read_project(find_root(folder))
    except TargetError:
        project = read_project(folder)
    inner = os.path.relpath(folder, project.root).replace(os.sep, "/")
    gaps = tuple(g for g in project.gaps if g.kind != "folder-not-loaded")
    return replace(project, migration_folders=(MigrationFolder(inner, "given"),), gaps=gaps)
