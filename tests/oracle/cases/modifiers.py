"""Every modifier of a column definition, and defaults of every kind."""

from __future__ import annotations

from tests.oracle.cases import Case
from tests.support.migrations import alter, create

MODIFIED = (
    "string('a')->nullable()",
    "string('a')->nullable(false)",
    "string('a')->nullable()->default(null)",
    "string('a')->default('')",
    "string('a')->default('it\\'s')",
    "string('a')->default('back\\\\slash')",
    "string('a')->default('\"quoted\"')",
    "string('a')->default(5)",
    "string('a')->default(true)",
    "string('a')->default('null')",
    "string('a')->default('CURRENT_TIMESTAMP')",
    "string('a')->default('größe')",
    "string('a')->default(\"new\\nline\")",
    "timestamp('a')->default(DB::raw('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP'))",
    "timestamp('a')->nullable()->default(DB::raw('NULL on update CURRENT_TIMESTAMP()'))",
    "uuid('a')->default(DB::raw('gen_random_uuid()'))",
    "integer('a')->default(DB::raw(\"0 COMMENT 'none'\"))",
    "integer('a')->default(0)",
    "integer('a')->default(-7)",
    "integer('a')->default('12')",
    "integer('a')->default('text')",
    "integer('a')->default(1.5)",
    "tinyInteger('a')->default(300)",
    "boolean('a')->default(true)",
    "boolean('a')->default(false)",
    "boolean('a')->default(0)",
    "boolean('a')->default('1')",
    "boolean('a')->default('yes')",
    "decimal('a', 8, 2)->default(0)",
    "decimal('a', 8, 2)->default(1.5)",
    "decimal('a', 8, 2)->default('3.14159')",
    "decimal('a', 4, 2)->default(12345)",
    "float('a')->default(1)",
    "float('a')->default(0.25)",
    "double('a')->default('2.50')",
    "date('a')->default('2024-02-29')",
    "date('a')->default('2024-02-30')",
    "dateTime('a')->default('2024-01-01 10:00:00')",
    "dateTime('a')->useCurrent()",
    "dateTime('a', 3)->useCurrent()",
    "time('a')->default('10:30:00')",
    "year('a')->default(2024)",
    "uuid('a')->default('c0ffee00-0000-4000-8000-000000000000')",
    "json('a')->default('{}')",
    "json('a')->default(DB::raw(\"'[]'\"))",
    "jsonb('a')->default('[]')",
    "text('a')->default('x')",
    "enum('a', ['x', 'y'])->default('y')",
    "enum('a', ['x', 'y'])->default('z')",
    "enum('a', ['x', 'y'])->nullable()->index()",
    "string('a')->default(DB::raw(\"'raw'\"))",
    "integer('a')->default(DB::raw('1 + 2'))",
    "integer('a')->default(DB::raw('(1 + 2)'))",
    "timestamp('a')->default(DB::raw('CURRENT_TIMESTAMP'))",
    "timestamp('a')->useCurrent()",
    "timestamp('a', 3)->useCurrent()",
    "timestamp('a')->nullable()->useCurrent()",
    "timestamp('a')->useCurrent()->useCurrentOnUpdate()",
    "timestamp('a', 6)->useCurrent()->useCurrentOnUpdate()",
    "dateTime('a')->nullable()->useCurrentOnUpdate()",
    "timestamp('a')",
    "integer('a')->unsigned()",
    "integer('a')->unsigned()->nullable()->default(3)",
    "string('a')->unsigned()",
    "integer('a')->autoIncrement()",
    "unsignedBigInteger('a')->autoIncrement()->from(1000)",
    "id()->from(500)",
    "id()->startingValue(500)",
    "string('a')->charset('latin1')",
    "string('a', 20)->charset('binary')",
    "char('a', 16)->charset('binary')",
    "mediumText('a')->charset('binary')->nullable()",
    "enum('a', ['x', 'y'])->charset('binary')",
    "string('a', 20)->collation('binary')",
    "string('a')->collation('utf8mb4_bin')",
    "string('a')->charset('utf8mb4')->collation('utf8mb4_bin')",
    "string('a')->comment('What it\\'s for')",
    "string('a')->invisible()",
    "string('a')->nullable()->invisible()",
    "string('a')->primary()",
    "string('a')->unique()",
    "string('a')->unique('my_unique')",
    "string('a')->index()",
    "string('a')->index('my_index')",
    "string('a')->unique()->index()",
    "string('a')->index()->unique()",
    "string('a')->fulltext()",
    "string('a')->fulltext('my_fulltext')",
    "string('a')->primary()->index()",
    "uuid('id')->primary()",
    "foreignId('a_id')->index()",
    "foreignId('a_id')->nullable()->unique()",
    "point('a')->spatialIndex()",
    "point('a')->nullable()->spatialIndex('my_spatial')",
    "integer('a')->generatedAs()",
    "integer('a')->generatedAs()->always()",
    "bigInteger('a')->generatedAs('start with 10 increment by 5')",
    "integer('a')->nullabel()->defualt(3)",
    "string('a')->type('text')",
    "string('a')->persisted()",
    "string('a')->instant()",
)

GENERATED = (
    "integer('b')->virtualAs('a * 2')",
    "integer('b')->storedAs('a * 2')",
    "integer('b')->nullable()->storedAs('a + 1')",
    "integer('b')->storedAs('a + 1')->nullable(false)",
    "integer('b')->storedAs('a + 1')->index()",
    "string('b')->storedAs(\"concat('n', a)\")",
    "string('b')->virtualAs('a || 1')",
    "integer('b')->storedAs('missing * 2')",
)

CASES: dict[str, Case] = {f"create {call}": ((create("things", call),),) for call in MODIFIED}
CASES |= {
    f"add {call}": ((create("things", "string('first')->nullable()"),), (alter("things", call),))
    for call in MODIFIED
}
CASES |= {f"create {call}": ((create("things", "integer('a')", call),),) for call in GENERATED}
CASES |= {
    f"add {call}": ((create("things", "integer('a')"),), (alter("things", call),)) for call in GENERATED
}
CASES |= {
    "after and first": (
        (create("things", "id()", "string('a')", "string('b')"),),
        (alter("things", "string('c')->after('a')", "string('d')->first()"),),
        (
            alter(
                "things",
                "after('a', function (Blueprint $table) { $table->string('e'); $table->string('f'); })",
            ),
        ),
    ),
    "after a missing column": (
        (create("things", "id()"),),
        (alter("things", "string('c')->after('nothing')"),),
    ),
    "after a column of the same statement": (
        (create("things", "id()", "string('z')"),),
        (alter("things", "string('a')->after('id')", "string('b')->after('a')", "string('c')->after('b')"),),
    ),
    "a primary key beside an increment": (
        (create("things", "integer('a')->autoIncrement()", "integer('b')", "primary(['a', 'b'])"),),
    ),
    "two increments": ((create("things", "increments('a')", "increments('b')"),),),
    "two primary keys": ((create("things", "string('a')->primary()", "string('b')->primary()"),),),
    "table options": (
        (
            create(
                "things", "engine = 'MyISAM'", "charset = 'latin1'", "collation = 'latin1_bin'", "string('a')"
            ),
        ),
    ),
    "a temporary table": ((create("things", "temporary()", "id()", "string('a')"),),),
    "a timestamp before a nullable one": (
        (create("things", "timestamp('a')", "timestamp('b')->nullable()"),),
    ),
    "collation on PostgreSQL": (
        ("if (DB::getDriverName() === 'pgsql') {", create("things", "string('a')->collation('C')"), "}"),
    ),
}
