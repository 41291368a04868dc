"""What the migrations really build, on the server of one driver: tables, columns, indexes, keys, and what would fail.

PATH is a project, a folder inside one, or a folder of migrations."""

from __future__ import annotations

from typing import Annotated

import typer

from trueup.cli.options import DriverName, Output, ServerVersion
from trueup.cli.running import deliver


def command(
    path: Annotated[str, typer.Argument(metavar="PATH", show_default=False)] = ".",
    driver: DriverName = None,
    at: Annotated[
        str | None, typer.Option(metavar="MIGRATION", help="Stop after this migration.", show_default=False)
    ] = None,
    server_version: ServerVersion = None,
    format: Annotated[str, typer.Option(help="text, json, sql, mermaid or dbml.")] = "text",  # noqa: A002
    output: Output = None,
) -> int:
    from trueup.config import Options
    from trueup.pipeline.schemas import schema
    from trueup.report import SCHEMA_FORMATS, schema_as

    options = Options(
        driver=driver, server_version=server_version, format=format, formats=SCHEMA_FORMATS, output=output
    )
    deliver(schema_as(format, schema(path, options, at=at)), output)
    return 0
