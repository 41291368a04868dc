"""Audit a project's database layer against its specification: inventory, compliance, gaps. Only reads.

TARGET is a project folder, or an audit ticket (.md) in one; without it, the folder here. The specification is
what --spec names, else what the ticket names, else what is found under docs/."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_checks, add_driver, add_fail_on, add_output, add_quiet
from trueup.cli.running import Status, deliver, exit_code, screen


def declare(arguments: Arguments) -> None:
    arguments.argument("target", ".", "a project folder or an audit ticket")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments)
    add_output(arguments, "terminal, markdown or json", "terminal")
    add_checks(arguments)
    add_fail_on(arguments)
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.flow import audit
    from trueup.report import AUDIT_FORMATS, audit_as

    form, output = given.required("format"), given.text("output")
    options = Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        select=given.texts("select"),
        ignore=given.texts("ignore"),
        baseline=given.text("baseline"),
        fail_on=given.text("fail_on"),
        format=form,
        formats=AUDIT_FORMATS,
        output=output,
        mistakes=given.mistakes,
    )
    with Status(given.flag("quiet")) as status:
        audited, settings = audit(given.required("target"), options, status.tell)
    width, color = screen(output)
    deliver(audit_as(form, audited, width=width, color=color), output)
    return exit_code(audited, settings.fail_on)
