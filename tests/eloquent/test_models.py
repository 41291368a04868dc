"""Model facts that the packaged framework does not know, or that say more than it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.eloquent.reading import HEAD, read, read_model
from trueup.model.eloquent import Attribute, Cast, Hook, Model
from trueup.model.locations import Gap, Location

FILE = "app/Models/all.php"
LINE = HEAD.count("\n") + 1
"""The line of the first line of the code that is read."""


def names(attributes: tuple[Attribute, ...]) -> list[str]:
    return [a.name for a in attributes]


def line(offset: int) -> Location:
    """The line of the code that is read, counted from 0."""
    return Location(FILE, LINE + offset)


TABLES = [
    ("class Post extends Model {}", "12.0", "posts", False),
    ("class Post extends Model { protected $table = 'p'; }", "12.0", "p", True),
    (
        "class Post extends Model { const T = 'x_'; protected $table = self::T . 'posts'; }",
        "12.0",
        "x_posts",
        True,
    ),
    ("#[Table('things')] class Post extends Model {}", "13.0", "things", True),
    ("#[Table(name: 'things')] class Post extends Model {}", "13.0", "things", True),
    ("#[Table('things')] class Post extends Model {}", "12.0", "posts", False),
    ("#[Table('things')] class Post extends Model { protected $table = 'own'; }", "13.0", "own", True),
    (
        "class P extends Model { protected $table = 'p'; } #[Table('things')] class Post extends P {}",
        "13.0",
        "things",
        True,
    ),
    (
        "class P extends Model { protected $table = 'p'; } #[Table(key: 'k')] class Post extends P {}",
        "13.0",
        "posts",
        False,
    ),
    ("class P extends Model { protected $table = 'p'; } class Post extends P {}", "13.0", "p", True),
    ("#[Table('things')] class P extends Model {} class Post extends P {}", "13.0", "things", True),
    (
        "class Post extends Model { public function getTable() { return config('blog.posts', 'fallback'); } }",
        "12.0",
        "fallback",
        True,
    ),
    (
        "class Post extends Model { public function getTable() { return \\Illuminate\\Support\\Env::get('POSTS', 'env_posts'); } }",
        "12.0",
        "env_posts",
        True,
    ),
    (
        "class Post extends Model { public function getTable(): string { $prefix = config('blog.none', null) ?: 'blog_'; "
        "return $prefix . $this->suffix(); } protected function suffix(): string { return 'posts'; } }",
        "12.0",
        "blog_posts",
        True,
    ),
    (
        "class Post extends Model { public function getTable() { return $this->table ?? config('blog.x', 'f') . '_p'; } }",
        "12.0",
        "f_p",
        True,
    ),
    (
        "class Post extends Model { public function getTable(): string { if ((string) $this->table === '') { "
        "$this->table = config()->string('blog.posts', 'blog_posts'); } return parent::getTable(); } }",
        "12.0",
        "blog_posts",
        True,
    ),
    (
        "class Post extends Model { protected $table = 'own'; public function getTable(): string { if (! $this->table) { "
        "$this->table = config()->string('blog.posts', 'blog_posts'); } return parent::getTable(); } }",
        "12.0",
        "own",
        True,
    ),
    (
        "class Post extends Model { public function __construct() { $this->table = 'made'; } }",
        "12.0",
        "made",
        True,
    ),
    (
        "trait T { public function initializeT() { $this->table = 'by_trait'; } } class Post extends Model { use T; }",
        "12.0",
        "by_trait",
        True,
    ),
    (
        "class Other extends Model {} class Post extends Model { public function getTable() { return (new Other)->getTable(); } }",
        "12.0",
        "others",
        True,
    ),
    ("class Post extends \\Illuminate\\Foundation\\Auth\\User {}", "12.0", "posts", False),
    (
        "class Post extends \\Illuminate\\Notifications\\DatabaseNotification {}",
        "12.0",
        "notifications",
        False,
    ),
    (
        "class BlogPost extends Model {} class_alias(BlogPost::class, 'App\\Old'); class Post extends \\App\\Old {}",
        "12.0",
        "posts",
        False,
    ),
]


@pytest.mark.parametrize(("code", "version", "table", "explicit"), TABLES)
def test_table(tmp_path: Path, code: str, version: str, table: str, explicit: bool) -> None:
    model = read_model(
        tmp_path,
        code.replace("; class", ";\nclass").replace("} class", "}\nclass").replace("} #[", "}\n#["),
        version=version,
    )
    assert (model.table, model.table_explicit) == (table, explicit)


KEYS = [
    ("use HasUuids;", ("id", "string", False, ("id",))),
    ("use HasUuids; public function uniqueIds() { return ['uuid']; }", ("id", "int", True, ("uuid",))),
    (
        "protected $primaryKey = 'code'; protected $keyType = 'string'; public $incrementing = false;",
        ("code", "string", False, ()),
    ),
    ("public function getKeyName() { return 'number'; }", ("number", "int", True, ())),
    ("protected $primaryKey = null; public $incrementing = false;", (None, "int", False, ())),
]


@pytest.mark.parametrize(("body", "expected"), KEYS)
def test_key(tmp_path: Path, body: str, expected: tuple[object, ...]) -> None:
    model = read_model(tmp_path, f"class Post extends Model {{ {body} }}")
    assert (model.primary_key, model.key_type, model.incrementing, model.unique_ids) == expected


CASTS = [
    ("protected $casts = ['a' => 'int'];", "12.0", [("a", "int"), ("own", "date")]),
    (
        "protected $casts = ['a' => 'int', 'b' => 'x']; protected function casts() { return ['b' => 'array']; }",
        "11.0",
        [("a", "int"), ("b", "array")],
    ),
    (
        "protected $casts = ['a' => 'int']; protected function casts() { return ['b' => 'array']; }",
        "10.0",
        [("a", "int")],
    ),
    (
        "protected function casts(): array { return array_merge(parent::casts(), ['b' => 'array']); }",
        "12.0",
        [("own", "date"), ("b", "array")],
    ),
    (
        "protected function casts(): array { return [...parent::casts(), 'own' => 'datetime']; }",
        "12.0",
        [("own", "datetime")],
    ),
    (
        "protected function casts(): array { return ['s' => Status::class, 'l' => \\X\\AsList::of(Status::class)]; }",
        "12.0",
        [("s", "App\\Models\\Status"), ("l", "X\\AsList:App\\Models\\Status")],
    ),
    (
        "protected function casts(): array { if (1) { return ['a' => 'int']; } return ['b' => 'int']; }",
        "12.0",
        [("a", "int"), ("b", "int")],
    ),
]


@pytest.mark.parametrize(("body", "version", "expected"), CASTS)
def test_casts(tmp_path: Path, body: str, version: str, expected: list[tuple[str, str]]) -> None:
    code = (
        "enum Status: string { case A = 'a'; }\n"
        "abstract class Base extends Model { protected function casts(): array { return ['own' => 'date']; } }\n"
        f"class Post extends Base {{ {body} }}"
    )
    assert [(c.attribute, c.cast) for c in read_model(tmp_path, code, version=version).casts] == expected


def test_lists_have_their_lines(tmp_path: Path) -> None:
    body = (
        "protected $fillable = [\n        'a',\n        'b',\n    ];\n    protected $casts = ['a' => 'int'];"
    )
    code = f"class Post extends Model\n{{\n    {body}\n}}\n"
    model = read_model(tmp_path, code)
    assert model.at == Location(FILE, LINE)
    assert model.fillable == (
        Attribute("a", Location(FILE, LINE + 3)),
        Attribute("b", Location(FILE, LINE + 4)),
    )
    assert model.casts == (Cast("a", "int", Location(FILE, LINE + 6)),)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("protected $guarded = [];", []),
        ("protected $fillable = ['name'];", ["name", "tenant_id"]),
    ],
)
def test_a_trait_adds_only_to_what_is_not_empty(tmp_path: Path, own: str, expected: list[str]) -> None:
    code = (
        "trait Tenants { public function initializeTenants() { "
        "if (! empty($this->fillable) && ! in_array('tenant_id', $this->fillable)) { $this->fillable[] = 'tenant_id'; } } }\n"
        f"class Post extends Model {{ use Tenants; {own} }}"
    )
    assert names(read_model(tmp_path, code).fillable or ()) == expected


def test_mass_assignment_by_attributes(tmp_path: Path) -> None:
    model = read_model(
        tmp_path,
        "#[Fillable(['b', 'c'])]\nclass Post extends Model { protected $fillable = ['a', 'b']; }",
        version="13.1",
    )
    assert (names(model.fillable), model.guarded) == (["a", "b", "c"], None)
    guarded = read_model(
        tmp_path, "#[Guarded('id', 'x')]\nclass Post extends Model {}", version="13.1"
    ).guarded
    assert guarded is not None
    assert names(guarded) == ["id", "x"]
    assert (
        read_model(
            tmp_path, "#[Unguarded]\nclass Post extends Model { protected $guarded = ['a']; }", version="13.1"
        ).guarded
        == ()
    )


def test_accessors_mutators_and_scopes(tmp_path: Path) -> None:
    model = read_model(
        tmp_path,
        """class Post extends Model {
            protected $appends = ['full_name'];
            public function getFullNameAttribute() { return ''; }
            public function setOldStyleAttribute($v) {}
            protected function both(): Attribute { return Attribute::make(get: fn () => 1, set: fn () => 2); }
            protected function LogoUrl(): ?Attribute { return Attribute::make(get: fn () => 1); }
            protected function readOnly(): Attribute { return Attribute::get(fn () => 1)->shouldCache(); }
            protected function writeOnly(): Attribute { return new Attribute(set: fn () => 1); }
            public function scopePublished($query) {}
            #[Scope] protected function recent($query) {}
            public function attribute(): string { return ''; }
        }""",
    )
    assert names(model.appends) == ["full_name"]
    assert names(model.accessors) == ["full_name", "both", "logo_url", "read_only"]
    assert names(model.mutators) == ["old_style", "both", "write_only"]
    assert names(model.scopes) == ["published", "recent"]


def test_documented_properties(tmp_path: Path) -> None:
    tags = " * @property int $id\n * @property-read string $full\n * @property-write string|null $secret\n"
    code = f"/**\n{tags} */\nclass Post extends Model {{}}"
    assert read_model(tmp_path, code).properties == (
        Attribute("id", Location(FILE, LINE + 1)),
        Attribute("secret", Location(FILE, LINE + 3)),
    )


def test_hooks_observers_and_global_scopes(tmp_path: Path) -> None:
    code = """#[ObservedBy(PostObserver::class)]
