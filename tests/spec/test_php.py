"""PHP blocks: whole migrations, parts of them, and the lines of a Blueprint, read by running them."""

from __future__ import annotations

from tests.spec.reading import columns, indexes, keys, read, tables

MIGRATION = """
    # Spec

    ```php
    use Illuminate\\Database\\Migrations\\Migration;

    return new class extends Migration
    {
        public function up(): void
        {
            Schema::create('costs', function (Blueprint $table) {
                $table->id();
                $table->foreignId('user_id')->constrained()->cascadeOnDelete();
                $table->string('provider', 50)->index();
                $table->decimal('cost', 10, 6)->default(0);
                $table->enum('state', ['a', 'b'])->nullable();
                $table->timestamps();
                $table->unique(['user_id', 'provider'], 'one_each');
            });
        }

        public function down(): void
        {
            Schema::create('never', fn ($table) => $table->id());
            Schema::dropIfExists('costs');
        }
    };
    ```
"""


def test_a_migration_with_its_lines() -> None:
    (table,) = tables(MIGRATION)
    assert (table.name, table.kind, table.dialect, table.complete, table.at.line) == (
        "costs",
        "php",
        "mysql",
        True,
        10,
    )
    assert columns(table) == [
        ("id", "bigint unsigned", False, "-", 11),
        ("user_id", "bigint unsigned", False, "-", 12),
        ("provider", "varchar(50)", False, "-", 13),
        ("cost", "decimal(10, 6)", False, "'0'", 14),
        ("state", "enum('a', 'b')", True, "-", 15),
        ("created_at", "timestamp", True, "-", 16),
        ("updated_at", "timestamp", True, "-", 16),
    ]
    assert indexes(table) == [
        ("primary", ("id",), None, 11),
        ("unique", ("user_id", "provider"), "one_each", 17),
        ("btree", ("provider",), None, 13),
    ]
    assert keys(table) == [(("user_id",), "users", ("id",), "cascade", 12)]


def test_types_are_those_of_the_project_s_server() -> None:
    ((table, _),) = read(
        "```php\nSchema::create('t', function ($table) {\n    $table->jsonb('a');\n});\n```\n", "pgsql"
    ).tables
    assert (table.dialect, columns(table)) == ("pgsql", [("a", "jsonb", False, "-", 3)])


def test_up_alone_and_calls_that_follow() -> None:
    (table,) = tables("""
        ```php
        public function up()
        {
            Schema::create('t', function (Blueprint $table) {
                $table->id();
            });
        }
        ```

        Then:

        ```php
        <?php
        Schema::table('t', function (Blueprint $table) {
            $table->string('more')->nullable();
        });
        ```
    """)
    assert columns(table) == [
        ("id", "bigint unsigned", False, "-", 5),
        ("more", "varchar(255)", True, "-", 15),
    ]


def test_the_lines_of_a_blueprint_take_their_table_from_the_heading() -> None:
    made, added = tables("""
        ### `budgets` table

        ```php
        $table->id();
        $table->string('name');
        ```

        Add to the `users` table:

        ```php
        $table->foreignId('team_id')->nullable();
        ```
    """)
    assert (made.name, made.complete, columns(made)) == (
        "budgets",
        True,
        [("id", "bigint unsigned", False, "-", 4), ("name", "varchar(255)", False, "-", 5)],
    )
    assert (added.name, added.complete, added.existing, columns(added)) == (
        "users",
        False,
        True,
        [("team_id", "bigint unsigned", True, "-", 11)],
    )


def test_lines_without_a_table_are_a_gap() -> None:
    reading = read("# Notes\n\n```php\n$table->string('name');\n```\n")
    assert (reading.tables, [(g.kind, g.at.line) for g in reading.gaps]) == ([], [("spec-table-name", 4)])


def test_what_a_test_builds_is_no_requirement() -> None:
    reading = read("""
        ```php
        class ThingTest extends TestCase
        {
            protected function setUp(): void
            {
                Schema::create('things', function ($table) { $table->id(); });
            }
        }
        ```
    """)
    assert (reading.tables, [(g.kind, g.at.line) for g in reading.gaps]) == ([], [("spec-skipped", 2)])


def test_broken_php_is_a_gap_and_the_rest_is_read() -> None:
    reading = read("""
        ```php
        Schema::create('t', function ($table) {
            $table->increments('id');
            $table->broken(;
        });
        ```
    """)
    assert [(t.name, t.complete, columns(t)) for t, _ in reading.tables] == [
        ("t", False, [("id", "int unsigned", False, "-", 3)])
    ]
    assert {(g.kind, g.at.line) for g in reading.gaps} == {("syntax", 4)}


def test_code_that_only_uses_tables_names_them() -> None:
    reading = read("""
        ```php
        $this->assertDatabaseHas('orders', ['id' => 1]);
        DB::table('users')->join('teams', 'a', 'b')->get();
        protected $table = 'things';
        $response = AI::table();
        ```
    """)
    assert reading.tables == []
    assert [(m.name, m.at.line) for m in reading.mentions] == [
        ("orders", 2),
        ("users", 3),
        ("teams", 3),
        ("things", 4),
    ]


def test_php_without_schema_calls_is_not_run() -> None:
    reading = read("```php\nwhile (true) { echo 1; }\n```\n")
    assert (reading.tables, reading.gaps) == ([], [])


def test_a_method_in_the_line_above_is_no_table() -> None:
    reading = read(
        "# Migrations\n\nYou may use the `after` method:\n\n```php\n$table->string('a')->after('b');\n```\n"
    )
    assert (reading.tables, [g.kind for g in reading.gaps]) == ([], ["spec-table-name"])
