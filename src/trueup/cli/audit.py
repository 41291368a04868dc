"""Audit a project's database layer against its specification: inventory, compliance, gaps. Only reads.

TARGET is a project folder or an audit ticket (.md) in one; the specification is what the ticket names, --spec, or what is found
under docs/."""

from __future__ import annotations

from typing import Annotated

import typer

from trueup.cli.options import (
    Baseline,
    DriverName,
    FailOnName,
    Ignore,
    Output,
    Quiet,
    Select,
    ServerVersion,
    Specs,
)
from trueup.cli.running import Status, deliver, exit_code, screen


def command(
    target: Annotated[str, typer.Argument(metavar="TARGET", show_default=False)] = ".",
    spec: Specs = None,
    driver: DriverName = None,
    server_version: ServerVersion = None,
    format: Annotated[str, typer.Option(help="terminal, markdown or json.")] = "terminal",  # noqa: A002
    output: Output = None,
    select: Select = None,
    ignore: Ignore = None,
    baseline: Baseline = None,
    fail_on: FailOnName = None,
    quiet: Quiet = False,
) -> int:
    from trueup.config import Options
    from trueup.pipeline.flow import audit
    from trueup.report import AUDIT_FORMATS, audit_as

    options = Options(
        specs=tuple(spec or ()),
        driver=driver,
        server_version=server_version,
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        baseline=baseline,
        fail_on=fail_on,
        format=format,
        formats=AUDIT_FORMATS,
        output=output,
    )
    with Status(quiet) as status:
        audited, settings = audit(target, options, status.tell)
    width, color = screen(output)
    deliver(audit_as(format, audited, width=width, color=color), output)
    return exit_code(audited, settings.fail_on)
