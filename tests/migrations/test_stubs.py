"""Migrations that a package keeps as stubs: which of them are read, in which order, and what comes of an order that is a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations.support import failures
from tests.project.trees import make
from tests.support.migrations import alter, create, migration
from trueup.config import Options
from trueup.model.project import Project
from trueup.model.schema import Schema
from trueup.pipeline.schemas import schema as read_schema
from trueup.sources.laravel.migrations.files import migration_files
from trueup.sources.laravel.migrations.replay import replay
from trueup.sources.project import read_project

_FOLDER = "database/migrations"
_GOODS = migration(create("goods", "id()"))
_PARTS = migration(create("parts", "id()", "foreignId('good_id')->constrained('goods')"))
_MAKER = migration(alter("goods", "string('maker')->nullable()"))
_PROVIDER = """<?php
namespace Acme\\Shop;

class ShopServiceProvider extends PackageServiceProvider
{
    public function configurePackage(Package $package): void
    {
        %s
    }
}
"""


def _package(root: Path, stubs: dict[str, str], *, provider: str = "", **more: str) -> Project:
    files = {f"{_FOLDER}/{stem}.php.stub": text for stem, text in stubs.items()} | more
    if provider:
        files["src/ShopServiceProvider.php"] = _PROVIDER % provider
    return read_project(str(make(root, files)))


def _names(project: Project) -> list[str]:
    return [path.name for path in migration_files(project)]


def _gaps(project: Project) -> list[tuple[str, str]]:
    return [(gap.at.file.removeprefix(f"{_FOLDER}/"), gap.kind) for gap in project.gaps]


def _built(project: Project, until: str | None = None) -> Schema:
    return replay(project, "mysql", details=True, until=until).schema


def _columns(schema: Schema) -> dict[str, list[str]]:
    return {table.name: [c.name for c in table.columns] for table in schema.tables}


@pytest.mark.parametrize(
    "chain",
    [
        "$package->name('shop')->hasMigrations(['create_goods_table', 'create_a_parts_table']);",
        "$package->hasMigrations('create_goods_table', 'create_a_parts_table')->hasViews();",
        "$package->hasMigration('create_goods_table') // first\n->hasMigration(\"create_a_parts_table\");",
    ],
)
def test_stubs_run_in_the_order_in_which_package_tools_publishes_them(tmp_path: Path, chain: str) -> None:
    stubs = {"create_a_parts_table": _PARTS, "create_goods_table": _GOODS}
    project = _package(tmp_path, stubs, provider=chain)
    assert (_names(project), _gaps(project)) == (["create_goods_table", "create_a_parts_table"], [])
    schema = _built(project)
    assert _columns(schema) == {"goods": ["id"], "parts": ["id", "good_id"]}
    assert (schema.failures, schema.gaps, project.stubs_guessed) == ((), (), False)
    table = schema.table("parts")
    assert table is not None
    assert str(table.at).startswith(f"{_FOLDER}/create_a_parts_table.php.stub:")


def test_what_fails_in_the_order_that_the_provider_gives_is_a_failure(tmp_path: Path) -> None:
    chain = "$package->hasMigrations(['create_parts_table', 'create_goods_table']);"
    stubs = {"create_parts_table": _PARTS, "create_goods_table": _GOODS}
    found = failures(_built(_package(tmp_path, stubs, provider=chain)))
    assert [name for name, _, _ in found] == ["create_parts_table"]


@pytest.mark.parametrize(
    "provider",
    [
        "",
        "$package->discoversMigrations();",
        "$package->hasMigration('add_maker'); $package->hasMigrations(['create_a_parts_table', 'create_goods_table']);",
        "$package->hasMigrations(['add_maker', 'create_a_parts_table', 'create_goods_table', ...$this->more()]);",
        "$this->publishes([__DIR__.'/../database/migrations/create_a_parts_table.php.stub' => $this->at('a'),"
        "'/../database/migrations/add_maker.php.stub' => $b, \"/create_goods_table.php.stub\" => $c]);",
    ],
)
def test_what_fails_in_a_guessed_order_is_tried_after_the_others(tmp_path: Path, provider: str) -> None:
    stubs = {"add_maker": _MAKER, "create_a_parts_table": _PARTS, "create_goods_table": _GOODS}
    project = _package(tmp_path, stubs, provider=provider)
    assert (_gaps(project), project.stubs_guessed) == ([(_FOLDER, "stub-order")], True)
    schema = _built(project)
    assert _columns(schema) == {"goods": ["id", "maker"], "parts": ["id", "good_id"]}
    assert (schema.failures, schema.gaps) == ((), ())


def test_without_a_provider_what_creates_tables_comes_first(tmp_path: Path) -> None:
    project = _package(tmp_path, {"add_maker": _MAKER, "create_goods_table": _GOODS})
    assert _names(project) == ["create_goods_table", "add_maker"]
    assert _columns(_built(project, until="create_goods")) == {"goods": ["id"]}


def test_what_never_runs_in_a_guessed_order_is_a_gap_and_leaves_nothing(tmp_path: Path) -> None:
    broken = migration(create("tags", "id()"), create("goods", "id()"))
    project = _package(tmp_path, {"create_goods_table": _GOODS, "create_tags_table": broken})
    schema = _built(project)
    assert (schema.failures, _columns(schema)) == ((), {"goods": ["id"]})
    assert [(gap.kind, gap.at.file) for gap in schema.gaps if gap.kind == "stub"] == [
        ("stub", f"{_FOLDER}/create_tags_table.php.stub")
    ]


def test_stubs_that_no_provider_names_beside_others_are_gaps(tmp_path: Path) -> None:
    chain = "$package->hasMigration('create_goods_table');"
    project = _package(tmp_path, {"add_maker": _MAKER, "create_goods_table": _GOODS}, provider=chain)
    assert (_names(project), project.stubs_guessed) == (["create_goods_table"], True)
    assert _gaps(project) == [("add_maker.php.stub", "stub")]


@pytest.mark.parametrize(
    ("stem", "text"),
    [
        ("create_goods_table", _GOODS.replace("'goods'", "'{{ table }}'")),
        ("create_goods_table", _GOODS.replace("return new class", "class DummyClass")),
        ("create_goods_table", "Schema::create('goods');"),
        ("create_goods_table", "<?php\nreturn ['goods'];\n"),
        ("create_{{table}}_table", _GOODS),
        ("updates/create_goods_table", _GOODS),
        ("tests/create_goods_table", _GOODS),
    ],
)
def test_what_is_no_whole_migration_stays_a_gap(tmp_path: Path, stem: str, text: str) -> None:
    project = _package(tmp_path, {stem: text})
    expected = [] if stem.startswith("tests/") else [(f"{stem}.php.stub", "stub")]
    assert (migration_files(project), _gaps(project)) == ([], expected)


def test_beside_ordinary_migrations_stubs_stay_gaps(tmp_path: Path) -> None:
    ordinary = {f"{_FOLDER}/2024_01_01_000000_create_parts.php": _GOODS}
    project = _package(tmp_path, {"add_maker": _MAKER}, **ordinary)
    assert _names(project) == ["2024_01_01_000000_create_parts"]
    assert _gaps(project) == [("add_maker.php.stub", "stub")]


def test_stubs_of_an_application_are_its_own_business(tmp_path: Path) -> None:
    project = _package(tmp_path, {"create_goods_table": _GOODS}, artisan="")
    assert (migration_files(project), project.gaps) == ([], ())


def test_a_folder_of_nothing_but_stubs_is_a_folder_of_migrations(tmp_path: Path) -> None:
    project = read_project(str(make(tmp_path, {"migrations/create_goods_table.php.stub": _GOODS})))
    assert [(f.path, f.why) for f in project.migration_folders] == [("migrations", "package")]
    assert _columns(_built(project)) == {"goods": ["id"]}


def test_a_column_that_hangs_on_the_configuration_is_a_gap(tmp_path: Path) -> None:
    teams = "if (config('shop.teams')) { $table->unsignedBigInteger('team_id')->nullable(); }"
    text = _GOODS.replace("$table->id();", f"$table->id();\n            {teams}")
    config = {"config/shop.php": "<?php\nreturn ['teams' => false];\n"}
    schema = _built(_package(tmp_path, {"create_goods_table": text}, **config))
    assert _columns(schema) == {"goods": ["id"]}
    assert [(g.kind, g.at.line, g.reason) for g in schema.gaps] == [
        ("undecided", 14, "`team_id` is made under a condition that an application may meet")
    ]
    (tmp_path / "config/shop.php").write_text("<?php\nreturn ['teams' => true];\n")
    schema = _built(read_project(str(tmp_path)))
    assert (_columns(schema), schema.gaps) == ({"goods": ["id", "team_id"]}, ())


def test_a_migration_is_named_by_its_file_too(tmp_path: Path) -> None:
    stubs = {"create_goods_table": _GOODS, "create_parts_table": _PARTS}
    _package(tmp_path, stubs)
    found = read_schema(str(tmp_path), Options(), f"{_FOLDER}/create_goods_table.php.stub")
    assert list(_columns(found)) == ["goods"]


def test_a_class_with_a_name_is_found_although_the_file_has_no_date(tmp_path: Path) -> None:
    named = _GOODS.replace("return new class", "class CreateGoodsTable").replace("\n};", "\n}")
    schema = _built(_package(tmp_path, {"create_goods_table": named}))
    assert (_columns(schema), schema.gaps) == ({"goods": ["id"]}, ())
