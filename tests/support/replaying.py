"""Trueup's side of a comparison with the real framework: migration texts in, schema out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from trueup.model.names import Driver
from trueup.model.project import MigrationFolder, Project
from trueup.model.schema import Schema
from trueup.sources.laravel.migrations.replay import replay

FOLDER = "database/migrations"
DBAL = ("doctrine/dbal", "3.6.1")


def replay_texts(
    folder: Path,
    driver: Driver,
    files: Mapping[str, str],
    framework: str = "8.83.26",
    server_version: str = "",
) -> Schema:
    """What `files` (name → PHP source) build on `driver` with that version of the framework and doctrine/dbal beside it, as the
    oracle has it. `folder` must be new or empty."""
    migrations = folder / FOLDER
    migrations.mkdir(parents=True)
    (folder / "composer.json").write_text(json.dumps({"require": {"laravel/framework": f"^{framework}"}}))
    for name, text in files.items():
        (migrations / name).write_text(text)
    project = Project(
        root=str(folder),
        name="case",
        kind="app",
        framework="laravel",
        framework_version=framework,
        framework_from="composer.lock",
        migration_folders=(MigrationFolder(FOLDER, "default"),),
        files=tuple(f"{FOLDER}/{name}" for name in sorted(files)),
        packages=(DBAL, ("laravel/framework", framework)),
        driver=driver,
    )
    return replay(project, driver, server_version=server_version or None).schema
