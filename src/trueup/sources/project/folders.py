"""Which folders hold the migrations that `migrate` runs.

Laravel runs database/migrations, the folders that service providers give to `loadMigrationsFrom`, and, by the packages
nwidart/laravel-modules, internachi/modular, konekt/concord and their kin, those of modules."""

from __future__ import annotations

import fnmatch
import posixpath
import re

from trueup.model.locations import Gap, Location
from trueup.model.project import MigrationFolder
from trueup.sources.project.path_expression import folders_named
from trueup.sources.project.php_text import calls_of, line_of, read_php_text, string_value

MODULE_FOLDER = re.compile(
    r"^(?:[\w.-]+/)?(?:packages|modules|app-modules|plugins|domains|components|extensions|addons|platform)"
    r"/(?:[\w.-]+/){1,3}(?:src/)?database/migrations$",
    re.IGNORECASE,
)
"""Migrations of a module: packages/*/src/Database/Migrations, Modules/*/Database/Migrations, app-modules/*/database/migrations."""

PACKAGE_FOLDERS = ("src/database/migrations", "migrations", "src/migrations", "resources/migrations")
"""Where packages keep migrations, in the spelling of their folders lowered, besides database/migrations."""

NOT_SCHEMA = re.compile(
    r"(^|/)(tests?|stubs?|fixtures?|workbench|testbench|examples?|docs?)(/|$)", re.IGNORECASE
)

_CONCORD_MODULE = re.compile(
    r"use\s++Konekt\\Concord\\(Base(?:Module|Box)ServiceProvider)\s*+;.*?\sextends\s++\1\b", re.DOTALL
)
_CONCORD_FOLDER = "resources/database/migrations"
"""What konekt/concord's providers load, seen from the folder above their own (`BaseServiceProvider::registerMigrations()`,
`ConcordDefault::migrationsFolder()`)."""

_PROPERTY = re.compile(
    r"""(?:protected|private|public|const)\s+(?:static\s+|readonly\s+)*(?:\??\w+\s+)?\$?(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|"[^"$]*")\s*;"""
)


def find_migration_folders(
    root: str, folders: list[str], php: list[str], *, package: bool
) -> tuple[tuple[MigrationFolder, ...], list[Gap]]:
    """The folders in the order of their paths, database/migrations first, and gaps for what could not be told. `folders` and
    `php` are all those of the project, relative to `root`."""
    found: dict[str, MigrationFolder] = {}
    gaps: list[Gap] = []
    filled = _folders_with_migrations(php)
    if "database/migrations" in folders:
        found["database/migrations"] = MigrationFolder("database/migrations", "default")
    moved = _database_folder(root, folders, php)
    if moved is not None:
        found[moved.path] = moved
    for folder in _loaded(root, folders, php, gaps):
        found.setdefault(folder.path, folder)
    for pattern in _modules(root, php):
        for path in fnmatch.filter(folders, pattern.path):
            found.setdefault(path, MigrationFolder(path, "config", pattern.at))
    for path in sorted(filled):
        why = _reason(path, package)
        if why and path not in found:
            found[path] = MigrationFolder(path, why)
    gaps.extend(_never_loaded(filled, found))
    ordered = sorted(found.values(), key=lambda f: (f.why != "default", f.path))
    return tuple(ordered), gaps


def _database_folder(root: str, folders: list[str], php: list[str]) -> MigrationFolder | None:
    """The migrations of an application whose database folder is elsewhere: `$app->useDatabasePath(...)` where it is started."""
    for path in php:
        text = read_php_text(root, path) if path.startswith("bootstrap/") else None
        for argument, line in calls_of(text, "useDatabasePath") if text and "useDatabasePath" in text else ():
            named = folders_named(argument, posixpath.dirname(path), {"basePath": ""}) or ()
            for name in named:
                inner = posixpath.join(name, "migrations").lstrip("/")
                if inner in folders:
                    return MigrationFolder(inner, "useDatabasePath", Location(path, line))
    return None


