"""A schema as text for people: tables with aligned columns, then what would fail and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.report.plain import counted, plain


def schema_text(schema: Schema) -> str:
    """Plain text, one column a line."""
    blocks = [_head(schema)]
    blocks.extend("\n".join(_table(table)) for table in sorted(schema.tables, key=lambda t: t.name))
    if schema.notes:
        blocks.append(
            "Also made:\n" + "\n".join(f"  {n.kind} {plain(n.name)}  ({n.at})" for n in schema.notes)
        )
    if schema.failures:
        lines = [f"  {plain(str(f.at))}  {plain(f.migration)}: {plain(f.reason)}" for f in schema.failures]
        blocks.append(f"{counted(len(lines), 'migration')} would fail:\n" + "\n".join(lines))
    if schema.gaps:
        lines = [f"  {plain(str(g.at))}  {plain(g.reason)}" for g in sorted(schema.gaps)]
        blocks.append(f"{counted(len(lines), 'statement')} could not be understood:\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _head(schema: Schema) -> str:
    parts = [schema.driver, schema.server_version]
    server = " ".join(p for p in parts if p)
    framework = f", {schema.framework}" if schema.framework else ""
    return f"{server}{framework}: {counted(len(schema.tables), 'table')}"


def _table(table: Table) -> Iterator[str]:
    yield f"{plain(table.name)}  {plain(str(table.at))}".rstrip()
    names = max((len(plain(c.name)) for c in table.columns), default=0)
    types = min(max((len(plain(c.type)) for c in table.columns), default=0), 40)
    for column in table.columns:
        yield f"  {plain(column.name):<{names}}  {plain(column.type):<{types}}  {_traits(column)}".rstrip()
    for index in sorted(table.indexes, key=lambda i: (not i.primary, not i.unique, i.name)):
        yield f"  {plain(index_text(index))}"
    for key in table.foreign_keys:
        yield f"  {plain(key_text(key))}"
    for check in table.checks:
        yield f"  check {plain(check.name or '')} ({plain(check.expression)})".replace("  (", " (")


def _traits(column: Column) -> str:
    parts = ["null" if column.nullable else "not null"]
    if column.auto_increment:
        parts.append("auto increment")
    elif column.default is not None:
        parts.append(f"default {plain(column.default)}")
    if column.on_update:
        parts.append(f"on update {plain(column.on_update)}")
    if column.generated:
        parts.append(f"{'stored' if column.stored else 'virtual'} as ({plain(column.generated)})")
    if column.unknown:
        parts.append(f"(unknown: {', '.join(column.unknown)})")
    return ", ".join(parts)


def column_text(column: Column) -> str:
    """A column's type and traits on one line, without its name."""
    return f"{column.type} {_traits(column)}"


def index_text(index: Index) -> str:
    """An index on one line: kind, name, columns, predicate."""
    kind = "primary key" if index.primary else "unique" if index.unique else "index"
    special = f" {index.kind}" if index.kind not in ("btree", "") else ""
    name = "" if index.primary else f" {index.name}"
    parts = ", ".join((*index.columns, *index.expressions))
    where = f" where {index.where}" if index.where else ""
    implied = "  made by the server itself" if index.implied else ""
    return f"{kind}{special}{name} ({parts}){where}{implied}"


def key_text(key: ForeignKey) -> str:
    """A foreign key on one line."""
    actions = "".join(
        f" on {event} {action}"
        for event, action in (("delete", key.on_delete), ("update", key.on_update))
        if action not in ("no action", "")
    )
    name = f" {key.name}" if key.name else ""
    columns, targets = ", ".join(key.columns), ", ".join(key.foreign_columns)
    return f"foreign key{name} ({columns}) → {key.foreign_table} ({targets}){actions}"
