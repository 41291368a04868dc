"""Options that several commands take. Values are texts here: what is wrong with them is told all at once, by `config`."""

from __future__ import annotations

from typing import Annotated

import typer

Specs = Annotated[
    list[str] | None,
    typer.Option(
        "--spec", metavar="FILE", help="A specification document; may be given again.", show_default=False
    ),
]
DriverName = Annotated[
    str | None,
    typer.Option("--driver", metavar="NAME", help="mysql, mariadb, pgsql or sqlite.", show_default=False),
]
ServerVersion = Annotated[
    str | None,
    typer.Option(metavar="VERSION", help="The server's version, such as 8.0.36.", show_default=False),
]
Output = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write to this file instead of the screen.", show_default=False),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE",
        help="Only checks whose code begins with this; may be given again.",
        show_default=False,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE", help="No checks whose code begins with this; may be given again.", show_default=False
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="An earlier JSON report: its findings are not told again.", show_default=False
    ),
]
FailOnName = Annotated[
    str | None,
    typer.Option(
        "--fail-on", metavar="SEVERITY", help="error (default), warning or never.", show_default=False
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no notes on stderr.")]
