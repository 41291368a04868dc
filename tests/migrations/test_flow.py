"""What decides what a migration does: guards, loops, drivers, configuration, macros, providers, rows, exceptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations.support import FOLDER, columns, failures, gaps, indexes, project_at, replayed
from tests.support.migrations import alter, create, migration
from trueup.model.names import Driver
from trueup.sources.laravel.migrations.replay import replay
from trueup.structs import replace

PROVIDER = """<?php
namespace App\\Providers;
use Illuminate\\Support\\ServiceProvider;
use Illuminate\\Support\\Facades\\Schema;
use Illuminate\\Database\\Schema\\Blueprint;
class AppServiceProvider extends ServiceProvider {
    public function boot(\\Illuminate\\Database\\Schema\\Builder $builder): void {
        file_put_contents('/dev/null', 'never run');
        %s
    }
}
"""


def names(
    root: Path, *statements: str, driver: Driver = "mysql", **more: object
) -> tuple[tuple[str, ...], ...]:
    """(table, its columns ...) of what the statements, each a migration, build."""
    files = {f"2024_01_01_{n:06d}_step.php": migration(s) for n, s in enumerate(statements, 1)}
    schema = replayed(root, files, driver=driver, **more).schema  # type: ignore[arg-type]  # the keywords of replayed
    assert (failures(schema), gaps(schema)) == ((), ())
    return tuple((t.name, *(c.name for c in t.columns)) for t in schema.tables)


FLOWS: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...] = (
    (
        "a loop over names",
        "foreach (['a', 'b'] as $t) { Schema::create($t, fn ($table) => $table->id()); }",
        (("a", "id"), ("b", "id")),
    ),
    (
        "a collection",
        "collect(['a' => 1, 'b' => 2])->keys()->each(fn ($t) => "
        "Schema::create($t, fn ($table) => $table->id()));",
        (("a", "id"), ("b", "id")),
    ),
    (
        "a guard that holds",
        "Schema::create('a', fn ($t) => $t->id()); if (! Schema::hasTable('a')) "
        "{ Schema::create('b', fn ($t) => $t->id()); }",
        (("a", "id"),),
    ),
    (
        "a guard on a column",
        "Schema::create('a', fn ($t) => $t->id()); if (! Schema::hasColumn('a', "
        "'x')) { Schema::table('a', fn ($t) => $t->string('x')); }",
        (("a", "id", "x"),),
    ),
    (
        "when a column is missing",
        "Schema::create('a', fn ($t) => $t->id()); "
        "Schema::whenTableDoesntHaveColumn('a', 'x', fn (Blueprint $t) => "
        "$t->string('x'));",
        (("a", "id", "x"),),
    ),
    (
        "an early return",
        "Schema::create('a', fn ($t) => $t->id()); if (DB::getDriverName() === "
        "'mysql') { return; } Schema::drop('a');",
        (("a", "id"),),
    ),
    (
        "a match on the driver",
        "$t = match (Schema::getConnection()->getDriverName()) { 'mysql', "
        "'mariadb' => 'my', default => 'other' }; Schema::create($t, fn ($b) => "
        "$b->id());",
        (("my", "id"),),
    ),
    (
        "raw statements",
        "DB::statement('CREATE TABLE a (id INT PRIMARY KEY)'); "
        "DB::unprepared('ALTER TABLE a ADD COLUMN b INT; ALTER TABLE a ADD "
        "COLUMN c INT');",
        (("a", "id", "b", "c"),),
    ),
    (
        "a failure that is caught",
        "try { Schema::drop('none'); } catch (\\Exception $e) { Schema::create('a', fn ($t) => $t->id()); }",
        (("a", "id"),),
    ),
    (
        "empty tables",
        "Schema::create('a', fn ($t) => $t->id()); foreach "
        "(DB::table('a')->get() as $row) { Schema::drop('a'); } if "
        "(DB::table('a')->count() > 0) { Schema::drop('a'); }",
        (("a", "id"),),
    ),
    (
        "rows of one's own",
        "Schema::create('a', function ($t) { $t->id(); $t->string('n'); }); "
        "DB::table('a')->insert(['n' => 'x']); $id = DB::table('a')->where('n', "
        "'x')->first()->id; Schema::create('b'.$id, fn ($t) => $t->id());",
        (("a", "id", "n"), ("b1", "id")),
    ),
    (
        "the catalogue",
        "Schema::create('a', fn ($t) => $t->id()); $n = DB::select(\"SELECT "
        "COUNT(*) AS n FROM information_schema.columns WHERE table_name = "
        "'a'\")[0]->n; Schema::create('b'.$n, fn ($t) => $t->id());",
        (("a", "id"), ("b1", "id")),
    ),
    (
        "a count of rows by raw SQL, of which there are none",
        "Schema::create('a', fn ($t) => $t->id()); $n = DB::selectOne('select count(*) as n from a where id > 1')->n; "
        "$m = DB::scalar('SELECT COUNT(*) FROM a'); Schema::create('b'.$n.$m, fn ($t) => $t->id());",
        (("a", "id"), ("b00", "id")),
    ),
    (
        "a column of the catalogue's rows",
        "Schema::create('a', fn ($t) => $t->id()); foreach (array_column(DB::select('SELECT column_name AS name FROM "
        "information_schema.columns WHERE table_name = \"a\"'), 'name') as $n) { Schema::create('b_'.$n, fn ($t) => $t->id()); }",
        (("a", "id"), ("b_id", "id")),
    ),
    (
        "indexes looked up",
        "Schema::create('a', function ($t) { $t->id(); $t->string('n')->index(); "
        "}); if (Schema::hasIndex('a', 'a_n_index')) { Schema::table('a', fn "
        "($t) => $t->dropIndex('a_n_index')); Schema::table('a', fn ($t) => "
        "$t->renameColumn('n', 'm')); }",
        (("a", "id", "m"),),
    ),
    (
        "without keys",
        "Schema::withoutForeignKeyConstraints(function () { Schema::create('a', fn ($t) => $t->id()); });",
        (("a", "id"),),
    ),
    (
        "an environment variable that nothing sets",
        "Schema::create(\\Illuminate\\Support\\Env::get('TABLE', 'a'), fn ($t) => $t->id());",
        (("a", "id"),),
    ),
    (
        "the facade's root",
        "$schema = null ?: Schema::getFacadeRoot(); $schema->create('a', fn ($t) => $t->id());",
        (("a", "id"),),
    ),
    (
        "names made with Str",
        "Schema::create(Str::plural(Str::snake('BlogPost')), fn ($t) => $t->id());",
        (("blog_posts", "id"),),
    ),
)


@pytest.mark.parametrize(("_name", "statement", "expected"), FLOWS, ids=[f[0] for f in FLOWS])
def test_flow(tmp_path: Path, _name: str, statement: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert names(tmp_path, statement) == expected


SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("Schema::defaultStringLength(191);", "string('c')", "varchar(191)"),
    ("$builder->defaultStringLength(190);", "string('c')", "varchar(190)"),
    (
        "if (config('database.default') === 'mysql') { Schema::defaultStringLength(180); }",
        "string('c')",
        "varchar(180)",
    ),
    (
        "Blueprint::macro('slug', function ($name) { return $this->string($name, 60); });",
        "slug('c')->unique()",
        "varchar(60)",
    ),
    ("Schema::defaultTimePrecision(3);", "dateTime('c')", "datetime(3)"),
)


@pytest.mark.parametrize(("setting", "call", "expected"), SETTINGS)
def test_settings_of_providers(tmp_path: Path, setting: str, call: str, expected: str) -> None:
    around = {
        "app/Providers/AppServiceProvider.php": PROVIDER % setting,
        "config/database.php": "<?php return ['default' => env('DB_CONNECTION', 'mysql'), 'connections' => "
        "['mysql' => ['driver' => 'mysql', 'prefix' => '', 'prefix_indexes' => true, 'strict' => true]]];",
    }
    files = {"2024_01_01_000001_step.php": migration(create("t", call))}
    schema = replayed(tmp_path, files, around=around).schema
    assert (columns(schema.table("t"))[0][1], failures(schema), gaps(schema)) == (expected, (), ())


def test_a_real_time_facade_calls_the_class_behind_it(tmp_path: Path) -> None:
    helper = "<?php\nnamespace App\\Support;\nclass Columns {\n public function add($tables) { foreach ($tables as $name) { "
    helper += "\\Illuminate\\Support\\Facades\\Schema::table($name, fn ($t) => $t->uuid('uuid')); } }\n}\n"
    statements = (create("a", "id()"), "\\Facades\\App\\Support\\Columns::add(['a']);")
    assert names(tmp_path, *statements, around={"app/Support/Columns.php": helper}) == (("a", "id", "uuid"),)


PUBLISHED = (
    ("<?php return ['models' => []];", "roles"),
    ("<?php return ['table_names' => ['roles' => 'ranks']];", "ranks"),
)
"""A package's configuration as the application has it, whole or in parts: `mergeConfigFrom` adds what is missing on top."""


