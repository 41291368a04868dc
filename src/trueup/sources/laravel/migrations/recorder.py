"""What one migration does and what its `down()` does not undo: the details that checks of migrations are given."""

from __future__ import annotations

from collections.abc import Callable

from trueup.model.locations import Location
from trueup.model.migrations import Change, MigrationFile, RollbackFault
from trueup.sources.laravel.migrations.changes import changes_between
from trueup.sources.laravel.migrations.commented import commented_out
from trueup.sources.laravel.migrations.files import MigrationPath
from trueup.sources.laravel.migrations.guarded import Guarded
from trueup.sources.laravel.migrations.rollback import rollback_faults
from trueup.sources.laravel.runtime.world import World
from trueup.sources.php.evaluate import Interpreter
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.values import PhpObject
from trueup.sources.sql import ddl
from trueup.sources.sql.servers.catalog import Look
from trueup.structs import replace

_WRITES = ("insert", "update", "delete", "truncate")
_LOOKS = "select grouped"


class Recorder:
    """Looks at the server around each deed of one migration."""

    def __init__(self, world: World, path: MigrationPath, file: PhpFile, instance: PhpObject) -> None:
        self.world = world
        self.path = path
        self.file = file
        self.instance = instance
        self.changes: list[Change] = []
        self.before = Look()
        self.first_guard = len(world.guards)

    def record(self, run: Callable[[], None]) -> None:
        self.before = self.world.server.catalog.look()
        self.first_guard = len(self.world.guards)
        self.world.observer = self._observe
        try:
            run()
        finally:
            self.world.observer = None

    def _observe(self, statements: list[ddl.Statement], deed: Callable[[], None]) -> None:
        catalog = self.world.server.catalog
        before = catalog.look()
        try:
            deed()
        finally:
            after = catalog.look()
            names = catalog.changed(before, after)
            at = next((s.at for s in statements if s.at.file), Location(self.path.path))
            online = any(isinstance(s, ddl.CreateIndex) and s.index.concurrently for s in statements)
            found = list(changes_between(before.tables, after.tables, names, statements, at))
            self.changes.extend(
                replace(c, concurrently=online) if c.kind == "add index" else c for c in found
            )
            self.changes.extend(_writes(statements))

    def facts(self, php: Interpreter, failed: bool) -> MigrationFile:
        """`failed`: `up()` did not come to its end, so nobody will run `down()`."""
        down = self.instance.cls.method("down")
        guarded = Guarded(self.file, self.world.guards[self.first_guard :], self.changes)
        made = {c.table for c in self.changes if c.kind == "create table"}
        done = tuple(
            replace(c, guard=guarded.guard_of(c.at), new_table=c.new_table or c.table in made)
            for c in self.changes
        )
        return MigrationFile(
            path=self.path.path,
            name=self.path.name,
            creates=_names(done, "create table"),
            changes=tuple(
                sorted(
                    {c.table for c in done if c.kind != "look for duplicates"}
                    - made
                    - set(_names(done, "drop table"))
                )
            ),
            drops=_names(done, "drop table"),
            class_at=Location(self.path.path, self.instance.cls.decl.line),
            has_down=down is not None and bool(down.function.body),
            done=done,
            guards=guarded.guards(),
            rollback=() if failed else self._rollback(php, done),
            commented=commented_out(self.file),
            within_transaction=self.instance.get("withinTransaction", True) is not False,
        )

    def _rollback(self, php: Interpreter, done: tuple[Change, ...]) -> tuple[RollbackFault, ...]:
        """`down()` right after `up()`, and then everything as if it had not been."""
        server, rows = self.world.server.snapshot(), self.world.rows.snapshot()
        guards, config = len(self.world.guards), dict(self.world.config)
        try:
            return rollback_faults(
                php, self.instance, self.before, self.world.server.catalog, done, self.path.path
            )
        finally:
            self.world.server.restore(server)
            self.world.rows.restore(rows)
            del self.world.guards[guards:]
            self.world.config.clear()
            self.world.config.update(config)
            self.world.transaction = 0
            self.world.savepoints.clear()
            self.world.open_blueprints.clear()


def _names(changes: tuple[Change, ...], kind: str) -> tuple[str, ...]:
    return tuple(sorted({c.table for c in changes if c.kind == kind}))


def _writes(statements: list[ddl.Statement]) -> list[Change]:
    """Data that is written, and looks for rows that are alike, before the schema is changed."""
    return [
        Change("look for duplicates" if s.kind == _LOOKS else "write data", s.tables[0], s.kind, s.at)
        for s in statements
        if isinstance(s, ddl.DataStatement)
        and s.kind in (*_WRITES, _LOOKS)
        and s.tables
        and "__temp__" not in s.tables[0]
    ]
