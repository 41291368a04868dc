"""Small models and migrations for the examples of checks."""

from __future__ import annotations

import textwrap


def model(
    body: str = "", name: str = "CostRecord", uses: tuple[str, ...] = (), doc: str = ""
) -> dict[str, str]:
    """A file with an Eloquent model of the given body; `uses` are classes to import beside Model, `doc` lines of its PHPDoc."""
    imports = "".join(f"use {u};\n" for u in sorted(("Illuminate\\Database\\Eloquent\\Model", *uses)))
    inside = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    phpdoc = "/**\n" + "".join(f" * {line}\n" for line in doc.splitlines()) + " */\n" if doc else ""
    text = f"<?php\n\nnamespace App\\Models;\n\n{imports}\n{phpdoc}class {name} extends Model\n{{\n{inside}\n}}\n"
    return {f"app/Models/{name}.php": text}


def table(columns: str = "", name: str = "cost_records", timestamps: bool = True) -> str:
    """A migration that makes a table with an id and `columns`, statements of a Blueprint."""
    lines = ["$table->id();", *textwrap.dedent(columns).strip().splitlines()]
    if timestamps:
        lines.append("$table->timestamps();")
    inside = "".join(f"    {line}\n" for line in lines if line)
    return f"Schema::create('{name}', function (Blueprint $table) {{\n{inside}}});\n"
