"""Make the task list of an audit ticket from what is really there, and wait for review.

The plan is written beside the ticket (1004-audit.plan.md) or to --output; then `trueup run` goes on from it."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_quiet
from trueup.cli.running import CLEAN, CRASH, Status, deliver
from trueup.errors import Mistake, UserError


def declare(arguments: Arguments) -> None:
    arguments.argument("ticket", "", "an audit ticket (.md)")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments)
    arguments.option("output", "FILE", "write the plan to this file instead of beside the ticket")
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.cli.gates import ticket_options
    from trueup.pipeline.ticket_run import command_for, make_plan

    ticket = given.required("ticket")
    if not ticket:
        raise UserError(*given.mistakes, Mistake("", "an audit ticket is needed", "trueup plan TICKET"))
    output = given.text("output")
    with Status(given.flag("quiet")) as status:
        prepared, plan, place = make_plan(ticket, ticket_options(given), output, status.tell)
    next_command = command_for(prepared, "plan") + (f" --plan {output}" if output else "")
    edited = " It has been edited by hand and was left as it is." if plan.edited else ""
    deliver(f"The plan is in {place.shown} ({plan.digest}).{edited}\nReview it, then: {next_command}\n", None)
    return CRASH if prepared.audit.crashes else CLEAN
