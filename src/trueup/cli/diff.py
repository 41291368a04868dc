"""Compare any two schemas. A and B are each a project, a folder of migrations, a specification (.md) or an SQL file (.sql);
with --rev, A is one project (without it, the one here) and two of its revisions are compared.

Exit code 1: they differ."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_fail_on, add_output
from trueup.cli.running import CLEAN, FINDINGS, deliver


def declare(arguments: Arguments) -> None:
    arguments.argument("a", ".", "the schema before")
    arguments.argument("b", "", "the schema after")
    arguments.option("rev", "A..B", "two git revisions, or one to compare with the work tree")
    add_driver(arguments)
    add_output(arguments, "text or json", "text")
    add_fail_on(arguments, "never: exit with 0 though they differ")


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.diffing import diff_any
    from trueup.report import DIFF_FORMATS, diff_as

    form, output = given.required("format"), given.text("output")
    options = Options(
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        fail_on=given.text("fail_on"),
        format=form,
        formats=DIFF_FORMATS,
        output=output,
        mistakes=given.mistakes,
    )
    found = diff_any(given.required("a"), given.required("b"), given.text("rev") or "", options)
    before, after = found.before, found.after
    deliver(diff_as(form, before.label, after.label, before.schema, after.schema, found.differences), output)
    return FINDINGS if found.differences and options.fail_on != "never" else CLEAN
