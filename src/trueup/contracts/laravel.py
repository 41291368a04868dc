"""The contract as Laravel migrations: one file a table, for Laravel 8.37 (anonymous migrations) and later."""

from __future__ import annotations

from trueup.contracts.ai_costs import (
    ALERTS,
    BUDGETS,
    MONEY_DIGITS,
    MONEY_SCALE,
    RECORDS,
    ContractColumn,
    ContractKey,
    ContractTable,
)

_HEAD = """<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
    public function up(): void
    {
"""
_TAIL = """
    public function down(): void
    {{
        Schema::dropIfExists('{table}');
    }}
}};
"""
STAMP = "2026_01_01"


def laravel_migrations() -> dict[str, str]:
    """File name → PHP, in the order in which they run: a budget's alerts after the budgets."""
    return {
        f"{STAMP}_{number:06d}_create_{table.name}_table.php": _migration(table)
        for number, table in enumerate((RECORDS, BUDGETS, ALERTS), start=1)
    }


def _migration(table: ContractTable) -> str:
    lines = [_column(column, table) for column in table.columns]
    lines.append("")
    lines += [_key(key) for key in table.keys if not key.parent]
    body = "".join(f"            {line}\n" if line else "\n" for line in lines)
    create = (
        f"        Schema::create('{table.name}', function (Blueprint $table) {{\n{body}        }});\n    }}\n"
    )
    return _HEAD + create + _TAIL.format(table=table.name)


def _column(column: ContractColumn, table: ContractTable) -> str:
    parent = next((k.parent for k in table.keys if k.parent and k.columns == (column.name,)), "")
    if column.kind == "id":
        return "$table->id();"
    if parent:
        return f"$table->foreignId('{column.name}')->constrained('{parent}')->cascadeOnDelete();"
    call = {
        "big": f"unsignedBigInteger('{column.name}')",
        "small": f"unsignedSmallInteger('{column.name}')",
        "string": f"string('{column.name}', {column.length})",
        "money": f"decimal('{column.name}', {MONEY_DIGITS}, {MONEY_SCALE})",
        "json": f"json('{column.name}')",
        "datetime": f"dateTime('{column.name}')",
        "boolean": f"boolean('{column.name}')",
    }[column.kind]
    nullable = "->nullable()" if column.nullable else ""
    default = "" if column.default is None else f"->default({_php(column.default)})"
    return f"$table->{call}{nullable}{default};"


def _php(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f"'{value}'"


def _key(key: ContractKey) -> str:
    columns = ", ".join(f"'{name}'" for name in key.columns)
    method = "unique" if key.unique else "index"
    named = f", '{key.short}'" if key.short else ""
    return f"$table->{method}([{columns}]{named});"
