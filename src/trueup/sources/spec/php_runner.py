"""Runs a PHP fragment on an empty server and notes the schema statements that the framework would send."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.model.locations import Gap
from trueup.model.names import Driver
from trueup.model.project import Project
from trueup.sources.laravel.migrations.settings import Settings
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.sql import ddl
from trueup.structs import Struct

if TYPE_CHECKING:
    from trueup.sources.php.evaluate import Interpreter
    from trueup.sources.php.parse import PhpFile

_FRAMEWORK = "12.0.0"
_SERVERS: dict[Driver, str] = {
    "mysql": "8.0.36",
    "mariadb": "10.11.0-MariaDB",
    "pgsql": "15.0",
    "sqlite": "3.45.0",
}
_NOWHERE = "/dev/null"
"""A root that holds no files: a document's PHP sees none of the machine's."""


class Statements(Struct, frozen=True):
    statements: tuple[ddl.Statement, ...]
    gaps: tuple[Gap, ...]


def carry_out_php(code: tuple[str, str, str], first: int, file: str, driver: Driver) -> Statements:
    """`code`: what goes in front of the text (on the line above it), the text, what goes behind. Statements carry the lines of
    `file`. What the server refuses goes on with the next statement: a specification is judged, not migrated."""
    from trueup.sources.laravel.runtime.class_files import ClassFiles
    from trueup.sources.laravel.runtime.host import LaravelHost
    from trueup.sources.laravel.runtime.world import World
    from trueup.sources.php.evaluate import Interpreter
    from trueup.sources.php.parse import parse
    from trueup.sources.sql.servers import server_for

    project = Project(_NOWHERE, "", "app", "laravel", _FRAMEWORK, "assumed", (), ())
    settings = Settings(driver=driver, major=12, server_version=_SERVERS[driver], maria=driver == "mariadb")
    world = World(project, settings, server_for(driver, _SERVERS[driver], foreign_key_checks=False))
    noted: list[ddl.Statement] = []

    def note(statements: list[ddl.Statement], deed: Callable[[], None]) -> None:
        noted.extend(s for s in statements if not isinstance(s, ddl.Session | ddl.DataStatement))
        try:
            deed()
        except PhpThrow:
            return

    world.observer = note
    php = Interpreter(LaravelHost(world, ClassFiles(project)))
    front, text, behind = code
    above, start = ("\n" * (first - 2), "\n") if first > 1 else ("", "")
    source = f"<?php {above}{front}{start}{text}\n{behind}"
    parsed = parse(source.encode("utf-8", "replace"), file)
    gaps = list(parsed.gaps)
    gaps += _run(php, parsed)
    return Statements(tuple(noted), tuple(sorted(set(gaps))))


def _run(php: Interpreter, parsed: PhpFile) -> list[Gap]:
    from trueup.sources.php.values import PhpObject

    outcome = php.run(parsed)
    gaps = list(outcome.gaps)
    made = [outcome.value] if isinstance(outcome.value, PhpObject) else []
    for cls in parsed.classes if not made else ():
        if cls.kind == "class" and cls.method("up") is not None:
            new = php.run_new(cls.name)
            gaps += new.gaps
            made += [new.value] if isinstance(new.value, PhpObject) else []
    for migration in made:
        if migration.cls.method("up") is not None:
            gaps += php.run_method(migration, "up").gaps
    return gaps
