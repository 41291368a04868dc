"""The replay: every migration in order, on an empty server of one driver."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.model.locations import NOWHERE, Gap, Location
from trueup.model.migrations import MigrationFile
from trueup.model.names import Driver
from trueup.model.project import Project
from trueup.model.schema import Failure, Note, Schema
from trueup.sources.laravel.migrations.conditional import conditional_columns
from trueup.sources.laravel.migrations.connection_settings import (
    apply_connection,
    connection_of,
    doctrine_type,
    enforces_keys,
    first_settings,
    is_strict,
    to_the_same_database,
)
from trueup.sources.laravel.migrations.dump import LoadedDump, find_dump, load_dump
from trueup.sources.laravel.migrations.files import MigrationPath, class_name_of, migration_files, tables_made
from trueup.sources.laravel.migrations.guessed import migrate_guessed
from trueup.sources.laravel.runtime.class_files import ClassFiles
from trueup.sources.laravel.runtime.errors import QueryException
from trueup.sources.laravel.runtime.host import LaravelHost
from trueup.sources.laravel.runtime.providers import setting_files, setting_statements
from trueup.sources.laravel.runtime.world import World
from trueup.sources.php.evaluate import Interpreter, Outcome
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.tree import FunctionDecl
from trueup.sources.php.values import Closure, NativeClosure, PhpArray, PhpObject, Value
from trueup.sources.sql import ddl
from trueup.sources.sql.servers import server_for
from trueup.sources.sql.version import MYSQL_VERSION
from trueup.structs import Struct, replace

if TYPE_CHECKING:
    from trueup.sources.laravel.migrations.recorder import Recorder


class Replay(Struct, frozen=True):
    """`schema` as the server would report it after the last migration (or after `until`); `migrations` in the order of running,
    with their effects when those were asked for."""

    schema: Schema
    migrations: tuple[MigrationFile, ...] = ()
    dump: str = ""


def replay(
    project: Project,
    driver: Driver,
    *,
    server_version: str | None = None,
    until: str | None = None,
    dump: bool = True,
    details: bool = False,
    classes: ClassFiles | None = None,
) -> Replay:
    """What `php artisan migrate` leaves behind on an empty database.

    `until` is a migration's name (or the start of one): the last to run. `dump` False leaves squashed dumps out. `details` also
    says what each migration does and what its `down()` does not undo (slower). `classes` shares parsed files between replays of
    one project. Nothing is raised for what migrations hold: failures and gaps are in the schema.

    Laravel's driver "mysql" is used with MariaDB and with MySQL. Where no `server_version` says which, it is taken for MariaDB,
    unless MariaDB refuses a statement that MySQL takes: as no SQL of its own (1064: `POINT SRID 4326`, `DROP CHECK`), or because
    a column is dropped that is one of several in a unique key (1072), which MySQL leaves with the others."""
    files = classes or ClassFiles(project)

    def on(version: str | None) -> Replay:
        run = Run(project, driver, version, files, details)
        return run.result(run.migrate_all(dump=dump, until=until))

    found = on(server_version)
    if driver != "mysql" or server_version is not None or not _misread(found):
        return found
    other = on(MYSQL_VERSION)
    return other if _misread(other) < _misread(found) else found


def _misread(replayed: Replay) -> int:
    """How many migrations fail at what the other of the two servers may take."""
    return sum(failure.code in ("1064", "1072") for failure in replayed.schema.failures)


class Run:
    """One replay under way."""

    def __init__(
        self, project: Project, driver: Driver, server_version: str | None, classes: ClassFiles, details: bool
    ) -> None:
        self.project = project
        self.driver = driver
        self.server_version = server_version
        settings = first_settings(project, driver, server_version)
        self.world = World(project, settings, server_for(driver, server_version))
        self.host = LaravelHost(self.world, classes)
        self.php = Interpreter(self.host)
        self.classes = classes
        self.details = details
        self.failures: list[Failure] = []
        self.gaps: list[Gap] = []
        self.migrations: list[MigrationFile] = []
        self.ran: list[tuple[int, PhpObject]] = []
        self.ledger = "migrations"
        self.dumped_under: tuple[str, ...] = ()
        """Names of connections under which a dump of this database may lie."""

    def migrate_all(self, *, dump: bool = True, until: str | None = None) -> LoadedDump | None:
        """Runs the project's migrations, up to `until`; answers the dump that was loaded before them."""
        self.prepare()
        loaded = self.load_dump() if dump else None
        paths = migration_files(self.project)
        self.look_over(paths)
        if self.project.stubs_guessed and any(p.path in self.project.stubs for p in paths):
            migrate_guessed(self, paths, until)
            return loaded
        for path in paths:
            if loaded is None or path.name not in loaded.ran:
                self.migrate(path)
            if until is not None and path.name.startswith(until):
                break
        return loaded

    # Before the first migration

    def prepare(self) -> None:
        self._configure()
        for file in setting_files(self.project, self.classes):
            statements = tuple(setting_statements(file))
            if statements:
                self._note(self._run_statements(file, statements))
        self.world.server.execute(_ledger_table(self.world.prefixed(self.ledger), self.driver))

    def _configure(self) -> None:
        settings = self.world.settings
        self.world.rows.sequences = self.driver == "pgsql"
        default, connections = self._config("database.default_name"), self._config("database.connections")
        name, config = connection_of(self.driver, connections, default)
        self.host.connection_name = self.host.replayed = name
        written = self.classes.text("config/database.php").decode("utf-8", "replace")
        own = "mysql" if name == "mariadb" and not _names(connections, name) else name
        self.dumped_under = tuple(
            dict.fromkeys((name, own, *to_the_same_database(own, connections, written)))
        )
        apply_connection(settings, config)
        database = config.get("database")
        self.world.database = database if isinstance(database, str) and self.driver != "sqlite" else "laravel"
        self.world.server = server_for(
            self.driver,
            self.server_version,
            charset=settings.charset,
            collation=settings.collation,
            engine=settings.engine,
            strict=is_strict(config),
            foreign_key_checks=enforces_keys(config) if self.driver == "sqlite" else None,
        )
        types = self._config("database.dbal.types")
        if isinstance(types, PhpArray):
            settings.dbal_types = {str(k): doctrine_type(v) for k, v in types.items()}
        ledger = self._config("database.migrations")
        if isinstance(ledger, PhpArray):
            ledger = ledger.get("table")
        self.ledger = ledger if isinstance(ledger, str) else "migrations"

    def _config(self, key: str) -> Value:
        wanted = "database.default" if key == "database.default_name" else key
        ask = NativeClosure("config", lambda _, ctx: self.host.configuration.get(wanted, ctx))
        return self.php.run_method(ask, "__invoke").value

    def _run_statements(self, file: PhpFile, statements: tuple[object, ...]) -> Outcome:
        function = FunctionDecl(1, "{settings}", lambda: ((), statements))  # type: ignore[arg-type,return-value]  # statements of the tree
        return self.php.run_method(Closure(function, file, {}), "__invoke")

    def load_dump(self) -> LoadedDump | None:
        path = find_dump(self.project, *self.dumped_under)
        if path is None:
            return None
        self.world.server.execute(ddl.DropTable(self.world.prefixed(self.ledger), if_exists=True))
        loaded = load_dump(self.world, path)
        self.gaps.extend(loaded.gaps)
        return loaded

    def look_over(self, paths: Iterable[MigrationPath]) -> None:
        """Which tables the project makes at all: a missing one that is not among them is somebody else's."""
        files = (self.classes.parsed(p.path) for p in paths)
        sources = [f.source for f in files if f is not None]
        loading = [s for s in sources if b".sql" in s]
        for script in self.project.scripts if loading else ():
            name = script.rsplit("/", 1)[-1].encode("utf-8", "surrogateescape")
            if any(name in s for s in loading):
                sources.append(self.classes.text(script))
        self.world.made = tables_made(sources) | {self.ledger}

    # One migration

    def migrate(self, path: MigrationPath) -> None:
        file = self.classes.parsed(path.path)
        if file is None:
            self.gaps.append(Gap(Location(path.path), "the file can't be read", "unreadable-file"))
            return
        instance = self._instance(path, file)
        if instance is None:
            return
        recorder = self._recorder(path, file, instance) if self.details else None
        if not self._belongs_elsewhere(path, instance) and self._should_run(instance):
            if recorder is None:
                self._up(path, instance)
            else:
                recorder.record(lambda: self._up(path, instance))
        failed = bool(self.failures) and self.failures[-1].migration == path.name
        if path.path in self.project.stubs and not failed:
            self.gaps.extend(conditional_columns(path.path, file.source, self.schema()))
        if recorder is None:
            self.migrations.append(MigrationFile(path.path, path.name))
        else:
            self.migrations.append(recorder.facts(self.php, failed))
            if not failed:
                self.ran.append((len(self.migrations) - 1, instance))
        self._count_in(path)

    def _recorder(self, path: MigrationPath, file: PhpFile, instance: PhpObject) -> Recorder:
        from trueup.sources.laravel.migrations.recorder import Recorder

        return Recorder(self.world, path, file, instance)

    def _count_in(self, path: MigrationPath) -> None:
        row: dict[str, Value] = {"migration": path.name, "batch": 1}
        self.world.rows.insert(self.world.prefixed(self.ledger), row, "id")

    def _instance(self, path: MigrationPath, file: PhpFile) -> PhpObject | None:
        """The migration's object: what the file returns, or the class that its name (or its only class with `up`) says."""
        self.gaps.extend(file.gaps)
        outcome = self.php.run(file)
        self._note(outcome)
        if isinstance(outcome.value, PhpObject):
            return outcome.value
        if outcome.thrown is not None:
            self._fail(path, outcome.thrown)
            return None
        name = _class_in(path, file)
        if name is None:
            self.gaps.append(
                Gap(Location(path.path), "no migration class was found in this file", "no-class")
            )
            return None
        made = self.php.run_new(name)
        self._note(made)
        if made.thrown is not None:
            self._fail(path, made.thrown)
        return made.value if isinstance(made.value, PhpObject) else None

    def _belongs_elsewhere(self, path: MigrationPath, instance: PhpObject) -> bool:
        name = self.php.run_method(instance, "getConnection").value
        ask = NativeClosure("elsewhere", lambda _, ctx: self.host.elsewhere(name, ctx))
        elsewhere = str(self.php.run_method(ask, "__invoke").value or "")
        if elsewhere:
            self.host.note_elsewhere(elsewhere, Location(path.path, instance.cls.decl.line))
        return elsewhere != ""

    def _should_run(self, instance: PhpObject) -> bool:
        if self.world.settings.major < 12 or instance.cls.method("shouldRun") is None:
            return True
        outcome = self.php.run_method(instance, "shouldRun")
        self._note(outcome)
        return outcome.value is not False

    def _up(self, path: MigrationPath, instance: PhpObject) -> None:
        if instance.cls.method("up") is None:
            return
        wrapped = self.driver == "pgsql" and instance.get("withinTransaction", True) is not False
        saved = (self.world.server.snapshot(), self.world.rows.snapshot()) if wrapped else None
        self.world.wrapped = wrapped
        outcome = self.php.run_method(instance, "up")
        self._note(outcome)
        # PostgreSQL answers the COMMIT of a transaction in which a statement failed with a ROLLBACK, and no error.
        lost = outcome.thrown is not None or self.world.aborted
        self.close_transactions()
        if outcome.thrown is not None:
            self._fail(path, outcome.thrown)
        if saved is not None and lost:
            self.world.server.restore(saved[0])
            self.world.rows.roll_back(saved[1])

    def close_transactions(self) -> None:
        self.world.transaction = 0
        self.world.wrapped = self.world.aborted = False
        self.world.savepoints.clear()
        self.world.open_blueprints.clear()

    def _fail(self, path: MigrationPath, thrown: PhpThrow) -> None:
        error = thrown.state
        if isinstance(error, QueryException):
            self.failures.append(Failure(path.name, thrown.at, error.reason, error.server_code))
        else:
            self.failures.append(Failure(path.name, thrown.at, f"{thrown.php_class}: {thrown.message}"))

    def _note(self, outcome: Outcome) -> None:
        self.gaps.extend(outcome.gaps)

    # The end

    def result(self, loaded: LoadedDump | None) -> Replay:
        schema = self.schema()
        self.roll_all_back()
        return Replay(schema, tuple(self.migrations), loaded.path if loaded is not None else "")

    def schema(self) -> Schema:
        """What the server holds now, with the failures and gaps so far."""
        frozen = self.world.server.freeze()
        gaps = sorted({*self.gaps, *self.host.noted})
        version = self.project.framework_version
        return replace(
            frozen,
            driver=self.driver,
            tables=tuple(t for t in frozen.tables if t.name != self.world.prefixed(self.ledger)),
            notes=tuple(sorted(frozen.notes, key=_note_order)),
            failures=tuple(self.failures),
            gaps=tuple(gaps),
            framework=f"laravel {version}" if version else "laravel",
        )

    def undo(self, instance: PhpObject) -> Outcome:
        """Runs a migration's `down()`."""
        outcome = self.php.run_method(instance, "down")
        self.close_transactions()
        return outcome

    def roll_all_back(self) -> None:
        """Every `down()` from the last to the first, as `migrate:reset` would, up to the first that fails or is not there: what
        fails only then is a fault too. Not in an order that was guessed."""
        from trueup.sources.laravel.migrations.rollback import failure

        if self.project.stubs_guessed:
            return
        for number, instance in reversed(self.ran):
            facts = self.migrations[number]
            if any(f.kind in ("fails", "order", "missing", "empty", "unknown") for f in facts.rollback):
                return
            if instance.cls.method("down") is None:
                continue
            outcome = self.undo(instance)
            if outcome.thrown is not None:
                fault = failure(outcome.thrown, "when all migrations are rolled back: ")
                self.migrations[number] = replace(facts, rollback=(*facts.rollback, fault))
                return


