"""Framework and version: composer.lock first, then what composer.json allows at its newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.trees import composer, lock, make
from trueup.sources.project import read_project
from trueup.sources.project.composer import newest_allowed


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        ("^12.0", "12"),
        ("^10.0|^11.0|^12.0", "12"),
        ("^8.12 || ^9.0", "9"),
        ("^14.0", "13"),
        (">=9", "13"),
        (">=9.0 <11.0", "10"),
        (">=9.0,<11.5", "11"),
        ("~11.28.1", "11.28.1"),
        ("~11.28", "11"),
        ("11.28.1", "11.28.1"),
        ("v11.28.1", "11.28.1"),
        ("10.*", "10"),
        ("9.x", "9"),
        ("*", "13"),
        ("8.0 - 9.5", "9"),
        ("^12.0@beta", "12"),
        ("!=8.3", None),
        ("dev-master", None),
        ("", None),
    ],
)
def test_the_newest_major_that_a_constraint_allows(constraint: str, version: str | None) -> None:
    assert newest_allowed(constraint) == version


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"composer.lock": lock({"laravel/framework": "v12.25.0"})}, ("laravel", "12.25.0", "composer.lock")),
        ({"composer.lock": lock({"illuminate/database": "v11.1.0"})}, ("laravel", "11.1.0", "composer.lock")),
        ({"composer.lock": lock({"laravel/framework": "dev-master"})}, ("laravel", "12", "composer.json")),
        (
            {"composer.json": composer({"illuminate/support": "^10.0|^11.0"})},
            ("laravel", "11", "composer.json"),
        ),
        ({"composer.json": composer({"orchestra/testbench": "^9.0"})}, ("laravel", "11", "composer.json")),
        ({"composer.json": composer({"laravel/lumen-framework": "^9.0"})}, ("lumen", "9", "composer.json")),
        ({"composer.json": composer({"monolog/monolog": "^3.0"})}, ("", "", "assumed")),
        ({"composer.lock": "{broken"}, ("laravel", "12", "composer.json")),
        ({"composer.json": "[]"}, ("", "", "assumed")),
    ],
)
def test_framework_and_version(files: dict[str, str], expected: tuple[str, str, str], tmp_path: Path) -> None:
    project = read_project(str(make(tmp_path, files)))
    assert (project.framework, project.framework_version, project.framework_from) == expected


def test_what_is_no_json_is_a_gap_with_its_line(tmp_path: Path) -> None:
    project = read_project(str(make(tmp_path, {"composer.lock": '{"packages": [\n  oops'})))
    assert [(str(g.at), g.kind) for g in project.gaps] == [("composer.lock:2", "syntax")]


def test_an_app_can_be_started_and_a_package_cannot(tmp_path: Path) -> None:
    app = make(tmp_path / "app", {"artisan": ""})
    package = make(tmp_path / "package", {"src/X.php": "<?php"})
    assert (read_project(str(app)).kind, read_project(str(package)).kind) == ("app", "package")


def test_autoloading_and_packages(tmp_path: Path) -> None:
    manifest = composer({}, autoload={"psr-4": {"App\\": "app/"}, "classmap": ["database"]})
    files = {"composer.json": manifest, "composer.lock": lock({"b/b": "v2", "a/a": "1.0"})}
    project = read_project(str(make(tmp_path, files)))
    assert [(a.prefix, a.path, a.dev) for a in project.autoload] == [
        ("App\\", "app", False),
        ("", "database", False),
    ]
    assert project.packages == (("a/a", "1.0"), ("b/b", "2"))