@pytest.mark.parametrize(("text", "table"), PUBLISHED)
def test_a_package_s_configuration_completes_the_published_one(text: str, table: str, tmp_path: Path) -> None:
    around = {"config/permission.php": text}
    statement = "$n = config('permission.table_names'); Schema::create($n['roles'], fn ($t) => $t->id());"
    assert names(tmp_path, statement, around=around) == ((table, "id"),)


def test_db_connection_names_the_connection_that_is_replayed(tmp_path: Path) -> None:
    around = {
        "config/database.php": "<?php return ['default' => env('DB_CONNECTION', 'mysql'), 'connections' => ["
        "'mysql' => ['driver' => 'mysql', 'database' => 'a'], 'sqlite' => ['driver' => 'sqlite', 'database' => 'b']]];",
        "config/telescope.php": "<?php return ['connection' => env('DB_CONNECTION', 'mysql')];",
    }
    statement = "Schema::connection(config('telescope.connection'))->create('entries', fn ($t) => $t->id());"
    assert names(tmp_path, statement, driver="sqlite", around=around) == (("entries", "id"),)


def test_a_trait_may_merge_a_package_s_configuration(tmp_path: Path) -> None:
    trait = (
        "<?php\nnamespace Shop\\Traits;\ntrait MergesConfig { public function merge(array $names): void { "
    )
    trait += "foreach ($names as $name) { "
    trait += '$this->mergeConfigFrom($this->root . "/config/{$name}.php", "shop.{$name}"); } } }\n'
    around = {
        "packages/shop/src/Traits/MergesConfig.php": trait,
        "packages/shop/config/core.php": "<?php return ['prefix' => 'shop_'];",
    }
    statement = "Schema::create(config('shop.core.prefix') . 'orders', fn ($t) => $t->id());"
    assert names(tmp_path, statement, around=around) == (("shop_orders", "id"),)


