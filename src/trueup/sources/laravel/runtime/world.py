"""What stands still between two statements of a replay: the server, the rows, the settings, the macros.

One `World` is one connection of one driver. Everything that PHP code can change through the host is here, so that it can be
put back after a branch that was only tried."""

from __future__ import annotations

import re
from collections.abc import Callable

from trueup.model.locations import NOWHERE, Location
from trueup.model.migrations import Guard
from trueup.model.project import Project
from trueup.model.schema import Table
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import ColumnDefinition, Command, FrameworkError
from trueup.sources.laravel.migrations.grammar import grammar_for
from trueup.sources.laravel.migrations.settings import Settings
from trueup.sources.laravel.runtime.errors import framework_throw, query_throw
from trueup.sources.laravel.runtime.rows import Rows, TableRows
from trueup.sources.php.host import Context
from trueup.sources.php.values import Value
from trueup.sources.sql import ddl
from trueup.sources.sql.servers import Refused, Server
from trueup.sources.sql.servers import Snapshot as ServerSnapshot
from trueup.structs import Struct, field, replace

Observer = Callable[[list[ddl.Statement], Callable[[], None]], None]
"""Is given statements that belong together and the deed itself, to look at the server before and after."""


class World(Struct):
    project: Project
    settings: Settings
    server: Server
    database: str = "laravel"
    rows: Rows = field(default_factory=Rows)
    macros: dict[str, dict[str, Value]] = field(default_factory=dict)
    """By short class name in lower case ("blueprint", "builder", "db", "str", ...), then by method in lower case."""
    open_blueprints: list[Blueprint] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    config: dict[str, Value] = field(default_factory=dict)
    observer: Observer | None = None
    transaction: int = 0
    wrapped: bool = False
    """The framework has put the whole migration into a transaction."""
    committed: bool = False
    """MySQL: a statement of the schema has ended the open transaction by itself."""
    aborted: bool = False
    """PostgreSQL: a statement of the transaction has failed, so all later ones do until it is rolled back."""
    made: frozenset[str] = frozenset()
    """Lower-case names of all tables that some migration creates or renames to, told from the text of the files."""
    opaque: bool = False
    """Some SQL could not be told: it may have made any table."""
    savepoints: list[tuple[ServerSnapshot, dict[str, TableRows]]] = field(default_factory=list)

    # The server

    def table(self, name: str) -> Table | None:
        state = self.server.table(name)
        return None if state is None else state.freeze()

    @property
    def foreign_keys_enforced(self) -> bool:
        return self.server.foreign_key_checks

    @property
    def has_packages(self) -> bool:
        """Whether a package is installed that might bring migrations or macros: one that is not of the framework's own company."""
        names = [name for name, _ in self.project.packages] or self.project.requires
        return any(not name.startswith(_WITHOUT_TABLES) for name in names)

    def prefixed(self, table: str) -> str:
        return self.settings.prefix + table

    def execute(self, statement: ddl.Statement, ctx: Context, sql: str = "") -> None:
        """Carries one statement out. Raises PhpThrow with a QueryException where the server refuses."""
        if self.observer is not None:
            observer, self.observer = self.observer, None
            try:
                observer([statement], lambda: self.execute(statement, ctx, sql))
            finally:
                self.observer = observer
            return
        if self.aborted and not isinstance(statement, ddl.Session):
            reason = "current transaction is aborted, commands ignored until end of transaction block"
            raise query_throw(reason, "25P02", ctx.at, self.settings, sql)
        try:
            self.server.execute(statement)
        except Refused as refused:
            outside = self._outside_table(statement)
            if outside is not None:
                self._gap_of_outside(outside, statement.at, ctx)
                return
            self.aborted = self.settings.driver == "pgsql" and (self.wrapped or self.transaction > 0)
            at = refused.at if refused.at != NOWHERE else getattr(statement, "at", NOWHERE)
            reason = refused.reason if sql else _as_quoted(refused.reason, statement, self.settings)
            raise query_throw(
                reason, refused.code, at if at != NOWHERE else ctx.at, self.settings, sql
            ) from None
        if (
            self.transaction
            and self.settings.mysql_family
            and not isinstance(statement, ddl.DataStatement | ddl.Session)
        ):
            self.committed = True
        self._follow_tables(statement)

    def _outside_table(self, statement: ddl.Statement) -> str | None:
        """The missing table that a refused statement needs and that nobody in the project makes for sure. An application's
        packages bring tables of their own, a package's tables refer to those of the application around it, and SQL that can't be
        told may make any."""
        return next((name for name in _tables_of(statement) if self._is_outside(name)), None)

    def _is_outside(self, name: str) -> bool:
        if self.project.kind == "app" and not self.has_packages and not self.opaque:
            return False
        bare = name.removeprefix(self.settings.prefix)
        own = bare.lower() in self.made and not self.opaque
        return bool(bare) and "." not in bare and not self.server.has_table(name) and not own

    def _gap_of_outside(self, name: str, at: Location, ctx: Context) -> None:
        maker = "SQL that can't be told" if self.opaque else "a package"
        reason = f"no migration of the project makes the table {name}; {maker} may"
        ctx.gap(reason, "outside-table", at if at != NOWHERE else None)

    def _follow_tables(self, statement: ddl.Statement) -> None:
        """Rows go with their table."""
        if isinstance(statement, ddl.DropTable):
            self.rows.drop(statement.table)
        elif isinstance(statement, ddl.RenameTable):
            self.rows.rename(statement.table, statement.to)
        elif isinstance(statement, ddl.AlterTable):
            self.rows.alter(statement)

    def build(self, blueprint: Blueprint, ctx: Context) -> None:
        """Builds a blueprint's statements, then carries them out, as `Blueprint::build`."""
        try:
            statements = grammar_for(self.settings, self).compile(blueprint)
        except FrameworkError as error:
            if self._is_outside(self.prefixed(blueprint.table)):
                self._gap_of_outside(blueprint.table, blueprint.at, ctx)
                return
            raise framework_throw(error, blueprint.at, ctx) from None
        if self.observer is None:
            self._carry_out(statements, ctx)
            return
        observer, self.observer = self.observer, None
        try:
            observer(statements, lambda: self._carry_out(statements, ctx))
        finally:
            self.observer = observer

    def _carry_out(self, statements: list[ddl.Statement], ctx: Context) -> None:
        kept = self.rows.keep_over_rebuild(statements)
        for statement in statements:
            self.execute(statement, ctx)
        self.rows.take_back(kept)

    # Trying and taking back

    def snapshot(self) -> Snapshot:
        blueprints = tuple(
            (b, tuple(b.columns), tuple(b.commands), _attributes(b)) for b in self.open_blueprints
        )
        return Snapshot(
            self.server.snapshot(),
            self.rows.snapshot(),
            replace(self.settings),
            blueprints,
            len(self.guards),
            {k: dict(v) for k, v in self.macros.items()},
            dict(self.config),
            self.server.foreign_key_checks,
        )

    def restore(self, saved: Snapshot) -> None:
        self.server.restore(saved.server)
        self.rows.restore(saved.rows)
        self.server.foreign_key_checks = saved.foreign_key_checks
        for name in Settings.__struct_fields__:
            setattr(self.settings, name, getattr(saved.settings, name))
        del self.guards[saved.guards :]
        self.macros = {k: dict(v) for k, v in saved.macros.items()}
        self.config.clear()
        self.config.update(saved.config)
        self.open_blueprints = [b for b, *_ in saved.blueprints]
        for blueprint, columns, commands, attributes in saved.blueprints:
            blueprint.columns = list(columns)
            blueprint.commands = list(commands)
            for column, values in zip(columns, attributes[0], strict=True):
                column.attributes = dict(values)
            for command, values in zip(commands, attributes[1], strict=True):
                command.attributes = dict(values)

    def ask(self, asks: str, table: str, answer: bool, at: Location, column: str = "") -> bool:
        """Notes a test of the schema and its answer."""
        self.guards.append(Guard(asks, table, at, answer, column))
        return answer


