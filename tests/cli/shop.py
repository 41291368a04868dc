"""A small project with a specification, a ticket, migrations and models, and the console script run on it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.project.trees import lock, make

SCRIPT = Path(sys.executable).parent / "trueup"

MIGRATION = """<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('%s', function (Blueprint $table) {
            $table->id();
%s
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('%s');
    }
};
"""


def migration(table: str, *columns: str) -> str:
    return MIGRATION % (table, "\n".join(f"            $table->{column};" for column in columns), table)


SPECIFICATION = """# Orders

```sql
CREATE TABLE orders (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    total DECIMAL(10,4) NOT NULL,
    currency CHAR(3) NOT NULL
);
```
"""

TICKET = """# Audit orders

**Ticket ID**: Audit/7
**Status**: Not Started

## Description
Compare the database with docs/SPEC.md.

## Related Documentation
- [ ] docs/SPEC.md - Target schema specification
- [ ] docs/GONE.md - Notes

## Acceptance Criteria
- [ ] Complete inventory of existing vs required database tables
- [ ] Creation of tickets in: docs/tickets/implementation/
"""

SHOP: Mapping[str, str] = {
    "composer.lock": lock({"laravel/framework": "v12.25.0"}),
    "config/database.php": "<?php\nreturn ['default' => env('DB_CONNECTION', 'mysql')];\n",
    "artisan": "",
    "database/migrations/2024_01_01_000001_create_orders_table.php": migration(
        "orders", "decimal('total', 8, 2)", "string('currency', 3)"
    ),
    "database/migrations/2024_01_02_000001_create_notes_table.php": migration(
        "notes", "foreignId('order_id')->constrained()", "text('body')->nullable()"
    ),
    "app/Models/Order.php": "<?php\n\nnamespace App\\Models;\n\n"
    "use Illuminate\\Database\\Eloquent\\Model;\n\nclass Order extends Model\n{\n}\n",
    "docs/SPEC.md": SPECIFICATION,
    "docs/tickets/7-audit.md": TICKET,
}


@dataclass(frozen=True, slots=True)
class Run:
    code: int
    out: str
    err: str


def trueup(*arguments: str, cwd: Path | None = None) -> Run:
    """Runs the installed console script, as a person would, with nothing on a terminal."""
    environment = {**os.environ, "PYTHONHASHSEED": "random"}
    done = subprocess.run(
        [SCRIPT, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def shop(root: Path, changes: Mapping[str, str | bytes] | None = None) -> Path:
    return make(root, {**SHOP, **(changes or {})})


def state_of(root: Path) -> dict[str, tuple[int, str]]:
    """Every path below `root` with its time of change and its content."""
    return {
        str(path.relative_to(root)): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in sorted(root.rglob("*"))
    }
