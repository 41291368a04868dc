"""Faults of models, queries, rules, tests and documents for the shop."""

from __future__ import annotations

from benchmarks.planting import INDEX, another_table, column, member, method, model, rule, service
from benchmarks.shop import (
    CUSTOMER,
    CUSTOMERS,
    MODEL,
    ORDERS,
    REQUEST,
    SERVICE,
    SPEC,
    TEST,
    Mutation,
    migration,
)

MODELS = (
    Mutation("MOD001", "no model for customers", CUSTOMER, "class Customer extends Model", "class Customer"),
    Mutation("MOD002", "no factory", removed=("database/factories/OrderFactory.php",)),
    Mutation("MOD003", "no tests", removed=(TEST,)),
    Mutation(
        "MOD004",
        "a model without a table",
        files=(
            model("Parcel", "protected $fillable = ['weight'];"),
            service("Parcels", "return \\App\\Models\\Parcel::create(['weight' => 1]);"),
        ),
    ),
    member("MOD006", "an attribute that is no column", "protected $attributes = ['state' => 'open'];"),
    Mutation(
        "MOD007", "a cast of what is no column", MODEL, "'paid_at' => 'datetime'", "'paid_on' => 'datetime'"
    ),
    member("MOD008", "hide what is not there", "protected $hidden = ['secret'];"),
    member("MOD009", "append without an accessor", "protected $appends = ['label'];"),
    member("MOD010", "load a relation that is none", "protected $with = ['buyer'];"),
    Mutation("MOD011", "a table without timestamps", CUSTOMERS, "            $table->timestamps();\n", ""),
    Mutation(
        "MOD012",
        "soft deletes without the column",
        MODEL,
        "    use HasFactory;\n",
        "    use HasFactory;\n    use \\Illuminate\\Database\\Eloquent\\SoftDeletes;\n",
    ),
    column("MOD013", "`deleted_at`, and nobody minds it", "$table->softDeletes();"),
    column("MOD014", "a JSON column without a cast", "$table->json('meta')->nullable();"),
    Mutation("MOD015", "a cast to fewer digits", MODEL, "'decimal:2'", "'decimal:1'"),
    Mutation(
        "MOD016",
        "a case that the column does not take",
        MODEL,
        "['total' =>",
        "['status' => \\App\\Status::class, 'total' =>",
        files=(
            (
                "app/Status.php",
                "<?php\nnamespace App;\nenum Status: string { case Open = 'open'; case Paid = 'paid'; case Void = 'void'; }\n",
            ),
        ),
    ),
    Mutation(
        "MOD017",
        "a key of another kind",
        MODEL,
        "    use HasFactory;\n",
        "    use HasFactory;\n    use \\Illuminate\\Database\\Eloquent\\Concerns\\HasUuids;\n",
    ),
    member("MOD018", "a key that is no column", "protected $primaryKey = 'order_id';"),
    Mutation(
        "MOD019",
        "money is open to mass assignment",
        MODEL,
        "protected $fillable = ['customer_id', 'number', 'status', 'total', 'currency', 'paid_at'];",
        "protected $guarded = [];",
        edits=((ORDERS, INDEX, f"            $table->decimal('fee', 12, 2)->default(0);\n{INDEX}"),),
    ),
    another_table(
        "MOD020",
        "a table without a model",
        "notes",
        "$table->id(); $table->string('text'); $table->timestamps();",
        (
            service(
                "Notes",
                "DB::table('notes')->insert(['text' => 'a']); return DB::table('notes')->where('id', $id)->first();",
            ),
        ),
    ),
    another_table(
        "MOD021",
        "a table without times",
        "notes",
        "$table->id(); $table->string('text');",
        (model("Note", "public $timestamps = false;"),),
    ),
)

RELATIONS = (
    member(
        "REL001",
        "a class that was never written",
        "public function parcel() { return $this->hasOne(Parcel::class); }",
    ),
    Mutation(
        "REL002",
        "a key that is no column",
        MODEL,
        "belongsTo(Customer::class)",
        "belongsTo(Customer::class, 'client_id')",
    ),
    Mutation(
        "REL003",
        "a key of another kind",
        MODEL,
        "belongsTo(Customer::class)",
        "belongsTo(Customer::class, 'number')",
    ),
    another_table(
        "REL004",
        "a relation without a foreign key",
        "notes",
        "$table->id(); $table->unsignedBigInteger('order_id')->index(); $table->timestamps();",
        (model("Note", "public function order() { return $this->belongsTo(Order::class); }"),),
    ),
    Mutation(
        "REL005",
        "one order each, says the model",
        CUSTOMER,
        "hasMany(Order::class)",
        "hasOne(Order::class)",
        edits=((CUSTOMER, ": HasMany", ""),),
    ),
    another_table(
        "REL006",
        "attach one label twice",
        "label_order",
        "$table->foreignId('label_id'); $table->foreignId('order_id')->constrained();",
        (
            model(
                "Label",
                "public $timestamps = false;\n    public function orders() { return $this->belongsToMany(Order::class); }",
            ),
            (
                "database/migrations/2024_02_01_000000_create_labels_table.php",
                migration(
                    "        Schema::create('labels', fn (Blueprint $table) => [$table->id(), $table->string('name')]);",
                    "Schema::dropIfExists('labels');",
                ),
            ),
        ),
    ),
    Mutation(
        "REL007",
        "no way back from orders",
        MODEL,
        "\n    public function customer(): BelongsTo\n    {\n        return $this->belongsTo(Customer::class);\n    }\n",
        "",
    ),
    Mutation(
        "REL008",
        "delete the orders too late",
        CUSTOMER,
        "    use HasFactory;\n",
        "    use HasFactory;\n\n    protected static function booted(): void\n    {\n        "
        "static::deleted(fn (Customer $customer) => $customer->orders()->delete());\n    }\n",
    ),
    Mutation(
        "REL009",
        "delete customers that have orders",
        files=(service("Closing", "Customer::where('id', $id)->delete();"),),
    ),
)

