"""List every place where the code reaches the database: its tables, its columns, the index that serves it, and its grade.

PATH is a project folder; without it, the folder here. --why tells how each table was found out. Grades: served, partly,
unserved, unbounded, cannot tell."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_output
from trueup.cli.running import CLEAN, deliver


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "a project folder")
    arguments.options("table", "NAME", "only queries of this table; may be given again")
    arguments.options("kind", "KIND", "only select, insert, update, ...; may be given again")
    arguments.options("grade", "GRADE", "only queries of this grade; may be given again")
    arguments.option("sort", "ORDER", "place (the default), grade (worst first) or table")
    arguments.switch("unresolved", "only the places whose table could not be told")
    arguments.switch("why", "how each table and column was found out")
    add_driver(arguments)
    add_output(arguments, "text or json", "text")


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.query_sites import query_sites
    from trueup.report import QUERY_FORMATS, queries_as
    from trueup.report.queries import Asked, mistakes_in

    form, output = given.required("format"), given.text("output")
    asked = Asked(
        given.texts("table"),
        given.texts("kind"),
        given.flag("unresolved"),
        given.flag("why"),
        given.texts("grade"),
        (given.text("sort") or "place").lower(),
    )
    options = Options(
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        format=form,
        formats=QUERY_FORMATS,
        output=output,
        mistakes=(*given.mistakes, *mistakes_in(asked)),
    )
    queries, found = query_sites(given.required("path"), options)
    deliver(queries_as(form, queries, asked, found), output)
    return CLEAN
