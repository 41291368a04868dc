"""A small application whose queries the tests read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.model.queries import Queries
from trueup.model.schema import Column, Schema, Table
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.queries import read_queries
from trueup.sources.project import find_project

MODELS = {
    "app/Models/User.php": """<?php
namespace App\\Models;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\SoftDeletes;
class User extends Model
{
    use SoftDeletes;
    protected $fillable = ['name', 'email'];
    public function posts() { return $this->hasMany(Post::class); }
    public function roles() { return $this->belongsToMany(Role::class)->withPivot('level')->withTimestamps(); }
    public function published() { return $this->hasMany(Post::class)->where('status', 'published')->latest(); }
}
""",
    "app/Models/Post.php": """<?php
namespace App\\Models;
use Illuminate\\Database\\Eloquent\\Builder;
use Illuminate\\Database\\Eloquent\\Model;
class Post extends Model
{
    public function user() { return $this->belongsTo(User::class); }
    public function scopePopular(Builder $query, int $votes = 10) { return $query->where('votes', '>', $votes); }
    public static function newest() { return static::query()->orderByDesc('created_at'); }
}
""",
    "app/Models/Role.php": """<?php
namespace App\\Models;
use Illuminate\\Database\\Eloquent\\Model;
class Role extends Model {}
""",
}
COLUMNS = {
    "users": "id name email deleted_at created_at updated_at",
    "posts": "id user_id title status votes meta created_at updated_at",
    "roles": "id name created_at updated_at",
    "role_user": "user_id role_id level created_at updated_at",
    "logs": "id user_id level message created_at",
}

Read = Callable[[str], Queries]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the queries of a class method body, placed in app/Services/Service.php from line 11 on."""
    files = {
        **MODELS,
        "composer.json": '{"name": "a/b", "require": {"laravel/framework": "^12.0"}}',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    tables = tuple(
        Table(name, tuple(Column(c, "varchar(255)") for c in columns.split()))
        for name, columns in sorted(COLUMNS.items())
    )

    def run(code: str) -> Queries:
        source = tmp_path / "app/Services/Service.php"
        source.parent.mkdir(exist_ok=True)
        source.write_text(_CLASS.replace("BODY", code))
        project = find_project(str(tmp_path))
        eloquent, _ = read_eloquent(project)
        return read_queries(project, eloquent, Schema("mysql", tables))

    return run


_CLASS = """<?php
namespace App\\Services;
use App\\Models\\Post;
use App\\Models\\User;
use App\\Models\\Role;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Validation\\Rule;
class Service
{
    private const TABLE = 'logs';
    BODY
}
"""
