"""Audit a project's database layer against its specification: inventory, compliance, gaps. Only reads.

TARGET is a project folder, or an audit ticket (.md) in one; without it, the folder here. The specification is
what --spec names, else what the ticket names, else what is found under docs/."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.cache.answers import Answer, Made, answered
from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import (
    add_cache,
    add_checks,
    add_database_url,
    add_driver,
    add_evidence,
    add_fail_on,
    add_output,
    add_own_checks,
    add_quiet,
)
from trueup.cli.running import Status, deliver, exit_code, screen
from trueup.errors import Mistake

if TYPE_CHECKING:
    from trueup.config import Options, Settings
    from trueup.model.audit import Audit
    from trueup.report.showing import Showing


def declare(arguments: Arguments) -> None:
    arguments.argument("target", ".", "a project folder or an audit ticket")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments, "mysql, mariadb, pgsql or sqlite; several with commas, the first is told of most")
    add_database_url(arguments)
    add_evidence(arguments)
    arguments.option(
        "rev", "A..B", "only what the change from git revision A to B (without it: the work tree) brings in"
    )
    add_output(arguments, "terminal, markdown, json, html, sarif, github, gitlab or junit", "terminal")
    add_checks(arguments)
    add_own_checks(arguments)
    add_fail_on(arguments)
    arguments.switch("prove", "with --format html: run the probes on SQLite and show them too")
    add_cache(arguments)
    arguments.switch("watch", "audit again as often as a file is saved, until Ctrl-C")
    add_quiet(arguments)


def command(given: Given) -> int:
    showing = screen(given.text("output"), given.required("target"))
    if given.flag("watch") and not given.mistakes:
        return _watched(given, lambda: _made(given, showing))
    if _is_passing(given):
        answer = _made(given, showing).answer
    else:
        command = ("audit", *given.as_typed(), *map(str, (showing.width, showing.color, showing.links)))
        answer = answered((*command, _repository(given)), lambda: _root(given), lambda: _made(given, showing))
    deliver(answer.text, given.text("output"), styled=given.text("format") == "terminal")
    return answer.code


def _is_passing(given: Given) -> bool:
    """Whether the answer must not be kept: a live database changes without any file changing, and its URL is nobody's to keep; a
    measurement is of its day; revisions are in git's own store; a job's summary is written beside."""
    return bool(
        given.flag("no_cache")
        or given.mistakes
        or given.text("database_url")
        or given.text("rev")
        or given.flag("prove")
        or given.required("format") == "github"
        or _asks_for_evidence(given)
    )


def _watched(given: Given, make: Callable[[], Made]) -> int:
    from trueup.cli.watching import watch
    from trueup.sources.project import find_root

    def audit() -> int:
        answer = make().answer
        deliver(answer.text, given.text("output"), styled=given.text("format") == "terminal")
        return answer.code

    named = [*given.texts("spec"), *filter(None, [given.text("baseline")])]
    return watch(find_root(given.required("target")), named, given.text("output"), audit)


def _asks_for_evidence(given: Given) -> bool:
    options = ("evidence_rows", "evidence_minutes")
    return bool(given.flag("evidence") or any(map(given.text, options)) or given.texts("evidence_url"))


def _root(given: Given) -> str | None:
    """The project's folder; None where there is none, which the audit then tells."""
    from trueup.errors import TargetError
    from trueup.sources.project import find_root

    try:
        return find_root(given.required("target"))
    except TargetError:
        return None


def _repository(given: Given) -> str:
    """What paths for other tools hang on that lies outside the project: where the repository begins."""
    if given.required("format") not in ("sarif", "gitlab", "junit"):
        return ""
    from trueup.sources.project.repository import prefix_in_repository

    root = _root(given)
    return prefix_in_repository(root) if root else ""


def _made(given: Given, showing: Showing) -> Made:
    from trueup.pipeline.hanging import files_elsewhere, hangs_on_files, may_be_kept
    from trueup.report import audit_as

    form = given.required("format")
    with Status(given.flag("quiet")) as status:
        audited, settings, showing = _audited(given, showing, status)
        page = _page(audited, settings, given.flag("prove"), status) if form == "html" else ""
    text = page or audit_as(form, audited, showing)
    if form == "github":
        _add_summary(audited)
    return Made(
        Answer(text, exit_code(audited, settings.fail_on)),
        audited.facts.project.root,
        files_elsewhere(settings),
        keep=may_be_kept(audited) and hangs_on_files(settings),
    )


def _page(audited: Audit, settings: Settings, prove: bool, status: Status) -> str:
    from trueup.page.render import page_html
    from trueup.pipeline.exhibits import exhibit_of

    return page_html(exhibit_of(audited, settings, prove, status.tell))


def _audited(given: Given, showing: Showing, status: Status) -> tuple[Audit, Settings, Showing]:
    options, target = _options(given), given.required("target")
    revisions = given.text("rev")
    if revisions is not None:
        from trueup.pipeline.changes import audit_change

        change = audit_change(target, revisions, options, showing, status.tell)
        return change.audit, change.settings, change.showing
    from trueup.pipeline.flow import audit
    from trueup.pipeline.telling import showing_of

    audited, settings = audit(
        target,
        options,
        status.tell,
        say=status.say,
        remember=not given.flag("no_cache") and not given.text("database_url"),
    )
    return audited, settings, showing_of(audited, settings, given.required("format"), showing)


def _add_summary(audited: Audit) -> None:
    """Adds to the job's summary where GitHub Actions has named a file for it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        from trueup.report.github import job_summary

        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(job_summary(audited))


def _options(given: Given) -> Options:
    from trueup.config import Options
    from trueup.report import AUDIT_FORMATS

    return Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        several=True,
        server_version=given.text("server_version"),
        database_url=given.text("database_url"),
        evidence=given.flag("evidence"),
        evidence_rows=given.text("evidence_rows"),
        evidence_minutes=given.text("evidence_minutes"),
        evidence_urls=given.texts("evidence_url"),
        select=given.texts("select"),
        checks=given.texts("check"),
        own_checks=given.flag("own_checks"),
        ignore=given.texts("ignore"),
        baseline=given.text("baseline"),
        fail_on=given.text("fail_on"),
        format=given.required("format"),
        formats=(*AUDIT_FORMATS, "html"),
        output=given.text("output"),
        mistakes=(*given.mistakes, *_misplaced(given)),
    )


def _misplaced(given: Given) -> tuple[Mistake, ...]:
    if not given.flag("prove") or given.text("format") == "html":
        return ()
    return (Mistake("--prove", "goes with --format html", "trueup prove tells the same as text"),)
