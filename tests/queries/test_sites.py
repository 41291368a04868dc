"""What the reader says of one method: kind, table, columns with their role, limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.queries.conftest import Read
from trueup.model.queries import QuerySite

CASES: dict[str, tuple[str, list[str]]] = {
    "a table, a filter, a terminal": (
        "function f($id) { return DB::table('logs')->where('user_id', $id)->orderBy('created_at', 'desc')->first(); }",
        ["select logs filter:user_id= sort:created_at limited"],
    ),
    "an alias and a join": (
        "function f() { DB::table('posts as p')->join('users as u', 'u.id', '=', 'p.user_id')"
        "->where('u.email', 'x')->get(['p.title']); }",
        ["select posts join:users.id= join:user_id= filter:users.email= select:title"],
    ),
    "what a select list names is no column": (
        "function f() { DB::table('logs')->selectRaw('count(*) as n, max(level) as top')"
        "->groupBy('user_id')->orderBy('n')->get(); }",
        ["select logs select:levelmax group:user_id"],
    ),
    "what is plucked behind a select list is a name in the answer": (
        "function f() { DB::table('logs')->selectRaw('date(created_at) as day, count(id)')->groupBy('day')"
        "->pluck('count', 'day'); }",
        ["select logs select:created_atdate select:idcount"],
    ),
    "a model that a factory makes is not stored": (
        "function f() { return [User::factory()->make(['nothing' => 1]), User::factory()->create(['name' => 'x'])]; }",
        ["factory users write:name soft"],
    ),
    "a key that is taken out before": (
        "function f() { $row = ['user_id' => 1, 'tag' => 2]; unset($row['tag']); DB::table('logs')->insert($row); }",
        ["insert logs write:user_id complete"],
    ),
    "rows that are pushed": (
        "function f($all) { $rows = []; foreach ($all as $one) { array_push($rows, ['level' => $one, 'message' => 'x']); } "
        "DB::table('logs')->insert($rows); }",
        ["insert logs"],
    ),
    "a delete from an alias": (
        "function f() { DB::delete('DELETE p FROM posts p LEFT JOIN users u ON u.id = p.user_id WHERE u.id IS NULL'); }",
        ["delete posts"],
    ),
    "a delete using an alias": (
        "function f() { DB::delete('DELETE FROM p USING posts p JOIN users u ON u.id = p.user_id'); }",
        ["delete posts"],
    ),
    "one of several expressions of a select list": (
        "function f($by) { $period = match ($by) { 'day' => DB::raw('DATE(created_at) as period'), "
        "'year' => DB::raw('YEAR(created_at) as period') }; DB::table('logs')->select($period, 'level')"
        "->groupBy('period')->orderBy('period')->get(); }",
        ["select logs select?:created_atdate select?:created_atyear select:level"],
    ),
    "a select list that is not known makes what the table does not have": (
        "function f($list) { DB::table('logs')->select($list)->where('period', 1)->groupBy('period')"
        "->orderBy('created_at')->get(); }",
        ["select logs filter:period= sort:created_at"],
    ),
    "a new model with an attribute whose name is not known": (
        "function f(array $data) { $post = new Post(); foreach ($data as $name => $value) { $post->$name = $value; } "
        "$post->user_id = 1; $post->save(); }",
        ["insert posts write:user_id write:created_at write:updated_at"],
    ),
    "a new model with an attribute whose name is told elsewhere": (
        "function f() { $name = 'status'; $post = new Post(); $post->{$name} = 1; $post->save(); }",
        ["insert posts write:status write:created_at write:updated_at complete"],
    ),
    "after get() it is a collection": (
        "function f() { return DB::table('logs')->get()->where('nothing', 1)->sum('nobody'); }",
        ["select logs"],
    ),
    "built over several statements": (
        "function f($level) { $q = DB::table('logs'); $q->where('level', 1); if ($level) { $q"
        "->where('message', 'x'); } $q->count(); }",
        ["aggregate logs filter:level= filter?:message="],
    ),
    "a table in a loop over a literal list": (
        "function f() { foreach (['logs', 'posts'] as $t) { DB::table($t)->where('user_id', 1)->delete(); } }",
        ["delete logs filter:user_id= loop", "delete posts filter:user_id= loop"],
    ),
    "a table from a constant": ("function f() { DB::table(self::TABLE)->count(); }", ["aggregate logs"]),
    "a payload in a variable": (
        "function f() { $row = ['user_id' => 1]; $row['level'] = 2; DB::table('logs')"
        "->insert(array_merge($row, ['message' => 'm'])); }",
        ["insert logs write:user_id write:level write:message complete"],
    ),
    "a payload that is not known whole": (
        "function f(array $data) { DB::table('logs')->insert(['level' => 1, ...$data]); }",
        ["insert logs write:level"],
    ),
    "update or insert": (
        "function f() { DB::table('logs')->updateOrInsert(['user_id' => 1], ['level' => 2]); }",
        ["upsert logs match:user_id write:level complete"],
    ),
    "an increment": (
        "function f() { DB::table('posts')->where('id', 1)->increment('votes'); }",
        ["update posts filter:id= write:votes+ complete"],
    ),
    "a model": (
        "function f() { return Post::where('status', 'x')->paginate(); }",
        ["select posts filter:status= limited"],
    ),
    "a model's scope": (
        "function f() { return Post::popular(5)->exists(); }",
        ["exists posts filter:votes> limited"],
    ),
    "a model's own static method": (
        "function f() { return Post::newest()->take(3)->get(); }",
        ["select posts sort:created_at limited"],
    ),
    "a relation": (
        "function f(User $user) { return $user->posts()->where('status', 'x')->count(); }",
        ["aggregate posts filter:user_id= filter:status="],
    ),
    "a relation with its own constraints": (
        "function f(User $user) { return $user->published()->get(); }",
        ["select posts filter:user_id= filter:status= sort:created_at"],
    ),
    "a pivot": (
        "function f(User $user) { $user->roles()->attach(1, ['level' => 2]); }",
        ["insert role_user filter:user_id= filter:role_id= write:level"],
    ),
    "a relation that must exist": (
        "function f() { return User::whereHas('posts', fn ($q) => $q->where('votes', '>', 1))->get(); }",
        ["exists posts filter:user_id= filter:votes>", "select users soft"],
    ),
    "an eager relation with its columns": (
        "function f() { return User::with('posts:id,title')->get(); }",
        ["select posts filter:user_id= select:id select:title", "select users soft"],
    ),
    "a count of a relation is no column": (
        "function f() { return User::withCount('posts')->orderBy('posts_count')->get(); }",
        ["exists posts filter:user_id=", "select users soft"],
    ),
    "an EXISTS subquery": (
        "function f() { DB::table('users')->whereExists(fn ($q) => $q->from('posts')"
        "->whereColumn('posts.user_id', 'users.id'))->get(); }",
        ["exists posts filter:user_id= filter:users.id= limited", "select users"],
    ),
    "a new model, saved": (
        "function f() { $p = new Post(['title' => 't']); $p->user_id = 1; $p->save(); }",
        ["insert posts write:title write:user_id write:created_at write:updated_at complete"],
    ),
    "first or create": (
        "function f() { return Role::firstOrCreate(['name' => 'x']); }",
        ["upsert roles match:name write:created_at write:updated_at complete"],
    ),
    "a rule as a string": (
        "function rules() { return ['email' => 'required|unique:users', 'post' => ['exists:posts,id,status,x']]; }",
        ["rule posts filter:id= filter:status= limited", "rule users filter:email= limited"],
    ),
    "a rule as an object": (
        "function rules() { return ['name' => [Rule::unique('roles', 'name')->ignore(3, 'id')]]; }",
        ["rule roles filter:name= filter:id!= limited"],
    ),
    "a builder handed to a method": (
        "function f() { $q = DB::table('logs'); $this->narrow($q); return $q->get(); }\n"
        "    private function narrow($query): void { $query->where('level', 1); }",
        ["select logs filter:level="],
    ),
    "a builder that a method hands out": (
        "function f() { return $this->base()->where('message', 'x')->first(); }\n"
        "    private function base() { return DB::table('logs')->where('level', 1); }",
        ["builder logs filter:level=", "select logs filter:level= filter:message= limited"],
    ),
    "when() is a branch": (
        "function f($x) { return DB::table('logs')->when($x, fn ($q) => $q->where('level', $x))->get(); }",
        ["select logs filter?:level="],
    ),
    "a null check": (
        "function f() { DB::table('users')->where('deleted_at', null)->whereNotNull('email')->get(); }",
        ["select users filter:deleted_atis null filter:emailis not null"],
    ),
    "a date function over a column": (
        "function f() { DB::table('logs')->whereDate('created_at', '2024-01-01')->get(); }",
        ["select logs filter:created_at=date"],
    ),
    "a JSON path": (
        "function f() { DB::table('posts')->where('meta->a->b', 1)->get(); }",
        ["select posts filter:meta=json"],
    ),
    "a subquery as the table": (
        "function f() { $sub = DB::table('logs')->select('user_id as u'); return DB::query()"
        "->fromSub($sub, 's')->where('u', 1)->get(); }",
        ["select <s>", "select logs select:user_id limited"],
    ),
    "raw SQL": (
        "function f() { return DB::select('select level from logs where user_id = ?', [1]); }",
        ["select logs select:level select:user_id"],
    ),
    "a closure in a transaction": (
        "function f() { DB::transaction(function () { DB::table('logs')->truncate(); }); }",
        ["truncate logs"],
    ),
    "match arms": (
        "function f($k) { $q = match ($k) { 'a' => DB::table('logs'), default => DB::table('posts') }; return $q->count(); }",
        ["aggregate logs", "aggregate posts"],
    ),
    "an array under a key that can't be told is a value, not a row": (
        "function f($k) { DB::table('logs')->insert(['level' => 1, $k => ['a' => 1, 'b' => 2]]); }",
        ["insert logs write:level"],
    ),
    "the values of mapWithKeys()": (
        "function f($names) { $rows = collect($names)->mapWithKeys(fn ($n) => [$n => ['level' => 1]]);"
        " DB::table('logs')->insert($rows->values()->all()); }",
        ["insert logs write:level complete"],
    ),
    "an assertion of a test": (
        "function test() { $this->assertDatabaseHas('logs', ['level' => 1]); }",
        ["assertion logs filter:level= limited"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sites_of_a_method(read: Read, name: str) -> None:
    code, expected = CASES[name]
    queries = read("public " + code)
    assert sorted(shown(s) for s in queries.sites if "Services" in s.at.file) == sorted(expected)
    assert queries.unresolved == ()


def test_a_table_that_cannot_be_told_is_a_gap(read: Read) -> None:
    queries = read("public function f($t) { return DB::table($t)->where('a', 1)->get(); }")
    found = [(g.at.file, g.at.line, g.reason, g.kind, g.excerpt) for g in queries.unresolved]
    expected = (
        "app/Services/Service.php",
        11,
        "the argument of table() can't be told",
        "query-table",
        "get()",
    )
    assert found == [expected]


@pytest.mark.parametrize(
    ("condition", "guarded"),
    [("Schema::hasTable('logs')", True), ("$this->isReady()", True), ("$this->other()", False)],
)
def test_a_query_behind_a_question_about_the_schema(read: Read, condition: str, guarded: bool) -> None:
    queries = read(
        f"function f() {{ if (! {condition}) {{ return; }} DB::table('logs')->count(); }}\n"
        "function isReady() { return Schema::hasColumn('logs', 'level'); }\n"
        "function other() { return true; }"
    )
    assert [(s.table, s.guarded) for s in queries.sites if "Service" in s.at.file] == [("logs", guarded)]


@pytest.mark.parametrize(
    ("providers", "found"),
    [
        ("['users' => ['model' => App\\Models\\Post::class]]", ["posts"]),
        ("['users' => ['model' => env('AUTH_MODEL', App\\Models\\Post::class)]]", ["posts"]),
        ("['a' => ['model' => App\\Models\\Post::class], 'b' => ['model' => App\\Models\\User::class]]", []),
        ("['users' => ['driver' => 'database']]", ["users"]),
    ],
)
def test_who_is_logged_in_is_of_the_model_of_the_configuration(
    read: Read, tmp_path: Path, providers: str, found: list[str]
) -> None:
    config = tmp_path / "config/auth.php"
    config.parent.mkdir()
    config.write_text(f"<?php return ['providers' => {providers}];")
    queries = read("function f() { auth()->user()->update(['title' => 'x']); }")
    assert [s.table for s in queries.sites if "Service" in s.at.file] == found


_PIECES = st.sampled_from(
    [
        "DB::table('logs')",
        "$q",
        "Post::query()",
        "->where('a', 1)",
        "->get()",
        "->with('posts')",
        "(fn ($x) => $x->where('b', 2))",
        "$q = ",
        ";",
        "if ($q) {",
        "}",
        "foreach ([1, 2] as $v) {",
        "->when($v, function ($z) use ($q) { $z->union($q); })",
        "['a' => $q]",
        "$this->f()",
        "->joinSub($q, 'x', 'x.id', '=', 'y')",
        "new Post()",
        "->save()",
        "clone $q",
        "return ",
        "User::first()->posts",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(_PIECES, max_size=14))
def test_no_code_crashes_or_hangs_the_reader(read: Read, pieces: list[str]) -> None:
    queries = read("public function f($q, $v) { " + " ".join(pieces) + "; }")
    assert queries.total >= 0
    assert all(site.tables for site in queries.sites)


def shown(site: QuerySite) -> str:
    """A site in one line."""
    first = site.tables[0]
    words = [site.kind, f"<{first.name}>" if first.derived else first.name]
    for use in site.columns:
        table = f"{use.table}." if use.table and use.table != site.table else ""
        extra = f"{use.operator.removeprefix('implicit')}{use.function}{'json' if use.json_path else ''}"
        words.append(f"{use.role}{'' if use.certain else '?'}:{table}{use.column}{extra}")
    marks = {
        "limited": site.limited,
        "complete": site.complete_payload,
        "loop": site.loop,
        "soft": site.soft_deletes,
    }
    return " ".join([*words, *(word for word, on in marks.items() if on)])
