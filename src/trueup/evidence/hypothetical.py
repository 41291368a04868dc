"""PostgreSQL's HypoPG: what the planner would do with indexes that nobody has made. A second witness for the advice.

Source: hypopg's documentation, "Usage". The extension is made in our own scratch database only, where the server has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from trueup.evidence.explain import pgsql_plan
from trueup.evidence.indexing import making
from trueup.evidence.sql import Statement
from trueup.model.evidence import Plan
from trueup.model.schema import Index, Schema
from trueup.model.shapes import Advice

if TYPE_CHECKING:
    from trueup.scratch import Scratch

Uses = dict[tuple[str, str], frozenset[str]]
"""(table, name) of an advised index → ids of the shapes for which it was advised whose plan takes it."""


def hypothetical_uses(
    scratch: Scratch, schema: Schema, advice: Sequence[Advice], statements: Mapping[str, Statement]
) -> Uses | None:
    """Which shapes would take which of the indexes that are to be made, all of them there at once. None: not PostgreSQL, or no
    HypoPG on this server."""
    made = [a for a in advice if a.action in ("add", "replace")]
    if scratch.driver != "pgsql" or not made:
        return None
    with _session(scratch) as connection:
        if connection is None:
            return None
        names = _imagined(connection, schema, made)
        return {
            (one.table, one.name): frozenset(
                shape.id
                for shape in one.serves
                if shape.id in statements
                and names.get((one.table, one.name)) in _plan(connection, statements[shape.id].sql).indexes
            )
            for one in made
        }


@contextmanager
def _session(scratch: Scratch) -> Iterator[Any]:
    """A connection on which hypothetical indexes can be made, or None. They are its own, and end with it."""
    from sqlalchemy.exc import DBAPIError

    with scratch.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT", no_parameters=True
    ) as connection:
        there = False
        with suppress(DBAPIError):
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS hypopg")
            there = True
        try:
            yield connection if there else None
        finally:
            if there:
                connection.exec_driver_sql("SELECT hypopg_reset()")


def _imagined(connection: Any, schema: Schema, made: Sequence[Advice]) -> dict[tuple[str, str], str]:
    """HypoPG's own names of the indexes that it can imagine."""
    from sqlalchemy.exc import DBAPIError

    names: dict[tuple[str, str], str] = {}
    for one in made:
        table = schema.table(one.table)
        if table is None:
            continue
        statement = making(schema, table, Index(one.name, one.columns)).replace("'", "''")
        with suppress(DBAPIError):  # what the server refuses in earnest, too
            asked = f"SELECT indexname FROM hypopg_create_index('{statement}')"
            names[(one.table, one.name)] = str(connection.exec_driver_sql(asked).scalar())
    return names


def _plan(connection: Any, sql: str) -> Plan:
    return pgsql_plan(connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}").scalar())
