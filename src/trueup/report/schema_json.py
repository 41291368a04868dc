"""A schema as `trueup.schema/1`: one line a column, index and key, so that two of them can be compared by eye."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from trueup.model.locations import Location
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table

FORMAT = "trueup.schema/1"

Value = None | bool | int | str | list[str] | Mapping[str, "Value"]


def schema_json(schema: Schema) -> str:
    """The schema as JSON text, sorted, the same bytes for the same schema."""
    head = {"format": FORMAT, "driver": schema.driver, "framework": schema.framework}
    failures = [
        {"migration": f.migration, "file": f.at.file, "line": f.at.line, "reason": f.reason}
        for f in schema.failures
    ]
    gaps = [{"file": g.at.file, "line": g.at.line, "reason": g.reason} for g in sorted(schema.gaps)]
    parts = [f"{_text(key)}: {_text(value)}" for key, value in head.items()]
    parts.append(f'"tables": {_array(_table(t) for t in sorted(schema.tables, key=lambda t: t.name))}')
    parts.append(f'"failures": {_array(_text(f) for f in failures)}')
    parts.append(f'"gaps": {_array(_text(g) for g in gaps)}')
    return "{" + ",\n ".join(parts) + "}\n"


def _table(table: Table) -> str:
    parts = [
        f'{{"name": {_text(table.name)}, "at": {_text(_at(table.at))}',
        f'"columns": {_array((_text(_column(c)) for c in table.columns), 4)}',
        f'"indexes": {_array((_text(_index(i)) for i in table.indexes), 4)}',
        f'"foreign_keys": {_array((_text(_key(k)) for k in table.foreign_keys), 4)}}}',
    ]
    return ",\n   ".join(parts)


def _column(column: Column) -> Mapping[str, Value]:
    return {
        "name": column.name,
        "type": column.type,
        "nullable": column.nullable,
        "default": column.default,
        "auto_increment": column.auto_increment,
        "at": _at(column.at),
    }


def _index(index: Index) -> Mapping[str, Value]:
    return {
        "name": index.name,
        "columns": list(index.columns),
        "unique": index.unique,
        "primary": index.primary,
        "at": _at(index.at),
    }


def _key(key: ForeignKey) -> Mapping[str, Value]:
    return {
        "name": key.name,
        "columns": list(key.columns),
        "foreign_table": key.foreign_table,
        "foreign_columns": list(key.foreign_columns),
        "on_delete": key.on_delete,
        "on_update": key.on_update,
        "at": _at(key.at),
    }


def _at(at: Location) -> Mapping[str, Value]:
    return {"file": at.file, "line": at.line} if at.file else {}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(items: Iterable[str], indent: int = 2) -> str:
    """Items one a line; "[]" for none."""
    listed = list(items)
    if not listed:
        return "[]"
    gap = "\n" + " " * indent
    return f"[{gap}{f',{gap}'.join(listed)}]"
