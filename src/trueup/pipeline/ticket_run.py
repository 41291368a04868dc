"""`trueup run`: plan ▸ review ▸ audit ▸ report ▸ ticket preview ▸ review ▸ write. Nothing is written before its gate but the plan
and the report."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from typing import Literal, Protocol

from trueup.config import Options
from trueup.errors import Mistake, UserError
from trueup.model.tickets import Change
from trueup.pipeline.attempts import Progress, silent
from trueup.pipeline.ticketing import (
    Prepared,
    beside,
    file_change,
    leaving_out,
    plan_body,
    prepare,
    prepared_again,
    report_text,
    ticked,
    with_remedies,
    write,
)
from trueup.structs import Struct, replace
from trueup.tickets.review import Gate, PlanFile, plan_text, read_plan

Answer = Literal["approve", "edit", "stop"]
Left = Literal["waiting", "stopped", "done"]


class Reviewer(Protocol):
    """Who looks at what is shown: a person at a terminal, or nobody."""

    def show(self, text: str) -> None:
        """What is to be reviewed, or what has happened."""

    def ask(self, gate: Gate, details: Mapping[str, str]) -> Answer | None:
        """The answer of a person; None where there is none to ask. `details` are texts that can be looked at, by number."""

    def edit(self, text: str) -> str | None:
        """The text as the person left it, or None where it could not be edited."""


class Finished(Struct, frozen=True):
    """How the run ended. `next_command` is what to type where it waits."""

    left: Left
    prepared: Prepared
    next_command: str = ""


class PlanPlace(Struct, frozen=True):
    """Where the plan is: `folder` absolute, `name` in it; `shown` is what the user is told."""

    folder: str
    name: str
    shown: str


def plan_place(prepared: Prepared, output: str | None) -> PlanPlace:
    if output is not None:
        full = os.path.abspath(output)
        return PlanPlace(os.path.dirname(full), os.path.basename(full), output)
    path = beside(prepared, "plan")
    full = os.path.join(prepared.root, path)
    return PlanPlace(os.path.dirname(full), os.path.basename(full), path)


def make_plan(
    target: str, options: Options, output: str | None, progress: Progress = silent
) -> tuple[Prepared, PlanFile, PlanPlace]:
    """`trueup plan`: works the plan out and writes it. A plan that a person has edited stays as it is."""
    prepared = prepare(target, options, progress, try_remedies=False)
    place = plan_place(prepared, output)
    plan = current_plan(prepared, place)
    save_plan(prepared, place, plan)
    return prepared, plan, place


def current_plan(prepared: Prepared, place: PlanPlace) -> PlanFile:
    """The plan as it is to be reviewed: made anew, unless a person has edited the one that is there. Its record is kept."""
    from trueup.tickets.marks import digest

    full = os.path.join(place.folder, place.name)
    before = None
    if os.path.lexists(full):
        with open(full, encoding="utf-8", errors="replace", newline="") as file:
            before = read_plan(file.read())
        if before is None:
            raise UserError(
                Mistake(place.shown, "is there and no plan of Trueup's", "rename it, or give another file")
            )
    body = plan_body(prepared, command_for(prepared, "plan"))
    if before is not None and before.edited:
        return before
    made = PlanFile(body, digest(body), before.records if before else ())
    return made.adding("shown", "plan", made.digest, prepared.today)


def save_plan(prepared: Prepared, place: PlanPlace, plan: PlanFile) -> None:
    from trueup.tickets.writing import write_changes

    assert prepared.ticket is not None, "a plan is a ticket's"
    change = file_change(place.folder, place.name, plan_text(plan, prepared.ticket.path), "the plan")
    if change.action != "keep":
        write_changes(place.folder, [change], (), [place.name])


def command_for(prepared: Prepared, gate: Gate) -> str:
    """The next command to type, from the project's root."""
    assert prepared.ticket is not None, "only a ticket is run"
    return f"trueup run {shlex.quote(prepared.ticket.path)} --approve {gate}"


def run_ticket(
    target: str,
    options: Options,
    approvals: frozenset[str],
    reviewer: Reviewer,
    *,
    ticks: bool = False,
    try_remedies: bool = True,
    plan_file: str | None = None,
    progress: Progress = silent,
) -> Finished:
    """The whole ticket, as far as it is approved."""
    prepared = prepare(target, options, progress, try_remedies=False)
    place = plan_place(prepared, plan_file)
    plan = current_plan(prepared, place)
    plan, left = _review_plan(prepared, place, plan, approvals, reviewer)
    if left != "done":
        return Finished(left, prepared, command_for(prepared, "plan"))
    if try_remedies:
        prepared = with_remedies(prepared, progress)
    report = _write_report(prepared)
    reviewer.show(f"The report is in {report}.\n")
    if prepared.pending:
        prepared, left = _review_tickets(prepared, place, plan, approvals, reviewer)
        if left != "done":
            return Finished(left, prepared, command_for(prepared, "tickets"))
        write(prepared, prepared.pending)
        reviewer.show(f"{len(prepared.pending)} files written.\n")
        prepared = prepared_again(prepared)
        _write_report(prepared)
    else:
        reviewer.show(preview_of(prepared))
    if ticks:
        tick_boxes(prepared, reviewer)
    return Finished("done", prepared)