#[ScopedBy([Tenant::class])]
class Post extends Model {
    use Slugs;
    protected $dispatchesEvents = ['saved' => Saved::class];
    protected static function booted() {
        static::creating(function (Post $post) {
            $post->uuid ??= 'x';
            if (! $post->state) { $post->state = 'new'; }
        });
        static::deleting(fn ($post) => $post->comments()->delete());
        static::addGlobalScope('live', fn ($q) => $q);
        static::addGlobalScope(new Archived());
    }
    public function comments() { return $this->hasMany(Post::class); }
}
trait Slugs {
    public static function bootSlugs() { static::saving(fn ($m) => $m->forceFill(['slug' => 'x'])); }
}
class PostObserver {
    public function updating(Post $post) { $post->setAttribute('edited_at', 1); $post->{$post->getKeyName()} = 2; }
}
"""
    model = read_model(tmp_path, code)
    assert model.hooks == (
        Hook("saved", line(4), (), ("App\\Models\\Saved",)),
        Hook("creating", line(6), ("uuid", "state")),
        Hook("deleting", line(10), (), ("comments->delete",)),
        Hook("saving", line(17), ("slug",)),
        Hook("updating", line(20), ("edited_at", "id")),
    )
    assert names(model.observers) == ["App\\Models\\PostObserver"]
    assert names(model.global_scopes) == ["App\\Models\\Tenant", "live", "App\\Models\\Archived"]


@pytest.mark.parametrize("watcher", ["Watcher::class", "[Watcher::class]", "new Watcher"])
def test_providers_name_observers_and_morph_aliases(tmp_path: Path, watcher: str) -> None:
    provider = (
        "<?php\nnamespace App\\Providers;\nuse App\\Models\\Post;\nuse App\\Models\\Watcher;\n"
        "use Illuminate\\Database\\Eloquent\\Relations\\Relation;\n"
        "class AppServiceProvider { public function boot() {\n"
        f"Post::observe({watcher});\n"
        "Relation::enforceMorphMap(['post' => Post::class]); } }"
    )
    model = (
        HEAD
        + "class Post extends Model {}\nclass Watcher { public function saving(Post $p) { $p->seen = 1; } }"
    )
    eloquent, gaps = read(
        tmp_path, {"app/Models/all.php": model, "app/Providers/AppServiceProvider.php": provider}
    )
    post = eloquent.model("App\\Models\\Post")
    assert post is not None
    assert gaps == ()
    assert (post.morph_alias, names(post.observers)) == ("post", ["App\\Models\\Watcher"])
    assert [(h.event, h.writes) for h in post.hooks] == [("saving", ("seen",))]


NOT_MODELS = [
    "class Post {}",
    "final class Post implements \\JsonSerializable { public function table() { return 'x'; } }",
    "class Post extends \\Illuminate\\Http\\Request {}",
    "class Post extends \\MongoDB\\Laravel\\Eloquent\\Model { protected $fillable = ['a']; }",
    "class Post extends \\Vendor\\Models\\Thing {}",
    "class Post extends Model { use \\Sushi\\Sushi; }",
    "enum Post: string { case A = 'a'; }",
    "class Post extends Post {}",
    "class Post extends Other {}\nclass Other extends Post {}",
]


@pytest.mark.parametrize("code", NOT_MODELS)
def test_what_is_no_model(tmp_path: Path, code: str) -> None:
    eloquent, _ = read(tmp_path, {FILE: HEAD + code})
    assert eloquent.models == ()


def test_models_of_test_code_stand_apart(tmp_path: Path) -> None:
    eloquent, _ = read(
        tmp_path, {"tests/Post.php": HEAD.replace("App\\Models", "Tests") + "class Post extends Model {}"}
    )
    assert (eloquent.models, [m.name for m in eloquent.test_models]) == ((), ["Tests\\Post"])


UNREAD = [
    (
        "public function getTable() { return tenant()->prefix . 'posts'; }",
        "table",
        "Post: table: tenant()->prefix",
    ),
    ("protected $table = PREFIX . 'posts';", "table", "Post: table: the constant PREFIX"),
    (
        "protected $fillable = [...OTHER, 'a'];",
        "fillable",
        "Post: fillable: a part of the list can't be told",
    ),
    (
        "public function author(): \\Illuminate\\Database\\Eloquent\\Relations\\BelongsTo { return make($this); }",
        "relations",
        "Post::author(): what relation it is can't be told",
    ),
    (
        "public function author() { return $this->belongsTo(model_class()); }",
        "relations",
        "Post::author(): the related class can't be told",
    ),
]


@pytest.mark.parametrize(("body", "part", "reason"), UNREAD)
def test_what_cannot_be_read_is_a_gap(tmp_path: Path, body: str, part: str, reason: str) -> None:
    eloquent, gaps = read(tmp_path, {FILE: HEAD + f"class Post extends Model\n{{\n    {body}\n}}"})
    assert eloquent.models[0].unknown == (part,)
    assert len(gaps) == 1
    assert gaps[0].at == Location(FILE, LINE + 2)
    assert gaps[0].reason.startswith(reason.split("tenant")[0])


def test_table_by_config_file(tmp_path: Path) -> None:
    config = "<?php return ['tables' => ['posts' => env('POSTS', 'blog_posts'), 'x' => 'y'], 'connection' => null];"
    provider = "<?php class P { function r() { $this->mergeConfigFrom(__DIR__ . '/../config/blog-file.php', 'blog'); } }"
    model = (
        HEAD
        + "class Post extends Model { protected $table; function __construct() { $this->table = config('blog.tables.posts'); } }"
    )
    for name in ("config/blog.php", "config/blog-file.php"):
        eloquent, gaps = read(tmp_path / name, {FILE: model, name: config, "src/P.php": provider})
        assert gaps == ()
        assert eloquent.models[0].table == "blog_posts"


def test_a_packages_table_that_the_configuration_names(tmp_path: Path) -> None:
    model = "<?php namespace App; class Log extends \\Spatie\\Activitylog\\Models\\Activity {}"
    eloquent, _ = read(tmp_path / "plain", {"app/Log.php": model})
    assert eloquent.models[0].table == "activity_log"
    config = {"config/activitylog.php": "<?php return ['table_name' => 'activity_logs'];"}
    eloquent, _ = read(tmp_path / "configured", {"app/Log.php": model, **config})
    assert eloquent.models[0].table == "activity_logs"
    config = {"config/activitylog.php": "<?php return ['table_name' => App\\Names::log()];"}
    eloquent, _ = read(tmp_path / "unknown", {"app/Log.php": model, **config})
    assert eloquent.models[0].table is None


PREFIXED = """
abstract class BaseModel extends Model
{
    public function __construct(array $attributes = [])
    {
        parent::__construct($attributes);
        $this->setTable(config('shop.database.prefix') . $this->getTable());
    }
}
class Post extends BaseModel
{
    public function tags()
    {
        $prefix = config('shop.database.prefix');

        return $this->belongsToMany(Tag::modelClass(), "{$prefix}post_tag");
    }
}
class Tag extends BaseModel
{
    protected $table = 'labels';