def test_one_name_of_a_package_s_configuration(tmp_path: Path) -> None:
    statement = "Schema::create(config('permission.table_names.roles'), fn ($t) => $t->id());"
    assert names(tmp_path, statement) == (("roles", "id"),)


def test_morph_keys_follow_the_provider(tmp_path: Path) -> None:
    around = {
        "app/Providers/AppServiceProvider.php": PROVIDER
        % "\\Illuminate\\Database\\Schema\\Builder::morphUsingUuids();"
    }
    files = {"2024_01_01_000001_step.php": migration(create("t", "morphs('tag')"))}
    schema = replayed(tmp_path, files, around=around).schema
    assert columns(schema.table("t")) == (
        ("tag_type", "varchar(255)", False, None),
        ("tag_id", "char(36)", False, None),
    )


def test_prefix_of_tables_and_indexes(tmp_path: Path) -> None:
    around = {
        "config/database.php": "<?php return ['default' => 'mysql', 'connections' => ['mysql' => "
        "['driver' => 'mysql', 'prefix' => 'app_', 'prefix_indexes' => true]]];"
    }
    files = {
        "2024_01_01_000001_step.php": migration(
            create("t", "string('a')->index()"),
            "if (Schema::hasTable('t')) { Schema::table('t', fn ($t) => $t->string('b')); }",
        )
    }
    schema = replayed(tmp_path, files, around=around).schema
    assert [t.name for t in schema.tables] == ["app_t"]
    assert indexes(schema.table("app_t")) == (("app_t_a_index", ("a",), False),)
    assert [c[0] for c in columns(schema.table("app_t"))] == ["a", "b"]


