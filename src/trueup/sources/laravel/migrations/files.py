"""The migrations of a project, in the order in which the Migrator runs them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from trueup.model.project import Project
from trueup.structs import Struct


class MigrationPath(Struct, frozen=True):
    """`name` is the file's stem, by which the framework knows and sorts migrations; `path` is relative to the root."""

    name: str
    path: str


_MIGRATION = re.compile(r"^[^_\n]*+_.*\.php$")


def migration_files(project: Project) -> list[MigrationPath]:
    """`Migrator::getMigrationFiles`: *_*.php of each folder, not below; of two with one name the later folder's counts."""
    found: dict[str, MigrationPath] = {}
    for folder in project.migration_folders:
        for path in _in_folder(project, folder.path):
            name = path.rsplit("/", 1)[-1].removesuffix(".php")
            found[name] = MigrationPath(name, path)
    return [found[name] for name in sorted(found)] or _stubs(project)


def _stubs(project: Project) -> list[MigrationPath]:
    """The stubs of a package in folders of migrations. In the application their names begin with the time of their publishing."""
    folders = {folder.path for folder in project.migration_folders}
    split = [(path, *path.rpartition("/")[::2]) for path in project.stubs]
    return [
        MigrationPath(name.removesuffix(".php.stub"), path)
        for path, folder, name in split
        if folder in folders
    ]


_MADE = re.compile(
    rb"""(?:create|createTable)\(\s*+['"]([\w.]+)['"]|rename\((?:[^,()]++,)?\s*+['"]([\w.]+)['"]\s*+\)"""
    rb"""|create\s++table\s++(?:if\s++not\s++exists\s++)?[`"\[]?([\w.]+)|rename\s++(?:to|as)\s++[`"]?([\w.]+)""",
    re.IGNORECASE,
)


def tables_made(sources: Iterable[bytes]) -> frozenset[str]:
    """Lower-case names, without a schema's, that the text of some migration creates, or renames a table to."""
    return frozenset(
        name.decode("ascii", "replace").lower().rpartition(".")[2]
        for source in sources
        for found in _MADE.finditer(source)
        for name in found.groups()
        if name
    )


def _in_folder(project: Project, folder: str) -> list[str]:
    if folder.endswith(".php"):
        return [folder]
    absolute = os.path.join(project.root, folder)
    try:
        names = sorted(os.listdir(absolute))
    except OSError:
        return []
    prefix = "" if folder in ("", ".") else folder.rstrip("/") + "/"
    return [prefix + n for n in names if _MIGRATION.match(n) and os.path.isfile(os.path.join(absolute, n))]


def class_name_of(stem: str) -> str:
    """`Migrator::getMigrationClass`: Studly of the name without its four date parts."""
    from trueup.sources.laravel.inflection import studly

    return studly("_".join(stem.split("_")[4:]))
