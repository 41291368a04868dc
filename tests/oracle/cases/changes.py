"""change() with doctrine/dbal, and what it keeps or loses."""

from __future__ import annotations

from tests.oracle.cases import Case
from tests.support.migrations import alter, create

BASE = create(
    "things",
    "id()",
    "string('name', 100)->default('x')->comment('a name')",
    "string('label')->nullable()",
    "integer('count')->unsigned()->default(3)",
    "decimal('price', 8, 2)->nullable()",
    "text('body')",
    "boolean('active')->default(true)",
    "dateTime('seen_at')->nullable()",
    "json('options')->nullable()",
    "enum('kind', ['a', 'b'])->default('a')",
    "timestamps()",
)

CHANGES = (
    "string('name', 200)->change()",
    "string('name', 50)->nullable()->change()",
    "string('name')->change()",
    "string('name', 100)->default('y')->change()",
    "string('name', 100)->default(null)->change()",
    "string('name', 100)->comment('other')->change()",
    "string('label')->nullable(false)->change()",
    "string('label')->default('z')->change()",
    "text('name')->change()",
    "mediumText('body')->change()",
    "longText('body')->nullable()->change()",
    "string('body', 500)->change()",
    "integer('count')->change()",
    "integer('count')->nullable()->change()",
    "bigInteger('count')->change()",
    "unsignedBigInteger('count')->change()",
    "unsignedInteger('count')->default(0)->change()",
    "smallInteger('count')->change()",
    "string('count')->change()",
    "decimal('price', 12, 4)->change()",
    "decimal('price', 12, 4)->default(0)->nullable(false)->change()",
    "float('price')->change()",
    "double('price')->change()",
    "boolean('active')->default(false)->change()",
    "boolean('active')->nullable()->change()",
    "integer('active')->change()",
    "date('seen_at')->nullable()->change()",
    "dateTime('seen_at', 3)->nullable()->change()",
    "timestamp('seen_at')->nullable()->change()",
    "timestamp('seen_at')->useCurrent()->change()",
    "text('options')->change()",
    "json('body')->change()",
    "json('options')->nullable(false)->change()",
    "enum('kind', ['a', 'b', 'c'])->change()",
    "string('kind')->change()",
    "string('kind', 20)->nullable()->change()",
    "char('name', 36)->change()",
    "uuid('name')->change()",
    "binary('body')->change()",
    "string('missing')->change()",
    "string('name')->unique()->change()",
    "string('name')->index()->change()",
    "bigInteger('id')->change()",
    "bigIncrements('id')->change()",
    "integer('id')->change()",
    "string('name')->charset('latin1')->change()",
    "string('name')->collation('utf8mb4_bin')->change()",
    "unsignedTinyInteger('count')->change()",
    "mediumInteger('count')->nullable()->change()",
    "time('seen_at')->change()",
)

CHECKED = (
    "DB::statement('alter table things add constraint one check (a >= 0 and a < 9)');",
    "DB::statement('alter table things add constraint two check (b > c)');",
)
LIST_INDEXES = (
    "$found = DB::connection()->getDoctrineSchemaManager()->listTableIndexes('things'); "
    "Schema::create('seen' . count($found), fn ($t) => $t->id());"
)

CASES: dict[str, Case] = {call: ((BASE,), (alter("things", call),)) for call in CHANGES}
CASES |= {
    "several changes in one blueprint": (
        (BASE,),
        (
            alter(
                "things",
                "string('name', 10)->change()",
                "string('label', 20)->change()",
                "string('more')->nullable()",
            ),
        ),
    ),
    "change, then add, then rename": (
        (BASE,),
        (
            alter("things", "string('name', 10)->nullable()->change()"),
            alter("things", "renameColumn('name', 'title')"),
        ),
        (alter("things", "string('title', 40)->change()", "string('name')->nullable()"),),
    ),
    "change keeps indexes and keys": (
        (create("users", "id()"),),
        (
            create(
                "posts",
                "id()",
                "foreignId('user_id')->constrained()->cascadeOnDelete()",
                "string('title')->unique()",
                "string('slug')",
                "index(['slug', 'title'], 'slugged')",
            ),
        ),
        (alter("posts", "string('slug', 80)->nullable()->change()"),),
    ),
    "change of a column with a key": (
        (create("users", "id()"), create("posts", "id()", "foreignId('user_id')->constrained()")),
        (alter("posts", "unsignedBigInteger('user_id')->nullable()->change()"),),
    ),
    "change of a column with a key to another type": (
        (create("users", "id()"), create("posts", "id()", "foreignId('user_id')->constrained()")),
        (alter("posts", "integer('user_id')->change()"),),
    ),
    "change of a column that a key refers to": (
        (create("users", "id()"), create("posts", "id()", "foreignId('user_id')->constrained()")),
        (alter("users", "integer('id')->change()"),),
    ),
    "change on a table with an enum": (
        (create("things", "id()", "enum('kind', ['a', 'b'])", "string('name')"),),
        (alter("things", "string('name')->nullable()->change()"),),
    ),
    "change on a table with generated columns": (
        (create("things", "id()", "integer('a')", "integer('b')->storedAs('a * 2')", "string('name')"),),
        (alter("things", "string('name')->nullable()->change()"),),
    ),
    "change on a table with a geometry": (
        (create("things", "id()", "point('at')", "string('name')"),),
        (alter("things", "string('name')->nullable()->change()"),),
    ),
    "change of an indexed column": (
        (create("things", "id()", "string('name')->index()", "string('code')->unique()"),),
        (alter("things", "string('name', 60)->change()", "string('code', 60)->nullable()->change()"),),
    ),
    "change with a default that does not fit": ((BASE,), (alter("things", "integer('name')->change()"),)),
    "the indexes of a table, as doctrine lists them": (
        (create("things", "id()", "string('name')->index()"),),
        (LIST_INDEXES,),
        (alter("things", "integer('size')", "index('nope')"),),
        (LIST_INDEXES,),
    ),
    "columns with a check are dropped": (
        (
            create(
                "things",
                "id()",
                "integer('a')->nullable()",
                "integer('b')->nullable()",
                "integer('c')->nullable()",
            ),
        ),
        ("if (DB::getDriverName() !== 'sqlite') {", *CHECKED, "}"),
        (alter("things", "dropColumn('a')"),),
        (alter("things", "dropColumn('b')"),),
        (alter("things", "dropColumn(['b', 'c'])"),),
    ),
    "renameColumn and change in one blueprint": (
        (BASE,),
        (alter("things", "renameColumn('name', 'title')", "string('label', 50)->nullable()->change()"),),
    ),
    "dropColumn and renameColumn in one blueprint": (
        (BASE,),
        (alter("things", "dropColumn('label')", "renameColumn('name', 'title')"),),
    ),
    "renameColumn on a table with an enum": (
        (
            create(
                "things",
                "id()",
                "enum('kind', ['a', 'b'])->default('b')",
                "string('name')->nullable()->index()",
            ),
        ),
        (alter("things", "renameColumn('name', 'title')"),),
    ),
    "renameColumn of every kind of default": (
        (
            create(
                "things",
                "id()",
                "string('a')->default('its')",
                "integer('b')->default(7)",
                "boolean('c')->default(false)",
                "timestamp('d')->useCurrent()",
                "decimal('e', 6, 3)->default(1.5)",
                "string('f')->nullable()->default('')",
                "dateTime('g')->nullable()",
                "char('h', 3)->default('abc')",
            ),
        ),
        tuple(alter("things", f"renameColumn('{name}', '{name}{name}')") for name in "abcdefgh"),
    ),
}