def test_names_from_configuration_models_and_constants(tmp_path: Path) -> None:
    around = {
        "config/blog.php": "<?php return ['tables' => ['posts' => 'blog_posts']];",
        "app/Models/Comment.php": "<?php namespace App\\Models; class Comment extends \\Illuminate\\Database\\Eloquent\\Model "
        "{ const TABLE = 'remarks'; protected $table = self::TABLE; }",
        "app/Models/Person.php": "<?php namespace App\\Models; class Person extends \\Illuminate\\Database\\Eloquent\\Model "
        "{ use \\Illuminate\\Database\\Eloquent\\Concerns\\HasUlids; }",
    }
    statements = (
        create("people", "ulid('id')->primary()"),
        "Schema::create(config('blog.tables.posts'), fn ($t) => $t->id());",
        "Schema::create((new \\App\\Models\\Comment)->getTable(), function ($t) { $t->id(); "
        "$t->foreignIdFor(\\App\\Models\\Person::class)->constrained(); });",
    )
    assert names(tmp_path, *statements, around=around) == (
        ("blog_posts", "id"),
        ("people", "id"),
        ("remarks", "id", "person_id"),
    )


def test_rows_decide_on_one_server_and_are_missing_on_another(tmp_path: Path) -> None:
    """A row that an earlier migration could not write is null where a later one reads it."""
    files = {
        "2024_01_01_000001_roles.php": migration(create("roles", "id()", "string('name')")),
        "2024_01_01_000002_fill.php": migration(
            "if (DB::getDriverName() === 'sqlite') { throw new \\Exception('not here'); }",
            "DB::table('roles')->insert(['name' => 'admin']);",
        ),
        "2024_01_01_000003_use.php": migration(
            "$id = DB::table('roles')->where('name', '=', 'admin')->first()->id;", create("t", "id()")
        ),
    }
    mysql = replayed(tmp_path / "mysql", files).schema
    sqlite = replayed(tmp_path / "sqlite", files, driver="sqlite").schema
    assert ([t.name for t in mysql.tables], failures(mysql)) == (["roles", "t"], ())
    assert ([t.name for t in sqlite.tables], failures(sqlite)) == (
        ["roles"],
        (
            ("2024_01_01_000002_fill", 12, "Exception: not here"),
            ("2024_01_01_000003_use", 12, 'ErrorException: Attempt to read property "id" on null'),
        ),
    )


DATA_FAULTS: tuple[tuple[Driver, str, str], ...] = (
    ("mysql", "DB::table('t')->insert(['nope' => 1]);", "Unknown column 'nope' in 'INSERT INTO'"),
    ("mysql", "DB::table('t')->insert(['b' => 1]);", "Field 'a' doesn't have a default value"),
    ("mysql", "DB::table('t')->where('nope', 1)->get();", "Unknown column 'nope' in 'WHERE'"),
    (
        "pgsql",
        "DB::table('t')->insert(['b' => 1]);",
        'null value in column "a" of relation "t" violates not-null constraint',
    ),
    ("sqlite", "DB::table('t')->insert(['nope' => 1]);", "table t has no column named nope"),
    ("sqlite", "DB::table('t')->insert(['b' => 1]);", "NOT NULL constraint failed: t.a"),
    ("sqlite", "DB::table('t')->where('nope', 1)->get();", ""),
)


