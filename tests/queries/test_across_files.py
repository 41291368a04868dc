"""Queries whose parts stand in several methods, classes and files: properties, base classes, helper functions, tests' closures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.queries.conftest import Read
from tests.queries.test_sites import shown

_BASE = """<?php
namespace App\\Repositories;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Foundation\\Application;
abstract class Repository
{
    protected Model $model;
    public function __construct(protected Application $app) { CONSTRUCTOR }
    abstract protected function model(): string;
    protected function initialize(string ...$model) { $this->model = $this->app->make($model[0]); }
    protected function fresh(?string $model = null): Model { return $this->app->make($model ?: $this->model()); }
    public function find(array $where)
    {
        $this->apply($where);
        $found = $this->model->first();
        $this->model = $this->fresh();
        return $found;
    }
    protected function apply(array $where)
    {
        foreach ($where as $field => $value) { $this->model = $this->model->where($field, $value); }
    }
    public function everything() { return $this->model->get(); }
}
"""
_POSTS = """<?php
namespace App\\Repositories;
use App\\Models\\Post;
class PostRepository extends Repository
{
    protected function model(): string { return Post::class; }
    public function best() { $this->model = $this->model->orderByDesc('votes'); return $this->find(['status' => 'open']); }
}
"""
_CONSTRUCTORS = {
    "what a method returns": "$this->model = $this->fresh();",
    "what a method sets": "$this->initialize($this->model());",
}


@pytest.mark.parametrize("constructor", _CONSTRUCTORS.values(), ids=_CONSTRUCTORS)
def test_a_repository_asks_the_table_of_its_model(read: Read, tmp_path: Path, constructor: str) -> None:
    _write(tmp_path, "app/Repositories/Repository.php", _BASE.replace("CONSTRUCTOR", constructor))
    _write(tmp_path, "app/Repositories/PostRepository.php", _POSTS)
    queries = read(
        "function f(\\App\\Repositories\\PostRepository $posts) { $posts->find(['title' => 'x']); $posts->best(); }"
    )
    assert not queries.unresolved
    assert {
        (s.at.line, s.terminal, s.inherited): shown(s) for s in queries.sites if "Repositories" in s.at.file
    } == {
        (15, "first", False): "select posts sort:votes filter?:status= filter?:title= limited",
        (23, "get", True): "select posts",
    }


def test_what_one_call_puts_together_is_not_there_for_the_next(read: Read, tmp_path: Path) -> None:
    _write(
        tmp_path,
        "app/Repositories/Repository.php",
        _BASE.replace("CONSTRUCTOR", "$this->model = $this->fresh();"),
    )
    _write(tmp_path, "app/Repositories/PostRepository.php", _POSTS)
    queries = read(
        "function f(\\App\\Repositories\\PostRepository $posts) { $posts->find(['title' => 'x']); $posts->everything(); }"
    )
    assert {s.at.line: shown(s) for s in queries.sites if s.at.line == 23} == {23: "select posts"}


def test_the_table_that_is_joined_does_not_stand_for_one_that_cannot_be_told(read: Read) -> None:
    queries = read(
        "function f(\\Illuminate\\Database\\Eloquent\\Builder $q) {"
        " $q->leftJoin('posts', 'posts.id', '=', 'x.post_id')->update(['level' => 0]); }"
    )
    assert [(g.excerpt, g.reason) for g in queries.unresolved] == [
        ("update()", "a builder handed in by its type, whose table no caller tells")
    ]
    assert [shown(s) for s in queries.sites if "Service" in s.at.file] == []


def test_a_helper_function_of_another_file_is_followed(read: Read, tmp_path: Path) -> None:
    _write(
        tmp_path,
        "app/helpers.php",
        "<?php\nuse App\\Models\\Post;\nif (! function_exists('newest_post')) {\n    function newest_post() {\n"
        "        return Post::query()->latest();\n    }\n}\n",
    )
    queries = read("function f() { newest_post()->firstOrFail(); }")
    assert [shown(s) for s in queries.sites if "Service" in s.at.file] == [
        "select posts sort:created_at limited"
    ]


def test_a_function_that_two_files_declare_is_not_guessed_at(read: Read, tmp_path: Path) -> None:
    for name, model in (("a", "Post"), ("b", "Role")):
        _write(
            tmp_path,
            f"app/{name}.php",
            f"<?php\nfunction some_query() {{ return \\App\\Models\\{model}::query(); }}\n",
        )
    queries = read("function f() { some_query()->firstOrFail(); }")
    assert [g.reason for g in queries.unresolved] == ["firstOrFail() on a value whose type can't be told"]


def test_closures_of_a_test_share_what_they_set_up(read: Read, tmp_path: Path) -> None:
    _write(
        tmp_path,
        "tests/Feature/PostTest.php",
        "<?php\nuse App\\Models\\User;\nbeforeEach(function () { $this->user = User::factory()->create(); });\n"
        "it('has posts', function () { $this->user->posts()->firstOrFail(); });\n",
    )
    queries = read("function f() { }")
    assert [shown(s) for s in queries.sites if s.at == _at("tests/Feature/PostTest.php", 4)] == [
        "select posts filter:user_id= limited"
    ]


def test_a_relation_tells_the_table_of_its_pivot_and_its_model(read: Read) -> None:
    queries = read(
        "function f(User $user) { DB::table($user->roles()->getTable())->where('level', 1)->delete();"
        " $user->posts()->getModel()->newQuery()->where('votes', 1)->count(); }"
    )
    assert [shown(s) for s in queries.sites if "Service" in s.at.file] == [
        "aggregate posts filter:votes=",
        "delete role_user filter:level=",
    ]


_SQL = {
    "a condition that is not known": (
        '"SELECT level FROM logs WHERE user_id = 1 {$and} GROUP BY level"',
        "logs",
        [],
    ),
    "values that are not known": (
        "'SELECT level FROM logs WHERE user_id IN (' . implode(',', $ids) . ')'",
        "logs",
        [],
    ),
    "a value between quotes": ("\"SELECT level FROM logs WHERE message LIKE '%{$and}%'\"", "logs", []),
    "a format": ("sprintf('SELECT level FROM logs WHERE user_id = %s', $ids)", "logs", []),
    "a column that is not known": ('"SELECT {$and} FROM logs"', "logs", []),
    "a table that is not known": (
        '"SELECT level FROM {$and} WHERE level = 1"',
        "",
        ["the table in the SQL given to select() can't be told"],
    ),
    "nothing is known": ("$and", "", ["the SQL given to select() can't be told"]),
}


@pytest.mark.parametrize(("sql", "table", "reasons"), _SQL.values(), ids=_SQL)
def test_sql_with_parts_that_cannot_be_told(read: Read, sql: str, table: str, reasons: list[str]) -> None:
    queries = read(f"function f($and, $ids) {{ DB::select({sql}); }}")
    found = [s for s in queries.sites if "Service" in s.at.file]
    assert [s.table for s in found] == [table] * bool(table)
    assert all(s.open and not s.sql for s in found)
    assert not any("unknown" in c.column for s in found for c in s.columns)
    assert [g.reason for g in queries.unresolved] == reasons


def _write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _at(file: str, line: int) -> object:
    from trueup.model.locations import Location

    return Location(file, line)


def test_values_of_a_model_that_is_handed_on_may_change_and_keep_their_place(
    read: Read, tmp_path: Path
) -> None:
    _write(
        tmp_path,
        "app/Posts.php",
        "<?php\nnamespace App;\nuse App\\Models\\Post;\nclass Posts {\n    public static function make(): Post {\n"
        "        $post = new Post;\n        $post->user_id = 0;\n        return $post;\n    }\n}\n",
    )
    queries = read(
        "function f() { $post = \\App\\Posts::make(); $this->change($post); $post->title = 'a'; $post->save(); }\n"
        "private function change(Post $post) { \\App\\Other::set($post); }"
    )
    uses = {u.column: u for s in queries.sites if s.terminal == "save" for u in s.columns}
    assert (uses["user_id"].value.kind, uses["title"].value.text) == ("unknown", "a")
    assert (str(uses["user_id"].at), str(uses["title"].at)) == (
        "app/Posts.php:7",
        "app/Services/Service.php:11",
    )


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("! is_null($title)", "unknown"),
        ("$title !== null && $x", "unknown"),
        ("isset($title)", "unknown"),
        ("! empty($title)", "unknown"),
        ("$title", "unknown"),
        ("$x", "unknown"),
        ("is_null($title)", "null"),
        ("$title === null", "null"),
    ],
)
def test_what_a_condition_says_of_null(read: Read, condition: str, kind: str) -> None:
    queries = read(
        f"private function g($title, $x) {{ if ({condition}) {{ DB::table('posts')->insert(['title' => $title]); }} }}\n"
        "function f() { DB::table('logs')->count(); $this->g(null, 1); }"
    )
    values = {u.value.kind for s in queries.sites if s.terminal == "insert" for u in s.columns}
    assert values == {"unknown", kind}


_PRETTUS = """<?php
namespace App\\Repositories;
use Prettus\\Repository\\Eloquent\\BaseRepository;
class RoleRepository extends BaseRepository
{
    public function model() { return 'App\\Models\\Role'; }
    public function create(array $data) { return parent::create($data); }
    public function named($name) { return $this->model->where('name', $name)->first(); }
}
"""


def test_a_repository_of_the_package_asks_its_model(read: Read, tmp_path: Path) -> None:
    _write(tmp_path, "app/Repositories/RoleRepository.php", _PRETTUS)
    queries = read(
        "function f(\\App\\Repositories\\RoleRepository $roles) {\\n"
        " $roles->create(['name' => 'a']);\\n $roles->findWhere(['name' => 'a']);\\n"
        " $roles->resetModel()->leftJoin('role_user', 'role_user.role_id', '=', 'roles.id')->get();\\n"
        " $roles->update(['name' => 'b'], 1);\\n $roles->delete(1);\\n $roles->unheardOf();\\n}".replace(
            "\\n", "\n"
        )
    )
    assert not queries.unresolved
    assert sorted(shown(s) for s in queries.sites if s.table == "roles" and "relation" not in s.via) == [
        "delete roles",
        "insert roles write:created_at write:updated_at",
        "insert roles write:name write:created_at write:updated_at complete",
        "select roles filter:name=",
        "select roles filter:name= limited",
        "select roles join:role_user.role_id= join:id=",
        "update roles write:name write:updated_at complete",
    ]
