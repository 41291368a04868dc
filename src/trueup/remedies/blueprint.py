"""Changes as PHP: statements of `up()` and `down()`, for every driver that the framework knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from trueup.model.names import Driver
from trueup.model.schema import Column, Table
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
    IndexSpec,
    KeySpec,
    RenameTable,
    ReplaceColumn,
    ReplaceForeignKey,
)
from trueup.remedies.definitions import Definition, Unmendable, php_list, php_text
from trueup.sources.sql.writing import Writer as DdlWriter

PORTION = 1000
"""Rows that a filling changes at a time, so that no lock is held for long."""


@dataclass(frozen=True, slots=True)
class Block:
    """Statements of one `Schema::table()`; neighbours on one table become one."""

    table: str
    statements: tuple[str, ...]


Piece = Block | str
"""A block, or lines of PHP."""


@dataclass(slots=True)
class Code:
    """PHP of one migration. `skips`: drivers on which it does nothing, with the reason."""

    up: list[Piece] = field(default_factory=list)
    down: list[Piece] = field(default_factory=list)
    outside_transaction: bool = False
    skips: dict[Driver, str] = field(default_factory=dict)


Probe = Callable[[Driver, str], Column | None]
"""What column a Blueprint statement makes on a driver."""


@dataclass(frozen=True, slots=True)
class Framework:
    """`native`: `change()` and `renameColumn()` work without doctrine/dbal, by native statements. `prefix` of the connection.
    `checked`: tables, lower case, that have CHECKs on SQLite by now."""

    major: int
    native: bool
    prefix: str
    probe: Probe
    checked: set[str] = field(default_factory=set)


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


class _Writer:
    def __init__(self, framework: Framework, code: Code) -> None:
        self.framework = framework
        self.code = code

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
            case AddCheck():
                self._check(change)

    # Tables and columns

    def _create(self, change: CreateTable) -> None:
        lines = [column.statement() for column in change.columns]
        if change.primary:
            lines.append(f"$table->primary({php_list(change.primary)})")
        lines += [_index_call(index) for index in change.indexes]
        lines += [_key_call(key) for key in change.keys]
        self.code.up.append(_closure("create", change.table, tuple(lines)))
        self.code.down.append(f"Schema::dropIfExists({php_text(change.table)});")
        for check in change.checks:
            self._check(AddCheck(change.table, check), undo=False)

    def _add_column(self, change: AddColumn) -> None:
        column = change.column
        self.code.down.append(self._drop(change.table, column.name))
        if not change.fill:
            self.code.up.append(Block(change.table, (column.statement(change.after),)))
            return
        self.code.outside_transaction = True
        self.code.up.append(Block(change.table, (replace(column, nullable=True).statement(change.after),)))
        self.code.up.append(_filling(change.table, column.name, change.fill))
        self.code.up.extend(self._changed(change.table, replace(column, nullable=True), column))

    def _change_column(self, change: ChangeColumn) -> None:
        if change.fill:
            self.code.outside_transaction = True
            self.code.up.append(_filling(change.table, change.new.name, change.fill))
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
                [head, *_indented(pieces_to_lines([Block(table, (f"{new.statement()}->change()",))])), "}"]
            )
        ]

    def _other_values(self, table: str, old: Definition, new: Definition) -> list[Piece]:
        """An ENUM is a type on MySQL and a CHECK on PostgreSQL and SQLite."""
        name = _short(f"{self._table(table)}_{new.name}_check")
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
            made += _not_null(head, name, f'"{_short(f"{table}_{new.name}_not_null")}"', careful)
        if (was.comment or "") != (now.comment or ""):
            text = "'" + now.comment.replace("'", "''") + "'" if now.comment else "NULL"
            made.append(f'COMMENT ON COLUMN "{self._table(table)}".{name} IS {text}')
        return made

    # Expand and contract

    def _replace_column(self, change: ReplaceColumn) -> None:
        table, old, new = change.table, change.old, change.new
        swap = old.name == new.name
        beside = replace(new, name=f"{new.name}_new") if swap else new
        kept = replace(old, name=change.kept, nullable=True)
        up, down = self.code.up, self.code.down
        up.append(Block(table, (replace(beside, nullable=True).statement(old.name),)))
        up.append(self._copying(table, old, beside))
        if not new.nullable:
            up.extend(self._changed(table, replace(beside, nullable=True), beside))
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
            down.append(Block(table, (replace(old, nullable=True).statement(beside.name),)))
        elif swap:
            down.append(self._rename(table, change.kept, old.name))
        down.append(self._copying(table, beside, replace(kept, name=old.name)))
        if not old.nullable:
            down.extend(self._changed(table, replace(old, nullable=True), old, filled=True))
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
        return _filling(table, target.name, value, f"->whereNotNull({php_text(source.name)})")

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

    # Indexes, keys, checks

    def _index(self, table: str, index: IndexSpec, looked_for: bool = True) -> list[Piece]:
        if index.kind:
            return [Block(table, (_index_call(index),))]
        self.code.outside_transaction = True
        word = "UNIQUE INDEX" if index.unique else "INDEX"
        names, backticked = (", ".join(f"{q}{c}{q}" for c in index.columns) for q in ('"', "`"))
        pgsql = f'CREATE {word} CONCURRENTLY "{index.name}" ON "{self._table(table)}" ({names})'
        mysql = f"ALTER TABLE `{self._table(table)}` ADD {word} `{index.name}` ({backticked}), ALGORITHM=INPLACE, LOCK=NONE"
        looks = [_look_for_duplicates(table, index)] if index.unique and looked_for else []
        return [
            *looks,
            self._by_driver(mysql=[mysql], pgsql=[pgsql], other=[Block(table, (_index_call(index),))]),
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
        return [self._by_driver(pgsql=pgsql, other=[Block(table, (_key_call(key),))])]

    def _no_key(self, table: str, key: KeySpec) -> Piece:
        """SQLite knows a key by its columns only."""
        by_name = f"$table->dropForeign({php_text(key.name)})"
        if key.name == f"{table}_{'_'.join(key.columns)}_foreign".lower():
            return Block(table, (f"$table->dropForeign({php_list(key.columns)})",))
        condition = f"DB::getDriverName() === 'sqlite' ? {php_list(key.columns)} : {php_text(key.name)}"
        return Block(table, (by_name.replace(php_text(key.name), condition),))

    def _except_sqlite(self, table: str, pieces: list[Piece]) -> list[Piece]:
        """What SQLite can only do by making the table anew, which loses its CHECKs; before Laravel 11 it can't at all."""
        reason = self._why_not_sqlite(table)
        if not reason:
            return pieces
        self.code.skips["sqlite"] = reason
        lines = pieces_to_lines(pieces)
        return ["\n".join(["if (DB::getDriverName() !== 'sqlite') {", *_indented(lines), "}"])]

    def _why_not_sqlite(self, table: str) -> str:
        """SQLite changes columns and keys only by making the table anew."""
        if not self.framework.native:
            return "before version 11 Laravel leaves keys out on SQLite, and change() spells the table's other columns anew"
        if table.lower() in self.framework.checked:
            return (
                "the table is made anew for it, and Laravel loses its CHECKs (the values of an ENUM) at that"
            )
        return ""

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

    # Words

    def _table(self, name: str) -> str:
        return self.framework.prefix + name

    def _by_driver(
        self, mysql: list[str] | None = None, pgsql: list[str] | None = None, other: list[Piece] | None = None
    ) -> str:
        """One branch for each driver that needs words of its own."""
        branches = []
        if pgsql:
            branches.append(("DB::getDriverName() === 'pgsql'", _statements(pgsql)))
        if mysql:
            branches.append(("in_array(DB::getDriverName(), ['mysql', 'mariadb'], true)", _statements(mysql)))
        lines = []
        for number, (condition, body) in enumerate(branches):
            lines += [f"{'} else' if number else ''}if ({condition}) {{", *_indented(body)]
        if other:
            lines += ["} else {", *_indented(pieces_to_lines(other))] if branches else pieces_to_lines(other)
        return "\n".join([*lines, "}"] if branches else lines)


