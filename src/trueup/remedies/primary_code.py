"""Primary keys as PHP: another one, one for a table that had none, one that counts from now on."""

from __future__ import annotations

from trueup.remedies.changes import IndexSpec, LetCount, NumberRows, ReplacePrimaryKey
from trueup.remedies.column_code import ColumnWriter
from trueup.remedies.definitions import php_text
from trueup.remedies.index_code import IndexWriter, look_for_duplicates
from trueup.remedies.php import Block, Piece, indented, pieces_to_lines

_ANEW = "SQLite gives a table another key only by making it anew"


class PrimaryWriter(ColumnWriter, IndexWriter):
    def _replace_primary(self, change: ReplacePrimaryKey) -> None:
        self.code.skips["sqlite"] = _ANEW
        self.code.outside_transaction = True
        self.code.up.append(look_for_duplicates(change.table, IndexSpec("", change.new, True)))
        self.code.up.append(self._other_key(change, change.new, bool(change.old), change.kept))
        self.code.down.append(self._other_key(change, change.old, True, None))

    def _other_key(
        self, change: ReplacePrimaryKey, columns: tuple[str, ...], drops: bool, adds: IndexSpec | None
    ) -> str:
        """One statement: between two of them a column that counts would have no key. Without `adds` it is the way back."""
        name, back = change.name, columns == change.old
        mysql = ["DROP PRIMARY KEY"] if drops else []
        pgsql = [f'DROP CONSTRAINT "{name}"'] if drops else []
        if columns:
            mysql.append(f"ADD PRIMARY KEY ({_quoted(columns, '`')})")
            pgsql.append(f'ADD CONSTRAINT "{name}" PRIMARY KEY ({_quoted(columns)})')
        full, before, after = self._table(change.table), list[str](), list[str]()
        if adds is not None:
            mysql.append(f"ADD UNIQUE INDEX `{adds.name}` ({_quoted(adds.columns, '`')})")
            made = f'"{adds.name}" ON "{full}" ({_quoted(adds.columns)})'
            before.append(f"CREATE UNIQUE INDEX CONCURRENTLY {made}")
        if back:
            mysql += [f"ADD INDEX `{i.name}` ({_quoted(i.columns, '`')})" for i in change.implied]
        if back and change.kept is not None:
            mysql.append(f"DROP INDEX `{change.kept.name}`")
            after.append(f'DROP INDEX CONCURRENTLY "{change.kept.name}"')
        return self._by_driver(
            mysql=[f"ALTER TABLE `{full}` {', '.join(mysql)}"],
            pgsql=[*before, f'ALTER TABLE "{full}" {", ".join(pgsql)}', *after],
        )

    def _number_rows(self, change: NumberRows) -> None:
        self.code.skips["sqlite"] = _ANEW
        added = Block(change.table, (f"{change.column.statement()}->first()",))
        self.code.up.append(_unless_sqlite([added]))
        self.code.down.append(_unless_sqlite([self._drop(change.table, change.column.name)]))

    def _let_count(self, change: LetCount) -> None:
        self.code.skips["sqlite"] = "SQLite numbers an integer key by itself"
        table, column, sequence = self._table(change.table), change.new.name, change.sequence
        head = f'ALTER TABLE "{table}" ALTER COLUMN "{column}"'
        up = [
            f'CREATE SEQUENCE "{sequence}" OWNED BY "{table}"."{column}"',
            f'SELECT setval(\'"{sequence}"\', (SELECT COALESCE(MAX("{column}"), 0) + 1 FROM "{table}"), false)',
            f"{head} SET DEFAULT nextval('{sequence}'::regclass)",
        ]
        down = [f"{head} DROP DEFAULT", f'DROP SEQUENCE "{sequence}"']
        self.code.up.append(self._by_driver(mysql=[self._modify(change.table, change.new)], pgsql=up))
        self.code.down.append(self._by_driver(mysql=[self._modify(change.table, change.old)], pgsql=down))


def _quoted(names: tuple[str, ...], mark: str = '"') -> str:
    return ", ".join(f"{mark}{n}{mark}" for n in names)


def _unless_sqlite(pieces: list[Piece]) -> str:
    lines = pieces_to_lines(pieces)
    return "\n".join([f"if (DB::getDriverName() !== {php_text('sqlite')}) {{", *indented(lines), "}"])
