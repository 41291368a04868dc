"""Where remedies are tried: the project's migrations, replayed once for a driver, and put back after each trial."""

from __future__ import annotations

from collections.abc import Sequence

from trueup.compare.prefix import without_prefix
from trueup.model.locations import NOWHERE, Gap
from trueup.model.migrations import MigrationFile
from trueup.model.names import Driver
from trueup.model.project import Project
from trueup.model.remedies import NewFile
from trueup.model.schema import Check, Column, Failure, ForeignKey, Index, Schema, Table
from trueup.sources.laravel.migrations.files import MigrationPath
from trueup.sources.laravel.migrations.replay import Run
from trueup.sources.laravel.runtime.class_files import ClassFiles
from trueup.sources.laravel.runtime.world import Snapshot
from trueup.sources.php.values import PhpObject
from trueup.structs import Struct, replace

_PROBE = """<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{{
    public function up()
    {{
        Schema::create('{table}', function (Blueprint $table) {{
            {statement};
        }});
    }}
}};
"""


Part = Index | ForeignKey | Check


class Attempt(Struct, frozen=True):
    """What came of running files after the project's migrations. `schema` goes by names without the connection's prefix, as an
    audit does; `raw` as the server has them. `failures` and `gaps` are those of the files alone; `undone`: every `down()` ran and
    left exactly what was there before, or why not."""

    schema: Schema
    raw: Schema
    before: Schema
    migrations: tuple[MigrationFile, ...]
    failures: tuple[Failure, ...]
    undone: str = ""


class State(Struct, frozen=True):
    """A server as it stands, and what the replay has noted by then."""

    world: Snapshot
    failures: tuple[Failure, ...]
    gaps: tuple[Gap, ...]
    migrations: tuple[MigrationFile, ...]
    ran: tuple[tuple[int, PhpObject], ...]
    base: tuple[MigrationFile, ...] = ()
    """The migrations with what rolling them all back shows."""


class Bench:
    """One driver's server, with the project's migrations on it."""

    def __init__(self, run: Run, prefix: str, state: State, base: tuple[MigrationFile, ...]) -> None:
        self.driver = run.driver
        self.prefix = prefix
        self._run = run
        self._start = state
        self._probes = 0
        self._base_migrations = base
        self._restore()
        self._show(run.schema())

    @classmethod
    def of(
        cls, project: Project, driver: Driver, prefix: str, version: str, classes: ClassFiles, details: bool
    ) -> Bench:
        """A new server. `details`: what migrations do and do not undo is told too, as checks ask for it; without it nothing can be
        judged by this bench."""
        run = Run(project, driver, version or None, classes, details)
        run.migrate_all()
        start = _state(run)
        if details:
            run.roll_all_back()
        return cls(run, prefix, start, tuple(run.migrations))

    def beside(self) -> Bench:
        """Another bench that begins where this one does, and goes its own way from there."""
        return Bench(self._run, self.prefix, self._start, self._base_migrations)

    def attempt(
        self, files: Sequence[NewFile], after: Sequence[NewFile] = (), in_order: bool = True
    ) -> Attempt:
        """Runs `files` in their order, `after` before them, then every `down()` of `files` from the last to the first. `in_order`:
        the columns must stand in their old order then."""
        self._restore()
        for file in after:
            self._migrate(file)
        before = self._run.schema() if after else self.raw
        done, failed = len(self._run.migrations), len(self._run.failures)
        for file in files:
            self._migrate(file)
        raw = self._run.schema() if files else before
        added = tuple(self._run.migrations[len(self._start.migrations) :])
        failures = tuple(self._run.failures[failed:])
        undone = self._undo(before, done, in_order) if files and not failures else ""
        schema, migrations = without_prefix(raw, (*self._base_migrations, *added), self.prefix)
        return Attempt(schema, raw, before, migrations, failures, undone)

    def advance(self, files: Sequence[NewFile]) -> Attempt:
        """Runs `files` for good: later attempts start after them. Nothing is kept where one fails."""
        self._restore()
        before, failed = self.raw, len(self._start.failures)
        for file in files:
            self._migrate(file)
        run, raw = self._run, self._run.schema()
        migrations = (*self._base_migrations, *run.migrations[len(self._start.migrations) :])
        failures = tuple(run.failures[failed:])
        if not failures:
            self._start, self._base_migrations = _state(run), migrations
            self._show(raw)
        return Attempt(self.schema, raw, before, self.migrations, failures)

    def _show(self, raw: Schema) -> None:
        self.raw = raw
        self.schema, self.migrations = without_prefix(raw, self._base_migrations, self.prefix)

    def mark(self) -> State:
        """Where it stands, for `back_to`."""
        return replace(self._start, base=self._base_migrations)

    def back_to(self, mark: State) -> None:
        """Takes back what was run for good since."""
        self._start, self._base_migrations = mark, mark.base
        self._restore()
        self._show(self._run.schema())

    def probe(self, statement: str) -> Column | None:
        """The column that a Blueprint statement ("$table->decimal('a', 10, 2)") makes on this server; None where it refuses."""
        self._probes += 1
        name = f"trueup_probe_{self._probes}"
        text = _PROBE.format(table=name, statement=statement)
        self._restore()
        self._migrate(NewFile(f"2000_01_01_{self._probes:06d}_{name}.php", text))
        table = self._run.schema().table(self.prefix + name)
        return table.columns[0] if table is not None and table.columns else None

    def _migrate(self, file: NewFile) -> None:
        self._run.classes.add(file.path, file.text.encode())
        self._run.migrate(MigrationPath(file.path.rsplit("/", 1)[-1].removesuffix(".php"), file.path))

    def _undo(self, before: Schema, done: int, in_order: bool) -> str:
        """Why going back does not leave what was there, or ""."""
        for number, instance in reversed(self._run.ran):
            if number < done:
                break
            outcome = self._run.undo(instance)
            if outcome.thrown is not None:
                state = outcome.thrown.state
                reason = getattr(state, "reason", "") or outcome.thrown.message
                return f"down() of {self._run.migrations[number].name} fails: {reason}"
        return difference(before, self._run.schema(), in_order)

    def _restore(self) -> None:
        run, start = self._run, self._start
        run.world.restore(start.world)
        run.world.transaction = 0
        run.world.savepoints.clear()
        run.failures[:], run.gaps[:] = start.failures, start.gaps
        run.migrations[:], run.ran[:] = start.migrations, start.ran


