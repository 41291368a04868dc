"""Factories, test files, and the tables that code names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.eloquent.reading import HEAD, read
from trueup.model.eloquent import EnumClass, TableUse
from trueup.model.eloquent import TestFile as FileOfTests
from trueup.model.locations import Gap, Location

FACTORY = """<?php

namespace Database\\Factories;

use App\\Models\\Post;
use Illuminate\\Database\\Eloquent\\Factories\\Attributes\\UseModel;
use Illuminate\\Database\\Eloquent\\Factories\\Factory;

"""
POST = HEAD + "class Post extends Model { use HasFactory; }"


def factory(body: str, name: str = "PostFactory", before: str = "") -> str:
    return f"{FACTORY}{before}class {name} extends Factory\n{{\n{body}\n}}\n"


DEFINITIONS = [
    ("return ['a' => 1, 'b' => fn () => 2];", ["a", "b"], True),
    ("return array_merge($this->base(), ['b' => 2]);", ["x", "b"], True),
    ("$row = ['a' => 1]; $row['b'] = 2; return $row;", ["a", "b"], True),
    ("return ['a' => 1, ...$this->more()];", ["a"], False),
    ("return ['meta->x' => 1, 'meta->y' => 2];", ["meta"], True),
    ("return $this->make();", [], False),
]


@pytest.mark.parametrize(("body", "columns", "complete"), DEFINITIONS)
def test_definition(tmp_path: Path, body: str, columns: list[str], complete: bool) -> None:
    base = "public function base() { return ['x' => 1]; }\npublic function more() { return more(); }"
    code = factory(f"public function definition(): array {{ {body} }}\n{base}")
    eloquent, gaps = read(tmp_path, {"app/Models/Post.php": POST, "database/factories/PostFactory.php": code})
    [found] = eloquent.factories
    assert ([c.name for c in found.columns], found.complete) == (columns, complete)
    place = Location("database/factories/PostFactory.php", FACTORY.count("\n") + 1)
    reason = "PostFactory: a part of what definition() returns can't be told"
    assert gaps == (() if complete else (Gap(place, reason, "factory"),))


def test_states_write_columns_too(tmp_path: Path) -> None:
    body = """public function definition() { return ['a' => 1]; }
    public function old() { return $this->state(['b' => 1])->set('c', 2); }
    public function done() { return $this->state(fn (array $attributes) => ['d' => 1]); }"""
    eloquent, _ = read(
        tmp_path, {"app/Models/Post.php": POST, "database/factories/PostFactory.php": factory(body)}
    )
    assert [c.name for c in eloquent.factories[0].state_columns] == ["b", "c", "d"]


DEFINE = "public function definition() { return []; }"
OWNERS = [
    (factory(DEFINE), "PostFactory"),
    (factory(f"protected $model = Post::class; {DEFINE}", "ArticleFactory"), "ArticleFactory"),
    (factory(DEFINE, "ArticleFactory", "#[UseModel(Post::class)]\n"), "ArticleFactory"),
    (factory(DEFINE, "ArticleFactory", "/** @extends Factory<Post> */\n"), "ArticleFactory"),
    (
        factory(f"public function modelName() {{ return Post::class; }} {DEFINE}", "ArticleFactory"),
        "ArticleFactory",
    ),
]


@pytest.mark.parametrize(("code", "name"), OWNERS)
def test_whose_factory(tmp_path: Path, code: str, name: str) -> None:
    eloquent, gaps = read(tmp_path, {"app/Models/Post.php": POST, "database/factories/F.php": code})
    assert gaps == ()
    assert (eloquent.factories[0].model, eloquent.models[0].factory) == (
        "App\\Models\\Post",
        f"Database\\Factories\\{name}",
    )


def test_the_model_names_its_factory(tmp_path: Path) -> None:
    model = (
        HEAD
        + "class Post extends Model { use HasFactory; static function newFactory() { return \\Made\\By\\Hand::new(); } }"
    )
    code = factory(DEFINE, "Hand").replace("Database\\Factories;", "Made\\By;", 1)
    eloquent, _ = read(tmp_path, {"app/Models/Post.php": model, "src/Hand.php": code})
    assert eloquent.models[0].factory == "Made\\By\\Hand"


def test_uses(tmp_path: Path) -> None:
    code = """<?php
