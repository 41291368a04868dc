"""`trueup diff`: any two schemas, read from a project, a folder of migrations, a specification, an SQL file or a revision."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from trueup.compare.diff import Difference, diff
from trueup.config import Options, Settings, read_settings
from trueup.errors import Mistake, UserError
from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.model.schema import Schema
from trueup.pipeline.opening import choose_driver, open_target
from trueup.pipeline.revisions import split_range, write_revision
from trueup.pipeline.schemas import replay_for
from trueup.sources.project import find_root
from trueup.structs import Struct, replace

if TYPE_CHECKING:
    from trueup.sources.sql.ddl import Statement

Result = TypeVar("Result")

MAX_SQL_BYTES = 50_000_000


class Side(Struct, frozen=True):
    """One of the two schemas. `label` is what the user called it."""

    label: str
    schema: Schema


class SchemaDiff(Struct, frozen=True):
    before: Side
    after: Side
    differences: tuple[Difference, ...]


def diff_any(before: str, after: str, revisions: str, options: Options) -> SchemaDiff:
    """The comparison that the command's arguments ask for. Raises UserError where they ask for none or for two."""
    if revisions and after:
        raise UserError(Mistake("--rev", "compares revisions of one project", f"leave out '{after}'"))
    if revisions:
        return diff_revisions(before, revisions, options)
    if not after:
        raise UserError(
            Mistake("", "two schemas are needed", "trueup diff A B, or trueup diff PATH --rev A..B")
        )
    return diff_paths(before, after, options)


def diff_paths(before: str, after: str, options: Options) -> SchemaDiff:
    """What separates the schema at `before` from that at `after`. Where one of them does not say its driver, it is read for the
    other's. Raises UserError with the mistakes of both."""
    settings = _settings(options)
    driver = settings.driver or _driver_of(before, options) or _driver_of(after, options) or "mysql"
    mistakes: list[Mistake] = []
    sides = [_gathered(mistakes, partial(_read, path, options, driver)) for path in (before, after)]
    if mistakes:
        raise UserError(*dict.fromkeys(mistakes))
    respelled = _is_address(before) or _is_address(after)
    first, second = _with_checks_of_both(*(schema or Schema(driver) for schema in sides))
    return SchemaDiff(_side(before, first), _side(after, second), diff(first, second, respelled=respelled))


def _with_checks_of_both(first: Schema, second: Schema) -> tuple[Schema, Schema]:
    """The two sides, without CHECK constraints where a live server's were not read (its gap says so)."""
    if not any(gap.kind == "live-checks" for gap in (*first.gaps, *second.gaps)):
        return first, second
    plain = [replace(s, tables=tuple(replace(t, checks=()) for t in s.tables)) for s in (first, second)]
    return plain[0], plain[1]


def _side(path: str, schema: Schema) -> Side:
    if not _is_address(path):
        return Side(path, schema)
    from trueup.sources.database import address_of

    return Side(address_of(path).shown, schema)


def _is_address(path: str) -> bool:
    from trueup.sources.database import is_address

    return is_address(path) and not os.path.isdir(path)


def diff_revisions(path: str, revisions: str, options: Options) -> SchemaDiff:
    """What changed in the schema of the project at `path` between two revisions ("A..B") or since one ("A")."""
    import tempfile

    before, after = split_range(revisions)
    root = find_root(path)
    with tempfile.TemporaryDirectory(prefix="trueup-") as folder:
        folders = {name: os.path.join(folder, place) for name, place in ((before, "a"), (after, "b")) if name}
        for name, place in folders.items():
            os.mkdir(place)
            write_revision(root, name, place)
        found = diff_paths(folders[before], folders.get(after, root), options)
    return replace(
        found,
        before=replace(found.before, label=before),
        after=replace(found.after, label=after or "the work tree"),
    )


def _settings(options: Options) -> Settings:
    settings, mistakes = read_settings(None, options)
    if mistakes:
        raise UserError(*mistakes)
    return settings