    public static function modelClass(): string
    {
        return app()->make('manifest')->get(static::class);
    }
}
"""


@pytest.mark.parametrize(
    "call",
    [
        '$this->mergeConfigFrom(__DIR__ . "/../config/database.php", "shop.database");',
        '$this->mergeConfigFrom("{$this->root}/config/$name.php", "shop.$name");',
        "$this->mergeConfigFrom($this->root . '/config/' . $name . '.php', 'shop.' . $name);",
    ],
)
def test_a_prefix_from_a_merged_config_before_every_table(call: str, tmp_path: Path) -> None:
    files = {
        FILE: HEAD + PREFIXED,
        "packages/core/config/database.php": "<?php return ['prefix' => 'shop_'];",
        "config/database.php": "<?php return ['prefix' => 'wrong_'];",
        "packages/core/src/ShopProvider.php": f"<?php class ShopProvider {{ function r($name) {{ {call} }} }}",
    }
    eloquent, gaps = read(tmp_path, files)
    assert gaps == ()
    assert [(m.short, m.table) for m in eloquent.models] == [
        ("BaseModel", "shop_base_models"),
        ("Post", "shop_posts"),
        ("Tag", "shop_labels"),
    ]
    tags = eloquent.models[1].relations[0]
    assert (tags.related, tags.pivot_table) == ("App\\Models\\Tag", "shop_post_tag")


def test_a_table_that_depends_on_the_parent_class(tmp_path: Path) -> None:
    base = """
