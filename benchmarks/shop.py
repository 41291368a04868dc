"""A small shop in which there is nothing to find, and the one-line faults that are put into it."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.model.names import Driver


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change of the shop, and the check that must tell of it. `old` stands once in `file`; `edits` are more of these, `files` are
    added, those `removed` are not there."""

    code: str
    what: str
    file: str = ""
    old: str = ""
    new: str = ""
    edits: tuple[tuple[str, str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    driver: Driver = "mysql"

    def of(self, shop: dict[str, str]) -> dict[str, str]:
        """The shop with the fault."""
        made = {name: text for name, text in shop.items() if name not in self.removed} | dict(self.files)
        for file, old, new in (*([(self.file, self.old, self.new)] if self.file else []), *self.edits):
            if made[file].count(old) != 1:
                raise SystemExit(f"{self.what}: {old!r} is not once in {file}")
            made[file] = made[file].replace(old, new)
        return made


ORDERS = "database/migrations/2024_01_01_000002_create_orders_table.php"
SPEC = "docs/SPECIFICATION.md"
MODEL = "app/Models/Order.php"
SERVICE = "app/Services/Checkout.php"
CUSTOMERS = "database/migrations/2024_01_01_000001_create_customers_table.php"
CUSTOMER = "app/Models/Customer.php"
REQUEST = "app/Http/Requests/StoreOrder.php"
TEST = "tests/Feature/CheckoutTest.php"


def migration(up: str, down: str) -> str:
    return (
        "<?php\n\nuse Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Database\\Schema\\Blueprint;\n"
        "use Illuminate\\Support\\Facades\\Schema;\n\n"
        "return new class extends Migration\n{\n    public function up(): void\n    {\n"
        f"{up}\n    }}\n\n    public function down(): void\n    {{\n        {down}\n    }}\n}};\n"
    )


SHOP: dict[str, str] = {
    "composer.json": '{"name": "acme/shop", "type": "project", "require": {"laravel/framework": "^12.0"}, '
    '"autoload": {"psr-4": {"App\\\\": "app/", "Database\\\\Factories\\\\": "database/factories/"}}, '
    '"autoload-dev": {"psr-4": {"Tests\\\\": "tests/"}}}\n',
    "artisan": "#!/usr/bin/env php\n",
    SPEC: """# Specification

```sql
CREATE TABLE customers (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    email VARCHAR(190) NOT NULL,
    created_at TIMESTAMP NULL,
    updated_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY customers_email_unique (email)
);

CREATE TABLE orders (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    customer_id BIGINT UNSIGNED NOT NULL,
    number VARCHAR(40) NOT NULL,
    status ENUM('open', 'paid') NOT NULL DEFAULT 'open',
    total DECIMAL(12,2) NOT NULL,
    currency CHAR(3) NOT NULL DEFAULT 'EUR',
    paid_at TIMESTAMP NULL,
    created_at TIMESTAMP NULL,
    updated_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY orders_number_unique (number),
    INDEX orders_status_paid_at_index (status, paid_at),
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
);
```
""",
    "database/migrations/2024_01_01_000001_create_customers_table.php": migration(
        "        Schema::create('customers', function (Blueprint $table) {\n            $table->id();\n"
        "            $table->string('email', 190)->unique();\n            $table->timestamps();\n        });",
        "Schema::dropIfExists('customers');",
    ),
    ORDERS: migration(
        """        Schema::create('orders', function (Blueprint $table) {
            $table->id();
            $table->foreignId('customer_id')->index()->constrained()->restrictOnDelete();
            $table->string('number', 40)->unique();
            $table->enum('status', ['open', 'paid'])->default('open');
            $table->decimal('total', 12, 2);
            $table->char('currency', 3)->default('EUR');
            $table->timestamp('paid_at')->nullable();
            $table->timestamps();
            $table->index(['status', 'paid_at']);
        });""",
        "Schema::dropIfExists('orders');",
    ),
    "app/Models/Customer.php": """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Factories\\HasFactory;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\Relations\\HasMany;

class Customer extends Model
{
    use HasFactory;

    protected $fillable = ['email'];

    public function orders(): HasMany
    {
        return $this->hasMany(Order::class);
    }
}
""",
    MODEL: """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Factories\\HasFactory;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\Relations\\BelongsTo;

class Order extends Model
{
    use HasFactory;

    protected $table = 'orders';

    protected $fillable = ['customer_id', 'number', 'status', 'total', 'currency', 'paid_at'];

    protected $casts = ['total' => 'decimal:2', 'paid_at' => 'datetime'];

    public function customer(): BelongsTo
    {
        return $this->belongsTo(Customer::class);
    }
}
""",
    SERVICE: """<?php

namespace App\\Services;

use App\\Models\\Customer;
use App\\Models\\Order;
use Illuminate\\Support\\Facades\\DB;

class Checkout
{
    public function order(Customer $customer, string $number, string $total): Order
    {
        return Order::create([
            'customer_id' => $customer->getKey(),
            'number' => $number,
            'total' => $total,
            'status' => 'open',
        ]);
    }

    public function import(Customer $customer, string $number, string $total): Order
    {
        return Order::updateOrCreate(
            ['number' => $number],
            ['customer_id' => $customer->getKey(), 'total' => $total],
        );
    }

    public function book(int $customer, string $number, string $total): void
    {
        DB::table('orders')->insert([
            'customer_id' => $customer, 'number' => $number, 'total' => $total, 'currency' => 'EUR',
        ]);
    }

    public function register(string $email): Customer
    {
        return Customer::create(['email' => $email]);
    }

    public function known(string $email): ?Customer
    {
        return Customer::where('email', $email)->first();
    }

    public function paid(): int
    {
        return DB::table('orders')->where('status', 'paid')->whereNotNull('paid_at')->count();
    }
}
""",
    REQUEST: """<?php

namespace App\\Http\\Requests;

use Illuminate\\Foundation\\Http\\FormRequest;

class StoreOrder extends FormRequest
{
    public function rules(): array
    {
        return [
            'number' => 'required|string|max:40|unique:orders,number',
            'status' => 'required|in:open,paid',
            'total' => 'required|decimal:0,2',
            'currency' => 'required|string|size:3',
            'paid_at' => 'nullable|date',
        ];
    }
}
""",
    "database/factories/CustomerFactory.php": """<?php

namespace Database\\Factories;

use App\\Models\\Customer;
use Illuminate\\Database\\Eloquent\\Factories\\Factory;

/** @extends Factory<Customer> */
class CustomerFactory extends Factory
{
    protected $model = Customer::class;

    public function definition(): array
    {
        return ['email' => $this->faker->unique()->safeEmail()];
    }
}
""",
    "database/factories/OrderFactory.php": """<?php

namespace Database\\Factories;

use App\\Models\\Customer;
use App\\Models\\Order;
use Illuminate\\Database\\Eloquent\\Factories\\Factory;

/** @extends Factory<Order> */
class OrderFactory extends Factory
{
    protected $model = Order::class;

    public function definition(): array
    {
        return ['customer_id' => Customer::factory(), 'number' => $this->faker->unique()->bothify('??-####'), 'total' => '10.00'];
    }
}
""",
    "tests/Feature/CheckoutTest.php": """<?php

namespace Tests\\Feature;

use App\\Models\\Customer;
use App\\Models\\Order;
use Illuminate\\Database\\QueryException;
use Illuminate\\Foundation\\Testing\\RefreshDatabase;
use Tests\\TestCase;

class CheckoutTest extends TestCase
{
    use RefreshDatabase;

    public function test_an_order_is_kept(): void
    {
        $customer = Customer::factory()->create();
        Order::factory()->create(['customer_id' => $customer->id]);

        $this->assertDatabaseHas('orders', ['customer_id' => $customer->id]);
        $this->assertDatabaseHas('customers', ['email' => $customer->email]);
    }

    public function test_a_number_is_given_once(): void
    {
        $order = Order::factory()->create();
        $this->expectException(QueryException::class);
        Order::factory()->create(['number' => $order->number]);
    }
}
""",
}

MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "TBL001",
        "the table of customers is never made",
        "database/migrations/2024_01_01_000001_create_customers_table.php",
        "Schema::create('customers'",
        "Schema::create('zz'",
    ),
    Mutation(
        "COL001", "drop a column", ORDERS, "            $table->char('currency', 3)->default('EUR');\n", ""
    ),
    Mutation(
        "COL005",
        "let a column be NULL",
        ORDERS,
        "decimal('total', 12, 2)",
        "decimal('total', 12, 2)->nullable()",
    ),
    Mutation(
        "COL006", "take a default away", ORDERS, "char('currency', 3)->default('EUR')", "char('currency', 3)"
    ),
    Mutation("TYP001", "shorten a string", ORDERS, "string('number', 40)", "string('number', 20)"),
    Mutation("TYP001", "take a digit away", ORDERS, "decimal('total', 12, 2)", "decimal('total', 8, 2)"),
    Mutation(
        "TYP001", "shorten a list of values", ORDERS, "['open', 'paid'])->default", "['open'])->default"
    ),
    Mutation(
        "TYP002", "money in binary floating point", ORDERS, "decimal('total', 12, 2)", "double('total')"
    ),
    Mutation("TYP003", "widen a string", ORDERS, "string('number', 40)", "string('number', 80)"),
    Mutation(
        "KEY002", "remove a unique index", ORDERS, "string('number', 40)->unique()", "string('number', 40)"
    ),
    Mutation("KEY004", "remove a foreign key", ORDERS, "->constrained()->restrictOnDelete()", ""),
    Mutation(
        "KEY005", "delete orders with their customer", ORDERS, "restrictOnDelete()", "cascadeOnDelete()"
    ),
    Mutation("IDX001", "remove an index", ORDERS, "            $table->index(['status', 'paid_at']);\n", ""),
    Mutation(
        "MIG001", "refer to a table that is not there", ORDERS, "->constrained()", "->constrained('clients')"
    ),
    Mutation(
        "MIG004", "roll back another table", ORDERS, "dropIfExists('orders')", "dropIfExists('customers')"
    ),
    Mutation(
        "MOD005",
        "fill a column that is not there",
        MODEL,
        "'currency', 'paid_at'];",
        "'currency', 'paid_on'];",
    ),
    Mutation(
        "QRY001",
        "write into a table that is not there",
        SERVICE,
        "DB::table('orders')->insert",
        "DB::table('order_log')->insert",
    ),
    Mutation("QRY001", "rename the model's table", MODEL, "$table = 'orders'", "$table = 'purchases'"),
    Mutation(
        "QRY002",
        "filter on a column that is not there",
        SERVICE,
        "whereNotNull('paid_at')",
        "whereNotNull('paid_on')",
    ),
    Mutation(
        "QRY002",
        "rename a column under its queries",
        ORDERS,
        "decimal('total', 12, 2)",
        "decimal('sum', 12, 2)",
    ),
    Mutation(
        "QRY003",
        "leave out a column that must be filled",
        SERVICE,
        "'total' => $total, 'currency' => 'EUR',",
        "'currency' => 'EUR',",
    ),
    Mutation(
        "QRY003",
        "give a column no default",
        ORDERS,
        "enum('status', ['open', 'paid'])->default('open')",
        "string('status', 9)",
    ),
    Mutation("QRY004", "write a value outside the list", SERVICE, "'status' => 'open'", "'status' => 'new'"),
    Mutation(
        "QRY004", "write more than the column holds", SERVICE, "'currency' => 'EUR'", "'currency' => 'Euro'"
    ),
    Mutation(
        "QRY004",
        "write NULL where there must be a value",
        SERVICE,
        "'currency' => 'EUR'",
        "'currency' => null",
    ),
    Mutation(
        "QRY005",
        "look for a value that no row has",
        SERVICE,
        "->where('status', 'paid')",
        "->where('status', 'payed')",
    ),
    Mutation(
        "QRY006", "take a key out of fillable", MODEL, "'number', 'status', 'total'", "'number', 'total'"
    ),
    Mutation(
        "QRY008",
        "remove the unique index that a match needs",
        ORDERS,
        "string('number', 40)->unique()",
        "string('number', 40)",
    ),
    Mutation(
        "QRY009",
        "compute in an insert",
        SERVICE,
        "'total' => $total, 'currency' => 'EUR',",
        "'total' => DB::raw('total + 1'), 'currency' => 'EUR',",
    ),
)