@pytest.mark.parametrize(("driver", "statement", "reason"), DATA_FAULTS)
def test_statements_on_data_fail_as_on_the_server(
    tmp_path: Path, driver: Driver, statement: str, reason: str
) -> None:
    """The words differ by clause between servers; what is checked is that it fails, where, and the name."""
    files = {
        "2024_01_01_000001_t.php": migration(create("t", "id()", "integer('a')", "integer('b')->nullable()")),
        "2024_01_01_000002_data.php": migration(statement),
    }
    found = failures(replayed(tmp_path, files, driver=driver).schema)
    if not reason:
        assert found == ()
        return
    assert [(m, line) for m, line, _ in found] == [("2024_01_01_000002_data", 12)]
    assert found[0][2].split(" in ")[0] == reason.split(" in ")[0]


def test_old_classes_by_file_name_and_until(tmp_path: Path) -> None:
    old = (
        "<?php use Illuminate\\Database\\Migrations\\Migration; class CreateATable extends Migration { public function up() "
        "{ Schema::create('a', function ($t) { $t->increments('id'); }); } } class Helper { public function up() {} }"
    )
    files = {
        "2024_01_01_000001_create_a_table.php": old,
        "2024_01_01_000002_b.php": migration(create("b", "id()")),
    }
    whole = replayed(tmp_path / "1", files, framework="8.83.0").schema
    first = replayed(tmp_path / "2", files, framework="8.83.0", until="2024_01_01_000001").schema
    assert ([t.name for t in whole.tables], [t.name for t in first.tables]) == (["a", "b"], ["a"])


def test_squashed_dump_comes_first_and_its_migrations_do_not_run(tmp_path: Path) -> None:
    dump = (
        "CREATE TABLE `migrations` (`id` int);\nCREATE TABLE `a` (`id` int NOT NULL);\n"
        "INSERT INTO `migrations` VALUES (1,'2024_01_01_000001_a',1);\n"
    )
    files = {
        "2024_01_01_000001_a.php": migration(create("never", "id()")),
        "2024_01_01_000002_b.php": migration(alter("a", "string('b')->nullable()")),
    }
    around = {"database/schema/mysql-schema.sql": dump}
    found = replayed(tmp_path, files, around=around)
    assert (found.dump, failures(found.schema)) == ("database/schema/mysql-schema.sql", ())
    assert [(t.name, [c.name for c in t.columns]) for t in found.schema.tables] == [("a", ["id", "b"])]


def test_other_connections_are_noted(tmp_path: Path) -> None:
    around = {
        "config/database.php": "<?php return ['default' => 'mysql', 'connections' => ['mysql' => ['driver' => 'mysql'], "
        "'logs' => ['driver' => 'mysql', 'database' => 'logs']]];"
    }
    text = migration(create("a", "id()")).replace(
        "extends Migration\n{", "extends Migration\n{\n    protected $connection = 'logs';"
    )
    schema = replayed(tmp_path, {"2024_01_01_000001_a.php": text}, around=around).schema
    assert (schema.tables, gaps(schema)) == (
        (),
        ("runs on the connection logs, which is not the one replayed",),
    )


def test_unknown_things_are_gaps_with_their_line(tmp_path: Path) -> None:
    files = {
        "2024_01_01_000001_a.php": migration(
            create("a", "id()", "string('n')->default(\\App\\Nowhere::value())"),
            "Schema::create(\\App\\Nowhere::table(), fn ($t) => $t->id());",
            "$t = 1;",
        )
    }
    schema = replayed(tmp_path, files, packages=(("acme/thing", "1.0.0"),)).schema
    assert [(g.at.line, g.kind) for g in schema.gaps] == [(14, "unknown-value"), (16, "dynamic-name")]
    assert [c[0] for c in columns(schema.table("a"))] == ["id", "n"]


