"""A schema as a diagram: Mermaid's erDiagram and DBML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.report.plain import remarks

# Mermaid


def schema_mermaid(schema: Schema) -> str:
    """`erDiagram` of all tables, their columns and foreign keys."""
    lines = ["erDiagram", *(f"    {remark}" for remark in remarks(schema, "%%"))]
    tables = sorted(schema.tables, key=lambda t: t.name)
    for table in tables:
        lines.append(f"    {_entity(table.name)} {{")
        lines.extend(f"        {_mermaid_column(table, column)}" for column in table.columns)
        lines.append("    }")
    for table in tables:
        lines.extend(f"    {_relation(table, key)}" for key in table.foreign_keys)
    return "\n".join(lines) + "\n"


def _entity(name: str) -> str:
    """Names that Mermaid does not take bare are quoted."""
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else '"' + re.sub(r'["\n\r%\\]', "_", name) + '"'


def _word(text: str) -> str:
    """A type or attribute as one word of Mermaid's: letters, digits, brackets, hyphens and underscores."""
    word = re.sub(r"[^\w()\[\]-]+", "_", text).strip("_") or "unknown"
    return word if re.match(r"[A-Za-z_]", word) else f"_{word}"


def _mermaid_column(table: Table, column: Column) -> str:
    keys = _keys(table, column.name)
    comment = "" if column.nullable else ' "not null"'
    mark = f" {', '.join(keys)}" if keys else ""
    kind = column.type.split("(")[0] if column.type.startswith(("enum(", "set(")) else column.type
    return f"{_word(kind)} {_word(column.name)}{mark}{comment}"


def _keys(table: Table, column: str) -> list[str]:
    primary = table.primary_key
    keys = ["PK"] if primary and column in primary.columns else []
    if any(column in key.columns for key in table.foreign_keys):
        keys.append("FK")
    if any(i.unique and not i.primary and i.columns == (column,) and not i.where for i in table.indexes):
        keys.append("UK")
    return keys


def _relation(table: Table, key: ForeignKey) -> str:
    """Zero or one on the far side where the key may be NULL; many on this side unless the key is unique."""
    columns = [table.column(name) for name in key.columns]
    optional = any(c is not None and c.nullable for c in columns)
    single = any(i.unique and i.columns == key.columns and not i.where for i in table.indexes)
    far, near = "o|" if optional else "||", "o|" if single else "o{"
    flipped = {"o|": "|o", "||": "||"}[far]
    label = ", ".join(key.columns).replace('"', "'")
    return f'{_entity(key.foreign_table)} {flipped}--{near} {_entity(table.name)} : "{label}"'


# DBML


def schema_dbml(schema: Schema) -> str:
    """DBML: tables with columns, indexes and notes, then references."""
    tables = sorted(schema.tables, key=lambda t: t.name)
    blocks = ["\n".join(_dbml_table(table)) for table in tables]
    refs = [_ref(table, key) for table in tables for key in table.foreign_keys]
    parts = ["\n".join(remarks(schema, "//")), *blocks, "\n".join(refs)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else '"' + name.replace('"', "'") + '"'


def _string(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") + "'"


def _type(text: str) -> str:
    return text if re.fullmatch(r"\w+(\([\d, ]+\))?", text) else '"' + text.replace('"', "'") + '"'


def _dbml_table(table: Table) -> Iterator[str]:
    yield f"Table {_name(table.name)} {{"
    for column in table.columns:
        yield f"  {_name(column.name)} {_type(column.type)} [{', '.join(_settings(table, column))}]"
    listed = [line for line in map(_dbml_index, table.indexes) if line]
    if listed:
        yield "\n  indexes {"
        yield from (f"    {line}" for line in listed)
        yield "  }"
    if table.comment:
        yield f"\n  Note: {_string(table.comment)}"
    yield "}"


def _settings(table: Table, column: Column) -> Iterator[str]:
    primary = table.primary_key
    if primary and primary.columns == (column.name,):
        yield "pk"
    if column.auto_increment:
        yield "increment"
    elif column.default is not None:
        yield f"default: {_default(column.default)}"
    yield "null" if column.nullable else "not null"
    if column.comment:
        yield f"note: {_string(column.comment)}"


def _default(text: str) -> str:
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    quoted = re.fullmatch(r"'(.*)'(::[\w ()]+)?", text, re.DOTALL)
    return _string(quoted[1].replace("''", "'")) if quoted else "`" + text.replace("`", "'") + "`"


def _dbml_index(index: Index) -> str:
    if index.primary and len(index.columns) < 2:
        return ""
    parts = [_name(c) for c in index.columns] + ["`" + e.replace("`", "'") + "`" for e in index.expressions]
    if not parts:
        return ""
    traits = (
        ["pk"] if index.primary else (["unique"] if index.unique else []) + [f"name: {_string(index.name)}"]
    )
    return f"({', '.join(parts)}) [{', '.join(traits)}]"


def _ref(table: Table, key: ForeignKey) -> str:
    def side(name: str, columns: tuple[str, ...]) -> str:
        inner = ", ".join(map(_name, columns))
        return f"{_name(name)}.({inner})" if len(columns) != 1 else f"{_name(name)}.{inner}"

    actions = [
        f"{event}: {action}"
        for event, action in (("delete", key.on_delete), ("update", key.on_update))
        if action not in ("no action", "")
    ]
    suffix = f" [{', '.join(actions)}]" if actions else ""
    label = f" {_name(key.name)}" if key.name else ""
    return f"Ref{label}: {side(table.name, key.columns)} > {side(key.foreign_table, key.foreign_columns)}{suffix}"
