"""Migration files for tests, written from the statements of their up()."""

from __future__ import annotations

HEAD = """<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
    public function up(): void
    {
"""
TAIL = """    }

    public function down(): void
    {
    }
};
"""


def migration(*statements: str) -> str:
    """A migration file whose up() consists of `statements`."""
    return HEAD + "".join(f"        {statement}\n" for statement in statements) + TAIL


def create(table: str, *columns: str) -> str:
    """Schema::create with one Blueprint call for each of `columns` (without "$table->" and ";")."""
    return _schema("create", table, columns)


def alter(table: str, *columns: str) -> str:
    """Schema::table, as `create`."""
    return _schema("table", table, columns)


def guarded(condition: str, statement: str) -> str:
    return f"if ({condition}) {{ {statement} }}"


def sequence(*files: str) -> dict[str, str]:
    """The files under names that run in this order."""
    return {f"2024_01_01_{number:06d}_step.php": text for number, text in enumerate(files, start=1)}


def _schema(method: str, table: str, columns: tuple[str, ...]) -> str:
    lines = "".join(f"            $table->{column};\n" for column in columns)
    return f"Schema::{method}('{table}', function (Blueprint $table) {{\n{lines}        }});"
