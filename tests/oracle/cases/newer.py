"""What newer frameworks have and 8.83 has not: run where TRUEUP_ORACLE_FRAMEWORK names a checkout of such a version."""

from __future__ import annotations

from tests.oracle.cases import Case
from tests.support.migrations import alter, create, guarded

BASE = create(
    "things",
    "id()",
    "string('name', 100)->default('x')->comment('a name')",
    "string('label')->nullable()->index()",
    "integer('count')->unsigned()->default(3)",
    "decimal('price', 8, 2)->nullable()",
    "enum('kind', ['a', 'b'])->default('a')",
    "timestamps()",
)

COLUMNS = (
    "ulid()",
    "ulid('a')",
    "foreignUlid('a_id')",
    "ulidMorphs('owner')",
    "nullableUlidMorphs('owner')",
    "datetimes()",
    "datetimes(3)",
    "softDeletesDatetime()",
    "float('a')",
    "float('a', 24)",
    "double('a')",
    "decimal('a', 10, 4)->unsigned()",
    "binary('a', 16)",
    "binary('a', 16, true)",
    "geometry('a')",
    "geometry('a', 'point')",
    "geometry('a', 'polygon', 4326)",
    "geography('a')",
    "geography('a', 'point')",
    "rawColumn('a', 'varchar(30) not null')",
    "rawColumn('a', 'int default 3')->nullable()",
    "vector('a', 3)",
    "tsvector('a')",
    "date('a')->useCurrent()",
    "year('a')->useCurrent()",
    "dateTime('a')->useCurrent()",
    "dateTime('a', 6)->useCurrent()->useCurrentOnUpdate()",
    "string('a')->unique()->index()",
    "jsonb('a')->default('{}')",
    "string('a')->fulltext()",
    "integer('a')->default(new \\Illuminate\\Database\\Query\\Expression('1 + 1'))",
    "foreignId('a_id')->nullable()->unique()",
    "id()->from(100)",
    "string('a')->after('id')",
)

CHANGES = (
    "string('name', 50)->change()",
    "string('name', 200)->nullable()->default('y')->change()",
    "text('name')->change()",
    "integer('count')->change()",
    "unsignedBigInteger('count')->default(0)->change()",
    "decimal('price', 12, 4)->change()",
    "decimal('price', 12, 4)->nullable()->comment('net')->change()",
    "string('kind')->change()",
    "enum('kind', ['a', 'b', 'c'])->default('c')->change()",
    "char('name', 10)->change()",
    "timestamp('created_at')->useCurrent()->change()",
    "dateTime('updated_at')->nullable()->change()",
    "string('label')->nullable(false)->unique()->change()",
    "string('label')->index(false)->change()",
    "boolean('count')->default(true)->change()",
    "string('missing')->change()",
    "bigIncrements('id')->change()",
    "uuid('name')->change()",
    "json('name')->nullable()->change()",
    "tinyInteger('count')->change()",
)

CASES: dict[str, Case] = {f"create {call}": ((create("things", call),),) for call in COLUMNS}
CASES |= {f"add {call}": ((create("things", "id()"),), (alter("things", call),)) for call in COLUMNS}
CASES |= {f"{call}": ((BASE,), (alter("things", call),)) for call in CHANGES}
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
    "a rename and a change in one blueprint": (
        (BASE,),
        (alter("things", "renameColumn('name', 'title')", "string('label', 50)->nullable()->change()"),),
    ),
    "a drop, a rename and an addition in one blueprint": (
        (BASE,),
        (
            alter(
                "things", "dropColumn('price')", "renameColumn('name', 'title')", "string('more')->nullable()"
            ),
        ),
    ),
    "hasIndex": (
        (BASE,),
        (
            guarded("Schema::hasIndex('things', ['label'])", alter("things", "dropIndex(['label'])")),
            guarded("! Schema::hasIndex('things', 'things_name_unique')", alter("things", "unique('name')")),
        ),
    ),
    "whenTableHasColumn": (
        (BASE,),
        (
            "Schema::whenTableHasColumn('things', 'label', fn (Blueprint $table) => $table->dropColumn('label'));",
            "Schema::whenTableDoesntHaveColumn('things', 'more', fn (Blueprint $table) => $table->string('more')->nullable());",
        ),
    ),
    "keys in SQLite": (
        (create("users", "id()"), BASE),
        (alter("things", "foreignId('user_id')->nullable()->constrained()->nullOnDelete()"),),
        (alter("things", "dropForeign(['user_id'])"),),
        (alter("things", "foreign('user_id')->references('id')->on('users')->noActionOnDelete()"),),
        (alter("things", "dropConstrainedForeignId('user_id')"),),
    ),
    "primary keys in SQLite": (
        (create("things", "string('a')", "string('b')"),),
        (alter("things", "primary(['a', 'b'])"),),
        (alter("things", "dropPrimary(['a', 'b'])"),),
    ),
    "constrained with an index name": (
        (create("users", "id()"),),
        (
            create(
                "posts",
                "id()",
                "foreignId('user_id')->constrained(indexName: 'posts_owner')->cascadeOnDelete()",
            ),
        ),
    ),
    "renameIndex and renameColumn": (
        (BASE,),
        (
            alter("things", "renameIndex('things_label_index', 'by_label')"),
            alter("things", "renameColumn('label', 'caption')"),
        ),
        (alter("things", "dropIndex('by_label')"),),
    ),
    "change keeps an enum's check or loses it": (
        (BASE,),
        (alter("things", "string('name')->nullable()->change()"),),
        (alter("things", "dropColumn('price')"),),
    ),
    "table comment and options": (
        (create("things", "comment('what they are')", "engine('InnoDB')", "charset('utf8mb4')", "id()"),),
    ),
    "getColumns and getIndexes": (
        (BASE,),
        (
            "foreach (Schema::getColumns('things') as $column) {",
            "    if ($column['nullable']) {",
            "        Schema::table('things', fn (Blueprint $table) => $table->dropColumn($column['name']));",
            "    }",
            "}",
            "if (count(Schema::getIndexes('things')) === 1) {",
            alter("things", "index('count')"),
            "}",
        ),
    ),
}
