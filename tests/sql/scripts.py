"""Random scripts of DDL, from small pools of names so that statements meet each other."""

from __future__ import annotations

from random import Random

from trueup.sources.sql.servers import Server

TABLES = ("users", "posts", "tags")
COLUMNS = ("id", "user_id", "name", "body", "price", "state", "parent_id", "at")
ACTIONS = (
    "",
    " on delete cascade",
    " on delete set null",
    " on delete restrict on update cascade",
    " on delete no action",
)

_TYPES: dict[str, tuple[str, ...]] = {
    "mysql": (
        "int", "int unsigned", "bigint", "bigint unsigned", "bigint unsigned", "varchar(255)", "varchar(50)", "varchar(800)",
        "char(36)", "text", "decimal(8,2)", "tinyint(1)", "timestamp", "datetime", "date", "json", "enum('a','b')", "double",
        "uuid", "blob",
    ),
    "pgsql": (
        "integer", "bigint", "bigint", "bigserial", "varchar(255)", "varchar(50)", "char(36)", "text", "decimal(8,2)", "boolean",
        "timestamp(0) without time zone", "date", "json", "jsonb", "double precision", "uuid", "smallint", "serial",
    ),
    "sqlite": ("integer", "varchar", "text", "numeric", "tinyint(1)", "datetime", "date"),
}  # fmt: skip
_DEFAULTS: dict[str, tuple[str, ...]] = {
    "mysql": (
        "'0'",
        "0",
        "''",
        "'a'",
        "null",
        "current_timestamp",
        "'USD'",
        "1.5",
        "'2020-01-01'",
        "(uuid())",
        "true",
    ),
    "pgsql": (
        "'0'",
        "0",
        "''",
        "'a'",
        "null",
        "CURRENT_TIMESTAMP",
        "'USD'",
        "1.5",
        "'2020-01-01'",
        "now()",
        "true",
        "'{}'",
        "'1.50'",
    ),
    "sqlite": ("'0'", "0", "''", "'a'", "null", "CURRENT_TIMESTAMP", "(1+1)", "true"),
}


