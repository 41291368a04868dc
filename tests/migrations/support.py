"""Projects for tests of the replay: migrations and whatever else stands around them, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trueup.model.names import Driver
from trueup.model.project import Autoload, MigrationFolder, Project
from trueup.model.schema import Schema, Table
from trueup.sources.laravel.migrations.replay import Replay, replay

FOLDER = "database/migrations"
Row = tuple[str, str, bool, str | None]
"""A column: name, type, nullable, default."""


def project_at(
    root: Path,
    files: Mapping[str, str],
    *,
    framework: str = "12.25.0",
    driver: Driver = "mysql",
    packages: tuple[tuple[str, str], ...] = (),
) -> Project:
    """Writes `files` (path → text) under `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Project(
        root=str(root),
        name="case",
        kind="app",
        framework="laravel",
        framework_version=framework,
        framework_from="composer.lock",
        migration_folders=(MigrationFolder(FOLDER, "default"),),
        files=tuple(sorted(f for f in files if f.endswith(".php"))),
        autoload=(Autoload("App\\", "app"),),
        packages=(("laravel/framework", framework), *packages),
        driver=driver,
    )


def replayed(
    root: Path,
    migrations: Mapping[str, str],
    *,
    driver: Driver = "mysql",
    framework: str = "12.25.0",
    packages: tuple[tuple[str, str], ...] = (),
    around: Mapping[str, str] | None = None,
    details: bool = False,
    until: str | None = None,
    server_version: str | None = None,
) -> Replay:
    """What the migrations (file name → text) leave behind, with other files of the project `around` them."""
    files = {f"{FOLDER}/{name}": text for name, text in migrations.items()} | dict(around or {})
    project = project_at(root, files, framework=framework, driver=driver, packages=packages)
    return replay(project, driver, details=details, until=until, server_version=server_version)


def columns(table: Table | None) -> tuple[Row, ...]:
    assert table is not None
    return tuple((c.name, c.type, c.nullable, c.default) for c in table.columns)


def indexes(table: Table | None) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """(name, columns, unique), primary key first."""
    assert table is not None
    return tuple((i.name, i.columns, i.unique or i.primary) for i in table.indexes)


def keys(
    table: Table | None,
) -> tuple[tuple[str | None, tuple[str, ...], str, tuple[str, ...], str, str], ...]:
    assert table is not None
    return tuple(
        (k.name, k.columns, k.foreign_table, k.foreign_columns, k.on_delete, k.on_update)
        for k in table.foreign_keys
    )


def failures(schema: Schema) -> tuple[tuple[str, int, str], ...]:
    """(migration, line, reason)."""
    return tuple((f.migration, f.at.line, f.reason) for f in schema.failures)


def gaps(schema: Schema) -> tuple[str, ...]:
    return tuple(g.reason for g in schema.gaps)