def _folders_with_migrations(php: list[str]) -> set[str]:
    """Folders named "migrations" that hold a file that could be one."""
    return {
        posixpath.dirname(path)
        for path in php
        if "/migrations/" in f"/{path.lower()}" and "_" in posixpath.basename(path)
    }


def _reason(path: str, package: bool) -> str:
    if NOT_SCHEMA.search(path):
        return ""
    if MODULE_FOLDER.match(path):
        return "module"
    return "package" if package and path.lower() in (*PACKAGE_FOLDERS, "database/migrations") else ""


def _loaded(root: str, folders: list[str], php: list[str], gaps: list[Gap]) -> list[MigrationFolder]:
    """What service providers load or, in a package, publish."""
    known = set(folders)
    found: list[MigrationFolder] = []
    for path in php:
        if "provider" not in path.lower() or NOT_SCHEMA.search(path):
            continue
        text = read_php_text(root, path)
        if text is None:
            continue
        found.extend(_of_concord(text, path, known))
        if "loadMigrationsFrom" not in text and "publishesMigrations" not in text:
            continue
        properties = {name: string_value(value) for name, value in _PROPERTY.findall(text)}
        for argument, line in calls_of(text, "loadMigrationsFrom"):
            at = Location(path, line)
            named = folders_named(argument, posixpath.dirname(path), properties)
            if named is None:
                reason = "the folder given to loadMigrationsFrom can't be told without running the code"
                gaps.append(Gap(at, reason, "dynamic-path", f"loadMigrationsFrom({argument.strip()})"[:120]))
            for name in named or ():
                found.extend(_existing(name, known, at, gaps))
    return found


def _of_concord(text: str, path: str, known: set[str]) -> list[MigrationFolder]:
    match = _CONCORD_MODULE.search(text) if "Konekt\\Concord\\Base" in text else None
    folder = posixpath.join(posixpath.dirname(posixpath.dirname(path)), _CONCORD_FOLDER)
    if match is None or folder not in known:
        return []
    return [MigrationFolder(folder, "module", Location(path, line_of(text, match.end())))]


def _existing(name: str, known: set[str], at: Location, gaps: list[Gap]) -> list[MigrationFolder]:
    """The folders on disk that a named path, maybe with stars, stands for. A single migration file stands for its folder."""
    if name.startswith(("../", "/")):
        gaps.append(Gap(at, f"migrations are loaded from {name}, outside the project", "outside"))
        return []
    if "*" in name:
        matching = [
            path
            for path in sorted(known)
            if fnmatch.fnmatchcase(path, name) and path.count("/") == name.count("/")
        ]
        return [MigrationFolder(path, "loadMigrationsFrom", at) for path in matching]
    folder = posixpath.dirname(name) if name.endswith(".php") else name
    return [MigrationFolder(folder, "loadMigrationsFrom", at)] if folder in known else []


def _modules(root: str, php: list[str]) -> list[MigrationFolder]:
    """Patterns of module migration folders that config/modules.php (nwidart) or config/app-modules.php (internachi) set."""
    patterns: list[MigrationFolder] = []
    for path, key, inner in (
        ("config/modules.php", "modules", "[Dd]atabase/[Mm]igrations"),
        ("config/app-modules.php", "modules_directory", "database/migrations"),
    ):
        text = read_php_text(root, path) if path in php else None
        for match in re.finditer(
            rf"""['"]{key}['"]\s*=>\s*(?:base_path\(\s*)?(['"])([\w./-]+)\1""", text or ""
        ):
            at = Location(path, line_of(text or "", match.start()))
            patterns.append(MigrationFolder(f"{match[2].strip('/')}/*/{inner}", "config", at))
    return patterns


def _never_loaded(filled: set[str], found: dict[str, MigrationFolder]) -> list[Gap]:
    """Folders full of migrations that nothing read so far runs: not schema, but the reader must know."""
    reason = "holds migrations, but nothing that was read says that `migrate` runs them"
    return [
        Gap(Location(path), reason, "folder-not-loaded")
        for path in sorted(filled)
        if path not in found and not NOT_SCHEMA.search(path)
    ]
