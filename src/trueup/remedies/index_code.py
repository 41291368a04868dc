"""Indexes, foreign keys and checks as PHP."""

from __future__ import annotations

from trueup.remedies.changes import AddCheck, AddForeignKey, IndexSpec, KeySpec
from trueup.remedies.definitions import php_list, php_text
from trueup.remedies.php import Block, Piece, Speaker


class IndexWriter(Speaker):
    def _index(self, table: str, index: IndexSpec, looked_for: bool = True) -> list[Piece]:
        if index.kind:
            return [Block(table, (index_call(index),))]
        self.code.outside_transaction = True
        word = "UNIQUE INDEX" if index.unique else "INDEX"
        names, backticked = (", ".join(f"{q}{c}{q}" for c in index.columns) for q in ('"', "`"))
        pgsql = f'CREATE {word} CONCURRENTLY "{index.name}" ON "{self._table(table)}" ({names})'
        mysql = f"ALTER TABLE `{self._table(table)}` ADD {word} `{index.name}` ({backticked}), ALGORITHM=INPLACE, LOCK=NONE"
        looks = [look_for_duplicates(table, index)] if index.unique and looked_for else []
        return [
            *looks,
            self._by_driver(mysql=[mysql], pgsql=[pgsql], other=[Block(table, (index_call(index),))]),
        ]

    def _no_index(self, table: str, index: IndexSpec, implied: IndexSpec | None = None) -> list[Piece]:
        word = {"fulltext": "FullText", "spatial": "SpatialIndex"}.get(
            index.kind, "Unique" if index.unique else "Index"
        )
        by_blueprint = Block(table, (f"$table->drop{word}({php_text(index.name)})",))
        if index.kind:
            return [by_blueprint]
        self.code.outside_transaction = True
        pgsql = [f'DROP INDEX CONCURRENTLY "{index.name}"']
        if (
            index.unique
        ):  # made as a constraint by `$table->unique()`, as an index by the statement of `_index`
            pgsql = [
                f'ALTER TABLE "{self._table(table)}" DROP CONSTRAINT IF EXISTS "{index.name}"',
                f'DROP INDEX CONCURRENTLY IF EXISTS "{index.name}"',
            ]
        mysql = []
        if implied is not None:
            columns = ", ".join(f"`{c}`" for c in implied.columns)
            back = f"ADD INDEX `{implied.name}` ({columns}), DROP INDEX `{index.name}`"
            mysql = [f"ALTER TABLE `{self._table(table)}` {back}"]
        return [self._by_driver(mysql=mysql, pgsql=pgsql, other=[by_blueprint])]

    def _key(self, table: str, key: KeySpec) -> list[Piece]:
        self.code.outside_transaction = True
        ours, theirs = (", ".join(f'"{c}"' for c in cs) for cs in (key.columns, key.foreign_columns))
        actions = "".join(
            f" ON {verb} {action.upper()}"
            for verb, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update))
            if action
        )
        head = f'ALTER TABLE "{self._table(table)}"'
        pgsql = [
            f'{head} ADD CONSTRAINT "{key.name}" FOREIGN KEY ({ours}) '
            f'REFERENCES "{self._table(key.foreign_table)}" ({theirs}){actions} NOT VALID',
            f'{head} VALIDATE CONSTRAINT "{key.name}"',
        ]
        return [self._by_driver(pgsql=pgsql, other=[Block(table, (key_call(key),))])]

    def _no_key(self, table: str, key: KeySpec) -> Piece:
        """SQLite knows a key by its columns only."""
        by_name = f"$table->dropForeign({php_text(key.name)})"
        if key.name == f"{table}_{'_'.join(key.columns)}_foreign".lower():
            return Block(table, (f"$table->dropForeign({php_list(key.columns)})",))
        condition = f"DB::getDriverName() === 'sqlite' ? {php_list(key.columns)} : {php_text(key.name)}"
        return Block(table, (by_name.replace(php_text(key.name), condition),))

    def _add_key(self, change: AddForeignKey) -> None:
        if change.index is not None:
            self.code.up.extend(self._index(change.table, change.index))
        adding: list[Piece] = [_orphans(change), *self._key(change.table, change.key)]
        self.code.up.extend(self._except_sqlite(change.table, adding))
        self.code.down.extend(self._except_sqlite(change.table, [self._no_key(change.table, change.key)]))
        if change.index is not None:
            self.code.down.extend(self._no_index(change.table, change.index))

    def _check(self, change: AddCheck, undo: bool = True) -> None:
        table, check = self._table(change.table), change.check
        self.code.skips["sqlite"] = "SQLite takes a CHECK only when the table is made"
        adding = f'ALTER TABLE "{table}" ADD CONSTRAINT "{check.name}" CHECK ({check.expression})'
        pgsql = [f"{adding} NOT VALID", f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{check.name}"']
        drop = f'ALTER TABLE "{table}" DROP CONSTRAINT "{check.name}"'
        on_mysql, on_pgsql = "mysql" in change.drivers, "pgsql" in change.drivers
        for driver in ("mysql", "mariadb", "pgsql"):
            if driver not in change.drivers:
                self.code.skips[driver] = "it is there already"
        self.code.up.append(
            self._by_driver(mysql=[_backticks(adding)] if on_mysql else [], pgsql=pgsql if on_pgsql else [])
        )
        if undo:
            self.code.down.append(
                self._by_driver(
                    mysql=[_backticks(drop)] if on_mysql else [], pgsql=[drop] if on_pgsql else []
                )
            )


def index_call(index: IndexSpec) -> str:
    method = {"fulltext": "fullText", "spatial": "spatialIndex"}.get(
        index.kind, "unique" if index.unique else "index"
    )
    return f"$table->{method}({php_list(index.columns)}, {php_text(index.name)})"


def key_call(key: KeySpec) -> str:
    ours = php_list(key.columns) if len(key.columns) > 1 else php_text(key.columns[0])
    theirs = (
        php_list(key.foreign_columns) if len(key.foreign_columns) > 1 else php_text(key.foreign_columns[0])
    )
    actions = "".join(
        f"->on{verb}({php_text(action)})"
        for verb, action in (("Delete", key.on_delete), ("Update", key.on_update))
        if action
    )
    name = f", {php_text(key.name)}" if key.name else ""
    return f"$table->foreign({ours}{name})->references({theirs})->on({php_text(key.foreign_table)}){actions}"


def look_for_duplicates(table: str, index: IndexSpec) -> str:
    columns = php_list(index.columns)
    known = "".join(f"->whereNotNull({php_text(c)})" for c in index.columns)
    message = php_text(
        f"Some rows of {table} are alike in {', '.join(index.columns)}: decide which of them stays."
    )
    return (
        f"$alike = DB::table({php_text(table)})->select({columns}){known}\n"
        f"    ->groupBy({columns})->havingRaw('count(*) > 1')->limit(1)->get();\n\n"
        f"if ($alike->isNotEmpty()) {{\n    throw new \\RuntimeException({message});\n}}"
    )


def _orphans(change: AddForeignKey) -> str:
    key = change.key
    on = " and ".join(f"p.{t} = c.{o}" for o, t in zip(key.columns, key.foreign_columns, strict=False))
    known = " and ".join(f"c.{o} is not null" for o in key.columns)
    missing = f"{known} and p.{key.foreign_columns[0]} is null"
    return (
        "// Rows that refer to nothing must be mended first; this finds them:\n"
        f"// select c.* from {change.table} c left join {key.foreign_table} p on {on} where {missing};"
    )


def _backticks(sql: str) -> str:
    head, check, tail = sql.partition(" CHECK (")
    return head.replace('"', "`") + check + tail
