"""Small repositories of several owners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cli.shop import migration
from tests.project.trees import make

CLEAN = migration("users", "string('name')")
WIDE = migration("users", "string('name')", "float('price')")


def repository(
    root: Path, name: str, up: str = CLEAN, files: Mapping[str, str | bytes] | None = None
) -> Path:
    """A project below `root` with one migration."""
    folder = root / name
    folder.mkdir(parents=True)
    return make(
        folder,
        {
            "composer.json": json.dumps(
                {"name": "laravel/laravel", "require": {"laravel/framework": "^12.0"}}
            ),
            "artisan": "",
            "config/database.php": "<?php\nreturn ['default' => env('DB_CONNECTION', 'mysql')];\n",
            "database/migrations/2024_01_01_000001_create_users_table.php": up,
            **(files or {}),
        },
    )


def lines(journal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.read_text().splitlines()]
