"""Compare any two schemas. A and B are each a project, a folder of migrations, a specification (.md) or an SQL file (.sql);
with --rev A..B, PATH is one project and the two are revisions of it.

Exit code 1: they differ."""

from __future__ import annotations

from typing import Annotated

import typer

from trueup.cli.options import DriverName, FailOnName, Output, ServerVersion
from trueup.cli.running import CLEAN, FINDINGS, deliver


def command(
    before: Annotated[str, typer.Argument(metavar="A", show_default=False)] = ".",
    after: Annotated[str, typer.Argument(metavar="B", show_default=False)] = "",
    rev: Annotated[
        str,
        typer.Option(
            metavar="A..B",
            help="Two git revisions, or one to compare with the work tree.",
            show_default=False,
        ),
    ] = "",
    driver: DriverName = None,
    server_version: ServerVersion = None,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",  # noqa: A002
    output: Output = None,
    fail_on: FailOnName = None,
) -> int:
    from trueup.config import Options
    from trueup.pipeline.diffing import diff_any
    from trueup.report import DIFF_FORMATS, diff_as

    options = Options(
        driver=driver,
        server_version=server_version,
        format=format,
        formats=DIFF_FORMATS,
        fail_on=fail_on,
        output=output,
    )
    found = diff_any(before, after, rev, options)
    text = diff_as(
        format,
        found.before.label,
        found.after.label,
        found.before.schema,
        found.after.schema,
        found.differences,
    )
    deliver(text, output)
    return FINDINGS if found.differences and fail_on != "never" else CLEAN