def test_a_table_that_nobody_makes_is_a_gap_where_packages_may(tmp_path: Path) -> None:
    files = {"2024_01_01_000001_a.php": migration(alter("media", "string('x')"), create("a", "id()"))}
    alone = replayed(tmp_path / "1", files).schema
    among = replayed(tmp_path / "2", files, packages=(("plank/laravel-mediable", "5.0.0"),)).schema
    assert failures(alone) == (("2024_01_01_000001_a", 13, "Table 'media' doesn't exist"),)
    assert ([t.name for t in among.tables], gaps(among)) == (
        ["a"],
        ("no migration of the project makes the table media; a package may",),
    )


def test_sql_of_a_file_beside_the_migrations_is_carried_out_where_it_stands(tmp_path: Path) -> None:
    text = "DB::unprepared(file_get_contents(__DIR__ . '/schema.sql'));"
    around = {f"{FOLDER}/schema.sql": "-- made by hand\ncreate table tickets (\n    id bigint\n);\n"}
    schema = replayed(tmp_path, {"2024_01_01_000001_a.php": migration(text)}, around=around).schema
    assert (failures(schema), gaps(schema)) == ((), ())
    assert [(t.name, str(t.at)) for t in schema.tables] == [("tickets", f"{FOLDER}/schema.sql:2")]


@pytest.mark.parametrize("path", ["'/etc/hostname'", "__DIR__ . '/gone.sql'", "base_path('.env')"])
def test_only_data_files_of_the_project_are_read(path: str, tmp_path: Path) -> None:
    files = {
        "2024_01_01_000001_a.php": migration(f"DB::unprepared(file_get_contents({path}));"),
        "2024_01_01_000002_b.php": migration(alter("tickets", "string('b')"), create("b", "id()")),
        "2024_01_01_000003_c.php": migration("Schema::rename('other', 'tickets');"),
    }
    schema = replayed(tmp_path, files, around={".env": "SECRET=1"}).schema
    assert (failures(schema), gaps(schema)) == (
        (),
        (
            "the SQL can't be told: what is on the disk of the server that migrates",
            "no migration of the project makes the table tickets; SQL that can't be told may",
            "no migration of the project makes the table other; SQL that can't be told may",
        ),
    )


def test_an_update_may_name_its_columns_with_their_table(tmp_path: Path) -> None:
    made = create("stages", "id()"), create("pipelines", "id()", "string('code')->nullable()")
    joined = "DB::table('pipelines')->join('stages', 'pipelines.id', '=', 'stages.id')->update([%s]);"
    files = {
        "2024_01_01_000001_a.php": migration(*made),
        "2024_01_01_000002_b.php": migration(joined % "'pipelines.code' => DB::raw('stages.id')"),
        "2024_01_01_000003_c.php": migration(joined % "'stages.code' => 1"),
    }
    schema = replayed(tmp_path, files).schema
    assert failures(schema) == (("2024_01_01_000003_c", 12, "Unknown column 'code' in 'SET'"),)


def test_an_index_of_postgresql_is_renamed_if_it_exists(tmp_path: Path) -> None:
    rename = "DB::statement('ALTER INDEX IF EXISTS %s RENAME TO n_index');"
    files = {
        "2024_01_01_000001_a.php": migration(create("a", "id()", "string('n')->index()"), rename % "gone")
    }
    files["2024_01_01_000002_b.php"] = migration(rename % "a_n_index")
    schema = replayed(tmp_path, files, driver="pgsql").schema
    assert failures(schema) == ()
    assert [name for name, *_ in indexes(schema.table("a"))] == ["a_pkey", "n_index"]


def test_identity_columns_count(tmp_path: Path) -> None:
    text = "DB::statement('create table a (id bigint generated always as identity, n int)');"
    schema = replayed(tmp_path, {"2024_01_01_000001_a.php": migration(text)}, driver="pgsql").schema
    table = schema.table("a")
    assert table is not None
    assert [(c.name, c.counts, c.auto_increment) for c in table.columns] == [
        ("id", True, False),
        ("n", False, False),
    ]


