"""Show what the migrations really build, on the server of one driver: tables, columns, indexes, keys, and what would fail.

PATH is a project, a folder inside one, or a folder of migrations; without it, the folder here."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_output
from trueup.cli.running import CLEAN, deliver


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "a project or a folder of migrations")
    add_driver(arguments)
    arguments.option("at", "MIGRATION", "stop after this migration: its name or the beginning of it")
    add_output(arguments, "text, json, sql, mermaid or dbml", "text")


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.schemas import schema
    from trueup.report import SCHEMA_FORMATS, schema_as

    form, output = given.required("format"), given.text("output")
    options = Options(
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        format=form,
        formats=SCHEMA_FORMATS,
        output=output,
        mistakes=given.mistakes,
    )
    deliver(schema_as(form, schema(given.required("path"), options, at=given.text("at"))), output)
    return CLEAN
