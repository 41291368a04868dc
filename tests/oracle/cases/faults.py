"""What the servers refuse: names too long, types that do not fit, limits, wrong orders."""

from __future__ import annotations

from tests.oracle.cases import Case
from tests.support.migrations import alter, create

LONG = "a_rather_long_name_for_a_table_that_records_budget_alerts"
NAME_64 = "n" * 64
NAME_65 = "n" * 65

CASES: dict[str, Case] = {
    "an index name over 64 characters": (
        (create(LONG, "id()", "string('organization')", "string('budget_type')"),),
        (alter(LONG, "index(['organization', 'budget_type'])"),),
        (alter(LONG, "index(['organization', 'budget_type'], 'short')"),),
    ),
    "an index name over 64 characters in a new table": (
        (
            create(
                LONG,
                "id()",
                "string('organization')",
                "string('budget_type')",
                "unique(['organization', 'budget_type'])",
            ),
        ),
    ),
    "a key name over 64 characters": (
        (create("users", "id()"),),
        (create(LONG, "id()", "foreignId('responsible_user_id')->constrained('users')"),),
    ),
    "a table name of 64 characters": ((create(NAME_64, "id()"),),),
    "a table name of 65 characters": ((create(NAME_65, "id()"),),),
    "a column name of 65 characters": ((create("things", f"string('{NAME_65}')"),),),
    "two long names that PostgreSQL cuts alike": (
        (create("things", "string('a')", f"index('a', '{NAME_64}a')", f"index('a', '{NAME_64}b')"),),
    ),
    "a key too wide for an index": ((create("things", "string('a', 1000)->index()"),),),
    "an index on a text": ((create("things", "text('a')->index()"),),),
    "a unique on a json": ((create("things", "json('a')->unique()"),),),
    "an index on a blob": ((create("things", "binary('a')"),), (alter("things", "index('a')"),)),
    "a row too wide": ((create("things", *(f"string('c{n}', 2000)" for n in range(12))),),),
    "a string too long": ((create("things", "string('a', 70000)"),),),
    "a char too long": ((create("things", "char('a', 300)"),),),
    "a decimal too precise": (
        (create("things", "decimal('a', 70, 2)"),),
        (create("others", "decimal('a', 5, 8)"),),
    ),
    "a time too precise": ((create("things", "dateTime('a', 9)"),),),
    "a key between different types": (
        (create("users", "id()"),),
        (create("posts", "id()", "integer('user_id')", "foreign('user_id')->references('id')->on('users')"),),
    ),
    "a key between different signs": (
        (create("users", "id()"),),
        (
            create(
                "posts", "id()", "bigInteger('user_id')", "foreign('user_id')->references('id')->on('users')"
            ),
        ),
    ),
    "a key to a column without an index": (
        (create("users", "id()", "unsignedBigInteger('number')"),),
        (
            create(
                "posts", "id()", "unsignedBigInteger('n')", "foreign('n')->references('number')->on('users')"
            ),
        ),
    ),
    "a key to a column with a plain index": (
        (create("users", "id()", "unsignedBigInteger('number')->index()"),),
        (
            create(
                "posts", "id()", "unsignedBigInteger('n')", "foreign('n')->references('number')->on('users')"
            ),
        ),
    ),
    "set null on a column that is not null": (
        (create("users", "id()"),),
        (create("posts", "id()", "foreignId('user_id')->constrained()->nullOnDelete()"),),
    ),
    "a table without columns": ((create("things"),), (create("others", "id()"),)),
    "an empty alteration": ((create("things", "id()"),), (alter("things"),)),
    "an alteration of a missing table": ((alter("nothing", "string('a')"),), (create("others", "id()"),)),
    "half of a migration remains": (
        (
            create("one", "id()"),
            create("two", "id()", "index('missing')"),
            create("three", "id()"),
        ),
        (create("one_more", "id()"),),
    ),
    "a failing alteration leaves its first statements": (
        (create("things", "id()", "string('a')"),),
        (alter("things", "string('b')->nullable()", "index('missing')", "index('a')"),),
    ),
    "an enum without values": ((create("things", "enum('a', [])"),),),
    "an enum with a value twice": ((create("things", "enum('a', ['x', 'x'])"),),),
    "a default for a text": ((create("things", "text('a')->default('x')"),),),
    "a virtual column on PostgreSQL": (
        (create("things", "integer('a')", "integer('b')->virtualAs('a + 1')"),),
    ),
    "sixty-five indexes": (
        (create("things", "string('a', 10)", *(f"index('a', 'i{n}')" for n in range(65))),),
    ),
    "an index of seventeen columns": (
        (
            create(
                "things",
                *(f"integer('c{n}')" for n in range(17)),
                f"index({[f'c{n}' for n in range(17)]}, 'wide')",
            ),
        ),
    ),
    "dropped in the wrong order": (
        (create("users", "id()"), create("posts", "id()", "foreignId('user_id')->constrained()")),
        ("Schema::drop('users');", "Schema::drop('posts');"),
        ("Schema::drop('posts');", "Schema::drop('users');"),
    ),
    "a morph whose index name is too long": ((create(LONG, "morphs('something_accountable')"),),),
    "a key by hand, then one by the server": (
        (create("things", "id()", "string('a')"),),
        (
            "DB::table('things')->insert([['a' => 'x'], ['a' => 'y']]);",
            "DB::table('things')->insert(['id' => '3', 'a' => 'z']);",
        ),
        ("DB::table('things')->insert(['a' => 'v']);", create("after", "id()")),
        ("DB::table('things')->insert(['a' => 'w']);", create("later", "id()")),
    ),
    "a key by hand, and the sequence put behind it": (
        (create("things", "id()", "string('a')"),),
        ("DB::table('things')->insert(['id' => 1, 'a' => 'z']);",),
        ("if (DB::getDriverName() === 'pgsql') { DB::statement(\"select setval('things_id_seq', 1)\"); }",),
        ("DB::table('things')->insert(['a' => 'v']);", create("after", "id()")),
    ),
}
CASES |= {
    f"raw SQL in a built query: {query}": (
        (
            create("things", "id()", "string('a')->nullable()", "string('b')"),
            create("others", "id()", "string('c')"),
        ),
        (f"DB::table('things'){query};", create("after", "id()")),
    )
    for query in (
        "->update(['a' => DB::raw('CONCAT(\"x/\", b)')])",
        "->whereNull('a')->update(['a' => DB::raw(\"concat_ws('|', b, 'x')\")])",
        "->whereRaw(\"b = 'a' or b = lower(a)\")->get()",
        "->whereRaw('DATE_FORMAT(b, \"%Y\") = 1')->exists()",
        "->orderByRaw('RAND()')->get()",
        "->select('id', DB::raw('IFNULL(a, b) as c'))->get()",
        "->where('a', DB::raw('\"b\"'))->get()",
        "->where(fn ($q) => $q->where('a', 1)->orWhereRaw('STRFTIME(b) = 1'))->get()",
        "->where('a', 'not regexp', '[0-9]+')->get()",
        "->update(['a' => DB::raw('UNHEX(b)')])",
        "->join('others', 'things.id', '=', 'others.id')->update(['a' => DB::raw('others.c')])",
        "->join('others', 'things.id', '=', 'others.id')->whereRaw(\"others.c = 'x'\")->update(['a' => DB::raw('things.b')])",
    )
}
CASES |= {
    f"another server's object: {statement}": ((f'DB::unprepared("{statement}");', create("after", "id()")),)
    for statement in (
        "create domain small_text as varchar(20)",
        "create type mood as enum ('a', 'b')",
        "create materialized view seen as select 1 as one",
        "create sequence numbers",
        "create schema if not exists other_place; drop schema other_place",
        "drop domain if exists nothing",
        "SET FOREIGN_KEY_CHECKS=0;",
        "set session sql_mode = ''",
    )
}
CASES["rows of an empty table, then a column that must be filled"] = (
    (create("things", "id()", "string('a')"), create("others", "id()", "string('a')")),
    ("DB::table('others')->insertUsing(['id', 'a'], DB::table('things')->select(['id', 'a']));",),
    (alter("others", "string('b')"),),
    ("DB::table('things')->insert(['a' => 'x']);",),
    ("DB::table('others')->insertUsing(['a', 'b'], DB::table('things')->select(['a', 'a as b']));",),
    (alter("others", "string('c')"),),
)
