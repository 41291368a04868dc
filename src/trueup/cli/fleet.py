"""Audit many repositories, each once: a ranking, what has changed, what they share, a table per organisation. Only reads.

TARGET is a folder with repositories one or two levels down, or a text file with one path a line. With --jsonl results are
kept as they come: a run that was stopped goes on where it was, and what has not changed since is not done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_checks, add_driver, add_fail_on, add_output, add_quiet
from trueup.cli.running import CLEAN, CRASH, FINDINGS, Status, deliver

if TYPE_CHECKING:
    from trueup.config import FailOn
    from trueup.errors import Mistake
    from trueup.fleet.run import Settings
    from trueup.model.fleet import Fleet


def declare(arguments: Arguments) -> None:
    arguments.argument("target", ".", "a folder with repositories, or a list of them")
    arguments.option("jsonl", "FILE", "keep results here as they come, and go on from what is there")
    arguments.option("workers", "N", "audits at once (without it: one per core)")
    arguments.option("timeout", "SECONDS", "the longest that one repository may take", "600")
    arguments.option(
        "scheduler", "ADDRESS", "a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers do it"
    )
    add_driver(arguments)
    add_output(arguments, "terminal, markdown or json", "terminal")
    add_checks(arguments)
    add_fail_on(arguments)
    arguments.switch("no-cache", "audit everything anew, whatever is known")
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.fleet.run import audit_fleet
    from trueup.report.fleet import fleet_as

    settings = _settings(given)
    with Status(given.flag("quiet")) as status:
        fleet = audit_fleet(given.required("target"), settings, status.say)
    deliver(fleet_as(given.required("format"), fleet), given.text("output"))
    return _code(fleet, settings.fail_on)


def _code(fleet: Fleet, fail_on: FailOn) -> int:
    """3 where an audit of ours crashed or died; else 1 for findings or a repository that could not be audited."""
    if any(result.status == "failed" or result.crashes for result in fleet.results):
        return CRASH
    if fail_on == "never":
        return CLEAN
    refused = any(result.status == "refused" for result in fleet.results)
    found = any(r.count("error") or (fail_on == "warning" and r.count("warning")) for r in fleet.results)
    return FINDINGS if refused or found else CLEAN


def _settings(given: Given) -> Settings:
    """Raises UserError with every mistake in the options, before anything is audited with them."""
    from trueup.checks.registry import catalogue
    from trueup.config import Options, read_settings
    from trueup.errors import UserError
    from trueup.fleet.run import Settings
    from trueup.report.fleet import FLEET_FORMATS

    mistakes: list[Mistake] = list(given.mistakes)
    workers = _number(given, "workers", 1, 1024, mistakes)
    seconds = _number(given, "timeout", 1, 1_000_000, mistakes)
    options = Options(
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        select=given.texts("select"),
        ignore=given.texts("ignore"),
        baseline=given.text("baseline"),
        fail_on=given.text("fail_on"),
        format=given.text("format"),
        formats=FLEET_FORMATS,
    )
    settled, wrong = read_settings(None, options, tuple(check.code for check in catalogue()))
    if mistakes or wrong:
        raise UserError(*mistakes, *wrong)
    return Settings(
        options=_passed_on(given),
        fail_on=settled.fail_on,
        workers=workers,
        scheduler=given.text("scheduler"),
        seconds=float(seconds),
        journal=given.text("jsonl"),
        anew=given.flag("no_cache"),
    )


def _passed_on(given: Given) -> tuple[str, ...]:
    """What each audit is given."""
    options: list[str] = []
    for name in ("driver", "server_version"):
        if given.text(name):
            options.extend((f"--{name.replace('_', '-')}", given.required(name)))
    for name in ("select", "ignore"):
        for value in given.texts(name):
            options.extend((f"--{name}", value))
    if given.text("baseline"):
        import os

        options.extend(("--baseline", os.path.abspath(given.required("baseline"))))
    return tuple(options)


def _number(given: Given, name: str, least: int, most: int, mistakes: list[Mistake]) -> int:
    """A whole number within limits; 0 where the option was not given."""
    from trueup.errors import Mistake

    text = given.text(name)
    if text is None:
        return 0
    if text.isascii() and text.isdigit() and least <= int(text[:9]) <= most:
        return int(text)
    mistakes.append(Mistake(f"--{name}", f"'{text}' is no number from {least:,} to {most:,}"))
    return 0
