"""Carry out an audit ticket: plan, review, audit, report, ticket preview, review, write.

At each review a person answers in the terminal (approve, edit, stop), or --approve plan and --approve tickets say so in
a script. An approval holds for exactly what was shown. Nothing is written before its review but the plan and the report,
beside the ticket."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_no_remedies, add_quiet
from trueup.cli.running import CLEAN, CRASH, Status, deliver
from trueup.errors import Mistake, UserError

GATES = ("plan", "tickets")


def declare(arguments: Arguments) -> None:
    arguments.argument("ticket", "", "an audit ticket (.md)")
    arguments.options("approve", "GATE", "plan or tickets: approve what is shown; may be given again")
    arguments.switch("write", "tick the audit ticket's criteria that are met, when the tickets are written")
    add_no_remedies(arguments)
    arguments.option("plan", "FILE", "the plan's file, where it is not beside the ticket")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments)
    add_quiet(arguments)


def command(given: Given) -> int:
    from trueup.cli.gates import Terminal, ticket_options
    from trueup.pipeline.ticket_run import run_ticket

    ticket, approvals = given.required("ticket"), given.texts("approve")
    mistakes = [
        Mistake("--approve", f"there is no gate '{gate}'", "plan or tickets")
        for gate in approvals
        if gate not in GATES
    ]
    if not ticket:
        mistakes.append(Mistake("", "an audit ticket is needed", "trueup run TICKET"))
    if mistakes:
        raise UserError(*given.mistakes, *mistakes)
    with Status(given.flag("quiet")) as status:
        finished = run_ticket(
            ticket,
            ticket_options(given),
            frozenset(approvals),
            Terminal(status),
            ticks=given.flag("write"),
            try_remedies=not given.flag("no_remedies"),
            plan_file=given.text("plan"),
            progress=status.tell,
        )
    if finished.left != "done":
        where = f" --plan {given.text('plan')}" if given.text("plan") else ""
        where += " --no-remedies" if given.flag("no_remedies") else ""
        word = "Stopped; nothing more was written." if finished.left == "stopped" else "Waiting for review."
        deliver(f"{word} Next: {finished.next_command}{where}\n", None)
    return CRASH if finished.prepared.audit.crashes else CLEAN
