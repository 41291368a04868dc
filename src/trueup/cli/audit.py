"""Audit a project's database layer against its specification: inventory, compliance, gaps. Only reads.

TARGET is a project folder, or an audit ticket (.md) in one; without it, the folder here. The specification is
what --spec names, else what the ticket names, else what is found under docs/."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trueup.cache.answers import Answer, Made, answered
from trueup.cache.state import leads_into_pruned
from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import (
    add_cache,
    add_checks,
    add_database_url,
    add_driver,
    add_evidence,
    add_fail_on,
    add_output,
    add_quiet,
)
from trueup.cli.running import Status, deliver, exit_code, screen

if TYPE_CHECKING:
    from trueup.config import Options, Settings
    from trueup.model.audit import Audit


def declare(arguments: Arguments) -> None:
    arguments.argument("target", ".", "a project folder or an audit ticket")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments)
    add_database_url(arguments)
    add_evidence(arguments)
    add_output(arguments, "terminal, markdown, json or html", "terminal")
    add_checks(arguments)
    add_fail_on(arguments)
    add_cache(arguments)
    add_quiet(arguments)


def command(given: Given) -> int:
    width, color = screen(given.text("output"))

    def make() -> Made:
        return _made(given, width, color)

    # A live database changes without any file changing, and its URL is nobody's to keep; a measurement is of its day.
    passing = given.text("database_url") or _asks_for_evidence(given)
    if given.flag("no_cache") or given.mistakes or passing:
        answer = make().answer
    else:
        answer = answered(("audit", *given.as_typed(), str(width), str(color)), lambda: _root(given), make)
    deliver(answer.text, given.text("output"))
    return answer.code


def _asks_for_evidence(given: Given) -> bool:
    return bool(given.flag("evidence") or given.text("evidence_rows") or given.texts("evidence_url"))


def _root(given: Given) -> str | None:
    """The project's folder; None where there is none, which the audit then tells."""
    from trueup.errors import TargetError
    from trueup.sources.project import find_root

    try:
        return find_root(given.required("target"))
    except TargetError:
        return None


def _made(given: Given, width: int | None, color: bool) -> Made:
    from trueup.pipeline.flow import audit
    from trueup.report import audit_as

    options, form = _options(given), given.required("format")
    with Status(given.flag("quiet")) as status:
        audited, settings = audit(given.required("target"), options, status.tell, say=status.say)
        page = _page(audited, settings, status) if form == "html" else ""
    text = page or audit_as(form, audited, width=width, color=color)
    named = [os.path.abspath(path) for path in (*settings.specs, settings.baseline) if path]
    links = audited.facts.ticket.links if audited.facts.ticket else ()
    return Made(
        Answer(text, exit_code(audited, settings.fail_on)),
        audited.facts.project.root,
        tuple(named),
        keep=not audited.crashes and not any(leads_into_pruned(link.path or "") for link in links),
    )


def _page(audited: Audit, settings: Settings, status: Status) -> str:
    from trueup.page.render import page_html
    from trueup.pipeline.exhibits import exhibit_of

    return page_html(exhibit_of(audited, settings, status.tell))


def _options(given: Given) -> Options:
    from trueup.config import Options
    from trueup.report import AUDIT_FORMATS

    return Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        database_url=given.text("database_url"),
        evidence=given.flag("evidence"),
        evidence_rows=given.text("evidence_rows"),
        evidence_urls=given.texts("evidence_url"),
        select=given.texts("select"),
        ignore=given.texts("ignore"),
        baseline=given.text("baseline"),
        fail_on=given.text("fail_on"),
        format=given.required("format"),
        formats=(*AUDIT_FORMATS, "html"),
        output=given.text("output"),
        mistakes=given.mistakes,
    )