def _names(connections: Value, name: str) -> bool:
    """Whether config/database.php has that connection; MariaDB is asked over MySQL's where it has none for it."""
    return isinstance(connections, PhpArray) and connections.get(name) is not None


def _note_order(note: Note) -> tuple[str, str, Location]:
    return (note.kind, note.name, note.at)


def _class_in(path: MigrationPath, file: PhpFile) -> str | None:
    wanted = class_name_of(path.name).lower()
    for cls in file.classes:
        if cls.short.lower() == wanted:
            return cls.name
    candidates: Iterable[str] = [
        c.name for c in file.classes if c.kind == "class" and c.method("up") is not None
    ]
    return next(iter(candidates), None)


def _ledger_table(name: str, driver: Driver) -> ddl.CreateTable:
    """The framework's own table of migrations, which is there before the first one runs."""
    key = {"pgsql": "serial", "sqlite": "integer"}.get(driver, "int unsigned")
    return ddl.CreateTable(
        name,
        (
            ddl.ColumnDef("id", key, nullable=False, auto_increment=driver != "pgsql", primary=True),
            ddl.ColumnDef("migration", "varchar" if driver == "sqlite" else "varchar(255)", nullable=False),
            ddl.ColumnDef("batch", "integer" if driver != "mysql" else "int", nullable=False),
        ),
        at=NOWHERE,
    )


__all__ = ["Replay", "replay"]
