"""A small shop in which there is nothing to find, and the one-line faults that are put into it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change of the shop, and the check that must tell of it. `old` stands once in `file`."""

    code: str
    what: str
    file: str
    old: str
    new: str


_ORDERS = "database/migrations/2024_01_01_000002_create_orders_table.php"
_SPEC = "docs/SPECIFICATION.md"
_MODEL = "app/Models/Order.php"
_SERVICE = "app/Services/Checkout.php"


def _migration(up: str, down: str) -> str:
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
    _SPEC: """# Specification

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
    "database/migrations/2024_01_01_000001_create_customers_table.php": _migration(
        "        Schema::create('customers', function (Blueprint $table) {\n            $table->id();\n"
        "            $table->string('email', 190)->unique();\n            $table->timestamps();\n        });",
        "Schema::dropIfExists('customers');",
    ),
    _ORDERS: _migration(
        """        Schema::create('orders', function (Blueprint $table) {
            $table->id();
            $table->foreignId('customer_id')->constrained()->restrictOnDelete();
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
    _MODEL: """<?php

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
    _SERVICE: """<?php

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

    public function paid(): int
    {
        return DB::table('orders')->where('status', 'paid')->whereNotNull('paid_at')->count();
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
        "COL001", "drop a column", _ORDERS, "            $table->char('currency', 3)->default('EUR');\n", ""
    ),
    Mutation(
        "COL005",
        "let a column be NULL",
        _ORDERS,
        "decimal('total', 12, 2)",
        "decimal('total', 12, 2)->nullable()",
    ),
    Mutation(
        "COL006", "take a default away", _ORDERS, "char('currency', 3)->default('EUR')", "char('currency', 3)"
    ),
    Mutation("TYP001", "shorten a string", _ORDERS, "string('number', 40)", "string('number', 20)"),
    Mutation("TYP001", "take a digit away", _ORDERS, "decimal('total', 12, 2)", "decimal('total', 8, 2)"),
    Mutation(
        "TYP001", "shorten a list of values", _ORDERS, "['open', 'paid'])->default", "['open'])->default"
    ),
    Mutation(
        "TYP002", "money in binary floating point", _ORDERS, "decimal('total', 12, 2)", "double('total')"
    ),
    Mutation("TYP003", "widen a string", _ORDERS, "string('number', 40)", "string('number', 80)"),
    Mutation(
        "KEY002", "remove a unique index", _ORDERS, "string('number', 40)->unique()", "string('number', 40)"
    ),
    Mutation("KEY004", "remove a foreign key", _ORDERS, "->constrained()->restrictOnDelete()", ""),
    Mutation(
        "KEY005", "delete orders with their customer", _ORDERS, "restrictOnDelete()", "cascadeOnDelete()"
    ),
    Mutation("IDX001", "remove an index", _ORDERS, "            $table->index(['status', 'paid_at']);\n", ""),
    Mutation(
        "MIG001", "refer to a table that is not there", _ORDERS, "->constrained()", "->constrained('clients')"
    ),
    Mutation(
        "MIG004", "roll back another table", _ORDERS, "dropIfExists('orders')", "dropIfExists('customers')"
    ),
    Mutation(
        "MOD005",
        "fill a column that is not there",
        _MODEL,
        "'currency', 'paid_at'];",
        "'currency', 'paid_on'];",
    ),
    Mutation(
        "QRY001",
        "write into a table that is not there",
        _SERVICE,
        "DB::table('orders')->insert",
        "DB::table('order_log')->insert",
    ),
    Mutation("QRY001", "rename the model's table", _MODEL, "$table = 'orders'", "$table = 'purchases'"),
    Mutation(
        "QRY002",
        "filter on a column that is not there",
        _SERVICE,
        "whereNotNull('paid_at')",
        "whereNotNull('paid_on')",
    ),
    Mutation(
        "QRY002",
        "rename a column under its queries",
        _ORDERS,
        "decimal('total', 12, 2)",
        "decimal('sum', 12, 2)",
    ),
    Mutation(
        "QRY003",
        "leave out a column that must be filled",
        _SERVICE,
        "'total' => $total, 'currency' => 'EUR',",
        "'currency' => 'EUR',",
    ),
    Mutation(
        "QRY003",
        "give a column no default",
        _ORDERS,
        "enum('status', ['open', 'paid'])->default('open')",
        "string('status', 9)",
    ),
    Mutation("QRY004", "write a value outside the list", _SERVICE, "'status' => 'open'", "'status' => 'new'"),
    Mutation(
        "QRY004", "write more than the column holds", _SERVICE, "'currency' => 'EUR'", "'currency' => 'Euro'"
    ),
    Mutation(
        "QRY004",
        "write NULL where there must be a value",
        _SERVICE,
        "'currency' => 'EUR'",
        "'currency' => null",
    ),
    Mutation(
        "QRY005",
        "look for a value that no row has",
        _SERVICE,
        "->where('status', 'paid')",
        "->where('status', 'payed')",
    ),
    Mutation(
        "QRY006", "take a key out of fillable", _MODEL, "'number', 'status', 'total'", "'number', 'total'"
    ),
    Mutation(
        "QRY008",
        "remove the unique index that a match needs",
        _ORDERS,
        "string('number', 40)->unique()",
        "string('number', 40)",
    ),
    Mutation(
        "QRY009",
        "compute in an insert",
        _SERVICE,
        "'total' => $total, 'currency' => 'EUR',",
        "'total' => DB::raw('total + 1'), 'currency' => 'EUR',",
    ),
)