def _gathered(mistakes: list[Mistake], work: Callable[[], Result]) -> Result | None:
    """The result, or None and the mistakes taken up."""
    try:
        return work()
    except UserError as problem:
        mistakes.extend(problem.mistakes)
        return None


def _driver_of(path: str, options: Options) -> Driver | None:
    """The driver that a side itself asks for: a project by its configuration, an SQL file by its dialect."""
    if _is_address(path):
        from trueup.sources.database import address_of

        address = _gathered([], lambda: address_of(path))
        return address.driver if address else None
    if os.path.isdir(path):
        mistakes: list[Mistake] = []
        opened = _gathered(mistakes, lambda: open_target(path, options))
        if opened is None:
            return None
        driver, why = choose_driver(opened.project, opened.settings)
        return None if "assumed" in why else driver
    if path.lower().endswith((".sql", ".dump")) and os.path.isfile(path):
        from trueup.sources.sql.read import detect_dialect

        return detect_dialect(_text(path))
    return None


KINDS = "a project, a folder of migrations, a specification (.md), an SQL file (.sql) or a database (URL, env:NAME, .env)"


def _read(path: str, options: Options, driver: Driver) -> Schema:
    lowered = path.lower()
    if _is_address(path):
        from trueup.sources.database import read_database

        live = read_database(path)
        # The framework's own list of what ran is no part of what the migrations build.
        return replace(live, tables=tuple(t for t in live.tables if t.name != "migrations"))
    if os.path.isfile(path) and lowered.endswith((".sql", ".dump")):
        return _from_sql(path, driver, options.server_version)
    if os.path.isfile(path) and lowered.endswith((".md", ".markdown")):
        return _from_specification(path, driver, options.server_version)
    if os.path.isfile(path):
        raise UserError(Mistake(path, "is no schema", KINDS))
    opened = open_target(path, options)
    return replay_for(opened.project, driver, opened.settings)


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            raw = file.read(MAX_SQL_BYTES + 1)
    except OSError as problem:
        raise UserError(Mistake(path, f"can't be read: {problem.strerror}")) from problem
    if len(raw) > MAX_SQL_BYTES:
        raise UserError(Mistake(path, f"is longer than {MAX_SQL_BYTES:,} bytes"))
    return raw.decode("utf-8", errors="replace")


def _from_sql(path: str, driver: Driver, server_version: str | None) -> Schema:
    """What the statements of an SQL file leave on an empty server. What is refused or not understood is a gap."""
    from trueup.sources.sql.read import read_sql

    return _carried_out(
        read_sql(_text(path), driver, Location(path, 1), server_version=server_version),
        driver,
        server_version,
    )


def _from_specification(path: str, driver: Driver, server_version: str | None) -> Schema:
    """What a server would hold if it were made as the document defines it. Tables that prose only names are left out."""
    from trueup.pipeline.required import required_statements
    from trueup.sources.spec.documents import find_documents
    from trueup.sources.spec.reader import read_specification

    folder = os.path.dirname(os.path.abspath(path))
    documents = find_documents(folder, (), explicit=(os.path.abspath(path),))
    specification = read_specification(documents, folder, driver_hint=driver)
    tables = tuple(table for table in specification.required if table.complete)
    schema = _carried_out(required_statements(tables), driver, server_version)
    return replace(schema, gaps=(*schema.gaps, *specification.gaps))


def _carried_out(statements: Iterable[Statement], driver: Driver, server_version: str | None) -> Schema:
    """The schema after the statements. Foreign keys may refer to tables that come later, as in a dump."""
    from trueup.sources.sql.ddl import NotUnderstood
    from trueup.sources.sql.servers import Refused, server_for

    server = server_for(driver, server_version, foreign_key_checks=False)
    gaps: list[Gap] = []
    for statement in statements:
        if isinstance(statement, NotUnderstood):
            gaps.append(Gap(statement.at, statement.reason, "raw-sql", statement.text[:120]))
            continue
        try:
            server.execute(statement)
        except Refused as refused:
            gaps.append(Gap(refused.at, f"{driver} refuses this: {refused.reason}", "refused"))
    return replace(server.freeze(), gaps=tuple(gaps))
