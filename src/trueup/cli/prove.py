"""Prove whether a schema can carry cost tracking and budget enforcement: build it in a scratch database and do the work on it.

PATH is a project; without it, the folder here. --contract asks the tables of a contract instead. The database is SQLite in a
temporary file, or one that Trueup makes on the server at --database-url under a name of its own, and drops at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_fail_on, add_output, add_quiet
from trueup.cli.running import CLEAN, CRASH, FINDINGS, Status, deliver, screen

if TYPE_CHECKING:
    from trueup.model.proofs import ProofRun


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "a project folder")
    arguments.option(
        "database-url", "URL", "a server on which to make the scratch database; without it SQLite"
    )
    arguments.options("spec", "FILE", "a specification document; may be given again")
    arguments.option("contract", "NAME", "prove the tables of this contract: ai-costs")
    arguments.options(
        "only", "PROBE", "record, add-up, enforce, alert, keep-whole or grow; may be given again"
    )
    arguments.option("writers", "NUMBER", "the most writers at once, 2 to 64 (without it: 32)")
    arguments.option("rows", "NUMBER", "rows of the largest table (without it: 100,000)")
    arguments.option("load", "NUMBER", "requests a second for which growth is told (without it: 1)")
    arguments.option("seed", "NUMBER", "another number makes other rows (without it: 1)")
    add_driver(arguments)
    add_output(arguments, "terminal, markdown or json", "terminal")
    add_fail_on(arguments)
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.proving import asked_for, prove
    from trueup.report import PROOF_FORMATS, proofs_as

    numbers = {name: given.text(name) for name in ("rows", "writers", "seed", "load")}
    asked, mistakes = asked_for(
        given.text("database_url"), given.text("contract"), numbers, given.texts("only")
    )
    form, output = given.required("format"), given.text("output")
    options = Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        fail_on=given.text("fail_on"),
        format=form,
        formats=PROOF_FORMATS,
        output=output,
        mistakes=(*given.mistakes, *mistakes),
    )
    quiet = given.flag("quiet")
    with Status(quiet) as status:
        if not quiet and not options.mistakes:
            from trueup.prove.running import estimate

            seconds, size = estimate(asked.workload, asked.only)
            print(
                f"at most about {seconds:.0f} s and {size / 1e6:,.0f} MB of a scratch database",
                file=sys.stderr,
            )
        run = prove(given.required("path"), options, asked, status.tell)
    showing = screen(output)
    deliver(proofs_as(form, run, width=showing.width, color=showing.color), output, styled=form == "terminal")
    return _code(run, given.text("fail_on") or "error")


def _code(run: ProofRun, fail_on: str) -> int:
    if run.crashes:
        return CRASH
    counted = {"warning": ("error", "warning"), "never": ()}.get(fail_on, ("error",))
    return FINDINGS if any(f.severity in counted for f in run.findings) else CLEAN