RULES = (
    rule(
        "RUL001",
        "a unique rule without an index",
        "'required|string|size:3'",
        "'required|string|size:3|unique:orders,currency'",
    ),
    rule("RUL002", "let more through than fits", "max:40", "max:80"),
    rule("RUL003", "let a value through that is refused", "in:open,paid", "in:open,paid,void"),
    rule("RUL004", "let NULL through", "'required|decimal:0,2'", "'nullable|decimal:0,2'"),
    rule(
        "RUL005",
        "ask nobody whether it is taken",
        "'required|string|max:40|unique:orders,number'",
        "'required|string|max:40',\n            'id' => 'unique:orders,id'",
    ),
    rule("RUL006", "require what may be NULL", "'nullable|date'", "'required|date'"),
    rule("RUL007", "let a required value out", "'required|decimal:0,2'", "'decimal:0,2'"),
    rule("RUL008", "a text of any length", "'required|string|size:3'", "'required|string'"),
    rule(
        "RUL009", "a range in the form alone", "'required|decimal:0,2'", "'required|numeric|min:0|max:9999'"
    ),
    Mutation(
        "RUL010",
        "a rule for live rows over an index for all",
        REQUEST,
        "'required|string|max:40|unique:orders,number'",
        "['required', 'string', 'max:40', \\Illuminate\\Validation\\Rule::unique('orders', 'number')->withoutTrashed()]",
        edits=((ORDERS, INDEX, f"            $table->softDeletes();\n{INDEX}"),),
    ),
)

_FACTORY = "database/factories/OrderFactory.php"

CODE = (
    Mutation(
        "FAC001",
        "fill what is no column",
        _FACTORY,
        "'total' => '10.00'",
        "'total' => '10.00', 'state' => 'open'",
    ),
    Mutation(
        "FAC002",
        "fill a value that is refused",
        _FACTORY,
        "'total' => '10.00'",
        "'total' => '10.00', 'status' => 'void'",
    ),
    Mutation("FAC003", "leave out what must be filled", _FACTORY, ", 'total' => '10.00'", ""),
    Mutation("FAC004", "call a factory that is not there", removed=(_FACTORY,)),
    another_table(
        "QRY007",
        "write what nobody reads",
        "notes",
        "$table->id(); $table->string('text');",
        (service("Notes", "DB::table('notes')->insert(['text' => 'a']);"),),
    ),
    Mutation(
        "QRY010",
        "a key that can't match",
        SERVICE,
        "'customer_id' => $customer, 'number'",
        "'customer_id' => 0, 'number'",
    ),
    method(
        "QRY011",
        "a query for each row",
        "foreach (Customer::all() as $one) { DB::table('orders')->where('customer_id', $one->id)->count(); }",
    ),
    method(
        "QRY012",
        "load row by row",
        "foreach (Order::where('customer_id', 1)->get() as $one) { echo $one->customer->email; }",
    ),
    method("QRY013", "pages by OFFSET", "return Order::orderBy('id')->paginate(20);"),
    method("QRY014", "read all there is", "return Order::all();"),
    method(
        "QRY015",
        "an array for whereNot()",
        "return Order::where('customer_id', 1)->whereNot(['status' => 'paid', 'currency' => 'EUR'])->get();",
    ),
    Mutation(
        "TST001",
        "a test with its own table",
        TEST,
        "        $customer = Customer::factory()->create();\n        Order",
        "        \\Schema::create('orders', fn ($table) => $table->id());\n        $customer = "
        "Customer::factory()->create();\n        Order",
    ),
    Mutation(
        "TST002",
        "tests on another server",
        files=(
            (
                "phpunit.xml",
                '<?xml version="1.0"?>\n<phpunit><php><env name="DB_CONNECTION" value="sqlite"/></php></phpunit>\n',
            ),
        ),
    ),
    Mutation(
        "TST003",
        "and without foreign keys",
        files=(
            (
                "phpunit.xml",
                '<?xml version="1.0"?>\n<phpunit><php><env name="DB_CONNECTION" value="sqlite"/></php></phpunit>\n',
            ),
            (
                "config/database.php",
                "<?php\nreturn ['default' => 'mysql', 'connections' => ['mysql' => ['driver' => 'mysql', "
                "'strict' => true], 'sqlite' => ['driver' => 'sqlite', 'foreign_key_constraints' => false]]];\n",
            ),
        ),
    ),
    Mutation(
        "TST004",
        "tests without a migrated database",
        TEST,
        "    use RefreshDatabase;\n",
        "",
        edits=((TEST, "use Illuminate\\Foundation\\Testing\\RefreshDatabase;\n", ""),),
    ),
    Mutation(
        "TST005",
        "no test of what must be refused",
        TEST,
        "expectException(QueryException::class)",
        "expectException(\\Exception::class)",
        edits=((TEST, "use Illuminate\\Database\\QueryException;\n", ""),),
    ),
)

