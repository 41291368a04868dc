"""Show the tickets that follow from an audit; --write writes them into the folders that the audit ticket names.

PATH is an audit ticket, or a project folder, whose tickets can be shown and exported only. --format text lists them,
markdown shows them whole; github, jira-csv, linear-csv and json are for other trackers."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_no_remedies, add_output, add_quiet
from trueup.cli.running import CLEAN, CRASH, Status, deliver
from trueup.errors import Mistake

FORMATS = ("text", "markdown", "github", "jira-csv", "linear-csv", "json")


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "an audit ticket (.md) or a project folder")
    arguments.switch(
        "write", "write the tickets, note the approval in the plan, and tick the criteria that are met"
    )
    add_no_remedies(arguments)
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments)
    add_output(arguments, ", ".join(FORMATS), "text")
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.cli.gates import Terminal, ticket_options
    from trueup.config import nearest
    from trueup.pipeline.ticket_run import preview_of, tick_boxes, write_at_once
    from trueup.pipeline.ticketing import prepare, prepared_again, refuse_without_ticket
    from trueup.structs import replace
    from trueup.tickets.export import export
    from trueup.tickets.preview import whole

    form, path = given.required("format"), given.required("path")
    options = ticket_options(given)
    if form not in FORMATS:
        wrong = Mistake("--format", f"there is no '{form}'", nearest(form, FORMATS))
        options = replace(options, mistakes=(*options.mistakes, wrong))
    with Status(given.flag("quiet")) as status:
        prepared = prepare(
            path, options, status.tell, needs_ticket=False, try_remedies=not given.flag("no_remedies")
        )
        drafts = prepared.drafts.drafts
        if given.flag("write"):
            refuse_without_ticket(prepared, "--write")
        shown = {"text": lambda: preview_of(prepared), "markdown": lambda: whole(drafts)}.get(
            form, lambda: export(form, drafts)
        )()
        deliver(shown, given.text("output"))
        if given.flag("write"):
            write_at_once(prepared)
            if prepared.pending and form == "text":
                Terminal(status).show(f"{len(prepared.pending)} files written.\n")
            tick_boxes(prepared_again(prepared), Terminal(status))
    return CRASH if prepared.audit.crashes else CLEAN