_EMPTY = Table("")
"""The writer asks a table only for the names of PostgreSQL's sequences."""


def _statements(sql: list[str]) -> list[str]:
    return [f"DB::statement({php_text(text)});" for text in sql]


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else line for text in lines for line in text.split("\n")]


def pieces_to_lines(pieces: list[Piece]) -> list[str]:
    """Lines of PHP, neighbouring blocks on one table joined."""
    lines: list[str] = []
    waiting: list[Block] = []

    def flush() -> None:
        if waiting:
            together = tuple(s for block in waiting for s in block.statements)
            lines.extend(_closure("table", waiting[0].table, together).split("\n"))
            waiting.clear()

    for piece in pieces:
        if isinstance(piece, Block):
            if waiting and (
                waiting[0].table != piece.table or _stands_alone(piece) or _stands_alone(waiting[0])
            ):
                flush()
            waiting.append(piece)
        else:
            flush()
            lines.extend(piece.split("\n"))
    flush()
    return lines


def _stands_alone(block: Block) -> bool:
    """SQLite takes one dropping or renaming at a time before Laravel 11."""
    return any("->dropColumn(" in s or "->renameColumn(" in s for s in block.statements)


def _closure(method: str, table: str, statements: tuple[str, ...]) -> str:
    body = "".join(f"    {statement};\n" for statement in statements)
    return f"Schema::{method}({php_text(table)}, function (Blueprint $table) {{\n{body}}});"


def _filling(table: str, column: str, value: str, where: str = "") -> str:
    query = f"DB::table({php_text(table)})->whereNull({php_text(column)}){where}->limit({PORTION})"
    update = f"->update([{php_text(column)} => {value}])"
    return f"do {{\n    $filled = {query}\n        {update};\n}} while ($filled > 0);"


def _index_call(index: IndexSpec) -> str:
    method = {"fulltext": "fullText", "spatial": "spatialIndex"}.get(
        index.kind, "unique" if index.unique else "index"
    )
    return f"$table->{method}({php_list(index.columns)}, {php_text(index.name)})"


def _key_call(key: KeySpec) -> str:
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


def _look_for_duplicates(table: str, index: IndexSpec) -> str:
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


def _backticks(sql: str) -> str:
    head, check, tail = sql.partition(" CHECK (")
    return head.replace('"', "`") + check + tail


def _short(name: str, most: int = 63) -> str:
    return name[:most]
