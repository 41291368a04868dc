"""An example, written to disk and audited as any project is."""

from __future__ import annotations

from pathlib import Path

from trueup.checks.examples import Example, GivenLive
from trueup.checks.registry import Check
from trueup.config import Options
from trueup.model.audit import Audit
from trueup.model.live import IndexUse, Live, TableSize, Untold
from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.pipeline.flow import audit
from trueup.sources.sql.ddl import NotUnderstood
from trueup.sources.sql.read import read_sql
from trueup.sources.sql.servers import server_for
from trueup.structs import replace

SERVER = "mysql://db.example/shop"
"""Stands for the server in the locations of what is live."""


def audited(example: Example, check: Check, folder: Path) -> Audit:
    """The audit of the example's files by this check alone."""
    given = example.given
    for path, text in given.files:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    if given.others:
        (folder / "trueup.toml").write_text(f"drivers = {list(given.others)!r}\n")
    target = folder / given.ticket if given.ticket else folder
    options = Options(
        specs=tuple(str(folder / path) for path in given.specifications if not given.ticket),
        driver=given.driver,
        select=(check.code,),
    )
    live = _live(given.live, given.driver) if given.live else None
    return audit(str(target), options, live=live)[0]


def _live(given: GivenLive, driver: Driver) -> Live:
    """The live database as it would be read from a server that has carried out the statements."""
    server = server_for(driver, None)
    for statement in read_sql(given.sql, driver, Location(SERVER)):
        assert not isinstance(statement, NotUnderstood), statement
        server.execute(statement)
    schema = server.freeze()
    tables = [
        replace(t, at=Location(SERVER), columns=tuple(replace(c, at=Location(SERVER)) for c in t.columns))
        for t in schema.tables
    ]
    reads = dict(given.reads)
    return Live(
        Location(SERVER),
        replace(schema, tables=tuple(tables)),
        entries=given.ran,
        packages_read=True,
        tables=tuple(
            TableSize(t.name, dict(given.rows).get(t.name), reads=reads.get(t.name)) for t in tables
        ),
        indexes=tuple(
            IndexUse(t.name, i.name, reads.get(f"{t.name}.{i.name}")) for t in tables for i in t.indexes
        ),
        since="2026-01-01",
        untold=() if reads else (Untold("reads", "the server does not count reads"),),
    )
