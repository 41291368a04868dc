"""Faults of tables, keys, indexes and migrations for the shop."""

from __future__ import annotations

from benchmarks.planting import (
    INDEX,
    another_table,
    column,
    in_orders,
    later,
    method,
    model,
    service,
    two_tables,
)
from benchmarks.shop import ORDERS, SPEC, Mutation, migration

COLUMNS = (
    in_orders("COL002", "give a column another name", "string('number', 40)", "string('order_number', 40)"),
    column("COL003", "a column more that must be filled", "$table->string('channel', 20);"),
    column("COL004", "a column more", "$table->string('channel', 20)->nullable();"),
    Mutation(
        "COL007",
        "the specification wants the time of the change",
        SPEC,
        "    paid_at TIMESTAMP NULL,",
        "    paid_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,",
    ),
    Mutation(
        "COL008",
        "the specification wants a comment",
        SPEC,
        "    number VARCHAR(40) NOT NULL,",
        "    number VARCHAR(40) NOT NULL COMMENT 'on the invoice',",
    ),
    in_orders(
        "COL009", "a key that does not count", "$table->id()", "$table->unsignedBigInteger('id')->primary()"
    ),
    column("COL010", "a flag that may be NULL", "$table->boolean('gift')->nullable();"),
    in_orders(
        "TBL002", "give the table another name", "Schema::create('orders'", "Schema::create('customer_orders'"
    ),
    another_table("TBL003", "a table that no document requires", "notes", "$table->id();"),
    another_table("TYP004", "money in floating point", "refunds", "$table->id(); $table->float('fee');"),
    two_tables(
        "TYP005",
        "the same amount with other digits",
        "$table->id(); $table->decimal('fee', 16, 8); $table->char('currency', 3);",
        "$table->id(); $table->decimal('fee', 12, 2); $table->char('currency', 3);",
    ),
    two_tables(
        "TYP006",
        "an amount without its currency",
        "$table->id(); $table->decimal('fee', 12, 2); $table->char('currency', 3);",
        "$table->id(); $table->decimal('price', 12, 2);",
    ),
)

KEYS = (
    in_orders("KEY001", "take the primary key away", "$table->id()", "$table->unsignedBigInteger('id')"),
    column("KEY003", "more uniqueness than is required", "$table->unique(['customer_id', 'currency']);"),
    Mutation(
        "KEY006",
        "the specification wants a CHECK",
        SPEC,
        "    INDEX orders_status",
        "    CHECK (total >= 0),\n    INDEX orders_status",
    ),
    Mutation(
        "KEY007",
        "uniqueness over a column that may be NULL",
        SPEC,
        "    INDEX orders_status",
        "    UNIQUE KEY (customer_id, paid_at),\n    INDEX orders_status",
        edits=((ORDERS, INDEX, f"            $table->unique(['customer_id', 'paid_at']);\n{INDEX}"),),
    ),
    in_orders("KEY008", "set NULL where NULL is refused", "restrictOnDelete()", "nullOnDelete()", "sqlite"),
    another_table(
        "KEY009",
        "a foreign key without an index",
        "notes",
        "$table->id(); $table->foreignId('order_id')->constrained();",
        driver="pgsql",
    ),
    another_table(
        "KEY010",
        "a key of another type",
        "notes",
        "$table->id(); $table->string('order_id', 20); $table->foreign('order_id')->references('id')->on('orders');",
        driver="sqlite",
    ),
    another_table(
        "KEY011", "a table without a primary key", "notes", "$table->string('text'); $table->date('day');"
    ),
    in_orders(
        "KEY012",
        "a key that is too narrow",
        "$table->foreignId('customer_id')->index()->constrained()->restrictOnDelete()",
        "$table->unsignedInteger('customer_id')",
    ),
    another_table(
        "KEY013",
        "a polymorphic pair without an index",
        "notes",
        "$table->id(); $table->string('about_type', 60); $table->unsignedBigInteger('about_id');",
        (
            model(
                "Note",
                "public $timestamps = false;\n    public function about() { return $this->morphTo(); }",
            ),
        ),
    ),
    another_table("KEY014", "a key of 32 bits", "notes", "$table->increments('id');"),
    another_table(
        "KEY015",
        "one default, and one other",
        "addresses",
        "$table->id(); $table->unsignedBigInteger('owner'); $table->boolean('is_default'); "
        "$table->unique(['owner', 'is_default']);",
    ),
)

