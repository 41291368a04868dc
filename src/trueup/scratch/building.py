"""A schema, made on a scratch database statement by statement: what the server takes, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.schema import Schema
from trueup.sources.sql.writing import ddl_of
from trueup.structs import Struct

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

    from trueup.scratch.opening import Scratch


class Refusal(Struct, frozen=True):
    """A statement that the server did not take: for which table, the text, the server's own words and its SQLSTATE or number."""

    table: str
    sql: str
    reason: str
    code: str = ""


class Built(Struct, frozen=True):
    """`tables` are those that are there, sorted; a table without one of its indexes or keys is there and has a refusal."""

    tables: tuple[str, ...]
    refused: tuple[Refusal, ...] = ()


def build(scratch: Scratch, schema: Schema) -> Built:
    """Carries out the schema's DDL, each statement by itself: one that is refused does not keep the others from being made. The
    schema must be for the server's family: `scratch.driver` is what to replay the migrations for."""
    from sqlalchemy.exc import DBAPIError

    refused: list[Refusal] = []
    missing: set[str] = set()
    # Without parameters, so that a % in a default is no placeholder.
    with scratch.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT", no_parameters=True
    ) as connection:
        for ddl in ddl_of(schema):
            if ddl.table in missing and not ddl.sql.startswith("CREATE TABLE"):
                continue
            try:
                connection.exec_driver_sql(ddl.sql)
            except DBAPIError as problem:
                refused.append(Refusal(ddl.table, ddl.sql, *words_of(problem)))
                if ddl.sql.startswith("CREATE TABLE"):
                    missing.add(ddl.table)
    there = tuple(sorted(t.name for t in schema.tables if t.name not in missing))
    return Built(there, tuple(refused))


def words_of(problem: DBAPIError) -> tuple[str, str]:
    """What the server said, in one line, and its SQLSTATE or error number ("" on SQLite)."""
    said = problem.orig
    arguments: tuple[object, ...] = getattr(said, "args", ())
    if len(arguments) == 2 and isinstance(
        arguments[0], int
    ):  # MySQL's own number says more than its SQLSTATE
        code, text = str(arguments[0]), str(arguments[1])
    else:
        code, text = str(getattr(said, "sqlstate", None) or ""), str(said)
    return text.strip().splitlines()[0] if text.strip() else type(said).__name__, code
