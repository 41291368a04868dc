"""Random migration sequences, for Hypothesis: mostly sensible, sometimes faulty, as people write them.

A draft of the schema is kept while a sequence is drawn, so that most statements name what is there; it needn't be exact, since
the real framework decides what a sequence builds and which of its migrations fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from tests.support.migrations import alter, create, guarded, migration, sequence

T = TypeVar("T")
Steps = tuple[tuple[str, ...], ...]
"""The migrations of a sequence; each is the statements of its up()."""

TABLES = ("users", "posts", "tags", "budget_alerts", "ai_cost_records")
LONG_TABLE = "an_organisation_wide_budget_alert_configuration_history"
COLUMNS = (
    "name",
    "title",
    "state",
    "amount",
    "total_cost",
    "note",
    "position",
    "seen_at",
    "options",
    "code",
    "is_open",
    "ref",
)
MISSING = "no_such_thing"

# What a column of each kind is written as, and defaults that fit it.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "string": (("string('{}')", "string('{}', 40)", "char('{}', 12)"), ("'x'", "''", "'two words'", "5")),
    "text": (("text('{}')", "mediumText('{}')", "longText('{}')", "tinyText('{}')"), ()),
    "integer": (
        ("integer('{}')", "smallInteger('{}')", "unsignedInteger('{}')", "mediumInteger('{}')"),
        ("0", "7", "'3'"),
    ),
    "tiny": (("tinyInteger('{}')", "unsignedTinyInteger('{}')"), ("1", "0")),
    "bigint": (("bigInteger('{}')", "unsignedBigInteger('{}')", "foreignId('{}')"), ("0", "12")),
    "decimal": (
        ("decimal('{}')", "decimal('{}', 12, 6)", "unsignedDecimal('{}', 10, 2)"),
        ("0", "1.5", "'2.25'"),
    ),
    "float": (("float('{}')", "double('{}')", "double('{}', 15, 3)"), ("0", "0.5")),
    "boolean": (("boolean('{}')",), ("true", "false", "0")),
    "date": (("date('{}')",), ("'2024-02-29'",)),
    "datetime": (("dateTime('{}')", "dateTime('{}', 3)", "dateTimeTz('{}')"), ("'2024-01-01 00:00:00'",)),
    "time": (("time('{}')", "timeTz('{}', 2)"), ("'10:00:00'",)),
    "json": (("json('{}')", "jsonb('{}')"), ()),
    "uuid": (("uuid('{}')",), ()),
    "enum": (("enum('{}', ['open', 'shut'])", "enum('{}', ['a', 'b', 'c'])"), ()),
    "binary": (("binary('{}')",), ()),
    "year": (("year('{}')",), ("2024",)),
    "address": (("ipAddress('{}')", "macAddress('{}')"), ()),
}
INDEXABLE = (
    "string",
    "integer",
    "tiny",
    "bigint",
    "decimal",
    "boolean",
    "date",
    "datetime",
    "uuid",
    "enum",
    "year",
)
ENUM_DEFAULTS = {"enum('{}', ['open', 'shut'])": "'open'", "enum('{}', ['a', 'b', 'c'])": "'c'"}
CHANGES = (
    "string('{}')",
    "string('{}', 80)",
    "text('{}')",
    "longText('{}')",
    "integer('{}')",
    "bigInteger('{}')",
    "unsignedBigInteger('{}')",
    "smallInteger('{}')",
    "decimal('{}', 14, 4)",
    "float('{}')",
    "boolean('{}')",
    "date('{}')",
    "dateTime('{}')",
    "json('{}')",
    "enum('{}', ['open', 'shut', 'lost'])",
)
GROUPS = (
    ("timestamps()", "dropTimestamps()"),
    ("timestamps(3)", "dropTimestamps()"),
    ("softDeletes()", "dropSoftDeletes()"),
    ("rememberToken()", "dropRememberToken()"),
    ("morphs('owner')", "dropMorphs('owner')"),
    ("nullableMorphs('owner')", "dropMorphs('owner')"),
    ("uuidMorphs('owner')", "dropMorphs('owner')"),
    ("nullableUuidMorphs('owner')", "dropMorphs('owner')"),
    ("timestampsTz()", "dropTimestampsTz()"),
    ("softDeletesTz()", "dropSoftDeletesTz()"),
)
ACTIONS = (
    "",
    "->cascadeOnDelete()",
    "->nullOnDelete()",
    "->onDelete('restrict')",
    "->cascadeOnUpdate()->restrictOnDelete()",
)


@dataclass
class Draft:
    """What the statements so far should have made: table → column → kind, table → (columns, kind, name or None),
    table → columns with a foreign key, table → the call that drops its group."""

    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    indexes: dict[str, list[tuple[tuple[str, ...], str, str | None]]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def forget(self, table: str) -> None:
        self.indexes.pop(table, None)
        self.keys.pop(table, None)
        self.groups.pop(table, None)


class Writer:
    """Draws one sequence: every method returns a statement of up() and brings the draft up to date."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.draft = Draft()
        self.waiting: list[str] = []  # foreign keys of columns that are being written

    def pick(self, choices: Sequence[T]) -> T:
        return self._random.choice(choices)

    def chance(self, one_in: int) -> bool:
        return self._random.randrange(one_in) == 0

    def count(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def table(self, other_than: str = "") -> str:
        """A table that is there, or now and then one that is not."""
        known = sorted(self.draft.tables.keys() - {other_than}) or sorted(self.draft.tables)
        return MISSING if not known or self.chance(120) else self.pick(known)

    def column(self, table: str, kinds: Sequence[str] = ()) -> str:
        """A column that is there, of these kinds if there is one, or now and then one that is not."""
        columns = self.draft.tables.get(table, {})
        known = [name for name, kind in columns.items() if not kinds or kind in kinds] or [
            name for name in columns if name == "id"
        ]
        return MISSING if not known or self.chance(100) else self.pick(known)

    def new_column(self, table: str) -> str:
        """A name that is free, or now and then one that is taken."""
        taken = self.draft.tables.get(table, {})
        free = [name for name in COLUMNS if name not in taken]
        return self.pick(COLUMNS) if not free or self.chance(50) else self.pick(free)

    # Columns.

    def definition(self, table: str, adding: bool) -> str:
        kind = self.pick(sorted(KINDS))
        name = self.new_column(table)
        shapes, defaults = KINDS[kind]
        shape = self.pick(shapes)
        call = shape.format(name)
        if kind == "enum":
            defaults = (ENUM_DEFAULTS[shape],)
        nullable = self.chance(2) or (adding and not defaults and not self.chance(4))
        call += "->nullable()" if nullable else ""
        if defaults and (self.chance(3) or (adding and not nullable and not self.chance(4))):
            call += f"->default({self.pick(defaults)})"
        self.draft.tables.setdefault(table, {})[name] = kind
        return call + self.extras(table, name, kind, adding)

    def extras(self, table: str, name: str, kind: str, adding: bool) -> str:
        text = "->comment('told')" if self.chance(8) else ""
        if adding and self.chance(6):
            text += f"->after('{self.column(table)}')"
        if kind in INDEXABLE and self.chance(5):
            index = self.pick(("unique", "index"))
            self.draft.indexes.setdefault(table, []).append(((name,), index, None))
            text += f"->{index}()"
        return text

    def reference(self, table: str) -> str:
        """A foreign key column with its key, of the type that the other table's key has."""
        target = self.table() if self.chance(20) else self.table(other_than=table)
        name = f"{target}_id" if self.chance(3) else f"{target[:-1]}_id"
        key = self.draft.tables.get(target, {}).get("id", "bigint") if not self.chance(20) else "bigint"
        self.draft.tables.setdefault(table, {})[name] = key if key == "uuid" else "bigint"
        self.draft.keys.setdefault(table, []).append(name)
        action = self.pick(ACTIONS)
        nullable = "->nullable()" if "null" in action or self.chance(2) else ""
        if key == "key":
            return f"foreignId('{name}'){nullable}->constrained('{target}'){action}"
        if key == "uuid":
            return f"foreignUuid('{name}'){nullable}->constrained('{target}'){action}"
        self.waiting.append(f"foreign('{name}')->references('id')->on('{target}'){action}")
        return f"unsignedInteger('{name}'){nullable}"

    def columns(self, table: str, adding: bool) -> list[str]:
        calls = [self.definition(table, adding) for _ in range(self.count(1, 4))]
        if self.draft.tables.keys() - {table} and self.chance(8 if adding else 3):
            calls.append(self.reference(table))
        if self.chance(8 if adding else 3):
            group, drop = self.pick(GROUPS)
            self.draft.groups[table] = drop
            calls.append(group)
        waiting, self.waiting = self.waiting, []
        return calls + waiting

    # Statements.

    def create(self) -> str:
        free = [name for name in TABLES if name not in self.draft.tables]
        table = self.pick(TABLES) if not free or self.chance(40) else self.pick(free)
        if self.chance(30):
            table = LONG_TABLE
        if table not in self.draft.tables:
            self.draft.tables[table] = {}
        first, kind = self.pick(
            (*[("id()", "key")] * 4, ("increments('id')", "small key"), ("uuid('id')->primary()", "uuid"))
        )
        calls = [first, *self.columns(table, adding=False)]
        self.draft.tables[table]["id"] = kind
        return create(table, *calls, *self.table_indexes(table))

    def table_indexes(self, table: str) -> list[str]:
        return [self.index_call(table) for _ in range(self.pick((0, 0, 1, 2)))]

    def index_call(self, table: str) -> str:
        kind = self.pick(("index", "index", "unique"))
        names = tuple(dict.fromkeys(self.column(table, INDEXABLE) for _ in range(self.count(1, 3))))
        name = f"{table}_by_{names[0]}"[:60] if self.chance(4) else None
        self.draft.indexes.setdefault(table, []).append((names, kind, name))
        listed = ", ".join(f"'{part}'" for part in names)
        return f"{kind}([{listed}]" + (f", '{name}')" if name else ")")

    def add_columns(self) -> str:
        table = self.table()
        return alter(table, *self.columns(table, adding=True))

    def add_index(self) -> str:
        table = self.table()
        return alter(table, self.index_call(table))

    def add_key(self) -> str:
        table = self.table()
        if not self.chance(3):
            call = self.reference(table)
            waiting, self.waiting = self.waiting, []
            return alter(table, call, *waiting)
        column, target = self.column(table, ("bigint", "uuid")), self.table()
        self.draft.keys.setdefault(table, []).append(column)
        return alter(table, f"foreign('{column}')->references('id')->on('{target}'){self.pick(ACTIONS)}")

    def drop_key(self) -> str:
        if not self.draft.keys:
            return self.add_key()
        table = self.pick(sorted(self.draft.keys))
        column = self.pick(self.draft.keys[table])
        call = self.pick((f"dropForeign(['{column}'])", f"dropConstrainedForeignId('{column}')"))
        return alter(table, call)

    def drop_index(self) -> str:
        if not self.draft.indexes:
            return self.add_index()
        table = self.pick(sorted(self.draft.indexes))
        names, kind, name = self.pick(self.draft.indexes[table])
        method = "dropUnique" if kind == "unique" else "dropIndex"
        listed = "[" + ", ".join(f"'{part}'" for part in names) + "]"
        return alter(table, f"{method}('{name}')" if name else f"{method}({listed})")

    def rename_index(self) -> str:
        if not self.draft.indexes:
            return self.add_index()
        table = self.pick(sorted(self.draft.indexes))
        names, kind, name = self.pick(self.draft.indexes[table])
        old = name or "_".join((table, *names, kind))
        return alter(table, f"renameIndex('{old}', '{table}_renamed')")

    def drop_column(self) -> str:
        table = self.table()
        name = self.column(table)
        self.draft.tables.get(table, {}).pop(name, None)
        return alter(table, f"dropColumn('{name}')")

    def drop_group(self) -> str:
        if not self.draft.groups:
            return self.add_columns()
        table = self.pick(sorted(self.draft.groups))
        return alter(table, self.draft.groups.pop(table))

    def rename_column(self) -> str:
        table = self.table()
        old, new = self.column(table), self.new_column(table)
        columns = self.draft.tables.get(table, {})
        columns[new] = columns.pop(old, "string")
        return alter(table, f"renameColumn('{old}', '{new}')")

    def change(self) -> str:
        table = self.table()
        call = self.pick(CHANGES).format(self.column(table))
        call += self.pick(
            ("", "->nullable()", "->nullable(false)", "->default(1)", "->nullable()->default(null)")
        )
        return alter(table, f"{call}->change()")

    def rename_table(self) -> str:
        old, new = self.table(), self.pick(TABLES)
        if new not in self.draft.tables:
            self.draft.tables[new] = self.draft.tables.pop(old, {})
            self.draft.forget(old)
        return f"Schema::rename('{old}', '{new}');"

    def drop_table(self) -> str:
        table = self.table()
        self.draft.tables.pop(table, None)
        self.draft.forget(table)
        return f"Schema::{self.pick(('drop', 'dropIfExists'))}('{table}');"

    def loop(self) -> str:
        table = self.table()
        names = [self.new_column(table) for _ in range(self.count(1, 3))]
        for name in names:
            self.draft.tables.setdefault(table, {})[name] = "string"
        listed = ", ".join(f"'{name}'" for name in names)
        inside = alter(table, "string($name)->nullable()").replace(
            "(Blueprint $table)", "(Blueprint $table) use ($name)"
        )
        return f"foreach ([{listed}] as $name) {{ {inside} }}"

    def guard(self) -> str:
        table = self.table()
        column = self.column(table) if self.chance(2) else self.new_column(table)
        has = f"Schema::hasColumn('{table}', '{column}')"
        condition = self.pick(
            (f"! Schema::hasTable('{table}')", f"Schema::hasTable('{table}')", has, f"! {has}")
        )
        if condition.startswith("! Schema::hasTable"):
            return guarded(condition, create(table, "id()", "string('name')"))
        call = f"string('{column}')->nullable()" if condition.startswith("!") else f"dropColumn('{column}')"
        return guarded(condition, alter(table, call))

    def branch(self) -> str:
        driver = self.pick(("mysql", "pgsql", "sqlite"))
        return guarded(f"DB::getDriverName() {self.pick(('===', '!=='))} '{driver}'", self.add_columns())

    def raw(self) -> str:
        table, column = self.table(), self.pick(COLUMNS)
        known = self.column(table, INDEXABLE)
        return self.pick(
            (
                f"DB::statement('CREATE INDEX raw_{column} ON {table} ({known})');",
                f"DB::statement('CREATE UNIQUE INDEX raw_unique_{column} ON {table} ({known}, id)');",
                f"DB::statement('ALTER TABLE {table} ADD COLUMN {column} VARCHAR(30)');",
                f"DB::statement('ALTER TABLE {table} ADD COLUMN {column} INT NOT NULL DEFAULT 4');",
                f"DB::statement('ALTER TABLE {table} DROP COLUMN {known}');",
                f"DB::statement('ALTER TABLE {table} MODIFY {known} VARCHAR(99) NULL');",
                f"DB::statement('ALTER TABLE {table} ALTER COLUMN {known} SET DEFAULT 1');",
                f"DB::statement('ALTER TABLE {table} RENAME TO {self.pick(TABLES)}');",
            )
        )

    def rows(self) -> str:
        table = self.table()
        column = self.column(table)
        return self.pick(
            (
                f"DB::table('{table}')->whereNull('{column}')->update(['{column}' => null]);",
                f"foreach (DB::table('{table}')->get() as $row) {{ Schema::drop('{table}'); }}",
                f"if (DB::table('{table}')->exists()) {{ Schema::drop('{table}'); }}",
            )
        )

    def statement(self) -> str:
        """One statement: creations first, then everything in the share that real projects have it."""
        if not self.draft.tables or (len(self.draft.tables) < 3 and self.chance(3)):
            return self.create()
        return self.pick(_STATEMENTS)(self)


_STATEMENTS: tuple[Callable[[Writer], str], ...] = (
    *[Writer.create] * 5,
    *[Writer.add_columns] * 8,
    *[Writer.add_index] * 3,
    *[Writer.add_key] * 3,
    *[Writer.drop_column] * 3,
    *[Writer.rename_column] * 3,
    *[Writer.change] * 5,
    *[Writer.drop_index] * 2,
    *[Writer.drop_key] * 2,
    *[Writer.guard] * 2,
    *[Writer.raw] * 2,
    Writer.rename_index,
    Writer.drop_group,
    Writer.rename_table,
    Writer.drop_table,
    Writer.loop,
    Writer.branch,
    Writer.rows,
)


def write_steps(random: Random) -> Steps:
    """Two to nine migrations of one to three statements."""
    writer = Writer(random)
    return tuple(
        tuple(writer.statement() for _ in range(writer.count(1, 3))) for _ in range(writer.count(2, 9))
    )


def migration_steps() -> st.SearchStrategy[Steps]:
    """Random migrations. Drawn from a seed, so that statements have the shares written here, and made small by `reduce_steps`."""
    return st.randoms(use_true_random=True).map(write_steps)


def show_steps(steps: Steps) -> str:
    return "\n-- next migration\n".join("\n".join(statements) for statements in steps)


def files(steps: Steps) -> dict[str, str]:
    """File name → PHP source, in the order in which they run."""
    return sequence(*(migration(*statements) for statements in steps))
