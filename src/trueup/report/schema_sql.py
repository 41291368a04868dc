"""A schema as the DDL that makes it on its own server: tables first, foreign keys last, so that the order never matters."""

from __future__ import annotations

from trueup.model.schema import Schema
from trueup.report.plain import remarks
from trueup.sources.sql.writing import ddl_of


def schema_sql(schema: Schema) -> str:
    """CREATE statements for the schema's driver, under what they can't show."""
    head = f"-- {schema.driver}{f', {schema.framework}' if schema.framework else ''}\n"
    return head + "\n".join([*remarks(schema, "--"), *(f"\n{ddl.sql};" for ddl in ddl_of(schema))]) + "\n"
