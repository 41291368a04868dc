"""Changes as PHP: statements of `up()` and `down()`, for every driver that the framework knows."""

from __future__ import annotations

from trueup.remedies.changes import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    Change,
    ChangeColumn,
    CreateTable,
    DropColumn,
    DropIndex,
    LetCount,
    NumberRows,
    RenameTable,
    ReplaceColumn,
    ReplaceForeignKey,
    ReplacePrimaryKey,
)
from trueup.remedies.definitions import php_list, php_text
from trueup.remedies.index_code import index_call, key_call
from trueup.remedies.php import Block, Code, Framework, Piece, closure
from trueup.remedies.primary_code import PrimaryWriter
from trueup.remedies.replacement_code import ReplacementWriter


def render(changes: tuple[Change, ...], framework: Framework) -> Code:
    """The changes in order; `down()` goes the other way."""
    code = Code()
    writer = _Writer(framework, code)
    undone: list[list[Piece]] = []
    for change in changes:
        before = len(code.down)
        writer.write(change)
        undone.append(code.down[before:])
        del code.down[before:]
    code.down = [piece for pieces in reversed(undone) for piece in pieces]
    return code


class _Writer(ReplacementWriter, PrimaryWriter):
    def write(self, change: Change) -> None:
        match change:
            case CreateTable():
                self._create(change)
            case RenameTable(table, to):
                self.code.up.append(f"Schema::rename({php_text(table)}, {php_text(to)});")
                self.code.down.append(f"Schema::rename({php_text(to)}, {php_text(table)});")
            case AddColumn():
                self._add_column(change)
            case DropColumn(table, column, after):
                self.code.up.append(self._drop(table, column.name))
                self.code.down.append(Block(table, (column.statement(after),)))
            case ChangeColumn():
                self._change_column(change)
            case ReplaceColumn(table):
                inner = _Writer(self.framework, Code())
                inner._replace_column(change)
                self.code.outside_transaction = True
                self.code.up.extend(self._except_sqlite(table, inner.code.up))
                self.code.down.extend(self._except_sqlite(table, inner.code.down))
            case AddIndex(table, index, implied):
                self.code.up.extend(self._index(table, index))
                self.code.down.extend(self._no_index(table, index, implied))
            case DropIndex(table, index):
                self.code.up.extend(self._no_index(table, index))
                self.code.down.extend(self._index(table, index))
            case AddForeignKey():
                self._add_key(change)
            case ReplaceForeignKey(table, old, new):
                self.code.up.extend(
                    self._except_sqlite(table, [self._no_key(table, old), *self._key(table, new)])
                )
                self.code.down.extend(
                    self._except_sqlite(table, [self._no_key(table, new), *self._key(table, old)])
                )
            case ReplacePrimaryKey():
                self._replace_primary(change)
            case NumberRows():
                self._number_rows(change)
            case LetCount():
                self._let_count(change)
            case AddCheck():
                self._check(change)

    def _create(self, change: CreateTable) -> None:
        lines = [column.statement() for column in change.columns]
        if change.primary:
            lines.append(f"$table->primary({php_list(change.primary)})")
        lines += [index_call(index) for index in change.indexes]
        lines += [key_call(key) for key in change.keys]
        self.code.up.append(closure("create", change.table, tuple(lines)))
        self.code.down.append(f"Schema::dropIfExists({php_text(change.table)});")
        for check in change.checks:
            self._check(AddCheck(change.table, check), undo=False)