Attributes = tuple[tuple[dict[str, object], ...], tuple[dict[str, object], ...]]
SavedBlueprint = tuple[Blueprint, tuple[ColumnDefinition, ...], tuple[Command, ...], Attributes]


def _attributes(blueprint: Blueprint) -> Attributes:
    return (
        tuple(dict(c.attributes) for c in blueprint.columns),
        tuple(dict(c.attributes) for c in blueprint.commands),
    )


class Snapshot(Struct, frozen=True):
    server: ServerSnapshot
    rows: dict[str, TableRows]
    settings: Settings
    blueprints: tuple[SavedBlueprint, ...]
    guards: int
    macros: dict[str, dict[str, Value]]
    config: dict[str, Value]
    foreign_key_checks: bool

    def same_effects(self, other: Snapshot) -> bool:
        """Whether nothing that Trueup reports differs. Rows count only as far as later statements could tell."""
        return (
            _same_server(self.server, other.server)
            and self.settings == other.settings
            and self.foreign_key_checks == other.foreign_key_checks
            and [_shape(b) for b in self.blueprints] == [_shape(b) for b in other.blueprints]
        )


def _shape(saved: SavedBlueprint) -> tuple[object, ...]:
    """What a half-filled blueprint would build."""
    blueprint, _, commands, attributes = saved
    return (id(blueprint), [c.name for c in commands], attributes)


