"""How faults are put into the shop: a line of a table, a method, a file that is added."""

from __future__ import annotations

from benchmarks.shop import (
    MODEL,
    ORDERS,
    REQUEST,
    SERVICE,
    Mutation,
    migration,
)

INDEX = "            $table->index(['status', 'paid_at']);\n"
END = "    public function paid(): int\n"
"""Where methods are put into the service."""


def in_orders(code: str, what: str, old: str, new: str, driver: str = "mysql") -> Mutation:
    return Mutation(code, what, ORDERS, old, new, driver=driver)


def column(code: str, what: str, line: str, driver: str = "mysql") -> Mutation:
    """One more statement in the table of orders."""
    return in_orders(code, what, INDEX, f"            {line}\n{INDEX}", driver)


def member(code: str, what: str, line: str) -> Mutation:
    """One more member of the model of orders."""
    return Mutation(code, what, MODEL, "    use HasFactory;\n", f"    use HasFactory;\n\n    {line}\n")


def method(code: str, what: str, body: str, files: tuple[tuple[str, str], ...] = ()) -> Mutation:
    """One more method of the service."""
    text = (
        f"    public function more(Order $order, Customer $customer)\n    {{\n        {body}\n    }}\n\n{END}"
    )
    return Mutation(code, what, SERVICE, END, text, files=files)


def another_table(
    code: str,
    what: str,
    name: str,
    columns: str,
    files: tuple[tuple[str, str], ...] = (),
    driver: str = "mysql",
    stamp: str = "2024_02_01_000001",
) -> Mutation:
    """One more table."""
    up = f"        Schema::create('{name}', function (Blueprint $table) {{\n            {columns}\n        }});"
    file = f"database/migrations/{stamp}_create_{name}another_table.php"
    return Mutation(
        code, what, files=((file, migration(up, f"Schema::dropIfExists('{name}');")), *files), driver=driver
    )


def two_tables(code: str, what: str, first: str, second: str) -> Mutation:
    """Two more tables."""
    one, other = (
        another_table(code, what, name, columns) for name, columns in (("fees", first), ("charges", second))
    )
    return Mutation(code, what, files=(*one.files, *other.files))


def later(code: str, what: str, statement: str, undo: str = "", stamp: str = "2024_02_01_000001") -> Mutation:
    """One more migration that changes the table of orders."""
    up = f"        Schema::table('orders', function (Blueprint $table) {{\n            {statement}\n        }});"
    down = undo or "Schema::table('orders', function (Blueprint $table) { $table->dropColumn('note'); });"
    return Mutation(
        code, what, files=((f"database/migrations/{stamp}_change_orders.php", migration(up, down)),)
    )


def rule(code: str, what: str, old: str, new: str) -> Mutation:
    return Mutation(code, what, REQUEST, old, new)


def model(name: str, body: str, uses: str = "") -> tuple[str, str]:
    text = (
        f"<?php\n\nnamespace App\\Models;\n\nuse Illuminate\\Database\\Eloquent\\Model;\n{uses}\n"
        f"class {name} extends Model\n{{\n    {body}\n}}\n"
    )
    return f"app/Models/{name}.php", text


def service(name: str, body: str, extends: str = "", members: str = "") -> tuple[str, str]:
    text = (
        "<?php\n\nnamespace App\\Services;\n\nuse App\\Models\\Customer;\nuse App\\Models\\Order;\n"
        "use Illuminate\\Support\\Facades\\Cache;\nuse Illuminate\\Support\\Facades\\DB;\n\n"
        f"class {name}{extends}\n{{\n    {members}\n"
        "    public function handle(int $id = 1, string $cost = '', string $number = '', string $currency = '')\n"
        f"    {{\n        {body}\n    }}\n}}\n"
    )
    return f"app/Services/{name}.php", text
