"""Accept what an audit finds today: a file of findings with a reason, somebody who accepts them, and a last day.

Shows what would be written; --write writes it to --baseline, else to the file that the configuration names, else to
trueup-baseline.toml. Entries that are there keep what people wrote in them."""

from __future__ import annotations

import os

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_checks, add_driver, add_quiet
from trueup.cli.running import CLEAN, CRASH, Status, deliver


def declare(arguments: Arguments) -> None:
    arguments.argument("target", ".", "a project folder or an audit ticket")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments, "mysql, mariadb, pgsql or sqlite; several with commas")
    arguments.option("reason", "TEXT", "why the new findings are accepted")
    arguments.option("author", "NAME", "who accepts them (without it: git's user.name)")
    arguments.option("expires", "DAY", "last day: 2027-03-31, 90d or never (without it: 180d)")
    arguments.switch("renew", "also accept anew, until that day, what has expired")
    arguments.switch("prune", "take out entries that no finding has any more")
    arguments.switch("write", "write the file")
    add_checks(arguments)
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.config import Options
    from trueup.pipeline.updating_baseline import Asked, update_baseline, write_baseline
    from trueup.report.baseline import baseline_text

    options = Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        several=True,
        server_version=given.text("server_version"),
        select=given.texts("select"),
        ignore=given.texts("ignore"),
        baseline=given.text("baseline"),
        mistakes=given.mistakes,
        writes_baseline=True,
    )
    asked = Asked(
        given.text("reason") or "",
        given.text("author") or "",
        given.text("expires") or "",
        given.flag("renew"),
        given.flag("prune"),
    )
    with Status(given.flag("quiet")) as status:
        update = update_baseline(given.required("target"), options, asked, status.tell)
    write = given.flag("write") and not update.crashed
    if write and update.after != update.before:
        write_baseline(update)
    text = baseline_text(
        os.path.relpath(update.path),
        added=update.added,
        renewed=update.renewed,
        expired=update.expired,
        pruned=update.pruned,
        stale=update.stale,
        kept=update.kept,
        written=write,
    )
    deliver(text, None)
    return CRASH if update.crashed else CLEAN
