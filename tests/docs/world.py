"""The world in which the commands of the documentation are run: a shop with documents, a ticket, a dump, revisions, neighbours."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.cli.shop import migration
from tests.project.trees import lock, make

_SPECIFICATION = """# The shop's tables

```sql
CREATE TABLE orders (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT UNSIGNED NOT NULL,
    total DECIMAL(12,4) NOT NULL,
    currency CHAR(3) NOT NULL,
    reference VARCHAR(40) NULL,
    created_at TIMESTAMP NULL,
    updated_at TIMESTAMP NULL,
    FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE TABLE refunds (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    order_id BIGINT UNSIGNED NOT NULL,
    amount DECIMAL(12,4) NOT NULL
);
```
"""

_TICKET = """# Audit the shop's tables

**Ticket ID**: Audit/1004
**Status**: Not Started

## Description
Compare the database with docs/SCHEMA.md.

## Related Documentation
- [ ] docs/SCHEMA.md - Target schema specification

## Acceptance Criteria
- [ ] Complete inventory of existing vs required database tables
- [ ] Creation of tickets in: docs/tickets/implementation/
"""

_DUMP = """CREATE TABLE `orders` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `user_id` bigint unsigned NOT NULL,
  `total` decimal(8,2) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
"""

_ORDER = """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\Relations\\BelongsTo;

class Order extends Model
{
    protected $fillable = ['user_id', 'total', 'currency'];

    public function user(): BelongsTo
    {
        return $this->belongsTo(User::class);
    }
}
"""

_USER = """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Model;

class User extends Model
{
    protected $fillable = ['email'];
}
"""

_REPORTS = """<?php

namespace App\\Services;

use App\\Models\\Order;
use Illuminate\\Support\\Facades\\DB;

class Reports
{
    public function ofCurrency(string $currency): array
    {
        return Order::query()->where('currency', $currency)->orderBy('created_at')->limit(20)->get()->all();
    }

    public function one(int $id): ?Order
    {
        return Order::query()->where('id', $id)->first();
    }

    public function all(): array
    {
        return DB::table('orders')->get()->all();
    }

    public function place(int $user, string $total): void
    {
        Order::create(['user_id' => $user, 'total' => $total, 'currency' => 'EUR']);
    }
}
"""

ORDERS = "2024_02_05_000002_create_orders_table"

_FIRST = {
    "composer.lock": lock({"laravel/framework": "v12.25.0"}),
    "artisan": "",
    ".gitignore": ".env\nvendor\n",
    "config/database.php": "<?php\nreturn ['default' => env('DB_CONNECTION', 'mysql')];\n",
    "database/migrations/2024_02_05_000001_create_users_table.php": migration(
        "users", "string('email')->unique()", "timestamps()"
    ),
    f"database/migrations/{ORDERS}.php": migration(
        "orders",
        "unsignedBigInteger('user_id')",
        "decimal('total', 8, 2)",
        "string('currency', 3)",
        "timestamps()",
    ),
    "app/Models/User.php": _USER,
    "app/Models/Order.php": _ORDER,
    "docs/SCHEMA.md": _SPECIFICATION,
    "docs/tickets/1004-audit.md": _TICKET,
    "dump.sql": _DUMP,
    "list.txt": "../shop-v1\n../shop-v2  # newer\n",
    "versions/README.md": "Revisions of Alembic.\n",
}

_SECOND = {
    "database/migrations/2024_06_01_000001_create_notes_table.php": migration(
        "notes", "foreignId('order_id')->constrained()", "text('body')->nullable()"
    ),
    "Modules/Blog/Database/Migrations/2024_06_02_000001_create_posts_table.php": migration(
        "posts", "string('title')", "timestamps()"
    ),
    "app/Services/Reports.php": _REPORTS,
}


@dataclass(frozen=True, slots=True)
class Databases:
    """Addresses of servers where databases may be made, and of one database on each that holds the shop; with trailing slash."""

    mysql: str
    pgsql: str
    mysql_shop: str
    pgsql_shop: str


def template(folder: Path) -> Path:
    """`folder` with the shop and its neighbours `shop-v1` and `shop-v2`; the shop has tags v1.0 and v2.0 and the branch main.
    `home` is that of its owner, with two repositories in `code`."""
    shop = make(folder / "shop", _FIRST)
    _git(shop, "init", "--quiet", "--initial-branch", "main")
    _commit(shop, "v1.0")
    shutil.copytree(shop, folder / "shop-v1", ignore=shutil.ignore_patterns(".git"))
    make(shop, _SECOND)
    _commit(shop, "v2.0")
    shutil.copytree(shop, folder / "shop-v2", ignore=shutil.ignore_patterns(".git"))
    (folder / "home").mkdir()
    (folder / "home" / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.org\n")
    for neighbour in ("shop-v1", "shop-v2"):
        shutil.copytree(folder / neighbour, folder / "home" / "code" / neighbour)
    return folder


def shop_of(folder: Path, databases: Databases) -> Path:
    """The shop of a copy of the template, with the `.env` that its owner would have."""
    shop = folder / "shop"
    (shop / ".env").write_text(f"DB_CONNECTION=mariadb\nDB_URL={databases.mysql_shop}\n")
    (shop / "checks").mkdir()
    (shop / "checks" / "currency.py").write_text(_own_check())
    return shop


def _own_check() -> str:
    """The check that the manual shows."""
    page = (Path(__file__).parents[2] / "docs" / "own-checks.md").read_text(encoding="utf-8")
    found = re.search(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def _commit(shop: Path, tag: str) -> None:
    _git(shop, "add", "--all")
    _git(
        shop,
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.org",
        "commit",
        "--quiet",
        "-m",
        f"Release {tag}",
    )
    _git(shop, "tag", tag)


def _git(shop: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=shop, check=True, capture_output=True, timeout=60)
