"""Squashed dumps: database/schema/{connection}-schema.dump or .sql, loaded before the first migration."""

from __future__ import annotations

import os
import re

from trueup.model.locations import Gap, Location
from trueup.model.project import Project
from trueup.sources.laravel.runtime.world import World
from trueup.sources.sql import ddl
from trueup.sources.sql.read import read_sql
from trueup.sources.sql.servers import Refused
from trueup.structs import Struct

_INSERT = re.compile(
    r"insert\s++into\s++[`\"\w.]*migrations[`\"]?\s*+(?:\([^)]{0,300}+\)\s*+)?values\s*+(.*?)(?:;[^\S\n]*+$|\Z)",
    re.I | re.S | re.M,
)


class LoadedDump(Struct, frozen=True):
    """`ran` are the migrations that the dump has already carried out."""

    path: str
    ran: frozenset[str]
    gaps: tuple[Gap, ...] = ()


def find_dump(project: Project, *connections: str) -> str | None:
    """The path, relative to the root, as `MigrateCommand::schemaPath` looks for it: of the first connection that has one."""
    for connection in connections:
        for ending in ("dump", "sql"):
            path = f"database/schema/{connection}-schema.{ending}"
            if os.path.isfile(os.path.join(project.root, path)):
                return path
    return None


def migrations_dumped(project: Project, connection: str) -> frozenset[str]:
    """The migrations that the connection's dump has carried out; their files are often deleted. Empty where there is no dump."""
    path = find_dump(project, connection)
    if path is None:
        return frozenset()
    with open(os.path.join(project.root, path), "rb") as handle:
        return frozenset(_migrations_in(handle.read().decode("utf-8", "replace")))


def load_dump(world: World, path: str) -> LoadedDump:
    """Carries the dump out. PostgreSQL's custom format (.dump) is binary and becomes a gap."""
    with open(os.path.join(world.project.root, path), "rb") as handle:
        raw = handle.read()
    at = Location(path, 1)
    if raw.startswith(b"PGDMP"):
        return LoadedDump(
            path,
            frozenset(),
            (Gap(at, "a dump in PostgreSQL's binary format can't be read", "unreadable-file"),),
        )
    text = raw.decode("utf-8", "replace")
    gaps: list[Gap] = []
    settings = world.settings
    for statement in read_sql(text, settings.driver, at, server_version=settings.server_version or None):
        if isinstance(statement, ddl.NotUnderstood):
            gaps.append(Gap(statement.at, statement.reason, "raw-sql", statement.text[:120]))
            continue
        try:
            world.server.execute(statement)
        except Refused as refused:
            gaps.append(
                Gap(refused.at, f"the server refuses this statement of the dump: {refused.reason}", "dump")
            )
    return LoadedDump(path, frozenset(_migrations_in(text)), tuple(gaps))


def _migrations_in(text: str) -> list[str]:
    """Names in INSERTs (or PostgreSQL's COPY) into the migrations table."""
    names: list[str] = []
    for found in _INSERT.finditer(text):
        names.extend(re.findall(r"'([^']+)'", found[1]))
    for found in re.finditer(r"^COPY\s+[\w.\"]*migrations\b[^\n]*\n(.*?)^\\\.", text, re.M | re.S):
        names.extend(line.split("\t")[1] for line in found[1].splitlines() if line.count("\t") >= 2)
    return names
