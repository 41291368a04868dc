"""Code of packages, which is not on disk, and files that are loaded in other ways than by their classes' names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations.support import FOLDER, failures, gaps, project_at, replayed
from tests.support.migrations import create, migration
from trueup.model.names import Driver
from trueup.sources.laravel.migrations.replay import replay
from trueup.structs import replace

_ENHANCED = """<?php
use Illuminate\\Database\\Migrations\\Migration;
use Tpetry\\PostgresqlEnhanced\\Schema\\Blueprint;
use Tpetry\\PostgresqlEnhanced\\Support\\Facades\\Schema;

return new class extends Migration {
    public function up(): void {
        Schema::createExtensionIfNotExists('citext');
        Schema::create('prompts', function (Blueprint $table) {
            $table->id();
            $table->string('title')->unique();
        });
        Schema::createFunctionOrReplace('f', [], 'trigger', 'plpgsql', 'BEGIN RETURN NEW; END');
    }
};
"""


def test_the_schema_facade_of_postgresql_enhanced(tmp_path: Path) -> None:
    schema = replayed(tmp_path, {"2024_01_01_000001_step.php": _ENHANCED}, driver="pgsql").schema
    table = schema.table("prompts")
    assert table is not None
    assert [(c.name, c.type) for c in table.columns] == [
        ("id", "bigint"),
        ("title", "character varying(255)"),
    ]
    assert [(i.name, i.columns, i.unique, i.primary) for i in table.indexes] == [
        ("prompts_pkey", ("id",), True, True),
        ("prompts_title_unique", ("title",), True, False),
    ]
    assert (failures(schema), gaps(schema)) == ((), ())


_REGISTRAR = "\\Spatie\\Permission\\PermissionRegistrar"


def test_column_names_of_the_permission_registrar(tmp_path: Path) -> None:
    columns = (
        f"unsignedBigInteger(app({_REGISTRAR}::class)->pivotPermission)",
        f"unsignedBigInteger({_REGISTRAR}::$pivotRole)",
        "unsignedBigInteger(app(\\Acme\\Other::class)->name)",
    )
    schema = replayed(tmp_path, {"2024_01_01_000001_step.php": migration(create("t", *columns))}).schema
    table = schema.table("t")
    assert table is not None
    assert [c.name for c in table.columns] == ["permission_id", "role_id"]
    assert gaps(schema) == ("the column of unsignedBigInteger() can't be told: what a Acme\\Other gives",)


def test_a_method_of_a_trait_that_is_not_there_is_not_undefined(tmp_path: Path) -> None:
    """The trait is a package's: what the call does is not known."""
    text = migration("$this->createPermissions(['a']);").replace(
        "{\n    public function up",
        "{\n    use \\Acme\\Common\\CanModifyPermissions;\n\n    public function up",
    )
    schema = replayed(tmp_path, {"2024_01_01_000001_step.php": text}).schema
    assert failures(schema) == ()
    assert [g.split("::")[-1] for g in gaps(schema)] == [
        "createPermissions() is not known, nor what else it does"
    ]


def test_a_method_of_no_class_at_all_is_undefined(tmp_path: Path) -> None:
    schema = replayed(tmp_path, {"2024_01_01_000001_step.php": migration("$this->nothing();")}).schema
    assert [reason.split("::")[-1] for _, _, reason in failures(schema)] == ["nothing()"]


def test_a_helper_that_a_provider_requires(tmp_path: Path) -> None:
    """It gives another migration, which is rolled back by hand."""
    around = {
        "app/Helpers/schema.php": "<?php\nfunction earlier(string $name) { "
        'return require database_path("migrations/{$name}.php"); }',
        "app/Providers/HelperServiceProvider.php": "<?php namespace App\\Providers; "
        "class HelperServiceProvider extends \\Illuminate\\Support\\ServiceProvider { public function register() { "
        "require_once app_path('Helpers/schema.php'); } }",
    }
    first = migration(create("t", "id()")).replace(
        "down(): void\n    {\n", "down(): void\n    {\n Schema::drop('t');\n"
    )
    files = {
        "2024_01_01_000001_first.php": first,
        "2024_01_01_000002_undo.php": migration("earlier('2024_01_01_000001_first')->down();"),
        "2024_01_01_000003_again.php": migration(create("t", "uuid('id')")),
    }
    schema = replayed(tmp_path, files, around=around).schema
    assert (failures(schema), gaps(schema)) == ((), ())
    table = schema.table("t")
    assert table is not None
    assert [c.type for c in table.columns] == ["char(36)"]


