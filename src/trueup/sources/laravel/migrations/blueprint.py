"""The Blueprint: what a migration's closure says about one table, in the order it says it.

Columns are attribute bags, everything else is a command; `implied` then adds what the framework adds by itself (fluent
indexes, "add" and "change" commands, comments) as each version does."""

from __future__ import annotations

from collections.abc import Callable

from trueup.model.locations import NOWHERE, Location
from trueup.sources.laravel.migrations.fluent import (
    ColumnCommand,
    ColumnDefinition,
    Command,
    ForeignIdColumn,
    ForeignKeyCommand,
    php_text,
)
from trueup.sources.laravel.migrations.settings import Settings

FLUENT_INDEXES = ("primary", "unique", "index", "fulltext", "fullText", "spatialIndex")
FLUENT_COMMANDS = {"mysql": ("AutoIncrementStartingValues",), "mariadb": ("AutoIncrementStartingValues",)}
PGSQL_FLUENT_COMMANDS = ("AutoIncrementStartingValues", "Comment")


class Blueprint:
    """One `Schema::create` or `Schema::table`. `at` is the place of the call now running: what is added gets it."""

    def __init__(self, table: str, settings: Settings, at: Location = NOWHERE) -> None:
        self.table = table
        self.settings = settings
        self.at = at
        self.started_at = at
        self.columns: list[ColumnDefinition] = []
        self.commands: list[Command] = []
        self.engine: str | None = None
        self.charset: str | None = None
        self.collation: str | None = None
        self.temporary = False
        self.running_after: str | None = None

    @property
    def creating(self) -> bool:
        return any(c.name == "create" for c in self.commands)

    # Columns

    def add_column(self, type_: str, name: object, **attributes: object) -> ColumnDefinition:
        return self.add_definition(
            ColumnDefinition({"type": type_, "name": php_text(name), **attributes}, self.at)
        )

    def add_foreign_id(self, type_: str, name: object, **attributes: object) -> ForeignIdColumn:
        column = ForeignIdColumn({"type": type_, "name": php_text(name), **attributes}, self.at)
        self.add_definition(column)
        return column

    def add_definition(self, column: ColumnDefinition) -> ColumnDefinition:
        self.columns.append(column)
        if self.settings.major >= 11 and not self.creating:
            self.commands.append(ColumnCommand(column))
        if self.running_after is not None:
            column.attributes["after"] = self.running_after
            self.running_after = column.name
        return column

    def remove_column(self, name: str) -> None:
        self.columns = [c for c in self.columns if c.name != name]
        self.commands = [
            c for c in self.commands if not isinstance(c, ColumnCommand) or c.column.name != name
        ]

    def place_after(self, column: str, fill: Callable[[], object]) -> None:
        """`after($column, fn)`: what `fill` adds comes after that column, one behind the other."""
        self.running_after = column
        try:
            fill()
        finally:
            self.running_after = None

    @property
    def added_columns(self) -> list[ColumnDefinition]:
        return [c for c in self.columns if not c.change]

    @property
    def changed_columns(self) -> list[ColumnDefinition]:
        return [c for c in self.columns if c.change]

    # Commands

    def add_command(self, name: str, **attributes: object) -> Command:
        command = Command(name, attributes, self.at)
        self.commands.append(command)
        return command

    def index_command(
        self,
        kind: str,
        columns: object,
        name: object = None,
        algorithm: object = None,
        operator_class: object = None,
    ) -> Command:
        listed = as_list(columns)
        index = name if name not in (None, "", False) else self.index_name(kind, listed)
        return self.add_command(
            kind, index=index, columns=listed, algorithm=algorithm, operatorClass=operator_class
        )

    def drop_index_command(self, command: str, kind: str, index: object) -> Command:
        """A text is the index's literal name; a list means the conventional name over those columns."""
        if isinstance(index, list):
            return self.index_command(command, index, self.index_name(kind, index))
        return self.index_command(command, [], index)

    def foreign(self, columns: object, name: object = None) -> ForeignKeyCommand:
        attributes = self.index_command("foreign", columns, name).attributes
        key = ForeignKeyCommand("foreign", attributes, self.at)
        self.commands[-1] = key
        return key

    def index_name(self, kind: str, columns: list[object]) -> str:
        """`Blueprint::createIndexName`: no limit of length is applied."""
        settings = self.settings
        prefix = settings.prefix if settings.prefix_indexes else ""
        if settings.major >= 11 and prefix and "." in self.table:
            schema, _, table = self.table.rpartition(".")
            base = f"{schema}.{prefix}{table}"
        else:
            base = prefix + self.table
        text = f"{base}_{'_'.join(php_text(c) for c in columns)}_{kind}".lower()
        return text.replace("-", "_").replace(".", "_")

    # What the framework adds by itself

    def add_implied_commands(self) -> None:
        if self.settings.major >= 11:
            self._add_fluent_indexes()
            self._add_fluent_commands()
            if not self.creating:
                self.commands = [_spelled_out(c) for c in self.commands]
            return
        if not self.creating:
            if self.added_columns:
                self.commands.insert(0, Command("add", at=self.added_columns[0].at))
            if self.changed_columns:
                self.commands.insert(0, Command("change", at=self.changed_columns[0].at))
        self._add_fluent_indexes()
        self._add_fluent_commands()

    def _add_fluent_indexes(self) -> None:
        names = (*FLUENT_INDEXES, "vectorIndex") if self.settings.major >= 12 else FLUENT_INDEXES
        for column in list(self.columns):
            for name in names:
                if self._add_fluent_index(column, name):
                    break

    def _add_fluent_index(self, column: ColumnDefinition, name: str) -> bool:
        """True when this kind settles the column: only the first of the list takes effect."""
        settings = self.settings
        value = column.get(name)
        counting = column.change and column.truthy("autoIncrement")
        if settings.major >= 11 and name == "primary" and settings.mysql_family and counting:
            return True
        if value is None or (value is False and not column.change):
            # A `false` outside change() still counts as a name in 8: isset(false) is true, and the name is empty.
            return False
        self.at = column.at
        kind = "vectorIndex" if name == "index" and column.type == "vector" and settings.major >= 12 else name
        column.attributes[name] = None
        if value is False:
            self._drop_fluent_index(kind, column.name)
        else:
            self._index_method(kind, column.name, None if value is True else value)
        return True

    def _drop_fluent_index(self, kind: str, column: str) -> None:
        command = {"fulltext": "dropFullText", "fullText": "dropFullText"}.get(
            kind, "drop" + kind[0].upper() + kind[1:]
        )
        self.drop_index_command(command, kind.lower() if kind == "fullText" else kind, [column])

    def _index_method(self, kind: str, column: str, name: object) -> None:
        if kind == "vectorIndex":
            self.vector_index(column, name)
        else:
            self.index_command("fulltext" if kind == "fullText" else kind, column, name)

    def vector_index(self, column: object, name: object = None) -> Command:
        if self.settings.driver == "mariadb":
            return self.index_command("vectorIndex", column, name, None, "M=6 DISTANCE=cosine")
        return self.index_command("vectorIndex", column, name, "hnsw", "vector_cosine_ops")

    def _add_fluent_commands(self) -> None:
        driver = self.settings.driver
        names = PGSQL_FLUENT_COMMANDS if driver == "pgsql" else FLUENT_COMMANDS.get(driver, ())
        for column in self.columns:
            if self.settings.major <= 10 and column.change and not self.settings.uses_native_operations:
                continue
            for name in names:
                if self.settings.major <= 9 and name == "Comment" and not column.has("comment"):
                    continue
                self.commands.append(Command(name, {"column": column}, column.at))


def as_list(value: object) -> list[object]:
    """PHP's `(array) $value` for a name or a list of names."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _spelled_out(command: Command) -> Command:
    if not isinstance(command, ColumnCommand):
        return command
    name = "change" if command.column.change else "add"
    return Command(name, {"column": command.column}, command.at)