def _state(run: Run) -> State:
    return State(
        run.world.snapshot(), tuple(run.failures), tuple(run.gaps), tuple(run.migrations), tuple(run.ran)
    )


def difference(before: Schema, after: Schema, in_order: bool = True) -> str:
    """The first thing that two states of one server differ in, as a clause; "" where they are the same. `in_order`: the order
    of the columns counts."""
    old = {t.name: t for t in before.tables}
    new = {t.name: t for t in after.tables}
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            return f"the table {name} is gone"
        if name not in old:
            return f"the table {name} stays"
        if old[name] is not new[name] and (what := _table_difference(old[name], new[name], in_order)) != "":
            return f"{name}: {what}"
    return ""


def _table_difference(old: Table, new: Table, in_order: bool) -> str:
    was, now = [_bare(c) for c in old.columns], [_bare(c) for c in new.columns]
    if not in_order:
        was, now = sorted(was, key=lambda c: c.name), sorted(now, key=lambda c: c.name)
    if was != now:
        for column in was:
            found = next((c for c in now if c.name == column.name), None)
            if found is None:
                return f"the column {column.name} is gone"
            if found != column:
                return f"the column {column.name} is not as it was"
        stays = [c.name for c in now if c.name not in {o.name for o in was}]
        return f"the column {stays[0]} stays" if stays else "the order of the columns is another"
    pairs: tuple[tuple[str, set[Part], set[Part]], ...] = (
        (
            "index",
            {_index(i) for i in old.indexes},
            {_index(i) for i in new.indexes},
        ),
        (
            "foreign key",
            {replace(k, at=NOWHERE) for k in old.foreign_keys},
            {replace(k, at=NOWHERE) for k in new.foreign_keys},
        ),
        ("check", {replace(c, at=NOWHERE) for c in old.checks}, {replace(c, at=NOWHERE) for c in new.checks}),
    )
    for word, before, after in pairs:
        for gone in sorted(before - after, key=repr):
            return f"the {word} {_name(gone)} is gone"
        for left in sorted(after - before, key=repr):
            return f"the {word} {_name(left)} stays"
    return ""


def _index(index: Index) -> Index:
    """Whether InnoDB made an index by itself or a statement did makes no difference to what is there."""
    return replace(index, at=NOWHERE, implied=False)


def _name(part: Part) -> str:
    return part.name or f"({', '.join(part.columns)})"


def _bare(column: Column) -> Column:
    return replace(column, at=NOWHERE)
