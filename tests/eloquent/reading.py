"""Projects for tests, made of a few files."""

from __future__ import annotations

from pathlib import Path

from trueup.model.eloquent import Eloquent, Model
from trueup.model.locations import Gap
from trueup.model.project import Autoload, Project
from trueup.sources.laravel.eloquent import read_eloquent

HEAD = """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Attributes\\{Connection, Fillable, Guarded, ObservedBy, Scope, ScopedBy, Table, Unguarded};
use Illuminate\\Database\\Eloquent\\Casts\\Attribute;
use Illuminate\\Database\\Eloquent\\Concerns\\HasUuids;
use Illuminate\\Database\\Eloquent\\Factories\\HasFactory;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\Relations\\HasMany;
use Illuminate\\Database\\Eloquent\\SoftDeletes;

"""


def project(root: Path, files: dict[str, str], version: str = "12.25.0") -> Project:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return project_at(root, tuple(sorted(files)), version)


def project_at(root: Path, files: tuple[str, ...], version: str) -> Project:
    return Project(
        root=str(root),
        name="test/test",
        kind="app",
        framework="laravel",
        framework_version=version,
        framework_from="composer.lock",
        migration_folders=(),
        files=files,
        autoload=(Autoload("App\\", "app/"), Autoload("Tests\\", "tests/", dev=True)),
    )


def read(root: Path, files: dict[str, str], version: str = "12.25.0") -> tuple[Eloquent, tuple[Gap, ...]]:
    return read_eloquent(project(root, files, version))


def read_model(root: Path, code: str, name: str = "Post", version: str = "12.25.0") -> Model:
    """The model `App\\Models\\{name}` of one file of classes; there must be no gap."""
    eloquent, gaps = read(root, {"app/Models/all.php": HEAD + code}, version)
    assert gaps == ()
    found = eloquent.model(f"App\\Models\\{name}")
    assert found is not None
    return found