def _same_server(a: ServerSnapshot, b: ServerSnapshot) -> bool:
    if a.tables.keys() != b.tables.keys() or a.notes != b.notes or a.types != b.types:
        return False
    return all(t is b.tables[k] or t.freeze() == b.tables[k].freeze() for k, t in a.tables.items())


def _as_quoted(reason: str, statement: ddl.Statement, settings: Settings) -> str:
    """SQLite repeats the name of a column to be renamed as it was written, and the framework writes it in quotes."""
    if settings.driver != "sqlite" or not isinstance(statement, ddl.AlterTable):
        return reason
    if not any(isinstance(a, ddl.RenameColumn) for a in statement.actions):
        return reason
    return re.sub(r'^no such column: "(.*)"$', r'no such column: ""\1""', reason)


_WITHOUT_TABLES = (
    "laravel/framework",
    "brick/",
    "carbonphp/",
    "composer/",
    "dflydev/",
    "doctrine/",
    "dragonmantank/",
    "egulias/",
    "fakerphp/",
    "fruitcake/",
    "graham-campbell/",
    "guzzlehttp/",
    "hamcrest/",
    "friendsofphp/",
    "illuminate/",
    "laravel/prompts",
    "laravel/serializable-closure",
    "laravel/tinker",
    "laravel/pint",
    "laravel/sail",
    "league/",
    "mockery/",
    "monolog/",
    "nesbot/",
    "nette/",
    "nikic/",
    "nunomaduro/",
    "orchestra/",
    "pestphp/",
    "phpstan/",
    "larastan/",
    "phpoption/",
    "phpunit/",
    "predis/",
    "psr/",
    "psy/",
    "ralouphie/",
    "ramsey/",
    "symfony/",
    "theseer/",
    "tijsverkoyen/",
    "vlucas/",
    "voku/",
    "webmozart/",
)


def _tables_of(statement: ddl.Statement) -> list[str]:
    """The tables that must be there for a statement to be carried out."""
    match statement:
        case ddl.AlterTable():
            keys = [a.key.foreign_table for a in statement.actions if isinstance(a, ddl.AddForeignKey)]
            return [statement.table, *keys]
        case ddl.CreateTable():
            return [k.foreign_table for k in statement.foreign_keys]
        case ddl.CreateIndex() | ddl.RenameTable():
            return [statement.table]
        case ddl.DropTable():
            return [] if statement.if_exists else [statement.table]
        case ddl.DataStatement():
            return list(statement.tables)
    return []
