"""Indexes, keys, renames and drops."""

from __future__ import annotations

from tests.oracle.cases import Case
from tests.support.migrations import alter, create

USERS = create("users", "id()", "string('email')", "uuid('uuid')->unique()")
THINGS = create("things", "id()", "string('a')", "string('b')->nullable()", "integer('c')")
POSTS = create("posts", "id()", "foreignId('user_id')->constrained()", "string('title')")

INDEXES = (
    "index('a')",
    "index(['a', 'b'])",
    "index(['a', 'b'], 'by_both')",
    "index('a', null, 'hash')",
    "index('a', 'hashed', 'btree')",
    "unique('a')",
    "unique(['b', 'c'])",
    "unique(['a'], 'only_one')",
    "primary('c')",
    "fullText('a')",
    "fullText(['a', 'b'], 'words')",
    "spatialIndex('a')",
    "rawIndex('a, c', 'raw_index')",
    "rawIndex('lower(a)', 'lower_index')",
    "index('missing')",
    "unique(['a', 'missing'])",
    "index(['a', 'a'])",
    "index([])",
    "index(DB::raw('a'), 'expressed')",
)

FOREIGN = (
    "foreign('user_id')->references('id')->on('users')",
    "foreign('user_id', 'my_key')->references('id')->on('users')",
    "foreign(['user_id'])->references(['id'])->on('users')->onDelete('cascade')->onUpdate('cascade')",
    "foreign('user_id')->references('id')->on('users')->onDelete('set null')",
    "foreign('user_id')->references('id')->on('users')->onDelete('restrict')->onUpdate('no action')",
    "foreign('user_id')->references('id')->on('users')->cascadeOnDelete()->restrictOnUpdate()",
    "foreign('user_id')->references('id')->on('users')->nullOnDelete()->cascadeOnUpdate()",
    "foreign('user_id')->references('id')->on('users')->restrictOnDelete()",
    "foreign('user_id')->references('id')->on('users')->deferrable()->initiallyImmediate(false)",
    "foreign('user_id')->references('id')->on('nowhere')",
    "foreign('user_id')->references('missing')->on('users')",
    "foreign('user_id')->references('email')->on('users')",
    "foreign('missing')->references('id')->on('users')",
    "foreign('user_id')->references('id')",
    "foreign('user_id')->on('users')",
    "foreign('other')->references('id')->on('users')",
    "foreign('words')->references('id')->on('users')",
    "foreign('key')->references('uuid')->on('users')",
)

FOREIGN_ID = (
    "foreignId('user_id')->constrained()",
    "foreignId('owner_id')->constrained('users')",
    "foreignId('owner_id')->constrained('users', 'id')",
    "foreignId('user_id')->constrained()->cascadeOnDelete()",
    "foreignId('user_id')->constrained()->onDelete('set null')",
    "foreignId('user_id')->nullable()->constrained()->nullOnDelete()->cascadeOnUpdate()",
    "foreignId('user_id')->constrained()->nullable()",
    "foreignId('user_id')->references('id')->on('users')",
    "foreignId('user_id')->index()->constrained()",
    "foreignId('user_id')->unique()->constrained()",
    "foreignUuid('user_uuid')->constrained('users', 'uuid')",
    "foreignId('person_id')->constrained()",
    "foreignId('user_id')->constrained()->restrictOnDelete()",
)