LIMITS = (
    Mutation(
        "CAP001",
        "a limit that two requests pass",
        files=(
            service(
                "Limits",
                "$spent = DB::table('orders')->where('customer_id', $id)->sum('total');\n"
                "        $limit = DB::table('customers')->where('id', $id)->value('email');\n"
                "        if ($spent + $cost > $limit) {\n            throw new \\RuntimeException('limit');\n        }\n"
                "        DB::table('orders')->insert(['customer_id' => $id, 'number' => $number, 'total' => $cost]);",
            ),
        ),
    ),
    method("CAP002", "count in PHP", "$order->total += 1;\n        $order->save();"),
    another_table(
        "CAP003",
        "look for doubles in the code alone",
        "notes",
        "$table->id(); $table->string('text');",
        (
            service(
                "Doubles",
                "if (DB::table('notes')->where('text', $number)->exists()) {\n            return;\n        }\n"
                "        DB::table('notes')->insert(['text' => $number]);",
            ),
        ),
    ),
    Mutation(
        "CAP004",
        "a lock in the cache alone",
        files=(
            service(
                "Locked",
                'Cache::lock("o-$id", 10)->block(5, function () use ($id) { $order = Order::find($id); '
                "$order->total += 1; $order->save(); });",
            ),
        ),
    ),
    Mutation(
        "CAP005",
        "a retry that counts twice",
        files=(
            service(
                "Counted",
                "DB::table('orders')->where('id', $id)->increment('total');\n        "
                "DB::table('customers')->insert(['email' => 'a']);",
                " implements \\Illuminate\\Contracts\\Queue\\ShouldQueue",
                "public $tries = 3;\n",
            ),
        ),
    ),
    method("CAP006", "cents by a cast", "return (int) ($order->total * 100);"),
)

_DATABASE = "<?php\n\nreturn ['default' => 'mysql', 'connections' => ['mysql' => ['driver' => 'mysql', 'strict' => %s]]];\n"

DOCUMENTS = (
    Mutation(
        "CFG001",
        "a table that was never made",
        files=(("config/shop.php", "<?php\n\nreturn ['tables' => ['orders' => 'order_entries']];\n"),),
    ),
    Mutation("CFG002", "strict mode off", files=(("config/database.php", _DATABASE % "false"),)),
    column("CFG003", "accept without a reason", "$table->double('fee')->default(0); // trueup-ignore TYP004"),
    column(
        "CFG004",
        "accept what is not there",
        "$table->boolean('gift')->default(false); // trueup-ignore TYP004 rates are never added up",
    ),
    Mutation(
        "SPEC001",
        "two documents that differ",
        files=(
            (
                "docs/ADDENDUM_SPECIFICATION.md",
                "# Addendum\n\n```sql\nCREATE TABLE customers (\n    id BIGINT UNSIGNED NOT NULL "
                "AUTO_INCREMENT PRIMARY KEY,\n    email VARCHAR(80) NOT NULL\n);\n```\n",
            ),
        ),
    ),
    Mutation(
        "SPEC002",
        "SQL that the server refuses",
        SPEC,
        "    email VARCHAR(190) NOT NULL,",
        "    email VARCHAR(190) NOT NULL,\n    tags JSON DEFAULT '[]',",
    ),
    Mutation(
        "SPEC003",
        "a table that is named and defined nowhere",
        SPEC,
        "# Specification\n",
        "# Specification\n\nAmounts are converted with the `exchange_rates` table.\n",
    ),
    Mutation(
        "SPEC004",
        "the document calls it missing",
        SPEC,
        "# Specification\n",
        "# Specification\n\n## Missing tables\n",
    ),
    Mutation(
        "SPEC005",
        "a required key that can't be made",
        SPEC,
        "CREATE TABLE orders (",
        "CREATE TABLE notes (\n    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,\n    hit_id BIGINT NOT NULL,\n"
        "    FOREIGN KEY (hit_id) REFERENCES hits (id)\n);\n\nCREATE TABLE orders (",
        files=(
            (
                "database/migrations/2024_02_01_000001_create_hits_table.php",
                migration(
                    "        Schema::create('hits', fn (Blueprint $table) => $table->id());",
                    "Schema::dropIfExists('hits');",
                ),
            ),
        ),
    ),
)

CODE_FAULTS = (*MODELS, *RELATIONS, *RULES, *CODE, *LIMITS, *DOCUMENTS)
