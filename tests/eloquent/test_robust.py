"""No input crashes or hangs the reader, and the same input gives the same answer."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.eloquent.reading import HEAD, project_at, read
from tests.eloquent.test_factories import POST, factory
from trueup.sources.laravel.eloquent import read_eloquent

WHOLE = (Path(__file__).with_name("shop.php")).read_text(encoding="utf-8")
PIECES = [
    *(
        "class Post extends Model {",
        "}",
        "{",
        "protected $table = ",
        "'a'",
        ";",
        "[",
        "]",
        "=>",
        "use Owned;",
        "self::X",
        "$this->",
    ),
    *(
        "hasMany(",
        ")",
        "Post::class",
        "return ",
        "public function r() {",
        "...",
        "parent::casts()",
        "fn () => ",
        "static::",
        "\n",
    ),
    *(
        "trait Owned {",
        "protected function casts() {",
        "#[Table('x')]",
        "/** @property int $a */",
        "new ",
        "match (1) {",
        '"$a',
        "<<<X\n",
    ),
]


def answer(files: dict[str, str]) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return read(Path(folder), files)


@settings(max_examples=60, deadline=2_000)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_words_of_the_language(words: list[str]) -> None:
    files = {
        "app/Models/Post.php": HEAD + " ".join(words),
        "app/Models/Tag.php": HEAD + "class Tag extends Model {}",
    }
    first = answer(files)
    assert "Tag" in str(first)
    assert answer(files) == first


@settings(max_examples=40, deadline=2_000)
@given(st.integers(0, len(WHOLE)), st.integers(0, 60))
def test_a_file_with_a_part_cut_out(start: int, length: int) -> None:
    answer({"app/Models/shop.php": WHOLE[:start] + WHOLE[start + length :]})


def test_deep_and_long(tmp_path: Path) -> None:
    deep = "[" * 3_000 + "]" * 3_000
    chain = "->where('a', 1)" * 3_000
    text = "'a' . " * 3_000 + "'a'"
    body = f"protected $casts = {deep}; function r() {{ return $this->hasMany(Post::class){chain}; }} protected $table = {text};"
    eloquent, gaps = read(tmp_path, {"app/Models/Post.php": HEAD + f"class Post extends Model {{ {body} }}"})
    assert [m.short for m in eloquent.models] == ["Post"]
    assert gaps


def test_loops_of_classes(tmp_path: Path) -> None:
    code = """
    trait A { use B; } trait B { use A; }
    class Post extends Model { use A; const X = self::Y; const Y = self::X; protected $table = self::X;
        function getTable() { return (new Post)->getTable(); }
        function r() { return $this->q(); } function q() { return $this->r(); } }
    """
    eloquent, _ = read(
        tmp_path,
        {"app/Models/Post.php": HEAD + code.replace("class", "\nclass").replace(" trait", "\ntrait")},
    )
    assert [(m.short, m.table) for m in eloquent.models] == [("Post", None)]


def test_a_file_that_cannot_be_read_is_a_gap(tmp_path: Path) -> None:
    files = {
        "app/Models/Post.php": POST,
        "database/factories/F.php": factory("public function definition() { return []; }"),
    }
    read(tmp_path, files)
    os.remove(tmp_path / "app/Models/Post.php")
    eloquent, gaps = read_eloquent(project_at(tmp_path, tuple(files), "12.0.0"))
    assert eloquent.models == ()
    assert [g.at.file for g in gaps] == ["app/Models/Post.php"]