def test_a_dump_under_another_account_of_the_same_database(tmp_path: Path) -> None:
    template = "[\n'driver' => 'mysql',\n'host' => '%s',\n'database' => env('DB_DATABASE', 'shop'),\n'username' => env('%s', 'me')]"
    places = {"mysql": ("a", "DB_USER"), "elsewhere": ("b", "DB_OWNER"), "migrate": ("a", "DB_OWNER")}
    connections = ", ".join(f"'{name}' => {template % values}" for name, values in places.items())
    around = {
        "config/database.php": f"<?php return ['default' => 'mysql', 'connections' => [{connections}]];",
        "database/schema/elsewhere-schema.dump": "CREATE TABLE `wrong` (`id` int);",
        "database/schema/migrate-schema.dump": "CREATE TABLE `orders` (`id` int NOT NULL);",
    }
    files = {
        "2024_01_01_000001_step.php": migration("Schema::table('orders', fn ($t) => $t->string('note'));")
    }
    drivers: tuple[Driver, ...] = ("mysql", "mariadb")
    for driver in drivers:
        schema = replayed(tmp_path, files, around=around, driver=driver).schema
        assert (failures(schema), gaps(schema)) == ((), ())
        assert [t.name for t in schema.tables] == ["orders"]


MYSQL_S_OWN = (
    ("ALTER TABLE t ADD COLUMN geom POINT SRID 4326 NULL", True),
    ("ALTER TABLE t ADD COLUMN geom POINT REF_SYSTEM_ID=4326 NULL", False),
    ("ALTER TABLE t ADD COLUMN b INT, ADD UNIQUE (a, b); ALTER TABLE t DROP COLUMN b", True),
    ("ALTER TABLE t ADD COLUMN nothing", None),
)
"""A statement, and whether MySQL alone speaks it; None: nobody does."""


@pytest.mark.parametrize(("statement", "mysql"), MYSQL_S_OWN)
def test_a_project_that_is_made_for_mysql_itself(tmp_path: Path, statement: str, mysql: bool | None) -> None:
    files = {
        "2024_01_01_000001_t.php": migration(create("t", "integer('a')")),
        "2024_01_01_000002_step.php": migration(f"DB::statement('{statement}');"),
    }
    schema = replayed(tmp_path, files).schema
    assert len(failures(schema)) == (mysql is None)
    first = schema.table("t")
    assert first is not None
    assert first.columns[0].type == ("int" if mysql else "int(11)")


def test_the_dump_of_a_connection_for_tests_is_not_loaded(tmp_path: Path) -> None:
    """Without the environment's variables it leads to the same place by the same account."""
    template = "['driver' => 'mysql', 'database' => env('%s', 'forge'), 'username' => env('%s', 'forge')]"
    places = {"mysql": ("DB_DATABASE", "DB_USERNAME"), "mysql_ci": ("DB_CI_DATABASE", "DB_CI_USERNAME")}
    connections = ", ".join(f"'{name}' => {template % values}" for name, values in places.items())
    around = {
        "config/database.php": f"<?php return ['default' => 'mysql', 'connections' => [{connections}]];",
        "database/schema/mysql_ci-schema.sql": "CREATE TABLE `wrong` (`id` int);",
    }
    files = {"2024_01_01_000001_step.php": migration("Schema::create('orders', fn ($t) => $t->id());")}
    assert [t.name for t in replayed(tmp_path, files, around=around).schema.tables] == ["orders"]


