"""Remedies for what the audit finds: migrations, SQL and patches, each tried by replay before it is shown.

Shows them; --write adds the migrations and other new files to the project and patches those that are there, all or nothing: it
overwrites no other file, and none that has changed since it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_checks, add_driver, add_own_checks, add_quiet
from trueup.cli.running import Status, deliver

if TYPE_CHECKING:
    from trueup.model.remedies import Fix


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "a project folder or an audit ticket")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments)
    arguments.options(
        "try",
        "DRIVER",
        "try remedies on this driver, besides the audited one; may be given again (without it: all)",
    )
    arguments.option("format", "NAME", "terminal, json, sql or patch (without it: terminal)", "terminal")
    add_checks(arguments)
    add_own_checks(arguments)
    arguments.switch(
        "allow-destructive",
        "also what deletes data or breaks running code: replaced columns dropped, tables renamed",
    )
    arguments.switch("write", "add the new files to the project and apply the patches")
    arguments.option(
        "output", "DIR", "write all files, patches and SQL below this new or empty folder instead"
    )
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.fixing import fix
    from trueup.report.fix import FIX_FORMATS

    form = given.required("format")
    options = Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        select=given.texts("select"),
        checks=given.texts("check"),
        own_checks=given.flag("own_checks"),
        ignore=given.texts("ignore"),
        baseline=given.text("baseline"),
        format=form,
        formats=tuple(FIX_FORMATS),
        mistakes=given.mistakes,
    )
    with Status(given.flag("quiet")) as status:
        made, _ = fix(
            given.required("path"),
            options,
            drivers=given.texts("try"),
            allow_destructive=given.flag("allow_destructive"),
            progress=status.tell,
        )
    output = given.text("output")
    if output is not None:
        deliver(_written_beside(made, output), None)
    elif given.flag("write"):
        deliver(_written(made), None)
    else:
        deliver(FIX_FORMATS[form](made), None)
    return 3 if made.audit.crashes else 0


def _written(made: Fix) -> str:
    from trueup.pipeline.fixing import write
    from trueup.report.fix import written

    return written(made, write(made))


def _written_beside(made: Fix, folder: str) -> str:
    from trueup.pipeline.fixing import write_beside
    from trueup.report.fix import sql_of

    paths = write_beside(made, folder, {driver: sql_of(made, driver) for driver in made.drivers})
    return "".join(f"{folder}/{path}\n" for path in paths) or "nothing to write\n"
