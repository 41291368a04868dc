"""What is not known of the framework may come from a package: one that the lock names, else one that is required."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.trees import make
from tests.support.migrations import create, migration
from trueup.sources.laravel.migrations.replay import replay
from trueup.sources.project import read_project

_FRAMEWORK = {"name": "laravel/framework", "version": "v12.0.0"}


@pytest.mark.parametrize(
    ("required", "locked", "failures", "gaps"),
    [
        (["laravel/framework"], None, 1, []),
        (["laravel/framework", "php", "ext-json", "phpunit/phpunit"], None, 1, []),
        (["laravel/framework", "acme/macros"], None, 0, ["unknown-macro"]),
        (["laravel/framework", "acme/macros"], [_FRAMEWORK], 1, []),
        (
            ["laravel/framework"],
            [_FRAMEWORK, {"name": "acme/macros", "version": "1.0.0"}],
            0,
            ["unknown-macro"],
        ),
    ],
)
def test_a_method_that_the_framework_lacks(
    required: list[str],
    locked: list[dict[str, str]] | None,
    failures: int,
    gaps: list[str],
    tmp_path: Path,
) -> None:
    files = {
        "composer.json": json.dumps({"name": "acme/shop", "require": dict.fromkeys(required, "*")}),
        "database/migrations/2024_01_01_000000_a.php": migration(create("a", "id()", "money('price')")),
    }
    if locked is not None:
        files["composer.lock"] = json.dumps({"packages": locked})
    built = replay(read_project(str(make(tmp_path, files))), "mysql").schema
    assert (len(built.failures), [g.kind for g in built.gaps]) == (failures, gaps)
