"""PHP around the schema calls: guards, branches, loops, helpers, raw statements, transactions."""

from __future__ import annotations

from tests.oracle.cases import Case
from tests.support.migrations import alter, create, guarded

THINGS = create("things", "id()", "string('a')->nullable()", "integer('b')->default(0)")

CASES: dict[str, Case] = {
    "guards": (
        (THINGS,),
        (
            guarded("! Schema::hasTable('things')", THINGS),
            guarded("! Schema::hasTable('others')", create("others", "id()")),
            guarded("! Schema::hasColumn('things', 'c')", alter("things", "string('c')->nullable()")),
            guarded("Schema::hasColumn('things', 'a')", alter("things", "dropColumn('a')")),
            guarded("Schema::hasColumns('things', ['b', 'c'])", alter("things", "index(['b', 'c'])")),
        ),
    ),
    "a guard with an early return": (
        (THINGS,),
        ("if (Schema::hasTable('things')) {", "    return;", "}", create("others", "id()")),
    ),
    "driver branches": (
        (
            THINGS,
            "if (DB::getDriverName() === 'mysql') {",
            alter("things", "string('for_mysql')->nullable()"),
            "} elseif (DB::connection()->getDriverName() === 'pgsql') {",
            alter("things", "string('for_pgsql')->nullable()"),
            "} else {",
            alter("things", "string('for_others')->nullable()"),
            "}",
            "$type = match (DB::connection()->getDriverName()) { 'sqlite' => 'text', 'mysql' => 'mediumText', default => 'json' };",
            "Schema::table('things', fn (Blueprint $table) => $table->{$type}('by_driver')->nullable());",
            "switch (Schema::getConnection()->getDriverName()) {",
            "    case 'mysql': case 'mariadb': Schema::create('switched', fn (Blueprint $t) => [$t->id()]); break;",
            "    default: break;",
            "}",
        ),
    ),
    "loops": (
        (
            "foreach (['one', 'two', 'three'] as $number => $name) {",
            '    Schema::create("table_{$name}", function (Blueprint $table) use ($name, $number) {',
            "        $table->id();",
            "        for ($i = 0; $i <= $number; $i++) {",
            "            $table->string($name . '_' . $i)->nullable();",
            "        }",
            "    });",
            "}",
            "collect(['x' => 'integer', 'y' => 'text'])->each(function ($type, $name) {",
            "    Schema::table('table_one', fn (Blueprint $table) => $table->addColumn($type, $name, ['nullable' => true]));",
            "});",
            "foreach (array_merge(['a'], array_map(fn ($n) => strtolower($n), ['B', 'C'])) as $name) {",
            "    Schema::table('table_two', fn (Blueprint $table) => $table->integer(sprintf('%s_count', $name))->default(0));",
            "}",
        ),
    ),
    "loops over rows do nothing": (
        (
            THINGS,
            "foreach (DB::table('things')->get() as $row) {",
            "    Schema::create('never_' . $row->id, fn (Blueprint $t) => [$t->id()]);",
            "}",
            "if (DB::table('things')->count() > 0 || DB::table('things')->where('b', 1)->exists()) {",
            alter("things", "dropColumn('a')"),
            "}",
            "DB::table('things')->where('b', 0)->update(['b' => 1]);",
            "DB::table('things')->whereNull('a')->orderBy('id')->chunk(10, function ($rows) { Schema::drop('things'); });",
        ),
    ),
    "queries on what is missing fail": (
        (THINGS,),
        ("DB::table('absent')->count();", create("after_count", "id()")),
        ("DB::table('things')->where('absent', 1)->update(['b' => 2]);", create("after_update", "id()")),
        ("DB::table('things')->insert(['absent' => 1]);", create("after_insert", "id()")),
    ),
    "try and catch": (
        (
            "try {",
            "    Schema::table('absent', fn (Blueprint $table) => $table->string('a'));",
            "} catch (\\Throwable $e) {",
            create("caught", "id()"),
            "} finally {",
            create("finally_made", "id()"),
            "}",
        ),
    ),
    "try and catch of another kind": (
        (
            "try {",
            "    Schema::drop('absent');",
            "} catch (\\LogicException $e) {",
            create("not_caught", "id()"),
            "}",
            create("never_reached", "id()"),
        ),
        (
            "try {",
            "    Schema::drop('absent');",
            "} catch (\\Illuminate\\Database\\QueryException | \\LogicException $e) {",
            create("caught", "id()"),
            "}",
        ),
    ),
    "an exception of the migration's own": (
        (
            create("before", "id()"),
            "throw new \\RuntimeException('not today');",
            create("afterwards", "id()"),
        ),
        (THINGS,),
    ),
    "calls of what does not exist": (
        (THINGS, "Schema::table('things', fn (Blueprint $table) => $table->nonsense('a'));"),
        (create("before", "id()"), "$this->missing();"),
        (create("before_class", "id()"), "new \\Missing\\Thing;"),
    ),
    "a transaction that is undone": (
        (
            "DB::beginTransaction();",
            create("kept_by_some", "id()"),
            "DB::rollBack();",
            create("kept", "id()"),
        ),
    ),
    "a transaction that is kept": (("DB::transaction(function () {", create("made", "id()"), "});"),),
    "a migration without a transaction": (
        (create("before", "id()"), "Schema::drop('absent');"),
        (THINGS,),
    ),
    "raw DDL": (
        (
            "DB::statement('CREATE TABLE raw_things (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL DEFAULT \\'x\\', n INT)');",
        ),
        ("DB::statement('CREATE UNIQUE INDEX raw_name ON raw_things (name)');",),
        ("DB::statement('CREATE INDEX raw_both ON raw_things (name, n DESC)');",),
        ("DB::statement('ALTER TABLE raw_things ADD COLUMN extra TEXT');",),
        ("DB::statement('ALTER TABLE raw_things RENAME TO plain_things');",),
        (
            "DB::unprepared('ALTER TABLE plain_things ADD COLUMN one INT; ALTER TABLE plain_things ADD COLUMN two INT;');",
        ),
        ("DB::statement('ALTER TABLE plain_things DROP COLUMN extra');",),
        ("DB::statement('DROP TABLE IF EXISTS absent');",),
    ),
    "raw DDL of MySQL": (
        (THINGS,),
        ("DB::statement('ALTER TABLE things MODIFY a VARCHAR(50) NOT NULL');",),
        ("DB::statement('ALTER TABLE things MODIFY COLUMN b BIGINT UNSIGNED NULL DEFAULT 5 AFTER id');",),
        ("DB::statement('ALTER TABLE things CHANGE a renamed VARCHAR(20) NULL');",),
        ("DB::statement('ALTER TABLE `things` ADD INDEX things_b (`b`), ADD UNIQUE KEY (`renamed`)');",),
        ("DB::statement('ALTER TABLE things DROP INDEX things_b');",),
        ("DB::statement(\"ALTER TABLE things MODIFY renamed ENUM('x', 'y') NOT NULL DEFAULT 'x'\");",),
        ("DB::statement('ALTER TABLE things ENGINE = InnoDB');",),
        ("DB::statement('ALTER TABLE things ALTER COLUMN b SET DEFAULT 9');",),
    ),
    "raw DDL of PostgreSQL": (
        (THINGS,),
        ("DB::statement('ALTER TABLE things ALTER COLUMN a TYPE VARCHAR(50)');",),
        ("DB::statement('ALTER TABLE things ALTER COLUMN b DROP DEFAULT');",),
        ("DB::statement('ALTER TABLE things ALTER COLUMN b SET DEFAULT 4, ALTER COLUMN a SET NOT NULL');",),
        ("DB::statement('ALTER TABLE things ALTER COLUMN b TYPE bigint USING b::bigint');",),
        ("DB::statement('CREATE INDEX things_partial ON things (a) WHERE b > 0');",),
        ("DB::statement('CREATE INDEX things_lower ON things (lower(a))');",),
        ("DB::statement('CREATE INDEX things_gin ON things USING gin (to_tsvector(\\'english\\', a))');",),
        ("DB::statement('ALTER TABLE things ADD CONSTRAINT positive CHECK (b >= 0)');",),
        ("DB::statement('ALTER TABLE things DROP CONSTRAINT positive');",),
        ("DB::statement('ALTER TABLE things RENAME COLUMN a TO c');",),
        ("DB::statement('ALTER INDEX things_lower RENAME TO things_lowered');",),
        ("DB::statement('DROP INDEX things_partial');",),
        ("DB::statement('ALTER TABLE things ADD CONSTRAINT things_c_u UNIQUE (c)');",),
    ),
    "raw statements on what is missing": (
        ("DB::statement('ALTER TABLE absent ADD COLUMN a INT');", create("never", "id()")),
        ("DB::statement('DROP TABLE absent');", create("never", "id()")),
        ("DB::statement('this is no SQL');", create("never", "id()")),
        (THINGS, "DB::statement('ALTER TABLE things DROP COLUMN absent');"),
    ),
    "views and triggers leave no table": (
        (THINGS,),
        ("DB::statement('CREATE VIEW seen AS SELECT id, a FROM things');",),
        ("DB::statement('DROP VIEW seen');",),
    ),
    "a view on a dropped table": (
        (THINGS, "DB::statement('CREATE VIEW seen AS SELECT id, a FROM things');"),
        (alter("things", "dropColumn('a')"),),
        ("Schema::drop('things');",),
    ),
    "hasTable after a rename and a drop": (
        (THINGS, "Schema::rename('things', 'items');"),
        (
            guarded("! Schema::hasTable('things')", THINGS),
            guarded("Schema::hasTable('items')", "Schema::drop('items');"),
            guarded("! Schema::hasTable('items')", create("items", "uuid('id')->primary()")),
        ),
    ),
    "getColumnListing and getColumnType": (
        (THINGS,),
        (
            "if (in_array('a', Schema::getColumnListing('things'), true)) {",
            alter("things", "index('a')"),
            "}",
            "if (Schema::getColumnType('things', 'b') === 'integer') {",
            alter("things", "unique('b')"),
            "}",
        ),
    ),
    "a refusal that is caught at the end": (
        (create("things", "id()"),),
        (
            create("inside", "id()"),
            "DB::table('things')->insert(['id' => 5]);",
            "try { " + create("things", "id()") + " } catch (\\Throwable $e) { }",
        ),
        (
            create("after", "id()"),
            "if (! DB::table('things')->count()) { " + create("nothing", "id()") + " }",
        ),
    ),
    "a refusal that is caught in a transaction": (
        (create("things", "id()"),),
        (
            create("inside", "id()"),
            "try { DB::transaction(function () { "
            + create("things", "id()")
            + " }); } catch (\\Throwable $e) { }",
            create("behind", "id()"),
        ),
    ),
}