def test_bouncer_s_tables_keep_their_names(tmp_path: Path) -> None:
    statement = (
        "Schema::create(\\Silber\\Bouncer\\Database\\Models::table('abilities'), fn ($t) => $t->id());"
    )
    files = {"2024_01_01_000001_step.php": migration(statement)}
    schema = replayed(tmp_path, files).schema
    assert ([t.name for t in schema.tables], gaps(schema)) == (["abilities"], ())


def test_a_package_asks_for_the_application_s_users(tmp_path: Path) -> None:
    """It has no config/auth.php and no App\\Models\\User of its own; every application has them from its skeleton."""
    statement = "$user = config('auth.providers.users.model'); Schema::create('posts', fn ($t) => "
    statement += "$t->foreignId('user_id')->constrained((new $user)->getTable()));"
    files = {
        f"{FOLDER}/2024_01_01_000001_step.php": migration(create("users", "id()")),
        f"{FOLDER}/2024_01_01_000002_step.php": migration(statement),
    }
    project = replace(project_at(tmp_path, files), kind="package")
    schema = replay(project, "mysql").schema
    assert (failures(schema), gaps(schema)) == ((), ())
    assert [k.foreign_table for k in schema.tables[0].foreign_keys] == ["users"]


def test_the_character_set_of_a_column_in_the_catalogue(tmp_path: Path) -> None:
    statement = "$c = DB::selectOne('select CHARACTER_SET_NAME as charset, COLLATION_NAME as collation "
    statement += "from information_schema.COLUMNS where TABLE_SCHEMA = ? "
    statement += "and TABLE_NAME = ? and COLUMN_NAME = ?', [DB::getDatabaseName(), 'a', 'name']); "
    statement += "Schema::create($c->charset . '_' . $c->collation, fn ($t) => $t->id());"
    files = {
        "2024_01_01_000001_step.php": migration(create("a", "string('name')->collation('utf8mb4_bin')")),
        "2024_01_01_000002_step.php": migration(statement),
    }
    schema = replayed(tmp_path, files).schema
    assert ([t.name for t in schema.tables], gaps(schema)) == (["a", "utf8mb4_utf8mb4_bin"], ())


def test_a_function_of_a_package_that_only_logs(tmp_path: Path) -> None:
    statement = "activity()->enableLogging(); activity('x')->performedOn(null)->log('done');"
    files = {"2024_01_01_000001_step.php": migration(statement)}
    with_it = replayed(tmp_path / "a", files, packages=(("spatie/laravel-activitylog", "4.0"),)).schema
    without = replayed(tmp_path / "b", files).schema
    assert (gaps(with_it), [g.kind for g in without.gaps]) == ((), ["unknown-call"])


def test_a_factory_in_a_migration_writes_rows_only(tmp_path: Path) -> None:
    model = "<?php namespace App\\Models; class Permission extends \\Illuminate\\Database\\Eloquent\\Model "
    model += "{ use \\Illuminate\\Database\\Eloquent\\Factories\\HasFactory; }"
    statement = "if (! \\App\\Models\\Permission::where('name', 'x')->first()) "
    statement += "{ \\App\\Models\\Permission::factory()->create(['name' => 'x']); }"
    files = {
        "2024_01_01_000001_step.php": migration(create("permissions", "id()", "string('name')"), statement)
    }
    schema = replayed(tmp_path, files, around={"app/Models/Permission.php": model}).schema
    assert (failures(schema), gaps(schema)) == ((), ())


def test_the_table_of_health_checks(tmp_path: Path) -> None:
    statement = (
        "$item = \\Spatie\\Health\\ResultStores\\EloquentHealthResultStore::getHistoryItemInstance(); "
    )
    statement += (
        "Schema::connection($item->getConnectionName())->create($item->getTable(), fn ($t) => $t->id());"
    )
    schema = replayed(tmp_path, {"2024_01_01_000001_step.php": migration(statement)}).schema
    assert ([t.name for t in schema.tables], gaps(schema)) == (["health_check_result_history_items"], ())