def test_the_table_of_a_pivot_model_is_singular(tmp_path: Path) -> None:
    model = "<?php namespace App\\Models; class %s extends \\Illuminate\\Database\\Eloquent\\Relations\\%s {}"
    around = {
        "app/Models/TeamUser.php": model % ("TeamUser", "Pivot"),
        "app/Models/Tagging.php": model % ("Tagging", "MorphPivot"),
    }
    statement = "foreach ([\\App\\Models\\TeamUser::class, \\App\\Models\\Tagging::class] as $model) "
    statement += "{ Schema::create((new $model)->getTable(), fn ($t) => $t->id()); }"
    assert names(tmp_path / "12", statement, around=around) == (("tagging", "id"), ("team_user", "id"))
    newer = names(tmp_path / "13", statement, around=around, framework="13.0.0")
    assert newer == (("taggings", "id"), ("team_user", "id"))


def test_a_model_of_a_package_keeps_its_table_only_where_its_class_says_it(tmp_path: Path) -> None:
    """Sanctum's token has its table by rule, Passport's by `$table`."""
    model = "<?php namespace App\\Models; class %s extends \\Laravel\\%s {}"
    around = {
        "app/Models/ApiKey.php": model % ("ApiKey", "Sanctum\\PersonalAccessToken"),
        "app/Models/Ticket.php": model % ("Ticket", "Passport\\Token"),
    }
    statement = "foreach ([\\App\\Models\\ApiKey::class, \\App\\Models\\Ticket::class] as $model) "
    statement += "{ Schema::create((new $model)->getTable(), fn ($t) => $t->id()); }"
    assert names(tmp_path, statement, around=around) == (("api_keys", "id"), ("oauth_access_tokens", "id"))


def test_helpers_that_no_composer_file_lists(tmp_path: Path) -> None:
    """bootstrap/app.php or a provider may load them; where two files have the function, it can't be told which."""
    helper = "<?php\nif (! function_exists('%s')) {\n    function %s(string $name) "
    helper += "{ Schema::create($name, fn ($t) => $t->id()); }\n}\n"
    around = {
        "app/Support/helpers.php": helper % ("make_it", "make_it"),
        "tests/helpers.php": helper % ("make_it", "make_it"),
    }
    assert names(tmp_path / "one", "make_it('a');", around=around) == (("a", "id"),)
    around["plugins/shop/src/helpers.php"] = helper % ("make_it", "make_it")
    files = {"2024_01_01_000001_step.php": migration("make_it('a');")}
    schema = replayed(tmp_path / "two", files, around=around).schema
    assert (len(schema.tables), len(gaps(schema))) == (0, 1)


def test_a_migration_that_takes_back_another(tmp_path: Path) -> None:
    around = {
        "app/helpers.php": '<?php\nfunction earlier(string $name) { return require database_path("migrations/{$name}.php"); }\n'
    }
    files = {
        "2024_01_01_000001_a.php": "<?php return new class extends Migration {\n"
        "public function up() { Schema::create('a', fn ($t) => $t->id()); }\n"
        "public function down() { Schema::drop('a'); } };",
        "2024_01_01_000002_b.php": migration(create("b", "id()"), "earlier('2024_01_01_000001_a')->down();"),
    }
    schema = replayed(tmp_path, files, around=around).schema
    assert ([t.name for t in schema.tables], failures(schema), gaps(schema)) == (["b"], (), ())


CONTRACT = {
    "app/Dialects/Dialect.php": "<?php\nnamespace App\\Dialects;\n"
    "interface Dialect { public function widen(string $table): void; }\n",
    "app/Dialects/MySql.php": "<?php\nnamespace App\\Dialects;\nuse Illuminate\\Support\\Facades\\Schema;\n"
    "class MySql implements Dialect {\n    public function widen(string $table): void\n"
    "    { Schema::table($table, fn ($t) => $t->text('wide')); }\n}\n",
}
BINDINGS = (
    "$this->app->bind(Dialect::class, MySql::class);",
    "$this->app->singleton(Dialect::class, fn () => match (DB::getDriverName()) { 'pgsql' => null, default => new MySql });",
)