def write_at_once(prepared: Prepared) -> None:
    """`trueup tickets --write`: whoever asks for that approves what would be written; the plan's file says so, as after `run`."""
    if not prepared.pending:
        return
    place = plan_place(prepared, None)
    plan = current_plan(prepared, place)
    for deed in ("shown", "approved"):
        plan = plan.adding(deed, "tickets", prepared.digest, prepared.today)
    write(prepared, prepared.pending)
    save_plan(prepared, place, plan)


def tick_boxes(prepared: Prepared, reviewer: Reviewer) -> None:
    """Ticks what is met in the audit ticket, and nothing else."""
    change = ticked(prepared)
    if change is not None:
        write(prepared, [change], files=[change.path])
        count = sum(
            a != b
            for a, b in zip((change.before or "").split("\n"), (change.after or "").split("\n"), strict=True)
        )
        reviewer.show(f"{count} boxes ticked in {change.path}.\n")


def preview_of(prepared: Prepared) -> str:
    from trueup.tickets.preview import preview

    return preview(
        prepared.drafts.drafts, prepared.changes, prepared.folders, prepared.notes, prepared.digest
    )


def _write_report(prepared: Prepared) -> str:
    path = beside(prepared, "report")
    change: Change = file_change(prepared.root, path, report_text(prepared), "the report")
    write(prepared, [change], files=[path])
    return path


# The gates


def _review_plan(
    prepared: Prepared, place: PlanPlace, plan: PlanFile, approvals: frozenset[str], reviewer: Reviewer
) -> tuple[PlanFile, Left]:
    earlier = _shown_before(place, "plan")
    while True:
        approved = plan.approved("plan", plan.digest)
        save_plan(prepared, place, plan)
        if approved:
            reviewer.show(f"The plan in {place.shown} was approved on {approved.date} ({plan.digest}).\n")
            return plan, "done"
        reviewer.show(plan.body + f"\nThe plan is in {place.shown}; an approval holds for {plan.digest}.\n")
        if "plan" in approvals and earlier in ("", plan.digest):
            plan = plan.adding("approved", "plan", plan.digest, prepared.today)
            continue
        if "plan" in approvals:
            reviewer.show(
                f"Not approved: the plan has changed since it was shown ({earlier}). Review it, then approve it again.\n"
            )
            return plan, "waiting"
        answer = reviewer.ask("plan", {})
        if answer == "approve":
            plan = plan.adding("approved", "plan", plan.digest, prepared.today)
        elif answer == "edit":
            edited = reviewer.edit(plan.body)
            plan = replace(plan, body=edited.strip("\n") + "\n") if edited is not None else plan
            plan = plan.adding("shown", "plan", plan.digest, prepared.today)
        else:
            return plan, "waiting" if answer is None else "stopped"


def _shown_before(place: PlanPlace, gate: Gate) -> str:
    """The digest of what the file on disk says was shown last: the plan that a person has edited counts as shown to them."""
    full = os.path.join(place.folder, place.name)
    if not os.path.isfile(full):
        return ""
    with open(full, encoding="utf-8", errors="replace", newline="") as file:
        plan = read_plan(file.read())
    if plan is None:
        return ""
    return plan.digest if gate == "plan" and plan.edited else plan.shown(gate)


def _review_tickets(
    prepared: Prepared, place: PlanPlace, plan: PlanFile, approvals: frozenset[str], reviewer: Reviewer
) -> tuple[Prepared, Left]:
    from trueup.tickets.preview import choice_list, left_out

    earlier = plan.shown("tickets")
    while True:
        now = prepared.digest
        plan = plan.adding("shown", "tickets", now, prepared.today)
        approved = plan.approved("tickets", now) is not None
        if "tickets" in approvals and earlier in ("", now):
            approved = True
        reviewer.show(preview_of(prepared))
        if approved:
            save_plan(prepared, place, plan.adding("approved", "tickets", now, prepared.today))
            return prepared, "done"
        save_plan(prepared, place, plan)
        if "tickets" in approvals:
            reviewer.show(
                f"Not approved: the tickets have changed since they were shown ({earlier}). Review them, then approve them again.\n"
            )
            return prepared, "waiting"
        answer = reviewer.ask("tickets", {str(d.number): d.text for d in prepared.drafts.drafts})
        if answer == "approve":
            save_plan(prepared, place, plan.adding("approved", "tickets", now, prepared.today))
            return prepared, "done"
        if answer != "edit":
            return prepared, "waiting" if answer is None else "stopped"
        edited = reviewer.edit(choice_list(prepared.drafts.drafts, prepared.changes))
        if edited is not None:
            prepared = leaving_out(prepared, left_out(edited, prepared.drafts.drafts, prepared.changes))