class Writer:
    """Writes statements for `server`, looking at what is there so that about half of them can be carried out."""

    def __init__(self, random: Random, server: Server) -> None:
        self.random = random
        self.server = server
        self.dialect = "mysql" if server.name == "mariadb" else server.name
        self.at = ""

    def next(self) -> str:
        missing = [t for t in TABLES if not self.server.has_table(t)]
        if missing and self.chance(0.6):
            self.at = missing[0]
            return self.create()
        return self.statement()

    def pick(self, items: tuple[str, ...]) -> str:
        return self.random.choice(items)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def table(self) -> str:
        """A table, mostly one that is there; the following columns and indexes are mostly its own."""
        there = self.server.table_names()
        self.at = self.pick(there) if there and self.chance(0.9) else self.pick(TABLES)
        return self.at

    def other_table(self) -> str:
        there = self.server.table_names()
        return self.pick(there) if there and self.chance(0.9) else self.pick(TABLES)

    def column(self) -> str:
        there = tuple(c.name for c in self.server.columns(self.at))
        return self.pick(there) if there and self.chance(0.92) else self.pick(COLUMNS)

    def new_column(self) -> str:
        there = {c.name for c in self.server.columns(self.at)}
        missing = tuple(c for c in COLUMNS if c not in there)
        return self.pick(missing) if missing and self.chance(0.9) else self.pick(COLUMNS)

    def columns(self) -> tuple[str, ...]:
        names = [self.column() for _ in range(self.random.choice((1, 1, 1, 2, 2, 3)))]
        return tuple(dict.fromkeys(names)) if self.chance(0.97) else tuple(names)

    def listed(self, columns: tuple[str, ...]) -> str:
        return ", ".join(columns)

    def old_index(self) -> str:
        there = tuple(
            i.name for i in self.server.indexes(self.at) if i.name != "primary" or self.dialect != "mysql"
        )
        return self.pick(there) if there and self.chance(0.85) else self.index_name()

    def old_key(self) -> str:
        there = tuple(k.name for k in self.server.foreign_keys(self.at) if k.name)
        return self.pick(there) if there and self.chance(0.85) else self.index_name()

    def index_name(self) -> str:
        return self.pick(
            (
                "i1",
                "i2",
                "i3",
                f"{self.at}_{self.pick(COLUMNS)}_index",
                f"{self.at}_{self.pick(COLUMNS)}_foreign",
            )
        )

    def definition(self, name: str, *, keys: bool = True) -> str:
        text = f"{name} {self.pick(_TYPES[self.dialect])}"
        text += self.pick(("", "", " not null", " null", " not null"))
        if self.chance(0.25):
            text += f" default {self.pick(_DEFAULTS[self.dialect])}"
        if keys and self.chance(0.06):
            text += " unique"
        if keys and self.chance(0.05):
            text += f" references {self.other_table()} (id)"
        return text

    def identity(self) -> str:
        return {
            "mysql": self.pick(
                (
                    "id bigint unsigned not null auto_increment primary key",
                    "id int unsigned auto_increment primary key",
                )
            ),
            "pgsql": self.pick(
                ("id bigserial primary key not null", "id serial primary key", "id bigint primary key")
            ),
            "sqlite": self.pick(
                (
                    "id integer primary key autoincrement not null",
                    "id integer primary key",
                    "id varchar primary key",
                )
            ),
        }[self.dialect]

    def create(self) -> str:
        names = self.random.sample(COLUMNS[1:], self.random.randint(1, 5))
        elements = [
            self.identity() if self.chance(0.8) else self.definition("id"),
            *(self.definition(n) for n in names),
        ]
        if self.chance(0.2):
            elements.append(self.foreign())
        if self.chance(0.2):
            elements.append(f"unique ({self.listed(self.some(names))})")
        if self.chance(0.06):
            elements.append(f"primary key ({self.listed(self.some(names))})")
        if self.chance(0.1) and self.dialect != "mysql":
            elements.append(f"check ({self.pick(tuple(names))} is not null)")
        if self.chance(0.2) and self.dialect == "mysql":
            elements.append(f"index {self.index_name()} ({self.listed(self.some(names))})")
        guard = "if not exists " if self.chance(0.1) else ""
        return f"create table {guard}{self.at or self.pick(TABLES)} ({', '.join(elements)})"

    def some(self, names: list[str]) -> tuple[str, ...]:
        return tuple(self.random.sample(names, min(len(names), self.random.choice((1, 1, 2)))))

    def foreign(self) -> str:
        own = self.columns()
        others = ("id",) if len(own) == 1 and self.chance(0.8) else tuple(self.pick(COLUMNS) for _ in own)
        parent = self.other_table()
        name = f"constraint {self.index_name()} " if self.chance(0.6) else ""
        return f"{name}foreign key ({self.listed(own)}) references {parent} ({self.listed(others)}){self.pick(ACTIONS)}"

    def statement(self) -> str:
        return self.random.choice(_STATEMENTS[self.dialect])(self)

    # Statements

    def drop_table(self) -> str:
        cascade = " cascade" if self.dialect == "pgsql" and self.chance(0.3) else ""
        return f"drop table {'if exists ' if self.chance(0.3) else ''}{self.table()}{cascade}"

    def rename_table(self) -> str:
        return f"alter table {self.table()} rename to {self.pick((*TABLES, 'notes'))}"

    def add_column(self) -> str:
        table = self.table()
        place = self.pick(("", "", " first", f" after {self.column()}")) if self.dialect == "mysql" else ""
        return f"alter table {table} add column {self.definition(self.new_column())}{place}"

    def drop_column(self) -> str:
        table = self.table()
        columns = self.columns() if self.dialect != "sqlite" else (self.column(),)
        return f"alter table {table} " + ", ".join(f"drop column {c}" for c in columns)

    def rename_column(self) -> str:
        return f"alter table {self.table()} rename column {self.column()} to {self.new_column()}"

    def modify(self) -> str:
        return f"alter table {self.table()} modify {self.definition(self.column(), keys=False)}"

    def change(self) -> str:
        return f"alter table {self.table()} change {self.column()} {self.definition(self.new_column(), keys=False)}"

    def create_index(self) -> str:
        unique = "unique " if self.chance(0.3) else ""
        name = self.index_name() if self.dialect != "pgsql" or self.chance(0.7) else ""
        table = self.table()
        where = f" where {self.column()} is not null" if self.dialect != "mysql" and self.chance(0.2) else ""
        return f"create {unique}index {name} on {table} ({self.listed(self.columns())}){where}"

    def drop_index(self) -> str:
        table = self.table()
        on = f" on {table}" if self.dialect == "mysql" else ""
        return f"drop index {self.old_index()}{on}"

    def add_unique(self) -> str:
        table = self.table()
        name = f"constraint {self.index_name()} " if self.chance(0.6) else ""
        return f"alter table {table} add {name}unique ({self.listed(self.columns())})"

    def add_primary(self) -> str:
        return f"alter table {self.table()} add primary key ({self.listed(self.columns())})"

    def add_foreign(self) -> str:
        return f"alter table {self.table()} add {self.foreign()}"

    def drop_foreign(self) -> str:
        return f"alter table {self.table()} drop foreign key {self.old_key()}"

    def drop_primary(self) -> str:
        return f"alter table {self.table()} drop primary key"

    def rename_index(self) -> str:
        if self.dialect == "pgsql":
            self.table()
            return f"alter index {self.old_index()} rename to {self.index_name()}"
        return f"alter table {self.table()} rename index {self.old_index()} to {self.index_name()}"

    def drop_constraint(self) -> str:
        table = self.table()
        name = self.pick((self.old_index(), self.old_key(), f"{table}_pkey", f"{table}_{self.column()}_key"))
        cascade = " cascade" if self.dialect == "pgsql" and self.chance(0.3) else ""
        return f"alter table {table} drop constraint {name}{cascade}"

    def retype(self) -> str:
        table = self.table()
        column = self.column()
        using = f" using {column}::text::varchar" if self.chance(0.1) else ""
        kinds = tuple(t for t in _TYPES["pgsql"] if "serial" not in t)
        return f"alter table {table} alter column {column} type {self.pick(kinds)}{using}"

    def alter_column(self) -> str:
        what = self.pick(
            ("set not null", "drop not null", "drop default", f"set default {self.pick(_DEFAULTS['pgsql'])}")
        )
        return f"alter table {self.table()} alter column {self.column()} {what}"

    def alter_default(self) -> str:
        what = self.pick(("drop default", f"set default {self.pick(('0', 'null', chr(39) + 'a' + chr(39)))}"))
        return f"alter table {self.table()} alter column {self.column()} {what}"

    def checks(self) -> str:
        return f"set foreign_key_checks = {self.pick(('0', '1', '1'))}"


_COMMON = (
    Writer.create, Writer.drop_table, Writer.rename_table, Writer.add_column, Writer.add_column, Writer.drop_column,
    Writer.drop_column, Writer.rename_column, Writer.create_index, Writer.create_index, Writer.drop_index,
)  # fmt: skip
_KEYED = (
    Writer.add_unique, Writer.add_primary, Writer.add_foreign, Writer.add_foreign, Writer.add_foreign, Writer.rename_index,
    Writer.drop_constraint,
)  # fmt: skip
_STATEMENTS = {
    "mysql": (
        *_COMMON, *_KEYED, Writer.modify, Writer.modify, Writer.change, Writer.drop_foreign, Writer.drop_foreign,
        Writer.drop_primary, Writer.alter_default, Writer.checks,
    ),
    "pgsql": (*_COMMON, *_KEYED, Writer.retype, Writer.retype, Writer.alter_column, Writer.alter_column),
    "sqlite": _COMMON,
}  # fmt: skip
