"""Random edits of a small project, each of a kind that people and tools make."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

FILES = {
    "composer.json": '{"name": "shop/shop", "require": {"laravel/framework": "^11.0"}}',
    "composer.lock": '{"packages": [{"name": "laravel/framework", "version": "v11.5.0"}]}',
    ".env.example": "DB_CONNECTION=mysql\n",
    ".gitignore": "/ignored\n",
    "docs/SPEC.md": "# Schema\n\n```sql\n"
    "CREATE TABLE orders (id BIGINT PRIMARY KEY, total DECIMAL(10,2) NOT NULL, note TEXT);\n```\n",
    "docs/ticket.md": "# Audit\n\n**Ticket ID**: Audit/1\n\n"
    "## Related Files\n- [ ] app/Reports.php - reports\n- [ ] docs/SPEC.md - schema\n",
    "database/migrations/2024_01_01_000001_create_orders.php": (
        "<?php\nuse Illuminate\\Support\\Facades\\Schema;\nuse Illuminate\\Database\\Schema\\Blueprint;\n"
        "return new class extends Illuminate\\Database\\Migrations\\Migration {\n    public function up() {\n"
        "        Schema::create('orders', function (Blueprint $table) {\n            $table->id();\n"
        "            $table->decimal('total', 8, 2);\n        });\n    }\n};\n"
    ),
    "app/Models/Order.php": (
        "<?php\nnamespace App\\Models;\nuse Illuminate\\Database\\Eloquent\\Model;\n"
        "class Order extends Model { protected $fillable = ['total', 'gone']; }\n"
    ),
    "app/Reports.php": (
        "<?php\nnamespace App;\nuse App\\Models\\Order;\nuse Illuminate\\Support\\Facades\\DB;\n"
        "class Reports {\n    public function month() { return Order::where('paid', 1)->get(); }\n"
        "    public function old() { return DB::table('old_orders')->count(); }\n}\n"
    ),
    "app/Models/Base.php": (
        "<?php\nnamespace App\\Models;\nuse App\\Concerns\\Paid;\nuse Illuminate\\Database\\Eloquent\\Model;\n"
        "abstract class Base extends Model { use Paid; public function total() { return $this->sum('total'); } }\n"
    ),
    "app/Models/Line.php": (
        "<?php\nnamespace App\\Models;\nclass Line extends Base {\n    protected $table = 'lines';\n"
        "    public function order() { return $this->belongsTo(Order::class); }\n}\n"
    ),
    "app/Concerns/Paid.php": (
        "<?php\nnamespace App\\Concerns;\ntrait Paid {\n    public function scopePaid($query) { $query->where('paid', 1); }\n"
        "    public function lines() { return $this->hasMany(\\App\\Models\\Line::class); }\n}\n"
    ),
    "app/Services/Till.php": (
        "<?php\nnamespace App\\Services;\nuse App\\Models\\{Line, Order};\nuse App\\Reports;\n"
        "class Till {\n    public function __construct(private Reports $reports) {}\n"
        "    public function pay(Order $order, $limit) {\n"
        "        if (Order::where('paid', 1)->sum('total') > $limit) { throw new \\LimitExceeded(); }\n"
        "        Order::create(['total' => 1]);\n        $order->total += 1;\n        $order->save();\n"
        "        return $this->reports->month()->first()->lines()->paid()->get();\n    }\n}\n"
    ),
    "app/helpers.php": "<?php\nfunction paid_orders() { return \\App\\Models\\Order::where('paid', 1); }\n",
    "app/Totals.php": (
        "<?php\nnamespace App;\nclass Totals {\n"
        "    public function all() { return paid_orders()->where('gone', 2)->sum('total'); }\n}\n"
    ),
    "config/auth.php": "<?php\nreturn ['model' => App\\Models\\Order::class, 'table' => 'orders'];\n",
    "tests/TestCase.php": (
        "<?php\nnamespace Tests;\nuse Illuminate\\Foundation\\Testing\\RefreshDatabase;\n"
        "abstract class TestCase extends \\PHPUnit\\Framework\\TestCase { use RefreshDatabase; }\n"
    ),
    "tests/TillTest.php": (
        "<?php\nnamespace Tests;\nuse App\\Models\\Order;\nclass TillTest extends TestCase {\n"
        "    public function test_it() { Order::create(['total' => 2]); $this->assertDatabaseHas('orders', ['gone' => 1]); }\n}\n"
    ),
    "resources/js/app.js": "orders\n",
}


_CODE = (
    "Order",
    "Line",
    "Base",
    "Model",
    "Paid",
    "abstract ",
    "lines",
    "Reports",
    "RefreshDatabase",
    "TestCase",
    "class ",
)


def write_project(root: Path) -> None:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def edit(root: Path, chance: random.Random) -> str:
    """Changes something; says what."""
    kind = chance.choice(
        [_word, _word, _word, _line, _add, _remove, _rename, _touch, _link, _restore, _same_size]
    )
    return f"{kind.__name__} {kind(root, chance)}"


def edit_code(root: Path, chance: random.Random) -> str:
    """Changes a PHP file of any project, or takes one away; says which."""
    files = sorted(p for p in root.rglob("*.php") if p.is_file() and not p.is_symlink())
    file = chance.choice(files)
    lines = file.read_bytes().splitlines(keepends=True) or [b"<?php\n"]
    line, other = chance.randrange(len(lines)), chance.choice(files).read_bytes().splitlines(keepends=True)
    kind = chance.choice(["drop", "repeat", "shift", "swap", "mix", "remove"])
    if kind == "remove" and chance.random() < 0.5:
        file.unlink()
        return f"remove {file.relative_to(root)}"
    if kind == "drop":
        del lines[line]
    elif kind == "repeat":
        lines.insert(line, lines[line])
    elif kind == "shift":
        lines.insert(1, b"\n")
    elif kind == "swap":
        lines[line] = lines[line].swapcase()
    elif other:
        lines[line] = chance.choice(other)
    file.write_bytes(b"".join(lines))
    return f"{kind} line {line + 1} of {file.relative_to(root)}"


def _some(root: Path, chance: random.Random) -> Path:
    files = sorted(
        p for p in root.rglob("*") if p.is_file() and not p.is_symlink() and p.name != "composer.json"
    )
    return chance.choice(files)


def _changed(root: Path, chance: random.Random, change: Callable[[str], str]) -> str:
    file = _some(root, chance)
    file.write_text(change(file.read_text()))
    return str(file.relative_to(root))


def _word(root: Path, chance: random.Random) -> str:
    old = chance.choice(
        ["total", "orders", "paid", "gone", "id", "note", "mysql", "11.5.0", "8, 2", "get", "ignored", *_CODE]
    )
    new = chance.choice(
        ["total", "orders", "note", "sum", "old_orders", "pgsql", "9.1.0", "10, 2", "count", "app", *_CODE]
    )
    return f"{_changed(root, chance, lambda text: text.replace(old, new))} {old} {new}"


def _same_size(root: Path, chance: random.Random) -> str:
    """The same number of bytes, and the modification time put back: what only a look inside can tell."""
    file = _some(root, chance)
    before = file.stat()
    file.write_text(file.read_text().swapcase())
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    return str(file.relative_to(root))


def _line(root: Path, chance: random.Random) -> str:
    return _changed(root, chance, lambda text: text.replace("\n", "\n\n", 1))


def _add(root: Path, chance: random.Random) -> str:
    name = chance.choice(
        [
            "app/More.php",
            "docs/MORE.md",
            "ignored/Some.php",
            "app/Models/More.php",
            "vendor/x.php",
            "tests/MoreTest.php",
        ]
    )
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(chance.choice(list(FILES.values())))
    return name


def _remove(root: Path, chance: random.Random) -> str:
    file = _some(root, chance)
    file.unlink()
    return str(file.relative_to(root))


def _rename(root: Path, chance: random.Random) -> str:
    file = _some(root, chance)
    file.rename(file.with_name("renamed" + file.suffix))
    return str(file.relative_to(root))


def _touch(root: Path, chance: random.Random) -> str:
    file = _some(root, chance)
    os.utime(file)
    return str(file.relative_to(root))


def _link(root: Path, chance: random.Random) -> str:
    link = root / "app" / f"link{chance.randrange(3)}.php"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(chance.choice(["Reports.php", "/etc", "nowhere"]))
    return link.name


def _restore(root: Path, chance: random.Random) -> str:
    name = chance.choice(list(FILES))
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(FILES[name])
    return name
