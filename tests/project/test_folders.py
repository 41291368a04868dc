"""Which folders of migrations run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.trees import MIGRATION, composer, make
from trueup.sources.project import migrations_only, read_project
from trueup.sources.project.path_expression import folders_named

PROVIDER = "<?php class P extends ServiceProvider {{ {properties} public function boot() {{ {body} }} }}"


def provider(body: str, properties: str = "") -> str:
    return PROVIDER.format(body=body, properties=properties)


def folders(root: Path) -> list[tuple[str, str]]:
    return [(f.path, f.why) for f in read_project(str(root)).migration_folders]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"database/migrations/2024_a.php": MIGRATION, "artisan": ""}, [("database/migrations", "default")]),
        (
            {"packages/blog/src/Database/Migrations/2024_a.php": MIGRATION, "artisan": ""},
            [("packages/blog/src/Database/Migrations", "module")],
        ),
        (
            {"Modules/Blog/Database/Migrations/2024_a.php": MIGRATION},
            [("Modules/Blog/Database/Migrations", "module")],
        ),
        (
            {"Modules/Blog/database/migrations/2024_a.php": MIGRATION},
            [("Modules/Blog/database/migrations", "module")],
        ),
        (
            {"app-modules/a/database/migrations/2024_a.php": MIGRATION},
            [("app-modules/a/database/migrations", "module")],
        ),
        ({"src/database/migrations/2024_a.php": MIGRATION}, [("src/database/migrations", "package")]),
        (
            {
                "app/Database/migrations/2024_a.php": MIGRATION,
                "bootstrap/application.php": "<?php $this->useDatabasePath($this->basePath.'/app/Database');",
            },
            [("app/Database/migrations", "useDatabasePath")],
        ),
        (
            {
                "db/migrations/2024_a.php": MIGRATION,
                "bootstrap/app.php": "<?php $app->useDatabasePath(__DIR__ . '/../db'); return $app;",
            },
            [("db/migrations", "useDatabasePath")],
        ),
        ({"tests/database/migrations/2024_a.php": MIGRATION}, []),
        (
            {
                "database/schema/2024_a.php": MIGRATION,
                "src/AcmeServiceProvider.php": provider(
                    "$this->loadMigrationsFrom(__DIR__ . '/../database/schema');"
                ),
            },
            [("database/schema", "loadMigrationsFrom")],
        ),
        (
            {
                "a/x_1.php": MIGRATION,
                "b/c/x_2.php": MIGRATION,
                "src/P/AcmeServiceProvider.php": provider(
                    "$this->loadMigrationsFrom([dirname(__DIR__, 2) . '/a', base_path('b/c'), ]);"
                ),
            },
            [("a", "loadMigrationsFrom"), ("b/c", "loadMigrationsFrom")],
        ),
        (
            {
                "ext/one/m/x_1.php": MIGRATION,
                "ext/two/m/x_2.php": MIGRATION,
                "app/Providers/ExtProvider.php": provider(
                    "$this->loadMigrationsFrom(array_merge([database_path().'/none'], glob(base_path('ext/*/m'), GLOB_ONLYDIR)));"
                ),
            },
            [("ext/one/m", "loadMigrationsFrom"), ("ext/two/m", "loadMigrationsFrom")],
        ),
        (
            {
                "m/x_1.php": MIGRATION,
                "src/AcmeServiceProvider.php": provider(
                    "// $this->loadMigrationsFrom(__DIR__ . '/../m');\n/* $this->loadMigrationsFrom(__DIR__ . '/../m'); */"
                ),
            },
            [],
        ),
        (
            {
                "src/Cart/resources/database/migrations/2024_a.php": MIGRATION,
                "src/Bare/resources/database/migrations/2024_b.php": MIGRATION,
                "src/Cart/Providers/ModuleServiceProvider.php": (
                    "<?php\nuse Konekt\\Concord\\BaseModuleServiceProvider;\n"
                    "class ModuleServiceProvider extends BaseModuleServiceProvider {}"
                ),
                "src/Bare/Providers/ModuleServiceProvider.php": (
                    "<?php\nuse Other\\BaseModuleServiceProvider;\n"
                    "class ModuleServiceProvider extends BaseModuleServiceProvider {}"
                ),
            },
            [("src/Cart/resources/database/migrations", "module")],
        ),
        (
            {
                "config/modules.php": "<?php return ['paths' => ['modules' => base_path('Areas')]];",
                "Areas/Blog/Database/Migrations/2024_a.php": MIGRATION,
            },
            [("Areas/Blog/Database/Migrations", "config")],
        ),
    ],
)
def test_folders_that_run(files: dict[str, str], expected: list[tuple[str, str]], tmp_path: Path) -> None:
    assert folders(make(tmp_path, files)) == expected


def test_a_folder_that_the_code_computes_is_a_gap(tmp_path: Path) -> None:
    body = "$this->loadMigrationsFrom($this->path($x));"
    project = read_project(str(make(tmp_path, {"src/AcmeServiceProvider.php": provider(body)})))
    assert [(str(g.at), g.kind, g.excerpt) for g in project.gaps] == [
        ("src/AcmeServiceProvider.php:1", "dynamic-path", "loadMigrationsFrom($this->path($x))")
    ]


def test_migrations_that_nothing_loads_are_a_gap(tmp_path: Path) -> None:
    files = {
        "database/migrations/2024_a.php": MIGRATION,
        "database/migrations/tenant/2024_b.php": MIGRATION,
        "artisan": "",
    }
    project = read_project(str(make(tmp_path, files)))
    assert [f.path for f in project.migration_folders] == ["database/migrations"]
    assert [(str(g.at), g.kind) for g in project.gaps] == [
        ("database/migrations/tenant", "folder-not-loaded")
    ]


def test_migrations_outside_the_project_are_a_gap(tmp_path: Path) -> None:
    body = "$this->loadMigrationsFrom(__DIR__.'/../../shared/migrations');"
    project = read_project(str(make(tmp_path, {"src/AcmeServiceProvider.php": provider(body)})))
    assert [(g.kind, g.reason) for g in project.gaps] == [
        ("outside", "migrations are loaded from ../shared/migrations, outside the project")
    ]


def test_a_folder_of_migrations_by_itself(tmp_path: Path) -> None:
    root = make(
        tmp_path, {"database/migrations/2024_a.php": MIGRATION, "other/migrations/2024_b.php": MIGRATION}
    )
    project = migrations_only(str(root / "other" / "migrations"))
    assert [f.path for f in project.migration_folders] == ["other/migrations"]
    (root / "composer.json").unlink()
    alone = migrations_only(str(root / "other" / "migrations"))
    assert [f.path for f in alone.migration_folders] == ["."]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("__DIR__.'/../database/migrations'", ("database/migrations",)),
        ("realpath(__DIR__.'/../m')", ("m",)),
        ("database_path('migrations')", ("database/migrations",)),
        ('\\base_path() . DIRECTORY_SEPARATOR . "m"', ("m",)),
        ("['x' => base_path('a'), base_path('b')]", ("a", "b")),
        ("$this->folder . '/m'", ("modules/blog/m",)),
        ("dirname(__FILE__)", None),
        ("$path", None),
        ("base_path($x)", None),
        ("'a' .", None),
        ("[" * 300, None),
        ("", None),
    ],
)
def test_path_expressions(expression: str, expected: tuple[str, ...] | None) -> None:
    assert folders_named(expression, "src", {"folder": "modules/blog"}) == expected


def test_composer_json_alone_makes_a_project(tmp_path: Path) -> None:
    root = make(tmp_path, {"composer.json": composer({})})
    assert (folders(root), read_project(str(root)).files) == ([], ())


def test_stubs_of_a_package_are_gaps_and_those_of_an_application_its_own_business(tmp_path: Path) -> None:
    stub = {
        "database/migrations/create_things_table.php.stub": MIGRATION,
        "stubs/migrations/x_y.php.stub": MIGRATION,
    }
    package = read_project(str(make(tmp_path / "package", stub)))
    app = read_project(str(make(tmp_path / "app", {**stub, "artisan": ""})))
    assert [(str(g.at), g.kind) for g in package.gaps] == [
        ("database/migrations/create_things_table.php.stub", "stub")
    ]
    assert app.gaps == ()
