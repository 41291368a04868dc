"""A small shop whose faults each have a remedy that the example has none of: a table under another name, rows without a number,
a relation by the wrong key, a factory that is called and missing."""

from __future__ import annotations

from tests.cli.shop import migration
from tests.support.remedying import LOCK_TEXT

SPECIFICATION = """# Shop

```sql
CREATE TABLE customers (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    email VARCHAR(200) NOT NULL,
    created_at TIMESTAMP NULL,
    updated_at TIMESTAMP NULL
);

CREATE TABLE sales_orders (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    buyer_id BIGINT UNSIGNED NOT NULL,
    number VARCHAR(40) NOT NULL,
    weight_grams INT UNSIGNED NOT NULL,
    carrier VARCHAR(60) NOT NULL,
    freight DECIMAL(10,4) NOT NULL DEFAULT 0,
    created_at TIMESTAMP NULL,
    updated_at TIMESTAMP NULL,
    FOREIGN KEY (buyer_id) REFERENCES customers(id) ON DELETE CASCADE
);
```
"""

ORDER = """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Factories\\HasFactory;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\Relations\\BelongsTo;

class Order extends Model
{
    use HasFactory;

    protected $fillable = ['number', 'weight_grams', 'carrier', 'freight', 'buyer_id'];

    protected $casts = ['freight' => 'decimal:4'];

    public function customer(): BelongsTo
    {
        return $this->belongsTo(Customer::class);
    }
}
"""

CUSTOMER = """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\Relations\\HasMany;

class Customer extends Model
{
    protected $fillable = ['email'];

    public function orders(): HasMany
    {
        return $this->hasMany(Order::class, 'buyer_id');
    }
}
"""

SERVICE = """<?php

namespace App\\Services;

use App\\Models\\Order;
use Illuminate\\Support\\Facades\\DB;

class Orders
{
    public function heavy(): int
    {
        return DB::table('shop_orders')->where('shop_orders.weight_grams', '>', 1000)->count();
    }

    public function tags(): int
    {
        return DB::table('tags')->where('word', 'new')->count();
    }
}
"""

TEST = """<?php

namespace Tests\\Feature;

use App\\Models\\Order;
use Tests\\TestCase;

class OrderTest extends TestCase
{
    public function test_orders(): void
    {
        Order::factory()->create();
        $this->assertDatabaseHas('shop_orders', ['carrier' => 'post']);
    }
}
"""

FILES = {
    "docs/specification.md": SPECIFICATION,
    "composer.lock": LOCK_TEXT,
    "database/migrations/2024_01_01_000001_create_customers_table.php": migration(
        "customers", "string('email', 200)", "timestamps()"
    ),
    "database/migrations/2024_01_01_000002_create_shop_orders_table.php": migration(
        "shop_orders",
        "foreignId('buyer_id')->constrained('customers')->cascadeOnDelete()",
        "string('number', 40)",
        "unsignedInteger('weight_grams')",
        "string('carrier', 60)",
        "decimal('freight', 10, 2)->default(0)",
        "timestamps()",
        "index('buyer_id')",
    ),
    "database/migrations/2024_01_01_000003_create_tags_table.php": migration(
        "tags", "string('word', 40)->unique()"
    ).replace("            $table->id();\n", ""),
    "app/Models/Order.php": ORDER.replace(
        "    protected $fillable", "    protected $table = 'shop_orders';\n\n    protected $fillable"
    ),
    "app/Models/Customer.php": CUSTOMER,
    "app/Services/Orders.php": SERVICE,
    "tests/Feature/OrderTest.php": TEST,
}

ROWS: dict[str, object] = {
    "customers": [{"id": 1, "email": "a@example.org"}],
    "shop_orders": [
        {"id": 1, "buyer_id": 1, "number": "A1", "weight_grams": 5, "carrier": "post", "freight": "1.25"},
        {"id": 2, "buyer_id": 1, "number": "A2", "weight_grams": 6, "carrier": "van", "freight": "2.50"},
    ],
    "tags": [{"word": "new"}, {"word": "old"}],
    "": ["sales_orders"],
}