CASES: dict[str, Case] = {f"add {call}": ((THINGS,), (alter("things", call),)) for call in INDEXES}
CASES |= {
    f"create with {call}": (
        (create("things", "string('a')", "string('b')->nullable()", "integer('c')", call),),
    )
    for call in INDEXES
}
CASES |= {
    f"create with {call}": (
        (USERS,),
        (
            create(
                "posts",
                "unsignedBigInteger('user_id')->nullable()",
                "integer('other')",
                "string('words')",
                "uuid('key')",
                call,
            ),
        ),
    )
    for call in FOREIGN
}
CASES |= {
    f"add {call}": (
        (USERS,),
        (
            create(
                "posts",
                "unsignedBigInteger('user_id')->nullable()",
                "integer('other')",
                "string('words')",
                "uuid('key')",
            ),
            alter("posts", call),
        ),
    )
    for call in FOREIGN
}
CASES |= {f"create with {call}": ((USERS,), (create("posts", "id()", call),)) for call in FOREIGN_ID}
CASES |= {f"add {call}": ((USERS,), (create("posts", "id()"), alter("posts", call))) for call in FOREIGN_ID}
CASES |= {
    "a key of two columns": (
        (create("pairs", "integer('a')", "integer('b')", "primary(['a', 'b'])"),),
        (
            create(
                "uses",
                "integer('x')",
                "integer('y')",
                "foreign(['x', 'y'])->references(['a', 'b'])->on('pairs')",
            ),
        ),
    ),
    "a key to the table itself": (
        (create("nodes", "id()", "foreignId('parent_id')->nullable()->constrained('nodes')"),),
    ),
    "a key to a later table": (
        (create("posts", "id()", "foreignId('user_id')->constrained()"),),
        (USERS,),
    ),
    "two keys on one column": (
        (USERS,),
        (POSTS, alter("posts", "foreign('user_id', 'second')->references('id')->on('users')")),
    ),
    "an index first, then the key": (
        (USERS, create("posts", "foreignId('user_id')->index()")),
        (alter("posts", "foreign('user_id')->references('id')->on('users')"),),
    ),
    "a key first, then an index": ((USERS, POSTS), (alter("posts", "index('user_id')"),)),
    "a key first, then a longer index": ((USERS, POSTS), (alter("posts", "index(['user_id', 'title'])"),)),
    "a longer index first, then the key": (
        (USERS, create("posts", "foreignId('user_id')", "string('title')", "index(['user_id', 'title'])")),
        (alter("posts", "foreign('user_id')->references('id')->on('users')"),),
    ),
    "a unique that takes the key's index over": (
        (USERS, POSTS),
        (alter("posts", "unique(['user_id', 'title'])"),),
    ),
    "dropForeign by columns": ((USERS, POSTS), (alter("posts", "dropForeign(['user_id'])"),)),
    "dropForeign by name": ((USERS, POSTS), (alter("posts", "dropForeign('posts_user_id_foreign')"),)),
    "dropForeign of a missing key": ((USERS, POSTS), (alter("posts", "dropForeign(['title'])"),)),
    "dropForeign, then its index": (
        (USERS, POSTS),
        (alter("posts", "dropForeign(['user_id'])"), alter("posts", "dropIndex('posts_user_id_foreign')")),
    ),
    "dropConstrainedForeignId": ((USERS, POSTS), (alter("posts", "dropConstrainedForeignId('user_id')"),)),
    "a column with a key can't be dropped": ((USERS, POSTS), (alter("posts", "dropColumn('user_id')"),)),
    "an index that a key needs can't be dropped": (
        (USERS, POSTS),
        (alter("posts", "dropIndex('posts_user_id_foreign')"),),
    ),
    "dropColumn": ((THINGS,), (alter("things", "dropColumn('a')"),)),
    "dropColumn of several": ((THINGS,), (alter("things", "dropColumn(['a', 'b'])"),)),
    "dropColumn of several arguments": ((THINGS,), (alter("things", "dropColumn('a', 'b')"),)),
    "dropColumn twice in one blueprint": (
        (THINGS,),
        (alter("things", "dropColumn('a')", "dropColumn('b')"),),
    ),
    "dropColumn of a missing one": ((THINGS,), (alter("things", "dropColumn('missing')"),)),
    "dropColumn of the key": ((THINGS,), (alter("things", "dropColumn('id')"),)),
    "dropColumn of an indexed one": (
        (THINGS, alter("things", "index(['a', 'b'])", "unique('c')")),
        (alter("things", "dropColumn('a')"), alter("things", "dropColumn('c')")),
    ),
    "dropColumn of all": ((create("things", "string('a')"),), (alter("things", "dropColumn('a')"),)),
    "Schema::dropColumns": ((THINGS,), ("Schema::dropColumns('things', ['a', 'c']);",)),
    "dropPrimary": (
        (create("things", "string('a')->primary()", "string('b')"),),
        (alter("things", "dropPrimary()"),),
    ),
    "dropPrimary by columns": (
        (create("things", "string('a')", "string('b')", "primary(['a', 'b'])"),),
        (alter("things", "dropPrimary(['a', 'b'])"),),
    ),
    "dropPrimary of an increment": ((THINGS,), (alter("things", "dropPrimary('id')"),)),
    "dropUnique": ((THINGS, alter("things", "unique('a')")), (alter("things", "dropUnique(['a'])"),)),
    "dropUnique by name": (
        (THINGS, alter("things", "unique('a', 'u')")),
        (alter("things", "dropUnique('u')"),),
    ),
    "dropUnique by the column's name": (
        (THINGS, alter("things", "unique('a')")),
        (alter("things", "dropUnique('a')"),),
    ),
    "dropIndex": (
        (THINGS, alter("things", "index(['a', 'b'])")),
        (alter("things", "dropIndex(['a', 'b'])"),),
    ),
    "dropIndex of a missing one": ((THINGS,), (alter("things", "dropIndex(['a'])"),)),
    "dropFullText": ((THINGS, alter("things", "fullText('a')")), (alter("things", "dropFullText(['a'])"),)),
    "dropSpatialIndex": (
        (create("things", "point('a')", "spatialIndex('a')"),),
        (alter("things", "dropSpatialIndex(['a'])"),),
    ),
    "renameIndex": (
        (THINGS, alter("things", "index('a')")),
        (alter("things", "renameIndex('things_a_index', 'renamed')"),),
    ),
    "renameIndex of a unique one": (
        (THINGS, alter("things", "unique('a', 'u')")),
        (alter("things", "renameIndex('u', 'v')"),),
    ),
    "renameIndex of a missing one": ((THINGS,), (alter("things", "renameIndex('missing', 'renamed')"),)),
    "dropTimestamps": ((create("things", "id()", "timestamps()"),), (alter("things", "dropTimestamps()"),)),
    "dropTimestampsTz": (
        (create("things", "id()", "timestampsTz()"),),
        (alter("things", "dropTimestampsTz()"),),
    ),
    "dropSoftDeletes": (
        (create("things", "id()", "softDeletes()"),),
        (alter("things", "dropSoftDeletes()"),),
    ),
    "dropSoftDeletesTz": (
        (create("things", "id()", "softDeletesTz('gone')"),),
        (alter("things", "dropSoftDeletesTz('gone')"),),
    ),
    "dropRememberToken": (
        (create("things", "id()", "rememberToken()"),),
        (alter("things", "dropRememberToken()"),),
    ),
    "dropMorphs": ((create("things", "id()", "morphs('owner')"),), (alter("things", "dropMorphs('owner')"),)),
    "dropMorphs by index": (
        (create("things", "id()", "morphs('owner', 'o')"),),
        (alter("things", "dropMorphs('owner', 'o')"),),
    ),
    "renameColumn": ((THINGS,), (alter("things", "renameColumn('a', 'z')"),)),
    "renameColumn of a missing one": ((THINGS,), (alter("things", "renameColumn('missing', 'z')"),)),
    "renameColumn to one that is there": ((THINGS,), (alter("things", "renameColumn('a', 'c')"),)),
    "renameColumn of several": (
        (THINGS,),
        (alter("things", "renameColumn('a', 'z')", "renameColumn('b', 'y')"),),
    ),
    "renameColumn with everything on it": (
        (
            USERS,
            create(
                "posts",
                "id()",
                "foreignId('user_id')->default(1)->constrained()",
                "string('t')->unique()",
                "index(['t', 'user_id'])",
            ),
        ),
        (alter("posts", "renameColumn('user_id', 'owner_id')"), alter("posts", "renameColumn('t', 'title')")),
    ),
    "renameColumn that a key refers to": ((USERS, POSTS), (alter("users", "renameColumn('id', 'key')"),)),
    "rename in a blueprint": ((THINGS,), (alter("things", "rename('items')"),)),
    "Schema::rename": ((USERS, POSTS), ("Schema::rename('users', 'people');",)),
    "Schema::rename of the referring table": ((USERS, POSTS), ("Schema::rename('posts', 'articles');",)),
    "Schema::rename to one that is there": ((USERS, THINGS), ("Schema::rename('users', 'things');",)),
    "Schema::rename of a missing one": (("Schema::rename('nothing', 'things');",), (THINGS,)),
    "a renamed table keeps its old names": (
        (THINGS, alter("things", "index('a')", "unique('b')")),
        ("Schema::rename('things', 'items');", alter("items", "index('c')")),
        (create("things", "id()", "string('a')->index()"),),
    ),
    "Schema::drop": ((THINGS,), ("Schema::drop('things');",)),
    "Schema::drop of a missing one": (("Schema::drop('things');",),),
    "Schema::dropIfExists": (
        (THINGS,),
        ("Schema::dropIfExists('things');", "Schema::dropIfExists('nothing');"),
    ),
    "drop in a blueprint": ((THINGS,), (alter("things", "drop()"),)),
    "dropIfExists in a blueprint": ((THINGS,), (alter("things", "dropIfExists()"),)),
    "a table that a key refers to can't be dropped": ((USERS, POSTS), ("Schema::drop('users');",)),
    "it can where checks are off": (
        (USERS, POSTS),
        (
            "Schema::disableForeignKeyConstraints();",
            "Schema::drop('users');",
            "Schema::enableForeignKeyConstraints();",
        ),
    ),
    "Schema::dropAllTables": (
        (USERS, POSTS),
        ("Schema::dropAllTables();", create("migrations", "id()", "string('migration')", "integer('batch')")),
    ),
    "a table made twice": ((THINGS,), (THINGS,)),
    "a column added twice": ((THINGS,), (alter("things", "string('a')"),)),
    "a column written twice": ((create("things", "string('a')", "integer('a')"),),),
    "an index added twice": ((THINGS,), (alter("things", "index('a')"),), (alter("things", "index('a')"),)),
    "an index of one name on two tables": (
        (create("one", "string('a')", "index('a', 'same')"),),
        (create("two", "string('a')", "index('a', 'same')"),),
    ),
    "the same table in upper and lower case": ((create("things", "id()"),), (create("Things", "id()"),)),
    "columns, indexes and keys in one blueprint": (
        (USERS, THINGS),
        (
            alter(
                "things",
                "string('d')->nullable()->unique()",
                "foreignId('user_id')->nullable()->constrained()->nullOnDelete()",
                "index(['a', 'd'])",
            ),
        ),
    ),
    "not null without a default on a table that is there": (
        (THINGS,),
        (alter("things", "string('d')", "integer('e')"),),
    ),
}