INDEXES = (
    column(
        "IDX002", "a name too long for MySQL", "$table->index(['currency'], '" + "i" * 80 + "');", "sqlite"
    ),
    method(
        "IDX003",
        "look by a column without an index",
        "return DB::table('orders')->where('created_at', now())->get();",
    ),
    method("IDX004", "the ten largest of all", "return Order::orderByDesc('total')->limit(10)->get();"),
    method(
        "IDX005",
        "a function over the column",
        "return DB::table('orders')->whereDate('paid_at', '2024-01-01')->get();",
    ),
    column("IDX006", "an index that begins another", "$table->index('status');"),
    column("IDX007", "an index on a flag", "$table->boolean('gift')->default(false)->index();"),
    another_table(
        "IDX008",
        "nine indexes on a table of hits",
        "hits",
        "$table->id(); $table->foreignId('customer_id')->constrained();"
        " foreach (['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as $c) { $table->string($c, 40)->index(); }",
        (
            (
                "app/Listeners/CountHit.php",
                "<?php\nnamespace App\\Listeners;\nclass CountHit\n{\n    public function handle($event)\n    {\n"
                "        \\DB::table('hits')->insert(['customer_id' => $event->user]);\n    }\n}\n",
            ),
        ),
    ),
    column("IDX009", "a text of any length as a key", "$table->text('note')->nullable()->index();", "pgsql"),
    another_table(
        "IDX010",
        "rows in a random order",
        "notes",
        "$table->uuid('id')->primary(); $table->timestamps();",
        (
            model(
                "Note",
                "use HasVersion4Uuids;",
                "use Illuminate\\Database\\Eloquent\\Concerns\\HasVersion4Uuids;",
            ),
            service("Notes", "return \\App\\Models\\Note::orderBy('id')->limit(5)->get();"),
        ),
    ),
)

MIGRATIONS = (
    Mutation(
        "MIG002",
        "MySQL's own words",
        ORDERS,
        "        });",
        "        });\n        \\DB::statement('ALTER TABLE orders MODIFY COLUMN number VARCHAR(40) NOT NULL');",
        files=(("trueup.toml", "drivers = ['sqlite']\n"),),
    ),
    Mutation(
        "MIG003",
        "a second definition that never takes effect",
        files=(
            (
                "database/migrations/2024_02_01_000001_orders_again.php",
                migration(
                    "        if (! Schema::hasTable('orders')) {\n            Schema::create('orders', fn "
                    "(Blueprint $table) => [$table->id(), $table->string('note')]);\n        }",
                    "// nothing",
                ),
            ),
        ),
    ),
    Mutation(
        "MIG005", "no way back", ORDERS, "        Schema::dropIfExists('orders');\n", "        // by hand\n"
    ),
    Mutation(
        "MIG006",
        "two migrations of one second",
        files=(
            (
                "database/migrations/2024_01_01_000002_zone_of_orders.php",
                migration(
                    "        Schema::table('orders', fn (Blueprint $table) => $table->string('zone')->nullable());",
                    "Schema::table('orders', fn (Blueprint $table) => $table->dropColumn('zone'));",
                ),
            ),
        ),
    ),
    another_table(
        "MIG007",
        "a key to a table that comes later",
        "early",
        "$table->id(); $table->foreignId('order_id')->constrained();",
        driver="sqlite",
        stamp="2024_01_01_000000",
    ),
    later("MIG008", "drop a column with what is in it", "$table->dropColumn('currency');", "// nothing"),
    later("MIG009", "NOT NULL for rows that are there", "$table->string('note', 20);"),
    later(
        "MIG010",
        "uniqueness for rows that are there",
        "$table->unique(['customer_id', 'paid_at']);",
        "// nothing",
    ),
    later("MIG011", "rewrite every row", "$table->decimal('total', 14, 2)->change();", "// nothing"),
    column(
        "MIG012",
        "a key that is commented out",
        "// $table->foreign('currency')->references('code')->on('currencies')->onDelete('cascade');",
    ),
    later(
        "MIG013", "change() that forgets the default", "$table->char('currency', 4)->change();", "// nothing"
    ),
)

SCHEMA_FAULTS = (*COLUMNS, *KEYS, *INDEXES, *MIGRATIONS)
