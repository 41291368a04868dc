"""Relations that the packaged framework does not know, and code from which a relation is hard to tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.eloquent.reading import HEAD, read, read_model
from trueup.model.eloquent import Relation
from trueup.model.locations import NOWHERE
from trueup.structs import replace

OTHERS = """
class Comment extends Model { public function likes() { return $this->hasMany(Like::class); } }
class Like extends Model { protected $primaryKey = 'uuid'; }
"""
MANY = Relation("r", "hasMany", "App\\Models\\Comment", foreign_key="post_id", local_key="id")
MINE = Relation(
    "r", "hasMany", "App\\Models\\Comment", foreign_key="p", local_key="id", explicit=("foreign_key",)
)

RELATIONS = [
    ("return $this->hasMany(Comment::class);", MANY),
    ("return $this->hasMany('App\\Models\\Comment');", MANY),
    ("return $this->hasMany('\\App\\Models\\Comment', null, null);", MANY),
    ("return $this->hasMany(Comment::class, $this->getForeignKey(), $this->getKeyName());", MANY),
    ("return $this->hasMany(foreignKey: 'p', related: Comment::class);", MINE),
    ("$r = $this->hasMany(Comment::class); if (x()) { $r->where('a', 1); } return $r;", MANY),
    ("return x() ? $this->hasMany(Comment::class) : $this->hasOne(Comment::class);", MANY),
    ("return tap($this->hasMany(Comment::class), fn ($r) => $r->latest());", MANY),
    ("return $this->comments()->where('a', 1)->orderBy('b');", MANY),
    (
        "return $this->hasMany(Comment::class)->one()->ofMany();",
        Relation(
            "r", "hasOne", "App\\Models\\Comment", foreign_key="post_id", local_key="id", one_of_many=True
        ),
    ),
    (
        "return $this->belongsTo(Like::class);",
        Relation("r", "belongsTo", "App\\Models\\Like", foreign_key="r_uuid", local_key="uuid"),
    ),
    (
        "return $this->belongsTo(Like::class, relation: 'best');",
        Relation("r", "belongsTo", "App\\Models\\Like", foreign_key="best_uuid", local_key="uuid"),
    ),
    (
        "return $this->belongsTo(static::class);",
        Relation("r", "belongsTo", "App\\Models\\Post", foreign_key="r_id", local_key="id"),
    ),
    (
        "return $this->belongsTo(\\App\\Models\\User::class);",
        Relation("r", "belongsTo", "App\\Models\\User", foreign_key="r_id", local_key="id"),
    ),
    ("return $this->belongsTo(\\Vendor\\Thing::class);", Relation("r", "belongsTo", "Vendor\\Thing")),
    (
        "return $this->through('comments')->has('likes');",
        Relation(
            "r",
            "hasManyThrough",
            "App\\Models\\Like",
            local_key="id",
            through="App\\Models\\Comment",
            through_first_key="post_id",
            through_second_key="comment_id",
            through_local_key="id",
        ),
    ),
    (
        "return $this->throughComments()->hasLikes();",
        Relation(
            "r",
            "hasManyThrough",
            "App\\Models\\Like",
            local_key="id",
            through="App\\Models\\Comment",
            through_first_key="post_id",
            through_second_key="comment_id",
            through_local_key="id",
        ),
    ),
    (
        "return $this->belongsToMany(Like::class)->as('x')->withPivot(['a as a', 'b'])->wherePivotIn('c', [1])->withTimestamps();",
        Relation(
            "r",
            "belongsToMany",
            "App\\Models\\Like",
            pivot_table="like_post",
            pivot_foreign_key="post_id",
            pivot_related_key="like_uuid",
            local_key="id",
            related_key="uuid",
            pivot_columns=("a", "b", "c"),
            pivot_timestamps=True,
        ),
    ),
    (
        "return $this->hasMany(Comment::class, column());",
        Relation("r", "hasMany", "App\\Models\\Comment", local_key="id", explicit=("foreign_key",)),
    ),
]


NAMERS = (
    ("return $this->primaryKey;", "id", None),
    ("return $this->primaryKey === 'id' ? parent::getForeignKey() : $this->primaryKey;", "id", "post_id"),
    ("return $this->primaryKey === 'id' ? parent::getForeignKey() : $this->primaryKey;", "post_no", None),
)


@pytest.mark.parametrize(("body", "key", "expected"), NAMERS)
def test_a_model_that_names_its_own_foreign_key(
    tmp_path: Path, body: str, key: str, expected: str | None
) -> None:
    base = f"abstract class Base extends Model {{ public function getForeignKey() {{ {body} }} }}"
    relation = f"protected $primaryKey = '{key}'; public function comments() {{ return $this->hasMany(Comment::class); }}"
    source = f"class Post extends Base {{ {relation} }}\n{base}{OTHERS}"
    found = bare(read_model(tmp_path, source, "Post").relations[0])
    assert found == Relation(
        "comments", "hasMany", "App\\Models\\Comment", foreign_key=expected, local_key=key
    )


def post(body: str) -> str:
    comments = "function comments() { return $this->hasMany(Comment::class); }"
    return f"class Post extends Model {{\npublic function r() {{ {body} }}\n{comments} }}{OTHERS}"


def bare(relation: Relation) -> Relation:
    """Without its place."""
    return replace(relation, at=NOWHERE)


@pytest.mark.parametrize(("body", "expected"), RELATIONS)
def test_relation(tmp_path: Path, body: str, expected: Relation) -> None:
    model = read_model(tmp_path, post(body))
    assert [bare(r) for r in model.relations if r.method == "r"] == [expected]


RESULTS = [
    "return $this->hasMany(Comment::class)->get();",
    "$all = $this->comments()->where('a', 1)->get(); return $all->where('b', 2);",
    "return $this->comments()->count();",
    "return $this->comments()->create(['a' => 1]);",
    "return $this->comments;",
    "return $this->r();",
    "return $this->name;",
]


@pytest.mark.parametrize("body", RESULTS)
def test_what_is_no_relation(tmp_path: Path, body: str) -> None:
    assert [r.method for r in read_model(tmp_path, post(body)).relations] == ["comments"]


def test_a_declared_type_decides(tmp_path: Path) -> None:
    code = """class Post extends Model {
        public function all(): array { return $this->hasMany(Comment::class); }
        public function list(): ?HasMany { return $this->hasMany(Comment::class); }
        public function with(int $id) { return $this->hasMany(Comment::class); }
        public function when(int $id = 0) { return $this->hasMany(Comment::class); }
    }"""
    assert [r.method for r in read_model(tmp_path, code + OTHERS).relations] == ["list", "when"]


def test_a_trait_relation_follows_the_class_that_uses_it(tmp_path: Path) -> None:
    code = (
        "trait HasParent { public function parent() { return $this->belongsTo(self::class); }\n"
        "public function children() { return $this->hasMany(static::class, 'parent_id'); } }\n"
        "class Post extends Model { use HasParent { children as protected hidden; } }\nclass Special extends Post {}"
    )
    eloquent, gaps = read(tmp_path, {"app/Models/all.php": HEAD + code})
    assert gaps == ()
    found = {(m.short, r.method): r.related.rsplit("\\", 1)[-1] for m in eloquent.models for r in m.relations}
    assert found == {
        ("Post", "parent"): "Post",
        ("Post", "children"): "Post",
        ("Special", "parent"): "Post",
        ("Special", "children"): "Special",
    }
