"""Expand and contract as PHP: a column beside the old one, filled, and put in its place."""

from __future__ import annotations

from trueup.remedies.changes import ReplaceColumn
from trueup.remedies.column_code import ColumnWriter, filling
from trueup.remedies.definitions import Definition, php_text
from trueup.remedies.index_code import IndexWriter
from trueup.remedies.php import Block
from trueup.structs import replace


class ReplacementWriter(ColumnWriter, IndexWriter):
    def _replace_column(self, change: ReplaceColumn) -> None:
        table, old, new = change.table, change.old, change.new
        swap = old.name == new.name
        beside = replace(new, name=f"{new.name}_new") if swap else new
        kept = replace(old, name=change.kept, nullable=True)
        up, down = self.code.up, self.code.down
        up.append(Block(table, (empty(beside).statement(old.name),)))
        up.append(self._copying(table, old, beside))
        if beside != empty(beside):
            up.extend(self._changed(table, empty(beside), beside))
        for was, _ in change.indexes if swap or change.drop else ():
            up.extend(self._no_index(table, was))
        if change.drop:
            up.append(self._drop(table, old.name))
        else:
            up.extend(self._changed(table, old, replace(old, nullable=True)) if not old.nullable else ())
            if swap:
                up.append(self._rename(table, old.name, change.kept))
        if swap:
            up.append(self._rename(table, beside.name, new.name))
        for _, now in change.indexes:
            up.extend(self._index(table, now))
        # The way back: the last first.
        for _, now in reversed(change.indexes):
            down.extend(self._no_index(table, now))
        if swap:
            down.append(self._rename(table, new.name, beside.name))
        if change.drop:
            down.append(Block(table, (empty(old).statement(beside.name),)))
        elif swap:
            down.append(self._rename(table, change.kept, old.name))
        down.append(self._copying(table, beside, replace(kept, name=old.name)))
        before = empty(old) if change.drop else replace(old, nullable=True)
        if old != before:
            down.extend(self._changed(table, before, old, filled=True))
        down.append(self._drop(table, beside.name))
        for was, _ in change.indexes if swap or change.drop else ():
            down.extend(self._index(table, was))

    def _copying(self, table: str, source: Definition, target: Definition) -> str:
        """In portions, and again until nothing is left to be copied."""
        there = self.framework.probe(
            "pgsql", replace(target, nullable=True, default="", now=False, comment="").statement()
        )
        cast = f'CAST("{source.name}" AS {there.type})' if there is not None else f'"{source.name}"'
        value = f"DB::raw({php_text(source.name)})"
        if source.method != target.method:
            value = f"DB::raw(DB::getDriverName() === 'pgsql' ? {php_text(cast)} : {php_text(source.name)})"
        return filling(table, target.name, value, f"->whereNotNull({php_text(source.name)})")


def empty(column: Definition) -> Definition:
    """The column as it is made beside another: a default would stand in every row already, and nothing would be copied."""
    return replace(column, nullable=True, default="", now=False, now_on_update=False)
