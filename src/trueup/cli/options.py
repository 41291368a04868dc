"""Options that several commands take."""

from __future__ import annotations

from trueup.cli.arguments import Arguments


def add_driver(arguments: Arguments, about: str = "mysql, mariadb, pgsql or sqlite") -> None:
    arguments.option("driver", "NAME", about)
    arguments.option("server-version", "VERSION", "the server's version, such as 8.0.36")


def add_database_url(arguments: Arguments) -> None:
    arguments.option(
        "database-url", "URL", "a live database, only read: a URL, env:NAME, or the path of a .env file"
    )


def add_evidence(arguments: Arguments) -> None:
    arguments.switch(
        "evidence", "measure the queries on synthetic rows, before and after the advised indexes"
    )
    arguments.option("evidence-rows", "N", "rows of the largest tables, up to 1,000,000 (without it: 10,000)")
    arguments.option(
        "evidence-minutes", "N", "the time that one server may take, up to 600 (without it: 15 minutes)"
    )
    arguments.options(
        "evidence-url",
        "URL",
        "a server for a scratch database of our own (without it: SQLite); may be given again",
    )


def add_output(arguments: Arguments, formats: str, default: str) -> None:
    arguments.option("format", "NAME", f"{formats} (without it: {default})", default)
    arguments.option("output", "FILE", "write to this file instead of the screen")


def add_checks(arguments: Arguments) -> None:
    arguments.options("select", "CODE", "only checks whose code begins with this; may be given again")
    arguments.options("ignore", "CODE", "no checks whose code begins with this; may be given again")
    arguments.option(
        "baseline", "FILE", "accepted findings, as trueup baseline keeps them, or an earlier JSON report"
    )


def add_own_checks(arguments: Arguments) -> None:
    arguments.options(
        "check", "FILE", "a check of your own: a Python file or an entry point; may be given again"
    )
    arguments.switch(
        "own-checks", "load the checks that the project's own configuration names: they are its code"
    )


def add_fail_on(arguments: Arguments, about: str = "error (without it), warning or never") -> None:
    arguments.option("fail-on", "SEVERITY", about)


def add_cache(arguments: Arguments) -> None:
    arguments.switch("no-cache", "read everything anew, and keep nothing for the next run")


def add_no_remedies(arguments: Arguments) -> None:
    arguments.switch("no-remedies", "try no remedies and attach none, which is quicker")


def add_quiet(arguments: Arguments) -> None:
    arguments.switch("quiet", "no progress and no notes on stderr")
