"""Code that leads to too much is not followed to its end, and a gap says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.trees import make
from trueup.model.queries import Queries
from trueup.model.schema import Schema
from trueup.sources.laravel import blade
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.enforcement import read_enforcement, trace
from trueup.sources.laravel.queries import following, read_queries
from trueup.sources.project import read_project

MODEL = "<?php\nnamespace App\\Models;\nclass Post extends \\Illuminate\\Database\\Eloquent\\Model {}\n"
SERVICE = """<?php
namespace App;
use App\\Models\\Post;
class Service
{
    public function first() { $this->helper(1); Post::where('a', 1)->first(); $this->helper(2); }
    public function second() { Post::where('b', 1)->update(['c' => 1]); $this->helper(3); }
    private function helper($n) { return [1, 2, 3, 4, 5, 6, 7, 8, $n]; }
}
"""


def _read(root: Path, files: dict[str, str]) -> Queries:
    project = read_project(str(make(root, {"composer.json": "{}", "artisan": "", **files})))
    eloquent, _ = read_eloquent(project)
    return read_queries(project, eloquent, Schema("mysql"))


def _told(queries: Queries) -> list[tuple[str, str]]:
    return [(str(gap.at), gap.reason) for gap in queries.limits]


def test_nothing_is_cut_in_ordinary_code(tmp_path: Path) -> None:
    queries = _read(tmp_path, {"app/Models/Post.php": MODEL, "app/Service.php": SERVICE})
    assert (queries.limits, queries.total) == ((), 2)


def test_a_function_that_leads_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MAX_STEPS", 10)
    queries = _read(tmp_path, {"app/Models/Post.php": MODEL, "app/Service.php": SERVICE})
    reason = "the function leads to more than 10 expressions: calls beyond are not followed"
    assert _told(queries) == [("app/Service.php:6", reason)]
    assert queries.total == 2, "a limit is no query site"


def test_a_file_that_leads_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MAX_FILE_STEPS", 30)
    queries = _read(tmp_path, {"app/Models/Post.php": MODEL, "app/Service.php": SERVICE})
    reason = "the code of this file leads to more than 30 expressions: calls beyond are not followed"
    assert _told(queries) == [("app/Service.php", reason)]
    assert queries.total == 2


def test_a_template_without_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blade, "_MOST_LOST", 10)
    template = "@if(App\\Models\\Post::first(\n{{ App\\Models\\Post::count() }}\n"
    queries = _read(tmp_path, {"app/Models/Post.php": MODEL, "resources/views/a.blade.php": template})
    assert [at for at, _ in _told(queries)] == ["resources/views/a.blade.php"]
    assert queries.total == 1


def test_a_method_of_too_many_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "\n".join(f"        $post->increment('n{n}');" for n in range(6))
    service = SERVICE.replace(
        "    private", f"    public function third(Post $post)\n    {{\n{body}\n    }}\n    private"
    )
    files = {"composer.json": "{}", "artisan": "", "app/Models/Post.php": MODEL, "app/Service.php": service}
    project = read_project(str(make(tmp_path, files)))
    eloquent, _ = read_eloquent(project)
    queries = read_queries(project, eloquent, Schema("mysql"))
    assert read_enforcement(project, queries, Schema("mysql")).cut == ()
    monkeypatch.setattr(trace, "MAX_STEPS", 2)
    cut = read_enforcement(project, queries, Schema("mysql")).cut
    assert {(gap.at.file, gap.kind) for gap in cut} == {("app/Service.php", "limit")}