namespace App;
use App\\Models\\Post as Article;
use Illuminate\\Support\\Facades\\DB;
class Service {
    function run() {
        DB::table('posts as p')->join('users', 'a', 'b')->get(); // DB::table('comment')
        DB::connection('x')->table("tags");
        /* DB::table('block') */
        $x = '// ' . DB::table('after_a_string');
        Article::where('a', 1);
        \\App\\Models\\Post::query();
        Models\\Post::factory();
        Post::where('not a model of this namespace');
        $rules = ['a' => 'required|exists:users,id', 'b' => Rule::unique('posts', 'slug')];
    }
}
"""
    eloquent, _ = read(tmp_path, {"app/Models/Post.php": POST, "app/Service.php": code})
    at = "app/Service.php"
    assert eloquent.uses == (
        TableUse("posts", Location(at, 7)),
        TableUse("users", Location(at, 7)),
        TableUse("tags", Location(at, 8)),
        TableUse("after_a_string", Location(at, 10)),
        TableUse("posts", Location(at, 11), "model"),
        TableUse("posts", Location(at, 12), "model"),
        TableUse("posts", Location(at, 15), "rule", ("slug",)),
        TableUse("users", Location(at, 15), "rule", ("id",)),
    )


def test_tests(tmp_path: Path) -> None:
    files = {
        "app/Models/Post.php": POST,
        "tests/TestCase.php": "<?php namespace Tests; abstract class TestCase { use RefreshDatabase; }",
        "tests/PostTest.php": (
            "<?php namespace Tests; use App\\Models\\Post;\nclass PostTest extends TestCase { function test_it() {\n"
            "Post::factory()->create(); $this->assertDatabaseHas('posts', []); $this->mock(Service::class);\n"
            "Schema::create('copies', fn ($t) => 1); } }"
        ),
        "tests/Feature/PestTest.php": "<?php use App\\Models\\Post;\nit('works', function () { new Post(); });",
        "tests/Unit/PlainTest.php": "<?php class PlainTest { function test_it() { DB::table('tags')->get(); } }",
        "tests/Pest.php": "<?php uses(TestCase::class, RefreshDatabase::class)->in('Feature');",
    }
    eloquent, _ = read(tmp_path, files)
    assert eloquent.tests == (
        FileOfTests("tests/Feature/PestTest.php", (), ("App\\Models\\Post",), True),
        FileOfTests(
            "tests/PostTest.php", ("posts",), ("App\\Models\\Post",), True, ("copies",), ("Tests\\Service",)
        ),
        FileOfTests("tests/Unit/PlainTest.php", ("tags",), (), False),
    )


def test_enums(tmp_path: Path) -> None:
    code = "<?php namespace App; enum State: string { case New = 'new'; case Old = 'o' . 'ld'; }\nenum Pure { case A; }"
    eloquent, _ = read(tmp_path, {"app/State.php": code})
    assert eloquent.enums == (
        EnumClass("App\\State", Location("app/State.php", 1), "string", (("New", "new"), ("Old", "old"))),
    )


def test_values_that_are_written_down(tmp_path: Path) -> None:
    body = """public function definition() { return [
        'state' => 'new',
        'kind' => $this->faker->randomElement(['a', 'b', null]),
        'level' => fake()->randomElement(State::cases()),
        'other' => State::Old->value,
        'user_id' => Post::factory()->state(['a' => 1]),
        'name' => fake()->name(),
        'flag' => true,
    ]; }
    public function old() { return $this->state(['state' => State::Old]); }"""
    files = {
        "app/Models/Post.php": POST,
        "app/State.php": "<?php\\nnamespace App; enum State: string { case New = 'new'; case Old = 'old'; }".replace(
            "\\n", "\n"
        ),
        "database/factories/PostFactory.php": factory(body).replace("use App", "use App\\State;\nuse App", 1),
    }
    eloquent, gaps = read(tmp_path, files)
    assert gaps == ()
    assert [(v.column, v.values, v.model) for v in eloquent.factories[0].values] == [
        ("state", ("new",), ""),
        ("kind", ("a", "b", None), ""),
        ("level", ("new", "old"), ""),
        ("other", ("old",), ""),
        ("user_id", (), "App\\Models\\Post"),
        ("flag", ("1",), ""),
        ("state", ("old",), ""),
    ]
