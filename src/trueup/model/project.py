"""The project that is audited, as found on disk."""

from __future__ import annotations

from typing import Literal

from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.structs import Struct


class Autoload(Struct, frozen=True):
    """A PSR-4 (or classmap, with prefix "") entry of composer.json: `path` relative to the root, `dev` for autoload-dev."""

    prefix: str
    path: str
    dev: bool = False


class MigrationFolder(Struct, frozen=True):
    """A folder with migrations, relative to the root. `why`: "default", "loadMigrationsFrom", "useDatabasePath", "module",
    "package", "config"."""

    path: str
    why: str
    at: Location | None = None


OLDEST_MAJOR = 8
"""The oldest Laravel whose schema builder is replayed as it was; older ones are replayed as this."""


class Project(Struct, frozen=True):
    """`root` is absolute. `framework_version` like "12.25.0" ("" if it can't be told), from `framework_from` ("composer.lock",
    "composer.json", "assumed"). `files` are all PHP files that count (vendor, node_modules and ignored ones left out), relative
    to the root with POSIX slashes, sorted; `packages` maps every locked composer package to its version,
    `requires` are the packages that composer.json names, which is all that a project without a lock says."""

    root: str
    name: str
    kind: Literal["app", "package"]
    framework: str
    framework_version: str
    framework_from: str
    migration_folders: tuple[MigrationFolder, ...]
    files: tuple[str, ...]
    autoload: tuple[Autoload, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    requires: tuple[str, ...] = ()
    driver: Driver = "mysql"
    driver_from: str = "assumed"
    gaps: tuple[Gap, ...] = ()
    documents: tuple[str, ...] = ()
    """Markdown files outside vendor, relative, sorted."""
    views: tuple[str, ...] = ()
    """Blade templates, relative, sorted."""
    siblings: tuple[str, ...] = ()
    """Packages of the project's own vendor that its composer.json requires."""
    scripts: tuple[str, ...] = ()
    """SQL files, relative, sorted, of any size: for comments that accept findings."""
    stubs: tuple[str, ...] = ()
    """A package's migrations where it keeps them as `*.php.stub`, relative, in the order in which applications get them."""
    stubs_guessed: bool = False
    """Whether that order is a guess, or some other stub was not read: what fails then may not fail in an application."""

    @property
    def major(self) -> int:
        """The framework's major version; 12 where it can't be told."""
        head = self.framework_version.split(".", 1)[0]
        return int(head) if head.isdigit() else 12

    @property
    def migrations(self) -> tuple[str, ...]:
        """The PHP files in folders of migrations."""
        folders = tuple(f"{folder.path.rstrip('/')}/" for folder in self.migration_folders)
        return (
            *(f for f in self.files if f.startswith(folders)),
            *(f for f in self.stubs if f.startswith(folders)),
        )

    def package(self, name: str) -> str | None:
        return next((v for n, v in self.packages if n == name), None)
