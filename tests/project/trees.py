"""Projects on disk, from a mapping of paths to texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

MIGRATION = "<?php\nreturn new class extends Migration {};\n"


def make(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes the files; a composer.json for Laravel 12 is added where there is none."""
    written = {"composer.json": composer({"laravel/framework": "^12.0"}), **files}
    for path, content in written.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def composer(require: Mapping[str, str], **more: object) -> str:
    return json.dumps({"name": "acme/shop", "require": dict(require), **more})


def lock(versions: Mapping[str, str]) -> str:
    return json.dumps(
        {"packages": [{"name": name, "version": version} for name, version in versions.items()]}
    )
