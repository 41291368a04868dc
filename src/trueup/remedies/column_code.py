"""Columns as PHP: added, changed in place, dropped, renamed."""

from __future__ import annotations

from trueup.model.schema import Table
from trueup.remedies.changes import AddColumn, ChangeColumn
from trueup.remedies.definitions import Definition, Unmendable, php_text
from trueup.remedies.php import Block, Piece, Speaker, indented, pieces_to_lines, short
from trueup.sources.sql.writing import Writer as DdlWriter
from trueup.structs import replace

PORTION = 1000
"""Rows that a filling changes at a time, so that no lock is held for long."""

_EMPTY = Table("")
"""The writer asks a table only for the names of PostgreSQL's sequences."""


class ColumnWriter(Speaker):
    def _add_column(self, change: AddColumn) -> None:
        column = change.column
        self.code.down.append(self._drop(change.table, column.name))
        if not change.fill:
            self.code.up.append(Block(change.table, (column.statement(change.after),)))
            return
        self.code.outside_transaction = True
        self.code.up.append(Block(change.table, (replace(column, nullable=True).statement(change.after),)))
        self.code.up.append(filling(change.table, column.name, change.fill))
        self.code.up.extend(self._changed(change.table, replace(column, nullable=True), column))

    def _change_column(self, change: ChangeColumn) -> None:
        if change.fill:
            self.code.outside_transaction = True
            self.code.up.append(filling(change.table, change.new.name, change.fill))
        self.code.up.extend(self._changed(change.table, change.old, change.new))
        self.code.down.extend(self._changed(change.table, change.new, change.old, filled=True))

    def _changed(self, table: str, old: Definition, new: Definition, filled: bool = False) -> list[Piece]:
        """The statements that turn one definition into another of the same name. `filled`: it was NOT NULL before."""
        by_blueprint: list[Piece] = [Block(table, (f"{new.statement()}->change()",))]
        if self._why_not_sqlite(table):
            by_blueprint = self._except_sqlite(table, by_blueprint)
        if old.method == new.method == "enum" and old.arguments != new.arguments:
            return self._other_values(table, old, new)
        if replace(old, now_on_update=new.now_on_update) == new:
            return self._only_mysql(table, by_blueprint, new)
        tightens = old.nullable and not new.nullable
        if self.framework.native and not (tightens and not filled):
            return by_blueprint
        pgsql = self._pgsql_change(table, old, new, careful=tightens and not filled)
        if self.framework.native:
            return [self._by_driver(pgsql=pgsql, other=by_blueprint)]
        return [self._by_driver(mysql=[self._modify(table, new)], pgsql=pgsql)]

    def _only_mysql(self, table: str, by_blueprint: list[Piece], new: Definition) -> list[Piece]:
        """ON UPDATE is MySQL's alone."""
        for driver in ("pgsql", "sqlite"):
            self.code.skips[driver] = "only MySQL and MariaDB have ON UPDATE"
        if not self.framework.native:
            return [self._by_driver(mysql=[self._modify(table, new)])]
        head = "if (in_array(DB::getDriverName(), ['mysql', 'mariadb'], true)) {"
        return [
            "\n".join(
                [head, *indented(pieces_to_lines([Block(table, (f"{new.statement()}->change()",))])), "}"]
            )
        ]

    def _other_values(self, table: str, old: Definition, new: Definition) -> list[Piece]:
        """An ENUM is a type on MySQL and a CHECK on PostgreSQL and SQLite."""
        name = short(f"{self._table(table)}_{new.name}_check")
        head = f'ALTER TABLE "{self._table(table)}"'
        values = new.arguments[0].strip("[]")
        pgsql = [
            f'{head} DROP CONSTRAINT IF EXISTS "{name}"',
            f'{head} ADD CONSTRAINT "{name}" CHECK ("{new.name}" in ({values})) NOT VALID',
            f'{head} VALIDATE CONSTRAINT "{name}"',
        ]
        self.code.skips["sqlite"] = "SQLite takes a CHECK (the values of an ENUM) only when the table is made"
        return [self._by_driver(mysql=[self._modify(table, new)], pgsql=pgsql)]

    def _modify(self, table: str, new: Definition) -> str:
        column = self.framework.probe("mysql", new.statement())
        if column is None:
            raise Unmendable(f"MySQL makes no column of {new.statement()}")
        writer = DdlWriter("mysql")
        return f"ALTER TABLE `{self._table(table)}` MODIFY {writer.column(_EMPTY, replace(column, charset=None, collation=None))}"

    def _pgsql_change(self, table: str, old: Definition, new: Definition, careful: bool) -> list[str]:
        was, now = (self.framework.probe("pgsql", d.statement()) for d in (old, new))
        if was is None or now is None:
            raise Unmendable(f"PostgreSQL makes no column of {new.statement()}")
        head, name = f'ALTER TABLE "{self._table(table)}"', f'"{new.name}"'
        made = []
        if was.type != now.type:
            made.append(f"{head} ALTER COLUMN {name} TYPE {now.type} USING {name}::{now.type}")
        if was.default != now.default:
            to = f"SET DEFAULT {now.default}" if now.default is not None else "DROP DEFAULT"
            made.append(f"{head} ALTER COLUMN {name} {to}")
        if was.nullable != now.nullable and now.nullable:
            made.append(f"{head} ALTER COLUMN {name} DROP NOT NULL")
        elif was.nullable != now.nullable:
            made += _not_null(head, name, f'"{short(f"{table}_{new.name}_not_null")}"', careful)
        if (was.comment or "") != (now.comment or ""):
            text = "'" + now.comment.replace("'", "''") + "'" if now.comment else "NULL"
            made.append(f'COMMENT ON COLUMN "{self._table(table)}".{name} IS {text}')
        return made

    def _drop(self, table: str, name: str) -> Piece:
        """doctrine/dbal drops a column on SQLite by making the table anew, and spells the other columns anew at that."""
        if self.framework.native:
            return Block(table, (f"$table->dropColumn({php_text(name)})",))
        quoted = f'ALTER TABLE "{self._table(table)}" DROP COLUMN "{name}"'
        return self._by_driver(
            mysql=[quoted.replace('"', "`")], other=[f"DB::statement({php_text(quoted)});"]
        )

    def _rename(self, table: str, name: str, to: str) -> Piece:
        if self.framework.native:
            return Block(table, (f"$table->renameColumn({php_text(name)}, {php_text(to)})",))
        quoted = f'ALTER TABLE "{self._table(table)}" RENAME COLUMN "{name}" TO "{to}"'
        return self._by_driver(
            mysql=[quoted.replace('"', "`")], other=[f"DB::statement({php_text(quoted)});"]
        )


def filling(table: str, column: str, value: str, where: str = "") -> str:
    query = f"DB::table({php_text(table)})->whereNull({php_text(column)}){where}->limit({PORTION})"
    update = f"->update([{php_text(column)} => {value}])"
    return f"do {{\n    $filled = {query}\n        {update};\n}} while ($filled > 0);"


def _not_null(head: str, name: str, constraint: str, careful: bool) -> list[str]:
    """With a validated CHECK, PostgreSQL need not read the table under its strongest lock (manual, ALTER TABLE, SET NOT NULL)."""
    plain = f"{head} ALTER COLUMN {name} SET NOT NULL"
    if not careful:
        return [plain]
    return [
        f"{head} ADD CONSTRAINT {constraint} CHECK ({name} IS NOT NULL) NOT VALID",
        f"{head} VALIDATE CONSTRAINT {constraint}",
        plain,
        f"{head} DROP CONSTRAINT {constraint}",
    ]
