"""What the examples of these checks share."""

from __future__ import annotations

from collections.abc import Mapping

MIGRATION = """
    Schema::create('budgets', function (Blueprint $table) {
        $table->id();
        $table->unsignedBigInteger('user_id')->unique();
        $table->decimal('limit_amount', 12, 4);
        $table->decimal('balance', 12, 4);
        $table->unsignedInteger('calls');
    });
    Schema::create('costs', function (Blueprint $table) {
        $table->id();
        $table->unsignedBigInteger('user_id');
        $table->string('reference', 40);
        $table->decimal('cost', 12, 4);
    });
"""
_HEAD = """
    <?php
    namespace App\\Services;
    use App\\Models\\Budget;
    use Illuminate\\Support\\Facades\\Cache;
    use Illuminate\\Support\\Facades\\DB;
"""
_MODEL = """
    <?php
    namespace App\\Models;
    use Illuminate\\Database\\Eloquent\\Model;
    class Budget extends Model { public $timestamps = false; protected $guarded = []; }
"""


def service(body: str, extends: str = "") -> Mapping[str, str]:
    """A class `Spend` with these methods, and the model that it uses."""
    head = "\n".join(line[4:] for line in _HEAD.strip("\n").splitlines())
    lines = "\n".join(
        f"    {line[8:]}" if line.startswith(" " * 8) else line for line in body.strip("\n").splitlines()
    )
    return {
        "app/Services/Spend.php": f"{head}\n\nclass Spend{extends}\n{{\n{lines}\n}}\n",
        "app/Models/Budget.php": _MODEL,
    }
