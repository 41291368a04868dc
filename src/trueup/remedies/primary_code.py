"""Primary keys as PHP: another one, one for a table that had none, one that counts from now on."""

from __future__ import annotations

from trueup.remedies.changes import IndexSpec, LetCount, NumberRows, ReplacePrimaryKey
from trueup.remedies.column_code import ColumnWriter
from trueup.remedies.index_code import IndexWriter, look_for_duplicates
from trueup.remedies.php import Block, Piece, indented, pieces_to_lines
from trueup.remedies.primary_sql import Statements, of_counting, of_replacement

_ANEW = "SQLite gives a table another key only by making it anew"


class PrimaryWriter(ColumnWriter, IndexWriter):
    def _replace_primary(self, change: ReplacePrimaryKey) -> None:
        self.code.skips["sqlite"] = _ANEW
        self.code.outside_transaction = True
        self.code.up.append(look_for_duplicates(change.table, IndexSpec("", change.new, True)))
        self._stated(of_replacement(change, self._table(change.table)))

    def _number_rows(self, change: NumberRows) -> None:
        self.code.skips["sqlite"] = _ANEW
        added = Block(change.table, (f"{change.column.statement()}->first()",))
        self.code.up.append(_unless_sqlite([added]))
        self.code.down.append(_unless_sqlite([self._drop(change.table, change.column.name)]))

    def _let_count(self, change: LetCount) -> None:
        self.code.skips["sqlite"] = "SQLite numbers an integer key by itself"
        counts, counts_not = (self._modify(change.table, c) for c in (change.new, change.old))
        self._stated(of_counting(change, self._table(change.table), counts, counts_not))

    def _stated(self, statements: Statements) -> None:
        mysql, pgsql = statements.mysql, statements.pgsql
        self.code.up.append(self._by_driver(mysql=list(mysql[0]), pgsql=list(pgsql[0])))
        self.code.down.append(self._by_driver(mysql=list(mysql[1]), pgsql=list(pgsql[1])))


def _unless_sqlite(pieces: list[Piece]) -> str:
    lines = pieces_to_lines(pieces)
    return "\n".join(["if (DB::getDriverName() !== 'sqlite') {", *indented(lines), "}"])