@pytest.mark.parametrize("binding", BINDINGS)
def test_what_a_provider_binds_in_the_container(binding: str, tmp_path: Path) -> None:
    provider = "<?php\nnamespace App\\Providers;\nuse App\\Dialects\\{Dialect, MySql};\nuse Illuminate\\Support\\Facades\\DB;\n"
    provider += f"class AppServiceProvider {{\n    public function register() {{ {binding} }}\n}}\n"
    around = CONTRACT | {"app/Providers/AppServiceProvider.php": provider}
    statement = "app(\\App\\Dialects\\Dialect::class)->widen('t');"
    assert names(tmp_path, create("t", "id()"), statement, around=around) == (("t", "id", "wide"),)


def test_what_nobody_binds_is_a_gap_where_it_may_build(tmp_path: Path) -> None:
    files = {"2024_01_01_000001_step.php": migration("app(\\App\\Dialects\\Dialect::class)->widen('t');")}
    schema = replayed(tmp_path, files, around=CONTRACT).schema
    assert [g.kind for g in schema.gaps] == ["unknown-call"]


def test_a_table_of_an_sql_file_that_the_server_refused_is_missing(tmp_path: Path) -> None:
    """And nobody else's, although a package is installed that might make some."""
    files = {
        "2024_01_01_000001_first.php": migration(
            "DB::unprepared(file_get_contents(__DIR__ . '/schema.sql'));"
        ),
        "2024_01_01_000002_then.php": migration(alter("users", "string('locale')")),
    }
    around = {
        f"{FOLDER}/schema.sql": "CREATE EXTENSION citext;\nCREATE TABLE public.users (id serial PRIMARY KEY);\n"
    }
    project = project_at(
        tmp_path, {f"{FOLDER}/{n}": t for n, t in files.items()} | around, packages=(("acme/shop", "1.0"),)
    )
    project = replace(project, scripts=tuple(around))
    schema = replay(project, "sqlite").schema
    assert gaps(schema) == ()
    assert failures(schema) == (
        ("2024_01_01_000001_first", 1, 'near "EXTENSION": syntax error'),
        ("2024_01_01_000002_then", 13, "no such table: users"),
    )


def test_a_table_that_a_refused_migration_would_rename_is_missing(tmp_path: Path) -> None:
    files = {
        "2024_01_01_000001_first.php": migration(create("films", "id()")),
        "2024_01_01_000002_second.php": migration(
            alter("films", "index('nope')"), alter("films", "rename('movies')")
        ),
        "2024_01_01_000003_third.php": migration(alter("movies", "string('title')")),
    }
    schema = replayed(tmp_path, files, packages=(("acme/shop", "1.0"),)).schema
    assert gaps(schema) == ()
    assert [f[0] for f in failures(schema)] == ["2024_01_01_000002_second", "2024_01_01_000003_third"]


@pytest.mark.parametrize("driver", ["mysql", "mariadb"])
def test_a_connection_of_the_same_database_under_the_sister_s_driver(driver: Driver, tmp_path: Path) -> None:
    """An application names its own connection, and a person replays it for MariaDB."""
    around = {
        "config/database.php": "<?php return ['default' => 'shop', 'connections' => ["
        "'shop' => ['driver' => 'mysql', 'database' => env('DB_DATABASE', 'shop')], "
        "'mysql' => ['driver' => 'mysql', 'database' => env('DB_DATABASE', 'shop')]]];"
    }
    statement = "Schema::connection('shop')->create('orders', fn ($t) => $t->id());"
    assert names(tmp_path, statement, driver=driver, around=around) == (("orders", "id"),)
