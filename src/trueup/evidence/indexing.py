"""Advice carried out on a scratch database: indexes made and dropped, as each server wants it said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.schema import Index, Schema, Table
from trueup.model.shapes import Advice
from trueup.sources.sql.writing import MYSQL, Writer
from trueup.structs import Struct

if TYPE_CHECKING:
    from trueup.scratch import Scratch


class Carried(Struct, frozen=True):
    """What became of one piece of advice: the server's words where it refused a statement of it, else ""."""

    advice: Advice
    problem: str = ""


def carry_out(scratch: Scratch, schema: Schema, advice: Sequence[Advice]) -> tuple[Carried, ...]:
    """Makes what is advised, then drops what is replaced or not needed: a foreign key of MySQL never stands without an index."""
    makes = [(a, statement) for a in advice for statement in _makes(schema, a)]
    # Two new indexes may replace the same old one, which goes once.
    drops = list({statement: (a, statement) for a in advice for statement in _drops(schema, a)}.values())
    problems: dict[tuple[str, str], str] = {}
    for one, statement in [*makes, *drops]:
        # SQLite takes a name in double quotes that is no column for a text, and indexes that.
        said = _unknown_column(schema, one) or _said(scratch, statement)
        if said:
            problems.setdefault((one.table, one.name), said)
    return tuple(Carried(a, problems.get((a.table, a.name), "")) for a in advice)


def _unknown_column(schema: Schema, advice: Advice) -> str:
    table = schema.table(advice.table)
    unknown = [name for name in advice.columns if table is None or table.column(name) is None]
    return f"there is no column {advice.table}.{unknown[0]}" if unknown else ""


def take_back(scratch: Scratch, schema: Schema, advice: Sequence[Advice]) -> None:
    """Undoes `carry_out`: makes again what was dropped, then drops what was made."""
    for one in advice:
        table = schema.table(one.table)
        gone = [one.name] if one.action == "drop" else list(one.replaces)
        for index in (i for i in table.indexes if i.name in gone) if table else ():
            _said(scratch, making(schema, table, index)) if table else None
        if one.action in ("add", "replace") and table:
            _said(scratch, dropping(schema, table, Index(one.name, one.columns)))


def _makes(schema: Schema, advice: Advice) -> list[str]:
    table = schema.table(advice.table)
    if table is None or advice.action not in ("add", "replace"):
        return []
    return [making(schema, table, Index(advice.name, advice.columns, unique=advice.unique))]


def _drops(schema: Schema, advice: Advice) -> list[str]:
    table = schema.table(advice.table)
    names = {"drop": (advice.name,), "replace": advice.replaces}.get(advice.action, ())
    indexes = [index for index in table.indexes if index.name in names] if table else []
    # What the server makes by itself for a foreign key, it takes away by itself.
    return [dropping(schema, table, index) for index in indexes if table and not index.implied]


def making(schema: Schema, table: Table, index: Index) -> str:
    return Writer(schema.driver).index(table, index)


def dropping(schema: Schema, table: Table, index: Index) -> str:
    writer = Writer(schema.driver)
    if schema.driver in MYSQL:
        return f"DROP INDEX {writer.name(index.name)} ON {writer.name(table.name)}"
    if schema.driver == "pgsql" and "." in table.name:
        namespace = table.name.rpartition(".")[0]
        return f"DROP INDEX {writer.name(f'{namespace}.{index.name}')}"
    return f"DROP INDEX {writer.name(index.name)}"


def _said(scratch: Scratch, statement: str) -> str:
    """Carries a statement out: what the server said against it, or ""."""
    from sqlalchemy.exc import DBAPIError

    from trueup.scratch.building import words_of

    options = scratch.engine.connect().execution_options(isolation_level="AUTOCOMMIT", no_parameters=True)
    try:
        with options as connection:
            connection.exec_driver_sql(statement)
    except DBAPIError as problem:
        return words_of(problem)[0]
    return ""