abstract class Base extends Model
{
    public function getTable()
    {
        $parent = get_parent_class($this);

        return $parent == Base::class ? parent::getTable() : (new $parent)->getTable();
    }
}
class Post extends Base {}
"""
    eloquent, _ = read(tmp_path, {FILE: HEAD + base})
    assert [m.table for m in eloquent.models if m.short == "Post"] == ["posts"]


def test_proxies_of_concord_stand_for_their_models(tmp_path: Path) -> None:
    files = {
        "app/Models/Post.php": HEAD
        + "class Post extends Model { function tag() { return $this->belongsTo(TagProxy::modelClass()); } }",
        "app/Models/Tag.php": HEAD + "class Tag extends Model {}",
        "app/Models/TagProxy.php": "<?php namespace App\\Models; class TagProxy extends \\Konekt\\Concord\\Proxies\\ModelProxy {}",
    }
    eloquent, gaps = read(tmp_path, files)
    assert (gaps, eloquent.models[0].relations[0].related) == ((), "App\\Models\\Tag")


def test_a_broken_file_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    eloquent, gaps = read(
        tmp_path,
        {
            FILE: HEAD + "class Post extends Model { protected $fillable = ['a', ",
            "app/Models/Tag.php": HEAD + "class Tag extends Model {}",
        },
    )
    assert "App\\Models\\Tag" in [m.name for m in eloquent.models]
    assert gaps
    assert {type(g) for g in gaps} == {Gap}
    assert {g.at.file for g in gaps} == {FILE}


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    eloquent, _ = read(tmp_path, {FILE: HEAD + "class Post extends Model { protected $table = 'p\udcff'; }"})
    assert [type(m) for m in eloquent.models] == [Model]


def test_what_comes_from_elsewhere_is_named(tmp_path: Path) -> None:
    code = (
        "class Post extends \\Spatie\\Permission\\Models\\Role { use SoftDeletes, \\Spatie\\Tags\\HasTags; }"
    )
    assert read_model(tmp_path, code).outside == ("Spatie\\Tags\\HasTags", "Spatie\\Permission\\Models\\Role")


def test_settings_of_all_models(tmp_path: Path) -> None:
    calls = "Model::unguard(); // Model::preventLazyLoading();\nModel::shouldBeStrict(! $x);"
    provider = f"<?php class P {{\nfunction boot() {{\n{calls} }} }}"
    eloquent, _ = read(tmp_path, {"app/P.php": provider, "tests/T.php": provider})
    assert eloquent.global_settings == (
        Attribute("shouldBeStrict", Location("app/P.php", 4)),
        Attribute("unguard", Location("app/P.php", 3)),
    )


def test_forms_that_are_not_read_are_gaps(tmp_path: Path) -> None:
    old = "<?php\n$factory->define(Post::class, function () { return []; });"
    late = "<?php class P { function b() {\nPost::resolveRelationUsing('a', fn ($p) => $p->hasMany(Tag::class)); } }"
    _, gaps = read(tmp_path, {"database/factories/F.php": old, "app/P.php": late})
    assert [(str(g.at), g.kind) for g in gaps] == [
        ("app/P.php:2", "unread-form"),
        ("database/factories/F.php:2", "unread-form"),
    ]


@pytest.mark.parametrize(("config", "connection"), [("null", None), ("'other'", "other")])
def test_a_connection_that_a_constructor_takes_from_the_configuration(
    tmp_path: Path, config: str, connection: str | None
) -> None:
    code = """abstract class Base extends Model {
        public function __construct(array $attributes = []) {
            parent::__construct($attributes);
            if ($name = config('shop.connection')) { $this->setConnection($name); }
        }
    }
    class Post extends Base {}"""
    files = {
        "app/Models/all.php": HEAD + code,
        "config/shop.php": f"<?php return ['connection' => {config}];",
    }
    eloquent, gaps = read(tmp_path, files)
    found = eloquent.model("App\\Models\\Post")
    assert gaps == ()
    assert found is not None
    assert found.connection == connection


def test_a_related_class_that_a_helper_function_names(tmp_path: Path) -> None:
    files = {
        "app/Models/all.php": HEAD
        + "class Post extends Model { public function author() { return $this->belongsTo(author_class()); } }"
        " class Person extends Model {}",
        "app/helpers.php": "<?php\nif (! function_exists('author_class')) {\n    function author_class(): string\n    {\n"
        "        return config('shop.author');\n    }\n}\n",
        "config/shop.php": "<?php return ['author' => App\\Models\\Person::class];",
    }
    eloquent, gaps = read(tmp_path, files)
    found = eloquent.model("App\\Models\\Post")
    assert gaps == ()
    assert found is not None
    assert [(r.related, r.foreign_key) for r in found.relations] == [("App\\Models\\Person", "author_id")]
