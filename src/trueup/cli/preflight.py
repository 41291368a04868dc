"""Ask a live database whether today's rows would survive each constraint that the specification or a finding proposes.

PATH is a project folder or an audit ticket; without it, the folder here. The database counts by itself, in a session that only
reads; no more than ten keys of rows are fetched. Exit code 1: a constraint would fail."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_checks, add_database_url, add_driver, add_fail_on, add_output, add_quiet
from trueup.cli.running import CLEAN, FINDINGS, Status, deliver


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "a project folder or an audit ticket")
    add_database_url(arguments)
    arguments.options("spec", "FILE", "a specification document; may be given again")
    arguments.option("seconds", "NUMBER", "the time limit of each question (without it: 10)")
    arguments.option("sample", "PERCENT", "ask only so many of the rows")
    add_driver(arguments)
    add_checks(arguments)
    add_output(arguments, "terminal, markdown or json", "terminal")
    add_fail_on(arguments, "never: exit with 0 though a constraint would fail")
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.preflight import preflight
    from trueup.report import PREFLIGHT_FORMATS, preflight_as

    form, output = given.required("format"), given.text("output")
    options = Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        database_url=given.text("database_url"),
        select=given.texts("select"),
        ignore=given.texts("ignore"),
        baseline=given.text("baseline"),
        fail_on=given.text("fail_on"),
        format=form,
        formats=PREFLIGHT_FORMATS,
        output=output,
        mistakes=given.mistakes,
    )
    with Status(given.flag("quiet")) as status:
        found = preflight(
            given.required("path"),
            options,
            seconds=given.text("seconds"),
            sample=given.text("sample"),
            progress=status.tell,
        )
    deliver(preflight_as(form, found), output)
    failed = any(answer.verdict == "fails" for answer in found.answers)
    return FINDINGS if failed and options.fail_on != "never" else CLEAN
