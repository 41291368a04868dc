"""Synthetic Laravel projects of any size, for the measurements of speed.py.

Size 1 is an application of 40 tables, 50 migrations and some 500 files; size n has n times as many of everything, in modules of the
same shape with names of their own, so that only the size differs."""

from __future__ import annotations

from pathlib import Path

TABLES = 40
FILES_A_TABLE = 12
ALTERED = 4
"""Every fourth table is altered later by a migration of its own."""

_MIGRATION = """<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{{
    public function up(): void
    {{
        Schema::{verb}('{table}', function (Blueprint $table) {{
{columns}
        }});
    }}

    public function down(): void
    {{
        {down}
    }}
}};
"""
_COLUMNS = """            $table->id();
            $table->foreignId('parent_id')->nullable()->index();
            $table->string('name', 120);
            $table->string('status', 20)->default('open');
            $table->decimal('amount', 12, 4)->default(0);
            $table->unsignedInteger('position')->default(0);
            $table->json('settings')->nullable();
            $table->timestamp('closed_at')->nullable();
            $table->timestamps();
            $table->unique(['name', 'status']);"""
_MODEL = """<?php

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Factories\\HasFactory;
use Illuminate\\Database\\Eloquent\\Model;
use Illuminate\\Database\\Eloquent\\Relations\\BelongsTo;
use Illuminate\\Database\\Eloquent\\Relations\\HasMany;

class {name} extends Model
{{
    use HasFactory;

    protected $table = '{table}';

    protected $fillable = ['parent_id', 'name', 'status', 'amount', 'position', 'settings', 'closed_at'];

    protected $casts = ['amount' => 'decimal:4', 'settings' => 'array', 'closed_at' => 'datetime'];

    public function parent(): BelongsTo
    {{
        return $this->belongsTo(self::class, 'parent_id');
    }}

    public function children(): HasMany
    {{
        return $this->hasMany(self::class, 'parent_id');
    }}

    public function scopeOpen($query)
    {{
        return $query->where('status', 'open')->whereNull('closed_at');
    }}
}}
"""
_SERVICE = """<?php

namespace App\\Services;

use App\\Models\\{name};
use Illuminate\\Support\\Facades\\DB;

class {name}Service{number}
{{
    public function open(int $parent)
    {{
        return {name}::open()->where('parent_id', $parent)->orderBy('position')->limit(50)->get();
    }}

    public function total(string $status): string
    {{
        return (string) DB::table('{table}')->where('status', $status)->sum('amount');
    }}

    public function rename({name} $row, string $name): void
    {{
        $row->update(['name' => $name]);
        foreach ($row->children()->get() as $child) {{
            $this->touch($child);
        }}
    }}

    private function touch({name} $row): void
    {{
        $row->position = $row->position + 1;
        $row->save();
    }}
}}
"""
_PLAIN = """<?php

namespace App\\Support;

/** Code as every application has it, that asks nothing of a database. */
final class {name}Text{number}
{{
    private array $words = [];

    public function __construct(private string $separator = ', ', private int $limit = 80)
    {{
    }}

    public function add(string $word): self
    {{
        if ($word !== '' && !in_array($word, $this->words, true)) {{
            $this->words[] = trim($word);
        }}

        return $this;
    }}

    public function render(): string
    {{
        $text = implode($this->separator, array_map('ucfirst', $this->words));

        return mb_strlen($text) > $this->limit ? mb_substr($text, 0, $this->limit) . '…' : $text;
    }}
}}
"""
_TEST = """<?php

namespace Tests\\Feature;

use App\\Models\\{name};
use Illuminate\\Foundation\\Testing\\RefreshDatabase;
use Tests\\TestCase;

class {name}Test extends TestCase
{{
    use RefreshDatabase;

    public function test_it_is_kept(): void
    {{
        {name}::create(['name' => 'first', 'status' => 'open']);

        $this->assertDatabaseHas('{table}', ['name' => 'first']);
    }}
}}
"""


def write_project(root: Path, size: int) -> None:
    """Writes a project of `size` into `root`, which is made."""
    _write(root / "composer.json", '{"name": "growth/growth", "require": {"laravel/framework": "^11.0"}}')
    _write(root / ".env.example", "DB_CONNECTION=mysql\n")
    for number in range(TABLES * size):
        _write_module(root, number)


def _write_module(root: Path, number: int) -> None:
    name, table = f"Thing{number:05}", f"thing{number:05}s"
    names = {"name": name, "table": table}
    migrations = root / "database/migrations"
    created = _MIGRATION.format(
        verb="create", columns=_COLUMNS, down=f"Schema::dropIfExists('{table}');", **names
    )
    _write(migrations / f"2024_01_01_{number:06}_create_{table}.php", created)
    if number % ALTERED == 0:
        columns = "            $table->string('note')->nullable();\n            $table->index('closed_at');"
        down = (
            f"Schema::table('{table}', function (Blueprint $table) {{\n"
            "            $table->dropIndex(['closed_at']);\n            $table->dropColumn('note');\n        });"
        )
        altered = _MIGRATION.format(verb="table", columns=columns, down=down, **names)
        _write(migrations / f"2024_02_01_{number:06}_alter_{table}.php", altered)
    _write(root / f"app/Models/{name}.php", _MODEL.format(**names))
    _write(root / f"tests/Feature/{name}Test.php", _TEST.format(**names))
    for part in range(FILES_A_TABLE - 3):
        text, folder, kind = (
            (_SERVICE, "Services", "Service") if part % 3 == 0 else (_PLAIN, "Support", "Text")
        )
        _write(root / f"app/{folder}/{name}{kind}{part}.php", text.format(number=part, **names))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
